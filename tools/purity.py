#!/usr/bin/env python3
"""Proves by their symbols that the pure layers touch no file, clock, socket, environment or stream.

purity.py BUILD_TREE [ROOT] looks at lib<layer>.a of each layer that does not stand on `os`. What an
object leaves undefined must be ours, of the library that its layer wraps, of the compiler's own
run time, or on the short list below: everything else of the C library is refused, known or not.
"""
import re
import subprocess
import sys
from pathlib import Path

ALLOWED = set("""
    memcpy memmove memset memcmp memchr memrchr memmem rawmemchr explicit_bzero strlen strnlen
    strcmp strncmp strcasecmp strncasecmp strchr strrchr strchrnul strstr strpbrk strspn strcspn
    malloc calloc realloc free aligned_alloc posix_memalign qsort qsort_r bsearch abort
    snprintf vsnprintf strtod strtof gmtime_r timegm
    floor ceil trunc round log log2 log10 pow exp sqrt fmod ldexp frexp isnan isinf
    """.split())
RUN_TIME = re.compile(r"__(asan|ubsan|tsan|sanitizer|sancov|gcov|stack_chk|isoc99|ctype|errno_loc)"
                      r"|__cpu_model|__popcountdi2|__floattidf"  # libgcc: arithmetic
                      r"|__(memcpy|memmove|memset|snprintf|vsnprintf)_chk"
                      r"|_GLOBAL_OFFSET|_Unwind_")
LIBRARIES = {
    "codec": re.compile(r"fy_|archive_|sqlite3_|EVP_|SHA256|CRYPTO_"
                        r"|compress2$|compressBound$|uncompress$"),
    "match": re.compile(r"(corei7_)?hs_|pcre2_"),
}
EXCEPTIONS = {
    ("core", "ensure.c", "write"),  # the last line of a process that stops itself
    ("core", "arena.c", "madvise"),  # of which size its pages are, not what they hold
}


def pure_layers(root):
    layers = {}
    for row in (root / "src/layers.def").read_text().splitlines():
        if row.strip() and not row.startswith("#"):
            name, _, uses = row.partition(":")
            layers[name.strip()] = uses.split()
    return [layer for layer, uses in layers.items() if layer != "os" and "os" not in uses]


def symbols(archive):
    """(object, symbol, is undefined) of each member of an archive."""
    text = subprocess.run(["nm", "-A", "-P", "-g", archive], capture_output=True, text=True,
                          check=True).stdout
    for row in text.splitlines():
        place, symbol, kind = row.split()[:3]
        yield place.rpartition("[")[2].rstrip("]:").removesuffix(".o"), symbol, kind in "Uvw"


def main():
    tree = Path(sys.argv[1])
    root = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parent.parent)
    seen = {layer: list(symbols(tree / f"lib{layer}.a"))
            for layer in pure_layers(root) if (tree / f"lib{layer}.a").is_file()}
    ours = {symbol for rows in seen.values() for _, symbol, undefined in rows if not undefined}
    breaches = 0
    for layer, rows in seen.items():
        library = LIBRARIES.get(layer)
        for source, symbol, undefined in rows:
            if not undefined or symbol in ours or symbol in ALLOWED or RUN_TIME.match(symbol):
                continue
            if library and library.match(symbol) or (layer, source, symbol) in EXCEPTIONS:
                continue
            print(f"src/{layer}/{source}:1: calls {symbol}, which is not pure (tools/purity.py)")
            breaches += 1
    print(f"{len(seen)} pure layers, {breaches} breaches")
    return int(breaches > 0)


sys.exit(main())
