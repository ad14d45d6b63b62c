#!/usr/bin/env python3
"""What is named as evidence: files, folders, links, pipes; and that the account of it adds up."""
import json
import os
import socket
import threading
from pathlib import Path

from system_kit import (EXAMPLE, Skip, account, as_nobody, check, findings, has_complaint, hunt,
                        need_root, one_complaint, process_event, run, run_tests, same, write_events,
                        write_evtx, write_lines, write_rule)

def test_a_file_a_folder_and_standard_input():
    write_rule()
    events = write_events("f/a.json", 3)
    same(len(findings(hunt(events).out)), 3)
    same(len(findings(hunt("f").out)), 3)
    same(len(findings(hunt("f/").out)), 3)
    text = Path(events).read_bytes()
    result = hunt("-", given=text)
    same([finding["source"]["path"] for finding in findings(result.out)], ["-"] * 3)
    same([finding["source"]["line"] for finding in findings(result.out)], [1, 2, 3])
    with open(events, "rb") as file:
        same(len(findings(hunt("-", stdin=file).out)), 3)
    same(run("cat", "-", given=text).out, run("cat", events).out)
    same(len(findings(hunt("-", "-", given=text).out)), 3)


def test_patterns_that_no_shell_unfolded():
    write_rule()
    for name in "a1", "a2", "b[1]":
        write_events(f"f/{name}.json", command=f"whoami {name}")

    def places(*arguments):
        result = hunt(*arguments)
        same(result.status, 0)
        return sorted(finding["source"]["path"] for finding in findings(result.out))

    same(places("f/a*.json"), ["f/a1.json", "f/a2.json"])
    same(places("f/a?.json"), ["f/a1.json", "f/a2.json"])
    same(places("f/[ab]2.json", "f/b[1].json"), ["f/a2.json", "f/b[1].json"])
    result = hunt("f/c*.json")
    same(result.status, 2)
    has_complaint(result, "f/c*.json", "nothing matches it")
    same(hunt("f/c.json").status, 2)
    result = run("cat", "f/c*", "f/a1.json")
    one_complaint(result, "f/c*", "nothing matches it")
    same(result.status, 2)


def test_everything_below_a_folder():
    write_rule()
    deep = "f/" + "/".join(f"d{i}" for i in range(40)) + "/e.json"
    write_events(deep)
    write_events("f/.hidden/.e", command="whoami /all")
    result = hunt("f")
    same(result.status, 0)
    same(sorted(finding["source"]["path"] for finding in findings(result.out)),
         sorted([deep, "f/.hidden/.e"]))


def test_the_format_is_told_from_the_content():
    write_rule()
    write_evtx("events.json", 2)
    write_events("events.evtx", 3)
    formats = [finding["source"]["format"] for finding in findings(hunt(".").out)]
    same((formats.count("evtx"), formats.count("json")), (2, 3))


def test_the_account_adds_up():
    write_rule()
    write_events("f/a.json", 2)
    write_evtx("f/b.evtx", 2)
    Path("f/empty").touch()
    Path("f/notes.txt").write_text("buy milk\n")
    Path("f/picture").write_bytes(os.urandom(1) + b"\x89PNG\0\0\0" * 100)
    os.symlink("a.json", "f/same")
    os.symlink("nowhere", "f/broken")
    os.symlink("/etc/hostname", "f/outward")
    os.mkfifo("f/pipe")
    result = run("hunt", "--only-rules", "rules", "f")
    same(result.status, 0)
    same(account(result.out), {"read": 2, "unknown": 2, "empty": 1, "left out": 4})
    check("4 findings of 1 rule" in result.out and "4 events" in result.out, result)
    same(result.err, "")


def test_a_missing_file_and_the_rest():
    write_rule()
    write_events("e.json")
    result = hunt("nosuch", "e.json")
    same((result.status, len(findings(result.out))), (2, 1))
    same(result.complaints, ["cannot read nosuch: it does not exist"])
    result = run("cat", "nosuch", "e.json", "e.json/x")
    same((result.status, result.out.count("\n")), (2, 1))
    same(result.complaints, ["cannot read e.json/x: it does not exist",
                             "cannot read nosuch: it does not exist"])


def test_a_named_file_of_unknown_format():
    write_rule()
    write_events("e.json")
    Path("notes").write_text("buy milk\n")
    for arguments in (["notes"], ["notes", "e.json"]):
        result = hunt("--quiet", *arguments)
        same((result.status, len(findings(result.out))), (2, len(arguments) - 1))
        same(result.err, "seawall: cannot read notes: its format is not known\n")
        result = run("hunt", *arguments)
        same(account(result.out), {"unreadable": 1, "read": len(arguments) - 1})
        result = run("cat", *arguments)
        same(result.status, 2)
        same(result.err, "seawall: cannot read notes: its format is not known\n")


def test_an_empty_file_and_an_empty_folder():
    write_rule()
    write_events("e.json")
    Path("empty").touch()
    os.mkdir("folder")
    for path in ("empty", "folder", "/dev/null"):
        result = run("hunt", path)
        same(result.status, 2)
        one_complaint(result, "nothing could be read")
        check("Cannot tell, because no event could be read" in result.out, result)
        account(result.out)
        result = run("hunt", path, "e.json")
        same((result.status, result.err), (0, ""))
        same(account(result.out), {"read": 1} | ({} if path == "folder" else {"empty": 1}))
    result = run("cat", "empty")
    same(result.status, 2)
    has_complaint(result, "left out empty: it is empty")


def test_what_is_named_twice_is_read_once():
    write_rule()
    write_events("f/e.json")
    os.link("f/e.json", "hard")
    os.symlink("f", "link")
    for arguments in (["f", "f"], ["f", "f/e.json"], ["f/e.json", "f"], ["f", "./f/"],
                      ["f/e.json", "hard"], ["f", "link"]):
        result = run("hunt", "--only-rules", "rules", *arguments)
        same(result.status, 0)
        same(account(result.out), {"read": 1, "left out": 1})
        check("the same as a file or folder that was listed before" in result.out, result)
        check("1 finding of 1 rule" in result.out, result)


def test_links():
    write_rule()
    write_events("outside/secret.json")
    write_events("f/real/e.json")
    os.symlink(".", "f/loop")
    os.symlink("../..", "f/real/up")
    os.symlink("self", "f/self")
    os.symlink("real/e.json", "f/a")
    os.symlink("../outside", "f/outward_folder")
    os.symlink("../outside/secret.json", "f/outward_file")
    os.symlink("/proc/self/root/etc/passwd", "f/outward_far")
    result = run("hunt", "--only-rules", "rules", "f")
    same(result.status, 0)
    same(account(result.out), {"read": 1, "left out": 7})
    check("1 finding of 1 rule" in result.out, result)
    result = run("cat", "f")
    same((result.status, result.out.count("\n")), (0, 1))
    same(sorted(result.complaints), [
        "left out f/loop: the same as a file or folder that was listed before",
        "left out f/outward_far: a link that leaves the evidence",
        "left out f/outward_file: a link that leaves the evidence",
        "left out f/outward_folder: a link that leaves the evidence",
        "left out f/real/e.json: the same as a file or folder that was listed before",
        "left out f/real/up: a link that leaves the evidence",
        "left out f/self: a link to nothing"])
    # a link that is named may lead anywhere, and so may one whose target is named too
    os.symlink("outside/secret.json", "named")
    same(hunt("named", "--quiet").out.count("\n"), 1)
    result = run("hunt", "--only-rules", "rules", "f", "outside")
    same(account(result.out), {"read": 2, "left out": 7})


def test_pipes_sockets_and_devices_in_a_folder():
    write_rule()
    write_events("f/e.json")
    os.mkfifo("f/pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("f/socket")
        result = run("cat", "f")
    same((result.status, result.out.count("\n")), (0, 1))
    same(result.complaints, ["left out f/pipe: a pipe, socket or device",
                             "left out f/socket: a pipe, socket or device"])
    for path in ("/dev/shm", "/dev"):  # must not hang, whatever is there
        check(run("cat", path).status in (0, 2), path)
    result = run("hunt", "f/socket")
    same(result.status, 2)
    has_complaint(result, "cannot read f/socket: it is no file, folder or pipe")


def test_devices_in_a_folder():
    need_root("needs root to make a device")
    write_events("f/e.json")
    try:
        os.mknod("f/zero", 0o666 | 0o020000, os.makedev(1, 5))
        os.mknod("f/disk", 0o666 | 0o060000, os.makedev(7, 200))
    except PermissionError as error:
        raise Skip("devices cannot be made here") from error
    result = run("cat", "f")
    same((result.status, result.out.count("\n")), (0, 1))
    same(result.complaints, ["left out f/disk: a pipe, socket or device",
                             "left out f/zero: a pipe, socket or device"])


def test_a_pipe_that_is_named():
    write_rule()
    os.mkfifo("pipe")
    text = "".join(json.dumps(process_event(i)) + "\n" for i in range(1000)).encode()
    writer = threading.Thread(target=Path("pipe").write_bytes, args=[text])
    writer.start()
    result = hunt("pipe", "--quiet")
    writer.join()
    same((result.status, result.err), (0, ""))
    same([finding["source"]["line"] for finding in findings(result.out)], list(range(1, 1001)))


def test_an_endless_device_is_looked_at_and_left():
    result = run("hunt", "/dev/zero")
    same(result.status, 2)
    has_complaint(result, "cannot read /dev/zero: its format is not known")


def test_what_the_user_may_not_read():
    user = as_nobody()
    write_rule()
    write_events("f/e.json")
    write_events("f/closed/e.json")
    write_events("f/secret.json")
    os.chmod("f/closed", 0)
    os.chmod("f/secret.json", 0)
    try:
        result = run("hunt", "--only-rules", "rules", "f", **user)
        same(result.status, 0)
        same(account(result.out), {"read": 1, "unreadable": 2})
        same(result.complaints, ["cannot read f/closed: permission denied",
                                 "cannot read f/secret.json: permission denied"])
        for path in ("f/closed", "f/secret.json", "f/closed/e.json"):
            result = run("hunt", "--only-rules", "rules", path, "f/e.json", **user)
            same(result.status, 2)
            same(result.complaints, [f"cannot read {path}: permission denied"])
            account(result.out)
            check("1 finding of 1 rule" in result.out, result)
            result = run("cat", path, "f", **user)
            same((result.status, result.out.count("\n")), (2, 1))
            has_complaint(result, f"cannot read {path}: permission denied")
    finally:
        os.chmod("f/closed", 0o755)


def test_a_folder_that_may_be_listed_but_not_entered():
    user = as_nobody()
    write_events("f/e.json")
    os.chmod("f", 0o744)
    if user:
        os.chown("f", 0, 0)
        result = run("cat", "f", **user)
        same(result.status, 2)
        same(result.complaints, ["cannot read f/e.json: permission denied"])
    os.chmod("f", 0o755)


def test_names_that_are_not_utf8():
    write_rule()
    name = b"f/\xff\xfe caf\xc3\xa9 %41.json"
    os.mkdir("f")
    Path(os.fsdecode(name)).write_text(json.dumps(process_event()) + "\n")
    result = hunt("f", "--quiet")
    same((result.status, result.err), (0, ""))
    same(findings(result.out)[0]["source"]["path"], "f/%FF%FE café %41.json")
    result = run("hunt", b"nosuch\xff\x1b[2J")
    same(result.status, 2)
    same(result.complaints, ["cannot read nosuch%FF\\x1b[2J: it does not exist"])
    result = run("hunt", "--rules", b"nosuch\xff\x1b[2J", "f")
    same(result.complaints, [r"cannot read the rules in nosuch\xff\x1b[2J: it does not exist"])


def test_very_long_paths():
    write_rule()
    top = os.open(".", os.O_RDONLY)
    os.mkdir("f")
    os.chdir("f")
    try:
        for number in range(25):  # 25 * 200 bytes are more than a path may have
            write_events("e.json", 1)
            os.mkdir("n" * 200)
            os.chdir("n" * 200)
    finally:
        os.fchdir(top)
        os.close(top)
    result = run("hunt", "--only-rules", "rules", "f")
    same(result.status, 0)
    counts = account(result.out)
    check(counts["read"] >= 18 and counts["unreadable"] >= 1, result)
    check(all(row.endswith(": its name is too long") for row in result.complaints), result)
    result = run("hunt", "n" * 5000)
    same(result.status, 2)
    has_complaint(result, "its name is too long")


def test_ten_thousand_small_files():
    write_rule()
    for number in range(10000):
        line = json.dumps(process_event(number)) + "\n"
        if number % 100 == 0:
            os.makedirs(f"f/{number // 100:03}")
        Path(f"f/{number // 100:03}/{number:05}.json").write_text(line)
    result = hunt("f", "--quiet")
    same((result.status, result.err), (0, ""))
    paths = [finding["source"]["path"] for finding in findings(result.out)]
    same((len(paths), paths), (10000, sorted(paths)))


def test_a_file_whose_size_the_system_does_not_tell():
    """What lies below /proc has no size, but bytes."""
    environment = {name: None for name in os.environ} | {'{"a": "': '"}\n'}
    result = run("cat", "/proc/self/environ", environment=environment)
    same(result.out, '{"a":"="}\n')
    result = run("cat", "/proc/self/status")
    same((result.status, result.out), (2, ""))
    one_complaint(result, "cannot read /proc/self/status: its format is not known")


def test_the_example_as_a_whole():
    result = run("hunt", str(EXAMPLE))
    same((result.status, result.err), (0, ""))
    same(account(result.out), {"read": 13, "unknown": 4})


def test_the_example_shows_its_story_and_nothing_else():
    rows = []
    for finding in findings(run("hunt", "--quiet", "--output", "jsonl=-", str(EXAMPLE)).out):
        source = finding["source"]
        kind = "record" if "record" in source else "line"
        rows.append("\t".join([finding["time"][:23] + "Z", os.path.relpath(source["path"], EXAMPLE),
                               f"{kind} {source[kind]}", finding["title"]]))
    expected = (EXAMPLE.parent / "expected.tsv").read_text().splitlines()
    same(sorted(rows), expected[1:])


def test_an_output_must_not_replace_evidence():
    write_rule()
    write_events("f/e.json")
    os.link("f/e.json", "other")
    before = Path("f/e.json").read_text()
    for path in ("f/e.json", "other", "./f/../f/e.json"):
        result = run("hunt", "--output", f"csv={path}", "f")
        same((result.status, result.out), (1, ""))
        one_complaint(result, f"the output {path} is a file of the evidence")
    same(Path("f/e.json").read_text(), before)


def test_evidence_is_never_changed():
    write_rule()
    write_events("f/e.json")
    write_evtx("f/e.evtx", 3)
    before = {path: (os.stat(path).st_mtime_ns, Path(path).read_bytes())
              for path in ("f/e.json", "f/e.evtx")}
    os.chmod("f", 0o555)
    os.chmod("f/e.json", 0o444)
    same(hunt("f", "--quiet").status, 0)
    for path, was in before.items():
        same((os.stat(path).st_mtime_ns, Path(path).read_bytes()), was)
    same(sorted(os.listdir("f")), ["e.evtx", "e.json"])
    os.chmod("f", 0o755)


run_tests(globals())
