/* automaton.h - many patterns in one pass over a text (Vectorscan is behind it, and nowhere else).
 *
 * Built once, then shared by all threads; each thread scans with a scratch of its own. Patterns are
 * literals (bytes) or regular expressions in the subset that the automaton can hold; a pattern that
 * it can only approximate is accepted as a prefilter: it then reports a superset and the caller
 * confirms. */
#ifndef MATCH_AUTOMATON_H
#define MATCH_AUTOMATON_H

#include "core/arena.h"
#include "core/err.h"

enum automaton_flag {
    AUTOMATON_REGEX = 1,    /* text is a PCRE-style expression; else a literal */
    AUTOMATON_CASELESS = 2, /* Unicode, for expressions */
    AUTOMATON_MULTILINE = 4,
    AUTOMATON_DOTALL = 8,
    AUTOMATON_AT_START = 16,  /* literals only: matches only at the beginning of the text */
    AUTOMATON_AT_END = 32,    /* literals only: matches only at the very end */
    AUTOMATON_PREFILTER = 64, /* allow approximation */
};

struct automaton_pattern {
    struct str text;
    unsigned flags;
    uint32_t id; /* reported; several patterns may share one */
};

struct automaton;

/* Whether an expression can be held, as far as can be told without compiling it. Quick. */
bool automaton_takes(const struct automaton_pattern *pattern);

/* Compiles; all of the automaton lives in the arena, without a pointer out of it. On failure *why
 * names the pattern's index in *bad (UINT32_MAX if it is none's fault). */
MUST_USE enum err automaton_build(const struct automaton_pattern *patterns, uint32_t count,
                                  struct arena *arena, struct automaton **automaton, uint32_t *bad,
                                  struct why *why);
/* The same automaton under other names: where it found `id` it reports ids[id], and nothing if that
 * is AUTOMATON_NO_ID. The list is borrowed, the automaton shared. */
#define AUTOMATON_NO_ID UINT32_MAX
struct automaton *automaton_renamed(const struct automaton *automaton, const uint32_t *ids,
                                    struct arena *arena);
/* Library version and CPU features: an automaton serves only where these are the same. */
struct str automaton_platform(void);

/* One scratch serves every automaton it was grown for; one per thread. */
struct automaton_scratch;
struct automaton_scratch *automaton_scratch_new(void);
void automaton_scratch_grow(struct automaton_scratch *scratch, const struct automaton *automaton);
void automaton_scratch_free(struct automaton_scratch *scratch); /* accepts NULL */

/* Calls `hit` once or more often per pattern id found. */
void automaton_scan(const struct automaton *automaton, struct automaton_scratch *scratch,
                    struct str text, void (*hit)(void *context, uint32_t id), void *context);

#endif
