/* test_pipeline_fields.c - names of fields that become other ones. tests/vectors/P1.yml has what
 * rules mean then. */
#include "pipeline_maker.h"

TEST(a_name_becomes_another_one)
{
    pipelines_begin();
    const char *item = "{type: field_name_mapping, mapping: {a: x, b: [y], A: z}}";
    CHECK_STR(through(item, "s: {a: 1, b: 2, c: 3}\ncondition: s\n"), "(x=1 & y=2 & c=3)");
    CHECK_STR(through(item, "s: {A: 1, B: 2}\ncondition: s\n"), "(z=1 & B=2)");
    pipelines_end();
}

TEST(a_name_becomes_several)
{
    pipelines_begin();
    const char *item = "{type: field_name_mapping, mapping: {a: [x, y]}}";
    CHECK_STR(through(item, "s: {a: [1, 2]}\ncondition: s\n"), "((x=1 | x=2) | (y=1 | y=2))");
    CHECK_STR(through(item, "s: {a|neq: 1}\ncondition: s\n"), "(!x=1 & !y=1)");
    CHECK_STR(through(item, "s: {a: null}\ncondition: s\n"), "(x?null & y?null)");
    CHECK_STR(through(item, "s: {a: [null, 1]}\ncondition: s\n"),
              "((x?null | x=1) | (y?null | y=1))");
    CHECK_STR(through(item, "s: {a|exists: false}\ncondition: s\n"), "(x?no & y?no)");
    CHECK_STR(through(item, "s: {a|exists: true}\ncondition: s\n"), "(x?yes | y?yes)");
    pipelines_end();
}

TEST(fields_that_values_name)
{
    pipelines_begin();
    const char *item = "{type: field_name_mapping, mapping: {a: x, b: [y, z]}}";
    CHECK_STR(through(item, "s: {a|fieldref: b}\ncondition: s\n"), "(x=&y | x=&z)");
    CHECK_STR(through(item, "s: {c|fieldref|endswith: a}\ncondition: s\n"), "c$&x");
    CHECK_STR(through(item, "s: {c: b}\ncondition: s\n"), "c=b");
    pipelines_end();
}

TEST(prefixes)
{
    pipelines_begin();
    const char *item = "{type: field_name_prefix_mapping, mapping: {win.: [a., ''], w: v}}";
    CHECK_STR(through(item, "s: {win.x: 1, wx: 2, x: 3}\ncondition: s\n"),
              "((a.x=1 | x=1) & vx=2 & x=3)");
    CHECK_STR(
        through("{type: field_name_prefix, prefix: 'p.'}", "s: [{x: 1}, word]\ncondition: s\n"),
        "(p.x=1 | =*word*)");
    CHECK_STR(
        through("{type: field_name_suffix, suffix: '.s'}", "s: {x|contains: 1}\ncondition: s\n"),
        "x.s=*1*");
    pipelines_end();
}

TEST(conditions_on_each_name)
{
    pipelines_begin();
    const char *item = "{type: field_name_suffix, suffix: 1, "
                       "field_name_conditions: [{type: exclude_fields, fields: [a]}]}";
    CHECK_STR(through(item, "s: {a|fieldref: b, c|fieldref: a}\ncondition: s\n"),
              "(a=&b1 & c1=&a)");
    pipelines_end();
}

TEST(what_is_no_name_is_refused)
{
    refuses_item("{type: field_name_mapping, mapping: [a]}", "2:5", "'mapping' must be a map");
    refuses_item("{type: field_name_mapping}", "2:5", "'mapping' must be a map");
    refuses_item("{type: field_name_mapping, mapping: {}}", "2:5", "'mapping' must be a map");
    refuses_item("{type: field_name_mapping, mapping: {a: {b: c}}}", "2:45", "a list of names");
    refuses_item("{type: field_name_mapping, mapping: {a: []}}", "2:45", "a list of names");
    refuses_item("{type: field_name_mapping, mapping: {a: [b, 'c|re']}}", "2:50", "without '|'");
    refuses_item("{type: field_name_mapping, mapping: {a: ''}}", "2:46", "without '|'");
    refuses_item("{type: field_name_mapping, mapping: {null: b}}", "2:42", "keywords cannot");
    refuses_item("{type: field_name_prefix, prefix: 'a|b'}", "2:40", "without '|'");
}
