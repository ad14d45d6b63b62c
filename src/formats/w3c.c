/* w3c.c - the W3C extended log file format (https://www.w3.org/TR/WD-logfile.html), as IIS,
 * HTTP.SYS, the Windows firewall, proxies and content networks write it.
 *
 * A `#Fields` line names the values of the records behind it; it may come again, with other names.
 * So a file is cut only in front of a block of directives that says everything a piece needs. */
#include "codec/time_text.h"
#include "core/ensure.h"
#include "formats/w3c_priv.h"
#include "formats/web_request.h"

#include <stdlib.h>

#define PROBE_RECORDS 32u
#define SECONDS_PER_DAY 86400
#define NS_PER_S 1000000000ll

struct reader {
    struct text_lines lines;
    struct web_names web;
    struct text_record record;
    struct w3c_layout layout;

    /* of records that hold no date: the day goes on where the time starts over */
    int64_t day_ns, last_ns;
    bool has_day;

    struct buf clock; /* of the last record, and what it means */
    int64_t clock_ns;
};

/* ---- directives ---- */

static void read_date(struct reader *reader, struct str text)
{
    bool has_zone;

    reader->has_day = time_parse(text, &reader->last_ns, &has_zone);
    if (reader->has_day) {
        int64_t day = reader->last_ns / (SECONDS_PER_DAY * NS_PER_S);
        day -= reader->last_ns < 0 && reader->last_ns % (SECONDS_PER_DAY * NS_PER_S) != 0;
        reader->day_ns = day * SECONDS_PER_DAY * NS_PER_S;
    }
}

/* NULL, or what is wrong with the line. */
static const char *read_directive(struct reader *reader, struct str line)
{
    struct str value;

    if (w3c_directive(line, STR("#Fields:"), &value))
        return w3c_layout_read(&reader->layout, value);
    if (w3c_directive(line, STR("#Date:"), &value))
        read_date(reader, value);
    else if (str_find_byte(line, ':') == line.len)
        return "neither a record nor a directive";
    return NULL;
}

/* ---- records ---- */

/* The text between the quotes, two of which stand for one. */
static struct str take_value(struct event *event, struct str s)
{
    if (s.len < 2 || s.at[s.len - 1] != '"')
        return s;
    struct str inside = str_slice(s, 1, s.len - 1);
    if (str_find(inside, STR("\"\"")) == inside.len)
        return inside;
    char *out = arena_alloc_bytes(event->arena, inside.len);
    size_t len = 0;
    for (size_t i = 0; i < inside.len; i++) {
        out[len++] = inside.at[i];
        i += inside.at[i] == '"' && i + 1 < inside.len && inside.at[i + 1] == '"';
    }
    return (struct str){out, len};
}

static void add_with_blanks(struct reader *reader, struct event *event,
                            const struct w3c_column *column, struct str value)
{
    if (!text_name_is_wanted(&column->blanks) || str_find_byte(value, '+') == value.len)
        return;
    char *out = arena_alloc_bytes(event->arena, value.len);
    str_replace_byte(value, '+', ' ', out);
    text_record_add(&reader->record, &column->blanks, value_string((struct str){out, value.len}));
}

static void add_values(struct reader *reader, struct event *event, struct w3c_values *values)
{
    for (uint32_t i = 0; i < values->count; i++) {
        const struct w3c_column *column = &reader->layout.columns[i];
        bool quoted = values->at[i].len > 0 && values->at[i].at[0] == '"';
        if (w3c_is_dash(values->at[i])) {
            values->at[i] = STR_EMPTY;
            continue;
        }
        if (quoted)
            values->at[i] = take_value(event, values->at[i]);
        text_record_add(&reader->record, column->name, text_value_of(values->at[i]));
        if (column->header && !quoted)
            add_with_blanks(reader, event, column, values->at[i]);
    }
}

/* Of a time of day and the last #Date. */
static bool time_of_day(struct reader *reader, struct str text, int64_t *time_ns)
{
    bool has_zone;

    buf_reset(&reader->clock);
    buf_add(&reader->clock, STR("1970-01-01 "));
    buf_add(&reader->clock, text);
    bool good = reader->has_day && !reader->clock.full &&
                time_parse(buf_str(&reader->clock), time_ns, &has_zone) &&
                !__builtin_add_overflow(reader->day_ns, *time_ns, time_ns);
    buf_reset(&reader->clock);
    if (!good)
        return false;
    if (reader->last_ns - *time_ns > SECONDS_PER_DAY / 2 * NS_PER_S) {
        reader->day_ns += SECONDS_PER_DAY * NS_PER_S;
        *time_ns += SECONDS_PER_DAY * NS_PER_S;
    }
    reader->last_ns = *time_ns;
    return true;
}

static bool time_of(struct reader *reader, const struct w3c_values *values, int64_t *time_ns)
{
    struct str date = w3c_value(&reader->layout, values, W3C_DATE);
    struct str time = w3c_value(&reader->layout, values, W3C_TIME);
    struct str last = buf_str(&reader->clock);
    bool has_zone;

    if (date.len == 0)
        return time.len > 0 && time_of_day(reader, time, time_ns);
    if (last.len == date.len + 1 + time.len && str_starts_with(last, date) &&
        str_ends_with(last, time)) {
        *time_ns = reader->clock_ns;
        return true;
    }
    buf_reset(&reader->clock);
    buf_add(&reader->clock, date);
    buf_add_char(&reader->clock, ' ');
    buf_add(&reader->clock, time);
    if (reader->clock.full || !time_parse(buf_str(&reader->clock), time_ns, &has_zone)) {
        buf_reset(&reader->clock);
        return false;
    }
    reader->clock_ns = *time_ns;
    return true;
}

/* IIS logs FTP and mail in this format too, some of it with the same names. */
static bool is_http(const struct reader *reader, const struct w3c_values *values)
{
    static const struct str services[] = {STR_INIT("MSFTPSVC"), STR_INIT("FTPSVC"),
                                          STR_INIT("SMTPSVC"), STR_INIT("NNTPSVC")};
    struct str method = w3c_value(&reader->layout, values, W3C_METHOD);
    struct str version = w3c_value(&reader->layout, values, W3C_VERSION);
    struct str site = w3c_value(&reader->layout, values, W3C_SITE);

    if (reader->layout.other || str_starts_with(method, STR("[")) ||
        (version.len > 0 && !str_starts_with(version, STR("HTTP"))))
        return false;
    for (size_t i = 0; i < ARRAY_COUNT(services); i++)
        if (str_starts_with(site, services[i]))
            return false;
    return true;
}

/* The whole target, from what the log has of it. */
static struct str whole_target(const struct reader *reader, struct event *event,
                               const struct w3c_values *values, struct str from_stem)
{
    struct str scheme = w3c_value(&reader->layout, values, W3C_SCHEME);
    struct str host = w3c_value(&reader->layout, values, W3C_HOST);
    struct str port = w3c_value(&reader->layout, values, W3C_URI_PORT);

    if (scheme.len == 0 || host.len == 0)
        return from_stem;
    const struct str parts[] = {scheme, STR("://"), host, port.len > 0 ? STR(":") : STR_EMPTY,
                                port,   from_stem};
    return arena_join(event->arena, parts, ARRAY_COUNT(parts));
}

static void add_target(struct reader *reader, struct event *event, const struct w3c_values *values)
{
    struct str uri = w3c_value(&reader->layout, values, W3C_URI);
    struct str query = w3c_value(&reader->layout, values, W3C_QUERY);
    struct web_target target = {.scheme = STR_EMPTY, .host = STR_EMPTY};
    unsigned printed = 0;

    if (uri.len > 0) {
        web_target_split(uri, &target);
        printed |= WEB_URI;
    }
    if (reader->layout.at[W3C_STEM]) {
        target.stem = w3c_value(&reader->layout, values, W3C_STEM);
        /* some proxies write the question mark as well */
        target.has_query = query.len > 0;
        target.query = str_starts_with(query, STR("?")) ? str_slice(query, 1, query.len) : query;
        const struct str parts[] = {target.stem, STR("?"), target.query};
        target.from_stem = target.has_query ? arena_join(event->arena, parts, 3) : target.stem;
        printed |= WEB_STEM | (target.query.at == query.at ? WEB_QUERY : 0u);
    }
    if (uri.len == 0)
        target.whole = whole_target(reader, event, values, target.from_stem);
    if (target.whole.len > 0)
        web_target_add(&reader->web, &target, printed, &reader->record, event->arena);
}

static void fill_event(struct reader *reader, struct event *event, struct w3c_values *values)
{
    int64_t time_ns;

    reader->record.count = reader->record.dropped = 0;
    add_values(reader, event, values);
    if (time_of(reader, values, &time_ns)) {
        event->time_ns = time_ns;
        event->has_time = true;
    }
    if (is_http(reader, values))
        add_target(reader, event, values);
    event->host = w3c_value(&reader->layout, values, W3C_COMPUTER);
    if (event->host.len == 0)
        event->host = w3c_value(&reader->layout, values, W3C_SITE);
    text_record_fill(&reader->record, event);
}

static enum step w3c_next(struct reader *reader, struct window *window, struct event *event,
                          struct damage *damage)
{
    struct text_line line;
    struct w3c_values values UNINITIALISED;

    for (;;) {
        enum step step = text_lines_next(&reader->lines, window, &line, damage);
        if (step != STEP_EVENT)
            return step;
        if (line.text.len > 0 && line.text.at[0] == '#') {
            const char *why = read_directive(reader, line.text);
            if (why)
                return text_line_lost(&line, why, damage);
        } else if (str_trim(line.text).len > 0) {
            break;
        }
    }
    if (reader->layout.column_count == 0)
        return text_line_lost(&line, "no #Fields line before it that can be used", damage);
    if (!w3c_split(&reader->layout, line.text, &values))
        return text_line_lost(&line, "not as many values as the #Fields line has names", damage);
    text_event_begin(event, &line);
    fill_event(reader, event, &values);
    return STEP_EVENT;
}

/* ---- reader ---- */

static struct reader *w3c_reader_new(const struct field_dictionary *fields,
                                     const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    (void)options;
    ENSURE(reader);
    w3c_layout_init(&reader->layout, fields);
    text_lines_init(&reader->lines);
    buf_init(&reader->clock, 64);
    web_names_init(&reader->web, fields);
    return reader;
}

static void w3c_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    w3c_layout_free(&reader->layout);
    text_lines_free(&reader->lines);
    buf_free(&reader->clock);
    free(reader);
}

static void w3c_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)carry;
    (void)offset;
    text_lines_begin(&reader->lines);
    w3c_layout_forget(&reader->layout);
    reader->has_day = false;
}

static void w3c_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    text_record_render(&reader->record, json);
}

static uint64_t w3c_lines(const struct reader *reader)
{
    return reader->lines.count;
}

/* ---- the head of a file, and where it may be cut ---- */

static bool is_record(struct str line, uint32_t names)
{
    struct w3c_values values UNINITIALISED;

    w3c_split_runs(w3c_trim(line), str_find_byte(line, '\t') < line.len ? '\t' : ' ', &values);
    return values.count >= names;
}

static int w3c_probe(struct str head)
{
    struct str line;
    bool directives_first = true;
    uint32_t names = 0, records = 0, fit = 0;

    while (records < PROBE_RECORDS && text_head_line(&head, &line)) {
        if (str_trim(line).len == 0)
            continue;
        if (line.at[0] == '#' && names == 0)
            names = w3c_count_names(line);
        if (line.at[0] == '#')
            continue;
        directives_first &= names > 0;
        records += names > 0;
        fit += names > 0 && is_record(line, names);
    }
    if (names == 0 || (records > 0 && fit == 0))
        return 0;
    return directives_first ? 95 : 60;
}

static size_t line_end(struct str bytes, size_t at)
{
    size_t end = at + str_find_byte(str_slice(bytes, at, bytes.len), '\n');

    return end < bytes.len ? end + 1 : bytes.len;
}

/* Does the block of directives that starts here say all? *next: behind the block. */
static bool block_is_whole(struct str bytes, size_t at, size_t *next)
{
    bool fields = false, date = false;
    struct str value;

    while (at < bytes.len && bytes.at[at] == '#') {
        size_t end = line_end(bytes, at);
        struct str line = str_slice(bytes, at, end);
        if (w3c_directive(line, STR("#Fields:"), &value)) {
            fields = true;
            for (struct str rest = value; rest.len > 0;)
                date |= str_eq_nocase(str_cut(&rest, ' '), STR("date"));
        }
        date |= w3c_directive(line, STR("#Date:"), &value);
        at = end;
    }
    *next = at;
    return fields && date && at < bytes.len;
}

static ptrdiff_t w3c_cut(const struct carry *carry, struct str bytes)
{
    size_t at = line_end(bytes, 0);

    (void)carry;
    while (at < bytes.len) {
        at += str_find_byte(str_slice(bytes, at, bytes.len), '#');
        if (at >= bytes.len)
            break;
        size_t begin = at;
        if (bytes.at[begin - 1] != '\n')
            at++;
        else if (block_is_whole(bytes, begin, &at))
            return (ptrdiff_t)begin;
    }
    return -1;
}

const struct format format_w3c = {
    .name = "w3c",
    .about = "W3C extended log files: IIS, HTTP.SYS, Windows firewall, proxies, content networks",
    .line_or_record = "line",
    .probe = w3c_probe,
    .cut_begin = 0,
    .cut_unit = CUT_BYTES,
    .cut = w3c_cut,
    .reader_new = w3c_reader_new,
    .reader_free = w3c_reader_free,
    .reader_begin = w3c_reader_begin,
    .next = w3c_next,
    .render = w3c_render,
    .lines = w3c_lines,
};
