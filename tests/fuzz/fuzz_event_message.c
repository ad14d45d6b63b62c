/* fuzz_event_message.c - files of share/messages, and an event that they are to put into words:
 * YAML, a zero byte, JSON. Files are read whole or refused with a reason, whatever the event. */
/* links: model */
#include "codec/json.h"
#include "core/ensure.h"
#include "fuzz/libfyaml_leak.h"
#include "model/event_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *arena = arena_new("fuzz", (size_t)1 << 30);
    struct str event = {(const char *)data, len};
    struct str yaml = str_cut(&event, '\0');
    struct event_messages messages;
    struct why why = {.text = ""};
    const char *reason;

    event_messages_init(&messages, arena);
    if (event_messages_add(&messages, yaml, &why))
        ENSURE(why.text[0] != '\0');
    if (json_is_valid(event, &reason))
        for (unsigned i = 0; i < LANGUAGES; i++)
            event_message(&messages, event, (enum language)i, arena);
    arena_free(arena);
    return 0;
}
