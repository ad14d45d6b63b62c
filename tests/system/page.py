#!/usr/bin/env python3
"""The page of `hunt --output html=FILE`: built from its sources, whole without a network, and used
in a browser, with many findings, none, and hostile ones."""
import json
import os
import shutil
import subprocess
from pathlib import Path

from system_kit import EXAMPLE, ROOT, Skip, check, run, run_tests, same, write_lines

PAGE = ROOT / "page"
NODE_MAJOR = 20


def node():
    """Node with the page's modules, or Skip."""
    program = shutil.which("node")
    if not program:
        raise Skip("no Node")
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    if int(version.lstrip("v").split(".")[0]) < NODE_MAJOR:
        raise Skip(f"Node is older than {NODE_MAJOR}")
    if not (PAGE / "node_modules/playwright-core").is_dir():
        if not shutil.which("npm"):
            raise Skip("no npm")
        install = ["npm", "ci", "--no-audit", "--no-fund"]
        try:
            subprocess.run(install, cwd=PAGE, capture_output=True, timeout=100, check=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            raise Skip("npm cannot get the page's modules") from None
    return program


def browse(path, *arguments):
    """What browser.mjs saw."""
    program = node()
    chromium = shutil.which("chromium")
    if not chromium:
        raise Skip("no Chromium")
    command = [program, "browser.mjs", chromium, str(Path(path).resolve()), *arguments]
    result = subprocess.run(command, cwd=PAGE, capture_output=True, text=True, timeout=110)
    check(result.returncode == 0, result.stderr)
    saw = json.loads(result.stdout)
    same(saw["complaints"], [])
    check(all(url.startswith(("file:", "blob:", "data:")) for url in saw["requests"]),
          saw["requests"])
    same((saw["scripts"], saw["lang"]), (1, "ja"))
    check(saw["overflow"] <= 0, "wider than a narrow screen", saw["overflow"])
    return saw


def write_page(*arguments):
    same(run("hunt", "--quiet", "--output", "html=page.html", *map(str, arguments)).status, 0)
    return Path("page.html")


def event(number, image):
    minutes, seconds = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return {"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
            "Provider_Name": "Microsoft-Windows-Sysmon", "Computer": f"ws-{number % 40:02}",
            "TimeCreated": f"2026-09-{1 + days:02}T{hours:02}:{minutes:02}:{seconds:02}Z",
            "Image": image, "CommandLine": f"run {number}"}


def any_process():
    Path("rules").mkdir()
    Path("rules/evil.yml").write_text(
        "title: Evil\nlogsource: {category: process_creation, product: windows}\n"
        "detection:\n  s: {Image|contains: evil}\n  condition: s\nlevel: high\n")


# ---- what it is made of ----

def test_the_bundle_is_built_from_its_sources():
    program = node()
    subprocess.run([program, "build.mjs", os.getcwd()], cwd=PAGE, check=True, timeout=60)
    for name in ("report.js", "report.css"):
        same(Path(name).read_bytes(), (ROOT / "share/page" / name).read_bytes())


def test_both_languages_have_all_texts():
    script = """
        import { texts } from "./src/texts.js";
        const keys = (one) => Object.entries(one).flatMap(([key, value]) =>
          typeof value === "string" ? [key] : keys(value).map((inner) => `${key}.${inner}`));
        console.log(JSON.stringify([keys(texts.en), keys(texts.ja)]));"""
    result = subprocess.run([node(), "--input-type=module", "-e", script], cwd=PAGE, check=True,
                            capture_output=True, text=True, timeout=60)
    english, japanese = json.loads(result.stdout)
    same(sorted(english), sorted(japanese))


def test_the_language_can_be_chosen():
    write_page("--lang", "ja", EXAMPLE)
    check('<html lang="ja">' in Path("page.html").read_text(), "not Japanese")
    result = run("hunt", "--lang", "fr", str(EXAMPLE))
    same(result.status, 1)
    check("--lang fr: it is 'en' or 'ja'" in result.err, result)


# ---- in a browser ----

def test_an_intrusion():
    saw = browse(write_page("--summary", "events,hosts,keywords", EXAMPLE), "whoami")
    same(saw["answer"], "Yes, by these signs")
    for section in ("summary", "incidents", "timeline", "matrix", "movement", "findings",
                    "coverage", "tables", "unseen"):
        check(section in saw["sections"], saw["sections"])
    total = int(saw["status"].split()[0])
    for narrowed in ("searched", "zoomed", "by_technique"):
        check(0 < int(saw[narrowed].split()[0]) < total, narrowed, saw[narrowed], saw["status"])
    same(saw["last_at"], total - 1)
    check(saw["closed"], "the details stay open")
    check("hit" in saw["technique"] and saw["place"], saw["technique"])
    check("タイムライン" in saw["japanese"], "not in Japanese")
    for heading in ("Event id", "Keywords to go on from"):
        check(heading in saw["tables"], saw["tables"][:300])


def test_who_was_there_and_what_events_say():
    any_process()
    logon = {"Channel": "Security", "Provider_Name": "Microsoft-Windows-Security-Auditing",
             "Computer": "ws-1", "TargetLogonId": "0x1", "TargetUserName": "al"}
    write_lines("e.json", [
        event(1, "C:\\evil.exe") | {"Computer": "ws-1"},
        logon | {"EventID": 4624, "LogonType": 10, "IpAddress": "192.0.2.7",
                 "TimeCreated": "2026-09-01T09:00:00Z"},
        logon | {"EventID": 4647, "TimeCreated": "2026-09-01T09:30:00Z"}])
    saw = browse(write_page("--only-rules", "rules", "e.json"))
    check("2026-09-01 09:00:002026-09-01 09:30:00alws-1192.0.2.7" in saw["movement"],
          saw["movement"])
    check("C:\\evil.exe was started: run 1" in saw["first_row"], saw["first_row"])
    check("C:\\evil.exe が起動された：run 1" in saw["row_in_japanese"], saw["row_in_japanese"])
    same(saw["tables"], "")


def test_no_findings():
    any_process()
    write_lines("e.json", [event(0, "good.exe")])
    saw = browse(write_page("--only-rules", "rules", "e.json"))
    same(saw["answer"], "No rule matched")
    check(saw["status"].startswith("0 of 0"), saw["status"])


def test_a_hundred_thousand_findings():
    any_process()
    with open("e.json", "w", encoding="utf-8") as out:
        for number in range(100_000):
            out.write(json.dumps(event(number, f"C:\\evil\\{number % 977}.exe")) + "\n")
    page = write_page("--only-rules", "rules", "e.json")
    check(page.stat().st_size < 20_000_000, page.stat().st_size)
    saw = browse(page, "run 99999")
    same(saw["status"].split()[0], "100,000")
    same(saw["searched"].split()[0], "1")
    same(saw["last_at"], 99_999)
    check(saw["rows"] < 100, "rows out of sight exist", saw["rows"])
    check(saw["ready_ms"] < 20_000, saw["ready_ms"])


def test_hostile_texts_are_inert():
    images = ["evil</script><script>alert(1)</script>", "evil<img src=x onerror=alert(1)>",
              "evil\x1b[31mred\x07", "=evil()", "evil\u202egnp.exe", "evil\u200b\ufeff\u2028"]
    any_process()
    write_lines("e.json", [event(number, image) for number, image in enumerate(images)])
    page = write_page("--only-rules", "rules", "e.json")
    check("alert(1)" not in page.read_text(), "readable as markup")
    saw = browse(page, "gnp")
    same(saw["status"].split()[0], str(len(images)))
    check("</script><script>alert(1)" in saw["details"], saw["details"])
    same(saw["searched"].split()[0], "1")


run_tests(globals())
