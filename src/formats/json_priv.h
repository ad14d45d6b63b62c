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
    struct json_name *follow;  /* what came behind it last time */
    struct json_place *places; /* behind its values (json_track.c) */
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
    struct json_place *start;   /* where every record begins */
    size_t ways_bytes;
    uint16_t channel; /* field ids; FIELD_NONE if nobody wants it */
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
    const struct json_name *name;
    enum json_kind kind;
    bool escaped;
};

/* All of a record, in order. */
struct json_leaves {
    struct json_leaf *at; /* owned, malloc'd */
    uint32_t count, max;
    uint32_t hints; /* of all their names */
};

void json_leaves_grow(struct json_leaves *leaves);

static inline struct json_leaf *json_leaves_add(struct json_leaves *leaves,
                                                const struct json_name *name)
{
    if (UNLIKELY(leaves->count == leaves->max))
        json_leaves_grow(leaves);
    struct json_leaf *leaf = &leaves->at[leaves->count++];
    leaf->name = name;
    leaves->hints |= name->hint;
    return leaf;
}

/* ---- what stands between values (json_track.c) ---- */

/* Where a reader stands behind a value. The value's name and the kinds of what is open tell all
 * that decides how the text may go on and what it means. */
struct json_place {
    uint64_t kinds; /* one bit per open level: 1 is an object */
    uint32_t depth;
    struct json_place *next; /* behind values of the same name */
    struct json_way *ways;   /* the one taken last comes first */
};

/* What was met behind a place, up to the next value or the end of the record: the same bytes mean
 * the same again. */
struct json_way {
    struct json_way *next;
    struct json_place *to;
    struct str between;
    const struct json_name *name; /* of the value; NULL: the record ends */
    bool quoted;                  /* the opening quote of a string is the last byte */
};

/* Reads the record at the start of `text` along ways that are known; gives its length. 0: it takes
 * another reader to tell what stands there. */
size_t json_track_follow(struct json_names *names, struct str text, struct json_leaves *leaves);
/* Notes what stood behind `from` in front of a value or, without a name, the end. */
void json_track_note(struct json_names *names, struct json_place *from, struct str between,
                     const struct json_name *name, bool quoted, struct json_place *to);
/* Behind a value of this name; NULL if such a place cannot be kept. */
struct json_place *json_track_place(struct json_names *names, struct json_name *name,
                                    const struct json_reader *reader);

/* ---- one record (json_record.c) ---- */

/* A record is read as if it had the shape of the one before it, and again if its names say
 * otherwise. The second reading has the right shape, unless hostile names filled a tree. */
#define JSON_TRIES_MAX 3

/* Finds the values of one object, and its shape; the text is whole and valid. `note`: for records
 * like it to be followed. */
enum json_shape json_record_read(struct json_names all[JSON_SHAPES], enum json_shape assumed,
                                 struct str text, bool note, struct json_leaves *leaves);
/* Fills the event. */
void json_record_give(const struct json_names *names, const struct json_leaves *leaves,
                      struct event *event);

struct value json_leaf_decode(struct arena *arena, const struct json_leaf *leaf);

static inline struct value json_leaf_value(struct arena *arena, const struct json_leaf *leaf)
{
    if (LIKELY(leaf->kind == JSON_STRING && !leaf->escaped))
        return value_string(leaf->text);
    return json_leaf_decode(arena, leaf);
}

/* ---- events of one reader (json_event.c) ---- */

/* Also for formats that bring their records into JSON first: what they are, their names say. */
struct json_events {
    struct json_names names[JSON_SHAPES];
    enum json_shape shape; /* of the last record */
    struct shape_count counts[JSON_SHAPES];
    struct json_leaves leaves;
    struct str text;  /* of the last record; borrowed */
    uint32_t luck;    /* goes down with each record that could not be followed */
    uint32_t resting; /* records until following is tried again */
};

void json_events_init(struct json_events *events, const struct field_dictionary *fields,
                      const struct reader_options *options);
void json_events_free(struct json_events *events);
/* Before each piece. */
void json_events_begin(struct json_events *events);
/* The length of the object at the start of `text` if it can be read as those before it, else 0.
 * Whatever text is: what is no valid object is not told here. */
size_t json_events_follow(struct json_events *events, struct str text);
/* Fills the event from the object that was just followed: `text` is its text alone. */
void json_events_give(struct json_events *events, struct str text, uint64_t offset,
                      struct event *event);
/* Fills the event from an object that could not be followed; its text is whole and valid. */
void json_events_read(struct json_events *events, struct str text, uint64_t offset,
                      struct event *event);
/* Either of both. The text stays until the next one. */
void json_events_take(struct json_events *events, struct str text, uint64_t offset,
                      struct event *event);
size_t json_events_shapes(const struct json_events *events, struct shape_count shapes[SHAPES_MAX]);

#endif
