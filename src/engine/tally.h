/* tally.h - how often each name was seen, for as many distinct names as its maximum allows; what
 * comes behind the maximum is counted together, under no name. */
#ifndef ENGINE_TALLY_H
#define ENGINE_TALLY_H

#include "core/map.h"
#include "model/run_report.h"

struct tally_entry {
    struct str name; /* lives in the tally's arena */
    struct str id;   /* free for the owner's use, like the level */
    struct str example;
    uint32_t example_rank; /* of its file: the first file's counts, whichever thread was faster */
    enum level level;
    uint64_t count;
};

struct tally {
    struct arena *arena; /* borrowed */
    struct map names;
    struct tally_entry *entries;
    uint32_t count, capacity, max;
    uint32_t last;   /* the entry that was counted last: names come in runs */
    uint64_t beyond; /* counted for names that found no place */
};

/* Also empties a tally whose arena was reset. */
void tally_init(struct tally *tally, struct arena *arena, uint32_t max);
/* The entry of `name`, or NULL if there is no place for it. */
struct tally_entry *tally_at(struct tally *tally, struct str name);

static inline void tally_add(struct tally *tally, struct str name, uint64_t count)
{
    struct tally_entry *entry;

    if (tally->last < tally->count && str_eq(tally->entries[tally->last].name, name)) {
        tally->entries[tally->last].count += count;
        return;
    }
    entry = tally_at(tally, name);
    if (entry)
        entry->count += count;
    else
        tally->beyond += count;
}

/* Entries that were counted at all, by level (gravest first), then count, then name; at most
 * `listed_max` of them. */
struct report_counts tally_report(const struct tally *tally, uint32_t listed_max,
                                  struct arena *arena);

#endif
