#!/usr/bin/env python3
"""`hunt --indicators`: each form, alone and beside rules, and what the report says of them."""
import json
import os
from pathlib import Path

from system_kit import (EXAMPLE, ROOT, check, findings, has_complaint, one_complaint, run,
                        run_tests, same)

STIX = ROOT / "examples/intrusion/indicators.json"


def write_event(path, **fields):
    event = {"EventID": 22, "Channel": "Microsoft-Windows-Sysmon/Operational",
             "Provider_Name": "Microsoft-Windows-Sysmon", "Computer": "ws-01",
             "UtcTime": "2026-09-14 10:00:00.000"} | fields
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")


def look(*arguments, **options):
    """`hunt` by indicators alone."""
    os.makedirs("norules", exist_ok=True)
    return run("hunt", "--only-rules", "norules", *arguments, **options)


def found(*arguments):
    result = look("--quiet", "--output", "jsonl=-", *arguments)
    check(result.status in (0, 2), result)
    return findings(result.out)


def test_forms_and_kinds():
    Path("list.txt").write_text("evil[.]example # Example Group\n203.0.113.0/24\n"
                                "d41d8cd98f00b204e9800998ecf8427e\nupd32.exe\n")
    write_event("e.json", QueryName="www.evil.example")
    write_event("e.json", CommandLine="ftp 203.0.113.9", Image="C:\\x\\upd32.exe")
    write_event("e.json", Hashes="MD5=D41D8CD98F00B204E9800998ECF8427E")
    write_event("e.json", QueryName="good.example")
    rows = found("--indicators", "list.txt", "e.json")
    same([row["kind"] for row in rows], ["indicator"] * 4)
    same([(row["source"]["line"], row["matched"]) for row in rows],
         [(1, {"QueryName": "www.evil.example"}), (2, {"CommandLine": "ftp 203.0.113.9"}),
          (2, {"Image": "C:\\x\\upd32.exe"}),
          (3, {"Hashes": "MD5=D41D8CD98F00B204E9800998ECF8427E"})])
    same(rows[0]["title"], "Domain evil.example is an indicator of Example Group")
    check(rows[0]["id"].startswith("x-") and len(rows[0]["id"]) == 18, rows[0])
    check("evil.example" in rows[0]["why"], rows[0])


def test_stix_with_rules():
    result = run("hunt", "--indicators", str(STIX), "--output", "jsonl=-", "--quiet", str(EXAMPLE))
    rows = findings(result.out)
    kinds = [row["kind"] for row in rows]
    check(kinds.count("rule") == 77 and kinds.count("indicator") == 44, kinds)
    address = next(row for row in rows if row["kind"] == "indicator")
    same(address["attack"], ["T1505.003"])
    check(address["id"].startswith("indicator--"), address)
    same(sorted(row["time"] for row in rows), [row["time"] for row in rows])
    report = look("--indicators", str(STIX), str(EXAMPLE)).out
    check("\nIndicators 3 loaded · 1 file · 1 not usable\n" in report, report)
    check("a pattern with FOLLOWEDBY: 1, such as [file:name" in report, report)
    check("44 findings of 3 indicators on 1 host" in report, report)


def test_the_same_for_any_number_of_threads():
    texts = {look("--quiet", "--threads", threads, "--output", "jsonl=-", "--indicators", str(STIX),
                  str(EXAMPLE)).out for threads in ("1", "2", "8")}
    same(len(texts), 1)


def test_misp_and_csv():
    Path("event.json").write_text(json.dumps({"Event": {
        "info": "Campaign", "threat_level_id": "3", "Attribute": [
            {"uuid": "u-1", "type": "domain", "value": "evil.example", "to_ids": True},
            {"uuid": "u-2", "type": "domain", "value": "good.example", "to_ids": False}]}}))
    Path("feed.csv").write_text("indicator,type,description\nbad.example,domain,Feed\n")
    write_event("e.json", QueryName="evil.example")
    write_event("e.json", QueryName="good.example")
    write_event("e.json", QueryName="bad.example")
    rows = found("--indicators", "event.json", "--indicators", "feed.csv", "e.json")
    same([(row["id"], row["level"]) for row in rows], [("u-1", "low"), (rows[1]["id"], "high")])
    same(rows[1]["title"], "Domain bad.example is an indicator of Feed")
    report = look("--indicators", "event.json", "--indicators", "feed.csv", "e.json").out
    check("2 loaded · 2 files · 1 ignored, as its list says" in report, report)
    check("\n           event.json (MISP): 1 used, 0 not usable, 1 ignored\n" in report, report)


def test_a_folder():
    os.makedirs("feeds/sub")
    Path("feeds/a.txt").write_text("evil.example\n")
    Path("feeds/sub/b.csv").write_text("domain,description\nbad.example,x\n")
    Path("feeds/README.md").write_text("good.example\n")
    Path("feeds/broken.json").write_text("{")
    for name in ("evil", "bad", "good"):
        write_event("e.json", QueryName=f"{name}.example")
    same(len(found("--indicators", "feeds", "e.json")), 2)
    report = look("--indicators", "feeds", "e.json").out
    check("2 loaded · 2 files" in report and "\n    feeds/broken.json: " in report, report)


def test_levels():
    Path("list.txt").write_text("evil.example\n")
    Path("old.json").write_text(json.dumps([{
        "type": "indicator", "id": "indicator--1", "pattern": "[domain-name:value = 'old.example']",
        "valid_until": "2026-09-14T09:00:00Z"}]))
    write_event("e.json", QueryName="evil.example")
    write_event("e.json", QueryName="old.example")
    rows = found("--indicators", "list.txt", "--indicators", "old.json", "e.json")
    same([row["level"] for row in rows], ["high", "low"])
    check(rows[1]["why"].endswith("; the indicator expired before"), rows[1])
    same(len(found("--indicators", "list.txt", "--indicators", "old.json", "--min-level", "medium",
                   "e.json")), 1)
    same(look("--quiet", "--fail-on", "high", "--indicators", "list.txt", "e.json").status, 3)


def test_the_answer():
    Path("list.txt").write_text("evil.example\n")
    write_event("e.json", QueryName="good.example")
    report = look("--indicators", "list.txt", "e.json").out
    check("Were we hit?  No indicator matched" in report, report)
    report = run("hunt", "--indicators", "list.txt", "e.json").out
    check("Were we hit?  No rule and no indicator matched" in report, report)


def test_duplicates_are_told_once():
    Path("list.txt").write_text("evil.example\n")
    write_event("a.json", QueryName="evil.example", EventRecordID=7)
    write_event("b.json", QueryName="evil.example", EventRecordID=7)
    same(len(found("--indicators", "list.txt", "a.json", "b.json")), 1)


def test_what_cannot_be_used():
    write_event("e.json", QueryName="good.example")
    for path, parts in (("nosuch.txt", ["it does not exist"]), ("broken.json", ["broken.json"]),
                        ("binary", ["NUL bytes"])):
        Path("broken.json").write_text('{"a": 1}')
        Path("binary").write_bytes(b"MZ\0\0")
        result = look("--indicators", path, "e.json")
        same((result.status, result.out), (1, ""))
        one_complaint(result, "the indicators in " + path, *parts)
    has_complaint(look("--indicators"), "--indicators needs a value")


def test_text_logs():
    Path("list.txt").write_text("198.51.100.7\nhttp://evil.example/kit.js\n")
    Path("access.log").write_text(
        '198.51.100.7 - - [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "x"\n'
        '192.0.2.1 - - [22/Nov/2026:10:00:01 +0000] "GET / HTTP/1.1" 200 5 '
        '"http://evil.example/kit.js" "x"\n')
    rows = found("--indicators", "list.txt", "access.log")
    same([(row["source"]["line"], list(row["matched"])[0]) for row in rows],
         [(1, "c-ip"), (2, "cs-referer")])


run_tests(globals())
