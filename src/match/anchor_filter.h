/* anchor_filter.h - whether a value may hold one of thousands of texts that all have one character
 * in common: `MD5=...`, `SHA256=...`, `IMPHASH=...`.
 *
 * Only behind that character is looked, for the hash of what follows. "No" is certain; after
 * "perhaps" the texts have to be searched properly. Immutable after it was made, shared by
 * threads. */
#ifndef MATCH_ANCHOR_FILTER_H
#define MATCH_ANCHOR_FILTER_H

#include "core/arena.h"

struct anchor_filter;

/* Of folded texts; NULL if no character that is neither letter nor digit stands in all of them with
 * eight ASCII characters behind it. Lives in the arena. */
struct anchor_filter *anchor_filter_new(const struct str *texts, uint32_t count,
                                        struct arena *arena);
/* The value as UTF-8 and as UTF-16LE; it need not be folded. */
bool anchor_filter_may_find(const struct anchor_filter *filter, struct str utf8);
bool anchor_filter_may_find_utf16(const struct anchor_filter *filter, struct str utf16);

#endif
