/* event_reader.h - for tests: a text or a file of the corpus, read step by step. */
#ifndef EVENT_READER_H
#define EVENT_READER_H

#include "codec/time_text.h"
#include "formats/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const asked_names[] = {"Channel",
                                          "Provider_Name",
                                          "Provider_Guid",
                                          "EventID",
                                          "Computer",
                                          "EventRecordID",
                                          "Version",
                                          "Level",
                                          "Opcode",
                                          "Execution_ProcessID",
                                          "Execution_ThreadID",
                                          "Security_UserID",
                                          "Correlation_ActivityID",
                                          "EventID_Qualifiers",
                                          "TimeCreated_SystemTime",
                                          "Message",
                                          "RenderingInfo_Level",
                                          "Data",
                                          "Image",
                                          "CommandLine",
                                          "Threat Name",
                                          "ThreatName",
                                          "LogonType",
                                          "TargetUserName",
                                          "IpAddress",
                                          "SubjectUserSid",
                                          "SubjectUserName",
                                          "Kind",
                                          "Depth",
                                          "user.name",
                                          "a",
                                          "A",
                                          "b",
                                          "a.b",
                                          "event_data.a",
                                          "c-ip",
                                          "c-uri",
                                          "c-uri-query",
                                          "c-uri-extension",
                                          "c-useragent",
                                          "cs-method",
                                          "cs-uri",
                                          "cs-uri-stem",
                                          "cs-uri-query",
                                          "cs-uri-scheme",
                                          "cs-username",
                                          "cs-host",
                                          "s-hostname",
                                          "s-port",
                                          "cs-version",
                                          "cs-user-agent",
                                          "cs-referer",
                                          "cs-cookie",
                                          "cs(User-Agent)",
                                          "sc-status",
                                          "sc-bytes",
                                          "time-taken",
                                          "x-extra",
                                          "x-ident",
                                          "src-ip",
                                          "action",
                                          "named"};

/* One reader, for one test at a time. */
static struct {
    const struct format *format;
    struct arena *fields_arena, *arena;
    struct field_dictionary fields;
    struct event *event;
    struct reader *reader;
    struct carry carry;
    struct window window;
    struct damage damage;
    const uint8_t *data; /* all of it */
    size_t len, step;    /* bytes that come at once; 0: all */
    struct buf json;
    size_t values;
} made;

static void add_fields(void)
{
    made.fields_arena = arena_new("fields", (size_t)16 << 20);
    fields_init(&made.fields, made.fields_arena);
    for (size_t i = 0; i < ARRAY_COUNT(asked_names); i++)
        fields_add(&made.fields, str_from(asked_names[i]));
    fields_freeze(&made.fields);
}

__attribute__((unused)) static void close_reader(void)
{
    if (!made.format)
        return;
    made.format->reader_free(made.reader);
    event_free(made.event);
    arena_free(made.arena);
    arena_free(made.fields_arena);
    buf_free(&made.json);
    memset(&made, 0, sizeof(made));
}

/* For tests of times that do not say their zone; NULL: UTC. */
__attribute__((unused)) static const struct time_zone *asked_zone;

__attribute__((unused)) static void open_reader(const char *format)
{
    const struct reader_options options = {.zone = asked_zone};

    close_reader();
    add_fields();
    made.format = format_by_name(str_from(format));
    made.arena = arena_new("event", (size_t)512 << 20);
    made.event = event_new(&made.fields, made.arena);
    made.reader = made.format->reader_new(&made.fields, &options);
    buf_init(&made.json, (size_t)64 << 20);
}

/* The part from `begin` to `end`, in steps of `step` bytes. */
__attribute__((unused)) static void begin_piece(const void *data, size_t len, size_t begin,
                                                uint64_t end, size_t step)
{
    struct str head = {data, len < PROBE_BYTES ? len : PROBE_BYTES};
    size_t first = step && step < len - begin ? step : len - begin;

    made.data = data;
    made.len = len;
    made.step = step;
    memset(&made.carry, 0, sizeof(made.carry));
    if (made.format->look)
        made.format->look(head, &made.carry);
    made.format->reader_begin(made.reader, &made.carry, begin);
    made.window = (struct window){.at = made.data + begin,
                                  .end = made.data + begin + first,
                                  .offset = begin,
                                  .piece_end = end,
                                  .last = first == len - begin};
}

__attribute__((unused)) static void begin_bytes(const char *format, const void *data, size_t len)
{
    open_reader(format);
    begin_piece(data, len, 0, UINT64_MAX, 0);
}

__attribute__((unused)) static void begin_text(const char *format, const char *text)
{
    begin_bytes(format, text, strlen(text));
}

/* The next event, damage or end. */
__attribute__((unused)) static enum step take(void)
{
    for (;;) {
        enum step step = made.format->next(made.reader, &made.window, made.event, &made.damage);
        if (step != STEP_MORE || made.window.last)
            return step;
        size_t left = (size_t)(made.data + made.len - made.window.end);
        made.window.end += left < made.step ? left : made.step;
        made.window.last = left <= made.step;
    }
}

/* The n-th value of a field of the event, from 0; "(none)" if it has fewer. */
__attribute__((unused)) static struct str nth(const char *name, unsigned n)
{
    uint16_t id = fields_find(&made.fields, str_from(name));
    const struct event_field *field = id == FIELD_NONE ? NULL : event_find(made.event, id);

    for (; field && n > 0; n--)
        field = event_next_of(made.event, field);
    return field ? field->value.text : STR("(none)");
}

__attribute__((unused)) static struct str field(const char *name)
{
    return nth(name, 0);
}

__attribute__((unused)) static struct str rendered(void)
{
    buf_reset(&made.json);
    made.format->render(made.reader, made.event, &made.json);
    return buf_str(&made.json);
}

/* The event's time as text; empty if it has none. */
__attribute__((unused)) static struct str time_text(void)
{
    static char text[TIME_TEXT_SIZE];

    if (!made.event->has_time)
        return STR_EMPTY;
    time_print(made.event->time_ns, text);
    return str_from(text);
}

__attribute__((unused)) static void list_value(void *context, struct value value)
{
    struct buf *list = context;

    made.values++;
    buf_add(list, value.text);
    buf_add_char(list, '|');
}

/* All values of the event, each followed by a bar. */
__attribute__((unused)) static struct str all_values_text(void)
{
    made.values = 0;
    buf_reset(&made.json);
    made.event->all_values(made.event,
                           &(struct value_visitor){.context = &made.json, .visit = list_value});
    return buf_str(&made.json);
}

struct tally {
    unsigned events, damages;
    uint64_t lost;
    const char *why; /* of the last damage */
};

__attribute__((unused)) static struct tally take_all(void)
{
    struct tally tally = {0};

    for (enum step step; (step = take()) != STEP_END && step != STEP_MORE;) {
        tally.events += step == STEP_EVENT;
        if (step == STEP_SKIPPED) {
            tally.damages++;
            tally.lost += made.damage.records;
            tally.why = made.damage.why;
        }
    }
    return tally;
}

/* A file of tests/corpus, with `room` bytes of zeros behind it; owned by the caller. */
__attribute__((unused)) static uint8_t *corpus_file(const char *path, size_t room, size_t *len)
{
    char full[512];

    snprintf(full, sizeof(full), PROJECT_ROOT "/tests/corpus/%s", path);
    FILE *file = fopen(full, "rb");
    uint8_t *bytes = calloc(1, (256u << 10) + room);
    if (!file || !bytes) {
        printf("# cannot read %s\n", full);
        abort();
    }
    *len = fread(bytes, 1, 256u << 10, file);
    fclose(file);
    return bytes;
}

#endif
