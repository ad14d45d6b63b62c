/* matcher_fields.c - searching the values of a field: by memory, else through its tables and
 * automata. */
#include "rules/matcher_priv.h"

#include "codec/utf.h"
#include "core/ensure.h"

#define PATTERN_BYTES_MAX ((size_t)1 << 30)
#define ANCHORED_MIN 64u /* of fewer patterns the automaton is as quick */

struct str matcher_fold(struct buf *out, struct str text)
{
    buf_reset(out);
    char *at = buf_reserve(out, FOLD_SIZE(text.len));
    ENSURE(at);
    return (struct str){at, fold_str(text, at)};
}

void matcher_found_atom(struct matcher *m, const struct atom *atom)
{
    const struct plan *plan = m->plan;

    for (uint32_t i = 0; i < atom->terms.count; i++) {
        uint32_t term = plan->numbers[atom->terms.start + i];
        if (m->found_in[term] == m->search)
            continue;
        m->found_in[term] = m->search;
        number_list_add(&m->found, term << 1 | (plan->gates[term].count > 0));
    }
}

/* The pattern was only a part of what the atom asks, or approximate. */
static bool confirmed(struct matcher *m, const struct atom *atom)
{
    const struct predicate *predicate = atom->predicate;

    if (predicate->kind == PREDICATE_GLOB)
        return glob_matches(&predicate->glob, predicate->cased ? m->raw : m->folded);
    enum regex_answer answer = matcher_regex(m, atom->regex, m->raw);
    if (answer == REGEX_GAVE_UP) {
        m->counts.gave_up++;
        m->gave_up = true;
    }
    return answer == REGEX_YES;
}

static void found_pattern(void *context, uint32_t id)
{
    struct matcher *m = context;
    const struct plan *plan = m->plan;
    struct span targets = plan->patterns[id].targets;

    for (uint32_t i = 0; i < targets.count; i++) {
        uint32_t target = plan->numbers[targets.start + i];
        const struct atom *atom = &plan->atoms[target >> 1];
        if (target & 1 || confirmed(m, atom))
            matcher_found_atom(m, atom);
    }
}

void matcher_begin_search(struct matcher *matcher)
{
    if (++matcher->search == 0) { /* started over: the marks of old would look new */
        for (uint32_t i = 0; i < matcher->plan->term_count; i++)
            matcher->found_in[i] = 0;
        matcher->search = 1;
    }
    matcher->found.count = 0;
    matcher->gave_up = false;
}

void matcher_search_text(struct matcher *matcher, const struct field_plan *field, struct str raw,
                         struct str folded)
{
    matcher->raw = raw;
    matcher->folded = folded;
    if (field->whole)
        affix_table_scan(field->whole, folded, found_pattern, matcher);
    if (field->prefix)
        affix_table_scan(field->prefix, folded, found_pattern, matcher);
    if (field->suffix)
        affix_table_scan(field->suffix, folded, found_pattern, matcher);
    if (field->folded)
        automaton_scan(field->folded, matcher->scratch, folded, found_pattern, matcher);
    if (field->raw)
        automaton_scan(field->raw, matcher->scratch, raw, found_pattern, matcher);
}

static bool is_searched_for_substrings_alone(const struct field_plan *tables)
{
    return tables && tables->folded && !tables->raw && !tables->whole && !tables->prefix &&
           !tables->suffix && !tables->keywords;
}

void matcher_make_filters(struct matcher *m)
{
    const struct plan *plan = m->plan;
    struct arena *scratch = arena_new("texts of a field", PATTERN_BYTES_MAX);
    struct str *texts = ARENA_ARRAY(scratch, struct str, plan->pattern_count);
    uint32_t *counts = ARENA_ARRAY(scratch, uint32_t, plan->dictionary->count);

    for (uint32_t i = 0; i < plan->pattern_count; i++)
        counts[plan->patterns[i].field]++;
    for (uint32_t field = 0; field < plan->dictionary->count; field++) {
        uint32_t count = 0;
        if (counts[field] < ANCHORED_MIN || !is_searched_for_substrings_alone(plan->fields[field]))
            continue;
        for (uint32_t i = 0; i < plan->pattern_count; i++)
            if (plan->patterns[i].field == field)
                texts[count++] = plan->patterns[i].text;
        m->anchors[field] = anchor_filter_new(texts, count, m->arena);
    }
    arena_free(scratch);
}

static bool may_find(const struct anchor_filter *filter, struct event *event,
                     struct event_field *field)
{
    if (field->stored == STORED_UTF16LE)
        return anchor_filter_may_find_utf16(filter, field->value.text);
    return anchor_filter_may_find(filter, event_decoded(event, field)->value.text);
}

/* What is stored in the same way and of equal bytes need not even be decoded. */
static uint32_t tag_of(const struct event_field *field)
{
    return (uint32_t)field->id << 8 | field->stored;
}

static bool is_awaited(const struct matcher *m, const struct event_field *field)
{
    return bit_get(m->route->gate_fields, field->id) && !m->anchors[field->id];
}

void matcher_await_fields(struct matcher *m, const struct event *event)
{
    for (uint32_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->list[i];
        if (!is_awaited(m, field))
            continue;
        m->hashes[i] = value_memory_hash(m->memory, tag_of(field), field->value.text);
        value_memory_await(m->memory, m->hashes[i]);
    }
    for (uint32_t i = 0; i < event->count; i++)
        if (is_awaited(m, &event->list[i]))
            value_memory_await_entry(m->memory, m->hashes[i]);
    m->hash_count = event->count;
}

static uint64_t hash_of(const struct matcher *m, const struct event *event,
                        const struct event_field *field)
{
    uint32_t at = (uint32_t)(field - event->list);

    return at < m->hash_count && is_awaited(m, field)
               ? m->hashes[at]
               : value_memory_hash(m->memory, tag_of(field), field->value.text);
}

static void search_value(struct matcher *m, const struct field_plan *tables, struct event *event,
                         struct event_field *field)
{
    uint32_t tag = tag_of(field);
    struct str stored = field->value.text;
    const struct anchor_filter *filter = m->anchors[field->id];
    struct value_memory_list list;

    if (filter && !may_find(filter, event, field))
        return;
    uint64_t hash = hash_of(m, event, field);
    if (!value_memory_find_hashed(m->memory, tag, stored, hash, &list)) {
        struct str text = event_decoded(event, field)->value.text;
        matcher_begin_search(m);
        matcher_search_text(m, tables, text, matcher_fold(&m->fold, text));
        /* what gave up is to be counted each time */
        if (!m->gave_up)
            value_memory_add(m->memory, tag, stored, hash, m->found.at, m->found.count);
        list = (struct value_memory_list){m->found.at, m->found.count};
    }
    for (uint32_t i = 0; i < list.count; i++)
        matcher_set(m, list.numbers[i]);
}

void matcher_search_field(struct matcher *matcher, struct event *event, uint16_t field)
{
    const struct plan *plan = matcher->plan;
    const struct field_plan *tables = plan->fields[field];

    matcher->searched[field] = matcher->epoch;
    if (tables && tables->keywords)
        matcher_search_keywords(matcher, event);
    if (!tables || !tables->searched || tables->keywords)
        return;
    struct event_field *at = event_find_stored(event, field);
    for (; at; at = event_next_stored(event, at))
        if (at->value.type != VALUE_NULL)
            search_value(matcher, tables, event, at);
}
