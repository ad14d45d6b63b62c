/* event_kind.c - see event_kind.h. */
#include "model/event_kind.h"

#define SIGN ((uint64_t)1 << 63) /* inverted: keys are in the order of their hours */

void event_kind_write(const struct event_kind *kind, struct buf *key)
{
    census_key_add(key, kind->host);
    census_key_add(key, kind->channel);
    census_key_add(key, kind->provider);
    census_key_add(key, kind->event_id);
    census_key_add(key, kind->format);
    buf_add_char(key, (char)kind->windows);
    for (uint32_t i = 0; i < kind->words; i++)
        census_key_add_u64(key, kind->entries[i]);
}

bool event_kind_read(struct str key, struct arena *arena, struct event_kind *kind)
{
    struct cursor in = cursor_over_str(key);

    *kind = (struct event_kind){.host = census_key_take(&in),
                                .channel = census_key_take(&in),
                                .provider = census_key_take(&in),
                                .event_id = census_key_take(&in),
                                .format = census_key_take(&in),
                                .windows = cursor_u8(&in) != 0};
    if (in.failed || cursor_left(&in) % 8 != 0)
        return false;
    kind->words = (uint32_t)(cursor_left(&in) / 8);
    uint64_t *entries = ARENA_ARRAY(arena, uint64_t, kind->words);
    for (uint32_t i = 0; i < kind->words; i++)
        entries[i] = census_key_take_u64(&in);
    kind->entries = entries;
    return true;
}

int64_t event_hour_of(int64_t time_ns)
{
    return time_ns / EVENT_HOUR_NS - (time_ns % EVENT_HOUR_NS < 0);
}

void event_hour_write(const struct event_hour *hour, struct buf *key)
{
    census_key_add(key, hour->host);
    census_key_add(key, hour->source);
    census_key_add_u64(key, (uint64_t)hour->hour ^ SIGN);
}

bool event_hour_read(struct str key, struct event_hour *hour)
{
    struct cursor in = cursor_over_str(key);

    hour->host = census_key_take(&in);
    hour->source = census_key_take(&in);
    hour->hour = (int64_t)(census_key_take_u64(&in) ^ SIGN);
    return !in.failed && cursor_left(&in) == 0;
}
