/* set_maker.h - sets of indicators for tests, from the text of a list or another form. */
#ifndef TESTS_SET_MAKER_H
#define TESTS_SET_MAKER_H

#include "core/compiler.h"
#include "indicators/indicator_file.h"
#include "testkit.h"

#include <stdarg.h>

static struct {
    struct indicator_set *set;
    struct indicator_file file;
    struct arena *arena;
} made;

/* False: it is of no known form. */
__attribute__((unused)) static bool make_set(struct str text)
{
    const char *why = NULL;

    indicator_set_free(made.set);
    made.set = indicator_set_new();
    if (!made.arena)
        made.arena = arena_new("test", (size_t)1 << 30);
    arena_reset(made.arena);
    bool good = indicator_file_read(made.set, STR("feed"), text, &made.file, &why);
    CHECK(good || (why && *why));
    indicator_set_compile(made.set, 99);
    return good;
}

/* The same from JSON, with ` for ". */
__attribute__((unused)) PRINTF_LIKE(1, 2) static bool make_json(const char *format, ...)
{
    char text[8192];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    CHECK(len > 0 && (size_t)len < sizeof(text));
    for (int i = 0; i < len; i++)
        if (text[i] == '`')
            text[i] = '"';
    return make_set((struct str){text, (size_t)len});
}

__attribute__((unused)) static struct indicator described(uint32_t index)
{
    struct indicator indicator;

    indicator_set_describe(made.set, index, made.arena, &indicator);
    return indicator;
}

/* "domain evil.example, hash ...": all of the set. */
__attribute__((unused)) static struct str listed(void)
{
    struct str all = STR_EMPTY;

    for (uint32_t i = 0; i < indicator_set_count(made.set); i++) {
        struct indicator indicator = described(i);
        struct str kind = indicator_kind_name(indicator.kind);
        all = arena_printf(made.arena, "%.*s%s%.*s %.*s", STR_ARG(all), i ? ", " : "",
                           STR_ARG(kind), STR_ARG(indicator.text));
    }
    return all;
}

/* "reason: count", of remarks of one kind. */
__attribute__((unused)) static struct str remarked(enum indicator_remark_kind kind)
{
    struct str all = STR_EMPTY;

    for (uint32_t i = 0; i < made.file.remark_count; i++) {
        const struct indicator_remark *remark = &made.file.remarks[i];
        if (remark->kind != kind)
            continue;
        all = arena_printf(made.arena, "%.*s%s%.*s: %llu", STR_ARG(all), all.len ? ", " : "",
                           STR_ARG(remark->reason), (unsigned long long)remark->count);
    }
    return all;
}

#endif
