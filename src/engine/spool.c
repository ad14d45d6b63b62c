/* spool.c - see spool.h. A run is a nameless file of entries: key, length, bytes. */
#include "engine/spool.h"

#include "core/cursor.h"
#include "core/ensure.h"
#include "os/folder.h"
#include "os/output_file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define RUN_BLOCK_BYTES ((size_t)256 << 10)
#define MEMORY_BYTES_MIN ((size_t)1 << 20)

struct entry {
    struct spool_key key;
    size_t at;
    uint32_t len;
};

#define HEAD_BYTES ((size_t)7 * 8)

struct run_head {
    struct spool_key key;
    uint32_t len;
};

struct run {
    int fd;
    uint64_t offset, size; /* of what was not read yet; of the file */
    struct buf block;
    size_t at;
    struct run_head head; /* of the entry at hand */
    struct str bytes;
    bool ended;
};

struct spool {
    size_t memory;
    const char *folder;
    struct buf bytes;
    struct entry *entries;
    size_t count, capacity, next;
    struct run *runs;
    size_t run_count;
    struct run *taken; /* the run that spool_next gave from last */
    enum err err;
};

struct spool *spool_new(size_t memory, const char *folder)
{
    struct spool *spool = calloc(1, sizeof(*spool));

    ENSURE(spool);
    spool->memory = memory < MEMORY_BYTES_MIN ? MEMORY_BYTES_MIN : memory;
    spool->folder = folder;
    buf_init(&spool->bytes, SIZE_MAX / 2);
    return spool;
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    for (size_t i = 0; i < spool->run_count; i++) {
        close(spool->runs[i].fd);
        buf_free(&spool->runs[i].block);
    }
    free(spool->runs);
    free(spool->entries);
    buf_free(&spool->bytes);
    free(spool);
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_keys(const struct spool_key *a, const struct spool_key *b)
{
    int order = (int)b->has_time - (int)a->has_time;

    if (order == 0 && a->has_time)
        order = (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
    if (order == 0)
        order = compare_u64(a->rank, b->rank);
    if (order == 0)
        order = compare_u64(a->number, b->number);
    if (order == 0)
        order = compare_u64(a->offset, b->offset);
    return order ? order : compare_u64(a->rule, b->rule);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;

    return compare_keys(&left->key, &right->key);
}

static void sort(struct spool *spool)
{
    if (spool->count > 1)
        qsort(spool->entries, spool->count, sizeof(*spool->entries), compare_entries);
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
    struct run run = {0};
    struct buf block;

    sort(spool);
    enum err err = folder_nameless_file(spool->folder, &run.fd);
    if (err)
        return err;
    buf_init(&block, SIZE_MAX / 2);
    for (size_t i = 0; i <= spool->count && !err; i++) {
        if (i == spool->count || block.len > RUN_BLOCK_BYTES) {
            err = descriptor_write(run.fd, buf_str(&block));
            run.size += block.len;
            buf_reset(&block);
        }
        if (i == spool->count)
            break;
        const struct entry *entry = &spool->entries[i];
        add_head(&block, &entry->key, entry->len);
        buf_add_bytes(&block, spool->bytes.at + entry->at, entry->len);
    }
    buf_free(&block);
    struct run *runs = realloc(spool->runs, (spool->run_count + 1) * sizeof(*runs));
    ENSURE(runs);
    spool->runs = runs;
    buf_init(&run.block, SIZE_MAX / 2);
    runs[spool->run_count++] = run;
    spool->count = 0;
    buf_reset(&spool->bytes);
    return err;
}

enum err spool_add(struct spool *spool, const struct spool_key *key, struct str bytes)
{
    if (spool->count == spool->capacity) {
        spool->capacity = spool->capacity ? spool->capacity * 2 : 1024;
        struct entry *entries = realloc(spool->entries, spool->capacity * sizeof(*spool->entries));
        ENSURE(entries);
        spool->entries = entries;
    }
    ENSURE(bytes.len <= UINT32_MAX);
    spool->entries[spool->count++] = (struct entry){*key, spool->bytes.len, (uint32_t)bytes.len};
    buf_add(&spool->bytes, bytes);
    ENSURE(!spool->bytes.full);
    if (spool->bytes.len + spool->count * sizeof(*spool->entries) < spool->memory)
        return ERR_NONE;
    return write_run(spool);
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
        size_t size = wanted - block->len > RUN_BLOCK_BYTES ? wanted - block->len : RUN_BLOCK_BYTES;
        char *to = buf_reserve(block, size);
        ENSURE(to);
        ssize_t got = pread(run->fd, to, size, (off_t)run->offset);
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

static void next_of_run(struct spool *spool, struct run *run)
{
    run->at += run->bytes.len;
    run->ended = run->offset == run->size && run->at == run->block.len;
    if (run->ended)
        return;
    run->ended = true; /* unless all of it can be had */
    if (!fill(spool, run, HEAD_BYTES))
        return;
    take_head(&run->head, (struct str){run->block.at + run->at, HEAD_BYTES});
    run->at += HEAD_BYTES;
    if (!fill(spool, run, run->head.len))
        return;
    run->bytes = (struct str){run->block.at + run->at, run->head.len};
    run->ended = false;
}

enum err spool_sort(struct spool *spool)
{
    sort(spool);
    for (size_t i = 0; i < spool->run_count; i++)
        next_of_run(spool, &spool->runs[i]);
    return spool->err;
}

bool spool_next(struct spool *spool, struct str *bytes)
{
    struct run *best = NULL;

    if (spool->taken)
        next_of_run(spool, spool->taken);
    spool->taken = NULL;
    if (spool->err)
        return false;
    for (size_t i = 0; i < spool->run_count; i++) {
        struct run *run = &spool->runs[i];
        if (!run->ended && (!best || compare_keys(&run->head.key, &best->head.key) < 0))
            best = run;
    }
    if (spool->next < spool->count) {
        const struct entry *entry = &spool->entries[spool->next];
        if (!best || compare_keys(&entry->key, &best->head.key) < 0) {
            *bytes = (struct str){spool->bytes.at + entry->at, entry->len};
            spool->next++;
            return true;
        }
    }
    spool->taken = best;
    if (best)
        *bytes = best->bytes;
    return best != NULL;
}

enum err spool_err(const struct spool *spool)
{
    return spool->err;
}
