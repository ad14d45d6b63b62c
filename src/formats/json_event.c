/* json_event.c - events of one reader that are read from JSON, whatever the JSON was made of. */
#include "formats/json_priv.h"

#include <stdlib.h>

/* Following pays even if it succeeds for one record of three. */
#define LUCK_MAX 64u
#define LUCK_FOR_SUCCESS 2u
#define REST_RECORDS 512u

void json_events_init(struct json_events *events, const struct field_dictionary *fields,
                      const struct reader_options *options)
{
    *events = (struct json_events){.text = STR_EMPTY, .luck = LUCK_MAX};
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

static bool may_hold(const struct event *event, look_fn *look, const void *context)
{
    const struct json_events *events = (const void *)event->reader;

    return look(context, RAW_JSON_ESCAPED, events->text);
}

size_t json_events_follow(struct json_events *events, struct str text)
{
    enum json_shape shape = events->shape;

    for (unsigned tries = 1; events->resting == 0 && tries <= JSON_TRIES_MAX; tries++) {
        size_t len = json_track_follow(&events->names[shape], text, &events->leaves);
        if (len == 0)
            break;
        enum json_shape told = json_shape_of(events->leaves.hints);
        if (LIKELY(told == shape)) {
            events->shape = shape;
            events->luck += events->luck < LUCK_MAX ? LUCK_FOR_SUCCESS : 0;
            return len;
        }
        shape = told;
    }
    return 0;
}

void json_events_give(struct json_events *events, struct str text, uint64_t offset,
                      struct event *event)
{
    struct shape_count *count = &events->counts[events->shape];

    events->text = text;
    if (count->events++ == 0)
        count->example_offset = offset;
    json_record_give(&events->names[events->shape], &events->leaves, event);
    event->offset = offset;
    event->all_values = all_values;
    event->may_hold = may_hold;
    event->reader = events;
}

void json_events_read(struct json_events *events, struct str text, uint64_t offset,
                      struct event *event)
{
    bool resting = events->resting > 0;

    events->shape = json_record_read(events->names, events->shape, text, !resting, &events->leaves);
    if (resting) {
        events->resting--;
    } else if (--events->luck == 0) { /* every record is another: keeping account of them is vain */
        events->resting = REST_RECORDS;
        events->luck = LUCK_MAX / 2;
    }
    json_events_give(events, text, offset, event);
}

void json_events_take(struct json_events *events, struct str text, uint64_t offset,
                      struct event *event)
{
    if (json_events_follow(events, text) == text.len)
        json_events_give(events, text, offset, event);
    else
        json_events_read(events, text, offset, event);
}

size_t json_events_shapes(const struct json_events *events, struct shape_count shapes[SHAPES_MAX])
{
    size_t count = 0;

    for (unsigned shape = 0; shape < JSON_SHAPES; shape++)
        if (events->counts[shape].events > 0)
            shapes[count++] = events->counts[shape];
    return count;
}
