/* event_kind.h - keys of a census of events (census.h): by kind, and by hour. */
#ifndef MODEL_EVENT_KIND_H
#define MODEL_EVENT_KIND_H

#include "core/arena.h"
#include "model/census.h"

/* Events that rules cannot tell apart but for their fields. Texts are cut behind
 * CENSUS_NAME_BYTES_MAX. */
struct event_kind {
    struct str host, channel, provider, event_id, format;
    bool windows;            /* Windows event records */
    const uint64_t *entries; /* bits by place in the taxonomy: entries with rules that hold */
    uint32_t words;
};

void event_kind_write(const struct event_kind *kind, struct buf *key);
/* Takes a key apart: texts point into it, `entries` lives in the arena. False if it is none. */
MUST_USE bool event_kind_read(struct str key, struct arena *arena, struct event_kind *kind);

#define EVENT_HOUR_NS (3600 * INT64_C(1000000000))

struct event_hour {
    struct str host;
    struct str source; /* the channel; the format where there is none */
    int64_t hour;      /* since 1970 */
};

int64_t event_hour_of(int64_t time_ns);
void event_hour_write(const struct event_hour *hour, struct buf *key);
MUST_USE bool event_hour_read(struct str key, struct event_hour *hour);

#endif
