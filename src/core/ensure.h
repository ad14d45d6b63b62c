/* ensure.h - stops the process when the program itself is wrong. Stays on in release builds.
 *
 * Never for input: what a file, a rule or a user may cause is counted and reported instead. */
#ifndef CORE_ENSURE_H
#define CORE_ENSURE_H

#include "core/compiler.h"

#define ENSURE(condition)                                                                          \
    do {                                                                                           \
        if (UNLIKELY(!(condition)))                                                                \
            ensure_failed(__FILE__, __LINE__, #condition);                                         \
    } while (0)

/* Writes one line to standard error and aborts. */
NO_RETURN void ensure_failed(const char *file, int line, const char *condition);

#endif
