/* json_scan.h - the innermost loops over JSON: to the end of a string, and over bytes that are
 * known, sixteen at a time where the processor can. Inline, because both are short and many. */
#ifndef CODEC_JSON_SCAN_H
#define CODEC_JSON_SCAN_H

#include "core/str.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* How many bytes the escape at `at`, a backslash, takes; 0 if it is not valid or not whole. */
static inline size_t json_scan_escape(const char *at, const char *end)
{
    if (end - at < 2)
        return 0;
    switch (at[1]) {
    case '\\':
    case '"':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return 2;
    case 'u':
        break;
    default:
        return 0;
    }
    if (end - at < 6)
        return 0;
    for (unsigned i = 2; i < 6; i++) {
        char c = ascii_lower(at[i]);
        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return 0;
    }
    return 6;
}

/* The closing quote of the string whose text starts at `at`; NULL if the text is not valid or does
 * not end in here. *escaped: it has backslashes. *high: it may have bytes that are not ASCII. */
static inline const char *json_scan_string(const char *at, const char *end, bool *escaped,
                                           bool *high)
{
    unsigned above = 0, escapes = 0;
    size_t passed;

#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);

    for (; end - at >= 16; at += passed) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i special =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        special = _mm_or_si128(special, _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
        unsigned mask = (unsigned)_mm_movemask_epi8(special);
        above |= (unsigned)_mm_movemask_epi8(bytes);
        for (passed = 16; mask; mask &= ~0u << passed) {
            size_t n = (size_t)__builtin_ctz(mask);
            if (LIKELY(at[n] == '"')) {
                *escaped = escapes > 0;
                *high = above > 0;
                return at + n;
            }
            size_t escape = at[n] == '\\' ? json_scan_escape(at + n, end) : 0;
            if (escape == 0)
                return NULL;
            escapes++;
            passed = n + escape;
        }
        if (passed < 16)
            passed = 16;
    }
#endif
    for (; at < end; at += passed) {
        passed = 1;
        if (*at == '"') {
            *escaped = escapes > 0;
            *high = above > 0;
            return at;
        }
        above |= (unsigned char)*at & 0x80u;
        if ((unsigned char)*at < 0x20 || (*at == '\\' && (passed = json_scan_escape(at, end)) == 0))
            return NULL;
        escapes += passed > 1;
    }
    return NULL;
}

static inline uint64_t json_scan_eight(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

static inline uint32_t json_scan_four(const char *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

#ifdef __SSE2__
static inline bool json_scan_sixteen_same(const char *a, const char *b)
{
    __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)a),
                                  _mm_loadu_si128((const __m128i *)(const void *)b));

    return _mm_movemask_epi8(same) == 0xffff;
}
#else
static inline bool json_scan_sixteen_same(const char *a, const char *b)
{
    return json_scan_eight(a) == json_scan_eight(b) &&
           json_scan_eight(a + 8) == json_scan_eight(b + 8);
}
#endif

/* Whether `len` bytes are the same. Words overlap, so that none is compared alone. */
static inline bool json_scan_same(const char *a, const char *b, size_t len)
{
    if (len >= 16) {
        for (size_t i = 0; i + 16 < len; i += 16)
            if (!json_scan_sixteen_same(a + i, b + i))
                return false;
        return json_scan_sixteen_same(a + len - 16, b + len - 16);
    }
    if (len >= 8)
        return json_scan_eight(a) == json_scan_eight(b) &&
               json_scan_eight(a + len - 8) == json_scan_eight(b + len - 8);
    if (len >= 4)
        return json_scan_four(a) == json_scan_four(b) &&
               json_scan_four(a + len - 4) == json_scan_four(b + len - 4);
    for (size_t i = 0; i < len; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

#endif
