/* test_event_message.c */
#include "model/event_message.h"
#include "testkit.h"

static struct arena *arena;
static struct event_messages messages;

static void prepare(const char *yaml)
{
    struct why why;

    arena = arena_new("test", 1 << 24);
    event_messages_init(&messages, arena);
    if (event_messages_add(&messages, str_from(yaml), &why))
        TESTKIT_FAIL("said: %s", why.text);
}

static struct str says(const char *event)
{
    return event_message(&messages, str_from(event), LANGUAGE_ENGLISH, arena);
}

#define EVENT(fields) "{\"Channel\":\"Security\",\"EventID\":1," fields "}"

TEST(fills_in_the_fields_of_every_shape)
{
    prepare(
        "- {channel: Security, id: 1, en: '{User} on {Data.2}[ from {IpAddress}]', ja: '{User}'}");
    CHECK_STR(
        says(
            "{\"Event\":{\"System\":{\"EventID\":{\"#text\":1,\"#attributes\":"
            "{\"Qualifiers\":2}},\"Channel\":\"SECURITY\"},\"EventData\":{\"User\":\"al\\u0069ce\","
            "\"Data\":{\"#text\":[\"a\",\"b\"]},\"IpAddress\":\"::ffff:192.0.2.7\"}}}"),
        "alice on b from 192.0.2.7");
    CHECK_STR(says("{\"winlog\":{\"channel\":\"Security\",\"event_id\":\"1\",\"event_data\":"
                   "{\"User\":\"bob\",\"IpAddress\":\"-\",\"Data\":[\"x\",7]}}}"),
              "bob on 7");
    CHECK_STR(
        says("{\"result\":{\"source\":\"XmlWinEventLog:Security\",\"EventCode\":\"1\",\"User\":"
             "\"carol\"}}"),
        "carol on ?");
    CHECK_STR(says(EVENT("\"User\":null,\"Data\":\"x\"")), "? on ?");
    CHECK_STR(event_message(&messages, STR(EVENT("\"User\":\" \\r\\n eve \\t x \"")),
                            LANGUAGE_JAPANESE, arena),
              "eve x");
    arena_free(arena);
}

TEST(knows_no_other_events)
{
    prepare("- {channel: Security, id: 1, en: one}");
    CHECK_STR(says(EVENT("\"x\":1")), "one");
    CHECK_STR(says("{\"Channel\":\"Security\",\"EventID\":2}"), "");
    CHECK_STR(says("{\"Channel\":\"System\",\"EventID\":1}"), "");
    CHECK_STR(says("{\"Channel\":\"Security\"}"), "");
    CHECK_STR(says("{\"EventID\":1}"), "");
    CHECK_STR(says("{}"), "");
    CHECK_STR(says("[]"), "");
    arena_free(arena);
}

TEST(takes_the_provider_it_was_written_for_and_the_last_one)
{
    prepare("- {channel: System, id: 1, en: any}\n"
            "- {channel: System, id: 1, provider: [Kernel, Kdc], en: kernel}\n");
    CHECK_STR(says("{\"Channel\":\"System\",\"EventID\":1,\"Provider_Name\":\"other\"}"), "any");
    CHECK_STR(says("{\"System\":{\"Channel\":\"System\",\"EventID\":1,\"Provider\":"
                   "{\"#attributes\":{\"Name\":\"kdc\"}}}}"),
              "kernel");
    arena_free(arena);
}

TEST(spells_codes_out)
{
    prepare("- codes: status\n  values: {0x0: success, '0xC000006A': [wrong password, x]}\n"
            "- codes: rights\n  bits: {0x3: both, 0x1: read, 0x2: write, 0x8: run}\n"
            "- codes: names\n  values: {abc: known}\n"
            "- codes: parameters\n  values: {'%%1': delete, '%%2': read}\n"
            "- {channel: Security, id: 1, en: '{S:status}, {R:rights}, {N:names}, {P}'}\n");
    CHECK_STR(
        says(EVENT("\"S\":\"0xc000006a\",\"R\":\"0xf5\",\"N\":\"ABC\",\"P\":\"%%1\\n\\t%%2 %%3\"")),
        "wrong password (0xc000006a), read, 0xf4 (0xf5), known (ABC), delete, read, %%3");
    CHECK_STR(says(EVENT("\"S\":-1073741718,\"R\":3,\"N\":\"x\",\"P\":\"%%1, %%2\"")),
              "wrong password (-1073741718), both (3), x, delete, read");
    CHECK_STR(says(EVENT("\"S\":\"none\",\"R\":0,\"N\":\"\",\"P\":\"%%TEMP%%\\\\a b\"")),
              "none, 0, ?, %%TEMP%%\\a b");
    arena_free(arena);
}

TEST(reads_numbers_as_events_write_them)
{
    static const struct {
        const char *text;
        uint64_t number;
        bool good;
    } cases[] = {
        {"12", 12, true},
        {"0x1A", 26, true},
        {"0Xff", 255, true},
        {"-1073741715", 0xC000006D, true},
        {"0xffffffffffffffff", UINT64_MAX, true},
        {"0x10000000000000000", 0, false},
        {"0x", 0, false},
        {"", 0, false},
        {"x", 0, false},
    };
    uint64_t number;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK(code_number(str_from(cases[i].text), &number) == cases[i].good);
        if (cases[i].good)
            CHECK(number == cases[i].number);
    }
}

TEST(what_is_long_or_deep_is_cut)
{
    struct buf event;

    prepare("- {channel: Security, id: 1, en: '{Long}|{Deep}'}");
    buf_init(&event, SIZE_MAX);
    buf_add(&event, STR("{\"Channel\":\"Security\",\"EventID\":1,\"Long\":\""));
    for (unsigned i = 0; i < 500; i++)
        buf_add(&event, STR("\xe3\x81\x82"));
    buf_add(&event, STR("\",\"a\":"));
    for (unsigned i = 0; i < 100; i++)
        buf_add(&event, STR("["));
    buf_add(&event, STR("{\"Deep\":1}"));
    for (unsigned i = 0; i < 100; i++)
        buf_add(&event, STR("]"));
    buf_add_char(&event, '}');
    struct str text = event_message(&messages, buf_str(&event), LANGUAGE_ENGLISH, arena);
    CHECK_INT(text.len, 133 * 3 + strlen("...|?"));
    CHECK(str_ends_with(text, STR("...|?")));
    buf_free(&event);
    arena_free(arena);
}
