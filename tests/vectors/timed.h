/* timed.h - vectors with times: events that come one after another, and all findings. */
#ifndef VECTORS_TIMED_H
#define VECTORS_TIMED_H

#include "vectors/trial.h"
#include "vectors/vector_file.h"

/* Every finding of the vector's events, by analytics/ and by the naive twin, against those it
 * expects. */
void timed_check(struct trial *trial, const struct vector *vector);

#endif
