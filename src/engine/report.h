/* report.h - the account of a run as its outputs show it. */
#ifndef ENGINE_REPORT_H
#define ENGINE_REPORT_H

#include "analytics/summaries.h"
#include "engine/ledger.h"
#include "model/finding.h"

/* Fills everything but the times of the run; lists live in `arena` or are borrowed. */
void report_fill(struct run_report *report, struct evidence *evidence, struct ledger *ledger,
                 struct knowledge *knowledge, struct arena *arena);

/* The summaries that were asked for, behind report_fill. `keywords` may be NULL. */
void report_summaries(struct run_report *report, struct ledger *ledger, const bool *asked,
                      const struct keywords *keywords, struct arena *arena);

/* A spooled sighting as a finding, which says so if the run is partial. `facts`: of the event,
 * for all its findings; borrowed. Texts live in its arena. */
void report_finding(const struct subjects *subjects, const struct sighting *sighting, bool partial,
                    struct event_facts *facts, struct finding *finding);

#endif
