/* jsonl.c - one finding per line as share/schema/finding.schema.json has it. */
#include "core/ensure.h"
#include "output/output.h"

#include <stdlib.h>

struct output_writer {
    const struct sink *sink;
    struct buf line;
    enum language language;
};

static struct output_writer *jsonl_begin(const struct sink *sink,
                                         const struct output_options *options)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    ENSURE(writer);
    writer->sink = sink;
    writer->language = options->language;
    buf_init(&writer->line, SIZE_MAX);
    return writer;
}

static void jsonl_finding(struct output_writer *writer, const struct finding *finding)
{
    buf_reset(&writer->line);
    finding_write_json(finding, writer->language, &writer->line);
    buf_add_char(&writer->line, '\n');
    writer->sink->write(writer->sink->context, buf_str(&writer->line));
}

static void jsonl_end(struct output_writer *writer, const struct run_report *report)
{
    (void)report;
    buf_free(&writer->line);
    free(writer);
}

const struct output output_jsonl = {
    .name = "jsonl",
    .about = "JSON Lines: one finding per line, everything in it",
    .begin = jsonl_begin,
    .takes_coverage = true,
    .finding = jsonl_finding,
    .end = jsonl_end,
};
