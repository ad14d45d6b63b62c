#!/usr/bin/env python3
"""The commands but `hunt`, and what is said of a command line that is wrong."""
import json

from system_kit import (EXAMPLE, ROOT, check, has_complaint, one_complaint, run, run_tests, same,
                        write_events, write_rule)

LEVELS = "informational, low, medium, high, critical"


def usage_error(arguments, *parts):
    result = run(*arguments)
    same(result.status, 1)
    same(result.out, "")
    one_complaint(result, *parts, "; see: seawall help")


def test_nothing_at_all_prints_the_help_and_is_wrong_usage():
    result = run()
    same((result.status, result.err), (1, ""))
    same(result.out, run("help").out)


def test_a_command_that_is_not_there():
    usage_error(["hurt", "x"], "there is no command 'hurt'")
    usage_error(["-x"], "there is no command '-x'")
    usage_error([""], "there is no command ''")


def test_version():
    result = run("version")
    same((result.status, result.err), (0, ""))
    check(result.out.startswith("seawall ") and result.out.count("\n") == 1, result)
    same(run("--version").out, result.out)
    usage_error(["version", "x"], "version takes no argument 'x'")


def test_help_names_every_command_option_and_format():
    result = run("help")
    same((result.status, result.err), (0, ""))
    for name in ("hunt", "cat", "rules", "version", "help"):
        check(f"seawall {name}" in result.out, result)
        page = run("help", name)
        same((page.status, page.err), (0, ""))
        check(page.out.startswith(f"usage: seawall {name}"), page)
        same(run(name, "--help").out, page.out)
    same(run("--help").out, result.out)
    same(run("-h").out, result.out)
    page = run("help", "hunt").out
    for option in ("rules PATH", "only-rules PATH", "output FORMAT=FILE", "min-level LEVEL",
                   "placeholders FILE", "taxonomy FILE", "after TIME", "before TIME", "threads N",
                   "memory SIZE", "temp DIR", "cache DIR|off", "sandbox off", "fail-on LEVEL",
                   "progress", "quiet"):
        check(f"\n  --{option} " in page, page)
    for name in ("evtx", "json", "terminal", "jsonl", "csv"):
        check(f"\n  {name} " in page, page)


def test_help_that_is_not_there():
    usage_error(["help", "hurt"], "there is no command 'hurt'")
    usage_error(["help", "hunt", "cat"], "help takes one command, not 'cat' too")


def test_the_manual_page_names_every_option():
    page = (ROOT / "docs/seawall.1").read_text()
    for row in run("help", "hunt").out.split("\nOptions:\n")[1].split("\n\n")[0].splitlines():
        option = row.split()[0].removeprefix("--")
        check(f"\n.It Fl -{option}" in page, option)


def test_options_of_hunt_that_are_wrong():
    write_events("e.json")
    for arguments, *parts in (
            (["--nosuch"], "hunt has no option --nosuch"),
            (["-x"], "hunt has no option -x"),
            (["-xq"], "hunt has no option -x"),
            (["--m=high"], "--m=high may be", "--memory", "--min-level"),
            (["--quiet=yes"], "--quiet takes no value"),
            (["--progress=5"], "--progress takes no value"),
            (["--threads", "0"], "--threads 0:", "from 1 to 1024"),
            (["--threads", "1025"], "--threads 1025:", "from 1 to 1024"),
            (["--threads", "-1"], "--threads -1:"),
            (["--threads", "two"], "--threads two:"),
            (["--threads", ""], "--threads :"),
            (["--threads", "18446744073709551617"], "--threads 18446744073709551617:"),
            (["--memory", "0"], "--memory 0:", "such as 64M"),
            (["--memory", "M"], "--memory M:"),
            (["--memory", "5Q"], "--memory 5Q:"),
            (["--memory", "99999999999T"], "--memory 99999999999T:"),
            (["--min-level", "severe"], "--min-level severe:", LEVELS),
            (["--fail-on", "3"], "--fail-on 3:", LEVELS),
            (["--output", "jsonl"], "--output jsonl:", "FORMAT=FILE"),
            (["--output", "jsonl="], "--output jsonl=:", "FORMAT=FILE"),
            (["--output", "xml=x"], "--output xml=x:", "terminal, jsonl, csv"),
            (["--output", "=x"], "--output =x:", "terminal, jsonl, csv"),
            (["--output", "csv=-", "--output", "jsonl=-"], "--output jsonl=-:", "cannot share"),
            (["--output", "csv=a", "--output", "jsonl=a"], "--output jsonl=a:", "cannot share"),
            (["--after", "soon"], "--after soon:", "2026-11-22"),
            (["--before", "2026-02-30"], "--before 2026-02-30:"),
            (["--after", "2026-02-03", "--before", "2026-02-03"], "--after is not before --before"),
            (["--sandbox", "on"], "--sandbox on:", "'off'")):
        usage_error(["hunt", *arguments, "e.json"], *parts)
        usage_error(["hunt", "e.json", *arguments], *parts)


def test_a_long_path_does_not_hide_the_reason():
    path = "/".join(["x" * 200] * 20)
    for arguments in (["--rules", path], ["--taxonomy", path], ["--placeholders", path]):
        result = run("hunt", *arguments, "e.json")
        same(result.status, 1)
        one_complaint(result, "cannot read", path, ": it does not exist")
    result = run("cat", path)
    same(result.status, 2)
    one_complaint(result, path, ": it does not exist")


def test_options_of_hunt_without_their_value():
    for option in ("rules", "only-rules", "output", "min-level", "placeholders", "taxonomy",
                   "after", "before", "threads", "memory", "temp", "cache", "sandbox", "fail-on"):
        usage_error(["hunt", "e.json", f"--{option}"], f"--{option} needs a value")


def test_evidence_is_needed():
    for command in ("hunt", "cat"):
        usage_error([command], f"{command} needs evidence")
    usage_error(["hunt", "--quiet"], "hunt needs evidence")


def test_behind_two_dashes_everything_is_evidence():
    for name in ("--help", "--quiet"):
        write_events(name)
        result = run("hunt", "--output", "jsonl=-", "--", name)
        same(result.status, 0)
        result = run("cat", "--", name)
        same((result.status, result.err, result.out.count("\n")), (0, "", 1))


def test_cat_has_no_options():
    usage_error(["cat", "--quiet", "e.json"], "cat has no option --quiet", "./--quiet")


def test_cat_prints_events_in_the_order_of_the_files():
    events = [run("cat", str(path)).out for path in sorted(EXAMPLE.rglob("*")) if path.is_file()]
    result = run("cat", str(EXAMPLE))
    same(result.status, 0)
    pages = result.err.splitlines()  # of the web server's folder
    check(len(pages) == 4 and all("/wwwroot/portal/" in line and
                                  line.endswith(": its format is not known") for line in pages),
          result)
    same(result.out, "".join(events))
    check(all(json.loads(row) for row in result.out.splitlines()), result)


def test_rules_needs_a_verb_and_a_path():
    usage_error(["rules"], "rules needs a verb: explain, ")
    usage_error(["rules", "mend", "x"], "rules has no verb 'mend'; there are explain, ")
    usage_error(["rules", "check"], "rules check: it needs a rule file or a folder of rules")
    for verb in ("check", "list"):
        result = run("rules", verb, "nosuch.yml")
        same((result.status, result.out), (1, ""))
        one_complaint(result, "cannot read the rules in nosuch.yml: it does not exist")


def test_rules_list():
    write_rule(title="Bell \a Rings", level="high")
    result = run("rules", "list", "rules")
    same((result.status, result.err), (0, ""))
    same(result.out, "loaded   high          11111111-1111-4111-8111-111111111111 "
                     "Bell \\x07 Rings (rules/whoami.yml:1)\n")


def test_rules_check_counts_and_judges():
    write_rule()
    result = run("rules", "check", "rules")
    same((result.status, result.err), (0, ""))
    check(result.out.splitlines()[-1].startswith("1 files: 1 rules loaded, 0 inert, 0 refused"),
          result)
    write_rule("rules/b.yml", rule_id="22222222-2222-4222-8222-222222222222")
    text = (open("rules/b.yml").read()).replace("|contains", "|contain")
    open("rules/b.yml", "w").write(text)
    result = run("rules", "check", "rules")
    same((result.status, result.err), (2, ""))
    place, *_ = result.out.splitlines()
    check(place.startswith("rules/b.yml:10:9:") and ": refused: " in place and "contain" in place,
          result)
    check("1 rules loaded, 0 inert, 1 refused" in result.out, result)


def test_rules_check_names_rules_that_no_event_can_match():
    write_rule()
    write_rule("rules/b.yml", rule_id="22222222-2222-4222-8222-222222222222")
    text = open("rules/b.yml").read()
    open("rules/b.yml", "w").write(text.replace("product: windows", "product: windwos"))
    result = run("rules", "check", "rules")
    same((result.status, result.err), (0, ""))
    rows = [row for row in result.out.splitlines() if ": unmapped: " in row]
    check(len(rows) == 1 and rows[0].startswith("rules/b.yml:6:5: "), result)
    check("product 'windwos'" in rows[0], result)


def test_rules_that_cannot_be_read_are_said():
    write_rule()
    open("rules/gone.yml", "w").close()
    import os
    os.remove("rules/gone.yml")
    os.symlink("nowhere", "rules/gone.yml")
    result = run("rules", "check", "rules")
    same(result.status, 2)
    check("rules/gone.yml: unreadable: it does not exist" in result.out, result)
    result = run("rules", "list", "rules")
    same(result.status, 2)
    one_complaint(result, "cannot read rules/gone.yml: it does not exist")


def test_the_built_in_rules_are_good():
    result = run("rules", "check", str(ROOT / "share/rules"))
    same(result.status, 0)
    check(" 0 inert, 0 refused, 0 duplicates, 0 documents that are no rules, 0 warnings, 0 lints"
          in result.out, result)


def test_standard_output_that_is_full():
    write_rule()
    for arguments in (["version"], ["help"], ["help", "hunt"], ["rules", "list", "rules"],
                      ["rules", "check", "rules"], ["cat", str(EXAMPLE)]):
        with open("/dev/full", "wb") as full:
            result = run(*arguments, stdout=full)
        same(result.status, 4)
        one_complaint(result, "cannot write to standard output: no space left on the device")


def test_standard_output_that_is_closed():
    def close():
        import os
        os.close(1)
    write_events("e.json")
    for arguments in (["version"], ["help"], ["cat", "e.json"], ["hunt", "e.json"]):
        result = run(*arguments, preexec_fn=close, stdout=None)
        same(result.status, 4)
        has_complaint(result, "cannot write")


run_tests(globals())
