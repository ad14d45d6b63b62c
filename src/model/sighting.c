/* sighting.c - encoding, decoding and ordering of matches. */
#include "model/sighting.h"

#define MATCHED_MAX 65536u

static void add_u32(struct buf *out, uint32_t value)
{
    uint8_t bytes[4];

    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    buf_add_bytes(out, bytes, sizeof(bytes));
}

static void add_u64(struct buf *out, uint64_t value)
{
    add_u32(out, (uint32_t)value);
    add_u32(out, (uint32_t)(value >> 32));
}

static void add_str(struct buf *out, struct str s)
{
    add_u32(out, (uint32_t)s.len);
    buf_add(out, s);
}

static struct str take_str(struct cursor *in)
{
    return cursor_take_str(in, cursor_u32(in));
}

void sighting_encode(const struct sighting *sighting, struct buf *out)
{
    add_u64(out, (uint64_t)sighting->time_ns);
    buf_add_char(out, (char)(sighting->has_time | sighting->is_line << 1));
    add_u64(out, sighting->number);
    add_u64(out, sighting->offset);
    add_u64(out, sighting->record_hash);
    add_u64(out, sighting->rule_key);
    add_str(out, sighting->path);
    add_str(out, sighting->rule_id);
    add_str(out, sighting->format);
    add_str(out, sighting->host);
    add_str(out, sighting->why);
    add_str(out, sighting->event);
    add_u32(out, sighting->matched_count);
    for (uint32_t i = 0; i < sighting->matched_count; i++) {
        add_str(out, sighting->matched[i].name);
        buf_add_char(out, (char)sighting->matched[i].value.type);
        add_str(out, sighting->matched[i].value.text);
    }
}

bool sighting_decode(struct cursor *in, struct arena *arena, struct sighting *sighting)
{
    *sighting = (struct sighting){.time_ns = (int64_t)cursor_u64(in)};
    uint8_t flags = cursor_u8(in);
    sighting->has_time = flags & 1;
    sighting->is_line = flags >> 1 & 1;
    sighting->number = cursor_u64(in);
    sighting->offset = cursor_u64(in);
    sighting->record_hash = cursor_u64(in);
    sighting->rule_key = cursor_u64(in);
    sighting->path = take_str(in);
    sighting->rule_id = take_str(in);
    sighting->format = take_str(in);
    sighting->host = take_str(in);
    sighting->why = take_str(in);
    sighting->event = take_str(in);
    uint32_t count = cursor_u32(in);
    /* each field takes nine bytes at least: a count that cannot be true allocates nothing */
    if (in->failed || flags > 3 || count > MATCHED_MAX || count > cursor_left(in) / 9)
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
        order = compare_u64(a->rule_key, b->rule_key);
    return order;
}
