/* correlate.h - correlations over everything that was found, once all evidence is read.
 *
 * Depth by depth: the matches in order of time go through a state machine (analytics/correlator.h),
 * and what it finds stands in a spool of its own; correlations over these get both. */
#ifndef ENGINE_CORRELATE_H
#define ENGINE_CORRELATE_H

#include "engine/ledger.h"
#include "model/run_report.h"
#include "rules/correlation.h"

struct correlations {
    struct spool *spools[CORRELATION_CHAIN_MAX]; /* owned; findings by depth */
    uint32_t depths;                             /* 0: no correlation is loaded */

    /* Matches that were left out, each as often as a correlation takes it: */
    uint64_t untimed;       /* their events have no time */
    uint64_t untold;        /* the worker did not tell their values */
    uint64_t without_field; /* of a field of group-by the event has nothing */
    uint64_t without_value; /* of the field that is counted it has nothing, or no number */
    /* For want of memory, while their time was not over: */
    uint64_t groups_let_go, matches_let_go;
};

struct correlate_options {
    size_t memory; /* bytes: of the state of one depth, and of the findings of each */
    const char *temp;
    bool (*stop)(void *context);
    void *context;
};

/* After the worker's end; the ledger's spool is read. */
MUST_USE enum err correlate(struct correlations *correlations, const struct ledger *ledger,
                            const struct correlate_options *options);
/* What could not be correlated. */
void correlations_report(const struct correlations *correlations, struct run_report *report);
void correlations_free(struct correlations *correlations);

#endif
