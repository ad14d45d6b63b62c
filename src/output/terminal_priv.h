/* terminal_priv.h - lines of the terminal report: styles, columns, cutting and wrapping. Private to
 * output/. */
#ifndef OUTPUT_TERMINAL_PRIV_H
#define OUTPUT_TERMINAL_PRIV_H

#include "output/output.h"

enum style { STYLE_PLAIN, STYLE_STRONG, STYLE_FAINT, STYLE_GOOD, STYLE_BAD };

/* A line being built. What does not fit the terminal is cut, and the last column shows that. */
struct terminal {
    const struct sink *sink;
    struct output_options options;
    struct buf line;
    struct buf text; /* scratch for escaped text */
    unsigned column; /* columns written on this line */
    bool cut;        /* the line is full; nothing more is shown of it */
};

void terminal_open(struct terminal *terminal, const struct sink *sink,
                   const struct output_options *options);
void terminal_close(struct terminal *terminal);

/* Columns that are still free on this line; very many where nothing is cut. */
unsigned terminal_left(const struct terminal *terminal);
/* Columns that the text takes once it is escaped. */
unsigned terminal_columns(struct terminal *terminal, struct str text);

/* Appends escaped text in a style. */
void terminal_text(struct terminal *terminal, enum style style, struct str text);
void terminal_printf(struct terminal *terminal, enum style style, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* At most `columns` of the text: its beginning, or its end. */
void terminal_text_within(struct terminal *terminal, enum style style, struct str text,
                          unsigned columns);
void terminal_tail_within(struct terminal *terminal, enum style style, struct str text,
                          unsigned columns);
/* Padded to `width` columns; longer text is not cut. */
void terminal_column(struct terminal *terminal, enum style style, struct str text, unsigned width);
void terminal_level(struct terminal *terminal, enum level level, unsigned width);
void terminal_pad(struct terminal *terminal, unsigned column);
/* " · ", or what ASCII has for it. */
void terminal_separator(struct terminal *terminal);

/* Wrapping: words go to the next line, which begins at `indent`, where they do not fit. An item of
 * a list goes there whole, and has a separator before it elsewhere. A blank or separator is put
 * before, unless the line has nothing behind `indent` yet. */
void terminal_words(struct terminal *terminal, enum style style, unsigned indent, struct str text);
void terminal_item(struct terminal *terminal, unsigned indent, struct str text);

/* Number with thousands separators, in `out`. */
#define COUNT_TEXT_SIZE 32
const char *count_text(uint64_t count, char out[COUNT_TEXT_SIZE]);
/* "2026-11-22 10:00:00", in `out`. */
#define MOMENT_TEXT_SIZE 32
const char *moment_text(int64_t time_ns, char out[MOMENT_TEXT_SIZE]);
void terminal_end_line(struct terminal *terminal);

/* The part of the report before the timeline. */
void terminal_write_summary(struct terminal *terminal, const struct run_report *report);
/* Of that, what could have been seen. */
void terminal_write_coverage(struct terminal *terminal, const struct run_report *report);
/* What belongs together. */
void terminal_write_incidents(struct terminal *terminal, const struct run_report *report);
/* The summaries that were asked for. */
void terminal_write_tables(struct terminal *terminal, const struct run_report *report);
/* And who moved where. */
void terminal_write_movement(struct terminal *terminal, const struct run_report *report);

#endif
