/* str.h - borrowed text: a pointer and a length, passed by value.
 *
 * A str never owns its bytes and need not end in NUL; NUL bytes are data. It is valid for as long
 * as the memory it points into: the input window, an arena, or a literal. Copy into an arena to
 * keep it.
 */
#ifndef CORE_STR_H
#define CORE_STR_H

#include "core/compiler.h"

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
struct str str_slice(struct str s, size_t from, size_t to); /* clamped to the text */

bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_compare(struct str a, struct str b);    /* bytewise; a shorter prefix comes first */
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);
bool str_contains(struct str s, struct str needle);

/* Index of the first `c`, or s.len if there is none. */
size_t str_find_byte(struct str s, char c);
/* Index of the first `needle`, or s.len if there is none. */
size_t str_find(struct str s, struct str needle);

/* Without ASCII blanks (space, tab, CR, LF) at both ends. */
struct str str_trim(struct str s);

/* Returns the text before the first `sep` and moves *rest past it. Without a `sep`, returns all
 * of *rest and leaves *rest empty. */
struct str str_cut(struct str *rest, char sep);

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

#endif
