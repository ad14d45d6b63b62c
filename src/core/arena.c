/* arena.c - blocks in a list; a mark is a block and how much of it is used. */
#include "core/arena.h"

#include "core/ensure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, size) __asan_poison_memory_region((at), (size))
#define UNPOISON(at, size) __asan_unpoison_memory_region((at), (size))
#define GAP_BYTES 16
#else
#define POISON(at, size) ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
#define GAP_BYTES 0
#endif

#define BLOCK_BYTES_MIN (64 * 1024)
#define ALIGNMENT 16
#define HUGE_PAGE_BYTES ((size_t)2 << 20)
#define HUGE_BLOCK_BYTES_MIN (2 * HUGE_PAGE_BYTES)

struct block {
    struct block *next; /* older blocks first; blocks after `current` are free for reuse */
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
    const char *name;
    size_t cap;
    size_t reserved; /* bytes in all blocks */
    size_t before;   /* bytes used in the blocks before `current` */
    struct block *first;
    struct block *current;
    bool is_within; /* it and its first block lie in memory of the caller */
};

struct arena *arena_new(const char *name, size_t cap_bytes)
{
    struct arena *arena = calloc(1, sizeof(*arena));

    ENSURE(arena);
    arena->name = name;
    arena->cap = cap_bytes;
    return arena;
}

struct arena *arena_new_within(const char *name, size_t cap_bytes, void *memory, size_t size)
{
    struct arena *arena = memory;
    size_t name_size = strlen(name) + 1;
    char *own_name = (char *)(arena + 1);
    size_t before = (sizeof(*arena) + name_size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);

    ENSURE(size > before + sizeof(struct block));
    memcpy(own_name, name, name_size);
    struct block *block = (struct block *)(void *)((char *)memory + before);
    block->size = size - before - sizeof(*block);
    ENSURE(block->size <= cap_bytes);
    POISON(block->bytes, block->size);
    *arena = (struct arena){.name = own_name,
                            .cap = cap_bytes,
                            .reserved = block->size,
                            .first = block,
                            .current = block,
                            .is_within = true};
    return arena;
}

size_t arena_extent(const struct arena *arena)
{
    const struct block *block = arena->first;

    if (!arena->is_within || block->next)
        return 0;
    UNPOISON(block->bytes, block->used);
    return (size_t)((const char *)block->bytes - (const char *)arena) + block->used;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    bool is_within = arena->is_within;
    for (struct block *block = arena->first, *next; block; block = next) {
        next = block->next;
        UNPOISON(block->bytes, block->size);
        if (!is_within || block != arena->first)
            free(block);
    }
    if (!is_within)
        free(arena);
}

/* Large blocks lie on huge pages: loading some thousand rules touches a hundred megabytes once. */
static struct block *block_new(size_t size)
{
    struct block *block;

    if (size < HUGE_BLOCK_BYTES_MIN)
        return malloc(sizeof(*block) + size);
    size_t whole = (sizeof(*block) + size + HUGE_PAGE_BYTES - 1) & ~(HUGE_PAGE_BYTES - 1);
    block = aligned_alloc(HUGE_PAGE_BYTES, whole);
    if (block)
        (void)madvise(block, whole, MADV_HUGEPAGE); /* where it cannot be had, nothing is lost */
    return block;
}

/* Makes the next block with at least `need` bytes current: a kept one if it fits, else a new one.
 */
static void arena_next_block(struct arena *arena, size_t need)
{
    struct block *current = arena->current;
    struct block **link = current ? &current->next : &arena->first;

    if (current)
        arena->before += current->used;
    while (*link && (*link)->size < need) {
        struct block *small = *link;
        *link = small->next;
        arena->reserved -= small->size;
        UNPOISON(small->bytes, small->size);
        free(small);
    }
    if (!*link) {
        size_t size = arena->reserved > BLOCK_BYTES_MIN ? arena->reserved : BLOCK_BYTES_MIN;
        if (size > arena->cap - arena->reserved)
            size = arena->cap - arena->reserved;
        if (size < need)
            size = need;
        ENSURE(need <= arena->cap && size <= arena->cap - arena->reserved);
        struct block *block = block_new(size);
        ENSURE(block);
        block->next = NULL;
        block->size = size;
        POISON(block->bytes, size);
        arena->reserved += size;
        *link = block;
    }
    arena->current = *link;
    arena->current->used = 0;
}

static void *arena_take(struct arena *arena, size_t size, size_t alignment)
{
    ENSURE(size <= arena->cap);
    struct block *block = arena->current;
    size_t at = block ? (block->used + alignment - 1) & ~(alignment - 1) : 0;

    if (UNLIKELY(!block || at > block->size || size + GAP_BYTES > block->size - at)) {
        arena_next_block(arena, size + GAP_BYTES);
        block = arena->current;
        at = 0;
    }
    block->used = at + size + GAP_BYTES;
    UNPOISON(block->bytes + at, size);
    return block->bytes + at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *memory = arena_take(arena, size, ALIGNMENT);

    memset(memory, 0, size);
    return memory;
}

void *arena_alloc_bytes(struct arena *arena, size_t size)
{
    return arena_take(arena, size, 8);
}

void *arena_alloc_array(struct arena *arena, size_t size, size_t count)
{
    ENSURE(size == 0 || count <= SIZE_MAX / size);
    return arena_alloc(arena, size * count);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    void *copy = arena_take(arena, size, ALIGNMENT);

    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

struct str arena_str(struct arena *arena, struct str s)
{
    char *copy = arena_alloc_bytes(arena, s.len + 1);

    if (s.len)
        memcpy(copy, s.at, s.len);
    copy[s.len] = '\0';
    return (struct str){copy, s.len};
}

struct str arena_join(struct arena *arena, const struct str *parts, size_t count)
{
    size_t len = 0;

    for (size_t i = 0; i < count; i++)
        len += parts[i].len;
    char *text = arena_alloc_bytes(arena, len), *to = text;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len)
            memcpy(to, parts[i].at, parts[i].len);
        to += parts[i].len;
    }
    return (struct str){text, len};
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    ENSURE(length >= 0);
    char *text = arena_alloc_bytes(arena, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return (struct str){text, (size_t)length};
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->current, arena->current ? arena->current->used : 0};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    struct block *target = mark.block ? mark.block : arena->first;

    if (!target)
        return;
    size_t before = 0;
    struct block *block = arena->first;
    for (; block != target; block = block->next)
        before += block->used;
    arena->before = before;
    arena->current = target;
    target->used = mark.used;
    POISON(target->bytes + mark.used, target->size - mark.used);
#ifdef ARENA_ASAN
    for (block = target->next; block; block = block->next)
        POISON(block->bytes, block->size);
#endif
}

void arena_reset(struct arena *arena)
{
    arena_rewind(arena, (struct arena_mark){NULL, 0});
}

size_t arena_used(const struct arena *arena)
{
    return arena->before + (arena->current ? arena->current->used : 0);
}

size_t arena_cap_left(const struct arena *arena)
{
    size_t used = arena_used(arena);

    return used < arena->cap ? arena->cap - used : 0;
}
