#!/usr/bin/env python3
"""How many scripts of honest software stand out as web shells, and how fast scripts are read.

usage: bench/web_shells.py PROGRAM FOLDER...

Each FOLDER holds software that is no web shell (unpacked packages). PROGRAM reads it; if `yara`
is installed, it reads the same folders with one rule for each of the words that scripts are
judged by here, both on all processors, twice, and the better run counts.
"""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 2


def best_time(command):
    best = None
    for _ in range(RUNS):
        begun = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, timeout=3600)
        spent = time.monotonic() - begun
        if best is None or spent < best[0]:
            best = (spent, done)
    return best


def yara_rules(path):
    traits = re.findall(r'^TRAIT\(\w+, "((?:[^"\\]|\\.)*)"',
                        (ROOT / "src/scan/script_traits.def").read_text(), re.M)
    path.write_text("".join(f'rule trait_{i} {{ strings: $a = "{text}" nocase condition: $a }}\n'
                            for i, text in enumerate(traits)))
    return len(traits)


def main():
    program, folders = sys.argv[1], sys.argv[2:]
    if not folders:
        sys.exit(__doc__.strip().splitlines()[2])
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "findings.jsonl"
        spent, done = best_time([program, "hunt", "--output", f"jsonl={out}", *folders])
        found = [json.loads(row) for row in out.read_text().splitlines()]
        found = [finding for finding in found if finding["kind"] == "file"]
        scripts = re.search(r"script ([\d,]+) event", done.stdout)
        files = sum(1 for folder in folders for path in Path(folder).rglob("*") if path.is_file())
        print(f"files                      {files:>9,}")
        print(f"scripts among them         {scripts.group(1) if scripts else '0':>9}")
        levels = Counter(finding["level"] for finding in found)
        for level in ("high", "medium", "low"):
            print(f"findings of level {level:<8} {levels[level]:>9,}")
        for finding in found:
            if finding["level"] != "low":
                print(f"  {finding['source']['path']}: {finding['why']}")
        print(f"seconds, seawall           {spent:>9.2f}")
        if not shutil.which("yara"):
            print("yara is not installed: no comparison")
            return
        rules = Path(scratch) / "words.yar"
        count = yara_rules(rules)
        yara = sum(best_time(["yara", "-r", "-w", rules, folder])[0] for folder in folders)
        print(f"seconds, yara, {count:>3} rules  {yara:>9.2f}  ({yara / spent:.1f} times as long)")


if __name__ == "__main__":
    main()
