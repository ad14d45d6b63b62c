/* indicator_matcher.c - see indicator_matcher.h. */
#include "indicators/indicator_matcher.h"

#include "codec/json.h"
#include "core/ensure.h"
#include "core/hash.h"
#include "core/limits.h"
#include "indicators/indicator_scan.h"

#include "match/value_memory.h"

#include <stdlib.h>

#define DISMISSED_BYTES ((size_t)1 << 20)

struct indicator_matcher {
    const struct indicator_set *set; /* borrowed */
    const struct token_sieve *sieve;
    struct indicator_scan scan;
    struct token_scratch *scratch; /* owned */
    struct text_watch watch;
    struct value_memory *dismissed; /* texts that pass the sieve and hold nothing */
    struct str raw;                 /* the text that was asked for last, and how it is known */
    uint64_t hash;
    uint32_t tag;
    bool passed; /* the next value was asked for and may hold something */
    struct indicator_hit hits[INDICATOR_HITS_MAX];
    uint32_t count;
    bool more;
    uint64_t found; /* ever, each as often as it was found */
};

static bool passes(void *context, enum raw_form form, struct str raw)
{
    static const enum token_form forms[] = {[RAW_UTF8] = TOKEN_UTF8,
                                            [RAW_UTF16LE] = TOKEN_UTF16LE,
                                            [RAW_JSON_ESCAPED] = TOKEN_JSON_ESCAPED};
    struct indicator_matcher *matcher = context;
    struct value_memory_list ignored;

    if (LIKELY(!token_sieve_passes(matcher->sieve, forms[form], raw, matcher->scratch)))
        return false;
    matcher->raw = raw;
    matcher->tag = form;
    return !value_memory_find(matcher->dismissed, form, raw, &matcher->hash, &ignored);
}

struct indicator_matcher *indicator_matcher_new(const struct indicator_set *set)
{
    struct indicator_matcher *matcher = calloc(1, sizeof(*matcher));

    ENSURE(matcher);
    matcher->set = set;
    matcher->sieve = indicator_set_sieve(set);
    matcher->scratch = token_scratch_new();
    matcher->dismissed = value_memory_new(DISMISSED_BYTES, hash_str(STR("dismissed")));
    matcher->watch = (struct text_watch){matcher, passes};
    indicator_scan_init(&matcher->scan, set);
    return matcher;
}

void indicator_matcher_free(struct indicator_matcher *matcher)
{
    if (!matcher)
        return;
    indicator_scan_free(&matcher->scan);
    value_memory_free(matcher->dismissed);
    token_scratch_free(matcher->scratch);
    free(matcher);
}

static bool knows(void *context, enum raw_form form, struct str raw)
{
    struct indicator_matcher *matcher = context;

    matcher->passed = passes(matcher, form, raw);
    return !matcher->passed;
}

const struct text_watch *indicator_matcher_watch(struct indicator_matcher *matcher)
{
    return &matcher->watch;
}

/* Sorted by index; of too many those with the lowest stay. */
static void keep_hit(void *context, uint32_t index, struct str where)
{
    struct indicator_matcher *matcher = context;
    uint32_t at = matcher->count;

    matcher->found++;
    for (; at > 0 && matcher->hits[at - 1].index >= index; at--)
        if (matcher->hits[at - 1].index == index)
            return;
    if (matcher->count < INDICATOR_HITS_MAX)
        matcher->count++;
    else
        matcher->more = true;
    if (at == INDICATOR_HITS_MAX)
        return;
    for (uint32_t i = matcher->count - 1; i > at; i--)
        matcher->hits[i] = matcher->hits[i - 1];
    matcher->hits[at] = (struct indicator_hit){index, where};
}

static void look_at_value(void *context, struct value value)
{
    struct indicator_matcher *matcher = context;
    bool passed = matcher->passed;

    matcher->passed = false;
    if (value.type != VALUE_STRING ||
        (!passed && !token_sieve_passes(matcher->sieve, TOKEN_UTF8, value.text, matcher->scratch)))
        return;
    uint64_t before = matcher->found;
    indicator_scan_text(&matcher->scan, value.text, keep_hit, matcher);
    if (passed && matcher->found == before)
        value_memory_add(matcher->dismissed, matcher->tag, matcher->raw, matcher->hash, NULL, 0);
}

uint32_t indicator_matcher_run(struct indicator_matcher *matcher, struct event *event,
                               const struct indicator_hit **hits, bool *more)
{
    *hits = matcher->hits;
    matcher->count = 0;
    matcher->passed = matcher->more = false;
    if (event->all_values && event->watched != WATCHED_NOTHING)
        event->all_values(event, &(struct value_visitor){.context = matcher,
                                                         .visit = look_at_value,
                                                         .knows = knows,
                                                         .texts_only = true});
    *more = matcher->more;
    return matcher->count;
}

/* ---- which field it was ---- */

struct sought {
    uint32_t index;
    bool found;
};

static void compare_hit(void *context, uint32_t index, struct str where)
{
    struct sought *sought = context;

    (void)where;
    sought->found |= index == sought->index;
}

static struct str unescaped(struct str text, bool escaped, struct arena *arena)
{
    if (!escaped)
        return text;
    char *out = arena_alloc_bytes(arena, text.len);
    return (struct str){out, json_unescape(text, out)};
}

static bool holds(struct indicator_matcher *matcher, uint32_t index, struct str text)
{
    struct sought sought = {.index = index};

    if (token_sieve_passes(matcher->sieve, TOKEN_UTF8, text, matcher->scratch))
        indicator_scan_text(&matcher->scan, text, compare_hit, &sought);
    return sought.found;
}

struct matched_field indicator_matcher_field(struct indicator_matcher *matcher,
                                             const struct indicator_hit *hit, struct str json,
                                             struct arena *arena)
{
    struct str names[JSON_DEPTH_MAX + 1]; /* the innermost name at each depth */
    struct json_reader reader;
    uint32_t depth = 0;

    names[0] = STR_EMPTY;
    json_open(&reader, json, true, false);
    do {
        struct json_token token = json_next(&reader);
        bool named = token.key.len > 0 && token.key.at[0] != '#'; /* "#text" is its element's */
        struct str name = named ? token.key : names[depth];
        struct arena_mark mark = arena_mark(arena);
        switch (token.kind) {
        case JSON_OBJECT:
        case JSON_ARRAY:
            names[++depth] = name;
            break;
        case JSON_STRING: {
            struct str text = unescaped(token.text, token.escaped, arena);
            if (holds(matcher, hit->index, text))
                return (struct matched_field){unescaped(name, token.key_escaped && named, arena),
                                              value_string(text)};
            arena_rewind(arena, mark);
            break;
        }
        case JSON_END:
            depth -= depth > 0;
            break;
        case JSON_MORE:
        case JSON_BROKEN:
            depth = 0;
            break;
        default:
            break;
        }
    } while (depth > 0);
    return (struct matched_field){STR_EMPTY, value_string(hit->where)};
}
