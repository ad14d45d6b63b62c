/* timed.c - see timed.h. */
#include "vectors/timed.h"

#include "codec/time_text.h"
#include "core/ensure.h"
#include "vectors/naive_correlation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_BYTES_MAX (1u << 20)
#define DAY "2026-01-01"
#define MEMORY ((size_t)64 << 20)

struct timed {
    struct trial *trial;
    struct timed_match *matches;
    uint32_t count;
};

static bool read_time(struct str text, int64_t *time_ns)
{
    char whole[64];
    bool has_zone;

    if (str_find_byte(text, 'T') == text.len)
        snprintf(whole, sizeof(whole), DAY "T%.*sZ", STR_ARG(text));
    else
        snprintf(whole, sizeof(whole), "%.*sZ", STR_ARG(text));
    return time_parse(str_from(whole), time_ns, &has_zone);
}

static void write_time(int64_t time_ns, struct buf *out)
{
    char text[TIME_TEXT_SIZE];
    struct str time = {text, time_print(time_ns, text)};

    time.len--; /* Z */
    while (time.len && time.at[time.len - 1] == '0')
        time.len--;
    if (time.at[time.len - 1] == '.')
        time.len--;
    if (str_starts_with(time, STR(DAY "T")))
        time = str_slice(time, sizeof(DAY), time.len);
    buf_add(out, time);
}

/* ---- events to matches ---- */

static void take_event(struct timed *timed, uint32_t number, struct str line)
{
    struct trial *trial = timed->trial;
    struct str rest = line, time = str_cut(&rest, ' ');
    int64_t time_ns;

    if (!read_time(time, &time_ns)) {
        trial_fail(trial, "no time stands before the event: %.*s", STR_ARG(line));
        return;
    }
    if (!trial_event(trial, rest, (struct str){0}))
        return;
    for (uint32_t i = 0; i < trial->set.count; i++) {
        const struct sigma_rule *rule = trial->set.rules[i];
        bool by_plan = trial_by_plan(trial, rule);
        trial_expect(trial, by_plan, trial_by_naive(trial, rule), by_plan, line);
        if (by_plan)
            timed->matches[timed->count++] =
                (struct timed_match){.rule = i,
                                     .time_ns = time_ns,
                                     .number = number,
                                     .host = arena_str(trial->arena, trial->event->host),
                                     .values = trial_asked(trial, rule)};
    }
}

static int compare_matches(const void *a, const void *b)
{
    const struct timed_match *left = a, *right = b;

    if (left->time_ns != right->time_ns)
        return left->time_ns > right->time_ns ? 1 : -1;
    if (left->number != right->number)
        return left->number > right->number ? 1 : -1;
    return (left->rule > right->rule) - (left->rule < right->rule);
}

/* ---- findings to lines ---- */

static void write_finding(const struct rule_set *set, const struct timed_finding *finding,
                          struct buf *out)
{
    const struct sigma_rule *rule = set->rules[finding->match.rule];

    write_time(finding->match.time_ns, out);
    buf_printf(out, " %.*s x%llu ", STR_ARG(rule->title), (unsigned long long)finding->count);
    write_time(finding->first_ns, out);
    buf_add_char(out, '-');
    write_time(finding->last_ns, out);
    for (uint32_t i = 0; i < rule->correlation->group_count; i++)
        buf_printf(out, "%s%.*s", i ? ", " : " [", STR_ARG(finding->group[i]));
    buf_add(out, rule->correlation->group_count ? STR("]\n") : STR("\n"));
}

static int compare_places(const struct timed_match *a, const struct timed_match *b)
{
    if (a->time_ns != b->time_ns)
        return a->time_ns > b->time_ns ? 1 : -1;
    return (a->number > b->number) - (a->number < b->number);
}

/* What is reported: matches of rules that are not silent, and findings likewise. */
static struct str write_all(const struct timed *timed, const struct timed_findings *findings)
{
    const struct rule_set *set = &timed->trial->set;
    struct buf out;

    buf_init(&out, LINES_BYTES_MAX);
    for (uint32_t m = 0, f = 0; m < timed->count || f < findings->count;) {
        const struct timed_match *match = m < timed->count ? &timed->matches[m] : NULL;
        const struct timed_finding *finding = f < findings->count ? &findings->at[f] : NULL;
        if (match && (!finding || compare_places(match, &finding->match) <= 0)) {
            const struct sigma_rule *rule = set->rules[match->rule];
            m++;
            if (rule->silent || rule->correlation)
                continue;
            write_time(match->time_ns, &out);
            buf_printf(&out, " %.*s\n", STR_ARG(rule->title));
        } else {
            f++;
            if (!set->rules[finding->match.rule]->silent)
                write_finding(set, finding, &out);
        }
    }
    struct str lines = arena_str(timed->trial->arena, buf_str(&out));
    buf_free(&out);
    return lines;
}

static void compare(struct trial *trial, const char *who, struct str lines, struct str expected)
{
    if (!str_eq(lines, expected))
        trial_fail(trial, "%s finds\n%.*s# instead of\n%.*s", who, STR_ARG(lines),
                   STR_ARG(expected));
}

void timed_check(struct trial *trial, const struct vector *vector)
{
    struct timed timed = {.trial = trial};
    struct timed_findings by_state = {0}, by_naive = {0};
    struct buf expected;

    timed.matches = ARENA_ARRAY(trial->arena, struct timed_match,
                                (size_t)vector->event_count * trial->set.count);
    for (uint32_t i = 0; i < vector->event_count; i++)
        take_event(&timed, i, vector->events[i]);
    if (timed.count > 1)
        qsort(timed.matches, timed.count, sizeof(*timed.matches), compare_matches);
    state_correlate(&trial->set, timed.matches, timed.count, MEMORY, trial->arena, &by_state);
    naive_correlate(&trial->set, timed.matches, timed.count, trial->arena, &by_naive);
    buf_init(&expected, LINES_BYTES_MAX);
    for (uint32_t i = 0; i < vector->finding_count; i++) {
        buf_add(&expected, vector->findings[i]);
        buf_add_char(&expected, '\n');
    }
    compare(trial, "the state machine", write_all(&timed, &by_state), buf_str(&expected));
    compare(trial, "the naive twin", write_all(&timed, &by_naive), buf_str(&expected));
    buf_free(&expected);
}
