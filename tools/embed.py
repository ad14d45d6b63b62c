#!/usr/bin/env python3
"""Packs the files below a folder into the archive that src/engine/share_archive.h describes.

embed.py FOLDER ARCHIVE ASSEMBLER_FILE: the same files give the same bytes.
"""
import struct
import sys
import zlib
from pathlib import Path

ASSEMBLER = """\
/* Written by tools/embed.py. */
    .section .rodata
    .globl share_archive, share_archive_size
    .hidden share_archive, share_archive_size
    .type share_archive, %object
    .type share_archive_size, %object
    .balign 8
share_archive:
    .incbin "{name}"
share_archive_end:
    .size share_archive, share_archive_end - share_archive
    .balign 8
share_archive_size:
    .quad share_archive_end - share_archive
    .size share_archive_size, 8
    .section .note.GNU-stack, "", %progbits
"""


def pack(folder):
    files = {path.relative_to(folder).as_posix().encode(): path
             for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")}
    parts = []
    for name in sorted(files):
        content = files[name].read_bytes()
        parts += [struct.pack("<I", len(name)), name, struct.pack("<I", len(content)), content]
    plain = b"".join(parts)
    return struct.pack("<Q", len(plain)) + zlib.compress(plain, 9)


def main():
    folder, archive, assembler = map(Path, sys.argv[1:4])
    archive.write_bytes(pack(folder))
    assembler.write_text(ASSEMBLER.format(name=archive.name))


main()
