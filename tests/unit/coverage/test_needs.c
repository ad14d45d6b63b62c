/* test_needs.c - what to switch on, the most useful first. */
#include "evidence_maker.h"

#define PROCESSES "category: process_creation, product: windows"
#define COMMAND "  s: {CommandLine: x}\n  condition: s\n"

TEST(needs_are_counted_by_rule_and_technique)
{
    make_begin();
    make_rule("a", PROCESSES, COMMAND, "t1059");
    make_rule("b", PROCESSES, "  s: {CommandLine: y}\n  condition: s\n", "t1059");
    make_rule("c", PROCESSES, "  s: {Product: y}\n  condition: s\n", "t1003");
    make_rules_end();
    make_seen("h", "Security", "4688", 2, "");
    make_seen("i", "Security", "4688", 2, "");
    make_judgement();
    CHECK_INT(made.coverage.need_count, 2);
    CHECK_STR(made.coverage.needs[0].text, "Include command lines");
    CHECK_INT(made.coverage.needs[0].rules, 2);
    CHECK_INT(made.coverage.needs[0].techniques, 1);
    CHECK_INT(made.coverage.needs[0].hosts, 2);
    CHECK_STR(made.coverage.needs[1].text, "Sysmon");
    CHECK_INT(made.coverage.needs[1].rules, 1);
    make_end();
}
