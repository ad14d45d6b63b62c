/* rule_trial.h - rules and their tests brought together: what `rules test` does. */
#ifndef ENGINE_RULE_TRIAL_H
#define ENGINE_RULE_TRIAL_H

#include "engine/knowledge.h"
#include "rules/rule_test.h"

enum trial_end {
    TRIAL_PASSED,
    TRIAL_FAILED,
    TRIAL_BROKEN /* nobody can tell: the test itself is wrong, or its event is not there */
};

struct rule_trial {
    const struct rule_test *test;
    const struct test_event *event; /* NULL: the whole test is broken */
    const struct sigma_rule *rule;  /* NULL: it was not found */
    struct str path;                /* of the test, as it is shown */
    uint32_t line, column;
    enum trial_end end;
    struct str why; /* a sentence, also of those that passed */
};

struct rule_trials {
    struct arena *arena; /* owned; holds everything */
    struct rule_tests tests;
    struct rule_trial *at;
    uint32_t count, capacity;
    uint32_t passed, failed; /* broken ones are failed */
    uint32_t rules, untested;
    bool interrupted;
};

struct trial_options {
    struct path_list tests; /* files and folders, in which rules may stand, too */
    const char *zone_name;
    bool built_in; /* of the rules that were loaded those inside the program count for nothing */
    bool sandbox;
};

/* `knowledge` was loaded with `no_plan` from all these paths; the plan of the rules that have tests
 * is made here. Evidence that cannot be read is complained about. */
void rule_trials_run(struct rule_trials *trials, struct knowledge *knowledge,
                     const struct trial_options *options);
void rule_trials_free(struct rule_trials *trials);
/* The results as JUnit XML. */
void rule_trials_junit(const struct rule_trials *trials, struct buf *out);
/* The same as one JSON object, without a line end. */
void rule_trials_json(const struct rule_trials *trials, struct buf *out);

#endif
