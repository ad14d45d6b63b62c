/* summaries.h - tables of what was read and found: from the census of events, and from findings as
 * they come. Memory is bounded: of too many keywords the later ones are only counted. */
#ifndef ANALYTICS_SUMMARIES_H
#define ANALYTICS_SUMMARIES_H

#include "analytics/logon_graph.h"
#include "model/summary.h"

/* ---- keywords ---- */

struct keywords;

struct keywords *keywords_new(void);
void keywords_free(struct keywords *keywords); /* accepts NULL */
void keywords_take(struct keywords *keywords, const struct finding *finding);

/* ---- all of them ---- */

struct summaries_question {
    const bool *asked;               /* by kind */
    const struct census *events;     /* model/event_kind.h; trimmed */
    const struct estate_host *hosts; /* what was found on them */
    uint32_t host_count;
    const struct keywords *keywords; /* NULL: none were taken */
};

/* Lists live in the arena; texts are borrowed from the question. */
void summaries_make(const struct summaries_question *question, struct arena *arena,
                    struct run_summaries *summaries);

#endif
