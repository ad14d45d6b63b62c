/* test_terminal_incidents.c - incidents, for people. */
#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

TEST(incidents_have_their_story)
{
    static struct incident incidents[] = {{.title = STR_INIT("Execution on web\x1b"),
                                           .story = STR_INIT("It began."),
                                           .level = LEVEL_HIGH,
                                           .last_ns = 60000000000,
                                           .findings = 2}};
    struct run_report report = sample_report();

    report.incidents = (struct run_incidents){.at = incidents, .listed = 1, .count = 7};
    CHECK_HAS(written_by("terminal", &plain, &report, NULL, 0),
              "\nIncidents\n"
              "  high  Execution on web\\x1b\n"
              "    1970-01-01 00:00:00 to 1970-01-01 00:01:00, 2 findings\n"
              "    It began.\n"
              "  ... and 2 more\n");
    make_end();
}

TEST(without_incidents_nothing_is_said)
{
    struct run_report report = sample_report();

    CHECK_HAS_NOT(written_by("terminal", &plain, &report, NULL, 0), "Incidents");
    make_end();
}
