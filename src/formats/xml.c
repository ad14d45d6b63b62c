/* xml.c - Windows events as XML: what `wevtutil qe /f:xml`, Event Viewer and collectors write.
 *
 * An event begins with `<Event` and a blank or `>`, and ends with the first `</Event>` behind it;
 * Windows escapes these signs inside of values. So events are found by looking for two texts, in
 * whatever stands around them: one root element, none, or what is left of a file. An event that
 * begins where another one has not ended is believed: the other one is cut off. */
#include "codec/utf.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "formats/json_priv.h"
#include "formats/xml_event.h"

#include <stdlib.h>
#include <string.h>

#define BETWEEN_BYTES_MAX 4096u /* of what may stand between events and is no damage */
#define START_BYTES_MAX 14u     /* `<Event` and the sign behind it, in UTF-16 */
#define PROBE_FRAGMENT 30       /* of other formats some hold events, too */
#define JSON_BYTES_MAX (2 * (size_t)RECORD_BYTES_MAX)

enum carried { CARRIED_WIDE };

struct reader {
    struct json_events events;
    bool wide;             /* UTF-16, little endian */
    bool inside;           /* the window stands at the start of an event */
    bool too_long;         /* what is passed over began as an event */
    size_t searched;       /* bytes of the event that hold no end */
    struct damage between; /* passed over since the last event */
    struct buf between_bytes, text, json;
};

/* ---- places in bytes ---- */

static struct str window_text(const struct window *w)
{
    return (struct str){(const char *)w->at, window_left(w)};
}

/* The text in the file's encoding. */
struct sign {
    struct str narrow, wide;
};

#define SIGN(narrow, wide)                                                                         \
    {                                                                                              \
        STR_INIT(narrow), STR_INIT(wide)                                                           \
    }

static const struct sign event_start = SIGN("<Event", "<\0E\0v\0e\0n\0t\0");
static const struct sign event_end = SIGN("</Event>", "<\0/\0E\0v\0e\0n\0t\0>\0");

static struct str sign_bytes(const struct sign *sign, bool wide)
{
    return wide ? sign->wide : sign->narrow;
}

/* The first start of an event at or behind `from`: its place, or where a start may begin that
 * goes on behind the end (*whole false). */
static size_t find_start(struct str s, size_t from, bool wide, bool *whole)
{
    struct str sign = sign_bytes(&event_start, wide);
    size_t unit = wide ? 2 : 1;

    *whole = false;
    while (from < s.len) {
        size_t at = from + str_find(str_slice(s, from, s.len), sign);
        if (at == s.len)
            break;
        if (at + sign.len + unit > s.len)
            return at;
        char next = s.at[at + sign.len];
        bool blank = next == ' ' || next == '\t' || next == '\r' || next == '\n';
        if ((blank || next == '>') && (!wide || s.at[at + sign.len + 1] == 0)) {
            *whole = true;
            return at;
        }
        from = at + 1;
    }
    size_t open = s.len < sign.len ? s.len : sign.len - 1;
    for (; open > 0; open--)
        if (s.len - open >= from && str_starts_with(sign, str_slice(s, s.len - open, s.len)))
            break;
    return s.len - open;
}

/* ---- the head of a file ---- */

static bool take_markup(struct str *s, struct str opening, struct str closing)
{
    if (!str_starts_with(*s, opening))
        return false;
    size_t end = str_find(*s, closing);
    if (end == s->len)
        return false;
    *s = str_slice(*s, end + closing.len, s->len);
    return true;
}

/* Blanks, declarations, comments, and the tags of a root element. */
static bool is_usual(struct str s)
{
    if (str_starts_with(s, STR("\xef\xbb\xbf")))
        s = str_slice(s, 3, s.len);
    do
        s = str_trim(s);
    while (take_markup(&s, STR("<?xml"), STR("?>")) || take_markup(&s, STR("<!--"), STR("-->")) ||
           take_markup(&s, STR("<Events"), STR(">")) || take_markup(&s, STR("</Events"), STR(">")));
    return s.len == 0;
}

static bool is_wide(struct str head)
{
    bool whole;

    if (str_starts_with(head, STR("\xff\xfe")))
        return true;
    find_start(head, 0, false, &whole);
    if (whole)
        return false;
    find_start(head, 0, true, &whole);
    return whole;
}

static int xml_probe(struct str head)
{
    bool wide = is_wide(head), whole;
    size_t at = find_start(head, 0, wide, &whole);

    if (!whole)
        return 0;
    /* the schema, or the element that comes first */
    struct str start = str_slice(head, at, at + 1024);
    const struct sign schema = SIGN("schemas.microsoft.com/win", "s\0c\0h\0e\0m\0a\0s\0.\0m\0i\0c\0"
                                                                 "r\0o\0s\0o\0f\0t\0.\0c\0o\0m\0/"
                                                                 "\0w\0i\0n\0");
    const struct sign system = SIGN("<System>", "<\0S\0y\0s\0t\0e\0m\0>\0");
    if (!str_contains(start, sign_bytes(&schema, wide)) &&
        !str_contains(start, sign_bytes(&system, wide)))
        return 0;
    char space[UTF8_SIZE_OF_UTF16(BETWEEN_BYTES_MAX)];
    struct str before = str_slice(head, 0, at);
    if (at > BETWEEN_BYTES_MAX)
        return PROBE_FRAGMENT;
    if (wide)
        before = (struct str){space, utf16le_to_utf8((const uint8_t *)before.at, at, space)};
    return is_usual(before) ? 95 : PROBE_FRAGMENT;
}

static void xml_look(struct str head, struct carry *carry)
{
    carry->bytes[CARRIED_WIDE] = is_wide(head);
}

static ptrdiff_t xml_cut(const struct carry *carry, struct str bytes)
{
    bool whole;
    size_t at = find_start(bytes, 0, carry->bytes[CARRIED_WIDE], &whole);

    return whole ? (ptrdiff_t)at : -1;
}

/* ---- reader ---- */

static struct reader *xml_reader_new(const struct field_dictionary *fields,
                                     const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    ENSURE(reader);
    json_events_init(&reader->events, fields, options);
    buf_init(&reader->between_bytes, BETWEEN_BYTES_MAX);
    buf_init(&reader->text, 3 * (size_t)RECORD_BYTES_MAX);
    buf_init(&reader->json, JSON_BYTES_MAX);
    return reader;
}

static void xml_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    json_events_free(&reader->events);
    buf_free(&reader->between_bytes);
    buf_free(&reader->text);
    buf_free(&reader->json);
    free(reader);
}

static void xml_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)offset;
    reader->wide = carry->bytes[CARRIED_WIDE];
    reader->inside = reader->too_long = false;
    reader->searched = 0;
    reader->between.size = 0;
    buf_reset(&reader->between_bytes);
    json_events_begin(&reader->events);
}

static void xml_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    buf_add(json, reader->events.text);
}

/* The bytes as UTF-8, well-formed. */
static struct str decode(struct reader *reader, struct str bytes)
{
    buf_reset(&reader->text);
    if (reader->wide) {
        char *to = buf_reserve(&reader->text, UTF8_SIZE_OF_UTF16(bytes.len));
        if (to)
            reader->text.len = utf16le_to_utf8((const uint8_t *)bytes.at, bytes.len, to);
    } else if (utf8_is_valid(bytes)) {
        return bytes;
    } else {
        utf8_repair(bytes, &reader->text);
    }
    return buf_str(&reader->text);
}

/* ---- what stands between events ---- */

static void pass(struct reader *reader, struct window *w, size_t bytes)
{
    if (bytes == 0)
        return;
    if (reader->between.size == 0)
        reader->between.offset = w->offset;
    reader->between.size += bytes;
    buf_add(&reader->between_bytes, str_slice(window_text(w), 0, bytes));
    window_advance(w, bytes);
}

/* Judges what was passed over, and forgets it. True: it is damage. */
static bool tell_between(struct reader *reader, struct damage *damage)
{
    bool told =
        reader->between.size > 0 && (reader->too_long || reader->between_bytes.full ||
                                     !is_usual(decode(reader, buf_str(&reader->between_bytes))));

    if (told) {
        *damage = reader->between;
        damage->why = reader->too_long ? "an event is longer than 16 MiB" : "not an event";
        damage->records = 1;
    }
    reader->between.size = 0;
    reader->too_long = false;
    buf_reset(&reader->between_bytes);
    return told;
}

/* STEP_EVENT: the window stands at the start of an event. */
static enum step find_event(struct reader *reader, struct window *w, struct damage *damage)
{
    struct str text = window_text(w);
    uint64_t own = w->piece_end > w->offset ? w->piece_end - w->offset : 0;
    bool whole;
    size_t at = find_start(text, 0, reader->wide, &whole);

    if (at >= own) { /* the next piece's */
        pass(reader, w, own < text.len ? (size_t)own : text.len);
        return tell_between(reader, damage) ? STEP_SKIPPED : STEP_END;
    }
    if (!whole && w->last)
        at = text.len;
    pass(reader, w, at);
    if (!whole && !w->last)
        return STEP_MORE;
    reader->inside = whole;
    reader->searched = 0;
    if (tell_between(reader, damage))
        return STEP_SKIPPED;
    return whole ? STEP_EVENT : STEP_END;
}

/* ---- events ---- */

/* The event that begins here has no end, or none that counts: goes on `bytes` behind it. */
static enum step lose(struct reader *reader, struct window *w, size_t bytes, const char *why,
                      struct damage *damage)
{
    *damage = (struct damage){why, w->offset, bytes, 1};
    window_advance(w, bytes);
    reader->inside = false;
    return STEP_SKIPPED;
}

static enum step take_event(struct reader *reader, struct window *w, size_t len,
                            struct event *event, struct damage *damage)
{
    struct str raw = str_slice(window_text(w), 0, len);
    uint64_t record;

    buf_reset(&reader->json);
    buf_add_char(&reader->json, '{');
    event_reset(event);
    const char *why = xml_event_write(decode(reader, raw), event->arena, &reader->json, &record);
    buf_add_char(&reader->json, '}');
    if (why || reader->json.full)
        return lose(reader, w, len, why ? why : "an event is too long", damage);
    json_events_take(&reader->events, buf_str(&reader->json), w->offset, event);
    event->raw = raw;
    event->record = record;
    window_advance(w, len);
    reader->inside = false;
    return STEP_EVENT;
}

static enum step xml_next_event(struct reader *reader, struct window *w, struct event *event,
                                struct damage *damage)
{
    if (!reader->inside) {
        enum step step = find_event(reader, w, damage);
        if (step != STEP_EVENT)
            return step;
    }
    struct str text = window_text(w), sign = sign_bytes(&event_end, reader->wide);
    bool whole;
    size_t overlap = reader->searched > START_BYTES_MAX + sign.len
                         ? reader->searched - START_BYTES_MAX - sign.len
                         : 1;
    size_t end = overlap + str_find(str_slice(text, overlap, text.len), sign);
    size_t start = find_start(str_slice(text, 0, end), overlap, reader->wide, &whole);

    if (whole)
        return lose(reader, w, start, "an event is cut off", damage);
    if (end < text.len && end + sign.len <= RECORD_BYTES_MAX)
        return take_event(reader, w, end + sign.len, event, damage);
    if (text.len > RECORD_BYTES_MAX) {
        reader->too_long = true;
        reader->inside = false;
        pass(reader, w, RECORD_BYTES_MAX - START_BYTES_MAX);
        return xml_next_event(reader, w, event, damage);
    }
    if (w->last)
        return lose(reader, w, text.len, "an event is cut off", damage);
    reader->searched = text.len;
    return STEP_MORE;
}

const struct format format_xml = {
    .name = "xml",
    .about = "Windows events as XML: wevtutil /f:xml, Event Viewer's \"save as XML\", fragments",
    .line_or_record = "record",
    .probe = xml_probe,
    .cut_begin = 0,
    .cut_unit = 64u << 10,
    .cut = xml_cut,
    .look = xml_look,
    .reader_new = xml_reader_new,
    .reader_free = xml_reader_free,
    .reader_begin = xml_reader_begin,
    .next = xml_next_event,
    .render = xml_render,
};
