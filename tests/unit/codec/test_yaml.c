/* test_yaml.c - YAML as trees: places, aliases under limits, duplicate keys, several documents. */
#include "codec/yaml.h"

#include "core/buf.h"
#include "core/limits.h"

#include "testkit.h"

static struct arena *arena;
static struct yaml_documents documents;
static struct why why;

static enum err parse_str(struct str text)
{
    if (!arena)
        arena = arena_new("yaml", (size_t)1 << 30);
    arena_reset(arena);
    why = (struct why){""};
    enum err err = yaml_parse(text, arena, &documents, &why);
    CHECK((err != ERR_NONE) == (why.text[0] != '\0'));
    return err;
}

static const struct yaml_node *parse(const char *text)
{
    CHECK_INT(parse_str(str_from(text)), ERR_NONE);
    if (why.text[0])
        printf("# %s\n", why.text);
    return documents.count > 0 ? documents.roots[0] : NULL;
}

static bool refused(const char *text)
{
    return parse_str(str_from(text)) == ERR_INVALID;
}

static bool complains(const char *part)
{
    if (!strstr(why.text, part))
        printf("# %s\n", why.text);
    return strstr(why.text, part) != NULL;
}

static const struct yaml_node *member(const struct yaml_node *node, const char *key)
{
    return yaml_get(node, str_from(key));
}

TEST(maps_lists_and_scalars_have_places)
{
    const struct yaml_node *root = parse("a: 1\nb:\n  - x\n  - {c: d}\n");

    CHECK_INT(root->kind, YAML_MAP);
    CHECK_INT(root->count, 2);
    CHECK_STR(root->members[1].key, "b");
    CHECK_INT(root->members[1].key_line, 2);
    CHECK_INT(root->members[1].key_column, 1);
    const struct yaml_node *list = member(root, "b");
    CHECK_INT(list->kind, YAML_LIST);
    CHECK_INT(list->count, 2);
    CHECK_STR(list->members[0].value->text, "x");
    CHECK_INT(list->members[0].value->line, 3);
    CHECK_INT(list->members[0].value->column, 5);
    CHECK_STR(member(list->members[1].value, "c")->text, "d");
    CHECK_INT(member(list->members[1].value, "c")->line, 4);
}

TEST(looking_up_what_is_not_there)
{
    const struct yaml_node *root = parse("a: 1\n");

    CHECK(!member(root, "b"));
    CHECK(!member(root, "A"));
    CHECK(!member(NULL, "a"));
    CHECK(!member(member(root, "a"), "a"));
}

TEST(scalars_keep_their_source_text)
{
    const struct yaml_node *root = parse("[010, 0x10, 1_000, yes, 2026-11-22, 1e3, ~]");
    static const char *const texts[] = {"010", "0x10", "1_000", "yes", "2026-11-22", "1e3", "~"};

    CHECK_INT(root->count, 7);
    for (uint32_t i = 0; i < root->count; i++)
        CHECK(str_eq(root->members[i].value->text, str_from(texts[i])));
}

TEST(quoted_and_block_scalars_are_not_plain)
{
    const struct yaml_node *root = parse("- 1\n- '1'\n- \"1\"\n- |\n  1\n- >\n  1\n");

    CHECK(root->members[0].value->plain);
    for (uint32_t i = 1; i < 5; i++)
        CHECK(!root->members[i].value->plain);
    CHECK_STR(root->members[3].value->text, "1\n");
    CHECK_INT(yaml_type_of(root->members[0].value), YAML_INT);
    CHECK_INT(yaml_type_of(root->members[1].value), YAML_STRING);
    CHECK_INT(yaml_type_of(root->members[3].value), YAML_STRING);
}

TEST(escapes_of_double_quotes_are_resolved)
{
    const struct yaml_node *root = parse("- \"a\\tb\\u00e9\\\\\"\n- 'it''s \\n'\n- C:\\x\n");

    CHECK_STR(root->members[0].value->text, "a\tb\xc3\xa9\\");
    CHECK_STR(root->members[1].value->text, "it's \\n");
    CHECK_STR(root->members[2].value->text, "C:\\x");
}

TEST(an_empty_value_is_null_and_quotes_make_it_a_text)
{
    const struct yaml_node *root = parse("a:\nb: ''\n");

    CHECK_INT(yaml_type_of(member(root, "a")), YAML_NULL);
    CHECK_STR(member(root, "a")->text, "");
    CHECK_INT(yaml_type_of(member(root, "b")), YAML_STRING);
}

TEST(aliases_give_the_same_tree)
{
    const struct yaml_node *root = parse("a: &x [1, 2]\nb: *x\nc: {d: *x}\n&k e: f\ng: *k\n");

    CHECK_INT(member(root, "b")->kind, YAML_LIST);
    CHECK_INT(member(root, "b")->count, 2);
    CHECK_STR(member(member(root, "c"), "d")->members[1].value->text, "2");
    CHECK_STR(member(root, "g")->text, "e");
}

TEST(the_last_anchor_of_a_name_counts)
{
    const struct yaml_node *root = parse("[&x 1, *x, &x 2, *x]");

    CHECK_STR(root->members[1].value->text, "1");
    CHECK_STR(root->members[3].value->text, "2");
}

TEST(an_alias_without_anchor_is_refused_with_its_place)
{
    CHECK(refused("a: 1\nb: *nobody\n"));
    CHECK(complains("line 2"));
}

TEST(an_alias_to_what_holds_it_is_refused)
{
    CHECK(refused("&a [1, *a]\n"));
    CHECK(refused("x: &a {b: *a}\n"));
}

TEST(anchors_end_with_their_document)
{
    CHECK(refused("a: &x 1\n---\nb: *x\n"));
    CHECK_INT(documents.count, 1);
}

TEST(an_alias_bomb_is_refused)
{
    struct buf text;

    buf_init(&text, 1 << 12);
    buf_printf(&text, "a: &l0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
        buf_printf(&text, "b%d: &l%d [", i, i);
        for (int j = 0; j < 10; j++)
            buf_printf(&text, "*l%d, ", i - 1);
        buf_printf(&text, "]\n");
    }
    CHECK_INT(parse_str(buf_str(&text)), ERR_INVALID);
    CHECK(complains("too many nodes"));
    CHECK(arena_used(arena) < 1u << 20);
    buf_free(&text);
}

TEST(a_wide_alias_bomb_is_refused_too)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    buf_printf(&text, "- &a [");
    for (int i = 0; i < 2000; i++)
        buf_printf(&text, "1,");
    buf_printf(&text, "1]\n");
    for (int i = 0; i < 600; i++)
        buf_printf(&text, "- *a\n");
    CHECK_INT(parse_str(buf_str(&text)), ERR_INVALID);
    buf_free(&text);
}

TEST(aliases_may_add_some_nodes_but_not_many)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    for (unsigned aliases = 9; aliases <= 10; aliases++) {
        buf_reset(&text);
        buf_printf(&text, "- &a [");
        for (unsigned i = 0; i < YAML_ALIASED_NODES_MAX / 10 - 1; i++)
            buf_printf(&text, "1,");
        buf_printf(&text, "1]\n");
        for (unsigned i = 0; i < aliases; i++)
            buf_printf(&text, "- *a\n");
        CHECK_INT(parse_str(buf_str(&text)), aliases > 9 ? ERR_INVALID : ERR_NONE);
    }
    CHECK(complains("line 11, column 4: too many nodes once aliases are followed"));
    buf_free(&text);
}

TEST(aliases_cannot_nest_deeper_than_anything_else)
{
    struct buf text;

    buf_init(&text, 1 << 12);
    for (unsigned depth = YAML_DEPTH_MAX / 2; depth <= YAML_DEPTH_MAX / 2 + 1; depth++) {
        buf_reset(&text);
        buf_printf(&text, "[&a ");
        for (unsigned i = 1; i < depth; i++)
            buf_add_char(&text, '[');
        for (unsigned i = 1; i < depth; i++)
            buf_add_char(&text, ']');
        buf_add_char(&text, ',');
        for (unsigned i = 0; i < YAML_DEPTH_MAX / 2; i++)
            buf_add_char(&text, '[');
        buf_printf(&text, "*a");
        for (unsigned i = 0; i < YAML_DEPTH_MAX / 2 + 1; i++)
            buf_add_char(&text, ']');
        CHECK_INT(parse_str(buf_str(&text)), depth > YAML_DEPTH_MAX / 2 ? ERR_INVALID : ERR_NONE);
    }
    CHECK(complains("nested too deeply"));
    buf_free(&text);
}

TEST(many_anchors_are_refused)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < YAML_ANCHORS_MAX; i++)
        buf_printf(&text, "- &a%u 1\n", i);
    CHECK_INT(parse_str(buf_str(&text)), ERR_NONE);
    buf_printf(&text, "- &b 1\n");
    CHECK_INT(parse_str(buf_str(&text)), ERR_INVALID);
    CHECK(complains("line 1001, column 6: too many anchors"));
    buf_free(&text);
}

TEST(an_empty_value_has_the_place_of_its_key)
{
    const struct yaml_node *root = parse("a: 1\nb:\n  c:\n  d: 2\ne:\n");

    CHECK_INT(member(member(root, "b"), "c")->line, 3);
    CHECK_INT(member(member(root, "b"), "c")->column, 3);
    CHECK_INT(member(root, "e")->line, 5);
    CHECK_INT(member(root, "e")->column, 1);
}

TEST(a_complaint_has_a_place_of_its_own)
{
    CHECK(refused("a: 1\nb: 2\n\xc3\xa9 a: 3\nb: 4\n"));
    CHECK_INT(documents.bad_line, 4);
    CHECK_INT(documents.bad_column, 1);
    CHECK_STR(str_from(documents.complaint.text), "this key stands twice in the same map");
    CHECK(refused("a: \xc3\xa9\nb: \xc3\xa9\xff\n"));
    CHECK(complains("line 2, column 5: not valid UTF-8"));
    CHECK(refused("a: 1\nb: 'x\n"));
    CHECK(documents.bad_line >= 2);
    CHECK(strstr(documents.complaint.text, "line") == NULL);
}

TEST(a_key_that_stands_twice_is_refused_with_its_place)
{
    CHECK(refused("a: 1\nb: 2\na: 3\n"));
    CHECK(complains("line 3, column 1"));
    CHECK(complains("twice"));
    CHECK(refused("x:\n  - {k: 1, l: 2, k: 3}\n"));
    CHECK(complains("line 2, column 18"));
    CHECK(refused("'a': 1\na: 2\n"));
    CHECK(refused("\"\\x61\": 1\na: 2\n"));
}

TEST(a_key_that_stands_twice_is_found_in_large_maps)
{
    for (int twice = 0; twice < 60; twice += 7) {
        struct buf text;
        buf_init(&text, 1 << 16);
        for (int i = 0; i < 60; i++)
            buf_printf(&text, "key%d: %d\n", i, i);
        CHECK_INT(parse_str(buf_str(&text)), ERR_NONE);
        CHECK_INT(documents.roots[0]->count, 60);
        buf_printf(&text, "key%d: again\n", twice);
        CHECK_INT(parse_str(buf_str(&text)), ERR_INVALID);
        CHECK(complains("line 61"));
        buf_free(&text);
    }
}

TEST(the_same_key_in_different_maps_is_fine)
{
    CHECK_INT(parse("a: {a: {a: 1}}\nb: [{a: 1}, {a: 2}]\n")->count, 2);
}

TEST(a_key_must_be_text)
{
    CHECK(refused("[a, b]: 1\n"));
    CHECK(refused("{a: 1}: 1\n"));
    CHECK(refused("? [a]\n: 1\n"));
}

TEST(several_documents_are_told_apart)
{
    parse("a: 1\n---\n# nothing\nb: 2\n...\n---\n- c\n");
    CHECK_INT(documents.count, 3);
    CHECK_STR(member(documents.roots[0], "a")->text, "1");
    CHECK_STR(member(documents.roots[1], "b")->text, "2");
    CHECK_INT(documents.roots[2]->kind, YAML_LIST);
    CHECK_INT(member(documents.roots[1], "b")->line, 4);
}

TEST(an_empty_document_is_an_empty_scalar)
{
    parse("---\n---\na: 1\n");
    CHECK_INT(documents.count, 2);
    CHECK_INT(documents.roots[0]->kind, YAML_SCALAR);
    CHECK_STR(documents.roots[0]->text, "");
    CHECK_INT(yaml_type_of(documents.roots[0]), YAML_NULL);
}

TEST(an_empty_text_has_no_document)
{
    CHECK_INT(parse_str(STR("")), ERR_NONE);
    CHECK_INT(documents.count, 0);
    CHECK_INT(parse_str(STR("# only words\n\n")), ERR_NONE);
    CHECK_INT(documents.count, 0);
}

TEST(documents_before_a_broken_one_are_kept)
{
    CHECK(refused("a: 1\n---\nb: [1, 2\n---\nc: 3\n"));
    CHECK_INT(documents.count, 1);
    CHECK_STR(member(documents.roots[0], "a")->text, "1");
    CHECK(complains("line "));
}

TEST(broken_yaml_is_refused_with_line_and_column)
{
    CHECK(refused("a: 1\nb: 'x\n"));
    CHECK(complains("line "));
    CHECK(complains("column "));
    CHECK(refused("a: b: c\n"));
    CHECK(complains("line 1"));
    CHECK(refused("a:\n\t- b\n"));
    CHECK(refused("{a: 1\n"));
    CHECK(refused("- a\nb: c\n"));
}

TEST(nesting_ends_at_the_limit)
{
    char text[2 * YAML_DEPTH_MAX + 4];

    for (unsigned depth = YAML_DEPTH_MAX; depth <= YAML_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        CHECK_INT(refused(text), depth > YAML_DEPTH_MAX);
    }
    CHECK(complains("nested too deeply"));
}

static bool refuses_run(const char *before, const char *unit, unsigned times, const char *part)
{
    struct buf text;

    buf_init(&text, 4 << 20);
    buf_printf(&text, "%s", before);
    for (unsigned i = 0; i < times; i++)
        buf_printf(&text, "%s", unit);
    buf_printf(&text, "x\n");
    bool refused = parse_str(buf_str(&text)) == ERR_INVALID && strstr(why.text, part) != NULL;
    buf_free(&text);
    return refused;
}

/* Each of these took half a minute, or gigabytes. */
TEST(traps_for_the_library_are_not_stepped_into)
{
    CHECK(refuses_run("a: |\n", " \n", 50000, "too many blanks in a row"));
    CHECK(refuses_run("- ", " ", 100000, "too many blanks in a row"));
    CHECK(refuses_run("? ", "\t", 100000, "too many blanks in a row"));
    CHECK(refuses_run("", "%", 100000, "a line that starts with '%' is too long"));
    CHECK(refuses_run("a: 1\n%", "!", 100000, "line 2, column 201: a line that starts with '%'"));
    CHECK(refuses_run("\xef\xbb\xbf%", "y", 100000, "a line that starts with '%' is too long"));
    CHECK(refuses_run("", "[", 1000000, "nested too deeply"));
    CHECK(refuses_run("", "{a: [", 100000, "nested too deeply"));
    CHECK(refuses_run("[", ":,", 1000000, "line 1, column 1048577: a line is too long"));
}

TEST(blanks_and_percent_signs_as_usual_are_no_trap)
{
    CHECK(!refuses_run("a: b", " ", YAML_BLANKS_MAX, ""));
    CHECK(!refuses_run("abc%", "%", 10000, ""));
    CHECK(!refuses_run("a:\n  - '%", "%", 10000, "starts with"));
    CHECK(!refuses_run("a: 1 # ", "[]", 50000, ""));
    CHECK_STR(member(parse("%YAML 1.2\n---\na: 1\n"), "a")->text, "1");
}

TEST(what_is_no_text_is_refused)
{
    CHECK_INT(parse_str(STR("a: \0\n")), ERR_INVALID);
    CHECK(complains("NUL"));
    CHECK_INT(parse_str(STR("\xff\xfe"
                            "a\0:\0")),
              ERR_INVALID);
    CHECK_INT(parse_str(STR("a: \xff\n")), ERR_INVALID);
    CHECK(complains("UTF-8"));
}

TEST(a_byte_order_mark_and_crlf_are_fine)
{
    const struct yaml_node *root = parse("\xef\xbb\xbf"
                                         "a: 1\r\nb:\r\n  - c\r\n");

    CHECK_STR(member(root, "a")->text, "1");
    CHECK_STR(member(root, "b")->members[0].value->text, "c");
    CHECK_INT(member(root, "b")->members[0].value->line, 3);
}

TEST(texts_outlive_the_input)
{
    char *text = strdup("key: \"value\"\n");

    CHECK_INT(parse_str(str_from(text)), ERR_NONE);
    memset(text, 'x', strlen(text));
    free(text);
    CHECK_STR(documents.roots[0]->members[0].key, "key");
    CHECK_STR(documents.roots[0]->members[0].value->text, "value");
}

TEST(texts_outlive_their_trees)
{
    struct arena *trees = arena_new("trees", 1 << 20), *texts = arena_new("texts", 1 << 20);
    struct yaml_documents of_two;

    CHECK(yaml_parse_apart(STR("key: [one, 'two']\n---\n- &a x\n- *a\n"), trees, texts, &of_two,
                           NULL) == ERR_NONE);
    CHECK_INT(of_two.count, 2);
    struct str key = of_two.roots[0]->members[0].key;
    struct str two = of_two.roots[0]->members[0].value->members[1].value->text;
    struct str x = of_two.roots[1]->members[1].value->text;
    arena_free(trees);
    CHECK_STR(key, "key");
    CHECK_STR(two, "two");
    CHECK_STR(x, "x");
    CHECK(arena_used(texts) < 256);
    arena_free(texts);
}

TEST(merge_keys_are_ordinary_keys)
{
    const struct yaml_node *root = parse("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n");

    CHECK_INT(member(root, "c")->count, 2);
    CHECK(member(member(root, "c"), "<<") != NULL);
}
