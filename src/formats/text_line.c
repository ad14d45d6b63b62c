/* text_line.c - see text_line.h. */
#include "formats/text_line.h"

#include "codec/utf.h"
#include "core/limits.h"

#include <string.h>

#define TOO_LONG "a line is longer than 16 MiB"

static const struct str byte_order_mark = STR_INIT("\xef\xbb\xbf");

void text_lines_init(struct text_lines *lines)
{
    *lines = (struct text_lines){0};
    buf_init(&lines->repaired, 3 * (size_t)RECORD_BYTES_MAX);
}

void text_lines_free(struct text_lines *lines)
{
    buf_free(&lines->repaired);
}

void text_lines_begin(struct text_lines *lines)
{
    lines->count = 0;
    lines->searched = 0;
    lines->skipped.size = 0;
}

static struct str window_text(const struct window *w)
{
    return (struct str){(const char *)w->at, window_left(w)};
}

/* Passes over `bytes` of a line that is too long. */
static void pass(struct text_lines *lines, struct window *w, size_t bytes)
{
    if (lines->skipped.size == 0)
        lines->skipped = (struct damage){TOO_LONG, w->offset, 0, 1};
    lines->skipped.size += bytes;
    lines->searched = 0;
    window_advance(w, bytes);
}

static enum step tell_skipped(struct text_lines *lines, struct damage *damage)
{
    *damage = lines->skipped;
    lines->skipped.size = 0;
    lines->count++;
    return STEP_SKIPPED;
}

/* Nothing in the window ends the line. */
static enum step take_end(struct text_lines *lines, struct window *w, struct damage *damage)
{
    size_t left = window_left(w);

    lines->searched = left;
    if (lines->skipped.size > 0 || left > RECORD_BYTES_MAX)
        pass(lines, w, left);
    if (!w->last)
        return STEP_MORE;
    return lines->skipped.size > 0 ? tell_skipped(lines, damage) : STEP_END;
}

static void take(struct text_lines *lines, struct window *w, size_t len, struct text_line *line)
{
    struct str raw = str_slice(window_text(w), 0, len);

    if (raw.len > 0 && raw.at[raw.len - 1] == '\r')
        raw.len--;
    *line =
        (struct text_line){.text = raw, .raw = raw, .offset = w->offset, .number = ++lines->count};
    if (UNLIKELY(!utf8_is_valid(raw))) {
        buf_reset(&lines->repaired);
        utf8_repair(raw, &lines->repaired);
        line->text = buf_str(&lines->repaired);
    }
    lines->searched = 0;
}

enum step text_lines_next(struct text_lines *lines, struct window *w, struct text_line *line,
                          struct damage *damage)
{
    if (w->offset == 0 && lines->count == 0 && lines->skipped.size == 0) {
        if (window_left(w) < byte_order_mark.len && !w->last)
            return STEP_MORE;
        if (str_starts_with(window_text(w), byte_order_mark))
            window_advance(w, byte_order_mark.len);
    }
    if (w->offset >= w->piece_end && lines->skipped.size == 0)
        return STEP_END;
    size_t left = window_left(w);
    const uint8_t *end = left > lines->searched
                             ? memchr(w->at + lines->searched, '\n', left - lines->searched)
                             : NULL;
    size_t len = end ? (size_t)(end - w->at) : left;

    if (!end && (!w->last || left == 0 || lines->skipped.size > 0 || left > RECORD_BYTES_MAX))
        return take_end(lines, w, damage);
    if (lines->skipped.size > 0 || len > RECORD_BYTES_MAX) {
        pass(lines, w, len + 1);
        return tell_skipped(lines, damage);
    }
    take(lines, w, len, line);
    window_advance(w, len + (end != NULL));
    return STEP_EVENT;
}

enum step text_line_lost(const struct text_line *line, const char *why, struct damage *damage)
{
    *damage = (struct damage){why, line->offset, line->raw.len, 1};
    return STEP_SKIPPED;
}

ptrdiff_t text_line_cut(const struct carry *carry, struct str bytes)
{
    size_t at = str_find_byte(bytes, '\n');

    (void)carry;
    return at + 1 < bytes.len ? (ptrdiff_t)at + 1 : -1;
}

enum step text_lines_next_filled(struct text_lines *lines, struct window *window,
                                 struct text_line *line, struct damage *damage)
{
    enum step step;

    do
        step = text_lines_next(lines, window, line, damage);
    while (step == STEP_EVENT && str_trim(line->text).len == 0);
    return step;
}

bool text_is_escaped(struct str text, size_t at)
{
    size_t first = at;

    while (first > 0 && text.at[first - 1] == '\\')
        first--;
    return (at - first) % 2 != 0;
}

struct str text_unescape(struct str text, struct str signs, struct arena *arena)
{
    size_t len = 0;

    if (str_find_byte(text, '\\') == text.len)
        return text;
    char *out = arena_alloc_bytes(arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        bool pair = text.at[i] == '\\' && i + 1 < text.len &&
                    str_find_byte(signs, text.at[i + 1]) < signs.len;
        i += pair;
        out[len++] = text.at[i];
    }
    return (struct str){out, len};
}

bool text_head_line(struct str *head, struct str *line)
{
    size_t end = str_find_byte(*head, '\n');

    if (str_starts_with(*head, byte_order_mark)) {
        *head = str_slice(*head, byte_order_mark.len, head->len);
        return text_head_line(head, line);
    }
    if (head->len == 0 || (end == head->len && head->len == PROBE_BYTES))
        return false;
    *line = str_slice(*head, 0, end);
    *head = str_slice(*head, end + 1, head->len);
    if (line->len > 0 && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}
