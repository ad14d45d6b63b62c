/* naive_correlation.c - see naive_correlation.h. */
#include "vectors/naive_correlation.h"

#include "codec/utf.h"
#include "match/number.h"

#include <stdlib.h>
#include <string.h>

/* One correlation, and the matches of one group. */
struct group_view {
    const struct rule_set *set;
    const struct correlation *correlation;
    const struct timed_match **at;
    uint32_t *members; /* by match: where its rule is listed first */
    uint32_t count;
    struct arena *arena;
};

static bool same_text(struct str a, struct str b)
{
    char left[4096], right[4096];

    if (!a.at || !b.at || FOLD_SIZE(a.len) > sizeof(left) || FOLD_SIZE(b.len) > sizeof(right))
        return !a.at && !b.at;
    return str_eq((struct str){left, fold_str(a, left)}, (struct str){right, fold_str(b, right)});
}

static const struct str *value_of(const struct group_view *view, uint32_t match, uint32_t field)
{
    return &view->at[match]->values[view->correlation->members[view->members[match]].value[field]];
}

static double number_of(const struct group_view *view, uint32_t match)
{
    double number = 0;

    return number_parse(*value_of(view, match, 0), &number) ? number : 0;
}

static bool same_value(const struct group_view *view, uint32_t a, uint32_t b)
{
    if (correlation_is_temporal(view->correlation))
        return view->members[a] == view->members[b];
    for (uint32_t i = 0; i < view->correlation->value_count; i++)
        if (!same_text(*value_of(view, a, i), *value_of(view, b, i)))
            return false;
    return true;
}

/* ---- whether matches `from` to `to` hold ---- */

/* What took part, and the number that is compared. */
struct judgement {
    bool holds;
    uint64_t count;
    int64_t first_ns;
    uint32_t taken[256]; /* matches */
    uint32_t taken_count;
};

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static bool numbers_hold(const struct group_view *view, uint32_t from, uint32_t to)
{
    const struct correlation *correlation = view->correlation;
    double *numbers = calloc(to - from + 1, sizeof(*numbers));
    int64_t sum = 0; /* in thousandths, which is as fine as tests are */
    uint32_t count = to - from;
    bool good;

    for (uint32_t i = from; i < to; i++) {
        numbers[i - from] = number_of(view, i);
        sum += (int64_t)(numbers[i - from] * 1000 + (numbers[i - from] < 0 ? -0.5 : 0.5));
    }
    qsort(numbers, count, sizeof(*numbers), compare_numbers);
    if (correlation->type == CORRELATION_VALUE_SUM) {
        good = correlation_holds(correlation, (double)sum / 1000);
    } else if (correlation->type == CORRELATION_VALUE_AVG) {
        good = correlation_holds(correlation, (double)sum / ((double)count * 1000));
    } else {
        uint32_t rank = 1; /* the first that so many percent do not exceed */
        while (rank < count && rank * 100.0 < correlation->percentile * count)
            rank++;
        good = correlation_holds(correlation, numbers[rank - 1]);
    }
    free(numbers);
    return good;
}

/* The chain with the latest start that fills `places` in order, each with a match of its own:
 * tried for every match. */
static bool find_chain(const struct group_view *view, uint32_t from, uint32_t to,
                       const uint32_t *places, uint32_t count, uint32_t *chain, uint32_t done)
{
    for (uint32_t i = to; done < count && i-- > from;) {
        bool used = done > 0 && view->at[i]->time_ns < view->at[chain[done - 1]]->time_ns;
        for (uint32_t k = 0; k < done; k++)
            used |= chain[k] == i;
        const struct correlation_member *members = view->correlation->members;
        if (used || members[places[done]].rule != members[view->members[i]].rule)
            continue;
        chain[done] = i;
        if (find_chain(view, from, to, places, count, chain, done + 1))
            return true;
    }
    return done == count;
}

static bool occurs(const struct group_view *view, uint32_t from, uint32_t to, uint32_t member)
{
    const struct correlation_member *members = view->correlation->members;

    for (uint32_t i = from; i < to; i++)
        if (members[view->members[i]].rule == members[member].rule)
            return true;
    return false;
}

static bool term_holds(const struct group_view *view, uint32_t from, uint32_t to,
                       const struct correlation_term *term, uint32_t *chain, uint32_t *length)
{
    uint32_t places[64];

    *length = 0;
    for (uint32_t i = 0; i < view->correlation->member_count; i++) {
        bool there = occurs(view, from, to, i);
        if ((term->absent >> i & 1 && there) || (term->present >> i & 1 && !there))
            return false;
        if (term->present >> i & 1)
            places[(*length)++] = i;
    }
    return view->correlation->type == CORRELATION_TEMPORAL ||
           find_chain(view, from, to, places, *length, chain, 0);
}

static void take(struct judgement *judgement, const struct group_view *view, uint32_t match)
{
    if (judgement->taken_count < ARRAY_COUNT(judgement->taken))
        judgement->taken[judgement->taken_count++] = match;
    if (judgement->count++ == 0 || view->at[match]->time_ns < judgement->first_ns)
        judgement->first_ns = view->at[match]->time_ns;
}

static void take_distinct(struct judgement *judgement, const struct group_view *view, uint32_t from,
                          uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        bool later = false;
        for (uint32_t j = i + 1; j < to; j++)
            later |= same_value(view, i, j);
        if (!later)
            take(judgement, view, i);
    }
}

static void judge_terms(struct judgement *judgement, const struct group_view *view, uint32_t from,
                        uint32_t to)
{
    const struct correlation *correlation = view->correlation;
    uint32_t chain[64], best[64], best_length = 0, length;
    bool any = false;

    for (uint32_t i = 0; i < correlation->term_count; i++) {
        if (!term_holds(view, from, to, &correlation->terms[i], chain, &length))
            continue;
        if (!any || length > best_length) {
            best_length = length;
            memcpy(best, chain, sizeof(best));
        }
        any = true;
    }
    judgement->holds = correlation->threshold_count == 0
                           ? any
                           : any && correlation_holds(correlation, best_length);
    if (correlation->type == CORRELATION_TEMPORAL)
        take_distinct(judgement, view, from, to);
    else
        for (uint32_t i = 0; any && i < best_length; i++)
            take(judgement, view, best[i]);
}

static void judge(struct judgement *judgement, const struct group_view *view, uint32_t from,
                  uint32_t to)
{
    const struct correlation *correlation = view->correlation;

    *judgement = (struct judgement){0};
    if (correlation->term_count > 0) {
        judge_terms(judgement, view, from, to);
    } else if (correlation->type == CORRELATION_VALUE_COUNT ||
               correlation->type == CORRELATION_TEMPORAL) {
        take_distinct(judgement, view, from, to);
        judgement->holds = correlation_holds(correlation, (double)judgement->count);
    } else {
        for (uint32_t i = from; i < to; i++)
            take(judgement, view, i);
        judgement->holds = correlation_is_numeric(correlation)
                               ? numbers_hold(view, from, to)
                               : correlation_holds(correlation, to - from);
    }
}

/* ---- findings ---- */

/* What all of them have, of what is asked of the correlation. */
static struct str shared_value(const struct group_view *view, const uint32_t *taken, uint32_t count,
                               uint32_t asked)
{
    struct str shared = {NULL, 0};

    for (uint32_t i = 0; i < count; i++) {
        const struct correlation_member *member =
            &view->correlation->members[view->members[taken[i]]];
        struct str value = view->at[taken[i]]->values[member->shared[asked]];
        if (i > 0 && !same_text(shared, value))
            return (struct str){NULL, 0};
        shared = i == 0 ? value : shared;
    }
    return shared;
}

static void add_finding(const struct group_view *view, uint32_t rule, uint32_t completed,
                        const struct judgement *judgement, int64_t last_ns,
                        struct timed_findings *findings)
{
    const struct correlation *correlation = view->correlation;
    const struct sigma_rule *head = view->set->rules[rule];
    struct str *group = ARENA_ARRAY(view->arena, struct str, correlation->group_count);
    struct str *values = ARENA_ARRAY(view->arena, struct str, head->asked_count);

    for (uint32_t i = 0; i < correlation->group_count; i++)
        group[i] = view->at[0]->values[correlation->members[view->members[0]].group[i]];
    for (uint32_t i = 0; i < head->asked_count; i++) {
        bool grouped = false;
        for (uint32_t g = 0; g < correlation->group_count; g++) {
            if (!str_eq(correlation->group_by[g], head->asked[i]))
                continue;
            values[i] = group[g];
            grouped = true;
        }
        if (!grouped)
            values[i] = shared_value(view, judgement->taken, judgement->taken_count, i);
    }
    const struct timed_finding finding = {
        .match = {rule, true, view->at[completed]->time_ns, view->at[completed]->number, STR_EMPTY,
                  values},
        .first_ns = judgement->first_ns,
        .last_ns = last_ns,
        .count = judgement->count,
        .group = group,
    };
    timed_findings_add(findings, view->arena, &finding);
}

/* Behind the last match that has the time of `at`. */
static uint32_t moment_end(const struct group_view *view, uint32_t at)
{
    uint32_t end = at;

    while (end < view->count && view->at[end]->time_ns == view->at[at]->time_ns)
        end++;
    return end;
}

static void slide(const struct group_view *view, uint32_t rule, struct timed_findings *findings)
{
    int64_t span = view->correlation->timespan_ns, before = 0;
    struct judgement now, run = {0};
    uint32_t completed = 0;

    for (uint32_t at = 0, end; at < view->count; at = end) {
        int64_t time = view->at[at]->time_ns;
        uint32_t from = 0;
        end = moment_end(view, at);
        while (view->at[from]->time_ns < time - span)
            from++;
        judge(&now, view, from, end);
        if (run.holds && (!now.holds || from == at)) {
            add_finding(view, rule, completed, &run, before, findings);
            run.holds = false;
        }
        if (run.holds) {
            run.count += end - at;
        } else if (now.holds) {
            run = now;
            completed = end - 1;
        }
        before = time;
    }
    if (run.holds)
        add_finding(view, rule, completed, &run, before, findings);
}

static void close_windows(const struct group_view *view, uint32_t rule,
                          struct timed_findings *findings)
{
    struct judgement judgement;

    for (uint32_t from = 0, to; from < view->count; from = to) {
        to = from;
        while (to < view->count &&
               view->at[to]->time_ns - view->at[from]->time_ns <= view->correlation->timespan_ns)
            to++;
        judge(&judgement, view, from, to);
        if (!judgement.holds)
            continue;
        judgement.first_ns = view->at[from]->time_ns;
        judgement.count = to - from;
        judgement.taken_count = 0;
        for (uint32_t i = from; i < to && i - from < ARRAY_COUNT(judgement.taken); i++)
            judgement.taken[judgement.taken_count++] = i;
        add_finding(view, rule, to - 1, &judgement, view->at[to - 1]->time_ns, findings);
    }
}

/* ---- groups ---- */

static uint32_t member_of(const struct rule_set *set, const struct correlation *correlation,
                          const struct timed_match *match)
{
    for (uint32_t i = 0; i < correlation->member_count; i++) {
        uint32_t rule = correlation->members[i].rule;
        bool finding = set->rules[rule]->correlation && !correlation->translated;
        if (rule == match->rule && finding == match->is_finding)
            return i;
    }
    return UINT32_MAX;
}

static bool is_usable(const struct correlation *correlation, const struct timed_match *match,
                      uint32_t member)
{
    const struct correlation_member *listed = &correlation->members[member];
    double number;

    for (uint32_t i = 0; i < correlation->group_count; i++)
        if (!match->values[listed->group[i]].at)
            return false;
    for (uint32_t i = 0; i < correlation->value_count; i++)
        if (!match->values[listed->value[i]].at)
            return false;
    return !correlation_is_numeric(correlation) ||
           number_parse(match->values[listed->value[0]], &number);
}

static bool same_group(const struct correlation *correlation, const struct timed_match *a,
                       uint32_t member_a, const struct timed_match *b, uint32_t member_b)
{
    for (uint32_t i = 0; i < correlation->group_count; i++)
        if (!same_text(a->values[correlation->members[member_a].group[i]],
                       b->values[correlation->members[member_b].group[i]]))
            return false;
    return true;
}

static void correlate(const struct rule_set *set, uint32_t rule, const struct timed_match *matches,
                      uint32_t count, struct arena *arena, struct timed_findings *findings)
{
    const struct correlation *correlation = set->rules[rule]->correlation;
    bool *done = ARENA_ARRAY(arena, bool, count);
    struct group_view view = {.set = set, .correlation = correlation, .arena = arena};

    for (uint32_t i = 0; i < count; i++) {
        uint32_t member = member_of(set, correlation, &matches[i]);
        if (done[i] || member == UINT32_MAX || !is_usable(correlation, &matches[i], member))
            continue;
        view.at = ARENA_ARRAY(arena, const struct timed_match *, count);
        view.members = ARENA_ARRAY(arena, uint32_t, count);
        view.count = 0;
        for (uint32_t j = i; j < count; j++) {
            uint32_t other = member_of(set, correlation, &matches[j]);
            if (other == UINT32_MAX || !is_usable(correlation, &matches[j], other) ||
                !same_group(correlation, &matches[i], member, &matches[j], other))
                continue;
            done[j] = true;
            view.members[view.count] = other;
            view.at[view.count++] = &matches[j];
        }
        if (correlation->at_close)
            close_windows(&view, rule, findings);
        else
            slide(&view, rule, findings);
    }
}

void naive_correlate(const struct rule_set *set, const struct timed_match *matches, uint32_t count,
                     struct arena *arena, struct timed_findings *findings)
{
    for (uint32_t depth = 0; depth < CORRELATION_CHAIN_MAX; depth++) {
        uint32_t merged_count;
        struct timed_match *merged = timed_merge(matches, count, findings, arena, &merged_count);
        for (uint32_t i = 0; i < set->count; i++)
            if (set->rules[i]->correlation && set->rules[i]->state == RULE_LOADED &&
                set->rules[i]->correlation->depth == depth)
                correlate(set, i, merged, merged_count, arena, findings);
    }
    timed_findings_sort(findings, set);
}
