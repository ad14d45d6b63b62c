#!/usr/bin/env python3
"""--after and --before: which events are judged, and that the others are counted."""
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
    import os
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


run_tests(globals())
