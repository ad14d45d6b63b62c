/* json.c - JSON: one object per line, pretty-printed objects one after the other, or an array.
 *
 * Records are told by structure, not by lines. Where one is broken, reading goes on at the next
 * line that starts with a brace. A file is cut only where its first record shows that a line
 * starting with a brace starts a record. */
#include "codec/utf.h"
#include "core/ensure.h"
#include "formats/json_priv.h"

#include <stdlib.h>
#include <string.h>

/* What broken records may make the reader look at twice in one piece: without a limit, openings
 * that are never closed would cost the square of the input. */
#define WASTE_BYTES_MAX ((size_t)64 << 20)
#define RETRY_BYTES ((size_t)1 << 20)

#define CAPTION_BYTES_MAX 64u
#define INDENT_BYTES_MAX 4096u

enum layout { LAYOUT_ANY, LAYOUT_LINES, LAYOUT_PRETTY };

/* What the carry holds, byte by byte. */
enum carried { CARRIED_LAYOUT, CARRIED_ARRAY };

struct reader {
    struct json_events events;
    struct buf repaired;

    bool in_array, behind_element, behind_comma;
    bool skipping; /* a record that is too long: up to the next line that starts with a brace */
    struct damage skipped;
    size_t tried;  /* bytes that held no whole record */
    size_t wasted; /* bytes looked at in vain since the piece began */
    uint64_t lines;
};

/* ---- places in text ---- */

static struct str window_text(const struct window *w)
{
    return (struct str){(const char *)w->at, window_left(w)};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t blanks(struct str s)
{
    size_t n = 0;

    while (n < s.len && is_blank(s.at[n]))
        n++;
    return n;
}

/* `evtx_dump` puts "Record 17" before each pretty-printed one. */
static size_t record_caption(struct str s)
{
    size_t line = str_find_byte(str_slice(s, 0, CAPTION_BYTES_MAX), '\n');
    struct str number = str_trim(str_slice(s, sizeof("Record ") - 1, line));
    uint64_t value;

    if (line == s.len || line == CAPTION_BYTES_MAX || !str_starts_with(s, STR("Record ")))
        return 0;
    return str_to_u64(number, UINT64_MAX, &value) ? line + 1 : 0;
}

/* What ends here may go on as a caption. */
static bool may_be_caption(struct str s)
{
    struct str start = str_slice(STR("Record "), 0, s.len);

    return s.len < CAPTION_BYTES_MAX && str_starts_with(s, start) &&
           str_find_byte(s, '\n') == s.len;
}

static bool is_indent(char c)
{
    return c == ' ' || c == '\t';
}

static size_t indent(struct str s)
{
    size_t at = 0;

    while (at < s.len && at < INDENT_BYTES_MAX && is_indent(s.at[at]))
        at++;
    return at;
}

/* The next line, behind `from`, that starts with a brace (in an array: behind blanks); s.len if
 * there is none. */
static size_t find_start(struct str s, size_t from, bool in_array)
{
    while (from < s.len) {
        from += str_find_byte(str_slice(s, from, s.len), '\n');
        if (from == s.len)
            break;
        from++;
        size_t at = from + (in_array ? indent(str_slice(s, from, s.len)) : 0);
        if (at < s.len && s.at[at] == '{')
            return at;
    }
    return s.len;
}

/* Bytes at the end that may be the beginning of such a line. */
static size_t open_line(struct str s, bool in_array)
{
    size_t at = s.len;

    while (in_array && at > 0 && s.len - at < INDENT_BYTES_MAX && is_indent(s.at[at - 1]))
        at--;
    return at > 0 && s.at[at - 1] == '\n' ? s.len - at + 1 : 0;
}

/* ---- the head of a file ---- */

static struct str without_mark(struct str head)
{
    return str_starts_with(head, STR("\xef\xbb\xbf")) ? str_slice(head, 3, head.len) : head;
}

/* How sure a first value of this text is JSON; *whole: its text, if it ends in here. */
static int judge_start(struct str text, struct str *whole)
{
    struct json_reader reader;

    *whole = STR_EMPTY;
    json_open(&reader, text, false, false);
    if (json_take_value(&reader, whole))
        return 90;
    return json_next(&reader).kind == JSON_MORE && text.len > 1 ? 60 : 0;
}

static int json_probe(struct str head)
{
    struct str text = without_mark(head), whole;

    text = str_slice(text, blanks(text), text.len);
    text = str_slice(text, record_caption(text), text.len);
    if (text.len > 0 && text.at[0] == '[') {
        struct str inside = str_slice(text, 1, text.len);
        inside = str_slice(inside, blanks(inside), inside.len);
        if (inside.len > 0 && (inside.at[0] == '{' || inside.at[0] == ']'))
            return inside.at[0] == ']' || judge_start(inside, &whole) ? 80 : 0;
        return 0;
    }
    if (text.len > 0 && text.at[0] == '{') {
        int sure = judge_start(text, &whole);
        if (sure > 0)
            return sure;
    }
    /* the first record may be the broken one */
    for (size_t at = find_start(text, 0, false); at < text.len; at = find_start(text, at, false)) {
        judge_start(str_slice(text, at, text.len), &whole);
        if (whole.len > 2)
            return 50;
    }
    return 0;
}

static void json_look(struct str head, struct carry *carry)
{
    struct str text = without_mark(head), whole;

    text = str_slice(text, blanks(text), text.len);
    text = str_slice(text, record_caption(text), text.len);
    if (text.len > 0 && text.at[0] == '[') {
        carry->bytes[CARRIED_ARRAY] = 1;
        text = str_slice(text, 1, text.len);
        text = str_slice(text, blanks(text), text.len);
    }
    if (judge_start(text, &whole) > 0) {
        bool ended = whole.len > 0;
        struct str first = ended ? whole : text;
        size_t line = str_find_byte(first, '\n');
        if (line == first.len && ended)
            carry->bytes[CARRIED_LAYOUT] = LAYOUT_LINES;
        else if (line + 1 < first.len && line < first.len && is_blank(first.at[line + 1]))
            carry->bytes[CARRIED_LAYOUT] = LAYOUT_PRETTY;
    }
}

static ptrdiff_t json_cut(const struct carry *carry, struct str bytes)
{
    enum layout layout = (enum layout)carry->bytes[CARRIED_LAYOUT];
    size_t at = 0;

    if (layout == LAYOUT_LINES)
        at = find_start(bytes, 0, false);
    while (layout == LAYOUT_PRETTY && !carry->bytes[CARRIED_ARRAY] && at < bytes.len) {
        at += str_find(str_slice(bytes, at, bytes.len), STR("\n}"));
        size_t next = at + 2;
        while (next < bytes.len && is_blank(bytes.at[next]))
            next++;
        if (next < bytes.len && bytes.at[next] == '{') {
            at = next;
            break;
        }
        at += at < bytes.len;
    }
    return at > 0 && at < bytes.len ? (ptrdiff_t)at : -1;
}

/* ---- reader ---- */

static struct reader *json_reader_new(const struct field_dictionary *fields,
                                      const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    ENSURE(reader);
    json_events_init(&reader->events, fields, options);
    buf_init(&reader->repaired, 3 * (size_t)RECORD_BYTES_MAX);
    return reader;
}

static void json_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    json_events_free(&reader->events);
    buf_free(&reader->repaired);
    free(reader);
}

static void json_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    reader->in_array = carry->bytes[CARRIED_ARRAY] && offset > 0;
    reader->behind_element = reader->behind_comma = false;
    reader->skipping = false;
    reader->tried = reader->wasted = 0;
    reader->lines = 0;
    json_events_begin(&reader->events);
}

static uint64_t json_lines(const struct reader *reader)
{
    return reader->lines;
}

static size_t json_shapes(const struct reader *reader, struct shape_count shapes[SHAPES_MAX])
{
    return json_events_shapes(&reader->events, shapes);
}

/* Lines are counted up to the end of the piece: those behind it are the next one's. */
static void consume(struct reader *reader, struct window *w, size_t bytes)
{
    uint64_t own = w->piece_end > w->offset ? w->piece_end - w->offset : 0;
    const uint8_t *at = w->at, *end = w->at + (bytes < own ? bytes : (size_t)own);

    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        reader->lines++;
        at++;
    }
    window_advance(w, bytes);
    reader->tried = 0;
}

/* ---- rendering ---- */

static void write_text(struct event *event, struct buf *out, struct str text, bool escaped)
{
    if (escaped) {
        char *plain = arena_alloc_bytes(event->arena, text.len);
        text = (struct str){plain, json_unescape(text, plain)};
    }
    json_write_str(out, text);
}

static void json_render(struct reader *reader, struct event *event, struct buf *out)
{
    struct json_reader json;
    uint32_t depth = 0;
    bool first = true;

    json_open(&json, reader->events.text, true, false);
    do {
        struct json_token token = json_next(&json);
        if (token.kind == JSON_END) {
            bool object = json.kinds[json.depth / 64] >> (json.depth % 64) & 1;
            buf_add_char(out, object ? '}' : ']');
            depth--;
            first = false;
            continue;
        }
        if (token.kind == JSON_MORE || token.kind == JSON_BROKEN)
            return;
        if (!first)
            buf_add_char(out, ',');
        if (token.key.at) {
            write_text(event, out, token.key, token.key_escaped);
            buf_add_char(out, ':');
        }
        first = token.kind == JSON_OBJECT || token.kind == JSON_ARRAY;
        depth += first;
        if (first)
            buf_add_char(out, token.kind == JSON_OBJECT ? '{' : '[');
        else if (token.kind == JSON_STRING)
            write_text(event, out, token.text, token.escaped);
        else
            buf_add(out, token.text);
    } while (depth > 0);
}

/* ---- records ---- */

static enum step lost(struct damage *damage, const char *why, uint64_t offset, uint64_t size,
                      uint64_t records)
{
    *damage = (struct damage){why, offset, size, records};
    return STEP_SKIPPED;
}

/* Passes over the first `next` bytes of what is lost, or up to the end of the piece or window.
 * False if the rest of it is not in memory yet. A line that begins at the end of the window counts
 * with what follows. */
static bool pass_lost(struct reader *reader, struct window *w, size_t next)
{
    struct str text = window_text(w);
    uint64_t own = w->piece_end > w->offset ? w->piece_end - w->offset : 0;
    bool whole = next < text.len || w->last;

    if (next >= own) {
        next = (size_t)own;
        whole = true;
    } else if (!whole) {
        next -= open_line(text, reader->in_array);
    }
    consume(reader, w, next);
    reader->skipped.size += next;
    reader->skipping = !whole;
    reader->behind_element = reader->behind_comma = false;
    return whole;
}

/* Goes on at the next line that may start a record; what lies before it is lost. */
static enum step skip_on(struct reader *reader, struct window *w, size_t from,
                         struct damage *damage)
{
    if (!pass_lost(reader, w, find_start(window_text(w), from, reader->in_array)))
        return STEP_MORE;
    *damage = reader->skipped;
    return STEP_SKIPPED;
}

static enum step resync(struct reader *reader, struct window *w, size_t from, const char *why,
                        struct damage *damage)
{
    reader->skipped = (struct damage){why, w->offset, 0, 1};
    return skip_on(reader, w, from, damage);
}

static void take_record(struct reader *reader, struct window *w, size_t len, bool followed,
                        struct event *event)
{
    struct str text = {(const char *)w->at, len};

    if (UNLIKELY(!followed && !utf8_is_valid(text))) {
        buf_reset(&reader->repaired);
        utf8_repair(text, &reader->repaired);
        text = buf_str(&reader->repaired);
    }
    if (followed)
        json_events_give(&reader->events, text, w->offset, event);
    else
        json_events_read(&reader->events, text, w->offset, event);
    event->line = reader->lines + 1;
    event->raw = (struct str){(const char *)w->at, len};
    consume(reader, w, len);
    reader->behind_element = true;
    reader->behind_comma = false;
}

static enum step next_value(struct reader *reader, struct window *w, struct event *event,
                            struct damage *damage)
{
    struct str text = window_text(w), value;
    struct json_reader json;

    if (reader->tried > RETRY_BYTES && text.len < 2 * reader->tried && !w->last &&
        text.len <= RECORD_BYTES_MAX)
        return STEP_MORE;
    if (!w->last && !reader->in_array && may_be_caption(text))
        return STEP_MORE;
    size_t len = json_events_follow(&reader->events, text);
    if (LIKELY(len > 0 && len <= RECORD_BYTES_MAX)) {
        take_record(reader, w, len, true, event);
        return STEP_EVENT;
    }
    json_open(&json, text, w->last, false);
    if (json_take_value(&json, &value)) {
        if (value.len > RECORD_BYTES_MAX) {
            uint64_t offset = w->offset;
            consume(reader, w, value.len);
            reader->behind_element = true;
            return lost(damage, "a record is longer than 16 MiB", offset, value.len, 1);
        }
        if (value.at[0] == '{') {
            take_record(reader, w, value.len, false, event);
            return STEP_EVENT;
        }
        if (!reader->in_array && !w->last && value.len == text.len)
            return STEP_MORE; /* a number may go on */
        uint64_t offset = w->offset;
        consume(reader, w, value.len);
        reader->behind_element = true;
        reader->behind_comma = false;
        return lost(damage, "a value that is no object", offset, value.len, 1);
    }
    if (json_next(&json).kind == JSON_MORE) {
        if (text.len > RECORD_BYTES_MAX)
            return resync(reader, w, text.len, "a record is longer than 16 MiB", damage);
        reader->tried = text.len;
        return STEP_MORE;
    }
    size_t read = (size_t)(json.at - text.at);
    reader->wasted += read;
    bool jump = reader->wasted > WASTE_BYTES_MAX || json.depth >= json.depth_max;
    return resync(reader, w, jump ? read : 0, json.why ? json.why : "not JSON", damage);
}

/* Steps over what stands between records: blanks, captions, and the array's own signs. False at a
 * sign that does not belong there, with what is wrong in *why. */
static bool pass_between(struct reader *reader, struct window *w, const char **why)
{
    for (;;) {
        if (w->offset == 0 && str_starts_with(window_text(w), STR("\xef\xbb\xbf")))
            consume(reader, w, 3);
        consume(reader, w, blanks(window_text(w)));
        struct str text = window_text(w);
        if (text.len == 0 || w->offset >= w->piece_end)
            return true;
        if (!reader->in_array && text.at[0] == '[') {
            reader->in_array = true;
            reader->behind_element = reader->behind_comma = false;
        } else if (reader->in_array && text.at[0] == ',') {
            *why = "a comma without an element before it";
            if (!reader->behind_element)
                return false;
            reader->behind_element = false;
            reader->behind_comma = true;
        } else if (reader->in_array && text.at[0] == ']') {
            *why = "a comma without an element behind it";
            if (reader->behind_comma)
                return false;
            reader->in_array = reader->behind_element = false;
        } else {
            size_t caption = reader->in_array ? 0 : record_caption(text);
            if (caption > 0) {
                consume(reader, w, caption);
                continue;
            }
            *why = "no comma between the elements of an array";
            return !(reader->in_array && reader->behind_element);
        }
        consume(reader, w, 1);
    }
}

static enum step json_next_event(struct reader *reader, struct window *w, struct event *event,
                                 struct damage *damage)
{
    const char *why;

    if (reader->skipping)
        return skip_on(reader, w, 0, damage);
    if (w->offset == 0 && window_left(w) < 3 && !w->last)
        return STEP_MORE; /* for the byte order mark */
    if (!pass_between(reader, w, &why)) {
        /* said once; the element itself, or the end, is taken by the next call */
        bool sign = *w->at == ',';
        uint64_t offset = w->offset;
        if (sign)
            consume(reader, w, 1);
        reader->behind_element = reader->behind_comma = false;
        return lost(damage, why, offset, sign, 0);
    }
    bool ended = window_left(w) == 0; /* so that nothing of the next piece is seen */
    if (w->offset >= w->piece_end && !(ended && reader->in_array))
        return STEP_END;
    if (!ended)
        return next_value(reader, w, event, damage);
    if (!w->last)
        return STEP_MORE;
    if (reader->in_array) {
        reader->in_array = false;
        return lost(damage, "the array is not closed", w->offset, 0, 0);
    }
    return STEP_END;
}

const struct format format_json = {
    .name = "json",
    .about =
        "JSON objects, one per line, pretty-printed or in an array: Windows events of the usual "
        "exporters, and any other with dotted names",
    .line_or_record = "line",
    .probe = json_probe,
    .cut_begin = 0,
    .cut_unit = 64u << 10,
    .cut = json_cut,
    .look = json_look,
    .reader_new = json_reader_new,
    .reader_free = json_reader_free,
    .reader_begin = json_reader_begin,
    .next = json_next_event,
    .render = json_render,
    .lines = json_lines,
    .shapes = json_shapes,
};
