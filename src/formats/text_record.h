/* text_record.h - the record of a text format: named values of a line, in order.
 *
 * A format names its values once (when its reader is made, or at a header line) and then adds
 * slices; what nobody asked for is not looked at again unless the record is rendered. */
#ifndef FORMATS_TEXT_RECORD_H
#define FORMATS_TEXT_RECORD_H

#include "formats/text_line.h"

#define TEXT_REFS_MAX 3

/* A name, and whom its values serve: the fields of this name, and of others that it stands for. */
struct text_name {
    struct str name;
    const struct field_ref *refs[TEXT_REFS_MAX];
    uint32_t ref_count;
    bool unseen; /* for rules only: another name prints what its values say */
};

/* `name` is kept as it is: a literal, or in an arena that lives as long. */
void text_name_init(struct text_name *name, const struct field_dictionary *fields, struct str text);
/* Its values also serve fields of this name. */
void text_name_also(struct text_name *name, const struct field_dictionary *fields, struct str text);
static inline bool text_name_is_wanted(const struct text_name *name)
{
    return name->ref_count > 0;
}

struct text_value {
    const struct text_name *name;
    struct value value;
};

#define TEXT_VALUES_MAX 512

/* More than TEXT_VALUES_MAX values of one record are dropped, and counted in the event. */
struct text_record {
    uint32_t count, dropped;
    struct text_value values[TEXT_VALUES_MAX];
};

static inline void text_record_add(struct text_record *record, const struct text_name *name,
                                   struct value value)
{
    if (record->count == TEXT_VALUES_MAX)
        record->dropped++;
    else
        record->values[record->count++] = (struct text_value){name, value};
}

/* A text as it is, or a whole number where it is written as one. */
struct value text_value_of(struct str text);

/* Begins the event of this line: resets it, says where it stands, and offers the whole line as
 * its only value. Then the format adds its values, sets time and host, and fills. */
void text_event_begin(struct event *event, const struct text_line *line);
/* Gives the record's values to the event. */
void text_record_fill(const struct text_record *record, struct event *event);
/* As one flat JSON object; a name that comes again gives an array. Unseen names are left out. */
void text_record_render(const struct text_record *record, struct buf *json);

#endif
