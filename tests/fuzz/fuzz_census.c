/* fuzz_census.c - what another process says it has seen: believed only if it can be, and said again
 * the same. The first byte chooses how many words of bits a row has, and how many keys fit. */
/* links: model */
#include "core/ensure.h"
#include "model/event_kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_same(struct census *a, struct census *b)
{
    ENSURE(a->count == b->count && a->beyond == b->beyond);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct census_row *left = &a->at[i], *right = &b->at[i];
        ENSURE(str_eq(left->key, right->key) && left->count == right->count);
        ENSURE(left->timed == right->timed && left->numbered == right->numbered);
        ENSURE(left->first_ns == right->first_ns && left->last_ns == right->last_ns);
        ENSURE(left->low == right->low && left->high == right->high);
        for (uint32_t word = 0; word < a->words; word++)
            ENSURE(left->bits[word] == right->bits[word]);
    }
}

/* A key that can be read is what is written of it. */
static void check_key(struct str text)
{
    struct arena *arena = arena_new("fuzz", 1 << 20);
    struct event_kind kind;
    struct event_hour hour;
    struct buf key;

    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    if (event_kind_read(text, arena, &kind)) {
        event_kind_write(&kind, &key);
        ENSURE(key.len == text.len);
    }
    buf_reset(&key);
    if (event_hour_read(text, &hour)) {
        event_hour_write(&hour, &key);
        ENSURE(str_eq(buf_str(&key), text));
    }
    buf_free(&key);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct census census, again;
    struct buf out;

    if (len == 0)
        return 0;
    uint32_t words = data[0] & 3, max = 1 + (data[0] >> 2 & 15);
    struct cursor in = cursor_over(data + 1, len - 1);
    census_init(&census, "first", max, words);
    census_init(&again, "again", max, words);
    buf_init(&out, SIZE_MAX / 2);
    bool good = census_decode(&census, &in);
    census_encode(&census, &out);
    ENSURE(census.count <= max);
    for (uint32_t i = 0; i < census.count; i++) {
        ENSURE(census.at[i].key.len <= CENSUS_KEY_BYTES_MAX);
        check_key(census.at[i].key);
    }
    if (good) {
        in = cursor_over_str(buf_str(&out));
        ENSURE(census_decode(&again, &in) && cursor_left(&in) == 0);
        check_same(&census, &again);
    }
    census_free(&census);
    census_free(&again);
    buf_free(&out);
    return 0;
}
