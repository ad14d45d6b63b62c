/* regex.h - one regular expression, confirmed under limits (PCRE2 is behind it, and nowhere else).
 *
 * Unanchored search over UTF-8. Matching steps and memory are limited, so that neither an
 * expression nor a text can stall the program; reaching a limit is an answer of its own. */
#ifndef MATCH_REGEX_H
#define MATCH_REGEX_H

#include "core/err.h"

enum regex_flag { REGEX_CASELESS = 1, REGEX_MULTILINE = 2, REGEX_DOTALL = 4 };
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

#endif
