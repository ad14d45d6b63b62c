/* test_evtx_fragment.c - fragments of a record: templates, found again, and what fills them. */
#include "testkit.h"

#include "binxml_maker.h"
#include "event_reader.h"

static struct evtx_fragment fragment;
static bool broken;
static size_t at; /* of the next fragment */

static void begin(void)
{
    open_reader("evtx");
    made.reader->generation = 1;
    made.reader->left = EVTX_EVENT_BYTES_MAX;
    begin_chunk();
    at = EVTX_CHUNK_HEADER_BYTES;
}

static bool next_in(enum evtx_context context)
{
    struct evtx_chunk chunk = {made_chunk.at, made_chunk.len};

    return evtx_fragment_next(made.reader, &chunk, &at, made_chunk.len, context, made.arena,
                              &fragment, &broken);
}

static bool next(void)
{
    return next_in(EVTX_IN_NOTHING);
}

/* A template `<a>%0</a>`; gives its place. */
static size_t put_small_template(void)
{
    size_t definition = put_instance(0);

    put_open("a", true, false);
    put_content();
    put_substitution(0);
    put_end();
    end_definition(definition);
    return definition;
}

static void check_fill(unsigned index, uint8_t type, const char *bytes, size_t size)
{
    CHECK(index < fragment.count);
    if (index >= fragment.count)
        return;
    CHECK_INT(fragment.substitutions[index].type, type);
    CHECK_INT(fragment.substitutions[index].size, size);
    CHECK(memcmp(fragment.substitutions[index].at, bytes, size) == 0);
}

TEST(a_template_with_its_definition_and_values)
{
    static const struct made_value values[] = {TEXT_VALUE("x"), BYTES_VALUE(EVTX_NULL, ""),
                                               BYTES_VALUE(EVTX_UINT16, "\1\2")};

    begin();
    put_u32(0x0001010f);
    put_small_template();
    put_values(values, 3);
    size_t end = made_chunk.len;
    put_u8(0);
    CHECK(next());
    CHECK_INT(fragment.template->slot_count, 1);
    CHECK_INT(fragment.count, 3);
    check_fill(0, EVTX_STRING, "x", 2);
    check_fill(1, EVTX_NULL, "", 0);
    check_fill(2, EVTX_UINT16, "\1\2", 2);
    CHECK_INT(at, end);
    CHECK(!next() && !broken); /* the end mark */
    close_reader();
}

TEST(a_definition_that_stands_elsewhere_is_the_same_template)
{
    static const struct made_value value = TEXT_VALUE("y");

    begin();
    size_t definition = put_small_template();
    put_values(&value, 1);
    put_instance(definition);
    put_values(&value, 1);
    CHECK(next());
    const struct evtx_template *first = fragment.template;
    CHECK(next());
    CHECK(fragment.template == first);
    check_fill(0, EVTX_STRING, "y", 2);
    CHECK(!next() && !broken);
    close_reader();
}

TEST(the_same_template_of_another_chunk_is_compiled_once)
{
    static const struct made_value value = TEXT_VALUE("x");
    const struct evtx_template *first = NULL;

    begin();
    for (unsigned i = 0; i < 2; i++) {
        begin_chunk();
        made_chunk.len += 8 * i; /* all its offsets differ */
        at = made_chunk.len;
        made.reader->generation++;
        put_small_template();
        put_values(&value, 1);
        CHECK(next());
        CHECK(!first || fragment.template == first);
        first = fragment.template;
    }
    CHECK_INT(made.reader->compiled_count, 1);
    close_reader();
}

TEST(in_another_context_it_is_another)
{
    static const struct made_value value = TEXT_VALUE("x");

    begin();
    size_t definition = put_small_template();
    put_values(&value, 1);
    put_instance(definition);
    put_values(&value, 1);
    CHECK(next_in(EVTX_IN_EVENT_DATA));
    const struct evtx_template *first = fragment.template;
    CHECK(next_in(EVTX_IN_USER_DATA));
    CHECK(fragment.template != first);
    CHECK_INT(first->slots[0].context, EVTX_IN_EVENT_DATA);
    CHECK_INT(fragment.template->slots[0].context, EVTX_IN_USER_DATA);
    close_reader();
}

TEST(what_an_older_chunk_had_at_that_place_is_forgotten)
{
    static const struct made_value value = TEXT_VALUE("x");

    begin();
    put_small_template();
    put_values(&value, 1);
    CHECK(next());
    begin_chunk();
    at = made_chunk.len;
    made.reader->generation++;
    size_t definition = put_instance(0);
    put_open("b", true, false);
    put_empty_end();
    end_definition(definition);
    put_u32(0);
    CHECK(next());
    CHECK_INT(fragment.template->slot_count, 0);
    CHECK_INT(fragment.count, 0);
    close_reader();
}

TEST(elements_without_a_template)
{
    begin();
    put_plain("a", "text");
    put_u8(0);
    CHECK(next());
    CHECK_INT(fragment.count, 0);
    CHECK_INT(fragment.template->slot_count, 1);
    CHECK_INT(at, made_chunk.len);
    CHECK(!next() && !broken);
    close_reader();
}

TEST(nothing_is_no_damage)
{
    begin();
    CHECK(!next() && !broken);
    put_u32(0x0001010f);
    put_u32(0x0001010f);
    CHECK(!next() && !broken);
    close_reader();
}

TEST(a_template_that_is_not_there_is_broken)
{
    begin();
    put_instance(made_chunk.len + 1000);
    put_u32(0);
    CHECK(!next() && broken);

    begin();
    put_instance(0xfffffff0);
    put_u32(0);
    CHECK(!next() && broken);

    begin(); /* its size reaches over the end of the chunk */
    size_t definition = put_small_template();
    made_chunk.at[definition + 22] = 0xff;
    put_u32(0);
    CHECK(!next() && broken);
    close_reader();
}

TEST(a_template_that_cannot_be_read_is_broken)
{
    begin();
    size_t definition = put_instance(0);
    put_u8(0x1f);
    end_definition(definition);
    put_u32(0);
    CHECK(!next() && broken);
    close_reader();
}

TEST(too_many_values_are_broken)
{
    for (unsigned count = EVTX_SUBSTITUTIONS_MAX; count <= EVTX_SUBSTITUTIONS_MAX + 1; count++) {
        begin();
        put_small_template();
        begin_values(count);
        CHECK(next() == (count <= EVTX_SUBSTITUTIONS_MAX));
        CHECK(broken == (count > EVTX_SUBSTITUTIONS_MAX));
    }
    close_reader();
}

TEST(values_that_are_cut_off_are_broken)
{
    static const struct made_value values[] = {TEXT_VALUE("one"), TEXT_VALUE("two")};

    begin();
    put_small_template();
    size_t begun = made_chunk.len;
    put_values(values, 2);
    size_t end = made_chunk.len;
    for (made_chunk.len = begun; made_chunk.len < end; made_chunk.len++) {
        at = EVTX_CHUNK_HEADER_BYTES;
        CHECK(!next() && broken);
    }
    at = EVTX_CHUNK_HEADER_BYTES;
    CHECK(next());
    close_reader();
}

TEST(an_event_is_made_of_so_many_bytes_and_no_more)
{
    static const struct made_value value = TEXT_VALUE("twenty characters!!!");
    unsigned count = 0;

    begin();
    size_t definition = put_small_template();
    put_values(&value, 1);
    for (made.reader->left = 1000; next(); count++)
        at = EVTX_CHUNK_HEADER_BYTES; /* the same one again */
    CHECK(broken);
    CHECK(count > 5 && count < 1000 / 40);

    at = made_chunk.len; /* known templates cost what they are filled with */
    put_instance(definition);
    put_values(&value, 1);
    CHECK(!next() && broken);
    close_reader();
}

TEST(plain_elements_count_as_well)
{
    begin();
    put_plain("a", "text");
    made.reader->left = 20;
    CHECK(!next() && broken);
    close_reader();
}

TEST(templates_that_are_not_kept_serve_their_event)
{
    static const struct made_value value = TEXT_VALUE("x");

    begin();
    put_small_template();
    put_values(&value, 1);
    made.reader->compiled_count = EVTX_TEMPLATES_MAX; /* full */
    CHECK(next());
    CHECK_INT(fragment.template->slot_count, 1);
    CHECK_INT(made.reader->compiled_count, EVTX_TEMPLATES_MAX);
    check_fill(0, EVTX_STRING, "x", 2);
    made.reader->compiled_count = 0;
    close_reader();
}
