/* json_read.c - the pull reader: one token at a time, checked, nothing decoded, no recursion. */
#include "codec/json.h"

#include "codec/json_scan.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "core/limits.h"

#include <string.h>

enum reader_state {
    STATE_FIRST,  /* behind an opening bracket, or at the start: a value (or key, or the end) may
                     come */
    STATE_BEHIND, /* behind a value inside an object or array: a comma or the end must come */
    STATE_STUCK_MORE,
    STATE_STUCK_BROKEN,
};

void json_open(struct json_reader *r, struct str input, bool last, bool utf8)
{
    r->start = r->at = input.at;
    r->end = input.at + input.len;
    r->why = NULL;
    r->depth = 0;
    r->depth_max = JSON_DEPTH_MAX;
    r->last = last;
    r->utf8 = utf8;
    r->state = STATE_FIRST;
    memset(r->kinds, 0, sizeof(r->kinds));
}

static struct json_token broken(struct json_reader *r, const char *why)
{
    if (r->state != STATE_STUCK_BROKEN)
        r->why = why;
    r->state = STATE_STUCK_BROKEN;
    return (struct json_token){.kind = JSON_BROKEN};
}

/* The input ends where more must follow. */
static struct json_token ended(struct json_reader *r, const char *why)
{
    if (r->last)
        return broken(r, why);
    r->state = STATE_STUCK_MORE;
    return (struct json_token){.kind = JSON_MORE};
}

static inline void skip_blanks(struct json_reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static inline bool in_object(const struct json_reader *r)
{
    return r->kinds[(r->depth - 1) / 64] >> ((r->depth - 1) % 64) & 1;
}

static bool is_hex(char c)
{
    return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

enum scan { SCAN_DONE, SCAN_ENDED, SCAN_BROKEN };

/* Behind a backslash. */
static enum scan scan_escape(struct json_reader *r)
{
    if (r->at == r->end)
        return SCAN_ENDED;
    char c = *r->at++;
    if (c != 'u')
        return c && strchr("\"\\/bfnrt", c) ? SCAN_DONE : SCAN_BROKEN;
    for (unsigned i = 0; i < 4; i++, r->at++) {
        if (r->at == r->end)
            return SCAN_ENDED;
        if (!is_hex(*r->at))
            return SCAN_BROKEN;
    }
    return SCAN_DONE;
}

/* The same byte by byte: for text that does not end in here or is not valid. */
static enum scan scan_slowly(struct json_reader *r, struct str *text, bool *escaped)
{
    const char *start = r->at;

    *escaped = false;
    while (r->at < r->end) {
        unsigned char c = (unsigned char)*r->at;
        if (c == '"') {
            *text = (struct str){start, (size_t)(r->at - start)};
            r->at++;
            return SCAN_DONE;
        }
        if (c < 0x20)
            return SCAN_BROKEN;
        if (c == '\\') {
            *escaped = true;
            r->at++;
            enum scan scan = scan_escape(r);
            if (scan != SCAN_DONE)
                return scan;
            continue;
        }
        if (c < 0x80 || !r->utf8) {
            r->at++;
            continue;
        }
        struct str rest = {r->at, (size_t)(r->end - r->at)}, before = rest;
        if (utf8_is_ill_formed(utf8_take(&rest), before))
            return before.len < 4 && !r->last ? SCAN_ENDED : SCAN_BROKEN;
        r->at = rest.at;
    }
    return SCAN_ENDED;
}

/* Behind the opening quote; leaves `at` behind the closing one. */
static enum scan scan_string(struct json_reader *r, struct str *text, bool *escaped)
{
    bool high;
    const char *close = json_scan_string(r->at, r->end, escaped, &high);

    *text = (struct str){r->at, close ? (size_t)(close - r->at) : 0};
    if (!close || (r->utf8 && high && !utf8_is_valid(*text)))
        return scan_slowly(r, text, escaped);
    r->at = close + 1;
    return SCAN_DONE;
}

static bool scan_digits(struct json_reader *r)
{
    const char *start = r->at;

    while (r->at < r->end && ascii_is_digit(*r->at))
        r->at++;
    return r->at > start;
}

static enum scan scan_number(struct json_reader *r)
{
    if (*r->at == '-')
        r->at++;
    if (r->at < r->end && *r->at == '0')
        r->at++;
    else if (!scan_digits(r))
        return r->at == r->end ? SCAN_ENDED : SCAN_BROKEN;
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        if (!scan_digits(r))
            return r->at == r->end ? SCAN_ENDED : SCAN_BROKEN;
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        r->at++;
        if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
            r->at++;
        if (!scan_digits(r))
            return r->at == r->end ? SCAN_ENDED : SCAN_BROKEN;
    }
    return r->at == r->end && !r->last ? SCAN_ENDED : SCAN_DONE;
}

static enum scan scan_literal(struct json_reader *r, struct str literal)
{
    size_t left = (size_t)(r->end - r->at);
    size_t len = left < literal.len ? left : literal.len;

    if (memcmp(r->at, literal.at, len) != 0)
        return SCAN_BROKEN;
    r->at += len;
    return len < literal.len ? SCAN_ENDED : SCAN_DONE;
}

static bool enter(struct json_reader *r, bool object)
{
    if (r->depth == r->depth_max || r->depth == JSON_DEPTH_MAX)
        return false;
    uint64_t bit = (uint64_t)1 << (r->depth % 64);
    if (object)
        r->kinds[r->depth / 64] |= bit;
    else
        r->kinds[r->depth / 64] &= ~bit;
    r->depth++;
    r->at++;
    r->state = STATE_FIRST;
    return true;
}

/* The value at `at`, which is not blank. */
static struct json_token take_value(struct json_reader *r, struct json_token token)
{
    const char *start = r->at;
    enum scan scan;

    switch (*r->at) {
    case '{':
    case '[':
        token.kind = *r->at == '{' ? JSON_OBJECT : JSON_ARRAY;
        return enter(r, token.kind == JSON_OBJECT) ? token : broken(r, "nested too deeply");
    case '"':
        r->at++;
        token.kind = JSON_STRING;
        scan = scan_string(r, &token.text, &token.escaped);
        break;
    case 't':
        token.kind = JSON_TRUE;
        scan = scan_literal(r, STR("true"));
        break;
    case 'f':
        token.kind = JSON_FALSE;
        scan = scan_literal(r, STR("false"));
        break;
    case 'n':
        token.kind = JSON_NULL;
        scan = scan_literal(r, STR("null"));
        break;
    default:
        if (*r->at != '-' && !ascii_is_digit(*r->at))
            return broken(r, "no value where one must stand");
        token.kind = JSON_NUMBER;
        scan = scan_number(r);
    }
    if (scan == SCAN_ENDED)
        return ended(r, "ends inside a value");
    if (scan == SCAN_BROKEN)
        return broken(r, token.kind == JSON_STRING   ? "string is not valid"
                         : token.kind == JSON_NUMBER ? "number is not valid"
                                                     : "unknown literal");
    if (token.kind != JSON_STRING)
        token.text = (struct str){start, (size_t)(r->at - start)};
    r->state = r->depth > 0 ? STATE_BEHIND : STATE_FIRST;
    return token;
}

static struct json_token leave(struct json_reader *r)
{
    r->at++;
    r->depth--;
    r->state = r->depth > 0 ? STATE_BEHIND : STATE_FIRST;
    return (struct json_token){.kind = JSON_END};
}

static struct json_token take_member(struct json_reader *r)
{
    struct json_token token = {.kind = JSON_BROKEN};

    if (*r->at != '"')
        return broken(r, "no name where one must stand");
    r->at++;
    enum scan scan = scan_string(r, &token.key, &token.key_escaped);
    if (scan == SCAN_BROKEN)
        return broken(r, "name is not valid");
    skip_blanks(r);
    if (scan == SCAN_ENDED || r->at == r->end)
        return ended(r, "ends inside an object");
    if (*r->at != ':')
        return broken(r, "no colon behind a name");
    r->at++;
    skip_blanks(r);
    if (r->at == r->end)
        return ended(r, "ends inside an object");
    return take_value(r, token);
}

struct json_token json_next(struct json_reader *r)
{
    if (r->state == STATE_STUCK_MORE)
        return (struct json_token){.kind = JSON_MORE};
    if (r->state == STATE_STUCK_BROKEN)
        return (struct json_token){.kind = JSON_BROKEN};
    skip_blanks(r);
    if (r->depth == 0) {
        if (r->at == r->end)
            return (struct json_token){.kind = JSON_END};
        return take_value(r, (struct json_token){.kind = JSON_BROKEN});
    }
    bool object = in_object(r);
    const char *inside = object ? "ends inside an object" : "ends inside an array";
    if (r->at == r->end)
        return ended(r, inside);
    if (*r->at == (object ? '}' : ']'))
        return leave(r);
    if (r->state == STATE_BEHIND) {
        if (*r->at != ',')
            return broken(r, "no comma between values");
        r->at++;
        skip_blanks(r);
        if (r->at == r->end)
            return ended(r, inside);
    }
    return object ? take_member(r) : take_value(r, (struct json_token){.kind = JSON_BROKEN});
}

bool json_skip(struct json_reader *r)
{
    ENSURE(r->depth > 0 || r->state >= STATE_STUCK_MORE);
    for (uint32_t depth = r->depth; r->depth >= depth;) {
        enum json_kind kind = json_next(r).kind;
        if (kind == JSON_MORE || kind == JSON_BROKEN)
            return false;
    }
    return true;
}

bool json_take_value(struct json_reader *r, struct str *value)
{
    if (r->state < STATE_STUCK_MORE)
        skip_blanks(r);
    const char *start = r->at;
    enum json_kind kind = json_next(r).kind;

    if (kind == JSON_MORE || kind == JSON_BROKEN || kind == JSON_END)
        return false;
    if ((kind == JSON_OBJECT || kind == JSON_ARRAY) && !json_skip(r))
        return false;
    *value = (struct str){start, (size_t)(r->at - start)};
    return true;
}

static uint32_t hex_four(const char *at)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < 4; i++) {
        char c = ascii_lower(at[i]);
        value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
}

/* `\uXXXX` at `i`, with the low half of a surrogate pair if one follows. */
static uint32_t take_unicode(struct str s, size_t *i)
{
    uint32_t c = hex_four(s.at + *i + 2);

    *i += 6;
    if (c < 0xd800 || c > 0xdbff || s.len - *i < 6 || s.at[*i] != '\\' || s.at[*i + 1] != 'u')
        return c; /* an unpaired surrogate becomes U+FFFD in utf8_put */
    uint32_t low = hex_four(s.at + *i + 2);
    if (low < 0xdc00 || low > 0xdfff)
        return c;
    *i += 6;
    return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

/* Where the first backslash stands in eight bytes; 8 if there is none. */
static inline size_t first_backslash(uint64_t eight)
{
    uint64_t zero_there = eight ^ 0x5c5c5c5c5c5c5c5cu;
    uint64_t found = (zero_there - 0x0101010101010101u) & ~zero_there & 0x8080808080808080u;

    return found ? (size_t)__builtin_ctzll(found) / 8 : 8;
}

static inline char escaped_char(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

size_t json_unescape(struct str s, char *out)
{
    char *to = out;

    for (size_t i = 0; i < s.len;) {
        if (s.len - i >= 8) { /* what is written too much is written over */
            uint64_t eight;
            memcpy(&eight, s.at + i, sizeof(eight));
            memcpy(to, &eight, sizeof(eight));
            size_t plain = first_backslash(eight);
            i += plain;
            to += plain;
            if (plain == 8)
                continue;
        } else if (s.at[i] != '\\') {
            *to++ = s.at[i++];
            continue;
        }
        if (i + 1 == s.len)
            break;
        char c = s.at[i + 1];
        if (c == 'u' && s.len - i >= 6) {
            to += utf8_put(take_unicode(s, &i), to);
            continue;
        }
        *to++ = escaped_char(c);
        i += 2;
    }
    return (size_t)(to - out);
}
