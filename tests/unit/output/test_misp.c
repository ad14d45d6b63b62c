/* test_misp.c - attributes once each, of the types that MISP knows. */
#include "codec/json.h"
#include "report_maker.h"

static const struct output_options plain = {.utf8 = true};

TEST(what_findings_name_is_an_attribute_once)
{
    struct str addresses[] = {STR("192.0.2.1"), STR("no address")},
               hash = STR("MD5=00112233445566778899aabbccddeeff,IMPHASH=x,SHA1=abc"),
               account = STR("EX\\bob");
    struct event_facts facts = {.entities = {.lists = {[ENTITY_ADDRESS] = {addresses, 2},
                                                       [ENTITY_HASH] = {&hash, 1},
                                                       [ENTITY_ACCOUNT] = {&account, 1}},
                                             .found = true}};
    static struct covered_technique techniques[] = {
        {.id = STR_INIT("T1059"), .name = STR_INIT("Shell"), .verdict = COVERAGE_HIT},
        {.id = STR_INIT("T1003"), .name = STR_INIT("Dump"), .verdict = COVERAGE_CLEAN}};
    struct run_report report = sample_report();
    struct finding findings[] = {sample_finding(), sample_finding()};
    const char *why;

    report.coverage = (struct run_coverage){.techniques = techniques, .technique_count = 2};
    findings[0].facts = findings[1].facts = &facts;
    struct str text = written_by("misp", &plain, &report, findings, 2);
    CHECK(json_is_valid(str_slice(text, 0, text.len - 1), &why));
    CHECK_HAS(text, "\"type\":\"ip-src\",\"category\":\"Network activity\",\"value\":\"192.0.2.1\","
                    "\"comment\":\"high, 2 findings, first by: A rule\"");
    CHECK_HAS(text, "\"type\":\"md5\",\"category\":\"Payload delivery\",\"value\":"
                    "\"00112233445566778899aabbccddeeff\"");
    CHECK_HAS(text, "\"type\":\"target-machine\",\"category\":\"Targeting data\",\"value\":"
                    "\"WEB01\"");
    CHECK_HAS_NOT(text, "no address");
    CHECK_HAS_NOT(text, "\"sha1\"");
    CHECK_HAS(text, "\"date\":\"2023-11-14\"");
    CHECK_HAS(text, "misp-galaxy:mitre-attack-pattern=\\\"Shell - T1059\\\"");
    CHECK_HAS_NOT(text, "T1003");
    make_end();
}
