#!/usr/bin/env python3
"""Correlations over evidence of many files, hosts and times that are not in order."""
import json
import random
import re
import shutil
import time
from pathlib import Path

from system_kit import check, findings, one_complaint, run, run_tests, same

HEAD = "id: {0}0000000-1111-4111-8111-111111111111\nstatus: test\ndate: 2026-01-01\n"

FAILED = (
    "title: Failed Logon\nname: failed\nlevel: low\n" + HEAD.format(1) +
    "logsource: {product: windows, service: security}\n"
    "detection: {selection: {EventID: 4625}, condition: selection}\n")

LOGON = (
    "title: Logon\nname: logon\nlevel: informational\n" + HEAD.format(2) +
    "logsource: {product: windows, service: security}\n"
    "detection: {selection: {EventID: 4624}, condition: selection}\n")

SPRAY = ("title: Spraying\nname: spray\nlevel: high\n" + HEAD.format(3) +
         "correlation:\n  type: value_count\n  rules: [failed]\n  group-by: [IpAddress]\n"
         "  timespan: 10m\n  condition: {{field: TargetUserName, gte: 3}}\n{0}")

WORKED = ("title: Spraying That Worked\nlevel: critical\n" + HEAD.format(4) +
          "correlation:\n  type: temporal_ordered\n  rules: [spray, logon]\n"
          "  group-by: [IpAddress]\n  timespan: 1h\n")

OLD = ("title: Counted\nlevel: medium\n" + HEAD.format(5) +
       "logsource: {product: windows, service: security}\n"
       "detection:\n  selection: {EventID: 4625}\n  timeframe: 10m\n"
       "  condition: selection | count(TargetUserName) by IpAddress > 2\n")


def event(second, number, user, address, identifier=4625, host="dc-1"):
    return {"Channel": "Security", "Provider_Name": "Microsoft-Windows-Security-Auditing",
            "EventID": identifier, "EventRecordID": number, "Computer": host,
            "TimeCreated": f"2026-11-20T10:{second // 60:02d}:{second % 60:02d}Z",
            "TargetUserName": user, "IpAddress": address}


def write(path, *events):
    Path(path).write_text("".join(json.dumps(one) + "\n" for one in events))


def attack():
    """Three accounts tried from one address, in two files that are not in order; then one works."""
    write("b.json", event(60, 1, "ada", "198.51.100.7"), event(180, 3, "eve", "198.51.100.7"))
    write("c.json", event(120, 2, "bob", "198.51.100.7", host="dc-2"),
          event(150, 4, "bob", "198.51.100.9"))
    write("a.json", event(300, 5, "eve", "198.51.100.7", 4624))


def hunt(*rules, more=()):
    Path("rules.yml").write_text("---\n".join(rules))
    result = run("hunt", "--quiet", "--only-rules", "rules.yml", "--output", "jsonl=-", *more,
                 "a.json", "b.json", "c.json")
    same(result.status, 0)
    return findings(result.out)


def titles(found):
    return [finding["title"] for finding in found]


def test_rules_that_are_correlated_are_silent():
    attack()
    found, = hunt(FAILED, SPRAY.format(""))
    same((found["kind"], found["title"], found["level"]), ("correlation", "Spraying", "high"))
    same(found["time"], "2026-11-20T10:03:00.000000000Z")
    same((found["source"]["path"], found["source"]["line"]), ("b.json", 2))
    same(found["matched"], {"IpAddress": "198.51.100.7"})
    same(found["entities"]["address"], ["198.51.100.7"])
    same((found["fields"], found["group"]), ({}, found["matched"]))
    same((found["count"], found["first"], found["last"]),
         (3, "2026-11-20T10:01:00.000000000Z", "2026-11-20T10:03:00.000000000Z"))
    same([(one["source"]["path"], one["source"]["line"], one["time"][14:19])
          for one in found["events"]],
         [("b.json", 1, "01:00"), ("c.json", 1, "02:00"), ("b.json", 2, "03:00")])
    same({(one["id"], one["title"]) for one in found["events"]},
         {("10000000-1111-4111-8111-111111111111", "Failed Logon")})
    same([one["source"] for one in found["events"]][-1], found["source"])
    check("3 values of TargetUserName within 10m" in found["why"], found["why"])
    check(not found.get("host"), "two hosts took part")


def test_generate_lets_them_report():
    attack()
    same(titles(hunt(FAILED, SPRAY.format("  generate: true\n"))),
         ["Failed Logon", "Failed Logon", "Failed Logon", "Failed Logon", "Spraying"])


def test_correlations_over_correlations():
    attack()
    found, = hunt(FAILED, LOGON, SPRAY.format(""), WORKED)
    same((found["title"], found["time"]),
         ("Spraying That Worked", "2026-11-20T10:05:00.000000000Z"))
    same([one["title"] for one in found["events"]], ["Spraying", "Logon"])
    same(found["events"][0]["source"]["path"], "b.json")


def test_rules_in_other_files_are_found_by_name():
    attack()
    Path("more").mkdir()
    Path("more/z.yml").write_text(FAILED)
    same(titles(hunt(SPRAY.format(""), more=["--rules", "more"]))[-1:], ["Spraying"])


def test_aggregations_of_sigma_1():
    attack()
    found, = hunt(OLD)
    same((found["kind"], found["title"]), ("correlation", "Counted"))
    same(found["count"], 3)


def test_of_many_events_the_first_are_listed_and_all_are_counted():
    attack()
    write("b.json", *(event(60 + i, i, f"u{i}", "198.51.100.7") for i in range(100)))
    found, = hunt(FAILED, SPRAY.format("").replace("gte: 3", "gte: 50"))
    same((found["count"], len(found["events"])), (101, 20))
    same([one["source"]["line"] for one in found["events"]], list(range(1, 21)))


def test_an_account_of_the_group_is_one_by_another_name_too():
    attack()
    aliased = SPRAY.format("  aliases:\n    who: {failed: TargetUserName}\n").replace(
        "[IpAddress]", "[who]").replace("TargetUserName, gte: 3", "IpAddress, gte: 2")
    found, = hunt(FAILED, aliased)
    same((found["group"], found["entities"]), ({"who": "bob"}, {"account": ["bob"]}))


def test_min_level_is_the_correlations_own():
    attack()
    same(titles(hunt(FAILED, SPRAY.format("  generate: true\n"), more=["--min-level", "high"])),
         ["Spraying"])
    same(titles(hunt(FAILED, SPRAY.format(""), more=["--min-level", "critical"])), [])


def test_what_is_suppressed_does_not_count():
    attack()
    Path("s.yml").write_text("- rule: Failed Logon\n  when: {TargetUserName: bob}\n"
                             "  reason: test\n")
    same(hunt(FAILED, SPRAY.format(""), more=["--suppress", "s.yml"]), [])
    Path("s.yml").write_text("- rule: Spraying\n  reason: known\n")
    same(hunt(FAILED, SPRAY.format(""), more=["--suppress", "s.yml"]), [])
    report = run("hunt", "--only-rules", "rules.yml", "--suppress", "s.yml", "a.json", "b.json",
                 "c.json")
    check("1 finding was suppressed" in report.out, report.out)


def test_findings_are_suppressed_by_what_all_their_events_share():
    attack()
    write("b.json", *(event(60 + i, i, "svc", "198.51.100.7") for i in range(4)))
    write("c.json")
    many = SPRAY.format("").replace("value_count", "event_count").replace(
        "field: TargetUserName, ", "")
    for entry, left in (("account: SV?", 0), ("account: bob", 1), ("host: DC-1", 0),
                        ("host: dc-2", 1), ("when: {IpAddress|cidr: 198.51.100.0/24}", 0),
                        ("when: {IpAddress|cidr: 192.0.2.0/24}", 1),
                        ("when: {TargetUserName: svc}", 0), ("when: {EventRecordID: 1}", 1),
                        ("detection: {a: {Image: x}, condition: not a}", 1),
                        ("account: svc\n  host: dc-2", 1)):
        Path("s.yml").write_text(f"- rule: Spraying\n  {entry}\n  reason: known\n")
        same((entry, len(hunt(FAILED, many, more=["--suppress", "s.yml"]))), (entry, left))
    # one event of another account and host, while the finding goes on
    write("c.json", event(90, 9, "eve", "198.51.100.7", host="dc-2"))
    for entry in ("account: svc", "host: dc-1", "when: {TargetUserName: svc}"):
        Path("s.yml").write_text(f"- rule: Spraying\n  {entry}\n  reason: known\n")
        found, = hunt(FAILED, many, more=["--suppress", "s.yml"])
        same((found["count"], found["host"]), (5, ""))


def test_what_is_suppressed_is_so_for_any_number_of_threads_and_from_the_cache():
    dice = random.Random(6)
    for name in ("a.json", "b.json", "c.json"):
        write(name, *(event(dice.randrange(3600), dice.randrange(10 ** 6), f"u{dice.randrange(9)}",
                            f"198.51.100.{dice.randrange(40)}", host=f"dc-{dice.randrange(2)}")
                      for _ in range(1000)))
    many = SPRAY.format("").replace("value_count", "event_count").replace(
        "field: TargetUserName, gte: 3", "gte: 2").replace("[IpAddress]",
                                                           "[IpAddress, TargetUserName]")
    Path("s.yml").write_text("- rule: Spraying\n  account: [u1, u2]\n  reason: a\n"
                             "- rule: Spraying\n  host: dc-1\n  reason: b\n"
                             "- rule: Spraying\n  when: {IpAddress|endswith: '7'}\n  reason: c\n")
    every = hunt(FAILED, many)
    one = hunt(FAILED, many, more=["--suppress", "s.yml"])
    same(one, [row for row in every if row["group"]["TargetUserName"] not in ("u1", "u2")
               and row["host"] != "dc-1" and not row["group"]["IpAddress"].endswith("7")])
    check(50 < len(one) < len(every) - 50, len(one), len(every))
    for more in (["--threads", "1"], ["--threads", "8"], ["--memory", "1M", "--threads", "2"]):
        check(hunt(FAILED, many, more=["--suppress", "s.yml", *more]) == one, more)
    time.sleep(3.1)  # rules of this moment are not kept
    for _ in range(2):
        result = run("hunt", "--quiet", "--only-rules", "rules.yml", "--cache", "cache",
                     "--suppress", "s.yml", "--output", "jsonl=-", "a.json", "b.json", "c.json")
        check(findings(result.out) == one, "from the cache")
    same(len(list(Path("cache").iterdir())), 1)
    shutil.rmtree("cache")


def test_a_copy_of_a_record_counts_once():
    attack()
    write("c.json", event(60, 1, "ada", "198.51.100.7"), event(180, 3, "eve", "198.51.100.7"))
    same(hunt(FAILED, SPRAY.format("")), [])


def test_what_could_not_be_correlated_is_told():
    attack()
    untimed = event(60, 9, "joe", "198.51.100.7")
    del untimed["TimeCreated"]
    nowhere = event(60, 10, "joe", "198.51.100.7")
    del nowhere["IpAddress"]
    write("d.json", untimed, nowhere)
    Path("rules.yml").write_text("---\n".join([FAILED, SPRAY.format("")]))
    report = run("hunt", "--only-rules", "rules.yml", "b.json", "c.json", "d.json")
    check("1 match was not correlated: its event has no time" in report.out, report.out)
    check("1 match was not correlated: its event lacks a field of group-by" in report.out,
          report.out)
    check("because: 3 values of TargetUserName" in report.out, report.out)


def test_groups_that_are_let_go_are_told():
    attack()
    write("b.json", *(event(i % 300, i, f"u{i}", f"{i}-{'x' * 900}") for i in range(3000)))
    Path("rules.yml").write_text("---\n".join([FAILED, SPRAY.format("")]))
    report = run("hunt", "--only-rules", "rules.yml", "--memory", "1M", "b.json")
    told = re.search(r"^  ([\d,]+) groups of correlations were let go, with ([\d,]+) matches, "
                     r"before the timespan was over: there was no memory \(--memory\)$",
                     report.out, re.M)
    check(told and 100 < int(told.group(1).replace(",", "")) < 3000, report.out)
    same(told.group(1), told.group(2))
    report = run("hunt", "--only-rules", "rules.yml", "b.json")
    check("let go" not in report.out, report.out)


def test_threads_memory_and_cache_change_nothing():
    dice = random.Random(5)
    for name in ("a.json", "b.json", "c.json"):
        write(name, *(event(dice.randrange(3600), dice.randrange(10 ** 6), f"u{dice.randrange(9)}",
                            f"198.51.100.{dice.randrange(40)}", dice.choice((4624, 4625)))
                      for _ in range(4000)))
    rules = [FAILED, LOGON, SPRAY.format("  generate: true\n"), WORKED, OLD]
    one = hunt(*rules, more=["--threads", "1"])
    check(len(one) > 100, len(one))
    same(set(titles(one)), {"Spraying That Worked", "Counted", "Failed Logon"})
    same([(f["time"], f["source"]["path"]) for f in one],
         sorted((f["time"], f["source"]["path"]) for f in one))
    for more in (["--threads", "2"], ["--threads", "8"], ["--memory", "1M", "--threads", "2"]):
        check(hunt(*rules, more=more) == one, more)
    time.sleep(3.1)  # rules of this moment are not kept
    for _ in range(2):
        result = run("hunt", "--quiet", "--only-rules", "rules.yml", "--cache", "cache",
                     "--output", "jsonl=-", "a.json", "b.json", "c.json")
        check(findings(result.out) == one, "from the cache")
    same(len(list(Path("cache").iterdir())), 1)
    shutil.rmtree("cache")


def test_a_correlation_of_nothing_is_refused():
    attack()
    Path("rules.yml").write_text("---\n".join([FAILED, SPRAY.format("").replace("failed", "gone")]))
    result = run("rules", "check", "rules.yml")
    same(result.status, 2)
    check("gone" in result.out, result.out)
    same(sorted(set(titles(hunt(FAILED, SPRAY.format("").replace("failed", "gone"))))),
         ["Failed Logon"])


def test_explain_names_the_rules_behind_it():
    attack()
    Path("rules.yml").write_text("---\n".join([FAILED, SPRAY.format("")]))
    result = run("rules", "explain", "Spraying", "b.json:1", "--rules", "rules.yml")
    same(result.status, 1)
    one_complaint(result, "'Spraying' is a correlation", "'Failed Logon'")


run_tests(globals())
