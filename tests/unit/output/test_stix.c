/* test_stix.c - objects once each, and sightings of techniques. */
#include "codec/json.h"
#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

TEST(a_bundle_has_what_was_observed_once)
{
    struct str addresses[] = {STR("::ffff:192.0.2.1"), STR("2001:db8::1"), STR("no address")},
               account = STR("EX\\bob"), file = STR("C:\\a\"b.exe");
    struct event_facts facts = {.entities = {.lists = {[ENTITY_ADDRESS] = {addresses, 3},
                                                       [ENTITY_ACCOUNT] = {&account, 1},
                                                       [ENTITY_FILE] = {&file, 1},
                                                       [ENTITY_PROCESS] = {&file, 1}},
                                             .found = true}};
    struct run_report report = sample_report();
    struct finding findings[] = {sample_finding(), sample_finding()};
    const char *why;

    findings[0].facts = findings[1].facts = &facts;
    struct str text = written_by("stix", &plain, &report, findings, 2);
    CHECK(json_is_valid(str_slice(text, 0, text.len - 1), &why));
    CHECK_INT(count_of(text, STR("\"type\":\"ipv4-addr\"")), 1);
    CHECK_HAS(text, "\"value\":\"192.0.2.1\"");
    CHECK_INT(count_of(text, STR("\"type\":\"ipv6-addr\"")), 1);
    CHECK_HAS_NOT(text, "no address");
    CHECK_INT(count_of(text, STR("\"type\":\"user-account\"")), 1);
    CHECK_INT(count_of(text, STR("\"type\":\"file\"")), 1);
    CHECK_INT(count_of(text, STR("\"type\":\"attack-pattern\"")), 2);
    CHECK_INT(count_of(text, STR("\"type\":\"observed-data\"")), 2);
    CHECK_INT(count_of(text, STR("\"type\":\"sighting\"")), 4);
    CHECK_HAS(text, "\"first_seen\":\"2023-11-14T22:13:20.123Z\"");
    make_end();
}

TEST(what_names_nothing_refers_to_its_log)
{
    struct event_facts facts = {.entities = {.found = true}};
    struct run_report report = empty_report();
    struct finding finding = sample_finding();

    finding.facts = &facts;
    finding.has_time = false;
    struct str text = written_by("stix", &plain, &report, &finding, 1);
    CHECK_HAS(text, "\"name\":\"logs/a.evtx\"");
    CHECK_HAS_NOT(text, "first_seen");
    make_end();
}
