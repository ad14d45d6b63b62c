#!/usr/bin/env python3
"""Checks what the compiler does not: layers, tables, names, lengths, banned calls.

tidy.py [ROOT] prints `path:line: message` for each breach; exit status 1 if there is one. Lasting
exceptions stand in tools/tidy_allow.txt, each with its reason; one that is no longer needed is a
breach too, so that the list can only shrink. tools/test_tidy.py plants each kind of breach.
"""
import re
import sys
from pathlib import Path

LINE_MAX = 100
FUNCTION_MAX = 80
FOLDERS = ("src", "tests", "tools", "bench", "docs", "share", "examples", ".ci")
CODE = {".c", ".h", ".def", ".py", ".sh", ".cmake"}
TEXT = CODE | {".md", ".yml", ".yaml"}
INPUTS = ("tests/corpus/", "tests/golden/", "tests/vectors/")  # may look like anything, except code
BANNED_NAMES = set("util utils misc common helper helpers manager base data info stuff".split())
BANNED_CALLS = set("""
    strcpy stpcpy strcat strncpy strncat sprintf vsprintf gets strtok strtok_r scanf sscanf fscanf
    atoi atol atoll atof assert alloca system popen setjmp longjmp rand srand tmpnam tempnam mktemp
    localtime gmtime ctime asctime getlogin usleep bcopy bzero
    """.split())
RAW_COPIES = {"memcpy", "memmove"}
RAW_COPIES_IN = re.compile(r"src/(core|codec|match|model|os)/|src/formats/evtx|tests/|bench/")
REMINDERS = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
# table, its macro, the folder of the sources, golden cases below, the page that names each line
TABLES = (
    ("src/formats/formats.def", "FORMAT", "format", "tests/golden/formats", "docs/formats.md"),
    ("src/output/outputs.def", "OUTPUT", "output", "tests/golden/output", "docs/outputs.md"),
    ("src/cli/commands.def", "COMMAND", "command", None, "README.md"),
    ("src/rules/modifiers.def", "MODIFIER", None, None, "docs/sigma.md"),
)


class Tidy:
    def __init__(self, root):
        self.root = root
        self.breaches = []
        self.allowed = self.read_allowed()
        self.used = set()
        self.layers = self.read_layers()

    def fail(self, path, line, message):
        self.breaches.append((str(path), line, message))

    def read(self, path):
        file = self.root / path
        return file.read_text(errors="replace") if file.is_file() else ""

    # --- tables that steer the checks ---

    def read_allowed(self):
        """{(check, subject): (line, limit)} of tools/tidy_allow.txt."""
        allowed = {}
        for n, row in enumerate(self.read("tools/tidy_allow.txt").splitlines(), 1):
            words, _, why = row.partition("#")
            words = words.split()
            if not words:
                continue
            if len(words) < 2 or not why.strip():
                self.fail("tools/tidy_allow.txt", n, "expected `check subject [limit] # reason`")
                continue
            allowed[words[0], words[1]] = (n, int(words[2]) if len(words) > 2 else 0)
        return allowed

    def allows(self, check, subject, amount=0):
        """Whether the exception list lets `subject` pass; an unused entry is a breach."""
        line, limit = self.allowed.get((check, subject), (0, 0))
        if line:
            self.used.add((check, subject))
        return line > 0 and amount <= limit

    def read_layers(self):
        layers = {}
        for n, row in enumerate(self.read("src/layers.def").splitlines(), 1):
            if not row.strip() or row.startswith("#"):
                continue
            name, _, uses = row.partition(":")
            uses = uses.split()
            for use in uses:
                if use not in layers:  # only rows above: no cycles
                    self.fail("src/layers.def", n,
                              f"'{name.strip()}' uses '{use}', which is not above it")
            layers[name.strip()] = set(uses)
        return layers

    def is_pure(self, layer):
        return layer != "os" and "os" not in self.layers[layer]

    # --- files ---

    def files(self):
        found = [path for path in self.root.iterdir() if path.is_file()]
        for folder in FOLDERS:
            found += [path for path in (self.root / folder).rglob("*") if path.is_file()]
        for path in sorted(found):
            name = path.relative_to(self.root).as_posix()
            is_text = path.suffix in TEXT or path.name in ("dev", "run", "CMakeLists.txt")
            is_input = name.startswith(INPUTS) and path.suffix not in (".c", ".h")
            if is_text and "__pycache__" not in name and not is_input:
                yield name

    def check_text(self, path, text):
        is_code = Path(path).suffix in CODE or Path(path).name in ("dev", "CMakeLists.txt")
        # Where this very checkout lies, and the shared folder beside it.
        machine_paths = [f"{self.root}/", f"{self.root.parent}/shared"]
        for n, row in enumerate(text.split("\n"), 1):
            if is_code and len(row) > LINE_MAX:
                self.fail(path, n, f"line of {len(row)} columns (at most {LINE_MAX})")
            if "\t" in row:
                self.fail(path, n, "tab")
            if row != row.rstrip():
                self.fail(path, n, "blanks or a carriage return at the end of the line")
            if REMINDERS.search(row):
                self.fail(path, n, "reminder without a ticket: do it or open an issue")
            if any(machine in row for machine in machine_paths):
                self.fail(path, n, "path of one machine")
        if text and not text.endswith("\n"):
            self.fail(path, text.count("\n") + 1, "no line end at the end of the file")
        if text.endswith("\n\n"):
            self.fail(path, text.count("\n"), "empty lines at the end of the file")

    def check_name(self, path):
        stem = Path(path).name.split(".")[0]
        for word in BANNED_NAMES & set(re.split(r"[_-]", stem)):
            self.fail(path, 1, f"'{word}' says nothing: name the file after its noun")

    # --- C ---

    def check_includes(self, path, code):
        layer = path.split("/")[1]
        for n, row in enumerate(code.splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', row)
            if not match:
                continue
            target = match.group(1)
            owner = target.split("/")[0]
            if not (self.root / "src" / target).is_file():
                self.fail(path, n, f'"{target}" is not a path below src/')
            elif owner != layer and owner not in self.layers[layer]:
                self.fail(path, n, f"layer '{layer}' may not use '{owner}' (src/layers.def)")
            elif owner != layer and target.endswith("_priv.h"):
                self.fail(path, n, f"'{target}' is private to {owner}/")

    def check_calls(self, path, bare):
        for n, row in enumerate(bare.splitlines(), 1):
            for name in re.findall(r"\b(\w+)\s*\(", row):
                if name in BANNED_CALLS:
                    self.fail(path, n, f"{name}() is banned")
                elif name in RAW_COPIES and not RAW_COPIES_IN.match(path):
                    self.fail(path, n, f"raw {name}() outside the layers that own bytes")
            if re.search(r"\bNDEBUG\b|<assert\.h>", row):
                self.fail(path, n, "assert vanishes in release builds: use ENSURE (core/ensure.h)")
            if "//" in row:
                self.fail(path, n, "comments are /* */")

    def check_function_lengths(self, path, bare):
        name, named_at, start = None, 0, 0
        rows = bare.splitlines()
        for n, row in enumerate(rows, 1):
            if re.match(r"[A-Za-z_].*\(", row) and not row.rstrip().endswith(";"):
                named = re.search(r"(\w+)\s*\(", row.replace("TEST(", ""))
                name = named.group(1) if named else re.sub(r"\W", "", row[5:])
                named_at = n
            if row.startswith("{"):
                start = n
            elif row.startswith("}") and start:
                length, start = n - start - 1, 0
                if length <= FUNCTION_MAX or not name:
                    continue
                if not self.allows("function-length", f"{path}:{name}", length):
                    self.fail(path, named_at,
                              f"{name}() has {length} lines (at most {FUNCTION_MAX})")

    def check_header(self, path, text):
        guard = re.sub(r"\W", "_", path.removeprefix("src/")).upper()
        if path.startswith("src/") and f"#ifndef {guard}\n#define {guard}\n" not in text:
            self.fail(path, 1, f"the include guard must be {guard}")

    def check_c(self, path, text):
        first = text.split("\n", 1)[0]
        if not first.startswith("/* "):
            self.fail(path, 1, "the first line must say what the file is")
        bare = strip_c(text)
        self.check_calls(path, bare)
        if path.endswith(".c"):
            self.check_function_lengths(path, bare)
        if path.endswith(".h"):
            self.check_header(path, text)
        if path.startswith("src/"):
            layer = path.split("/")[1]
            if layer not in self.layers:
                self.fail(path, 1, f"'{layer}' is not in src/layers.def")
                return
            self.check_includes(path, text)
            if path.endswith(".c") and self.is_pure(layer):
                test = f"tests/unit/{layer}/test_{Path(path).name}"
                if not (self.root / test).is_file() and not self.allows("no-unit-test", path):
                    self.fail(path, 1, f"no unit test: {test}")
        elif path.startswith("tests/unit/") and path.split("/")[2] not in self.layers:
            self.fail(path, 1, "tests/unit/ has one folder per layer")

    # --- the tree ---

    def check_unique_names(self, paths):
        seen = {}
        for path in paths:
            if not path.startswith(("src/", "tests/unit/")) or not path.endswith((".c", ".h")):
                continue
            other = seen.setdefault(Path(path).name, path)
            if other != path:
                self.fail(path, 1, f"file name is taken by {other}")

    def check_table(self, table, macro, prefix, golden, page):
        """Each line has a source with <prefix>_<name>, golden cases and a mention; and back."""
        text = self.read(table)
        lines = {}
        for n, row in enumerate(text.splitlines(), 1):
            match = re.match(macro + r"\(\s*\"?([A-Za-z0-9_-]+)", row)
            if match:
                lines[match.group(1).replace("-", "_")] = (n, match.group(1))
        folder = Path(table).parent
        sources = {path: strip_c(path.read_text(errors="replace"))
                   for path in sorted((self.root / folder).glob("*.c"))}
        for name, (n, shown) in lines.items():
            definition = re.compile(rf"\b{prefix}_{name}\b")
            if prefix and not any(name in path.stem and definition.search(code)
                                  for path, code in sources.items()):
                self.fail(table, n, f"no source {folder}/*{name}*.c with {prefix}_{name}")
            if golden and not list((self.root / golden / name).glob("*.out")):
                self.fail(table, n, f"no golden case in {golden}/{name}/")
            if page and not re.search(rf"(?<![\w-]){re.escape(shown)}(?![\w-])", self.read(page)):
                self.fail(table, n, f"{page} does not mention '{shown}'")
        if not prefix or not text:
            return
        for path, code in sources.items():
            for match in re.finditer(rf"^const struct {prefix} {prefix}_(\w+) =", code, re.M):
                if match.group(1) not in lines:
                    self.fail(path.relative_to(self.root).as_posix(),
                              code[:match.start()].count("\n") + 1,
                              f"'{match.group(1)}' has no line in {table}")
        for case in sorted((self.root / golden).glob("*/")) if golden else ():
            if case.is_dir() and case.name not in lines:
                self.fail(case.relative_to(self.root).as_posix(), 1,
                          f"golden cases of something that is not in {table}")

    def check_architecture(self):
        """The layer table of ARCHITECTURE.md, in either form: `a : b c` or `| a | b c |`."""
        page = "ARCHITECTURE.md"
        found = {}
        for n, row in enumerate(self.read(page).splitlines(), 1):
            match = re.match(r"^\|?\s*`?(\w+)`?\s*(?:[:|]\s*([\w` ,]*?)\s*\|?)?$", row)
            if match and match.group(1) in self.layers:
                found.setdefault(match.group(1), (n, set(re.findall(r"\w+", match.group(2) or ""))))
        for layer, uses in self.layers.items():
            if layer not in found:
                self.fail(page, 1, f"the layer table lacks '{layer}'")
            elif found[layer][1] != uses:
                self.fail(page, found[layer][0], f"'{layer}' is not as in src/layers.def: "
                          + (" ".join(sorted(uses)) or "(nothing)"))

    def check_all(self):
        paths = list(self.files())
        for path in paths:
            text = self.read(path)
            self.check_text(path, text)
            self.check_name(path)
            if path.endswith((".c", ".h")):
                self.check_c(path, text)
        self.check_unique_names(paths)
        for table in TABLES:
            self.check_table(*table)
        self.check_architecture()
        for key, (line, _) in self.allowed.items():
            if key not in self.used:
                self.fail("tools/tidy_allow.txt", line,
                          f"exception for {key[1]} is not needed any more: remove it")
        return len(paths)


def strip_c(text):
    """The code without comments and without what stands in literals; line numbers stay."""
    def blank(match):
        token = match.group(0)
        if token.startswith("/*"):
            return re.sub(r"[^\n]", " ", token)
        return token[0] + " " * (len(token) - 2) + token[-1]
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text, flags=re.S)


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    tidy = Tidy(root)
    count = tidy.check_all()
    for path, line, message in sorted(tidy.breaches):
        print(f"{path}:{line}: {message}")
    print(f"{count} files, {len(tidy.breaches)} breaches")
    return int(bool(tidy.breaches))


if __name__ == "__main__":
    sys.exit(main())
