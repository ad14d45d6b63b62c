/* err.h - what the environment or a whole document may refuse, as a value. 0 is success.
 *
 * Where a person must see the reason, the function also takes a `struct why *`, filled with a
 * complete sentence without a final full stop, and untouched on success. */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#include "core/str.h"

#include <stdarg.h>

enum err {
    ERR_NONE = 0,
#define ERR(name, text) ERR_##name,
#include "core/err.def"
#undef ERR
    ERR_COUNT
};

#define WHY_MAX 4608 /* a path at its limit, and the sentence around it */

struct why {
    char text[WHY_MAX]; /* NUL-terminated, cut where it is longer */
};

const char *err_text(enum err err);
void why_set(struct why *why, const char *format, ...) PRINTF_LIKE(2, 3); /* accepts NULL */
/* The same with a place of a file in front, "PATH:LINE:COLUMN: "; the sentence is cut at 600
 * bytes. */
void why_set_at(struct why *why, struct str path, uint32_t line, uint32_t column,
                const char *format, va_list args) PRINTF_LIKE(5, 0);

#endif
