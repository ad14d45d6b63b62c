#!/usr/bin/env python3
"""Writes the table of formats in docs/formats.md. formats_table.py [--check]

A row for each line of src/formats/formats.def, filled from what the format says of itself in C.
With --check nothing is written, and a page that is not what would be written is an error.
"""
import re
import sys
from pathlib import Path

import doc_table

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/formats.md"
HEAD = "| format | what it is | a finding's place |\n|---|---|---|\n"
PLACES = {"line": "line", "record": "record id"}


def text_of(member, definition, name):
    match = re.search(rf'\.{member} =\s*((?:"(?:[^"\\]|\\.)*"\s*)+)[,}}]', definition)
    if not match:
        sys.exit(f"format_{name} says no .{member}")
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1)))
    return text.replace('\\"', '"').replace("|", "\\|")


def row_of(name):
    definition = rf"^const struct format format_{name} = \{{(.*?)^\}};"
    for source in sorted((ROOT / "src/formats").glob("*.c")):
        match = re.search(definition, source.read_text(), re.M | re.S)
        if match:
            place = text_of("line_or_record", match.group(1), name)
            about = text_of("about", match.group(1), name)
            return f"| `{name}` | {about} | {PLACES[place]} |\n"
    sys.exit(f"no file below src/formats defines format_{name}")


def main():
    names = re.findall(r"^FORMAT\((\w+)\)", (ROOT / "src/formats/formats.def").read_text(), re.M)
    if not names:
        sys.exit("formats.def has no formats")
    doc_table.write(PAGE, HEAD, "".join(row_of(name) for name in names), "formats_table.py")


if __name__ == "__main__":
    main()
