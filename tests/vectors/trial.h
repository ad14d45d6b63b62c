/* trial.h - rules and events brought together: what the plan says of an event and what the naive
 * evaluator says must be the same, and as expected. */
#ifndef VECTORS_TRIAL_H
#define VECTORS_TRIAL_H

#include "formats/format.h"
#include "rules/judge.h"
#include "rules/plan.h"

/* Rules go into `set` between trial_begin and trial_build, events are tried after that. */
struct trial {
    char label[256]; /* what failures are printed under */
    bool failed;
    struct rule_set set;
    struct event *event;

    /* trial.c's own */
    const struct taxonomy *taxonomy;
    const struct format *format; /* JSON, unless it is set before trial_build */
    struct arena *arena, *field_arena, *event_arena;
    struct field_dictionary fields;
    struct plan *plan;
    struct matcher *matcher;
    struct judge *naive;
    struct reader *reader;
};

/* The taxonomy is borrowed. */
void trial_begin(struct trial *trial, const struct taxonomy *taxonomy);
void trial_build(struct trial *trial);
void trial_end(struct trial *trial);

/* Prints `not ok LABEL: ...`; the trial has failed. */
void trial_fail(struct trial *trial, const char *message, ...)
    __attribute__((format(printf, 2, 3)));

/* Reads one event, the first of the text, for the questions below. False, and a failure, if there
 * is none. `format`: what evidence it shall pass for; empty: JSON. */
bool trial_event(struct trial *trial, struct str text, struct str format);
/* Whether the rule matches the event by the plan, which must report it once. */
bool trial_by_plan(struct trial *trial, const struct sigma_rule *rule);
bool trial_by_naive(struct trial *trial, const struct sigma_rule *rule);
/* Of a rule that matched by the plan: the values that correlations ask for, on which both must
 * agree. Live as long as the trial. */
struct str *trial_asked(struct trial *trial, const struct sigma_rule *rule);
/* Fails where either of the two answers is another one. `json` is for the message. */
void trial_expect(struct trial *trial, bool by_plan, bool by_naive, bool expected, struct str json);

#endif
