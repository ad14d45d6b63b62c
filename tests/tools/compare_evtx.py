#!/usr/bin/env python3
"""Compares what `seawall cat` prints with what the evtx crate reads, record by record and value
by value.

usage: tests/tools/compare_evtx.py PROGRAM FOLDER...

PROGRAM is run as `PROGRAM cat FILE`. Needs Python's `evtx` module (a binding of the Rust crate);
counts of libevtx's `evtxexport` are printed too where it is installed. Prints a row for every file
that differs, then totals.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

import evtx


def ours(program, path):
    done = subprocess.run([*program, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = done.stdout.decode("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def theirs(path):
    records, errors = [], 0
    parser = evtx.PyEvtxParser(str(path)).records_json()
    while True:
        try:
            records.append(json.loads(next(parser)["data"]))
        except StopIteration:
            return records, errors
        except RuntimeError:
            errors += 1


def exported(path):
    if not shutil.which("evtxexport"):
        return None
    done = subprocess.run(["evtxexport", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return len(re.findall(rb"^Event number", done.stdout, re.M))


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            yield from differences(a.get(key, "(absent)"), b.get(key, "(absent)"), f"{path}/{key}")
    elif a != b:
        yield f"{path}: {a!r:.80} here, {b!r:.80} there"


def record_id(record):
    return record["Event"]["System"].get("EventRecordID")


def main():
    program = [sys.argv[1], "cat"]
    files = sorted(p for folder in sys.argv[2:] for p in pathlib.Path(folder).rglob("*.evtx"))
    total = {"files": 0, "ours": 0, "theirs": 0, "exported": 0, "differing": 0}
    for path in files:
        mine, (other, errors) = ours(program, path), theirs(path)
        count = exported(path)
        total["files"] += 1
        total["ours"] += len(mine)
        total["theirs"] += len(other)
        total["exported"] += count or 0
        found = [d for a, b in zip(mine, other) for d in differences(a, b)]
        total["differing"] += len(found)
        if found or len(mine) != len(other) or errors or (count is not None and count > len(mine)):
            print(f"{path}: {len(mine)} here, {len(other)} crate ({errors} errors), "
                  f"{count} evtxexport, {len(found)} values differ")
            for line in found[:3]:
                print("   ", line)
    print(", ".join(f"{key} {value}" for key, value in total.items()))


main()
