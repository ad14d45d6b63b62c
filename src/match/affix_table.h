/* affix_table.h - many whole values, prefixes and suffixes of one field, tested in one pass each.
 *
 * Entries are bytes (already folded). A lookup costs one binary search over numbers (the first
 * eight bytes, the last eight for suffixes), one comparison of texts, and the hits. */
#ifndef MATCH_AFFIX_TABLE_H
#define MATCH_AFFIX_TABLE_H

#include "core/arena.h"

enum affix_kind { AFFIX_WHOLE, AFFIX_PREFIX, AFFIX_SUFFIX };

struct affix_table;

struct affix_entry {
    struct str text;
    uint32_t id;
};

/* The table and copies of all texts live in `arena`. Texts are distinct. */
struct affix_table *affix_table_new(enum affix_kind kind, const struct affix_entry *entries,
                                    uint32_t count, struct arena *arena);
void affix_table_scan(const struct affix_table *table, struct str text,
                      void (*hit)(void *context, uint32_t id), void *context);

#endif
