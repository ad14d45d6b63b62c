/* correlator_judge.c - whether what a group holds is a finding, from when to when, and of what. */
#include "analytics/correlator_priv.h"

#include "core/ensure.h"

#include <stdlib.h>

/* ---- whether it holds ---- */

/* The value of the lowest rank that so many percent do not exceed, against the thresholds. */
static bool percentile_holds(const struct counted *s, const struct sums *sums, uint64_t count)
{
    double exact = s->correlation->percentile * (double)count / 100;
    uint64_t rank = (uint64_t)exact;

    rank += exact - (double)rank > 1e-9;
    rank += rank == 0;
    for (uint32_t i = 0; i < s->correlation->threshold_count; i++) {
        bool below = sums->less[i] >= rank, up_to = sums->less[i] + sums->equal[i] >= rank;
        bool holds = false;
        switch (s->correlation->thresholds[i].op) {
        case THRESHOLD_GT:
            holds = !up_to;
            break;
        case THRESHOLD_GTE:
            holds = !below;
            break;
        case THRESHOLD_LT:
            holds = below;
            break;
        case THRESHOLD_LTE:
            holds = up_to;
            break;
        case THRESHOLD_EQ:
            holds = up_to && !below;
            break;
        case THRESHOLD_NEQ:
            holds = !up_to || below;
            break;
        }
        if (!holds)
            return false;
    }
    return true;
}

/* -1, 0 or 1, made a number that correlation_holds can look at. */
static bool compared(const struct counted *s, fixed sum, uint64_t times)
{
    for (uint32_t i = 0; i < s->correlation->threshold_count; i++) {
        fixed bound = s->thresholds[i] * (fixed)times;
        const struct correlation one = {.threshold_count = 1,
                                        .thresholds = {{s->correlation->thresholds[i].op, 0}}};
        if (!correlation_holds(&one, sum < bound ? -1 : sum > bound ? 1 : 0))
            return false;
    }
    return true;
}

static bool numbers_hold(const struct counted *s, struct group *group, uint64_t count,
                         double *measured)
{
    const struct sums *sums = group_sums(s, group);

    if (count == 0)
        return false;
    *measured = (double)sums->sum / 1e9;
    if (s->correlation->type == CORRELATION_VALUE_SUM)
        return compared(s, sums->sum, 1);
    *measured /= (double)count;
    if (s->correlation->type == CORRELATION_VALUE_AVG)
        return compared(s, sums->sum, count);
    return percentile_holds(s, sums, count);
}

static unsigned size_of(uint64_t members)
{
    return (unsigned)__builtin_popcountll(members);
}

/* Of temporal_ordered: the last link of what occurred, in *chain. */
static bool terms_hold(const struct counted *s, struct group *group, double *measured,
                       uint32_t *chain)
{
    const struct correlation *correlation = s->correlation;
    unsigned largest = 0;
    bool any = false;

    for (uint32_t i = 0; i < correlation->term_count; i++) {
        const struct correlation_term *term = &correlation->terms[i];
        uint32_t whole = 0;
        if (group->present & term->absent)
            continue;
        if (s->kind == STATE_DISTINCT && (term->present & ~group->present))
            continue;
        if (s->kind == STATE_ORDERED && term->present) {
            whole = chains_whole(s, group, i);
            if (!whole)
                continue;
        }
        if (!any || size_of(term->present) > largest) {
            largest = size_of(term->present);
            *chain = whole;
        }
        any = true;
    }
    *measured = largest;
    if (correlation->threshold_count == 0 || !correlation->at_close)
        return any; /* sliding, the terms are those that are enough */
    return correlation_holds(correlation, largest);
}

static bool holds(const struct counted *s, struct group *group, double *measured, uint32_t *chain)
{
    const struct correlation *correlation = s->correlation;
    uint64_t matches = correlation->at_close ? group->matches : group->count;

    *chain = 0;
    if (correlation_is_numeric(correlation))
        return numbers_hold(s, group, matches, measured);
    if (correlation->term_count > 0)
        return terms_hold(s, group, measured, chain);
    *measured = (double)(s->kind == STATE_DISTINCT ? group->count : matches);
    return correlation_holds(correlation, *measured);
}

/* ---- what comes out ---- */

static void list_event(const struct counted *s, struct run *run, const struct entry *entry)
{
    if (run->event_count == CORRELATED_EVENTS_MAX)
        return;
    run->events[run->event_count++] =
        (struct correlated_event){.rule = s->correlation->members[entry->member].rule,
                                  .time_ns = entry->time_ns,
                                  .place = {entry->file, entry->number, entry->offset}};
}

void text_share(struct correlator *c, uint32_t *shared, uint32_t text, bool first)
{
    if (first) {
        *shared = text;
        texts_hold(&c->texts, text);
    } else if (*shared != text) {
        texts_drop(&c->texts, *shared);
        *shared = 0;
    }
}

static size_t run_size(const struct counted *s)
{
    return sizeof(struct run) + (3 * (size_t)s->asked + 2) * sizeof(uint32_t);
}

static struct run *run_new(struct correlator *c, const struct counted *s, const struct group *group,
                           double measured)
{
    struct run *run = calloc(1, run_size(s));

    ENSURE(run);
    c->used += run_size(s);
    run->time_ns = run->last_ns = group->touched_ns;
    run->place = group->place;
    run->measured = measured;
    return run;
}

static void run_take(struct correlator *c, const struct counted *s, struct run *run,
                     struct entry *entry)
{
    const uint32_t *fields = entry_fields(s, entry);
    uint32_t *all = run_all(s, run);
    bool first = run->count++ == 0;

    if (first || entry->time_ns < run->first_ns)
        run->first_ns = entry->time_ns;
    list_event(s, run, entry);
    text_share(c, &all[0], entry->host, first);
    for (uint32_t i = 0; i < s->asked; i++) {
        text_share(c, &run->shared[i], fields[i], first);
        text_share(c, &all[i + 1], fields[i], first);
    }
}

/* The links in order. */
static void run_take_chain(struct correlator *c, const struct counted *s, struct run *run,
                           uint32_t last)
{
    uint32_t links[CORRELATION_ORDERED_MAX];
    uint32_t count = 0;

    for (uint32_t at = last; at; at = entry_at(s, at)->parent)
        links[count++] = at;
    while (count > 0)
        run_take(c, s, run, entry_at(s, links[--count]));
}

static void run_begin(struct correlator *c, struct counted *s, struct group *group, double measured,
                      uint32_t chain)
{
    group->run = run_new(c, s, group, measured);
    if (s->kind == STATE_ORDERED)
        run_take_chain(c, s, group->run, chain);
    else
        for (uint32_t number = group->first; number; number = entry_at(s, number)->next)
            run_take(c, s, group->run, entry_at(s, number));
}

/* The matches of this moment belong to it. */
static void run_go_on(struct correlator *c, const struct counted *s, const struct group *group)
{
    struct run *run = group->run;
    uint32_t *all = run_all(s, run), *pending = run_pending(s, run);

    run->last_ns = group->touched_ns;
    run->count += group->new_matches;
    for (uint32_t i = 0; i <= s->asked && run->has_pending; i++) {
        text_share(c, &all[i], pending[i], false);
        texts_drop(&c->texts, pending[i]);
        pending[i] = 0;
    }
    run->has_pending = false;
}

/* What is asked of the correlation, from its own group or from its events. */
static void asked_values(const struct correlator *c, const struct counted *s, struct group *group,
                         const uint32_t *shared, struct str *values)
{
    const struct correlation *correlation = s->correlation;

    for (uint32_t i = 0; i < s->asked; i++) {
        uint32_t text = shared[i];
        for (uint32_t at = correlation->group_count; at-- > 0;)
            if (str_eq(correlation->group_by[at], s->rule->asked[i]))
                text = group_texts(group)[at];
        values[i] = text ? texts_shown(&c->texts, text) : (struct str){NULL, 0};
    }
}

static void run_free(struct correlator *c, const struct counted *s, struct run *run)
{
    for (uint32_t i = 0; i < 3 * s->asked + 2; i++)
        texts_drop(&c->texts, run->shared[i]);
    c->used -= run_size(s);
    free(run);
}

static void run_end(struct correlator *c, struct counted *s, struct group *group, bool let_go)
{
    struct run *run = group->run;
    uint32_t group_count = s->correlation->group_count, host = run_all(s, run)[0];
    struct str *values = calloc(group_count + 2 * (size_t)s->asked + 1, sizeof(*values));
    struct str *asked = values + group_count;

    ENSURE(values);
    for (uint32_t i = 0; i < group_count; i++)
        values[i] = texts_shown(&c->texts, group_texts(group)[i]);
    asked_values(c, s, group, run->shared, asked);
    asked_values(c, s, group, run_all(s, run) + 1, asked + s->asked);
    const struct correlation_finding finding = {
        .rule = s->index,
        .time_ns = run->time_ns,
        .place = run->place,
        .first_ns = run->first_ns,
        .last_ns = run->last_ns,
        .count = run->count,
        .host = host ? texts_shown(&c->texts, host) : STR_EMPTY,
        .group = values,
        .values = asked,
        .shared = asked + s->asked,
        .events = run->events,
        .event_count = run->event_count,
        .measured = run->measured,
        .let_go = let_go,
    };
    c->sink.take(c->sink.context, &finding);
    free(values);
    run_free(c, s, run);
    group->run = NULL;
}

/* ---- the two ways to judge ---- */

static void expire(struct correlator *c, struct counted *s, struct group *group)
{
    int64_t before = horizon(c, s);

    if (s->kind == STATE_ORDERED) {
        chains_take(c, s, group);
        chains_expire(c, s, group, before);
        return;
    }
    while (group->first && entry_at(s, group->first)->time_ns < before)
        entry_remove(c, s, group, group->first);
}

static void judge_sliding(struct correlator *c, struct counted *s, struct group *group)
{
    double measured;
    uint32_t chain;

    expire(c, s, group);
    bool good = holds(s, group, &measured, &chain);
    if (good && group->run)
        run_go_on(c, s, group);
    else if (good)
        run_begin(c, s, group, measured, chain);
    else if (group->run)
        run_end(c, s, group, false);
    while (group->count > s->keep)
        entry_remove(c, s, group, group->first);
}

void group_judge(struct correlator *c, struct counted *s, struct group *group)
{
    if (s->correlation->at_close && s->kind == STATE_ORDERED)
        chains_take(c, s, group);
    else if (!s->correlation->at_close)
        judge_sliding(c, s, group);
    group->new_matches = 0;
}

/* What the whole of the window was. */
static void judge_window(struct correlator *c, struct counted *s, struct group *group)
{
    const uint32_t *shared = group_shared(s, group);
    double measured;
    uint32_t chain;

    if (!holds(s, group, &measured, &chain))
        return;
    struct run *run = group->run = run_new(c, s, group, measured);
    run->first_ns = group->opened_ns;
    run->count = group->matches;
    for (uint32_t number = group->first; number; number = entry_at(s, number)->next)
        list_event(s, run, entry_at(s, number));
    if (s->kind == STATE_ORDERED) {
        uint32_t links[CORRELATION_ORDERED_MAX], count = 0;
        for (uint32_t at = chain; at; at = entry_at(s, at)->parent)
            links[count++] = at;
        while (count > 0)
            list_event(s, run, entry_at(s, links[--count]));
    }
    for (uint32_t i = 0; i <= s->asked; i++)
        text_share(c, &run_all(s, run)[i], shared[i], true);
    for (uint32_t i = 0; i < s->asked; i++)
        text_share(c, &run->shared[i], shared[i + 1], true);
    run_end(c, s, group, false);
}

void group_close(struct correlator *c, struct counted *s, struct group *group, bool let_go)
{
    if (s->correlation->at_close) {
        uint32_t *shared = group_shared(s, group);
        if (!let_go && group->matches > 0)
            judge_window(c, s, group);
        for (uint32_t i = 0; i <= s->asked; i++) {
            texts_drop(&c->texts, shared[i]);
            shared[i] = 0;
        }
    } else if (group->run) {
        run_end(c, s, group, let_go);
    }
    entries_clear(c, s, group);
    if (s->kind == STATE_ORDERED)
        chains_clear(c, s, group);
    if (correlation_is_numeric(s->correlation))
        *group_sums(s, group) = (struct sums){0};
    group->matches = group->present = 0;
}
