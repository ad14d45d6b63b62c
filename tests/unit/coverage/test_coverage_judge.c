/* test_coverage_judge.c - a verdict for each rule, and why. */
#include "evidence_maker.h"

#define PROCESSES "category: process_creation, product: windows"
#define SECURITY "product: windows, service: security"
#define IMAGE "  s: {Image: x}\n  condition: s\n"
#define COMMAND "  s: {CommandLine: x}\n  condition: s\n"
#define EITHER "  a: {Image: x}\n  b: {Product: x}\n  condition: a or b\n"

enum { SYSMON = 1, CREATION = 2, ANY = 4, SSHD = 8 };

#define CHECK_HAS(text, part) CHECK(str_contains(text, STR(part)))

TEST(clean_is_said_where_all_would_have_been_seen)
{
    make_begin();
    make_rule("image", PROCESSES, IMAGE, "t1059");
    make_rule("command", PROCESSES, COMMAND, "t1059");
    make_rule("either", PROCESSES, EITHER, "t1059");
    make_rules_end();
    make_seen("h", "Security", "4688", CREATION | ANY, "NewProcessName");
    make_judgement();
    CHECK(made.coverage.judged);
    CHECK_INT(made_rule("image").verdict, COVERAGE_CLEAN);
    CHECK_INT(made_rule("image").because.count, 0);
    CHECK_INT(made_rule("command").verdict, COVERAGE_BLIND);
    CHECK_STR(made_rule("command").because.at[0],
              "it needs what is never filled: CommandLine; to be switched on: Include command "
              "lines");
    CHECK_INT(made_rule("either").verdict, COVERAGE_WEAKENED);
    CHECK_STR(made_rule("either").because.at[0],
              "part of it can never be true, without a value in Product; to be switched on: "
              "Sysmon");
    CHECK_INT(made.coverage.rules_by_verdict[COVERAGE_CLEAN], 1);
    make_end();
}

TEST(what_was_found_is_a_hit)
{
    make_begin();
    make_rule("command", PROCESSES, COMMAND, "t1059");
    make_rules_end();
    make_seen("h", "Security", "4688", CREATION | ANY, "NewProcessName");
    made.found[0] = 3;
    make_judgement();
    CHECK_INT(made_rule("command").verdict, COVERAGE_HIT);
    CHECK_INT(made_rule("command").findings, 3);
    make_end();
}

TEST(the_best_log_of_a_host_counts)
{
    make_begin();
    make_rule("command", PROCESSES, COMMAND, "t1059");
    make_rules_end();
    make_seen("h", "Security", "4688", CREATION | ANY, "NewProcessName");
    make_seen("h", "Sysmon", "1", SYSMON, "CommandLine");
    make_judgement();
    CHECK_INT(made_rule("command").verdict, COVERAGE_CLEAN);
    make_end();
}

TEST(one_host_does_not_hide_another)
{
    make_begin();
    make_rule("command", PROCESSES, COMMAND, "t1059");
    make_rules_end();
    make_seen("a", "Security", "4688", CREATION | ANY, "CommandLine");
    make_seen("b", "Security", "4688", CREATION | ANY, "");
    make_seen("c", "Security", "4624", ANY, "");
    make_judgement();
    struct covered_rule rule = made_rule("command");
    CHECK_INT(rule.verdict, COVERAGE_WEAKENED);
    CHECK_INT(rule.hosts, 3);
    CHECK_INT(rule.hosts_clean, 1);
    CHECK_INT(rule.hosts_blind, 2);
    CHECK_INT(rule.because.count, 2);
    CHECK_STR(rule.because.at[0], "what it looks for is not recorded on 1 of 3 hosts; to be "
                                  "switched on: Audit Process Creation");
    CHECK_HAS(rule.because.at[1], "never filled on 1 of 3 hosts: CommandLine");
    make_end();
}

TEST(a_log_that_is_absent_makes_blind)
{
    make_begin();
    make_rule("image", PROCESSES, IMAGE, "t1059");
    make_rules_end();
    make_seen("h", "Application", "1000", 0, "");
    make_judgement();
    CHECK_INT(made_rule("image").verdict, COVERAGE_BLIND);
    CHECK_HAS(made_rule("image").because.at[0], "Audit Process Creation");
    make_end();
}

/* Of the group that is recorded by default none happened; of the other nobody knows. */
TEST(a_log_without_the_events_says_what_it_would_have)
{
    make_begin();
    make_rule("logon", SECURITY, "  s: {EventID: 4625}\n  condition: s\n", "t1110");
    make_rule("share", SECURITY, "  s: {EventID: 5142}\n  condition: s\n", "t1135");
    make_rule("other", SECURITY, "  s: {EventID: 4999}\n  condition: s\n", "t1135");
    make_rules_end();
    make_seen("h", "Security", "4688", CREATION | ANY, "");
    make_judgement();
    CHECK_INT(made_rule("logon").verdict, COVERAGE_CLEAN);
    CHECK_INT(made_rule("share").verdict, COVERAGE_BLIND);
    CHECK_HAS(made_rule("share").because.at[0], "Audit File Share");
    CHECK_INT(made_rule("other").verdict, COVERAGE_CLEAN);
    make_seen("h", "Security", "5140", ANY, "");
    make_judgement();
    CHECK_INT(made_rule("share").verdict, COVERAGE_CLEAN);
    make_end();
}

/* Its own id was there, but in no form that the rule could be about. */
TEST(events_that_no_entry_holds_for_prove_nothing)
{
    make_begin();
    make_rule("image", PROCESSES, IMAGE, "t1059");
    make_rules_end();
    make_seen("h", "Security", "4688", 0, "NewProcessName");
    make_judgement();
    CHECK_INT(made_rule("image").verdict, COVERAGE_BLIND);
    make_end();
}

TEST(rules_of_other_systems_are_not_judged)
{
    make_begin();
    make_rule("image", PROCESSES, IMAGE, "t1059");
    make_rule("ssh", "product: linux, service: sshd", "  s: [x]\n  condition: s\n", "t1021.004");
    make_rules_end();
    make_seen("h", "sshd", "", SSHD, "");
    make_judgement();
    CHECK_INT(made.coverage.rules_elsewhere, 1);
    CHECK_INT(made.coverage.rule_count, 1);
    CHECK_INT(made_rule("ssh").verdict, COVERAGE_CLEAN);
    make_end();
}

TEST(a_correlation_sees_no_more_than_its_rules)
{
    struct str text = STR("title: both\n"
                          "correlation:\n"
                          "  type: temporal\n"
                          "  rules: [image, command]\n"
                          "  group-by: [Computer]\n"
                          "  timespan: 5m\n"
                          "level: high\n");

    make_begin();
    rule_set_add(&made.rules, STR("a"),
                 STR("title: image\nname: image\nlogsource: {category: process_creation, product: "
                     "windows}\ndetection:\n" IMAGE),
                 NULL);
    rule_set_add(&made.rules, STR("b"),
                 STR("title: command\nname: command\nlogsource: {category: process_creation, "
                     "product: windows}\ndetection:\n" COMMAND),
                 NULL);
    rule_set_add(&made.rules, STR("c"), text, NULL);
    make_rules_end();
    make_seen("h", "Security", "4688", CREATION | ANY, "NewProcessName");
    make_judgement();
    CHECK_INT(made.coverage.rule_count, 1); /* the others report nothing of their own */
    CHECK_INT(made_rule("both").verdict, COVERAGE_BLIND);
    CHECK_INT(made_rule("both").because.count, 1);
    make_end();
}

TEST(without_events_nothing_is_judged)
{
    make_begin();
    make_rule("image", PROCESSES, IMAGE, "t1059");
    make_rules_end();
    make_judgement();
    CHECK(!made.coverage.judged);
    CHECK_INT(made.coverage.rule_count, 0);
    make_end();
}
