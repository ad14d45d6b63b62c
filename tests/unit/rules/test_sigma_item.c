/* test_sigma_item.c - `field|modifiers: values` as predicates. */
#include "rule_maker.h"

#include "core/limits.h"

static const struct sigma_rule *last;

/* The item as an expression; it stands on line 5. */
static struct str item(const char *text)
{
    char detection[4096];

    snprintf(detection, sizeof(detection), "s:\n  %s\ncondition: s\n", text);
    last = load_detection(detection, NULL);
    return shown(last);
}

static bool refuses(const char *text, const char *part)
{
    item(text);
    return is_refused(last, 5, part);
}

TEST(values_are_folded_and_compared_whole)
{
    load_begin();
    CHECK_STR(item("Image: C:\\A*.exe"), "Image=c:\\a*.exe");
    CHECK_STR(item("EventID: 4624"), "EventID=4624");
    CHECK_STR(item("a: ''"), "a=");
    CHECK_STR(item("a: true"), "a=true");
    CHECK_STR(item("a: '*'"), "a=*");
    CHECK_STR(item("a: 1.50"), "a=1.50");
    load_end();
}

TEST(a_list_is_or_and_all_makes_it_and)
{
    load_begin();
    CHECK_STR(item("a: [x, Y, 1]"), "(a=x | a=y | a=1)");
    CHECK_STR(item("a|contains|all: [x, y]"), "(a=*x* & a=*y*)");
    CHECK_STR(item("a|all|contains: [x, y]"), "(a=*x* & a=*y*)");
    CHECK_STR(item("a: [x]"), "a=x");
    CHECK_STR(item("a: [x, [y, [z]]]"), "(a=x | a=y | a=z)");
    load_end();
}

TEST(all_on_a_single_value_gets_a_note)
{
    load_begin();
    CHECK_STR(item("a|all: x"), "a=x");
    CHECK(has_note(last, NOTE_LINT, "'all' on a single value"));
    CHECK_STR(item("a|all: [y]"), "a=y");
    CHECK(has_note(last, NOTE_LINT, "'all' on a single value"));
    load_end();
}

TEST(affixes_put_wildcards_around)
{
    load_begin();
    CHECK_STR(item("a|contains: x"), "a=*x*");
    CHECK_STR(item("a|startswith: x"), "a=x*");
    CHECK_STR(item("a|endswith: x"), "a=*x");
    CHECK_STR(item("a|endswith: x*y"), "a=*x*y");
    CHECK_STR(item("a|endswith: '*x'"), "a=*x");
    CHECK_STR(item("a|contains: ''"), "a=*");
    CHECK_STR(item("a|startswith|endswith: x"), "a=*x*");
    CHECK_STR(item("a|contains: 5"), "a=*5*"); /* S12 */
    load_end();
}

TEST(cased_keeps_letters)
{
    load_begin();
    CHECK_STR(item("a|cased: xY"), "a==xY");
    CHECK_STR(item("a|contains|cased: xY"), "a==*xY*");
    CHECK_STR(item("a|cased|endswith: [X, y]"), "(a==*X | a==*y)");
    load_end();
}

TEST(neq_negates_the_whole_item)
{
    load_begin();
    CHECK_STR(item("a|neq: [x, y]"), "!(a=x | a=y)");
    CHECK_STR(item("a|contains|neq: x"), "!a=*x*");
    CHECK_STR(item("a|neq|contains|all: [x, y]"), "!(a=*x* & a=*y*)");
    CHECK_STR(item("a|re|neq: x+"), "!a~/x+/");
    CHECK_STR(item("a|gt|neq: 5"), "!a>5");
    CHECK_STR(item("a|exists|neq: true"), "!a?yes");
    CHECK_STR(item("a|neq: null"), "!a?null");
    load_end();
}

TEST(expressions_are_raw_text_with_flags)
{
    load_begin();
    CHECK_STR(item("a|re: '^A\\*\\\\.b$'"), "a~/^A\\*\\\\.b$/");
    CHECK_STR(item("a|re|i|m|s: x"), "a~/x/ims");
    CHECK_STR(item("a|re|i: [x, y]"), "(a~/x/i | a~/y/i)");
    CHECK_STR(item("a|re: 5"), "a~/5/");
    load_end();
}

TEST(null_means_missing_or_null)
{
    load_begin();
    CHECK_STR(item("a: null"), "a?null");
    CHECK_STR(item("a: ~"), "a?null");
    CHECK_STR(item("a:"), "a?null");
    CHECK_STR(item("a: 'null'"), "a=null");
    CHECK_STR(item("a: [x, null]"), "(a=x | a?null)");
    CHECK(has_note(last, NOTE_LINT, "null in a list"));
    CHECK(refuses("a|contains: null", "null cannot stand under 'a|contains'"));
    CHECK(refuses("a|re: null", "null cannot stand"));
    CHECK(refuses("a|gt: null", "null cannot stand"));
    load_end();
}

TEST(exists_takes_a_real_boolean)
{
    load_begin();
    CHECK_STR(item("a|exists: true"), "a?yes");
    CHECK_STR(item("a|exists: False"), "a?no");
    CHECK(refuses("a|exists: 'true'", "takes true or false without quotes"));
    CHECK(refuses("a|exists: yes", "takes true or false"));
    CHECK(refuses("a|exists: 1", "takes true or false"));
    CHECK(refuses("a|exists: null", "takes true or false"));
    load_end();
}

TEST(comparisons_take_numbers)
{
    load_begin();
    CHECK_STR(item("a|lt: -1.5"), "a<-1.5");
    CHECK_STR(item("a|lte: 3"), "a<=3");
    CHECK_STR(item("a|gt: '10'"), "a>10");
    CHECK_STR(item("a|gte: 1e3"), "a>=1000");
    CHECK_STR(item("a|gte: [1, 2]"), "(a>=1 | a>=2)");
    CHECK(refuses("a|gt: x", "needs a number, not 'x'"));
    CHECK(refuses("a|gt: 0x10", "needs a number"));
    CHECK(refuses("a|gt: ''", "needs a number"));
    CHECK(refuses("a|gt: true", "needs a number"));
    load_end();
}

TEST(parts_of_a_time_chain_with_comparisons)
{
    load_begin();
    CHECK_STR(item("t|hour: 5"), "t.hour=5");
    CHECK_STR(item("t|hour|gte: 22"), "t.hour>=22");
    CHECK_STR(item("t|month: [1, 12]"), "(t.month=1 | t.month=12)");
    CHECK_STR(item("t|year|lt|neq: 2000"), "!t.year<2000");
    CHECK(refuses("t|day: monday", "needs a number"));
    load_end();
}

TEST(nets_are_parsed_and_host_bits_noted)
{
    load_begin();
    CHECK_STR(item("a|cidr: 10.0.0.0/8"), "a@104");
    CHECK_INT(last->note_count, 0);
    CHECK_STR(item("a|cidr: ['2001:db8::/32', 192.0.2.7]"), "(a@32 | a@128)");
    CHECK_STR(item("a|cidr: 10.1.2.3/8"), "a@104");
    CHECK(has_note(last, NOTE_LINT, "behind its mask"));
    CHECK(refuses("a|cidr: 10.0.0.0/33", "is no address range"));
    CHECK(refuses("a|cidr: localhost", "is no address range"));
    CHECK(refuses("a|cidr: 10.*", "is no address range"));
    CHECK(refuses("a|cidr: ''", "is no address range"));
    load_end();
}

TEST(references_to_other_fields)
{
    load_begin();
    CHECK_STR(item("a|fieldref: b"), "a=&b");
    CHECK_STR(item("a|fieldref|startswith: b"), "a^&b");
    CHECK_STR(item("a|endswith|fieldref: B"), "a$&B");
    CHECK_STR(item("a|fieldref|contains|cased: b"), "a=*&b");
    CHECK_STR(item("a|fieldref|neq: [b, c]"), "!(a=&b | a=&c)");
    CHECK(refuses("a|fieldref: ''", "needs a field's name"));
    CHECK(refuses("a|fieldref: null", "null cannot stand"));
    load_end();
}

TEST(base64_encodes_and_folds)
{
    load_begin();
    CHECK_STR(item("a|base64|cased: foobar"), "a==Zm9vYmFy");
    CHECK_STR(item("a|base64: foobar"), "a=zm9vymfy");
    CHECK_STR(item("a|base64|contains|cased: fo"), "a==*Zm8=*");
    CHECK_STR(item("a|base64|cased: 'a\\*'"), "a==YSo=");
    CHECK_STR(item("a|wide|base64|cased: ab"), "a==YQBiAA==");
    CHECK_STR(item("a|utf16|base64|cased: a"), "a==//5hAA==");
    CHECK(refuses("a|base64: 'a*'", "wildcards in 'a*' cannot be encoded"));
    load_end();
}

TEST(base64offset_has_three_forms_at_most)
{
    load_begin();
    CHECK_STR(item("a|base64offset|contains|cased: foobar"),
              "(a==*Zm9vYmFy* | a==*Zvb2Jhc* | a==*mb29iYX*)");
    CHECK_STR(item("a|base64offset|contains|cased: a"), "(a==*Y* | a==*h*)");
    CHECK_STR(item("a|base64offset|contains|all|cased: [foobar, foobaz]"),
              "((a==*Zm9vYmFy* | a==*Zvb2Jhc* | a==*mb29iYX*) & "
              "(a==*Zm9vYmF6* | a==*Zvb2Jhe* | a==*mb29iYX*))");
    CHECK(refuses("a|base64offset|contains: ''", "too short"));
    CHECK(refuses("a|base64offset: '?'", "wildcards"));
    load_end();
}

TEST(windash_folds_dashes)
{
    load_begin();
    CHECK_STR(item("a|contains|windash: ' -Enc '"), "a=* ~enc *");
    CHECK_STR(item("a|windash|contains: /c"), "a=*~c*");
    CHECK_STR(item("a|windash|startswith|cased: -A-b"), "a==~A-b*");
    load_end();
}

TEST(keywords_are_searched_anywhere)
{
    load_begin();
    CHECK_STR(item("'|contains': Word"), "=*word*");
    CHECK_STR(item("'|all': [A, b*c, 5]"), "(=*a* & =*b*c* & =*5*)");
    CHECK_STR(item("'|startswith': x"), "=x*");
    CHECK_STR(item("'|cased': X"), "==*X*");
    CHECK_STR(item("'|re': x.y"), "~/x.y/");
    CHECK(refuses("'|all': [null, a]", "null cannot stand under"));
    load_end();
}

TEST(maps_and_empty_lists_are_no_values)
{
    load_begin();
    CHECK(refuses("a: {b: c}", "holds a map"));
    CHECK(refuses("a: [x, {b: c}]", "holds a map"));
    CHECK(refuses("a: []", "has an empty list"));
    CHECK(refuses("a: [x, []]", "has an empty list"));
    load_end();
}

TEST(values_that_yaml_versions_read_differently_get_a_note)
{
    static const char *const odd[] = {"010", "0x10", "0o7", "1_000",
                                      "yes", "No",   "on",  "2026-11-22"};
    static const char *const plain[] = {"10", "0", "0.5", "'010'", "\"yes\"", "yes please", "true"};

    load_begin();
    for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
        char text[64];
        snprintf(text, sizeof(text), "a: %s", odd[i]);
        item(text);
        CHECK_INT(last->state, RULE_LOADED);
        if (!has_note(last, NOTE_LINT, "YAML versions disagree"))
            TESTKIT_FAIL("no note on %s", odd[i]);
    }
    for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
        char text[64];
        snprintf(text, sizeof(text), "b: %s", plain[i]);
        item(text);
        CHECK_INT(last->note_count, 0);
    }
    load_end();
}

TEST(a_predicate_remembers_its_line_and_text)
{
    load_begin();
    item("Image|endswith:\n      - \\A.exe\n      - \\B.exe");
    CHECK_INT(last->state, RULE_LOADED);
    CHECK_INT(last->detection->children[1]->test->line, 7);
    CHECK_STR(last->detection->children[1]->test->written, "\\B.exe");
    load_end();
}

TEST(a_rule_may_have_so_many_regular_expressions)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    for (unsigned more = 0; more < 2; more++) {
        buf_reset(&text);
        buf_printf(&text, "s:\n  a|re:\n");
        for (unsigned i = 0; i < RULE_EXPRESSIONS_MAX + more; i++)
            buf_printf(&text, "    - x%u\n", i);
        buf_printf(&text, "condition: s\n");
        buf_add_char(&text, '\0');
        last = load_detection(text.at, NULL);
        CHECK_INT(last->state, more ? RULE_REFUSED : RULE_LOADED);
    }
    CHECK(is_refused(last, 6 + RULE_EXPRESSIONS_MAX, "more than 1000 regular expressions"));
    buf_free(&text);
    load_end();
}

TEST(a_value_may_have_so_many_bytes)
{
    struct buf text;

    load_begin();
    buf_init(&text, 1 << 20);
    for (unsigned more = 0; more < 2; more++) {
        buf_reset(&text);
        buf_printf(&text, "s:\n  a: '");
        for (unsigned i = 0; i < RULE_VALUE_BYTES_MAX + more; i++)
            buf_add_char(&text, 'x');
        buf_printf(&text, "'\ncondition: s\n");
        buf_add_char(&text, '\0');
        last = load_detection(text.at, NULL);
        CHECK_INT(last->state, more ? RULE_REFUSED : RULE_LOADED);
    }
    CHECK(is_refused(last, 5, "more than 65536 bytes"));
    buf_free(&text);
    load_end();
}
