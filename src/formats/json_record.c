/* json_record.c - one JSON object into the event.
 *
 * The record is read as if it had the shape of the one before it; if its names say otherwise at the
 * end, it is read again as what it is. */
#include "codec/time_text.h"
#include "core/ensure.h"
#include "formats/json_priv.h"

#include <stdlib.h>

struct filling {
    const struct json_names *names;
    struct event *event;
    uint32_t time_rank, host_rank;
    struct str channel_source;
};

struct value json_leaf_decode(struct arena *arena, const struct json_leaf *leaf)
{
    struct value value = {leaf->text, VALUE_STRING};
    char *out;

    switch (leaf->kind) {
    case JSON_STRING:
        out = arena_alloc_bytes(arena, leaf->text.len);
        value.text = (struct str){out, json_unescape(leaf->text, out)};
        break;
    case JSON_NUMBER:
        value.type = VALUE_INTEGER;
        for (size_t i = 0; i < leaf->text.len; i++)
            if (leaf->text.at[i] == '.' || ascii_lower(leaf->text.at[i]) == 'e')
                value.type = VALUE_REAL;
        break;
    case JSON_NULL:
        value = (struct value){STR_EMPTY, VALUE_NULL};
        break;
    default:
        value.type = VALUE_BOOLEAN;
    }
    return value;
}

void json_leaves_grow(struct json_leaves *leaves)
{
    leaves->max = leaves->max ? 2 * leaves->max : 64;
    leaves->at = realloc(leaves->at, leaves->max * sizeof(*leaves->at));
    ENSURE(leaves->at);
}

static void take_time(struct filling *f, const struct json_name *name, struct value value)
{
    bool has_zone = true;
    int64_t time_ns;

    if ((f->event->has_time && f->time_rank <= name->rank) || value.type == VALUE_BOOLEAN)
        return;
    if (!time_from_number(value.text, &time_ns) && !time_parse(value.text, &time_ns, &has_zone))
        return;
    f->time_rank = name->rank;
    f->event->time_ns = time_ns;
    f->event->has_time = true;
    f->event->zone_assumed = false;
    if (!has_zone && name->role == JSON_ROLE_TIME)
        format_local_time(f->event, f->names->zone, time_ns);
}

static void take_value(struct filling *f, const struct json_leaf *leaf)
{
    const struct json_name *name = leaf->name;
    struct value value = json_leaf_value(f->event->arena, leaf);

    if (name->role == JSON_ROLE_TIME || name->role == JSON_ROLE_UTC) {
        take_time(f, name, value);
    } else if (name->role == JSON_ROLE_HOST && value.text.len > 0 &&
               (f->event->host.len == 0 || name->rank < f->host_rank)) {
        f->event->host = value.text;
        f->host_rank = name->rank;
    } else if (name->role == JSON_ROLE_CHANNEL) {
        f->channel_source = value.text;
    }
    for (uint32_t i = 0; i < name->ref_count; i++)
        event_add(f->event, name->refs[i], value);
}

/* Splunk names the channel in `source` if nowhere else: "XmlWinEventLog:Security". */
static void take_channel_source(struct filling *f)
{
    size_t colon = str_find_byte(f->channel_source, ':');
    uint16_t channel = f->names->channel;

    if (channel == FIELD_NONE || colon == f->channel_source.len || event_find(f->event, channel))
        return;
    if (!str_ends_with(str_slice(f->channel_source, 0, colon), STR("WinEventLog")))
        return;
    event_add_id(f->event, channel,
                 value_string(str_slice(f->channel_source, colon + 1, f->channel_source.len)));
}

/* ---- reading ---- */

/* The text as a whole, name by name. */
static void walk(struct json_names *names, struct str text, bool note, struct json_leaves *leaves)
{
    struct json_name *stack[JSON_DEPTH_MAX + 1] UNINITIALISED;
    struct json_name *last = names->root, *name;
    struct json_place *place = note ? names->start : NULL; /* the last one */
    const char *behind = text.at;
    struct json_reader reader;
    uint32_t depth = 0;

    json_open(&reader, text, true, false);
    do {
        struct json_token token = json_next(&reader);
        if (token.kind == JSON_END) {
            depth--;
            continue;
        }
        if (token.kind == JSON_MORE || token.kind == JSON_BROKEN)
            return;
        /* stack[depth - 1] was set when that object or array was entered
         * NOLINTBEGIN(clang-analyzer-core.*) */
        if (depth == 0)
            name = names->root;
        else if (token.key.at)
            last = name =
                json_names_child(names, last, stack[depth - 1], token.key, token.key_escaped);
        else
            name = stack[depth - 1]; /* a member of an array goes by the array's name */
        /* NOLINTEND(clang-analyzer-core.*) */
        if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY) {
            stack[depth++] = name;
            continue;
        }
        struct json_leaf *leaf = json_leaves_add(leaves, name);
        leaf->text = token.text;
        leaf->kind = token.kind;
        leaf->escaped = token.escaped;
        if (!note)
            continue;
        bool quoted = token.kind == JSON_STRING;
        struct json_place *to = json_track_place(names, name, &reader);
        struct str between = {behind, (size_t)(token.text.at - behind)};
        json_track_note(names, place, between, name, quoted, to);
        place = to;
        behind = token.text.at + token.text.len + quoted;
    } while (depth > 0);
    json_track_note(names, place, (struct str){behind, (size_t)(reader.at - behind)}, NULL, false,
                    NULL);
}

enum json_shape json_record_read(struct json_names all[JSON_SHAPES], enum json_shape assumed,
                                 struct str text, bool note, struct json_leaves *leaves)
{
    for (unsigned tries = 1;; tries++) {
        leaves->count = leaves->hints = 0;
        json_names_renew(&all[assumed]);
        walk(&all[assumed], text, note, leaves);
        enum json_shape shape = json_shape_of(leaves->hints);
        if (shape == assumed || tries == JSON_TRIES_MAX)
            return assumed;
        assumed = shape;
    }
}

void json_record_give(const struct json_names *names, const struct json_leaves *leaves,
                      struct event *event)
{
    struct filling f = {.names = names, .event = event};

    event_reset(event);
    for (uint32_t i = 0; i < leaves->count; i++) {
        const struct json_leaf *leaf = &leaves->at[i];
        if (leaf->name->ref_count > 0 || leaf->name->role != JSON_ROLE_NONE)
            take_value(&f, leaf);
    }
    if (names->shape == JSON_SHAPE_SPLUNK)
        take_channel_source(&f);
    event->windows = names->shape != JSON_SHAPE_OTHER && names->shape != JSON_SHAPE_DEFENDER;
}
