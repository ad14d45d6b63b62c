#!/usr/bin/env python3
"""`rules test`: events that rules must match and must not."""
import json
import os
import re
import xml.etree.ElementTree as tree
from pathlib import Path

from system_kit import (DATA, ROOT, RULE, WHOAMI, check, need_data, one_complaint, process_event,
                        run, run_tests, same, write_events, write_evtx, write_lines, write_rule)

OTHER = "22222222-2222-4222-8222-222222222222"
HEAD = """\
common:
  Channel: Microsoft-Windows-Sysmon/Operational
  Provider_Name: Microsoft-Windows-Sysmon
  EventID: 1
"""
GOOD = HEAD + "match:\n  - CommandLine: whoami /all\nno_match:\n  - CommandLine: hostname\n"


def put(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def passes(*arguments, events, untested=(0, 1)):
    result = run("rules", "test", *arguments)
    same((result.status, result.err), (0, ""))
    check(re.fullmatch(rf"\d+ tests?, {events} events?: {events} passed, 0 failed; "
                       rf"{untested[0]} of {untested[1]} rules have no test\n", result.out), result)


def fails(*arguments):
    """The lines of what failed; paths, lines and columns first."""
    result = run("rules", "test", *arguments)
    same((result.status, result.err), (3, ""))
    return result.out.splitlines()[:-1]


# ---- where a test and its rule stand ----

def test_beside_behind_and_elsewhere():
    write_rule("rules/whoami.yml")
    put("rules/whoami.test.yml", GOOD)
    passes("rules", events=2)
    passes("rules/whoami.yml", "rules/whoami.test.yml", events=2)
    os.remove("rules/whoami.test.yml")
    rule = Path("rules/whoami.yml").read_text()
    put("rules/whoami.yml", f"{rule}---\n{GOOD}")
    passes("rules", events=2)
    put("rules/whoami.yml", rule)
    for name in ("Who Am I", WHOAMI, "../rules/whoami.yml"):
        put("tests/any.yml", f"rule: {name}\n{GOOD}")
        passes("--rules", "rules", "tests", events=2)
        passes("rules", "tests", events=2)


def test_behind_two_rules_it_is_about_the_last():
    first = RULE.format(title="A", id=WHOAMI, level="low", text="nothing")
    second = RULE.format(title="B", id=OTHER, level="low", text="whoami")
    put("both.yml", f"{first}---\n{second}---\n{GOOD}")
    passes("both.yml", events=2, untested=(1, 2))


def test_built_in_rules_have_names_too():
    path = sorted((ROOT / "tests/rules/linux").glob("*.yml"))[0]
    put("t.yml", path.read_text())
    result = run("rules", "test", "t.yml")
    same((result.status, result.err), (0, ""))
    check(result.out.endswith(" passed, 0 failed; 0 of 0 rules have no test\n"), result)


def test_the_rules_that_ship():
    result = run("rules", "test", "--rules", str(ROOT / "share/rules"), str(ROOT / "tests/rules"))
    same((result.status, result.err), (0, ""))
    check("; 11 of 199 rules have no test" in result.out, result)


# ---- events ----

def test_places_of_events():
    rule = write_rule("rules/whoami.yml")
    os.makedirs("rules/samples")
    write_evtx("rules/samples/log.evtx", 3, command="whoami")
    write_lines("rules/samples/e.json", [process_event(1, command="hostname"),
                                         process_event(2, command="whoami")])
    put("rules/t.yml", "rule: Who Am I\nmatch:\n  - samples/log.evtx:2\n  - samples/e.json:2\n"
        "  - samples/e.json\n  - samples/log.evtx\nno_match:\n  - samples/e.json:1\n")
    passes("rules", events=5)
    put("rules/t.yml", "rule: Who Am I\nno_match:\n  - samples/e.json\n  - samples/log.evtx:2\n"
        f"match:\n  - {os.path.abspath('rules/samples/e.json')}:1\n")
    rows = fails("rules")
    same([row.split(": ")[0] for row in rows],
         ["rules/t.yml:6:5", "rules/t.yml:3:5", "rules/t.yml:4:5"])
    check("'Who Am I' must match. It does not fire: selection is false, because CommandLine is "
          "'hostname'" in rows[0], rows)
    check("'Who Am I' must not match. It fires: " in rows[1], rows)
    check(rule, rows)


def test_failures_say_why():
    write_rule("rules/whoami.yml")
    put("rules/whoami.test.yml", HEAD + "match:\n  - CommandLine: hostname\n  - {CommandLine: "
        "whoami, EventID: 3}\nno_match:\n  - CommandLine: who\\x1bami whoami\n")
    rows = fails("rules")
    same(rows[0], "rules/whoami.test.yml:6:5: failed: 'Who Am I' must match. It does not fire: "
         "selection is false, because CommandLine is 'hostname' and the rule asks that it contains "
         "'whoami'.")
    check("the event is of another log source" in rows[1], rows[1])
    check("rules/whoami.test.yml:9:5: failed: 'Who Am I' must not match. It fires: " in rows[2],
          rows[2])


def test_rules_that_cannot_fire_fail():
    text = RULE.format(title="T", id=WHOAMI, level="low", text="%users%")
    put("r/inert.yml", text.replace("|contains", "|contains|expand"))
    put("r/inert.test.yml", HEAD + "match:\n  - CommandLine: whoami\n")
    check("It cannot fire: placeholder list 'users' is missing" in fails("r")[0], "inert")
    put("lists.yml", "users: [whoami]\n")
    passes("--placeholders", "lists.yml", "r", events=1)


def test_what_is_broken():
    write_rule("r/a.yml")
    cases = {
        "r/1.yml": ("matches: 1\nmatch: [{a: 1}]\n", "1:1: broken: 'matches' is no key of a test"),
        "r/2.yml": ("match: [{a: 1}]\n", "1:1: broken: the test does not name its rule"),
        "r/3.yml": ("rule: Nobody\nmatch: [{a: 1}]\n", "1:1: broken: no rule has the id or title "
                    "'Nobody'"),
        "r/4.yml": ("rule: Who Am I\nmatch: [no.evtx]\n", "2:9: broken: "),
        "r/5.yml": ("rule: Who Am I\nmatch: ['e.json:9']\n", "2:10: broken: there is no event 9 "
                    "in r/e.json"),
    }
    write_events("r/e.json", 2)
    for path, (text, _) in cases.items():
        put(path, text)
    result = run("rules", "test", "r")
    same(result.status, 3)
    rows = result.out.splitlines()
    for row, (path, (_, expected)) in zip(rows, cases.items()):
        check(row.startswith(f"{path}:{expected}"), row)
    same(rows[-1], "5 tests, 5 events: 0 passed, 5 failed; 0 of 1 rules have no test")
    one_complaint(result, "cannot read r/no.evtx", "does not exist")


def test_regression_data_of_sigmahq():
    write_rule("rules/whoami.yml")
    os.makedirs("data")
    write_evtx("data/x.evtx", 3, command="whoami")
    info = ("id: x\nrule_metadata:\n  - id: {id}\n    title: T\nregression_tests_info:\n"
            "  - name: P\n    type: evtx\n    match_count: {count}\n"
            "    path: regression_data/a/x.evtx\n")
    put("data/info.yml", info.format(id=WHOAMI, count=3))
    passes("--rules", "rules", "data", events=1)
    put("data/info.yml", info.format(id=WHOAMI, count=2))
    check("'Who Am I': 2 events of data/x.evtx must match, and 3 do. It fires: " in
          fails("--rules", "rules", "data")[0], "the count")


def test_their_regression_data():
    need_data("evtx/sigma-regression")
    result = run("rules", "test", "--rules", str(DATA / "sigma"),
                 str(DATA / "evtx/sigma-regression"))
    rows = result.out.splitlines()
    # two cases count wrong: see sigma_regression.py
    check(re.match(r"\d+ tests, (\d+) events: \d+ passed, 2 failed; ", rows[-1]), result)
    same(len(rows), 3)


# ---- results for programs ----

def test_json_and_junit():
    write_rule("rules/whoami.yml", title="A <b> & \"c\"")
    put("rules/whoami.test.yml", GOOD + "  - CommandLine: whoami\n")
    result = run("rules", "test", "--json", "--junit", "out.xml", "rules")
    same((result.status, result.err), (3, ""))
    answer = json.loads(result.out)
    same([answer[key] for key in ("tests", "passed", "failed", "rules", "untested")],
         [1, 2, 1, 1, 0])
    same([(event["line"], event["expected"], event["result"]) for event in answer["events"]],
         [(6, "match", "passed"), (8, "no_match", "passed"), (9, "no_match", "failed")])
    same(answer["events"][0]["title"], "A <b> & \"c\"")
    root = tree.parse("out.xml").getroot()
    same((root.tag, root.get("tests"), root.get("failures")), ("testsuites", "3", "1"))
    suite = root.find("testsuite")
    same((suite.get("name"), suite.get("failures"), suite.get("errors")),
         ("A <b> & \"c\"", "1", "0"))
    cases = suite.findall("testcase")
    same([case.get("name") for case in cases], ["match, line 6", "no_match, line 8",
                                                "no_match, line 9"])
    check(cases[2].find("failure").get("message").startswith("It fires: "), "message")


def test_wrong_usage_and_what_cannot_be_written():
    write_rule("rules/whoami.yml")
    put("rules/whoami.test.yml", GOOD)
    for arguments, status, parts in (
            ([], 1, ["rules test: it needs files or folders with tests"]),
            (["nosuch"], 1, ["cannot read the rules in nosuch", "does not exist"]),
            (["rules/whoami.yml"], 2, ["there are no tests in what was named"]),
            (["--junit", "no/such.xml", "rules"], 4, ["cannot write no/such.xml"])):
        result = run("rules", "test", *arguments)
        same(result.status, status)
        one_complaint(result, *parts)


def test_the_example_of_the_documentation():
    blocks = re.findall(r"```(\w*)\n(.*?)```", (ROOT / "docs/rule-authors.md").read_text(), re.S)
    yaml = [text for kind, text in blocks if kind == "yaml"]
    put("certutil.yml", yaml[0])
    put("certutil.test.yml", next(text for text in yaml if "no_match:" in text))
    shown = next(text for _, text in blocks if text.startswith("$ seawall rules test"))
    command, _, expected = shown.partition("\n")
    result = run(*command.split()[2:])
    same((result.status, result.out), (3, expected))


run_tests(globals())
