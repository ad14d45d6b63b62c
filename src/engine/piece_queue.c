/* piece_queue.c - see piece_queue.h. */
#include "engine/piece_queue.h"

#include "core/ensure.h"

#include <stdlib.h>

#define CUT_TRY_BYTES (64u << 10) /* nearly always enough; CUT_BYTES are read only if it is not */
#define CUT_TRIES_MAX 64          /* without a place to cut, the piece becomes longer instead */

void piece_queue_init(struct piece_queue *queue, const struct evidence *evidence,
                      const struct file_start *starts,
                      void (*tell)(void *context, const struct file_message *message),
                      void *context)
{
    *queue = (struct piece_queue){
        .evidence = evidence, .starts = starts, .tell = tell, .context = context};
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->changed, NULL);
    queue->last_offered = &queue->offered;
    queue->head = malloc(CUT_BYTES > PROBE_BYTES ? CUT_BYTES : PROBE_BYTES);
    ENSURE(queue->head);
}

uint32_t format_index(const struct format *format)
{
    size_t count;
    const struct format *const *all = format_all(&count);

    uint32_t index = 0;
    while (index < count && all[index] != format)
        index++;
    ENSURE(index < count);
    return index;
}

static void release(struct piece_queue *queue, struct open_file *file)
{
    if (--file->references > 0)
        return;
    if (!file->borrowed)
        file_close(&file->file);
    if (file->unpacked) {
        queue->unpacked_bytes -= (size_t)file->file.facts.size;
        pthread_cond_broadcast(&queue->changed);
    }
    free(file->unpacked);
    free(file);
}

void piece_queue_free(struct piece_queue *queue)
{
    if (queue->current)
        release(queue, queue->current);
    free(queue->head);
    pthread_cond_destroy(&queue->changed);
    pthread_mutex_destroy(&queue->lock);
}

static void tell(struct piece_queue *queue, uint32_t file, enum file_progress progress,
                 const struct format *format, enum err err)
{
    queue->tell(queue->context, &(struct file_message){.file = file,
                                                       .progress = progress,
                                                       .format = format ? format_index(format) : 0,
                                                       .err = err});
}

/* Recognises an open file. False if there is nothing to read in it. */
static bool look_at(struct piece_queue *queue, struct open_file *file)
{
    size_t got;
    enum err err = file_read_at(&file->file, 0, queue->head, PROBE_BYTES, &got);
    struct str head = {(const char *)queue->head, got};

    if (err) {
        tell(queue, file->index, FILE_UNREADABLE, NULL, err);
        return false;
    }
    if (got == 0) {
        tell(queue, file->index, FILE_EMPTY, NULL, ERR_NONE);
        return false;
    }
    if (file->file.facts.size == 0) /* the system tells no size, such as below /proc */
        file->file.facts.kind = FILE_STREAM;
    file->packing = packing_guess(head);
    if (file->packing != PACKING_NONE)
        return true; /* its thread says so */
    file->format = format_guess(head);
    if (!file->format) {
        tell(queue, file->index, FILE_UNKNOWN, NULL, ERR_NONE);
        return false;
    }
    file->carry.changed_ns = file->file.facts.changed_ns;
    if (file->format->look)
        file->format->look(head, &file->carry);
    tell(queue, file->index, FILE_RECOGNISED, file->format, ERR_NONE);
    return true;
}

/* Makes the next file current that has something to read. */
static bool open_next(struct piece_queue *queue)
{
    while (queue->next_file < queue->evidence->count) {
        uint32_t index = queue->next_file++;
        const struct evidence_file *listed = &queue->evidence->files[index];
        const struct file_start *start = queue->starts ? &queue->starts[index] : NULL;
        if (start && start->skip)
            continue;
        tell(queue, index, FILE_OPENED, NULL, ERR_NONE);
        struct open_file *file = calloc(1, sizeof(*file));
        ENSURE(file);
        file->index = index;
        file->references = 1;
        file->next_begin = start ? start->offset : 0;
        file->next_piece = start ? start->piece : 0;
        queue->current = file;
        if (!listed->path) {
            file->file = listed->stream;
            file->borrowed = true;
            return true;
        }
        enum err err = file_open(listed->path, false, &file->file);
        if (err)
            tell(queue, index, FILE_UNREADABLE, NULL, err);
        else if (look_at(queue, file))
            return true;
        queue->current = NULL;
        release(queue, file);
    }
    return false;
}

/* A place at or behind `candidate` where a piece may start, or -1. */
static ptrdiff_t cut_at(struct piece_queue *queue, const struct open_file *file, uint64_t candidate,
                        size_t bytes, bool *ended)
{
    size_t got = 0;
    enum err err = file_read_at(&file->file, candidate, queue->head, bytes, &got);

    *ended = err != ERR_NONE || got == 0;
    if (*ended)
        return -1;
    return file->format->cut(&file->carry, (struct str){(const char *)queue->head, got});
}

/* Where the piece that starts at `begin` ends; the end of the file if it cannot be cut before. */
static uint64_t find_end(struct piece_queue *queue, const struct open_file *file)
{
    const struct format *format = file->format;
    uint64_t begin = file->next_begin, size = file->file.facts.size;
    uint64_t target = (begin / PIECE_BYTES + 1) * PIECE_BYTES;
    uint64_t unit = format->cut_unit;

    if (unit == 0 || queue->uncut)
        return size;
    uint64_t candidate = format->cut_begin;
    if (candidate < target)
        candidate += (target - candidate + unit - 1) / unit * unit;
    for (unsigned tries = 0; candidate < size; candidate += unit) {
        bool ended;
        ptrdiff_t found = cut_at(queue, file, candidate, CUT_TRY_BYTES, &ended);
        if (found < 0 && !ended)
            found = cut_at(queue, file, candidate, CUT_BYTES, &ended);
        if (ended)
            return size; /* it shrank: the reader of this piece says so */
        if (found >= 0 && candidate + (uint64_t)found > begin)
            return candidate + (uint64_t)found < size ? candidate + (uint64_t)found : size;
        if (++tries == CUT_TRIES_MAX) {
            tries = 0;
            candidate += PIECE_BYTES / unit * unit;
        }
    }
    return size;
}

/* The next piece of a file; true if it is the last one, and the file no longer the queue's. */
static bool cut_piece(struct piece_queue *queue, struct open_file *file, struct piece *piece)
{
    bool whole =
        file->borrowed || file->file.facts.kind == FILE_STREAM || file->packing != PACKING_NONE;

    *piece = (struct piece){.file = file,
                            .number = file->next_piece++,
                            .sequence = queue->sequence++,
                            .begin = file->next_begin,
                            .end = whole ? UINT64_MAX : find_end(queue, file)};
    piece->last = whole || piece->end >= file->file.facts.size;
    piece->may_offer = whole;
    queue->unpacking += whole;
    file->next_begin = piece->end;
    file->references++;
    if (piece->last)
        release(queue, file);
    return piece->last;
}

static void take_offered(struct piece_queue *queue, struct piece *piece)
{
    struct open_file *file = queue->offered, *next = file->next;

    if (!cut_piece(queue, file, piece))
        return;
    queue->offered = next;
    if (!next)
        queue->last_offered = &queue->offered;
}

bool piece_queue_take(struct piece_queue *queue, struct piece *piece)
{
    bool found = false;

    pthread_mutex_lock(&queue->lock);
    for (;;) {
        found = true;
        if (queue->offered)
            take_offered(queue, piece);
        else if (!queue->current && !open_next(queue))
            found = false;
        else if (cut_piece(queue, queue->current, piece))
            queue->current = NULL;
        if (found || queue->unpacking == 0)
            break;
        pthread_cond_wait(&queue->changed, &queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    return found;
}

void piece_queue_offer(struct piece_queue *queue, struct open_file *file)
{
    pthread_mutex_lock(&queue->lock);
    queue->unpacked_bytes += (size_t)file->file.facts.size;
    file->references = 1;
    *queue->last_offered = file;
    queue->last_offered = &file->next;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

bool piece_queue_help(struct piece_queue *queue, size_t bytes, struct piece *piece)
{
    bool found = false;

    pthread_mutex_lock(&queue->lock);
    while (queue->unpacked_bytes > bytes && !found) {
        found = queue->offered != NULL;
        if (found)
            take_offered(queue, piece);
        else
            pthread_cond_wait(&queue->changed, &queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    return found;
}

void piece_queue_return(struct piece_queue *queue, const struct piece *piece)
{
    pthread_mutex_lock(&queue->lock);
    if (piece->may_offer) {
        queue->unpacking--;
        pthread_cond_broadcast(&queue->changed);
    }
    release(queue, piece->file);
    pthread_mutex_unlock(&queue->lock);
}
