/* texts.h - texts that are kept for as long as something holds them, each once.
 *
 * Texts that are equal without case are one; it is shown as the first that came. Known by numbers
 * that start at 1. */
#ifndef ANALYTICS_TEXTS_H
#define ANALYTICS_TEXTS_H

#include "core/buf.h"

struct text;

struct texts {
    struct text **at; /* by number - 1; NULL: free */
    uint32_t count, capacity;
    uint32_t *free; /* numbers */
    uint32_t free_count, free_capacity;
    uint32_t *buckets;
    uint32_t bucket_mask;
    uint32_t used;
    size_t bytes; /* that all of them take */
    struct buf folded;
};

void texts_init(struct texts *texts);
void texts_free(struct texts *texts);
/* The number of a text, which is held once more. */
uint32_t texts_take(struct texts *texts, struct str shown);
void texts_hold(struct texts *texts, uint32_t number);
void texts_drop(struct texts *texts, uint32_t number); /* accepts 0 */
struct str texts_shown(const struct texts *texts, uint32_t number);

#endif
