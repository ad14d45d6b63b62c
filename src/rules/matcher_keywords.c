/* matcher_keywords.c - keywords: all values of the event, those not seen before folded, joined and
 * searched together, for all log sources of the route whose rules have keywords.
 *
 * Texts repeat much, and are known by their stored bytes, before they are decoded. Between two
 * values stands the byte FF, which no keyword can contain, so that none is found across values.
 * Long events are searched in stretches. Where a stretch has a hit, its values are searched one by
 * one. */
#include "rules/matcher_priv.h"

#include "codec/utf.h"
#include "core/ensure.h"

#define STRETCH_BYTES ((size_t)64 << 10)
#define SEPARATOR ((char)0xff)

struct stretch {
    struct matcher *matcher;
    const struct route *route;
    bool each;  /* expressions, and what minds case, look at each value as it stands */
    bool asked; /* the next value is the text that was asked for last: `last` */
    struct kept_keyword last;
};

static const struct field_plan *tables_of(const struct stretch *stretch, uint32_t i)
{
    return stretch->matcher->plan->fields[stretch->route->keyword_fields[i]];
}

static void set_list(struct matcher *m, const uint32_t *numbers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        matcher_set(m, numbers[i]);
}

static bool knows_text(void *context, enum raw_form form, struct str raw)
{
    struct stretch *stretch = context;
    uint32_t tag = stretch->route->keyword_set << 2 | (uint32_t)form;
    struct value_memory_list list;
    uint64_t hash;

    if (value_memory_find(stretch->matcher->keyword_memory, tag, raw, &hash, &list)) {
        set_list(stretch->matcher, list.numbers, list.count);
        return true;
    }
    stretch->last = (struct kept_keyword){.raw = raw, .tag = tag, .hash = hash};
    stretch->asked = true;
    return false;
}

/* What is found now is what this text gives. */
static void remember(struct matcher *m, const struct kept_keyword *text)
{
    if (text->raw.at && !m->gave_up)
        value_memory_add(m->keyword_memory, text->tag, text->raw, text->hash, m->found.at,
                         m->found.count);
}

/* One value for itself. */
static void search_value(const struct stretch *stretch, struct str raw, struct str folded,
                         const struct kept_keyword *text)
{
    struct matcher *m = stretch->matcher;

    matcher_begin_search(m);
    for (uint32_t i = 0; i < stretch->route->keyword_count; i++)
        matcher_search_text(m, tables_of(stretch, i), raw, folded);
    set_list(m, m->found.at, m->found.count);
    remember(m, text);
}

static void note_hit(void *context, uint32_t id)
{
    bool *hit = context;

    (void)id;
    *hit = true;
}

/* Nearly always nothing is found in all of them together. One alone is searched at once. */
static void search_stretch(const struct stretch *stretch)
{
    struct matcher *m = stretch->matcher;
    struct str all = buf_str(&m->keywords);
    bool hit = m->kept_count == 1;
    uint32_t start = 0;

    for (uint32_t i = 0; i < stretch->route->keyword_count && m->kept_count > 0; i++)
        if (!hit && tables_of(stretch, i)->folded)
            automaton_scan(tables_of(stretch, i)->folded, m->scratch, all, note_hit, &hit);
    matcher_begin_search(m);
    for (uint32_t i = 0; i < m->kept_count; i++) {
        const struct kept_keyword *text = &m->kept[i];
        if (hit)
            search_value(stretch, STR_EMPTY, str_slice(all, start, text->end), text);
        else
            remember(m, text);
        start = text->end + 1;
    }
    buf_reset(&m->keywords);
    m->kept_count = 0;
}

static void add_value(void *context, struct value value)
{
    struct stretch *stretch = context;
    struct matcher *m = stretch->matcher;
    struct buf *out = &m->keywords;
    struct kept_keyword text = stretch->asked ? stretch->last : (struct kept_keyword){0};

    stretch->asked = false;
    if (value.type == VALUE_NULL)
        return;
    if (stretch->each) {
        search_value(stretch, value.text, matcher_fold(&m->fold, value.text), &text);
        return;
    }
    char *at = buf_reserve(out, FOLD_SIZE(value.text.len) + 1);
    ENSURE(at);
    out->len += fold_str(value.text, at);
    text.end = (uint32_t)out->len;
    buf_add_char(out, SEPARATOR);
    m->kept[m->kept_count++] = text;
    if (out->len >= STRETCH_BYTES || m->kept_count == KEPT_KEYWORDS_MAX)
        search_stretch(stretch);
}

static bool look(const void *context, enum raw_form form, struct str bytes)
{
    const struct route *route = context;
    const struct needle_filter *filter = route->keyword_filters[form];

    return !filter || needle_filter_may_find(filter, bytes);
}

bool matcher_may_wake_keywords(const struct matcher *matcher, const struct event *event)
{
    return !event->may_hold || event->may_hold(event, look, matcher->route);
}

void matcher_search_keywords(struct matcher *matcher, struct event *event)
{
    struct stretch stretch = {.matcher = matcher, .route = matcher->route};
    bool searched = false, need_text = true;

    for (uint32_t i = 0; i < stretch.route->keyword_count; i++) {
        const struct field_plan *tables = tables_of(&stretch, i);
        matcher->searched[stretch.route->keyword_fields[i]] = matcher->epoch;
        searched |= tables->searched;
        need_text &= tables->keywords_need_text;
        stretch.each |= tables->raw != NULL;
    }
    if (!event->all_values || !searched)
        return;
    event->all_values(event, &(struct value_visitor){.context = &stretch,
                                                     .visit = add_value,
                                                     .knows = knows_text,
                                                     .texts_only = need_text});
    search_stretch(&stretch);
}
