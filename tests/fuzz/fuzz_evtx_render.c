/* fuzz_evtx_render.c - an event of EVTX is the same JSON whether it is written straight on or by
 * way of a tree, and is JSON. */
/* links: formats */
#include "codec/json.h"
#include "core/ensure.h"
#include "formats/evtx_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define EVENT_BYTES ((size_t)512 << 20)
#define JSON_BYTES ((size_t)64 << 20)
#define EVENTS_MAX 64 /* of one input: repetition finds nothing new */

static struct field_dictionary fields;
static struct arena *arena;
static struct event *event;

static void check_event(struct reader *reader)
{
    struct buf straight, tree;
    const char *why;

    buf_init(&straight, JSON_BYTES);
    buf_init(&tree, JSON_BYTES);
    buf_add(&straight, STR("before")); /* stays, also where an event is given up */
    evtx_render(reader, event, &straight);
    evtx_render_tree(reader, event, &tree);
    ENSURE(!straight.full && !tree.full);
    struct str written = str_slice(buf_str(&straight), 6, straight.len);
    ENSURE(str_eq(written, buf_str(&tree)));
    ENSURE(json_is_valid(written, &why));
    buf_free(&straight);
    buf_free(&tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct format *format = format_by_name(STR("evtx"));
    const struct reader_options options = {0};
    struct carry carry = {0};
    struct damage damage;

    if (!arena) {
        struct arena *names = arena_new("fields", 1 << 20);
        fields_init(&fields, names);
        fields_add(&fields, STR("Image"));
        fields_freeze(&fields);
        arena = arena_new("event", EVENT_BYTES);
        event = event_new(&fields, arena);
    }
    struct reader *reader = format->reader_new(&fields, &options);
    struct window window = {.at = data, .end = data + len, .piece_end = UINT64_MAX, .last = true};
    format->reader_begin(reader, &carry, 0);
    enum step step = STEP_EVENT;
    for (unsigned events = 0; events < EVENTS_MAX; events += step == STEP_EVENT) {
        step = format->next(reader, &window, event, &damage);
        if (step == STEP_END || step == STEP_MORE)
            break;
        if (step == STEP_EVENT)
            check_event(reader);
    }
    format->reader_free(reader);
    return 0;
}
