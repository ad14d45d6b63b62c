/* zeek.c - logs of Zeek in its own form: a header of `#` lines, then a line per record.
 *
 * The header says what separates fields, how a field is written that is not set or empty, and the
 * names and types of the fields; names, values and lists are those that Zeek writes as JSON. A
 * header may come again in the middle of a file, where logs were put together, so that a file is
 * not cut. */
#include "codec/json.h"
#include "codec/time_text.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "formats/text_record.h"

#include <stdlib.h>

#define NAMES_BYTES_MAX (2 * (size_t)RECORD_BYTES_MAX)
#define SIGN_BYTES_MAX 256u

enum type { TYPE_TEXT, TYPE_NUMBER, TYPE_BOOLEAN };

struct column {
    struct text_name name;
    enum type type;
    bool is_list, is_time;
};

/* A text of the header, kept. */
struct sign {
    char bytes[SIGN_BYTES_MAX];
    size_t len;
};

struct reader {
    const struct field_dictionary *fields;
    struct text_lines lines;
    struct text_line line;
    struct text_record record;
    struct arena *names; /* of the header */
    struct column columns[TEXT_VALUES_MAX - 1];
    uint32_t count; /* 0: no header was read */
    struct text_name path_name;
    char separator;
    struct sign list_separator, empty, unset, path;
};

static void set_sign(struct sign *sign, struct str text)
{
    sign->len = text.len < SIGN_BYTES_MAX ? text.len : SIGN_BYTES_MAX;
    for (size_t i = 0; i < sign->len; i++)
        sign->bytes[i] = text.at[i];
}

static struct str sign_text(const struct sign *sign)
{
    return (struct str){sign->bytes, sign->len};
}

static void begin_header(struct reader *reader)
{
    reader->count = 0;
    reader->separator = '\t';
    set_sign(&reader->list_separator, STR(","));
    set_sign(&reader->empty, STR("(empty)"));
    set_sign(&reader->unset, STR("-"));
    set_sign(&reader->path, STR_EMPTY);
}

static struct reader *zeek_reader_new(const struct field_dictionary *fields,
                                      const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    (void)options;
    ENSURE(reader);
    reader->fields = fields;
    reader->names = arena_new("names of Zeek", NAMES_BYTES_MAX);
    text_lines_init(&reader->lines);
    text_name_init(&reader->path_name, fields, STR("_path"));
    return reader;
}

static void zeek_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    text_lines_free(&reader->lines);
    arena_free(reader->names);
    free(reader);
}

static void zeek_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)carry;
    (void)offset; /* 0: there is one piece */
    text_lines_begin(&reader->lines);
    begin_header(reader);
}

static uint64_t zeek_lines(const struct reader *reader)
{
    return reader->lines.count;
}

static void zeek_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    text_record_render(&reader->record, json);
}

/* ---- text ---- */

/* Replaces \x09 and its like, and \\, in `out`, which has room for s.len bytes. */
static size_t unescape(struct str s, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < s.len; i++) {
        struct str next = str_slice(s, i, i + 4);
        int high = next.len == 4 ? ascii_hex_value(next.at[2]) : -1;
        int low = next.len == 4 ? ascii_hex_value(next.at[3]) : -1;
        if (s.at[i] == '\\' && next.len == 4 && next.at[1] == 'x' && high >= 0 && low >= 0) {
            out[len++] = (char)(high << 4 | low);
            i += 3;
        } else {
            out[len++] = s.at[i];
            i += s.at[i] == '\\' && next.len > 1 && next.at[1] == '\\';
        }
    }
    return len;
}

/* What does not give UTF-8 stays as it is written. */
static struct str plain(struct arena *arena, struct str text)
{
    if (str_find_byte(text, '\\') == text.len)
        return text;
    char *out = arena_alloc_bytes(arena, text.len);
    struct str decoded = {out, unescape(text, out)};
    return utf8_is_valid(decoded) ? decoded : text;
}

/* ---- the header ---- */

static bool is_among(struct str text, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(text, list[i]))
            return true;
    return false;
}

static void take_names(struct reader *reader, struct str rest)
{
    arena_reset(reader->names);
    reader->count = 0;
    while (rest.len > 0 && reader->count < ARRAY_COUNT(reader->columns)) {
        struct str name = arena_str(reader->names, str_cut(&rest, reader->separator));
        struct column *column = &reader->columns[reader->count++];
        *column = (struct column){.is_time = str_eq(name, STR("ts"))};
        text_name_init(&column->name, reader->fields, name);
    }
    if (rest.len > 0)
        reader->count = 0; /* nobody writes so many */
}

static void take_types(struct reader *reader, struct str rest)
{
    static const struct str numbers[] = {STR_INIT("count"),    STR_INIT("int"),
                                         STR_INIT("port"),     STR_INIT("double"),
                                         STR_INIT("interval"), STR_INIT("time")};

    for (uint32_t i = 0; i < reader->count && rest.len > 0; i++) {
        struct column *column = &reader->columns[i];
        struct str type = str_cut(&rest, reader->separator);
        size_t bracket = str_find_byte(type, '[');
        if (str_ends_with(type, STR("]"))) {
            column->is_list = true;
            type = str_slice(type, bracket + 1, type.len - 1);
        }
        column->type = str_eq(type, STR("bool"))                       ? TYPE_BOOLEAN
                       : is_among(type, numbers, ARRAY_COUNT(numbers)) ? TYPE_NUMBER
                                                                       : TYPE_TEXT;
    }
}

/* A line that starts with `#`; those that say nothing here are passed over. */
static void take_header(struct reader *reader, struct str line)
{
    if (str_starts_with(line, STR("#separator "))) {
        char separator[8];
        struct str text = str_slice(line, 11, 11 + sizeof(separator));
        begin_header(reader);
        reader->separator = unescape(text, separator) > 0 ? separator[0] : '\t';
        return;
    }
    struct str rest = line, name = str_cut(&rest, reader->separator);
    struct sign *sign = str_eq(name, STR("#set_separator")) ? &reader->list_separator
                        : str_eq(name, STR("#empty_field")) ? &reader->empty
                        : str_eq(name, STR("#unset_field")) ? &reader->unset
                        : str_eq(name, STR("#path"))        ? &reader->path
                                                            : NULL;
    if (sign)
        set_sign(sign, rest);
    else if (str_eq(name, STR("#fields")))
        take_names(reader, rest);
    else if (str_eq(name, STR("#types")))
        take_types(reader, rest);
}

/* ---- records ---- */

static void add_value(struct reader *reader, const struct column *column, struct str text,
                      struct arena *arena)
{
    struct value value = {text, VALUE_STRING};
    const char *why;

    if (column->type == TYPE_BOOLEAN && (str_eq(text, STR("T")) || str_eq(text, STR("F"))))
        value = (struct value){text.at[0] == 'T' ? STR("true") : STR("false"), VALUE_BOOLEAN};
    else if (column->type == TYPE_NUMBER && text.len > 0 &&
             (ascii_is_digit(text.at[0]) || text.at[0] == '-') && json_is_valid(text, &why))
        value.type = text_value_of(text).type == VALUE_INTEGER ? VALUE_INTEGER : VALUE_REAL;
    else
        value.text = plain(arena, text);
    text_record_add(&reader->record, &column->name, value);
}

static void take_time(struct event *event, struct str text)
{
    bool has_zone;

    event->has_time =
        time_from_number(text, &event->time_ns) || time_parse(text, &event->time_ns, &has_zone);
}

static void take_field(struct reader *reader, const struct column *column, struct str text,
                       struct event *event)
{
    if (str_eq(text, sign_text(&reader->unset)))
        return;
    bool empty = str_eq(text, sign_text(&reader->empty));
    if (column->is_time)
        take_time(event, text);
    if (!column->is_list) {
        add_value(reader, column, empty ? STR_EMPTY : text, event->arena);
        return;
    }
    char separator = reader->list_separator.len > 0 ? reader->list_separator.bytes[0] : ',';
    while (text.len > 0 && !empty)
        add_value(reader, column, str_cut(&text, separator), event->arena);
}

static enum step take_record(struct reader *reader, struct event *event, struct damage *damage)
{
    struct str rest = reader->line.text;
    uint32_t at = 0;

    if (reader->count == 0)
        return text_line_lost(&reader->line, "no header says what the fields are", damage);
    text_event_begin(event, &reader->line);
    reader->record.count = reader->record.dropped = 0;
    if (reader->path.len > 0)
        text_record_add(&reader->record, &reader->path_name,
                        value_string(sign_text(&reader->path)));
    for (bool more = true; more && at < reader->count; at++) {
        size_t end = str_find_byte(rest, reader->separator);
        more = end < rest.len;
        take_field(reader, &reader->columns[at], str_slice(rest, 0, end), event);
        rest = str_slice(rest, end + 1, rest.len);
        if (at + 1 == reader->count && more)
            at++;
    }
    if (at != reader->count)
        return text_line_lost(&reader->line, "a line has not the fields of its header", damage);
    text_record_fill(&reader->record, event);
    return STEP_EVENT;
}

static enum step zeek_next(struct reader *reader, struct window *w, struct event *event,
                           struct damage *damage)
{
    for (;;) {
        enum step step = text_lines_next(&reader->lines, w, &reader->line, damage);
        if (step != STEP_EVENT)
            return step;
        struct str line = reader->line.text;
        if (line.len > 0 && line.at[0] == '#')
            take_header(reader, line);
        else if (line.len > 0)
            return take_record(reader, event, damage);
    }
}

static int zeek_probe(struct str head)
{
    struct str line;

    if (!text_head_line(&head, &line))
        return 0;
    if (str_starts_with(line, STR("#separator ")))
        return 95;
    /* parts of a header, as tools leave it */
    return str_starts_with(line, STR("#fields\t")) || str_starts_with(line, STR("#path\t")) ? 80
                                                                                            : 0;
}

const struct format format_zeek = {
    .name = "zeek",
    .about = "logs of Zeek in its own form, with a header of # lines",
    .line_or_record = "line",
    .probe = zeek_probe,
    .cut_unit = 0,
    .reader_new = zeek_reader_new,
    .reader_free = zeek_reader_free,
    .reader_begin = zeek_reader_begin,
    .next = zeek_next,
    .render = zeek_render,
    .lines = zeek_lines,
};
