/* derive.c - fields that a taxonomy entry makes from the event's own. */
#include "rules/matcher_priv.h"

#define HEX_DIGITS_MAX 16u

static bool hex_value(struct str text, uint64_t *value)
{
    if (text.len < 3 || text.len > 2 + HEX_DIGITS_MAX || text.at[0] != '0' ||
        ascii_lower(text.at[1]) != 'x')
        return false;
    *value = 0;
    for (size_t i = 2; i < text.len; i++) {
        char c = ascii_lower(text.at[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        *value = *value << 4 | (uint64_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

static void derive_decimal(const struct derivation *derivation, struct event *event)
{
    const struct event_field *from = event_find(event, derivation->from[0]);

    for (; from; from = event_next_of(event, from)) {
        uint64_t number;
        struct value value = from->value;
        if (hex_value(value.text, &number))
            value = (struct value){arena_printf(event->arena, "%llu", (unsigned long long)number),
                                   VALUE_INTEGER};
        event_add_id(event, derivation->id, value);
    }
}

static void derive_map(const struct derivation *derivation, struct event *event)
{
    const struct field_mapping *mapping = derivation->mapping;
    const struct event_field *from = event_find(event, derivation->from[0]);

    for (; from; from = event_next_of(event, from)) {
        for (uint32_t i = 0; i < mapping->map_count; i++) {
            if (!str_eq_nocase(mapping->keys[i], from->value.text))
                continue;
            event_add_id(event, derivation->id, value_string(mapping->values[i]));
            break;
        }
    }
}

/* Of lists the first members: which others belong together nobody can tell. */
static void derive_join(const struct derivation *derivation, struct event *event)
{
    const struct field_mapping *mapping = derivation->mapping;
    struct buf out;

    for (uint32_t i = 0; i < derivation->from_count; i++) {
        const struct event_field *part = event_find(event, derivation->from[i]);
        if (!part || part->value.type == VALUE_NULL)
            return;
    }
    buf_init(&out, SIZE_MAX / 2);
    for (uint32_t i = 0; i < derivation->from_count; i++) {
        if (i)
            buf_add(&out, mapping->with);
        buf_add(&out, event_find(event, derivation->from[i])->value.text);
    }
    event_add_id(event, derivation->id, value_string(arena_str(event->arena, buf_str(&out))));
    buf_free(&out);
}

void derive_field(const struct derivation *derivation, struct event *event)
{
    if (event_find(event, derivation->id))
        return;
    switch (derivation->mapping->kind) {
    case DERIVE_NONE:
        break;
    case DERIVE_DECIMAL:
        derive_decimal(derivation, event);
        break;
    case DERIVE_JOIN:
        derive_join(derivation, event);
        break;
    case DERIVE_MAP:
        derive_map(derivation, event);
        break;
    }
}
