/* rule_trial.c - see rule_trial.h. */
#include "engine/rule_trial.h"

#include "core/ensure.h"
#include "core/limits.h"
#include "engine/evidence.h"
#include "engine/inline_event.h"
#include "engine/question.h"
#include "os/walk.h"

#include <string.h>

#define ARENA_BYTES_MAX ((size_t)8 << 30)

/* What is under way. */
struct trying {
    struct rule_trials *trials;
    struct knowledge *knowledge;
    const struct trial_options *options;
    const struct sigma_rule **rule_of; /* by test; NULL: not found */
    struct asker *asker;
    struct inline_event *inline_event;
    struct arena *scratch; /* of one event */
    const char *named;
    struct buf text;
};

/* ---- tests in files ---- */

static void take_file(void *context, const char *path, const struct file_facts *facts)
{
    struct trying *trying = context;
    struct str name = str_from(path);
    (void)facts;

    if (strcmp(path, trying->named) != 0 && !str_ends_with(name, STR(".yml")) &&
        !str_ends_with(name, STR(".yaml")))
        return;
    buf_reset(&trying->text);
    if (file_read_whole(path, RULE_FILE_BYTES_MAX, &trying->text) == ERR_NONE)
        rule_tests_add(&trying->trials->tests, name, buf_str(&trying->text));
}

/* Whoever loaded the rules has said what cannot be read. */
static void pass_over(void *context, const char *path, enum walk_problem problem, enum err err)
{
    (void)context;
    (void)path;
    (void)problem;
    (void)err;
}

static void find_tests(struct trying *trying)
{
    const struct walk_visitor visitor = {trying, take_file, pass_over};
    struct walk walk;

    walk_init(&walk, trying->trials->arena, true);
    for (size_t i = 0; i < trying->options->tests.count; i++) {
        trying->named = trying->options->tests.at[i];
        enum err ignored = walk_from(&walk, trying->named, &visitor);
        (void)ignored;
    }
}

/* ---- the rule of a test ---- */

static struct str folder_of(struct str path)
{
    size_t slash = path.len;

    while (slash > 0 && path.at[slash - 1] != '/')
        slash--;
    return str_slice(path, 0, slash);
}

static const char *beside(struct arena *arena, const struct rule_test *test, struct str path)
{
    struct str folder = path.len > 0 && path.at[0] == '/' ? STR_EMPTY : folder_of(test->path);

    return arena_printf(arena, "%.*s%.*s", STR_ARG(folder), STR_ARG(path)).at;
}

static bool is_same_file(const char *path, struct str other)
{
    struct file_facts a, b;

    return file_look(path, true, &a) == ERR_NONE && file_look(other.at, true, &b) == ERR_NONE &&
           a.identity.device == b.identity.device && a.identity.inode == b.identity.inode;
}

/* The last rule of this file that stands before `line`. */
static const struct sigma_rule *find_in_file(const struct trying *trying, const char *path,
                                             uint32_t line)
{
    const struct rule_set *rules = &trying->knowledge->rules;
    struct str name = str_from(path);
    const struct sigma_rule *found = NULL;

    name = str_slice(name, folder_of(name).len, name.len);
    for (uint32_t i = 0; i < rules->count; i++) {
        const struct sigma_rule *rule = rules->rules[i];
        if (!rule->hidden && str_ends_with(rule->path, name) && rule->line < line &&
            is_same_file(path, rule->path))
            found = rule;
    }
    return found;
}

static const struct sigma_rule *find_by_name(const struct rule_set *rules, struct str name,
                                             bool *several)
{
    const struct sigma_rule *found = NULL;

    for (unsigned way = 0; way < 2 && !found; way++) {
        for (uint32_t i = 0; i < rules->count; i++) {
            const struct sigma_rule *rule = rules->rules[i];
            if (rule->hidden ||
                (way == 0 ? !str_eq_nocase(rule->id, name) : !str_eq(rule->title, name)))
                continue;
            *several |= found != NULL;
            found = rule;
        }
    }
    return found;
}

/* NULL, with the reason in *why. */
static const struct sigma_rule *find_rule(const struct trying *trying, const struct rule_test *test,
                                          struct str *why)
{
    struct arena *arena = trying->trials->arena;
    const struct sigma_rule *rule;
    bool several = false;

    if (test->rule.len > 0) {
        rule = find_by_name(&trying->knowledge->rules, test->rule, &several);
        if (!rule)
            rule = find_in_file(trying, beside(arena, test, test->rule), UINT32_MAX);
        *why = arena_printf(arena,
                            several ? "several rules are called '%.*s'"
                                    : "no rule has the id or title '%.*s', and no rule "
                                      "stands in a file called so; --rules PATH adds rules",
                            STR_ARG(test->rule));
        return several ? NULL : rule;
    }
    rule = find_in_file(trying, arena_str(arena, test->path).at, test->line);
    *why = STR("the test does not name its rule, and none stands before it in the file");
    if (rule || !str_ends_with(test->path, STR(".test.yml")))
        return rule;
    struct str stem = str_slice(test->path, 0, test->path.len - strlen(".test.yml"));
    return find_in_file(trying, arena_printf(arena, "%.*s.yml", STR_ARG(stem)).at, UINT32_MAX);
}

/* ---- results ---- */

static struct rule_trial *add_trial(struct trying *trying, const struct rule_test *test,
                                    const struct sigma_rule *rule, enum trial_end end)
{
    struct rule_trials *trials = trying->trials;

    if (trials->count == trials->capacity) {
        uint32_t capacity = trials->capacity ? trials->capacity * 2 : 256;
        struct rule_trial *grown = ARENA_ARRAY(trials->arena, struct rule_trial, capacity);
        for (uint32_t i = 0; i < trials->count; i++)
            grown[i] = trials->at[i];
        trials->at = grown;
        trials->capacity = capacity;
    }
    struct rule_trial *trial = &trials->at[trials->count++];
    *trial = (struct rule_trial){.test = test,
                                 .rule = rule,
                                 .path = path_shown(test->path, trials->arena),
                                 .line = test->line,
                                 .column = 1,
                                 .end = end,
                                 .why = STR_EMPTY};
    trials->passed += end == TRIAL_PASSED;
    trials->failed += end != TRIAL_PASSED;
    return trial;
}

static void add_broken(struct trying *trying, const struct rule_test *test,
                       const struct sigma_rule *rule, uint32_t line, uint32_t column,
                       struct str why)
{
    struct rule_trial *trial = add_trial(trying, test, rule, TRIAL_BROKEN);

    trial->line = line;
    trial->column = column;
    trial->why = why;
}

static void add_result(struct trying *trying, const struct rule_test *test,
                       const struct test_event *event, const struct sigma_rule *rule,
                       enum trial_end end, struct str why)
{
    struct rule_trial *trial = add_trial(trying, test, rule, end);

    trial->event = event;
    trial->line = event->line;
    trial->column = event->column;
    trial->why = arena_str(trying->trials->arena, why);
}

/* ---- events ---- */

static const struct str disagreed =
    STR_INIT("The matcher and its explanation disagree: this is a bug of Seawall. ");

static void try_inline(struct trying *trying, const struct rule_test *test,
                       const struct test_event *event, const struct sigma_rule *rule)
{
    const struct reasons_place place = {test->path, true, event->line};
    const char *why;
    struct event *read = inline_event_read(trying->inline_event, event->json, test->format, &why);

    if (!read) {
        add_result(trying, test, event, rule, TRIAL_BROKEN,
                   arena_printf(trying->scratch, "it is not read as an event: %s", why));
        return;
    }
    struct asker_answer answer =
        asker_ask(trying->asker, rule, read, &place, ANSWER_SENTENCE, trying->scratch);
    bool passed = answer.fires == event->match && !answer.disagreed;
    struct str text = answer.text;
    if (answer.disagreed)
        text = arena_printf(trying->scratch, "%.*s%.*s", STR_ARG(disagreed), STR_ARG(text));
    add_result(trying, test, event, rule, passed ? TRIAL_PASSED : TRIAL_FAILED, text);
}

static bool is_met(const struct test_event *event, const struct event_place *place,
                   const struct answer *answer)
{
    if (place->has_number)
        return answer->verdict.fires == event->match;
    if (event->counted)
        return answer->fires == event->count;
    return (answer->fires > 0) == event->match;
}

static void take_answer(struct trying *trying, const struct rule_test *test,
                        const struct test_event *event, const struct sigma_rule *rule,
                        const struct event_place *place, const struct answer *answer)
{
    struct arena *arena = trying->scratch;
    struct str why = answer->verdict.text;

    if (!answer->readable) {
        add_result(trying, test, event, rule, TRIAL_BROKEN,
                   arena_printf(arena, "%.*s cannot be read as evidence", STR_ARG(place->shown)));
        return;
    }
    if (answer->events == 0) {
        add_result(trying, test, event, rule, TRIAL_BROKEN,
                   place->has_number
                       ? arena_printf(arena, "there is no event %llu in %.*s",
                                      (unsigned long long)place->number, STR_ARG(place->shown))
                       : arena_printf(arena, "there is no event in %.*s", STR_ARG(place->shown)));
        return;
    }
    if (event->counted)
        why = arena_printf(arena, "%llu event%s of %.*s must match, and %llu do. %.*s",
                           (unsigned long long)event->count, event->count == 1 ? "" : "s",
                           STR_ARG(place->shown), (unsigned long long)answer->fires, STR_ARG(why));
    bool passed = is_met(event, place, answer) && !answer->verdict.disagreed;
    if (answer->verdict.disagreed)
        why = arena_printf(arena, "%.*s%.*s", STR_ARG(disagreed), STR_ARG(why));
    add_result(trying, test, event, rule, passed ? TRIAL_PASSED : TRIAL_FAILED, why);
}

static void try_place(struct trying *trying, const struct rule_test *test,
                      const struct test_event *event, const struct sigma_rule *rule)
{
    struct answer answer;
    struct question question = {
        .knowledge = trying->knowledge,
        .rule = rule,
        .place = event_place_of(beside(trying->scratch, test, event->place), trying->scratch),
        .form = ANSWER_SENTENCE,
        .zone_name = trying->options->zone_name,
        .sandbox = trying->options->sandbox,
    };

    question.every = !question.place.has_number;
    switch (question_ask(&question, trying->scratch, &answer)) {
    case QUESTION_ANSWERED:
        take_answer(trying, test, event, rule, &question.place, &answer);
        break;
    case QUESTION_INTERRUPTED:
        trying->trials->interrupted = true;
        break;
    case QUESTION_FAILED:
        add_result(trying, test, event, rule, TRIAL_BROKEN, STR("the evidence could not be read"));
        break;
    }
}

static void try_test(struct trying *trying, const struct rule_test *test,
                     const struct sigma_rule *rule)
{
    for (uint32_t i = 0; i < test->count && !trying->trials->interrupted; i++) {
        const struct test_event *event = &test->events[i];
        arena_reset(trying->scratch);
        if (event->json.len > 0)
            try_inline(trying, test, event, rule);
        else
            try_place(trying, test, event, rule);
    }
}

/* ---- all of them ---- */

/* Those that have tests, in the order of the set. Returns which of all have. */
static bool *choose_rules(struct trying *trying, struct rule_set *chosen)
{
    const struct rule_set *rules = &trying->knowledge->rules;
    struct arena *arena = trying->trials->arena;
    bool *tested = ARENA_ARRAY(arena, bool, rules->count);

    *chosen = *rules;
    chosen->part = true;
    chosen->rules = ARENA_ARRAY(arena, struct sigma_rule *, rules->count);
    chosen->count = 0;
    for (uint32_t i = 0; i < rules->count; i++) {
        for (uint32_t test = 0; test < trying->trials->tests.count; test++)
            tested[i] |= trying->rule_of[test] == rules->rules[i];
        if (tested[i])
            chosen->rules[chosen->count++] = rules->rules[i];
    }
    return tested;
}

static bool cannot_be_tested(const struct sigma_rule *rule)
{
    return rule->state == RULE_LOADED && rule_is_correlation(rule);
}

static void count_untested(struct trying *trying, const bool *tested)
{
    const struct rule_set *rules = &trying->knowledge->rules;

    for (uint32_t i = 0; i < rules->count; i++) {
        bool ships = trying->options->built_in &&
                     str_starts_with(rules->rules[i]->path, STR("share/rules/"));
        bool testable = !ships && !rules->rules[i]->hidden && !cannot_be_tested(rules->rules[i]);
        trying->trials->rules += testable;
        trying->trials->untested += testable && !tested[i];
    }
}

void rule_trials_run(struct rule_trials *trials, struct knowledge *knowledge,
                     const struct trial_options *options)
{
    struct trying trying = {.trials = trials, .knowledge = knowledge, .options = options};

    *trials = (struct rule_trials){.arena = arena_new("tests of rules", ARENA_BYTES_MAX)};
    rule_tests_init(&trials->tests, trials->arena);
    buf_init(&trying.text, RULE_FILE_BYTES_MAX + 1);
    find_tests(&trying);
    struct str *why = ARENA_ARRAY(trials->arena, struct str, trials->tests.count);
    trying.rule_of = ARENA_ARRAY(trials->arena, const struct sigma_rule *, trials->tests.count);
    for (uint32_t i = 0; i < trials->tests.count; i++)
        trying.rule_of[i] = find_rule(&trying, trials->tests.at[i], &why[i]);
    struct rule_set *chosen = ARENA_NEW(trials->arena, struct rule_set);
    count_untested(&trying, choose_rules(&trying, chosen));
    judge_add_fields(chosen, &knowledge->taxonomy, &knowledge->fields);
    knowledge->plan = plan_build(chosen, &knowledge->taxonomy, &knowledge->fields);
    trying.asker = asker_new(knowledge);
    trying.inline_event = inline_event_new(&knowledge->fields);
    trying.scratch = arena_new("one event", ARENA_BYTES_MAX);
    for (uint32_t i = 0; i < trials->tests.count && !trials->interrupted; i++) {
        const struct rule_test *test = trials->tests.at[i];
        if (test->broken.len > 0)
            add_broken(&trying, test, NULL, test->broken_line, test->broken_column, test->broken);
        else if (!trying.rule_of[i])
            add_broken(&trying, test, NULL, test->rule_line ? test->rule_line : test->line, 1,
                       why[i]);
        else if (cannot_be_tested(trying.rule_of[i]))
            add_broken(&trying, test, trying.rule_of[i],
                       test->rule_line ? test->rule_line : test->line, 1,
                       STR("the rule is a correlation: single events are tested against the rules "
                           "that it names"));
        else
            try_test(&trying, test, trying.rule_of[i]);
    }
    asker_free(trying.asker);
    inline_event_free(trying.inline_event);
    arena_free(trying.scratch);
    buf_free(&trying.text);
}

void rule_trials_free(struct rule_trials *trials)
{
    arena_free(trials->arena);
    *trials = (struct rule_trials){0};
}
