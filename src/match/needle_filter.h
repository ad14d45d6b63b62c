/* needle_filter.h - whether bytes that hold UTF-16 may hold one of a hundred texts: a quick look
 * that errs on one side only.
 *
 * Of each text a piece of ASCII characters is looked for, without regard to case, at even and odd
 * offsets alike, so that a whole record is looked through at once, whatever stands between its
 * texts. "No" is certain; after "perhaps" the texts have to be searched properly. Immutable after
 * it was made, shared by threads. */
#ifndef MATCH_NEEDLE_FILTER_H
#define MATCH_NEEDLE_FILTER_H

#include "core/arena.h"

#define NEEDLES_MAX 4096u

struct needle_filter;

/* Of folded UTF-8 texts. NULL if one of them has no piece that could be looked for, or there are
 * too many. Lives in the arena. */
struct needle_filter *needle_filter_new(const struct str *texts, uint32_t count,
                                        struct arena *arena);
bool needle_filter_may_find(const struct needle_filter *filter, struct str utf16);

#endif
