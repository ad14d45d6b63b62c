/* script.c - scripts that a web server runs (PHP, ASP, ASP.NET, JSP): a whole file is one record.
 *
 * What it does is judged by scan/; here it is told what file it is. */
#include "codec/sha256.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "formats/text_record.h"
#include "scan/script_page.h"

#include <stdio.h>
#include <stdlib.h>

enum name { NAME_LANGUAGE, NAME_SIZE, NAME_HASH, NAME_COUNT };

struct reader {
    struct text_name names[NAME_COUNT];
    struct text_record record;
    uint64_t lines;
    int64_t changed_ns;
    uint64_t passed; /* bytes of a file that is too long */
    char hash[SHA256_TEXT_SIZE];
    char size[24];
};

static struct reader *script_reader_new(const struct field_dictionary *fields,
                                        const struct reader_options *options)
{
    static const struct str names[NAME_COUNT] = {STR_INIT("script.language"), STR_INIT("file.size"),
                                                 STR_INIT("file.hash.sha256")};
    struct reader *reader = calloc(1, sizeof(*reader));

    (void)options;
    ENSURE(reader);
    for (size_t i = 0; i < NAME_COUNT; i++)
        text_name_init(&reader->names[i], fields, names[i]);
    return reader;
}

static void script_reader_free(struct reader *reader)
{
    free(reader);
}

static void script_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)offset;
    reader->changed_ns = carry->changed_ns;
    reader->lines = 0;
    reader->passed = 0;
}

static uint64_t script_lines(const struct reader *reader)
{
    return reader->lines;
}

static void give_file(struct event *event, const struct value_visitor *visitor)
{
    char *hash = arena_alloc_bytes(event->arena, SHA256_TEXT_SIZE);

    visitor->visit(visitor->context, value_string(utf8_checked(event->raw, event->arena)));
    sha256_text(event->raw, hash);
    visitor->visit(visitor->context, value_string(str_from(hash)));
}

static uint64_t count_lines(struct str file)
{
    uint64_t count = file.len > 0 && file.at[file.len - 1] != '\n';

    for (struct str rest = file; rest.len > 0;) {
        size_t at = str_find_byte(rest, '\n');
        count += at < rest.len;
        rest = str_slice(rest, at + 1, rest.len);
    }
    return count;
}

/* The language has to be looked for, and hardly any rule asks for it. */
static void fill(struct reader *reader, struct str file, bool language)
{
    snprintf(reader->size, sizeof(reader->size), "%zu", file.len);
    reader->record.count = 0;
    if (language)
        text_record_add(&reader->record, &reader->names[NAME_LANGUAGE],
                        value_string(script_language_name(script_page_language(file))));
    text_record_add(&reader->record, &reader->names[NAME_SIZE],
                    text_value_of(str_from(reader->size)));
}

static enum step pass_long_file(struct reader *reader, struct window *w, struct damage *damage)
{
    reader->passed += window_left(w);
    window_advance(w, window_left(w));
    if (!w->last)
        return STEP_MORE;
    *damage = (struct damage){"a script is longer than 16 MiB", w->offset - reader->passed,
                              reader->passed, 1};
    reader->passed = 0;
    return STEP_SKIPPED;
}

static enum step script_next(struct reader *reader, struct window *w, struct event *event,
                             struct damage *damage)
{
    if (reader->passed > 0 || window_left(w) > RECORD_BYTES_MAX)
        return pass_long_file(reader, w, damage);
    if (!w->last)
        return STEP_MORE;
    if (window_left(w) == 0)
        return STEP_END;
    event_reset(event);
    event->raw = (struct str){(const char *)w->at, window_left(w)};
    event->offset = w->offset;
    event->line = 1;
    event->time_ns = reader->changed_ns; /* says when, but an intruder can set it: no reason to
                                            leave it out of a time that is asked for */
    event->all_values = give_file;
    event->may_hold = NULL;
    reader->lines = count_lines(event->raw);
    fill(reader, event->raw, text_name_is_wanted(&reader->names[NAME_LANGUAGE]));
    text_record_fill(&reader->record, event);
    window_advance(w, window_left(w));
    return STEP_EVENT;
}

static void script_render(struct reader *reader, struct event *event, struct buf *json)
{
    fill(reader, event->raw, true);
    sha256_text(event->raw, reader->hash);
    text_record_add(&reader->record, &reader->names[NAME_HASH],
                    value_string(str_from(reader->hash)));
    text_record_render(&reader->record, json);
}

const struct format format_script = {
    .name = "script",
    .about = "scripts that a web server runs: PHP, ASP, ASP.NET, JSP",
    .line_or_record = "line",
    .probe = script_page_probe,
    .cut_unit = 0,
    .reader_new = script_reader_new,
    .reader_free = script_reader_free,
    .reader_begin = script_reader_begin,
    .next = script_next,
    .render = script_render,
    .lines = script_lines,
};
