/* router.c - from an event to what is known of all events like it.
 *
 * Entries that look at the route fields alone are judged once per distinct content of these
 * fields, and so is what the route fields say about each rule. The few other entries are judged
 * per event, and choose among the routes of that content. Everything is a cache: at its limits
 * it is emptied and filled anew. */
#include "rules/matcher_priv.h"

#include "core/ensure.h"
#include "core/hash.h"

#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES ((size_t)512 << 10)
#define ARENA_BYTES_MAX ((size_t)1 << 30)
#define ROUTES_BYTES ((size_t)16 << 20) /* some ten thousand routes; real evidence has hundreds */
#define BASES_MAX 16384u
#define KEY_BYTES_MAX 4096u

enum { TAG_BASE = 1, TAG_ROUTE };

/* What the route fields decide. */
struct base {
    uint64_t *entries; /* bits: those that hold whatever the other fields are */
    uint32_t *pending; /* those that hold if their further tests pass */
    uint32_t pending_count;
    uint64_t *triggers;  /* bits: fields of which one is there if anything pending holds */
    struct route *route; /* if nothing does */
};

/* A quick look for the keywords of a set of fields that wake variants. By enum raw_form; NULL: not
 * each of them has something to look for. */
struct keyword_filters {
    const struct needle_filter *at[RAW_FORMS];
};

struct router {
    const struct plan *plan;
    struct arena *arena;                      /* bases and routes */
    struct arena *lasting;                    /* what is never forgotten */
    struct map keyword_sets;                  /* the fields -> their number */
    struct keyword_filters **keyword_filters; /* by number of the set */
    uint32_t keyword_set_count, keyword_filter_capacity;
    struct value_memory *memory; /* tag and key -> index in bases or routes */
    struct number_list numbers;
    struct base **bases;
    struct route **routes;
    uint32_t base_count, base_capacity, route_count, route_capacity;
    struct buf key, fold;
    uint64_t *entries; /* of the event at hand */
    struct {           /* the last one found for pending entries; most are followed by their like */
        const struct route *route; /* NULL: none */
        uint64_t *entries;
        uint32_t base;
    } last;
    uint64_t *derivations;
    uint64_t serial; /* of the last route */
};

struct router *router_new(const struct plan *plan)
{
    struct router *router = calloc(1, sizeof(*router));

    ENSURE(router);
    router->plan = plan;
    router->arena = arena_new("routes", ARENA_BYTES_MAX);
    router->lasting = arena_new("sets of keywords", ARENA_BYTES_MAX);
    map_init(&router->keyword_sets, router->lasting);
    router->memory = value_memory_new(MEMORY_BYTES, hash_str(STR("router")));
    router->entries = calloc(BIT_WORDS(plan->entry_count), sizeof(*router->entries));
    router->last.entries = calloc(BIT_WORDS(plan->entry_count), sizeof(*router->last.entries));
    router->derivations = calloc(BIT_WORDS(plan->derivation_count), sizeof(*router->derivations));
    ENSURE(router->entries && router->last.entries && router->derivations);
    buf_init(&router->key, SIZE_MAX / 2);
    buf_init(&router->fold, SIZE_MAX / 2);
    return router;
}

void router_free(struct router *router)
{
    if (!router)
        return;
    arena_free(router->arena);
    arena_free(router->lasting);
    value_memory_free(router->memory);
    free(router->bases);
    free(router->routes);
    free(router->keyword_filters);
    free(router->entries);
    free(router->last.entries);
    free(router->derivations);
    buf_free(&router->key);
    buf_free(&router->fold);
    free(router);
}

static void forget(struct router *router)
{
    arena_reset(router->arena);
    value_memory_clear(router->memory);
    router->base_count = router->route_count = 0;
    router->last.route = NULL;
}

/* ---- entries ---- */

static bool value_is_listed(struct router *router, const struct entry_test *test,
                            struct value value)
{
    if (value.type == VALUE_NULL)
        return false;
    if (test->present)
        return true;
    struct str folded = matcher_fold(&router->fold, value.text);
    for (uint32_t i = 0; i < test->count; i++)
        if (str_eq(test->folded[i], folded))
            return true;
    return false;
}

static bool test_passes(struct router *router, const struct entry_test *test,
                        const struct event *event)
{
    const struct event_field *field = event_find(event, test->field);

    for (; field; field = event_next_of(event, field))
        if (value_is_listed(router, test, field->value))
            return true;
    return false;
}

static bool entry_holds(struct router *router, const struct plan_entry *entry, bool by_route,
                        const struct event *event)
{
    for (uint32_t i = 0; i < entry->test_count; i++)
        if (entry->tests[i].by_route == by_route && !test_passes(router, &entry->tests[i], event))
            return false;
    return true;
}

static uint16_t first_further_field(const struct plan_entry *entry)
{
    uint32_t at = 0;

    while (entry->tests[at].by_route)
        at++;
    return entry->tests[at].field;
}

static struct base *new_base(struct router *router, const struct event *event)
{
    const struct plan *plan = router->plan;
    struct base *base = ARENA_NEW(router->arena, struct base);
    uint32_t *pending = ARENA_ARRAY(router->arena, uint32_t, plan->entry_count);

    base->entries = ARENA_ARRAY(router->arena, uint64_t, BIT_WORDS(plan->entry_count));
    base->triggers = ARENA_ARRAY(router->arena, uint64_t, BIT_WORDS(plan->dictionary->count));
    for (uint32_t i = 0; i < plan->entry_count; i++) {
        const struct plan_entry *entry = &plan->entries[i];
        if (entry->variants.count == 0 || !taxonomy_takes(entry->source, event) ||
            !entry_holds(router, entry, true, event))
            continue;
        if (entry->has_further_tests) {
            pending[base->pending_count++] = i;
            bit_set(base->triggers, first_further_field(entry));
        } else {
            bit_set(base->entries, i);
        }
    }
    base->pending = pending;
    return base;
}

/* ---- routes ---- */

static void add_entries(const struct router *router, const uint64_t *entries, struct route *route)
{
    const struct plan *plan = router->plan;

    for (uint32_t i = 0; i < plan->entry_count; i++) {
        const struct number_list *variants = &plan->entries[i].variants;
        if (!bit_get(entries, i))
            continue;
        route->served = true;
        for (uint32_t j = 0; j < variants->count; j++)
            bit_set(route->variants, variants->at[j]);
    }
}

static void add_keyword_field(struct route *route, uint16_t field)
{
    uint32_t at = 0;

    while (at < route->keyword_count && route->keyword_fields[at] != field)
        at++;
    if (at == route->keyword_count)
        route->keyword_fields[route->keyword_count++] = field;
}

static bool has_keyword_field(const struct route *route, uint16_t field)
{
    for (uint32_t i = 0; i < route->keyword_count; i++)
        if (route->keyword_fields[i] == field)
            return true;
    return false;
}

static bool wakes_variants(const struct plan *plan, const struct pattern *pattern)
{
    for (uint32_t i = 0; i < pattern->targets.count; i++) {
        struct span terms = plan->atoms[plan->numbers[pattern->targets.start + i] >> 1].terms;
        for (uint32_t j = 0; j < terms.count; j++)
            if (plan->gates[plan->numbers[terms.start + j]].count > 0)
                return true;
    }
    return false;
}

/* The texts to look for; false if some are no texts, or they are too many. */
static bool waking_texts(const struct plan *plan, const struct route *route,
                         struct str texts[NEEDLES_MAX], uint32_t *count)
{
    for (uint32_t i = 0; i < plan->pattern_count; i++) {
        const struct pattern *pattern = &plan->patterns[i];
        if (!has_keyword_field(route, pattern->field) || !wakes_variants(plan, pattern))
            continue;
        if (pattern->kind != PATTERN_FOLDED || *count == NEEDLES_MAX)
            return false;
        texts[(*count)++] = pattern->text;
    }
    return true;
}

static struct keyword_filters *keyword_filters(struct router *router, const struct route *route)
{
    static const enum needle_form forms[RAW_FORMS] = {
        [RAW_UTF8] = NEEDLE_UTF8, [RAW_UTF16LE] = NEEDLE_UTF16LE, [RAW_JSON_ESCAPED] = NEEDLE_JSON};
    const struct plan *plan = router->plan;
    struct keyword_filters *filters = ARENA_NEW(router->lasting, struct keyword_filters);
    struct arena *scratch = arena_new("keywords", ARENA_BYTES_MAX);
    struct str *texts = ARENA_ARRAY(scratch, struct str, NEEDLES_MAX);
    uint32_t count = 0;
    bool need_text = true;

    for (uint32_t i = 0; i < route->keyword_count; i++)
        need_text &= plan->fields[route->keyword_fields[i]]->keywords_need_text;
    bool fit = waking_texts(plan, route, texts, &count);
    for (unsigned form = 0; fit && form < RAW_FORMS; form++)
        if (form != RAW_UTF16LE || need_text) /* there other values are no texts */
            filters->at[form] = needle_filter_new(texts, count, forms[form], router->lasting);
    arena_free(scratch);
    return filters;
}

/* The number stands for these fields as long as the matcher lives, also when routes are
 * forgotten. */
static uint32_t keyword_set(struct router *router, const struct route *route)
{
    const void *fields = route->keyword_fields;
    struct str key = {fields, route->keyword_count * sizeof(*route->keyword_fields)};
    uint32_t set = map_find(&router->keyword_sets, key);

    if (set == MAP_NONE) {
        set = router->keyword_set_count++;
        map_set(&router->keyword_sets, key, set);
        router->keyword_filters =
            plan_grow(router->keyword_filters, &router->keyword_filter_capacity, set,
                      sizeof(*router->keyword_filters));
        router->keyword_filters[set] = keyword_filters(router, route);
    }
    return set;
}

static void add_variant(struct router *router, const struct variant *variant, uint32_t id,
                        struct route *route)
{
    const struct plan *plan = router->plan;

    for (uint32_t i = 0; i < variant->gate_fields.count; i++) {
        uint32_t field = plan->numbers[variant->gate_fields.start + i];
        if (plan->fields[field]->keywords)
            route->keywords_gate = true;
        else
            bit_set(route->gate_fields, field);
    }
    for (uint32_t i = 0; i < variant->derivations.count; i++)
        bit_set(router->derivations, plan->numbers[variant->derivations.start + i]);
    if (variant->keyword_field != FIELD_NONE)
        add_keyword_field(route, variant->keyword_field);
    if (variant->always)
        route->always[route->always_count++] = id;
}

static struct route *new_route(struct router *router, struct matcher *matcher, struct event *event,
                               const uint64_t *entries)
{
    const struct plan *plan = router->plan;
    struct arena *arena = router->arena;
    struct route *route = ARENA_NEW(arena, struct route);
    uint32_t always = 0;

    route->serial = ++router->serial;
    route->entries = arena_copy(arena, entries, BIT_WORDS(plan->entry_count) * sizeof(*entries));
    route->variants = ARENA_ARRAY(arena, uint64_t, BIT_WORDS(plan->variant_count));
    route->gate_fields = ARENA_ARRAY(arena, uint64_t, BIT_WORDS(plan->dictionary->count));
    route->derivations = ARENA_ARRAY(arena, uint32_t, plan->derivation_count);
    for (uint32_t i = 0; i < BIT_WORDS(plan->derivation_count); i++)
        router->derivations[i] = 0;
    add_entries(router, entries, route);
    for (uint32_t i = 0; i < plan->variant_count; i++) {
        if (!bit_get(route->variants, i))
            continue;
        if (!matcher_program(matcher, event, plan->variants[i].on_route))
            route->variants[i / 64] &= ~((uint64_t)1 << (i % 64));
        else
            always += plan->variants[i].always;
    }
    route->always = ARENA_ARRAY(arena, uint32_t, always);
    route->keyword_fields = ARENA_ARRAY(arena, uint16_t, plan->dictionary->count);
    for (uint32_t i = 0; i < plan->variant_count; i++)
        if (bit_get(route->variants, i))
            add_variant(router, &plan->variants[i], i, route);
    route->keyword_set = keyword_set(router, route);
    route->keyword_filters = router->keyword_filters[route->keyword_set]->at;
    for (uint32_t i = 0; i < plan->derivation_count; i++)
        if (bit_get(router->derivations, i))
            route->derivations[route->derivation_count++] = i;
    return route;
}

static struct route *keep_route(struct router *router, struct route *route)
{
    router->routes = plan_grow(router->routes, &router->route_capacity, router->route_count,
                               sizeof(*router->routes));
    return router->routes[router->route_count++] = route;
}

/* ---- from an event ---- */

static void add_head(struct buf *key, unsigned place, unsigned type, unsigned stored, size_t len)
{
    uint64_t head = place | type << 8 | stored << 16 | (uint64_t)len << 32;

    buf_add_bytes(key, &head, sizeof(head));
}

/* Everything the base depends on: all values of the route fields with their types, in order. */
static struct str base_key(struct router *router, const struct event *event)
{
    struct buf *key = &router->key;

    buf_reset(key);
    add_head(key, ROUTE_FIELDS, event->windows, 0, event->format.len);
    buf_add(key, event->format);
    for (unsigned i = 0; i < ROUTE_FIELDS; i++) {
        const struct event_field *field = event_find_stored(event, router->plan->route_fields[i]);
        for (; field; field = event_next_stored(event, field)) {
            struct str text = field->value.text;
            add_head(key, i, field->value.type, field->stored, text.len);
            buf_add(key, text);
        }
    }
    ENSURE(!key->full);
    return buf_str(key);
}

static struct base *find_base(struct router *router, struct matcher *matcher, struct event *event,
                              uint32_t *index)
{
    struct str key = base_key(router, event);
    struct value_memory_list list;
    uint64_t hash;

    if (value_memory_find(router->memory, TAG_BASE, key, &hash, &list)) {
        *index = list.numbers[0];
        return router->bases[*index];
    }
    struct base *base = new_base(router, event);
    base->route = new_route(router, matcher, event, base->entries);
    router->bases = plan_grow(router->bases, &router->base_capacity, router->base_count,
                              sizeof(*router->bases));
    *index = router->base_count++;
    router->bases[*index] = base;
    if (key.len <= KEY_BYTES_MAX)
        value_memory_add(router->memory, TAG_BASE, key, hash, index, 1);
    return base;
}

/* The route of a base for the entries of the event at hand. */
static const struct route *find_route(struct router *router, struct matcher *matcher,
                                      struct event *event, uint32_t index)
{
    const struct plan *plan = router->plan;
    struct buf *key = &router->key;
    struct value_memory_list list;
    uint64_t hash;

    buf_reset(key);
    buf_add_bytes(key, &index, sizeof(index));
    buf_add_bytes(key, router->entries, BIT_WORDS(plan->entry_count) * sizeof(uint64_t));
    if (value_memory_find(router->memory, TAG_ROUTE, buf_str(key), &hash, &list))
        return router->routes[list.numbers[0]];
    struct route *route = new_route(router, matcher, event, router->entries);
    value_memory_add(router->memory, TAG_ROUTE, buf_str(key), hash, &router->route_count, 1);
    return keep_route(router, route);
}

/* The same for the pending entries that hold for it. */
static const struct route *find_pending(struct router *router, struct matcher *matcher,
                                        struct event *event, const struct base *base,
                                        uint32_t index)
{
    const struct plan *plan = router->plan;
    size_t words = BIT_WORDS(plan->entry_count);

    for (uint32_t i = 0; i < words; i++)
        router->entries[i] = base->entries[i];
    for (uint32_t i = 0; i < base->pending_count; i++)
        if (entry_holds(router, &plan->entries[base->pending[i]], false, event))
            bit_set(router->entries, base->pending[i]);
    if (router->last.route && router->last.base == index &&
        memcmp(router->last.entries, router->entries, words * sizeof(uint64_t)) == 0)
        return router->last.route;
    router->last.route = find_route(router, matcher, event, index);
    router->last.base = index;
    for (uint32_t i = 0; i < words; i++)
        router->last.entries[i] = router->entries[i];
    return router->last.route;
}

static bool is_triggered(const struct base *base, const struct event *event)
{
    for (uint32_t i = 0; i < event->count; i++)
        if (bit_get(base->triggers, event->list[i].id))
            return true;
    return false;
}

const struct route *router_find(struct router *router, struct matcher *matcher, struct event *event)
{
    uint32_t index;

    if (arena_used(router->arena) > ROUTES_BYTES || router->base_count > BASES_MAX)
        forget(router);
    const struct base *base = find_base(router, matcher, event, &index);

    return is_triggered(base, event) ? find_pending(router, matcher, event, base, index)
                                     : base->route;
}
