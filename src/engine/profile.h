/* profile.h - what rules cost: counted by the worker's threads, shown when they are done.
 *
 * Each thread counts in a stretch of its own of memory that worker and parent share, so that what
 * was counted stays if the worker dies. Nothing there is trusted with more than being a number. */
#ifndef ENGINE_PROFILE_H
#define ENGINE_PROFILE_H

#include "core/buf.h"
#include "engine/knowledge.h"

struct profile {
    void *memory; /* owned, shared */
    size_t size;
    uint32_t rules;
    unsigned threads;
    uint64_t clock_ns;
};

/* NULL: there is no memory for it. */
struct profile *profile_new(uint32_t rules, unsigned threads);
void profile_free(struct profile *profile); /* accepts NULL */
/* Where the n-th thread counts. */
struct matcher_costs profile_costs(const struct profile *profile, unsigned thread);
/* The sums of all threads as a table for people, the dearest rules first. */
void profile_write(const struct profile *profile, const struct rule_set *rules, struct buf *out);

#endif
