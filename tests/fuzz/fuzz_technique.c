/* fuzz_technique.c - files of share/attack: read whole, or refused with a reason. */
/* links: attack */
#include "attack/technique.h"
#include "core/ensure.h"
#include "fuzz/libfyaml_leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *arena = arena_new("fuzz", (size_t)1 << 30);
    struct techniques techniques;
    struct why why = {.text = ""};

    techniques_init(&techniques, arena);
    if (techniques_read(&techniques, (struct str){(const char *)data, len}, &why) == ERR_NONE) {
        for (uint32_t i = 0; i < techniques.count; i++)
            ENSURE(technique_find(&techniques, techniques.at[i].id) &&
                   techniques.at[i].tactics.count > 0);
    } else {
        ENSURE(why.text[0] != '\0');
    }
    arena_free(arena);
    return 0;
}
