#!/usr/bin/env python3
"""Rules, taxonomies and placeholder lists: what is loaded, refused or missing, and who is told."""
import os
import time
from pathlib import Path

from system_kit import (EXAMPLE, RULE, WHOAMI, as_nobody, check, findings, has_complaint, hunt,
                        one_complaint, process_event, run, run_tests, same, write_events,
                        write_evtx, write_lines, write_rule)


def hunt_report(*arguments):
    result = run("hunt", *arguments)
    same((result.status, result.err), (0, ""))
    return result.out


def ids(result):
    check(result.status == 0, result)
    return sorted({finding["id"] for finding in findings(result.out)})


# ---- which rules ----

def test_rules_beside_the_built_in_ones_and_without_them():
    write_rule(text="-")
    built_in = ids(run("hunt", "--quiet", "--output", "jsonl=-", str(EXAMPLE)))
    both = ids(run("hunt", "--quiet", "--rules", "rules", "--output", "jsonl=-", str(EXAMPLE)))
    alone = ids(hunt("--quiet", str(EXAMPLE)))
    same(alone, [WHOAMI])
    same(both, sorted(built_in + alone))
    check(len(built_in) > 20, built_in)


def test_rule_options_repeat_and_mix():
    other = "22222222-2222-4222-8222-222222222222"
    write_rule("a/one.yml")
    write_rule("b/two.yaml", rule_id=other)
    write_events("e.json")
    for one, two in (("--rules", "--only-rules"), ("--only-rules", "--rules"),
                     ("--only-rules", "--only-rules")):
        result = run("hunt", "--quiet", one, "a", two, "b/two.yaml", "--output", "jsonl=-",
                     "e.json")
        same(ids(result), [WHOAMI, other])
        check("2 loaded" in hunt_report(one, "a", two, "b", "e.json"), "the built-in rules, too")


def test_every_yml_and_yaml_below_a_folder():
    write_events("e.json")
    for number, name in enumerate(("a.yml", "b.yaml", "c/d/e.yml", ".f.yml")):
        write_rule(f"rules/{name}", rule_id=f"{number}2222222-2222-4222-8222-222222222222")
    write_rule("rules/not.txt", rule_id="92222222-2222-4222-8222-222222222222")
    same(len(ids(hunt("--quiet", "e.json"))), 4)
    # a file that is named is a rule, whatever its name
    same(len(ids(hunt("--quiet", "e.json", rules="rules/not.txt"))), 1)


def test_rules_may_be_linked_from_anywhere():
    write_rule("elsewhere/one.yml")
    os.mkdir("rules")
    os.symlink("../elsewhere", "rules/link")
    os.symlink("..", "rules/loop")
    write_events("e.json")
    same(ids(hunt("--quiet", "e.json")), [WHOAMI])


def test_rules_given_twice():
    write_rule()
    write_rule("rules/copy.yml")
    write_events("e.json")
    for arguments in (["--only-rules", "rules"], ["--only-rules", "rules", "--rules", "rules"]):
        report = hunt_report(*arguments, "e.json")
        check("1 loaded · 1 duplicate\n" in report and "1 finding of 1 rule" in report, report)


def test_equal_ids_of_different_rules_both_run_with_a_warning():
    write_rule()
    write_rule("rules/other.yml", title="Other")
    write_events("e.json")
    report = hunt_report("--only-rules", "rules", "e.json")
    check("2 loaded" in report and "2 findings of 2 rules" in report, report)
    check("\n  medium        1  Other\n" in report and "1  Who Am I\n" in report, report)
    check("\n  1 warning about rules\n    rules/whoami.yml:" in report, report)
    same(len(findings(hunt("--quiet", "e.json").out)), 2)


def test_documents_that_are_no_rules():
    write_rule()
    Path("rules/workflow.yml").write_text("name: ci\non: push\n")
    write_events("e.json")
    report = hunt_report("--only-rules", "rules", "e.json")
    check("1 loaded · 1 document is no rule\n" in report, report)


# ---- rules that cannot be used ----

def refused(name, text, *parts):
    """The rule is refused with a place and a reason; the other rule still works."""
    write_rule()
    write_events("e.json")
    Path(f"rules/{name}.yml").write_bytes(text.encode(errors="surrogateescape"))
    begun = time.monotonic()
    result = run("rules", "check", "rules")
    same((result.status, result.err), (2, ""))
    rows = [row for row in result.out.splitlines() if f"rules/{name}.yml:" in row]
    check(len(rows) == 1 and ": refused: " in rows[0], result)
    for part in parts:
        check(part in rows[0], f"no {part!r}", result)
    report = hunt_report("--only-rules", "rules", "e.json")
    check("1 loaded · 1 refused\n" in report and "\n  1 rule was refused\n" in report, report)
    check(f"\n    rules/{name}.yml:" in report and "1 finding of 1 rule" in report, report)
    check(time.monotonic() - begun < 20, "it took long")


def rule_with(old, new):
    text = RULE.format(title="x", id=WHOAMI.replace("1", "3"), level="low", text="x")
    check(old in text, old)
    return text.replace(old, new)


def test_unknown_modifier():
    refused("modifier", rule_with("|contains", "|contians"), ":10:", "unknown modifier 'contians'")


def test_broken_condition():
    refused("condition", rule_with("condition: selection", "condition: selection and"), ":11:")


def test_condition_about_what_is_not_there():
    refused("name", rule_with("condition: selection", "condition: other"), ":11:", "other")


def test_broken_expression():
    refused("expression", rule_with("|contains: 'x'", "|re: '('"), ":10:")


def test_unknown_level():
    write_rule()
    Path("rules/level.yml").write_text(rule_with("level: low", "level: severe"))
    result = run("rules", "check", "rules")
    same((result.status, result.err), (0, ""))
    check("rules/level.yml:4:" in result.out and "severe" in result.out, result)
    check("2 rules loaded" in result.out, result)


def test_broken_yaml():
    refused("yaml", "title: [\n")


def test_alias_bomb():
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 12)]
    refused("bomb", "\n".join(rows) + "\ntitle: x\nlogsource: {category: y}\ndetection: *a11\n")


def test_deep_yaml():
    refused("deep", "title: x\nlogsource: {category: y}\ndetection: " + "[" * 100000 + "\n")


def test_binary_rule():
    refused("binary", "title: \x00\x01\udcff\x80\nlogsource: {category: y}\n")


def test_a_rule_file_that_is_too_large():
    write_rule()
    write_events("e.json")
    with open("rules/large.yml", "wb") as file:
        file.truncate(100 << 20)
    result = run("rules", "check", "rules")
    same(result.status, 2)
    check("rules/large.yml: unreadable: it is larger than the limit" in result.out, result)
    report = hunt_report("--only-rules", "rules", "e.json")
    check("\n    rules/large.yml: it is larger than the limit\n" in report, report)
    result = hunt("e.json", rules="rules/large.yml")
    same((result.status, result.out), (1, ""))
    one_complaint(result, "cannot read the rules in rules/large.yml: it is larger than the limit")


def test_special_files_among_rules():
    write_rule()
    write_events("e.json")
    os.mkfifo("rules/pipe.yml")
    check("1 finding of 1 rule" in hunt_report("--only-rules", "rules", "e.json"), "a pipe")


def test_rules_that_may_not_be_read():
    write_rule()
    write_rule("rules/secret.yml")
    write_rule("rules/closed/one.yml")
    write_events("e.json")
    os.chmod("rules/secret.yml", 0)
    os.chmod("rules/closed", 0)
    user = as_nobody()
    try:
        result = run("hunt", "--only-rules", "rules", "e.json", **user)
        same((result.status, result.err), (0, ""))
        check("\n  2 rules were refused\n" in result.out, result)
        for path in ("rules/secret.yml", "rules/closed"):
            check(f"\n    {path}: permission denied\n" in result.out, result)
            refusal = run("hunt", "--rules", path, "e.json", **user)
            same((refusal.status, refusal.out), (1, ""))
            one_complaint(refusal, f"cannot read the rules in {path}: permission denied")
    finally:
        os.chmod("rules/closed", 0o755)


# ---- filters ----

FILTER = """title: {title}
logsource: {{category: process_creation}}
filter:
    rules: {rules}
    selection: {{CommandLine|contains: '{text}'}}
    condition: not selection
"""


def test_filters_leave_events_out():
    write_rule()
    write_events("e.json", command="whoami /all")
    for name, text in (("f/one.yml", "/all"), ("f/two.yml", "/priv")):
        os.makedirs("f", exist_ok=True)
        Path(name).write_text(FILTER.format(title=name, rules="any", text=text))
    same(len(findings(hunt("--quiet", "e.json").out)), 1)
    result = hunt("--quiet", "--filters", "f/two.yml", "e.json")
    same((len(findings(result.out)), result.err), (1, ""))
    result = hunt("--quiet", "--filters", "f/two.yml", "--filters", "f/one.yml", "e.json")
    same((len(findings(result.out)), result.err), (0, ""))
    same(len(findings(hunt("--quiet", "--filters", "f", "e.json").out)), 0)
    report = hunt_report("--only-rules", "rules", "--filters", "f", "e.json")
    check("1 loaded · 1 narrowed by filters" in report, report)
    os.rename("f", "rules/f") # among the rules they work, too
    same(len(findings(hunt("--quiet", "e.json").out)), 0)
    result = run("rules", "check", "rules")
    same(result.status, 0)
    for name in ("one", "two"):
        check(f"rules/f/{name}.yml:1: filter: it narrows 1 rule\n" in result.out, result)
    check("2 filters loaded, 0 inert, 0 refused\n" in result.out, result)


def test_a_filter_that_cannot_be_used_is_said_aloud():
    write_rule()
    write_events("e.json")
    Path("f.yml").write_text(FILTER.format(title="f", rules="", text="whoami"))
    result = hunt("--quiet", "--filters", "f.yml", "e.json")
    same((result.status, len(findings(result.out))), (0, 1))
    one_complaint(result, "f.yml:4", "refused", "the rules run unfiltered", "which rules")
    result = run("hunt", "--only-rules", "rules", "--filters", "f.yml", "e.json")
    check("\n  1 filter cannot be used: its rules run unfiltered\n    f.yml:4: " in result.out,
          result)
    one_complaint(hunt("--filters", "nowhere.yml", "e.json"), "filters in nowhere.yml")
    result = run("rules", "check", "rules", "f.yml")
    same(result.status, 2)
    check("f.yml:4:5: refused: " in result.out and "the rules of these run unfiltered" in
          result.out, result)


# ---- what is not wanted ----

def test_suppress_leaves_findings_out_and_counts_them():
    write_rule()
    write_lines("e.json", [process_event(number, command, host=host) for number, (command, host) in
                           enumerate([("whoami", "ws-1"), ("whoami /all", "ws-2"),
                                      ("whoami /all", "srv-1"), ("whoami /priv", "srv-2")], 1)])
    Path("s.yml").write_text("- {rule: Who Am I, host: ws-*, reason: workstations}\n"
                             "- when: {CommandLine|endswith: /priv}\n  reason: inventory\n"
                             "  until: 2100-01-01\n"
                             "- {rule: nobody, reason: never}\n"
                             f"- {{rule: {WHOAMI}, until: 2020-01-01, reason: over}}\n")
    result = hunt("--suppress", "s.yml", "e.json")
    same([finding["host"] for finding in findings(result.out)], ["srv-1"])
    for line in ("  3 findings were suppressed\n    s.yml:1, 2 findings: workstations\n"
                 "    s.yml:2, 1 finding: inventory\n",
                 "  1 suppress entry has expired\n    s.yml:6: over\n",
                 "  1 suppress entry took nothing\n"
                 "    s.yml:5: no rule that is loaded is meant (never)\n"):
        check(line in result.err, result.err)
    for threads in ("1", "2"):
        same(hunt("--suppress", "s.yml", "--threads", threads, "e.json").out, result.out)
    Path("all.yml").write_text("- {rule: Who Am I, reason: known}\n")
    result = run("hunt", "--only-rules", "rules", "--suppress", "s.yml", "--suppress", "all.yml",
                 "--fail-on", "low", "e.json")
    same(result.status, 0)
    check("No rule but those whose findings are suppressed matched" in result.out, result.out)
    check("    all.yml:1, 1 finding: known\n" in result.out, result.out)


def test_suppress_by_account():
    write_rule()
    event = process_event()
    write_lines("e.json", [event])
    event["Event"]["EventData"]["User"] = "CORP\\Scanner"
    write_lines("f.json", [event])
    Path("s.yml").write_text("- {account: '*\\scanner', reason: the scanner}\n")
    same(len(findings(hunt("--quiet", "--suppress", "s.yml", "e.json").out)), 1)
    same(len(findings(hunt("--quiet", "--suppress", "s.yml", "f.json").out)), 0)


def test_a_suppressed_record_that_comes_twice_counts_once():
    write_rule()
    write_events("a.json")
    Path("b.json").write_text(Path("a.json").read_text())
    Path("s.yml").write_text("- {rule: Who Am I, reason: known}\n")
    report = hunt_report("--only-rules", "rules", "--suppress", "s.yml", "a.json", "b.json")
    check("  1 finding was suppressed\n" in report, report)


def test_a_suppress_file_that_is_wrong_is_refused():
    write_rule()
    write_events("e.json")
    for text, place in (("- {rule: x}\n", "s.yml:1:3: the entry has no 'reason'"),
                        ("- {rule: x, reson: y}\n", "s.yml:1:13: an entry has no 'reson'"),
                        ("- {reason: y}\n", "s.yml:1:3: the entry would suppress everything"),
                        ("x: y\n", "s.yml:1:1: the file must be a list")):
        Path("s.yml").write_text(text)
        result = hunt("--suppress", "s.yml", "e.json")
        same((result.status, result.out), (1, ""))
        one_complaint(result, place)
    one_complaint(hunt("--suppress", "nowhere.yml", "e.json"), "suppress file nowhere.yml")


# ---- pipelines ----

# A rule in the words of another taxonomy, and what tells it ours.
FOREIGN = """title: Who am I, elsewhere
id: 33333333-3333-4333-8333-333333333333
level: medium
logsource: {product: endpoint, category: process}
detection:
    selection:
        process.executable|endswith: '\\cmd.exe'
        process.args|contains: whoami
        event.kind: start
    condition: selection
"""
OURS = """name: endpoint to Sysmon
priority: 20
transformations:
  - type: field_name_mapping
    mapping: {process.executable: Image, process.args: [CommandLine, ParentCommandLine]}
    rule_conditions: [{type: logsource, product: endpoint}]
  - type: drop_detection_item
    field_name_conditions: [{type: include_fields, fields: [event.kind]}]
  - type: change_logsource
    product: windows
    category: process_creation
    rule_conditions: [{type: logsource, product: endpoint, category: process}]
"""


def test_a_pipeline_brings_a_taxonomy():
    Path("rules").mkdir()
    Path("rules/foreign.yml").write_text(FOREIGN)
    write_rule()
    Path("p.yml").write_text(OURS)
    write_evtx("e.evtx", 3)
    write_events("e.json")
    same(ids(hunt("--quiet", "e.evtx", "e.json")), [WHOAMI])
    for path, count in (("e.evtx", 3), ("e.json", 1)):
        result = hunt("--quiet", "--pipeline", "p.yml", path)
        same(result.err, "")
        same(sorted(finding["title"] for finding in findings(result.out)),
             ["Who Am I"] * count + ["Who am I, elsewhere"] * count)
    same(hunt("--quiet", "--pipeline", "p.yml", "e.evtx").out,
         hunt("--quiet", "--pipeline", "p.yml", "--threads", "2", "e.evtx").out)


def test_pipelines_run_in_the_order_of_their_priority():
    write_rule()
    write_events("e.json", command="hostname")
    Path("late.yml").write_text("priority: 50\ntransformations:\n"
                                "- {type: map_string, mapping: {'*middle*': '*hostname*'}}\n")
    Path("early.yml").write_text("transformations:\n"
                                 "- {type: map_string, mapping: {'*whoami*': '*middle*'}}\n")
    result = hunt("--quiet", "--pipeline", "late.yml", "--pipeline", "early.yml", "e.json")
    same(ids(result), [WHOAMI])
    same(ids(hunt("--quiet", "--pipeline", "early.yml", "e.json")), [])


def test_filters_go_through_pipelines_too():
    write_rule()
    write_events("e.json")
    Path("f.yml").write_text(FILTER.format(title="f", rules="any", text="whoami")
                             .replace("CommandLine", "process.args"))
    Path("p.yml").write_text("transformations:\n"
                             "- {type: field_name_mapping, mapping: {process.args: CommandLine}}\n")
    same(ids(hunt("--quiet", "--filters", "f.yml", "e.json")), [WHOAMI])
    same(ids(hunt("--quiet", "--filters", "f.yml", "--pipeline", "p.yml", "e.json")), [])


def test_a_pipeline_that_does_nothing_is_said_aloud():
    write_rule()
    write_events("e.json")
    Path("p.yml").write_text("transformations:\n"
                             "- {type: field_name_mapping, mapping: {commandline: x}}\n")
    result = hunt("--quiet", "--pipeline", "p.yml", "e.json")
    same(ids(result), [WHOAMI])
    one_complaint(result, "the pipeline p.yml changes no rule")
    Path("p.yml").write_text("transformations: [{type: rule_failure, message: not ours}]\n")
    result = run("rules", "check", "--pipeline", "p.yml", "rules")
    same(result.status, 2)
    check("p.yml: pipeline: it changes 0 rules" in result.out, result)
    check("refused: the pipeline p.yml refuses it: not ours" in result.out, result)


def test_a_pipeline_that_is_wrong_is_refused():
    write_rule()
    write_events("e.json")
    for text, place in (
            ("transformations:\n- {type: set_state, key: a, val: b}\n",
             "pipeline p.yml:2:3: there is no transformation 'set_state' here"),
            ("transformations:\n- type: field_name_suffix\n  suffix: x\n  rule_conditions:\n"
             "  - {type: processing_state}\n",
             "pipeline p.yml:5:5: there is no rule condition 'processing_state' here"),
            ("transformations: []\nfinalizers: [{type: concat}]\n",
             "pipeline p.yml:2:13: 'finalizers' is about queries"),
            ("transformations: [\n", "pipeline p.yml: line ")):
        Path("p.yml").write_text(text)
        result = hunt("--pipeline", "p.yml", "e.json")
        same((result.status, result.out), (1, ""))
        one_complaint(result, place)
    one_complaint(hunt("--pipeline", "nowhere.yml", "e.json"), "pipeline nowhere.yml")


def test_rules_are_explained_as_pipelines_make_them():
    Path("rules").mkdir()
    Path("rules/foreign.yml").write_text(FOREIGN)
    Path("p.yml").write_text(OURS)
    write_evtx("e.evtx", 1)
    result = run("rules", "explain", "--pipeline", "p.yml", "rules/foreign.yml", "e.evtx:1")
    same((result.status, result.err), (0, ""))
    check("CommandLine" in result.out and "process.args" not in result.out, result.out)


# ---- placeholders and taxonomy ----

def test_placeholder_lists():
    write_rule()
    text = Path("rules/whoami.yml").read_text()
    Path("rules/whoami.yml").write_text(text.replace("|contains: 'whoami'", "|expand: '%tools%'"))
    write_events("e.json")
    result = run("rules", "check", "rules")
    same(result.status, 0)
    check("rules/whoami.yml:10:" in result.out and ": inert: " in result.out, result)
    report = hunt_report("--only-rules", "rules", "e.json")
    check("1 inert: its placeholder list is missing" in report, report)
    check("\n    rules/whoami.yml:10: placeholder list 'tools' is missing" in report, report)
    Path("lists.yml").write_text("tools: [nltest]\n")
    Path("more.yml").write_text("tools: [whoami]\n")
    same(len(findings(hunt("--quiet", "--placeholders", "lists.yml", "e.json").out)), 0)
    same(len(findings(hunt("--quiet", "--placeholders", "lists.yml", "--placeholders", "more.yml",
                           "e.json").out)), 1)
    Path("bad.yml").write_text("- tools\n")
    result = hunt("--placeholders", "bad.yml", "e.json")
    same((result.status, result.out), (1, ""))
    one_complaint(result, "placeholder lists bad.yml:")


def test_a_taxonomy_of_ones_own():
    write_rule()
    text = Path("rules/whoami.yml").read_text()
    Path("rules/whoami.yml").write_text(text.replace("category: process_creation",
                                                     "service: kitchen"))
    write_events("e.json")
    report = hunt_report("--only-rules", "rules", "e.json")
    check("1 loaded · 1 about a log source that nothing maps yet" in report, report)
    Path("own.yml").write_text("- service: kitchen\n  product: windows\n  when:\n    EventID: 1\n")
    same(len(findings(hunt("--quiet", "--taxonomy", "own.yml", "e.json").out)), 1)
    Path("own.yml").write_text("windows_services:\n  kitchen: nothing\n")
    result = hunt("--taxonomy", "own.yml", "e.json")
    same((result.status, result.out), (1, ""))
    one_complaint(result, "taxonomy own.yml")
    for path, reason in (("nosuch.yml", "it does not exist"), (".", "it is a folder")):
        result = hunt("--taxonomy", path, "e.json")
        same((result.status, result.out), (1, ""))
        one_complaint(result, f"cannot read the taxonomy {path}: {reason}")


# ---- what rules meet ----

def test_names_that_differ_in_case_are_counted():
    write_rule()
    text = Path("rules/whoami.yml").read_text()
    Path("rules/whoami.yml").write_text(text.replace("CommandLine", "commandline"))
    write_events("e.json")
    report = hunt_report("--only-rules", "rules", "e.json")
    check("1 finding of 1 rule" in report, report)
    check("\n  1 value stood under a field name that differs from the rule's in case\n" in report,
          report)


def test_events_that_no_rule_is_about_are_counted():
    write_rule()
    text = Path("rules/whoami.yml").read_text()
    Path("rules/whoami.yml").write_text(text.replace("process_creation", "registry_set"))
    write_events("e.json", 2)
    report = hunt_report("--only-rules", "rules", "e.json")
    check("Cannot tell, because no loaded rule is about these log sources" in report, report)
    check("\n  2 events of log sources that no loaded rule is about, such as "
          "Microsoft-Windows-Sysmon/Operational in e.json, line 1\n" in report, report)


run_tests(globals())
