#!/usr/bin/env python3
"""How far a run is: on a terminal by itself, elsewhere on request, and never on standard output."""
import json
import os
import pty
import re
import select
import time

from system_kit import (check, findings, finish, process_event, run, run_tests, same, start,
                        wait_for, write_events, write_rule)

LINE = re.compile(rb"\r([\d.]+ [KMGT]?B)(?: of ([\d.]+ [KMGT]?B) \((\d+)%\))?, [\d.]+ [KMGT]?B/s"
                  rb"(?:, \d+ s left)?\x1b\[K")


def read_all(terminal):
    out = b""
    while True:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:  # nobody has the other side any more
            return out
        if not piece:
            return out
        out += piece


def read_some(terminal, until):
    """What is written to the terminal until it holds a match."""
    out, end = b"", time.monotonic() + 30
    while not until.search(out):
        check(time.monotonic() < end, out)
        if select.select([terminal], [], [], 1)[0]:
            out += os.read(terminal, 1 << 16)
    return out


class Slow:
    """A hunt that reads a file and then waits for a pipe."""

    def __init__(self, *arguments, command="hunt", **options):
        write_rule()
        write_events("e.json", 2000)
        os.mkfifo("pipe")
        hunting = ["--threads", "1", "--only-rules", "rules"] if command == "hunt" else []
        self.process = start(command, *hunting, *arguments, "e.json", "pipe", **options)
        self.pipe = os.open("pipe", os.O_WRONLY)
        os.write(self.pipe, json.dumps(process_event()).encode() + b"\n")

    def end(self):
        os.close(self.pipe)
        os.remove("pipe")
        return finish(self.process)


def test_on_a_terminal_one_line_is_written_anew():
    ours, theirs = pty.openpty()
    slow = Slow("--output", "jsonl=-", "--output", "terminal=o.txt", stderr=theirs)
    os.close(theirs)
    shown = read_some(ours, re.compile(LINE.pattern + rb"(?:.|\n)*" + LINE.pattern))
    result = slow.end()
    shown += read_all(ours)
    same((result.status, len(findings(result.out))), (0, 2001))
    lines = LINE.findall(shown)
    total = f"{os.path.getsize('e.json') / 1000:.1f} KB".encode()
    check(all(line[1] == total for line in lines), lines)
    check(shown.endswith(b"\r\x1b[K"), "the line is cleared", shown[-100:])
    same(LINE.sub(b"", shown), b"\r\x1b[K")
    os.close(ours)


def test_quiet_hides_it():
    ours, theirs = pty.openpty()
    slow = Slow("--quiet", "--progress", "--output", "jsonl=-", stderr=theirs)
    os.close(theirs)
    time.sleep(1)
    same(slow.end().status, 0)
    same(read_all(ours), b"")
    os.close(ours)


def test_elsewhere_there_is_none():
    slow = Slow()
    time.sleep(1)
    result = slow.end()
    same((result.status, result.err), (0, ""))


def test_elsewhere_a_line_every_few_seconds_if_it_is_wanted():
    slow = Slow("--progress", "--output", "jsonl=-", "--output", "terminal=o.txt")
    time.sleep(5.7)
    result = slow.end()
    same((result.status, len(findings(result.out))), (0, 2001))
    check(re.fullmatch(r"[\d.]+ KB of [\d.]+ KB \(\d+%\), [\d.]+ KB/s\n", result.err), result)


def test_a_short_run_shows_nothing():
    write_rule()
    write_events("e.json")
    result = run("hunt", "--progress", "e.json")
    same((result.status, result.err), (0, ""))


def test_cat_shows_none():
    ours, theirs = pty.openpty()
    slow = Slow(command="cat", stderr=theirs)
    os.close(theirs)
    time.sleep(1)
    result = slow.end()
    same((result.status, result.out.count("\n")), (0, 2001))
    same(read_all(ours), b"")
    os.close(ours)


def test_complaints_do_not_run_into_it():
    ours, theirs = pty.openpty()
    slow = Slow("nosuch", stderr=theirs)
    os.close(theirs)
    read_some(ours, LINE)
    worker = wait_for(lambda: open(f"/proc/{slow.process.pid}/task/{slow.process.pid}/children")
                      .read().split(), "the worker")[0]
    os.kill(int(worker), 9)
    shown = read_some(ours, re.compile(rb"set aside[^\n]*\n"))
    check(re.search(rb"\r\x1b\[Kseawall: set aside pipe", shown), shown)
    same(slow.end().status, 2)
    read_all(ours)
    os.close(ours)


def report_on_a_terminal(environment=None):
    ours, theirs = pty.openpty()
    write_rule(level="high")
    write_events("e.json", command="whoami " + "x" * 300)
    process = start("hunt", "--only-rules", "rules", "e.json", stdout=theirs,
                    environment={"TERM": "xterm", "LC_ALL": "C.UTF-8"} | (environment or {}))
    os.close(theirs)
    shown = read_all(ours).decode()
    same(finish(process).status, 0)
    os.close(ours)
    return shown


def test_colours_only_where_they_are_wanted():
    check("\x1b[1;31m" in report_on_a_terminal(), "no colours on a terminal")
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": None}):
        check("\x1b" not in report_on_a_terminal(environment), environment)


def test_rows_are_cut_at_the_width_of_the_terminal():
    for row in report_on_a_terminal({"NO_COLOR": "1"}).splitlines():
        check(len(row) <= 80, row)


run_tests(globals())
