/* fuzz_stix_pattern.c - patterns of STIX: read or refused, within limits. */
/* links: indicators */
#include "core/ensure.h"
#include "indicators/stix_pattern.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct arena *arena;
    struct stix_comparison *list;
    uint32_t count;

    if (!arena)
        arena = arena_new("fuzz", (size_t)256 << 20);
    arena_reset(arena);
    const char *why =
        stix_pattern_read((struct str){(const char *)data, len}, arena, &list, &count);
    ENSURE(!why == (count > 0));
    ENSURE(!why || strlen(why) > 0);
    size_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        ENSURE(list[i].value.len <= len);
        for (size_t j = 0; j < list[i].value.len; j++)
            sum += (uint8_t)list[i].value.at[j];
    }
    return sum == SIZE_MAX;
}
