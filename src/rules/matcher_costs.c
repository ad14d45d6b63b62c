/* matcher_costs.c - the same as matcher_run, counted and timed. Apart from it, so that those who do
 * not ask pay nothing for it. */
#include "rules/matcher_priv.h"

void matcher_measure(struct matcher *matcher, const struct matcher_costs *costs)
{
    matcher->costs = *costs;
    matcher->measured = true;
}

static bool is_known(const struct matcher *m, const struct instruction *in)
{
    return in->lazy ? m->lazy[in->term] >> 1 == m->epoch
                    : bit_get(m->truth, in->term) || m->searched[in->field] == m->epoch;
}

static bool program_holds(struct matcher *m, struct event *event, uint32_t entry,
                          struct rule_costs *costs)
{
    while (entry < PROGRAM_TRUE) {
        const struct instruction *in = &m->plan->instructions[entry];
        costs->tests++;
        costs->computed += !is_known(m, in);
        entry = matcher_term(m, event, in) ? in->on_true : in->on_false;
    }
    return entry == PROGRAM_TRUE;
}

static uint64_t less(uint64_t time, uint64_t clock)
{
    return time > clock ? time - clock : 0;
}

void matcher_run_measured(struct matcher *m, struct event *event, uint64_t begun_ns)
{
    const struct matcher_costs *costs = &m->costs;
    uint64_t before = costs->now_ns();

    costs->all->events++;
    costs->all->shared_ns += less(before - begun_ns, costs->clock_ns);
    for (uint32_t i = 0; i < m->candidate_count; i++) {
        uint32_t id = m->candidates[i];
        const struct variant *variant = &m->plan->variants[id];
        struct rule_costs *rule = &costs->rules[variant->rule];
        if (bit_get(m->hit_rules, variant->rule))
            continue;
        rule->judged += rule->last_event != costs->all->events;
        rule->last_event = costs->all->events;
        m->counts.candidates++;
        if (program_holds(m, event, variant->program, rule)) {
            matcher_hit(m, id);
            rule->matched++;
        }
        uint64_t now = costs->now_ns();
        rule->ns += less(now - before, costs->clock_ns);
        before = now;
    }
}
