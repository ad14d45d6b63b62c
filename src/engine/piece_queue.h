/* piece_queue.h - hands out the evidence in pieces, in order, to the threads of the worker.
 *
 * A file is opened, recognised by its first bytes and cut when its turn comes. A stream is one
 * piece that never ends; its thread looks at its first bytes itself, for they can be read only
 * once. A packed file is one piece, too: its thread unpacks it, and offers what it has unpacked
 * into memory to all threads. What was offered goes first, so that little waits in memory. */
#ifndef ENGINE_PIECE_QUEUE_H
#define ENGINE_PIECE_QUEUE_H

#include "codec/unpack.h"
#include "engine/evidence.h"
#include "engine/message.h"
#include "formats/format.h"

#include <pthread.h>

/* Does not depend on the number of threads: what is read together is the same in every run. */
#define PIECE_BYTES (4u << 20)

struct open_file {
    struct file file;
    uint32_t index;              /* in the evidence */
    const struct format *format; /* NULL: packed, or a stream that nobody has looked at yet */
    enum packing packing;
    struct carry carry;
    uint32_t references; /* the queue's and those of pieces */
    bool borrowed;       /* the descriptor belongs to the evidence */
    uint8_t *unpacked;   /* owned: file.memory of what was unpacked */
    uint64_t next_begin; /* of the piece that is cut next */
    uint32_t next_piece;
    struct open_file *next; /* that was offered */
};

struct piece {
    struct open_file *file;
    uint32_t number;   /* within the file */
    uint64_t sequence; /* among all pieces that were handed out */
    uint64_t begin, end;
    bool last;
    bool may_offer; /* packed, or a stream that may turn out to be */
};

/* Where to go on: set for each file, and each member that was met, before the queue starts. */
struct file_start {
    bool skip;
    uint32_t piece;
    uint64_t offset;
    uint32_t place;              /* in what it lies in */
    uint32_t first_member, next; /* UINT32_MAX: none; `next` lies in the same file */
};

struct piece_queue {
    pthread_mutex_t lock;
    const struct evidence *evidence;
    const struct file_start *starts; /* borrowed; NULL: everything from the beginning */
    /* what is told while files are opened; called with the lock held */
    void (*tell)(void *context, const struct file_message *message);
    void *context;
    bool uncut; /* each file is one piece */
    uint32_t next_file;
    struct open_file *current;
    uint64_t sequence;
    struct open_file *offered, **last_offered;
    size_t unpacked_bytes; /* in memory, of what was offered */
    unsigned unpacking;    /* pieces under way that may offer something */
    pthread_cond_t changed;
    uint8_t *head; /* owned; PROBE_BYTES and CUT_BYTES share it */
};

void piece_queue_init(struct piece_queue *queue, const struct evidence *evidence,
                      const struct file_start *starts,
                      void (*tell)(void *context, const struct file_message *message),
                      void *context);
void piece_queue_free(struct piece_queue *queue);
/* The next piece; false if nothing is left, also for others to offer. Give it back when it is
 * read. */
MUST_USE bool piece_queue_take(struct piece_queue *queue, struct piece *piece);
void piece_queue_return(struct piece_queue *queue, const struct piece *piece);

/* For a thread that unpacks: hands a recognised file in memory over. */
void piece_queue_offer(struct piece_queue *queue, struct open_file *file);
/* Before it unpacks on: while more than `bytes` of what was offered are in memory, gives a piece of
 * it to be read by the same thread (true), or waits. */
MUST_USE bool piece_queue_help(struct piece_queue *queue, size_t bytes, struct piece *piece);

/* Place of a format in format_all. */
uint32_t format_index(const struct format *format);

#endif
