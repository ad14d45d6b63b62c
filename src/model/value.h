/* value.h - one value of an event: text with the type its source gave it.
 *
 * The text is always there, as UTF-8, and is what string comparisons see: integers in decimal as
 * they stood, booleans `true` and `false`, null the empty text. */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include "core/str.h"

enum value_type { VALUE_STRING, VALUE_INTEGER, VALUE_REAL, VALUE_BOOLEAN, VALUE_NULL };

struct value {
    struct str text; /* borrowed: from the window or the event's arena */
    enum value_type type;
};

/* Whether this text, folded, may stand in a value that is stored in another form than text: in a
 * number, a time, an identifier, true or false. */
bool value_may_be_no_text(struct str folded);

static inline struct value value_string(struct str text)
{
    return (struct value){text, VALUE_STRING};
}

#endif
