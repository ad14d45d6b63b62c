/* needle_filter.h - whether bytes that hold texts may hold one of a hundred others: a quick look
 * that errs on one side only.
 *
 * Of each text a piece of ASCII characters is looked for, without regard to case, whatever stands
 * between the texts, so that a whole record is looked through at once. "No" is certain; after
 * "perhaps" the texts have to be searched properly. Immutable after it was made, shared by
 * threads. */
#ifndef MATCH_NEEDLE_FILTER_H
#define MATCH_NEEDLE_FILTER_H

#include "core/arena.h"

#define NEEDLES_MAX 4096u

struct needle_filter;

/* How the bytes hold texts. UTF-16 at even and odd offsets alike; in JSON with its escapes. */
enum needle_form { NEEDLE_UTF8, NEEDLE_UTF16LE, NEEDLE_JSON, NEEDLE_FORMS };

/* For folded UTF-8 texts, to be looked for in bytes of this form. NULL if one of them has no piece
 * that could be looked for, or there are too many. Lives in the arena. */
struct needle_filter *needle_filter_new(const struct str *texts, uint32_t count,
                                        enum needle_form form, struct arena *arena);
bool needle_filter_may_find(const struct needle_filter *filter, struct str bytes);

#endif
