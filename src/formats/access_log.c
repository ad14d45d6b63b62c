/* access_log.c - access logs of Apache, nginx and others, in Common and Combined form. */
#include "core/ensure.h"
#include "formats/access_line.h"

#include <stdlib.h>

#define PROBE_LINES 64u

struct reader {
    struct text_lines lines;
    struct access_reader access;
};

static enum step access_log_next(struct reader *reader, struct window *window, struct event *event,
                                 struct damage *damage)
{
    struct text_line line;
    struct str host;

    enum step step = text_lines_next_filled(&reader->lines, window, &line, damage);
    if (step != STEP_EVENT)
        return step;
    text_event_begin(event, &line);
    const char *why = access_line_take(&reader->access, line.text, &host, event->arena);
    if (why)
        return text_line_lost(&line, why, damage);
    event->time_ns = reader->access.clock_ns;
    event->has_time = true;
    event->host = host;
    text_record_fill(&reader->access.record, event);
    return STEP_EVENT;
}

/* ---- reader ---- */

static struct reader *access_log_reader_new(const struct field_dictionary *fields,
                                            const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    (void)options;
    ENSURE(reader);
    text_lines_init(&reader->lines);
    access_reader_init(&reader->access, fields);
    return reader;
}

static void access_log_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    text_lines_free(&reader->lines);
    access_reader_free(&reader->access);
    free(reader);
}

static void access_log_reader_begin(struct reader *reader, const struct carry *carry,
                                    uint64_t offset)
{
    (void)carry;
    (void)offset;
    text_lines_begin(&reader->lines);
}

static void access_log_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    text_record_render(&reader->access.record, json);
}

static uint64_t access_log_lines(const struct reader *reader)
{
    return reader->lines.count;
}

/* ---- probe ---- */

/* Lines of other kinds may stand between, such as those of an error log in one file with it. */
static int access_log_probe(struct str head)
{
    struct str line;
    unsigned lines = 0, known = 0;

    while (lines < PROBE_LINES && text_head_line(&head, &line)) {
        if (str_trim(line).len == 0)
            continue;
        lines++;
        known += access_line_is(line);
    }
    if (known == 0 || known * 16 < lines)
        return 0;
    return known * 2 >= lines ? 85 : 40;
}

const struct format format_access_log = {
    .name = "access_log",
    .about = "access logs of web servers in Common and Combined form, with or without virtual host",
    .line_or_record = "line",
    .probe = access_log_probe,
    .cut_begin = 0,
    .cut_unit = TEXT_CUT_UNIT,
    .cut = text_line_cut,
    .reader_new = access_log_reader_new,
    .reader_free = access_log_reader_free,
    .reader_begin = access_log_reader_begin,
    .next = access_log_next,
    .render = access_log_render,
    .lines = access_log_lines,
};
