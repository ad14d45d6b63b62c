/* fuzz_utf.c - any bytes as UTF-16 and UTF-8, against decoders that go one step at a time. */
/* links: codec */
#include "codec/json.h"
#include "codec/utf.h"
#include "core/ensure.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define REPLACEMENT 0xfffdu

/* Table 3-7 of the Unicode standard, row by row; 0 where no well-formed character stands. */
static size_t well_formed(const uint8_t *at, size_t left)
{
    static const uint8_t rows[][5] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    if (at[0] < 0x80)
        return 1;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (at[0] < rows[i][0] || at[0] > rows[i][1])
            continue;
        if (left < rows[i][4] || at[1] < rows[i][2] || at[1] > rows[i][3])
            return 0;
        for (size_t j = 2; j < rows[i][4]; j++)
            if ((at[j] & 0xc0) != 0x80)
                return 0;
        return rows[i][4];
    }
    return 0;
}

static bool naive_valid(const uint8_t *data, size_t len)
{
    for (size_t at = 0, size; at < len; at += size)
        if ((size = well_formed(data + at, len - at)) == 0)
            return false;
    return true;
}

static void check_utf16(const uint8_t *data, size_t len)
{
    char *out = malloc(UTF8_SIZE_OF_UTF16(len));
    size_t written = utf16le_to_utf8(data, len, out), at = 0;

    ENSURE(out && written <= UTF8_SIZE_OF_UTF16(len));
    ENSURE(utf8_is_valid((struct str){out, written}));
    for (size_t i = 0; i < len; i += 2) {
        uint32_t c = i + 1 < len ? (uint32_t)(data[i] | data[i + 1] << 8) : REPLACEMENT;
        char one[4];
        if (c >> 10 == 0x36 && i + 3 < len && data[i + 3] >> 2 == 0x37) {
            uint32_t low = (uint32_t)(data[i + 2] | data[i + 3] << 8);
            c = 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff));
            i += 2;
        }
        size_t size = utf8_put(c, one); /* a lone half becomes a replacement here */
        ENSURE(at + size <= written && memcmp(out + at, one, size) == 0);
        at += size;
    }
    ENSURE(at == written);
    free(out);
}

static void check_repair(struct str text, bool valid)
{
    struct buf once, twice;

    buf_init(&once, 3 * text.len + 1);
    buf_init(&twice, 3 * text.len + 1);
    utf8_repair(text, &once);
    ENSURE(!once.full && utf8_is_valid(buf_str(&once)));
    ENSURE(!valid || str_eq(buf_str(&once), text));
    utf8_repair(buf_str(&once), &twice);
    ENSURE(str_eq(buf_str(&once), buf_str(&twice)));
    buf_free(&once);
    buf_free(&twice);
}

/* A string that was written is valid JSON, safe to pass on, and reads back repaired. */
static void check_json(struct str text)
{
    struct buf json, again, repaired;
    const char *why;

    buf_init(&json, 6 * text.len + 2);
    buf_init(&again, 6 * text.len + 2);
    buf_init(&repaired, 3 * text.len + 1);
    json_write_str(&json, text);
    ENSURE(!json.full && json_is_valid(buf_str(&json), &why));
    json_write_valid(&again, buf_str(&json));
    ENSURE(str_eq(buf_str(&again), buf_str(&json)));
    char *back = malloc(json.len);
    ENSURE(back);
    size_t len = json_unescape(str_slice(buf_str(&json), 1, json.len - 1), back);
    utf8_repair(text, &repaired);
    ENSURE(str_eq((struct str){back, len}, buf_str(&repaired)));
    free(back);
    buf_free(&json);
    buf_free(&again);
    buf_free(&repaired);
}

/* Character by character, with ill-formed bytes as they are. */
static void check_fold(struct str text, bool valid)
{
    char *out = malloc(FOLD_SIZE(text.len)), *again;
    struct str folded = {out, fold_str(text, out)};
    size_t at = 0;

    ENSURE(out && folded.len <= FOLD_SIZE(text.len));
    for (size_t i = 0, size; i < text.len; i += size) {
        char one[4] = {text.at[i]};
        struct str rest = str_slice(text, i, text.len);
        size_t put = 1;
        size = well_formed((const uint8_t *)text.at + i, text.len - i);
        if (size > 0)
            put = utf8_put(fold_character(utf8_take(&rest)), one);
        else
            size = 1;
        ENSURE(at + put <= folded.len && memcmp(out + at, one, put) == 0);
        at += put;
    }
    ENSURE(at == folded.len);
    if (valid) {
        again = malloc(FOLD_SIZE(folded.len));
        ENSURE(again && utf8_is_valid(folded));
        ENSURE(str_eq(folded, (struct str){again, fold_str(folded, again)}));
        free(again);
    }
    free(out);
}

static void check_take(struct str text)
{
    while (text.len > 0) {
        struct str before = text;
        size_t size = well_formed((const uint8_t *)text.at, text.len);
        uint32_t c = utf8_take(&text);
        size_t taken = before.len - text.len;
        char back[4];
        ENSURE(taken >= 1 && taken <= 4 && (size == 0 || taken == size));
        ENSURE(size > 0 || c == REPLACEMENT);
        ENSURE(size == 0 || (utf8_put(c, back) == size && memcmp(back, before.at, size) == 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str text = {(const char *)data, len};
    bool valid = naive_valid(data, len);

    ENSURE(utf8_is_valid(text) == valid);
    check_utf16(data, len);
    check_repair(text, valid);
    check_json(text);
    check_fold(text, valid);
    check_take(text);
    return 0;
}
