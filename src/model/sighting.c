/* sighting.c - encoding, decoding and ordering of matches. */
#include "model/sighting.h"

#include <string.h>

#define MATCHED_MAX 65536u

/* Bytes of each part without its texts. */
#define SHARED_BYTES (4 * 8 + 1 + 5 * 4)
#define RULE_BYTES (8 + 3 * 4)
#define MATCHED_BYTES (4 + 1 + 4)
#define ASKED_BYTES (1 + 4)
#define COMBINED_BYTES (3 * 8 + 4)
#define COMBINED_EVENT_BYTES (3 * 8 + 1 + 4 * 4)

/* In the flags; the kind stands between them. */
#define HAS_TIME 1u
#define IS_LINE 2u
#define KIND_SHIFT 2
#define KIND_MASK 7u
#define COMBINED 32u

/* In the number of matched fields. */
#define SUPPRESSED (1u << 31) /* the entry's number follows */
#define ASKED (1u << 30)      /* so do values that correlations want */

static char *put_u32(char *to, uint32_t value)
{
    to[0] = (char)(uint8_t)value;
    to[1] = (char)(uint8_t)(value >> 8);
    to[2] = (char)(uint8_t)(value >> 16);
    to[3] = (char)(uint8_t)(value >> 24);
    return to + 4;
}

static char *put_u64(char *to, uint64_t value)
{
    return put_u32(put_u32(to, (uint32_t)value), (uint32_t)(value >> 32));
}

static char *put_str(char *to, struct str s)
{
    to = put_u32(to, (uint32_t)s.len);
    if (s.len)
        memcpy(to, s.at, s.len);
    return to + s.len;
}

static size_t rule_size(const struct sighting *sighting)
{
    size_t size = RULE_BYTES + sighting->rule_id.len + sighting->why.len;

    if (sighting->suppressed)
        size += 4;
    if (sighting->asked_count)
        size += 4;
    for (uint32_t i = 0; i < sighting->asked_count; i++)
        size += ASKED_BYTES + sighting->asked[i].len;
    for (uint32_t i = 0; i < sighting->matched_count; i++)
        size += MATCHED_BYTES + sighting->matched[i].name.len + sighting->matched[i].value.text.len;
    return size;
}

static size_t combined_size(const struct combined *combined)
{
    size_t size = COMBINED_BYTES;

    for (uint32_t i = 0; i < combined->event_count; i++) {
        const struct combined_event *event = &combined->events[i];
        size += COMBINED_EVENT_BYTES + event->id.len + event->title.len + event->path.len +
                event->format.len;
    }
    return size;
}

static char *put_combined(char *to, const struct combined *combined)
{
    to = put_u64(to, (uint64_t)combined->first_ns);
    to = put_u64(to, (uint64_t)combined->last_ns);
    to = put_u64(to, combined->count);
    to = put_u32(to, combined->event_count);
    for (uint32_t i = 0; i < combined->event_count; i++) {
        const struct combined_event *event = &combined->events[i];
        to = put_u64(to, (uint64_t)event->time_ns);
        *to++ = event->is_line;
        to = put_u64(to, event->number);
        to = put_u64(to, event->offset);
        to = put_str(to, event->id);
        to = put_str(to, event->title);
        to = put_str(to, event->path);
        to = put_str(to, event->format);
    }
    return to;
}

static char *put_rule(char *to, const struct sighting *sighting)
{
    to = put_u64(to, sighting->rule_key);
    to = put_str(to, sighting->rule_id);
    to = put_str(to, sighting->why);
    to = put_u32(to, sighting->matched_count | (sighting->suppressed ? SUPPRESSED : 0) |
                         (sighting->asked_count ? ASKED : 0));
    if (sighting->suppressed)
        to = put_u32(to, sighting->suppressed);
    if (sighting->asked_count)
        to = put_u32(to, sighting->asked_count);
    for (uint32_t i = 0; i < sighting->asked_count; i++) {
        struct str value = sighting->asked[i];
        *to++ = value.at != NULL;
        to = put_str(to, value.at ? value : STR_EMPTY);
    }
    for (uint32_t i = 0; i < sighting->matched_count; i++) {
        const struct matched_field *field = &sighting->matched[i];
        to = put_str(to, field->name);
        *to++ = (char)field->value.type;
        to = put_str(to, field->value.text);
    }
    return to;
}

void sightings_encode(const struct sightings *sightings, struct buf *out)
{
    const struct sighting *first = &sightings->at[0];
    size_t size =
        SHARED_BYTES + first->path.len + first->format.len + first->host.len + first->event.len;

    for (uint32_t i = 0; i < sightings->count; i++)
        size += rule_size(&sightings->at[i]);
    size += first->combined ? combined_size(first->combined) : 0;
    char *start = buf_reserve(out, size), *to = start;
    if (!start)
        return;
    to = put_u64(to, (uint64_t)first->time_ns);
    *to++ = (char)((first->has_time ? HAS_TIME : 0) | (first->is_line ? IS_LINE : 0) |
                   (unsigned)first->kind << KIND_SHIFT | (first->combined ? COMBINED : 0));
    to = put_u64(to, first->number);
    to = put_u64(to, first->offset);
    to = put_u64(to, first->record_hash);
    to = put_str(to, first->path);
    to = put_str(to, first->format);
    to = put_str(to, first->host);
    to = put_u32(to, sightings->count);
    for (uint32_t i = 0; i < sightings->count; i++)
        to = put_rule(to, &sightings->at[i]);
    if (first->combined)
        to = put_combined(to, first->combined);
    put_str(to, first->event); /* last: whoever only counts does not touch it */
    out->len += size;
}

static struct str take_str(struct cursor *in)
{
    return cursor_take_str(in, cursor_u32(in));
}

static bool take_asked(struct cursor *in, struct arena *arena, struct sighting *sighting)
{
    uint32_t count = cursor_u32(in);

    if (in->failed || count == 0 || count > MATCHED_MAX || count > cursor_left(in) / ASKED_BYTES)
        return false;
    sighting->asked = ARENA_ARRAY(arena, struct str, count);
    sighting->asked_count = count;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t there = cursor_u8(in);
        struct str text = take_str(in);
        if (there > 1 || (!there && text.len > 0))
            return false;
        sighting->asked[i] = there ? (text.at ? text : STR_EMPTY) : (struct str){NULL, 0};
    }
    return !in->failed;
}

static bool take_rule(struct cursor *in, struct arena *arena, struct sighting *sighting)
{
    sighting->rule_key = cursor_u64(in);
    sighting->rule_id = take_str(in);
    sighting->why = take_str(in);
    uint32_t count = cursor_u32(in);
    if (count & SUPPRESSED)
        sighting->suppressed = cursor_u32(in);
    if (count & SUPPRESSED && sighting->suppressed == 0)
        return false;
    if (count & ASKED && !take_asked(in, arena, sighting))
        return false;
    count &= ~(SUPPRESSED | ASKED);
    /* a count that cannot be true allocates nothing */
    if (in->failed || count > MATCHED_MAX || count > cursor_left(in) / MATCHED_BYTES)
        return false;
    sighting->matched = ARENA_ARRAY(arena, struct matched_field, count);
    sighting->matched_count = count;
    for (uint32_t i = 0; i < count; i++) {
        sighting->matched[i].name = take_str(in);
        uint8_t type = cursor_u8(in);
        if (type > VALUE_NULL)
            return false;
        sighting->matched[i].value.type = (enum value_type)type;
        sighting->matched[i].value.text = take_str(in);
    }
    return !in->failed;
}

static bool take_combined(struct cursor *in, struct arena *arena, const struct combined **taken)
{
    struct combined *combined = ARENA_NEW(arena, struct combined);

    combined->first_ns = (int64_t)cursor_u64(in);
    combined->last_ns = (int64_t)cursor_u64(in);
    combined->count = cursor_u64(in);
    combined->event_count = cursor_u32(in);
    if (in->failed || combined->event_count > cursor_left(in) / COMBINED_EVENT_BYTES)
        return false;
    struct combined_event *events =
        ARENA_ARRAY(arena, struct combined_event, combined->event_count);
    for (uint32_t i = 0; i < combined->event_count; i++) {
        struct combined_event *event = &events[i];
        event->time_ns = (int64_t)cursor_u64(in);
        uint8_t is_line = cursor_u8(in);
        if (is_line > 1)
            return false;
        event->is_line = is_line;
        event->number = cursor_u64(in);
        event->offset = cursor_u64(in);
        event->id = take_str(in);
        event->title = take_str(in);
        event->path = take_str(in);
        event->format = take_str(in);
    }
    combined->events = events;
    *taken = combined;
    return !in->failed;
}

bool sightings_decode(struct cursor *in, struct arena *arena, struct sightings *sightings)
{
    struct sighting shared = {.time_ns = (int64_t)cursor_u64(in)};
    uint8_t flags = cursor_u8(in);

    shared.has_time = flags & HAS_TIME;
    shared.is_line = flags & IS_LINE;
    shared.kind = (enum sighting_kind)(flags >> KIND_SHIFT & KIND_MASK);
    shared.number = cursor_u64(in);
    shared.offset = cursor_u64(in);
    shared.record_hash = cursor_u64(in);
    shared.path = take_str(in);
    shared.format = take_str(in);
    shared.host = take_str(in);
    uint32_t count = cursor_u32(in);
    if (in->failed || shared.kind >= SIGHTING_KINDS || flags >= 2 * COMBINED || count == 0 ||
        count > SIGHTINGS_MAX || count > cursor_left(in) / RULE_BYTES)
        return false;
    sightings->at = ARENA_ARRAY(arena, struct sighting, count);
    sightings->count = count;
    for (uint32_t i = 0; i < count; i++) {
        sightings->at[i] = shared;
        if (!take_rule(in, arena, &sightings->at[i]))
            return false;
    }
    if (flags & COMBINED && !take_combined(in, arena, &shared.combined))
        return false;
    shared.event = take_str(in);
    for (uint32_t i = 0; i < count; i++) {
        sightings->at[i].combined = shared.combined;
        sightings->at[i].event = shared.event;
    }
    return !in->failed;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int sighting_compare(const struct sighting *a, const struct sighting *b)
{
    int order = (int)b->has_time - (int)a->has_time;

    if (order == 0 && a->has_time)
        order = (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
    if (order == 0)
        order = str_compare(a->path, b->path);
    if (order == 0)
        order = compare_u64(a->number, b->number);
    if (order == 0)
        order = compare_u64(a->offset, b->offset);
    if (order == 0)
        order = str_compare(a->rule_id, b->rule_id);
    if (order == 0)
        order = (int)a->kind - (int)b->kind;
    if (order == 0)
        order = compare_u64(a->rule_key, b->rule_key);
    return order;
}
