/* test_spool.c: findings in order, from memory and from runs on disk. */
#include "engine/spool.h"

#include "testkit.h"

#include <signal.h>
#include <sys/resource.h>

#define MEMORY ((size_t)1 << 20) /* the least that a spool takes */

static char zeros[MEMORY];
static const struct str megabyte = {zeros, MEMORY};

static struct spool_key key_of(uint64_t number)
{
    return (struct spool_key){.has_time = true, .number = number};
}

static void add(struct spool *spool, const struct spool_key *key, struct str bytes)
{
    CHECK_INT(spool_add(spool, key, bytes), ERR_NONE);
}

static void check_next(struct spool *spool, struct str expected)
{
    struct spool_key key;
    struct str bytes;

    CHECK(spool_next(spool, &key, &bytes) && str_eq(bytes, expected));
}

static void check_end(struct spool *spool)
{
    struct spool_key key;
    struct str bytes;

    CHECK(!spool_next(spool, &key, &bytes));
    CHECK(!spool_next(spool, &key, &bytes));
    CHECK_INT(spool_err(spool), ERR_NONE);
}

TEST(gives_nothing_where_nothing_was_added)
{
    struct spool *spool = spool_new(MEMORY, "/dev/null/nowhere");

    CHECK_INT(spool_sort(spool), ERR_NONE);
    check_end(spool);
    spool_free(spool);
    spool_free(NULL);
}

TEST(orders_by_time_path_number_offset_and_rule)
{
    static const struct spool_key keys[] = {
        {.has_time = true, .time_ns = -5, .rank = 9, .number = 9, .offset = 9, .rule = 9},
        {.has_time = true, .time_ns = 5, .rank = 0, .number = 9, .offset = 9, .rule = 9},
        {.has_time = true, .time_ns = 5, .rank = 1, .number = 0, .offset = 9, .rule = 9},
        {.has_time = true, .time_ns = 5, .rank = 1, .number = 1, .offset = 0, .rule = 9},
        {.has_time = true, .time_ns = 5, .rank = 1, .number = 1, .offset = 1, .rule = 0},
        {.has_time = true, .time_ns = 5, .rank = 1, .number = 1, .offset = 1, .rule = UINT64_MAX},
        {.has_time = true, .time_ns = INT64_MAX},
        {.has_time = false, .time_ns = 7, .rank = 0, .number = 5}, /* its time means nothing */
        {.has_time = false, .time_ns = 0, .rank = 0, .number = 6},
        {.has_time = false, .time_ns = 0, .rank = UINT32_MAX},
    };
    struct spool *spool = spool_new(MEMORY, "/dev/null/nowhere");

    for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
        size_t other = (i * 7 + 3) % ARRAY_COUNT(keys);
        add(spool, &keys[other], (struct str){&"0123456789"[other], 1});
    }
    CHECK_INT(spool_sort(spool), ERR_NONE);
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        check_next(spool, (struct str){&"0123456789"[i], 1});
    check_end(spool);
    spool_free(spool);
}

/* Entries of many lengths, some longer than a block, in a mixed order; checks that all come back in
 * order with their bytes. */
static void check_many(uint64_t count, size_t long_bytes, unsigned longs)
{
    struct spool *spool = spool_new(MEMORY, "/tmp");
    struct buf bytes;

    buf_init(&bytes, SIZE_MAX / 2);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = i * 7919 % count;
        struct spool_key key = key_of(number);
        size_t len = longs && number % (count / longs) == 0 ? long_bytes : number % 300;
        buf_reset(&bytes);
        buf_printf(&bytes, "%llu:", (unsigned long long)number);
        while (bytes.len < len)
            buf_add_char(&bytes, (char)('a' + number % 26));
        add(spool, &key, buf_str(&bytes));
    }
    CHECK_INT(spool_sort(spool), ERR_NONE);
    uint64_t next = 0;
    struct spool_key key;
    struct str got;
    while (spool_next(spool, &key, &got)) {
        uint64_t number;
        struct str rest = got;
        CHECK(key.has_time && key.number == next);
        size_t len = longs && next % (count / longs) == 0 ? long_bytes : next % 300;
        CHECK(str_to_u64(str_cut(&rest, ':'), UINT64_MAX, &number) && number == next);
        CHECK(got.len >= len && got.len < len + 22);
        CHECK(rest.len == 0 || rest.at[rest.len - 1] == (char)('a' + next % 26));
        next++;
    }
    CHECK_INT(next, count);
    CHECK_INT(spool_err(spool), ERR_NONE);
    buf_free(&bytes);
    spool_free(spool);
}

TEST(merges_runs_and_what_is_in_memory)
{
    check_many(60011, 0, 0);
}

TEST(merges_entries_that_are_longer_than_blocks_and_than_the_memory)
{
    check_many(2003, 300000, 20);
    check_many(101, 3000000, 5);
}

TEST(many_runs_need_few_descriptors)
{
    struct rlimit before, few = {32, 32};
    struct spool *spool = spool_new(MEMORY, "/tmp");

    CHECK_INT(getrlimit(RLIMIT_NOFILE, &before), 0);
    few.rlim_max = before.rlim_max;
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (uint64_t i = 0; i < 100; i++) { /* each is a run of its own */
        struct spool_key key = key_of(99 - i);
        add(spool, &key, str_slice(megabyte, 0, MEMORY - i));
    }
    CHECK_INT(spool_sort(spool), ERR_NONE);
    for (uint64_t i = 0; i < 100; i++)
        check_next(spool, str_slice(megabyte, 0, MEMORY - 99 + i));
    check_end(spool);
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &before), 0);
    spool_free(spool);
}

TEST(keeps_blocks_with_entries_that_were_noted)
{
    struct spool *spool = spool_new(MEMORY, "/tmp");
    struct spool_block *block = spool_block_new(STR("threeone"));
    struct str bytes = {block->bytes, block->len};
    const struct spool_key one = key_of(1), two = key_of(2), three = key_of(3);

    spool_note(spool, &three, str_slice(bytes, 0, 5));
    add(spool, &two, STR("two"));
    spool_note(spool, &one, str_slice(bytes, 5, 8));
    CHECK_INT(spool_keep(spool, block), ERR_NONE);
    CHECK_INT(spool_sort(spool), ERR_NONE);
    check_next(spool, STR("one"));
    check_next(spool, STR("two"));
    check_next(spool, STR("three"));
    check_end(spool);
    spool_free(spool);
}

TEST(kept_blocks_count_as_memory)
{
    struct spool *spool = spool_new(MEMORY, "/dev/null/nowhere");
    struct spool_block *small = spool_block_new(STR("small"));
    struct spool_block *large = spool_block_new(megabyte);
    const struct spool_key one = key_of(1), two = key_of(2);

    spool_note(spool, &one, (struct str){small->bytes, small->len});
    CHECK_INT(spool_keep(spool, small), ERR_NONE);
    spool_note(spool, &two, (struct str){large->bytes, 1});
    CHECK(spool_keep(spool, large) != ERR_NONE); /* a run is wanted, and has no place */
    spool_free(spool);
}

TEST(says_that_runs_cannot_be_written)
{
    struct spool *spool = spool_new(MEMORY, "/dev/null/nowhere");
    struct spool_key key = key_of(1);

    CHECK_INT(spool_add(spool, &key, STR("small")), ERR_NONE);
    CHECK_INT(spool_add(spool, &key, megabyte), ERR_NOT_FOUND);
    spool_free(spool);
}

TEST(says_that_the_disk_is_full)
{
    struct rlimit before, small = {100000, 100000};
    struct spool *spool = spool_new(MEMORY, "/tmp");
    struct spool_key key = key_of(1);

    signal(SIGXFSZ, SIG_IGN);
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &small), 0);
    CHECK_INT(spool_add(spool, &key, megabyte), ERR_NO_SPACE);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
    spool_free(spool);
}
