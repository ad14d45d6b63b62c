/* json_record.c - one JSON object into the event.
 *
 * The record is read as if it had the shape of the one before it; if its names say otherwise at the
 * end, it is read again as what it is. */
#include "codec/time_text.h"
#include "core/ensure.h"
#include "formats/json_priv.h"

#include <stdlib.h>

/* The second reading has the right shape, unless hostile names filled one of the trees. */
#define TRIES_MAX 3

struct filling {
    struct json_names *names;
    struct event *event;
    struct json_leaves *leaves;
    uint32_t hints;
    uint32_t time_rank, host_rank;
    struct str channel_source;
};

struct value json_leaf_value(struct arena *arena, const struct json_leaf *leaf)
{
    struct value value = {leaf->text, VALUE_STRING};

    switch (leaf->kind) {
    case JSON_STRING:
        if (leaf->escaped) {
            char *out = arena_alloc_bytes(arena, leaf->text.len);
            value.text = (struct str){out, json_unescape(leaf->text, out)};
        }
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

static const struct json_leaf *add_leaf(struct json_leaves *leaves, const struct json_token *token)
{
    if (leaves->count == leaves->max) {
        leaves->max = leaves->max ? 2 * leaves->max : 64;
        leaves->at = realloc(leaves->at, leaves->max * sizeof(*leaves->at));
        ENSURE(leaves->at);
    }
    leaves->at[leaves->count] = (struct json_leaf){token->text, token->kind, token->escaped};
    return &leaves->at[leaves->count++];
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

static void take_value(struct filling *f, const struct json_name *name,
                       const struct json_leaf *leaf)
{
    f->hints |= name->hint;
    if (name->ref_count == 0 && name->role == JSON_ROLE_NONE)
        return;
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

static void fill(struct filling *f, struct str text)
{
    struct json_name *stack[JSON_DEPTH_MAX + 1];
    struct json_name *last = f->names->root, *name;
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
            name = f->names->root;
        else if (token.key.at)
            last = name =
                json_names_child(f->names, last, stack[depth - 1], token.key, token.key_escaped);
        else
            name = stack[depth - 1]; /* a member of an array goes by the array's name */
        /* NOLINTEND(clang-analyzer-core.*) */
        if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY)
            stack[depth++] = name;
        else
            take_value(f, name, add_leaf(f->leaves, &token));
    } while (depth > 0);
}

enum json_shape json_record_fill(struct json_names all[JSON_SHAPES], enum json_shape assumed,
                                 struct str text, struct event *event, struct json_leaves *leaves)
{
    /* what is counted over the event's life counts once, however often the record is read */
    const uint64_t dropped = event->fields_dropped, fallbacks = event->fallbacks_used;

    for (unsigned tries = 1;; tries++) {
        event->fields_dropped = dropped;
        event->fallbacks_used = fallbacks;
        struct filling f = {.names = &all[assumed], .event = event, .leaves = leaves};
        leaves->count = 0;
        json_names_renew(f.names);
        event_reset(event);
        fill(&f, text);
        enum json_shape shape = json_shape_of(f.hints);
        if (shape == assumed || tries == TRIES_MAX) {
            shape = assumed;
            if (shape == JSON_SHAPE_SPLUNK)
                take_channel_source(&f);
            event->windows = shape != JSON_SHAPE_OTHER && shape != JSON_SHAPE_DEFENDER;
            return shape;
        }
        assumed = shape;
    }
}
