/* syslog.c - syslog as files hold it: a wrapper around what programs say.
 *
 * Rules for it are mostly keywords, which see the whole line. Of sudo the pairs KEY=value are
 * fields; an event of Sysmon for Linux, which is XML in one line, is read as such an event. */
#include "codec/time_text.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "formats/json_priv.h"
#include "formats/syslog_line.h"
#include "formats/text_record.h"
#include "formats/web_layout.h"
#include "formats/xml_event.h"

#include <stdlib.h>

#define JSON_BYTES_MAX (4 * (size_t)RECORD_BYTES_MAX)
#define KEY_BYTES_MAX 32u
#define SUDO_BYTES_MAX 65536u /* of a message that is worth looking into */
#define HEAD_LINES_MAX 32u

enum name {
    NAME_TIME,
    NAME_HOST,
    NAME_PROGRAM,
    NAME_PID,
    NAME_MESSAGE_ID,
    NAME_FACILITY,
    NAME_SEVERITY,
    NAME_MESSAGE,
    NAME_COUNT
};

enum shape { SHAPE_SYSMON = SYSLOG_NO_HEADER + 1, SHAPE_ACCESS, SHAPE_COUNT };

static const char *const shape_names[SHAPE_COUNT] = {
    [SYSLOG_5424] = "syslog (RFC 5424)",
    [SYSLOG_3164] = "syslog (RFC 3164)",
    [SYSLOG_ISO_TIME] = "syslog with times of RFC 3339",
    [SYSLOG_NO_HEADER] = "syslog: lines without a time",
    [SHAPE_SYSMON] = "Sysmon for Linux in syslog",
    [SHAPE_ACCESS] = "access log in syslog",
};

struct reader {
    const struct field_dictionary *fields;
    struct text_name names[NAME_COUNT];
    struct text_lines lines;
    struct text_line line;
    struct text_record record;
    struct access_reader access;
    struct layouts layouts;
    struct json_events events;
    struct buf json;
    bool is_json; /* the last event */
    int64_t changed_ns;
    const struct time_zone *zone;
    struct shape_count shapes[SHAPE_COUNT];
};

static struct reader *syslog_reader_new(const struct field_dictionary *fields,
                                        const struct reader_options *options)
{
    static const struct str names[NAME_COUNT] = {
        STR_INIT("timestamp"), STR_INIT("host"),     STR_INIT("program"),  STR_INIT("pid"),
        STR_INIT("msgid"),     STR_INIT("facility"), STR_INIT("severity"), STR_INIT("message")};
    struct reader *reader = calloc(1, sizeof(*reader));

    ENSURE(reader);
    reader->fields = fields;
    reader->zone = options->zone;
    for (size_t i = 0; i < NAME_COUNT; i++)
        text_name_init(&reader->names[i], fields, names[i]);
    text_lines_init(&reader->lines);
    access_reader_init(&reader->access, fields);
    layouts_init(&reader->layouts, fields, options->zone);
    json_events_init(&reader->events, fields, options);
    buf_init(&reader->json, JSON_BYTES_MAX);
    return reader;
}

static void syslog_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    text_lines_free(&reader->lines);
    access_reader_free(&reader->access);
    json_events_free(&reader->events);
    buf_free(&reader->json);
    free(reader);
}

static void syslog_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)offset;
    text_lines_begin(&reader->lines);
    json_events_begin(&reader->events);
    reader->changed_ns = carry->changed_ns;
    for (size_t i = 0; i < SHAPE_COUNT; i++)
        reader->shapes[i] = (struct shape_count){.name = shape_names[i]};
}

static uint64_t syslog_lines(const struct reader *reader)
{
    return reader->lines.count;
}

static size_t syslog_shapes(const struct reader *reader, struct shape_count shapes[SHAPES_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < SHAPE_COUNT; i++)
        if (reader->shapes[i].events > 0)
            shapes[count++] = reader->shapes[i];
    return count;
}

static void syslog_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    if (reader->is_json)
        buf_add(json, reader->events.text);
    else
        text_record_render(&reader->record, json);
}

/* ---- fields ---- */

static void add(struct reader *reader, enum name name, struct str text)
{
    if (text.len > 0)
        text_record_add(&reader->record, &reader->names[name],
                        name == NAME_PID ? text_value_of(text) : value_string(text));
}

/* A name that only this line has. */
static void add_named(struct reader *reader, struct arena *arena, struct str name, struct str text)
{
    struct text_name *made = ARENA_NEW(arena, struct text_name);

    text_name_init(made, reader->fields, name);
    text_record_add(&reader->record, made, text_value_of(text));
}

/* `[id name="value"]` is id.name. */
static void add_data(struct reader *reader, struct arena *arena, struct str data)
{
    struct syslog_parameter parameter;
    struct str id = STR_EMPTY;

    while (reader->record.count < TEXT_VALUES_MAX - NAME_COUNT &&
           syslog_parameter_next(&data, &id, &parameter))
        add_named(reader, arena,
                  arena_printf(arena, "%.*s.%.*s", STR_ARG(id), STR_ARG(parameter.name)),
                  text_unescape(parameter.value, STR("\"\\]"), arena));
}

/* "alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id": the command may hold
 * anything and comes last. */
static void add_pairs_of_sudo(struct reader *reader, struct arena *arena, struct str message)
{
    const struct str between = STR(" ; ");

    message = str_slice(message, str_find(message, STR(" : ")) + 3, message.len);
    while (message.len > 0 && reader->record.count < TEXT_VALUES_MAX - NAME_COUNT) {
        size_t len = 0;
        while (len < message.len && len < KEY_BYTES_MAX && message.at[len] >= 'A' &&
               message.at[len] <= 'Z')
            len++;
        struct str key = str_slice(message, 0, len);
        bool pair = len > 0 && len < message.len && message.at[len] == '=';
        bool command = str_eq(key, STR("COMMAND"));
        size_t end = command ? message.len : str_find(message, between);
        if (pair)
            add_named(reader, arena, key, str_slice(message, len + 1, end));
        message = str_slice(message, end + between.len, message.len);
    }
}

static void take_time(struct reader *reader, const struct syslog_line *line, struct event *event)
{
    event->time_ns = line->time_ns;
    event->has_time = line->has_time;
    if (line->has_time && !line->has_zone)
        format_local_time(event, reader->zone, line->time_ns);
}

/* A time without its year, or its zone, is shown as what it was taken for. */
static struct str shown_time(const struct syslog_line *line, struct event *event)
{
    if (line->has_zone || !event->has_time)
        return line->time;
    char *text = arena_alloc_bytes(event->arena, TIME_TEXT_SIZE);
    return (struct str){text, time_print(event->time_ns, text)};
}

static void add_parts(struct reader *reader, const struct syslog_line *line, struct event *event)
{
    reader->record.count = reader->record.dropped = 0;
    take_time(reader, line, event);
    event->host = line->host;
    add(reader, NAME_TIME, shown_time(line, event));
    add(reader, NAME_HOST, line->host);
    if (line->has_priority) {
        add(reader, NAME_FACILITY, syslog_facility(line->priority));
        add(reader, NAME_SEVERITY, syslog_severity(line->priority));
    }
    add(reader, NAME_PROGRAM, line->program);
    add(reader, NAME_PID, line->pid);
    add(reader, NAME_MESSAGE_ID, line->message_id);
    add_data(reader, event->arena, line->data);
    if (str_eq(line->program, STR("sudo")) && line->message.len < SUDO_BYTES_MAX)
        add_pairs_of_sudo(reader, event->arena, line->message);
}

/* ---- events ---- */

static bool is_event(struct str message)
{
    return str_starts_with(message, STR("<Event>")) || str_starts_with(message, STR("<Event "));
}

/* False: the message is no whole event, but text like any other. */
static bool take_sysmon(struct reader *reader, const struct syslog_line *line, struct event *event)
{
    struct text_line at = reader->line;
    struct buf *json = &reader->json;
    uint64_t record;

    buf_reset(json);
    text_record_render(&reader->record, json);
    json->len--; /* the brace */
    buf_add_char(json, ',');
    if (reader->record.count == 0 ||
        xml_event_write(str_trim(line->message), event->arena, json, &record))
        return false;
    buf_add_char(json, '}');
    if (json->full)
        return false;
    json_events_take(&reader->events, buf_str(json), at.offset, event);
    event->line = at.number;
    event->raw = at.raw;
    event->windows = false;
    return true;
}

/* A web server's line in its message; false: it is none. */
static bool take_access(struct reader *reader, struct str program, struct str message,
                        struct event *event)
{
    struct str host;

    if (str_starts_with(program, STR("haproxy"))) {
        if (layouts_take(&reader->layouts, &reader->access, message, event) < 0)
            return false;
    } else {
        if (!str_contains(message, STR("] \"")) ||
            access_line_take(&reader->access, message, &host, event->arena))
            return false;
        event->time_ns = reader->access.clock_ns;
        event->zone_assumed = false;
    }
    for (uint32_t i = 0; i < reader->access.record.count; i++)
        text_record_add(&reader->record, reader->access.record.values[i].name,
                        reader->access.record.values[i].value);
    event->has_time = true;
    return true;
}

static enum step syslog_next(struct reader *reader, struct window *w, struct event *event,
                             struct damage *damage)
{
    struct syslog_line line;

    enum step step = text_lines_next_filled(&reader->lines, w, &reader->line, damage);
    if (step != STEP_EVENT)
        return step;
    syslog_line_read(reader->line.text, reader->changed_ns, &line);
    text_event_begin(event, &reader->line);
    add_parts(reader, &line, event);
    reader->is_json = is_event(line.message) && take_sysmon(reader, &line, event);
    bool access = !reader->is_json && take_access(reader, line.program, line.message, event);
    if (!reader->is_json) {
        if (!access)
            add(reader, NAME_MESSAGE, line.message);
        text_record_fill(&reader->record, event);
    }
    struct shape_count *count = &reader->shapes[reader->is_json ? SHAPE_SYSMON
                                                : access        ? SHAPE_ACCESS
                                                                : (int)line.kind];
    if (count->events++ == 0)
        count->example_offset = event->offset;
    return STEP_EVENT;
}

/* Most of the first lines have a header, and say more than a time. */
static int syslog_probe(struct str head)
{
    struct str text;
    unsigned lines = 0, sure = 0, some = 0;

    while (lines < HEAD_LINES_MAX && text_head_line(&head, &text)) {
        struct syslog_line line;
        if (str_trim(text).len == 0)
            continue;
        lines++;
        syslog_line_read(text, 0, &line);
        if (line.kind == SYSLOG_5424 || (line.kind == SYSLOG_3164 && line.program.len > 0))
            sure++;
        else if (line.kind == SYSLOG_3164 ||
                 (line.kind == SYSLOG_ISO_TIME && line.program.len > 0 && line.host.len > 0))
            some++;
    }
    if (2 * (sure + some) <= lines || sure + some == 0)
        return 0;
    return 2 * sure > lines ? 75 : 45;
}

const struct format format_syslog = {
    .name = "syslog",
    .about = "syslog of Linux and others (RFC 3164, RFC 5424), with Sysmon for Linux inside",
    .line_or_record = "line",
    .probe = syslog_probe,
    .cut_begin = 0,
    .cut_unit = TEXT_CUT_UNIT,
    .cut = text_line_cut,
    .reader_new = syslog_reader_new,
    .reader_free = syslog_reader_free,
    .reader_begin = syslog_reader_begin,
    .next = syslog_next,
    .render = syslog_render,
    .lines = syslog_lines,
    .shapes = syslog_shapes,
};
