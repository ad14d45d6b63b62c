/* slots.h - many things of one size that come and go, known by small numbers.
 *
 * Numbers start at 1; 0 is none. A slot that is taken is zeroed. Where one stands does not change
 * while it is taken. */
#ifndef ANALYTICS_SLOTS_H
#define ANALYTICS_SLOTS_H

#include "core/compiler.h"

struct slots {
    size_t size; /* of one, in bytes */
    char **blocks;
    uint32_t block_count, block_capacity;
    uint32_t made, used;
    uint32_t free; /* the first of those that were given back */
};

void slots_init(struct slots *slots, size_t size);
void slots_free(struct slots *slots);
uint32_t slots_take(struct slots *slots);
void slots_give(struct slots *slots, uint32_t number);

#define SLOTS_PER_BLOCK 256u

static inline void *slots_at(const struct slots *slots, uint32_t number)
{
    uint32_t at = number - 1;

    return slots->blocks[at / SLOTS_PER_BLOCK] + (size_t)(at % SLOTS_PER_BLOCK) * slots->size;
}

#endif
