#!/usr/bin/env python3
"""Tests of sbom.py: the bill of a program of this system has what CycloneDX 1.5 asks for."""
import copy
import os
import re
import shutil
import sys

import sbom

TYPES = {"application", "framework", "library", "container", "platform", "operating-system",
         "device", "device-driver", "firmware", "file", "machine-learning-model", "data"}
PURL = re.compile(r"pkg:(generic|deb/debian)/[\w.%-]+@[\w.%:~-]+(\?arch=[\w-]+)?$", re.A)
IDS = set(sbom.SPDX.values())


def component_problems(component):
    where = component.get("name", "?")
    for key in ("type", "name", "version", "bom-ref", "purl", "licenses"):
        if not component.get(key):
            yield f"{where}: no {key}"
    if component.get("type") not in TYPES:
        yield f"{where}: type"
    if not PURL.match(component.get("purl", "")):
        yield f"{where}: purl"
    for choice in component.get("licenses", ()):
        licence = choice.get("license", {})
        if len({"id", "name"} & set(licence)) != 1 or not all(licence.values()):
            yield f"{where}: a licence is an id or a name"
        if "id" in licence and licence["id"] not in IDS:
            yield f"{where}: no licence of SPDX: {licence['id']}"


def problems(bill):
    for key, value in (("bomFormat", "CycloneDX"), ("specVersion", "1.5"), ("version", 1)):
        if bill.get(key) != value:
            yield f"{key} is not {value}"
    metadata = bill.get("metadata", {})
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", metadata.get("timestamp", "")):
        yield "timestamp"
    if "component" not in metadata:
        yield "no component that it is about"
    parts = [metadata.get("component", {}), *bill.get("components", ())]
    for part in parts:
        yield from component_problems(part)
    refs = [part.get("bom-ref") for part in parts]
    if len(set(refs)) != len(refs):
        yield "a bom-ref is used twice"
    rows = bill.get("dependencies", ())
    if sorted(row["ref"] for row in rows) != sorted(map(str, refs)):
        yield "not each part has a row of dependencies"
    if any(other not in refs for row in rows for other in row["dependsOn"]):
        yield "a dependency that is no part"


def remove(*path):
    def change(bill):
        for key in path[:-1]:
            bill = bill[key]
        del bill[path[-1]]
    return change


def put(value, *path):
    def change(bill):
        for key in path[:-1]:
            bill = bill[key]
        bill[path[-1]] = value
    return change


# what must not go through `problems`
BREACHES = [
    remove("bomFormat"), put("1.4", "specVersion"), remove("metadata", "timestamp"),
    remove("metadata", "component"), remove("components", 0, "purl"),
    remove("components", 0, "version"), put([], "components", 0, "licenses"),
    put("pkg:deb/debian/a b", "components", 0, "purl"), put("thing", "components", 0, "type"),
    put([{"license": {"id": "Expat"}}], "components", 0, "licenses"),
    put(["nothing"], "dependencies", 0, "dependsOn"), remove("dependencies", 0),
    remove("components", 0),
]


def main():
    program = os.path.realpath(shutil.which("openssl") or sys.executable)
    if not all(map(shutil.which, ("dpkg-query", "ldd", "readelf"))):
        print("needs dpkg, ldd and readelf\n0 passed, 0 failed, 1 skipped")
        return 0
    os.environ["SOURCE_DATE_EPOCH"] = "1790000000"
    bill = sbom.make(program, "1.2.3")
    names = [part["name"] for part in bill["components"]]
    wanted = {sbom.package_of(path).split(":")[0] for path in sbom.libraries_of(program).values()}
    results = [
        ("the bill is whole", not list(problems(bill)), list(problems(bill))),
        ("it names each library once", sorted(wanted) == sorted(names), names),
        ("it names the C library", "libc6" in names, names),
        ("the program uses what it is linked with",
         len(bill["dependencies"]) > 1 and any(row["dependsOn"] for row in bill["dependencies"]
                                               if row["ref"].startswith("pkg:generic")), bill),
        ("the same again", bill == sbom.make(program, "1.2.3"), ""),
        ("the time is that of the sources",
         bill["metadata"]["timestamp"] == "2026-09-21T14:13:20Z", bill["metadata"]),
    ]
    for number, breach in enumerate(BREACHES):
        broken = copy.deepcopy(bill)
        breach(broken)
        results.append((f"breach {number} is found", bool(list(problems(broken))), broken))
    for name, good, shown in results:
        if not good:
            print(f"not ok - {name}: {shown}")
    failed = sum(not good for _, good, _ in results)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return int(failed > 0)


sys.exit(main())
