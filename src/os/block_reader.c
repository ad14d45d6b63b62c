/* block_reader.c - see block_reader.h. */
#include "os/block_reader.h"

#include "core/ensure.h"

#include <stdlib.h>
#include <string.h>

void block_reader_init(struct block_reader *reader, size_t max)
{
    ENSURE(max >= 2 * (size_t)BLOCK_BYTES);
    *reader = (struct block_reader){.max = max};
}

void block_reader_free(struct block_reader *reader)
{
    free(reader->buffer);
    *reader = (struct block_reader){.max = reader->max};
}

void block_reader_start(struct block_reader *reader, const struct file *file, uint64_t offset)
{
    if (reader->capacity > 4 * (size_t)BLOCK_BYTES)
        block_reader_free(reader);
    reader->file = file;
    reader->at = reader->buffer;
    reader->len = 0;
    reader->offset = offset;
    reader->stream = file->facts.kind != FILE_REGULAR;
    reader->ended = false;
}

/* Room for at least one more block behind the bytes that are kept, as far as `max` allows. */
static void make_room(struct block_reader *reader)
{
    if (reader->len > 0 && reader->at != reader->buffer)
        memmove(reader->buffer, reader->at, reader->len);
    if (reader->capacity - reader->len < BLOCK_BYTES && reader->capacity < reader->max) {
        size_t capacity = reader->capacity * 2;
        if (capacity < 2 * (size_t)BLOCK_BYTES)
            capacity = 2 * (size_t)BLOCK_BYTES;
        if (capacity > reader->max)
            capacity = reader->max;
        uint8_t *buffer = realloc(reader->buffer, capacity);
        ENSURE(buffer);
        reader->buffer = buffer;
        reader->capacity = capacity;
    }
    reader->at = reader->buffer;
}

enum err block_reader_slide(struct block_reader *reader, size_t used, uint64_t wanted, bool *full)
{
    size_t got;
    enum err err;

    ENSURE(used <= reader->len);
    *full = false;
    if (used > 0) {
        reader->at += used;
        reader->len -= used;
        reader->offset += used;
    }
    if (reader->ended)
        return ERR_NONE;
    make_room(reader);
    size_t room = reader->capacity - reader->len;
    if (room == 0) {
        *full = true;
        return ERR_NONE;
    }
    size_t size = room < BLOCK_BYTES ? room : BLOCK_BYTES;
    uint64_t next = reader->offset + reader->len;
    if (wanted > next && wanted - next < size)
        size = (size_t)(wanted - next);
    if (reader->stream)
        err = file_read_next(reader->file, reader->at + reader->len, size, &got);
    else
        err = file_read_at(reader->file, next, reader->at + reader->len, size, &got);
    if (err)
        return err;
    reader->len += got;
    /* a file of known size has ended with its last byte: no read of nothing is needed to see it */
    reader->ended = reader->stream ? got == 0 : got < size;
    if (!reader->stream && next + got == reader->file->facts.size && next + got > 0)
        reader->ended = true;
    return ERR_NONE;
}
