/* trial.c - rules and events brought together. */
#include "vectors/trial.h"

#include "core/ensure.h"

#include <stdarg.h>
#include <stdio.h>

#define ARENA_BYTES ((size_t)1 << 30)

void trial_begin(struct trial *trial, const struct taxonomy *taxonomy)
{
    *trial = (struct trial){.taxonomy = taxonomy, .format = format_by_name(STR("json"))};
    ENSURE(trial->format);
    trial->arena = arena_new("trial", ARENA_BYTES);
    trial->field_arena = arena_new("fields", ARENA_BYTES);
    trial->event_arena = arena_new("event", ARENA_BYTES);
    rule_set_init(&trial->set, trial->arena);
}

void trial_build(struct trial *trial)
{
    static const struct reader_options options = {.strict = true};

    fields_init(&trial->fields, trial->field_arena);
    judge_add_fields(&trial->set, trial->taxonomy, &trial->fields);
    trial->plan = plan_build(&trial->set, trial->taxonomy, &trial->fields);
    trial->matcher = matcher_new(trial->plan);
    trial->naive = judge_new(trial->taxonomy);
    trial->event = event_new(&trial->fields, trial->event_arena);
    trial->reader = trial->format->reader_new(&trial->fields, &options);
}

void trial_end(struct trial *trial)
{
    trial->format->reader_free(trial->reader);
    event_free(trial->event);
    judge_free(trial->naive);
    matcher_free(trial->matcher);
    arena_free(trial->event_arena);
    arena_free(trial->field_arena);
    arena_free(trial->arena);
}

void trial_fail(struct trial *trial, const char *message, ...)
{
    va_list arguments;

    trial->failed = true;
    printf("not ok %s: ", trial->label);
    va_start(arguments, message);
    vprintf(message, arguments);
    va_end(arguments);
    (void)putchar('\n');
}

bool trial_event(struct trial *trial, struct str text, struct str format)
{
    struct window window = {.at = (const uint8_t *)text.at,
                            .end = (const uint8_t *)text.at + text.len,
                            .piece_end = text.len,
                            .last = true};
    struct carry carry = {0};
    struct damage damage = {0};

    if (trial->format->look)
        trial->format->look(text, &carry);
    trial->format->reader_begin(trial->reader, &carry, 0);
    if (trial->format->next(trial->reader, &window, trial->event, &damage) != STEP_EVENT) {
        trial_fail(trial, "not read as an event (%s): %.*s",
                   damage.why ? damage.why : "nothing there", STR_ARG(text));
        return false;
    }
    trial->event->format = format;
    judge_begin(trial->naive, trial->event);
    return true;
}

static void visit_explained(void *context, const struct predicate *predicate, struct str rule_field,
                            struct value value)
{
    uint32_t *count = context;

    *count += predicate != NULL && (rule_field.len < SIZE_MAX) && (value.text.len < SIZE_MAX);
}

bool trial_by_plan(struct trial *trial, const struct sigma_rule *rule)
{
    const struct sigma_rule *const *hits;
    uint32_t count = matcher_run(trial->matcher, trial->event, &hits), times = 0, explained = 0;

    for (uint32_t i = 0; i < count; i++)
        times += hits[i] == rule;
    if (times > 1)
        trial_fail(trial, "\"%.*s\" is reported %u times", STR_ARG(rule->title), times);
    if (times)
        matcher_explain(trial->matcher, trial->event, rule, visit_explained, &explained);
    return times > 0;
}

struct str *trial_asked(struct trial *trial, const struct sigma_rule *rule)
{
    struct str *values = ARENA_ARRAY(trial->arena, struct str, rule->asked_count);

    matcher_asked(trial->matcher, trial->event, rule, values);
    for (uint32_t i = 0; i < rule->asked_count; i++) {
        struct str naive = judge_value(trial->naive, rule, rule->asked[i], trial->arena);
        if (!values[i].at != !naive.at || (naive.at && !str_eq(values[i], naive)))
            trial_fail(trial, "%.*s is \"%.*s\" to the plan, \"%.*s\" to the naive evaluator",
                       STR_ARG(rule->asked[i]), STR_ARG(values[i]), STR_ARG(naive));
        if (values[i].at)
            values[i] = arena_str(trial->arena, values[i]);
    }
    return values;
}

bool trial_by_naive(struct trial *trial, const struct sigma_rule *rule)
{
    return judge_matches(trial->naive, rule);
}

void trial_expect(struct trial *trial, bool by_plan, bool by_naive, bool expected, struct str json)
{
    if (by_plan != expected)
        trial_fail(trial, "the plan says %s: %.*s", by_plan ? "yes" : "no", STR_ARG(json));
    if (by_naive != expected)
        trial_fail(trial, "the naive evaluator says %s: %.*s", by_naive ? "yes" : "no",
                   STR_ARG(json));
}
