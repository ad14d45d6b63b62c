/* clock.h - how much time passed. */
#ifndef OS_CLOCK_H
#define OS_CLOCK_H

#include "core/compiler.h"

/* Nanoseconds since some moment; never goes back. */
uint64_t clock_monotonic_ns(void);

#endif
