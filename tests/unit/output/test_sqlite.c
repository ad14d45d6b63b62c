/* test_sqlite.c */
#include "database_kit.h"
#include "report_maker.h"

static struct memory_file memory;
static const struct sink places = {
    .context = &memory, .read_at = memory_read, .write_at = memory_write};

static void write_database(const struct run_report *report, const struct finding *findings,
                           size_t count)
{
    static const struct output_options options = {.language = LANGUAGE_ENGLISH};
    const struct output *output = output_by_name(STR("sqlite"));

    buf_free(&memory.bytes);
    buf_init(&memory.bytes, SIZE_MAX);
    memory.bytes_left = SIZE_MAX;
    CHECK(output->wants_places);
    struct output_writer *writer = output->begin(&places, &options);
    for (size_t i = 0; i < count; i++)
        output->finding(writer, &findings[i]);
    output->end(writer, report);
}

static struct str ask(const char *sql)
{
    return database_ask(&memory, sql);
}

TEST(findings_with_what_they_name)
{
    struct str accounts[] = {STR_INIT("EX\\bob"), STR_INIT("'; DROP TABLE findings;--")};
    struct event_facts facts = {
        .entities = {.lists = {[ENTITY_ACCOUNT] = {accounts, 2}}, .found = true}};
    struct run_report report = sample_report();
    struct finding findings[] = {sample_finding(), sample_finding()};

    findings[0].facts = &facts;
    findings[1].has_time = false;
    findings[1].path = STR("");
    write_database(&report, findings, 2);
    CHECK_STR(ask("SELECT id, time, level, severity, title, host, kind, verdict, rule, path,"
                  " format, record, line, \"offset\", first, count FROM findings"),
              "1|2023-11-14T22:13:20.123456700Z|high|3|A rule|WEB01|rule|yes|x-1|logs/a.evtx|evtx|"
              "7|NULL|4096|NULL|NULL\n"
              "2|NULL|high|3|A rule|WEB01|rule|yes|x-1|NULL|NULL|NULL|NULL|NULL|NULL|NULL\n");
    CHECK_STR(ask("SELECT * FROM entities"),
              "1|account|EX\\bob\n1|account|'; DROP TABLE findings;--\n");
    CHECK_STR(ask("SELECT * FROM techniques WHERE finding = 1"), "1|T1059\n1|T1505.003\n");
    CHECK_STR(ask("SELECT json_extract(matched, '$.Image'), json_extract(fields, '$.a'), events"
                  " FROM findings WHERE id = 1"),
              "C:\\cmd.exe|1|NULL\n");
    CHECK_STR(ask("SELECT value FROM run WHERE name = 'files'"), "1\n");
    CHECK_STR(ask("PRAGMA foreign_key_check; PRAGMA integrity_check"), "ok\n");
}

TEST(several_events_have_columns_of_their_own)
{
    struct combined_event event = {.id = STR("r-1"), .title = STR("T"), .path = STR("p")};
    struct combined combined = {.count = 3, .events = &event, .event_count = 1};
    struct run_report report = empty_report();
    struct finding finding = sample_finding();

    finding.kind = FINDING_CORRELATION;
    finding.combined = &combined;
    write_database(&report, &finding, 1);
    CHECK_STR(ask("SELECT kind, first, count, json_extract(events, '$[0].id') FROM findings"),
              "correlation|1970-01-01T00:00:00.000000000Z|3|r-1\n");
}

TEST(the_report_has_its_tables)
{
    struct str names[] = {STR_INIT("a"), STR_INIT("b")};
    struct incident incident = {.title = STR("I"),
                                .story = STR("S"),
                                .level = LEVEL_HIGH,
                                .hosts = {names, 2},
                                .findings = 4};
    struct movement_place from_to[] = {{.name = STR("A")}, {.name = STR("B")}};
    struct movement_edge edges[] = {
        {.account = STR("x"), .source = 0, .target = 1, .kind = LOGON_SSH, .succeeded = 2},
        {.account = STR("y"), .source = UINT32_MAX, .target = 1, .failed = 3}};
    struct covered_technique technique = {
        .id = STR("T1059"), .name = STR("Shell"), .verdict = COVERAGE_CLEAN};
    struct covered_rule rule = {.id = STR("r"),
                                .title = STR("R"),
                                .verdict = COVERAGE_BLIND,
                                .because = {names, 2},
                                .findings = 0};
    struct coverage_gap gap = {.kind = GAP_CLEARED, .source = STR("Security"), .text = STR("t")};
    struct report_note note = {.path = STR("p"), .text = STR("broken"), .offset = UINT64_MAX};
    struct run_report report = sample_report();

    report.incidents.at = &incident;
    report.incidents.listed = 1;
    report.movement.places = from_to;
    report.movement.edges = edges;
    report.movement.edge_count = 2;
    report.coverage.techniques = &technique;
    report.coverage.technique_count = 1;
    report.coverage.rules = &rule;
    report.coverage.rule_count = 1;
    report.coverage.gaps = &gap;
    report.coverage.gap_count = 1;
    report.damaged = (struct report_notes){&note, 1, 1};
    write_database(&report, NULL, 0);
    CHECK_STR(ask("SELECT id, level, title, story, findings, hosts FROM incidents"),
              "1|high|I|S|4|a; b\n");
    CHECK_STR(ask("SELECT account, source, target, type, succeeded, failed FROM logons"),
              "x|A|B|SSH|2|0\ny|NULL|B|interactive|0|3\n");
    CHECK_STR(ask("SELECT * FROM coverage"), "technique|T1059|Shell|clean||0\n"
                                             "rule|r|R|blind|a; b|0\n");
    CHECK_STR(ask("SELECT kind, source, text FROM gaps"), "gap-cleared|Security|t\n");
    CHECK_STR(ask("SELECT * FROM unseen"), "damaged|p|broken|NULL|0\n");
    CHECK_STR(ask("SELECT count(*) FROM findings"), "0\n");
    buf_free(&memory.bytes);
}
