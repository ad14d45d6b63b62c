/* correlator.h - correlations over matches, in the order of their times.
 *
 * A state machine: matches go in, one by one, findings come out. It evaluates the correlations of
 * one depth; those over them are evaluated by another one, which gets the matches again and the
 * findings of the ones below, in one order of time. Judged is at the times of matches, after all
 * that have one time: what matches at the same time has no order. docs/sigma.md says what is a
 * finding.
 *
 * Memory holds, for each group (one combination of group-by values of one correlation), what lies
 * within the timespan. Groups whose time is over go by themselves; beyond the limit those go that
 * were untouched for longest, and are counted: of what they would have shown nobody can tell. */
#ifndef ANALYTICS_CORRELATOR_H
#define ANALYTICS_CORRELATOR_H

#include "core/buf.h"
#include "rules/sigma.h"

struct correlation_place {
    uint32_t file; /* the caller's number */
    uint64_t number, offset;
};

struct correlation_match {
    uint32_t rule;   /* index in the set */
    bool is_finding; /* of the rule's correlation; else an event that the rule matched */
    int64_t time_ns;
    struct correlation_place place;
    struct str host;
    const struct str *values; /* as sigma_rule.asked; .at NULL: missing */
};

struct correlated_event {
    uint32_t rule; /* index in the set */
    int64_t time_ns;
    struct correlation_place place;
};

#define CORRELATED_EVENTS_MAX 20 /* that are listed of a finding */

/* Texts are valid during the call. */
struct correlation_finding {
    uint32_t rule;                  /* index in the set: the correlation's */
    int64_t time_ns;                /* of the event that completed it */
    struct correlation_place place; /* the same */
    int64_t first_ns, last_ns;
    uint64_t count;           /* matches that took part */
    struct str host;          /* that all of them have; may be empty */
    const struct str *group;  /* by group-by */
    const struct str *values; /* as sigma_rule.asked: what those share that completed it; .at NULL:
                                 nothing */
    const struct str *shared; /* the same, of all that took part */
    const struct correlated_event *events; /* the first ones */
    uint32_t event_count;
    double measured; /* what was compared; for percentiles nothing */
    bool let_go;     /* it may have gone on: its group was let go */
};

struct correlator_sink {
    void *context;
    void (*take)(void *context, const struct correlation_finding *finding);
};

struct correlator_counts {
    uint64_t matches;        /* taken by a correlation, each as often as one takes it */
    uint64_t without_field;  /* left out: a field of group-by was missing */
    uint64_t without_value;  /* left out: the value that is counted was missing or no number */
    uint64_t groups;         /* that were begun */
    uint64_t groups_let_go;  /* for want of memory, while their time was not over */
    uint64_t matches_let_go; /* that they held */
    size_t memory_max;       /* bytes in use, at most */
};

struct correlator;

/* For the correlations of `set` that are loaded and of this depth; `memory`: bytes, about. The set
 * must outlive it. */
struct correlator *correlator_new(const struct rule_set *set, uint32_t depth, size_t memory,
                                  const struct correlator_sink *sink);
void correlator_free(struct correlator *correlator); /* accepts NULL */
/* Whether any correlation of this depth takes matches of the rule. */
bool correlator_wants(const struct correlator *correlator, uint32_t rule, bool is_finding);
/* Times must not go back. */
void correlator_take(struct correlator *correlator, const struct correlation_match *match);
/* After the last match: what is under way comes to its end. */
void correlator_end(struct correlator *correlator);
const struct correlator_counts *correlator_counts(const struct correlator *correlator);

/* One sentence: what held, and what was asked. */
void correlation_explain(const struct correlation *correlation, double measured, struct buf *out);

#endif
