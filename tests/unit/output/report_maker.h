/* report_maker.h - a run report and findings for the tests of outputs, and a sink that keeps what
 * is written. */
#ifndef REPORT_MAKER_H
#define REPORT_MAKER_H

#include "output/output.h"

#include "testkit.h"

#define MAKER_UNUSED __attribute__((unused))

static struct buf made;

MAKER_UNUSED static void make_begin(void)
{
    buf_free(&made);
    buf_init(&made, SIZE_MAX);
}

MAKER_UNUSED static void make_end(void)
{
    buf_free(&made);
}

static void keep_written(void *context, struct str bytes)
{
    (void)context;
    buf_add(&made, bytes);
}

static const struct sink made_sink = {.write = keep_written};

MAKER_UNUSED static struct run_report sample_report(void)
{
    static struct report_count rules[] = {
        {STR_INIT("A rule"), STR_INIT("x-1"), LEVEL_HIGH, 2, STR_INIT("")}};
    static struct report_count hosts[] = {
        {STR_INIT("WEB01"), STR_INIT(""), LEVEL_HIGH, 2, STR_INIT("")}};

    return (struct run_report){.program = STR("seawall"),
                               .files = 1,
                               .files_read = 1,
                               .bytes_read = 4096,
                               .events = 10,
                               .rules_loaded = 24,
                               .findings = 2,
                               .by_level[LEVEL_HIGH] = 2,
                               .top_rules = {rules, 1, 1},
                               .top_hosts = {hosts, 1, 1},
                               .sandbox = STR("full")};
}

MAKER_UNUSED static struct run_report empty_report(void)
{
    struct run_report report = sample_report();

    report.findings = report.by_level[LEVEL_HIGH] = 0;
    report.top_rules = report.top_hosts = (struct report_counts){0};
    return report;
}

MAKER_UNUSED static struct finding sample_finding(void)
{
    static struct str techniques[] = {STR_INIT("T1059"), STR_INIT("T1505.003")};
    static struct matched_field matched[] = {
        {STR_INIT("Image"), {STR_INIT("C:\\cmd.exe"), VALUE_STRING}}};

    return (struct finding){.id = STR("x-1"),
                            .title = STR("A rule"),
                            .level = LEVEL_HIGH,
                            .attack = {techniques, 2},
                            .has_time = true,
                            .time_ns = 1700000000123456700,
                            .host = STR("WEB01"),
                            .path = STR("logs/a.evtx"),
                            .format = STR("evtx"),
                            .number = 7,
                            .offset = 4096,
                            .matched = matched,
                            .matched_count = 1,
                            .fields = STR("{\"a\":1}"),
                            .why = STR("Image ends with '\\cmd.exe'")};
}

/* Everything that an output writes of a report and findings. */
MAKER_UNUSED static struct str written_by(const char *name, const struct output_options *options,
                                          const struct run_report *report,
                                          const struct finding *findings, size_t count)
{
    const struct output *output = output_by_name(str_from(name));

    make_begin();
    struct output_writer *writer = output->begin(&made_sink, options);
    for (size_t i = 0; i < count; i++)
        output->finding(writer, &findings[i]);
    output->end(writer, report);
    return buf_str(&made);
}

MAKER_UNUSED static unsigned count_lines(struct str text)
{
    unsigned lines = 0;

    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    return lines;
}

MAKER_UNUSED static unsigned count_of(struct str text, struct str needle)
{
    unsigned count = 0;

    for (size_t at; (at = str_find(text, needle)) < text.len; count++)
        text = str_slice(text, at + needle.len, text.len);
    return count;
}

#define CHECK_HAS(text, literal)                                                                   \
    do {                                                                                           \
        if (!str_contains((text), STR(literal)))                                                   \
            TESTKIT_FAIL("\"%s\" is not in:\n%.*s", literal, STR_ARG(text));                       \
    } while (0)
#define CHECK_HAS_NOT(text, literal)                                                               \
    do {                                                                                           \
        if (str_contains((text), STR(literal)))                                                    \
            TESTKIT_FAIL("\"%s\" is in:\n%.*s", literal, STR_ARG(text));                           \
    } while (0)

#endif
