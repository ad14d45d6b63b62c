#!/usr/bin/env python3
"""Writes src/codec/fold_table.def: simple case folding (statuses C and S of Unicode's
CaseFolding.txt), derived from Python's character data. A character folds to its full folding where
that is one character, else to its lower case where that is one character and the character is upper
or title case, else to itself.

usage: tools/make_fold_table.py > src/codec/fold_table.def
"""
import sys
import unicodedata


def simple_fold(code):
    char = chr(code)
    folded = char.casefold()
    if len(folded) == 1:
        return ord(folded)
    lower = char.lower()
    return ord(lower) if len(lower) == 1 and unicodedata.category(char) in ("Lu", "Lt") else code


def ranges():
    """Runs of characters that fold by the same distance, every one of them or every second one."""
    pairs = [(c, simple_fold(c)) for c in range(0x80, 0x20000) if not 0xD800 <= c < 0xE000]
    pairs = [(c, f) for c, f in pairs if c != f]
    runs = []
    for code, fold in pairs:
        if runs:
            first, last, step, delta = runs[-1]
            gap = code - last
            if fold - code == delta and gap in (1, 2) and (step == gap or first == last):
                runs[-1] = (first, code, gap, delta)
                continue
        runs.append((code, code, 1, fold - code))
    return runs


def main():
    out = sys.stdout.write
    out("/* fold_table.def - simple case folding beyond ASCII, made by tools/make_fold_table.py "
        f"from\n * Unicode {unicodedata.unidata_version}. Private to codec/utf.c: first and last "
        "character of a run, step, distance. */\n")
    out("static const struct fold_run fold_runs[] = {\n")
    for first, last, step, delta in ranges():
        out(f"    {{0x{first:x}, 0x{last:x}, {step}, {delta}}},\n")
    out("};\n")


main()
