/* coverage_priv.h - between the parts of the judgement. Private to coverage/. */
#ifndef COVERAGE_COVERAGE_PRIV_H
#define COVERAGE_COVERAGE_PRIV_H

#include "core/map.h"
#include "coverage/coverage_judge.h"
#include "coverage/reach.h"
#include "model/event_kind.h"

/* What would help, and whom. */
struct need {
    struct str text;
    uint32_t rules, hosts, last_rule;
    struct map techniques;
};

struct needs {
    struct arena *arena;
    struct map texts; /* -> index */
    struct need *at;
    uint32_t count, capacity;
};

void needs_init(struct needs *needs, struct arena *arena);
/* A rule would see more on so many hosts. */
void needs_add(struct needs *needs, struct str text, uint32_t rule, uint32_t hosts,
               const struct sigma_rule *sigma);
void needs_report(struct needs *needs, struct run_coverage *coverage);

/* rollup.c: from rules to techniques; sorts the rules. */
void coverage_roll_up(struct run_coverage *coverage, struct arena *arena);
/* logs.c: sources, and the gaps in them. */
void coverage_find_gaps(const struct coverage_question *question, struct arena *arena,
                        struct run_coverage *coverage);

#endif
