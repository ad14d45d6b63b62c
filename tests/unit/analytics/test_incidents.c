/* test_incidents.c - which findings belong together, and what is told of them. */
#include "analytics/incidents.h"
#include "testkit.h"

#define MINUTE (INT64_C(60) * 1000000000)
#define HOUR (60 * MINUTE)

static struct arena *arena;
static struct techniques techniques;
static struct incidents *incidents;
static struct run_incidents report;

static void begin(void)
{
    struct why why;

    arena = arena_new("test", 1 << 22);
    techniques_init(&techniques, arena);
    CHECK(techniques_read(&techniques,
                          STR("tactics: [initial-access, execution, lateral-movement]\n"
                              "techniques:\n"
                              "  T1190: [Exploit, initial-access]\n"
                              "  T1059: [Shell, execution]\n"
                              "  T1021: [Remote, lateral-movement]\n"),
                          &why) == ERR_NONE);
    incidents = incidents_new(&techniques);
}

static void end(void)
{
    incidents_free(incidents);
    arena_free(arena);
}

struct given {
    const char *title, *host, *technique, *account, *address;
    enum level level;
    int64_t time_ns;
};

static void take(struct given given)
{
    struct str account = str_from(given.account), address = str_from(given.address),
               technique = str_from(given.technique);
    struct event_facts facts = {
        .entities = {.lists = {[ENTITY_ACCOUNT] = {&account, account.len > 0},
                               [ENTITY_ADDRESS] = {&address, address.len > 0}},
                     .found = true}};
    const struct finding finding = {.title = str_from(given.title),
                                    .host = str_from(given.host),
                                    .attack = {&technique, technique.len > 0},
                                    .level = given.level,
                                    .has_time = true,
                                    .time_ns = given.time_ns,
                                    .facts = &facts};

    incidents_take(incidents, &finding);
}

static void on(const char *host, int64_t time_ns)
{
    take((struct given){.title = "A rule", .host = host, .level = LEVEL_HIGH, .time_ns = time_ns});
}

TEST(findings_on_one_host_are_one_until_it_is_quiet)
{
    begin();
    on("web", 0);
    on("WEB", 4 * HOUR);
    on("web", 8 * HOUR + MINUTE);
    on("fs", 8 * HOUR + MINUTE);
    incidents_report(incidents, arena, &report);
    CHECK_INT(report.count, 3);
    CHECK_INT(report.listed, 3);
    CHECK_INT(report.at[0].findings, 2);
    CHECK_INT(report.at[0].last_ns, 4 * HOUR);
    end();
}

TEST(a_shared_account_or_address_joins_hosts)
{
    begin();
    take((struct given){.title = "Way in",
                        .host = "web",
                        .technique = "T1190",
                        .address = "198.51.100.7",
                        .level = LEVEL_HIGH});
    take((struct given){.title = "Shell",
                        .host = "web",
                        .technique = "T1059",
                        .account = "EX\\svc",
                        .level = LEVEL_MEDIUM,
                        .time_ns = MINUTE});
    take((struct given){.title = "Session",
                        .host = "fs",
                        .technique = "T1021",
                        .account = "ex\\SVC",
                        .level = LEVEL_HIGH,
                        .time_ns = 20 * HOUR});
    take((struct given){.title = "Again",
                        .host = "dc",
                        .address = "198.51.100.7",
                        .level = LEVEL_HIGH,
                        .time_ns = 21 * HOUR});
    incidents_report(incidents, arena, &report);
    CHECK_INT(report.count, 1);
    CHECK_STR(report.at[0].title,
              "Initial access, execution and lateral movement on web, fs and dc");
    CHECK_STR(report.at[0].story,
              "It began at 1970-01-01 00:00 on web: Way in and Shell (2 findings). At 1970-01-01 "
              "20:00 on fs: Session. At 1970-01-01 21:00 on dc: Again. Accounts: svc. "
              "Addresses: 198.51.100.7.");
    CHECK_INT(report.at[0].hosts.count, 3);
    CHECK_INT(report.at[0].by_level[LEVEL_MEDIUM], 1);
    end();
}

/* Access logs name no host: what is done through the web server stands in its own log, too. */
TEST(a_log_without_a_host_is_joined_by_technique_and_time)
{
    begin();
    take((struct given){.title = "Upload", .host = "", .technique = "T1190", .level = LEVEL_HIGH});
    take((struct given){.title = "Written",
                        .host = "web",
                        .technique = "T1190",
                        .level = LEVEL_HIGH,
                        .time_ns = 10 * MINUTE});
    take((struct given){.title = "Called",
                        .host = "",
                        .technique = "T1190",
                        .level = LEVEL_HIGH,
                        .time_ns = 20 * MINUTE});
    take((struct given){.title = "Other",
                        .host = "fs",
                        .technique = "T1059",
                        .level = LEVEL_HIGH,
                        .time_ns = 20 * MINUTE});
    take((struct given){.title = "Late",
                        .host = "",
                        .technique = "T1190",
                        .level = LEVEL_HIGH,
                        .time_ns = 40 * MINUTE});
    incidents_report(incidents, arena, &report);
    CHECK_INT(report.count, 3);
    CHECK_INT(report.at[0].findings, 3);
    end();
}

TEST(what_is_everywhere_joins_nothing)
{
    static const char *const accounts[] = {"NT AUTHORITY\\SYSTEM", "EX\\WS1$", "-"};

    begin();
    for (int i = 0; i < 3; i++) {
        take((struct given){.title = "A",
                            .host = "web",
                            .account = accounts[i],
                            .address = "127.0.0.1",
                            .level = LEVEL_HIGH});
        take((struct given){.title = "A",
                            .host = "fs",
                            .account = accounts[i],
                            .address = "127.0.0.1",
                            .level = LEVEL_HIGH});
    }
    incidents_report(incidents, arena, &report);
    CHECK_INT(report.count, 2);
    end();
}

TEST(a_finding_that_belongs_to_two_makes_them_one)
{
    begin();
    take((struct given){.title = "A", .host = "web", .account = "ann", .level = LEVEL_HIGH});
    take((struct given){
        .title = "B", .host = "fs", .account = "bob", .level = LEVEL_HIGH, .time_ns = MINUTE});
    take((struct given){
        .title = "C", .host = "fs", .account = "ann", .level = LEVEL_HIGH, .time_ns = 2 * MINUTE});
    incidents_report(incidents, arena, &report);
    CHECK_INT(report.count, 1);
    CHECK_INT(report.at[0].findings, 3);
    CHECK_INT(report.at[0].rules.count, 3);
    end();
}

TEST(lesser_findings_are_only_counted)
{
    begin();
    take((struct given){.title = "A", .host = "web", .level = LEVEL_LOW});
    incidents_report(incidents, arena, &report);
    CHECK_INT(report.count, 0);
    CHECK_INT(report.findings_left, 1);
    end();
}

TEST(the_gravest_come_first_and_too_many_are_let_go)
{
    begin();
    for (int i = 0; i < 200; i++) {
        char host[16];
        snprintf(host, sizeof(host), "h%03d", i);
        take((struct given){.title = "A",
                            .host = host,
                            .level = i == 77 ? LEVEL_CRITICAL : LEVEL_MEDIUM,
                            .time_ns = i * MINUTE});
    }
    incidents_report(incidents, arena, &report);
    CHECK_INT(report.count, 200);
    CHECK_INT(report.listed, 50);
    CHECK_STR(report.at[0].hosts.at[0], "h077");
    end();
}
