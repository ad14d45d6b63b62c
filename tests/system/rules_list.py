#!/usr/bin/env python3
"""`rules list` and `rules stats`: which rules there are, of which kinds, made of what."""
import json
from pathlib import Path

from system_kit import (DATA, ROOT, WHOAMI, check, need_data, one_complaint, run, run_tests, same,
                        write_rule)

OTHER = "22222222-2222-4222-8222-222222222222"
THIRD = "33333333-3333-4333-8333-333333333333"


def tagged(path, rule_id, level, *tags, old="", new="", **options):
    write_rule(path, rule_id=rule_id, level=level, **options)
    text = Path(path).read_text() + f"tags: [{', '.join(tags)}]\n"
    check(old in text, old)
    Path(path).write_text(text.replace(old, new))


def three_rules():
    """One that cannot fire, for its log source is not mapped."""
    tagged("rules/a.yml", WHOAMI, "high", "attack.t1033", "attack.t1059.001", "attack.execution")
    tagged("rules/b.yml", OTHER, "low", "attack.t1059", title="B")
    tagged("rules/c.yml", THIRD, "critical", "cve.2021-1", title="C", old="process_creation",
           new="nothing")


def ok(*arguments):
    result = run("rules", *arguments)
    same((result.status, result.err), (0, ""))
    return result.out


def listed(*arguments):
    return [rule["id"] for rule in json.loads(ok("list", "--json", *arguments))["rules"]]


def test_a_line_for_each_rule():
    three_rules()
    same(ok("list", "rules"),
         f"loaded   high          {WHOAMI} Who Am I (rules/a.yml:1)\n"
         f"loaded   low           {OTHER} B (rules/b.yml:1)\n"
         f"unmapped critical      {THIRD} C (rules/c.yml:1)\n")


def test_json():
    three_rules()
    rules = json.loads(ok("list", "--json", "rules"))["rules"]
    same(len(rules), 3)
    same(rules[0], {"state": "loaded", "level": "high", "id": WHOAMI, "title": "Who Am I",
                    "status": "test", "category": "process_creation", "product": "windows",
                    "techniques": ["T1033", "T1059.001"],
                    "tags": ["attack.t1033", "attack.t1059.001", "attack.execution"],
                    "path": "rules/a.yml", "line": 1})


def test_those_that_are_asked_for():
    three_rules()
    same(listed("rules"), [WHOAMI, OTHER, THIRD])
    same(listed("--level", "high", "rules"), [WHOAMI, THIRD])
    same(listed("--logsource", "windows", "rules"), [WHOAMI, OTHER, THIRD])
    same(listed("--logsource", "Windows/process_creation", "rules"), [WHOAMI, OTHER])
    same(listed("--logsource", "linux", "rules"), [])
    same(listed("--technique", "t1059", "rules"), [WHOAMI, OTHER])
    same(listed("--technique", "T1059.001", "rules"), [WHOAMI])
    same(listed("--technique", "T105", "rules"), [])
    same(listed("--technique", "T1059", "--level", "medium", "rules"), [WHOAMI])


def test_coverage_by_technique():
    three_rules()
    same(ok("list", "--by", "technique", "rules"),
         "technique  rules  critical  high  medium  low  informational  idle\n"
         "T1033          1         0     1       0    0              0     0\n"
         "T1059          1         0     0       0    1              0     0\n"
         "T1059.001      1         0     1       0    0              0     0\n"
         "3 techniques; 1 of 3 rules name none\n")
    answer = json.loads(ok("list", "--by", "technique", "--json", "rules"))
    same((answer["rules"], answer["without"]), (3, 1))
    same(answer["techniques"][1],
         {"name": "T1059", "rules": 1, "critical": 0, "high": 0, "medium": 0, "low": 1,
          "informational": 0, "idle": 0, "ids": [OTHER]})


def test_by_log_source():
    three_rules()
    same(ok("list", "--by", "logsource", "rules"),
         "log source                rules  critical  high  medium  low  informational  idle\n"
         "process_creation/windows      2         0     1       0    1              0     0\n"
         "nothing/windows               1         0     0       0    0              0     1\n"
         "2 log sources; 0 of 3 rules name none\n")
    answer = json.loads(ok("list", "--by", "logsource", "--json", "rules"))
    same([(row["name"], row["ids"]) for row in answer["log_sources"]],
         [("process_creation/windows", [WHOAMI, OTHER]), ("nothing/windows", [THIRD])])


def test_coverage_of_the_built_in_rules_is_that_of_their_page():
    answer = json.loads(ok("list", "--by", "technique", "--json"))
    page = (ROOT / "docs/rules.md").read_text()
    for row in answer["techniques"]:
        check(f"| [{row['name']}](" in page, row)
        same(row["idle"], 0)


def test_the_page_for_authors_shows_what_is_printed():
    page = (ROOT / "docs/rule-authors.md").read_text()
    for words in ("--technique T1558 --level high", "--by technique --logsource webserver"):
        printed = ok("list", *words.split())
        check(f"```\n$ seawall rules list {words}\n{printed}```\n" in page, printed)


def test_wrong_use():
    for arguments, part in ((["--by", "colour"], "technique or logsource"),
                            (["--level", "severe"], "the levels are"),
                            (["--technique"], "needs a value")):
        result = run("rules", "list", *arguments)
        same((result.status, result.out), (1, ""))
        one_complaint(result, part)
    one_complaint(run("rules", "stats", "--by", "technique"), "there is no option --by here")


def test_stats():
    three_rules()
    Path("rules/d.yml").write_text("title: D\nlogsource: {service: x}\ndetection: {s: {'A|re|i': b,"
                                   " 'C|contains|all': [d, e]}, condition: s}\n")
    Path("rules/e.yml").write_text("title: E\n")
    Path("rules/f.yml").write_text("title: [\n")
    answer = json.loads(ok("stats", "--json", "rules"))
    same(answer["compiled"]["rules"], 2)
    check(answer["compiled"]["tests"] >= 1 and answer["compiled"]["fields"] >= 1, answer)
    del answer["compiled"]
    same(answer, {"files": 6, "rules": 5, "items": 5, "values": 6,
                  "states": {"loaded": 2, "unmapped": 2, "refused": 1},
                  "levels": {"critical": 1, "high": 1, "low": 1, "medium": 1},
                  "statuses": {"test": 3, "(none)": 1},
                  "log_sources": {"process_creation/windows": 2, "nothing/windows": 1, "x": 1},
                  "techniques": {"T1033": 1, "T1059": 1, "T1059.001": 1},
                  "fields": {"CommandLine": 3, "A": 1, "C": 1},
                  "modifiers": {"contains": 4, "all": 1, "i": 1, "re": 1}})
    page = ok("stats", "rules")
    check("6 files with 5 rules: 5 items, 6 values\n\nState\n         2  loaded\n" in page, page)
    check("\nField (items about it)\n         3  CommandLine\n" in page, page)
    check("\nCompiled\n         2  rules that events can reach\n" in page, page)


def test_stats_of_sigmahq():
    need_data("sigma/rules")
    answer = json.loads(ok("stats", "--json", str(DATA / "sigma/rules")))
    same(sum(answer["states"].values()), answer["rules"])
    same(sum(answer["levels"].values()), answer["rules"])
    same(sum(answer["fields"].values()), answer["items"])
    page = ok("stats", str(DATA / "sigma/rules"))
    check("            and " in page and len(page.splitlines()) < 130, page)


run_tests(globals())
