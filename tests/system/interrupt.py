#!/usr/bin/env python3
"""Wishes to end: Ctrl-C and the like while evidence is read, and while outputs are written."""
import csv
import fcntl
import json
import os
import signal
import struct
import termios
import time
from pathlib import Path

from system_kit import (check, children_of, findings, finish, has_complaint, is_alive,
                        process_event, run_tests, same, start, wait_for, write_events, write_rule)


class Held:
    """A hunt over `e.json` and a pipe that does not end, when the former was read."""

    def __init__(self, *arguments, command="hunt", **options):
        write_rule()
        write_events("e.json", 3)
        os.mkfifo("pipe")
        hunting = ["--threads", "1", "--only-rules", "rules"] if command == "hunt" else []
        self.process = start(command, *hunting, *arguments, "e.json", "pipe", **options)
        self.pipe = os.open("pipe", os.O_WRONLY)
        self.write(process_event(7))
        wait_for(lambda: waiting_in(self.pipe) == 0, "the pipe to be read")
        time.sleep(0.3)  # what the worker told is with its parent

    def write(self, event):
        os.write(self.pipe, json.dumps(event).encode() + b"\n")

    def end(self):
        """The run's result, when the pipe has ended too."""
        os.close(self.pipe)
        return finish(self.process)

    def ask(self, number):
        """Sends a signal and gives the result."""
        self.process.send_signal(number)
        begun = time.monotonic()
        result = finish(self.process)
        os.close(self.pipe)
        check(time.monotonic() - begun < 20, "it took long to end")
        return result


def waiting_in(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


def test_whole_files_that_say_they_are_partial():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        Path("old.jsonl").write_text("old\n")
        held = Held("--output", "jsonl=old.jsonl", "--output", "csv=new.csv", "--fail-on", "low")
        worker, = children_of(held.process)
        result = held.ask(number)
        same(result.status, 130)
        same(result.complaints, ["interrupted: the outputs hold what was found by then"])
        check("PARTIAL: interrupted before everything was read" in result.out, result)
        check("3 findings of 1 rule" in result.out and "1 of 2 files" in result.out, result)
        found = findings(Path("old.jsonl").read_text())
        same([finding["source"]["line"] for finding in found], [1, 2, 3])
        for finding in found:
            check("interrupted" in "".join(finding["because"]), finding)
        with open("new.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        same((len(rows), all("interrupted" in row["because"] for row in rows)), (3, True))
        same(sorted(os.listdir()), ["e.json", "new.csv", "old.jsonl", "pipe", "rules"])
        check(not is_alive(worker), "the worker goes on")
        os.remove("pipe")


def test_a_whole_run_does_not_say_so():
    held = Held("--output", "jsonl=-", "--quiet")
    result = held.end()
    same((result.status, result.err), (0, ""))
    same([finding["because"] for finding in findings(result.out)], [[]] * 4)


def test_cat_ends_too():
    result = Held(command="cat").ask(signal.SIGINT)
    same((result.status, result.err, result.out.count("\n")), (130, "", 3))


def test_nohup_keeps_it_going():
    def ignore():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    held = Held("--quiet", "--output", "jsonl=-", preexec_fn=ignore)
    held.process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    held.write(process_event(8))
    result = held.end()
    same((result.status, len(findings(result.out))), (0, 5))


def test_the_worker_ends_with_its_parent():
    held = Held()
    worker, = children_of(held.process)
    held.process.kill()
    held.process.wait()
    wait_for(lambda: not is_alive(worker), "the end of the worker")
    os.close(held.pipe)


def test_the_worker_does_not_listen_to_the_terminal():
    held = Held("--quiet", "--output", "jsonl=-")
    worker, = children_of(held.process)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(worker, number)
    time.sleep(0.2)
    held.write(process_event(8))
    result = held.end()
    same((result.status, result.err, len(findings(result.out))), (0, "", 5))


def test_while_outputs_are_written():
    write_rule()
    write_events("e.json", 5000)
    Path("old.csv").write_text("old\n")
    ours, theirs = os.pipe()
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start("hunt", "--only-rules", "rules", "e.json", "--output", "csv=old.csv",
                        "--output", "jsonl=-", "--fail-on", "low", stdout=theirs)
        wait_for(lambda: waiting_in(ours) >= 60000, "the pipe to be full")
        process.send_signal(number)
        result = finish(process)
        same(result.status, 130)
        has_complaint(result, "interrupted while the outputs were written")
        same(Path("old.csv").read_text(), "old\n")
        same(sorted(os.listdir()), ["e.json", "old.csv", "rules"])
        while waiting_in(ours):
            os.read(ours, 1 << 16)


def test_before_anything_is_read():
    write_rule()
    os.mkfifo("pipe")  # nobody writes: opening it waits
    process = start("hunt", "--only-rules", "rules", "pipe")
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    result = finish(process)
    same(result.status, 130)
    has_complaint(result, "cannot read pipe: interrupted")


run_tests(globals())
