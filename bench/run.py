#!/usr/bin/env python3
"""Measures `seawall hunt` and prints what it measured; nothing here passes or fails.

usage: bench/run.py [PROGRAM] [--megabytes N] [--rounds N]

A speed is: whole process, pinned to one core, cache warm, best of the rounds, all cases taken in
turn within a round. Memory is anonymous resident memory (proportional share, parent and worker
together), sampled in a run of its own. "A tenth of the rules" is every tenth file by sorted path.
The input is built from real samples where the shared test data is there (SEAWALL_TEST_DATA, default
../shared/data), else by the tree's own EVTX writer; logs of web servers by bench/web_logs.py. "Web
rules" are those of category webserver or proxy. If Python's `evtx` module can be imported (a
binding of the Rust crate), turning the same file into JSON with it is taken in turn as a baseline.
"""

import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(os.environ.get("SEAWALL_TEST_DATA") or ROOT / "../shared/data")
CORE = sorted(os.sched_getaffinity(0))[-1]
ALL_EVTX, TENTH_EVTX = "EVTX, all rules", "EVTX, a tenth of the rules"
ALL_JSON, TENTH_JSON = "JSON lines, all rules", "JSON lines, a tenth of the rules"
ACCESS, W3C = "access log, web rules", "W3C log, web rules"
WC, GREP = "baseline: wc -l of the access log", "baseline: grep in the access log"
LOOSE, PACKED = "the samples, all rules", "the same as tar.gz in zip, all rules"
CRATE = "baseline: evtx crate to JSON"
BASELINE = """
import sys, evtx
count = 0
for record in evtx.PyEvtxParser(sys.argv[1], number_of_threads=1).records_json():
    count += 1
print(f"{count} events")
"""


def build_input(folder, megabytes):
    path = folder / f"dense-{megabytes}.evtx"
    if path.exists():
        return path
    tool, samples = DATA / "../tools/evtx-dense", DATA / "evtx/attack-samples"
    if tool.exists() and samples.is_dir():
        command = [sys.executable, tool, path, str(megabytes), samples]
    else:
        command = [
            sys.executable,
            ROOT / "tests/tools/evtx_writer.py",
            "dense",
            path,
            str(megabytes),
        ]
    print(f"building {path.name} ...", flush=True)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def pack_samples(folder, evtx):
    """The folder of samples (without them: what was built), and the same as one nested archive."""
    samples = DATA / "evtx/attack-samples"
    if not samples.is_dir():
        samples = folder / "samples"
        samples.mkdir(exist_ok=True)
        shutil.copyfile(evtx, samples / evtx.name)
    packed = folder / "samples.zip"
    if not packed.exists():
        inner = folder / "samples.tar.gz"
        with tarfile.open(inner, "w:gz") as archive:
            archive.add(samples, "samples")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(inner, inner.name)
        inner.unlink()
    return samples, packed


def size_of(path):
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size


def rule_folders(folder):
    rules = DATA / "sigma"
    if not rules.is_dir():
        rules = ROOT / "share/rules"
    tenth = folder / "tenth"
    shutil.rmtree(tenth, ignore_errors=True)
    tenth.mkdir()
    files = sorted(p for p in rules.rglob("*.yml"))
    for index, path in enumerate(files[::10]):
        shutil.copyfile(path, tenth / f"{index:05}-{path.name}")
    return rules, tenth, len(files)


def build_web_log(folder, kind, megabytes):
    lines = megabytes * 4000
    path = folder / f"{kind}-{lines}.log"
    if not path.exists():
        print(f"building {path.name} ...", flush=True)
        command = [sys.executable, ROOT / "bench/web_logs.py", kind, path, str(lines)]
        subprocess.run(command, check=True)
    return path


def web_rules(folder, rules):
    chosen = folder / "web"
    shutil.rmtree(chosen, ignore_errors=True)
    chosen.mkdir()
    source = re.compile(r"^\s+category: (webserver|proxy)\s*$", re.M)
    for index, path in enumerate(sorted(rules.rglob("*.yml"))):
        if source.search(path.read_text()):
            shutil.copyfile(path, chosen / f"{index:05}-{path.name}")
    return chosen


def run(command, env, pin=True):
    start = time.perf_counter()
    done = subprocess.run(
        command,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=(lambda: os.sched_setaffinity(0, {CORE})) if pin else None,
    )
    took = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(
            f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stderr.decode()}"
        )
    found = re.search(r"([\d,]+) events?\b", done.stdout.decode())
    return took, int(found.group(1).replace(",", "")) if found else 0


def anonymous_kib(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (OSError, ProcessLookupError):
        return 0
    found = re.search(r"^Pss_Anon:\s+(\d+)", text, re.M)
    return int(found.group(1)) if found else 0


def children(pid):
    try:
        return [
            int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []


def peak_memory(command, env):
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(anonymous_kib(p) for p in [process.pid] + children(process.pid)))
        time.sleep(0.01)
    return peak / 1024


def fill(folder, options, env):
    """The inputs and what is measured on them: {case: (command, evidence)}."""
    evtx = build_input(folder, options.megabytes)
    json = evtx.with_suffix(".jsonl")
    if not json.exists() or json.stat().st_mtime < evtx.stat().st_mtime:
        command = [options.seawall, "cat", evtx]
        with open(json, "wb") as out:
            subprocess.run(command, stdout=out, stderr=subprocess.DEVNULL, env=env, check=True)
    tiny = folder / "tiny.jsonl"
    tiny.write_text('{"EventID":1,"Channel":"Application"}\n')
    rules, tenth, rule_count = rule_folders(folder)
    access = build_web_log(folder, "access_log", options.megabytes)
    w3c = build_web_log(folder, "w3c", options.megabytes)
    web = web_rules(folder, rules)
    for path in (evtx, json, access, w3c):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{path.name}: {path.stat().st_size} bytes, sha256 {digest}")
    print(f"rules: {rule_count} files")

    def hunt(rule_folder, evidence, *more):
        return [options.seawall, "hunt", "--only-rules", rule_folder, *more, evidence], evidence

    findings = f"jsonl={folder / 'findings.jsonl'}"
    cases = {
        ALL_EVTX: hunt(rules, evtx),
        TENTH_EVTX: hunt(tenth, evtx),
        "EVTX, all rules, findings as JSON Lines": hunt(rules, evtx, "--output", findings),
        ALL_JSON: hunt(rules, json),
        TENTH_JSON: hunt(tenth, json),
        ACCESS: hunt(web, access),
        W3C: hunt(web, w3c),
        WC: (["wc", "-l", access], access),
        GREP: (["grep", "-c", " 404 ", access], access),
        "cat of the EVTX": ([options.seawall, "cat", evtx], evtx),
        "load only, all rules": hunt(rules, tiny),
        "load only, all rules, no cache": hunt(rules, tiny, "--cache", "off"),
    }
    samples, packed = pack_samples(folder, evtx)
    cases |= {LOOSE: hunt(rules, samples), PACKED: hunt(rules, packed)}
    probe = subprocess.run([sys.executable, "-c", "import evtx"], stderr=subprocess.DEVNULL)
    if probe.returncode == 0:
        cases[CRATE] = ([sys.executable, "-c", BASELINE, evtx], evtx)
    return cases


def print_speeds(cases, best, events):
    print(f"{'case':42} {'seconds':>8} {'events/s':>10} {'MB/s':>8}")
    for name, (_, evidence) in cases.items():
        row = f"{name:42} {best[name]:8.3f}"
        if "load" not in name:
            count = events[ALL_EVTX] if name.startswith("cat") else events[name]
            count = events[ACCESS] if name in (WC, GREP) else count
            row += f" {count / best[name]:10.0f} {size_of(evidence) / best[name] / 1e6:8.1f}"
        print(row)
    print(
        f"all rules / a tenth: EVTX {best[ALL_EVTX] / best[TENTH_EVTX]:.2f}, "
        f"JSON {best[ALL_JSON] / best[TENTH_JSON]:.2f}"
    )
    print(
        f"{ACCESS}: {best[ACCESS] / best[WC]:.1f} times as long as wc -l, "
        f"{best[ACCESS] / best[GREP]:.1f} as grep"
    )
    print(f"packed / not packed: {best[PACKED] / best[LOOSE]:.2f}")
    if CRATE in best:
        print(f"{ALL_EVTX} / {CRATE}: {best[ALL_EVTX] / best[CRATE]:.2f}")


def print_threads(cases, rounds, env):
    for name in (ALL_EVTX, ALL_JSON, ACCESS, LOOSE, PACKED):
        for threads in ("1", "2"):
            command = cases[name][0][:-1] + ["--threads", threads, cases[name][0][-1]]
            took = min(run(command, env, pin=False)[0] for _ in range(rounds))
            peak = peak_memory(command, env)
            print(f"{name}, {threads} threads: {took:.3f} s unpinned, {peak:.0f} MB at the peak")


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("seawall", nargs="?", default=ROOT / "build/release/seawall")
    options.add_argument("--megabytes", type=int, default=200)
    options.add_argument("--rounds", type=int, default=5)
    options = options.parse_args()

    folder = pathlib.Path(os.environ.get("SEAWALL_BENCH", tempfile.gettempdir() + "/seawall-bench"))
    (folder / "cache").mkdir(mode=0o700, parents=True, exist_ok=True)
    env = dict(os.environ, XDG_CACHE_HOME=str(folder / "cache"), NO_COLOR="1")
    cases = fill(folder, options, env)
    print(f"core {CORE}; best of {options.rounds}, taken in turn", flush=True)
    best, events = {}, {}
    for _ in range(options.rounds):
        for name, (command, _) in cases.items():
            took, count = run(command, env)
            best[name] = min(best.get(name, took), took)
            events[name] = count
    print_speeds(cases, best, events)
    print_threads(cases, options.rounds, env)


main()
