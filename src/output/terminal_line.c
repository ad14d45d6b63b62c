/* terminal_line.c - building one line of the terminal report. */
#include "codec/time_text.h"
#include "codec/utf.h"
#include "output/terminal_priv.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",        [STYLE_STRONG] = "\x1b[1m", [STYLE_FAINT] = "\x1b[2m",
    [STYLE_GOOD] = "\x1b[32m", [STYLE_BAD] = "\x1b[31m",
};

static const char *const level_codes[LEVEL_COUNT] = {
    [LEVEL_INFORMATIONAL] = "\x1b[2m",  [LEVEL_LOW] = "\x1b[36m",
    [LEVEL_MEDIUM] = "\x1b[33m",        [LEVEL_HIGH] = "\x1b[1;31m",
    [LEVEL_CRITICAL] = "\x1b[1;97;41m",
};

/* Characters that take two columns (East_Asian_Width W and F, in coarse ranges), in order. */
static const uint32_t wide[][2] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97c},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static unsigned columns_of(uint32_t c)
{
    for (size_t i = 0; i < ARRAY_COUNT(wide) && wide[i][0] <= c; i++)
        if (c <= wide[i][1])
            return 2;
    return 1;
}

static unsigned columns_of_text(struct str text)
{
    unsigned columns = 0;

    while (text.len > 0 && columns < UINT_MAX - 2)
        columns += columns_of(utf8_take(&text));
    return columns;
}

void terminal_open(struct terminal *terminal, const struct sink *sink,
                   const struct output_options *options)
{
    *terminal = (struct terminal){.sink = sink, .options = *options};
    buf_init(&terminal->line, SIZE_MAX);
    buf_init(&terminal->text, SIZE_MAX);
}

void terminal_close(struct terminal *terminal)
{
    buf_free(&terminal->line);
    buf_free(&terminal->text);
}

/* The last column is kept for the ellipsis. */
unsigned terminal_left(const struct terminal *terminal)
{
    unsigned width = terminal->options.width;

    if (width == 0)
        return UINT_MAX;
    return terminal->cut || terminal->column + 1 >= width ? 0 : width - 1 - terminal->column;
}

static struct str escaped(struct terminal *terminal, struct str text)
{
    buf_reset(&terminal->text);
    if (terminal->options.utf8)
        escape_terminal(text, &terminal->text);
    else
        escape_ascii(text, &terminal->text);
    return buf_str(&terminal->text);
}

unsigned terminal_columns(struct terminal *terminal, struct str text)
{
    return columns_of_text(escaped(terminal, text));
}

static void add_ellipsis(struct terminal *terminal)
{
    buf_add(&terminal->line, terminal->options.utf8 ? STR("…") : STR("~"));
    terminal->column++;
}

/* The front of escaped text that takes at most `columns`; *text is what is behind it. */
static struct str take_columns(struct str *text, unsigned columns)
{
    struct str whole = *text;

    while (text->len > 0) {
        struct str before = *text;
        unsigned more = columns_of(utf8_take(text));
        if (more > columns) {
            *text = before;
            break;
        }
        columns -= more;
    }
    return str_slice(whole, 0, whole.len - text->len);
}

/* Adds escaped text, cut where the line is full. */
static void add_visible(struct terminal *terminal, const char *code, struct str text)
{
    bool styled = terminal->options.colour && code[0];

    if (text.len == 0 || terminal->cut)
        return;
    if (styled)
        buf_add(&terminal->line, str_from(code));
    struct str front = take_columns(&text, terminal_left(terminal));
    buf_add(&terminal->line, front);
    terminal->column += columns_of_text(front);
    if (text.len > 0) {
        add_ellipsis(terminal);
        terminal->cut = true;
    }
    if (styled)
        buf_add(&terminal->line, STR("\x1b[0m"));
}

void terminal_text(struct terminal *terminal, enum style style, struct str text)
{
    add_visible(terminal, style_codes[style], escaped(terminal, text));
}

void terminal_printf(struct terminal *terminal, enum style style, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    terminal_text(terminal, style, str_from(text));
}

void terminal_text_within(struct terminal *terminal, enum style style, struct str text,
                          unsigned columns)
{
    struct str visible = escaped(terminal, text);
    unsigned needed = columns_of_text(visible);

    if (needed <= columns || columns == 0 || columns > terminal_left(terminal)) {
        add_visible(terminal, style_codes[style], visible);
        return;
    }
    add_visible(terminal, style_codes[style], take_columns(&visible, columns - 1));
    add_ellipsis(terminal);
}

void terminal_tail_within(struct terminal *terminal, enum style style, struct str text,
                          unsigned columns)
{
    struct str visible = escaped(terminal, text);
    unsigned needed = columns_of_text(visible);

    if (needed > columns && columns > 0 && columns <= terminal_left(terminal)) {
        add_ellipsis(terminal);
        while (needed > columns - 1)
            needed -= columns_of(utf8_take(&visible));
    }
    add_visible(terminal, style_codes[style], visible);
}

void terminal_pad(struct terminal *terminal, unsigned column)
{
    while (terminal->column < column && terminal_left(terminal) > 0) {
        buf_add_char(&terminal->line, ' ');
        terminal->column++;
    }
}

void terminal_column(struct terminal *terminal, enum style style, struct str text, unsigned width)
{
    unsigned start = terminal->column;

    terminal_text(terminal, style, text);
    terminal_pad(terminal, start + width);
}

void terminal_level(struct terminal *terminal, enum level level, unsigned width)
{
    unsigned start = terminal->column;

    add_visible(terminal, level_codes[level], level_name(level));
    terminal_pad(terminal, start + width);
}

void terminal_separator(struct terminal *terminal)
{
    add_visible(terminal, style_codes[STYLE_FAINT],
                terminal->options.utf8 ? STR(" · ") : STR(" | "));
}

/* Goes to the next line if `needed` columns, behind `before` ones, do not fit. True if something
 * stands before them. */
static bool make_room(struct terminal *terminal, unsigned indent, unsigned before, unsigned needed)
{
    const struct buf *line = &terminal->line;
    bool blank = line->len == 0 || line->at[line->len - 1] == ' ';

    if (terminal->column < indent || (terminal->column == indent && blank)) {
        terminal_pad(terminal, indent);
        return false;
    }
    if (terminal_left(terminal) >= before + needed)
        return true;
    terminal_end_line(terminal);
    terminal_pad(terminal, indent);
    return false;
}

/* The length of the words at the front of `text` that fit into `room` columns; at least one. */
static size_t words_that_fit(struct terminal *terminal, struct str text, unsigned room)
{
    size_t len = str_find_byte(text, ' ');

    while (len < text.len) {
        size_t end = len + 1 + str_find_byte(str_slice(text, len + 1, text.len), ' ');
        if (terminal_columns(terminal, str_slice(text, 0, end)) > room)
            break;
        len = end;
    }
    return len;
}

void terminal_words(struct terminal *terminal, enum style style, unsigned indent, struct str text)
{
    for (text = str_trim(text); text.len > 0; text = str_trim(text)) {
        struct str word = str_slice(text, 0, str_find_byte(text, ' '));
        if (make_room(terminal, indent, 1, terminal_columns(terminal, word)))
            terminal_text(terminal, STYLE_PLAIN, STR(" "));
        size_t len = words_that_fit(terminal, text, terminal_left(terminal));
        terminal_text(terminal, style, str_slice(text, 0, len));
        text = str_slice(text, len, text.len);
    }
}

void terminal_item(struct terminal *terminal, unsigned indent, struct str text)
{
    if (make_room(terminal, indent, 3, terminal_columns(terminal, text)))
        terminal_separator(terminal);
    terminal_text(terminal, STYLE_PLAIN, text);
}

const char *count_text(uint64_t count, char out[COUNT_TEXT_SIZE])
{
    size_t at = COUNT_TEXT_SIZE;
    unsigned written = 0;

    out[--at] = '\0';
    do {
        if (written && written % 3 == 0)
            out[--at] = ',';
        out[--at] = (char)('0' + count % 10);
        count /= 10;
        written++;
    } while (count);
    return out + at;
}

const char *moment_text(int64_t time_ns, char out[MOMENT_TEXT_SIZE])
{
    char text[TIME_TEXT_SIZE];

    time_print(time_ns, text);
    snprintf(out, MOMENT_TEXT_SIZE, "%.10s %.8s", text, text + 11);
    return out;
}

void terminal_end_line(struct terminal *terminal)
{
    while (terminal->line.len > 0 && terminal->line.at[terminal->line.len - 1] == ' ')
        terminal->line.len--;
    buf_add_char(&terminal->line, '\n');
    terminal->sink->write(terminal->sink->context, buf_str(&terminal->line));
    buf_reset(&terminal->line);
    terminal->column = 0;
    terminal->cut = false;
}
