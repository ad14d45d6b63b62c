#!/usr/bin/env python3
"""SigmaHQ's own regression data: the rule of every case is found in its event log as often as the
case says. Each case is a test; without the data they are one that is skipped."""
import json
import re
import sys
from collections import Counter

from system_kit import DATA, check, findings, run, same

CASES = DATA / "evtx/sigma-regression"
RULES = DATA / "sigma"

# Cases whose count is wrong: what the rule says of the events, by hand. These records are
# demanded instead, and that they are the ones which the rule describes by the JSON beside the log.
COUNTED_ANEW = {
    # "TargetFilename|contains" one of two parts: the log has two more files of that name.
    "rules/windows/file/file_event/file_event_win_anydesk_artefact": (
        (14985, 14988, 14990),
        lambda data: any(part in data["TargetFilename"].lower() for part in (
            r"\appdata\roaming\anydesk\user.conf", r"\appdata\roaming\anydesk\system.conf"))),
    # Three values are set below "ZoneMap\Domains\", none of them to what the filter leaves out.
    "rules/windows/registry/registry_set/registry_set_change_security_zones": (
        (28344631, 28344632, 28344633),
        lambda data: (r"\software\microsoft\windows\currentversion\internet settings\zonemap"
                      r"\domains" "\\" in data["TargetObject"].lower()
                      and data["Details"].lower() not in (
                          "dword (0x00000000)", "dword (0x00000001)", "(empty)"))),
}


def read_case(path):
    """The rule's id, and {event log: how often} of an info.yml; a map of plain scalars and lists of
    such maps, of which the lines with these keys are enough."""
    rules, tests, part = [], [], None
    for row in path.read_text().splitlines():
        if re.match(r"\w+:\s*$", row):
            part = row.rstrip().rstrip(":")
            continue
        item, key, value = re.match(r"\s*(- )?(?:(\w+):\s*(.*?)\s*)?$", row).groups()
        if part == "rule_metadata" and key == "id":
            rules.append(value)
        elif part == "regression_tests_info":
            if item:
                tests.append({})
            if key:
                tests[-1][key] = value
    same(len(rules), 1)
    check(tests, f"no test in {path}")
    return rules[0], {path.parent / test["path"].rpartition("/")[2]: test for test in tests}


def found_by_rule():
    """{(event log, rule): [EventRecordID]}; an export numbers its records anew."""
    result = run("hunt", "--only-rules", str(RULES), str(CASES), "--output", "jsonl=-")
    check(result.status == 0, result)
    same(result.complaints, [])
    found = {}
    for finding in findings(result.out):
        if finding["source"]["format"] == "evtx":
            found.setdefault((finding["source"]["path"], finding["id"]), []).append(
                finding["fields"]["Event"]["System"]["EventRecordID"])
    return found


def events_beside(log):
    """The events of the JSON beside an event log: objects one after the other."""
    text, place, events = log.with_suffix(".json").read_text(), 0, []
    while place < len(text.rstrip()):
        event, place = json.JSONDecoder().raw_decode(text, place)
        events.append(event["Event"])
        while place < len(text) and text[place].isspace():
            place += 1
    return events


def check_case(path, found):
    rule, tests = read_case(path)
    for log, test in tests.items():
        same(test["type"], "evtx")
        records = found.get((str(log), rule), [])
        same(max(Counter(records).values(), default=1), 1)
        name = path.parent.relative_to(CASES).as_posix()
        if name in COUNTED_ANEW:
            expected, holds = COUNTED_ANEW[name]
            check(len(expected) != int(test["match_count"]), "the case counts right by now")
            same([event["System"]["EventRecordID"] for event in events_beside(log)
                  if holds(event["EventData"])], list(expected))
            same(sorted(records), list(expected))
        elif "match_count" in test:
            same(len(records), int(test["match_count"]))
        else:
            check(records, "it is not found")


def main():
    cases = sorted(CASES.rglob("info.yml"))
    if not cases or not RULES.is_dir():
        print("sigma_regression # SKIP no test data\n0 passed, 0 failed, 1 skipped")
        return
    found, failed, stated = found_by_rule(), 0, 0
    for path in cases:
        try:
            check_case(path, found)
            stated += "match_count" in path.read_text()
        except AssertionError as problem:
            failed += 1
            print(f"not ok - {path.parent.relative_to(CASES)}: {problem}")
    print(f"# {stated} of {len(cases)} cases state a count")
    print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed > 0)


main()
