/* slots.c - see slots.h. */
#include "analytics/slots.h"

#include "core/ensure.h"

#include <stdlib.h>
#include <string.h>

void slots_init(struct slots *slots, size_t size)
{
    const size_t align = 8;

    *slots = (struct slots){.size = (size + align - 1) / align * align};
}

void slots_free(struct slots *slots)
{
    for (uint32_t i = 0; i < slots->block_count; i++)
        free(slots->blocks[i]);
    free(slots->blocks);
    *slots = (struct slots){.size = slots->size};
}

static void add_block(struct slots *slots)
{
    if (slots->block_count == slots->block_capacity) {
        slots->block_capacity = slots->block_capacity ? slots->block_capacity * 2 : 4;
        char **blocks = realloc(slots->blocks, slots->block_capacity * sizeof(*slots->blocks));
        ENSURE(blocks);
        slots->blocks = blocks;
    }
    char *block = malloc(SLOTS_PER_BLOCK * slots->size);
    ENSURE(block);
    slots->blocks[slots->block_count++] = block;
}

uint32_t slots_take(struct slots *slots)
{
    uint32_t number = slots->free;

    if (number) {
        slots->free = *(const uint32_t *)slots_at(slots, number);
    } else {
        ENSURE(slots->made < UINT32_MAX);
        if (slots->made == slots->block_count * SLOTS_PER_BLOCK)
            add_block(slots);
        number = ++slots->made;
    }
    slots->used++;
    memset(slots_at(slots, number), 0, slots->size);
    return number;
}

void slots_give(struct slots *slots, uint32_t number)
{
    *(uint32_t *)slots_at(slots, number) = slots->free;
    slots->free = number;
    slots->used--;
}
