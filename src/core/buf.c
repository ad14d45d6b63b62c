/* buf.c - growth by doubling, never past the maximum. */
#include "core/buf.h"

#include "core/ensure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 256

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max};
}

void buf_free(struct buf *buf)
{
    free(buf->at);
    *buf = (struct buf){.max = buf->max};
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->full = false;
}

char *buf_grow(struct buf *buf, size_t extra)
{
    if (buf->full || extra > buf->max - buf->len) {
        buf->full = true;
        return NULL;
    }
    size_t capacity = buf->capacity ? buf->capacity : CAPACITY_MIN;
    while (capacity - buf->len < extra)
        capacity *= 2;
    if (capacity > buf->max && buf->max > 0)
        capacity = buf->max;
    char *grown = realloc(buf->at, capacity);
    ENSURE(grown);
    buf->at = grown;
    buf->capacity = capacity;
    return buf->at + buf->len;
}

void buf_drop(struct buf *buf, size_t len)
{
    ENSURE(len <= buf->len);
    if (len > 0 && len < buf->len)
        memmove(buf->at, buf->at + len, buf->len - len);
    buf->len -= len;
}

void buf_add_u64(struct buf *buf, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    buf_add_bytes(buf, digits + at, sizeof(digits) - at);
}

void buf_add_i64(struct buf *buf, int64_t value)
{
    if (value < 0)
        buf_add_char(buf, '-');
    buf_add_u64(buf, value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;

    size_t room = buf->at ? buf->capacity - buf->len : 0;
    va_start(args, format);
    int length = vsnprintf(room ? buf->at + buf->len : NULL, room, format, args);
    va_end(args);
    ENSURE(length >= 0);
    if ((size_t)length >= room) {
        char *to = buf_reserve(buf, (size_t)length + 1);
        if (!to)
            return;
        va_start(args, format);
        vsnprintf(to, (size_t)length + 1, format, args);
        va_end(args);
    }
    buf->len += (size_t)length;
}
