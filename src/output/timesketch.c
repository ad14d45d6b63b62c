/* timesketch.c - what Timesketch imports: a fixed small set of fields, all of them text. CSV, or
 * JSON Lines where the file's name ends in .jsonl. Its required fields are message, datetime and
 * timestamp_desc (Timesketch's documentation, "Import from JSON or CSV"). */
#include "codec/json.h"
#include "codec/time_text.h"
#include "core/ensure.h"
#include "output/members.h"
#include "output/output.h"

#include <stdlib.h>

enum column {
    COLUMN_MESSAGE,
    COLUMN_DATETIME,
    COLUMN_TIMESTAMP_DESC,
    COLUMN_TIMESTAMP,
    COLUMN_HOST,
    COLUMN_LEVEL,
    COLUMN_RULE,
    COLUMN_RULE_ID,
    COLUMN_TECHNIQUES,
    COLUMN_ACCOUNTS,
    COLUMN_ADDRESSES,
    COLUMN_SOURCE,
    COLUMN_DETAILS,
    COLUMNS
};

static const char *const columns[COLUMNS] = {
    "message", "datetime",   "timestamp_desc", "timestamp", "host",      "level",  "rule",
    "rule_id", "techniques", "accounts",       "addresses", "source_of", "details"};

struct output_writer {
    const struct sink *sink;
    bool lines;
    enum language language;
    struct buf line;
    struct buf cells[COLUMNS];
};

static void put_line(struct output_writer *writer)
{
    writer->sink->write(writer->sink->context, buf_str(&writer->line));
    buf_reset(&writer->line);
}

static struct output_writer *timesketch_begin(const struct sink *sink,
                                              const struct output_options *options)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    ENSURE(writer);
    writer->sink = sink;
    writer->language = options->language;
    writer->lines = str_ends_with(options->path, STR(".jsonl"));
    buf_init(&writer->line, SIZE_MAX / 2);
    for (unsigned i = 0; i < COLUMNS; i++)
        buf_init(&writer->cells[i], SIZE_MAX / 2);
    for (unsigned i = 0; i < COLUMNS && !writer->lines; i++)
        buf_printf(&writer->line, "%s%s", i ? "," : "", columns[i]);
    if (!writer->lines) {
        buf_add(&writer->line, STR("\r\n"));
        put_line(writer);
    }
    return writer;
}

static void add_list(struct buf *out, const struct str_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (i)
            buf_add_char(out, ' ');
        buf_add(out, list->at[i]);
    }
}

/* Timesketch takes no event without a time: such a one stands at the beginning of all. */
static void add_time(struct output_writer *writer, const struct finding *finding)
{
    int64_t time_ns = finding->has_time ? finding->time_ns : 0;
    char text[TIME_TEXT_SIZE];
    size_t len = time_print(time_ns, text);

    /* "...:56.123456789Z": microseconds, and the zone as an offset */
    buf_add_bytes(&writer->cells[COLUMN_DATETIME], text, len - 4);
    buf_add(&writer->cells[COLUMN_DATETIME], STR("+00:00"));
    buf_add_i64(&writer->cells[COLUMN_TIMESTAMP], time_ns / 1000);
    buf_add(&writer->cells[COLUMN_TIMESTAMP_DESC],
            finding->has_time ? STR("Event Time") : STR("Time unknown"));
}

static void fill(struct output_writer *writer, const struct finding *finding)
{
    struct buf *cells = writer->cells;
    const struct str_list *entities = finding_entities(finding);

    buf_printf(&cells[COLUMN_MESSAGE], "[%.*s] ", STR_ARG(level_name(finding->level)));
    buf_add(&cells[COLUMN_MESSAGE], finding->title);
    struct str message = finding_message(finding, writer->language);
    if (message.len == 0)
        message = finding->why;
    if (message.len > 0) {
        buf_add(&cells[COLUMN_MESSAGE], STR(": "));
        buf_add(&cells[COLUMN_MESSAGE], message);
    }
    add_time(writer, finding);
    buf_add(&cells[COLUMN_HOST], finding->host);
    buf_add(&cells[COLUMN_LEVEL], level_name(finding->level));
    buf_add(&cells[COLUMN_RULE], finding->title);
    buf_add(&cells[COLUMN_RULE_ID], finding->id);
    add_list(&cells[COLUMN_TECHNIQUES], &finding->attack);
    add_list(&cells[COLUMN_ACCOUNTS], &entities[ENTITY_ACCOUNT]);
    add_list(&cells[COLUMN_ADDRESSES], &entities[ENTITY_ADDRESS]);
    buf_printf(&cells[COLUMN_SOURCE], "%.*s %s %llu", STR_ARG(finding->path),
               finding->is_line ? "line" : "record", (unsigned long long)finding->number);
    finding_write_matched(finding, &cells[COLUMN_DETAILS]);
}

static void timesketch_finding(struct output_writer *writer, const struct finding *finding)
{
    for (unsigned i = 0; i < COLUMNS; i++)
        buf_reset(&writer->cells[i]);
    fill(writer, finding);
    if (writer->lines)
        buf_add_char(&writer->line, '{');
    for (unsigned i = 0; i < COLUMNS; i++) {
        struct str text = buf_str(&writer->cells[i]);
        if (writer->lines) {
            member_text(&writer->line, columns[i], text);
            continue;
        }
        if (i > 0)
            buf_add_char(&writer->line, ',');
        if (i == COLUMN_DETAILS)
            escape_csv_json(text, &writer->line);
        else
            escape_csv(text, &writer->line);
    }
    buf_add(&writer->line, writer->lines ? STR("}\n") : STR("\r\n"));
    put_line(writer);
}

static void timesketch_end(struct output_writer *writer, const struct run_report *report)
{
    (void)report;
    buf_free(&writer->line);
    for (unsigned i = 0; i < COLUMNS; i++)
        buf_free(&writer->cells[i]);
    free(writer);
}

const struct output output_timesketch = {
    .name = "timesketch",
    .about = "CSV for Timesketch; JSON Lines if the file's name ends in .jsonl",
    .begin = timesketch_begin,
    .finding = timesketch_finding,
    .end = timesketch_end,
};
