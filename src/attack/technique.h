/* technique.h - the techniques of ATT&CK: what an id is called, and to which tactics it belongs.
 *
 * Read from share/attack, in YAML; its form is at the top of enterprise.yml. */
#ifndef ATTACK_TECHNIQUE_H
#define ATTACK_TECHNIQUE_H

#include "core/err.h"
#include "core/map.h"
#include "model/finding.h"

struct technique {
    struct str id;           /* "T1505.003" */
    struct str name;         /* "Web Shell" */
    struct str_list tactics; /* "persistence", in the order of the matrix */
};

/* Everything lives in the arena. */
struct techniques {
    struct arena *arena; /* borrowed */
    struct map ids;
    struct technique *at;
    uint32_t count;
    struct str_list tactics; /* all of them, in the order of the matrix */
};

void techniques_init(struct techniques *techniques, struct arena *arena);
/* Reads the one file; refuses it whole, with line and reason. `yaml` may go away. */
MUST_USE enum err techniques_read(struct techniques *techniques, struct str yaml, struct why *why);
/* NULL: no such technique. */
const struct technique *technique_find(const struct techniques *techniques, struct str id);

#endif
