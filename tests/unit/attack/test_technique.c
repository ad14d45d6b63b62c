/* test_technique.c */
#include "attack/technique.h"
#include "testkit.h"

static struct arena *arena;
static struct techniques techniques;
static struct why why;

static bool reads(const char *yaml)
{
    arena_free(arena);
    arena = arena_new("test", 1 << 20);
    techniques_init(&techniques, arena);
    return techniques_read(&techniques, str_from(yaml), &why) == ERR_NONE;
}

TEST(names_and_tactics_are_read)
{
    CHECK(reads("tactics: [execution, persistence]\n"
                "techniques:\n"
                "  T1059: [Command and Scripting Interpreter, execution]\n"
                "  T1053.005: [Scheduled Task, execution, persistence]\n"));
    CHECK_INT(techniques.count, 2);
    const struct technique *task = technique_find(&techniques, STR("T1053.005"));
    CHECK(task != NULL);
    CHECK_STR(task->name, "Scheduled Task");
    CHECK_INT(task->tactics.count, 2);
    CHECK(task->tactics.at[1].at == techniques.tactics.at[1].at);
    CHECK(technique_find(&techniques, STR("T1053")) == NULL);
}

TEST(the_rest_is_refused_with_its_place)
{
    static const struct {
        const char *yaml, *reason;
    } cases[] = {
        {"a: b\n", "there are 'tactics'"},
        {"tactics: []\ntechniques: {}\n", "1:10: 'tactics' is a list"},
        {"tactics: [a]\ntechniques:\n  T1: [n, a]\n", "a technique's id"},
        {"tactics: [a]\ntechniques:\n  T1059.1: [n, a]\n", "a technique's id"},
        {"tactics: [a]\ntechniques:\n  T1059: [n, b]\n", "no such tactic"},
        {"tactics: [a]\ntechniques:\n  T1059: [n]\n", "a name and tactics"},
        {"tactics: [a]\ntechniques:\n  T1059: [[n], a]\n", "a name and tactics"},
        {"--- 1\n--- 2\n", "one document"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK(!reads(cases[i].yaml));
        if (!strstr(why.text, cases[i].reason))
            TESTKIT_FAIL("said: %s", why.text);
    }
    arena_free(arena);
    arena = NULL;
}
