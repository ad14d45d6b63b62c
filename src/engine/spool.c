/* spool.c - see spool.h. A run is a stretch of one nameless file, with entries in order: key,
 * length, bytes. */
#include "engine/spool.h"

#include "core/cursor.h"
#include "core/ensure.h"
#include "os/folder.h"
#include "os/output_file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define RUN_BLOCK_BYTES ((size_t)256 << 10)
#define RUN_BLOCK_BYTES_MIN ((size_t)8 << 10) /* when many runs share the memory */
#define MEMORY_BYTES_MIN ((size_t)1 << 20)

#define ADDED_BYTES ((size_t)64 << 10) /* of a block that entries are copied into */

struct entry {
    struct spool_key key;
    const char *at; /* in a block */
    uint32_t len;
};

#define AHEAD 4u
#define AHEAD_BYTES ((size_t)512)

#define HEAD_BYTES ((size_t)7 * 8)

struct run_head {
    struct spool_key key;
    uint32_t len;
};

struct run {
    uint64_t begin, end;
    uint64_t offset; /* of what was not read yet */
    struct buf block;
    size_t at;
    struct run_head head; /* of the entry at hand */
    struct str bytes;
};

struct spool {
    size_t memory;
    const char *folder;
    int (*compare_ranks)(const void *context, uint32_t left, uint32_t right);
    const void *context;
    int fd; /* of the runs; -1: everything is in memory */
    uint64_t file_bytes;
    struct spool_block *blocks;
    size_t block_len;  /* of all blocks */
    size_t added_room; /* left in the foremost block for entries that are copied */
    struct entry *entries;
    size_t count, capacity, next;
    bool sorted; /* the entries, since the last one came */
    struct run *runs;
    size_t run_count;
    size_t block_bytes;
    struct run **heap; /* runs that hold something, the one with the first entry foremost */
    size_t heap_count;
    bool taken; /* spool_next gave the foremost entry */
    enum err err;
};

static int compare_numbers(const void *context, uint32_t left, uint32_t right)
{
    (void)context;
    return (left > right) - (left < right);
}

struct spool *spool_new(size_t memory, const char *folder)
{
    struct spool *spool = calloc(1, sizeof(*spool));

    ENSURE(spool);
    spool->memory = memory < MEMORY_BYTES_MIN ? MEMORY_BYTES_MIN : memory;
    spool->folder = folder;
    spool->fd = -1;
    spool->compare_ranks = compare_numbers;
    return spool;
}

static void drop_blocks(struct spool *spool)
{
    while (spool->blocks) {
        struct spool_block *block = spool->blocks;
        spool->blocks = block->next;
        free(block);
    }
    spool->block_len = spool->added_room = 0;
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    for (size_t i = 0; i < spool->run_count; i++)
        buf_free(&spool->runs[i].block);
    if (spool->fd >= 0)
        close(spool->fd);
    free(spool->runs);
    free(spool->heap);
    free(spool->entries);
    drop_blocks(spool);
    free(spool);
}

void spool_order(struct spool *spool,
                 int (*compare)(const void *context, uint32_t left, uint32_t right),
                 const void *context)
{
    spool->compare_ranks = compare;
    spool->context = context;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int spool_compare(const struct spool *spool, const struct spool_key *a, const struct spool_key *b)
{
    int order = (int)b->has_time - (int)a->has_time;

    if (order == 0 && a->has_time)
        order = (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
    if (order == 0 && a->rank != b->rank)
        order = spool->compare_ranks(spool->context, a->rank, b->rank);
    if (order == 0)
        order = compare_u64(a->number, b->number);
    if (order == 0)
        order = compare_u64(a->offset, b->offset);
    return order ? order : compare_u64(a->rule, b->rule);
}

static int compare_entries(const void *a, const void *b, void *context)
{
    const struct entry *left = a, *right = b;

    return spool_compare(context, &left->key, &right->key);
}

static void sort(struct spool *spool)
{
    if (spool->count > 1 && !spool->sorted)
        qsort_r(spool->entries, spool->count, sizeof(*spool->entries), compare_entries, spool);
    spool->sorted = true;
}

/* ---- writing runs ---- */

static void add_u64(struct buf *out, uint64_t value)
{
    for (unsigned shift = 0; shift < 64; shift += 8)
        buf_add_char(out, (char)(uint8_t)(value >> shift));
}

static void add_head(struct buf *out, const struct spool_key *key, uint32_t len)
{
    const uint64_t numbers[] = {
        (uint64_t)key->time_ns, key->has_time, key->rank, key->number, key->offset, key->rule, len};

    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++)
        add_u64(out, numbers[i]);
}

static void take_head(struct run_head *head, struct str bytes)
{
    struct cursor in = cursor_over_str(bytes);

    head->key.time_ns = (int64_t)cursor_u64(&in);
    head->key.has_time = cursor_u64(&in) != 0;
    head->key.rank = (uint32_t)cursor_u64(&in);
    head->key.number = cursor_u64(&in);
    head->key.offset = cursor_u64(&in);
    head->key.rule = cursor_u64(&in);
    head->len = (uint32_t)cursor_u64(&in);
}

static enum err write_run(struct spool *spool)
{
    struct run run = {.begin = spool->file_bytes, .end = spool->file_bytes};
    enum err err = spool->fd < 0 ? folder_nameless_file(spool->folder, &spool->fd) : ERR_NONE;
    struct buf block;

    if (err)
        return err;
    sort(spool);
    buf_init(&block, SIZE_MAX / 2);
    for (size_t i = 0; i <= spool->count && !err; i++) {
        if (i == spool->count || block.len > RUN_BLOCK_BYTES) {
            err = descriptor_write(spool->fd, buf_str(&block));
            run.end += block.len;
            buf_reset(&block);
        }
        if (i == spool->count)
            break;
        const struct entry *entry = &spool->entries[i];
        add_head(&block, &entry->key, entry->len);
        buf_add_bytes(&block, entry->at, entry->len);
    }
    buf_free(&block);
    struct run *runs = realloc(spool->runs, (spool->run_count + 1) * sizeof(*runs));
    ENSURE(runs);
    spool->runs = runs;
    buf_init(&run.block, SIZE_MAX / 2);
    runs[spool->run_count++] = run;
    spool->file_bytes = run.end;
    spool->count = 0;
    drop_blocks(spool);
    return err;
}

static struct spool_block *block_new(size_t len)
{
    struct spool_block *block = malloc(sizeof(*block) + len);

    ENSURE(block);
    block->next = NULL;
    block->len = len;
    return block;
}

struct spool_block *spool_block_new(struct str bytes)
{
    struct spool_block *block = block_new(bytes.len);

    str_copy(block->bytes, bytes);
    return block;
}

void spool_note(struct spool *spool, const struct spool_key *key, struct str bytes)
{
    if (spool->count == spool->capacity) {
        spool->capacity = spool->capacity ? spool->capacity * 2 : 1024;
        struct entry *entries = realloc(spool->entries, spool->capacity * sizeof(*spool->entries));
        ENSURE(entries);
        spool->entries = entries;
    }
    ENSURE(bytes.len <= UINT32_MAX);
    spool->sorted = false;
    spool->entries[spool->count++] = (struct entry){*key, bytes.at, (uint32_t)bytes.len};
}

/* On the disk with everything that was noted, if that is more than may be held. */
static enum err check_memory(struct spool *spool)
{
    if (spool->block_len + spool->count * sizeof(*spool->entries) < spool->memory)
        return ERR_NONE;
    return write_run(spool);
}

static void hold(struct spool *spool, struct spool_block *block)
{
    block->next = spool->blocks;
    spool->blocks = block;
    spool->block_len += block->len;
    spool->added_room = 0;
}

enum err spool_keep(struct spool *spool, struct spool_block *block)
{
    hold(spool, block);
    return check_memory(spool);
}

enum err spool_add(struct spool *spool, const struct spool_key *key, struct str bytes)
{
    if (!spool->blocks || bytes.len > spool->added_room) {
        size_t len = bytes.len > ADDED_BYTES ? bytes.len : ADDED_BYTES;
        hold(spool, block_new(len));
        spool->added_room = len;
    }
    char *to = spool->blocks->bytes + spool->blocks->len - spool->added_room;
    str_copy(to, bytes);
    spool->added_room -= bytes.len;
    spool_note(spool, key, (struct str){to, bytes.len});
    return check_memory(spool);
}

/* ---- reading them back ---- */

/* At least `wanted` bytes behind run->at. */
static bool fill(struct spool *spool, struct run *run, size_t wanted)
{
    struct buf *block = &run->block;

    if (block->len - run->at >= wanted)
        return true;
    buf_drop(block, run->at);
    run->at = 0;
    while (block->len < wanted) {
        size_t missing = wanted - block->len;
        size_t size = missing > spool->block_bytes ? missing : spool->block_bytes;
        if (size > run->end - run->offset)
            size = (size_t)(run->end - run->offset);
        char *to = buf_reserve(block, size);
        ENSURE(to);
        ssize_t got = pread(spool->fd, to, size, (off_t)run->offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            spool->err = got < 0 ? ERR_INPUT_OUTPUT : ERR_CHANGED;
            return false;
        }
        run->offset += (uint64_t)got;
        block->len += (size_t)got;
    }
    return true;
}

/* False: it holds nothing more, or it cannot be had. */
static bool next_of_run(struct spool *spool, struct run *run)
{
    run->at += run->bytes.len;
    run->bytes = STR_EMPTY;
    if (run->offset == run->end && run->at == run->block.len)
        return false;
    if (!fill(spool, run, HEAD_BYTES))
        return false;
    take_head(&run->head, (struct str){run->block.at + run->at, HEAD_BYTES});
    run->at += HEAD_BYTES;
    if (!fill(spool, run, run->head.len))
        return false;
    run->bytes = (struct str){run->block.at + run->at, run->head.len};
    return true;
}

/* Lets the run at `at` sink to its place. */
static void sink(struct spool *spool, size_t at)
{
    struct run **heap = spool->heap, *run = heap[at];

    for (size_t child; (child = 2 * at + 1) < spool->heap_count; at = child) {
        if (child + 1 < spool->heap_count &&
            spool_compare(spool, &heap[child + 1]->head.key, &heap[child]->head.key) < 0)
            child++;
        if (spool_compare(spool, &run->head.key, &heap[child]->head.key) <= 0)
            break;
        heap[at] = heap[child];
    }
    heap[at] = run;
}

enum err spool_sort(struct spool *spool)
{
    sort(spool);
    free(spool->heap);
    spool->heap_count = spool->next = 0;
    spool->taken = false;
    spool->heap = calloc(spool->run_count + 1, sizeof(struct run *));
    ENSURE(spool->heap);
    spool->block_bytes = spool->memory / (spool->run_count + 1);
    if (spool->block_bytes > RUN_BLOCK_BYTES)
        spool->block_bytes = RUN_BLOCK_BYTES;
    if (spool->block_bytes < RUN_BLOCK_BYTES_MIN)
        spool->block_bytes = RUN_BLOCK_BYTES_MIN;
    for (size_t i = 0; i < spool->run_count; i++) {
        struct run *run = &spool->runs[i];
        buf_reset(&run->block);
        run->at = 0;
        run->bytes = STR_EMPTY;
        run->offset = run->begin;
        if (next_of_run(spool, run))
            spool->heap[spool->heap_count++] = run;
    }
    for (size_t i = spool->heap_count / 2; i-- > 0;)
        sink(spool, i);
    return spool->err;
}

/* Behind the foremost entry of all runs. */
static void drop_foremost(struct spool *spool)
{
    if (!next_of_run(spool, spool->heap[0]))
        spool->heap[0] = spool->heap[--spool->heap_count];
    if (spool->heap_count > 0)
        sink(spool, 0);
}

/* Entries in order lie scattered in memory: what follows soon is on its way meanwhile. */
static void fetch_ahead(const struct spool *spool)
{
    if (spool->next + AHEAD >= spool->count)
        return;
    const struct entry *entry = &spool->entries[spool->next + AHEAD];
    size_t len = entry->len < AHEAD_BYTES ? entry->len : AHEAD_BYTES;
    for (size_t i = 0; i < len; i += 64)
        __builtin_prefetch(entry->at + i);
}

bool spool_next(struct spool *spool, struct spool_key *key, struct str *bytes)
{
    if (spool->taken)
        drop_foremost(spool);
    spool->taken = false;
    if (spool->err)
        return false;
    const struct run *best = spool->heap_count > 0 ? spool->heap[0] : NULL;
    if (spool->next < spool->count) {
        const struct entry *entry = &spool->entries[spool->next];
        if (!best || spool_compare(spool, &entry->key, &best->head.key) < 0) {
            *key = entry->key;
            *bytes = (struct str){entry->at, entry->len};
            fetch_ahead(spool);
            spool->next++;
            return true;
        }
    }
    spool->taken = best != NULL;
    if (!best)
        return false;
    *key = best->head.key;
    *bytes = best->bytes;
    return true;
}

enum err spool_err(const struct spool *spool)
{
    return spool->err;
}
