/* test_script_values.c */
#include "scan/script_flow_priv.h"
#include "script_kit.h"

static struct flow flow;
static struct script_signs no_signs;

static void open_flow(void)
{
    kit_open();
    flow = (struct flow){
        .calls = &kit.calls, .arena = kit.arena, .signs = &no_signs, .function = NO_VARIABLE};
    map_init(&flow.names, kit.arena);
    map_init(&flow.function_names, kit.arena);
}

static struct str folded(const char *name, const char *a, const char *b, const char *c)
{
    struct script_arguments arguments = {.count = c ? 3 : b ? 2 : 1};
    struct script_value result = value_of(0);

    arguments.at[0] = value_text(str_from(a));
    arguments.at[1] = value_text(str_from(b));
    arguments.at[2] = value_text(str_from(c));
    return value_fold_call(&flow, str_from(name), &arguments, &result) ? result.text
                                                                       : STR("unknown");
}

TEST(decoders_of_known_texts)
{
    open_flow();
    CHECK_STR(folded("base64_decode", "c3lzdGVt", NULL, NULL), "system");
    CHECK_STR(folded("STRREV", "metsys", NULL, NULL), "system");
    CHECK_STR(folded("str_rot13", "flfgrz", NULL, NULL), "system");
    CHECK_STR(folded("hex2bin", "6578", NULL, NULL), "ex");
    CHECK_STR(folded("chr", "65", NULL, NULL), "A");
    CHECK_STR(folded("chr", "0x41", NULL, NULL), "A");
    CHECK_STR(folded("str_replace", "xx", "", "sxxysxxtem"), "system");
    CHECK_STR(folded("pack", "H*", "6162", NULL), "ab");
    CHECK_STR(folded("hex2bin", "6g", NULL, NULL), "unknown");
    CHECK_STR(folded("chr", "256", NULL, NULL), "unknown");
    CHECK_STR(folded("str_replace", "", "x", "y"), "unknown");
    CHECK_STR(folded("trim", "x", NULL, NULL), "unknown");
    kit_close();
}

TEST(texts_that_are_joined)
{
    open_flow();
    struct script_value a = value_text(STR("as")), b = value_text(STR("sert"));
    CHECK_STR(value_join(&flow, a, b).text, "assert");
    struct script_value open = value_join(&flow, a, value_of(ORIGIN_INPUT));
    CHECK(!open.known);
    CHECK_STR(open.head, "as");
    CHECK_INT(open.origins, ORIGIN_INPUT | ORIGIN_TEXT);
    CHECK_STR(value_join(&flow, open, b).tail, "sert");
    CHECK_STR(value_index(&flow, b, STR("1")).text, "e");
    CHECK(!value_index(&flow, b, STR("9")).known);
    kit_close();
}

TEST(long_texts_without_blanks_are_encoded)
{
    char bytes[2000];

    memset(bytes, 'a', sizeof(bytes));
    CHECK_INT(value_text((struct str){bytes, 300}).origins, ORIGIN_ENCODED);
    CHECK(!value_text((struct str){bytes, sizeof(bytes)}).known);
    for (size_t i = 0; i < sizeof(bytes); i += 8)
        bytes[i] = ' ';
    CHECK_INT(value_text((struct str){bytes, 300}).origins, ORIGIN_TEXT);
}

TEST(variables_belong_to_their_function)
{
    open_flow();
    uint32_t outer = flow_variable(&flow, STR("a"));
    flow_assign(&flow, outer, value_of(ORIGIN_INPUT), false);
    flow.scope = flow_function(&flow, STR("F"), true)->scope;
    CHECK(flow_variable(&flow, STR("a")) != outer);
    flow.language = SCRIPT_JAVA;
    CHECK_INT(flow_variable(&flow, STR("a")), flow_variable(&flow, STR("a")));
    CHECK(flow_function(&flow, STR("f"), false) != NULL);
    CHECK(flow_function(&flow, STR("g"), false) == NULL);
    kit_close();
}

TEST(elements_are_set_and_read_on_their_own)
{
    open_flow();
    uint32_t a = flow_variable(&flow, STR("a"));
    uint32_t x = flow_element(&flow, STR("a"), STR("x"));
    uint32_t y = flow_element(&flow, STR("a"), STR("y"));
    flow_assign_element(&flow, a, x, value_of(ORIGIN_INPUT), false);
    flow_assign_element(&flow, a, y, value_text(STR("t")), false);
    CHECK(flow_read_element(&flow, a, x).origins & ORIGIN_INPUT);
    CHECK(!(flow_read_element(&flow, a, y).origins & ORIGIN_INPUT));
    CHECK(flow_read(&flow, a).origins & ORIGIN_INPUT);
    kit_close();
}
