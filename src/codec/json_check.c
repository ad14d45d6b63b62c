/* json_check.c - whether bytes are one JSON text: what json_read.c says of them, but in one pass
 * that makes no tokens. Whatever comes out of the worker is asked this. */
#include "codec/json.h"

#include "codec/utf.h"
#include "core/limits.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* All functions below take where they begin, and give where they ended; NULL: it is not JSON. */

static inline const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

/* The first byte that ends or complicates a string. */
static inline const char *find_special(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    const __m128i blank = _mm_set1_epi8(' ');

    for (; end - at >= 16; at += 16) {
        __m128i bytes;
        memcpy(&bytes, at, 16);
        __m128i special =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        /* as signed numbers, controls and all that is not ASCII lie below the blank */
        special = _mm_or_si128(special, _mm_cmplt_epi8(bytes, blank));
        int mask = _mm_movemask_epi8(special);
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' &&
           *at != '\\')
        at++;
    return at;
}

static bool is_hex(char c)
{
    return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

static inline const char *pass_escape(const char *at, const char *end)
{
    if (end - at < 2)
        return NULL;
    char name = at[1];
    if (name == '\\' || name == '"')
        return at + 2;
    if (name != 'u')
        return name && strchr("/bfnrt", name) ? at + 2 : NULL;
    if (end - at < 6)
        return NULL;
    for (unsigned i = 2; i < 6; i++)
        if (!is_hex(at[i]))
            return NULL;
    return at + 6;
}

static const char *pass_character(const char *at, const char *end)
{
    struct str rest = {at, (size_t)(end - at)}, before = rest;

    return utf8_is_ill_formed(utf8_take(&rest), before) ? NULL : rest.at;
}

/* At the opening quote. */
static inline const char *pass_string(const char *at, const char *end)
{
    at++;
    while (at) {
        at = find_special(at, end);
        if (at == end || (unsigned char)*at < 0x20)
            return NULL;
        if (*at == '"')
            return at + 1;
        at = *at == '\\' ? pass_escape(at, end) : pass_character(at, end);
    }
    return NULL;
}

static const char *pass_digits(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && ascii_is_digit(*at))
        at++;
    return at > start ? at : NULL;
}

static const char *pass_number(const char *at, const char *end)
{
    if (*at == '-')
        at++;
    at = at < end && *at == '0' ? at + 1 : pass_digits(at, end);
    if (at && at < end && *at == '.')
        at = pass_digits(at + 1, end);
    if (at && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        at = pass_digits(at, end);
    }
    return at;
}

static const char *pass_literal(const char *at, const char *end, struct str literal)
{
    if ((size_t)(end - at) < literal.len || memcmp(at, literal.at, literal.len) != 0)
        return NULL;
    return at + literal.len;
}

/* A value without anything in it. */
static inline const char *pass_scalar(const char *at, const char *end)
{
    switch (*at) {
    case '"':
        return pass_string(at, end);
    case 't':
        return pass_literal(at, end, STR("true"));
    case 'f':
        return pass_literal(at, end, STR("false"));
    case 'n':
        return pass_literal(at, end, STR("null"));
    default:
        return pass_number(at, end);
    }
}

/* A member's name and its colon. */
static inline const char *pass_name(const char *at, const char *end)
{
    at = skip_blanks(at, end);
    if (at == end || *at != '"')
        return NULL;
    at = pass_string(at, end);
    if (!at)
        return NULL;
    at = skip_blanks(at, end);
    return at < end && *at == ':' ? at + 1 : NULL;
}

struct levels {
    uint32_t depth;
    uint64_t kinds[(JSON_DEPTH_MAX + 63) / 64]; /* one bit per open level: 1 is an object */
};

/* At an opening bracket: to where the first value must stand, or, of an empty one, behind it. */
static const char *enter(const char *at, const char *end, struct levels *levels, bool *empty)
{
    bool object = *at == '{';
    uint64_t bit = (uint64_t)1 << (levels->depth % 64);
    uint64_t *kinds = &levels->kinds[levels->depth / 64];

    if (levels->depth == JSON_DEPTH_MAX)
        return NULL;
    at = skip_blanks(at + 1, end);
    *empty = at < end && *at == (object ? '}' : ']');
    if (*empty)
        return at + 1;
    *kinds = object ? *kinds | bit : *kinds & ~bit;
    levels->depth++;
    return object ? pass_name(at, end) : at;
}

/* Behind a value: to where the next one must stand, or, with depth 0, behind the last. */
static inline const char *pass_ends(const char *at, const char *end, struct levels *levels)
{
    while (levels->depth > 0) {
        uint32_t open = levels->depth - 1;
        bool object = levels->kinds[open / 64] >> (open % 64) & 1;
        at = skip_blanks(at, end);
        if (at == end)
            return NULL;
        if (*at == ',')
            return object ? pass_name(at + 1, end) : at + 1;
        if (*at != (object ? '}' : ']'))
            return NULL;
        at++;
        levels->depth--;
    }
    return at;
}

static bool is_valid(const char *at, const char *end)
{
    struct levels levels = {0};

    do {
        bool whole = true;
        at = skip_blanks(at, end);
        if (at == end)
            return false;
        at = *at == '{' || *at == '[' ? enter(at, end, &levels, &whole) : pass_scalar(at, end);
        if (at && whole)
            at = pass_ends(at, end, &levels);
        if (!at)
            return false;
    } while (levels.depth > 0);
    return skip_blanks(at, end) == end;
}

/* The reason of a refusal is looked for by the reader. */
static const char *reason(struct str s)
{
    struct json_reader reader;
    struct str value;

    json_open(&reader, s, true, true);
    if (json_take_value(&reader, &value))
        return "more text behind the value";
    return reader.why ? reader.why : "no value";
}

bool json_is_valid(struct str s, const char **why)
{
    if (is_valid(s.at, s.at + s.len))
        return true;
    *why = reason(s);
    return false;
}
