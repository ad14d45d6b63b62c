/* terminal_priv.h - lines of the terminal report: styles, columns, cutting. Private to output/. */
#ifndef OUTPUT_TERMINAL_PRIV_H
#define OUTPUT_TERMINAL_PRIV_H

#include "output/output.h"

enum style { STYLE_PLAIN, STYLE_STRONG, STYLE_FAINT, STYLE_GOOD, STYLE_BAD, STYLE_LEVEL };

/* A line being built; what is longer than the terminal is cut with an ellipsis when it is ended. */
struct terminal {
    const struct sink *sink;
    struct output_options options;
    struct buf line;
    struct buf text; /* scratch for escaped text */
    unsigned column; /* columns written on this line */
};

void terminal_open(struct terminal *terminal, const struct sink *sink,
                   const struct output_options *options);
void terminal_close(struct terminal *terminal);

/* Appends escaped text in a style; STYLE_LEVEL: terminal_level. */
void terminal_text(struct terminal *terminal, enum style style, struct str text);
void terminal_printf(struct terminal *terminal, enum style style, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Padded to `width` columns; longer text is not cut. */
void terminal_column(struct terminal *terminal, enum style style, struct str text, unsigned width);
void terminal_level(struct terminal *terminal, enum level level, unsigned width);
void terminal_pad(struct terminal *terminal, unsigned column);
/* Number with thousands separators; singular or plural noun behind it. */
void terminal_count(struct terminal *terminal, uint64_t count, const char *one, const char *many);
void terminal_bytes(struct terminal *terminal, uint64_t bytes);
/* "2026-11-22 10:00:00" */
void terminal_time(struct terminal *terminal, enum style style, int64_t time_ns);
void terminal_end_line(struct terminal *terminal);

/* The part of the report before the timeline. */
void terminal_write_summary(struct terminal *terminal, const struct run_report *report);

#endif
