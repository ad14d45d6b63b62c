/* json_check.c - whether bytes are one JSON text: what json_read.c says of them, but in one pass
 * that makes no tokens. Whatever comes out of the worker is asked this. */
#include "codec/json.h"

#include "codec/utf.h"
#include "core/limits.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct check {
    const char *at, *end;
    uint32_t depth;
    uint64_t kinds[(JSON_DEPTH_MAX + 63) / 64]; /* one bit per open level: 1 is an object */
};

static inline void skip_blanks(struct check *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\n' || *c->at == '\r' || *c->at == '\t'))
        c->at++;
}

static inline bool next_is(const struct check *c, char byte)
{
    return c->at < c->end && *c->at == byte;
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

static bool pass_escape(struct check *c)
{
    if (c->end - c->at < 2)
        return false;
    char name = c->at[1];
    c->at += 2;
    if (name == '\\' || name == '"')
        return true;
    if (name != 'u')
        return name && strchr("/bfnrt", name);
    if (c->end - c->at < 4)
        return false;
    for (unsigned i = 0; i < 4; i++)
        if (!is_hex(*c->at++))
            return false;
    return true;
}

static bool pass_character(struct check *c)
{
    struct str rest = {c->at, (size_t)(c->end - c->at)}, before = rest;

    if (utf8_is_ill_formed(utf8_take(&rest), before))
        return false;
    c->at = rest.at;
    return true;
}

/* Behind the opening quote. */
static bool pass_string(struct check *c)
{
    for (;;) {
        c->at = find_special(c->at, c->end);
        if (c->at == c->end || (unsigned char)*c->at < 0x20)
            return false;
        if (*c->at == '"') {
            c->at++;
            return true;
        }
        if (!(*c->at == '\\' ? pass_escape(c) : pass_character(c)))
            return false;
    }
}

static bool pass_digits(struct check *c)
{
    const char *start = c->at;

    while (c->at < c->end && ascii_is_digit(*c->at))
        c->at++;
    return c->at > start;
}

static bool pass_number(struct check *c)
{
    if (next_is(c, '-'))
        c->at++;
    if (next_is(c, '0'))
        c->at++;
    else if (!pass_digits(c))
        return false;
    if (next_is(c, '.')) {
        c->at++;
        if (!pass_digits(c))
            return false;
    }
    if (!next_is(c, 'e') && !next_is(c, 'E'))
        return true;
    c->at++;
    if (next_is(c, '+') || next_is(c, '-'))
        c->at++;
    return pass_digits(c);
}

static bool pass_literal(struct check *c, struct str literal)
{
    if ((size_t)(c->end - c->at) < literal.len || memcmp(c->at, literal.at, literal.len) != 0)
        return false;
    c->at += literal.len;
    return true;
}

/* A value without anything in it. */
static bool pass_scalar(struct check *c)
{
    switch (*c->at) {
    case '"':
        c->at++;
        return pass_string(c);
    case 't':
        return pass_literal(c, STR("true"));
    case 'f':
        return pass_literal(c, STR("false"));
    case 'n':
        return pass_literal(c, STR("null"));
    default:
        return pass_number(c);
    }
}

static bool in_object(const struct check *c)
{
    return c->kinds[(c->depth - 1) / 64] >> ((c->depth - 1) % 64) & 1;
}

/* A member's name and its colon. */
static bool pass_name(struct check *c)
{
    skip_blanks(c);
    if (!next_is(c, '"'))
        return false;
    c->at++;
    if (!pass_string(c))
        return false;
    skip_blanks(c);
    if (!next_is(c, ':'))
        return false;
    c->at++;
    return true;
}

/* At an opening bracket: to where the first value must stand, or, of an empty one, behind it. */
static bool enter(struct check *c, bool *empty)
{
    bool object = *c->at == '{';
    uint64_t bit = (uint64_t)1 << (c->depth % 64);

    if (c->depth == JSON_DEPTH_MAX)
        return false;
    c->at++;
    skip_blanks(c);
    *empty = next_is(c, object ? '}' : ']');
    if (*empty) {
        c->at++;
        return true;
    }
    if (object)
        c->kinds[c->depth / 64] |= bit;
    else
        c->kinds[c->depth / 64] &= ~bit;
    c->depth++;
    return !object || pass_name(c);
}

/* Behind a value: to where the next one must stand, or, with depth 0, behind the last. */
static bool pass_ends(struct check *c)
{
    while (c->depth > 0) {
        bool object = in_object(c);
        skip_blanks(c);
        if (next_is(c, ',')) {
            c->at++;
            return !object || pass_name(c);
        }
        if (!next_is(c, object ? '}' : ']'))
            return false;
        c->at++;
        c->depth--;
    }
    return true;
}

static bool check(struct str s)
{
    struct check c = {.at = s.at, .end = s.at + s.len};

    do {
        bool whole = true;
        skip_blanks(&c);
        if (c.at == c.end)
            return false;
        if (*c.at == '{' || *c.at == '[') {
            if (!enter(&c, &whole))
                return false;
        } else if (!pass_scalar(&c)) {
            return false;
        }
        if (whole && !pass_ends(&c))
            return false;
    } while (c.depth > 0);
    skip_blanks(&c);
    return c.at == c.end;
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
    if (check(s))
        return true;
    *why = reason(s);
    return false;
}
