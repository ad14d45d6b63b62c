/* matcher.c - one event against the plan: search, wake, run the programs of those woken. */
#include "rules/matcher_priv.h"

#include "core/ensure.h"
#include "core/hash.h"
#include "core/limits.h"

#include <stdlib.h>

#define MEMORY_BYTES ((size_t)4 << 20)
#define FILTER_BYTES_MAX ((size_t)1 << 30)
#define TEXT_BYTES_MAX ((size_t)1 << 30)
#define EPOCH_MAX (UINT32_MAX >> 1)

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);

    ENSURE(memory);
    return memory;
}

struct matcher *matcher_new(const struct plan *plan)
{
    struct matcher *m = zeroed(1, sizeof(*m));

    m->plan = plan;
    m->router = router_new(plan);
    m->arena = arena_new("filters", FILTER_BYTES_MAX);
    m->anchors = ARENA_ARRAY(m->arena, const struct anchor_filter *, plan->dictionary->count);
    matcher_make_filters(m);
    m->memory = value_memory_new(MEMORY_BYTES, hash_str(STR("matcher")));
    if (plan->dictionary->all_values) {
        m->keyword_memory = value_memory_new(MEMORY_BYTES, hash_str(STR("keywords")));
        m->kept = zeroed(KEPT_KEYWORDS_MAX, sizeof(*m->kept));
    }
    m->scratch = automaton_scratch_new();
    for (uint32_t i = 0; i < plan->automaton_count; i++)
        automaton_scratch_grow(m->scratch, plan->automata[i]);
    m->regex_scratch = regex_scratch_new();
    m->regexes = zeroed(plan->regex_count, sizeof(struct regex *));
    m->searched = zeroed(plan->dictionary->count, sizeof(*m->searched));
    m->hashes = zeroed(EVENT_FIELDS_MAX, sizeof(*m->hashes));
    m->truth = zeroed(BIT_WORDS(plan->term_count), sizeof(*m->truth));
    m->true_terms = zeroed(plan->term_count, sizeof(*m->true_terms));
    m->lazy = zeroed(plan->lazy_count, sizeof(*m->lazy));
    m->woken = zeroed(BIT_WORDS(plan->variant_count), sizeof(*m->woken));
    m->candidates = zeroed(plan->variant_count, sizeof(*m->candidates));
    m->hit_rules = zeroed(BIT_WORDS(plan->set->count), sizeof(*m->hit_rules));
    m->hit_variants = zeroed(plan->variant_count, sizeof(*m->hit_variants));
    m->hits = zeroed(plan->set->count, sizeof(const struct sigma_rule *));
    m->found_in = zeroed(plan->term_count, sizeof(*m->found_in));
    buf_init(&m->fold, TEXT_BYTES_MAX);
    buf_init(&m->fold_other, TEXT_BYTES_MAX);
    buf_init(&m->keywords, TEXT_BYTES_MAX);
    buf_init(&m->key, TEXT_BYTES_MAX);
    return m;
}

void matcher_free(struct matcher *m)
{
    if (!m)
        return;
    router_free(m->router);
    arena_free(m->arena);
    value_memory_free(m->memory);
    value_memory_free(m->keyword_memory);
    automaton_scratch_free(m->scratch);
    regex_scratch_free(m->regex_scratch);
    for (uint32_t i = 0; i < m->plan->regex_count; i++)
        regex_free(m->regexes[i]);
    free(m->regexes);
    free(m->searched);
    free(m->hashes);
    free(m->truth);
    free(m->true_terms);
    free(m->lazy);
    free(m->woken);
    free(m->candidates);
    free(m->hit_rules);
    free(m->hit_variants);
    free(m->hits);
    free(m->found_in);
    number_list_free(&m->found);
    free(m->kept);
    buf_free(&m->fold);
    buf_free(&m->fold_other);
    buf_free(&m->keywords);
    buf_free(&m->key);
    free(m);
}

const struct matcher_counts *matcher_counts(const struct matcher *matcher)
{
    return &matcher->counts;
}

static void wake(struct matcher *m, uint32_t variant)
{
    if (!bit_get(m->route->variants, variant) || bit_get(m->woken, variant))
        return;
    bit_set(m->woken, variant);
    m->candidates[m->candidate_count++] = variant;
}

static void wake_all(struct matcher *m, struct span variants)
{
    for (uint32_t i = 0; i < variants.count; i++)
        wake(m, m->plan->numbers[variants.start + i]);
}

void matcher_set(struct matcher *m, uint32_t number)
{
    uint32_t term = number >> 1;

    if (bit_get(m->truth, term))
        return;
    bit_set(m->truth, term);
    m->true_terms[m->true_count++] = term;
    if (number & 1 && m->route)
        wake_all(m, m->plan->gates[term]);
}

static bool lazy_holds(struct matcher *m, struct event *event, uint32_t index)
{
    uint32_t *memo = &m->lazy[index];

    if (*memo >> 1 != m->epoch) {
        bool holds = matcher_test(m, event, &m->plan->atoms[m->plan->lazy_atoms[index]], NULL);
        *memo = m->epoch << 1 | holds;
    }
    return *memo & 1;
}

static bool term_holds(struct matcher *m, struct event *event, const struct instruction *in)
{
    if (in->lazy)
        return lazy_holds(m, event, in->term);
    if (bit_get(m->truth, in->term))
        return true;
    if (m->searched[in->field] == m->epoch)
        return false;
    matcher_search_field(m, event, in->field);
    return bit_get(m->truth, in->term);
}

bool matcher_program(struct matcher *m, struct event *event, uint32_t entry)
{
    while (entry < PROGRAM_TRUE) {
        const struct instruction *in = &m->plan->instructions[entry];
        entry = term_holds(m, event, in) ? in->on_true : in->on_false;
    }
    return entry == PROGRAM_TRUE;
}

bool matcher_term(struct matcher *matcher, struct event *event, const struct instruction *in)
{
    return term_holds(matcher, event, in);
}

static void begin_event(struct matcher *m)
{
    const struct plan *plan = m->plan;

    for (uint32_t i = 0; i < m->true_count; i++)
        m->truth[m->true_terms[i] / 64] = 0;
    for (uint32_t i = 0; i < m->candidate_count; i++)
        m->woken[m->candidates[i] / 64] = 0;
    for (uint32_t i = 0; i < m->hit_count; i++)
        m->hit_rules[plan->variants[m->hit_variants[i]].rule / 64] = 0;
    m->true_count = m->candidate_count = m->hit_count = m->hash_count = 0;
    m->route = NULL;
    if (m->epoch == EPOCH_MAX) {
        for (uint32_t i = 0; i < plan->dictionary->count; i++)
            m->searched[i] = 0;
        for (uint32_t i = 0; i < plan->lazy_count; i++)
            m->lazy[i] = 0;
        m->epoch = 0;
    }
    m->epoch++;
}

/* Everything that may wake a variant of this route. */
static void search_event(struct matcher *m, struct event *event)
{
    const struct plan *plan = m->plan;
    const struct route *route = m->route;

    for (uint32_t i = 0; i < route->derivation_count; i++)
        derive_field(&plan->derivations[route->derivations[i]], event);
    matcher_await_fields(m, event);
    for (uint32_t i = 0; i < event->count; i++) {
        uint16_t field = event->list[i].id;
        if (!bit_get(route->gate_fields, field))
            continue;
        if (m->searched[field] != m->epoch)
            matcher_search_field(m, event, field);
        wake_all(m, plan->fields[field]->present);
    }
    if (route->keywords_gate && m->searched[route->keyword_fields[0]] != m->epoch &&
        matcher_may_wake_keywords(m, event))
        matcher_search_keywords(m, event);
    for (uint32_t i = 0; i < route->always_count; i++)
        wake(m, route->always[i]);
}

void matcher_hit(struct matcher *m, uint32_t variant)
{
    bit_set(m->hit_rules, m->plan->variants[variant].rule);
    uint32_t at = m->hit_count++; /* variants are numbered in the order of their rules */
    for (; at && m->hit_variants[at - 1] > variant; at--)
        m->hit_variants[at] = m->hit_variants[at - 1];
    m->hit_variants[at] = variant;
}

static void run_candidates(struct matcher *m, struct event *event)
{
    const struct plan *plan = m->plan;

    for (uint32_t i = 0; i < m->candidate_count; i++) {
        uint32_t id = m->candidates[i];
        const struct variant *variant = &plan->variants[id];
        if (bit_get(m->hit_rules, variant->rule))
            continue;
        m->counts.candidates++;
        if (matcher_program(m, event, variant->program))
            matcher_hit(m, id);
    }
}

struct event_route matcher_route(const struct matcher *matcher)
{
    return (struct event_route){.serial = matcher->route->serial,
                                .entries = matcher->route->entries,
                                .words = (uint32_t)BIT_WORDS(matcher->plan->entry_count)};
}

uint32_t matcher_run(struct matcher *matcher, struct event *event,
                     const struct sigma_rule *const **hits)
{
    const struct plan *plan = matcher->plan;

    uint64_t begun_ns = matcher->measured ? matcher->costs.now_ns() : 0;

    *hits = matcher->hits;
    matcher->counts.events++;
    begin_event(matcher);
    matcher->route = router_find(matcher->router, matcher, event);
    if (!matcher->route->served) {
        matcher->counts.unrouted++;
        return 0;
    }
    search_event(matcher, event);
    if (matcher->measured)
        matcher_run_measured(matcher, event, begun_ns);
    else
        run_candidates(matcher, event);
    for (uint32_t i = 0; i < matcher->hit_count; i++)
        matcher->hits[i] = plan->set->rules[plan->variants[matcher->hit_variants[i]].rule];
    return matcher->hit_count;
}
