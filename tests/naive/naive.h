/* naive.h - a second opinion on rules: slow, and correct by reading.
 *
 * It walks the tree of a rule's detection over the event's fields by name, once for each taxonomy
 * entry that serves the rule and holds for the event. It shares no code with plan and matcher:
 * string patterns, nets, numbers and derived fields are its own. */
#ifndef NAIVE_NAIVE_H
#define NAIVE_NAIVE_H

#include "model/event.h"
#include "rules/sigma.h"
#include "rules/taxonomy.h"

struct naive;

/* Adds every name that rules, mappings and tests of the taxonomy read. Before fields_freeze. */
void naive_add_fields(const struct rule_set *set, const struct taxonomy *taxonomy,
                      struct field_dictionary *fields);

/* The taxonomy is borrowed. */
struct naive *naive_new(const struct taxonomy *taxonomy);
void naive_free(struct naive *naive); /* accepts NULL */

/* Before the first naive_matches of each event: which entries hold for it. */
void naive_begin(struct naive *naive, struct event *event);
/* Whether a rule matches the event of the last naive_begin. Only RULE_LOADED rules do. */
bool naive_matches(struct naive *naive, const struct sigma_rule *rule, struct event *event);
/* Expressions that reached a limit: their answer counts as "no". */
uint64_t naive_gave_up(const struct naive *naive);

/* ---- naive_text.c: texts as characters ---- */

struct characters {
    uint32_t *at; /* owned */
    size_t count;
};

/* Characters of `text`, each folded unless `cased`. */
struct characters characters_new(struct str text, bool cased);
void characters_free(struct characters *text);

bool naive_glob(const struct glob *glob, const struct characters *text);
bool naive_fieldref(enum fieldref_op op, const struct characters *text,
                    const struct characters *other);
bool naive_in_net(const struct cidr *net, struct str text);
bool naive_compare(const struct predicate *predicate, struct str text);

#endif
