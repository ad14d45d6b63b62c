#!/usr/bin/env python3
"""Hit, clean, blind: what the report says that it could have seen, and where logs have gaps."""
import datetime
import json
import zipfile
from pathlib import Path

from system_kit import EXAMPLE, DATA, Skip, check, run, run_tests, same, write_lines

WORDS = {"yes": "hit", "no": "clean", "weakened": "weakened", "unknown": "blind"}
SYSMON = "Microsoft-Windows-Sysmon/Operational"


def covered(*arguments):
    """{id: finding} of all verdicts, and the report for people."""
    result = run("hunt", "--coverage", "--output", "jsonl=c.jsonl", "--output", "terminal=-",
                 *map(str, arguments))
    same(result.status, 0)
    rows = [json.loads(line) for line in Path("c.jsonl").read_text().splitlines()]
    verdicts = {row["id"]: row | {"word": WORDS[row["verdict"]]} for row in rows
                if row["kind"] == "coverage"}
    return verdicts, result.out


def write_process_rule():
    Path("rules").mkdir(exist_ok=True)
    Path("rules/a.yml").write_text(
        "title: A\nid: 00000000-0000-4000-8000-000000000001\ntags: [attack.t1218]\n"
        "logsource: {category: process_creation, product: windows}\n"
        "detection:\n  s: {Image|endswith: never.exe, OriginalFileName: NEVER.EXE}\n"
        "  condition: s\nlevel: high\n")


def process(**fields):
    return {"EventID": 1, "Channel": SYSMON, "Provider_Name": "Microsoft-Windows-Sysmon",
            "Computer": "h", "TimeCreated": "2026-09-14T10:00:00Z", "Image": "C:\\a.exe",
            "OriginalFileName": "A.EXE"} | fields


def security(event_id, **fields):
    return {"EventID": event_id, "Channel": "Security", "Computer": "h",
            "Provider_Name": "Microsoft-Windows-Security-Auditing",
            "TimeCreated": "2026-09-14T10:00:00Z"} | fields


def test_without_sysmon_a_clean_technique_is_blind():
    write_process_rule()
    write_lines("evidence/sysmon.json", [process()])
    write_lines("evidence/security.json", [security(4624, LogonType="3")])
    verdicts, _ = covered("--only-rules", "rules", "evidence")
    same(verdicts["T1218"]["word"], "clean")
    Path("evidence/sysmon.json").unlink()
    verdicts, report = covered("--only-rules", "rules", "evidence")
    same(verdicts["T1218"]["word"], "blind")
    because = verdicts["T1218"]["because"][0]
    check("Audit Process Creation" in because and "Sysmon with ProcessCreate" in because, because)
    check("Sysmon with ProcessCreate" in report, report)


def test_a_field_that_is_never_filled_makes_blind():
    write_process_rule()
    write_lines("e.json", [security(4688, NewProcessName="C:\\a.exe", CommandLine="")])
    verdicts, _ = covered("--only-rules", "rules", "e.json")
    same(verdicts["T1218"]["word"], "blind")
    check("OriginalFileName" in verdicts["T1218"]["because"][0], verdicts)
    write_lines("e.json", [process(OriginalFileName="-"), process(OriginalFileName=None)])
    verdicts, _ = covered("--only-rules", "rules", "e.json")
    same(verdicts["T1218"]["word"], "blind")


def example(without):
    """The example's evidence, with what `without` says left out of the web server's archive."""
    Path("evidence").mkdir()
    with zipfile.ZipFile(EXAMPLE / "web-01.zip") as source, \
            zipfile.ZipFile("evidence/web-01.zip", "w") as target:
        for name in source.namelist():
            if not without(name):
                target.writestr(name, source.read(name))
    for name in ("dc-01", "fs-01.json", "proxy"):
        Path("evidence", name).symlink_to(EXAMPLE / name)
    return "evidence"


def test_the_example_without_its_sysmon_log_sees_less():
    whole, _ = covered(EXAMPLE)
    less, report = covered(example(lambda name: "Sysmon" in name))
    worse = [name for name in less if whole.get(name, {}).get("word") == "clean"
             and less[name]["word"] in ("weakened", "blind")]
    check(len(worse) > 10, worse)
    blind = [name for name in less if less[name]["word"] == "blind"]
    check(len(blind) > len([name for name in whole if whole[name]["word"] == "blind"]), blind)
    check("Sysmon with ProcessCreate" in report, report)


def write_days(path, days, hours=range(24)):
    start = datetime.datetime(2026, 9, 1)
    times = [start + datetime.timedelta(days=day, hours=hour) for day in days for hour in hours]
    return write_lines(path, [security(4624, TimeCreated=time.isoformat() + "Z") for time in times])


def test_a_day_that_is_cut_out_is_named():
    write_process_rule()
    write_days("e.json", range(7))
    _, report = covered("--only-rules", "rules", "e.json")
    check("Gaps in logs" not in report, report)
    write_days("e.json", [day for day in range(7) if day != 3])
    verdicts, report = covered("--only-rules", "rules", "e.json")
    check("2026-09-03 23:00:00 to 2026-09-05 00:00:00 h Security: no event in 24 hours" in report,
          report)
    same(verdicts["gap-silence"]["word"], "blind")
    write_days("e.json", range(7), range(8, 18))  # nights are silent, and nothing is missing
    _, report = covered("--only-rules", "rules", "e.json")
    check("Gaps in logs" not in report, report)


def test_cleared_logs_of_the_example_are_named():
    _, report = covered(EXAMPLE)
    for host in ("fs-01", "web-01"):
        check(f"{host}.example.internal Security: the log was cleared" in report, report)


def test_on_4688_alone_half_of_sigma_hq_is_weakened():
    if not (DATA / "sigma").is_dir():
        raise Skip("no test data")
    write_lines("e.json", [security(
        4688, NewProcessName="C:\\a.exe", CommandLine="a", ParentProcessName="C:\\b.exe",
        SubjectUserName="u", SubjectDomainName="D", SubjectLogonId="0x1", NewProcessId="0x1",
        ProcessId="0x2", MandatoryLabel="S-1-16-8192", TokenElevationType="%%1936",
        TargetUserName="u", TargetDomainName="D", TargetLogonId="0x0", SubjectUserSid="S-1",
        TargetUserSid="S-1")])
    verdicts, _ = covered("--only-rules", DATA / "sigma", "e.json")
    process_rules = set()
    for path in (DATA / "sigma").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        if "category: process_creation" in text and "product: windows" in text:
            process_rules |= {line.split(":", 1)[1].strip() for line in text.splitlines()
                              if line.startswith("id:")}
    words = [verdicts[name]["word"] for name in process_rules if name in verdicts]
    shares = {word: words.count(word) for word in set(words)}
    check(600 < shares["clean"] < 700 and 600 < shares["weakened"] < 700 and
          90 < shares["blind"] < 120, shares)


def test_summaries_are_those_that_were_asked_for():
    report = run("hunt", "--summary", "events,logons", str(EXAMPLE)).out
    check("\nEvents by channel and id\n" in report and "\nLogons\n" in report, report)
    check("\nHosts\n" not in report and "Keywords of findings" not in report, report)
    result = run("hunt", "--summary", "events,weather", str(EXAMPLE))
    same(result.status, 1)
    check("--summary weather: write events" in result.err, result)


def test_threads_say_the_same():
    texts = set()
    for threads in ("1", "2", "8"):
        _, report = covered("--threads", threads, EXAMPLE)
        texts.add(report + Path("c.jsonl").read_text())
    same(len(texts), 1)


run_tests(globals())
