/* spool.h - what was found, until everything was read: in memory up to a limit, then in sorted
 * runs on disk, merged once.
 *
 * Takes and gives back bytes; what they mean is the caller's business. The order is that of
 * findings: time (without one: last), rank of the path, number, offset, rule. */
#ifndef ENGINE_SPOOL_H
#define ENGINE_SPOOL_H

#include "core/buf.h"
#include "core/err.h"

struct spool_key {
    int64_t time_ns;
    bool has_time;
    uint32_t rank; /* a number; spool_order may say how they compare */
    uint64_t number, offset, rule;
};

struct spool;

/* `memory`: bytes that may be held before a run is written; `folder`: where. Both borrowed. */
struct spool *spool_new(size_t memory, const char *folder);
void spool_free(struct spool *spool); /* accepts NULL */
/* Before the first spool_add: ranks compare as `compare` says, which must stay the same for those
 * that were added. It gets what is borrowed as `context`. */
void spool_order(struct spool *spool,
                 int (*compare)(const void *context, uint32_t left, uint32_t right),
                 const void *context);
MUST_USE enum err spool_add(struct spool *spool, const struct spool_key *key, struct str bytes);

/* The same without a copy. First spool_note each entry that stands in the block, then spool_keep
 * the block, which is the spool's from there on. */
struct spool_block {
    struct spool_block *next; /* for whoever has it */
    size_t len;
    char bytes[];
};
struct spool_block *spool_block_new(struct str bytes); /* free it, unless it is kept */
void spool_note(struct spool *spool, const struct spool_key *key, struct str bytes);
MUST_USE enum err spool_keep(struct spool *spool, struct spool_block *block);

/* After the last spool_add, and again to start over: spool_next gives everything in order, false at
 * the end. Bytes are valid until the next call. */
MUST_USE enum err spool_sort(struct spool *spool);
MUST_USE bool spool_next(struct spool *spool, struct spool_key *key, struct str *bytes);
/* What a run refused while it was read back. */
/* The order of two entries, of whatever spool: <0, 0, >0. */
int spool_compare(const struct spool *spool, const struct spool_key *a, const struct spool_key *b);
enum err spool_err(const struct spool *spool);

#endif
