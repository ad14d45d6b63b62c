/* test_census.c */
#include "model/census.h"
#include "testkit.h"

static void see(struct census *census, const char *key, int64_t time_ns, uint64_t number,
                uint64_t bits)
{
    struct census_row *row = census_find(census, str_from(key));

    if (!row) {
        census->beyond++;
        return;
    }
    census_row_count(row, true, time_ns, number);
    if (census->words > 0)
        row->bits[0] |= bits;
}

TEST(sums_up_by_key)
{
    struct census census;

    census_init(&census, "test", 10, 1);
    see(&census, "b", 5, 9, 1);
    see(&census, "a", 7, 0, 2);
    see(&census, "b", -3, 4, 4);
    census_row_count(census_find(&census, STR("b")), false, 99, 0);
    census_trim(&census);
    CHECK_INT(census.count, 2);
    CHECK_STR(census.at[0].key, "a");
    CHECK_INT(census.at[0].numbered, 0);
    CHECK_INT(census.at[1].count, 3);
    CHECK_INT(census.at[1].timed, 2);
    CHECK_INT(census.at[1].first_ns, -3);
    CHECK_INT(census.at[1].last_ns, 5);
    CHECK_INT(census.at[1].low, 4);
    CHECK_INT(census.at[1].high, 9);
    CHECK_INT(census.at[1].bits[0], 5);
    census_free(&census);
}

TEST(is_empty_after_a_reset)
{
    struct census census;

    census_init(&census, "test", 2, 0);
    for (int i = 0; i < 9; i++)
        see(&census, (const char[]){(char)('a' + i), 0}, i, 0, 0);
    census_trim(&census);
    CHECK(census.fence.at != NULL);
    CHECK_INT(census.beyond, 7);
    uint32_t epoch = census.epoch;
    census_reset(&census);
    CHECK(census.epoch != epoch);
    CHECK_INT(census.count, 0);
    CHECK_INT(census.beyond, 0);
    see(&census, "z", 1, 0, 0);
    CHECK_INT(census.count, 1);
    census_free(&census);
}

/* The first keys stay whole, whatever the order in which all came. */
TEST(which_keys_stay_does_not_depend_on_the_order)
{
    for (unsigned step = 1; step < 100; step += 2) { /* odd: reaches all of the 64 keys */
        struct census census;
        census_init(&census, "test", 8, 0);
        for (unsigned i = 0; i < 640; i++) {
            char key[8];
            snprintf(key, sizeof(key), "%02u", i * step % 64);
            see(&census, key, i, 0, 0);
        }
        census_trim(&census);
        CHECK_INT(census.count, 8);
        CHECK_STR(census.at[0].key, "00");
        CHECK_STR(census.at[7].key, "07");
        for (unsigned i = 0; i < census.count; i++)
            CHECK_INT(census.at[i].count, 10);
        CHECK_INT(census.beyond, 560);
        census_free(&census);
    }
}

TEST(decodes_what_it_encodes_and_joins_it)
{
    struct census told, known;
    struct buf buf;

    census_init(&told, "test", 10, 2);
    census_init(&known, "test", 10, 2);
    buf_init(&buf, SIZE_MAX);
    see(&told, "a", 100, 3, 8);
    see(&told, "b", INT64_MIN, UINT64_MAX, 16);
    see(&known, "b", INT64_MAX, 1, 1);
    told.beyond = 5;
    census_encode(&told, &buf);
    struct cursor in = cursor_over_str(buf_str(&buf));
    CHECK(census_decode(&known, &in));
    CHECK_INT(cursor_left(&in), 0);
    census_trim(&known);
    CHECK_INT(known.count, 2);
    CHECK_INT(known.beyond, 5);
    CHECK_INT(known.at[1].first_ns, INT64_MIN);
    CHECK_INT(known.at[1].last_ns, INT64_MAX);
    CHECK_INT(known.at[1].bits[0], 17);
    for (size_t cut = 0; cut < buf.len; cut++) {
        struct census other;
        struct cursor part = cursor_over(buf.at, cut);
        census_init(&other, "test", 10, 2);
        CHECK(!census_decode(&other, &part));
        census_free(&other);
    }
    census_free(&told);
    census_free(&known);
    buf_free(&buf);
}

TEST(takes_no_row_that_cannot_be)
{
    static const struct {
        uint64_t count, timed, numbered, first, last, low, high;
    } rows[] = {{0, 0, 0, 0, 0, 0, 0},
                {1, 2, 0, 0, 0, 0, 0},
                {1, 0, 2, 0, 0, 0, 0},
                {1, 1, 0, 5, 4, 0, 0},
                {1, 0, 1, 0, 0, 5, 4}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const uint64_t numbers[] = {1,
                                    0,
                                    0, /* no key */
                                    rows[i].count,
                                    rows[i].timed,
                                    rows[i].first,
                                    rows[i].last,
                                    rows[i].numbered,
                                    rows[i].low,
                                    rows[i].high};
        struct census census;
        struct cursor in = cursor_over(numbers, sizeof(numbers));
        census_init(&census, "test", 10, 0);
        CHECK(!census_decode(&census, &in));
        census_free(&census);
    }
}

TEST(keys_come_apart_again)
{
    char longer[300];
    struct buf key;

    memset(longer, 'x', sizeof(longer));
    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    census_key_add(&key, STR("a\0b"));
    census_key_add(&key, (struct str){longer, sizeof(longer)});
    census_key_add(&key, STR_EMPTY);
    census_key_add_u64(&key, 0x0102030405060708u);
    struct cursor in = cursor_over_str(buf_str(&key));
    CHECK_STR(census_key_take(&in), "a\0b");
    CHECK_INT(census_key_take(&in).len, CENSUS_NAME_BYTES_MAX);
    CHECK_INT(census_key_take(&in).len, 0);
    CHECK_INT(census_key_take_u64(&in), 0x0102030405060708u);
    CHECK(!in.failed);
    CHECK_INT(census_key_take(&in).len, 0);
    CHECK(in.failed);
    buf_free(&key);
}
