/* cursor.h - the only reader of foreign bytes: every read is checked against the end.
 *
 * Failures are sticky: after a read past the end `failed` is set, every later read yields zero or
 * nothing, and the position stays. Read a whole header, test once. Little-endian throughout. */
#ifndef CORE_CURSOR_H
#define CORE_CURSOR_H

#include "core/str.h"

#include <string.h>

struct cursor {
    const uint8_t *start;
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

static inline struct cursor cursor_over(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    return (struct cursor){at, at, len ? at + len : at, false}; /* NULL is allowed for nothing */
}

static inline struct cursor cursor_over_str(struct str s)
{
    return cursor_over(s.at, s.len);
}

static inline size_t cursor_left(const struct cursor *c)
{
    return (size_t)(c->end - c->at);
}

/* Bytes from the start to here. */
static inline size_t cursor_offset(const struct cursor *c)
{
    return (size_t)(c->at - c->start);
}

/* Takes `len` bytes; NULL (and failed) if there are fewer. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t len)
{
    if (UNLIKELY(c->failed || len > cursor_left(c))) {
        c->failed = true;
        return NULL;
    }
    const uint8_t *bytes = c->at;
    c->at += len;
    return bytes;
}

static inline struct str cursor_take_str(struct cursor *c, size_t len)
{
    const uint8_t *bytes = cursor_take(c, len);

    return bytes ? (struct str){(const char *)bytes, len} : STR_EMPTY;
}

static inline void cursor_skip(struct cursor *c, size_t len)
{
    const uint8_t *ignored = cursor_take(c, len);
    (void)ignored;
}

/* Moves to an offset from the start; fails if it lies behind the end. */
static inline void cursor_seek(struct cursor *c, size_t offset)
{
    if (offset > (size_t)(c->end - c->start))
        c->failed = true;
    else if (!c->failed)
        c->at = c->start + offset;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 1);

    return b ? b[0] : 0;
}

static inline uint16_t cursor_u16(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 2);

    return (uint16_t)(b ? b[0] | b[1] << 8 : 0);
}

static inline uint32_t load_u32(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t load_u64(const uint8_t *b)
{
    return (uint64_t)load_u32(b) | (uint64_t)load_u32(b + 4) << 32;
}

static inline uint32_t cursor_u32(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 4);

    return b ? load_u32(b) : 0;
}

static inline uint64_t cursor_u64(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 8);

    return b ? load_u64(b) : 0;
}

#endif
