/* observe.h - what a run could have seen, told with the parts that were read: kinds of events and
 * which fields they ever filled, and how many events each hour had.
 *
 * Everything is census (model/census.h): the same for any number of threads. */
#ifndef ENGINE_OBSERVE_H
#define ENGINE_OBSERVE_H

#include "model/census.h"
#include "rules/plan.h"

struct observations {
    /* Key: host, channel, provider, event id, format, 1 byte whether a Windows record, taxonomy
     * entries that hold (words of 64 bits). Bits: fields that had a value, by id. */
    struct census events;
    /* Key: host, channel (format where there is none), hours since 1970 with the sign bit
     * inverted. Numbers: record ids. */
    struct census hours;
};

#define OBSERVED_HOUR_NS (3600 * INT64_C(1000000000))

void observations_init(struct observations *observations, const struct field_dictionary *fields);
void observations_free(struct observations *observations); /* a zeroed one, too */
void observations_reset(struct observations *observations);
/* Appends them for another process; takes them again: false if it is not that. */
void observations_encode(struct observations *observations, struct buf *out);
MUST_USE bool observations_decode(struct observations *observations, struct str bytes);

/* An event's kind, as it stands in the key. */
struct event_kind {
    struct str host, channel, provider, event_id, format;
    bool windows;
    uint64_t entries[CENSUS_KEY_BYTES_MAX / 16];
    uint32_t words;
};

/* Takes a key apart; false if it is none. */
MUST_USE bool event_kind_of(struct str key, struct event_kind *kind);

/* ---- one thread's ---- */

struct observer;

struct observer *observer_new(const struct field_dictionary *fields);
void observer_free(struct observer *observer); /* accepts NULL */
/* An event that was judged; `route` is what the matcher says of it. */
void observer_take(struct observer *observer, const struct event *event, struct event_route route);
/* What was seen since the last time, as bytes that are valid until the next one. */
struct str observer_tell(struct observer *observer);

#endif
