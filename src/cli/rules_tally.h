/* rules_tally.h - rules counted by what they have in common: for the verbs that sum up. */
#ifndef CLI_RULES_TALLY_H
#define CLI_RULES_TALLY_H

#include "core/map.h"
#include "engine/knowledge.h"

struct tally_row {
    struct str name;
    uint32_t count; /* of all that was added under the name */
    uint32_t levels[LEVEL_COUNT];
    uint32_t idle; /* those among them that cannot fire; they count under no level */
};

struct tally_rows {
    struct arena *arena; /* borrowed */
    struct map names;
    struct tally_row *at;
    uint32_t count, max;
};

/* Loaded, inert, refused or unmapped: no event can reach it. */
const char *rules_state(const struct knowledge *knowledge, const struct sigma_rule *rule);
/* "process_creation/windows", of what it states. */
struct str rules_source(struct arena *arena, const struct log_source *source);

void tally_rows_init(struct tally_rows *rows, struct arena *arena);
/* One more under the name, which is borrowed. */
struct tally_row *tally_rows_add(struct tally_rows *rows, struct str name);
/* The same for a rule. */
void tally_rows_add_rule(struct tally_rows *rows, struct str name,
                         const struct knowledge *knowledge, const struct sigma_rule *rule);
void tally_rows_sort(struct tally_rows *rows, bool count_first); /* then by name */

#endif
