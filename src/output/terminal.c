/* terminal.c - the report for people: summary first, then a timeline that is short enough to read.
 *
 * What a rule finds on a host again and again is one row. Of too many rows the gravest stay, of one
 * level the earliest; so rows are kept, as many of each level as can be shown at all, until the
 * last finding has come. */
#include "codec/utf.h"
#include "core/ensure.h"
#include "output/terminal_priv.h"

#include <stdio.h>
#include <stdlib.h>

#define ROWS_MAX 200 /* more is no reading matter; the machine-readable outputs have everything */
#define ROW_GAP_NS (3600 * (uint64_t)1000000000) /* a longer pause begins a new row */
#define ROW_FACTS_MAX 8                          /* distinct ones, of the findings of one row */
#define TEXT_BYTES_MAX 1024
#define VALUE_BYTES_MAX 200
#define MESSAGE_BYTES_MAX 400
#define CLOCK_COLUMN 2
#define DETAIL_COLUMN 12

struct row {
    uint64_t order; /* of its first finding */
    uint64_t count;
    int64_t first_ns, last_ns;
    bool has_time;
    enum level level;
    struct str id, title, host, place, attack; /* in the writer's arena, as all texts */
    struct str message;                        /* of its first finding */
    struct str facts[ROW_FACTS_MAX];
    uint32_t fact_count;
};

struct rows {
    struct row at[ROWS_MAX];
    uint32_t count;
};

struct output_writer {
    struct terminal terminal;
    struct arena *arena;
    struct buf text, value; /* scratch */
    struct rows levels[LEVEL_COUNT];
    uint64_t findings, by_level[LEVEL_COUNT];
};

static struct output_writer *terminal_begin(const struct sink *sink,
                                            const struct output_options *options)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    ENSURE(writer);
    terminal_open(&writer->terminal, sink, options);
    writer->arena = arena_new("timeline", 64u << 20);
    buf_init(&writer->text, SIZE_MAX);
    buf_init(&writer->value, SIZE_MAX);
    return writer;
}

/* ---- rows ---- */

/* At most `max` bytes, not cut inside a character. */
static void add_clipped(struct buf *out, struct str text, size_t max)
{
    buf_add(out, utf8_cut(text, max));
    if (text.len > max)
        buf_add(out, STR("..."));
}

static struct str keep(struct output_writer *writer, struct str text)
{
    buf_reset(&writer->text);
    add_clipped(&writer->text, text, TEXT_BYTES_MAX);
    return arena_str(writer->arena, buf_str(&writer->text));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The same, for reading: line ends and other blanks that follow one another are one blank. */
static void add_value(struct buf *out, struct str text)
{
    char joined[VALUE_BYTES_MAX + 1]; /* one more than is shown tells that there is more */
    size_t len = 0;

    text = str_trim(text);
    for (size_t i = 0; i < text.len && len < sizeof(joined); i++)
        if (!is_blank(text.at[i]))
            joined[len++] = text.at[i];
        else if (!is_blank(text.at[i + 1])) /* it does not end in one */
            joined[len++] = ' ';
    add_clipped(out, (struct str){joined, len}, VALUE_BYTES_MAX);
}

/* "name: value", unless the row says so already, or is full. */
static void add_fact(struct output_writer *writer, struct row *row, struct str name,
                     struct str value)
{
    if (row->fact_count == ROW_FACTS_MAX)
        return;
    buf_reset(&writer->text);
    add_clipped(&writer->text, name, VALUE_BYTES_MAX);
    buf_add(&writer->text, STR(": "));
    add_value(&writer->text, value);
    for (uint32_t i = 0; i < row->fact_count; i++)
        if (str_eq(row->facts[i], buf_str(&writer->text)))
            return;
    row->facts[row->fact_count++] = arena_str(writer->arena, buf_str(&writer->text));
}

/* Blanks are in the message as they are shown. */
static bool is_told(struct output_writer *writer, const struct row *row, struct str value)
{
    buf_reset(&writer->value);
    add_value(&writer->value, utf8_cut(value, VALUE_BYTES_MAX));
    struct str shown = buf_str(&writer->value);
    return shown.len > 0 && str_find(row->message, shown) < row->message.len;
}

static bool is_matched(const struct finding *finding, struct str value)
{
    for (uint32_t i = 0; i < finding->matched_count; i++)
        if (str_eq(finding->matched[i].value.text, value))
            return true;
    return false;
}

static void add_entities(struct output_writer *writer, struct row *row,
                         const struct finding *finding, enum entity_kind kind)
{
    const struct str_list *entities = &finding_entities(finding)[kind];

    for (uint32_t i = 0; i < entities->count && row->fact_count < ROW_FACTS_MAX; i++)
        if (!is_matched(finding, entities->at[i]) && !is_told(writer, row, entities->at[i]))
            add_fact(writer, row, entity_kind_name(kind), entities->at[i]);
}

static void add_place(struct buf *out, struct str path, bool is_line, uint64_t number)
{
    buf_add(out, path);
    buf_printf(out, is_line ? " line %llu" : " record %llu", (unsigned long long)number);
}

/* "3, from 2026-09-14 02:15:13 until 02:16:30", and where the first of them stands. */
static void add_combined(struct output_writer *writer, struct row *row,
                         const struct combined *combined)
{
    char first[MOMENT_TEXT_SIZE], last[MOMENT_TEXT_SIZE], count[COUNT_TEXT_SIZE];
    struct str from = str_from(moment_text(combined->first_ns, first));
    struct str until = str_from(moment_text(combined->last_ns, last));
    bool same_day = str_eq(str_slice(from, 0, 10), str_slice(until, 0, 10));
    struct buf *value = &writer->value;

    until = str_slice(until, same_day ? 11 : 0, until.len);
    buf_reset(value);
    buf_printf(value, "%s, from %.*s until %.*s", count_text(combined->count, count), STR_ARG(from),
               STR_ARG(until));
    add_fact(writer, row, STR("events"), buf_str(value));
    if (combined->event_count == 0)
        return;
    const struct combined_event *event = &combined->events[0];
    buf_reset(value);
    buf_printf(value, "%.*s, ", STR_ARG(event->title));
    add_place(value, event->path, event->is_line, event->number);
    add_fact(writer, row, STR("first"), buf_str(value));
}

/* What the event had in the fields that the rule looked at, and who it was about; what
 * the message has is not said again. Of several events, how many: of the first finding of a row
 * alone. */
static void add_facts(struct output_writer *writer, struct row *row, const struct finding *finding)
{
    bool first = row->fact_count == 0;
    if (finding->combined || finding->kind == FINDING_FILE)
        add_fact(writer, row, STR("because"), finding->why);
    if (finding->combined && first)
        add_combined(writer, row, finding->combined);
    for (uint32_t i = 0; i < finding->matched_count && row->fact_count < ROW_FACTS_MAX; i++) {
        const struct matched_field *field = &finding->matched[i];
        if (!is_told(writer, row, field->value.text))
            add_fact(writer, row, field->name.len ? field->name : STR("keyword"),
                     field->value.text);
    }
    if (row->fact_count == ROW_FACTS_MAX)
        return;
    add_entities(writer, row, finding, ENTITY_ACCOUNT);
    add_entities(writer, row, finding, ENTITY_ADDRESS);
}

static struct str place_of(struct output_writer *writer, const struct finding *finding)
{
    buf_reset(&writer->text);
    add_place(&writer->text, finding->path, finding->is_line, finding->number);
    size_t max = TEXT_BYTES_MAX, len = writer->text.len;
    return arena_str(writer->arena,
                     str_slice(buf_str(&writer->text), len > max ? len - max : 0, len));
}

static struct str attack_of(struct output_writer *writer, const struct finding *finding)
{
    buf_reset(&writer->text);
    for (uint32_t i = 0; i < finding->attack.count && writer->text.len < TEXT_BYTES_MAX; i++) {
        if (i)
            buf_add(&writer->text, STR(", "));
        buf_add(&writer->text, finding->attack.at[i]);
    }
    return arena_str(writer->arena, buf_str(&writer->text));
}

static void start_row(struct output_writer *writer, struct row *row, const struct finding *finding)
{
    *row = (struct row){.order = writer->findings,
                        .count = 1,
                        .first_ns = finding->time_ns,
                        .last_ns = finding->time_ns,
                        .has_time = finding->has_time,
                        .level = finding->level,
                        .id = keep(writer, finding->id),
                        .title = keep(writer, finding->title),
                        .host = keep(writer, finding->host),
                        .place = place_of(writer, finding),
                        .attack = attack_of(writer, finding)};
    buf_reset(&writer->text);
    add_clipped(&writer->text, finding_message(finding, writer->terminal.options.language),
                MESSAGE_BYTES_MAX);
    row->message = arena_str(writer->arena, buf_str(&writer->text));
    add_facts(writer, row, finding);
}

/* Files are told one by one. */
static bool belongs_to(const struct row *row, const struct finding *finding)
{
    return finding->kind != FINDING_FILE && row->has_time == finding->has_time &&
           str_eq(row->id, finding->id) && str_eq(row->host, finding->host) &&
           str_eq(row->title, finding->title) &&
           (!row->has_time || (uint64_t)finding->time_ns - (uint64_t)row->last_ns <= ROW_GAP_NS);
}

/* How many rows of a level can be shown at most: graver ones come first. */
static uint32_t rows_left(const struct output_writer *writer, enum level level)
{
    uint32_t left = ROWS_MAX;

    for (unsigned graver = LEVEL_COUNT; --graver > (unsigned)level && left > 0;)
        left -= writer->levels[graver].count < left ? writer->levels[graver].count : left;
    return left;
}

static void terminal_finding(struct output_writer *writer, const struct finding *finding)
{
    struct rows *rows = &writer->levels[finding->level];
    uint32_t left = rows_left(writer, finding->level);

    writer->findings++;
    writer->by_level[finding->level]++;
    if (rows->count > left)
        rows->count = left;
    for (uint32_t i = rows->count; i-- > 0;) {
        struct row *row = &rows->at[i];
        if (!belongs_to(row, finding))
            continue;
        row->count++;
        row->last_ns = finding->time_ns;
        add_facts(writer, row, finding);
        return;
    }
    if (rows->count < left)
        start_row(writer, &rows->at[rows->count++], finding);
}

/* ---- the timeline ---- */

static void write_first_line(struct terminal *t, const struct row *row, unsigned level_columns)
{
    char first[MOMENT_TEXT_SIZE], last[MOMENT_TEXT_SIZE], repeated[2 * MOMENT_TEXT_SIZE] = "";
    struct str moment = str_from(row->has_time ? moment_text(row->first_ns, first) : "");
    struct str until = str_from(row->has_time ? moment_text(row->last_ns, last) : "");
    char count[COUNT_TEXT_SIZE];

    terminal_pad(t, CLOCK_COLUMN);
    terminal_text(t, STYLE_PLAIN, str_slice(moment, 11, moment.len));
    terminal_pad(t, DETAIL_COLUMN);
    terminal_level(t, row->level, level_columns);
    if (row->count > 1) {
        bool later = !str_eq(moment, until);
        bool same_day = str_eq(str_slice(moment, 0, 10), str_slice(until, 0, 10));
        struct str end = later ? str_slice(until, same_day ? 11 : 0, until.len) : STR_EMPTY;
        snprintf(repeated, sizeof(repeated), "  %s%s%s%.*s", t->options.utf8 ? "×" : "x",
                 count_text(row->count, count), later ? " until " : "", STR_ARG(end));
    }
    unsigned reserved = terminal_columns(t, str_from(repeated)), left = terminal_left(t);
    terminal_text_within(t, STYLE_STRONG, row->title, left > reserved ? left - reserved : left);
    terminal_text(t, STYLE_PLAIN, str_from(repeated));
    unsigned needed = terminal_columns(t, row->attack);
    if (needed > 0 && needed + 2 <= terminal_left(t)) {
        terminal_text(t, STYLE_PLAIN, STR("  "));
        terminal_text(t, STYLE_FAINT, row->attack);
    }
    terminal_end_line(t);
}

static void write_row(struct terminal *t, const struct row *row, unsigned level_columns)
{
    write_first_line(t, row, level_columns);
    terminal_pad(t, DETAIL_COLUMN);
    if (row->host.len > 0) {
        terminal_text(t, STYLE_PLAIN, row->host);
        terminal_separator(t);
    }
    terminal_tail_within(t, STYLE_FAINT, row->place, terminal_left(t));
    terminal_end_line(t);
    if (row->message.len > 0) {
        terminal_words(t, STYLE_PLAIN, DETAIL_COLUMN, row->message);
        terminal_end_line(t);
    }
    for (uint32_t i = 0; i < row->fact_count; i++)
        terminal_item(t, DETAIL_COLUMN, row->facts[i]);
    if (row->fact_count > 0)
        terminal_end_line(t);
}

static void write_day(struct terminal *t, const struct row *row, const struct row *before)
{
    char moment[MOMENT_TEXT_SIZE], other[MOMENT_TEXT_SIZE];
    struct str day = str_from(row->has_time ? moment_text(row->first_ns, moment) : "");

    if (before && before->has_time == row->has_time &&
        (!row->has_time ||
         str_starts_with(day, str_slice(str_from(moment_text(before->first_ns, other)), 0, 10))))
        return;
    terminal_text(t, STYLE_STRONG, row->has_time ? str_slice(day, 0, 10) : STR("(no time)"));
    terminal_end_line(t);
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *left = *(const struct row *const *)a, *right = *(const struct row *const *)b;

    return (left->order > right->order) - (left->order < right->order);
}

/* The rows that are shown, in order of their first finding. */
static uint32_t choose_rows(const struct output_writer *writer, const struct row *chosen[ROWS_MAX])
{
    uint32_t count = 0;

    for (unsigned level = LEVEL_COUNT; level-- > 0;)
        for (uint32_t i = 0; i < writer->levels[level].count && count < ROWS_MAX; i++)
            chosen[count++] = &writer->levels[level].at[i];
    qsort(chosen, count, sizeof(*chosen), compare_rows);
    return count;
}

static void write_heading(struct terminal *t, uint32_t rows, uint64_t shown, uint64_t findings)
{
    char count[COUNT_TEXT_SIZE], all[COUNT_TEXT_SIZE];

    terminal_end_line(t);
    terminal_text(t, STYLE_STRONG, STR("Timeline (UTC)"));
    if (shown < findings)
        terminal_printf(t, STYLE_PLAIN, ": the gravest %u rows, with %s of %s findings", rows,
                        count_text(shown, count), count_text(findings, all));
    terminal_end_line(t);
}

static void write_left_out(struct output_writer *writer, const uint64_t left_out[LEVEL_COUNT])
{
    struct terminal *t = &writer->terminal;
    char count[COUNT_TEXT_SIZE];

    buf_reset(&writer->text);
    for (unsigned level = LEVEL_COUNT; level-- > 0;) {
        if (left_out[level] == 0)
            continue;
        struct str name = level_name((enum level)level);
        buf_printf(&writer->text, "%s%s %.*s", writer->text.len ? ", " : "",
                   count_text(left_out[level], count), STR_ARG(name));
    }
    terminal_end_line(t);
    terminal_words(t, STYLE_STRONG, 0, STR("Not shown:"));
    terminal_words(t, STYLE_PLAIN, 0, buf_str(&writer->text));
    terminal_end_line(t);
    terminal_words(t, STYLE_PLAIN, 0,
                   STR("--output csv=FILE or jsonl=FILE has all findings; --min-level, --after and "
                       "--before leave fewer"));
    terminal_end_line(t);
}

static void write_timeline(struct output_writer *writer)
{
    struct terminal *t = &writer->terminal;
    const struct row *chosen[ROWS_MAX] = {NULL};
    uint64_t shown = 0, left_out[LEVEL_COUNT];
    unsigned level_columns = 0;
    uint32_t count = choose_rows(writer, chosen);

    for (unsigned level = 0; level < LEVEL_COUNT; level++)
        left_out[level] = writer->by_level[level];
    for (uint32_t i = 0; i < count; i++) {
        unsigned columns = (unsigned)level_name(chosen[i]->level).len + 2;
        level_columns = columns > level_columns ? columns : level_columns;
        left_out[chosen[i]->level] -= chosen[i]->count;
        shown += chosen[i]->count;
    }
    write_heading(t, count, shown, writer->findings);
    for (uint32_t i = 0; i < count; i++) {
        write_day(t, chosen[i], i ? chosen[i - 1] : NULL);
        write_row(t, chosen[i], level_columns);
    }
    if (shown < writer->findings)
        write_left_out(writer, left_out);
}

static void terminal_end(struct output_writer *writer, const struct run_report *report)
{
    terminal_write_summary(&writer->terminal, report);
    if (writer->findings > 0)
        write_timeline(writer);
    terminal_close(&writer->terminal);
    buf_free(&writer->text);
    buf_free(&writer->value);
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
