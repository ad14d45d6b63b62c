#!/usr/bin/env python3
"""Attacks on web software: what is told of them, and how many are found in real ones."""
import json
import subprocess
import sys
from pathlib import Path

from system_kit import PROGRAM, ROOT, check, findings, need_data, run, run_tests, same

CLOCK = "[22/Nov/2026:10:00:00 +0000]"
IIS = ("#Software: Microsoft Internet Information Services 10.0\r\n"
       "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
       "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\r\n")


def access_line(target, status=404, agent="-", referrer="-"):
    return f'192.0.2.1 - - {CLOCK} "GET {target} HTTP/1.1" {status} 5 "{referrer}" "{agent}"\n'


def attacks(*lines, arguments=()):
    """Of each attack: id, level, field and the sentence."""
    Path("access.log").write_text("".join(lines))
    result = run("hunt", "--quiet", "--output", "jsonl=-", *arguments, "access.log")
    same((result.status, result.err), (0, ""))
    return [(row["id"], row["level"], *row["matched"], row["why"])
            for row in findings(result.out) if row["kind"] == "analytic"]


def test_what_is_told():
    lines = [access_line("/a?b=1%27+or+%271%27=%271"),
             access_line("/a?b=1%27+or+%271%27=%271", 200),
             access_line("/", agent="() { :;}; /bin/id")]
    same(sorted(attacks(*lines)), [
        ("web-command", "low", "cs-user-agent", "the user agent holds a function in a variable "
         "(CVE-2014-6271): () { :;}; /bin/id"),
        ("web-sql-injection", "low", "cs-uri-query", "a parameter holds a condition of its own: "
         "1%27+or+%271%27=%271"),
        ("web-sql-injection-answered", "medium", "cs-uri-query", "a parameter holds a condition of "
         "its own: 1%27+or+%271%27=%271")])


def test_of_iis():
    Path("iis.log").write_text(IIS + "2026-11-22 10:00:00 10.0.0.5 GET /a.asp "
                               "b=<script>alert(1) 80 - 192.0.2.1 Mozilla/5.0+(X11) - "
                               "500 0 0 1\r\n")
    result = run("hunt", "--quiet", "--output", "jsonl=-", "iis.log")
    same([row["id"] for row in findings(result.out) if row["kind"] == "analytic"],
         ["web-scripting-answered"])


def test_levels_and_rules_of_the_user():
    line = access_line("/a?b=1%27+or+%271%27=%271")
    same(attacks(line, arguments=["--min-level", "medium"]), [])
    Path("r.yml").write_text("title: Any\nlogsource: {category: webserver}\n"
                             "detection: {s: {sc-status: 404}, condition: s}\nlevel: low\n")
    same(len(attacks(line, arguments=["--rules", "r.yml"])), 1)
    same(attacks(line, arguments=["--only-rules", "r.yml"]), [])


def test_the_same_for_any_number_of_threads():
    lines = [access_line(f"/{number}?b={number}%27+or+1=1--", 200 + number % 7 * 50,
                         f"agent {number % 50}") for number in range(3000)]
    one = attacks(*lines, arguments=["--threads", "1"])
    same(len(one), 3000)
    same(attacks(*lines, arguments=["--threads", "4"]), one)


def test_every_output_takes_them():
    Path("access.log").write_text(access_line("/a?b=1%27+or+%271%27=%271", 200))
    for name in ("csv", "html", "stix", "misp", "navigator", "markdown", "timesketch", "terminal"):
        same(run("hunt", "--quiet", "--output", f"{name}=out", "access.log").status, 0)
    check("SQL Injection Answered" in Path("out").read_text(), "not told")


def test_real_attacks_and_real_requests():
    data = need_data("weblogs").parent
    command = [sys.executable, ROOT / "bench/web_detection.py", PROGRAM, data, "--json"]
    result = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    parameters = result["httpparams"]
    for kind, mark in (("sqli", 99), ("xss", 99), ("path-traversal", 90), ("cmdi", 90)):
        counts = parameters[kind]
        check(counts["class"] >= mark / 100 * counts["all"], kind, counts)
    check(parameters["norm"]["any"] <= 0.001 * parameters["norm"]["all"], parameters["norm"])
    same(result["benign"]["wordpress-intranet.log"]["any"], 0)
    apache = result["benign"]["apache-combined.log"]
    check(apache["any"] <= 0.001 * apache["all"], apache)


run_tests(globals())
