/* test_terminal_tables.c - summaries, whole. */
#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

TEST(tables_that_were_asked_for_are_shown)
{
    static struct summed_event events[] = {{.channel = STR_INIT("Security"),
                                            .provider = STR_INIT("P"),
                                            .event_id = STR_INIT("4624"),
                                            .hosts = 2,
                                            .events = 1234}};
    static struct summed_host hosts[] = {{.name = STR_INIT("web\x1b"),
                                          .events = 5,
                                          .channels = 1,
                                          .findings = 1,
                                          .level = LEVEL_HIGH}};
    static struct summed_keyword keywords[] = {{ENTITY_ACCOUNT, STR_INIT("bob"), 3, LEVEL_HIGH}};
    static struct movement_place places[] = {{STR_INIT("fs"), PLACE_HOST, 0, LEVEL_LOW}};
    static struct movement_edge edges[] = {{.account = STR_INIT("bob"),
                                            .source = UINT32_MAX,
                                            .kind = LOGON_SSH,
                                            .succeeded = 2,
                                            .failed = 1}};
    struct run_report report = sample_report();

    report.summaries = (struct run_summaries){.asked = {true, true, true, true},
                                              .events = events,
                                              .event_count = 1,
                                              .hosts = hosts,
                                              .host_count = 1,
                                              .keywords = keywords,
                                              .keyword_count = 1};
    report.movement = (struct run_movement){
        .places = places, .place_count = 1, .edges = edges, .edge_count = 1, .edges_all = 1};
    struct str text = written_by("terminal", &plain, &report, NULL, 0);
    CHECK_HAS(text, "\nEvents by channel and id\n  Security\n    4624         1,234      2 hosts  "
                    "P\n");
    CHECK_HAS(text, "\nHosts\n            5 events    1 log         1 finding   high           "
                    "web\\x1b\n");
    CHECK_HAS(text, "\nLogons\n          2 succeeded         1 failed  SSH                  bob  "
                    "(itself) -> fs\n");
    CHECK_HAS(text, "\nKeywords of findings\n  account\n    high              3  bob\n");
    make_end();
}

TEST(others_are_not)
{
    struct run_report report = sample_report();

    CHECK_HAS_NOT(written_by("terminal", &plain, &report, NULL, 0), "Events by channel");
    make_end();
}
