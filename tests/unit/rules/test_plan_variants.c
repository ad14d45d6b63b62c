/* test_plan_variants.c - rules/plan_variants: one rule under several mappings. */
#include "rule_maker.h"

static void two_ways(void)
{
    struct taxonomy_entry *sysmon = entry_for("process_creation", "windows", "");
    struct taxonomy_entry *security = entry_for("process_creation", "windows", "");

    when(sysmon, "EventID", "1");
    when(security, "EventID", "4688");
    maps(security, "Image", DERIVE_NONE, "NewProcessName", NULL);
}

static bool event_matches(const char *id, const char *field, const char *text)
{
    event_begin();
    with("EventID", id);
    with(field, text);
    return run() > 0;
}

TEST(compiles_a_rule_once_per_mapping)
{
    make_begin();
    two_ways();
    rule_in("process_creation", "windows", "", is("Image", "*\\cmd.exe"));
    rule_in("process_creation", "windows", "", is("CommandLine", "*whoami*"));
    make_plan();
    CHECK_INT(plan_statistics(plan)->variants, 3);
    CHECK(event_matches("1", "Image", "C:\\cmd.exe"));
    CHECK(!event_matches("1", "NewProcessName", "C:\\cmd.exe"));
    CHECK(event_matches("4688", "NewProcessName", "C:\\cmd.exe"));
    CHECK(!event_matches("4688", "Image", "C:\\cmd.exe"));
    CHECK(event_matches("4688", "CommandLine", "whoami"));
    make_end();
}

TEST(reports_a_rule_once_though_two_variants_match)
{
    make_begin();
    struct taxonomy_entry *first = entry_for("test", "", "");
    struct taxonomy_entry *second = entry_for("test", "", "");
    maps(second, "f", DERIVE_NONE, "g", NULL);
    rule(any(is("f", "x"), is("f", "y"), NULL));
    make_plan();
    CHECK(first && plan_statistics(plan)->variants == 2);
    event_begin();
    with("f", "x");
    with("g", "y");
    CHECK_INT(run(), 1);
    make_end();
}

TEST(shares_equal_derivations)
{
    make_begin();
    maps(entry_for("test", "", ""), "pid", DERIVE_DECIMAL, "NewProcessId", NULL);
    maps(entry_for("test", "", ""), "pid", DERIVE_DECIMAL, "NewProcessId", NULL);
    rule(is("pid", "500"));
    make_plan();
    CHECK_INT(plan->derivation_count, 1);
    CHECK_INT(plan_statistics(plan)->variants, 1);
    CHECK(matches("NewProcessId", "0x1f4"));
    make_end();
}

TEST(maps_the_field_that_is_referred_to)
{
    make_begin();
    maps(entry_for("test", "", ""), "b", DERIVE_NONE, "c", NULL);
    rule(ref("a", "b", FIELDREF_EQUALS));
    make_plan();
    event_begin();
    with("a", "x");
    with("c", "X");
    CHECK_INT(run(), 1);
    make_end();
}

TEST(refuses_a_rule_that_names_more_fields_than_there_is_room_for)
{
    char name[32];

    make_begin();
    for (unsigned i = 0; i < 10; i++) {
        struct expression *condition = any(is("a", "x"), NULL);
        condition->children = ARENA_ARRAY(made, struct expression *, 1000);
        for (condition->count = 0; condition->count < 1000; condition->count++) {
            snprintf(name, sizeof(name), "f%u_%u", i, condition->count);
            condition->children[condition->count] = is(arena_str(made, str_from(name)).at, "x");
        }
        rule(condition);
    }
    struct sigma_rule *small = rule(is("f0_0", "x"));
    make_plan();
    CHECK_INT(set.rules[7]->state, RULE_LOADED);
    CHECK_INT(set.rules[8]->state, RULE_REFUSED);
    CHECK(str_contains(set.rules[8]->reason, STR("more fields")));
    CHECK_INT(small->state, RULE_LOADED);
    CHECK_INT(plan_statistics(plan)->rules, 9);
    CHECK(matches("f7_999", "x"));
    CHECK(!matches("f9_0", "x"));
    make_end();
}

TEST(refuses_a_rule_with_more_values_than_there_is_room_for)
{
    make_begin();
    two_ways();
    struct sigma_rule *first = rule_in("process_creation", "windows", "", is("Image", "x"));
    struct sigma_rule *second = rule_in("process_creation", "windows", "", is("Image", "y"));
    struct sigma_rule *third = rule_in("process_creation", "windows", "", is("Image", "z"));
    first->values = 1900000;
    second->values = 200000; /* two variants of it are too much */
    third->values = 1;
    make_plan();
    CHECK_INT(first->state, RULE_LOADED);
    CHECK_INT(second->state, RULE_REFUSED);
    CHECK(str_contains(second->reason, STR("more values")));
    CHECK_INT(third->state, RULE_LOADED);
    CHECK(event_matches("4688", "NewProcessName", "x"));
    make_end();
}
