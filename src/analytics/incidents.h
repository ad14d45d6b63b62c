/* incidents.h - findings that belong together, as incidents with a story.
 *
 * Findings of medium level and above are joined if they are on the same host within
 * INCIDENT_HOST_NS of each other, if they share an account or address within INCIDENT_SHARED_NS,
 * or, where a log names no host, if they share a technique within INCIDENT_NEAR_NS. Memory is
 * bounded: of too many incidents those that score least are let go, and counted. */
#ifndef ANALYTICS_INCIDENTS_H
#define ANALYTICS_INCIDENTS_H

#include "attack/technique.h"
#include "model/incident.h"

#define INCIDENT_HOST_NS (INT64_C(4) * 3600 * 1000000000)
#define INCIDENT_NEAR_NS (INT64_C(15) * 60 * 1000000000)
#define INCIDENT_SHARED_NS (INT64_C(24) * 3600 * 1000000000)

struct incidents;

/* Techniques are borrowed. */
struct incidents *incidents_new(const struct techniques *techniques);
void incidents_free(struct incidents *incidents); /* accepts NULL */
/* The next finding, in order of time. */
void incidents_take(struct incidents *incidents, const struct finding *finding);
/* After the last one; everything lives in the arena. */
void incidents_report(struct incidents *incidents, struct arena *arena,
                      struct run_incidents *report);

#endif
