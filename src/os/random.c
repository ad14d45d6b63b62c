/* random.c - see random.h. */
#include "os/random.h"

#include "core/ensure.h"

#include <sys/random.h>

uint64_t random_u64(void)
{
    uint64_t value;

    ENSURE(getrandom(&value, sizeof(value), 0) == (ssize_t)sizeof(value));
    return value;
}
