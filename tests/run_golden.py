#!/usr/bin/env python3
"""Golden cases: run_golden.py PROGRAM [PART OF A CASE'S PATH]...

tests/golden/<registry>/<name>/<case>.in is given to `seawall cat`, or to the arguments in
<case>.args (before the file), or to the whole argument list in <case>.cmd, where {in} is the input,
{case} the path of the case without suffix, {root} the root of the tree and {out} a file to write,
which is compared instead of standard output. It runs in the case's
folder, so that no machine's path gets into the output. Standard output must equal <case>.out and,
where it stands, standard error <case>.err; the exit status is 0 unless <case>.status says else.
Where <case>.filter names a tool of tests/tools, the output is compared as that tool shows it.
UPDATE=1 rewrites .out and .err: review the diff.
"""
import difflib
import os
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIFF_LINES_MAX = 30


def arguments(case, out):
    given = case.with_suffix(".in")
    command = case.with_suffix(".cmd")
    if command.is_file():
        places = {"in": given.name, "case": case.name, "out": out,
                  "root": os.path.relpath(ROOT, case.parent)}
        return [word.format(**places) for word in shlex.split(command.read_text())]
    extra = case.with_suffix(".args")
    return ["cat"] + (shlex.split(extra.read_text()) if extra.is_file() else []) + [given.name]


def difference(path, got):
    """Nothing if `path` holds `got`; else the first lines of a diff. UPDATE=1 makes it so."""
    if os.environ.get("UPDATE") == "1":
        path.write_bytes(got)
    if not path.is_file():
        return [f"{path.name} is missing (UPDATE=1 writes it)"]
    expected = path.read_bytes()
    if got == expected:
        return []
    texts = [data.decode(errors="backslashreplace").splitlines() for data in (expected, got)]
    rows = list(difflib.unified_diff(*texts, path.name, "got", n=1, lineterm=""))
    return [row[:300] for row in rows[:DIFF_LINES_MAX]] or ["line ends differ"]


def filtered(case, out):
    """What cannot be compared as it stands, such as what is packed."""
    named = case.with_suffix(".filter")
    if not named.is_file():
        return out
    tool = ROOT / "tests/tools" / named.read_text().strip()
    return subprocess.run([sys.executable, tool], input=out, capture_output=True, check=True,
                          timeout=60).stdout


def run_case(program, case):
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o700)
        surroundings = {key: value for key, value in os.environ.items()
                        if not key.startswith(("SEAWALL_", "LC_", "XDG_"))}
        surroundings |= {"TZ": "UTC", "LC_ALL": "C", "HOME": home, "XDG_CACHE_HOME": home}
        written = Path(home) / "out"
        try:
            run = subprocess.run([program] + arguments(case, str(written)), cwd=case.parent,
                                 env=surroundings, stdin=subprocess.DEVNULL,
                                 capture_output=True, timeout=120)
        except subprocess.TimeoutExpired:
            return case, ["no end after 120 s"]
        out = written.read_bytes() if written.is_file() else run.stdout
    status_file = case.with_suffix(".status")
    status = int(status_file.read_text()) if status_file.is_file() else 0
    problems = []
    if run.returncode != status:
        problems.append(f"exit status {run.returncode}, not {status}")
        problems += run.stderr.decode(errors="replace").splitlines()[-DIFF_LINES_MAX:]
    if run.returncode == status or os.environ.get("UPDATE") != "1":
        problems += difference(case.with_suffix(".out"), filtered(case, out))
        if case.with_suffix(".err").is_file():
            problems += difference(case.with_suffix(".err"), run.stderr)
    return case, problems


def main():
    program = str(Path(sys.argv[1]).resolve())
    parts = sys.argv[2:] or [""]
    cases = sorted({path.with_suffix("") for suffix in (".in", ".cmd")
                    for path in (ROOT / "tests/golden").rglob("*" + suffix)})
    cases = [case for case in cases if any(part in str(case.relative_to(ROOT)) for part in parts)]
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for case, problems in pool.map(lambda case: run_case(program, case), cases):
            if problems:
                failed += 1
                print(f"not ok - {case.relative_to(ROOT)}")
                print("".join(f"# {row}\n" for row in problems), end="")
    print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped")
    return int(failed > 0)


sys.exit(main())
