#!/usr/bin/env python3
"""The cache of loaded rules: it saves time and changes nothing else, whatever befalls it."""
import os
import random
import shutil
import stat
import time
from pathlib import Path

from system_kit import (EXAMPLE, NOBODY, ROOT, as_nobody, check, finish, need_root, one_complaint,
                        run, run_tests, same, start, write_events, write_rule)

RULES = ROOT / "share/rules/windows"
HUNT = ["hunt", "--quiet", "--only-rules", str(RULES / "tunnel_program.yml"), "--only-rules",
        str(RULES / "web_server_spawns_shell.yml"), "--output", "jsonl=-", str(EXAMPLE)]


def grow_old():
    """Files that changed just now may change again within the same step of the system's clock."""
    time.sleep(3.1)


def hunted(*arguments, **options):
    """The findings; nothing else may be said."""
    result = run(*HUNT, *arguments, **options)
    same((result.status, result.err), (0, ""))
    return result.out


EXPECTED = hunted("--cache", "off")


def fill(folder="c"):
    """A fresh cache; the path of its one file."""
    shutil.rmtree(folder, ignore_errors=True)
    same(hunted("--cache", folder), EXPECTED)
    name, = os.listdir(folder)
    return f"{folder}/{name}"


def check_unused(path, used=False):
    """The cache does not serve, does no harm, and (if it may be written) is made anew."""
    before = os.stat(path).st_ino
    same(hunted("--cache", os.path.dirname(path)), EXPECTED)
    same(os.stat(path).st_ino == before, used)


def test_it_is_made_private_and_used_again():
    path = fill()
    same(stat.S_IMODE(os.stat("c").st_mode), 0o700)
    same(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    check_unused(path, used=True)
    same(os.listdir("c"), [os.path.basename(path)])


def test_where_it_is():
    home, cache = os.path.abspath("home"), os.path.abspath("cache")
    os.mkdir("home")
    same(hunted(environment={"HOME": home, "XDG_CACHE_HOME": None}), EXPECTED)
    same(len(os.listdir("home/.cache/seawall")), 1)
    same(hunted(environment={"HOME": home, "XDG_CACHE_HOME": cache}), EXPECTED)
    same(len(os.listdir("cache/seawall")), 1)
    same(hunted("--cache", "off", environment={"XDG_CACHE_HOME": os.path.abspath("other")}),
         EXPECTED)
    check(not os.path.exists("other"), "--cache off made one")


def test_no_home_and_homes_that_are_none():
    nowhere = os.path.abspath("nowhere")
    for home in (None, "", "relative", nowhere, "/dev/null", "/proc"):
        same(hunted(environment={"HOME": home, "XDG_CACHE_HOME": None}), EXPECTED)
    for cache in ("", "relative", "/dev/null", "/proc"):
        same(hunted(environment={"HOME": None, "XDG_CACHE_HOME": cache}), EXPECTED)
    same(os.listdir(), [])  # a home that is not there is not made
    os.mkdir("closed", mode=0o555)
    same(hunted(environment={"HOME": os.path.abspath("closed"), "XDG_CACHE_HOME": None},
                **as_nobody()), EXPECTED)
    same(os.listdir("closed"), [])


def test_damage():
    path = fill()
    whole = Path(path).read_bytes()
    dice = random.Random(1)
    places = [*range(0, 170, 13), *(dice.randrange(len(whole)) for _ in range(20)), len(whole) - 1]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << dice.randrange(8)
        Path(path).write_bytes(damaged)
        check_unused(path)
        check_unused(path, used=True)


def test_truncation_and_foreign_bytes():
    path = fill()
    whole = Path(path).read_bytes()
    for size in (0, 1, 7, 8, 31, 32, 33, 64, 100, len(whole) // 2, len(whole) - 1):
        Path(path).write_bytes(whole[:size])
        check_unused(path)
    for text in (whole + b"x", whole + whole, os.urandom(len(whole)), b"\0" * len(whole)):
        Path(path).write_bytes(text)
        check_unused(path)


def test_an_image_of_other_rules_under_this_name():
    write_rule()
    grow_old()
    hunted("--rules", "rules", "--cache", "other")
    foreign, = os.listdir("other")
    path = fill()
    shutil.copy(f"other/{foreign}", path)
    check_unused(path)


def test_things_that_are_no_files():
    path = fill()
    for make in (os.mkfifo, os.mkdir, lambda at: os.symlink("/dev/zero", at),
                 lambda at: os.symlink("nowhere", at), lambda at: os.symlink(at, at)):
        os.remove(path)
        make(path)
        same(hunted("--cache", "c"), EXPECTED)
        if os.path.isdir(path) and not os.path.islink(path):
            os.rmdir(path)
            Path(path).touch()


def test_a_file_that_others_may_write():
    path = fill()
    for mode in (0o620, 0o602, 0o666):
        os.chmod(path, mode)
        check_unused(path)


def test_a_file_of_somebody_else():
    need_root()
    path = fill()
    os.chown(path, NOBODY, NOBODY)
    check_unused(path)


def test_a_folder_that_is_open_to_others():
    path = fill()
    for mode in (0o750, 0o701, 0o777):
        os.chmod("c", mode)
        result = run(*HUNT, "--cache", "c")
        same((result.status, result.out), (1, ""))
        one_complaint(result, "c cannot hold the cache: it must be your own and closed to others "
                              "(mode 0700)")
        os.makedirs("xdg", exist_ok=True)
        shutil.rmtree("xdg/seawall", ignore_errors=True)
        os.mkdir("xdg/seawall")
        os.chmod("xdg/seawall", mode)
        same(hunted(environment={"XDG_CACHE_HOME": os.path.abspath("xdg")}), EXPECTED)
        same(os.listdir("xdg/seawall"), [])
    check(os.path.exists(path), "it was removed")


def test_a_folder_of_somebody_else():
    need_root()
    fill()
    os.chown("c", NOBODY, NOBODY)
    result = run(*HUNT, "--cache", "c")
    same((result.status, result.out), (1, ""))
    one_complaint(result, "c cannot hold the cache: it must be your own")


def test_folders_that_cannot_be():
    Path("file").touch()
    for folder, reason in (("file", "it is no folder"), ("nosuch/c", "it does not exist"),
                           ("file/c", "it does not exist"), ("", "it does not exist")):
        result = run(*HUNT, "--cache", folder)
        same((result.status, result.out), (1, ""))
        one_complaint(result, f"{folder} cannot hold the cache: {reason}")


def test_a_full_disk():
    """Costs the next run some time."""
    def limit():
        import resource
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    write_events("e.json", command="dir")
    result = run("hunt", "--quiet", "--cache", "c", "e.json", preexec_fn=limit)
    same((result.status, result.err), (0, ""))
    same(os.listdir("c"), [])


def test_many_processes_at_once():
    for _ in range(3):
        shutil.rmtree("c", ignore_errors=True)
        running = [start(*HUNT, "--cache", "c") for _ in range(8)]
        for process in running:
            result = finish(process)
            same((result.status, result.err, result.out), (0, "", EXPECTED))
        same(len(os.listdir("c")), 1)


def write_folders(count):
    for number in range(count):
        os.makedirs(f"at{number}", exist_ok=True)
        os.chdir(f"at{number}")
        write_rule(text=f"text{number}")
        os.chdir("..")
    grow_old()


def test_it_does_not_grow():
    write_folders(9)
    for number in range(7):
        hunted("--rules", f"at{number}/rules", "--cache", "c")
    check(1 < len(os.listdir("c")) <= 4, os.listdir("c"))
    Path("c/mine.txt").write_text("kept\n")
    count = len(os.listdir("c"))
    for number in range(7, 9):
        hunted("--rules", f"at{number}/rules", "--cache", "c")
    same(len(os.listdir("c")), count)
    check(os.path.exists("c/mine.txt"), "a file that is not the cache's was removed")


def test_what_a_run_that_was_killed_left_behind_goes():
    """It was about to rename a file into its place."""
    fill()
    left = "c/.AbCdEf.image"
    Path(left).write_bytes(b"half")
    os.utime(left, (1, 1))
    write_folders(6)
    for number in range(6):
        hunted("--rules", f"at{number}/rules", "--cache", "c")
    check(not os.path.exists(left), os.listdir("c"))


def hunting(*arguments):
    return run("hunt", "--quiet", "--only-rules", "rules", "--cache", "c", "--output", "jsonl=-",
               *arguments, "e.json").out


def test_changed_rules_are_seen():
    write_rule(text="whoami")
    write_events("e.json", command="whoami")
    grow_old()
    for _ in range(2):
        same(hunting().count("\n"), 1)
    same(len(os.listdir("c")), 1)
    times = os.stat("rules/whoami.yml")
    write_rule(text="whoareu")  # the same size, and the same time
    os.utime("rules/whoami.yml", ns=(times.st_atime_ns, times.st_mtime_ns))
    same(hunting().count("\n"), 0)


def test_rules_of_this_moment_are_not_kept():
    write_rule(text="whoami")
    write_events("e.json", command="whoami")
    same(hunting().count("\n"), 1)
    same(os.listdir("c"), [])


def test_every_input_counts():
    """A suppress file, filters and so on are part of what is kept, and their changes are seen."""
    write_rule(text="whoami")
    write_events("e.json", command="whoami")
    entry = "- detection: {{s: {{CommandLine: {}}}, condition: s}}\n  reason: own\n"
    Path("suppress.yml").write_text(entry.format("nothing"))
    grow_old()
    same(hunting().count("\n"), 1)
    same(hunting("--suppress", "suppress.yml").count("\n"), 1)
    Path("suppress.yml").write_text(entry.format("whoami"))
    same(hunting("--suppress", "suppress.yml").count("\n"), 0)
    same(hunting().count("\n"), 1)


PIPELINE = """vars: {{names: [x, '{text}']}}
transformations:
  - {{type: field_name_mapping, mapping: {{CommandLine: [Nowhere, ParentImage, CommandLine]}}}}
  - {{type: map_string, mapping: {{'*whoami*': '*{text}*'}}}}
  - {{type: add_condition, name: own, conditions: {{User|expand|neq: '%names%'}}}}
  - {{type: value_placeholders}}
  - {{type: change_logsource, category: process_creation, product: windows}}
"""


def test_rules_from_pipelines_are_kept():
    write_rule(text="whoami")
    write_events("e.json", command="whoami")
    Path("p.yml").write_text(PIPELINE.format(text="whoami"))
    grow_old()
    for _ in range(2):
        same(hunting("--pipeline", "p.yml").count("\n"), 1)
        same(len(os.listdir("c")), 1)
    same(hunting().count("\n"), 1)
    same(len(os.listdir("c")), 2)
    Path("p.yml").write_text(PIPELINE.format(text="hostname"))
    same(hunting("--pipeline", "p.yml").count("\n"), 0)


run_tests(globals())
