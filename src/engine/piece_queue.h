/* piece_queue.h - hands out the evidence in pieces, in order, to the threads of the worker.
 *
 * A file is opened, recognised by its first bytes and cut when its turn comes. A stream is one
 * piece that never ends; its thread looks at its first bytes itself, for they can be read only
 * once. */
#ifndef ENGINE_PIECE_QUEUE_H
#define ENGINE_PIECE_QUEUE_H

#include "engine/evidence.h"
#include "engine/message.h"
#include "formats/format.h"

#include <pthread.h>

/* Does not depend on the number of threads: what is read together is the same in every run. */
#define PIECE_BYTES (4u << 20)

struct open_file {
    struct file file;
    uint32_t index;              /* in the evidence */
    const struct format *format; /* NULL: a stream that nobody has looked at yet */
    struct carry carry;
    uint32_t references; /* the queue's and those of pieces */
    bool borrowed;       /* the descriptor belongs to the evidence */
};

struct piece {
    struct open_file *file;
    uint32_t number;   /* within the file */
    uint64_t sequence; /* among all pieces that were handed out */
    uint64_t begin, end;
    bool last;
};

/* Where to go on: set for each file before the queue starts. */
struct file_start {
    bool skip;
    uint32_t piece;
    uint64_t offset;
};

struct piece_queue {
    pthread_mutex_t lock;
    const struct evidence *evidence;
    const struct file_start *starts; /* borrowed; NULL: everything from the beginning */
    /* what is told while files are opened; called with the lock held */
    void (*tell)(void *context, const struct file_message *message);
    void *context;
    uint32_t next_file;
    struct open_file *current;
    uint64_t next_begin, sequence;
    uint32_t next_piece;
    uint8_t *head; /* owned; PROBE_BYTES and CUT_BYTES share it */
};

void piece_queue_init(struct piece_queue *queue, const struct evidence *evidence,
                      const struct file_start *starts,
                      void (*tell)(void *context, const struct file_message *message),
                      void *context);
void piece_queue_free(struct piece_queue *queue);
/* The next piece; false if nothing is left. Give it back when it is read. */
MUST_USE bool piece_queue_take(struct piece_queue *queue, struct piece *piece);
void piece_queue_return(struct piece_queue *queue, const struct piece *piece);

/* Place of a format in format_all. */
uint32_t format_index(const struct format *format);

#endif
