/* navigator.c - a layer of MITRE's ATT&CK Navigator, in layer format 4.5. */
#include "core/ensure.h"
#include "output/members.h"
#include "output/output.h"

#include <stdlib.h>

struct output_writer {
    const struct sink *sink;
};

static const char *const colours[COVERAGE_VERDICTS] = {"#e06070", "#6cc08b", "#e3b341", "#b8c0c9"};
/* What is hit stands first, what is blind last. */
static const uint32_t scores[COVERAGE_VERDICTS] = {100, 25, 50, 0};

static struct output_writer *navigator_begin(const struct sink *sink,
                                             const struct output_options *options)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    (void)options;
    ENSURE(writer);
    writer->sink = sink;
    return writer;
}

static void navigator_finding(struct output_writer *writer, const struct finding *finding)
{
    (void)writer;
    (void)finding; /* the report counts them by technique */
}

static void write_metadata(struct buf *out, const char *name, uint64_t value)
{
    char text[24];
    struct buf digits = {.at = text, .capacity = sizeof(text), .max = sizeof(text)};

    buf_add_u64(&digits, value);
    member_open(out, NULL, '{');
    member_text(out, "name", str_from(name));
    member_text(out, "value", buf_str(&digits));
    buf_add_char(out, '}');
}

static void write_technique(struct buf *out, const struct covered_technique *technique)
{
    struct buf comment;

    buf_init(&comment, SIZE_MAX / 2);
    buf_add(&comment, coverage_verdict_name(technique->verdict));
    for (uint32_t i = 0; i < technique->because.count; i++) {
        buf_add(&comment, i ? STR("; ") : STR(": "));
        buf_add(&comment, technique->because.at[i]);
    }
    member_open(out, NULL, '{');
    member_text(out, "techniqueID", technique->id);
    member_number(out, "score", scores[technique->verdict]);
    member_text(out, "color", str_from(colours[technique->verdict]));
    member_text(out, "comment", buf_str(&comment));
    member_flag(out, "enabled", true);
    member_open(out, "metadata", '[');
    write_metadata(out, "findings", technique->findings);
    for (unsigned i = 0; i < COVERAGE_VERDICTS; i++) {
        static const char *const names[COVERAGE_VERDICTS] = {"rules hit", "rules clean",
                                                             "rules weakened", "rules blind"};
        write_metadata(out, names[i], technique->rules[i]);
    }
    buf_add(out, STR("]}"));
    buf_free(&comment);
}

/* Without a judgement there are findings alone. */
static void write_techniques(struct buf *out, const struct run_report *report)
{
    member_open(out, "techniques", '[');
    for (uint32_t i = 0; i < report->coverage.technique_count; i++)
        if (report->coverage.techniques[i].asked)
            write_technique(out, &report->coverage.techniques[i]);
    for (uint32_t i = 0; !report->coverage.judged && i < report->techniques.listed; i++) {
        const struct covered_technique hit = {.id = report->techniques.at[i].name,
                                              .findings = report->techniques.at[i].count};
        write_technique(out, &hit);
    }
    buf_add_char(out, ']');
}

static void write_legend(struct buf *out)
{
    member_open(out, "legendItems", '[');
    for (unsigned i = 0; i < COVERAGE_VERDICTS; i++) {
        member_open(out, NULL, '{');
        member_text(out, "label", coverage_verdict_name((enum coverage_verdict)i));
        member_text(out, "color", str_from(colours[i]));
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void navigator_end(struct output_writer *writer, const struct run_report *report)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    buf_add_char(&out, '{');
    member_text(&out, "name", STR("Seawall: hit, clean, weakened, blind"));
    buf_add(&out, STR(",\"versions\":{\"attack\":\"15\",\"navigator\":\"5.0.0\","
                      "\"layer\":\"4.5\"},\"domain\":\"enterprise-attack\""));
    member_text(&out, "description",
                report->partial ? STR("Interrupted before everything was read")
                                : STR("What was found, and what could have been seen"));
    member_number(&out, "sorting", 3);
    write_techniques(&out, report);
    buf_add(&out, STR(",\"gradient\":{\"colors\":[\"#b8c0c9\",\"#e06070\"],\"minValue\":0,"
                      "\"maxValue\":100}"));
    write_legend(&out);
    buf_add(&out, STR("}\n"));
    writer->sink->write(writer->sink->context, buf_str(&out));
    buf_free(&out);
    free(writer);
}

const struct output output_navigator = {
    .name = "navigator",
    .about = "a layer for MITRE's ATT&CK Navigator, by hit, clean, weakened and blind",
    .begin = navigator_begin,
    .finding = navigator_finding,
    .end = navigator_end,
};
