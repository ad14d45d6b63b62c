/* test_sigma_head.c - all of a rule but its detection: what is needed, what is only noted. */
#include "rule_maker.h"

/* A rule with the usual head and these lines (from line 4 on). */
static const struct sigma_rule *with_lines(const char *lines)
{
    char text[4096];

    snprintf(text, sizeof(text),
             "title: t\nlogsource: {category: c}\ndetection: {s: {a: 1}, condition: s}\n%s", lines);
    return load(text);
}

TEST(a_whole_head_is_read)
{
    load_begin();
    const struct sigma_rule *rule =
        load("title: A title\nid: 01234567-89ab-cdef-0123-456789ABCDEF\nstatus: test\n"
             "description: |\n  Some\n  lines\nauthor: Somebody\ndate: 2026-11-22\n"
             "modified: 2026-11-23\nlevel: critical\n"
             "tags: [attack.execution, attack.t1059.001, cve.2021-44228]\n"
             "references: [one, two]\nfalsepositives:\n  - none\n"
             "logsource: {product: windows, category: process_creation, service: x}\n"
             "detection: {s: {a: 1}, condition: s}\n");
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_STR(rule->path, "folder/rule.yml");
    CHECK_INT(rule->line, 1);
    CHECK_STR(rule->title, "A title");
    CHECK_STR(rule->id, "01234567-89ab-cdef-0123-456789ABCDEF");
    CHECK_STR(rule->status, "test");
    CHECK_STR(rule->description, "Some\nlines\n");
    CHECK_STR(rule->author, "Somebody");
    CHECK_INT(rule->level, LEVEL_CRITICAL);
    CHECK_INT(rule->tag_count, 3);
    CHECK_STR(rule->tags[2], "cve.2021-44228");
    CHECK_INT(rule->technique_count, 1);
    CHECK_STR(rule->techniques[0], "T1059.001");
    CHECK_INT(rule->reference_count, 2);
    CHECK_INT(rule->false_positive_count, 1);
    CHECK_STR(rule->source.product, "windows");
    CHECK_STR(rule->source.category, "process_creation");
    CHECK_STR(rule->source.service, "x");
    CHECK_INT(rule->note_count, 0);
    load_end();
}

TEST(little_is_needed)
{
    load_begin();
    const struct sigma_rule *rule = with_lines("");
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_INT(rule->level, LEVEL_MEDIUM);
    CHECK_STR(rule->author, "");
    CHECK_STR(rule->source.product, "");
    CHECK_INT(rule->tag_count, 0);
    CHECK_INT(rule->note_count, 0);
    load_end();
}

TEST(without_an_id_it_is_named_by_its_text)
{
    load_begin();
    const struct sigma_rule *rule = with_lines("");
    char id[32];
    snprintf(id, sizeof(id), "x-%016llx", (unsigned long long)rule->key);
    CHECK(str_eq(rule->id, str_from(id)));
    const struct sigma_rule *other = with_lines("author: x\n");
    CHECK(!str_eq(rule->id, other->id));
    CHECK(str_starts_with(with_lines("id:\n")->id, STR("x-")));
    load_end();
}

TEST(a_rule_without_title_is_refused)
{
    load_begin();
    CHECK(is_refused(load("logsource: {category: c}\ndetection: {s: {a: 1}, condition: s}\n"), 1,
                     "no title"));
    CHECK(is_refused(load("id: x\ntitle: ''\nlogsource: {category: c}\n"), 2, "no title"));
    CHECK(is_refused(load("id: x\ntitle:\nlogsource: {category: c}\n"), 2, "no title"));
    CHECK(is_refused(load("title: [x]\nlogsource: {category: c}\n"), 1, "no title"));
    load_end();
}

TEST(a_log_source_must_say_something)
{
    load_begin();
    CHECK(is_refused(load("title: t\ndetection: {s: {a: 1}, condition: s}\n"), 1, "no logsource"));
    CHECK(is_refused(load("title: t\nlogsource: windows\n"), 2, "no logsource"));
    CHECK(is_refused(load("title: t\nlogsource: {definition: x}\n"), 2, "names none of"));
    CHECK(is_refused(load("title: t\nlogsource: {category: ''}\n"), 2, "names none of"));
    CHECK(is_refused(load("title: t\nlogsource: {category: [a]}\n"), 2, "names none of"));
    load_end();
}

TEST(only_the_sigma_taxonomy_is_known)
{
    load_begin();
    CHECK_INT(with_lines("taxonomy: sigma\n")->state, RULE_LOADED);
    CHECK(is_refused(with_lines("taxonomy: ecs\n"), 4, "taxonomy 'ecs' is not known"));
    load_end();
}

TEST(odd_texts_are_noted_not_refused)
{
    static const struct {
        const char *lines, *note;
    } cases[] = {
        {"status: tested\n", "unknown status 'tested'"},
        {"level: severe\n", "unknown level 'severe' counts as medium"},
        {"level: [high]\n", "'level' must be a text"},
        {"date: 2026/11/22\n", "'date' is written YYYY-MM-DD, not '2026/11/22'"},
        {"modified: 22-11-2026\n", "'modified' is written"},
        {"id: some-name\n", "id 'some-name' is no UUID"},
        {"id: 0123456789ab-cdef-0123-456789ABCDEF01234\n", "is no UUID"},
        {"description: [a]\n", "'description' must be a text"},
        {"references: {a: b}\n", "'references' must be a list of texts"},
        {"falsepositives: [[a], b]\n", "'falsepositives' must be a list of texts"},
        {"obsoletes: [x]\n", "'obsoletes' is now written"},
        {"related: [{id: x, type: obsoletes}]\n", "is written 'obsolete' since Sigma 2"},
        {"related: [{id: x, type: cousin}]\n", "the relation 'cousin' is none of Sigma's"},
    };

    load_begin();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct sigma_rule *rule = with_lines(cases[i].lines);
        CHECK_INT(rule->state, RULE_LOADED);
        if (!has_note(rule, NOTE_LINT, cases[i].note))
            TESTKIT_FAIL("%s is not noted", cases[i].lines);
        CHECK_INT(rule->notes[0].line, 4);
    }
    load_end();
}

TEST(related_rules_of_the_known_kinds_are_fine)
{
    load_begin();
    const struct sigma_rule *rule =
        with_lines("related:\n  - {id: x, type: derived}\n  - {id: y, type: similar}\n  - z\n");
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_INT(rule->note_count, 0);
    CHECK_INT(with_lines("related: nonsense\n")->state, RULE_LOADED);
    load_end();
}

TEST(the_title_is_counted_in_characters)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 12);
    for (unsigned characters = 256; characters <= 257; characters++) {
        buf_reset(&text);
        buf_printf(&text, "title: ");
        for (unsigned i = 0; i < characters; i++)
            buf_printf(&text, "\xc3\xa9");
        buf_printf(&text, "\nlogsource: {category: c}\ndetection: {s: {a: 1}, condition: s}\n");
        buf_add_char(&text, '\0');
        const struct sigma_rule *rule = load(text.at);
        CHECK_INT(rule->state, RULE_LOADED);
        CHECK_INT(has_note(rule, NOTE_LINT, "more than 256"), characters > 256);
    }
    buf_free(&text);
    load_end();
}

TEST(techniques_come_from_tags)
{
    load_begin();
    const struct sigma_rule *rule = with_lines(
        "tags: [attack.t1003, attack.T1003.001, attack.t1003, attack.t10030,\n"
        "  attack.t1003.01, attack.g0001, attack.initial-access, attack.t, tlp.t1003]\n");
    CHECK_INT(rule->tag_count, 9);
    CHECK_INT(rule->technique_count, 2);
    CHECK_STR(rule->techniques[0], "T1003");
    CHECK_STR(rule->techniques[1], "T1003.001");
    load_end();
}

TEST(tags_have_a_spelling)
{
    load_begin();
    CHECK(has_note(with_lines("tags: [attack]\n"), NOTE_LINT, "namespace.value"));
    CHECK(has_note(with_lines("tags: [Attack.x]\n"), NOTE_LINT, "namespace.value"));
    CHECK(has_note(with_lines("tags: [.x]\n"), NOTE_LINT, "namespace.value"));
    CHECK(has_note(with_lines("tags: [x.]\n"), NOTE_LINT, "namespace.value"));
    CHECK(has_note(with_lines("tags: ['a b.c']\n"), NOTE_LINT, "namespace.value"));
    CHECK(has_note(with_lines("tags: [attack.initial_access]\n"), NOTE_LINT, "since Sigma 2"));
    CHECK_INT(with_lines("tags: [detection.emerging-threats, car.2013-02-003]\n")->note_count, 0);
    CHECK_INT(with_lines("tags: attack.t1003\n")->tag_count, 1);
    load_end();
}

TEST(what_it_does_not_know_is_kept_quiet)
{
    load_begin();
    const struct sigma_rule *rule = with_lines("custom: {a: [1, 2]}\nscope: [server]\nfields: x\n");
    CHECK_INT(rule->state, RULE_LOADED);
    CHECK_INT(rule->note_count, 0);
    load_end();
}
