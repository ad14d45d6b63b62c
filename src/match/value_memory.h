/* value_memory.h - what a text gave the last time it was seen: a bounded memory of number lists.
 *
 * First in, first out. Texts are compared whole, never by their hashes alone, and no lookup takes
 * more than one bucket: values that never repeat, or that are made to collide, cost a copy and
 * nothing else. */
#ifndef MATCH_VALUE_MEMORY_H
#define MATCH_VALUE_MEMORY_H

#include "core/str.h"

struct value_memory;

/* `bytes`: a power of two, 64 KiB to 1 GiB. `key`: secret, for the hash. */
struct value_memory *value_memory_new(size_t bytes, uint64_t key);
void value_memory_free(struct value_memory *memory); /* accepts NULL */

struct value_memory_list {
    const uint32_t *numbers; /* borrowed; valid until the next value_memory_add */
    uint32_t count;
};

/* Whoever has several texts to find hashes all of them first, then says so of each in both steps:
 * what they need comes from far memory together. */
uint64_t value_memory_hash(const struct value_memory *memory, uint32_t tag, struct str text);
void value_memory_await(const struct value_memory *memory, uint64_t hash);
void value_memory_await_entry(const struct value_memory *memory, uint64_t hash);
bool value_memory_find_hashed(const struct value_memory *memory, uint32_t tag, struct str text,
                              uint64_t hash, struct value_memory_list *list);

/* `tag` tells name spaces apart. *hash: to be handed to value_memory_add. */
bool value_memory_find(const struct value_memory *memory, uint32_t tag, struct str text,
                       uint64_t *hash, struct value_memory_list *list);
/* Remembers. Texts and lists that would take more than a sixteenth of the memory are not kept. */
void value_memory_add(struct value_memory *memory, uint32_t tag, struct str text, uint64_t hash,
                      const uint32_t *numbers, uint32_t count);
void value_memory_clear(struct value_memory *memory);

#endif
