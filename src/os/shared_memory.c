/* shared_memory.c - see shared_memory.h. */
#include "os/shared_memory.h"

#include "core/ensure.h"

#include <sys/mman.h>

void *shared_memory_new(size_t size)
{
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    /* cppcheck-suppress memleak; the caller has it */
    return memory == MAP_FAILED ? NULL : memory;
}

void shared_memory_free(void *memory, size_t size)
{
    if (memory)
        ENSURE(munmap(memory, size) == 0);
}
