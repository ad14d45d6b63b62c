/* test_w3c_layout.c - what a #Fields line says. */
#include "testkit.h"

#include "formats/w3c_priv.h"

static struct arena *arena;
static struct field_dictionary fields;
static struct w3c_layout layout;

static void begin(void)
{
    arena = arena_new("fields", 1 << 20);
    fields_init(&fields, arena);
    fields_add(&fields, STR("cs-user-agent"));
    fields_add(&fields, STR("c-useragent"));
    fields_add(&fields, STR("cs(User-Agent)"));
    fields_freeze(&fields);
    w3c_layout_init(&layout, &fields);
}

static void finish(void)
{
    w3c_layout_free(&layout);
    arena_free(arena);
}

TEST(columns_are_known_by_name)
{
    begin();
    CHECK(!w3c_layout_read(&layout, STR("Date cs-method cs(User-Agent) cs-uri-path")));
    CHECK_INT(layout.column_count, 4);
    CHECK_INT(layout.at[W3C_DATE], 1);
    CHECK_INT(layout.at[W3C_METHOD], 2);
    CHECK_INT(layout.at[W3C_STEM], 4);
    CHECK_INT(layout.at[W3C_TIME], 0);
    CHECK(!layout.other);
    CHECK(layout.columns[2].header && !layout.columns[1].header);
    CHECK_INT(layout.columns[2].name->ref_count, 3);
    CHECK(layout.columns[2].blanks.unseen && !layout.columns[2].name->unseen);
    CHECK(!text_name_is_wanted(layout.columns[0].name));
    finish();
}

TEST(the_next_line_replaces_the_last)
{
    begin();
    CHECK(!w3c_layout_read(&layout, STR("cs-method cs-uri x-session")));
    CHECK(layout.other);
    CHECK(!w3c_layout_read(&layout, STR("cs-uri cs-method")));
    CHECK(!layout.other);
    CHECK_INT(layout.at[W3C_METHOD], 2);
    CHECK(!w3c_layout_read(&layout, STR("date src-ip")));
    CHECK(layout.other);
    CHECK_INT(layout.at[W3C_METHOD], 0);
    CHECK_STR(str_from(w3c_layout_read(&layout, STR(""))), "a #Fields line without names");
    CHECK_INT(layout.column_count, 0);
    finish();
}

TEST(columns_of_one_name_share_it)
{
    begin();
    CHECK(!w3c_layout_read(&layout, STR("x-a x-b x-a x-a")));
    CHECK(layout.columns[0].name == layout.columns[2].name);
    CHECK(layout.columns[0].name == layout.columns[3].name);
    CHECK(layout.columns[0].name != layout.columns[1].name);
    finish();
}

TEST(directives)
{
    struct str value;

    CHECK(w3c_directive(STR("#date:  2026-11-22\t"), STR("#Date:"), &value));
    CHECK_STR(value, "2026-11-22");
    CHECK(!w3c_directive(STR("#Da"), STR("#Date:"), &value));
}

TEST(names_are_counted_to_tell_what_a_file_is)
{
    CHECK_INT(w3c_count_names(STR("#Fields: date time c-ip ")), 3);
    CHECK_INT(w3c_count_names(STR("#Fields: cs(Host)")), 1);
    CHECK_INT(w3c_count_names(STR("#Fields: one two")), 0);
    CHECK_INT(w3c_count_names(STR("#Fields: date,time")), 0);
    CHECK_INT(w3c_count_names(STR("#Date: 2026-11-22")), 0);
}
