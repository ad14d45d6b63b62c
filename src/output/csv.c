/* csv.c - RFC 4180 with a header line; the same columns always, whatever the findings hold. */
#include "codec/time_text.h"
#include "core/ensure.h"
#include "output/output.h"

#include <stdlib.h>

struct output_writer {
    const struct sink *sink;
    struct buf line;
    struct buf cell;
    enum language language;
};

static const char header[] = "time,level,title,message,host,kind,verdict,because,id,attack,why,"
                             "path,format,record,line,offset,"
                             "account,address,domain,file,hash,entity_host,process,service,fields,"
                             "first,last,count,group,events\r\n";

static struct output_writer *csv_begin(const struct sink *sink,
                                       const struct output_options *options)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    ENSURE(writer);
    writer->sink = sink;
    writer->language = options->language;
    buf_init(&writer->line, SIZE_MAX);
    buf_init(&writer->cell, SIZE_MAX);
    sink->write(sink->context, str_from(header));
    return writer;
}

static void add_cell(struct output_writer *writer, struct str text)
{
    if (writer->line.len > 0)
        buf_add_char(&writer->line, ',');
    escape_csv(text, &writer->line);
}

static void add_list(struct output_writer *writer, const struct str_list *list, const char *between)
{
    buf_reset(&writer->cell);
    for (uint32_t i = 0; i < list->count; i++) {
        if (i)
            buf_add(&writer->cell, str_from(between));
        buf_add(&writer->cell, list->at[i]);
    }
    add_cell(writer, buf_str(&writer->cell));
}

static void add_number(struct output_writer *writer, bool present, uint64_t number)
{
    buf_reset(&writer->cell);
    if (present)
        buf_add_u64(&writer->cell, number);
    add_cell(writer, buf_str(&writer->cell));
}

static void add_time(struct output_writer *writer, bool present, int64_t time_ns)
{
    char time[TIME_TEXT_SIZE];

    add_cell(writer, (struct str){time, present ? time_print(time_ns, time) : 0});
}

static void add_json(struct output_writer *writer, struct str json)
{
    buf_add_char(&writer->line, ',');
    escape_csv_json(json, &writer->line);
}

/* What a finding over several events has besides. */
static void add_combined(struct output_writer *writer, const struct finding *finding)
{
    const struct combined *combined = finding->combined;

    add_time(writer, combined, combined ? combined->first_ns : 0);
    add_time(writer, combined, combined ? combined->last_ns : 0);
    add_number(writer, combined, combined ? combined->count : 0);
    buf_reset(&writer->cell);
    if (combined)
        finding_write_matched(finding, &writer->cell);
    add_json(writer, buf_str(&writer->cell));
    buf_reset(&writer->cell);
    if (combined)
        finding_write_events(finding, &writer->cell);
    add_json(writer, buf_str(&writer->cell));
}

static void csv_finding(struct output_writer *writer, const struct finding *finding)
{
    bool placed = finding->path.len > 0;

    buf_reset(&writer->line);
    add_time(writer, finding->has_time, finding->time_ns);
    add_cell(writer, level_name(finding->level));
    add_cell(writer, finding->title);
    add_cell(writer, finding_message(finding, writer->language));
    add_cell(writer, finding->host);
    add_cell(writer, finding_kind_name(finding->kind));
    add_cell(writer, verdict_name(finding->verdict));
    add_list(writer, &finding->because, "; ");
    add_cell(writer, finding->id);
    add_list(writer, &finding->attack, " ");
    add_cell(writer, finding->why);
    add_cell(writer, finding->path);
    add_cell(writer, finding->format);
    add_number(writer, placed && !finding->is_line, finding->number);
    add_number(writer, placed && finding->is_line, finding->number);
    add_number(writer, placed, finding->offset);
    const struct str_list *entities = finding_entities(finding);
    for (unsigned kind = 0; kind < ENTITY_KINDS; kind++)
        add_list(writer, &entities[kind], " ");
    add_json(writer, finding->fields);
    add_combined(writer, finding);
    buf_add(&writer->line, STR("\r\n"));
    writer->sink->write(writer->sink->context, buf_str(&writer->line));
}

static void csv_end(struct output_writer *writer, const struct run_report *report)
{
    (void)report;
    buf_free(&writer->line);
    buf_free(&writer->cell);
    free(writer);
}

const struct output output_csv = {
    .name = "csv",
    .about = "CSV with a header line: the same columns always, the event as JSON in one of them",
    .begin = csv_begin,
    .takes_coverage = true,
    .finding = csv_finding,
    .end = csv_end,
};
