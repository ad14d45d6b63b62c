/* fuzz_session.c - keys of logons and sessions as a worker may send them, and what is joined of
 * them: a byte that says how long a key is, the key, the next one. */
/* links: analytics */
#include "analytics/logon_graph.h"
#include "core/ensure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_keys(struct str text)
{
    struct session_event session;
    struct logon logon;
    struct buf key;

    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    if (session_key_read(text, &session)) {
        session_key_write(&session, &key);
        ENSURE(key.len == text.len);
    }
    buf_reset(&key);
    if (logon_key_read(text, &logon)) {
        logon_key_write(&logon, &key);
        ENSURE(key.len == text.len);
    }
    buf_free(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *arena = arena_new("fuzz", (size_t)1 << 30);
    struct cursor in = cursor_over(data, len);
    struct run_movement movement;
    struct census events;

    census_init(&events, "fuzz", 200, 0);
    while (cursor_left(&in) > 0) {
        size_t size = cursor_u8(&in), left = cursor_left(&in);
        struct str key = cursor_take_str(&in, size < left ? size : left);
        check_keys(key);
        struct census_row *row = census_find(&events, key);
        if (row)
            census_row_count(row, true, (int64_t)size, 0);
    }
    census_trim(&events);
    const struct logon_graph_question question = {.logons = &events, .sessions = &events};
    logon_graph_make(&question, arena, &movement);
    for (uint32_t i = 0; i < movement.session_count; i++)
        ENSURE(movement.sessions[i].target < movement.place_count);
    census_free(&events);
    arena_free(arena);
    return 0;
}
