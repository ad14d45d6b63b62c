/* test_html_report.c - the run report as the page's program reads it. */
#include "codec/json.h"
#include "output/html_priv.h"
#include "report_maker.h"

static struct str json_of(const struct run_report *report)
{
    const char *why;

    make_begin();
    buf_add_char(&made, '{');
    html_write_report(report, &made);
    buf_add_char(&made, '}');
    CHECK(json_is_valid(buf_str(&made), &why));
    return buf_str(&made);
}

TEST(an_empty_report_is_valid)
{
    struct run_report report = {.sandbox = STR("full")};

    CHECK_HAS(json_of(&report), "\"answer\":\"nothing_read\"");
    make_end();
}

TEST(three_answers)
{
    struct run_report report = sample_report();

    CHECK_HAS(json_of(&report), "\"answer\":\"yes\"");
    report.by_level[LEVEL_HIGH] = 0;
    CHECK_HAS(json_of(&report), "\"answer\":\"lesser\"");
    report = empty_report();
    CHECK_HAS(json_of(&report), "\"answer\":\"none\"");
    report.events_unrouted = report.events;
    CHECK_HAS(json_of(&report), "\"answer\":\"no_rule\"");
    report.events_outside_time = report.events;
    CHECK_HAS(json_of(&report), "\"answer\":\"outside_time\"");
    make_end();
}

TEST(everything_has_its_member)
{
    static struct str hosts[] = {STR_INIT("web\"01")};
    static struct report_note notes[] = {{.path = STR_INIT("a.evtx"), .text = STR_INIT("gone")}};
    static struct covered_technique techniques[] = {
        {.id = STR_INIT("T1059"), .verdict = COVERAGE_BLIND, .rules = {0, 1, 2, 3}}};
    static struct covered_rule rules[] = {
        {.title = STR_INIT("A rule"), .verdict = COVERAGE_WEAKENED}};
    static struct coverage_need needs[] = {{STR_INIT("Sysmon"), 5, 4, 3}};
    static struct covered_source sources[] = {{.name = STR_INIT("Security"), .events = 7}};
    static struct coverage_gap gaps[] = {{.kind = GAP_SILENCE, .text = STR_INIT("silent")}};
    static struct movement_place places[] = {{STR_INIT("web"), PLACE_HOST, 1, LEVEL_HIGH}};
    static struct movement_edge edges[] = {
        {.account = STR_INIT("bob"), .source = UINT32_MAX, .kind = LOGON_SSH, .first_ns = 1999999}};
    static uint32_t path[] = {0};
    static struct movement_path paths[] = {{path, 1}};
    static struct incident incidents[] = {
        {.title = STR_INIT("Shell"), .story = STR_INIT("It began"), .hosts = {hosts, 1}}};
    struct run_report report = sample_report();

    report.unreadable = (struct report_notes){notes, 1, 1};
    report.records_lost = 4;
    report.coverage = (struct run_coverage){.judged = true,
                                            .techniques = techniques,
                                            .technique_count = 1,
                                            .rules = rules,
                                            .rule_count = 1,
                                            .needs = needs,
                                            .need_count = 1,
                                            .sources = sources,
                                            .source_count = 1,
                                            .gaps = gaps,
                                            .gap_count = 1};
    report.movement = (struct run_movement){.places = places,
                                            .place_count = 1,
                                            .edges = edges,
                                            .edge_count = 1,
                                            .paths = paths,
                                            .path_count = 1,
                                            .logons = 1};
    report.incidents = (struct run_incidents){.at = incidents, .listed = 1, .count = 1};
    struct str json = json_of(&report);
    CHECK_HAS(json, "{\"what\":\"unreadable\",\"count\":1,\"list\":[{\"path\":\"a.evtx\","
                    "\"text\":\"gone\"}]},{\"what\":\"records_lost\",\"count\":4,\"list\":[]}");
    CHECK_HAS(json, "\"id\":\"T1059\",\"name\":\"\",\"tactics\":[],\"verdict\":3,\"findings\":0,"
                    "\"rules\":[0,1,2,3]");
    CHECK_HAS(json, "{\"text\":\"Sysmon\",\"rules\":5,\"techniques\":4,\"hosts\":3}");
    CHECK_HAS(json, "\"kind\":\"gap-silence\"");
    CHECK_HAS(json, "{\"account\":\"bob\",\"target\":0,\"kind\":\"SSH\",\"succeeded\":0,"
                    "\"failed\":0,\"first\":1,");
    CHECK_HAS(json, "\"paths\":[[0]]");
    CHECK_HAS(json, "\"hosts\":[\"web\\\"01\"]");
    make_end();
}
