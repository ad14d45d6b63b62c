#!/usr/bin/env python3
"""`seawall search`: events by what stands in them, in everything that is read."""
import csv
import io
from pathlib import Path

from system_kit import (EXAMPLE, check, findings, one_complaint, run, run_tests, same, write_evtx,
                        write_lines)


def found(*arguments):
    result = run("search", *map(str, arguments))
    same((result.status, result.err), (0, ""))
    return findings(result.out)


def test_all_kinds_of_evidence_are_searched():
    Path("evidence").mkdir()
    write_evtx("evidence/a.evtx", 3, command="net group admins")
    write_lines("evidence/b.json", [{"deep": {"er": "NET GROUP ADMINS"}}, {"x": "net user"}])
    Path("evidence/access.log").write_text(
        '192.0.2.1 - - [14/Sep/2026:10:00:00 +0000] "GET /n?x=net group a HTTP/1.1" 200 1 '
        '"-" "-"\n')
    rows = found("net group a", "evidence")
    same(sorted(row["source"]["path"].split("/")[-1] for row in rows),
         ["a.evtx"] * 3 + ["access.log", "b.json"])
    same({row["title"] for row in rows}, {"search"})


def test_wildcards_backslashes_and_quotes():
    write_lines("e.json", [{"a": "C:\\Temp\\x.exe"}, {"a": "say \"hi\" 'there'"}, {"a": "c:/temp"}])
    same(len(found("c:\\temp\\", "e.json")), 1)
    same(len(found("c:?temp", "e.json")), 2)
    same(len(found("\"hi\" 'there'", "e.json")), 1)
    same(len(found("hi*there", "e.json")), 1)
    same(len(found("nothing", "e.json")), 0)


def test_expressions():
    write_lines("e.json", [{"a": "user42"}, {"a": "USER7"}, {"a": "user"}])
    same(len(found("--regex", "user[0-9]+$", "e.json")), 2)
    result = run("search", "--regex", "(", "e.json")
    one_complaint(result, "the pattern cannot be used", "parenthesis")


def test_outputs_and_times_are_those_of_hunt():
    result = run("search", "--output", "csv=-", "--after", "2026-09-15", "svc-backup", str(EXAMPLE))
    rows = list(csv.DictReader(io.StringIO(result.out, newline="")))
    check(rows and all(row["time"] >= "2026-09-15" for row in rows), result)


def test_what_is_missing_or_too_much_is_said():
    write_lines("e.json", [{"a": 1}])
    one_complaint(run("search"), "needs a pattern, and evidence")
    one_complaint(run("search", "x"), "search needs evidence")
    one_complaint(run("search", "", "e.json"), "the pattern is empty")
    one_complaint(run("search", "--rules", ".", "x", "e.json"), "belong to hunt")
    same(run("search", "x", "missing.json").status, 2)


run_tests(globals())
