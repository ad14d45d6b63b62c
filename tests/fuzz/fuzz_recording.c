/* fuzz_recording.c - files of share/coverage: read whole, or refused with a reason. */
/* links: coverage */
#include "core/ensure.h"
#include "coverage/recording.h"
#include "fuzz/libfyaml_leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *arena = arena_new("fuzz", (size_t)1 << 30);
    struct recordings recordings;
    struct why why = {.text = ""};

    recordings_init(&recordings, arena);
    if (recordings_add(&recordings, (struct str){(const char *)data, len}, &why) == ERR_NONE) {
        for (uint32_t i = 0; i < recordings.count; i++)
            ENSURE(recordings.at[i].event_count > 0 && recordings.at[i].needs.len > 0);
    } else {
        ENSURE(why.text[0] != '\0');
    }
    arena_free(arena);
    return 0;
}
