/* test_rule_set.c - documents to rules: collections, duplicates, and what is no rule. */
#include "rule_maker.h"

#include "core/limits.h"

#define BODY "logsource: {category: c}\ndetection: {s: {a: 1}, condition: s}\n"

TEST(one_file_one_rule)
{
    load_begin();
    const struct sigma_rule *rule = load("title: t\n" BODY);
    CHECK_INT(set.count, 1);
    CHECK_INT(set.files, 1);
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_STR(rule->path, "folder/rule.yml");
    CHECK_STR(shown(rule), "a=1");
    load_end();
}

TEST(text_and_path_may_go_away)
{
    load_begin();
    char *text = strdup("title: here\n" BODY), *path = strdup("a/b.yml");
    rule_set_add(&set, str_from(path), str_from(text), NULL);
    memset(text, 'x', strlen(text));
    memset(path, 'x', strlen(path));
    free(text);
    free(path);
    CHECK_STR(set.rules[0]->title, "here");
    CHECK_STR(set.rules[0]->path, "a/b.yml");
    CHECK_STR(shown(set.rules[0]), "a=1");
    load_end();
}

TEST(yaml_that_is_no_sigma_is_counted)
{
    load_begin();
    load("title: t\nname: x\n");
    load("- a\n- b\n");
    load("just a text\n");
    load("---\n---\n");
    CHECK_INT(set.count, 0);
    CHECK_INT(set.files, 4);
    CHECK_INT(set.not_sigma, 5);
    load_end();
}

TEST(an_empty_file_has_no_document)
{
    load_begin();
    load("");
    load("# words only\n");
    CHECK_INT(set.count, 0);
    CHECK_INT(set.files, 2);
    CHECK_INT(set.not_sigma, 0);
    load_end();
}

TEST(what_is_not_yaml_is_one_refused_rule)
{
    load_begin();
    const struct sigma_rule *rule = load("title: 'x\n" BODY);
    CHECK_INT(set.count, 1);
    CHECK_INT(rule->state, RULE_REFUSED);
    CHECK(rule->reason_line >= 1 && rule->reason_column >= 1);
    CHECK(str_starts_with(rule->reason, STR("not valid YAML")));
    CHECK_STR(rule->path, "folder/rule.yml");
    rule_set_add(&set, STR("utf16.yml"), STR("\xff\xfet\0"), NULL);
    CHECK_INT(set.count, 2);
    CHECK(str_contains(set.rules[1]->reason, STR("NUL bytes")));
    load_end();
}

TEST(documents_before_the_broken_one_are_rules)
{
    load_begin();
    load("title: t\n" BODY "---\ntitle: [\n");
    CHECK_INT(set.count, 2);
    CHECK_INT(set.rules[0]->state, RULE_LOADED);
    CHECK_INT(set.rules[1]->state, RULE_REFUSED);
    load_end();
}

TEST(broken_yaml_is_refused_at_its_place)
{
    load_begin();
    CHECK(is_refused(load("title: t\n" BODY "title: u\n"), 4, "this key stands twice"));
    CHECK(is_refused(load("title: t\n" BODY "---\ntitle: [a, b\n---\ntitle: x\n"), 6,
                     "not valid YAML"));
    rule_set_add(&set, STR("latin1.yml"), STR("title: t\nauthor: Ren\xe9\n"), NULL);
    CHECK(is_refused(set.rules[set.count - 1], 2, "not valid UTF-8"));
    CHECK_INT(set.rules[set.count - 1]->reason_column, 12);
    load_end();
}

TEST(line_ends_of_any_kind_separate_documents)
{
    load_begin();
    load("title: one\rlogsource: {category: c}\rdetection: {s: {a: 1}, condition: s}\r---\r"
         "title: two\rlogsource: {category: c}\rdetection: {s: {a: 1}, condition: s}\r");
    load("\xef\xbb\xbftitle: three\r\nlogsource: {category: c}\r\n"
         "detection: {s: {a: 1}, condition: s}\r\n---\r\ntitle: four\r\n"
         "logsource: {category: c}\r\ndetection: {s: {a: 1}, condition: s}\r\n");
    CHECK_INT(set.count, 4);
    CHECK_INT(set.duplicates, 0);
    CHECK_INT(set.rules[1]->line, 5);
    CHECK_INT(set.rules[3]->line, 5);
    load_end();
}

TEST(a_file_that_is_too_large_is_refused)
{
    load_begin();
    char *text = malloc(RULE_FILE_BYTES_MAX + 1);
    if (!text)
        abort();
    memset(text, '#', RULE_FILE_BYTES_MAX + 1);
    rule_set_add(&set, STR("large.yml"), (struct str){text, RULE_FILE_BYTES_MAX + 1}, NULL);
    free(text);
    CHECK_INT(set.count, 1);
    CHECK(is_refused(set.rules[0], 1, "too large"));
    CHECK_STR(set.rules[0]->path, "large.yml");
    load_end();
}

TEST(each_document_has_its_line)
{
    load_begin();
    load("title: one\n" BODY "---\n# words\ntitle: two\n" BODY "---\nno: sigma\n");
    CHECK_INT(set.count, 2);
    CHECK_INT(set.not_sigma, 1);
    CHECK_INT(set.rules[0]->line, 1);
    CHECK_INT(set.rules[1]->line, 6);
    CHECK_STR(set.rules[1]->title, "two");
    load_end();
}

TEST(identical_texts_are_loaded_once)
{
    load_begin();
    load("title: t\n" BODY);
    load("title: t\n" BODY);
    load("---\ntitle: t\n" BODY "\n...\n");
    load("no: sigma\n---\ntitle: t\n" BODY "---\ntitle: other\n" BODY);
    CHECK_INT(set.count, 2);
    CHECK_INT(set.duplicates, 3);
    load_end();
}

TEST(a_different_text_is_another_rule)
{
    load_begin();
    load("title: t\n" BODY);
    load("title: t\n" BODY "# words\n");
    CHECK_INT(set.count, 2);
    CHECK_INT(set.duplicates, 0);
    CHECK(set.rules[0]->key != set.rules[1]->key);
    load_end();
}

TEST(equal_ids_of_different_texts_both_run_with_a_warning)
{
    load_begin();
    load("title: t\nid: 01234567-89ab-cdef-0123-456789abcdef\n" BODY);
    const struct sigma_rule *rule =
        load("title: u\nid: 01234567-89ab-cdef-0123-456789abcdef\n" BODY);
    CHECK_INT(set.count, 2);
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK(has_note(rule, NOTE_WARNING, "01234567-89ab-cdef-0123-456789abcdef"));
    CHECK(has_note(rule, NOTE_WARNING, "folder/rule.yml"));
    CHECK_INT(set.rules[0]->note_count, 0);
    load_end();
}

TEST(a_document_is_one_thing)
{
    load_begin();
    CHECK(is_refused(load("title: t\ncorrelation: {type: event_count}\n" BODY), 4,
                     "no detection of its own"));
    CHECK(is_refused(load("title: u\nfilter: {rules: [x]}\n" BODY), 1, "at once"));
    CHECK_INT(set.filter_count, 0);
    load_end();
}

TEST(a_correlation_has_no_log_source)
{
    load_begin();
    const struct sigma_rule *rule =
        load("title: t\nname: n\nlevel: low\ncorrelation: {type: event_count, rules: [x], "
             "timespan: 1m, condition: {gte: 2}}\n");
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_STR(rule->name, "n");
    CHECK_INT(rule->level, LEVEL_LOW);
    CHECK(rule->correlation && !rule->detection);
    load_end();
}

TEST(global_is_merged_into_the_rules_that_follow)
{
    load_begin();
    load("action: global\ntitle: t\nlogsource: {category: c, product: p}\n"
         "detection: {s: {a: 1}, condition: s}\n"
         "---\nlogsource: {category: x, service: s}\n"
         "---\nlevel: high\ndetection: {t: {b: 2}}\n");
    CHECK_INT(set.count, 2);
    CHECK_STR(set.rules[0]->title, "t");
    CHECK_STR(set.rules[0]->source.category, "c"); /* global wins */
    CHECK_STR(set.rules[0]->source.service, "s");
    CHECK_STR(set.rules[0]->source.product, "p");
    CHECK_INT(set.rules[1]->level, LEVEL_HIGH);
    CHECK_STR(shown(set.rules[1]), "a=1");
    CHECK_STR(set.rules[1]->source.service, "");
    load_end();
}

TEST(reset_ends_global)
{
    load_begin();
    load("action: global\ntitle: g\n---\n" BODY "---\naction: reset\n---\ndescription: x\n" BODY);
    CHECK_INT(set.count, 2);
    CHECK_STR(set.rules[0]->title, "g");
    CHECK(is_refused(set.rules[1], set.rules[1]->line, "no title"));
    load_end();
}

TEST(a_second_global_replaces_the_first)
{
    load_begin();
    load("action: global\ntitle: one\nauthor: a\n---\naction: global\ntitle: two\n---\n" BODY);
    CHECK_INT(set.count, 1);
    CHECK_STR(set.rules[0]->title, "two");
    CHECK_STR(set.rules[0]->author, "");
    load_end();
}

TEST(global_ends_with_its_file)
{
    load_begin();
    load("action: global\ntitle: g\nlogsource: {category: c}\n");
    CHECK_INT(set.count, 0);
    CHECK_INT(set.not_sigma, 0);
    CHECK(is_refused(load(BODY), 1, "no title"));
    load_end();
}

TEST(repeat_is_the_document_before_with_changes)
{
    load_begin();
    load("title: one\n" BODY "---\naction: repeat\ntitle: two\ndetection: {s: {a: 2}}\n"
         "---\naction: repeat\nlevel: low\n");
    CHECK_INT(set.count, 3);
    CHECK_STR(set.rules[1]->title, "two");
    CHECK_STR(shown(set.rules[1]), "a=2");
    CHECK_STR(set.rules[2]->title, "two");
    CHECK_INT(set.rules[2]->level, LEVEL_LOW);
    CHECK_STR(shown(set.rules[2]), "a=2");
    load_end();
}

TEST(repeat_needs_a_document_before_it)
{
    load_begin();
    CHECK(is_refused(load("action: repeat\ntitle: t\n"), 1, "no document before it"));
    load_end();
}

TEST(a_long_chain_of_repeats_takes_little_memory)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    buf_printf(&text, "title: one\n" BODY);
    for (unsigned i = 0; i < 2000; i++)
        buf_printf(&text, "---\naction: repeat\nauthor: a%u\n", i);
    rule_set_add(&set, STR("chain.yml"), buf_str(&text), NULL);
    CHECK_INT(set.count, 2001);
    CHECK_INT(set.duplicates, 0);
    CHECK_STR(set.rules[2000]->author, "a1999");
    if (arena_used(made) > 64u << 20)
        TESTKIT_FAIL("%zu bytes of rules took %zu bytes", text.len, arena_used(made));
    buf_free(&text);
    load_end();
}

TEST(the_same_change_of_different_rules_is_no_duplicate)
{
    load_begin();
    load("title: one\n" BODY "---\naction: repeat\nlevel: low\n");
    load("title: two\n" BODY "---\naction: repeat\nlevel: low\n");
    CHECK_INT(set.count, 4);
    CHECK_INT(set.duplicates, 0);
    load("title: two\n" BODY "---\naction: repeat\nlevel: low\n");
    CHECK_INT(set.count, 4);
    CHECK_INT(set.duplicates, 2);
    load_end();
}

TEST(many_documents_are_read_in_one_pass)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < 50000; i++)
        buf_printf(&text, "---\na\n");
    rule_set_add(&set, STR("many.yml"), buf_str(&text), NULL);
    CHECK_INT(set.not_sigma, 50000);
    buf_free(&text);
    load_end();
}

TEST(notes_end_at_a_limit_and_say_so)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 16);
    buf_printf(&text, "title: t\nlogsource: {category: c}\ndetection:\n  condition: s\n  s:\n"
                      "    a:\n");
    for (unsigned i = 0; i < 500; i++)
        buf_printf(&text, "      - 0%u\n", i);
    buf_add_char(&text, '\0');
    const struct sigma_rule *rule = load(text.at);
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_INT(rule->note_count, RULE_NOTES_MAX + 1);
    CHECK(str_contains(rule->notes[RULE_NOTES_MAX].text, STR("left out")));
    buf_free(&text);
    load_end();
}

TEST(messages_are_cut_between_characters)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 16);
    buf_add_char(&text, 'x');
    for (unsigned i = 0; i < 500; i++)
        buf_printf(&text, "\xc3\xa9");
    struct str shown_text = sigma_shown(buf_str(&text));
    CHECK_INT(shown_text.len, 199);
    buf_reset(&text);
    buf_printf(&text, "title: t\nlogsource: {category: c}\nlevel: x");
    for (unsigned i = 0; i < 500; i++)
        buf_printf(&text, "\xc3\xa9");
    buf_printf(&text, "\ndetection: {s: {a: 1}, condition: s}\n");
    buf_add_char(&text, '\0');
    CHECK(has_note(load(text.at), NOTE_LINT, "\xc3\xa9' counts as medium"));
    buf_free(&text);
    load_end();
}

TEST(an_unknown_action_is_refused_with_its_place)
{
    load_begin();
    const struct sigma_rule *rule = load("title: t\naction: remove\n" BODY);
    CHECK(is_refused(rule, 2, "unknown action 'remove'"));
    CHECK_INT(rule->reason_column, 9);
    CHECK_INT(load("title: t\naction: [global]\n" BODY)->state, RULE_REFUSED);
    load_end();
}

TEST(refused_rules_keep_their_head)
{
    load_begin();
    const struct sigma_rule *rule = load("title: t\nid: my-id\nlevel: high\n"
                                         "logsource: {category: c}\n"
                                         "detection: {s: {a|nonsense: 1}, condition: s}\n");
    CHECK_INT(rule->state, RULE_REFUSED);
    CHECK_STR(rule->title, "t");
    CHECK_STR(rule->id, "my-id");
    CHECK_INT(rule->level, LEVEL_HIGH);
    load_end();
}

TEST(many_rules_keep_their_order)
{
    load_begin();
    for (unsigned i = 0; i < 600; i++) {
        char text[256];
        snprintf(text, sizeof(text), "title: t%u\n" BODY, i);
        load(text);
    }
    CHECK_INT(set.count, 600);
    CHECK_STR(set.rules[0]->title, "t0");
    CHECK_STR(set.rules[599]->title, "t599");
    load_end();
}

TEST(aliases_work_within_a_rule)
{
    load_begin();
    CHECK_STR(shown(load("title: t\nlogsource: {category: c}\n"
                         "detection:\n  s: &x {a: [1, 2]}\n  t: *x\n  condition: s and t\n")),
              "((a=1 | a=2) & (a=1 | a=2))");
    load_end();
}

/* A few hundred bytes must not ask for hundreds of megabytes (here: 245,760 values). */
TEST(an_alias_bomb_takes_little_memory)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    buf_printf(&text, "title: t\nlogsource: {category: c}\ndetection:\n  s:\n");
    buf_printf(&text, "    a: &a [1,1,1,1,1,1,1,1,1,1]\n    b: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n");
    buf_printf(&text, "    c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n    d: &d [*c,*c,*c,*c,*c,*c]\n");
    buf_printf(&text, "    e: &e [*d,*d,*d,*d,*d,*d,*d,*d]\n    f: [*e,*e,*e,*e,*e,*e,*e,*e]\n");
    buf_printf(&text, "  condition: s\n");
    rule_set_add(&set, STR("bomb.yml"), buf_str(&text), NULL);
    size_t taken = arena_used(made);
    if (taken > 32u << 20)
        TESTKIT_FAIL("%zu bytes of rule took %zu bytes", text.len, taken);
    buf_free(&text);
    load_end();
}
