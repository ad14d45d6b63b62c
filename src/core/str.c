/* str.c - comparing, cutting and converting borrowed text. */
#include "core/str.h"

#include <string.h>

struct str str_from(const char *text)
{
    return text ? (struct str){text, strlen(text)} : STR_EMPTY;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (struct str){s.at + from, to - from};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
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

bool str_starts_with(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq((struct str){s.at, prefix.len}, prefix);
}

bool str_ends_with(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           str_eq((struct str){s.at + (s.len - suffix.len), suffix.len}, suffix);
}

bool str_contains(struct str s, struct str needle)
{
    return needle.len == 0 || str_find(s, needle) < s.len;
}

size_t str_find_byte(struct str s, char c)
{
    const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;

    return hit ? (size_t)(hit - s.at) : s.len;
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

struct str str_cut(struct str *rest, char sep)
{
    size_t at = str_find_byte(*rest, sep);
    struct str head = str_slice(*rest, 0, at);

    *rest = str_slice(*rest, at + 1, rest->len);
    return head;
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
