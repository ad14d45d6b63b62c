/* regex_loosen.h - an expression made cheaper to compile, at the price of some precision. */
#ifndef MATCH_REGEX_LOOSEN_H
#define MATCH_REGEX_LOOSEN_H

#include "core/str.h"

/* Repeats up to this often stay as they are. */
#define REGEX_REPEATS_KEPT 8u

/* Writes the expression without the upper bounds of its long repeats (`.{1,64}x` becomes `.{1,}x`)
 * to `out`, which has room for as many bytes as it has; returns how many were written. The result
 * finds whatever the expression finds, and may find more: an automaton holds each step of a bounded
 * repeat as a state of its own, so the bounds cost most of its time to compile, and PCRE2 confirms
 * what it finds anyway. An expression of which that could not be said stays as it is. */
size_t regex_loosen(struct str expression, char *out);

#endif
