#!/usr/bin/env python3
"""Shows what a page of `hunt --output html=FILE` holds: its data as JSON, and its frame without the
program and style, which are compared elsewhere. Reads standard input."""
import base64
import json
import re
import sys
import zlib

BLOCK = re.compile(r'<script type="text/plain" class="(\w+)">([A-Za-z0-9+/=]*)</script>')


def blocks(page):
    """(class, what is in it) of each block, in order."""
    for kind, packed in BLOCK.findall(page):
        yield kind, json.loads(zlib.decompress(base64.b64decode(packed)))


def main():
    page = sys.stdin.read()
    frame = BLOCK.sub(r"<\1>", page)
    frame = re.sub(r"<style>.*?</style>", "<style>", frame, flags=re.S)
    frame = re.sub(r"<script>.*?</script>", "<program>", frame, flags=re.S)
    print(re.sub(r"'sha256-[^']*'", "'sha256-'", frame))
    for kind, data in blocks(page):
        print(kind)
        print(json.dumps(data, indent=1, ensure_ascii=True))


if __name__ == "__main__":
    main()
