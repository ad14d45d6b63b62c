/* utf.c - decoding and folding of text; runs of ASCII take the fast path. */
#include "codec/utf.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define REPLACEMENT 0xfffdu

struct fold_run {
    uint32_t first, last, step;
    int32_t delta;
};

#include "codec/fold_table.def"

size_t utf8_put(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if ((c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
        c = REPLACEMENT;
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Four units at a time while all are ASCII. */
static size_t ascii_run_of_utf16(const uint8_t *in, size_t units, char *out)
{
    size_t done = 0;

    while (units - done >= 4) {
        uint64_t four;
        memcpy(&four, in + 2 * done, 8);
        if (four & 0xff80ff80ff80ff80u)
            break;
        four |= four >> 8;
        out[done] = (char)four;
        out[done + 1] = (char)(four >> 16);
        out[done + 2] = (char)(four >> 32);
        out[done + 3] = (char)(four >> 48);
        done += 4;
    }
    return done;
}

size_t utf16le_to_utf8(const uint8_t *in, size_t len, char *out)
{
    size_t units = len / 2;
    char *to = out;

    for (size_t i = 0; i < units;) {
        size_t run = ascii_run_of_utf16(in + 2 * i, units - i, to);
        i += run;
        to += run;
        if (i == units)
            break;
        uint32_t c = (uint32_t)(in[2 * i] | in[2 * i + 1] << 8);
        i++;
        if (c >= 0xd800 && c <= 0xdbff && i < units) {
            uint32_t low = (uint32_t)(in[2 * i] | in[2 * i + 1] << 8);
            if (low >= 0xdc00 && low <= 0xdfff) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i++;
            }
        }
        to += utf8_put(c, to);
    }
    if (len % 2)
        to += utf8_put(REPLACEMENT, to);
    return (size_t)(to - out);
}

/* Length of the leading run of ASCII. */
static size_t ascii_prefix(struct str s)
{
    size_t i = 0;

#ifdef __SSE2__
    for (; s.len - i >= 32; i += 32) {
        const __m128i *at = (const __m128i *)(const void *)(s.at + i);
        if (_mm_movemask_epi8(_mm_or_si128(_mm_loadu_si128(at), _mm_loadu_si128(at + 1))))
            break;
    }
#endif
    for (; s.len - i >= 8; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.at + i, 8);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (i < s.len && (unsigned char)s.at[i] < 0x80)
        i++;
    return i;
}

/* Decodes one character; *taken is its length, or of the ill-formed part (Unicode 15, table 3-7).
 */
static uint32_t decode(const unsigned char *at, size_t left, size_t *taken)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned length = at[0] < 0x80                     ? 1
                      : at[0] >= 0xc2 && at[0] <= 0xdf ? 2
                      : at[0] >= 0xe0 && at[0] <= 0xef ? 3
                      : at[0] >= 0xf0 && at[0] <= 0xf4 ? 4
                                                       : 0;
    *taken = 1;
    if (length <= 1)
        return length ? at[0] : REPLACEMENT;
    uint32_t c = at[0] & (0x7fu >> length);
    for (unsigned i = 1; i < length; i++) {
        if (i >= left || (at[i] & 0xc0) != 0x80)
            return REPLACEMENT;
        c = c << 6 | (at[i] & 0x3f);
        uint32_t low = c << (6 * (length - 1 - i)); /* smallest value that may still come */
        uint32_t high = low | ((1u << (6 * (length - 1 - i))) - 1);
        if (high < smallest[length] || low > 0x10ffff || (low >= 0xd800 && high <= 0xdfff))
            return REPLACEMENT;
        *taken = i + 1;
    }
    return c;
}

uint32_t utf8_take(struct str *s)
{
    size_t taken;
    uint32_t c = decode((const unsigned char *)s->at, s->len, &taken);

    *s = str_slice(*s, taken, s->len);
    return c;
}

bool utf8_is_ill_formed(uint32_t c, struct str before)
{
    return c == REPLACEMENT && !str_starts_with(before, STR("\xef\xbf\xbd"));
}

size_t utf8_valid_length(struct str s)
{
    struct str rest = s;

    while (rest.len > 0) {
        rest = str_slice(rest, ascii_prefix(rest), rest.len);
        if (rest.len == 0)
            break;
        struct str before = rest;
        if (utf8_is_ill_formed(utf8_take(&rest), before))
            return s.len - before.len;
    }
    return s.len;
}

bool utf8_is_valid(struct str s)
{
    return utf8_valid_length(s) == s.len;
}

void utf8_repair(struct str s, struct buf *out)
{
    while (s.len > 0) {
        size_t run = ascii_prefix(s);
        buf_add(out, str_slice(s, 0, run));
        s = str_slice(s, run, s.len);
        if (s.len == 0)
            break;
        struct str before = s;
        if (utf8_is_ill_formed(utf8_take(&s), before))
            buf_add(out, STR("\xef\xbf\xbd"));
        else
            buf_add(out, str_slice(before, 0, before.len - s.len));
    }
}

struct str utf8_checked(struct str s, struct arena *arena)
{
    struct buf repaired;

    if (utf8_is_valid(s))
        return s;
    buf_init(&repaired, SIZE_MAX / 2);
    utf8_repair(s, &repaired);
    struct str kept = arena_str(arena, buf_str(&repaired));
    buf_free(&repaired);
    return kept;
}

struct str utf8_cut(struct str s, size_t max)
{
    if (s.len <= max)
        return s;
    while (max > 0 && ((unsigned char)s.at[max] & 0xc0) == 0x80)
        max--;
    return str_slice(s, 0, max);
}

uint32_t fold_character(uint32_t c)
{
    size_t low = 0, high = ARRAY_COUNT(fold_runs);

    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct fold_run *run = &fold_runs[middle];
        if (c < run->first)
            high = middle;
        else if (c > run->last)
            low = middle + 1;
        else
            return (c - run->first) % run->step == 0 ? (uint32_t)((int32_t)c + run->delta) : c;
    }
    return c;
}

/* Eight ASCII bytes at once: bit 5 is set where a byte lies between 'A' and 'Z'. */
static uint64_t fold_eight(uint64_t x)
{
    uint64_t above = x + 0x3f3f3f3f3f3f3f3fu;  /* bit 7 set from 'A' on */
    uint64_t beyond = x + 0x2525252525252525u; /* bit 7 set behind 'Z' */

    return x | ((above & ~beyond & 0x8080808080808080u) >> 2);
}

static size_t fold_ascii_run(struct str s, char *out)
{
    size_t i = 0;

    for (; s.len - i >= 8; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.at + i, 8);
        if (eight & 0x8080808080808080u)
            break;
        eight = fold_eight(eight);
        memcpy(out + i, &eight, 8);
    }
    for (; i < s.len && (unsigned char)s.at[i] < 0x80; i++)
        out[i] = ascii_lower(s.at[i]);
    return i;
}

size_t fold_str(struct str s, char *out)
{
    char *to = out;

    while (s.len > 0) {
        size_t run = fold_ascii_run(s, to);
        to += run;
        s = str_slice(s, run, s.len);
        if (s.len == 0)
            break;
        struct str before = s;
        uint32_t c = utf8_take(&s);
        if (utf8_is_ill_formed(c, before)) { /* stays as it is: folding does not judge */
            *to++ = before.at[0];
            s = str_slice(before, 1, before.len);
        } else {
            to += utf8_put(fold_character(c), to);
        }
    }
    return (size_t)(to - out);
}
