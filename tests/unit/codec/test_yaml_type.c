/* test_yaml_type.c - types of plain scalars, and those that versions of YAML read differently. */
#include "codec/yaml.h"

#include "testkit.h"

static enum yaml_type type_of(const char *text)
{
    struct yaml_node node = {.kind = YAML_SCALAR, .plain = true, .text = str_from(text)};

    return yaml_type_of(&node);
}

TEST(plain_scalars_have_the_types_of_the_core_schema)
{
    static const struct {
        enum yaml_type type;
        const char *texts[12];
    } cases[] = {
        {YAML_NULL, {"", "~", "null", "Null", "NULL"}},
        {YAML_BOOL, {"true", "True", "TRUE", "false", "False", "FALSE"}},
        {YAML_INT, {"0", "-1", "+12", "010", "0o17", "0xfF"}},
        {YAML_FLOAT, {"1.5", ".5", "1.", "-1e3", "1E-3", ".inf", "-.INF", ".nan", "0.0"}},
        {YAML_STRING, {"nULL", "yes", "no", "on", "tRUE", "0o8", "0xg", "1_000", "1e", "."}},
        {YAML_STRING, {"-", "+", "0x", "0o", "1.2.3", "1e+", "e5", "--1", "2026-11-22", "1 2"}},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        for (size_t j = 0; j < 12 && cases[i].texts[j]; j++)
            if (type_of(cases[i].texts[j]) != cases[i].type)
                TESTKIT_FAIL("'%s' has type %d", cases[i].texts[j], type_of(cases[i].texts[j]));
}

static bool is_ambiguous(const char *text)
{
    struct yaml_node node = {.kind = YAML_SCALAR, .plain = true, .text = str_from(text)};

    return yaml_is_ambiguous(&node);
}

TEST(nodes_that_are_texts_null_or_true)
{
    const struct yaml_node text = {.kind = YAML_SCALAR, .plain = true, .text = STR_INIT("x")};
    const struct yaml_node null = {.kind = YAML_SCALAR, .plain = true, .text = STR_INIT("~")};
    const struct yaml_node quoted = {.kind = YAML_SCALAR, .text = STR_INIT("true")};
    const struct yaml_node empty = {.kind = YAML_SCALAR, .text = STR_INIT("")};
    const struct yaml_node yes = {.kind = YAML_SCALAR, .plain = true, .text = STR_INIT("True")};
    const struct yaml_node no = {.kind = YAML_SCALAR, .plain = true, .text = STR_INIT("false")};
    const struct yaml_node map = {.kind = YAML_MAP};
    bool flag = false;

    CHECK(yaml_is_text(&text) && yaml_is_text(&quoted) && yaml_is_text(&yes));
    CHECK(!yaml_is_text(&null) && !yaml_is_text(&empty) && !yaml_is_text(&map));
    CHECK(yaml_is_null(&null));
    CHECK(!yaml_is_null(&empty) && !yaml_is_null(&text) && !yaml_is_null(&map));
    CHECK(yaml_bool(&yes, &flag) && flag);
    CHECK(!yaml_bool(&quoted, &flag) && !yaml_bool(&map, &flag) && flag);
    CHECK(yaml_bool(&no, &flag) && !flag);
}

TEST(what_yaml_1_1_reads_otherwise_is_ambiguous)
{
    static const char *const texts[] = {"yes",
                                        "No",
                                        "ON",
                                        "off",
                                        "y",
                                        "N",
                                        "010",
                                        "0429",
                                        "00",
                                        "-010",
                                        "0x10",
                                        "0XfF",
                                        "0o17",
                                        "0b11",
                                        "1_000",
                                        "+1_0",
                                        "1_0.5",
                                        "1:30",
                                        "0:59",
                                        "12:30:45",
                                        "190:20",
                                        "2024-01-02",
                                        "2024-01-02T03:04:05Z",
                                        "2024-01-02 03:04:05"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (!is_ambiguous(texts[i]))
            TESTKIT_FAIL("%s is clear", texts[i]);
}

TEST(what_all_read_alike_is_not)
{
    static const char *const texts[] = {
        "",           "0",           "7",
        "10",         "-1",          "1.5",
        "0.5",        "1e3",         "true",
        "null",       "yes.exe",     "0x",
        "0xyz",       "0b12",        "0o8",
        "0000042a",   "_1",          "1_a",
        "1:60",       "1:",          "00:11:22:aa",
        "10.0.0.0/8", "01.02.03",    "000001a0-0000-0000-c000-000000000046",
        "2024-1-2",   "2024-01-02x", "-",
        "+",          "T1059"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (is_ambiguous(texts[i]))
            TESTKIT_FAIL("%s is ambiguous", texts[i]);
    struct yaml_node quoted = {.kind = YAML_SCALAR, .text = STR_INIT("010")};
    CHECK(!yaml_is_ambiguous(&quoted));
}
