/* value_memory.c - a ring of entries, found through buckets of one cache line.
 *
 * Places in the ring are counted in units of 16 bytes and never start over, so that an entry is
 * intact as long as the ring has not moved a whole lap past its start. */
#include "match/value_memory.h"

#include "core/ensure.h"
#include "match/text_hash.h"

#include <stdlib.h>

#define UNIT_BYTES 16u
#define BUCKET_SLOTS 8u
#define BYTES_PER_SLOT 64u /* roughly what one entry takes */
#define PLACE_MAX 0xc0000000u

struct entry {
    uint64_t hash;
    uint32_t tag;
    uint32_t count;
    uint64_t len;
    uint32_t numbers[]; /* and the text behind them */
};

struct slot {
    uint32_t check; /* upper half of the hash */
    uint32_t place; /* 0: empty */
};

struct bucket {
    _Alignas(64) struct slot slots[BUCKET_SLOTS];
};

struct value_memory {
    uint64_t key;
    uint32_t units;
    uint32_t head; /* place of the next entry; starts at 1 */
    uint32_t bucket_mask;
    struct bucket *buckets;
    char *ring;
};

struct value_memory *value_memory_new(size_t bytes, uint64_t key)
{
    struct value_memory *memory = calloc(1, sizeof(*memory));

    ENSURE(memory);
    ENSURE(bytes >= 64u << 10 && bytes <= 1u << 30 && (bytes & (bytes - 1)) == 0);
    size_t buckets = bytes / BYTES_PER_SLOT / BUCKET_SLOTS;
    memory->key = key;
    memory->units = (uint32_t)(bytes / UNIT_BYTES);
    memory->bucket_mask = (uint32_t)buckets - 1;
    memory->buckets = aligned_alloc(sizeof(struct bucket), buckets * sizeof(struct bucket));
    memory->ring = aligned_alloc(sizeof(struct bucket), bytes);
    ENSURE(memory->buckets && memory->ring);
    value_memory_clear(memory);
    return memory;
}

void value_memory_free(struct value_memory *memory)
{
    if (!memory)
        return;
    free(memory->buckets);
    free(memory->ring);
    free(memory);
}

void value_memory_clear(struct value_memory *memory)
{
    memset(memory->buckets, 0, (memory->bucket_mask + 1u) * sizeof(struct bucket));
    memory->head = 1;
}

static bool is_intact(const struct value_memory *memory, uint32_t place)
{
    return place != 0 && memory->head - place <= memory->units;
}

static char *at_place(const struct value_memory *memory, uint32_t place)
{
    return memory->ring + (size_t)(place & (memory->units - 1)) * UNIT_BYTES;
}

uint64_t value_memory_hash(const struct value_memory *memory, uint32_t tag, struct str text)
{
    return text_hash(text, tag, memory->key);
}

static struct bucket *bucket_of(const struct value_memory *memory, uint64_t hash)
{
    return &memory->buckets[(uint32_t)hash & memory->bucket_mask];
}

void value_memory_await(const struct value_memory *memory, uint64_t hash)
{
    __builtin_prefetch(bucket_of(memory, hash));
}

void value_memory_await_entry(const struct value_memory *memory, uint64_t hash)
{
    const struct bucket *bucket = bucket_of(memory, hash);

    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        if (bucket->slots[i].check != (uint32_t)(hash >> 32))
            continue;
        const char *entry = at_place(memory, bucket->slots[i].place);
        __builtin_prefetch(entry);
        __builtin_prefetch(entry + sizeof(struct bucket)); /* a cache line on */
    }
}

bool value_memory_find(const struct value_memory *memory, uint32_t tag, struct str text,
                       uint64_t *hash, struct value_memory_list *list)
{
    *hash = value_memory_hash(memory, tag, text);
    return value_memory_find_hashed(memory, tag, text, *hash, list);
}

bool value_memory_find_hashed(const struct value_memory *memory, uint32_t tag, struct str text,
                              uint64_t wanted, struct value_memory_list *list)
{
    const struct bucket *bucket = bucket_of(memory, wanted);

    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        const struct slot *slot = &bucket->slots[i];
        if (slot->check != (uint32_t)(wanted >> 32) || !is_intact(memory, slot->place))
            continue;
        const struct entry *entry = (const void *)at_place(memory, slot->place);
        if (entry->hash != wanted || entry->tag != tag || entry->len != text.len ||
            memcmp(entry->numbers + entry->count, text.at, text.len) != 0)
            continue;
        *list = (struct value_memory_list){entry->numbers, entry->count};
        return true;
    }
    return false;
}

/* The slot to give up: an empty or overwritten one, else the oldest. */
static struct slot *slot_to_fill(const struct value_memory *memory, struct bucket *bucket)
{
    struct slot *oldest = &bucket->slots[0];

    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        struct slot *slot = &bucket->slots[i];
        if (!is_intact(memory, slot->place))
            return slot;
        if (slot->place < oldest->place)
            oldest = slot;
    }
    return oldest;
}

void value_memory_add(struct value_memory *memory, uint32_t tag, struct str text, uint64_t hash,
                      const uint32_t *numbers, uint32_t count)
{
    size_t limit = (size_t)memory->units * UNIT_BYTES / 16;
    size_t size = sizeof(struct entry) + (size_t)count * sizeof(uint32_t);

    if (size > limit || text.len > limit - size)
        return;
    uint32_t units = (uint32_t)((size + text.len + UNIT_BYTES - 1) / UNIT_BYTES);
    if (memory->head > PLACE_MAX)
        value_memory_clear(memory);
    uint32_t to_end = memory->units - (memory->head & (memory->units - 1));
    if (units > to_end) /* entries lie in one piece */
        memory->head += to_end;

    struct entry *entry = (void *)at_place(memory, memory->head);
    struct bucket *bucket = bucket_of(memory, hash);
    uint32_t place = memory->head;
    memory->head += units;
    struct slot *slot = slot_to_fill(memory, bucket);
    *slot = (struct slot){(uint32_t)(hash >> 32), place};
    *entry = (struct entry){.hash = hash, .tag = tag, .count = count, .len = text.len};
    if (count)
        memcpy(entry->numbers, numbers, count * sizeof(uint32_t));
    if (text.len)
        memcpy(entry->numbers + count, text.at, text.len);
}
