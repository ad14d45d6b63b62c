/* terminal_line.c - building one line of the terminal report. */
#include "codec/time_text.h"
#include "codec/utf.h"
#include "output/terminal_priv.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",        [STYLE_STRONG] = "\x1b[1m", [STYLE_FAINT] = "\x1b[2m",
    [STYLE_GOOD] = "\x1b[32m", [STYLE_BAD] = "\x1b[31m",   [STYLE_LEVEL] = "",
};

static const char *const level_codes[LEVEL_COUNT] = {
    [LEVEL_INFORMATIONAL] = "\x1b[2m",  [LEVEL_LOW] = "\x1b[36m",
    [LEVEL_MEDIUM] = "\x1b[33m",        [LEVEL_HIGH] = "\x1b[1;31m",
    [LEVEL_CRITICAL] = "\x1b[1;97;41m",
};

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

/* Adds already escaped text, cut at the terminal's width; one character counts as one column. */
static void add_visible(struct terminal *terminal, const char *code, struct str text)
{
    unsigned width = terminal->options.width;
    bool styled = terminal->options.colour && code[0];

    if (text.len == 0 || (width > 0 && terminal->column >= width))
        return;
    if (styled)
        buf_add(&terminal->line, str_from(code));
    while (text.len > 0) {
        struct str before = text;
        utf8_take(&text);
        if (width > 0 && terminal->column + 1 >= width && text.len > 0) {
            buf_add(&terminal->line, terminal->options.utf8 ? STR("…") : STR("~"));
            terminal->column = width;
            break;
        }
        buf_add(&terminal->line, str_slice(before, 0, before.len - text.len));
        terminal->column++;
    }
    if (styled)
        buf_add(&terminal->line, STR("\x1b[0m"));
}

void terminal_text(struct terminal *terminal, enum style style, struct str text)
{
    buf_reset(&terminal->text);
    escape_terminal(text, &terminal->text);
    add_visible(terminal, style_codes[style], buf_str(&terminal->text));
}

void terminal_printf(struct terminal *terminal, enum style style, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    add_visible(terminal, style_codes[style], str_from(text));
}

void terminal_pad(struct terminal *terminal, unsigned column)
{
    while (terminal->column < column &&
           (terminal->options.width == 0 || terminal->column < terminal->options.width)) {
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

void terminal_count(struct terminal *terminal, uint64_t count, const char *one, const char *many)
{
    char digits[32];
    size_t at = sizeof(digits);
    unsigned written = 0;
    uint64_t left = count;

    digits[--at] = '\0';
    do {
        if (written && written % 3 == 0)
            digits[--at] = ',';
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
        written++;
    } while (left);
    terminal_printf(terminal, STYLE_PLAIN, "%s%s%s", digits + at, one[0] ? " " : "",
                    count == 1 ? one : many);
}

void terminal_bytes(struct terminal *terminal, uint64_t bytes)
{
    static const char *const units[] = {"bytes", "KB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;

    while (size >= 1000 && unit + 1 < ARRAY_COUNT(units)) {
        size /= 1000;
        unit++;
    }
    terminal_printf(terminal, STYLE_PLAIN, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

void terminal_time(struct terminal *terminal, enum style style, int64_t time_ns)
{
    char text[TIME_TEXT_SIZE];

    time_print(time_ns, text);
    terminal_printf(terminal, style, "%.10s %.8s", text, text + 11);
}

void terminal_end_line(struct terminal *terminal)
{
    while (terminal->line.len > 0 && terminal->line.at[terminal->line.len - 1] == ' ')
        terminal->line.len--;
    buf_add_char(&terminal->line, '\n');
    terminal->sink->write(terminal->sink->context, buf_str(&terminal->line));
    buf_reset(&terminal->line);
    terminal->column = 0;
}
