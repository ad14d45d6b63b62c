/* test_event_message_read.c */
#include "model/event_message.h"
#include "testkit.h"

static struct arena *arena;
static struct event_messages messages;
static struct why why;

static bool add(const char *yaml)
{
    return event_messages_add(&messages, str_from(yaml), &why) == ERR_NONE;
}

static void begin(void)
{
    arena = arena_new("test", 1 << 24);
    event_messages_init(&messages, arena);
}

TEST(cuts_a_sentence_into_its_parts)
{
    begin();
    CHECK(add("- {codes: c, values: {1: one}}\n"
              "- channel: [A, B]\n"
              "  id: [1, 2]\n"
              "  en: 'a {X:c}[ b {Data.12}][{Y}]'\n"));
    CHECK_INT(messages.count, 4);
    const struct message_parts *parts = &messages.at[0].parts[LANGUAGE_ENGLISH];
    CHECK_INT(parts->count, 5);
    CHECK_STR(parts->at[0].text, "a ");
    CHECK_STR(parts->at[1].field, "X");
    CHECK_INT(parts->at[1].table, 0);
    CHECK_INT(parts->at[1].optional, 0);
    CHECK_STR(parts->at[2].text, " b ");
    CHECK_INT(parts->at[2].optional, 1);
    CHECK_STR(parts->at[3].field, "Data");
    CHECK_INT(parts->at[3].nth, 12);
    CHECK_INT(parts->at[4].optional, 2);
    CHECK(parts->at[4].table == UINT32_MAX);
    CHECK_INT(messages.at[3].parts[LANGUAGE_JAPANESE].count, 5); /* for want of another */
    arena_free(arena);
}

TEST(later_files_go_before_earlier_ones)
{
    begin();
    CHECK(add("- {channel: Security, id: 1, en: one}"));
    CHECK(add("- {channel: security, id: 1, en: two}"));
    CHECK_STR(event_message(&messages, STR("{\"Channel\":\"Security\",\"EventID\":1}"),
                            LANGUAGE_ENGLISH, arena),
              "two");
    CHECK(add("- {codes: c, values: {1: one}}\n"));
    CHECK(add("- {codes: c, values: {1: two}}\n- {channel: Security, id: 1, en: '{EventID:c}'}"));
    CHECK_STR(event_message(&messages, STR("{\"Channel\":\"Security\",\"EventID\":1}"),
                            LANGUAGE_ENGLISH, arena),
              "two (1)");
    arena_free(arena);
}

TEST(refuses_the_rest_with_its_place)
{
    static const struct {
        const char *yaml, *reason;
    } cases[] = {
        {"a: b\n", "1:1: messages are a list"},
        {"- channel: S\n", "1:3: a message has"},
        {"- {channel: S, id: 1, en: a, fr: b}\n", "a message has"},
        {"- {channel: S, id: 1, en: [a]}\n", "a message has"},
        {"- {channel: S, id: 1, en: a, provider: {a: b}}\n", "a message has"},
        {"- {channel: {a: b}, id: 1, en: a}\n", "'channel' and 'id' are a text"},
        {"- {channel: S, id: [[1]], en: a}\n", "'channel' and 'id' are a text"},
        {"- {channel: S, id: 1, en: 'a {b'}\n", "1:28: fields stand in { }"},
        {"- {channel: S, id: 1, en: 'a }'}\n", "fields stand in { }"},
        {"- {channel: S, id: 1, en: 'a ]'}\n", "fields stand in { }"},
        {"- {channel: S, id: 1, en: '[a [b]]'}\n", "fields stand in { }"},
        {"- {channel: S, id: 1, en: '[a'}\n", "a [ is not closed"},
        {"- {channel: S, id: 1, en: '{}'}\n", "a field has no name"},
        {"- {channel: S, id: 1, en: '{a:b}'}\n", "a table of codes that is not there"},
        {"- {channel: S, id: 1, en: '{a.0}'}\n", "a number, from 1"},
        {"- {channel: S, id: 1, en: '{a.x}'}\n", "a number, from 1"},
        {"- {codes: c}\n", "a table has"},
        {"- {codes: c, values: {}}\n", "a table has"},
        {"- {codes: c, values: {1: a}, more: x}\n", "a table has"},
        {"- {codes: [c], values: {1: a}}\n", "a table has"},
        {"- {codes: c, values: {1: a, b: c}}\n", "a code is a number"},
        {"- {codes: c, values: {1: [a]}}\n", "a code has a text"},
        {"- {codes: c, values: {1: {a: b}}}\n", "a code has a text"},
        {"- {channel: [\n", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin();
        CHECK(!add(cases[i].yaml));
        CHECK_INT(messages.count, 0);
        if (!strstr(why.text, cases[i].reason))
            TESTKIT_FAIL("%s said: %s", cases[i].yaml, why.text);
        arena_free(arena);
    }
}

TEST(refuses_what_is_too_long)
{
    struct buf yaml;

    begin();
    buf_init(&yaml, SIZE_MAX);
    buf_add(&yaml, STR("- {channel: "));
    for (unsigned i = 0; i < 400; i++)
        buf_add_char(&yaml, 'c');
    buf_add(&yaml, STR(", id: 1, en: a}\n"));
    CHECK(event_messages_add(&messages, buf_str(&yaml), &why) == ERR_INVALID);
    CHECK(strstr(why.text, "too long"));
    buf_reset(&yaml);
    buf_add(&yaml, STR("- {channel: S, id: 1, en: '"));
    for (unsigned i = 0; i < 200; i++)
        buf_add(&yaml, STR("{a}"));
    buf_add(&yaml, STR("'}\n"));
    CHECK(event_messages_add(&messages, buf_str(&yaml), &why) == ERR_INVALID);
    CHECK(strstr(why.text, "too many parts"));
    buf_free(&yaml);
    arena_free(arena);
}
