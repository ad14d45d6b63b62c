#!/usr/bin/env python3
"""Writes the table of conformance in docs/sigma.md. sigma_table.py [--check]

One line for each row of the project's checklist of Sigma, with how many vectors of tests/vectors
hold it. A row without a file, or held by fewer than four vectors, is an error. With --check nothing
is written, and a page that is not what would be written is an error.
"""
import re
import sys
from pathlib import Path

import doc_table

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/sigma.md"
ROWS = {"D": 9, "S": 16, "G": 8, "C": 9, "M": 17, "K": 20, "F": 4, "T": 6}
LEAST = 4
HEAD = "| row | what it is about | vectors |\n|---|---|---|\n"


def read(row):
    path = ROOT / f"tests/vectors/{row}.yml"
    if not path.exists():
        sys.exit(f"tests/vectors/{row}.yml: no vector holds row {row}")
    text = path.read_text()
    about = re.search(r"^about: (.+(?:\n  .+)*)$", text, re.M)
    named = re.search(r"^row: (\S+)$", text, re.M)
    if not about or not named or named.group(1) != row:
        sys.exit(f"{path}: needs `row: {row}` and `about`, each on lines of its own")
    count = len(re.findall(r"^  - name:", text, re.M))
    if count < LEAST:
        sys.exit(f"{path}: {count} vectors, at least {LEAST} must hold a row")
    words = re.sub(r"\s+", " ", about.group(1)).strip().strip("'\"")
    return count, words.replace("|", "\\|")


def main():
    table, total = "", 0
    for letter, last in ROWS.items():
        for number in range(1, last + 1):
            row = f"{letter}{number}"
            count, about = read(row)
            table += f"| {row} | {about} | [{count}](../tests/vectors/{row}.yml) |\n"
            total += count
    table += f"| all | | {total} |\n"
    doc_table.write(PAGE, HEAD, table, "sigma_table.py")


if __name__ == "__main__":
    main()
