#!/usr/bin/env python3
"""Evidence that is damaged, hostile, or changes while it is read: it costs itself, and is said."""
import json
import os
import re
import threading
import time
from pathlib import Path

from system_kit import (check, children_of, findings, finish, has_complaint, hunt, need_program,
                        one_complaint, process_event, run, run_tests, same, start, wait_for,
                        write_events, write_evtx, write_lines, write_rule)
from evtx_writer import CHUNK, DAMAGES, FILE_HEADER, damage  # system_kit.py knows where it is


def report_of(*arguments):
    """The report on evidence in which something is wrong, which by itself is no failure."""
    result = run("hunt", "--only-rules", "rules", *arguments)
    same((result.status, result.err), (0, ""))
    return result.out


def events_read(report):
    return int(re.search(r"^Read .* ([\d,]+) events?$", report, re.M).group(1).replace(",", ""))


def lost(report):
    found = re.search(r"^  ([\d,]+) records? (?:was|were) lost in damage$", report, re.M)
    return int(found.group(1).replace(",", "")) if found else 0


def line(number=1, command="whoami"):
    return json.dumps(process_event(number, command)).encode() + b"\n"


# ---- event logs ----

def test_truncated_event_logs():
    write_rule()
    write_evtx("whole.evtx", 700)
    whole = Path("whole.evtx").read_bytes()
    same((len(whole) - FILE_HEADER) // CHUNK, 3)
    for size in (FILE_HEADER + 100, FILE_HEADER + 5000, FILE_HEADER + CHUNK + 20000,
                 FILE_HEADER + 2 * CHUNK + 5000):
        Path("cut.evtx").write_bytes(whole[:size])
        report = report_of("cut.evtx")
        events = events_read(report)
        check(events < 700 and "cut.evtx at byte " in report, report)
        check(f": {events} finding" in report or events == 0, report)
        same(run("cat", "cut.evtx").out.count("\n"), events)
    Path("cut.evtx").write_bytes(whole[:100])  # not even a file header
    result = run("hunt", "cut.evtx")
    check(result.status in (0, 2), result)
    check("cut.evtx" in result.out, result)


def test_every_kind_of_damage():
    write_rule()
    write_evtx("f.evtx", 1000)
    whole = Path("f.evtx").read_bytes()
    for kind in DAMAGES:
        Path("d.evtx").write_bytes(damage(whole, kind))
        report = report_of("d.evtx")
        events = events_read(report)
        check(events > 300, kind, report)
        same(run("cat", "d.evtx").out.count("\n"), events)
        if events < 1000:
            check("d.evtx at byte " in report, kind, report)


def test_noise_behind_the_header_of_an_event_log():
    write_rule()
    write_evtx("f.evtx", 10)
    Path("noise.evtx").write_bytes(Path("f.evtx").read_bytes()[:FILE_HEADER]
                                   + os.urandom(3_000_000))
    report = report_of("noise.evtx")
    same(events_read(report), 0)
    check("Cannot tell, because no event could be read" in report, report)
    check("noise.evtx at byte 4096" in report, report)


# ---- JSON ----

def test_a_line_of_a_gigabyte():
    write_rule()
    with open("f.json", "wb") as file:
        file.write(line(1) + b'{"a":"')
        file.seek(1 << 30, os.SEEK_CUR)  # NUL bytes, which need no place on the disk
        file.write(b'"}\n' + line(2))
    begun = time.monotonic()
    report = report_of("f.json")
    check(time.monotonic() - begun < 60, "it took long")
    same((events_read(report), lost(report)), (2, 1))
    check("2 findings of 1 rule" in report, report)
    check(f"f.json at byte {len(line(1))}: " in report, report)
    found = findings(hunt("--quiet", "f.json").out)
    same([finding["source"]["line"] for finding in found], [1, 3])


def test_a_line_of_a_gigabyte_through_a_pipe():
    write_rule()
    os.mkfifo("pipe")

    def write():
        with open("pipe", "wb") as pipe:
            pipe.write(line(1) + b'{"a":"')
            for _ in range(64):
                pipe.write(b"x" * (1 << 20))
            pipe.write(b'"}\n' + line(2))
    thread = threading.Thread(target=write)
    thread.start()
    report = report_of("pipe")
    thread.join()
    same((events_read(report), lost(report)), (2, 1))


def test_json_a_million_levels_deep():
    write_rule()
    deep = b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000 + b"\n"
    brackets = b"[" * 1_000_000 + b"\n"
    Path("f.json").write_bytes(line(1) + deep + line(2) + brackets + line(3))
    report = report_of("f.json")
    same((events_read(report), lost(report)), (3, 2))
    result = run("cat", "f.json")
    same((result.status, result.out.count("\n")), (0, 3))
    has_complaint(result, f"lost something in f.json at byte {len(line(1))}: ")
    for text in (deep, brackets):
        Path("deep.json").write_bytes(text)
        result = run("hunt", "deep.json")
        check(result.status in (0, 2), result)
        check("deep.json" in result.out, result)


def test_bytes_that_are_not_utf8():
    write_rule()
    text = json.dumps(process_event(1, "whoami XX")).encode()
    Path("f.json").write_bytes(text.replace(b"XX", b"\xff\xfe") + b"\n" + line(2))
    report = report_of("f.json")
    same(events_read(report) + lost(report), 2)
    for row in run("cat", "f.json").out.splitlines():
        row.encode()  # what is printed is UTF-8
        json.loads(row)
    for row in hunt("--quiet", "f.json").out.splitlines():
        row.encode()
        json.loads(row)


def test_json_that_is_cut_off():
    write_rule()
    Path("f.json").write_bytes(line(1) + line(2)[:100])
    report = report_of("f.json")
    same((events_read(report), lost(report)), (1, 1))
    check(f"f.json at byte {len(line(1))}" in report, report)


def test_records_that_name_a_thousand_hosts():
    write_rule()
    write_lines("f.json", [process_event(number, host=f"h{number}") for number in range(30000)])
    report = report_of("f.json")
    same(events_read(report), 30000)
    check("30,000 findings of 1 rule on " in report, report)


def test_many_damaged_places():
    write_rule()
    Path("f.json").write_bytes((line(1) + b'{"a":]\n') * 20000)
    report = report_of("f.json")
    same((events_read(report), lost(report)), (20000, 20000))
    check("\n  20,000 damaged stretches\n" in report and "... and 19,995 more" in report, report)
    result = run("cat", "f.json")
    same((result.status, result.out.count("\n")), (0, 20000))
    *listed, last = result.complaints
    check(len(listed) > 100 and last == f"lost something in {20000 - len(listed)} more", last)


def test_an_event_with_very_many_fields():
    write_rule()
    event = process_event()
    event["Event"]["EventData"] |= {f"Field{number}": number for number in range(100_000)}
    write_lines("f.json", [process_event(1), event, process_event(3)])
    report = report_of("f.json")
    same(events_read(report), 3)
    check("3 findings" in report, report)
    same(run("cat", "f.json").out.count("\n"), 3)


def test_a_match_as_long_as_a_record_may_be():
    write_rule()
    long = process_event(1, "whoami " + "\x01" * 2_000_000)  # printed, each takes six bytes
    write_lines("f.json", [long, process_event(2)])
    found = findings(hunt("--quiet", "f.json").out)
    same([finding["source"]["line"] for finding in found], [1, 2])
    same(found[0]["fields"], long)


# ---- files that change ----

def slow_hunt(path, *arguments, at="pread64"):
    """A hunt by one thread that sleeps in each read of `path`."""
    need_program("strace")
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", f"trace={at}",
               "-e", f"inject={at}:delay_enter=30000", os.environ["SEAWALL"], "hunt",
               "--threads", "1", "--only-rules", "rules", *arguments, path]
    return start(executable="/usr/bin/strace", *command[1:])


def opened(process, path):
    """Whether any process below `process` has the file open."""
    inode = os.stat(path).st_ino
    for task in Path("/proc").glob("[0-9]*"):
        try:
            if process.pid not in (int(task.name), parent_of(task), parent_of(
                    Path(f"/proc/{parent_of(task)}"))):
                continue
            if any(os.stat(fd).st_ino == inode for fd in task.glob("fd/*")):
                return True
        except (OSError, ValueError):
            continue
    return False


def parent_of(task):
    return int((task / "stat").read_text().rpartition(")")[2].split()[1])


def test_a_file_that_shrinks_while_it_is_read():
    write_rule()
    write_events("a.json", 3)
    for name, write in (("z.json", write_events), ("z.evtx", write_evtx)):
        write(name, 30000)
        size = os.path.getsize(name)
        process = slow_hunt(os.path.abspath(name), "a.json", "--output", "jsonl=o.jsonl")
        wait_for(lambda: opened(process, name), "the file to be opened")
        time.sleep(0.2)
        os.truncate(name, size // 2)
        result = finish(process)
        same(result.status, 2)
        path = os.path.abspath(name)
        one_complaint(result, f"cannot read {path}: it changed while it was read")
        check("Read       1 of 2 files" in result.out, result)
        check("1 file or folder could not be read" in result.out, result)
        found = findings(Path("o.jsonl").read_text())
        paths = [finding["source"]["path"] for finding in found]
        same((paths.count("a.json"), 0 < paths.count(path) < 30000), (3, True))
        os.remove(name)


def test_a_file_that_grows_while_it_is_read():
    write_rule()
    write_events("z.json", 2000)
    process = slow_hunt(os.path.abspath("z.json"), "--quiet", "--output", "jsonl=-")
    wait_for(lambda: opened(process, "z.json"), "the file to be opened")
    with open("z.json", "ab") as file:
        file.write(line(9) * 2000)
    result = finish(process)
    same((result.status, result.err), (0, ""))
    same(len(findings(result.out)), 2000)  # it ends where it ended when it was opened


def test_a_file_that_is_replaced_before_it_is_opened():
    write_rule()
    write_events("outside.json")
    for replace in (lambda: os.mkfifo("f/z.json"), lambda: os.mkdir("f/z.json"), lambda: None,
                    lambda: os.symlink("../outside.json", "f/z.json")):
        write_events("f/a.json")
        write_events("f/z.json")
        os.mkfifo("pipe")  # is read before, and holds up the only thread
        process = start("hunt", "--threads", "1", "--only-rules", "rules", "pipe", "f")
        with open("pipe", "wb") as pipe:
            wait_for(lambda: children_of(process), "the worker")
            os.remove("f/z.json")
            replace()
            pipe.write(line(1))
        result = finish(process)
        same(result.status, 0)
        check(len(result.complaints) == 1 and "cannot read f/z.json: " in result.err, result)
        check("Read       2 of 3 files" in result.out, result)
        check("2 findings of 1 rule" in result.out, result)
        os.remove("pipe")
        if os.path.isdir("f/z.json"):
            os.rmdir("f/z.json")
        elif os.path.lexists("f/z.json"):
            os.remove("f/z.json")


def test_a_disk_that_cannot_be_read():
    need_program("strace")
    write_rule()
    write_events("a.json")
    write_events("z.json", 100)
    path = os.path.abspath("z.json")
    for at in ("openat", "pread64"):
        process = start(
            "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", f"trace={at}", "-e",
            f"inject={at}:error=EIO:when=1", os.environ["SEAWALL"], "hunt", "--sandbox", "off",
            "--only-rules", "rules", "a.json", path, executable="/usr/bin/strace")
        result = finish(process)
        same(result.status, 2)
        has_complaint(result, f"cannot read {path}: input/output error")
        check("Read       1 of 2 files" in result.out, result)


run_tests(globals())
