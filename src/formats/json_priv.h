/* json_priv.h - how the parts of the JSON reader work together. Private to formats/.
 *
 * Exporters write the same Windows event in many shapes. The shape is judged per record; each shape
 * has a tree of the names it was met with, and what each name serves is worked out once. */
#ifndef FORMATS_JSON_PRIV_H
#define FORMATS_JSON_PRIV_H

#include "codec/json.h"
#include "core/limits.h"
#include "core/map.h"
#include "formats/format.h"

enum json_shape {
    JSON_SHAPE_EVTX_DUMP,
    JSON_SHAPE_WINLOGBEAT,
    JSON_SHAPE_NXLOG,
    JSON_SHAPE_SPLUNK,
    JSON_SHAPE_FLAT,
    JSON_SHAPE_EVENT_VIEWER,
    JSON_SHAPE_DEFENDER,
    JSON_SHAPE_OTHER,
    JSON_SHAPES
};

extern const char *const json_shape_names[JSON_SHAPES]; /* as the summary shows them */

enum json_role {
    JSON_ROLE_NONE,
    JSON_ROLE_TIME,
    JSON_ROLE_UTC, /* a time that is UTC without saying so */
    JSON_ROLE_HOST,
    JSON_ROLE_CHANNEL /* holds the channel behind a colon: "XmlWinEventLog:Security" */
};

/* What the presence of a name says about the shape. */
enum json_hint {
    JSON_HINT_SYSTEM = 1 << 0,
    JSON_HINT_WINLOG = 1 << 1,
    JSON_HINT_EVENT_CODE = 1 << 2,
    JSON_HINT_SOURCE_NAME = 1 << 3,
    JSON_HINT_CHANNEL = 1 << 4,
    JSON_HINT_LOG_NAME = 1 << 5,
    JSON_HINT_PROVIDER = 1 << 6,
    JSON_HINT_EVENT_ID = 1 << 7,
    JSON_HINT_ID = 1 << 8,
    JSON_HINT_WINDOWS_SOURCE = 1 << 9, /* a Splunk source or source type of Windows events */
    JSON_HINT_VIEWER_ID = 1 << 10,
    JSON_HINT_VIEWER_TIME = 1 << 11,
    JSON_HINT_ACTION_TYPE = 1 << 12,
    JSON_HINT_DEVICE = 1 << 13
};

#define JSON_REFS_MAX 3

/* A member's name at one place of one shape. */
struct json_name {
    struct str key; /* as it stands in the input, escapes and all */
    struct str plain;
    const struct json_name *parent; /* NULL: the root */
    struct str path;                /* plain keys, joined by dots */
    uint32_t id;
    const struct field_ref *refs[JSON_REFS_MAX]; /* whom its values serve */
    uint32_t ref_count;
    enum json_role role;
    uint32_t rank; /* of several times or hosts the lowest rank counts */
    uint32_t hint;
    struct json_name *follow; /* what came behind it last time */
};

/* All names met under one shape. */
struct json_names {
    enum json_shape shape;
    const struct field_dictionary *fields;
    const struct time_zone *zone; /* reader_options */
    struct arena *arena;          /* owned */
    struct map ids;               /* parent's id and key -> place in `list` */
    struct json_name **list;
    uint32_t count;
    struct json_name *root;
    struct json_name *nameless; /* of no use to anybody: beyond the limits */
    uint16_t channel;           /* field ids; FIELD_NONE if nobody wants it */
};

void json_names_init(struct json_names *names, enum json_shape shape,
                     const struct field_dictionary *fields);
void json_names_free(struct json_names *names);
/* Between records: forgets everything if hostile input made it grow too large. */
void json_names_renew(struct json_names *names);
/* The name of a member; `last` is the name met before it. */
struct json_name *json_names_child(struct json_names *names, struct json_name *last,
                                   const struct json_name *parent, struct str key, bool escaped);

/* What a name says, enum json_hint. */
uint32_t json_hint_of(struct str path);
/* What the hints of a whole record say. */
enum json_shape json_shape_of(uint32_t hints);
/* Fills role, rank, hint and references of a new name (json_shape.c). */
void json_shape_name(const struct json_names *names, struct json_name *name);

/* A value of a record that is neither object nor array, as it stands in the input. */
struct json_leaf {
    struct str text;
    enum json_kind kind;
    bool escaped;
};

struct json_leaves {
    struct json_leaf *at; /* owned, malloc'd */
    uint32_t count, max;
};

/* Fills the event from one object and finds its shape; the text is whole and valid. *leaves: all
 * its values, in order. */
enum json_shape json_record_fill(struct json_names all[JSON_SHAPES], enum json_shape assumed,
                                 struct str text, struct event *event, struct json_leaves *leaves);
struct value json_leaf_value(struct arena *arena, const struct json_leaf *leaf);

/* ---- events of one reader (json_event.c) ---- */

/* Also for formats that bring their records into JSON first: what they are, their names say. */
struct json_events {
    struct json_names names[JSON_SHAPES];
    enum json_shape shape; /* of the last record */
    struct shape_count counts[JSON_SHAPES];
    struct json_leaves leaves;
    struct str text; /* of the last record; borrowed */
};

void json_events_init(struct json_events *events, const struct field_dictionary *fields,
                      const struct reader_options *options);
void json_events_free(struct json_events *events);
/* Before each piece. */
void json_events_begin(struct json_events *events);
/* Fills the event from one object. The text is whole and valid, and stays until the next one. */
void json_events_take(struct json_events *events, struct str text, uint64_t offset,
                      struct event *event);
size_t json_events_shapes(const struct json_events *events, struct shape_count shapes[SHAPES_MAX]);

#endif
