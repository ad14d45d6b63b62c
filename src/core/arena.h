/* arena.h - memory by lifetime: allocate forward, give back everything at once.
 *
 * Three lifetimes are in use: the process (options, rules), the batch (one event or one window of
 * input) and scratch (mark at entry, rewind at exit). An arena grows in blocks up to its cap;
 * reaching the cap is a bug of the caller (sizes that come from input are checked against
 * core/limits.h first) and stops the process. Under AddressSanitizer free parts are poisoned and
 * allocations keep a gap.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/str.h"

struct arena;

struct arena_mark {
    void *block;
    size_t used;
};

/* `name` is shown when the cap is hit and must outlive the arena. */
struct arena *arena_new(const char *name, size_t cap_bytes);
/* An arena that lies in the caller's `memory` itself, with its first `size` bytes (the memory's
 * size, less some): `memory` is zeroed, aligned for any type, and outlives it. What it needs beyond
 * it gets elsewhere, as any arena. */
struct arena *arena_new_within(const char *name, size_t cap_bytes, void *memory, size_t size);
/* Of the memory given to arena_new_within: bytes from its start that hold all of the arena, and may
 * be read as a whole; 0 if something lies elsewhere. */
size_t arena_extent(const struct arena *arena);
void arena_free(struct arena *arena); /* accepts NULL */

/* Zeroed, aligned for any type. Never NULL; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull, malloc));
/* The same without zeroing, aligned to 8 bytes: for byte buffers on the hot path. */
void *arena_alloc_bytes(struct arena *arena, size_t size) __attribute__((returns_nonnull, malloc));
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), sizeof(type), (count)))
void *arena_alloc_array(struct arena *arena, size_t size, size_t count)
    __attribute__((returns_nonnull, malloc));

/* The bytes once more, aligned for any type. */
void *arena_copy(struct arena *arena, const void *bytes, size_t size)
    __attribute__((returns_nonnull));
/* Copies the text and ends it in NUL (not counted in its length). */
struct str arena_str(struct arena *arena, struct str s);
/* One text made of several. */
struct str arena_join(struct arena *arena, const struct str *parts, size_t count);
struct str arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

struct arena_mark arena_mark(const struct arena *arena);
/* Everything allocated after the mark is gone. Blocks are kept for reuse. */
void arena_rewind(struct arena *arena, struct arena_mark mark);
void arena_reset(struct arena *arena); /* rewinds to the beginning */

size_t arena_used(const struct arena *arena);     /* bytes handed out, with gaps */
size_t arena_cap_left(const struct arena *arena); /* bytes until the cap */

#endif
