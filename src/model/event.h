/* event.h - the event view: one record as typed fields, borrowed from the window and an arena.
 *
 * Made once per thread and reused; it is valid until the next step of the format that filled it.
 * Field lookup by id costs one array access. A field may occur several times (a list): all members
 * count. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "core/arena.h"
#include "core/limits.h"
#include "model/field.h"
#include "model/value.h"

struct event_field {
    uint16_t id;
    uint16_t next;  /* index + 1 of the next occurrence of the same id; 0 at the last */
    bool fallback;  /* stands under a name that differs in case */
    uint8_t stored; /* 0, or how the value is stored: its text are those bytes, and not decoded */
    struct value value;
};

/* How values are stored that wait to be decoded: the types of BinXML (evtx_priv.h) are 1 to 127.
 * Equal bytes stored in the same way are the same value. */
#define STORED_UTF16LE 1u

/* How a text is stored in a record. Equal bytes in one form are equal texts. */
enum raw_form { RAW_UTF8, RAW_UTF16LE, RAW_JSON_ESCAPED, RAW_FORMS };

/* A look at bytes that hold texts in one form. */
typedef bool look_fn(const void *context, enum raw_form form, struct str bytes);

/* Someone who looks at all values of an event. */
struct value_visitor {
    void *context;
    void (*visit)(void *context, struct value value);
    /* Asked before a text is decoded; true: it need not be given. NULL: every one is given. The
     * bytes are valid until all_values returns. */
    bool (*knows)(void *context, enum raw_form form, struct str raw);
    bool texts_only; /* values that are stored in another form than text need not be given */
};

/* Someone who is asked of texts while a record is read, by formats that can do so: true: it may
 * hold what is looked for. */
struct text_watch {
    void *context;
    bool (*passes)(void *context, enum raw_form form, struct str raw);
};

enum watched { WATCHED_NOT, WATCHED_NOTHING, WATCHED_SOMETHING };

struct event {
    struct str format; /* in what it was found: "evtx"; set by whoever reads, kept over resets */

    /* where and when */
    int64_t time_ns;
    bool has_time;
    bool zone_assumed; /* whoever wrote the time did not say its zone */
    bool windows;      /* a Windows event record, in whatever format: Sigma product `windows` */
    uint64_t offset;   /* of the record's first byte, in unpacked bytes of the file */
    uint64_t record;   /* EVTX record id; 0 where the format has lines */
    uint64_t line;     /* 1-based, within the piece; 0 where the format has records */
    struct str raw;    /* the record's bytes (hashes; the raw line of text formats) */
    struct str host;   /* decoded for every event; empty if unknown */

    /* Every value the record has (keywords, indicators), decoded, in order; names are not values;
     * of text formats only the raw line. Set by the format; text may live in `arena`. */
    void (*all_values)(struct event *event, const struct value_visitor *visitor);
    /* A quick look before all_values. Calls `look` with bytes among which every text of the record
     * stands in this form, until it answers true, and returns that. False is certain: no text
     * holds what `look` looks for. True also where texts are stored otherwise. NULL: the same as
     * true. */
    bool (*may_hold)(const struct event *event, look_fn *look, const void *context);
    void *reader; /* borrowed; the format's own, for both */

    const struct text_watch *watch; /* borrowed; NULL: nobody; kept over resets */
    enum watched watched;           /* WATCHED_NOTHING: no text of all_values passed */

    /* what consumers asked for; most of it nobody looks at */
    struct value (*decode)(struct arena *arena, uint8_t stored, struct str bytes);
    const struct field_dictionary *fields; /* borrowed */
    struct arena *arena;                   /* borrowed; the format decodes values into it */
    uint32_t count;
    struct event_field *list; /* owned; EVENT_FIELDS_MAX; further ones are dropped and counted */
    uint16_t *first;          /* owned; by field id: index + 1 into list, 0 if absent */
    uint16_t *last;           /* owned; by field id, valid where first is not 0 */
    uint64_t fields_dropped;  /* over the event's whole life */
    uint64_t fallbacks_used;  /* the same: lookups that were served by case-insensitive names */
};

/* `fields` must be frozen and outlive the event, `arena` likewise. */
struct event *event_new(const struct field_dictionary *fields, struct arena *arena);
void event_free(struct event *event); /* accepts NULL */
/* Forgets all fields and resets the arena. */
void event_reset(struct event *event);

/* event_add where more is to be done than to append the first value of a field. */
void event_add_slowly(struct event *event, const struct field_ref *ref, struct value value);

/* Adds a value under what `ref` says its name serves. NULL ref: nothing happens. A name's exact
 * field displaces fallbacks of the same id. */
static inline void event_add(struct event *event, const struct field_ref *ref, struct value value)
{
    if (UNLIKELY(!ref || ref->fallback_count > 0 || event->first[ref->exact] ||
                 event->count == EVENT_FIELDS_MAX)) {
        event_add_slowly(event, ref, value);
        return;
    }
    event->list[event->count++] = (struct event_field){.id = ref->exact, .value = value};
    event->first[ref->exact] = event->last[ref->exact] = (uint16_t)event->count;
}
/* Adds under one id (derived fields, fields the format itself names). */
void event_add_id(struct event *event, uint16_t id, struct value value);

/* Adds a value that is decoded when somebody looks at it. It must not be null. */
void event_add_stored(struct event *event, const struct field_ref *ref, uint8_t stored,
                      struct str bytes);

/* As event_find and event_next_of, but without decoding. */
static inline struct event_field *event_find_stored(const struct event *event, uint16_t id)
{
    uint16_t at = event->first[id];

    return at ? &event->list[at - 1] : NULL;
}

static inline struct event_field *event_next_stored(const struct event *event,
                                                    const struct event_field *field)
{
    return field->next ? &event->list[field->next - 1] : NULL;
}

/* NULL is taken, and given back. */
static inline const struct event_field *event_decoded(const struct event *event,
                                                      struct event_field *field)
{
    if (field && field->stored) {
        field->value = event->decode(event->arena, field->stored, field->value.text);
        field->stored = 0;
    }
    return field;
}

/* First occurrence, or NULL. For the further ones: event_next_of. */
static inline const struct event_field *event_find(const struct event *event, uint16_t id)
{
    return event_decoded(event, event_find_stored(event, id));
}

static inline const struct event_field *event_next_of(const struct event *event,
                                                      const struct event_field *field)
{
    return event_decoded(event, event_next_stored(event, field));
}

#endif
