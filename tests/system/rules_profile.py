#!/usr/bin/env python3
"""`hunt --profile-rules`: what each rule cost, counted."""
import re

from system_kit import (EXAMPLE, check, findings, hunt, process_event, run, run_tests, same,
                        write_events, write_lines, write_rule)

OTHER = "22222222-2222-4222-8222-222222222222"
THIRD = "33333333-3333-4333-8333-333333333333"
ROW = re.compile(r" *[\d.]+ +[\d.]+ +(\d+) +(\d+) +(\d+) +(\d+)  (.*) \(.*\)")


def rows(result):
    """What was counted of each rule, by its title."""
    same(result.status, 0)
    lines = result.err.splitlines()
    head = "       ms      %     judged       tests   computed   matched  rule"
    return {match[5]: tuple(map(int, match.groups()[:4]))
            for match in map(ROW.fullmatch, lines[lines.index(head):]) if match}


def test_counts():
    write_rule()
    write_rule("rules/two.yml", text="hostname", rule_id=OTHER, title="Two")
    write_rule("rules/never.yml", text="never", rule_id=THIRD, title="Never")
    write_lines("e.json", [process_event(number, "whoami" if number % 3 else "hostname")
                           for number in range(1, 31)])
    for threads in ("1", "2", "8"):
        result = hunt("--profile-rules", "--quiet", "--threads", threads, "e.json")
        same(rows(result), {"Who Am I": (20, 20, 0, 20), "Two": (10, 10, 0, 10)})
        check("What rules cost: 30 events that rules are about\n" in result.err, result)
        check("2 rules by themselves; of 1 no test came true\n" in result.err, result)
        same(len(findings(result.out)), 30)


def test_events_that_no_rule_is_about_cost_none():
    write_rule()
    write_lines("e.json", [{"a": 1}, {"b": 2}])
    result = hunt("--profile-rules", "--quiet", "e.json")
    same(rows(result), {})
    check("What rules cost: 0 events that rules are about\n" in result.err, result)


def test_the_report_and_the_findings_are_the_same():
    plain = run("hunt", "--quiet", "--output", "jsonl=-", str(EXAMPLE))
    profiled = run("hunt", "--quiet", "--profile-rules", "--output", "jsonl=-", str(EXAMPLE))
    same((plain.status, plain.err), (profiled.status, ""))
    same(profiled.out, plain.out)
    counted = rows(profiled)
    check(0 < len(counted) <= 30 and "more rules\n" in profiled.err, profiled)
    for judged, tests, computed, matched in counted.values():
        check(judged >= matched and tests >= judged and computed <= tests, counted)


def test_it_comes_behind_the_report():
    write_rule()
    write_events("e.json")
    result = run("hunt", "--only-rules", "rules", "--profile-rules", "e.json")
    same(result.status, 0)
    check("1 finding of 1 rule" in result.out and "What rules cost" not in result.out, result)
    check(result.err.startswith("\nWhat rules cost: 1 event"), result)


run_tests(globals())
