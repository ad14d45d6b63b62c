#!/usr/bin/env python3
"""What events say: ours are complete, in both languages, and the user's go before them."""
import json
import re
from pathlib import Path

import yaml
from system_kit import (ROOT, check, findings, need_data, one_complaint, run, run_tests, same,
                        write_lines)

EVENT = {"Channel": "Security", "EventID": 4769, "Computer": "dc", "TargetUserName": "al",
         "TimeCreated": "2026-09-14T10:00:00Z", "ServiceName": "db",
         "IpAddress": "::ffff:192.0.2.7",
         "Provider_Name": "Microsoft-Windows-Security-Auditing",
         "Status": "0x0", "TicketEncryptionType": "0x17", "TicketOptions": "0x40810000"}
RULE = ("title: Any\nlogsource: {product: windows, service: security}\n"
        "detection: {s: {EventID: 4769}, condition: s}\nlevel: high\n")


def listed(value):
    return value if isinstance(value, list) else [value]


def shipped():
    """What stands in share/messages: sentences and tables."""
    entries = []
    for path in sorted((ROOT / "share/messages").glob("*.yml")):
        entries += yaml.safe_load(path.read_text())
    return ([entry for entry in entries if "codes" not in entry],
            [entry for entry in entries if "codes" in entry])


def ids_of(detection):
    """The event ids that a detection names, wherever they stand."""
    if isinstance(detection, list):
        return {found for part in detection for found in ids_of(part)}
    if not isinstance(detection, dict):
        return set()
    found = set()
    for key, value in detection.items():
        if str(key).split("|")[0] == "EventID":
            found |= {str(each) for each in listed(value)}
        else:
            found |= ids_of(value)
    return found


def serves(entry, log_source):
    return (all(not log_source.get(key) or entry.get(key) == log_source[key]
                for key in ("category", "product", "service")) and
            (not entry.get("category") or log_source.get("category")))


def ids_asked(folder):
    """Channels and event ids that rules of a folder look at."""
    taxonomy = yaml.safe_load((ROOT / "share/taxonomy/windows.yml").read_text())
    asked = set()
    for path in folder.rglob("*.yml"):
        for rule in yaml.safe_load_all(path.read_text()):
            if not isinstance(rule, dict) or "detection" not in rule:
                continue
            log_source = rule["logsource"]
            if (log_source.get("product") != "windows" or
                    not set(log_source) & {"category", "service"}):
                continue
            for entry in taxonomy:
                if not serves(entry, log_source):
                    continue
                when = entry.get("when", {})
                ids = ({str(each) for each in listed(when["EventID"])} if "EventID" in when
                       else ids_of(rule["detection"]))
                asked |= {(channel, each) for channel in listed(when.get("Channel", []))
                          for each in ids}
    return asked


def check_known(folder):
    sentences, _ = shipped()
    known = {(channel, str(each)) for entry in sentences for channel in listed(entry["channel"])
             for each in listed(entry["id"])}
    asked = ids_asked(folder)
    check(len(asked) > 20, len(asked))
    same(asked - known, set())


def hunt(*arguments):
    Path("r.yml").write_text(RULE)
    write_lines("e.json", [EVENT])
    return run("hunt", "--quiet", "--only-rules", "r.yml", *arguments, "e.json")


def message(*arguments):
    result = hunt("--output", "jsonl=-", *arguments)
    same(result.err, "")
    return findings(result.out)[0]["message"]


def test_our_rules_have_messages():
    check_known(ROOT / "share/rules")


def test_rules_of_sigmahq_have_messages():
    check_known(need_data("sigma"))


def test_both_languages_are_complete():
    sentences, tables = shipped()
    check(len(sentences) > 250, len(sentences))
    for entry in sentences:
        fields = [sorted(re.findall(r"\{([^}]*)\}", entry[language])) for language in ("en", "ja")]
        same(fields[0], fields[1])
        check(entry["en"] != entry["ja"] or entry["en"] == "{process}: {payload}", entry)
    used = {field.split(":")[1] for entry in sentences
            for field in re.findall(r"\{([^}]*:[^}]*)\}", entry["en"])}
    same({table["codes"] for table in tables}, used | {"parameters"})
    for table in tables:
        for texts in (table.get("values") or table.get("bits")).values():
            same((len(texts), [type(text) for text in texts]), (2, [str, str]))


def test_an_event_in_words():
    same(message(), "al asked for a Kerberos ticket for db from 192.0.2.7: granted (0x0), "
                    "RC4-HMAC (weak) (0x17), options forwardable, renewable, canonicalize "
                    "(0x40810000)")
    check("RC4-HMAC（脆弱）" in message("--lang", "ja"))


def test_the_users_own():
    Path("m.yml").write_text("- {codes: mine, values: {0x17: old}}\n"
                             "- channel: Security\n  id: 4769\n"
                             "  en: 'T {TicketEncryptionType:mine}'\n")
    same(message("--messages", "m.yml"), "T old (0x17)")
    Path("n.yml").write_text("- {channel: Security, id: 4769, en: 'N[ {Nothing}]'}\n")
    same(message("--messages", "m.yml", "--messages", "n.yml"), "N")


def test_what_cannot_be_used_is_one_line():
    Path("m.yml").write_text("- {channel: Security, id: 4769, en: 'T {a:b}'}\n")
    result = hunt("--messages", "m.yml")
    one_complaint(result)
    check("m.yml:1:" in result.err and "table of codes" in result.err, result.err)
    one_complaint(hunt("--messages", "none.yml"))


def test_every_output_has_it():
    for name in ("csv", "timesketch", "terminal"):
        check("192.0.2.7: granted (0x0)" in hunt("--output", f"{name}=-").out, name)
    row = json.loads(hunt("--output", "timesketch=t.jsonl").out or Path("t.jsonl").read_text())
    check("[high] Any: al asked for" in row["message"], row["message"])


run_tests(globals())
