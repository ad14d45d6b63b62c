#!/usr/bin/env python3
"""`rules explain`: any rule and any event, wherever the event is."""
import gzip
import json
import re
import zipfile
from pathlib import Path

from system_kit import (DATA, ROOT, RULE, WHOAMI, check, need_data, one_complaint, process_event,
                        run, run_tests, same, write_events, write_evtx, write_lines, write_rule)


def explain(*arguments, **options):
    result = run("rules", "explain", *arguments, **options)
    same((result.status, result.err), (0, ""))
    return result.out


def why(page):
    return next(row for row in page.splitlines() if row.startswith("It "))


def told(*arguments, **options):
    return json.loads(explain("--json", *arguments, **options))


NO = ("It does not fire: selection is false, because CommandLine is 'hostname' and the rule asks "
      "that it contains 'whoami'.")


def test_a_file_with_one_event():
    rule = write_rule()
    event = write_lines("event.json", [process_event(command="hostname")])
    page = explain(rule, event)
    same(why(page), NO)
    check("Rule       Who Am I\n" in page, page)
    check(f"           {WHOAMI}, medium, {rule}:1\n" in page, page)
    check("Event      event.json, line 1\n" in page, page)
    check("  yes Channel is Microsoft-Windows-Sysmon/Operational, Provider_Name is "
          "Microsoft-Windows-Sysmon, EventID is 1 (this one)\n" in page, page)
    check(page.endswith("Condition  selection\n"
                        "  no  selection: CommandLine contains 'whoami'\n"
                        "        in the event: 'hostname'\n"), page)
    event = write_lines("other.json", [process_event(command="WHOAMI /all")])
    same(why(explain(rule, event)), "It fires: selection is true, because CommandLine is "
         "'WHOAMI /all', which contains 'whoami'.")


def test_a_pretty_event_and_standard_input():
    rule = write_rule()
    text = json.dumps(process_event(command="hostname"), indent=4)
    Path("event.json").write_text(text)
    same(why(explain(rule, "event.json")), NO)
    same(why(explain(rule, "-", given=text.encode())), NO)
    lines = "".join(json.dumps(process_event(command=name)) + "\n" for name in ("a", "hostname"))
    same(why(explain(rule, "-:2", given=lines.encode())), NO)


def test_a_record_of_an_event_log_and_a_line_of_a_file():
    rule = write_rule()
    write_evtx("a.evtx", 5, command="hostname")
    page = explain(rule, "a.evtx:4")
    same(why(page), NO)
    check("Event      a.evtx, record 4\n" in page, page)
    # lines are those of the file, though a hunt would read it in several pieces
    filler = "x" * 3000
    events = [process_event(number + 1, command=filler) for number in range(4000)]
    events[3500]["Event"]["EventData"]["CommandLine"] = "hostname"
    write_lines("big.json", events)
    same(why(explain(rule, "big.json:3501")), NO)


def test_members_of_archives_and_packed_files():
    rule = write_rule()
    write_events("a.json", 2, command="hostname")
    write_events("b.json", 2, command="whoami")
    with zipfile.ZipFile("x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write("a.json", "in/a.json")
        archive.write("b.json", "in/b.json")
    page = explain(rule, "x.zip!in/a.json:2")
    same(why(page), NO)
    check("Event      x.zip!in/a.json, line 2\n" in page, page)
    check(why(explain(rule, "x.zip!in/b.json:2")).startswith("It fires: "), "b.json")
    Path("a.json.gz").write_bytes(gzip.compress(Path("a.json").read_bytes()))
    same(why(explain(rule, "a.json.gz:1")), NO)


def test_a_name_with_a_colon_is_a_name():
    rule = write_rule()
    write_events("e:1", 1, command="hostname")
    same(why(explain(rule, "e:1")), NO)
    same(why(explain(rule, "e:1:1")), NO)


def test_rules_by_id_and_title():
    write_rule()
    write_events("e.json", 1, command="hostname")
    for name in (WHOAMI, WHOAMI.upper(), "Who Am I", "who am i"):
        same(why(explain("--rules", "rules", name, "e.json")), NO)
    built_in = run("rules", "list").out.splitlines()[0]
    rule_id = built_in.split()[2]
    check(why(explain(rule_id, "e.json")).startswith("It does not fire: "), built_in)


def test_another_log_source():
    write_rule()
    event = process_event(command="whoami")
    event["Event"]["System"]["Channel"] = "Security"
    write_lines("e.json", [event])
    sentence = why(explain("rules/whoami.yml", "e.json"))
    check(sentence.startswith("It does not fire: the event is of another log source than the "
                              "rule's (process_creation, windows), which needs "), sentence)
    check("Channel is Microsoft-Windows-Sysmon/Operational" in sentence, sentence)
    check(sentence.endswith("Its condition alone would be true."), sentence)


def test_the_names_of_another_recorder():
    write_rule()
    write_lines("e.json", [{"Channel": "Security", "EventID": 4688, "EventRecordID": 5,
                            "Provider_Name": "Microsoft-Windows-Security-Auditing",
                            "NewProcessName": "C:\\a.exe", "CommandLine": "hostname"}])
    text = Path("rules/whoami.yml").read_text().replace("CommandLine|contains", "Image|endswith")
    Path("rules/whoami.yml").write_text(text)
    same(why(explain("rules/whoami.yml", "e.json")), "It does not fire: selection is false, "
         "because Image (here NewProcessName) is 'C:\\a.exe' and the rule asks that it ends with "
         "'whoami'.")


def test_rules_that_cannot_fire():
    write_events("e.json", 1)
    text = RULE.format(title="T", id=WHOAMI, level="low", text="%users%")
    Path("inert.yml").write_text(text.replace("|contains", "|contains|expand"))
    same(why(explain("inert.yml", "e.json")), "It cannot fire: placeholder list 'users' is "
         "missing; give one with --placeholders FILE.")
    Path("lists.yml").write_text("users: [whoami]\n")
    check(why(explain("--placeholders", "lists.yml", "inert.yml", "e.json")).startswith(
        "It fires: selection is true, because CommandLine is 'whoami', which contains 'whoami' (in "
        "the rule: '%users%')"), "with a list")
    Path("refused.yml").write_text(text.replace("|contains", "|contian"))
    check(why(explain("refused.yml", "e.json")).startswith(
        "It cannot fire: the rule is refused: "), "refused")
    Path("unmapped.yml").write_text(text.replace("product: windows", "product: plan9"))
    same(why(explain("unmapped.yml", "e.json")), "It cannot fire: nothing maps the log source "
         "process_creation, plan9.")


def test_json():
    write_rule()
    write_events("e.json", 1, command="host\u202ename")
    answer = told("rules/whoami.yml", "e.json")
    same((answer["fires"], answer["certain"], answer["condition"]), (False, True, "selection"))
    same(answer["event"], {"path": "e.json", "line": 1})
    same((answer["rule"]["id"], answer["rule"]["state"]), (WHOAMI, "loaded"))
    tree = answer["tree"]
    same((tree["kind"], tree["holds"], tree["identifier"], tree["field"], tree["found"]),
         ("test", False, "selection", "CommandLine", ["host\u202ename"]))
    used = [entry for entry in answer["log_source"]["recorded_by"] if entry["used"]]
    same([entry["when"]["EventID"] for entry in used], [["1"]])


def test_hostile_values_stay_on_their_line():
    write_rule()
    write_events("e.json", 1, command="a\nb\x1b[2Jc\u202ed")
    page = explain("rules/whoami.yml", "e.json")
    check("'a\\x0ab\\x1b[2Jc\\u{202e}d'" in page, page)
    check("\x1b" not in page and "\u202e" not in page, page)


def test_what_is_wrong_is_one_line():
    rule = write_rule()
    write_events("two.json", 2)
    Path("empty.json").write_text("")
    for arguments, status, parts in (
            ([], 1, ["rules explain: it takes a rule and an event"]),
            ([rule], 1, ["rules explain: it takes a rule and an event"]),
            ([rule, "two.json"], 1, ["two.json holds more than one event", "two.json:1"]),
            ([rule, "two.json:3"], 2, ["there is no event 3 in two.json"]),
            ([rule, "nosuch.json"], 2, ["cannot read nosuch.json", "does not exist"]),
            ([rule, "nosuch.json:1"], 2, ["cannot read nosuch.json", "does not exist"]),
            (["nosuch.yml", "two.json:1"], 1, ["none of", "'nosuch.yml'"]),
            ([rule, "two.json:1", "--by", "x"], 1, ["there is no option --by here"]),
            ([rule, "two.json:1", "--timezone"], 1, ["--timezone needs a value"]),
            ([rule, "two.json:1", "--json=1"], 1, ["--json takes no value"]),
            ([rule, "two.json:1", "--sandbox", "on"], 1, ["--sandbox on"])):
        result = run("rules", "explain", *arguments)
        same((result.status, result.out), (status, ""))
        one_complaint(result, *parts)
    Path("both.yml").write_text(Path(rule).read_text() + "---\n" + RULE.format(
        title="Other", id="22222222-2222-4222-8222-222222222222", level="low", text="x"))
    result = run("rules", "explain", "both.yml", "two.json:1")
    same(result.status, 1)
    one_complaint(result, "both.yml holds 2 rules", "--rules both.yml")
    check(why(explain("--rules", "both.yml", "Other", "two.json:1")).startswith("It does"), "other")


def test_the_example_of_the_documentation():
    blocks = re.findall(r"```(\w*)\n(.*?)```", (ROOT / "docs/rule-authors.md").read_text(), re.S)
    Path("certutil.yml").write_text(next(text for kind, text in blocks if kind == "yaml"))
    Path("events.json").write_text(next(text for kind, text in blocks if kind == "json"))
    shown = next(text for _, text in blocks if text.startswith("$ seawall rules explain"))
    command, _, expected = shown.partition("\n")
    result = run(*command.split()[2:])
    same((result.status, result.out), (0, expected))


def test_agrees_with_hunt_on_the_regression_data():
    """Each case of SigmaHQ's own: the rule fires on the events that a hunt says."""
    folder = need_data("evtx/sigma-regression")
    rules = {path.stem: path for path in (DATA / "sigma").rglob("*.yml")}
    tried = 0
    for info in sorted(folder.rglob("info.yml"))[::13]:
        rule = rules.get(info.parent.name)
        for log in sorted(info.parent.glob("*.evtx")) if rule else ():
            found = run("hunt", "--quiet", "--cache", "off", "--only-rules", str(rule), "--output",
                        "jsonl=-", str(log)).out.splitlines()
            records = {json.loads(row)["source"]["record"] for row in found}
            check(records, log)
            answer = told(str(rule), f"{log}:{min(records)}")
            check(answer["fires"], answer["why"])
            tried += 1
    check(tried > 5, tried)


run_tests(globals())
