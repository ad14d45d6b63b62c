#!/usr/bin/env python3
"""Compares what `seawall cat` prints of event logs with what other readers make of them.

compare_evtx.py PROGRAM FOLDER...

Records and values are compared with those of the Rust crate `evtx` (Python's module of that name),
records with those of libevtx's `evtxexport`, and each `x.evtx` with the `x.json` beside it. Prints
what is lost or differs without an explanation, then a table of counts for each folder and one of
explained differences; exit status 1 if anything is lost or unexplained. Readers that are not
installed are left out. tests/system/evtx_readers.py runs it as a test.
"""
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

try:
    import evtx
except ImportError:
    evtx = None

SHOWN_MAX = 20
ABSENT = "(absent)"


class Repeated(list):
    """The values of a key that stands several times in one object."""


def keep_repeated(pairs):
    out = {}
    for key, value in pairs:
        if key not in out:
            out[key] = value
        elif isinstance(out[key], Repeated):
            out[key].append(value)
        else:
            out[key] = Repeated([out[key], value])
    return out


def parse(text):
    return json.loads(text, object_pairs_hook=keep_repeated)


# ---- readers: each gives [(record id, event)] ----

def record_id(event):
    return event["Event"]["System"].get("EventRecordID")


def cat(program, path):
    run = subprocess.run([program, "cat", path], capture_output=True)
    if run.returncode not in (0, 2):
        raise SystemExit(f"{program} cat {path}: exit status {run.returncode}")
    return [parse(line) for line in run.stdout.decode().splitlines()]


def crate(path):
    """The events, and the number of those that the crate gave up."""
    events, given_up = [], 0
    parser = evtx.PyEvtxParser(str(path)).records_json()
    while True:
        try:
            events.append(parse(next(parser)["data"]))
        except StopIteration:
            return events, given_up
        except RuntimeError:
            given_up += 1


def exported_ids(path):
    run = subprocess.run(["evtxexport", "-f", "xml", path], capture_output=True)
    return [int(found) for found in re.findall(rb"<EventRecordID>(\d+)</", run.stdout)]


# ---- values ----

def leaves(value, path=()):
    """(path, value) of everything that is no object."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, path + (key,))
    else:
        yield path, value


def same(a, b):
    return a == b and type(a) is type(b)


def flat(value):
    return [inner for member in value for inner in flat(member)] if isinstance(value, list) \
        else [value]


def without_null(value):
    if isinstance(value, list):
        return [without_null(member) for member in value]
    return "" if value is None else value


def join_numbered(mine, other):
    """Where the crate repeats a key and we number it (a, a_1, a_2), the values under the first."""
    for path, theirs in other.items():
        numbered = [path[:-1] + (f"{path[-1]}_{i}",) for i in range(1, len(theirs))] \
            if isinstance(theirs, Repeated) else []
        if numbered and all(at in mine for at in numbered):
            mine[path] = [mine[path]] + [mine.pop(at) for at in numbered]


def without_halves(text):
    return text.replace("\ufffd", "")


def why_crate_differs(path, ours, theirs):
    """Why the crate has another value (docs/formats.md); None if nothing explains it."""
    if isinstance(ours, list) and isinstance(theirs, Repeated):
        if [str(value) for value in ours] == [str(value) for value in flat(theirs)]:
            return "crate: arrays, and Data of one name, under one key again and again"
    if path[1:2] == ("EventData",):
        if ours != without_null(ours) == theirs:
            return "crate: nothing (NULL) in Data is an empty text"
        if path[2:] == ("Data", "#text") and theirs == ABSENT:
            return "crate: Data without names is lost beside such with names"
    if type(ours) is float and isinstance(theirs, str) and float(theirs) == ours:
        return "crate: floating point as text"
    if type(ours) in (int, bool) and isinstance(theirs, str):
        if str(ours).lower() == theirs:
            return "crate: an array of one number as text"
    if isinstance(ours, str) and isinstance(theirs, str):
        if ours.split("\0")[0] == theirs:
            return "crate: text is cut at a NUL"
        if "\ufffd" in ours and without_halves(ours) == theirs:
            return "crate: halves of UTF-16 pairs are left out"
    return None


def why_beside_differs(_path, ours, theirs):
    if isinstance(ours, str) and isinstance(theirs, str) and ours.rstrip() == theirs:
        return "the .json has lost blanks at the ends of texts"
    return None


class Comparison:
    def __init__(self):
        self.counts = {}  # folder -> Counter
        self.reasons = Counter()
        self.unexplained = []

    def add(self, folder, **counts):
        self.counts.setdefault(folder, Counter()).update(counts)

    def events(self, path, ours, theirs, explain):
        """Compares two events; gives the number of values and of those that differ."""
        mine, other = dict(leaves(ours)), dict(leaves(theirs))
        differing = 0
        join_numbered(mine, other)
        paths = dict.fromkeys([*mine, *other])
        for at in paths:
            a, b = mine.get(at, ABSENT), other.get(at, ABSENT)
            if same(a, b):
                continue
            differing += 1
            reason = explain(at, a, b)
            if reason:
                self.reasons[reason] += 1
            else:
                self.unexplained.append(f"{path}, record {record_id(ours)}, {'/'.join(at)}: "
                                        f"{a!r:.200} here, {b!r:.200} there")
        return len(paths), differing

    def lost(self, path, ours, theirs, reader):
        """The ids that we lack, each as often as we lack it."""
        missing = Counter(theirs) - Counter(ours)
        for number, count in sorted(missing.items(), key=str):
            self.unexplained.append(f"{path}: record {number} is read by {reader} only ({count})")
        return sum(missing.values())


def pairs_by_id(ours, theirs):
    """Pairs of events with the same id; the n-th of an id goes with the n-th."""
    waiting = {}
    for event in theirs:
        waiting.setdefault(record_id(event), []).append(event)
    for event in ours:
        if waiting.get(record_id(event)):
            yield event, waiting[record_id(event)].pop(0)


def compare_crate(program, folder, path, result):
    ours, (theirs, given_up) = cat(program, path), crate(path)
    lost = result.lost(path, map(record_id, ours), map(record_id, theirs), "the crate")
    result.add(folder, files=1, seawall=len(ours), crate=len(theirs), crate_errors=given_up,
               lost=lost)
    for mine, other in pairs_by_id(ours, theirs):
        values, differing = result.events(path, mine, other, why_crate_differs)
        result.add(folder, values=values, differing=differing)


def compare_exported(program, folder, path, result):
    ours, theirs = [record_id(event) for event in cat(program, path)], exported_ids(path)
    lost = result.lost(path, ours, theirs, "evtxexport")
    result.add(folder, files=1, seawall=len(ours), evtxexport=len(theirs), lost=lost)


def compare_beside(program, folder, path, result):
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return
    ours, theirs = cat(program, path), cat(program, beside)
    lost = abs(len(ours) - len(theirs))
    if lost:
        result.unexplained.append(f"{path}: {len(ours)} records, {len(theirs)} in the .json")
    result.add(folder, files=1, seawall=len(ours), json=len(theirs), lost=lost)
    for mine, other in zip(ours, theirs):
        values, differing = result.events(path, mine, other, why_beside_differs)
        result.add(folder, values=values, differing=differing)


def compare(check, program, folders):
    result = Comparison()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.evtx")):
            check(program, str(folder), path, result)
    return result


# ---- what is printed ----

def print_table(title, result):
    columns = list(dict.fromkeys(key for row in result.counts.values() for key in row))
    rows = [[title] + columns]
    rows += [[folder] + [f"{counts[key]:,}" for key in columns]
             for folder, counts in result.counts.items()]
    if len(result.counts) > 1:
        total = sum(result.counts.values(), Counter())
        rows.append(["total"] + [f"{total[key]:,}" for key in columns])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join([row[0].ljust(widths[0])]
                        + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]))
    for reason, count in result.reasons.most_common():
        print(f"    {count:,} differing: {reason}")
    for row in result.unexplained[:SHOWN_MAX]:
        print(f"    NOT EXPLAINED: {row}")
    if len(result.unexplained) > SHOWN_MAX:
        print(f"    ... {len(result.unexplained):,} of these")
    print()


def checks():
    """(title, function, why it cannot be done here) of each comparison."""
    return (("with the evtx crate", compare_crate, None if evtx else "no Python module evtx"),
            ("with libevtx", compare_exported,
             None if shutil.which("evtxexport") else "no evtxexport"),
            ("with the .json beside", compare_beside, None))


def main(arguments):
    if len(arguments) < 2:
        print(__doc__)
        return 1
    failed = False
    for title, check, missing in checks():
        if missing:
            print(f"{title}: left out, {missing}\n")
            continue
        result = compare(check, arguments[0], arguments[1:])
        print_table(title, result)
        failed |= bool(result.unexplained)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
