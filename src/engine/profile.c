/* profile.c - see profile.h. */
#include "engine/profile.h"

#include "core/ensure.h"
#include "os/clock.h"
#include "os/shared_memory.h"
#include "output/output.h"

#include <stdlib.h>

#define SHOWN_MAX 30u
#define CLOCK_TRIALS 10000u

static size_t stretch_bytes(uint32_t rules)
{
    return sizeof(struct shared_costs) + (size_t)rules * sizeof(struct rule_costs);
}

/* What asking for the time takes by itself: the least of many trials. */
static uint64_t clock_cost(void)
{
    uint64_t least = UINT64_MAX, before = clock_monotonic_ns();

    for (unsigned i = 0; i < CLOCK_TRIALS; i++) {
        uint64_t now = clock_monotonic_ns();
        least = now - before < least ? now - before : least;
        before = now;
    }
    return least;
}

struct profile *profile_new(uint32_t rules, unsigned threads)
{
    struct profile *profile = calloc(1, sizeof(*profile));

    ENSURE(profile && threads > 0);
    *profile = (struct profile){.size = stretch_bytes(rules) * threads,
                                .rules = rules,
                                .threads = threads,
                                .clock_ns = clock_cost()};
    profile->memory = shared_memory_new(profile->size);
    if (profile->memory)
        return profile;
    free(profile);
    return NULL;
}

void profile_free(struct profile *profile)
{
    if (!profile)
        return;
    shared_memory_free(profile->memory, profile->size);
    free(profile);
}

struct matcher_costs profile_costs(const struct profile *profile, unsigned thread)
{
    ENSURE(thread < profile->threads);
    char *at = (char *)profile->memory + stretch_bytes(profile->rules) * thread;
    struct shared_costs *all = (struct shared_costs *)(void *)at;

    return (struct matcher_costs){.rules = (struct rule_costs *)(void *)(all + 1),
                                  .all = all,
                                  .now_ns = clock_monotonic_ns,
                                  .clock_ns = profile->clock_ns};
}

struct row {
    const struct sigma_rule *rule;
    struct rule_costs costs;
};

/* The dearest first; what takes no measurable time by its tests; then as loaded. */
static int compare_rows(const void *a, const void *b)
{
    const struct row *one = a, *other = b;

    if (one->costs.ns != other->costs.ns)
        return one->costs.ns < other->costs.ns ? 1 : -1;
    if (one->costs.tests != other->costs.tests)
        return one->costs.tests < other->costs.tests ? 1 : -1;
    int order = str_compare(one->rule->path, other->rule->path);
    return order                                 ? order
           : one->rule->line < other->rule->line ? -1
                                                 : one->rule->line > other->rule->line;
}

static void add_thread(const struct matcher_costs *from, struct row *rows, uint32_t count,
                       struct shared_costs *all)
{
    all->events += from->all->events;
    all->shared_ns += from->all->shared_ns;
    for (uint32_t i = 0; i < count; i++) {
        struct rule_costs *sum = &rows[i].costs;
        const struct rule_costs *costs = &from->rules[i];
        sum->judged += costs->judged;
        sum->tests += costs->tests;
        sum->computed += costs->computed;
        sum->matched += costs->matched;
        sum->ns += costs->ns;
    }
}

static double share_of(uint64_t part, uint64_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void write_row(const struct row *row, uint64_t total_ns, struct buf *out)
{
    const struct rule_costs *costs = &row->costs;
    const struct sigma_rule *rule = row->rule;

    buf_printf(out, "%9.3f %6.2f %10llu %11llu %10llu %9llu  ", (double)costs->ns / 1e6,
               share_of(costs->ns, total_ns), (unsigned long long)costs->judged,
               (unsigned long long)costs->tests, (unsigned long long)costs->computed,
               (unsigned long long)costs->matched);
    escape_terminal(rule->title, out);
    buf_add(out, STR(" ("));
    escape_terminal(rule->path, out);
    buf_printf(out, ":%u)\n", rule->line);
}

static void write_table(struct row *rows, uint32_t count, const struct shared_costs *all,
                        struct buf *out)
{
    uint64_t own_ns = 0, rest_ns = 0;
    uint32_t judged = 0;

    qsort(rows, count, sizeof(*rows), compare_rows);
    for (uint32_t i = 0; i < count; i++) {
        own_ns += rows[i].costs.ns;
        judged += rows[i].costs.judged > 0;
        rest_ns += i < SHOWN_MAX ? 0 : rows[i].costs.ns;
    }
    uint64_t total_ns = own_ns + all->shared_ns;
    buf_printf(out,
               "\nWhat rules cost: %llu events that rules are about\n"
               "%9.3f ms %6.2f %%  routing and searching, for all rules together\n"
               "%9.3f ms %6.2f %%  %u rules by themselves; of %u no test came true\n\n",
               (unsigned long long)all->events, (double)all->shared_ns / 1e6,
               share_of(all->shared_ns, total_ns), (double)own_ns / 1e6, share_of(own_ns, total_ns),
               judged, count - judged);
    buf_add(out, STR("       ms      %     judged       tests   computed   matched  rule\n"));
    uint32_t shown = judged < SHOWN_MAX ? judged : SHOWN_MAX;
    for (uint32_t i = 0; i < shown; i++)
        write_row(&rows[i], total_ns, out);
    if (judged > shown)
        buf_printf(out, "%9.3f %6.2f  %u more rules\n", (double)rest_ns / 1e6,
                   share_of(rest_ns, total_ns), judged - shown);
}

void profile_write(const struct profile *profile, const struct rule_set *rules, struct buf *out)
{
    struct row *rows = calloc(profile->rules + 1u, sizeof(*rows));
    struct shared_costs all = {0};
    uint32_t count = 0;

    ENSURE(rows && rules->count == profile->rules);
    for (uint32_t i = 0; i < profile->rules; i++)
        rows[i].rule = rules->rules[i];
    for (unsigned i = 0; i < profile->threads; i++) {
        const struct matcher_costs costs = profile_costs(profile, i);
        add_thread(&costs, rows, profile->rules, &all);
    }
    for (uint32_t i = 0; i < profile->rules; i++)
        if (rows[i].rule->state == RULE_LOADED && !rule_is_correlation(rows[i].rule) &&
            !rows[i].rule->unserved)
            rows[count++] = rows[i];
    write_table(rows, count, &all, out);
    free(rows);
}
