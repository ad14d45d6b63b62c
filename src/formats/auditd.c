/* auditd.c - the Linux audit log: records with the same serial number are one event.
 *
 * The kernel writes the records of an event one after the other, but those of others may come
 * between them where many processors are busy. So the reader looks ahead for the rest of the event
 * at hand, within limits, and passes over what it has taken when it gets there. What the limits cut
 * off is an event of its own. A file is not cut, as its pieces would not know of each other. */
#include "codec/time_text.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "formats/audit_record.h"
#include "formats/text_record.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS_MAX 256u           /* of one event */
#define AHEAD_LINES_MAX 64u        /* of other events, that are looked at */
#define AHEAD_BYTES_MAX (1u << 20) /* from the first record on */
#define TAKEN_MAX 512u             /* lines in front of the reader that belong to past events */
#define NAMES_MAX 4096u            /* that are known; real logs have about 200 */
#define NAMES_BYTES_MAX ((size_t)16 << 20)
#define COMMAND_BYTES_MAX ((size_t)2 << 20) /* a command line; ARG_MAX is 2 MiB by default */
#define HEAD_LINES_MAX 16u

struct record {
    struct str text; /* the line, well-formed, without its end */
    struct audit_head head;
};

struct reader {
    const struct field_dictionary *fields;
    struct arena *arena; /* of the names */
    struct map ids;
    struct text_name *names[NAMES_MAX];
    uint32_t name_count;

    uint64_t lines;
    struct damage skipped; /* a line that is too long; size 0: none */
    uint64_t taken[TAKEN_MAX];
    uint32_t taken_count;

    struct record records[RECORDS_MAX]; /* of the event at hand */
    uint32_t count;
    struct text_record values;
    struct buf repaired, command;
};

static void start_names(struct reader *reader)
{
    map_init(&reader->ids, reader->arena);
    reader->name_count = 0;
}

static struct reader *auditd_reader_new(const struct field_dictionary *fields,
                                        const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    (void)options;
    ENSURE(reader);
    reader->fields = fields;
    reader->arena = arena_new("names of auditd", NAMES_BYTES_MAX);
    start_names(reader);
    buf_init(&reader->repaired, 3 * (size_t)RECORD_BYTES_MAX);
    buf_init(&reader->command, COMMAND_BYTES_MAX);
    return reader;
}

static void auditd_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    arena_free(reader->arena);
    buf_free(&reader->repaired);
    buf_free(&reader->command);
    free(reader);
}

static void auditd_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)carry;
    (void)offset; /* 0: there is one piece */
    reader->lines = 0;
    reader->taken_count = 0;
    reader->skipped.size = 0;
}

static uint64_t auditd_lines(const struct reader *reader)
{
    return reader->lines;
}

static void auditd_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    text_record_render(&reader->values, json);
}

/* ---- lines ahead ---- */

static struct str window_text(const struct window *w)
{
    return (struct str){(const char *)w->at, window_left(w)};
}

/* The line at `at` without its end; *next: behind it. False: it has no end in the window. */
static bool line_at(const struct window *w, size_t at, struct str *line, size_t *next)
{
    struct str rest = str_slice(window_text(w), at, window_left(w));
    size_t end = str_find_byte(rest, '\n');

    if (end == rest.len && !w->last)
        return false;
    *line = str_slice(rest, 0, end);
    *next = at + (end < rest.len ? end + 1 : end);
    if (line->len > 0 && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}

static bool is_taken(const struct reader *reader, uint64_t offset)
{
    for (uint32_t i = 0; i < reader->taken_count; i++)
        if (reader->taken[i] == offset)
            return true;
    return false;
}

static void forget_taken(struct reader *reader, uint64_t before)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < reader->taken_count; i++)
        if (reader->taken[i] >= before)
            reader->taken[kept++] = reader->taken[i];
    reader->taken_count = kept;
}

static bool is_same_event(const struct audit_head *a, const struct audit_head *b)
{
    return str_eq(a->stamp, b->stamp) && str_eq(a->node, b->node);
}

/* Programs send whole events of one record; the kernel's have several. */
static bool is_of_kernel(struct str type)
{
    static const struct str others[] = {
        STR_INIT("USER_"),   STR_INIT("CRED_"),   STR_INIT("SERVICE_"), STR_INIT("DAEMON_"),
        STR_INIT("ADD_"),    STR_INIT("DEL_"),    STR_INIT("GRP_"),     STR_INIT("ACCT_"),
        STR_INIT("SYSTEM_"), STR_INIT("CRYPTO_"), STR_INIT("VIRT_")};

    for (size_t i = 0; i < ARRAY_COUNT(others); i++)
        if (str_starts_with(type, others[i]))
            return false;
    return true;
}

static bool is_last_of_event(struct str type)
{
    return str_eq(type, STR("PROCTITLE")) || str_eq(type, STR("EOE"));
}

/* Gathers the records of the event that begins with `first`. *end: behind those that stand
 * together. False: more of the file must be seen. */
static bool gather(struct reader *reader, const struct window *w, const struct record *first,
                   size_t *end)
{
    bool together = true, kernel = is_of_kernel(first->head.type);
    uint32_t taken_before = reader->taken_count;
    unsigned others = 0;
    size_t at = *end;

    reader->records[0] = *first;
    reader->count = 1;
    while (reader->count < RECORDS_MAX && others < AHEAD_LINES_MAX && at < AHEAD_BYTES_MAX &&
           !is_last_of_event(reader->records[reader->count - 1].head.type)) {
        struct record record;
        size_t next;
        if (!line_at(w, at, &record.text, &next)) {
            if (window_left(w) - at > RECORD_BYTES_MAX)
                break;
            reader->taken_count = taken_before;
            return false;
        }
        if (next == at)
            break; /* the end */
        bool is_record = audit_head_read(record.text, &record.head);
        if (is_record && is_same_event(&first->head, &record.head)) {
            if (!together && reader->taken_count == TAKEN_MAX)
                break;
            if (!together)
                reader->taken[reader->taken_count++] = w->offset + at;
            else
                *end = next;
            reader->records[reader->count++] = record;
        } else if (!kernel) {
            break;
        } else {
            together = false;
            others++;
        }
        at = next;
    }
    return true;
}

/* ---- events ---- */

static struct text_name *name_of(struct reader *reader, struct str text)
{
    uint32_t index = map_find(&reader->ids, text);

    if (index != MAP_NONE)
        return reader->names[index];
    ENSURE(reader->name_count < NAMES_MAX);
    struct text_name *name = ARENA_NEW(reader->arena, struct text_name);
    text_name_init(name, reader->fields, arena_str(reader->arena, text));
    map_set(&reader->ids, text, reader->name_count);
    reader->names[reader->name_count++] = name;
    return name;
}

static void add(struct reader *reader, struct str name, struct value value)
{
    if (reader->values.count == TEXT_VALUES_MAX)
        reader->values.dropped++;
    else
        text_record_add(&reader->values, name_of(reader, name), value);
}

static struct str well_formed(struct reader *reader, struct arena *arena, struct str text)
{
    if (LIKELY(utf8_is_valid(text)))
        return text;
    buf_reset(&reader->repaired);
    utf8_repair(text, &reader->repaired);
    return arena_str(arena, buf_str(&reader->repaired));
}

/* Arguments of a program are separated by bytes 0. */
static struct str decode(struct reader *reader, struct arena *arena, struct str digits)
{
    char *out = arena_alloc_bytes(arena, digits.len / 2);
    size_t len = audit_decode(digits, out);

    while (len > 0 && out[len - 1] == 0)
        len--;
    for (size_t i = 0; i < len; i++)
        out[i] = out[i] == 0 ? ' ' : out[i];
    return well_formed(reader, arena, (struct str){out, len});
}

static void add_to_command(struct reader *reader, struct str name, struct str value)
{
    bool goes_on;

    if (!audit_argument_read(name, &goes_on))
        return;
    if (reader->command.len > 0 && !goes_on)
        buf_add_char(&reader->command, ' ');
    buf_add(&reader->command, value);
}

static void add_address(struct reader *reader, struct arena *arena, struct str digits)
{
    struct audit_address address;

    if (!audit_address_read(digits, &address))
        return;
    struct str port = arena_printf(arena, "%u", address.port);
    add(reader, STR("saddr_fam"), value_string(address.family));
    add(reader, STR("laddr"),
        value_string(arena_str(arena, (struct str){address.text, address.len})));
    add(reader, STR("lport"), (struct value){port, VALUE_INTEGER});
}

/* Several keys are separated by bytes 1. */
static void add_keys(struct reader *reader, struct str text)
{
    while (text.len > 0)
        add(reader, STR("key"), value_string(str_cut(&text, '\1')));
}

static void take_record(struct reader *reader, const struct record *record, struct event *event)
{
    struct str rest = record->head.rest, arch = STR_EMPTY, call = STR_EMPTY;
    bool execve = str_eq(record->head.type, STR("EXECVE")), named = false;
    struct audit_field field;

    add(reader, STR("type"), value_string(record->head.type));
    while (audit_field_next(&rest, &field)) {
        bool encoded = audit_is_hexadecimal(record->head.type, &field);
        struct str text = encoded ? decode(reader, event->arena, field.value) : field.value;
        if (execve)
            add_to_command(reader, field.name, text);
        if (str_eq(field.name, STR("arch")))
            arch = text;
        else if (str_eq(field.name, STR("syscall")))
            call = text;
        named = named || str_eq(field.name, STR("SYSCALL"));
        if (str_eq(field.name, STR("saddr")) && !str_contains(rest, STR(" laddr=")))
            add_address(reader, event->arena, text);
        if (encoded && str_eq(field.name, STR("key")))
            add_keys(reader, text);
        else if (field.quoted || encoded)
            add(reader, field.name, value_string(text));
        else if (str_eq(text, STR("(null)")))
            add(reader, field.name, (struct value){STR_EMPTY, VALUE_NULL});
        else
            add(reader, field.name, text_value_of(text));
    }
    struct str name = named ? STR_EMPTY : audit_syscall_name(arch, call);
    if (name.len > 0)
        add(reader, STR("SYSCALL"), value_string(name));
}

/* The records as they stand, and the command line as nobody wrote it. */
static void all_values(struct event *event, const struct value_visitor *visitor)
{
    const struct reader *reader = event->reader;

    for (uint32_t i = 0; i < reader->count; i++)
        visitor->visit(visitor->context, value_string(reader->records[i].text));
    if (reader->command.len > 0)
        visitor->visit(visitor->context, value_string(buf_str(&reader->command)));
}

static void fill(struct reader *reader, struct event *event)
{
    const struct audit_head *head = &reader->records[0].head;
    struct str time;
    uint64_t serial;

    reader->values.count = reader->values.dropped = 0;
    buf_reset(&reader->command);
    if (reader->name_count > NAMES_MAX - TEXT_VALUES_MAX) { /* no real log has so many */
        arena_reset(reader->arena);
        start_names(reader);
    }
    if (audit_stamp_read(head->stamp, &time, &serial)) {
        event->has_time = time_from_number(time, &event->time_ns);
        add(reader, STR("timestamp"), value_string(time));
        add(reader, STR("serial"),
            (struct value){arena_printf(event->arena, "%llu", (unsigned long long)serial),
                           VALUE_INTEGER});
    }
    if (head->node.len > 0)
        add(reader, STR("node"), value_string(head->node));
    event->host = head->node;
    for (uint32_t i = 0; i < reader->count; i++)
        take_record(reader, &reader->records[i], event);
    reader->values.dropped += reader->command.full;
    if (reader->command.len > 0)
        add(reader, STR("cmdline"), value_string(buf_str(&reader->command)));
    text_record_fill(&reader->values, event);
    event->all_values = all_values;
    event->reader = reader;
}

static void advance(struct reader *reader, struct window *w, size_t bytes)
{
    const uint8_t *at = w->at, *end = w->at + bytes;

    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        reader->lines++;
        at++;
    }
    window_advance(w, bytes);
}

static enum step take_event(struct reader *reader, struct window *w, const struct record *first,
                            size_t end, struct event *event)
{
    uint64_t offset = w->offset;

    if (!gather(reader, w, first, &end))
        return STEP_MORE;
    event_reset(event);
    for (uint32_t i = 0; i < reader->count; i++) {
        struct record *record = &reader->records[i];
        struct str text = well_formed(reader, event->arena, record->text);
        if (text.at == record->text.at)
            continue;
        record->text = text;
        audit_head_read(text, &record->head);
    }
    fill(reader, event);
    event->offset = offset;
    event->line = reader->lines + 1;
    event->raw = str_trim(str_slice(window_text(w), 0, end));
    advance(reader, w, end);
    forget_taken(reader, w->offset);
    return STEP_EVENT;
}

/* The line has no end in the window. */
static enum step pass_long_line(struct reader *reader, struct window *w)
{
    size_t left = window_left(w);

    if (reader->skipped.size == 0 && left <= RECORD_BYTES_MAX)
        return STEP_MORE;
    if (reader->skipped.size == 0)
        reader->skipped = (struct damage){"a line is longer than 16 MiB", w->offset, 0, 1};
    reader->skipped.size += left;
    window_advance(w, left);
    return STEP_MORE;
}

static enum step auditd_next(struct reader *reader, struct window *w, struct event *event,
                             struct damage *damage)
{
    struct record record;
    size_t next;

    for (;;) {
        if (w->last && window_left(w) == 0 && reader->skipped.size == 0)
            return STEP_END;
        if (!line_at(w, 0, &record.text, &next))
            return pass_long_line(reader, w);
        if (reader->skipped.size > 0 || record.text.len > RECORD_BYTES_MAX) {
            if (reader->skipped.size == 0)
                reader->skipped = (struct damage){"a line is longer than 16 MiB", w->offset, 0, 1};
            *damage = reader->skipped;
            damage->size += next;
            reader->skipped.size = 0;
            advance(reader, w, next);
            return STEP_SKIPPED;
        }
        if (w->offset == 0 && str_starts_with(record.text, STR("\xef\xbb\xbf")))
            record.text = str_slice(record.text, 3, record.text.len);
        bool is_record = audit_head_read(record.text, &record.head);
        if (is_record && !is_taken(reader, w->offset))
            return take_event(reader, w, &record, next, event);
        bool lost = !is_record && str_trim(record.text).len > 0 &&
                    !str_starts_with(record.text, STR("----")); /* of ausearch */
        *damage = (struct damage){"a line is no audit record", w->offset, record.text.len, 1};
        advance(reader, w, next);
        if (lost)
            return STEP_SKIPPED;
    }
}

static int auditd_probe(struct str head)
{
    struct audit_head read;
    struct str line;
    unsigned lines = 0, records = 0;

    while (lines < HEAD_LINES_MAX && text_head_line(&head, &line)) {
        if (str_trim(line).len == 0 || str_starts_with(line, STR("----")))
            continue;
        lines++;
        records += audit_head_read(line, &read);
    }
    return 2 * records > lines ? 90 : 0;
}

const struct format format_auditd = {
    .name = "auditd",
    .about = "the Linux audit log, its records joined by serial number",
    .line_or_record = "line",
    .probe = auditd_probe,
    .cut_unit = 0,
    .reader_new = auditd_reader_new,
    .reader_free = auditd_reader_free,
    .reader_begin = auditd_reader_begin,
    .next = auditd_next,
    .render = auditd_render,
    .lines = auditd_lines,
};
