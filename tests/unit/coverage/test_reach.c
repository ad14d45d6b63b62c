/* test_reach.c - what a rule can be on events of a kind. */
#include "coverage/reach.h"
#include "evidence_maker.h"

#define PROCESSES "category: process_creation, product: windows"

static struct reach_view view;

/* Of a rule with this detection, on 4688 with these fields. */
static enum reach reached(const char *detection, const char *filled)
{
    static uint64_t bits[16];
    static struct decided decided;
    struct str rest = str_from(filled);

    make_begin();
    make_rule("r", PROCESSES, detection, "t1059");
    make_rules_end();
    memset(bits, 0, sizeof(bits));
    while (rest.len > 0) {
        uint16_t id = fields_find(&made.fields, str_cut(&rest, ' '));
        if (id != FIELD_NONE)
            bits[id / 64] |= (uint64_t)1 << (id % 64);
    }
    decided = decided_by(STR("Security"), STR("Auditing"), STR("4688"), made.arena);
    view = (struct reach_view){.decided = &decided,
                               .entry = &made.taxonomy.entries[1],
                               .fields = &made.fields,
                               .filled = bits};
    return reach_of(&view, made.rules.rules[0]->detection);
}

static bool misses(const char *field)
{
    return view.missing_count == 1 && str_eq(view.missing[0], str_from(field));
}

TEST(a_field_that_is_filled_may_match)
{
    CHECK_INT(reached("  s: {CommandLine: x}\n  condition: s\n", "CommandLine"), REACH_WHOLE);
    CHECK_INT(view.missing_count, 0);
    make_end();
    CHECK_INT(reached("  s: {CommandLine: x}\n  condition: s\n", "NewProcessName"), REACH_MISSING);
    CHECK(misses("CommandLine"));
    make_end();
}

TEST(fields_go_by_the_names_of_the_log)
{
    CHECK_INT(reached("  s: {Image: x}\n  condition: s\n", "NewProcessName"), REACH_WHOLE);
    make_end();
    CHECK_INT(reached("  s: {User: x}\n  condition: s\n", "Domain Name"), REACH_WHOLE);
    make_end();
    CHECK_INT(reached("  s: {User: x}\n  condition: s\n", "Domain"), REACH_MISSING);
    CHECK(misses("Name"));
    make_end();
}

TEST(all_of_and_any_of)
{
    CHECK_INT(
        reached("  a: {Image: x}\n  b: {Product: x}\n  condition: a and b\n", "NewProcessName"),
        REACH_MISSING);
    make_end();
    CHECK_INT(
        reached("  a: {Image: x}\n  b: {Product: x}\n  condition: a or b\n", "NewProcessName"),
        REACH_PART);
    CHECK(misses("Product"));
    make_end();
    CHECK_INT(reached("  a: {Image: x}\n  b: {Product: x}\n  c: {CommandLine: y}\n"
                      "  condition: (a or b) and c\n",
                      "NewProcessName CommandLine"),
              REACH_PART);
    make_end();
    CHECK_INT(reached("  a: {Image: x}\n  b: {Product: x}\n  c: {CommandLine: y}\n"
                      "  condition: (a or b) and c\n",
                      "NewProcessName"),
              REACH_MISSING);
    make_end();
}

TEST(an_exclusion_needs_no_value)
{
    CHECK_INT(
        reached("  a: {Image: x}\n  f: {Product: x}\n  condition: a and not f\n", "NewProcessName"),
        REACH_WHOLE);
    make_end();
    CHECK_INT(reached("  a: {Image: x}\n  f: {Product: null}\n  condition: a and not f\n",
                      "NewProcessName"),
              REACH_MISSING);
    make_end();
    CHECK_INT(reached("  a: {Image: x, Product: null}\n  condition: a\n", "NewProcessName"),
              REACH_WHOLE);
    make_end();
    CHECK_INT(reached("  a: {Image: x, Product|exists: true}\n  condition: a\n", "NewProcessName"),
              REACH_MISSING);
    make_end();
    CHECK_INT(reached("  a: {Image: x, Product|exists: false}\n  condition: a\n", "NewProcessName"),
              REACH_WHOLE);
    make_end();
}

TEST(keywords_stand_anywhere)
{
    CHECK_INT(reached("  s: [mimikatz]\n  condition: s\n", ""), REACH_WHOLE);
    make_end();
}

TEST(two_fields_are_compared_only_if_both_are_there)
{
    CHECK_INT(reached("  s: {Image|fieldref: ParentImage}\n  condition: s\n", "NewProcessName"),
              REACH_MISSING);
    CHECK(misses("ParentImage"));
    make_end();
}

TEST(the_kind_decides_its_own_fields)
{
    CHECK_INT(reached("  s: {EventID: 4624, CommandLine: x}\n  condition: s\n", ""), REACH_OTHER);
    make_end();
    CHECK_INT(reached("  s: {EventID: [4624, 4688]}\n  condition: s\n", ""), REACH_WHOLE);
    make_end();
    CHECK_INT(reached("  s: {EventID|gte: 4688}\n  condition: s\n", ""), REACH_WHOLE);
    make_end();
    CHECK_INT(reached("  s: {EventID|lt: 4688}\n  condition: s\n", ""), REACH_OTHER);
    make_end();
    CHECK_INT(reached("  a: {Image: x}\n  f: {EventID: 4688}\n  condition: a and not f\n",
                      "NewProcessName"),
              REACH_OTHER);
    make_end();
    CHECK_INT(
        reached("  s: {Channel: SECURITY, Provider_Name|startswith: aud}\n  condition: s\n", ""),
        REACH_WHOLE);
    make_end();
    CHECK_INT(reached("  a: {EventID: 4624}\n  b: {Product: x}\n  condition: a or b\n", ""),
              REACH_MISSING);
    make_end();
}

TEST(entries_take_channels_and_ids)
{
    make_begin();
    make_rules_end();
    const struct taxonomy_entry *entries = made.taxonomy.entries;
    CHECK(reach_takes(&entries[1], STR("security"), STR("4688")));
    CHECK(!reach_takes(&entries[1], STR("Security"), STR("4689")));
    CHECK(!reach_takes(&entries[1], STR("System"), STR("4688")));
    CHECK(reach_takes(&entries[2], STR("Security"), STR("1")));
    CHECK(reach_tests_channel(&entries[2]));
    make_end();
}
