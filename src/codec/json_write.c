/* json_write.c - strings as JSON. */
#include "codec/json.h"
#include "codec/utf.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What could re-order or break a line on a screen, or end a line for a careless reader. */
static bool needs_escape(uint32_t c)
{
    return c == 0x7f || (c >= 0x80 && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void write_escape(struct buf *out, uint32_t c)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {
        '\\', 'u', digits[c >> 12 & 15], digits[c >> 8 & 15], digits[c >> 4 & 15], digits[c & 15]};
    static const char *const shorts[] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r"};

    if (c < ARRAY_COUNT(shorts) && shorts[c]) {
        buf_add(out, str_from(shorts[c]));
    } else {
        buf_add_bytes(out, text, sizeof(text));
    }
}

#ifdef __SSE2__

/* How many of sixteen bytes stand before the first that may need an escape. */
static inline size_t plain_bytes(__m128i bytes)
{
    __m128i special = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                   _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));

    special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
    /* as signed numbers, controls and all that is not ASCII lie below the blank */
    special = _mm_or_si128(special, _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')));
    return (size_t)__builtin_ctz((unsigned)_mm_movemask_epi8(special) | 1u << 16);
}

/* Appends what stands at the start of `s` and needs no escape; how long that is. */
static inline size_t add_plain(struct buf *out, struct str s)
{
    size_t done = 0, plain = 16;

    while (done < s.len && plain == 16) {
        size_t left = s.len - done;
        const char *at = s.at + done;
        char last[16] = {0}; /* zero bytes are not plain */
        __m128i bytes;
        if (left < 16) {
            memcpy(last, at, left);
            at = last;
        }
        memcpy(&bytes, at, 16);
        plain = plain_bytes(bytes);
        if (out->capacity - out->len >= 16) { /* all of them are written, and the plain ones stay */
            memcpy(out->at + out->len, &bytes, 16);
            out->len += plain;
        } else {
            buf_add_bytes(out, at, plain);
        }
        done += plain;
    }
    return done;
}

#else

static size_t add_plain(struct buf *out, struct str s)
{
    size_t at = 0;

    for (; at < s.len; at++) {
        unsigned char byte = (unsigned char)s.at[at];
        if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\')
            break;
    }
    buf_add(out, str_slice(s, 0, at));
    return at;
}

#endif

void json_write_str(struct buf *out, struct str s)
{
    buf_add_char(out, '"');
    for (;;) {
        size_t plain = add_plain(out, s);
        s = str_slice(s, plain, s.len);
        if (s.len == 0)
            break;
        if (*s.at == '\\' || *s.at == '"') {
            buf_add_char(out, '\\');
            buf_add_char(out, *s.at);
            s = (struct str){s.at + 1, s.len - 1};
            continue;
        }
        struct str before = s;
        uint32_t c = utf8_take(&s);
        if (utf8_is_ill_formed(c, before))
            buf_add(out, STR("\xef\xbf\xbd"));
        else if (c < 0x80 || needs_escape(c))
            write_escape(out, c);
        else
            buf_add(out, str_slice(before, 0, before.len - s.len));
    }
    buf_add_char(out, '"');
}

/* One character; surrogates that have no other half come as they are. */
static void write_character(struct buf *out, uint32_t c)
{
    char text[4];

    if (c == '"' || c == '\\') {
        buf_add_char(out, '\\');
        buf_add_char(out, (char)c);
    } else if (c < 0x20 || needs_escape(c)) {
        write_escape(out, c);
    } else {
        size_t len = utf8_put(c, text);
        buf_add_bytes(out, text, len);
    }
}

static size_t write_unit(struct buf *out, const uint8_t *in, size_t units)
{
    uint32_t c = (uint32_t)(in[0] | in[1] << 8);

    if (c >= 0xd800 && c <= 0xdbff && units > 1) {
        uint32_t low = (uint32_t)(in[2] | in[3] << 8);
        if (low >= 0xdc00 && low <= 0xdfff) {
            write_character(out, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
            return 2;
        }
    }
    write_character(out, c);
    return 1;
}

/* Appends the units at the start that are ASCII and need no escape; how many. */
static inline size_t add_plain_units(struct buf *out, const uint8_t *in, size_t units)
{
    size_t done = 0;

#ifdef __SSE2__
    for (size_t plain = 8; plain == 8 && done < units; done += plain) {
        size_t left = units - done;
        const uint8_t *at = in + 2 * done;
        uint8_t last[16] = {0}; /* zeros are not plain */
        __m128i wide;
        if (left < 8) {
            memcpy(last, at, 2 * left);
            at = last;
        }
        memcpy(&wide, at, 16);
        /* what does not fit a byte becomes 0 or 255, and neither is plain */
        __m128i bytes = _mm_packus_epi16(wide, _mm_setzero_si128());
        char eight[8];
        _mm_storel_epi64((__m128i *)(void *)eight, bytes);
        plain = plain_bytes(bytes);
        char *to = buf_reserve(out, 8);
        if (!to)
            return units;
        memcpy(to, eight, 8);
        out->len += plain;
    }
#else
    for (; done < units; done++) {
        uint8_t byte = in[2 * done];
        if (in[2 * done + 1] || byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\')
            break;
        buf_add_char(out, (char)byte);
    }
#endif
    return done;
}

void json_write_utf16(struct buf *out, const uint8_t *in, size_t len)
{
    size_t units = len / 2;

    buf_add_char(out, '"');
    for (size_t i = 0; i < units;) {
        i += add_plain_units(out, in + 2 * i, units - i);
        if (i < units)
            i += write_unit(out, in + 2 * i, units - i);
    }
    if (len % 2)
        buf_add(out, STR("\xef\xbf\xbd"));
    buf_add_char(out, '"');
}

/* How many bytes stand before the first that is not ASCII, or deletes. */
static size_t printable_length(struct str s)
{
    size_t i = 0;

#ifdef __SSE2__
    for (; s.len - i >= 16; i += 16) {
        __m128i bytes;
        memcpy(&bytes, s.at + i, 16);
        int mask =
            _mm_movemask_epi8(_mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
        if (mask)
            return i + (size_t)__builtin_ctz((unsigned)mask);
    }
#endif
    while (i < s.len && (unsigned char)s.at[i] < 0x7f)
        i++;
    return i;
}

void json_write_valid(struct buf *out, struct str json)
{
    size_t plain = 0;

    for (size_t i = 0;;) {
        i += printable_length(str_slice(json, i, json.len));
        if (i == json.len)
            break;
        struct str rest = str_slice(json, i, json.len);
        uint32_t c = utf8_take(&rest);
        if (needs_escape(c)) { /* what is not ASCII stands only in strings */
            buf_add(out, str_slice(json, plain, i));
            write_escape(out, c);
            plain = json.len - rest.len;
        }
        i = json.len - rest.len;
    }
    buf_add(out, str_slice(json, plain, json.len));
}
