#!/usr/bin/env python3
"""Where findings and complaints go, and with which status a run ends."""
import csv
import io
import json
import os
import threading
from pathlib import Path

from system_kit import (as_nobody, check, findings, has_complaint, hunt, one_complaint,
                        process_event, run, run_tests, same, write_events, write_lines, write_rule)

LEVELS = ("informational", "low", "medium", "high", "critical")


def evidence(**fields):
    """One event that is found at the level medium; returns the arguments of a quiet hunt."""
    write_rule()
    write_events("e.json", **fields)
    return ["hunt", "--quiet", "--only-rules", "rules", "e.json"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


# ---- standard output and standard error ----

def test_without_a_dash_the_report_goes_to_standard_output():
    evidence()
    for arguments in ([], ["--output", "jsonl=o.jsonl", "--output", "csv=o.csv"]):
        result = run("hunt", "--only-rules", "rules", "e.json", *arguments)
        same((result.status, result.err), (0, ""))
        check(result.out.startswith("Were we hit?") and "Timeline (UTC)" in result.out, result)
        check("\x1b" not in result.out, "colours where there is no terminal")
    same(len(findings(Path("o.jsonl").read_text())), 1)
    same(len(rows(Path("o.csv").read_text())), 1)


def test_a_dash_is_standard_output():
    evidence()
    for name, count in (("jsonl", lambda text: len(findings(text))),
                        ("csv", lambda text: len(rows(text)))):
        result = run("hunt", "--only-rules", "rules", "--output", f"{name}=-", "e.json")
        same((result.status, count(result.out)), (0, 1))
        check(result.err.startswith("Were we hit?"), "the summary goes to standard error", result)
        check("1 of 1 rule" not in result.out and "Timeline" not in result.err, result)
    result = run("hunt", "--only-rules", "rules", "--output", "terminal=-", "e.json")
    same((result.status, result.err), (0, ""))
    check("Timeline (UTC)" in result.out, result)
    result = run("hunt", "--only-rules", "rules", "--output", "terminal=o.txt", "--output",
                 "jsonl=-", "e.json")
    same((result.status, result.err, len(findings(result.out))), (0, "", 1))
    check("Timeline (UTC)" in Path("o.txt").read_text(), "no report in the file")


def test_quiet_leaves_errors_alone():
    quiet = evidence()
    result = run(*quiet, "--output", "jsonl=o.jsonl", "--sandbox", "off")
    same((result.status, result.out, result.err), (0, "", ""))
    same(len(findings(Path("o.jsonl").read_text())), 1)
    result = run(*quiet, "--output", "csv=-")
    same((result.status, result.err, len(rows(result.out))), (0, "", 1))
    result = run(*quiet, "nosuch")
    same((result.status, result.out), (2, ""))
    one_complaint(result, "cannot read nosuch: it does not exist")


def test_nothing_found():
    evidence(command="dir")
    result = run("hunt", "--only-rules", "rules", "e.json", "--output", "jsonl=o.jsonl",
                 "--output", "csv=o.csv")
    same((result.status, result.err), (0, ""))
    check("No rule matched" in result.out and "Timeline" not in result.out, result)
    same(Path("o.jsonl").read_bytes(), b"")
    same(Path("o.csv").read_text().count("\n"), 1)


def test_no_rule_at_all_cannot_tell():
    write_events("e.json")
    os.mkdir("rules")
    result = run("hunt", "--only-rules", "rules", "e.json")
    same((result.status, result.err), (0, ""))
    check("Cannot tell, because no loaded rule is about these log sources" in result.out, result)


# ---- files ----

def test_several_outputs_of_one_kind():
    quiet = evidence()
    same(run(*quiet, "--output", "csv=a", "--output", "csv=b", "--output", "csv=-").status, 0)
    same(Path("a").read_bytes(), Path("b").read_bytes())


def test_two_names_of_one_file():
    quiet = evidence()
    os.mkdir("d")
    os.symlink("d", "link")
    Path("there").write_text("old\n")
    os.symlink("there", "linked")
    for one, other in (("a", "./a"), ("d/a", "link/a"), ("there", "linked"),
                       ("a", os.path.abspath("a"))):
        result = run(*quiet, "--output", f"csv={one}", "--output", f"jsonl={other}")
        same((result.status, result.out), (1, ""))
        one_complaint(result, f"the outputs {one} and {other} are the same file")
    same(sorted(os.listdir()), ["d", "e.json", "link", "linked", "rules", "there"])
    same(run(*quiet, "--output", "csv=-", "--output", "jsonl=./-").status, 0)
    same(len(findings(Path("./-").read_text())), 1)
    same((os.listdir("d"), Path("there").read_text()), ([], "old\n"))


def test_an_output_replaces_what_was_there():
    quiet = evidence()
    Path("o").write_text("old\n" * 1000)
    os.chmod("o", 0o640)
    os.mkdir("d")
    os.symlink("../o", "d/link")
    same(run(*quiet, "--output", "jsonl=d/link").status, 0)
    same((os.stat("o").st_mode & 0o777, os.path.islink("d/link")), (0o640, True))
    same(len(findings(Path("o").read_text())), 1)
    same(run(*quiet, "--output", "jsonl=new").status, 0)
    same(os.stat("new").st_mode & 0o777, 0o644)


def test_outputs_that_cannot_be_made():
    quiet = evidence()
    os.mkdir("d")
    os.mkdir("closed", mode=0o555)
    for path, reason in (("nosuch/o", "it does not exist"), ("d", "it is a folder"),
                         ("e.json/o", "it does not exist"), ("closed/o", "permission denied"),
                         ("x" * 300, "its name is too long")):
        result = run(*quiet, "--output", f"csv={path}", **as_nobody())
        same((result.status, result.out), (4, ""))
        one_complaint(result, f"cannot write the output {path}: {reason}")
    same((os.listdir("d"), os.listdir("closed")), ([], []))


def test_one_output_that_fails_leaves_the_others():
    quiet = evidence()
    result = run(*quiet, "--output", "csv=/dev/full", "--output", "jsonl=o.jsonl")
    same((result.status, result.out), (4, ""))
    one_complaint(result, "cannot write the output /dev/full: no space left on the device")
    same(len(findings(Path("o.jsonl").read_text())), 1)


def test_standard_output_that_is_full():
    quiet = evidence()
    with open("/dev/full", "wb") as full:
        result = run(*quiet, "--output", "jsonl=-", "--output", "csv=o.csv", stdout=full)
    same(result.status, 4)
    one_complaint(result, "cannot write the output -: no space left on the device")
    same(len(rows(Path("o.csv").read_text())), 1)


def test_a_reader_that_goes_away():
    evidence()
    ours, theirs = os.pipe()
    os.close(ours)
    result = run("hunt", "e.json", stdout=theirs)
    same(result.status, 4)
    one_complaint(result, "cannot write the output -: nobody reads it any more")
    same(run("cat", "e.json", stdout=theirs).status, 0)
    write_events("many.json", 20000)
    ours, theirs = os.pipe()
    thread = threading.Thread(target=lambda: (os.read(ours, 1000), os.close(ours)))
    thread.start()
    result = run("cat", "many.json", stdout=theirs)
    thread.join()
    same((result.status, result.err), (0, ""))


def test_an_output_may_be_a_pipe():
    quiet = evidence()
    os.mkfifo("pipe")
    got = []
    thread = threading.Thread(target=lambda: got.append(Path("pipe").read_text()))
    thread.start()
    same(run(*quiet, "--output", "jsonl=pipe").status, 0)
    thread.join()
    same(len(findings(got[0])), 1)


# ---- levels ----

def write_rules_of_each_level():
    for number, level in enumerate(LEVELS):
        write_rule(f"rules/{level}.yml", level=level, title=level,
                   rule_id=f"{number}1111111-1111-4111-8111-111111111111")


def test_min_level():
    write_rules_of_each_level()
    write_events("e.json")
    for number, level in enumerate(LEVELS):
        result = hunt("--min-level", level, "e.json", "--quiet")
        same({finding["level"] for finding in findings(result.out)}, set(LEVELS[number:]))
        same(len(findings(result.out)), len(LEVELS) - number)
        report = run("hunt", "--only-rules", "rules", "--min-level", level, "e.json").out
        check(f"{5 - number} finding" in report, report)


def test_fail_on():
    write_rule()
    write_events("e.json")
    for number, level in enumerate(LEVELS):
        same(hunt("--fail-on", level, "e.json").status, 3 if number <= 2 else 0)
    same(hunt("--fail-on", "low", "--min-level", "high", "e.json").status, 0)
    write_events("f.json", command="dir")
    same(hunt("--fail-on", "informational", "f.json").status, 0)


# ---- exit status ----

def test_the_status_that_counts_most():
    """Wrong usage, then outputs, then --fail-on, then evidence."""
    quiet = evidence()
    full, reached, missing = ["--output", "csv=/dev/full"], ["--fail-on", "low"], ["nosuch"]
    wrong = ["--rules", "nosuch.yml"]
    for status, arguments in ((0, []), (2, missing), (3, reached), (3, reached + missing),
                              (4, full), (4, full + missing), (4, full + reached + missing),
                              (1, wrong), (1, wrong + full + reached + missing)):
        same((arguments, run(*quiet, *arguments).status), (arguments, status))


def test_what_is_status_0_by_itself():
    write_rule()
    Path("rules/refused.yml").write_text("title: x\nlogsource: {}\ndetection: {}\n")
    write_events("f/e.json")
    Path("f/notes.txt").write_text("buy milk\n")
    write_lines("f/damaged.json", [process_event(2)])
    with open("f/damaged.json", "a", encoding="utf-8") as file:
        file.write('{"broken": \n' + json.dumps(process_event(3)) + "\n")
    result = run("hunt", "--only-rules", "rules", "f")
    same((result.status, result.err), (0, ""))
    for row in ("  1 file of unknown format", "  1 rule was refused", "  1 damaged stretch",
                "  1 record was lost in damage", "    f/notes.txt", "    f/damaged.json at byte "):
        check(f"\n{row}" in result.out, f"no {row!r}", result)
    check("3 findings of 1 rule" in result.out, result)


def test_hostile_texts_are_shown():
    write_rule(title="Red \x1b[31m Rule")
    write_events("e.json", host="h\x1b[2J\u202egnp.exe", command="whoami \x1b]0;title\x07")
    result = run("hunt", "--only-rules", "rules", "e.json")
    check("Red" in result.out and "\x1b" not in result.out and "\x07" not in result.out, result)
    check("\u202e" not in result.out and "h\\x1b[2J\\u{202e}gnp.exe" in result.out, result)
    has_complaint(run("hunt", "no\x1b[2Jsuch"), "cannot read no\\x1b[2Jsuch")


run_tests(globals())
