/* csv_table.c - exports of events as CSV: a header line, then a record per event.
 *
 * A field that starts with a quote goes on to the quote that is not doubled, over line ends too. A
 * record is brought into JSON under the names of the header and read as that, so that what an
 * exporter's names mean is told in one place (json_shape.c). Nothing inside says where a line
 * starts a record, so that a file is never cut. */
#include "codec/utf.h"
#include "core/ensure.h"
#include "formats/csv_header.h"

#include <stdlib.h>

#define JSON_BYTES_MAX (2 * (size_t)RECORD_BYTES_MAX)
/* What quotes that are never closed may make the reader look at twice; then they end with their
 * line, or they would cost the square of the input. */
#define WASTE_BYTES_MAX ((size_t)64 << 20)

enum carried { CARRIED_WIDE };

/* Where a record's end was looked for, and in what state. */
struct scan {
    size_t at;
    uint64_t lines;
    bool quoted;  /* inside of quotes */
    bool closing; /* behind a quote that may be the first of two */
    bool started; /* behind the first sign of a field */
};

struct reader {
    struct json_events events;
    struct csv_header header;
    bool wide; /* UTF-16, little endian */
    struct scan scan;
    size_t wasted;
    uint64_t lines;
    struct buf text, cell, json;
};

static struct reader *csv_reader_new(const struct field_dictionary *fields,
                                     const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    ENSURE(reader);
    json_events_init(&reader->events, fields, options);
    csv_header_init(&reader->header);
    buf_init(&reader->text, 3 * (size_t)RECORD_BYTES_MAX);
    buf_init(&reader->cell, 3 * (size_t)RECORD_BYTES_MAX);
    buf_init(&reader->json, JSON_BYTES_MAX);
    return reader;
}

static void csv_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    json_events_free(&reader->events);
    csv_header_free(&reader->header);
    buf_free(&reader->text);
    buf_free(&reader->cell);
    buf_free(&reader->json);
    free(reader);
}

static void csv_look(struct str head, struct carry *carry)
{
    carry->bytes[CARRIED_WIDE] = str_starts_with(head, STR("\xff\xfe"));
}

static void csv_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)offset; /* 0: there is one piece */
    reader->wide = carry->bytes[CARRIED_WIDE];
    csv_header_reset(&reader->header);
    reader->scan = (struct scan){0};
    reader->wasted = 0;
    reader->lines = 0;
    json_events_begin(&reader->events);
}

static uint64_t csv_lines(const struct reader *reader)
{
    return reader->lines;
}

static size_t csv_shapes(const struct reader *reader, struct shape_count shapes[SHAPES_MAX])
{
    return json_events_shapes(&reader->events, shapes);
}

static void csv_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    buf_add(json, reader->events.text);
}

/* ---- where a record ends ---- */

/* The next character, if it is ASCII; 0 for any other. */
static char sign_at(const uint8_t *at, bool wide)
{
    return wide && at[1] != 0 ? 0 : (char)at[0];
}

/* Goes on to the end of the line that ends the record. False: it is not in the window. */
static bool scan_record(struct scan *scan, const struct window *w, bool wide, char separator,
                        bool lines_only)
{
    size_t unit = wide ? 2 : 1, left = window_left(w);

    for (; scan->at + unit <= left; scan->at += unit) {
        char c = sign_at(w->at + scan->at, wide);
        if (c == '\n') {
            scan->lines++;
            if (!scan->quoted || lines_only) {
                scan->at += unit;
                return true;
            }
        }
        if (scan->quoted) {
            scan->quoted = c != '"';
            scan->closing = c == '"';
        } else if (c == '"' && (scan->closing || !scan->started)) {
            scan->quoted = true;
            scan->started = true;
        } else {
            scan->closing = false;
            scan->started = c != separator || separator == 0;
        }
    }
    return false;
}

static size_t line_size(const struct window *w, bool wide)
{
    size_t unit = wide ? 2 : 1, at = 0, left = window_left(w);

    while (at + unit <= left) {
        char c = sign_at(w->at + at, wide);
        at += unit;
        if (c == '\n')
            return at;
    }
    return left;
}

/* The record as UTF-8, well-formed, without its line end. */
static struct str decode(struct reader *reader, struct str raw)
{
    struct str text = raw;

    if (reader->wide) {
        buf_reset(&reader->text);
        char *to = buf_reserve(&reader->text, UTF8_SIZE_OF_UTF16(raw.len));
        if (to)
            reader->text.len = utf16le_to_utf8((const uint8_t *)raw.at, raw.len, to);
        text = buf_str(&reader->text);
    } else if (UNLIKELY(!utf8_is_valid(raw))) {
        buf_reset(&reader->text);
        utf8_repair(raw, &reader->text);
        text = buf_str(&reader->text);
    }
    if (str_ends_with(text, STR("\n")))
        text.len--;
    if (str_ends_with(text, STR("\r")))
        text.len--;
    return str_starts_with(text, STR("\xef\xbb\xbf")) ? str_slice(text, 3, text.len) : text;
}

/* ---- records ---- */

static enum step lose(struct reader *reader, struct window *w, size_t bytes, uint64_t lines,
                      const char *why, struct damage *damage)
{
    *damage = (struct damage){why, w->offset, bytes, 1};
    window_advance(w, bytes);
    reader->lines += lines;
    reader->scan = (struct scan){0};
    return STEP_SKIPPED;
}

static void write_message(struct reader *reader, struct str text)
{
    struct str cell = STR_EMPTY;
    bool more;

    for (uint32_t i = 0; i <= reader->header.message; i++)
        cell = csv_take_cell(&text, reader->header.separator, &reader->cell, &more);
    csv_write_message(cell, &reader->json);
}

/* Writes the record; false: it has fewer fields than the header. */
static bool write_record(struct reader *reader, struct str text)
{
    const struct csv_header *header = &reader->header;
    struct str rest = text;
    bool sysmon = false, any = false;
    uint32_t count = 0;

    buf_reset(&reader->json);
    buf_add_char(&reader->json, '{');
    for (bool more = true; more; count++) {
        struct str cell = csv_take_cell(&rest, header->separator, &reader->cell, &more);
        if (cell.len == 0)
            continue; /* absent */
        csv_write_cell(header, count, cell, any, &reader->json);
        any = true;
        sysmon = sysmon || (count == header->provider && csv_is_sysmon(cell));
        if (count == header->provider)
            csv_write_channel(header, cell, &reader->json);
    }
    if (sysmon && header->message < count)
        write_message(reader, text);
    buf_add_char(&reader->json, '}');
    return count >= header->count;
}

static enum step take_record(struct reader *reader, struct window *w, struct str raw,
                             struct str text, struct event *event, struct damage *damage)
{
    struct scan scan = reader->scan;
    bool whole = write_record(reader, text);

    if (!whole || reader->json.full)
        return lose(reader, w, scan.at, scan.lines,
                    whole ? "a record is too long" : "a record has fewer fields than the header",
                    damage);
    json_events_take(&reader->events, buf_str(&reader->json), w->offset, event);
    event->raw = raw;
    event->line = reader->lines + 1;
    window_advance(w, scan.at);
    reader->lines += scan.lines;
    reader->scan = (struct scan){0};
    return STEP_EVENT;
}

/* The line is not an event: the header, what may stand before it, or nothing. */
static bool is_other(struct reader *reader, struct str text)
{
    if (str_trim(text).len == 0 || csv_is_remark(text))
        return true;
    struct str fields = csv_header_text(text);
    if (fields.len > 0)
        csv_header_read(&reader->header, fields);
    if (fields.len > 0)
        return true;
    if (reader->header.count > 0)
        return false;
    if (!csv_is_preamble(text))
        csv_header_read(&reader->header, text);
    return true;
}

/* The record has no end in the window. */
static enum step take_open(struct reader *reader, struct window *w, struct damage *damage)
{
    size_t left = window_left(w);
    bool too_long = left > RECORD_BYTES_MAX;

    if (!too_long && !w->last)
        return STEP_MORE;
    size_t line = line_size(w, reader->wide);
    reader->wasted += left;
    if (line < left || !too_long)
        return lose(reader, w, line, 1, "a quote that is not closed", damage);
    /* one line */
    return lose(reader, w, left, 0, "a record is longer than 16 MiB", damage);
}

static enum step csv_next(struct reader *reader, struct window *w, struct event *event,
                          struct damage *damage)
{
    for (;;) {
        bool lines_only = reader->header.count == 0 || reader->wasted > WASTE_BYTES_MAX;
        char separator = reader->header.count > 0 ? reader->header.separator : 0;
        if (w->last && window_left(w) < (reader->wide ? 2 : 1))
            return STEP_END;
        bool found = scan_record(&reader->scan, w, reader->wide, separator, lines_only);
        if (!found && w->last && (lines_only || !reader->scan.quoted)) {
            reader->scan.at = window_left(w); /* the last line needs no line end */
            found = true;
        }
        if (!found)
            return take_open(reader, w, damage);
        struct str raw = {(const char *)w->at, reader->scan.at};
        if (raw.len > RECORD_BYTES_MAX)
            return lose(reader, w, raw.len, reader->scan.lines, "a record is longer than 16 MiB",
                        damage);
        struct str text = decode(reader, raw);
        if (!is_other(reader, text))
            return take_record(reader, w, raw, text, event, damage);
        window_advance(w, raw.len);
        reader->lines += reader->scan.lines;
        reader->scan = (struct scan){0};
    }
}

/* ---- the head of a file ---- */

/* The next record of the head; false where it has no end in it. */
static bool head_record(struct str *head, bool whole, char separator, struct str *record)
{
    struct window w = {.at = (const uint8_t *)head->at,
                       .end = (const uint8_t *)head->at + head->len};
    struct scan scan = {0};

    if (head->len == 0 || (!scan_record(&scan, &w, false, separator, separator == 0) && !whole))
        return false;
    *record = str_slice(*head, 0, scan.at);
    *head = str_slice(*head, scan.at, head->len);
    if (str_ends_with(*record, STR("\n")))
        record->len--;
    if (str_ends_with(*record, STR("\r")))
        record->len--;
    return true;
}

static uint32_t fields_of(struct str record, char separator)
{
    struct buf space;
    uint32_t count = 0;

    buf_init(&space, PROBE_BYTES);
    for (bool more = true; more; count++)
        csv_take_cell(&record, separator, &space, &more);
    buf_free(&space);
    return count;
}

static int judge(struct str text, bool whole)
{
    struct csv_header header;
    struct str line, record;
    int sure = 0;

    if (str_starts_with(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.len);
    do
        if (!head_record(&text, whole, 0, &line))
            return 0;
    while (csv_is_preamble(line) || csv_is_remark(line) || str_trim(line).len == 0);
    csv_header_init(&header);
    if (csv_header_text(line).len > 0)
        line = csv_header_text(line);
    if (utf8_is_valid(line)) {
        csv_header_read(&header, line);
        bool any;
        do
            any = head_record(&text, whole, header.separator, &record);
        while (any && (csv_is_remark(record) || csv_header_text(record).len > 0));
        sure = csv_header_judge(&header, line, any ? fields_of(record, header.separator) : 0);
    }
    csv_header_free(&header);
    return sure;
}

static int csv_probe(struct str head)
{
    bool whole = head.len < PROBE_BYTES;

    if (!str_starts_with(head, STR("\xff\xfe")))
        return judge(head, whole);
    struct buf text;
    int sure = 0;

    buf_init(&text, UTF8_SIZE_OF_UTF16(PROBE_BYTES));
    char *to = buf_reserve(&text, UTF8_SIZE_OF_UTF16(head.len));
    if (to) {
        text.len = utf16le_to_utf8((const uint8_t *)head.at, head.len, to);
        sure = judge(buf_str(&text), whole);
    }
    buf_free(&text);
    return sure;
}

const struct format format_csv = {
    .name = "csv",
    .about = "exports of Windows events, and any other table, as CSV with a header line",
    .line_or_record = "line",
    .probe = csv_probe,
    .cut_unit = 0,
    .look = csv_look,
    .reader_new = csv_reader_new,
    .reader_free = csv_reader_free,
    .reader_begin = csv_reader_begin,
    .next = csv_next,
    .render = csv_render,
    .lines = csv_lines,
    .shapes = csv_shapes,
};
