/* shared_memory.h - memory that a process and those that it starts write and read together. */
#ifndef OS_SHARED_MEMORY_H
#define OS_SHARED_MEMORY_H

#include "core/compiler.h"

/* Zeros; pages take room when they are written. NULL: there is none. */
void *shared_memory_new(size_t size);
void shared_memory_free(void *memory, size_t size); /* accepts NULL */

#endif
