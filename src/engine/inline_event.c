/* inline_event.c - see inline_event.h. */
#include "engine/inline_event.h"

#include "core/ensure.h"

#include <stdlib.h>

#define EVENT_BYTES_MAX ((size_t)512 << 20)

struct inline_event {
    const struct format *format;
    struct arena *arena;
    struct event *event;
    struct reader *reader;
};

struct inline_event *inline_event_new(const struct field_dictionary *fields)
{
    static const struct reader_options options = {.strict = true};
    struct inline_event *one = calloc(1, sizeof(*one));

    ENSURE(one);
    one->format = format_by_name(STR("json"));
    ENSURE(one->format);
    one->arena = arena_new("inline event", EVENT_BYTES_MAX);
    one->event = event_new(fields, one->arena);
    one->reader = one->format->reader_new(fields, &options);
    return one;
}

void inline_event_free(struct inline_event *one)
{
    if (!one)
        return;
    one->format->reader_free(one->reader);
    event_free(one->event);
    arena_free(one->arena);
    free(one);
}

struct event *inline_event_read(struct inline_event *one, struct str json, struct str format,
                                const char **why)
{
    struct window window = {.at = (const uint8_t *)json.at,
                            .end = (const uint8_t *)json.at + json.len,
                            .piece_end = json.len,
                            .last = true};
    struct carry carry = {0};
    struct damage damage = {0};

    if (one->format->look)
        one->format->look(json, &carry);
    one->format->reader_begin(one->reader, &carry, 0);
    if (one->format->next(one->reader, &window, one->event, &damage) != STEP_EVENT) {
        *why = damage.why ? damage.why : "there is no event in it";
        return NULL;
    }
    one->event->format = format.len > 0 ? format : str_from(one->format->name);
    return one->event;
}
