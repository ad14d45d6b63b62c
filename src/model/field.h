/* field.h - the field dictionary: every field name that some consumer asks for, as a small number.
 *
 * The dictionary is the interest set: consumers (rules, router, summaries) add the names they need
 * while the plan is built; it is then frozen and shared by all threads. A format resolves the names
 * it meets once per template, shape or header line, keeps the reference, and decodes only values
 * whose name has one. Names match as written; a name that differs only in (Unicode) case is a
 * fallback, used by the event where the exact name is absent, and counted (`sigma.md` row T5). */
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include "core/map.h"

#define FIELDS_MAX 8192
#define FIELD_NONE UINT16_MAX

/* What one name in an event serves: the field of exactly that name, and others that differ in case.
 */
struct field_ref {
    uint16_t exact; /* FIELD_NONE if no consumer writes it so */
    uint16_t fallback_count;
    const uint16_t *fallbacks;
};

struct field_dictionary {
    struct arena *arena; /* borrowed */
    struct map ids;      /* name -> id */
    struct map folded;   /* folded name -> index of its group */
    uint32_t count;
    struct str *names;        /* by id */
    struct field_ref *refs;   /* by id; set by fields_freeze */
    struct field_ref *groups; /* by group: what a name with no exact field serves */
    uint32_t group_count;
    bool frozen;
    bool all_values; /* some consumer looks at every value (keywords, indicators) */
};

void fields_init(struct field_dictionary *fields, struct arena *arena);
/* The id of `name`, added if new. Only before fields_freeze. ENSUREs count < FIELDS_MAX. */
uint16_t fields_add(struct field_dictionary *fields, struct str name);
/* Builds the references; nothing can be added any more. */
void fields_freeze(struct field_dictionary *fields);
/* FIELD_NONE if no consumer asked for exactly this name. */
uint16_t fields_find(const struct field_dictionary *fields, struct str name);
/* What an event's field of this name serves, or NULL: nobody wants it. */
const struct field_ref *fields_resolve(const struct field_dictionary *fields, struct str name);

#endif
