#!/usr/bin/env python3
"""The rules that ship, against their events: run_rules.py PROGRAM...

`seawall rules test` tries them. Besides, each rule has a test of its own place with two events that
it must match and two that it must not, a whole head, no lint, and an id and title of its own. A
correlation has two logs instead, <place>.log with one case of it and <place>.none.log with none.
"""
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = ROOT / "share/rules"
TESTS = ROOT / "tests/rules"
EVENTS_MIN = 2
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TEXTS = ("title", "id", "status", "description", "author")
failures = Counter()


def fail(place, *what):
    failures[place] += 1
    print(f"not ok {place}:", *what)


def run(*arguments):
    process = subprocess.run([*sys.argv[1:], *arguments], capture_output=True, text=True,
                             check=False)
    if process.returncode not in (0, 2, 3) or process.stderr:
        sys.exit(f"{' '.join(arguments)}: status {process.returncode}\n{process.stderr}")
    return process.stdout


def place_of(path, folder):
    return Path(path).relative_to(folder).with_suffix("").as_posix()


def list_under(text, key):
    """The members of a list of plain scalars, as all of ours are written."""
    found = re.search(rf"^{key}:\n((?:  - .*\n)+)", text, re.M)
    return [row[4:].strip(" '\"") for row in found.group(1).splitlines()] if found else []


def check_head(place, text):
    for key in TEXTS:
        if not re.search(rf"^{key}: *\S", text, re.M):
            fail(place, f"needs {key}")
    if not UUID4.fullmatch(value(text, "id")):
        fail(place, "the id is no UUID of version 4")
    references = list_under(text, "references")
    if not references or any(not row.startswith("https://") for row in references):
        fail(place, "needs references, all of them https addresses")
    if not list_under(text, "falsepositives"):
        fail(place, "needs false positives")
    if not any(re.fullmatch(r"attack\.t\d{4}(\.\d{3})?", tag) for tag in list_under(text, "tags")):
        fail(place, "needs a technique")


def value(text, key):
    found = re.search(rf"^{key}: *(.*)$", text, re.M)
    return found.group(1).strip(" '\"") if found else ""


def check_events(place, events):
    for expected in ("match", "no_match"):
        count = sum(event["expected"] == expected for event in events)
        if count < EVENTS_MIN:
            fail(place, f"needs {EVENTS_MIN} events under {expected}, and has {count}")
    for event in events:
        if event["result"] != "passed":
            fail(place, f"line {event['line']}, {event['expected']}: {event['why']}")


def check_logs(place, title):
    for suffix, expected in ((".log", 1), (".none.log", 0)):
        log = TESTS / f"{place}{suffix}"
        if not log.is_file():
            fail(place, f"needs {log.name}")
            continue
        out = run("hunt", "--quiet", "--only-rules", str(RULES / f"{place}.yml"),
                  "--output", "jsonl=-", str(log))
        found = [json.loads(row)["title"] for row in out.splitlines()]
        if found != [title] * expected:
            fail(place, f"{log.name} gives {found}")


def main():
    rules = {place_of(path, RULES): path.read_text() for path in sorted(RULES.glob("*/*.yml"))}
    result = json.loads(run("rules", "test", "--json", "--rules", str(RULES), str(TESTS)))
    events = {}
    for event in result["events"]:
        events.setdefault(place_of(event["path"], TESTS), []).append(event)
    for place, text in rules.items():
        check_head(place, text)
        if "\ncorrelation:\n" in text:
            check_logs(place, value(text, "title"))
            continue
        check_events(place, events.get(place, []))
        for event in events.get(place, []):
            if event.get("title") != value(text, "title"):
                fail(place, f"its test is of '{event.get('title')}'")
                break
    for place in sorted(set(events) - set(rules)):
        fail(place, "a test without a rule")
    for key in ("id", "title"):
        used = Counter(value(text, key) for text in rules.values())
        for place, text in rules.items():
            if used[value(text, key)] > 1:
                fail(place, f"the {key} is that of another rule, too")
    for row in run("rules", "check", str(RULES)).splitlines()[:-1]:
        fail("rules check", row)
    print(f"{len(rules) - len(set(failures) & set(rules))} passed, {len(failures)} failed, "
          "0 skipped")
    return int(bool(failures))


sys.exit(main())
