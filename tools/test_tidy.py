#!/usr/bin/env python3
"""Tests of tidy.py and purity.py: each breach is planted in a small tree and must be found."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parent

LAYERS = """\
# layer : uses
core
os      : core
formats : core
engine  : core os formats
"""
STR_H = """\
/* str.h - text. */
#ifndef CORE_STR_H
#define CORE_STR_H

int str_is_empty(const char *at);

#endif
"""
STR_C = """\
/* str.c - text. */
#include "core/str.h"

int str_is_empty(const char *at)
{
    return !*at;
}
"""
FORMAT_C = """\
/* lines.c - lines. */
#include "core/str.h"

struct format {
    int (*probe)(const char *at);
};

const struct format format_lines = {str_is_empty};
"""
TREE = {
    "ARCHITECTURE.md": "# How it is built\n\n| layer | uses |\n|---|---|\n| `core` | |\n"
                       "| `os` | core |\n| `formats` | core |\n| `engine` | core, formats, os |\n",
    "docs/formats.md": "# Formats\n\n## lines\n",
    "src/layers.def": LAYERS,
    "src/core/str.h": STR_H,
    "src/core/str.c": STR_C,
    "src/formats/formats.def": "/* one line per format */\nFORMAT(lines)\n",
    "src/formats/lines.c": FORMAT_C,
    "src/os/file.c": "/* file.c - files. */\n#include \"core/str.h\"\n",
    "tests/unit/core/test_str.c": "/* test_str.c - str. */\n",
    "tests/unit/formats/test_lines.c": "/* test_lines.c - lines. */\n",
    "tests/golden/formats/lines/plain.out": "\tdata may hold anything \n",
    "tools/tidy_allow.txt": "# exceptions\n",
}
LONG = "\nvoid str_long(void)\n{\n" + "    str_is_empty(\"\");\n" * 81 + "}\n"

# what is planted: {path: content, None removes; a leading "+" appends}, what tidy must say
BREACHES = {
    "an include that does not name its layer":
        ({"src/core/str.c": STR_C.replace("core/str.h", "str.h")},
         'src/core/str.c:2: "str.h" is not a path below src/'),
    "an upward include":
        ({"src/core/map.h": STR_H.replace("STR", "MAP"),
          "src/core/str.h": STR_H.replace("int str", '#include "os/file.h"\n\nint str'),
          "src/os/file.h": STR_H.replace("CORE_STR", "OS_FILE")},
         "src/core/str.h:5: layer 'core' may not use 'os'"),
    "an include between siblings of the table":
        ({"src/formats/lines.c": '+#include "os/file.h"\n',
          "src/os/file.h": STR_H.replace("CORE_STR", "OS_FILE")},
         "layer 'formats' may not use 'os'"),
    "a cycle in the table of layers":
        ({"src/layers.def": LAYERS.replace("core\nos ", "core : os\nos ")},
         "src/layers.def:2: 'core' uses 'os', which is not above it"),
    "a private header of another folder":
        ({"src/core/str_priv.h": STR_H.replace("STR_H", "STR_PRIV_H"),
          "src/formats/lines.c": '+#include "core/str_priv.h"\n'},
         "'core/str_priv.h' is private to core/"),
    "a folder without a line in the table":
        ({"src/extra/a.c": "/* a.c - a. */\n"}, "'extra' is not in src/layers.def"),
    "a file name used twice":
        ({"src/os/str.h": STR_H.replace("CORE_STR", "OS_STR")},
         "src/os/str.h:1: file name is taken by src/core/str.h"),
    "a format without a line in its table":
        ({"src/formats/formats.def": "/* none */\n"},
         "src/formats/lines.c:8: 'lines' has no line in src/formats/formats.def"),
    "a line without a source":
        ({"src/formats/formats.def": "+FORMAT(ghost)\n", "docs/formats.md": "+ghost\n",
          "tests/golden/formats/ghost/a.out": ""},
         "src/formats/formats.def:3: no source src/formats/*ghost*.c with format_ghost"),
    "a format without a golden case":
        ({"tests/golden/formats/lines/plain.out": None},
         "src/formats/formats.def:2: no golden case in tests/golden/formats/lines/"),
    "golden cases of no format":
        ({"tests/golden/formats/gone/a.out": ""}, "golden cases of something that is not in"),
    "a format that the documents do not name":
        ({"docs/formats.md": "# Formats\n\nguidelines\n"},
         "src/formats/formats.def:2: docs/formats.md does not mention 'lines'"),
    "a command without a source":
        ({"src/cli/commands.def": 'COMMAND(hunt, "finds")\n', "README.md": "seawall hunt\n"},
         "src/cli/commands.def:1: no source src/cli/*hunt*.c with command_hunt"),
    "a banned call":
        ({"src/core/str.c": "+\nvoid str_copy(char *to)\n{\n    strcpy(to, \"\");\n}\n"},
         "src/core/str.c:11: strcpy() is banned"),
    "a raw copy in a layer that may not":
        ({"src/formats/lines.c": "+\nvoid f(char *to)\n{\n    memcpy(to, to + 1, 1);\n}\n"},
         "raw memcpy() outside the layers that own bytes"),
    "assert":
        ({"src/core/str.c": "+#include <assert.h>\n"}, "assert vanishes in release builds"),
    "a line comment":
        ({"src/core/str.c": "+// what\n"}, "src/core/str.c:8: comments are /* */"),
    "a long line":
        ({"src/core/str.c": "+/* " + "x" * 98 + " */\n"}, "src/core/str.c:8: line of 104 columns"),
    "a tab": ({"src/core/str.c": "+\tint x;\n"}, "src/core/str.c:8: tab"),
    "blanks at the end": ({"docs/formats.md": "+a \n"}, "docs/formats.md:4: blanks"),
    "no line end at the end": ({"src/core/str.c": "+/* x */"}, "no line end at the end"),
    "a long function":
        ({"src/core/str.c": "+" + LONG}, "src/core/str.c:9: str_long() has 81 lines (at most 80)"),
    "a long function that grew beyond its exception":
        ({"src/core/str.c": "+" + LONG.replace("{\n", "{\n\n"),
          "tools/tidy_allow.txt": "function-length src/core/str.c:str_long 81 # table\n"},
         "str_long() has 82 lines"),
    "an exception that nobody needs":
        ({"tools/tidy_allow.txt": "function-length src/core/str.c:gone 90 # old\n"},
         "tools/tidy_allow.txt:1: exception for src/core/str.c:gone is not needed"),
    "an exception without a reason":
        ({"tools/tidy_allow.txt": "no-unit-test src/core/str.c\n"},
         "tools/tidy_allow.txt:1: expected"),
    "a file named after nothing":
        ({"src/os/file_util.c": "/* file_util.c - x. */\n"}, "'util' says nothing"),
    "a reminder": ({"docs/formats.md": "+TO" "DO: more\n"}, "docs/formats.md:4: reminder"),
    "a source without a unit test":
        ({"tests/unit/core/test_str.c": None},
         "src/core/str.c:1: no unit test: tests/unit/core/test_str.c"),
    "a file that does not say what it is":
        ({"src/os/file.c": '#include "core/str.h"\n'}, "the first line must say what the file is"),
    "a wrong include guard":
        ({"src/core/str.h": STR_H.replace("CORE_STR_H", "STR_H")},
         "src/core/str.h:1: the include guard must be CORE_STR_H"),
    "a layer table in the documents that is out of date":
        ({"ARCHITECTURE.md": TREE["ARCHITECTURE.md"].replace("core, formats, os", "core, os")},
         "ARCHITECTURE.md:8: 'engine' is not as in src/layers.def: core formats os"),
    "a path of this machine": ({"docs/formats.md": "+see {root}/x\n"}, "path of one machine"),
}
# what must be let through
FINE = {
    "the small tree": {},
    "an exception that is used": {
        "src/core/str.c": "+" + LONG,
        "tools/tidy_allow.txt": "function-length src/core/str.c:str_long 81 # table\n"},
    "banned words in comments and literals": {
        "src/core/str.c": '+/* strcpy( */\nconst char *x = "// strcpy(";\n'},
    "a layer table in the form of layers.def": {"ARCHITECTURE.md": "```\n" + LAYERS[15:] + "```\n"},
    "a raw copy in core": {
        "src/core/str.c": "+\nvoid f(char *to)\n{\n    memcpy(to, to + 1, 1);\n}\n"},
}
# a source of the pure layer formats, and what purity must say (None: nothing)
CALLS = {
    "a pure source": ("#include <string.h>\nsize_t f(const char *s) { return strlen(s); }\n", None),
    "getenv": ("#include <stdlib.h>\nchar *f(void) { return getenv(\"HOME\"); }\n",
               "src/formats/lines.c:1: calls getenv"),
    "printf": ("#include <stdio.h>\nvoid f(void) { puts(\"x\"); }\n",
               "src/formats/lines.c:1: calls puts"),
    "a call that nobody thought of":
        ("#include <sys/utsname.h>\nint f(struct utsname *u) { return uname(u); }\n",
         "calls uname"),
}


def plant(root, changes):
    for path, content in changes.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            file.unlink()
        elif content.startswith("+"):
            file.write_text((file.read_text() if file.is_file() else "") +
                            content[1:].replace("{root}", str(root)))
        else:
            file.write_text(content)


def run(tool, *arguments):
    done = subprocess.run([sys.executable, TOOLS / tool, *arguments], capture_output=True,
                          text=True)
    return done.returncode, done.stdout + done.stderr


def tidy_says(root, changes):
    shutil.rmtree(root, ignore_errors=True)
    plant(root, TREE)
    plant(root, changes)
    return run("tidy.py", root)


def purity_says(root, source):
    tree = root / "tree"
    shutil.rmtree(root, ignore_errors=True)
    plant(root, {"src/layers.def": LAYERS, "lines.c": source, "tree/lines.c.o": ""})
    subprocess.run([os.environ.get("CC", "cc"), "-c", root / "lines.c", "-o", tree / "lines.c.o"],
                   check=True)
    subprocess.run(["ar", "qc", tree / "libformats.a", tree / "lines.c.o"], check=True)
    return run("purity.py", tree, root)


def main():
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "tree"
        for name, (changes, words) in BREACHES.items():
            status, text = tidy_says(root, changes)
            results.append((f"finds {name}", status == 1 and words in text, text))
        for name, changes in FINE.items():
            status, text = tidy_says(root, changes)
            results.append((f"lets {name} through", status == 0, text))
        for name, (source, words) in CALLS.items():
            status, text = purity_says(root, source)
            good = status == 1 and words in text if words else status == 0
            results.append((f"judges {name}", good, text))
    for name, good, text in results:
        if not good:
            print(f"not ok - {name}; it said:\n{text}")
    failed = sum(not good for _, good, _ in results)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return int(failed > 0)


sys.exit(main())
