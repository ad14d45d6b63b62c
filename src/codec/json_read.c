/* json_read.c - the pull reader: one token at a time, checked, nothing decoded, no recursion. */
#include "codec/json.h"

#include "codec/utf.h"
#include "core/ensure.h"
#include "core/limits.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

/* First byte that ends or complicates a string: quote, backslash, control, or (with `utf8`)
 * non-ASCII. */
static const char *find_special(const char *at, const char *end, bool utf8)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);

    for (; end - at >= 16; at += 16) {
        __m128i bytes;
        memcpy(&bytes, at, 16);
        __m128i special =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        special = _mm_or_si128(special, _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
        int mask = _mm_movemask_epi8(special) | (utf8 ? _mm_movemask_epi8(bytes) : 0);
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
#endif
    for (; at < end; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x20 || byte == '"' || byte == '\\' || (utf8 && byte >= 0x80))
            break;
    }
    return at;
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

/* Behind the opening quote; leaves `at` behind the closing one. */
static enum scan scan_string(struct json_reader *r, struct str *text, bool *escaped)
{
    const char *start = r->at;

    *escaped = false;
    for (;;) {
        r->at = find_special(r->at, r->end, r->utf8);
        if (r->at == r->end)
            return SCAN_ENDED;
        unsigned char c = (unsigned char)*r->at;
        if (c == '"') {
            *text = (struct str){start, (size_t)(r->at - start)};
            r->at++;
            return SCAN_DONE;
        }
        if (c == '\\') {
            *escaped = true;
            r->at++;
            enum scan scan = scan_escape(r);
            if (scan != SCAN_DONE)
                return scan;
            continue;
        }
        if (c < 0x20)
            return SCAN_BROKEN;
        struct str rest = {r->at, (size_t)(r->end - r->at)};
        size_t left = rest.len;
        if (utf8_take(&rest) == 0xfffd &&
            !str_starts_with((struct str){r->at, left}, STR("\xef\xbf\xbd")))
            return left < 4 && !r->last ? SCAN_ENDED : SCAN_BROKEN;
        r->at = rest.at;
    }
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

size_t json_unescape(struct str s, char *out)
{
    static const char names[] = "bfnrt";
    static const char values[] = "\b\f\n\r\t";
    char *to = out;

    for (size_t i = 0; i < s.len;) {
        size_t plain = str_find_byte(str_slice(s, i, s.len), '\\');
        if (plain > 0)
            memmove(to, s.at + i, plain);
        to += plain;
        i += plain;
        if (i + 1 >= s.len)
            break;
        char c = s.at[i + 1];
        if (c == 'u' && s.len - i >= 6) {
            to += utf8_put(take_unicode(s, &i), to);
            continue;
        }
        const char *name = strchr(names, c);
        *to++ = name && c ? values[name - names] : c;
        i += 2;
    }
    return (size_t)(to - out);
}
