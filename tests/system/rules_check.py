#!/usr/bin/env python3
"""`rules check`: what is wrong with rules, where, and what may have been meant."""
import json
import re
from collections import Counter
from pathlib import Path

from system_kit import DATA, ROOT, RULE, WHOAMI, check, need_data, run, run_tests, same, write_rule

GOOD = RULE.format(title="Good", id=WHOAMI, level="low", text="whoami")


def changed(old, new):
    check(old in GOOD, old)
    Path("rules").mkdir(exist_ok=True)
    Path("rules/one.yml").write_text(GOOD.replace(old, new))


def complaints(*arguments, status=0):
    result = run("rules", "check", *arguments)
    same((result.status, result.err), (status, ""))
    return result.out.splitlines()[:-1]


def test_a_good_rule_gives_no_complaint():
    changed("low", "low")
    result = run("rules", "check", "rules")
    same((result.status, result.out, result.err),
         (0, "1 files: 1 rules loaded, 0 inert, 0 refused, 0 duplicates, 0 documents that are no "
          "rules, 0 warnings, 0 lints; 0 about log sources that nothing maps\n", ""))


def test_place_reason_and_suggestion():
    changed("CommandLine|", "Commandline|")
    same(complaints("rules"),
         ["rules/one.yml:10:9: warning: no event of this log source is known to have a field "
          "'Commandline': capitals count in names; did you mean 'CommandLine'?"])
    changed("process_creation", "process_creatoin")
    same(complaints("rules"),
         ["rules/one.yml:6:5: unmapped: no event can match it: nothing maps the log source "
          "category 'process_creatoin', product 'windows'; did you mean 'category: "
          "process_creation'?"])
    changed("contains", "contians")
    line, = complaints("rules", status=2)
    check(line.startswith("rules/one.yml:10:9: refused: unknown modifier 'contians'") and
          line.endswith("; did you mean 'contains'?"), line)
    changed("condition: selection", "condition: selecton")
    line, = complaints("rules", status=2)
    check("rules/one.yml:11:" in line and line.endswith("; did you mean 'selection'?"), line)


def test_complaints_stand_in_the_order_of_lines():
    changed("level: low", "level: lo")
    text = Path("rules/one.yml").read_text()
    Path("rules/one.yml").write_text(text.replace("date: 2026-11-22", "date: yesterday").replace(
        "'whoami'", "'*whoami*'"))
    same([line.split(": ")[0].split(":")[1] for line in complaints("rules")], ["4", "10", "12"])


def test_values_are_shown_without_harm():
    changed("CommandLine|contains: 'whoami'", '"a\\e[2J": x')
    text = "\n".join(complaints("rules"))
    check("\x1b" not in text and "\\x1b[2J" in text, text)


def test_json():
    changed("CommandLine|", "Commandline|")
    write_rule("rules/two.yml", title="Two")
    Path("rules/three.yml").write_text("title: [\n")
    result = run("rules", "check", "--json", "rules")
    same((result.status, result.err), (2, ""))
    answer = json.loads(result.out)
    same({key: value for key, value in answer.items() if key != "complaints"},
         {"files": 3, "loaded": 2, "inert": 0, "refused": 1, "duplicates": 0, "no_rules": 0,
          "warnings": 2, "lints": 0, "unmapped": 0,
          "filters": {"loaded": 0, "inert": 0, "refused": 0}})
    same(answer["complaints"][0],
         {"kind": "warning", "path": "rules/one.yml", "line": 10, "column": 9, "id": WHOAMI,
          "title": "Good", "text": "no event of this log source is known to have a field "
          "'Commandline': capitals count in names", "suggestion": "CommandLine"})
    same(Counter(row["kind"] for row in answer["complaints"]),
         Counter({"warning": 2, "refused": 1}))
    plain = run("rules", "check", "rules")
    same(len(plain.out.splitlines()), len(answer["complaints"]) + 1)


def test_fields_that_a_taxonomy_of_ones_own_maps_are_known():
    changed("CommandLine|", "GrandParentImage|")
    same(len(complaints("rules")), 1)
    Path("own.yml").write_text("- category: process_creation\n  product: windows\n"
                               "  when: {Channel: Agent, EventID: 1}\n"
                               "  fields: {GrandParentImage: Grandparent}\n")
    same(complaints("--taxonomy", "own.yml", "rules"), [])


def test_the_page_for_authors_shows_what_is_printed():
    page = (ROOT / "docs/rule-authors.md").read_text()
    rule = re.search(r"as `hurry.yml`:\n\n```yaml\n(.*?)```", page, re.S)
    Path("hurry.yml").write_text(rule[1])
    result = run("rules", "check", "hurry.yml")
    check(f"```\n$ seawall rules check hurry.yml\n{result.out}```\n" in page, result)


def test_of_sigmahq_little_is_said_and_nothing_of_what_is_usual():
    need_data("sigma/rules")
    result = run("rules", "check", "--json", *map(str, sorted(DATA.glob("sigma/rules*"))))
    same(result.status, 0)
    answer = json.loads(result.out)
    check(answer["loaded"] > 3000, answer["loaded"])
    # 59 in 3,780 files, all of which were looked at
    check(answer["warnings"] + answer["lints"] < 0.02 * answer["files"],
          Counter(re.sub("'.*'", "X", row["text"]) for row in answer["complaints"]))


run_tests(globals())
