/* err.c - texts of refusals. */
#include "core/err.h"

#include "core/ensure.h"

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

void why_set_at(struct why *why, struct str path, uint32_t line, uint32_t column,
                const char *format, va_list args)
{
    struct why reason;

    vsnprintf(reason.text, sizeof(reason.text), format, args);
    why_set(why, "%.*s:%u:%u: %.600s", STR_ARG(path), line, column, reason.text);
}
