/* coverage_judge.h - hit, clean, weakened or blind: what an empty result means, for each rule and
 * each technique, over the evidence that was read.
 *
 * Verdicts are found per host, and rolled up: one host that records command lines does not hide
 * forty that do not. docs/coverage.md says how for people. */
#ifndef COVERAGE_COVERAGE_JUDGE_H
#define COVERAGE_COVERAGE_JUDGE_H

#include "coverage/recording.h"
#include "model/census.h"
#include "model/coverage.h"
#include "rules/sigma.h"
#include "rules/taxonomy.h"

/* Everything is borrowed and must outlive the answer. */
struct coverage_question {
    const struct rule_set *rules;
    const struct taxonomy *taxonomy;
    const struct field_dictionary *fields; /* by which `events` was made */
    const struct recordings *recordings;
    const struct census *events, *hours; /* model/event_kind.h; trimmed */
    const uint64_t *found;               /* findings by place in the rule set */
    enum level min_level;                /* rules below it are not judged */
};

/* Lists live in the arena; techniques have no names and no tactics yet. */
void coverage_judge(const struct coverage_question *question, struct arena *arena,
                    struct run_coverage *coverage);

#endif
