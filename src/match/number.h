/* number.h - a text that is a number, for comparisons. */
#ifndef MATCH_NUMBER_H
#define MATCH_NUMBER_H

#include "core/str.h"

/* The whole text: optional sign, decimal digits with an optional fraction, optional exponent. No
 * blanks, no hexadecimal, no infinities; at most NUMBER_BYTES_MAX bytes. */
#define NUMBER_BYTES_MAX 64
MUST_USE bool number_parse(struct str text, double *number);

#endif
