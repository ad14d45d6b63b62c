#!/usr/bin/env python3
"""--after and --before: which events are judged, and that the others are counted."""
import os
import re

from system_kit import (check, findings, process_event, run, run_tests, same, write_lines,
                        write_rule)


def lines_between(*arguments):
    """The lines of e.json that are judged, and the report."""
    report = run("hunt", "--only-rules", "rules", "--output", "jsonl=o.jsonl", *arguments, "e.json")
    check(report.status == 0, report)
    with open("o.jsonl", encoding="utf-8") as file:
        found = findings(file.read())
    return sorted(finding["source"]["line"] for finding in found), report.out


def write_times(*times):
    """An event for each time; None is an event without one."""
    write_rule()
    events = []
    for time in times:
        event = process_event()
        if time is None:
            del event["Event"]["System"]["TimeCreated"]
        else:
            event["Event"]["System"]["TimeCreated"]["#attributes"]["SystemTime"] = time
        events.append(event)
    write_lines("e.json", events)


def test_after_takes_its_moment_in_and_before_does_not():
    write_times("2026-09-14T09:59:59.999999900Z", "2026-09-14T10:00:00Z",
                "2026-09-14T10:00:00.000000100Z")
    moment = "2026-09-14T10:00:00Z"
    same(lines_between("--after", moment)[0], [2, 3])
    same(lines_between("--before", moment)[0], [1])
    same(lines_between("--after", moment, "--before", "2026-09-14T10:00:00.0000001Z")[0], [2])
    same(lines_between()[0], [1, 2, 3])


def test_a_date_begins_at_midnight_utc():
    write_times("2026-09-13T23:59:59.9999999Z", "2026-09-14T00:00:00Z", "2026-09-14T23:59:59Z",
                "2026-09-15T00:00:00Z")
    same(lines_between("--after", "2026-09-14", "--before", "2026-09-15")[0], [2, 3])


def test_zones():
    write_times("2026-09-14T09:59:59Z", "2026-09-14T10:00:00Z")
    for text in ("2026-09-14T10:00:00", "2026-09-14 10:00:00", "2026-09-14T10:00:00Z",
                 "2026-09-14T12:00:00+02:00", "2026-09-14T04:30:00-05:30"):
        same(lines_between("--after", text)[0], [2])
        same(lines_between("--before", text)[0], [1])


def test_the_zone_of_the_machine_does_not_matter():
    write_times("2026-09-14T00:30:00Z", "2026-09-13T23:30:00Z")
    os.environ["TZ"] = "Asia/Tokyo"
    try:
        same(lines_between("--after", "2026-09-14")[0], [1])
    finally:
        os.environ["TZ"] = "UTC"


def test_the_zones_of_the_events_count():
    write_times("2026-09-14T01:00:00+02:00", "2026-09-13T22:00:00-03:00")
    same(lines_between("--after", "2026-09-14")[0], [2])


def test_events_without_a_time_pass_and_are_counted():
    write_times(None, "2026-09-14T10:00:00Z", None, "2026-09-16T10:00:00Z")
    lines, report = lines_between("--before", "2026-09-15")
    same(lines, [1, 2, 3])
    check(re.search(r"^  1 event outside --after and --before$", report, re.M), report)
    check(re.search(r"^  2 events without a time", report, re.M), report)
    check("· 4 events\n" in report, report)
    lines, report = lines_between()
    same(lines, [1, 2, 3, 4])
    check(re.search(r"^  2 events without a time", report, re.M), report)
    check("outside" not in report, report)


def test_the_span_is_that_of_the_events_judged():
    write_times("2026-09-14T10:00:00Z", "2026-09-15T10:00:00Z", "2026-09-16T10:00:00Z")
    span = "Span       2026-09-15 10:00:00 to 2026-09-15 10:00:00 UTC"
    check(span in lines_between("--after", "2026-09-15", "--before", "2026-09-16")[1], span)
    report = lines_between("--after", "2027-01-01")[1]
    check("Span" not in report and "3 events outside" in report, report)
    check("Were we hit?  Cannot tell, because no event is between --after and --before" in report,
          report)


def first_time(*arguments):
    """The time of the only finding, and the report."""
    report = run("hunt", "--only-rules", "rules", "--output", "jsonl=o.jsonl", *arguments)
    same((report.status, report.err), (0, ""))
    with open("o.jsonl", encoding="utf-8") as file:
        return findings(file.read())[0]["time"], report.out


def write_keyword_rule():
    os.makedirs("rules", exist_ok=True)
    with open("rules/keyword.yml", "w", encoding="utf-8") as file:
        file.write("title: keyword\nid: 7b1d5a52-9a0c-4f6c-8d0a-5d6c3b2a1f00\n"
                   "logsource: {product: linux}\nlevel: high\n"
                   "detection:\n  k: [attacked]\n  condition: k\n")


def write_syslog(name, text, changed):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
    os.utime(name, (changed, changed))


def test_the_year_of_syslog_is_that_of_the_file():
    write_keyword_rule()
    changed = 1789387200  # 2026-09-14T12:00:00Z
    write_syslog("a.log", "Sep 14 10:00:00 web-01 a: attacked\n", changed)
    same(first_time("a.log")[0], "2026-09-14T10:00:00.000000000Z")
    write_syslog("a.log", "Dec 31 10:00:00 web-01 a: attacked\n", changed)
    same(first_time("a.log")[0], "2025-12-31T10:00:00.000000000Z")


def test_timezone():
    write_keyword_rule()
    write_syslog("a.log", "Sep 14 10:00:00 web-01 a: attacked\n", 1789387200)
    for zone, time in (("UTC", "10:00"), ("+09:00", "01:00"), ("-0330", "13:30"),
                       ("Europe/Berlin", "08:00")):
        found, report = first_time("--timezone", zone, "a.log")
        same(found, f"2026-09-14T{time}:00.000000000Z")
        check(f"\nZone       1 time says no zone and was taken as {zone}" in report, report)
    check("taken as UTC" in first_time("a.log")[1], "the default is said, too")
    shown = run("cat", "--timezone", "+09:00", "a.log")
    check(shown.out.startswith('{"timestamp":"2026-09-14T01:00:00.000000000Z"'), shown)
    same(run("cat", "--timezone=+09:00", "a.log").out, shown.out)
    write_syslog("a.log", "2026-09-14T10:00:00+02:00 web-01 a: attacked\n", 1789387200)
    found, report = first_time("--timezone", "+09:00", "a.log")
    same(found, "2026-09-14T08:00:00.000000000Z")
    check("Zone" not in report, report)


def test_a_zone_that_does_not_exist_is_wrong_usage():
    write_keyword_rule()
    write_syslog("a.log", "Sep 14 10:00:00 web-01 a: attacked\n", 1789387200)
    for command in (["hunt", "--only-rules", "rules"], ["cat"]):
        for zone in ("Nowhere/Else", "../../../etc/passwd", "25:00", ""):
            result = run(*command, "--timezone", zone, "a.log")
            same(result.status, 1)
            check(f"--timezone {zone}: it is no offset" in result.err, result)


run_tests(globals())
