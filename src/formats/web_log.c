/* web_log.c - logs of web servers, proxies and balancers in other forms than Common, Combined and
 * W3C: see web_layouts.def. */
#include "core/ensure.h"
#include "formats/web_layout.h"

#include <stdlib.h>

#define PROBE_LINES 32u

struct reader {
    struct text_lines lines;
    struct access_reader access;
    struct layouts layouts;
    struct shape_count shapes[LAYOUTS_MAX + 1]; /* behind the layouts: Common and Combined */
};

static struct reader *web_log_reader_new(const struct field_dictionary *fields,
                                         const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    ENSURE(reader);
    text_lines_init(&reader->lines);
    access_reader_init(&reader->access, fields);
    layouts_init(&reader->layouts, fields, options->zone);
    return reader;
}

static void web_log_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    text_lines_free(&reader->lines);
    access_reader_free(&reader->access);
    free(reader);
}

static void web_log_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)carry;
    (void)offset;
    text_lines_begin(&reader->lines);
    for (uint32_t i = 0; i < reader->layouts.count; i++)
        reader->shapes[i] = (struct shape_count){.name = reader->layouts.at[i].about};
    reader->shapes[reader->layouts.count] = (struct shape_count){.name = "access log"};
}

static uint64_t web_log_lines(const struct reader *reader)
{
    return reader->lines.count;
}

static size_t web_log_shapes(const struct reader *reader, struct shape_count shapes[SHAPES_MAX])
{
    size_t count = 0;

    for (uint32_t i = 0; i <= reader->layouts.count && count < SHAPES_MAX; i++)
        if (reader->shapes[i].events > 0)
            shapes[count++] = reader->shapes[i];
    return count;
}

/* Which layout the line has, counted as the shapes are; else *why it has none. Access and error log
 * may stand in one file. */
static int take_line(struct reader *reader, struct str text, struct event *event, const char **why)
{
    int layout = layouts_take(&reader->layouts, &reader->access, text, event);
    struct str host;

    *why = NULL;
    if (layout >= 0)
        return layout;
    *why = access_line_take(&reader->access, text, &host, event->arena);
    if (*why)
        return 0;
    event->time_ns = reader->access.clock_ns;
    event->has_time = true;
    event->host = host;
    return (int)reader->layouts.count;
}

static enum step web_log_next(struct reader *reader, struct window *window, struct event *event,
                              struct damage *damage)
{
    struct text_line line;
    const char *why;

    enum step step = text_lines_next_filled(&reader->lines, window, &line, damage);
    if (step != STEP_EVENT)
        return step;
    text_event_begin(event, &line);
    int layout = take_line(reader, line.text, event, &why);
    if (why)
        return text_line_lost(&line, why, damage);
    text_record_fill(&reader->access.record, event);
    struct shape_count *count = &reader->shapes[layout];
    if (count->events++ == 0)
        count->example_offset = event->offset;
    return STEP_EVENT;
}

static void web_log_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    text_record_render(&reader->access.record, json);
}

static int web_log_probe(struct str head)
{
    struct field_dictionary *no_fields = NULL;
    struct layouts *layouts = calloc(1, sizeof(*layouts));
    struct str line;
    unsigned lines = 0, known = 0, access = 0;

    ENSURE(layouts);
    layouts_init(layouts, no_fields, NULL);
    while (lines < PROBE_LINES && text_head_line(&head, &line)) {
        if (str_trim(line).len == 0)
            continue;
        lines++;
        bool fits = layouts_find(layouts, line) >= 0;
        known += fits;
        access += !fits && access_line_is(line);
    }
    free(layouts);
    if (known == 0)
        return 0;
    known += access;
    return known == lines ? 90 : known * 2 >= lines ? 80 : known * 8 >= lines ? 30 : 0;
}

const struct format format_web_log = {
    .name = "web_log",
    .about = "logs of HAProxy, AWS balancers, Envoy, Squid, Zoraxy, Confluence, Jira, Bitbucket; "
             "error logs of Apache and nginx",
    .line_or_record = "line",
    .probe = web_log_probe,
    .cut_begin = 0,
    .cut_unit = TEXT_CUT_UNIT,
    .cut = text_line_cut,
    .reader_new = web_log_reader_new,
    .reader_free = web_log_reader_free,
    .reader_begin = web_log_reader_begin,
    .next = web_log_next,
    .render = web_log_render,
    .lines = web_log_lines,
    .shapes = web_log_shapes,
};
