#!/usr/bin/env python3
"""The same record in an archived log, a shadow copy or a second collection is one finding."""
import os
import shutil
from pathlib import Path

from system_kit import check, findings, run, run_tests, same, write_evtx, write_lines, write_rule


def hunt(*arguments):
    result = run("hunt", "--only-rules", "rules", "--output", "jsonl=o.jsonl", *arguments)
    same(result.status, 0)
    return result, findings(Path("o.jsonl").read_text())


def test_a_copied_log_adds_nothing_and_is_counted():
    write_rule()
    os.makedirs("f/b")
    write_evtx("f/b/log.evtx", 50)
    once, found = hunt("f")
    check(len(found) > 0, once)
    shutil.copy("f/b/log.evtx", "f/copy.evtx")
    shutil.copy("f/b/log.evtx", "f/a.evtx")
    thrice, found_again = hunt("f")
    same(len(found_again), len(found))
    same({row["source"]["path"] for row in found_again}, {"f/a.evtx"})
    check(f"{2 * len(found)} findings left out" in thrice.out, thrice)


def test_lines_that_are_alike_are_two_events():
    write_rule()
    line = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1,
            "Provider_Name": "Microsoft-Windows-Sysmon", "CommandLine": "whoami",
            "TimeCreated": "2026-01-01T00:00:00Z", "Computer": "h"}
    os.makedirs("f")
    write_lines("f/a.json", [line, line])
    same(len(hunt("f")[1]), 2)
    line["EventRecordID"] = 7
    write_lines("f/a.json", [line, line])
    same(len(hunt("f")[1]), 1)


run_tests(globals())
