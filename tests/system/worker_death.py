#!/usr/bin/env python3
"""The process that reads evidence dies: the files in flight are named and set aside, the rest is
done."""
import json
import os
import random
import re
import signal
import time
from collections import Counter
from pathlib import Path

from system_kit import (account, check, children_of, findings, finish, has_complaint, need_program,
                        process_event, run_tests, same, start, wait_for, write_events,
                        write_lines, write_rule)

SET_ASIDE = re.compile(r"^set aside (\S+): the process that reads evidence was ended by signal "
                       r"(\d+); nothing behind byte (\d+) counts$")


def set_aside(result):
    """{path: (signal, byte)} of the complaints, of which there are no others."""
    rows = [SET_ASIDE.match(row) for row in result.complaints]
    check(all(rows), result)
    return {row.group(1): (int(row.group(2)), int(row.group(3))) for row in rows}


def worker_of(process):
    return wait_for(lambda: children_of(process), "a worker")[0]


def start_with_fault(fault, paths, *arguments):
    """The program, where a system call about one of `paths` meets a fault (strace's `inject`)."""
    need_program("strace")
    about = [word for path in paths for word in ("-P", os.path.abspath(path))]
    call = fault.split(":")[0]
    return start("-f", "-qq", "-o", "/dev/null", *about, "-e", f"trace={call}", "-e",
                 f"inject={fault}", os.environ["SEAWALL"], *arguments,
                 executable="/usr/bin/strace")


def test_a_worker_that_is_killed():
    write_rule()
    write_events("a.json", 3)
    write_events("z.json", 4)
    os.mkfifo("pipe")
    process = start("hunt", "--threads", "1", "--only-rules", "rules", "--output",
                    "jsonl=o.jsonl", "a.json", "pipe", "z.json")
    with open("pipe", "wb") as pipe:
        worker = worker_of(process)
        pipe.write(json.dumps(process_event()).encode() + b"\n")
        pipe.flush()
        time.sleep(0.3)  # it reads the pipe, and waits for more
        os.kill(worker, signal.SIGKILL)
        result = finish(process)
    same(result.status, 2)  # the pipe was named
    same(set_aside(result), {"pipe": (9, 0)})
    same(account(result.out), {"read": 2, "aside": 1})
    check("1 file was set aside: the process reading it died\n    pipe: " in result.out, result)
    same(Counter(finding["source"]["path"]
                 for finding in findings(Path("o.jsonl").read_text())), {"a.json": 3, "z.json": 4})


def test_a_file_that_kills_every_worker():
    write_rule()
    for number in range(6):
        write_events(f"f/{number}.json", 2)
    for number in (0, 3, 5):
        os.rename(f"f/{number}.json", "bad.json")
        for threads in ("1", "2"):
            os.makedirs("g", exist_ok=True)
            os.rename("bad.json", f"f/{number}.json")
            path = f"f/{number}.json"
            process = start_with_fault("pread64:signal=SEGV", [path], "hunt", "--threads", threads,
                                       "--only-rules", "rules", "f")
            result = finish(process)
            same(result.status, 0)
            aside = set_aside(result)
            check(path in aside and len(aside) <= int(threads), result)
            same(aside[path], (11, 0))
            same(account(result.out), {"read": 6 - len(aside), "aside": len(aside)})
            os.rename(path, "bad.json")
        os.rename("bad.json", f"f/{number}.json")


def test_several_files_that_kill():
    write_rule()
    for number in range(9):
        write_events(f"f/{number}.json", 2)
    bad = ["f/0.json", "f/4.json", "f/5.json", "f/8.json"]
    process = start_with_fault("pread64:signal=ABRT", bad, "hunt", "--threads", "1",
                               "--only-rules", "rules", "f")
    result = finish(process)
    same(result.status, 0)
    same(set_aside(result), {path: (6, 0) for path in bad})
    same(account(result.out), {"read": 5, "aside": 4})
    process = start_with_fault("pread64:signal=ABRT", bad, "hunt", "--only-rules", "rules", *bad)
    result = finish(process)
    same(result.status, 2)
    same(sorted(set_aside(result)), bad)
    check("Cannot tell, because no event could be read" in result.out, result)


def test_what_was_read_before_counts():
    write_rule()
    write_lines("f/b.json", (process_event(number, "whoami " + "x" * 1000)
                             for number in range(15000)))  # several pieces
    write_events("f/a.json", 2)
    write_events("f/c.json", 2)
    process = start_with_fault("pread64:signal=KILL:when=45+", ["f/b.json"], "hunt", "--threads",
                               "1", "--only-rules", "rules", "--output", "jsonl=o.jsonl", "f")
    result = finish(process)
    same(result.status, 0)
    (path, (number, byte)), = set_aside(result).items()
    same((path, number), ("f/b.json", 9))
    check(0 < byte < os.path.getsize("f/b.json"), byte)
    same(account(result.out), {"read": 2, "aside": 1})
    found = Counter(finding["source"]["path"]
                    for finding in findings(Path("o.jsonl").read_text()))
    same((found["f/a.json"], found["f/c.json"]), (2, 2))
    with open("f/b.json", "rb") as file:  # exactly the lines that begin before that byte
        same(found["f/b.json"], file.read(byte).count(b"\n"))


def test_a_worker_that_cannot_begin():
    write_rule()
    write_events("e.json")
    process = start_with_fault("landlock_create_ruleset:signal=KILL", [], "hunt",
                               "--only-rules", "rules", "--output", "jsonl=o.jsonl", "e.json")
    result = finish(process)
    same(result.status, 4)
    has_complaint(result, "the process that reads evidence was ended by signal 9 before it had "
                          "begun")
    check("PARTIAL" in result.out and "Cannot tell" in result.out, result)


def test_cat_goes_on_too():
    for number in range(3):
        write_events(f"f/{number}.json", 2)
    result = finish(start_with_fault("pread64:signal=SEGV", ["f/1.json"], "cat", "f"))
    same((result.status, result.out.count("\n")), (0, 4))
    same(set_aside(result), {"f/1.json": (11, 0)})
    result = finish(start_with_fault("pread64:signal=SEGV", ["f/1.json"], "cat", "f/1.json"))
    same((result.status, result.out), (2, ""))
    same(set_aside(result), {"f/1.json": (11, 0)})


def test_workers_that_are_killed_again_and_again():
    """At any moment: nothing counts twice, nothing is left out without a word."""
    write_rule()
    size = {}
    for number in range(60):
        size[f"f/{number:02}.json"] = count = 1 + number * 37 % 900
        write_events(f"f/{number:02}.json", count)
    write_lines("f/long.json", (process_event(number, "whoami " + "x" * 1000)
                                for number in range(9000)))
    size["f/long.json"] = 9000
    dice = random.Random(1)
    for threads in ("1", "3"):
        process = start("hunt", "--threads", threads, "--only-rules", "rules", "--output",
                        "jsonl=o.jsonl", "f")
        kills = 0
        while process.poll() is None and kills < 12:
            time.sleep(dice.random() * 0.02)
            for worker in children_of(process):
                try:
                    os.kill(worker, signal.SIGKILL)
                    kills += 1
                except ProcessLookupError:
                    pass
        result = finish(process)
        if result.status == 4 and "before it had begun" in result.err:
            continue  # it was killed before it had a file
        same(result.status, 0)
        aside = set_aside(result)
        counts = account(result.out)
        same(counts.get("aside", 0), len(aside))
        found = Counter()
        for finding in findings(Path("o.jsonl").read_text()):
            found[finding["source"]["path"], finding["source"]["line"]] += 1
        check(not found or max(found.values()) == 1, found.most_common(3))
        lines = Counter(path for path, _ in found)
        for path, count in size.items():
            if path not in aside:
                same((path, lines[path]), (path, count))
            elif path != "f/long.json":
                check(lines[path] <= count, path)


run_tests(globals())
