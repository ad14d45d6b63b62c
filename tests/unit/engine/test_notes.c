/* test_notes.c: lists for people are bounded and do not depend on the order of discovery. */
#include "engine/notes.h"

#include "testkit.h"

static struct arena *arena;

static struct report_note note_of(unsigned number)
{
    return (struct report_note){
        .path = arena_printf(arena, "f%03u", number), .text = STR("lost"), .offset = number % 7};
}

TEST(gives_nothing_where_nothing_was_noted)
{
    struct notes notes;

    arena = arena_new("test", 1u << 24);
    notes_init(&notes, arena, 10);
    CHECK_INT(notes_report(&notes).listed, 0);
    CHECK_INT(notes_report(&notes).count, 0);
}

TEST(orders_by_path_offset_size_and_text)
{
    struct notes notes;

    notes_init(&notes, arena, 10);
    notes_add(&notes, (struct report_note){.path = STR("b"), .text = STR("x")});
    notes_add(&notes, (struct report_note){.path = STR("a"), .text = STR("x"), .offset = 9});
    notes_add(&notes, (struct report_note){.path = STR("a"), .text = STR("y"), .offset = 1});
    notes_add(&notes, (struct report_note){.path = STR("a"), .text = STR("x"), .offset = 1});
    notes_add(&notes,
              (struct report_note){.path = STR("a"), .text = STR("w"), .offset = 1, .size = 5});
    struct report_notes list = notes_report(&notes);
    CHECK_INT(list.listed, 5);
    CHECK_STR(list.at[0].text, "x");
    CHECK_STR(list.at[1].text, "y");
    CHECK_STR(list.at[2].text, "w");
    CHECK_INT(list.at[3].offset, 9);
    CHECK_STR(list.at[4].path, "b");
}

TEST(of_too_many_the_first_stay_and_all_are_counted)
{
    static const unsigned steps[] = {1, 499, 7, 123};

    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        struct notes notes;
        notes_init(&notes, arena, 20);
        for (unsigned n = 0; n < 500; n++)
            notes_add(&notes, note_of(n * steps[i] % 500));
        struct report_notes list = notes_report(&notes);
        CHECK_INT(list.listed, 20);
        CHECK_INT(list.count, 500);
        for (unsigned n = 0; n < 20; n++)
            CHECK(str_eq(list.at[n].path, note_of(n).path) && list.at[n].offset == n % 7);
    }
}

TEST(more_may_be_added_after_a_look)
{
    struct notes notes;

    notes_init(&notes, arena, 2);
    notes_add(&notes, note_of(5));
    CHECK_INT(notes_report(&notes).listed, 1);
    notes_add(&notes, note_of(3));
    notes_add(&notes, note_of(4));
    struct report_notes list = notes_report(&notes);
    CHECK_INT(list.listed, 2);
    CHECK_INT(list.count, 3);
    CHECK_STR(list.at[0].path, "f003");
    CHECK_STR(list.at[1].path, "f004");
}

TEST(texts_are_copied_and_their_number_is_bounded)
{
    struct notes notes;
    char text[16];

    notes_init(&notes, arena, 10000);
    for (unsigned n = 0; n < 5000; n++) {
        snprintf(text, sizeof(text), "reason %u", n);
        notes_add(&notes,
                  (struct report_note){.path = STR("a"), .text = str_from(text), .offset = n});
    }
    struct report_notes list = notes_report(&notes);
    CHECK_INT(list.listed, 5000);
    CHECK_STR(list.at[0].text, "reason 0");
    CHECK_STR(list.at[4000].text, "reason 4000");
    CHECK(str_starts_with(list.at[4999].text, STR("(too many kinds")));
    arena_free(arena);
}
