#!/usr/bin/env python3
"""Prints what a program consists of, as CycloneDX 1.5: sbom.py PROGRAM VERSION

The libraries are those that it is linked with, and those that they are linked with; versions and
licences are what dpkg knows of the packages that they come from. The time is SOURCE_DATE_EPOCH.
"""
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

# Debian's short names of licences where they differ from those of SPDX
SPDX = {"expat": "MIT", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause",
        "zlib": "Zlib", "apache-2.0": "Apache-2.0", "lgpl-2.1": "LGPL-2.1-only",
        "lgpl-2.1+": "LGPL-2.1-or-later", "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later",
        "gpl-3": "GPL-3.0-only", "gpl-3+": "GPL-3.0-or-later"}


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def libraries_of(program):
    """{name: path} of all shared libraries that the program loads at its start."""
    return {Path(path).name: path for path in re.findall(r"(/\S+) \(0x", output("ldd", program))}


def needed(path):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "--dynamic", "--wide", path))


def package_of(path):
    """The package that a library belongs to; dpkg may know it with or without /usr."""
    real = os.path.realpath(path)
    for name in (path, real, real.removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "--search", name], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, check=False).stdout
        if found:
            return found.split(": ")[0].split(",")[0]
    sys.exit(f"sbom.py: no package holds {path}")


def licences(package):
    """By the copyright file: of most of the files if it is machine-readable, else what it names."""
    place = f"/usr/share/doc/{package}/copyright"
    text = Path(place).read_text(errors="replace")
    if text.startswith("Format:"):
        found = re.search(r"^Files: \*$(?:\n.+)*?\nLicense: *(.+)$", text, re.M)
    else:
        found = None
    if not found:
        texts = sorted(set(re.findall(r"/usr/share/common-licenses/([\w.+-]*\w)", text)))
        return [{"license": {"name": f"{', '.join(texts) or 'other'}; see {place}"}}]
    name = found.group(1).strip()
    known = SPDX.get(name.lower())
    return [{"license": {"id": known} if known else {"name": name}}]


def component(package):
    name, version, architecture, source, origin = output(
        "dpkg-query", "--show", "--showformat",
        "${Package}\n${Version}\n${Architecture}\n${source:Package}\n${source:Version}",
        package).split("\n")
    purl = (f"pkg:deb/debian/{quote(name, safe='')}@{quote(version, safe=':')}"
            f"?arch={architecture}")
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version,
        "licenses": licences(name), "purl": purl,
        "properties": [{"name": "debian:source", "value": f"{source} {origin}"}],
    }


def make(program, version):
    paths = libraries_of(program)
    packages = {name: package_of(path) for name, path in paths.items()}
    components = {package: component(package) for package in sorted(set(packages.values()))}
    own = {"type": "application", "bom-ref": f"pkg:generic/seawall@{version}", "name": "seawall",
           "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}],
           "purl": f"pkg:generic/seawall@{version}"}
    uses = {own["bom-ref"]: {packages[name] for name in needed(program)}}
    for name, path in paths.items():
        of = uses.setdefault(components[packages[name]]["bom-ref"], set())
        of |= {packages[other] for other in needed(path)} - {packages[name]}
    moment = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", moment), "component": own},
        "components": list(components.values()),
        "dependencies": [{"ref": ref, "dependsOn": sorted(components[package]["bom-ref"]
                                                          for package in of)}
                         for ref, of in sorted(uses.items())],
    }


if __name__ == "__main__":
    print(json.dumps(make(sys.argv[1], sys.argv[2]), indent=2))
