/* fuzz_indicators.c - a file of indicators, and behind a line of "----" a text to look through.
 *
 * What is found in the text passes the sieve in each form in which texts are stored, and every
 * indicator is found in its own text. */
/* links: indicators */
#include "codec/json.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "indicators/indicator_file.h"
#include "indicators/indicator_scan.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct token_scratch *scratch; /* of the set at hand */

struct sought {
    uint32_t index;
    bool any, found;
};

static void note(void *context, uint32_t index, struct str where)
{
    struct sought *sought = context;

    ENSURE(where.len > 0);
    sought->any = true;
    sought->found |= index == sought->index;
}

static bool passes(const struct indicator_set *set, enum token_form form, struct str raw)
{
    return token_sieve_passes(indicator_set_sieve(set), form, raw, scratch);
}

/* Well-formed UTF-8 as UTF-16. */
static void widen(struct str text, struct buf *out)
{
    while (text.len > 0) {
        uint32_t c = utf8_take(&text);
        if (c > 0xffff) {
            buf_add_char(out, (char)((c - 0x10000) >> 10 & 0xff));
            buf_add_char(out, (char)(0xd8 | (c - 0x10000) >> 18));
            c = 0xdc00 | (c & 0x3ff);
        }
        buf_add_char(out, (char)(c & 0xff));
        buf_add_char(out, (char)(c >> 8));
    }
}

static void check_text(struct indicator_scan *scan, struct str text)
{
    struct sought sought = {.index = INDICATOR_NONE};
    struct buf wide, json;

    indicator_scan_text(scan, text, note, &sought);
    ENSURE(!sought.any || passes(scan->set, TOKEN_UTF8, text));
    if (!utf8_is_valid(text))
        return;
    buf_init(&wide, 1 << 24);
    buf_init(&json, 1 << 24);
    widen(text, &wide);
    json_write_str(&json, text);
    struct str escaped = str_slice(buf_str(&json), 1, json.len - 1);
    ENSURE(!sought.any || passes(scan->set, TOKEN_UTF16LE, buf_str(&wide)));
    ENSURE(!sought.any || passes(scan->set, TOKEN_JSON_ESCAPED, escaped));
    buf_free(&wide);
    buf_free(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct arena *arena;
    struct str text = {(const char *)data, len};
    size_t end = str_find(text, STR("\n----\n"));
    struct indicator_set *set = indicator_set_new();
    struct indicator_file file;
    struct indicator_scan scan;
    const char *why = NULL;

    if (!arena)
        arena = arena_new("fuzz", (size_t)1 << 30);
    arena_reset(arena);
    bool good = indicator_file_read(set, STR("fuzz"), str_slice(text, 0, end), &file, &why);
    ENSURE(good || why);
    uint64_t used = file.used;
    indicator_set_compile(set, 7);
    ENSURE(indicator_set_count(set) + indicator_set_duplicates(set) == used);
    indicator_scan_init(&scan, set);
    scratch = token_scratch_new();
    for (uint32_t i = 0; i < indicator_set_count(set) && i < 1000; i++) {
        struct indicator indicator;
        struct sought sought = {.index = i};
        indicator_set_describe(set, i, arena, &indicator);
        ENSURE(indicator.id.len > 0 && indicator.title.len > 0);
        indicator_scan_text(&scan, indicator.text, note, &sought);
        if (!sought.found)
            fprintf(stderr, "lost: %.*s\n", STR_ARG(indicator.title));
        ENSURE(sought.found);
    }
    check_text(&scan, str_slice(text, end + 6, text.len));
    token_scratch_free(scratch);
    indicator_scan_free(&scan);
    indicator_set_free(set);
    return 0;
}
