/* test_timesketch.c - required columns, all of it text. */
#include "report_maker.h"

static const struct output_options csv = {.path = STR_INIT("t.csv")};
static const struct output_options lines = {.path = STR_INIT("t.jsonl")};

TEST(csv_has_what_timesketch_needs)
{
    struct run_report report = sample_report();
    struct finding finding = sample_finding();
    struct event_facts facts = {.entities = {.found = true}};

    finding.facts = &facts;
    finding.why = STR("because");
    struct str text = written_by("timesketch", &csv, &report, &finding, 1);
    CHECK(str_starts_with(text, STR("message,datetime,timestamp_desc,timestamp,host,level,rule,"
                                    "rule_id,techniques,accounts,addresses,source_of,details\r\n"
                                    "\"[high] A rule: because\","
                                    "\"2023-11-14T22:13:20.123456+00:00\",\"Event Time\","
                                    "\"1700000000123456\",\"WEB01\",\"high\",\"A rule\",\"x-1\","
                                    "\"T1059 T1505.003\",\"\",\"\",\"logs/a.evtx record 7\",")));
    make_end();
}

TEST(lines_of_json_where_the_name_says_so)
{
    struct run_report report = sample_report();
    struct finding finding = sample_finding();
    struct event_facts facts = {.entities = {.found = true}};

    finding.facts = &facts;
    finding.has_time = false;
    struct str text = written_by("timesketch", &lines, &report, &finding, 1);
    CHECK(str_starts_with(text, STR("{\"message\":\"[high] A rule")));
    CHECK_HAS(text, "\"datetime\":\"1970-01-01T00:00:00.000000+00:00\",\"timestamp_desc\":"
                    "\"Time unknown\",\"timestamp\":\"0\"");
    CHECK(str_ends_with(text, STR("}\n")));
    make_end();
}
