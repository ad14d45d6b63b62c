/* random.h - bytes that nobody can guess. */
#ifndef OS_RANDOM_H
#define OS_RANDOM_H

#include "core/compiler.h"

uint64_t random_u64(void);

#endif
