#!/usr/bin/env python3
"""The findings as files: JSON Lines against the schema, what the keys mean, and CSV."""
import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(os.environ["PROJECT_ROOT"])
DATA = Path(os.environ["SEAWALL_TEST_DATA"])
EXAMPLE = ROOT / "examples/intrusion/evidence"
GOLDEN = ROOT / "tests/golden/output"
REGRESSION = DATA / "evtx/sigma-regression"
RULES = DATA / "sigma"
LISTS = ("account", "address", "domain", "file", "hash", "host", "process", "service")
COLUMNS = ["time", "level", "title", "message", "host", "kind", "verdict", "because", "id",
           "attack", "why", "path", "format", "record", "line", "offset", "account", "address",
           "domain", "file", "hash", "entity_host", "process", "service", "fields", "first",
           "last", "count", "group", "events"]


class Skip(Exception):
    """Why a test cannot run here."""


def run(*arguments, status=0, given=b"", **options):
    got = subprocess.run([os.environ["SEAWALL"], *arguments], input=given, capture_output=True,
                         timeout=120, check=False, **options)
    assert got.returncode == status, f"status {got.returncode}: {got.stderr.decode()[-2000:]}"
    return got


def hunt(*arguments, **options):
    """The findings, and the lines that they stood on."""
    lines = run("hunt", "--quiet", "--output", "jsonl=-", *arguments, **options).stdout
    text = lines.decode()
    assert not text or text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def need(path):
    if not path.exists():
        raise Skip(f"no test data {path.relative_to(DATA)}")
    return str(path)


def same(got, expected):
    assert got == expected, f"{got!r} is not {expected!r}"


def event(**fields):
    return json.dumps({"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
                       "Provider_Name": "Microsoft-Windows-Sysmon", "Computer": "ws-01"} | fields)


def rule(number=1, **detection):
    head = f"id: {number:08}-1111-4111-8111-111111111111\n" if number else ""
    return (f"title: Rule {number}\n{head}level: low\n"
            "logsource: {product: windows, category: process_creation}\n"
            f"detection: {json.dumps({'selection': detection, 'condition': 'selection'})}\n")


def hunt_text(text, *arguments, name="log.json", rules=None):
    """The findings in a file of this content; every event with an Image is one unless told else."""
    Path("rules").mkdir(exist_ok=True)
    for stem, content in (rules or {"all": rule(**{"Image|contains": ""})}).items():
        Path("rules", stem + ".yml").write_text(content)
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    return hunt("--only-rules", "rules", *arguments, name)


# ---- the schema ----

def schema_errors(findings):
    try:
        import jsonschema
    except ImportError:
        raise Skip("python3-jsonschema is not installed") from None
    schema = json.loads((ROOT / "share/schema/finding.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    return [f"{finding}: {error.json_path}: {error.message}"[:500]
            for finding in findings for error in validator.iter_errors(finding)]


def test_the_schema_refuses_what_is_no_finding():
    good = next(row for row in hunt(str(EXAMPLE)) if row["source"]["format"] == "evtx")
    same(schema_errors([good]), [])
    for key in good:
        assert schema_errors([{name: good[name] for name in good if name != key}]), key
    for change in ({"kind": "x"}, {"id": ""}, {"level": "severe"}, {"extra": 1}, {"host": None},
                   {"time": "2026-09-14T10:00:00Z"}, {"time": "2026-09-14T10:00:00.123456789"},
                   {"attack": ["1059"]}, {"entities": {"account": []}},
                   {"entities": {"colour": ["red"]}}, {"matched": {"a": ["only one"]}},
                   {"matched": {"a": {}}}, {"fields": []}, {"verdict": "maybe"},
                   {"source": good["source"] | {"line": 1}},
                   {"source": {"path": "a", "format": "evtx", "offset": 0}}):
        assert schema_errors([good | change]), change


def test_the_schema_knows_what_a_correlation_says_of_its_events():
    rows = [json.loads(line) for line in
            (GOLDEN / "jsonl/correlated.out").read_text().splitlines()]
    good = next(row for row in rows if row["kind"] == "correlation")
    same(schema_errors([good]), [])
    for key in ("first", "last", "count", "group", "events"):
        assert schema_errors([{name: good[name] for name in good if name != key}]), key
    event = good["events"][0]
    for change in ({"fields": {"a": 1}}, {"first": "yesterday"}, {"count": 0},
                   {"group": {"a": 1}}, {"events": [event] * 21}):
        assert schema_errors([good | change]), change
    for change in ({"source": "a.json"}, {"id": 1}, {"time": None}, {"path": "a.json"}):
        assert schema_errors([good | {"events": [event | change]}]), change


def test_golden_lines_are_as_the_schema_says():
    lines = [line for path in sorted((GOLDEN / "jsonl").glob("*.out"))
             for line in path.read_text().splitlines()]
    assert len(lines) > 40, "no golden cases"
    same(schema_errors(map(json.loads, lines)), [])


def test_the_regression_cases_are_as_the_schema_says():
    findings = hunt("--only-rules", need(RULES), need(REGRESSION))
    assert len(findings) > 96
    same(schema_errors(findings), [])


# ---- the meaning of the keys ----

def order(finding):
    source = finding["source"]
    return (finding["time"] is None, finding["time"] or "", source["path"].encode(),
            source.get("record", source.get("line")))


def texts_in(value):
    if isinstance(value, dict):
        for member in value.values():
            yield from texts_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts_in(member)
    elif isinstance(value, str):
        yield value


def check_findings(findings):
    """What holds of all findings, beyond the schema."""
    same([order(finding) for finding in findings], sorted(map(order, findings)))
    for finding in findings:
        assert finding["kind"] in ("rule", "correlation", "analytic"), finding["kind"]
        same((finding["verdict"], finding["because"]), ("yes", []))
        if finding["kind"] == "correlation":
            continue
        assert finding["why"] and "\n" not in finding["why"] and finding["matched"], finding
        texts = set(texts_in(finding["fields"]))
        hashes = {part.strip() for text in texts for part in text.split(",")}
        for kind, names in finding["entities"].items():
            same(len(names), len(set(names)))
            assert set(names) <= (hashes if kind == "hash" else texts), (kind, names)


def evidence_bytes(path):
    """What stands at the path of a finding, unpacked."""
    archive, packed, member = path.partition("!")
    if packed:
        with zipfile.ZipFile(archive) as file:
            return file.read(member)
    content = Path(path).read_bytes()
    return gzip.decompress(content) if path.endswith(".gz") else content


def fields_are_of_cat(findings):
    """`fields` is an event of the same file as `seawall cat` prints it."""
    events = {}
    for finding in findings:
        if finding["kind"] == "correlation":  # it is about several
            continue
        path = finding["source"]["path"]
        if path not in events:
            file = path
            if "!" in path:
                file = Path(path).name
                Path(file).write_bytes(evidence_bytes(path))
            events[path] = list(map(json.loads, run("cat", file).stdout.decode().splitlines()))
        assert finding["fields"] in events[path], finding


def test_what_holds_of_every_finding():
    findings = hunt(str(EXAMPLE))
    same(len(findings), 87)
    check_findings(findings)
    fields_are_of_cat(findings)
    findings = hunt("--only-rules", need(RULES), need(REGRESSION), str(EXAMPLE))
    check_findings(findings)
    fields_are_of_cat(findings)


def test_the_place_leads_to_the_event():
    for finding in hunt(str(EXAMPLE)):
        source = finding["source"]
        data = evidence_bytes(source["path"])
        if source["format"] == "evtx":
            same(data[source["offset"]:source["offset"] + 4], b"**\0\0")
            number = int.from_bytes(data[source["offset"] + 8:source["offset"] + 16], "little")
            same(number, source["record"])
            assert "line" not in source
        else:
            line = data.split(b"\n")[source["line"] - 1]
            assert data[source["offset"]:].startswith(line) and "record" not in source


def test_lines_of_an_array_are_where_its_elements_start():
    text = "[\n  " + event(Image="a") + ",\n\n" + event(Image="b") + ", " + event(Image="c") + "]\n"
    findings = hunt_text(text)
    same([finding["source"]["line"] for finding in findings], [2, 4, 4])
    for finding in findings:
        assert text[finding["source"]["offset"]:].startswith('{"EventID"')


def test_paths_are_as_they_were_named():
    os.makedirs("a/b")
    Path("a/b/x.json").write_text(event(Image="x"))
    Path("rules.yml").write_text(rule(**{"Image|contains": ""}))
    for named, path in (("a", "a/b/x.json"), ("a/", "a/b/x.json"), ("./a", "./a/b/x.json"),
                        ("a/b/x.json", "a/b/x.json"), ("../" + Path.cwd().name + "/a/b",
                                                       "../" + Path.cwd().name + "/a/b/x.json"),
                        (os.path.abspath("a"), os.path.abspath("a/b/x.json"))):
        same([finding["source"]["path"] for finding in hunt("--only-rules", "rules.yml", named)],
             [path])
    found = hunt("--only-rules", "rules.yml", "-", given=event(Image="x").encode())
    same([finding["source"]["path"] for finding in found], ["-"])


def test_hostile_names_of_files():
    os.mkdir("f")
    for name in (b"f/a\xff\xc3.json", "f/b\u202e\n\x1b[2J.json".encode(), b"f/=c,\".json"):
        Path(os.fsdecode(name)).write_text(event(Image="x"))
    Path("rules.yml").write_text(rule(**{"Image|contains": ""}))
    options = ["--only-rules", "rules.yml", "--output", "csv=o.csv", "f"]
    same(sorted(finding["source"]["path"] for finding in hunt(*options)),
         ["f/=c,\".json", "f/a%FF%C3.json", "f/b\u202e\n\x1b[2J.json"])
    report = run("hunt", *options).stdout.decode()
    table = Path("o.csv").read_text()
    for text in (report, table):
        assert "\x1b" not in text and "\u202e" not in text, text
    assert '"f/b\\u{202e}\\x0a\\x1b[2J.json"' in table and '"f/=c,"".json"' in table, table


def test_times_have_nine_digits_and_those_without_come_last():
    times = ["2026-09-14T10:00:00Z", "2026-09-14T10:00:00.1234567891+02:00",
             "1969-12-31T23:59:59.5Z", "2026-09-14", "soon", None]
    events = [event(Image="x", **({"TimeCreated": time} if time else {})) for time in times]
    same([finding["time"] for finding in hunt_text("\n".join(events))],
         ["1969-12-31T23:59:59.500000000Z", "2026-09-14T00:00:00.000000000Z",
          "2026-09-14T08:00:00.123456789Z", "2026-09-14T10:00:00.000000000Z", None, None])


def test_a_rule_without_id_gets_one_of_its_text():
    text = rule(0, Image="x")
    texts = {"a": text, "b": text, "c": text + "# other\n"}
    findings = hunt_text(event(Image="x"), rules=texts)
    ids = {finding["id"] for finding in findings}
    same(len(findings), 2)  # identical texts count once
    same(len(ids), 2)
    assert all(re.fullmatch("x-[0-9a-f]{16}", name) for name in ids), ids
    same({finding["id"] for finding in hunt_text(event(Image="x"), rules=texts)}, ids)


def test_matched_has_the_names_of_the_rule_and_the_values_of_the_event():
    text = event(Image="C:\\Windows\\System32\\cmd.exe", CommandLine=["one", "two", "three"],
                 ParentProcessId=4242, Elevated=True)
    detection = {"Image|endswith": "\\CMD.exe", "CommandLine|contains|all": ["TWO", "three"],
                 "ParentProcessId": 4242, "Elevated": "true"}
    finding, = hunt_text(text, rules={"a": rule(**detection)})
    same(finding["matched"], {"Image": "C:\\Windows\\System32\\cmd.exe",
                              "CommandLine": ["two", "three"], "ParentProcessId": 4242,
                              "Elevated": True})
    same(finding["fields"], json.loads(text))


# ---- CSV ----

def unescaped(cell):
    """The apostrophe goes, and what is shown as \\x.. or \\u{..} comes back."""
    cell = re.sub(r"^'(?=[=+\-@\uff1d\uff0b\uff0d\uff20]|\\x09|\\x0d)", "", cell)
    return re.sub(r"\\x([0-9a-f]{2})|\\u\{([0-9a-f]+)\}",
                  lambda match: chr(int(match.group(1) or match.group(2), 16)), cell)


def check_csv(*arguments):
    findings = hunt("--output", "csv=o.csv", *arguments)
    text = Path("o.csv").read_bytes().decode()
    same(text.count("\n"), len(findings) + 1)
    same(text.count("\r\n"), len(findings) + 1)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    same(rows[0], COLUMNS)
    for cells, finding in zip(rows[1:], findings, strict=True):
        same(len(cells), len(COLUMNS))
        assert not any(re.match("[=+@\t\r-]", cell) for cell in cells), cells
        row = dict(zip(COLUMNS, cells))
        source = finding["source"]
        same(json.loads(row["fields"]), finding["fields"])
        same(unescaped(row["host"]), finding["host"])
        same((row["time"], row["level"], row["id"]),
             (finding["time"] or "", finding["level"], finding["id"]))
        same((row["kind"], row["verdict"], row["because"]), (finding["kind"], "yes", ""))
        same(row["format"], source["format"])
        same((row["record"], row["line"], row["offset"]),
             tuple(str(source.get(key, "")) for key in ("record", "line", "offset")))
        same(row["attack"].split(), finding["attack"])
        same((row["first"], row["last"], row["count"]),
             tuple(str(finding.get(key, "")) for key in ("first", "last", "count")))
        same([json.loads(row[key] or "null") for key in ("group", "events")],
             [finding.get(key) for key in ("group", "events")])
        for kind in LISTS:
            names = " ".join(finding["entities"].get(kind, []))
            same(unescaped(row["entity_host" if kind == "host" else kind]), names)
        for key in ("title", "message", "why"):
            same(unescaped(row[key]), unescaped(finding[key]))
        same(unescaped(row["path"]), source["path"])
    return len(findings)


def test_csv_says_the_same_as_json_lines():
    same(check_csv(str(EXAMPLE)), 87)
    assert check_csv("--only-rules", str(GOLDEN / "hostile.yml"), str(GOLDEN / "hostile.json")) > 10
    same(check_csv(str(GOLDEN / "nothing.json")), 0)


def test_csv_of_the_regression_cases():
    assert check_csv("--only-rules", need(RULES), need(REGRESSION)) > 96


# ---- the report ----

def test_the_same_bytes_for_any_number_of_threads():
    evidence = [str(EXAMPLE), str(GOLDEN)]
    evidence += [str(REGRESSION)] if REGRESSION.exists() else []
    reports = {run("hunt", "--threads", str(1 + number % 5), *evidence).stdout
               for number in range(20)}
    same(len(reports), 1)


def test_an_output_that_cannot_be_made_is_refused_before_anything_is_read():
    ours, theirs = os.pipe()  # nothing ever comes, and it does not end
    for path in ("nosuch/o.jsonl", "/proc/o.jsonl", "."):
        got = subprocess.run([os.environ["SEAWALL"], "hunt", "--output", f"jsonl={path}", "-"],
                             stdin=ours, capture_output=True, timeout=60, check=False)
        same((got.returncode, got.stdout), (4, b""))
        assert f"cannot write the output {path}: ".encode() in got.stderr, got.stderr
    os.close(ours)
    os.close(theirs)
    same(os.listdir("."), [])


def main():
    sums = {"passed": 0, "failed": 0, "skipped": 0}
    for name, test in list(globals().items()):
        if not name.startswith("test_") or not any(part in name for part in sys.argv[1:] or [""]):
            continue
        with tempfile.TemporaryDirectory(dir=".") as scratch:
            os.chdir(scratch)
            try:
                test()
                verdict = "passed"
            except Skip as why:
                verdict = "skipped"
                print(f"{name} # SKIP {why}")
            except (AssertionError, ValueError, OSError, subprocess.SubprocessError) as why:
                verdict = "failed"
                print(f"not ok - {name}\n# {type(why).__name__}: {str(why)[:2000]}")
            os.chdir("..")
        sums[verdict] += 1
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**sums))
    return int(sums["failed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
