/* correlation_maker.h - correlations from text, matches one by one, findings as lines; for the
 * tests of analytics/. Rules a, b and c are there; a match has the fields u, h and n. */
#ifndef CORRELATION_MAKER_H
#define CORRELATION_MAKER_H

#include "analytics/correlator_priv.h"
#include "core/ensure.h"

#include "testkit.h"

#define UNUSED __attribute__((unused))
#define SECOND INT64_C(1000000000)

static struct arena *made;
static struct rule_set set;
static struct correlator *correlator;
static struct buf found;

static void take_finding(void *context, const struct correlation_finding *finding)
{
    const struct correlation *correlation = set.rules[finding->rule]->correlation;

    CHECK(context == &found);
    buf_printf(&found, "%lld x%llu %lld-%lld", (long long)(finding->time_ns / SECOND),
               (unsigned long long)finding->count, (long long)(finding->first_ns / SECOND),
               (long long)(finding->last_ns / SECOND));
    for (uint32_t i = 0; i < correlation->group_count; i++)
        buf_printf(&found, " %.*s", STR_ARG(finding->group[i]));
    if (finding->host.len)
        buf_printf(&found, " on %.*s", STR_ARG(finding->host));
    buf_printf(&found, " (");
    for (uint32_t i = 0; i < finding->event_count; i++)
        buf_printf(&found, "%s%llu", i ? " " : "",
                   (unsigned long long)finding->events[i].place.number);
    buf_printf(&found, ")%s\n", finding->let_go ? " let go" : "");
}

/* What stands under `correlation:`, in one line: `type: event_count, rules: [a], ...` */
UNUSED static void make_with(const char *correlation, size_t memory)
{
    struct buf text;

    made = arena_new("test", (size_t)256 << 20);
    buf_init(&found, 1 << 20);
    buf_init(&text, 1 << 16);
    for (char name = 'a'; name <= 'c'; name++)
        buf_printf(&text,
                   "title: %c\nname: %c\nlogsource: {category: c}\n"
                   "detection: {s: {r: %c}, condition: s}\n---\n",
                   name, name, name);
    buf_printf(&text, "title: x\nname: x\ncorrelation: {%s}\n", correlation);
    rule_set_init(&set, made);
    rule_set_add(&set, STR("test.yml"), buf_str(&text), NULL);
    rule_set_finish(&set);
    buf_free(&text);
    ENSURE(set.count == 4);
    if (set.rules[3]->state != RULE_LOADED)
        printf("# %.*s\n", STR_ARG(set.rules[3]->reason));
    CHECK_INT(set.rules[3]->state, RULE_LOADED);
    correlator = correlator_new(&set, 0, memory, &(struct correlator_sink){&found, take_finding});
}

UNUSED static void make(const char *correlation)
{
    make_with(correlation, (size_t)1 << 20);
}

UNUSED static void made_free(void)
{
    correlator_free(correlator);
    buf_free(&found);
    arena_free(made);
}

/* A match of a rule at a second; NULL is a missing field. Numbered as they come. */
static uint64_t match_number;

UNUSED static void match_on(const char *host, long long second, char rule, const char *u,
                            const char *h, const char *n)
{
    const struct sigma_rule *head = set.rules[rule - 'a'];
    const char *names[] = {"u", "h", "n"}, *given[] = {u, h, n};
    struct str values[8] = {{NULL, 0}};

    for (uint32_t i = 0; i < head->asked_count; i++)
        for (unsigned k = 0; k < 3; k++)
            if (given[k] && str_eq(head->asked[i], str_from(names[k])))
                values[i] = str_from(given[k]);
    correlator_take(correlator, &(struct correlation_match){.rule = (uint32_t)(rule - 'a'),
                                                            .time_ns = second * SECOND,
                                                            .place = {.number = ++match_number},
                                                            .host = str_from(host),
                                                            .values = values});
}

UNUSED static void match(long long second, char rule, const char *u, const char *n)
{
    match_on("", second, rule, u, NULL, n);
}

/* All findings, once the matches have ended. */
UNUSED static struct str findings(void)
{
    correlator_end(correlator);
    match_number = 0;
    return buf_str(&found);
}

#endif
