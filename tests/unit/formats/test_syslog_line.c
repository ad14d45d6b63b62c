/* test_syslog_line.c - one line of syslog, in all its forms. */
#include "testkit.h"

#include "codec/time_text.h"
#include "formats/syslog_line.h"

#define CHANGED 1795341600000000000 /* 2026-11-22T10:00:00Z */

static struct syslog_line line;

/* "host|program|pid|message" */
static struct str read_as(const char *text)
{
    static char out[512];

    syslog_line_read(str_from(text), CHANGED, &line);
    int len = snprintf(out, sizeof(out), "%.*s|%.*s|%.*s|%.*s", STR_ARG(line.host),
                       STR_ARG(line.program), STR_ARG(line.pid), STR_ARG(line.message));
    return (struct str){out, (size_t)len};
}

static struct str time_read(const char *text, int64_t changed_ns)
{
    static char out[TIME_TEXT_SIZE];

    syslog_line_read(str_from(text), changed_ns, &line);
    if (!line.has_time)
        return STR_EMPTY;
    return (struct str){out, time_print(line.time_ns, out)};
}

TEST(reads_the_old_form)
{
    CHECK_STR(read_as("Nov 22 09:59:58 web-01 sshd[12]: Failed: x"), "web-01|sshd|12|Failed: x");
    CHECK_INT(line.kind, SYSLOG_3164);
    CHECK(!line.has_zone && !line.has_priority);
    CHECK_STR(line.time, "Nov 22 09:59:58");
    CHECK_STR(read_as("<34>Nov  2 09:59:58 web-01 su: x"), "web-01|su||x");
    CHECK_INT(line.priority, 34);
    CHECK_STR(read_as("Nov 22 09:59:58 su[1]: x"), "|su|1|x");
    CHECK_STR(read_as("Nov 22 09:59:58 web-01 -- MARK --"), "web-01|||-- MARK --");
    CHECK_STR(read_as("Nov 22 09:59:58 web-01 a b: c"), "web-01|||a b: c");
    CHECK_STR(read_as("Nov 22 09:59:58 web-01 a:b c"), "web-01|||a:b c");
    CHECK_STR(read_as("Nov 22 09:59:58 web-01 kernel:"), "web-01|kernel||");
    CHECK_STR(read_as("Nov 22 09:59:58 ::1 a[x: b"), "::1|||a[x: b");
    CHECK_STR(read_as("Nov 22 2026 09:59:58: %ASA-6-1: x"), "|%ASA-6-1||x");
}

TEST(reads_times_of_rfc_3339)
{
    CHECK_STR(read_as("2026-11-22T10:00:00.5+01:00 web-01 a[1]: x"), "web-01|a|1|x");
    CHECK_INT(line.kind, SYSLOG_ISO_TIME);
    CHECK(line.has_zone);
    CHECK_STR(time_read("2026-11-22T10:00:00.5+01:00 web-01 a[1]: x", 0),
              "2026-11-22T09:00:00.500000000Z");
}

TEST(reads_the_new_form)
{
    CHECK_STR(read_as("<165>1 2026-11-22T10:00:00Z web-01 app 7 ID [a b=\"c\"] hi"),
              "web-01|app|7|hi");
    CHECK_INT(line.kind, SYSLOG_5424);
    CHECK_STR(line.data, "[a b=\"c\"]");
    CHECK_STR(line.message_id, "ID");
    CHECK_STR(read_as("<165>1 - - - - - -"), "|||");
    CHECK(!line.has_time);
    CHECK_STR(read_as("<165>1 - h p - - [a b=\"\\\"]\"][c] \xef\xbb\xbfm"), "h|p||m");
    CHECK_STR(line.data, "[a b=\"\\\"]\"][c]");
    read_as("<165>1 - h p - - [a b=\"");
    CHECK_INT(line.kind, SYSLOG_NO_HEADER);
}

TEST(what_is_no_header_is_a_message)
{
    CHECK_STR(read_as("  at x.y(z)"), "|||  at x.y(z)");
    CHECK_INT(line.kind, SYSLOG_NO_HEADER);
    CHECK_STR(read_as("<192>x"), "|||<192>x");
    CHECK_STR(read_as("Nov 22 10:00 web-01 a: b"), "|||Nov 22 10:00 web-01 a: b");
    CHECK_STR(read_as(""), "|||");
}

TEST(the_year_is_the_latest_that_is_not_behind_the_file)
{
    CHECK_STR(time_read("Nov 22 09:59:58 h a: b", CHANGED), "2026-11-22T09:59:58.000000000Z");
    CHECK_STR(time_read("Nov 23 09:59:58.25 h a: b", CHANGED), "2026-11-23T09:59:58.250000000Z");
    CHECK_STR(time_read("Nov 23 10:00:01 h a: b", CHANGED), "2025-11-23T10:00:01.000000000Z");
    CHECK_STR(time_read("Feb 29 10:00:00 h a: b", CHANGED), "2024-02-29T10:00:00.000000000Z");
    CHECK_STR(time_read("Nov 22 2019 09:59:58 h a: b", CHANGED), "2019-11-22T09:59:58.000000000Z");
    CHECK_STR(time_read("Nov 31 10:00:00 h a: b", CHANGED), "");
    CHECK_STR(time_read("Nov 22 09:59:58 h a: b", 0), "");
}

TEST(priorities_have_names)
{
    CHECK_STR(syslog_facility(86), "authpriv");
    CHECK_STR(syslog_severity(86), "info");
    CHECK_STR(syslog_facility(191), "local7");
    CHECK_STR(syslog_severity(191), "debug");
    CHECK_STR(syslog_facility(0), "kern");
}

TEST(takes_parameters_one_by_one)
{
    struct str data = STR("[a b=\"c\" d=\"\\\"]\"][e][f g=\"\"]"), id = STR_EMPTY;
    struct syslog_parameter parameter;

    CHECK(syslog_parameter_next(&data, &id, &parameter));
    CHECK_STR(parameter.id, "a");
    CHECK_STR(parameter.name, "b");
    CHECK_STR(parameter.value, "c");
    CHECK(syslog_parameter_next(&data, &id, &parameter));
    CHECK_STR(parameter.value, "\\\"]");
    CHECK(parameter.escaped);
    CHECK(syslog_parameter_next(&data, &id, &parameter));
    CHECK_STR(parameter.id, "f");
    CHECK_STR(parameter.value, "");
    CHECK(!syslog_parameter_next(&data, &id, &parameter));
}
