#!/usr/bin/env python3
"""Sums the tests of a ctest run (its JUnit file): count_tests.py FILE

A program that closes with "N passed, N failed, N skipped" counts as it says; any other program is
one test. One that ended badly without a failed test of its own (a crash, a leak) is one failure.
"""
import re
import sys
import xml.etree.ElementTree as tree

CLOSING = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.M)


def count(case):
    lines = CLOSING.findall(case.findtext("system-out") or "")
    good = case.get("status") == "run"
    if case.get("status") in ("notrun", "disabled") and case.find("failure") is None:
        return 0, 0, 1
    if not lines:
        return int(good), int(not good), 0
    passed, failed, skipped = map(int, lines[-1])
    return passed, failed or int(not good), skipped


def main():
    try:
        cases = tree.parse(sys.argv[1]).getroot().iter("testcase")
    except (OSError, tree.ParseError) as error:
        print(f"no test results: {error}")
        return 1
    sums = [sum(column) for column in zip((0, 0, 0), *map(count, cases))]
    print("{} passed, {} failed, {} skipped".format(*sums))
    return int(sums[1] > 0)


sys.exit(main())
