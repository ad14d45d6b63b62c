/* json_event.c - events of one reader that are read from JSON, whatever the JSON was made of. */
#include "formats/json_priv.h"

#include <stdlib.h>

void json_events_init(struct json_events *events, const struct field_dictionary *fields,
                      const struct reader_options *options)
{
    *events = (struct json_events){.text = STR_EMPTY};
    for (unsigned shape = 0; shape < JSON_SHAPES; shape++) {
        json_names_init(&events->names[shape], (enum json_shape)shape, fields);
        events->names[shape].zone = options->zone;
    }
}

void json_events_free(struct json_events *events)
{
    for (unsigned shape = 0; shape < JSON_SHAPES; shape++)
        json_names_free(&events->names[shape]);
    free(events->leaves.at);
}

void json_events_begin(struct json_events *events)
{
    for (unsigned shape = 0; shape < JSON_SHAPES; shape++)
        events->counts[shape] = (struct shape_count){.name = json_shape_names[shape]};
}

static void all_values(struct event *event, const struct value_visitor *visitor)
{
    const struct json_events *events = event->reader;

    for (uint32_t i = 0; i < events->leaves.count; i++) {
        const struct json_leaf *leaf = &events->leaves.at[i];
        bool text = leaf->kind == JSON_STRING;
        if (leaf->kind == JSON_NULL || (visitor->texts_only && !text))
            continue;
        if (text && visitor->knows &&
            visitor->knows(visitor->context, leaf->escaped ? RAW_JSON_ESCAPED : RAW_UTF8,
                           leaf->text))
            continue;
        visitor->visit(visitor->context, json_leaf_value(event->arena, leaf));
    }
}

void json_events_take(struct json_events *events, struct str text, uint64_t offset,
                      struct event *event)
{
    events->text = text;
    events->shape = json_record_fill(events->names, events->shape, text, event, &events->leaves);
    struct shape_count *count = &events->counts[events->shape];
    if (count->events++ == 0)
        count->example_offset = offset;
    event->offset = offset;
    event->all_values = all_values;
    event->reader = events;
}

size_t json_events_shapes(const struct json_events *events, struct shape_count shapes[SHAPES_MAX])
{
    size_t count = 0;

    for (unsigned shape = 0; shape < JSON_SHAPES; shape++)
        if (events->counts[shape].events > 0)
            shapes[count++] = events->counts[shape];
    return count;
}
