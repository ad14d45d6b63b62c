/* tally.h - how often each name was seen, for as many distinct names as its maximum allows.
 *
 * Of more the first ones by name stay, with all that was counted for them, and the others are
 * counted together, under no name: which ones these are does not depend on the order in which
 * threads found them. Names are cut behind NAME_BYTES_MAX, for they come from evidence. */
#ifndef ENGINE_TALLY_H
#define ENGINE_TALLY_H

#include "core/map.h"
#include "model/run_report.h"

#define NAME_BYTES_MAX 255

struct tally_entry {
    struct str name; /* lives in the tally's arena */
    struct str id;   /* free for the owner's use, like the level */
    struct str example;
    uint32_t example_file; /* its number: the first file's counts, whichever thread was faster */
    enum level level;
    uint64_t count;
};

struct tally {
    struct arena *arena; /* borrowed; or owned, once names had to go */
    bool owns_arena;
    struct map names;
    struct tally_entry *entries;
    uint32_t count, capacity, max;
    uint32_t last;    /* the entry that was counted last: names come in runs */
    struct str fence; /* names behind it find no place any more; .at NULL: none had to go yet */
    uint64_t beyond;  /* counted for names that found no place */
};

/* At most 2^30 names. The arena must outlive the tally, or be reset only behind tally_free. */
void tally_init(struct tally *tally, struct arena *arena, uint32_t max);
/* Gives back what the tally owns itself; it may be zeroed, too. */
void tally_free(struct tally *tally);
/* The entry of `name`, valid until the next call, or NULL if there is no place for it. */
struct tally_entry *tally_at(struct tally *tally, struct str name);

/* Counts also where there is no place. */
static inline void tally_add(struct tally *tally, struct str name, uint64_t count)
{
    if (tally->last < tally->count && str_eq(tally->entries[tally->last].name, name)) {
        tally->entries[tally->last].count += count;
        return;
    }
    struct tally_entry *entry = tally_at(tally, name);
    *(entry ? &entry->count : &tally->beyond) += count;
}

/* Leaves no more entries than the maximum. */
void tally_trim(struct tally *tally);
/* Entries that were counted at all, by level (gravest first), then count, then name; at most
 * `listed_max` of them. */
struct report_counts tally_report(struct tally *tally, uint32_t listed_max, struct arena *arena);

#endif
