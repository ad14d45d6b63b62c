/* fuzz_json_track.c - records read along what is known of those before them: whatever is told so is
 * what the reader by the grammar tells, also where bytes are changed or missing. */
/* links: formats */
#include "codec/utf.h"
#include "core/ensure.h"
#include "formats/json_priv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define LINE_BYTES_MAX 4096u

static struct field_dictionary fields;
static struct json_events events;                 /* follows, and learns where it cannot */
static struct json_names by_grammar[JSON_SHAPES]; /* never follows */

static void prepare(void)
{
    static const char *const names[] = {"Channel", "EventID", "Image", "a", "b", "a.b"};
    static const struct reader_options options;

    if (fields.frozen)
        return;
    fields_init(&fields, arena_new("fields", (size_t)16 << 20));
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        fields_add(&fields, str_from(names[i]));
    fields_freeze(&fields);
    json_events_init(&events, &fields, &options);
    for (unsigned i = 0; i < JSON_SHAPES; i++)
        json_names_init(&by_grammar[i], (enum json_shape)i, &fields);
}

/* The object at the start of the text, if one is there. */
static bool find_object(struct str text, struct str *object)
{
    struct json_reader reader;

    json_open(&reader, text, true, true);
    return text.len > 0 && text.at[0] == '{' && json_take_value(&reader, object);
}

static void check_leaves(const struct json_leaves *a, const struct json_leaves *b)
{
    ENSURE(a->count == b->count && a->hints == b->hints);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct json_leaf *left = &a->at[i], *right = &b->at[i];
        ENSURE(left->text.at == right->text.at && left->text.len == right->text.len);
        ENSURE(left->kind == right->kind && left->escaped == right->escaped);
        ENSURE(left->name->hint == right->name->hint && left->name->role == right->name->role);
        ENSURE(str_eq(left->name->path, right->name->path));
    }
}

/* False: it was not followed, which is always allowed. */
static bool check(struct str text)
{
    static struct json_leaves expected;
    struct str object;
    size_t followed = json_events_follow(&events, text);

    if (followed == 0)
        return false;
    ENSURE(find_object(text, &object) && object.at == text.at && object.len == followed);
    enum json_shape shape = json_record_read(by_grammar, events.shape, object, false, &expected);
    ENSURE(shape == events.shape);
    check_leaves(&events.leaves, &expected);
    return true;
}

static void take_line(struct str line, uint32_t noise)
{
    struct str object;

    if (line.len == 0 || line.len > LINE_BYTES_MAX)
        return;
    check(line);
    if (!find_object(line, &object))
        return;
    events.shape = json_record_read(events.names, events.shape, object, true, &events.leaves);
    check(line);
    /* a copy of exactly this size, so that AddressSanitizer sees a look behind its end */
    char *copy = malloc(line.len);
    ENSURE(copy);
    memcpy(copy, line.at, line.len);
    check((struct str){copy, line.len});
    copy[noise % line.len] = (char)(noise >> 16);
    check((struct str){copy, line.len});
    char *part = malloc(noise % line.len + 1);
    ENSURE(part);
    memcpy(part, line.at, noise % line.len);
    check((struct str){part, noise % line.len});
    free(part);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str rest = {(const char *)data, len};
    uint32_t noise = 2166136261u;

    prepare();
    while (rest.len > 0) {
        struct str line = str_cut(&rest, '\n');
        for (size_t i = 0; i < line.len; i++)
            noise = (noise ^ (unsigned char)line.at[i]) * 16777619u;
        take_line(line, noise);
    }
    return 0;
}
