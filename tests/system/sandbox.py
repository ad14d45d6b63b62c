#!/usr/bin/env python3
"""What the process that reads evidence can still do, and that it is said where it can do more."""
import os
import re
import subprocess
import time
from pathlib import Path

from system_kit import (Skip, check, children_of, findings, finish, has_complaint, is_alive,
                        need_program, run, run_tests, same, start, wait_for, write_events,
                        write_rule)

OFF = "evidence is read without the whole sandbox: it was switched off with --sandbox off"


def has_landlock():
    try:
        return "landlock" in Path("/sys/kernel/security/lsm").read_text()
    except OSError:
        result = run("hunt", "/dev/null")
        return "Landlock" not in result.err


class Waiting:
    """A worker that waits for a pipe, with a file in its evidence folder."""

    def __init__(self, *arguments):
        write_rule()
        write_events("f/e.json")
        Path("secret").write_text("secret\n")
        os.mkfifo("pipe")
        self.process = start("hunt", *arguments, "--threads", "1", "--only-rules", "rules", "pipe",
                             "f")
        self.pipe = os.open("pipe", os.O_WRONLY)
        self.worker = wait_for(lambda: children_of(self.process), "the worker")[0]
        time.sleep(0.3)

    def status(self, name):
        text = Path(f"/proc/{self.worker}/status").read_text()
        return re.search(rf"^{name}:\s+(.*)$", text, re.M).group(1)

    def call(self, *expressions):
        """{C expression: its value in the worker}, by a debugger; it ends with the worker."""
        need_program("gdb")
        asked = [word for expression in expressions for word in ("-ex", f"print {expression}")]
        out = subprocess.run(["gdb", "-q", "-batch", "-p", str(self.worker), *asked],
                             capture_output=True, text=True, check=False).stdout
        values = [int(value) for value in re.findall(r"^\$\d+ = (-?\d+)", out, re.M)]
        if not values and is_alive(self.worker):
            self.end()
            raise Skip("gdb cannot call into a process here")
        return dict(zip(expressions, values))

    def end(self):
        os.close(self.pipe)
        return finish(self.process)


def test_rights_that_are_given_up_are_not_spoken_of():
    if not has_landlock():
        raise Skip("this kernel has no Landlock")
    write_rule()
    write_events("e.json")
    result = run("hunt", "--only-rules", "rules", "e.json")
    same((result.status, result.err), (0, ""))
    check("andbox" not in result.out, result)


def test_a_sandbox_that_is_off_is_said():
    write_rule()
    write_events("e.json")
    result = run("hunt", "--only-rules", "rules", "--sandbox", "off", "e.json")
    same((result.status, result.complaints), (0, [OFF]))
    check("\n  Sandbox: it was switched off with --sandbox off\n" in result.out, result)
    result = run("hunt", "--only-rules", "rules", "--sandbox", "off", "--output", "jsonl=-",
                 "e.json")
    check("\n  Sandbox: it was switched off" in result.err, result)
    same(len(findings(result.out)), 1)


def kernel_without(calls, *arguments):
    need_program("strace")
    names = ",".join(calls)
    return finish(start("-f", "-qq", "-o", "/dev/null", "-e", f"trace={names}", "-e",
                        f"inject={names}:error=ENOSYS", os.environ["SEAWALL"], *arguments,
                        executable="/usr/bin/strace"))


def test_a_kernel_without_landlock_is_said():
    write_rule()
    write_events("e.json")
    result = kernel_without(["landlock_create_ruleset"], "hunt", "--only-rules", "rules", "e.json")
    same(result.status, 0)
    has_complaint(result, "evidence is read without the whole sandbox: this kernel has no Landlock")
    check("\n  Sandbox: this kernel has no Landlock" in result.out, result)
    check("1 finding of 1 rule" in result.out, result)
    result = kernel_without(["landlock_create_ruleset"], "cat", "e.json")
    same((result.status, result.out.count("\n")), (0, 1))
    has_complaint(result, "this kernel has no Landlock")


def test_a_kernel_without_seccomp_is_said():
    write_rule()
    write_events("e.json")
    result = kernel_without(["seccomp"], "hunt", "--only-rules", "rules", "e.json")
    same(result.status, 0)
    has_complaint(result, "evidence is read without the whole sandbox: system calls could not be "
                          "restricted")
    check("\n  Sandbox: system calls could not be restricted" in result.out, result)


def test_the_worker_holds_nothing_but_what_it_needs():
    waiting = Waiting()
    same((waiting.status("NoNewPrivs"), waiting.status("Seccomp")), ("1", "2"))
    targets = {}
    for name in os.listdir(f"/proc/{waiting.worker}/fd"):
        targets[int(name)] = os.readlink(f"/proc/{waiting.worker}/fd/{name}")
    same((targets.pop(0), targets.pop(1)), ("/dev/null", "/dev/null"))
    targets.pop(2)
    same(sorted(os.path.basename(target).split(":")[0] for target in targets.values()),
         ["pipe", "pipe"])  # the one that is evidence, and the one to its parent
    same(waiting.end().status, 0)


def test_without_the_sandbox_it_keeps_its_rights():
    waiting = Waiting("--sandbox", "off")
    same((waiting.status("NoNewPrivs"), waiting.status("Seccomp")), ("0", "0"))
    calls = ['(int)open("/etc/passwd", 0)', "(int)socket(2, 1, 0)"]
    check(all(value >= 0 for value in waiting.call(*calls).values()), calls)
    same(waiting.end().status, 0)


def test_the_worker_reads_the_evidence_and_nothing_else():
    if not has_landlock():
        raise Skip("this kernel has no Landlock")
    waiting = Waiting()
    folder = os.getcwd()
    evidence = f"{folder}/f/e.json"
    allowed = f'(int)open("{evidence}", 0)'
    forbidden = [f'(int)open("{path}", 0)' for path in (
        f"{folder}/secret", "/etc/passwd", "/proc/self/maps", "/", "/dev/null",
        f"{folder}/f/../secret", f"{folder}/rules/whoami.yml")]
    forbidden += [f'(int)open("{evidence}", {how})' for how in ("1", "2", "0x241, 0644")]
    forbidden += [f'(int)unlink("{evidence}")', f'(int)mkdir("{folder}/f/d", 0755)',
                  f'(int)rename("{evidence}", "{folder}/f/x")',
                  f'(int)symlink("/etc", "{folder}/f/x")', "(int)fork()", "(int)kill(1, 0)",
                  f"(int)kill({waiting.process.pid}, 0)"]
    values = waiting.call(allowed, *forbidden)
    check(values.pop(allowed) >= 0, "the evidence can be opened")
    same(values, {call: -1 for call in forbidden})
    same(waiting.end().status, 0)
    same(os.listdir("f"), ["e.json"])


def test_what_a_reader_never_does_ends_it():
    for call in ("(int)socket(2, 1, 0)", "(int)socket(1, 1, 0)",
                 '(int)execl("/bin/sh", "sh", (char *)0)'):
        waiting = Waiting()
        same(waiting.call(call), {})
        result = waiting.end()
        has_complaint(result, "set aside pipe: the process that reads evidence was ended by "
                              "signal 31")
        check("1 finding of 1 rule" in result.out, result)  # another worker read the rest
        os.remove("pipe")


run_tests(globals())
