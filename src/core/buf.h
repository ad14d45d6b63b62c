/* buf.h - bytes that grow, up to a maximum given when the buffer is made.
 *
 * Appending past the maximum appends nothing and sets `full`, which stays set until buf_reset: test
 * once at the end. A buf owns its memory. */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include "core/str.h"

#include <string.h>

struct buf {
    char *at; /* owned; not NUL-terminated */
    size_t len;
    size_t capacity;
    size_t max;
    bool full;
};

void buf_init(struct buf *buf, size_t max);
void buf_free(struct buf *buf);
void buf_reset(struct buf *buf); /* empty, memory kept, `full` cleared */

/* buf_reserve where the memory at hand does not do. */
char *buf_grow(struct buf *buf, size_t extra);

/* Makes room for `extra` more bytes and returns where they go, or NULL (and `full`) at the maximum.
 * The caller writes up to `extra` bytes there and adds what it wrote to `len`. */
static inline char *buf_reserve(struct buf *buf, size_t extra)
{
    if (LIKELY(buf->capacity - buf->len >= extra && buf->at))
        return buf->at + buf->len;
    return buf_grow(buf, extra);
}

/* Takes the first `len` bytes away; what is behind them moves to the front. */
void buf_drop(struct buf *buf, size_t len);

static inline void buf_add_bytes(struct buf *buf, const void *bytes, size_t len)
{
    char *to = len ? buf_reserve(buf, len) : NULL;

    if (!to)
        return;
    memcpy(to, bytes, len);
    buf->len += len;
}

static inline void buf_add(struct buf *buf, struct str s)
{
    buf_add_bytes(buf, s.at, s.len);
}

static inline void buf_add_char(struct buf *buf, char c)
{
    char *to = buf_reserve(buf, 1);

    if (!to)
        return;
    *to = c;
    buf->len++;
}

void buf_add_u64(struct buf *buf, uint64_t value); /* decimal */
void buf_add_i64(struct buf *buf, int64_t value);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

static inline struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->len ? buf->at : "", buf->len};
}

#endif
