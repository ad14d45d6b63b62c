#!/usr/bin/env python3
"""What other programs take: STIX by the OASIS validator, MISP by PyMISP, the Navigator layer by its
schema, Timesketch by its required fields, a database by SQLite. Validators that are not installed
are skipped."""
import csv
import json
import os
import sqlite3
import subprocess
from pathlib import Path

from system_kit import (EXAMPLE, ROOT, Skip, check, findings, need_root, one_complaint, run,
                        run_tests, same)

HOSTILE = ROOT / "tests/golden/output"


def export(name, path, *evidence):
    evidence = [str(one) for one in evidence or (EXAMPLE,)]
    same(run("hunt", "--quiet", "--output", f"{name}={path}", *evidence).status, 0)
    return Path(path)


def hostile(name, path):
    return export(name, path, "--only-rules", HOSTILE / "hostile.yml", HOSTILE / "hostile.json")


def test_stix_is_valid():
    try:
        import stix2validator
    except ImportError:
        raise Skip("stix2-validator is not installed") from None
    for path in (export("stix", "a.json"), hostile("stix", "b.json")):
        results = stix2validator.validate_file(str(path))
        check(results.is_valid, [str(error) for error in results.object_results[0].errors][:5])


def test_stix_says_each_thing_once():
    for path in (export("stix", "a.json"), hostile("stix", "b.json")):
        objects = json.loads(path.read_text())["objects"]
        ids = [one["id"] for one in objects]
        same(len(ids), len(set(ids)))
        for one in objects:
            named = [*one.get("object_refs", []), *one.get("observed_data_refs", []),
                     *filter(None, [one.get("sighting_of_ref"), one.get("created_by_ref")])]
            check(all(name in ids for name in named), one)


def test_misp_loads():
    try:
        import pymisp
    except ImportError:
        raise Skip("PyMISP is not installed") from None
    for path in (export("misp", "a.json"), hostile("misp", "b.json")):
        event = pymisp.MISPEvent()
        event.load_file(str(path))
        same(len(event.attributes), len(json.loads(path.read_text())["Event"]["Attribute"]))


def test_the_navigator_layer_holds_to_its_format():
    try:
        import jsonschema
    except ImportError:
        raise Skip("python3-jsonschema is not installed") from None
    schema = json.loads((ROOT / "share/schema/navigator-layer.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in (export("navigator", "a.json"), hostile("navigator", "b.json")):
        layer = json.loads(path.read_text())
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(layer))
        check(not errors, errors[:3])
    layer["techniques"] = [{"techniqueID": "1059"}]
    check(list(jsonschema.Draft202012Validator(schema).iter_errors(layer)), "takes anything")


def test_timesketch_has_its_fields_in_both_forms():
    for make in (export, hostile):
        with open(make("timesketch", "a.csv"), encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        objects = [json.loads(line) for line in
                   make("timesketch", "a.jsonl").read_text().splitlines()]
        same(len(rows), len(objects))
        for row, one in zip(rows, objects):
            same(list(row), list(one))
            check(all(isinstance(value, str) for value in one.values()), one)
            for name in ("message", "datetime", "timestamp_desc"):
                check(row[name] and one[name], row)
            check(row["datetime"].endswith("+00:00"), row)
            json.loads(one["details"])


def test_coverage_lines_stand_behind_the_findings():
    same(run("hunt", "--quiet", "--coverage", "--output", "jsonl=a.jsonl", str(EXAMPLE)).status, 0)
    kinds = [json.loads(line)["kind"] for line in Path("a.jsonl").read_text().splitlines()]
    first = kinds.index("coverage")
    same(set(kinds[first:]), {"coverage"})
    same(run("hunt", "--quiet", "--output", "jsonl=b.jsonl", str(EXAMPLE)).status, 0)
    same(len(Path("b.jsonl").read_text().splitlines()), first)


def test_the_database_has_what_json_has():
    hostile_ones = ("--only-rules", HOSTILE / "hostile.yml", HOSTILE / "hostile.json")
    for arguments in ((EXAMPLE,), hostile_ones):
        export("sqlite", "a.db", "--output", "jsonl=a.jsonl", *arguments)
        rows = findings(Path("a.jsonl").read_text())
        check(len(rows) > 5, len(rows))
        connection = sqlite3.connect("a.db")
        same(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        same(connection.execute("PRAGMA foreign_key_check").fetchall(), [])
        got = connection.execute("SELECT title, message, host, time, rule, why, fields, matched"
                                 " FROM findings ORDER BY id").fetchall()
        same([(*one[:6], json.loads(one[6]), json.loads(one[7])) for one in got],
             [(row["title"], row["message"], row["host"], row["time"], row["id"], row["why"],
               row["fields"], row["matched"]) for row in rows])
        named = {(finding, kind, value) for finding, kind, value in
                 connection.execute("SELECT finding, kind, value FROM entities")}
        same(named, {(number, kind, value) for number, row in enumerate(rows, 1)
                     for kind, values in row["entities"].items() for value in values})
        connection.close()


def test_a_database_needs_a_file():
    for path in ("-", "/dev/null"):
        result = run("hunt", "--output", f"sqlite={path}", EXAMPLE)
        one_complaint(result, "has to go to a file")


def test_a_database_that_does_not_fit_leaves_nothing():
    need_root("needs root to mount a small file system")
    os.mkdir("small")
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", "small"]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        raise Skip("no file systems can be mounted here")
    try:
        result = run("hunt", "--quiet", "--output", "sqlite=small/a.db", EXAMPLE)
        check(result.status != 0 and "no space left" in result.err, result.err)
        same(os.listdir("small"), [])
    finally:
        subprocess.run(["umount", "small"], check=True)


run_tests(globals())
