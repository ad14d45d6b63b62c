/* str.h - borrowed text: a pointer and a length, passed by value.
 *
 * A str never owns its bytes and need not end in NUL; NUL bytes are data. It is valid for as long
 * as the memory it points into: the input window, an arena, or a literal. Copy into an arena to
 * keep it.
 */
#ifndef CORE_STR_H
#define CORE_STR_H

#include "core/compiler.h"

#include <string.h>

struct str {
    const char *at;
    size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    } /* for static initialisers */
#define STR_EMPTY ((struct str){"", 0})
/* The same for what outlives the program in an image of memory, where nothing may point into it. */
#define STR_NONE ((struct str){NULL, 0})

/* For printf-like calls: "%.*s", STR_ARG(s). Text longer than STR_PRINT_MAX is cut. */
#define STR_PRINT_MAX 4096
#define STR_ARG(s) (int)((s).len < STR_PRINT_MAX ? (s).len : STR_PRINT_MAX), (s).at

struct str str_from(const char *text); /* NUL-terminated; NULL gives the empty text */

static inline struct str str_slice(struct str s, size_t from, size_t to) /* clamped to the text */
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (struct str){from ? s.at + from : s.at, to - from}; /* at may be NULL */
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_compare(struct str a, struct str b);    /* bytewise; a shorter prefix comes first */

static inline bool str_starts_with(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq((struct str){s.at, prefix.len}, prefix);
}

static inline bool str_ends_with(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           str_eq((struct str){s.at + (s.len - suffix.len), suffix.len}, suffix);
}

bool str_contains(struct str s, struct str needle);

/* Copies all bytes to where there is room for them; they do not overlap. */
static inline void str_copy(char *to, struct str s)
{
    if (s.len)
        memcpy(to, s.at, s.len);
}

/* Index of the first `c`, or s.len if there is none. */
static inline size_t str_find_byte(struct str s, char c)
{
    const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;

    return hit ? (size_t)(hit - s.at) : s.len;
}

/* Index of the first `needle`, or s.len if there is none. */
size_t str_find(struct str s, struct str needle);

/* Without ASCII blanks (space, tab, CR, LF) at both ends. */
struct str str_trim(struct str s);

/* Returns the text before the first `sep` and moves *rest past it. Without a `sep`, returns all
 * of *rest and leaves *rest empty. */
static inline struct str str_cut(struct str *rest, char sep)
{
    size_t at = str_find_byte(*rest, sep);
    struct str head = str_slice(*rest, 0, at);

    *rest = str_slice(*rest, at + 1, rest->len);
    return head;
}

/* The parts between runs of `sep`, none of them empty; at most `max`. Returns how many. */
size_t str_split_runs(struct str s, char sep, struct str *parts, size_t max);
/* Writes `s` to `out`, which has room for s.len bytes, with `to` for each `from`. */
void str_replace_byte(struct str s, char from, char to, char *out);

/* Decimal only, no sign, no blanks. False if `s` is not a number or is above `max`. */
MUST_USE bool str_to_u64(struct str s, uint64_t max, uint64_t *value);
/* The same with an optional leading minus; false where it does not fit. */
MUST_USE bool str_to_i64(struct str s, int64_t *value);
/* "512", "64K", "300M", "2G" (powers of 1024); false if it is no size or above `max`. */
MUST_USE bool str_to_size(struct str s, uint64_t max, uint64_t *bytes);

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Of a hexadecimal digit, 0 to 15; -1: it is none. */
static inline int ascii_hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
