/* block_reader.h - a sliding stretch of a file or stream in memory.
 *
 * `at` to `at + len` are the bytes of the file from `offset` on. Sliding drops what is no longer
 * needed from the front and reads on in large blocks with pread (a mapped file that shrinks
 * would kill the reader). The buffer grows up to `max` bytes where a caller keeps everything,
 * and goes back to its ordinary size at the next start. */
#ifndef OS_BLOCK_READER_H
#define OS_BLOCK_READER_H

#include "os/file.h"

#define BLOCK_BYTES (256u << 10)

struct block_reader {
    const struct file *file; /* borrowed */
    uint8_t *buffer;         /* owned */
    size_t capacity, max;
    uint8_t *at;
    size_t len;
    uint64_t offset; /* of `at` */
    bool stream;     /* read from front to back, not by offset */
    bool ended;      /* nothing follows the bytes in memory */
};

/* `max` is at least two blocks. No memory is taken before the first slide. */
void block_reader_init(struct block_reader *reader, size_t max);
void block_reader_free(struct block_reader *reader);
/* Starts anew at `offset` (0 for streams), with nothing in memory. */
void block_reader_start(struct block_reader *reader, const struct file *file, uint64_t offset);

/* Drops the first `used` bytes, then reads on: to `wanted` (an offset in the file, 0: none in
 * particular) if that lies within a block, else one block; always at least one byte, unless the
 * input has ended or `max` bytes are kept already, which *full says. A stream is read once: what
 * is there counts as a block. */
MUST_USE enum err block_reader_slide(struct block_reader *reader, size_t used, uint64_t wanted,
                                     bool *full);

#endif
