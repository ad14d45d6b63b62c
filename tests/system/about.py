#!/usr/bin/env python3
"""`hunt --about`: an advisory's techniques, and what it holds of rules and indicators."""
import json
import shutil
from pathlib import Path

from system_kit import (EXAMPLE, Skip, check, findings, one_complaint, run, run_tests, same,
                        write_lines)

PAGE = """<!DOCTYPE html><html><body><p>They used T1218 (CVE-2021-44228), and called
198[.]51[.]100[.]23 and hxxp://evil[.]example/x.</p><pre>
title: From the advisory
id: 00000000-0000-4000-8000-00000000000a
tags: [attack.t1218]
logsource:
    category: process_creation
    product: windows
detection:
    s:
        Image|endswith: '\\odd.exe'
    condition: s
level: high
</pre><script>T1059</script></body></html>
"""


def process(image, **fields):
    return {"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "h",
            "Provider_Name": "Microsoft-Windows-Sysmon", "TimeCreated": "2026-09-14T10:00:00Z",
            "Image": image} | fields


def test_a_page_brings_its_rules_and_indicators():
    Path("page.html").write_text(PAGE)
    write_lines("e.json", [process("C:\\odd.exe"), process("C:\\a.exe", Ip="198.51.100.23"),
                           process("C:\\a.exe", Url="http://evil.example/x"), process("C:\\b.exe")])
    result = run("hunt", "--about", "page.html", "--output", "jsonl=f.jsonl", "e.json")
    same((result.status, result.err), (0, ""))
    rows = findings(Path("f.jsonl").read_text())
    same(sorted(row["kind"] for row in rows), ["indicator", "indicator", "rule"])
    same([row["title"] for row in rows if row["kind"] == "rule"], ["From the advisory"])
    for text in ("About page.html", "1 rule and 2 indicators", "names 1 CVE", "CVE-2021-44228",
                 "  Techniques 1 hit"):
        check(text in result.out, text, result)


def test_the_shipped_profile_goes_by_its_name():
    result = run("hunt", "--about", "AA24-190A", "--output", "terminal=-", "--output",
                 "navigator=n.json", str(EXAMPLE))
    check("About AA24-190A" in result.out and "of the 45 that it names" in result.out, result)
    layer = json.loads(Path("n.json").read_text())["techniques"]
    ids = {one["techniqueID"] for one in layer}
    check("T1505.003" in ids and "T1027.010" not in ids, ids)


def test_layers_and_bundles_are_read():
    Path("layer.json").write_text('{"techniques": [{"techniqueID": "T1190"}]}')
    check("About layer.json" in run("hunt", "--about", "layer.json", str(EXAMPLE)).out, "no layer")
    bundle = EXAMPLE.parent / "indicators.json"
    result = run("hunt", "--about", str(bundle), str(EXAMPLE))
    check("Indicators" in result.out and "loaded" in result.out, result)


def test_what_cannot_be_used_is_said_in_a_line():
    write_lines("e.json", [process("C:\\a.exe")])
    Path("empty.txt").write_text("nothing of use\n")
    one_complaint(run("hunt", "--about", "empty.txt", "e.json"), "names no technique")
    one_complaint(run("hunt", "--about", "missing", "e.json"), "missing", "does not exist")
    Path("a.pdf").write_bytes(b"%PDF-1.4 broken")
    if shutil.which("pdftotext"):
        raise Skip("pdftotext is installed")
    one_complaint(run("hunt", "--about", "a.pdf", "e.json"), "install pdftotext")


run_tests(globals())
