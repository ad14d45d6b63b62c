/* test_jsonl.c - one finding per line, valid whatever the evidence holds. */
#include "codec/json.h"

#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

static struct str written(const struct finding *findings, size_t count)
{
    struct run_report report = sample_report();

    return written_by("jsonl", &plain, &report, findings, count);
}

TEST(writes_one_valid_object_per_line)
{
    struct finding findings[] = {sample_finding(), sample_finding()};
    struct str text = written(findings, 2);
    const char *why;

    CHECK_INT(count_lines(text), 2);
    CHECK(str_ends_with(text, STR("}\n")));
    while (text.len > 0)
        CHECK(json_is_valid(str_cut(&text, '\n'), &why));
    make_end();
}

TEST(keys_stand_in_the_order_of_the_schema)
{
    struct finding finding = sample_finding();

    CHECK_STR(written(&finding, 1),
              "{\"kind\":\"rule\",\"id\":\"x-1\",\"title\":\"A rule\",\"message\":\"\","
              "\"level\":\"high\",\"verdict\":\"yes\",\"because\":[],\"attack\":[\"T1059\",\"T1505."
              "003\"],"
              "\"time\":\"2023-11-14T22:13:20.123456700Z\",\"host\":\"WEB01\","
              "\"source\":{\"path\":\"logs/a.evtx\",\"format\":\"evtx\",\"record\":7,"
              "\"offset\":4096},\"entities\":{},\"matched\":{\"Image\":\"C:\\\\cmd.exe\"},"
              "\"fields\":{\"a\":1},\"why\":\"Image ends with '\\\\cmd.exe'\"}\n");
    make_end();
}

TEST(nothing_found_is_nothing_written)
{
    CHECK_STR(written(NULL, 0), "");
    make_end();
}

TEST(a_hostile_text_stays_in_its_line)
{
    struct finding finding = sample_finding();
    const char *why;

    finding.host = STR("a\n{\"kind\":\"rule\"}\r\x1b[2J\xe2\x80\xae\xff");
    finding.path = STR("\"},{\"");
    struct str text = written(&finding, 1);
    CHECK_INT(count_lines(text), 1);
    CHECK(json_is_valid(text, &why));
    CHECK_HAS(text, "\"host\":\"a\\n{\\\"kind\\\":\\\"rule\\\"}\\r\\u001b[2J\\u202e\xef\xbf\xbd\"");
    make_end();
}

TEST(a_very_long_value_is_written_whole)
{
    static char value[3 << 20];
    struct finding finding = sample_finding();
    struct matched_field matched = {STR("X"), {{value, sizeof(value)}, VALUE_STRING}};

    memset(value, 'v', sizeof(value));
    finding.matched = &matched;
    CHECK(written(&finding, 1).len > sizeof(value));
    make_end();
}
