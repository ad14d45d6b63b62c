/* test_tally.c: names are counted; of too many the same ones stay, in whatever order they come. */
#include "engine/tally.h"

#include "testkit.h"

static struct arena *arena;

static struct str name_of(unsigned number)
{
    static char text[16];

    return (struct str){text, (size_t)snprintf(text, sizeof(text), "n%05u", number)};
}

static const struct tally_entry *find(const struct tally *tally, struct str name)
{
    uint32_t index = map_find(&tally->names, name);

    return index == MAP_NONE ? NULL : &tally->entries[index];
}

TEST(counts_names)
{
    struct tally tally;

    arena = arena_new("test", 1u << 24);
    tally_init(&tally, arena, 100);
    tally_add(&tally, STR("b"), 1);
    tally_add(&tally, STR("a"), 2);
    tally_add(&tally, STR("b"), 3);
    tally_add(&tally, STR("b"), 1);
    tally_add(&tally, STR_EMPTY, 7);
    struct report_counts counts = tally_report(&tally, 2, arena);
    CHECK_INT(counts.count, 3);
    CHECK_INT(counts.listed, 2);
    CHECK_STR(counts.at[0].name, "");
    CHECK_INT(counts.at[0].count, 7);
    CHECK_STR(counts.at[1].name, "b");
    CHECK_INT(counts.at[1].count, 5);
    CHECK_STR(counts.at[2].name, "a");
    tally_free(&tally);
}

TEST(lists_the_gravest_first_then_the_most_frequent)
{
    struct tally tally;

    tally_init(&tally, arena, 100);
    tally_add(&tally, STR("often"), 9);
    tally_add(&tally, STR("z"), 2);
    tally_add(&tally, STR("a"), 2);
    tally_add(&tally, STR("grave"), 1);
    tally_at(&tally, STR("grave"))->level = LEVEL_HIGH;
    tally_at(&tally, STR("never"))->level = LEVEL_CRITICAL;
    struct report_counts counts = tally_report(&tally, 10, arena);
    CHECK_INT(counts.count, 4);
    CHECK_STR(counts.at[0].name, "grave");
    CHECK_STR(counts.at[1].name, "often");
    CHECK_STR(counts.at[2].name, "a");
    CHECK_STR(counts.at[3].name, "z");
    tally_free(&tally);
}

/* Counts each of 0..999 as often as its number + 1 says, in steps of `step` through them. */
static void count_thousand(struct tally *tally, unsigned step)
{
    tally_init(tally, arena, 50);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < 1000; i++) {
            unsigned number = i * step % 1000;
            tally_add(tally, name_of(number), (number + 1) * (round == 1 ? 2 : 1));
        }
}

TEST(of_too_many_the_first_by_name_stay_whatever_the_order)
{
    static const unsigned steps[] = {1, 999, 7, 501, 333};
    struct tally tally;

    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        count_thousand(&tally, steps[i]);
        struct report_counts counts = tally_report(&tally, 1000, arena);
        CHECK_INT(counts.listed, 50);
        CHECK_INT(counts.count, 51); /* at least one more */
        CHECK_INT(tally.beyond, 4u * (1000 * 1001 / 2 - 50 * 51 / 2));
        for (unsigned number = 0; number < 50; number++) {
            const struct tally_entry *entry = find(&tally, name_of(number));
            CHECK(entry && entry->count == 4 * (number + 1));
        }
        CHECK(!find(&tally, name_of(50)));
        tally_free(&tally);
    }
}

TEST(long_names_are_cut_between_characters)
{
    char text[1000];
    struct tally tally;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "\xc3\xa9"[i % 2];
    tally_init(&tally, arena, 10);
    tally_add(&tally, (struct str){text, sizeof(text)}, 1);
    tally_add(&tally, (struct str){text, 900}, 1);
    struct report_counts counts = tally_report(&tally, 10, arena);
    CHECK_INT(counts.count, 1);
    CHECK_INT(counts.at[0].count, 2);
    CHECK_INT(counts.at[0].name.len, 254);
    tally_free(&tally);
}

TEST(one_name_at_most)
{
    struct tally tally;

    tally_init(&tally, arena, 1);
    tally_add(&tally, STR("b"), 1);
    tally_add(&tally, STR("c"), 1);
    tally_add(&tally, STR("a"), 1);
    tally_add(&tally, STR_EMPTY, 5);
    tally_add(&tally, STR("b"), 1);
    struct report_counts counts = tally_report(&tally, 10, arena);
    CHECK_INT(counts.listed, 1);
    CHECK_STR(counts.at[0].name, "");
    CHECK_INT(tally.beyond, 4);
    tally_free(&tally);
    arena_free(arena);
}
