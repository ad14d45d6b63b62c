/* test_lint_head.c - what is missing or misspelled around a detection. */
#include "lint_maker.h"

static struct str notes_with(const char *lines)
{
    char text[4096];

    snprintf(text, sizeof(text),
             "title: t\nid: 01234567-89ab-cdef-0123-456789abcdef\nstatus: test\nlevel: low\n"
             "logsource: {category: webserver}\ndetection: {s: {a: 1}, condition: s}\n%s",
             lines);
    return notes_of(load(text));
}

#define CHECK_LINES(lines, expected)                                                               \
    do {                                                                                           \
        lint_begin();                                                                              \
        CHECK_STR(notes_with(lines), expected);                                                    \
        load_end();                                                                                \
    } while (0)

TEST(a_whole_head_gives_no_note)
{
    CHECK_LINES(
        "date: 2026-11-22\nmodified: 2026-11-22\nauthor: x\ndescription: y\n"
        "falsepositives: [z]\nreferences: [w]\nfields: [a]\nmy_own_key: 1\n"
        "tags: [attack.execution, attack.t1059, attack.t1059.001, attack.g0016, attack.s0002,"
        " attack.stealth, cve.2021-44228, detection.threat-hunting, tlp.clear, x.y]\n",
        "");
}

TEST(what_is_missing)
{
    lint_begin();
    CHECK_STR(notes_of(load("title: t\nlogsource: {category: webserver}\nstatus:\n"
                            "detection: {s: {a: 1}, condition: s}\n")),
              "3:1: unknown status ''\n"
              "1:1: the rule has no id, by which filters, tests and other rules could name it; "
              "uuidgen makes one\n"
              "3:1: the rule has no status: stable, test, experimental, deprecated or "
              "unsupported\n"
              "1:1: the rule has no level: it counts as medium\n"
              "1:1: the rule has no date of its making: YYYY-MM-DD");
    load_end();
}

TEST(keys_that_are_nearly_sigmas)
{
    CHECK_LINES("date: 2026-11-22\nrefrences: [a]\n",
                "8:1: Sigma has no key 'refrences' (references)");
    lint_begin();
    CHECK_STR(notes_of(load("title: t\nid: 01234567-89ab-cdef-0123-456789abcdef\nstatus: test\n"
                            "level: low\ndate: 2026-11-22\n"
                            "logsource: {category: webserver, Product: x}\n"
                            "detection: {s: {a: 1}, condition: s}\n")),
              "6:34: Sigma has no key 'Product' (product)");
    load_end();
}

TEST(days_that_there_are_not)
{
    CHECK_LINES("date: 2026-02-29\n", "7:7: there is no day '2026-02-29'");
    CHECK_LINES("date: 2024-02-29\nmodified: 2026-13-01\n", "8:11: there is no day '2026-13-01'");
    CHECK_LINES("date: 2000-02-29\n", "");
    CHECK_LINES("date: 1900-02-29\n", "7:7: there is no day '1900-02-29'");
    CHECK_LINES("date: 2026-04-31\n", "7:7: there is no day '2026-04-31'");
    CHECK_LINES("date: 2026-04-00\n", "7:7: there is no day '2026-04-00'");
}

TEST(modified_before_it_was_made)
{
    CHECK_LINES("date: 2026-11-22\nmodified: 2026-11-21\n",
                "8:11: modified on 2026-11-21, before it was made on 2026-11-22");
}

TEST(tags_of_attack)
{
    CHECK_LINES("date: 2026-11-22\ntags: [attack.t1059_001]\n",
                "8:8: 'attack.t1059_001' is no tactic or number of ATT&CK (attack.t1059.001)");
    CHECK_LINES("date: 2026-11-22\ntags:\n  - attack.t1059.1\n  - attack.t105\n",
                "9:5: 'attack.t1059.1' is no tactic or number of ATT&CK\n"
                "10:5: 'attack.t105' is no tactic or number of ATT&CK");
    CHECK_LINES("date: 2026-11-22\ntags: [attack.persistance]\n",
                "8:8: 'attack.persistance' is no tactic or number of ATT&CK (attack.persistence)");
    CHECK_LINES("date: 2026-11-22\ntags: [attack.initial_access]\n",
                "8:8: tag 'attack.initial_access' is written with '-' since Sigma 2 "
                "(attack.initial-access)");
    CHECK_LINES("date: 2026-11-22\ntags: [attack.T1059]\n",
                "8:8: tag 'attack.T1059' is not written namespace.value in lower case "
                "(attack.t1059)");
    CHECK_LINES("date: 2026-11-22\ntags: [attack.g16]\n",
                "8:8: 'attack.g16' is no tactic or number of ATT&CK");
}

TEST(other_tags)
{
    CHECK_LINES("date: 2026-11-22\ntags: [atack.t1059]\n",
                "8:8: tags have no namespace 'atack' (attack)");
    CHECK_LINES("date: 2026-11-22\ntags: [cve.2021-1, cve.2021-1]\n",
                "8:20: tag 'cve.2021-1' stands twice");
}

TEST(filters_are_looked_at_too)
{
    lint_begin();
    rule_set_add(&set, STR("f.yml"),
                 STR("title: f\nstatus: tset\nlogsource: {category: webserver}\n"
                     "filter: {rules: any, s: {a: 1}, t: {b: 2}, condition: not s}\n"),
                 NULL);
    CHECK_INT(set.filter_count, 1);
    CHECK_STR(notes_of(set.filters[0]->head),
              "2:9: unknown status 'tset' (test)\n"
              "1:1: the filter has no id, by which filters, tests and other rules could name it; "
              "uuidgen makes one\n"
              "! 4:33: no condition uses the search identifier 't'");
    load_end();
}
