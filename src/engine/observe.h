/* observe.h - what a run could have seen, told with the parts that were read: kinds of events and
 * which fields they ever filled, and how many events each hour had.
 *
 * Everything is census (model/census.h): the same for any number of threads. */
#ifndef ENGINE_OBSERVE_H
#define ENGINE_OBSERVE_H

#include "model/event_kind.h"
#include "rules/plan.h"

struct observations {
    struct census events;   /* by event_kind. Bits: fields that had a value, by id */
    struct census hours;    /* by event_hour. Numbers: record ids */
    struct census logons;   /* by logon_key (analytics/logon_graph.h) */
    struct census sessions; /* by session_key (analytics/session.h), a row for each event */
};

void observations_init(struct observations *observations, const struct field_dictionary *fields);
void observations_free(struct observations *observations); /* a zeroed one, too */
void observations_reset(struct observations *observations);
/* Appends them for another process; takes them again: false if it is not that. */
void observations_encode(struct observations *observations, struct buf *out);
MUST_USE bool observations_decode(struct observations *observations, struct str bytes);

/* ---- one thread's ---- */

struct observer;

struct observer *observer_new(const struct field_dictionary *fields);
void observer_free(struct observer *observer); /* accepts NULL */
/* An event that was judged; `route` is what the matcher says of it. */
void observer_take(struct observer *observer, const struct event *event, struct event_route route);
/* What was seen since the last time, as bytes that are valid until the next one. */
struct str observer_tell(struct observer *observer);

#endif
