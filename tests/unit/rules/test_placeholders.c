/* test_placeholders.c - value lists for the modifier `expand`. */
#include "rule_maker.h"

static struct placeholders *lists;

static void begin_lists(const char *yaml)
{
    struct why why = {""};

    load_begin();
    lists = placeholders_new(made);
    CHECK_INT(placeholders_add(lists, str_from(yaml), &why), ERR_NONE);
    if (why.text[0])
        printf("# %s\n", why.text);
}

/* All texts, joined by '|'; `?name` if a list is missing, `!` if there are too many. */
static struct str expanded(const char *text)
{
    struct str *texts, missing;
    uint32_t count;

    buf_reset(&shown_bytes);
    if (!placeholders_expand(lists, made, str_from(text), &texts, &count, &missing)) {
        buf_printf(&shown_bytes, "?%.*s", STR_ARG(missing));
        return buf_str(&shown_bytes);
    }
    if (count == 0)
        buf_add_char(&shown_bytes, '!');
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(&shown_bytes, '|');
        buf_add(&shown_bytes, texts[i]);
    }
    return buf_str(&shown_bytes);
}

static bool add_refused(const char *yaml, const char *part)
{
    struct why why = {""};

    lists = placeholders_new(made);
    bool refused = placeholders_add(lists, str_from(yaml), &why) != ERR_NONE;
    if (!refused || !strstr(why.text, part)) {
        printf("# %s: %s\n", yaml, why.text);
        return false;
    }
    return true;
}

TEST(one_placeholder_gives_each_value)
{
    begin_lists("names: [a, b, c]\none: x\n");
    CHECK_STR(expanded("%names%"), "a|b|c");
    CHECK_STR(expanded("<%names%>"), "<a>|<b>|<c>");
    CHECK_STR(expanded("%one%"), "x");
    CHECK_STR(expanded("%one%%one%"), "xx");
    load_end();
}

TEST(several_give_the_product_in_order)
{
    begin_lists("x: [1, 2]\ny: [a, b]\n");
    CHECK_STR(expanded("%x%-%y%"), "1-a|1-b|2-a|2-b");
    load_end();
}

TEST(text_without_placeholder_stays)
{
    begin_lists("x: [1]\n");
    CHECK_STR(expanded("plain"), "plain");
    CHECK_STR(expanded(""), "");
    CHECK_STR(expanded("100%"), "100%");
    CHECK_STR(expanded("%"), "%");
    CHECK_STR(expanded("%%"), "%%");
    CHECK_STR(expanded("50% of %x%"), "50% of 1");
    CHECK_STR(expanded("%a b%"), "%a b%");
    load_end();
}

TEST(an_escaped_percent_sign_is_text)
{
    begin_lists("x: [1]\n");
    CHECK_STR(expanded("\\%x\\%"), "%x%");
    CHECK_STR(expanded("\\%x%"), "%x%");
    CHECK_STR(expanded("\\%%x%"), "%1");
    load_end();
}

TEST(other_escapes_are_left_to_the_pattern)
{
    begin_lists("x: ['*']\n");
    CHECK_STR(expanded("C:\\a\\*%x%"), "C:\\a\\**");
    CHECK_STR(expanded("\\\\%x%"), "\\\\*"); /* an escaped backslash, then the placeholder */
    CHECK_STR(expanded("end\\"), "end\\");
    load_end();
}

TEST(a_missing_list_is_named)
{
    begin_lists("x: [1]\nempty: []\nnothing:\n");
    CHECK_STR(expanded("%y%"), "?y");
    CHECK_STR(expanded("%x% %z%"), "?z");
    CHECK_STR(expanded("%X%"), "?X");
    CHECK_STR(expanded("%empty%"), "?empty");
    CHECK_STR(expanded("%nothing%"), "?nothing");
    load_end();
}

TEST(without_any_lists_all_are_missing)
{
    load_begin();
    lists = NULL;
    CHECK_STR(expanded("%y%"), "?y");
    CHECK_STR(expanded("no list needed"), "no list needed");
    load_end();
}

TEST(names_of_several_files_are_joined)
{
    struct why why;

    begin_lists("x: [1]\ny: a\n");
    CHECK_INT(placeholders_add(lists, STR("x: [2, 3]\nz: b\n"), &why), ERR_NONE);
    CHECK_STR(expanded("%x%"), "1|2|3");
    CHECK_STR(expanded("%y%%z%"), "ab");
    load_end();
}

TEST(many_lists_keep_apart)
{
    struct buf text;

    buf_init(&text, 1 << 16);
    for (unsigned i = 0; i < 100; i++)
        buf_printf(&text, "list%u: [v%u, w%u]\n", i, i, i);
    buf_add_char(&text, '\0');
    begin_lists(text.at);
    buf_free(&text);
    CHECK_STR(expanded("%list0%"), "v0|w0");
    CHECK_STR(expanded("%list15%%list16%"), "v15v16|v15w16|w15v16|w15w16");
    CHECK_STR(expanded("%list99%"), "v99|w99");
    load_end();
}

TEST(values_may_hold_what_they_like)
{
    begin_lists("x: ['%x%', 'a%', '']\n");
    CHECK_STR(expanded("%x%"), "%x%|a%|"); /* values are not expanded again */
    load_end();
}

TEST(too_many_values_give_none)
{
    begin_lists("x: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    CHECK(expanded("%x%%x%%x%").len > 3 * 1000);
    CHECK_STR(expanded("%x%%x%%x%%x%%x%%x%"), "!"); /* a million */
    load_end();
}

TEST(a_rule_with_too_many_values_is_refused)
{
    begin_lists("x: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    CHECK(is_refused(load_detection("s: {a|expand: '%x%%x%%x%%x%%x%%x%'}\ncondition: s\n", lists),
                     4, "expands to more than 100000 values"));
    load_end();
}

TEST(files_of_another_shape_are_refused)
{
    load_begin();
    CHECK(add_refused("- a\n", ""));
    CHECK(add_refused("text\n", ""));
    CHECK(add_refused("x: {a: b}\n", "line 1: 'x' must hold"));
    CHECK(add_refused("a: [1]\nx: [[a]]\n", "line 2: 'x' must hold"));
    CHECK(add_refused("x: [a, ~]\n", "line 1: 'x' must hold"));
    CHECK(add_refused("x: [\n", "line"));
    CHECK(add_refused("x: 1\nx: 2\n", "twice"));
    load_end();
}

/* A value may be long: what expanding takes must not grow with the square of its length. */
TEST(a_long_value_of_many_escapes_takes_little_memory)
{
    struct buf text;
    struct str *texts, missing;
    uint32_t count;

    begin_lists("x: [1]\n");
    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < 4000; i++)
        buf_printf(&text, "\\a");
    size_t before = arena_used(made);
    CHECK(placeholders_expand(lists, made, buf_str(&text), &texts, &count, &missing));
    CHECK_INT(count, 1);
    CHECK_INT(texts[0].len, 8000);
    size_t taken = arena_used(made) - before;
    if (taken > 1u << 20)
        TESTKIT_FAIL("8000 bytes of value took %zu bytes", taken);
    buf_free(&text);
    load_end();
}

TEST(values_that_grow_too_long_give_none)
{
    struct buf text;

    load_begin();
    lists = placeholders_new(made);
    buf_init(&text, 1 << 20);
    buf_printf(&text, "x: ");
    for (unsigned i = 0; i < 60000; i++)
        buf_add_char(&text, 'y');
    buf_add_char(&text, '\n');
    CHECK_INT(placeholders_add(lists, buf_str(&text), NULL), ERR_NONE);
    buf_reset(&text);
    for (unsigned i = 0; i < 20000; i++)
        buf_printf(&text, "%%x%%");
    buf_add_char(&text, '\0');
    size_t before = arena_used(made);
    CHECK_STR(expanded(text.at), "!");
    CHECK(arena_used(made) - before < 64u << 20);
    buf_free(&text);
    load_end();
}

TEST(nul_bytes_in_values_are_kept)
{
    begin_lists("x: \"a\\0b\"\n");
    CHECK_STR(expanded("%x%c"), "a\0bc");
    load_end();
}

TEST(placeholders_are_found_and_measured)
{
    CHECK_INT(placeholder_length(STR("%a.b-c_1% x")), 9);
    CHECK_INT(placeholder_length(STR("%%")), 0);
    CHECK_INT(placeholder_length(STR("%a b%")), 0);
    CHECK_INT(placeholder_length(STR("x%a%")), 0);
    CHECK_INT(placeholder_find(STR("x\\%a%a%")), 4);
    CHECK_INT(placeholder_find(STR("100% x")), 6);
    CHECK_INT(placeholder_find(STR("%a%")), 0);
}

TEST(products_of_texts)
{
    const struct str two[] = {STR_INIT("a"), STR_INIT("b")}, one = STR("-");
    struct text_product texts;

    load_begin();
    text_product_init(&texts, made);
    CHECK(text_product_add(&texts, two, 2));
    CHECK(text_product_add(&texts, &one, 1));
    CHECK(text_product_add(&texts, two, 2));
    CHECK_INT(texts.count, 4);
    CHECK_STR(texts.at[1], "a-b");
    CHECK_STR(texts.at[2], "b-a");
    while (texts.count * 2 <= EXPANSIONS_MAX)
        CHECK(text_product_add(&texts, two, 2));
    CHECK(!text_product_add(&texts, two, 2));
    load_end();
}
