/* test_pipeline_replace.c - replace_string: what a replacement may say. tests/vectors/P2.yml has
 * what rules mean then. */
#include "pipeline_maker.h"

TEST(groups_and_escapes)
{
    pipelines_begin();
    CHECK_STR(
        through(
            "{type: replace_string, regex: '(?P<k>a)(b)?', replacement: '<\\1\\2\\g<k>\\g<0>>'}",
            "s: {x: 'a-ab'}\ncondition: s\n"),
        "x=<aaa>-<abaab>");
    CHECK_STR(through("{type: replace_string, regex: a, replacement: '\\t\\-\\\\'}",
                      "s: {x: 'a.'}\ncondition: s\n"),
              "x=\t\\-\\.");
    pipelines_end();
}

TEST(wildcards)
{
    pipelines_begin();
    CHECK_STR(through("{type: replace_string, regex: a, replacement: '*'}",
                      "s: {x: 'ba'}\ncondition: s\n"),
              "x=b*");
    CHECK_STR(through("{type: replace_string, regex: '^\\*a', replacement: b}",
                      "s: {x|contains: a}\ncondition: s\n"),
              "x=b*");
    CHECK_STR(through("{type: replace_string, regex: '\\*', replacement: b, skip_special: true}",
                      "s: {x: 'a*\\*c'}\ncondition: s\n"),
              "x=a*bc");
    CHECK_STR(through("{type: replace_string, regex: b, replacement: c}",
                      "s: {x|contains: a}\ncondition: s\n"),
              "x=*a*");
    pipelines_end();
}

TEST(placeholders_stay_whole)
{
    pipelines_begin();
    CHECK(add_pipeline("vars: {aa: v}\ntransformations:\n"
                       "- {type: replace_string, regex: a, replacement: b, skip_special: true}\n"
                       "- {type: value_placeholders}\n"));
    CHECK_STR(changed("s: {x|expand: 'a%aa%a\\%'}\ncondition: s\n"), "x=bvb%");
    pipelines_end();
}

TEST(an_expression_that_gives_up_refuses_the_rule)
{
    pipelines_begin();
    CHECK_STR(through("{type: replace_string, regex: '(a+)+$', replacement: b}", exhausting()),
              "refused 4:11 the pipeline p.yml: the expression in line 2 takes too many steps for "
              "it");
    pipelines_end();
}

#define ITEM(regex, replacement)                                                                   \
    "{type: replace_string, regex: '" regex "', replacement: '" replacement "'}"

TEST(what_is_no_replacement_is_refused)
{
    refuses_item("{type: replace_string, regex: a}", "2:5", "'replacement' must be a text");
    refuses_item("{type: replace_string, replacement: a}", "2:5", "'regex' must be a text");
    refuses_item(ITEM("(", "x"), "2:36", "cannot be compiled");
    refuses_item(ITEM("(a)", "\\2"), "2:56", "no group '2'");
    refuses_item(ITEM("(a)", "\\g<2>"), "2:56", "no group '2'");
    refuses_item(ITEM("(a)", "\\g<n>"), "2:56", "no group 'n'");
    refuses_item(ITEM("(a)", "\\0"), "2:56", "a backslash in the replacement");
    refuses_item(ITEM("(a)", "\\q"), "2:56", "a backslash in the replacement");
    refuses_item(ITEM("(a)", "x\\"), "2:56", "a backslash in the replacement");
    refuses_item("{type: replace_string, regex: a, replacement: b, skip_special: maybe}", "2:68",
                 "true or false");
}
