/* test_recording.c */
#include "coverage/recording.h"
#include "testkit.h"

static struct arena *arena;
static struct recordings recordings;
static struct why why;

static bool add(const char *yaml)
{
    if (!arena)
        arena = arena_new("test", 1 << 20);
    recordings_init(&recordings, arena);
    return recordings_add(&recordings, str_from(yaml), &why) == ERR_NONE;
}

TEST(reads_what_it_should)
{
    CHECK(add("# nothing else\n"
              "- channel: Security\n"
              "  needs: Audit Logon\n"
              "  events: [4624, '4625']\n"
              "  default: true\n"
              "- {channel: S, needs: n, events: [1], default: false}\n"));
    CHECK_INT(recordings.count, 2);
    CHECK_STR(recordings.at[0].channel, "Security");
    CHECK_STR(recordings.at[0].needs, "Audit Logon");
    CHECK_INT(recordings.at[0].event_count, 2);
    CHECK_INT(recordings.at[0].events[1], 4625);
    CHECK(recordings.at[0].by_default && !recordings.at[1].by_default);
    CHECK(recordings_add(&recordings, STR("- {channel: T, needs: n, events: [2], default: true}"),
                         &why) == ERR_NONE);
    CHECK_INT(recordings.count, 3);
    CHECK_STR(recordings.at[2].channel, "T");
}

TEST(refuses_the_rest_with_its_place)
{
    static const struct {
        const char *yaml, *reason;
    } cases[] = {
        {"a: b\n", "1:1: what is recorded is a list"},
        {"- channel: S\n", "1:3: a recording has"},
        {"- {channel: S, needs: n, events: [1], default: yes please}\n", "must be true or false"},
        {"- {channel: S, needs: n, events: 1, default: true}\n", "must be a list of event ids"},
        {"- {channel: S, needs: n, events: [], default: true}\n", "must be a list of event ids"},
        {"- {channel: S, needs: n, events: [65536], default: true}\n", "up to 65535"},
        {"- {channel: S, needs: n, events: [x], default: true}\n", "up to 65535"},
        {"- {channel: S, needs: n, events: [1], default: true, more: 1}\n", "a recording has"},
        {"- {channel: [\n", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK(!add(cases[i].yaml));
        CHECK_INT(recordings.count, 0);
        if (!strstr(why.text, cases[i].reason))
            TESTKIT_FAIL("said: %s", why.text);
    }
    arena_free(arena);
    arena = NULL;
}
