#!/usr/bin/env python3
"""The same evidence gives the same bytes, whatever the number of threads, the memory, the cache and
the sandbox are; and findings that do not fit into memory are kept on disk."""
import contextlib
import hashlib
import json
import os
import re
import resource
import subprocess
from pathlib import Path

from system_kit import (EXAMPLE, ROOT, Skip, as_nobody, check, findings, has_complaint, need_data,
                        one_complaint, process_event, run, run_tests, same, write_events,
                        write_evtx, write_lines, write_rule)

WAYS = ([["--threads", str(threads)] for threads in (1, 2, 3, 8, 64)] +
        [["--memory", "1"], ["--memory", "1M", "--threads", "8"], ["--memory", "4G"],
         ["--cache", "off"], ["--sandbox", "off"],
         ["--sandbox", "off", "--cache", "off", "--threads", "8", "--memory", "1"]])


def evidence():
    """Some of everything: long and damaged files, many small ones, both formats, no times."""
    write_rule()
    write_rule("rules/b.yml", "xxx", "Exes", rule_id="22222222-2222-4222-8222-222222222222")
    os.makedirs("f")
    write_lines("f/long.json", (process_event(number, "whoami " + "x" * (number % 999), number % 50)
                                for number in range(8000)))
    write_evtx("f/long.evtx", 12000)
    for number in range(20):
        write_events(f"f/small/{number}.json", number)
    timeless = process_event()
    del timeless["Event"]["System"]["TimeCreated"]
    write_lines("f/timeless.json", [timeless] * 3)
    log = bytearray(Path("f/long.evtx").read_bytes())
    for place in range(200_000, len(log), 500_000):
        log[place:place + 500] = os.urandom(1) * 500
    Path("f/damaged.evtx").write_bytes(log)
    text = Path("f/long.json").read_bytes()[:3_000_000]
    Path("f/damaged.json").write_bytes(text.replace(b'{"Event": {"System"', b'{"Event": {]', 7))


def outputs_of(arguments):
    """A digest of each output but for the time that the run took."""
    result = run("hunt", "--output", "jsonl=o.jsonl", "--output", "csv=o.csv", *arguments)
    check(result.status == 0, result)
    text = re.sub(r"in [\d.]+ s", "in a while", result.out)
    text = re.sub(r"(?m)^  Sandbox: .*\n", "", text)
    if not re.search(r"(?m)^  \d", text):
        text = text.replace("\nWhat could not be seen, and why\n", "")
    same([row for row in result.complaints if "sandbox" not in row], [])
    return {"report": text.split("\n"), **{
        name: hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in ("o.jsonl", "o.csv")}}


def check_ways(arguments, ways=None):
    expected = outputs_of(arguments)
    for way in ways or WAYS:
        got = outputs_of(way + arguments)
        check(got == expected, way, *[pair for pair in zip(got["report"], expected["report"])
                                      if pair[0] != pair[1]][:5], got["o.csv"], expected["o.csv"])


def test_the_same_bytes_from_made_up_evidence():
    evidence()
    check_ways(["--only-rules", "rules", "f"])


def test_the_same_bytes_from_the_example():
    # what correlations have not finished takes memory, too
    check_ways([str(EXAMPLE)],
               [["--memory", "1M"] if "--memory" in way else way for way in WAYS])


def test_the_same_bytes_from_attack_samples():
    samples, rules = need_data("evtx/attack-samples"), need_data("sigma/rules/windows")
    check_ways(["--only-rules", str(rules), str(samples)],
               [["--threads", "1"], ["--threads", "8", "--memory", "1"],
                ["--cache", "off", "--sandbox", "off", "--threads", "3"]])


def test_the_order_of_the_arguments_does_not_matter():
    write_rule()
    for name in "abc":
        write_events(f"{name}.json", 2)
    same(outputs_of(["--only-rules", "rules", "a.json", "b.json", "c.json"]),
         outputs_of(["c.json", "a.json", "--only-rules", "rules", "b.json"]))


def test_the_three_outputs_agree():
    result = run("hunt", str(EXAMPLE), "--output", "jsonl=o.jsonl", "--output", "csv=o.csv",
                 "--output", "terminal=o.txt")
    found = findings(Path("o.jsonl").read_text())
    same(len(found), int(re.search(r"(\d+) findings of", result.out).group(1)))
    same(re.sub(r"in [\d.]+ s", "", Path("o.txt").read_text()),
         re.sub(r"in [\d.]+ s", "", result.out))
    import csv
    with open("o.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    same([(row["id"], row["path"], int(row["record"] or row["line"])) for row in rows],
         [(one["id"], one["source"]["path"], one["source"].get("record", one["source"].get("line")))
          for one in found])
    same([json.loads(row["fields"]) for row in rows], [one["fields"] for one in found])


def test_findings_are_ordered():
    evidence()
    out = run("hunt", "--only-rules", "rules", "f", "--output", "jsonl=-", "--memory", "1").out
    keys = []
    for finding in findings(out):
        source = finding["source"]
        keys.append((finding["time"] is None, finding["time"] or "", source["path"],
                     source.get("record", source.get("line"))))
    same(keys == sorted(keys), True)
    check(keys[-1][0], "events without a time come last")


# ---- --memory and --temp ----

def many_findings(count=10000):
    write_rule()
    write_lines("e.json", (process_event(number, "whoami " + "x" * 1000)
                           for number in range(count)))
    return ["hunt", "--only-rules", "rules", "e.json", "--output", "csv=o.csv", "--memory", "1"]


def strace(arguments, *what):
    if not os.path.exists("/usr/bin/strace"):
        raise Skip("strace is not installed")
    command = ["strace", "-qq", "-o", "trace", *what, os.environ["SEAWALL"], *arguments]
    status = subprocess.run(command, capture_output=True, check=False).returncode
    if status and not os.path.getsize("trace"):
        raise Skip("strace does not work here")
    return status, Path("trace").read_text()


def test_a_little_memory_is_enough():
    def limit():
        resource.setrlimit(resource.RLIMIT_DATA, (48 << 20, 48 << 20))
    arguments = many_findings(30000)  # 80 MB of findings
    same(run(*arguments, "--threads", "1", preexec_fn=limit).status, 0)
    same(Path("o.csv").read_text().count("\n"), 30001)


def test_what_does_not_fit_goes_to_the_temporary_folder():
    arguments = many_findings()
    os.mkdir("here")
    for extra, variable in ((["--temp", "here"], "TMPDIR=nosuch"), ([], "TMPDIR=here")):
        status, trace = strace(arguments + extra, "-E", variable, "-e", "trace=openat")
        same(status, 0)
        same(len(re.findall(r'openat\(.*"here".*O_TMPFILE', trace)), 1 + bool(extra))
        same(os.listdir("here"), [])


def test_a_temporary_folder_that_cannot_be_used():
    write_rule()
    write_events("e.json")
    Path("file").touch()
    os.mkdir("closed", mode=0o555)
    for folder, reason in (("nosuch", "it does not exist"), ("file", "it does not exist"),
                           ("closed", "permission denied")):
        result = run("hunt", "--temp", folder, "--output", "csv=o.csv", "e.json", **as_nobody())
        same((result.status, result.out), (1, ""))
        one_complaint(result, f"--temp {folder}: cannot keep findings there: {reason}")
        check(not os.path.exists("o.csv"), "the output was made")
    # the default folder is needed only by those who have much to keep
    same(run("hunt", "e.json", environment={"TMPDIR": "nosuch"}).status, 0)
    result = run(*many_findings(), environment={"TMPDIR": "nosuch"})
    same((result.status, result.out), (4, ""))
    one_complaint(result, "cannot keep findings in nosuch: it does not exist", "--temp")


@contextlib.contextmanager
def small_disk(size="256k"):
    os.mkdir("small")
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", "small"],
        capture_output=True, check=False).returncode == 0
    if not mounted:
        raise Skip("a small disk cannot be mounted here")
    try:
        yield "small"
    finally:
        subprocess.run(["umount", "-l", "small"], check=False)


def test_a_temporary_folder_that_becomes_full():
    arguments = many_findings()
    Path("o.csv").write_text("old\n")
    with small_disk() as folder:
        result = run(*arguments, "--temp", folder)
        same((result.status, result.out), (4, ""))
        one_complaint(result, "cannot keep findings in small: no space left on the device")
        same(os.listdir(folder), [])
    same(Path("o.csv").read_text(), "old\n")


def test_an_output_on_a_full_disk():
    arguments = many_findings()
    with small_disk() as folder:
        Path(folder, "old.csv").write_text("old\n")
        result = run(*arguments, "--output", "csv=small/old.csv", "--output", "jsonl=small/new",
                     "--fail-on", "low")
        same(result.status, 4)
        same(sorted(result.complaints),
             ["cannot write the output small/new: no space left on the device",
              "cannot write the output small/old.csv: no space left on the device"])
        same((os.listdir(folder), Path(folder, "old.csv").read_text()), (["old.csv"], "old\n"))
    same(Path("o.csv").read_text().count("\n"), 10001)
    check("10,000 findings" in result.out, result)


def test_the_share_may_be_a_folder():
    os.environ["SEAWALL_SHARE"] = str(ROOT / "share")
    try:
        shared = outputs_of([str(EXAMPLE)])
    finally:
        del os.environ["SEAWALL_SHARE"]
    same(shared, outputs_of([str(EXAMPLE)]))
    result = run("hunt", str(EXAMPLE), environment={"SEAWALL_SHARE": "nosuch"})
    same((result.status, result.out), (1, ""))
    one_complaint(result, "cannot read nosuch/taxonomy", "SEAWALL_SHARE", "it does not exist")


run_tests(globals())
