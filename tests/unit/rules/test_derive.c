/* test_derive.c - rules/derive: fields made from others. */
#include "rule_maker.h"

static struct value derived(void)
{
    const struct event_field *field = event_find(event, plan->derivations[0].id);

    return field ? field->value : (struct value){STR("none"), VALUE_NULL};
}

static struct field_mapping *begin(enum derivation_kind kind, const char *from, const char *second)
{
    make_begin();
    return maps(entry_for("test", "", ""), "f", kind, from, second);
}

static void end_mapping(void)
{
    rule(is("f", "wanted"));
    make_plan();
}

TEST(makes_hexadecimal_decimal)
{
    begin(DERIVE_DECIMAL, "pid", NULL);
    end_mapping();
    matches("pid", "0x1F4");
    CHECK_STR(derived().text, "500");
    CHECK(derived().type == VALUE_INTEGER);
    matches("pid", "0xffffffffffffffff");
    CHECK_STR(derived().text, "18446744073709551615");
    matches("pid", "0x10000000000000000");
    CHECK_STR(derived().text, "0x10000000000000000");
    matches("pid", "500");
    CHECK_STR(derived().text, "500");
    matches("pid", "0x");
    CHECK_STR(derived().text, "0x");
    matches("pid", "0xg");
    CHECK_STR(derived().text, "0xg");
    matches("other", "1");
    CHECK_STR(derived().text, "none");
    make_end();
}

TEST(derives_every_member_of_a_list)
{
    begin(DERIVE_DECIMAL, "pid", NULL);
    end_mapping();
    event_begin();
    with("pid", "0x1");
    with("pid", "0x2");
    run();
    const struct event_field *field = event_find(event, plan->derivations[0].id);
    CHECK_STR(event_next_of(event, field)->value.text, "2");
    run();
    CHECK(!event_next_of(event, event_next_of(event, field)));
    make_end();
}

TEST(joins_what_is_all_there)
{
    struct field_mapping *mapping = begin(DERIVE_JOIN, "domain", "user");

    mapping->with = STR("\\");
    end_mapping();
    event_begin();
    with("domain", "CORP");
    with("user", "bob");
    run();
    CHECK_STR(derived().text, "CORP\\bob");
    matches("domain", "CORP");
    CHECK_STR(derived().text, "none");
    event_begin();
    with("domain", "CORP");
    with_null("user");
    run();
    CHECK_STR(derived().text, "none");
    make_end();
}

TEST(looks_values_up)
{
    struct field_mapping *mapping = begin(DERIVE_MAP, "label", NULL);
    static struct str keys[] = {STR_INIT("S-1-16-12288"), STR_INIT("S-1-16-8192")};
    static struct str to[] = {STR_INIT("High"), STR_INIT("Wanted")};

    mapping->keys = keys;
    mapping->values = to;
    mapping->map_count = 2;
    end_mapping();
    CHECK(!matches("label", "s-1-16-12288"));
    CHECK_STR(derived().text, "High");
    CHECK(matches("label", "S-1-16-8192"));
    matches("label", "S-1-16");
    CHECK_STR(derived().text, "none");
    make_end();
}

TEST(derives_only_for_routes_that_need_it)
{
    make_begin();
    struct taxonomy_entry *first = entry_for("one", "", "");
    when(first, "EventID", "1");
    maps(first, "f", DERIVE_DECIMAL, "pid", NULL);
    when(entry_for("two", "", ""), "EventID", "2");
    rule_in("one", "", "", is("f", "16"));
    rule_in("two", "", "", is("f", "16"));
    make_plan();
    event_begin();
    with("EventID", "2");
    with("pid", "0x10");
    CHECK_INT(run(), 0);
    CHECK_STR(derived().text, "none");
    event_begin();
    with("EventID", "1");
    with("pid", "0x10");
    CHECK_INT(run(), 1);
    make_end();
}
