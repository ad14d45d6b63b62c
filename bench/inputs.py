"""What `run.py` measures on: evidence, rules and indicators, made once and kept in one folder.

Evidence is built from real samples where the shared test data is there (SEAWALL_TEST_DATA, default
../shared/data), else by the tree's own EVTX writer; logs of web servers by web_logs.py. Rules are
SigmaHQ's where the test data has them, else those under share/rules.
"""

import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile

import matches

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(os.environ.get("SEAWALL_TEST_DATA") or ROOT / "../shared/data")
SAMPLES, DENSE = DATA / "evtx/attack-samples", DATA / "../tools/evtx-dense"
HAS_DATA = SAMPLES.is_dir() and DENSE.exists()
EVTX_HEADER = 4096
INDICATORS = 1_000_000
RULES_SETTLE_S = 4  # rules that were changed a moment ago are not cached


def python(*arguments):
    command = [sys.executable, *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def built(path, build):
    """The path, once `build(path)` has made it; what is half made has another name."""
    if not path.exists():
        print(f"building {path.name} ...", flush=True)
        part = path.with_name("part-" + path.name)
        build(part)
        part.rename(path)
    return path


def evtx(folder, megabytes):
    def build(path):
        if HAS_DATA:
            python(DENSE, path, megabytes, SAMPLES)
        else:
            python(ROOT / "tests/tools/evtx_writer.py", "dense", path, megabytes)

    return built(folder / f"dense-{megabytes}.evtx", build)


def json_lines(seawall, source):
    """The same events, as `seawall cat` prints them."""

    def build(path):
        with open(path, "wb") as out:
            command = [seawall, "cat", source]
            subprocess.run(command, stdout=out, stderr=subprocess.DEVNULL, check=True)

    return built(source.with_suffix(".jsonl"), build)


def unique(source, kind, megabytes):
    """Events like those of the JSON lines `source`, with no value twice."""

    def build(path):
        python(ROOT / "bench/unique_values.py", kind, source, path, megabytes)

    return built(source.with_name(f"unique-{megabytes}.{kind}"), build)


def large_evtx(source, megabytes):
    """The chunks of `source` again and again, in one file."""

    def build(path):
        content = source.read_bytes()
        chunks = content[EVTX_HEADER:]
        with open(path, "wb") as out:
            out.write(content[:EVTX_HEADER])
            while out.tell() < megabytes << 20:
                out.write(chunks)

    return built(source.with_name(f"large-{megabytes}.evtx"), build)


def web_log(folder, kind, megabytes):
    lines = megabytes * 4000

    def build(path):
        python(ROOT / "bench/web_logs.py", kind, path, lines)

    return built(folder / f"{kind}-{lines}.log", build)


def failed_logons(folder, count, keys):
    """Failed logons, and how many findings each correlation has in them."""

    def build(path):
        python(ROOT / "bench/matches.py", path, count, keys)
        path.with_name(path.name + ".expected").rename(folder / f"matches-{count}.expected")

    path = built(folder / f"matches-{count}.jsonl", build)
    return path, json.loads((folder / f"matches-{count}.expected").read_text())


def correlations(folder):
    """A folder of rules for each correlation over failed logons."""
    folders = {}
    for name, text in matches.RULES.items():
        path = folder / f"correlation-{name}"
        path.mkdir(exist_ok=True)
        file = path / "rules.yml"
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        folders[name] = path
    return folders


def packed_samples(folder, dense):
    """The folder of samples (without them: what was built), and the same as one nested archive."""
    samples = SAMPLES
    if not HAS_DATA:
        samples = folder / "samples"
        samples.mkdir(exist_ok=True)
        shutil.copyfile(dense, samples / dense.name)

    def build(path):
        inner = folder / "samples.tar.gz"
        with tarfile.open(inner, "w:gz") as archive:
            archive.add(samples, "samples")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(inner, inner.name)
        inner.unlink()

    return samples, built(folder / "samples.zip", build)


def indicators(folder):
    """A plain list of a million: domains, addresses, hashes, URLs, file names."""
    dice = random.Random(11)
    kinds = [
        lambda: f"{dice.getrandbits(40):010x}.{dice.choice(['com', 'net', 'org', 'info'])}",
        lambda: f"www.{dice.getrandbits(36):09x}.example.{dice.choice(['com', 'net'])}",
        lambda: ".".join(str(dice.randrange(1, 255)) for _ in range(4)),
        lambda: f"{dice.getrandbits(256):064x}",
        lambda: f"{dice.getrandbits(128):032x}",
        lambda: f"https://{dice.getrandbits(36):09x}.example.org/{dice.getrandbits(24):06x}",
        lambda: f"{dice.getrandbits(40):010x}.exe",
    ]

    def build(path):
        with open(path, "w", encoding="ascii") as out:
            for number in range(INDICATORS):
                out.write(kinds[number % len(kinds)]() + "\n")

    return built(folder / f"indicators-{INDICATORS}.txt", build)


# ---- rules ----


def copied(folder, files):
    """A folder with copies of these files alone, each with its number; as it is if it has them."""
    wanted = {f"{index:05}-{path.name}": path for index, path in files}
    there = {path.name: path for path in folder.glob("*")}
    if there.keys() != wanted.keys() or any(
        path.read_bytes() != wanted[name].read_bytes() for name, path in there.items()
    ):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, path in wanted.items():
            shutil.copyfile(path, folder / name)
    return folder


def let_settle(*folders):
    """Waits until all rules are old enough to be cached."""
    newest = max(path.stat().st_ctime for folder in folders for path in folder.rglob("*"))
    time.sleep(max(0, min(RULES_SETTLE_S, newest + RULES_SETTLE_S - time.time())))


def rules(folder):
    """All rules, every tenth one, those about web servers and proxies; and whose they are."""
    every, owner = DATA / "sigma", "SigmaHQ's"
    if not every.is_dir():
        every, owner = ROOT / "share/rules", "Seawall's own"
    files = sorted(every.rglob("*.yml"))
    source = re.compile(r"^\s+category: (webserver|proxy)\s*$", re.M)
    tenth = copied(folder / "tenth", enumerate(files[::10]))
    about_web = [(n, path) for n, path in enumerate(files) if source.search(path.read_text())]
    web = copied(folder / "web", about_web)
    let_settle(every, tenth, web)
    return every, tenth, web, f"{len(files)} files, {owner}"
