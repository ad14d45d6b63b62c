/* event.c - filling and clearing the event view. */
#include "model/event.h"

#include "core/ensure.h"

#include <stdlib.h>

struct event *event_new(const struct field_dictionary *fields, struct arena *arena)
{
    struct event *event = calloc(1, sizeof(*event));

    ENSURE(event && fields->frozen);
    event->fields = fields;
    event->arena = arena;
    event->format = STR_EMPTY;
    event->list = calloc(EVENT_FIELDS_MAX, sizeof(*event->list));
    event->first = calloc(fields->count + 1u, sizeof(*event->first));
    event->last = calloc(fields->count + 1u, sizeof(*event->last));
    ENSURE(event->list && event->first && event->last);
    return event;
}

void event_free(struct event *event)
{
    if (!event)
        return;
    free(event->list);
    free(event->first);
    free(event->last);
    free(event);
}

static void forget_fields(struct event *event)
{
    for (uint32_t i = 0; i < event->count; i++)
        event->first[event->list[i].id] = 0;
    event->count = 0;
}

void event_reset(struct event *event)
{
    forget_fields(event);
    event->time_ns = 0;
    event->has_time = false;
    event->zone_assumed = false;
    event->windows = false;
    event->offset = event->record = event->line = 0;
    event->raw = event->host = STR_EMPTY;
    event->all_values = NULL;
    event->may_hold = NULL;
    event->decode = NULL;
    event->reader = NULL;
    event->watched = WATCHED_NOT;
    arena_reset(event->arena);
}

/* Member by member: a field that is put together elsewhere and copied costs more than all else. */
static void append(struct event *event, uint16_t id, bool fallback, uint8_t stored, struct str text,
                   enum value_type type)
{
    if (UNLIKELY(event->count == EVENT_FIELDS_MAX)) {
        event->fields_dropped++;
        return;
    }
    uint16_t index = (uint16_t)(event->count++ + 1);
    struct event_field *field = &event->list[index - 1];

    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): event_new stops without a list */
    field->id = id;
    field->next = 0;
    field->fallback = fallback;
    field->stored = stored;
    field->value.text = text;
    field->value.type = type;
    if (event->first[id])
        event->list[event->last[id] - 1].next = index;
    else
        event->first[id] = index;
    event->last[id] = index;
}

/* Takes out the fallbacks of `id`; rare, so everything is simply linked anew. */
static void displace_fallbacks(struct event *event, uint16_t id)
{
    uint32_t count = event->count;

    forget_fields(event);
    for (uint32_t i = 0; i < count; i++) {
        struct event_field field = event->list[i];
        if (field.id != id)
            append(event, field.id, field.fallback, field.stored, field.value.text,
                   field.value.type);
    }
}

static void add_exact(struct event *event, uint16_t id, uint8_t stored, struct str text,
                      enum value_type type)
{
    const struct event_field *present = event_find_stored(event, id);

    if (UNLIKELY(present && present->fallback))
        displace_fallbacks(event, id);
    append(event, id, false, stored, text, type);
}

static void add(struct event *event, const struct field_ref *ref, uint8_t stored, struct str text,
                enum value_type type)
{
    if (!ref)
        return;
    if (ref->exact != FIELD_NONE)
        add_exact(event, ref->exact, stored, text, type);
    for (uint32_t i = 0; i < ref->fallback_count; i++) {
        const struct event_field *present = event_find_stored(event, ref->fallbacks[i]);
        if (present && !present->fallback)
            continue;
        append(event, ref->fallbacks[i], true, stored, text, type);
        event->fallbacks_used++;
    }
}

void event_add_id(struct event *event, uint16_t id, struct value value)
{
    add_exact(event, id, 0, value.text, value.type);
}

void event_add_slowly(struct event *event, const struct field_ref *ref, struct value value)
{
    add(event, ref, 0, value.text, value.type);
}

void event_add_stored(struct event *event, const struct field_ref *ref, uint8_t stored,
                      struct str bytes)
{
    add(event, ref, stored, bytes, VALUE_STRING);
}
