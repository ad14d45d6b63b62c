/* test_reasons_text.c - rules/reasons_text: the sentence, and the page. */
#include "reasons_maker.h"

static const char *says(const char *detection, const char *field, const char *text)
{
    static char kept[4096];

    judge_rule("{category: test}", detection);
    if (field)
        with(field, text);
    snprintf(kept, sizeof(kept), "%.*s", STR_ARG(sentence()));
    judge_end();
    return kept;
}

#define CHECK_SAYS(detection, field, text, expected)                                               \
    do {                                                                                           \
        const char *says_ = says(detection, field, text);                                          \
        if (strcmp(says_, expected) != 0)                                                          \
            TESTKIT_FAIL("it says: %s", says_);                                                    \
    } while (0)

TEST(why_a_test_is_false)
{
    CHECK_SAYS(
        "{s: {a|endswith: x}, condition: s}", "a", "yz",
        "It does not fire: s is false, because a is 'yz' and the rule asks that it ends with "
        "'x'.");
    CHECK_SAYS("{s: {a|endswith: x}, condition: s}", NULL, NULL,
               "It does not fire: s is false, because the event has no field a, of which the "
               "rule asks that it ends with 'x'.");
    CHECK_SAYS("{s: {a|exists: false}, condition: s}", "a", "yz",
               "It does not fire: s is false, because a is 'yz' and the rule asks that it is "
               "missing.");
    CHECK_SAYS("{s: [word], condition: s}", "a", "yz",
               "It does not fire: s is false, because no value of the event contains 'word'.");
}

TEST(why_lists_are_false)
{
    CHECK_SAYS("{s: {a|contains: [x, y, z, w]}, condition: s}", "a", "b",
               "It does not fire: s is false, because a is 'b' and the rule asks that it contains "
               "'x', or contains 'y', or one of 2 others.");
    CHECK_SAYS("{s: {a|contains|all: [b, y, z]}, condition: s}", "a", "b",
               "It does not fire: s is false, because a is 'b' and the rule asks that it contains "
               "'y' and contains 'z'.");
    CHECK_SAYS("{s: {a: x, c: y}, condition: s}", "a", "x",
               "It does not fire: s is false, because the event has no field c, of which the "
               "rule asks that it is 'y'.");
    CHECK_SAYS(
        "{s: [{a: x}, {c: y}], condition: s}", "a", "b",
        "It does not fire: s is false, because none of 2 alternatives is true: a is 'b' and "
        "the rule asks that it is 'x'; the event has no field c, of which the rule asks that "
        "it is 'y'.");
}

TEST(why_conditions_are_false)
{
    CHECK_SAYS("{s1: {a: x}, s2: {a: y}, s3: {a: b}, condition: all of s*}", "a", "b",
               "It does not fire: s1 is false, because a is 'b' and the rule asks that it is 'x'; "
               "besides, s2 is false, too.");
    CHECK_SAYS("{s1: {a: x}, s2: {a: y}, condition: 1 of s*}", "a", "b",
               "It does not fire: none of s1, s2 is true: s1 is false, because a is 'b' and the "
               "rule asks that it is 'x'; s2 is false, because a is 'b' and the rule asks that it "
               "is 'y'.");
    CHECK_SAYS("{s: {a: b}, f: {a|startswith: b}, condition: s and not 1 of f*}", "a", "b",
               "It does not fire: the rule excludes what is here: f is true, because a is 'b', "
               "which begins with 'b'.");
    CHECK_SAYS("{s: {a|neq: b}, condition: s}", "a", "b",
               "It does not fire: s is false, because a is 'b', which must not be.");
}

TEST(why_it_fires)
{
    CHECK_SAYS("{s: {a: [x, b]}, condition: s}", "a", "b",
               "It fires: s is true, because a is 'b'.");
    CHECK_SAYS("{s: {a|contains|all: [b, c]}, condition: s}", "a", "bcd",
               "It fires: s is true, because a is 'bcd', which contains 'b' and contains 'c'.");
    CHECK_SAYS("{s: {a: null}, condition: s}", NULL, NULL,
               "It fires: s is true, because the event has no field a.");
    CHECK_SAYS(
        "{s: [word], f: {b: 1}, condition: s and not f}", "a", "a word",
        "It fires: s is true, because some value of the event is 'a word', which contains "
        "'word', and f is false, because the event has no field b, of which the rule asks that "
        "it is '1'.");
}

TEST(rules_that_cannot_fire)
{
    CHECK_SAYS("{s: {a: b}, condition: t}", "a", "b",
               "It cannot fire: the rule is refused: condition 't' names 't', but no search "
               "identifier is called so.");
    CHECK_SAYS("{s: {a|expand: '%x%'}, condition: s}", "a", "b",
               "It cannot fire: placeholder list 'x' is missing; give one with --placeholders "
               "FILE.");
    judge_rule("{category: nothing, product: p}", "{s: {a: b}, condition: s}");
    CHECK_STR(sentence(), "It cannot fire: nothing maps the log source nothing, p.");
    judge_end();
}

TEST(another_log_source)
{
    judge_rule("{category: process_creation, product: windows}",
               "{s: {Image: a.exe}, condition: s}");
    with("EventID", "4624");
    with("Channel", "Security");
    with("Image", "b.exe");
    CHECK_STR(
        sentence(),
        "It does not fire: the event is of another log source than the rule's "
        "(process_creation, windows), which needs EventID is 1, Channel is there; or EventID "
        "is 4688, Channel is Security. Its condition would be false, too: s is false, because "
        "Image is 'b.exe' and the rule asks that it is 'a.exe'.");
    judge_end();
}

TEST(the_page)
{
    static const struct reasons_place place = {STR_INIT("a.evtx"), false, 7};

    judge_rule(
        "{category: process_creation, product: windows}",
        "{s: {Image|endswith: ['\\a.exe', '\\b.exe']}, f_1: {x: 1}, condition: s and not 1 of "
        "f_*}");
    with("EventID", "4688");
    with("Channel", "Security");
    with("NewProcessName", "C:\\c.exe\nyes");
    judged();
    buf_reset(&said);
    reasons_page(told, event, &place, &said);
    CHECK_STR(buf_str(&said),
              "Rule       T\n"
              "           r-1, high, r.yml:1\n"
              "Event      a.evtx, record 7\n"
              "           Channel Security, EventID 4688\n"
              "\n"
              "It does not fire: s is false, because Image (here NewProcessName) is "
              "'C:\\c.exe\\x0ayes' and the rule asks that it ends with '\\a.exe', or ends with "
              "'\\b.exe'.\n"
              "\n"
              "Log source process_creation, windows, recorded by\n"
              "  no  EventID is 1, Channel is there\n"
              "  yes EventID is 4688, Channel is Security (this one)\n"
              "\n"
              "Condition  s and not 1 of f_*\n"
              "  no  both of these\n"
              "  no    s: Image|endswith, one of these two\n"
              "          in the event: NewProcessName 'C:\\c.exe\\x0ayes'\n"
              "  no      ends with '\\a.exe'\n"
              "  no      ends with '\\b.exe'\n"
              "  yes   not\n"
              "  no      f_1\n");
    judge_end();
}

TEST(of_long_lists_what_decides_comes_first)
{
    struct buf detection;

    buf_init(&detection, 1u << 16);
    buf_add(&detection, STR("{s: {a: ["));
    for (int i = 0; i < 40; i++)
        buf_printf(&detection, "v%d, ", i);
    buf_add(&detection, STR("b]}, condition: s}"));
    buf_add_char(&detection, '\0');
    judge_rule("{category: test}", detection.at);
    with("a", "b");
    judged();
    buf_reset(&said);
    reasons_page(told, event, &(struct reasons_place){STR("-"), true, 1}, &said);
    CHECK(str_contains(buf_str(&said), STR("one of these 41\n")));
    CHECK(str_contains(buf_str(&said), STR("'b'\n  yes   is 'b'\n  no    is 'v0'\n")));
    CHECK(str_contains(buf_str(&said), STR("... and 29 more: 0 true, 29 false\n")));
    buf_free(&detection);
    judge_end();
}

TEST(filters_are_parts_under_their_titles)
{
    filter_text = "title: Admins\nlogsource: {category: test}\nfilter: {rules: any, "
                  "who: {user: root}, condition: not who}\n";
    judge_rule("{category: test}", "{s: {a: b}, condition: s}");
    with("a", "b");
    with("user", "root");
    CHECK_STR(sentence(), "It does not fire: the filter 'Admins' keeps it out: the rule excludes "
                          "what is here: who is true, because user is 'root'.");
    buf_reset(&said);
    reasons_page(told, event, &(struct reasons_place){STR("-"), true, 1}, &said);
    CHECK(str_ends_with(buf_str(&said), STR("  no  both of these\n"
                                            "  yes   s: a is 'b'\n"
                                            "          in the event: 'b'\n"
                                            "  no    filter 'Admins': not\n"
                                            "  yes     who: user is 'root'\n"
                                            "            in the event: 'root'\n")));
    judge_end();
    judge_rule("{category: test}", "{s: {a: b}, condition: s}");
    with("a", "b");
    CHECK_STR(sentence(), "It fires: s is true, because a is 'b', and the filter 'Admins' lets it "
                          "pass: who is false, because the event has no field user, of which the "
                          "rule asks that it is 'root'.");
    judge_end();
    filter_text = NULL;
}
