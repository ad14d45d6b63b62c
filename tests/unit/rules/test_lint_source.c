/* test_lint_source.c - log sources and fields that nothing records. */
#include "lint_maker.h"

static struct str meant(const char *category, const char *product, const char *service)
{
    const struct log_source source = {str_from(category), str_from(product), str_from(service)};

    return lint_source(&taxonomy, &source, made);
}

TEST(a_log_source_is_misspelled)
{
    lint_begin();
    CHECK_STR(meant("process_creaton", "windows", ""), "category: process_creation");
    CHECK_STR(meant("process_creation", "windws", ""), "product: windows");
    CHECK_STR(meant("", "windows", "secuirty"), "service: security");
    CHECK_STR(meant("web_server", "", ""), "category: webserver");
    load_end();
}

TEST(what_would_still_be_unknown_is_no_suggestion)
{
    lint_begin();
    CHECK_STR(meant("web_server", "windows", ""), "");
    CHECK_STR(meant("file_event", "macos", ""), "");
    load_end();
}

TEST(known_fields_are_those_of_the_table_and_of_the_taxonomy)
{
    CHECK_NOTES("{Image: a, EventID: 1, User: b, Domain: c, Name: d}", "");
}

TEST(another_field_is_asked_about)
{
    CHECK_NOTES("Comandline: a",
                "! 9:5: no event of this log source is known to have a field 'Comandline' "
                "(CommandLine)");
    CHECK_NOTES("image: a", "! 9:5: no event of this log source is known to have a field 'image': "
                            "capitals count in names (Image)");
    CHECK_NOTES("SourceIp: a",
                "! 9:5: no event of this log source is known to have a field 'SourceIp'");
    CHECK_NOTES("Image|fieldref: Usr",
                "! 9:21: no event of this log source is known to have a field 'Usr' (User)");
}

TEST(of_a_log_source_without_a_list_any_field_may_be_right)
{
    lint_begin();
    const struct sigma_rule *rule =
        load("title: t\nid: 01234567-89ab-cdef-0123-456789abcdef\nstatus: test\nlevel: low\n"
             "date: 2026-11-22\nlogsource: {category: webserver, product: windows}\n"
             "detection: {s: {anything: 1, EventId: 2}, condition: s}\n");
    CHECK_INT(rule->source_line, 6);
    CHECK_INT(rule->source_column, 12);
    CHECK_STR(notes_of(rule), "");
    load_end();
}
