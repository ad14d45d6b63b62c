/* fuzz_advisory.c - pages of text, HTML and JSON: what is found has its form and lies within its
 * limits. */
/* links: attack */
#include "attack/advisory.h"
#include "core/ensure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *arena = arena_new("fuzz", (size_t)1 << 30);
    struct advisory advisory;

    advisory_read(&advisory, (struct str){(const char *)data, len}, arena);
    for (uint32_t i = 0; i < advisory.techniques.count; i++)
        ENSURE(advisory.techniques.at[i].len == 5 || advisory.techniques.at[i].len == 9);
    for (uint32_t i = 0; i < advisory.cves.count; i++)
        ENSURE(str_starts_with(advisory.cves.at[i], STR("CVE-")));
    for (uint32_t i = 0; i < advisory.rules.count; i++)
        ENSURE(str_contains(advisory.rules.at[i], STR("detection:")));
    arena_free(arena);
    return 0;
}
