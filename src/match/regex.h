/* regex.h - one regular expression, confirmed under limits (PCRE2 is behind it, and nowhere else).
 *
 * Unanchored search over UTF-8. Matching steps and memory are limited, so that neither an
 * expression nor a text can stall the program; reaching a limit is an answer of its own. */
#ifndef MATCH_REGEX_H
#define MATCH_REGEX_H

#include "core/err.h"

enum regex_flag {
    REGEX_CASELESS = 1,
    REGEX_MULTILINE = 2,
    REGEX_DOTALL = 4,
    REGEX_UNICODE = 8 /* \w, \d, \s and \b go by Unicode, too */
};
enum regex_answer { REGEX_NO, REGEX_YES, REGEX_GAVE_UP };

struct regex;
struct regex_scratch; /* one per thread */

/* Whether regex_new takes it; much less work. */
MUST_USE enum err regex_check(struct str expression, unsigned flags, struct why *why);
MUST_USE enum err regex_new(struct str expression, unsigned flags, struct regex **regex,
                            struct why *why);
void regex_free(struct regex *regex); /* accepts NULL */
struct regex_scratch *regex_scratch_new(void);
void regex_scratch_free(struct regex_scratch *scratch);
/* `text` is valid UTF-8. */
enum regex_answer regex_search(const struct regex *regex, struct regex_scratch *scratch,
                               struct str text);

/* The expression's groups, the whole match not among them, and the one of a name (0: none). */
uint32_t regex_group_count(const struct regex *regex);
uint32_t regex_group_of(const struct regex *regex, struct str name);

/* Where something matched, in bytes; a group that took no part has SIZE_MAX in both. */
struct regex_span {
    size_t from, to;
};

/* The next match from `from` on, with its groups: spans[0] is all of it, `max` of them are filled.
 * `here`: it must start there. `advance`: it may not be empty there. Slower than a search. */
enum regex_answer regex_find(const struct regex *regex, struct regex_scratch *scratch,
                             struct str text, size_t from, bool here, bool advance,
                             struct regex_span *spans, uint32_t max);

#endif
