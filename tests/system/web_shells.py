#!/usr/bin/env python3
"""Web shells in files: what is told of scripts, and what hostile ones cost. None of them runs."""
import hashlib
import json
import os
import tarfile
from pathlib import Path

from system_kit import check, findings, run, run_tests, same

SHELL = '<?php die();\n$c = $_POST["c"];\n@eval($c);\n'
HONEST = '<?php\nrequire "lib.php";\necho htmlspecialchars($_GET["name"]);\n'


def hunted(path, *arguments):
    """Of each file finding: path, line, id, level and the sentence."""
    result = run("hunt", "--quiet", "--output", "jsonl=-", *arguments, path)
    same((result.status, result.err), (0, ""))
    return [(row["source"]["path"], row["source"]["line"], row["id"], row["level"], row["why"])
            for row in findings(result.out) if row["kind"] == "file"]


def test_what_is_told():
    root = Path("www")
    (root / "uploads").mkdir(parents=True)
    (root / "index.php").write_text(HONEST)
    (root / "style.css").write_text("body { }\n")
    (root / "uploads/logo.gif").write_bytes(b"GIF89a\x01\x00<?php die(); system($_GET[0]);")
    (root / "a.php").write_text(SHELL)
    (root / "b.jsp").write_text('<%@ page language="java" %>\n<% if (true) return;\n'
                                'Runtime.getRuntime().exec(request.getParameter("c")); %>')
    (root / "c.asp").write_text('<% Response.End\nExecute Request("c") %>')
    same(sorted(hunted("www")), [
        ("www/a.php", 3, "web-shell", "high", "eval evaluates as code what the client sends"),
        ("www/b.jsp", 3, "web-shell", "high", "exec runs as a command what the client sends"),
        ("www/c.asp", 2, "web-shell", "high", "Execute evaluates as code what the client sends"),
        ("www/uploads/logo.gif", 1, "web-shell", "high",
         "system runs as a command what the client sends")])
    report = run("hunt", "www")
    check("4 findings of 1 check" in report.out, report.out)
    check("that no loaded rule is about" not in report.out, report.out)
    check("eval evaluates as code what the client sends" in report.out, report.out)


def test_the_event_says_which_file():
    Path("a.php").write_text(SHELL)
    event = json.loads(run("cat", "a.php").out)
    same((event["script.language"], event["file.size"], len(event["file.hash.sha256"])),
         ("PHP", len(SHELL), 64))


def test_levels_and_rules_of_the_user():
    Path("r.yml").write_text("title: Any\nlogsource: {category: webserver}\n"
                             "detection: {s: {sc-status: 404}, condition: s}\n")
    Path("a.php").write_text(SHELL)
    Path("b.php").write_text("<?php die(); echo f($_GET[1]); include $x; ?>")
    same([row[2] for row in hunted("b.php")], ["script-worth-a-look"])
    same(hunted("b.php", "--min-level", "medium"), [])
    same(hunted("a.php", "--min-level", "critical"), [])
    same(hunted("a.php", "--only-rules", "r.yml"), [])


def test_inside_of_archives():
    Path("a.php").write_text(SHELL)
    with tarfile.open("backup.tar.gz", "w:gz") as archive:
        archive.add("a.php", "www/a.php")
    same([row[:3] for row in hunted("backup.tar.gz")],
         [("backup.tar.gz!www/a.php", 3, "web-shell")])


def known_tree(root):
    (root / "app/lib").mkdir(parents=True)
    (root / "app/index.php").write_text(HONEST)
    (root / "app/lib/run.php").write_text("<?php $out = shell_exec($command . ' ' . $x);\n")


def test_against_a_clean_copy():
    known_tree(Path("clean"))
    known_tree(Path("www"))
    with Path("www/app/index.php").open("a") as page:
        page.write("/* changed */\n")
    Path("www/app/lib/more.php").write_text("<?php echo 1;\n")
    with tarfile.open("clean.tar.gz", "w:gz") as archive:
        archive.add("clean/app", "app")
    digests = "".join(f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to('clean')}\n"
                      for path in sorted(Path("clean").rglob("*.php")))
    Path("clean.md5sums").write_text(digests)
    for known in ("clean/app", "clean.tar.gz", "clean.md5sums"):
        same([row[:4] for row in sorted(hunted("www", "--known-good", known))],
             [("www/app/index.php", 1, "script-changed", "medium"),
              ("www/app/lib/more.php", 1, "script-added", "low")])
        report = run("hunt", "www", "--known-good", known).out
        check("1 script as --known-good has it: not judged" in report, report)
    for path in ("none", "empty"):
        Path("empty").mkdir(exist_ok=True)
        result = run("hunt", "www", "--known-good", path)
        same(result.status, 1)
        check(f"--known-good {path}: it cannot be read, or holds no file" in result.err, result)


def test_log_and_file_are_one_incident():
    uploads = Path("case/www/uploads")
    uploads.mkdir(parents=True)
    (uploads / "a.php").write_text(SHELL)
    os.utime(uploads / "a.php", (1795341630, 1795341630))  # 2026-11-22 10:00:30
    requests = [("POST", "/upload.php"), ("GET", "/uploads/a.php"), ("POST", "/uploads/a.php")]
    Path("case/access.log").write_text("".join(
        f'192.0.2.1 - - [22/Nov/2026:10:0{i}:00 +0000] "{method} {target} HTTP/1.1" 200 5 "-" "x"\n'
        for i, (method, target) in enumerate(requests)))
    report = run("hunt", "case").out
    check("2026-11-22 10:00:30 to 2026-11-22 10:02:00, 3 findings" in report, report)
    check("10:00:30  high    Web Shell" in report, report)
    same(len(hunted("case", "--after", "2026-11-23")), 1)


def test_a_log_that_quotes_code_is_none():
    Path("error.log").write_text('[Fri Nov 27 10:00:00 2026] bad request: <?php eval($_GET[1]);\n')
    report = run("hunt", "error.log")
    check("its format is not known" in report.out, report.out)


def test_hostile_scripts_cost_themselves_only():
    root = Path("www")
    root.mkdir()
    (root / "deep.php").write_text("<?php die(); $a = " + "f(" * 100_000 + ")" * 100_000 + ";")
    (root / "nul.php").write_bytes(b"<?php die();" + bytes(1_000_000))
    (root / "open.php").write_text("<?php die(); '" + "{([" * 100_000)
    (root / "tags.php").write_text("<? ?>" * 500_000)
    (root / "directives.asp").write_text("<%@" * 1_000_000)
    with (root / "large.php").open("w") as large:
        large.write("<?php die();\n")
        for _ in range(100):
            large.write("$a = 1;\n" * 125_000)
    (root / "shell.php").write_text(SHELL)
    same([row[:3] for row in hunted("www")], [("www/shell.php", 3, "web-shell")])
    report = run("hunt", "www")
    check("a script is longer than 16 MiB" in report.out, report.out)


run_tests(globals())
