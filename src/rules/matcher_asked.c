/* matcher_asked.c - of an event that matched, the values that correlations ask for. */
#include "rules/matcher_priv.h"

#include "codec/json.h"
#include "codec/sha256.h"
#include "codec/utf.h"

/* What one value may take of a correlation's memory: of a longer one the front, and a digest. */
#define VALUE_BYTES_MAX 1024u

static const struct variant *variant_of(const struct matcher *matcher,
                                        const struct sigma_rule *rule)
{
    const struct plan *plan = matcher->plan;

    for (uint32_t i = 0; i < matcher->hit_count; i++)
        if (plan->set->rules[plan->variants[matcher->hit_variants[i]].rule] == rule)
            return &plan->variants[matcher->hit_variants[i]];
    return NULL;
}

static struct str shortened(struct arena *arena, struct str text)
{
    char digest[SHA256_TEXT_SIZE];

    if (text.len <= VALUE_BYTES_MAX)
        return text;
    sha256_text(text, digest);
    struct str front = str_slice(text, 0, VALUE_BYTES_MAX);
    front.len = utf8_valid_length(front);
    return arena_printf(arena, "%.*s... (SHA-256 %s)", STR_ARG(front), digest);
}

/* Several values are one, written as a list. */
static struct str value_of(struct event *event, uint16_t id)
{
    const struct event_field *first = event_find(event, id);
    uint32_t count = 0;
    struct buf list;

    while (first && first->value.type == VALUE_NULL)
        first = event_next_of(event, first);
    if (!first)
        return (struct str){NULL, 0};
    for (const struct event_field *at = first; at; at = event_next_of(event, at))
        count += at->value.type != VALUE_NULL;
    if (count == 1)
        return shortened(event->arena, first->value.text);
    buf_init(&list, SIZE_MAX / 2);
    for (const struct event_field *at = first; at; at = event_next_of(event, at)) {
        if (at->value.type == VALUE_NULL)
            continue;
        buf_add_char(&list, list.len ? ',' : '[');
        json_write_str(&list, at->value.text);
    }
    buf_add_char(&list, ']');
    struct str text = shortened(event->arena, arena_str(event->arena, buf_str(&list)));
    buf_free(&list);
    return text;
}

void matcher_asked(struct matcher *matcher, struct event *event, const struct sigma_rule *rule,
                   struct str *values)
{
    const struct variant *variant = variant_of(matcher, rule);

    for (uint32_t i = 0; i < rule->asked_count; i++) {
        values[i] = (struct str){NULL, 0};
        for (uint32_t name = 0; variant && name < variant->name_count; name++)
            if (str_eq(variant->names[name], rule->asked[i]))
                values[i] = value_of(event, variant->ids[name]);
    }
}
