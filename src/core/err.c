/* err.c - texts of refusals. */
#include "core/err.h"

#include "core/ensure.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const texts[] = {
    "no error",
#define ERR(name, text) text,
#include "core/err.def"
#undef ERR
};

const char *err_text(enum err err)
{
    ENSURE((size_t)err < ARRAY_COUNT(texts));
    return texts[err];
}

void why_set(struct why *why, const char *format, ...)
{
    va_list args;

    if (!why)
        return;
    va_start(args, format);
    vsnprintf(why->text, sizeof(why->text), format, args);
    va_end(args);
}
