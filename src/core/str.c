/* str.c - comparing, cutting and converting borrowed text. */
#include "core/str.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct str str_from(const char *text)
{
    return text ? (struct str){text, strlen(text)} : STR_EMPTY;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower(a.at[i]) != ascii_lower(b.at[i]))
            return false;
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool str_contains(struct str s, struct str needle)
{
    return needle.len == 0 || str_find(s, needle) < s.len;
}

size_t str_find(struct str s, struct str needle)
{
    if (needle.len == 0)
        return 0;
    if (needle.len > s.len)
        return s.len;
    const char *hit = memmem(s.at, s.len, needle.at, needle.len);
    return hit ? (size_t)(hit - s.at) : s.len;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_blank(s.at[0]))
        s = str_slice(s, 1, s.len);
    while (s.len > 0 && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

/* Bit i is set where byte i of sixteen at `at` is `c`; of the last bytes of a text also fewer. */
static inline unsigned bits_of(const char *at, size_t left, char c)
{
    unsigned bits = 0;

#ifdef __SSE2__
    if (left >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
    }
#endif
    for (size_t i = 0; i < left && i < 16; i++)
        bits |= (unsigned)(at[i] == c) << i;
    return bits;
}

size_t str_split_runs(struct str s, char sep, struct str *parts, size_t max)
{
    size_t count = 0, start = 0;

    for (size_t i = 0; i < s.len; i += 16) {
        for (unsigned bits = bits_of(s.at + i, s.len - i, sep); bits; bits &= bits - 1) {
            size_t at = i + (size_t)__builtin_ctz(bits);
            if (at > start) {
                if (count == max)
                    return count;
                parts[count++] = (struct str){s.at + start, at - start};
            }
            start = at + 1;
        }
    }
    if (start < s.len && count < max)
        parts[count++] = (struct str){s.at + start, s.len - start};
    return count;
}

void str_replace_byte(struct str s, char from, char to, char *out)
{
    const uint64_t ones = 0x0101010101010101u, low = 0x7f7f7f7f7f7f7f7fu;
    size_t i = 0;

    for (; s.len - i >= 8; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.at + i, sizeof(eight));
        uint64_t other = eight ^ ones * (unsigned char)from; /* zero where it is `from` */
        uint64_t found = ~(((other & low) + low) | other | low) >> 7;
        eight ^= found * (unsigned char)(from ^ to);
        memcpy(out + i, &eight, sizeof(eight));
    }
    for (; i < s.len; i++)
        out[i] = s.at[i] == from ? to : s.at[i];
}

bool str_to_u64(struct str s, uint64_t max, uint64_t *value)
{
    uint64_t sum = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!ascii_is_digit(s.at[i]))
            return false;
        uint64_t digit = (uint64_t)(s.at[i] - '0');
        if (sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    if (sum > max)
        return false;
    *value = sum;
    return true;
}

bool str_to_i64(struct str s, int64_t *value)
{
    bool negative = s.len > 0 && s.at[0] == '-';
    uint64_t magnitude;

    if (!str_to_u64(negative ? str_slice(s, 1, s.len) : s, (uint64_t)INT64_MAX, &magnitude))
        return false;
    *value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

bool str_to_size(struct str s, uint64_t max, uint64_t *bytes)
{
    static const char units[] = "KMGT";
    unsigned shift = 0;
    uint64_t number;

    if (s.len > 0) {
        const char *unit = strchr(units, s.at[s.len - 1] & ~0x20);
        if (unit && *unit) {
            shift = 10 * (unsigned)(unit - units + 1);
            s.len--;
        }
    }
    if (!str_to_u64(s, max >> shift, &number))
        return false;
    *bytes = number << shift;
    return true;
}
