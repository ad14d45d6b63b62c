/* fuzz_json.c - any bytes as JSON: agrees with a naive reader, and what is written reads back. */
/* links: codec */
#include "codec/json.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "core/limits.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* ---- a naive reader: recursive, one character at a time; -1 where it is no JSON ---- */

struct naive {
    struct str text;
    size_t at;
    unsigned depth;
};

static int peek(const struct naive *n)
{
    return n->at < n->text.len ? (unsigned char)n->text.at[n->at] : -1;
}

static bool is_in(int c, const char *set)
{
    return c > 0 && strchr(set, c);
}

static void blanks(struct naive *n)
{
    while (is_in(peek(n), " \t\r\n"))
        n->at++;
}

static bool word(struct naive *n, const char *text)
{
    for (; *text; text++, n->at++)
        if (peek(n) != *text)
            return false;
    return true;
}

static bool naive_string(struct naive *n)
{
    if (peek(n) != '"')
        return false;
    for (n->at++; peek(n) != '"'; n->at++) {
        if (peek(n) < 0x20)
            return false;
        if (peek(n) != '\\')
            continue;
        n->at++;
        if (peek(n) == 'u') {
            for (int i = 0; i < 4; i++) {
                n->at++;
                if (!is_in(peek(n), "0123456789abcdefABCDEF"))
                    return false;
            }
        } else if (!is_in(peek(n), "\"\\/bfnrt")) {
            return false;
        }
    }
    n->at++;
    return true;
}

static bool digits(struct naive *n)
{
    size_t from = n->at;

    while (is_in(peek(n), "0123456789"))
        n->at++;
    return n->at > from;
}

static bool naive_number(struct naive *n)
{
    if (peek(n) == '-')
        n->at++;
    if (peek(n) == '0')
        n->at++;
    else if (!digits(n))
        return false;
    if (peek(n) == '.') {
        n->at++;
        if (!digits(n))
            return false;
    }
    if (!is_in(peek(n), "eE"))
        return true;
    n->at++;
    if (is_in(peek(n), "+-"))
        n->at++;
    return digits(n);
}

static bool naive_value(struct naive *n);

static bool naive_members(struct naive *n, bool object)
{
    int close = object ? '}' : ']';

    n->at++;
    blanks(n);
    if (peek(n) == close) {
        n->at++;
        return true;
    }
    for (;;) {
        if (object) {
            blanks(n);
            if (!naive_string(n))
                return false;
            blanks(n);
            if (!word(n, ":"))
                return false;
        }
        if (!naive_value(n))
            return false;
        blanks(n);
        if (peek(n) == close) {
            n->at++;
            return true;
        }
        if (!word(n, ","))
            return false;
    }
}

static bool naive_value(struct naive *n)
{
    blanks(n);
    int c = peek(n);
    if (c == '{' || c == '[') {
        if (++n->depth > JSON_DEPTH_MAX)
            return false;
        bool good = naive_members(n, c == '{');
        n->depth--;
        return good;
    }
    return c == '"'   ? naive_string(n)
           : c == 't' ? word(n, "true")
           : c == 'f' ? word(n, "false")
           : c == 'n' ? word(n, "null")
                      : naive_number(n);
}

static bool naive_valid(struct str text)
{
    struct naive n = {.text = text};

    if (!naive_value(&n))
        return false;
    blanks(&n);
    return n.at == text.len;
}

/* ---- invariants ---- */

static void check_string(struct str escaped, bool utf8)
{
    char *plain = malloc(escaped.len + 1), *again;
    struct str text = {plain, json_unescape(escaped, plain)};
    struct buf out;
    const char *why;

    ENSURE(plain && text.len <= escaped.len);
    ENSURE(!utf8 || utf8_is_valid(text));
    buf_init(&out, 6 * text.len + 16);
    json_write_str(&out, text);
    ENSURE(!out.full && json_is_valid(buf_str(&out), &why));
    if (utf8) { /* nothing to repair: it reads back as it was */
        again = malloc(out.len);
        ENSURE(again);
        size_t len = json_unescape(str_slice(buf_str(&out), 1, out.len - 1), again);
        ENSURE(str_eq((struct str){again, len}, text));
        free(again);
    }
    buf_free(&out);
    free(plain);
}

/* Walks all values token by token: slices lie within the input and depth is kept. */
static bool walk(struct str text, bool utf8)
{
    struct json_reader r;
    uint32_t depth = 0;

    json_open(&r, text, true, utf8);
    for (;;) {
        const char *before = r.at;
        struct json_token token = json_next(&r);
        ENSURE(token.kind != JSON_MORE && r.at >= before && r.at <= text.at + text.len);
        if (token.kind == JSON_BROKEN) {
            ENSURE(r.why && json_next(&r).kind == JSON_BROKEN);
            return false;
        }
        if (token.kind == JSON_END && depth == 0) {
            ENSURE(r.at == text.at + text.len);
            return true;
        }
        depth += token.kind == JSON_OBJECT || token.kind == JSON_ARRAY;
        depth -= token.kind == JSON_END;
        ENSURE(r.depth == depth && depth <= JSON_DEPTH_MAX);
        if (token.kind == JSON_STRING)
            check_string(token.text, utf8);
        if (token.key.len > 0)
            check_string(token.key, utf8);
    }
}

/* What is valid as a whole is never broken while it is still coming. */
static void check_prefixes(struct str text)
{
    size_t step = text.len / 64 + 1;

    for (size_t len = 0; len < text.len; len += step) {
        struct json_reader r;
        struct str value;
        json_open(&r, str_slice(text, 0, len), false, true);
        while (json_take_value(&r, &value))
            continue;
        enum json_kind kind = json_next(&r).kind;
        ENSURE(kind == JSON_MORE || kind == JSON_END);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str text = {(const char *)data, len};
    struct json_reader r;
    struct str value;
    const char *why = NULL;
    bool strict = json_is_valid(text, &why);

    ENSURE(strict || why);
    ENSURE(strict == (naive_valid(text) && utf8_is_valid(text)));
    bool walked = walk(text, true);
    ENSURE(!strict || walked);
    ENSURE(walk(text, false) || !walked); /* leniency never refuses more */
    if (strict) {
        json_open(&r, text, true, true);
        ENSURE(json_take_value(&r, &value) && naive_valid(value));
        check_prefixes(text);
    }
    check_string(STR_EMPTY, true);
    struct buf out;
    buf_init(&out, 6 * len + 16);
    json_write_str(&out, text);
    ENSURE(!out.full && naive_valid(buf_str(&out)) && utf8_is_valid(buf_str(&out)));
    buf_free(&out);
    return 0;
}
