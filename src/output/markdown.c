/* markdown.c - a report to paste into a ticket: the answer, what was found by rule, what could have
 * been seen, incidents, and what could not be read. */
#include "core/ensure.h"
#include "output/output.h"

#include <stdlib.h>
#include <string.h>

#define RULES_SHOWN 50u
#define LIST_SHOWN 20u

struct output_writer {
    const struct sink *sink;
    struct buf out, text;
};

static struct output_writer *markdown_begin(const struct sink *sink,
                                            const struct output_options *options)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    (void)options;
    ENSURE(writer);
    writer->sink = sink;
    buf_init(&writer->out, SIZE_MAX / 2);
    buf_init(&writer->text, SIZE_MAX / 2);
    return writer;
}

static void markdown_finding(struct output_writer *writer, const struct finding *finding)
{
    (void)writer;
    (void)finding; /* the report has what is shown of them */
}

static void add(struct output_writer *w, const char *text)
{
    buf_add(&w->out, str_from(text));
}

/* Text from elsewhere, so that nothing of it is markup. */
static void add_plain(struct output_writer *w, struct str text)
{
    static const char special[] = "\\`*_{}[]<>()#+-.!|~&:@";

    buf_reset(&w->text);
    escape_terminal(text, &w->text);
    for (size_t i = 0; i < w->text.len; i++) {
        char c = w->text.at[i];
        if (memchr(special, c, sizeof(special) - 1))
            buf_add_char(&w->out, '\\');
        buf_add_char(&w->out, c);
    }
}

static void heading(struct output_writer *w, const char *text)
{
    buf_printf(&w->out, "\n## %s\n\n", text);
}

static const char *count(uint64_t number, char text[24])
{
    struct buf out = {.at = text, .capacity = 24, .max = 23};

    buf_add_u64(&out, number);
    text[out.len] = '\0';
    return text;
}

static void write_answer(struct output_writer *w, const struct run_report *report)
{
    bool grave = report->by_level[LEVEL_HIGH] || report->by_level[LEVEL_CRITICAL];

    add(w, "# Were we hit?\n\n");
    if (report->findings > 0)
        add(w, grave ? "**Yes, by these signs.**\n"
                     : "**Cannot tell: nothing above level medium was found.**\n");
    else if (report->events == 0)
        add(w, "**Cannot tell: no event could be read.**\n");
    else if (report->events - report->events_outside_time == report->events_unrouted)
        add(w, "**Cannot tell: no loaded rule is about these logs.**\n");
    else
        add(w, "**No rule matched.** What these logs never record cannot be seen in them.\n");
    if (report->partial)
        add(w, "\nInterrupted before everything was read: there may be more.\n");
    add(w, "\n| critical | high | medium | low | informational | events | files |\n"
           "|---|---|---|---|---|---|---|\n|");
    for (unsigned i = LEVEL_COUNT; i-- > 0;)
        buf_printf(&w->out, " %llu |", (unsigned long long)report->by_level[i]);
    buf_printf(&w->out, " %llu | %llu of %llu |\n", (unsigned long long)report->events,
               (unsigned long long)report->files_read, (unsigned long long)report->files);
}

static void write_counts(struct output_writer *w, const char *title,
                         const struct report_counts *counts)
{
    if (counts->listed == 0)
        return;
    heading(w, title);
    add(w, "| level | findings | name |\n|---|---|---|\n");
    for (uint32_t i = 0; i < counts->listed && i < RULES_SHOWN; i++) {
        char text[24];
        buf_printf(&w->out, "| %.*s | %s | ", STR_ARG(level_name(counts->at[i].level)),
                   count(counts->at[i].count, text));
        add_plain(w, counts->at[i].name.len ? counts->at[i].name : STR("(none named)"));
        add(w, " |\n");
    }
    if (counts->count > RULES_SHOWN)
        buf_printf(&w->out, "\n... and %llu more\n",
                   (unsigned long long)(counts->count - RULES_SHOWN));
}

static void write_incidents(struct output_writer *w, const struct run_incidents *incidents)
{
    if (incidents->listed == 0)
        return;
    heading(w, "Incidents");
    for (uint32_t i = 0; i < incidents->listed && i < LIST_SHOWN; i++) {
        add(w, "- **");
        add_plain(w, incidents->at[i].title);
        buf_printf(&w->out, "** (%.*s): ", STR_ARG(level_name(incidents->at[i].level)));
        add_plain(w, incidents->at[i].story);
        add(w, "\n");
    }
}

static void write_verdicts(struct output_writer *w, const char *name, const uint32_t *numbers)
{
    buf_printf(&w->out, "| %s | %u | %u | %u | %u |\n", name, numbers[COVERAGE_HIT],
               numbers[COVERAGE_CLEAN], numbers[COVERAGE_WEAKENED], numbers[COVERAGE_BLIND]);
}

static void write_coverage(struct output_writer *w, const struct run_coverage *coverage)
{
    if (!coverage->judged)
        return;
    heading(w, "What could have been seen");
    add(w, "| | hit | clean | weakened | blind |\n|---|---|---|---|---|\n");
    write_verdicts(w, "rules", coverage->rules_by_verdict);
    write_verdicts(w, "techniques", coverage->techniques_by_verdict);
    if (coverage->need_count > 0)
        add(w, "\nTo be switched on:\n\n");
    for (uint32_t i = 0; i < coverage->need_count && i < LIST_SHOWN; i++) {
        add(w, "- ");
        add_plain(w, coverage->needs[i].text);
        buf_printf(&w->out, " (%u rule%s would see more)\n", coverage->needs[i].rules,
                   coverage->needs[i].rules == 1 ? "" : "s");
    }
    if (coverage->gap_count > 0)
        add(w, "\nGaps in logs:\n\n");
    for (uint32_t i = 0; i < coverage->gap_count && i < LIST_SHOWN; i++) {
        add(w, "- ");
        add_plain(w, coverage->gaps[i].host);
        add(w, " ");
        add_plain(w, coverage->gaps[i].source);
        add(w, ": ");
        add_plain(w, coverage->gaps[i].text);
        add(w, "\n");
    }
}

static void write_notes(struct output_writer *w, const char *what, const struct report_notes *notes)
{
    if (notes->count == 0)
        return;
    buf_printf(&w->out, "- %llu %s\n", (unsigned long long)notes->count, what);
    for (uint32_t i = 0; i < notes->listed && i < LIST_SHOWN; i++) {
        add(w, "  - ");
        add_plain(w, notes->at[i].path);
        if (notes->at[i].text.len > 0)
            add(w, ": ");
        add_plain(w, notes->at[i].text);
        add(w, "\n");
    }
}

static void write_unseen(struct output_writer *w, const struct run_report *report)
{
    if (!report->unreadable.count && !report->set_aside.count && !report->damaged.count &&
        !report->unknown_format.count && !report->refused.count)
        return;
    heading(w, "What could not be seen");
    write_notes(w, "files or folders could not be read", &report->unreadable);
    write_notes(w, "files were set aside: the process reading them died", &report->set_aside);
    write_notes(w, "damaged stretches", &report->damaged);
    write_notes(w, "files of unknown format", &report->unknown_format);
    write_notes(w, "rules were refused", &report->refused);
}

static void markdown_end(struct output_writer *writer, const struct run_report *report)
{
    write_answer(writer, report);
    write_incidents(writer, &report->incidents);
    write_counts(writer, "Rules", &report->top_rules);
    write_counts(writer, "Indicators", &report->top_indicators);
    write_counts(writer, "Hosts", &report->top_hosts);
    write_coverage(writer, &report->coverage);
    write_unseen(writer, report);
    writer->sink->write(writer->sink->context, buf_str(&writer->out));
    buf_free(&writer->out);
    buf_free(&writer->text);
    free(writer);
}

const struct output output_markdown = {
    .name = "markdown",
    .about = "a short report in Markdown, for tickets",
    .begin = markdown_begin,
    .finding = markdown_finding,
    .end = markdown_end,
};
