/* fuzz_format.c - a format's reader: whatever the bytes are, it ends, stays inside its window, and
 * tells the same of them however they come: at once, bit by bit, or cut into pieces. */
/* links: formats */
#include "codec/json.h"
#include "core/ensure.h"
#include "formats/format.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define EVENT_BYTES ((size_t)512 << 20)
#define PIECES_MAX 8

static const char *const field_names[] = {
    "Channel",        "Provider_Name", "EventID",     "Computer",    "EventRecordID",
    "Level",          "Image",         "CommandLine", "commandline", "Data",
    "TargetUserName", "IpAddress",     "LogonType",   "ThreatName",  "Message",
    "Value",          "System_Time",   "user.name",   "process.pid", "SubjectUserSid",
    "c-ip",           "cs-uri-query",  "c-uri",       "cs-host",     "cs-user-agent",
    "sc-status",      "cs-uri-stem",   "time",        "c-uri-query", "c-uri-extension"};

/* What one step told. */
struct row {
    const char *why; /* NULL: an event */
    uint64_t offset, size, number, digest;
    bool one_line; /* the record holds no line feed */
};

struct rows {
    struct row *list;
    size_t count, max;
    uint64_t lines;
};

struct fuzzed {
    const struct format *format;
    struct field_dictionary fields;
    struct arena *arena;
    struct event *event;
    struct reader *reader;
    struct buf json;
};

static uint64_t mix(uint64_t digest, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++)
        digest = (digest ^ at[i]) * 1099511628211u;
    return (digest ^ len) * 1099511628211u;
}

static uint64_t mix_str(uint64_t digest, struct str s)
{
    return mix(digest, s.at, s.len);
}

static uint64_t mix_u64(uint64_t digest, uint64_t value)
{
    return mix(digest, &value, sizeof(value));
}

static void visit(void *context, struct value value)
{
    uint64_t *digest = context;

    ENSURE(value.type <= VALUE_NULL);
    *digest = mix_u64(mix_str(*digest, value.text), value.type);
}

/* All values of an event, and how far a visitor who wants texts alone has come in them. */
struct all_values {
    struct value *list;
    size_t count, max, at;
};

static void collect(void *context, struct value value)
{
    struct all_values *all = context;

    if (all->count == all->max) {
        all->max = all->max ? 2 * all->max : 64;
        all->list = realloc(all->list, all->max * sizeof(*all->list));
        ENSURE(all->list);
    }
    all->list[all->count++] = value;
}

static bool is_other_than_text(struct str text)
{
    struct buf folded;

    buf_init(&folded, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        buf_add_char(&folded, ascii_lower(text.at[i]));
    bool other = value_may_be_no_text(buf_str(&folded));
    buf_free(&folded);
    return other;
}

/* Left out may be what no text has to look like. */
static void pass_others(struct all_values *all, const struct value *wanted)
{
    for (; all->at < all->count; all->at++) {
        const struct value *value = &all->list[all->at];
        if (wanted && value->type == wanted->type && str_eq(value->text, wanted->text))
            return;
        ENSURE(is_other_than_text(value->text));
    }
    ENSURE(!wanted);
}

static void compare(void *context, struct value value)
{
    struct all_values *all = context;

    pass_others(all, &value);
    all->at++;
}

static bool knows_nothing(void *context, enum raw_form form, struct str raw)
{
    (void)context;
    ENSURE(form <= RAW_JSON_ESCAPED && (raw.at || raw.len == 0));
    return false;
}

/* Whether the stretch holds this text of ASCII characters. */
static bool find_text(const void *context, enum raw_form form, struct str utf16)
{
    const struct str *text = context;
    size_t same = 0;

    if (form != RAW_UTF16LE)
        return str_contains(utf16, *text);
    for (size_t i = 0; same < text->len && i + 2 * text->len <= utf16.len; i++)
        for (same = 0; same < text->len && utf16.at[i + 2 * same] == text->at[same] &&
                       utf16.at[i + 2 * same + 1] == 0;)
            same++;
    return same == text->len;
}

/* What a visitor is shown as text may not be missed by the quick look. */
static bool check_quick_look(void *context, enum raw_form form, struct str raw)
{
    const struct event *event = context;
    struct buf text;

    if (!event->may_hold)
        return false;
    if (form == RAW_JSON_ESCAPED) { /* the look is for the text as it is written there */
        ENSURE(raw.len == 0 || event->may_hold(event, find_text, &raw));
        return true;
    }
    buf_init(&text, raw.len + 1);
    for (size_t i = 0, step = form == RAW_UTF16LE ? 2 : 1; i + step <= raw.len; i += step)
        if (raw.at[i] > 0 && (step == 1 || raw.at[i + 1] == 0))
            buf_add_char(&text, raw.at[i]);
    struct str found = buf_str(&text);
    if (found.len == raw.len / (form == RAW_UTF16LE ? 2 : 1))
        ENSURE(found.len == 0 || event->may_hold(event, find_text, &found));
    buf_free(&text);
    return true;
}

static void pass_over(void *context, struct value value)
{
    (void)context;
    (void)value;
}

/* What the watch of these tests looks for: an x as it is stored, or a text that may hold one. */
static bool has_x(void *context, enum raw_form form, struct str raw)
{
    (void)context;
    return form == RAW_JSON_ESCAPED || str_find_byte(raw, 'x') < raw.len;
}

static const struct text_watch watch = {NULL, has_x};

static void look_for_x(void *context, struct value value)
{
    (void)context;
    ENSURE(str_find_byte(value.text, 'x') == value.text.len);
}

/* Where no text passed the watch, none of all values would. */
static void check_watch(struct event *event)
{
    if (event->watched == WATCHED_NOTHING)
        event->all_values(event, &(struct value_visitor){.visit = look_for_x, .texts_only = true});
}

static void check_texts(struct event *event)
{
    struct all_values all = {0};

    event->all_values(event, &(struct value_visitor){
                                 .context = event, .visit = pass_over, .knows = check_quick_look});

    event->all_values(event, &(struct value_visitor){.context = &all, .visit = collect});
    event->all_values(
        event, &(struct value_visitor){
                   .context = &all, .visit = compare, .knows = knows_nothing, .texts_only = true});
    pass_others(&all, NULL);
    free(all.list);
}

static uint64_t fields_digest(const struct event *event)
{
    uint64_t digest = event->count;

    for (uint16_t id = 0; id < event->fields->count; id++)
        for (const struct event_field *field = event_find(event, id); field;
             field = event_next_of(event, field)) {
            ENSURE(field->id == id);
            digest = mix_str(mix_u64(digest, id), field->value.text);
            digest = mix_u64(digest, (uint64_t)field->value.type << 1 | field->fallback);
        }
    return digest;
}

/* Everything that can be had from the event. Asking for more must leave the rest as it is. */
static void take_event(struct fuzzed *f, struct row *row)
{
    struct event *event = f->event;
    uint64_t digest = fields_digest(event), values = 0, again = 0;
    const char *why = NULL;

    event->all_values(event, &(struct value_visitor){.context = &values, .visit = visit});
    buf_reset(&f->json);
    f->format->render(f->reader, event, &f->json);
    ENSURE(!f->json.full);
    ENSURE(json_is_valid(buf_str(&f->json), &why));
    event->all_values(event, &(struct value_visitor){.context = &again, .visit = visit});
    ENSURE(values == again);
    check_texts(event);
    check_watch(event);
    ENSURE(digest == fields_digest(event));
    digest = mix_u64(mix_str(digest, buf_str(&f->json)), values);
    digest = mix_str(mix_str(digest, event->host), event->raw);
    digest = mix_u64(digest, event->has_time ? (uint64_t)event->time_ns : 1);
    digest = mix_u64(digest, event->windows);
    ENSURE(f->format->lines ? event->line > 0 : event->line == 0);
    *row = (struct row){.offset = event->offset,
                        .size = event->raw.len,
                        .number = f->format->lines ? event->line : event->record,
                        .digest = digest,
                        .one_line = str_find_byte(event->raw, '\n') == event->raw.len};
}

static void add_row(struct rows *rows, const struct row *row)
{
    if (rows->count == rows->max) {
        rows->max = rows->max ? 2 * rows->max : 256;
        rows->list = realloc(rows->list, rows->max * sizeof(struct row));
        ENSURE(rows->list);
    }
    rows->list[rows->count++] = *row;
}

/* ---- windows ---- */

/* A part of the input in memory of its own, so that a step outside is seen. */
struct slide {
    const uint8_t *data;
    size_t len;
    size_t from, to; /* what is in memory */
    uint8_t *memory;
    uint64_t noise; /* 0: all at once */
    bool tiny;
};

static size_t next_size(struct slide *s)
{
    s->noise = s->noise * 6364136223846793005u + 1442695040888963407u;
    size_t most = s->tiny ? 3 : s->len / 8 + 16;
    return 1 + (size_t)(s->noise >> 33) % most;
}

static void show(struct slide *s, uint64_t piece_end, size_t from, struct window *window)
{
    size_t more = s->noise ? next_size(s) : s->len;
    /* the end of the file may be seen late, as with a pipe */
    bool last = s->to == s->len || (s->len - s->to <= more && s->noise % 2 == 0);

    s->from = from;
    s->to = s->len - s->to < more ? s->len : s->to + more;
    free(s->memory);
    s->memory = malloc(s->to - s->from + !(s->to - s->from));
    ENSURE(s->memory);
    for (size_t i = s->from; i < s->to; i++)
        s->memory[i - s->from] = s->data[i];
    *window = (struct window){.at = s->memory,
                              .end = s->memory + (s->to - s->from),
                              .offset = from,
                              .piece_end = piece_end,
                              .last = last || !s->noise};
}

static void check_place(const struct slide *s, const struct window *window)
{
    ENSURE(window->at >= s->memory && window->at <= window->end);
    ENSURE(window->end == s->memory + (s->to - s->from));
    ENSURE(window->offset - s->from == (uint64_t)(window->at - s->memory));
}

/* Reads one piece; adds what it tells. */
static void read_piece(struct fuzzed *f, const struct carry *carry, struct slide *s, size_t begin,
                       uint64_t end, struct rows *rows)
{
    struct window window;
    struct damage damage;
    size_t steps_max = rows->count + 3 * s->len + 16;

    f->format->reader_begin(f->reader, carry, begin);
    s->to = begin;
    show(s, end, begin, &window);
    for (;;) {
        const uint8_t *before = window.at;
        enum step step = f->format->next(f->reader, &window, f->event, &damage);
        struct row row = {0};
        check_place(s, &window);
        ENSURE(window.at >= before);
        if (step == STEP_END)
            break;
        if (step == STEP_MORE) {
            ENSURE(!window.last);
            show(s, end, (size_t)window.offset, &window);
            continue;
        }
        if (step == STEP_EVENT) {
            ENSURE(window.at > before);
            take_event(f, &row);
            ENSURE(row.offset >= begin && row.offset < end);
            ENSURE(row.offset + row.size <= window.offset);
        } else {
            ENSURE(step == STEP_SKIPPED && damage.why && strlen(damage.why) > 4);
            ENSURE(damage.offset + damage.size <= s->len);
            row = (struct row){.why = damage.why,
                               .offset = damage.offset,
                               .size = damage.size,
                               .number = damage.records};
        }
        add_row(rows, &row);
        ENSURE(rows->count < steps_max);
    }
    rows->lines = f->format->lines ? f->format->lines(f->reader) : 0;
    ENSURE(rows->lines <= s->len);
    free(s->memory);
    s->memory = NULL;
}

/* ---- what must be the same ---- */

static void print_rows(const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->list[i];
        fprintf(stderr,
                "%s: offset %" PRIu64 ", size %" PRIu64 ", number %" PRIu64 ", %" PRIx64 "\n",
                row->why ? row->why : "event", row->offset, row->size, row->number, row->digest);
    }
    fprintf(stderr, "%" PRIu64 " lines\n", rows->lines);
}

static bool is_same(const struct row *a, const struct row *b)
{
    bool same_kind = a->why && b->why ? strcmp(a->why, b->why) == 0 : a->why == b->why;

    return same_kind && a->offset == b->offset && a->size == b->size && a->number == b->number &&
           a->digest == b->digest;
}

static void check_same(const struct rows *a, const struct rows *b)
{
    bool same = a->count == b->count && a->lines == b->lines;

    for (size_t i = 0; same && i < a->count; i++)
        same = is_same(&a->list[i], &b->list[i]);
    if (same)
        return;
    print_rows(a);
    print_rows(b);
    abort();
}

static bool is_among(uint8_t byte, const char *list)
{
    return byte != 0 && strchr(list, byte);
}

/* Records of one line, each on a line of its own, in no array or in one that is all: such lines may
 * be read by anybody alone. Without lines: whatever has no damage. */
static bool may_be_cut(const struct format *format, const struct slide *s, const struct rows *rows)
{
    size_t at = 0;

    for (size_t i = 0; i < rows->count; i++)
        if (rows->list[i].why)
            return false;
    if (!format->lines)
        return true;
    bool array = s->len > 0 && s->data[0] == '[';
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->list[i];
        for (at += i == 0 && array; at < row->offset; at++)
            if (!is_among(s->data[at], array ? " \t\r\n," : " \t\r\n"))
                return false;
        if (!row->one_line)
            return false;
        at = (size_t)row->offset + row->size;
    }
    for (unsigned closed = 0; at < s->len; at++)
        if (!is_among(s->data[at], array && closed++ == 0 ? " \t\r\n]" : " \t\r\n"))
            return false;
    return true;
}

/* Cuts where the format allows it; gives the number of pieces. */
static size_t cut(const struct format *format, const struct carry *carry, const struct slide *s,
                  size_t unit, size_t ends[PIECES_MAX])
{
    size_t count = 0, begin = 0;

    for (uint64_t at = format->cut_unit ? format->cut_begin : s->len;
         at < s->len && count + 1 < PIECES_MAX; at += unit) {
        size_t bytes = s->len - (size_t)at;
        ptrdiff_t found = format->cut(
            carry, (struct str){(const char *)s->data + at, bytes < CUT_BYTES ? bytes : CUT_BYTES});
        ENSURE(found >= -1 && found < (ptrdiff_t)bytes);
        if (found >= 0 && at + (uint64_t)found > begin)
            ends[count++] = begin = (size_t)at + (size_t)found;
    }
    ends[count++] = s->len;
    return count;
}

static void read_pieces(struct fuzzed *f, const struct carry *carry, struct slide *s,
                        struct rows *rows)
{
    size_t ends[PIECES_MAX], begin = 0;
    /* places with a meaning of their own, or any */
    size_t unit = f->format->lines ? 1 + (size_t)(s->noise >> 40) % (s->len / 4 + 16)
                                   : (size_t)f->format->cut_unit;
    size_t count = cut(f->format, carry, s, unit, ends);
    uint64_t lines = 0;

    for (size_t i = 0; i < count; i++) {
        size_t first = rows->count;
        read_piece(f, carry, s, begin, ends[i], rows);
        for (size_t k = first; k < rows->count; k++)
            rows->list[k].number += rows->list[k].why ? 0 : lines;
        lines += rows->lines;
        begin = ends[i];
    }
    rows->lines = lines;
}

static struct fuzzed *prepare(void)
{
    static struct fuzzed f;
    static const struct reader_options options;

    if (f.format)
        return &f;
    f.format = format_by_name(STR(FUZZ_FORMAT));
    ENSURE(f.format);
    fields_init(&f.fields, arena_new("fields", (size_t)16 << 20));
    for (size_t i = 0; i < ARRAY_COUNT(field_names); i++)
        fields_add(&f.fields, str_from(field_names[i]));
    fields_freeze(&f.fields);
    f.arena = arena_new("event", EVENT_BYTES);
    f.event = event_new(&f.fields, f.arena);
    f.reader = f.format->reader_new(&f.fields, &options);
    f.event->watch = &watch;
    buf_init(&f.json, (size_t)256 << 20);
    return &f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct rows whole, slid, cut_up;
    struct fuzzed *f = prepare();
    struct str input = {(const char *)data, len};
    struct str head = str_slice(input, 0, len < PROBE_BYTES ? len : PROBE_BYTES);
    struct carry carry = {.changed_ns = 1795341600000000000};
    struct slide slide = {.data = data, .len = len};

    int sure = f->format->probe(head);
    ENSURE(sure >= 0 && sure <= 100);
    if (f->format->look)
        f->format->look(head, &carry);
    whole.count = slid.count = cut_up.count = 0;
    read_piece(f, &carry, &slide, 0, UINT64_MAX, &whole);
    slide.noise = mix(14695981039346656037u, data, len) | 1;
    slide.tiny = len < 600 && slide.noise & 2;
    read_piece(f, &carry, &slide, 0, len + (slide.noise & 4), &slid);
    check_same(&whole, &slid);
    slide.tiny = false;
    read_pieces(f, &carry, &slide, &cut_up);
    if (may_be_cut(f->format, &slide, &whole))
        check_same(&whole, &cut_up);
    return 0;
}
