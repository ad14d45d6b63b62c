/* glob.h - one string pattern of Sigma: literal runs, `*`, `?`, and dashes that fold (windash).
 *
 * `*` is any run including the empty one and line ends, `?` exactly one character (not byte). A
 * dash token matches any of - / U+2013 U+2014 U+2015. Patterns without wildcards are the common
 * case and are also tested through tables; this is the exact test, linear in text times pattern,
 * without recursion. */
#ifndef MATCH_GLOB_H
#define MATCH_GLOB_H

#include "core/arena.h"

enum glob_token_kind { GLOB_TEXT, GLOB_MANY, GLOB_ONE, GLOB_DASH };

struct glob_token {
    enum glob_token_kind kind;
    struct str text; /* GLOB_TEXT: folded already unless the comparison is cased */
};

struct glob {
    struct glob_token *tokens;
    uint32_t count;
};

/* `text`: the value, folded the same way as the pattern. */
bool glob_matches(const struct glob *glob, struct str text);
/* The longest run of literal text (what a prefilter may look for); empty if there is none. */
struct str glob_longest_text(const struct glob *glob);

#endif
