/* matcher_keywords.c - keywords: all values of the event, folded and joined, searched together.
 *
 * Between two values stands the byte FF, which no keyword can contain, so that none is found
 * across values. Long events are searched in stretches. What a search only suggests (wildcards
 * inside a keyword, expressions) is confirmed value by value. */
#include "rules/matcher_priv.h"

#include "codec/utf.h"
#include "core/ensure.h"

#define STRETCH_BYTES ((size_t)64 << 10)
#define SEPARATOR ((char)0xff)

struct stretch {
    struct matcher *matcher;
    const struct field_plan *field;
};

static void set_found(struct matcher *m)
{
    for (uint32_t i = 0; i < m->found.count; i++)
        matcher_set(m, m->found.at[i]);
}

static bool some_value_matches(const struct matcher *m, const struct glob *glob)
{
    uint32_t start = 0;

    for (uint32_t i = 0; i < m->keyword_ends.count; i++) {
        if (glob_matches(glob, str_slice(buf_str(&m->keywords), start, m->keyword_ends.at[i])))
            return true;
        start = m->keyword_ends.at[i] + 1;
    }
    return false;
}

static void found_keyword(void *context, uint32_t id)
{
    struct matcher *m = context;
    const struct plan *plan = m->plan;
    struct span targets = plan->patterns[id].targets;

    for (uint32_t i = 0; i < targets.count; i++) {
        uint32_t target = plan->numbers[targets.start + i];
        const struct atom *atom = &plan->atoms[target >> 1];
        if (target & 1 || some_value_matches(m, &atom->predicate->glob))
            matcher_found_atom(m, atom);
    }
}

static void search_stretch(const struct stretch *stretch)
{
    struct matcher *m = stretch->matcher;

    if (m->keyword_ends.count) {
        matcher_begin_search(m);
        automaton_scan(stretch->field->folded, m->scratch, buf_str(&m->keywords), found_keyword, m);
        set_found(m);
    }
    buf_reset(&m->keywords);
    m->keyword_ends.count = 0;
}

static void add_value(void *context, struct value value)
{
    struct stretch *stretch = context;
    struct matcher *m = stretch->matcher;
    struct buf *out = &m->keywords;

    if (value.type == VALUE_NULL)
        return;
    if (stretch->field->raw) {
        struct field_plan raw = {.raw = stretch->field->raw};
        matcher_search_text(m, &raw, value.text, STR_EMPTY);
        set_found(m);
    }
    if (!stretch->field->folded)
        return;
    char *at = buf_reserve(out, FOLD_SIZE(value.text.len) + 1);
    ENSURE(at);
    out->len += fold_str(value.text, at);
    number_list_add(&m->keyword_ends, (uint32_t)out->len);
    buf_add_char(out, SEPARATOR);
    if (out->len >= STRETCH_BYTES)
        search_stretch(stretch);
}

void matcher_search_keywords(struct matcher *matcher, struct event *event)
{
    const struct plan *plan = matcher->plan;
    struct stretch stretch = {matcher, plan->fields[plan_field_index(plan, FIELD_KEYWORDS)]};

    if (!event->all_values || !stretch.field)
        return;
    event->all_values(event, add_value, &stretch);
    if (stretch.field->folded)
        search_stretch(&stretch);
}
