/* test_terminal_movement.c - who moved where, for people. */
#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

TEST(paths_new_ways_and_unknown_machines_are_shown)
{
    static struct movement_place places[] = {
        {STR_INIT("web"), PLACE_HOST, 3, LEVEL_HIGH},
        {STR_INIT("fs"), PLACE_HOST, 0, LEVEL_LOW},
        {STR_INIT("KALI\x1b[1m"), PLACE_MACHINE, 0, LEVEL_LOW}};
    static struct movement_edge edges[] = {{.account = STR_INIT("EX\\bob"),
                                            .source = 0,
                                            .target = 1,
                                            .kind = LOGON_REMOTE,
                                            .succeeded = 1,
                                            .first_seen = true},
                                           {.account = STR_INIT("EX\\WS$"),
                                            .source = 2,
                                            .target = 1,
                                            .succeeded = 1,
                                            .first_seen = true}};
    static uint32_t path_edges[] = {0};
    static struct movement_path paths[] = {{path_edges, 1}};
    struct run_report report = sample_report();

    report.movement = (struct run_movement){.places = places,
                                            .place_count = 3,
                                            .edges = edges,
                                            .edge_count = 2,
                                            .edges_all = 2,
                                            .paths = paths,
                                            .path_count = 1,
                                            .logons = 1200};
    struct str text = written_by("terminal", &plain, &report, NULL, 0);
    CHECK_HAS(text, "\nWho moved where\n"
                    "  1,200 logons, 2 ways between machines and addresses\n"
                    "  Ways on from machines with grave findings:\n"
                    "    1970-01-01 00:00:00 web -> fs by EX\\bob, remote desktop\n"
                    "  Accounts on machines where they were not before:\n"
                    "    1970-01-01 00:00:00 web -> fs by EX\\bob, remote desktop\n"
                    "  Machines that logs name, and nothing was read of:\n"
                    "    KALI\\x1b[1m\n");
    make_end();
}

TEST(without_logons_nothing_is_said)
{
    struct run_report report = sample_report();

    CHECK_HAS_NOT(written_by("terminal", &plain, &report, NULL, 0), "Who moved");
    make_end();
}
