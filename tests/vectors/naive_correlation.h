/* naive_correlation.h - a second opinion on correlations: each judgement looks at all matches
 * again. Shares nothing with analytics/ but the correlation as it was loaded. */
#ifndef NAIVE_NAIVE_CORRELATION_H
#define NAIVE_NAIVE_CORRELATION_H

#include "rules/sigma.h"

struct timed_match {
    uint32_t rule;   /* index in the set */
    bool is_finding; /* of the rule's correlation */
    int64_t time_ns;
    uint64_t number; /* of the event; matches of one time are ordered by it */
    struct str host;
    const struct str *values; /* as sigma_rule.asked; .at NULL: missing */
};

struct timed_finding {
    struct timed_match match; /* as correlations over it see it: time and number of what completed
                                 it */
    int64_t first_ns, last_ns;
    uint64_t count;
    const struct str *group;
};

struct timed_findings {
    struct timed_finding *at;
    uint32_t count, capacity;
};

#define TIMED_FINDINGS_MAX 4096

/* All findings of all correlations, in order of time, number, rule and group. `matches` are in
 * order of time and number; lists live in `arena`. */
void naive_correlate(const struct rule_set *set, const struct timed_match *matches, uint32_t count,
                     struct arena *arena, struct timed_findings *findings);
/* The same by analytics/. `memory`: of each depth. Answers how many groups were let go. */
uint64_t state_correlate(const struct rule_set *set, const struct timed_match *matches,
                         uint32_t count, size_t memory, struct arena *arena,
                         struct timed_findings *findings);

/* ---- shared by both ---- */

void timed_findings_add(struct timed_findings *findings, struct arena *arena,
                        const struct timed_finding *finding);
void timed_findings_sort(struct timed_findings *findings, const struct rule_set *set);
/* Matches, and the findings so far, in order of time and number. */
struct timed_match *timed_merge(const struct timed_match *matches, uint32_t count,
                                const struct timed_findings *findings, struct arena *arena,
                                uint32_t *merged);

#endif
