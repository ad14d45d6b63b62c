/* clock.h - how much time passed, and what time it is. */
#ifndef OS_CLOCK_H
#define OS_CLOCK_H

#include "core/compiler.h"

/* Nanoseconds since some moment; never goes back. */
uint64_t clock_monotonic_ns(void);
/* Nanoseconds since 1970 in UTC, as files are stamped with; may be set to anything. */
int64_t clock_realtime_ns(void);

#endif
