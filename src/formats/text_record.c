/* text_record.c - see text_record.h. */
#include "formats/text_record.h"

#include "codec/json.h"
#include "core/ensure.h"

void text_name_init(struct text_name *name, const struct field_dictionary *fields, struct str text)
{
    *name = (struct text_name){.name = text};
    text_name_also(name, fields, text);
}

void text_name_also(struct text_name *name, const struct field_dictionary *fields, struct str text)
{
    const struct field_ref *ref = fields_resolve(fields, text);

    if (!ref)
        return;
    ENSURE(name->ref_count < TEXT_REFS_MAX);
    name->refs[name->ref_count++] = ref;
}

struct value text_value_of(struct str text)
{
    bool plain = text.len > 0 && text.len < 19 && (text.at[0] != '0' || text.len == 1);

    for (size_t i = 0; plain && i < text.len; i++)
        plain = ascii_is_digit(text.at[i]);
    return (struct value){text, plain ? VALUE_INTEGER : VALUE_STRING};
}

static void give_line(struct event *event, const struct value_visitor *visitor)
{
    const struct text_line *line = event->reader;

    visitor->visit(visitor->context, value_string(line->text));
}

static bool line_may_hold(const struct event *event, look_fn *look, const void *context)
{
    const struct text_line *line = (const void *)event->reader;

    return look(context, RAW_UTF8, line->text);
}

void text_event_begin(struct event *event, const struct text_line *line)
{
    event_reset(event);
    struct text_line *kept = arena_alloc_bytes(event->arena, sizeof(*kept));
    *kept = *line;
    event->reader = (void *)kept;
    event->all_values = give_line;
    event->may_hold = line_may_hold;
    event->offset = line->offset;
    event->line = line->number;
    event->raw = line->raw;
}

void text_record_fill(const struct text_record *record, struct event *event)
{
    for (uint32_t i = 0; i < record->count; i++) {
        const struct text_value *value = &record->values[i];
        for (uint32_t j = 0; j < value->name->ref_count; j++)
            event_add(event, value->name->refs[j], value->value);
    }
    event->fields_dropped += record->dropped;
}

static void write_value(struct buf *json, struct value value)
{
    if (value.type == VALUE_NULL)
        buf_add(json, STR("null"));
    else if (value.type == VALUE_STRING)
        json_write_str(json, value.text);
    else
        buf_add(json, value.text);
}

/* The next value with the name of value `at`, behind it; `count` if there is none. */
static uint32_t next_of(const struct text_record *record, uint32_t at)
{
    const struct text_name *name = record->values[at].name;

    do
        at++;
    while (at < record->count && record->values[at].name != name);
    return at;
}

static bool is_first(const struct text_record *record, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (record->values[i].name == record->values[at].name)
            return false;
    return true;
}

void text_record_render(const struct text_record *record, struct buf *json)
{
    bool any = false;

    buf_add_char(json, '{');
    for (uint32_t i = 0; i < record->count; i++) {
        if (record->values[i].name->unseen || !is_first(record, i))
            continue;
        if (any)
            buf_add_char(json, ',');
        any = true;
        json_write_str(json, record->values[i].name->name);
        buf_add_char(json, ':');
        uint32_t next = next_of(record, i);
        if (next < record->count)
            buf_add_char(json, '[');
        write_value(json, record->values[i].value);
        for (uint32_t at = next; at < record->count; at = next_of(record, at)) {
            buf_add_char(json, ',');
            write_value(json, record->values[at].value);
        }
        if (next < record->count)
            buf_add_char(json, ']');
    }
    buf_add_char(json, '}');
}
