/* test_pipeline_values.c - values that become other ones. tests/vectors/P2.yml and P3.yml have
 * what rules mean then. */
#include "pipeline_maker.h"

#include "core/limits.h"

TEST(strings_become_other_ones)
{
    pipelines_begin();
    const char *item = "{type: map_string, mapping: {a: b, '*c*': ['d', '*e'], '7': f}}";
    CHECK_STR(through(item, "s: {x: [a, A, z], y: 7}\ncondition: s\n"),
              "((x=b | x=a | x=z) & y=7)");
    CHECK_STR(through(item, "s: {x|contains: c}\ncondition: s\n"), "(x=d | x=*e)");
    CHECK_STR(through(item, "s: {x|contains|all: [c, q]}\ncondition: s\n"), "(x=d & x=*e & x=*q*)");
    CHECK_STR(through(item, "s: [c, a]\ncondition: s\n"), "(=*c* | =*b*)");
    pipelines_end();
}

TEST(one_value_instead_of_all)
{
    pipelines_begin();
    CHECK_STR(through("{type: set_value, value: x*}", "s: {a: [1, 2], b|neq: y}\ncondition: s\n"),
              "(a=x* & !b=x*)");
    CHECK_STR(through("{type: set_value, value: null}", "s: {a|contains: x}\ncondition: s\n"),
              "a?null");
    CHECK_STR(
        through("{type: set_value, value: '7', force_type: num}", "s: {a: x}\ncondition: s\n"),
        "a=7");
    pipelines_end();
}

TEST(placeholders_get_their_values)
{
    pipelines_begin();
    CHECK(add_pipeline("vars: {x: [1, 'a*'], y: 'C:\\'}\ntransformations:\n"
                       "- {type: value_placeholders, exclude: [z]}\n"
                       "- {type: wildcard_placeholders, include: [z]}\n"));
    CHECK_STR(changed("s: {a|expand: '%x%-%y%%z%'}\ncondition: s\n"), "(a=1-c:\\* | a=a*-c:\\*)");
    CHECK_STR(changed("s: {a: '%x%', b|expand: 'none'}\ncondition: s\n"), "(a=%x% & b=none)");
    CHECK_STR(changed("s: {a|expand: '%x% %q%'}\ncondition: s\n"),
              "inert 4:18 placeholder list 'q' is missing; give one with --placeholders FILE");
    pipelines_end();
}

TEST(placeholders_may_not_become_too_many)
{
    pipelines_begin();
    CHECK(add_pipeline("vars: {x: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]}\n"
                       "transformations: [{type: value_placeholders}]\n"));
    CHECK_STR(changed("s: {a|expand: '%x%%x%%x%%x%%x%%x%'}\ncondition: s\n"),
              "refused 4:18 '%x%%x%%x%%x%%x%%x%' expands to more than 100000 values");
    pipelines_end();
}

TEST(what_cannot_be_a_value_is_refused)
{
    refuses_item("{type: map_string, mapping: {a: [b, {c: d}]}}", "2:34", "'a' must hold");
    refuses_item("{type: set_value}", "2:5", "'value' must be one value");
    refuses_item("{type: set_value, value: [a]}", "2:5", "'value' must be one value");
    refuses_item("{type: set_value, value: x, force_type: int}", "2:45", "'str' or 'num'");
    refuses_item("{type: set_value, value: x, force_type: num}", "2:30", "'x' is no number");
    refuses_item("{type: set_value, value: null, force_type: str}", "2:48", "null cannot");
    refuses_item("{type: value_placeholders, include: [a], exclude: [b]}", "2:5",
                 "exclude each other");
    refuses_item("{type: value_placeholders, include: {a: b}}", "2:32", "'include' must hold");
}
