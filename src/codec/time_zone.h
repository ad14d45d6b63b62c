/* time_zone.h - from local time to UTC: a fixed offset, or a compiled zone of the IANA database
 * (TZif, RFC 8536, with the rule for later times at its end). */
#ifndef CODEC_TIME_ZONE_H
#define CODEC_TIME_ZONE_H

#include "core/arena.h"

struct time_transition {
    int64_t at_s; /* UTC */
    int32_t offset_s;
};

/* A day in the year and a time on it: "M3.5.0/2", "J60", "59". */
struct time_zone_day {
    char kind; /* M, J, or 0: days from 0 */
    uint16_t day, month, week, weekday;
    int32_t time_s;
};

struct time_zone {
    struct str name;        /* as the user wrote it */
    int32_t first_offset_s; /* before the first transition; of a fixed offset: always */
    uint32_t count;
    const struct time_transition *transitions;
    bool has_rule; /* behind the last transition */
    int32_t standard_s, summer_s;
    bool has_summer;
    struct time_zone_day start, end; /* of summer time */
};

/* "UTC", "Z", "+09:00", "-0330", "+9". False if it is no offset. `text` is kept. */
MUST_USE bool time_zone_from_offset(struct str text, struct time_zone *zone);
/* The bytes of a TZif file. False if they are none. Everything but the name lives in `arena`. */
MUST_USE bool time_zone_from_file(struct str bytes, struct arena *arena, struct time_zone *zone);

/* A local time, given as if it were UTC. Where the clock was put back, the first of the two; where
 * it jumped over a time, that time by the clock before. False: does not
 * fit. */
MUST_USE bool time_zone_to_utc(const struct time_zone *zone, int64_t local_ns, int64_t *time_ns);

#endif
