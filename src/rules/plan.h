/* plan.h - all rules compiled into one thing to match events with.
 *
 * Loading normalises every predicate and keeps each distinct one once; whole values, prefixes and
 * suffixes go into tables per field, substrings and expressions into one automaton per field; every
 * rule is indexed under predicates of which one must be true if the rule is. An event costs what it
 * weighs and what it matches, not how many rules are loaded.
 *
 * A rule is compiled once per distinct field mapping among the taxonomy entries that serve it (a
 * variant): process_creation on Sysmon 1 and on Security 4688 are two variants of one rule, which
 * still reports once per event. The plan is immutable after plan_build and shared by all threads;
 * each thread has a matcher. Nothing in it points out of the arena of its rules, taxonomy and
 * fields (if they share one), not even to texts in the program: all of it can be written to a file
 * and mapped again.
 */
#ifndef RULES_PLAN_H
#define RULES_PLAN_H

#include "core/buf.h"
#include "model/event.h"
#include "rules/sigma.h"
#include "rules/taxonomy.h"

struct plan;

struct plan_statistics {
    uint32_t rules;    /* loaded rules that some taxonomy entry serves */
    uint32_t unserved; /* loaded rules whose log source no entry serves */
    uint32_t variants;
    uint32_t predicates; /* distinct */
    uint32_t fields;
    uint32_t automata;
    uint32_t patterns; /* in automata */
    uint32_t always;   /* variants that no predicate can gate */
};

/* What a plan may take of the arena of its rules. */
#define PLAN_BYTES_MAX ((size_t)4 << 30)

/* Builds from the loaded rules of `set`, in its arena, and owns nothing. A rule that cannot be
 * compiled (an expression PCRE2 refuses) becomes RULE_REFUSED with its reason. Field names are
 * added to `fields`, which is frozen by this call (callers add theirs before). Rules, taxonomy and
 * fields are borrowed and must outlive the plan. */
struct plan *plan_build(struct rule_set *set, const struct taxonomy *taxonomy,
                        struct field_dictionary *fields);
/* What a plan's automata depend on besides the rules; valid until it is asked for again. */
struct str plan_platform(void);
const struct plan_statistics *plan_statistics(const struct plan *plan);
/* One thread's working state. Not shared. */
struct matcher;

struct matcher *matcher_new(const struct plan *plan);
void matcher_free(struct matcher *matcher); /* accepts NULL */

struct matcher_counts {
    uint64_t events;     /* that were judged */
    uint64_t unrouted;   /* events that no taxonomy entry with rules holds for */
    uint64_t gave_up;    /* expressions that reached a limit: "cannot tell" */
    uint64_t candidates; /* rules evaluated */
};
const struct matcher_counts *matcher_counts(const struct matcher *matcher);

/* Judges one event; returns how many rules matched, and the rules in *hits (valid until the next
 * call), ordered by their place in the rule set. */
uint32_t matcher_run(struct matcher *matcher, struct event *event,
                     const struct sigma_rule *const **hits);

/* What the event of the last matcher_run is to rules. */
struct event_route {
    uint64_t serial;         /* one matcher gives the same only to events that are equal in Channel,
                      * Provider_Name, EventID, format and entries */
    const uint64_t *entries; /* bits by place in the taxonomy: entries with rules that hold for it;
                              * valid until the next matcher_run */
    uint32_t words;
};
struct event_route matcher_route(const struct matcher *matcher);

/* What one rule cost by itself. The search of an event's values is shared by all rules, and a
 * test that several rules ask for is computed for the first of them. */
struct rule_costs {
    uint64_t judged;   /* events at which it was looked at: some test woke it, or nothing can */
    uint64_t tests;    /* asked for */
    uint64_t computed; /* of these: not known already */
    uint64_t matched;
    uint64_t ns;
    uint64_t last_event; /* while counting */
};

struct shared_costs {
    uint64_t events;
    uint64_t shared_ns; /* routing and searching, for all rules together */
};

/* Where to count, each borrowed; filled with zeros by the caller. */
struct matcher_costs {
    struct rule_costs *rules; /* by place in the rule set */
    struct shared_costs *all;
    uint64_t (*now_ns)(void);
    uint64_t clock_ns; /* that pass while it is asked; left out */
};

/* From here on every matcher_run is counted and timed. */
void matcher_measure(struct matcher *matcher, const struct matcher_costs *costs);

/* For a rule that matched the event of the last matcher_run: calls `visit` for each field whose
 * predicate was true on the way to the match (not under a negation), with the event's value and the
 * predicate. Slow path. */
void matcher_explain(struct matcher *matcher, struct event *event, const struct sigma_rule *rule,
                     void (*visit)(void *context, const struct predicate *predicate,
                                   struct str rule_field, struct value value),
                     void *context);
/* Whether a condition holds for the event of the last matcher_run, under the field mapping by which
 * `rule` matched it; the plan must know the condition as one of the rule's suppressions. False
 * where a regular expression gave up. Slow path. */
bool matcher_holds(struct matcher *matcher, struct event *event, const struct sigma_rule *rule,
                   const struct expression *condition);

/* For a rule that matched the event of the last matcher_run: what the event has in the fields of
 * rule->asked, in their order; .at is NULL where it has nothing. Texts live in the event. */
void matcher_asked(struct matcher *matcher, struct event *event, const struct sigma_rule *rule,
                   struct str *values);

#endif
