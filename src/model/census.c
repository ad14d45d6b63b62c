/* census.c - see census.h. */
#include "model/census.h"

#include "core/ensure.h"

#include <stdlib.h>

#define ARENA_BYTES_MAX ((size_t)2 << 30)

void census_init(struct census *census, const char *name, uint32_t max, uint32_t words)
{
    ENSURE(words <= CENSUS_WORDS_MAX && max > 0);
    *census = (struct census){
        .arena = arena_new(name, ARENA_BYTES_MAX), .name = name, .max = max, .words = words};
    map_init(&census->keys, census->arena);
}

void census_free(struct census *census)
{
    arena_free(census->arena);
    free(census->at);
    *census = (struct census){0};
}

static void forget(struct census *census)
{
    arena_reset(census->arena);
    map_init(&census->keys, census->arena);
    census->count = 0;
    census->epoch++;
}

void census_reset(struct census *census)
{
    if (census->count > 0)
        forget(census);
    census->fence = (struct str){0};
    census->beyond = 0;
}

static struct census_row *append(struct census *census, struct str key)
{
    if (census->count == census->capacity) {
        census->capacity = census->capacity ? census->capacity * 2 : 64;
        census->at = realloc(census->at, census->capacity * sizeof(*census->at));
        ENSURE(census->at);
    }
    map_set(&census->keys, key, census->count);
    struct census_row *row = &census->at[census->count++];
    *row = (struct census_row){.key = census->keys.entries[census->keys.count - 1].key};
    if (census->words > 0)
        row->bits = ARENA_ARRAY(census->arena, uint64_t, census->words);
    return row;
}

static int compare_keys(const void *a, const void *b)
{
    return str_compare(((const struct census_row *)a)->key, ((const struct census_row *)b)->key);
}

static void join(struct census *census, struct census_row *row, const struct census_row *other)
{
    row->count += other->count;
    if (other->timed > 0) {
        if (row->timed == 0 || other->first_ns < row->first_ns)
            row->first_ns = other->first_ns;
        if (row->timed == 0 || other->last_ns > row->last_ns)
            row->last_ns = other->last_ns;
        row->timed += other->timed;
    }
    if (other->numbered > 0) {
        if (row->numbered == 0 || other->low < row->low)
            row->low = other->low;
        if (row->numbered == 0 || other->high > row->high)
            row->high = other->high;
        row->numbered += other->numbered;
    }
    for (uint32_t i = 0; i < census->words; i++)
        row->bits[i] |= other->bits[i];
}

/* The first `max` by key go into a new arena, and the old one with all others. */
void census_trim(struct census *census)
{
    struct census old = *census;

    if (old.count > 1)
        qsort(old.at, old.count, sizeof(*old.at), compare_keys);
    census_init(census, old.name, old.max, old.words);
    census->beyond = old.beyond;
    census->epoch = old.epoch + 1;
    for (uint32_t i = 0; i < old.count; i++) {
        if (i < old.max)
            join(census, append(census, old.at[i].key), &old.at[i]);
        else
            census->beyond += old.at[i].count;
    }
    if (old.count > old.max)
        census->fence = census->at[census->count - 1].key;
    else if (old.fence.at)
        census->fence = arena_str(census->arena, old.fence);
    census_free(&old);
}

struct census_row *census_find(struct census *census, struct str key)
{
    uint32_t at = map_find(&census->keys, key);

    if (at != MAP_NONE)
        return &census->at[at];
    if (census->fence.at && str_compare(key, census->fence) > 0)
        return NULL;
    if (census->count >= 2 * census->max) {
        census_trim(census);
        if (str_compare(key, census->fence) > 0)
            return NULL;
    }
    return append(census, key);
}

void census_add(struct census *census, const struct census_row *other)
{
    struct census_row *row = census_find(census, other->key);

    if (row)
        join(census, row, other);
    else
        census->beyond += other->count;
}

/* ---- keys ---- */

void census_key_add(struct buf *key, struct str text)
{
    uint8_t len = (uint8_t)(text.len < CENSUS_NAME_BYTES_MAX ? text.len : CENSUS_NAME_BYTES_MAX);

    buf_add_char(key, (char)len);
    buf_add_bytes(key, text.at, len);
}

/* Big endian: keys are in the order of their numbers. */
void census_key_add_u64(struct buf *key, uint64_t number)
{
    for (unsigned shift = 64; shift > 0; shift -= 8)
        buf_add_char(key, (char)(uint8_t)(number >> (shift - 8)));
}

struct str census_key_take(struct cursor *key)
{
    return cursor_take_str(key, cursor_u8(key));
}

uint64_t census_key_take_u64(struct cursor *key)
{
    uint64_t number = 0;

    for (unsigned i = 0; i < 8; i++)
        number = number << 8 | cursor_u8(key);
    return number;
}

/* ---- between processes ---- */

static void put_u64(struct buf *out, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        buf_add_char(out, (char)(uint8_t)(value >> (8 * i)));
}

void census_encode(struct census *census, struct buf *out)
{
    census_trim(census);
    put_u64(out, census->count);
    put_u64(out, census->beyond);
    for (uint32_t i = 0; i < census->count; i++) {
        const struct census_row *row = &census->at[i];
        put_u64(out, row->key.len);
        buf_add(out, row->key);
        put_u64(out, row->count);
        put_u64(out, row->timed);
        put_u64(out, (uint64_t)row->first_ns);
        put_u64(out, (uint64_t)row->last_ns);
        put_u64(out, row->numbered);
        put_u64(out, row->low);
        put_u64(out, row->high);
        for (uint32_t word = 0; word < census->words; word++)
            put_u64(out, row->bits[word]);
    }
}

/* `bits` has room for the row's. */
static bool decode_row(struct census *census, struct cursor *in, uint64_t *bits)
{
    struct census_row row = {.bits = bits};
    uint64_t len = cursor_u64(in);

    if (len > CENSUS_KEY_BYTES_MAX)
        return false;
    row.key = cursor_take_str(in, (size_t)len);
    row.count = cursor_u64(in);
    row.timed = cursor_u64(in);
    row.first_ns = (int64_t)cursor_u64(in);
    row.last_ns = (int64_t)cursor_u64(in);
    row.numbered = cursor_u64(in);
    row.low = cursor_u64(in);
    row.high = cursor_u64(in);
    for (uint32_t word = 0; word < census->words; word++)
        bits[word] = cursor_u64(in);
    if (in->failed || row.count == 0 || row.timed > row.count || row.numbered > row.count ||
        row.first_ns > row.last_ns || row.low > row.high)
        return false;
    census_add(census, &row);
    return true;
}

bool census_decode(struct census *census, struct cursor *in)
{
    uint64_t count = cursor_u64(in), beyond = cursor_u64(in), bits[CENSUS_WORDS_MAX] = {0};

    for (uint64_t i = 0; i < count && !in->failed; i++)
        if (!decode_row(census, in, bits))
            return false;
    census->beyond += beyond;
    return !in->failed;
}
