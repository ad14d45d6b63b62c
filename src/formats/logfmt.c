/* logfmt.c - lines of name=value pairs, as FortiGate and other appliances and many programs write
 * them: date=2026-11-22 time=10:00:00 msg="a \"quoted\" text" level=error
 *
 * A header of syslog may stand in front. Names are what the line says; the time is taken from the
 * usual ones. */
#include "codec/time_text.h"
#include "core/ensure.h"
#include "core/map.h"
#include "formats/syslog_line.h"
#include "formats/text_record.h"

#include <stdlib.h>

#define HEAD_LINES_MAX 32u
#define PAIRS_MIN 4u
#define NAME_BYTES_MAX 64u
#define NAMES_MAX 4096u /* kept; others are looked up in each line */

struct reader {
    const struct field_dictionary *fields;
    const struct time_zone *zone;
    struct text_lines lines;
    struct text_record record;
    struct arena *arena; /* owned; of the names */
    struct map names;
    const struct text_name **list; /* owned */
    uint32_t count;
    int64_t changed_ns;
};

/* ---- pairs ---- */

static bool is_name_char(char c)
{
    char small = ascii_lower(c);

    return (small >= 'a' && small <= 'z') || ascii_is_digit(c) || c == '_' || c == '-' ||
           c == '.' || c == '@';
}

/* Up to a quote that is not escaped; *rest is behind it. */
static struct str take_quoted(struct str *rest)
{
    size_t at = 1;

    while (at < rest->len && rest->at[at] != '"')
        at += rest->at[at] == '\\' ? 2 : 1;
    at = at < rest->len ? at : rest->len;
    struct str value = str_slice(*rest, 1, at);
    *rest = str_slice(*rest, at + 1, rest->len);
    return value;
}

/* The next pair; false: what comes is none. */
static bool take_pair(struct str *rest, struct str *name, struct str *value)
{
    size_t at = 0;

    while (rest->len > 0 && (rest->at[0] == ' ' || rest->at[0] == '\t'))
        *rest = str_slice(*rest, 1, rest->len);
    while (at < rest->len && is_name_char(rest->at[at]))
        at++;
    if (at == 0 || at > NAME_BYTES_MAX || at >= rest->len || rest->at[at] != '=')
        return false;
    *name = str_slice(*rest, 0, at);
    *rest = str_slice(*rest, at + 1, rest->len);
    if (rest->len > 0 && rest->at[0] == '"') {
        *value = take_quoted(rest);
        return true;
    }
    size_t end = str_find_byte(*rest, ' ');
    *value = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->len);
    return true;
}

/* Where the pairs begin: behind a header of syslog, or at the start. */
static struct str pairs_of(struct str line, int64_t changed_ns, struct str *host)
{
    struct syslog_line header;
    struct str rest = line, name, value;

    *host = STR_EMPTY;
    if (take_pair(&rest, &name, &value))
        return line;
    syslog_line_read(line, changed_ns, &header);
    *host = header.host;
    return header.message;
}

/* How many pairs the line is made of; 0: there is something else in it. */
static uint32_t count_pairs(struct str line)
{
    struct str host, name, value, rest = pairs_of(line, 0, &host);
    uint32_t count = 0;

    while (str_trim(rest).len > 0) {
        if (!take_pair(&rest, &name, &value))
            return 0;
        count++;
    }
    return count;
}

/* ---- times ---- */

struct moment {
    struct str date, time, zone, whole;
};

static void note_time(struct moment *moment, struct str name, struct str value)
{
    static const struct str wholes[] = {STR_INIT("ts"), STR_INIT("t"), STR_INIT("timestamp"),
                                        STR_INIT("@timestamp"), STR_INIT("datetime")};

    if (str_eq(name, STR("date")))
        moment->date = value;
    else if (str_eq(name, STR("time")))
        moment->time = value;
    else if (str_eq(name, STR("tz")))
        moment->zone = value;
    for (size_t i = 0; i < ARRAY_COUNT(wholes) && moment->whole.len == 0; i++)
        if (str_eq(name, wholes[i]))
            moment->whole = value;
}

/* "-0700" as "-07:00". */
static struct str zone_text(struct str zone, char out[8])
{
    if (zone.len != 5 || (zone.at[0] != '+' && zone.at[0] != '-'))
        return STR_EMPTY;
    str_copy(out, str_slice(zone, 0, 3));
    out[3] = ':';
    str_copy(out + 4, str_slice(zone, 3, 5));
    return (struct str){out, 6};
}

static void take_time(struct reader *reader, const struct moment *moment, struct event *event)
{
    char zone[8];
    int64_t time_ns;
    bool has_zone;
    struct str text = moment->whole;

    if (moment->date.len > 0 && moment->time.len > 0) {
        struct str offset = zone_text(moment->zone, zone);
        text = arena_printf(event->arena, "%.*sT%.*s%.*s", STR_ARG(moment->date),
                            STR_ARG(moment->time), STR_ARG(offset));
    } else if (text.len == 0) {
        text = moment->time;
    }
    if (text.len == 0)
        return;
    if (!time_parse(text, &time_ns, &has_zone)) {
        if (!time_from_number(text, &time_ns))
            return;
        has_zone = true;
    }
    event->time_ns = time_ns;
    event->has_time = true;
    if (!has_zone)
        format_local_time(event, reader->zone, time_ns);
}

/* ---- records ---- */

/* Names come again in each line. */
static const struct text_name *name_of(struct reader *reader, struct str name, struct arena *arena)
{
    uint32_t known = map_find(&reader->names, name);

    if (known != MAP_NONE)
        return reader->list[known];
    bool keeps = reader->count < NAMES_MAX;
    struct arena *home = keeps ? reader->arena : arena;
    struct text_name *made = ARENA_NEW(home, struct text_name);
    text_name_init(made, reader->fields, arena_str(home, name));
    if (keeps) {
        reader->list[reader->count] = made;
        map_set(&reader->names, made->name, reader->count++);
    }
    return made;
}

/* False: not all of the line is pairs. */
static bool take_pairs(struct reader *reader, struct str rest, struct event *event)
{
    static const struct str hosts[] = {STR_INIT("devname"), STR_INIT("host"), STR_INIT("hostname")};
    struct moment moment = {STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY};
    struct str name, value;

    while (str_trim(rest).len > 0) {
        if (!take_pair(&rest, &name, &value))
            return false;
        value = text_unescape(value, STR("\"\\"), event->arena);
        note_time(&moment, name, value);
        for (size_t i = 0; i < ARRAY_COUNT(hosts); i++)
            if (str_eq(name, hosts[i]))
                event->host = value;
        text_record_add(&reader->record, name_of(reader, name, event->arena), text_value_of(value));
    }
    take_time(reader, &moment, event);
    return true;
}

static enum step logfmt_next(struct reader *reader, struct window *window, struct event *event,
                             struct damage *damage)
{
    struct text_line line;
    struct str host;

    enum step step = text_lines_next_filled(&reader->lines, window, &line, damage);
    if (step != STEP_EVENT)
        return step;
    text_event_begin(event, &line);
    reader->record.count = reader->record.dropped = 0;
    struct str pairs = pairs_of(line.text, reader->changed_ns, &host);
    event->host = host;
    if (!take_pairs(reader, pairs, event))
        return text_line_lost(&line, "not all of the line is name=value", damage);
    text_record_fill(&reader->record, event);
    return STEP_EVENT;
}

/* ---- reader ---- */

static struct reader *logfmt_reader_new(const struct field_dictionary *fields,
                                        const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    ENSURE(reader);
    reader->fields = fields;
    reader->zone = options->zone;
    reader->arena = arena_new("names of values", 16u << 20);
    reader->list = calloc(NAMES_MAX, sizeof(*reader->list));
    ENSURE(reader->list);
    map_init(&reader->names, reader->arena);
    text_lines_init(&reader->lines);
    return reader;
}

static void logfmt_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    text_lines_free(&reader->lines);
    free(reader->list);
    arena_free(reader->arena);
    free(reader);
}

static void logfmt_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)offset;
    text_lines_begin(&reader->lines);
    reader->changed_ns = carry->changed_ns;
}

static uint64_t logfmt_lines(const struct reader *reader)
{
    return reader->lines.count;
}

static void logfmt_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    text_record_render(&reader->record, json);
}

static int logfmt_probe(struct str head)
{
    struct str line;
    unsigned lines = 0, known = 0;

    while (lines < HEAD_LINES_MAX && text_head_line(&head, &line)) {
        if (str_trim(line).len == 0)
            continue;
        lines++;
        known += count_pairs(line) >= PAIRS_MIN;
    }
    return known > 0 && known * 2 >= lines ? 80 : 0;
}

const struct format format_logfmt = {
    .name = "logfmt",
    .about =
        "lines of name=value pairs: FortiGate and other appliances, Grafana and other programs",
    .line_or_record = "line",
    .probe = logfmt_probe,
    .cut_begin = 0,
    .cut_unit = TEXT_CUT_UNIT,
    .cut = text_line_cut,
    .reader_new = logfmt_reader_new,
    .reader_free = logfmt_reader_free,
    .reader_begin = logfmt_reader_begin,
    .next = logfmt_next,
    .render = logfmt_render,
    .lines = logfmt_lines,
};
