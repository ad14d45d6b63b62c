/* terminal.c - the report for people: summary first, then a timeline in which repetitions are
 * folded. */
#include "core/ensure.h"
#include "output/terminal_priv.h"

#include <stdlib.h>

#define TIMELINE_ROWS_MAX                                                                          \
    400 /* more is no reading matter; the machine-readable outputs have all  \
                               */
#define HOST_COLUMNS 18

struct output_writer {
    struct terminal terminal;
    /* the row that is being folded: texts are copied, for findings do not outlive the call */
    struct arena *arena;
    struct finding row;
    uint64_t row_count;
    int64_t row_last_ns;
    uint64_t rows;
    uint64_t findings_left_out;
    bool headed;
};

static struct output_writer *terminal_begin(const struct sink *sink,
                                            const struct output_options *options,
                                            const struct run_report *report)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    ENSURE(writer);
    terminal_open(&writer->terminal, sink, options);
    writer->arena = arena_new("timeline row", 64u << 20);
    terminal_write_summary(&writer->terminal, report);
    return writer;
}

static void write_row(struct output_writer *writer)
{
    struct terminal *t = &writer->terminal;
    const struct finding *row = &writer->row;

    if (writer->rows == TIMELINE_ROWS_MAX) {
        writer->findings_left_out += writer->row_count;
        return;
    }
    writer->rows++;
    if (row->has_time)
        terminal_time(t, STYLE_PLAIN, row->time_ns);
    else
        terminal_text(t, STYLE_FAINT, STR("(no time)"));
    terminal_pad(t, 21);
    terminal_level(t, row->level, 14);
    terminal_column(t, STYLE_PLAIN, row->host, HOST_COLUMNS);
    terminal_text(t, STYLE_PLAIN, STR(" "));
    terminal_text(t, STYLE_STRONG, row->title);
    if (writer->row_count > 1) {
        terminal_printf(t, STYLE_PLAIN, " %s%llu", t->options.utf8 ? "×" : "x",
                        (unsigned long long)writer->row_count);
        if (row->has_time && writer->row_last_ns > row->time_ns) {
            terminal_text(t, STYLE_FAINT, STR(" until "));
            terminal_time(t, STYLE_FAINT, writer->row_last_ns);
        }
    }
    terminal_end_line(t);
    terminal_pad(t, 21);
    terminal_text(t, STYLE_FAINT, row->why);
    terminal_end_line(t);
    terminal_pad(t, 21);
    terminal_text(t, STYLE_FAINT, row->path);
    terminal_printf(t, STYLE_FAINT, row->is_line ? " line %llu" : " record %llu",
                    (unsigned long long)row->number);
    for (uint32_t i = 0; i < row->attack.count; i++) {
        terminal_text(t, STYLE_FAINT, i ? STR(", ") : STR("  "));
        terminal_text(t, STYLE_FAINT, row->attack.at[i]);
    }
    terminal_end_line(t);
}

static void start_row(struct output_writer *writer, const struct finding *finding)
{
    arena_reset(writer->arena);
    writer->row = *finding;
    writer->row.title = arena_str(writer->arena, finding->title);
    writer->row.host = arena_str(writer->arena, finding->host);
    writer->row.id = arena_str(writer->arena, finding->id);
    writer->row.why = arena_str(writer->arena, finding->why);
    writer->row.path = arena_str(writer->arena, finding->path);
    struct str *attack = ARENA_ARRAY(writer->arena, struct str, finding->attack.count);
    for (uint32_t i = 0; i < finding->attack.count; i++)
        attack[i] = arena_str(writer->arena, finding->attack.at[i]);
    writer->row.attack.at = attack;
    writer->row_count = 1;
    writer->row_last_ns = finding->time_ns;
}

static void terminal_finding(struct output_writer *writer, const struct finding *finding)
{
    if (!writer->headed) {
        terminal_end_line(&writer->terminal);
        terminal_text(&writer->terminal, STYLE_STRONG, STR("Timeline (UTC)"));
        terminal_end_line(&writer->terminal);
        writer->headed = true;
    }
    if (writer->row_count > 0 && str_eq(writer->row.id, finding->id) &&
        str_eq(writer->row.host, finding->host) && writer->row.has_time == finding->has_time) {
        writer->row_count++;
        writer->row_last_ns = finding->time_ns;
        return;
    }
    if (writer->row_count > 0)
        write_row(writer);
    start_row(writer, finding);
}

static void terminal_end(struct output_writer *writer)
{
    if (writer->row_count > 0)
        write_row(writer);
    if (writer->findings_left_out > 0) {
        terminal_printf(&writer->terminal, STYLE_STRONG,
                        "... and %llu more findings: --output csv=FILE or jsonl=FILE has them all",
                        (unsigned long long)writer->findings_left_out);
        terminal_end_line(&writer->terminal);
    }
    terminal_close(&writer->terminal);
    arena_free(writer->arena);
    free(writer);
}

const struct output output_terminal = {
    .name = "terminal",
    .about = "a report for people: summary, then a timeline",
    .begin = terminal_begin,
    .finding = terminal_finding,
    .end = terminal_end,
};
