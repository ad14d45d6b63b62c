#!/usr/bin/env python3
"""Writes docs/rules.md: the rules that ship, by technique. rules_page.py [--check]

--check writes nothing and fails if the page is not what it would write. Names of techniques stand
in tools/attack_techniques.txt; one that is missing there, or that no rule has, is an error, so that
a wrong number does not pass. Heads of rules are read line by line, as all of ours are written.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/rules.md"
NAMES = ROOT / "tools/attack_techniques.txt"
LEVELS = ["critical", "high", "medium", "low", "informational"]
FOLDERS = {"windows": "Windows event logs", "linux": "Linux hosts", "web": "web servers"}
INTRODUCTION = """\
# The rules that ship

Rules of our own, below `share/rules/` and inside the program. They are written from what the joint
advisory AA24-190A tells, what ATT&CK records of the same actor, and what is generally known of such
logs; none is taken from another collection. They run in every hunt unless `--only-rules` says
otherwise, and beside them any others: `--rules PATH`.

**Levels.** *high*: look at it today; ordinary machines do not do this. *medium*: administrators do
it too; who, where and when decide. *low*: common, and worth having in the timeline beside something
graver. An attempt that was refused is low, the same request answered is more.

Each rule names its references and its known false positives, and has events that it must and must
not match (`tests/rules/`). This page is written by `tools/rules_page.py`, and a test keeps it true.

Techniques bear the numbers of ATT&CK v18, the version whose campaign C0049 retells the advisory;
v19 has renumbered some of those that evade or impair defences.
"""


class Rule:
    def __init__(self, path):
        text = path.read_text()
        self.place = path.relative_to(ROOT / "share/rules").with_suffix("").as_posix()
        self.title = self.value(text, "title")
        self.level = self.value(text, "level")
        self.techniques = [tag.upper() for tag in re.findall(r"^  - attack\.(t\d\S*)$", text, re.M)]
        if self.level not in LEVELS or not self.title or not self.techniques:
            sys.exit(f"{path}: no title, level or technique on lines of their own")

    @staticmethod
    def value(text, key):
        match = re.search(rf"^{key}: (.+)$", text, re.M)
        return match.group(1).strip() if match else ""


def read_names():
    rows = [row.split(" ", 1) for row in NAMES.read_text().splitlines() if row]
    return {number: name.strip() for number, name in rows}


def counts_table(rules):
    rows = ["| folder | " + " | ".join(LEVELS[1:4]) + " | rules |", "|---" * 5 + "|"]
    for folder, about in [*FOLDERS.items(), ("", "all of them")]:
        own = [rule for rule in rules if rule.place.startswith(folder)]
        by_level = [sum(rule.level == level for rule in own) for level in LEVELS[1:4]]
        name = f"`{folder}`: {about}" if folder else about
        rows.append(f"| {name} | " + " | ".join(map(str, by_level)) + f" | {len(own)} |")
        if sum(by_level) != len(own):
            sys.exit(f"share/rules/{folder}: a level that the page has no column for")
    return rows


def techniques_table(rules, names):
    used = sorted({technique for rule in rules for technique in rule.techniques})
    for technique in sorted(set(used) ^ set(names)):
        sys.exit(f"{technique}: stands in a rule or in {NAMES.name}, but not in both")
    rows = ["| technique | | rules |", "|---|---|---|"]
    for technique in used:
        address = "https://attack.mitre.org/techniques/" + technique.replace(".", "/") + "/"
        own = [f"[{rule.title}](../share/rules/{rule.place}.yml) ({rule.level})"
               for rule in rules if technique in rule.techniques]
        rows.append(f"| [{technique}]({address}) | {names[technique]} | " + "<br>".join(own) + " |")
    return rows


def main():
    paths = sorted((ROOT / "share/rules").glob("*/*.yml"))
    rules = [Rule(path) for path in paths]
    for rule in rules:
        if rule.place.split("/")[0] not in FOLDERS:
            sys.exit(f"{rule.place}: a folder that {Path(__file__).name} does not know")
    page = "\n".join([INTRODUCTION] + counts_table(rules) + ["", "## By technique", ""]
                     + techniques_table(rules, read_names())) + "\n"
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(page)
        return 0
    stale = not PAGE.is_file() or PAGE.read_text() != page
    if stale:
        print("docs/rules.md is not what tools/rules_page.py writes: run it")
    print(f"{int(not stale)} passed, {int(stale)} failed, 0 skipped")
    return int(stale)


sys.exit(main())
