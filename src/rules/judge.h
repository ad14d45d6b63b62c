/* judge.h - a second opinion on rules: slow, and correct by reading.
 *
 * It walks the tree of a rule's detection over the event's fields by name, once for each taxonomy
 * entry that serves the rule and holds for the event. It shares no code with plan and matcher:
 * string patterns, numbers and derived fields are its own. `rules explain` tells what it answers,
 * and tests hold the matcher against it. */
#ifndef RULES_JUDGE_H
#define RULES_JUDGE_H

#include "model/event.h"
#include "rules/sigma.h"
#include "rules/taxonomy.h"

struct judge;

/* Adds every name that rules, mappings and tests of the taxonomy read. Before fields_freeze. */
void judge_add_fields(const struct rule_set *set, const struct taxonomy *taxonomy,
                      struct field_dictionary *fields);

/* The taxonomy is borrowed. */
struct judge *judge_new(const struct taxonomy *taxonomy);
void judge_free(struct judge *judge); /* accepts NULL */

/* Before anything is asked about an event: which entries hold for it. The event must stay as it
 * is until the next judge_begin. */
void judge_begin(struct judge *judge, struct event *event);
/* Whether a rule matches that event. Only RULE_LOADED rules do. */
bool judge_matches(struct judge *judge, const struct sigma_rule *rule);
/* What that event has under a rule's name of a field, for a rule that matches it: several values
 * as a JSON list; .at is NULL where it has nothing. Lives in the arena or until judge_begin. */
struct str judge_value(struct judge *judge, const struct sigma_rule *rule, struct str name,
                       struct arena *arena);
/* Whether a condition holds for that event, under its own names of fields. */
bool judge_condition(struct judge *judge, const struct expression *condition);
/* Expressions that reached a limit: their answer counts as "no". */
uint64_t judge_gave_up(const struct judge *judge);

/* ---- the same in parts, for explanations ---- */

/* Whether an entry, by its place in the taxonomy, holds for the event. */
bool judge_holds(const struct judge *judge, uint32_t entry);
/* Whether the event is of the kind and format that an entry asks for. */
bool judge_takes(const struct judge *judge, const struct taxonomy_entry *entry);
/* Whether one of an entry's tests passes. */
bool judge_entry_test(struct judge *judge, const struct taxonomy_test *test);

struct judged_test {
    bool passes;
    bool gave_up; /* an expression reached a limit: nobody can tell */
    /* What the event has under the name; of keywords only what passed. The list is in the arena,
     * the texts are valid until the next judge_begin. */
    struct value *values;
    uint32_t value_count;
    uint32_t which; /* the value that passed; JUDGED_NONE: none, or a missing one did */
};

#define JUDGED_NONE UINT32_MAX

/* One predicate, under the names of an entry (NULL: the rule's own names). */
struct judged_test judge_test(struct judge *judge, const struct taxonomy_entry *entry,
                              const struct predicate *predicate, struct arena *arena);

#endif
