/* rule_test.h - a rule's test as written: events that it must match, and events that it must not.
 *
 *   rule: Certutil Fetches A File     # a title, an id, or a file; see below
 *   format: access_log                # in what evidence the events stand; else it does not matter
 *   common: {EventID: 1}              # fields of every event; an event's own win
 *   match:                            # a list: events as maps of fields, or places of events,
 *     - {Image: certutil.exe}         # which are paths from this file's folder
 *     - samples/a.evtx:12
 *   no_match: [...]
 *
 * Without `rule` it is the rule before it in the same file, or of a file NAME.test.yml the one in
 * NAME.yml. SigmaHQ's `info.yml` files are tests, too: their evidence lies beside them. docs/rule-
 * authors.md has the form for people. */
#ifndef RULES_RULE_TEST_H
#define RULES_RULE_TEST_H

#include "core/arena.h"
#include "core/err.h"

struct test_event {
    bool match; /* what is expected */
    uint32_t line, column;
    struct str json;  /* the event as one JSON object; empty: it stands at `place` */
    struct str place; /* relative to the folder of the test. Without a record it stands for all of
                         its events, of which one must match, or none may */
    bool counted;     /* so many of them must match */
    uint64_t count;
};

struct rule_test {
    struct str path; /* of its file */
    uint32_t line;   /* where its document starts */
    struct str rule; /* as written; empty: see above */
    uint32_t rule_line;
    struct str format;
    struct test_event *events; /* those that must match first */
    uint32_t count;
    /* It cannot be tried: what is wrong, and where. Empty: it can. */
    struct str broken;
    uint32_t broken_line, broken_column;
};

struct rule_tests {
    struct arena *arena; /* borrowed; holds every test */
    struct rule_test **at;
    uint32_t count, capacity;
};

void rule_tests_init(struct rule_tests *tests, struct arena *arena);
/* Adds the tests among the documents of one file; other documents are passed over. Of a file that
 * is not YAML the documents before the mistake count. `path` and `text` may go away afterwards. */
void rule_tests_add(struct rule_tests *tests, struct str path, struct str text);

#endif
