/* automaton.c - the one place that knows Vectorscan. */
#include "match/automaton.h"

#include "core/buf.h"
#include "core/ensure.h"

#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

/* On x86-64 the library holds its runtime several times over and takes one by the processor. In
 * version 5.4.9 (Debian 12) those for AVX2 and AVX-512 miss what stands within the last bytes of a
 * text (`bc\z` beside `xy\z`, `xy` beside `foo` and `^xy`); that for SSE does not. Where it is not
 * there, on other processors or in another build of the library, hs_scan is the only one. */
extern hs_error_t corei7_hs_scan(const hs_database_t *database, const char *data, unsigned len,
                                 unsigned flags, hs_scratch_t *scratch,
                                 match_event_handler on_event, void *context) __attribute__((weak));

static bool is_sse_runtime_there(void)
{
#ifdef __x86_64__
    return corei7_hs_scan && __builtin_cpu_supports("sse4.2");
#else
    return false;
#endif
}

/* Databases must be made for the runtime that reads them. */
static const hs_platform_info_t *platform_of_databases(void)
{
    static const hs_platform_info_t generic = {.tune = HS_TUNE_FAMILY_GENERIC};

    return is_sse_runtime_there() ? &generic : NULL;
}

struct automaton {
    hs_database_t *database;
    const uint32_t *ids; /* NULL: as they are */
};

struct automaton_scratch {
    hs_scratch_t *scratch;
};

#define ANCHORS (unsigned)(AUTOMATON_AT_START | AUTOMATON_AT_END)

static unsigned library_flags(unsigned flags)
{
    unsigned out = HS_FLAG_SINGLEMATCH;

    if (!(flags & AUTOMATON_REGEX))
        return out;
    out |= HS_FLAG_UTF8;
    out |= flags & AUTOMATON_CASELESS ? HS_FLAG_CASELESS : 0;
    out |= flags & AUTOMATON_MULTILINE ? HS_FLAG_MULTILINE : 0;
    out |= flags & AUTOMATON_DOTALL ? HS_FLAG_DOTALL : 0;
    out |= flags & AUTOMATON_PREFILTER ? HS_FLAG_PREFILTER : 0;
    return out;
}

/* As an expression: every byte of a literal escaped, which holds for all bytes, NUL included. */
static const char *as_expression(const struct automaton_pattern *pattern, struct arena *arena)
{
    struct buf out;

    if (pattern->flags & AUTOMATON_REGEX)
        return arena_str(arena, pattern->text).at;
    buf_init(&out, 4 * pattern->text.len + 8);
    if (pattern->flags & AUTOMATON_AT_START)
        buf_add(&out, STR("\\A"));
    for (size_t i = 0; i < pattern->text.len; i++)
        buf_printf(&out, "\\x%02x", (uint8_t)pattern->text.at[i]);
    if (pattern->flags & AUTOMATON_AT_END)
        buf_add(&out, STR("\\z"));
    ENSURE(!out.full);
    const char *expression = arena_str(arena, buf_str(&out)).at;
    buf_free(&out);
    return expression;
}

struct inputs {
    const char **texts;
    size_t *lengths;
    unsigned *flags, *ids;
    bool plain; /* literals without anchors only */
};

static struct inputs inputs_of(const struct automaton_pattern *patterns, uint32_t count,
                               struct arena *arena)
{
    struct inputs in = {
        ARENA_ARRAY(arena, const char *, count),
        ARENA_ARRAY(arena, size_t, count),
        ARENA_ARRAY(arena, unsigned, count),
        ARENA_ARRAY(arena, unsigned, count),
        true,
    };

    for (uint32_t i = 0; i < count; i++)
        in.plain &= !(patterns[i].flags & (AUTOMATON_REGEX | ANCHORS)) && patterns[i].text.len;
    for (uint32_t i = 0; i < count; i++) {
        in.texts[i] = in.plain ? patterns[i].text.at : as_expression(&patterns[i], arena);
        in.lengths[i] = patterns[i].text.len;
        in.flags[i] = library_flags(patterns[i].flags);
        in.ids[i] = patterns[i].id;
    }
    return in;
}

/* An expression with a NUL byte would be cut there by the library. */
static bool has_nul(const struct automaton_pattern *pattern)
{
    return pattern->flags & AUTOMATON_REGEX &&
           str_find_byte(pattern->text, '\0') < pattern->text.len;
}

bool automaton_takes(const struct automaton_pattern *pattern)
{
    hs_expr_info_t *details = NULL;
    hs_compile_error_t *error = NULL;

    if (has_nul(pattern))
        return false;
    struct arena *arena = arena_new("expression", (size_t)64 << 20);
    hs_error_t answer = hs_expression_info(as_expression(pattern, arena),
                                           library_flags(pattern->flags), &details, &error);
    bool takes = answer == HS_SUCCESS && details->min_width > 0;
    arena_free(arena);
    free(details);
    hs_free_compile_error(error);
    return takes;
}

static hs_error_t compile(const struct automaton_pattern *patterns, uint32_t count,
                          hs_database_t **database, hs_compile_error_t **error)
{
    const hs_platform_info_t *platform = platform_of_databases();
    struct arena *arena = arena_new("automaton patterns", (size_t)2 << 30);
    struct inputs in = inputs_of(patterns, count, arena);
    hs_error_t answer = in.plain
                            ? hs_compile_lit_multi(in.texts, in.flags, in.ids, in.lengths, count,
                                                   HS_MODE_BLOCK, platform, database, error)
                            : hs_compile_multi(in.texts, in.flags, in.ids, count, HS_MODE_BLOCK,
                                               platform, database, error);

    arena_free(arena);
    return answer;
}

/* The database in the arena. The library allocates databases itself; this is its way to put one
 * elsewhere. */
static hs_database_t *moved(hs_database_t *database, struct arena *arena)
{
    char *bytes = NULL;
    size_t size, needed;

    ENSURE(hs_serialize_database(database, &bytes, &size) == HS_SUCCESS);
    hs_free_database(database);
    ENSURE(hs_serialized_database_size(bytes, size, &needed) == HS_SUCCESS);
    database = arena_alloc(arena, needed);
    ENSURE(hs_deserialize_database_at(bytes, size, database) == HS_SUCCESS);
    free(bytes);
    return database;
}

enum err automaton_build(const struct automaton_pattern *patterns, uint32_t count,
                         struct arena *arena, struct automaton **automaton, uint32_t *bad,
                         struct why *why)
{
    hs_compile_error_t *error = NULL;
    hs_database_t *database = NULL;

    *bad = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (has_nul(&patterns[i])) {
            *bad = i;
            why_set(why, "the expression contains a NUL byte");
            return ERR_INVALID;
        }
    }
    if (hs_valid_platform() != HS_SUCCESS) {
        why_set(why, "this processor lacks what Vectorscan needs (SSSE3)");
        return ERR_NOT_SUPPORTED;
    }
    if (compile(patterns, count, &database, &error) != HS_SUCCESS) {
        if (error && error->expression >= 0)
            *bad = (uint32_t)error->expression;
        why_set(why, "%s", error ? error->message : "Vectorscan refused the patterns");
        hs_free_compile_error(error);
        return ERR_INVALID;
    }
    *automaton = ARENA_NEW(arena, struct automaton);
    (*automaton)->database = moved(database, arena);
    return ERR_NONE;
}

struct automaton *automaton_renamed(const struct automaton *automaton, const uint32_t *ids,
                                    struct arena *arena)
{
    struct automaton *renamed = ARENA_NEW(arena, struct automaton);

    *renamed = (struct automaton){automaton->database, ids};
    return renamed;
}

struct str automaton_platform(void)
{
    static char text[128]; /* the same bytes, whichever thread writes them */
    hs_platform_info_t platform = {0};
    struct buf out;

    if (platform_of_databases())
        platform = *platform_of_databases();
    else
        hs_populate_platform(&platform);
    buf_init(&out, sizeof(text));
    buf_printf(&out, "Vectorscan %s, tuned %u, features %llx", hs_version(), platform.tune,
               platform.cpu_features);
    ENSURE(!out.full);
    memcpy(text, out.at, out.len);
    struct str platform_text = {text, out.len};
    buf_free(&out);
    return platform_text;
}

struct automaton_scratch *automaton_scratch_new(void)
{
    struct automaton_scratch *scratch = calloc(1, sizeof(*scratch));

    ENSURE(scratch);
    return scratch;
}

void automaton_scratch_grow(struct automaton_scratch *scratch, const struct automaton *automaton)
{
    ENSURE(hs_alloc_scratch(automaton->database, &scratch->scratch) == HS_SUCCESS);
}

void automaton_scratch_free(struct automaton_scratch *scratch)
{
    if (!scratch)
        return;
    hs_free_scratch(scratch->scratch);
    free(scratch);
}

struct receiver {
    void (*hit)(void *context, uint32_t id);
    void *context;
    const uint32_t *ids;
};

static int receive(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                   void *context)
{
    const struct receiver *receiver = context;

    (void)from;
    (void)to;
    (void)flags;
    if (receiver->ids)
        id = receiver->ids[id];
    if (id != AUTOMATON_NO_ID)
        receiver->hit(receiver->context, id);
    return 0;
}

void automaton_scan(const struct automaton *automaton, struct automaton_scratch *scratch,
                    struct str text, void (*hit)(void *context, uint32_t id), void *context)
{
    struct receiver receiver = {hit, context, automaton->ids};

    ENSURE(text.len <= UINT32_MAX);
    hs_error_t answer = (is_sse_runtime_there() ? corei7_hs_scan : hs_scan)(
        automaton->database, text.len ? text.at : "", (unsigned)text.len, 0, scratch->scratch,
        receive, &receiver);
    ENSURE(answer == HS_SUCCESS);
}
