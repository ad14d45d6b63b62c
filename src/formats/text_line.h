/* text_line.h - the lines of a text format, one at a time out of the window.
 *
 * A line ends with LF or CR LF, the last one of a file also without. A byte order mark at the head
 * of a file is passed over. Ill-formed UTF-8 becomes U+FFFD. A line longer than RECORD_BYTES_MAX is
 * lost, and told once. */
#ifndef FORMATS_TEXT_LINE_H
#define FORMATS_TEXT_LINE_H

#include "formats/format.h"

struct text_line {
    struct str text; /* without the line end, well-formed; valid until the next one is taken */
    struct str raw;  /* the bytes as they stand, without the line end */
    uint64_t offset; /* of its first byte in the file */
    uint64_t number; /* 1-based within the piece */
};

struct text_lines {
    uint64_t count;        /* taken since the piece began, lost ones too */
    size_t searched;       /* bytes of the window that hold no line end */
    struct damage skipped; /* a line that is too long; size 0: none */
    struct buf repaired;   /* owned */
};

void text_lines_init(struct text_lines *lines);
void text_lines_free(struct text_lines *lines);
/* Before each piece. */
void text_lines_begin(struct text_lines *lines);

/* STEP_EVENT: *line is filled and the window is past it. STEP_SKIPPED: *damage is. */
enum step text_lines_next(struct text_lines *lines, struct window *window, struct text_line *line,
                          struct damage *damage);

/* The same for the next line that is not blank. */
enum step text_lines_next_filled(struct text_lines *lines, struct window *window,
                                 struct text_line *line, struct damage *damage);

/* For a line that was taken and cannot be understood: it is the damage. */
enum step text_line_lost(const struct text_line *line, const char *why, struct damage *damage);

/* `cut` of formats whose pieces may start at any line; their cut_unit is TEXT_CUT_UNIT. */
#define TEXT_CUT_UNIT 4096u
ptrdiff_t text_line_cut(const struct carry *carry, struct str bytes);

/* Whether an odd number of backslashes stands in front of the character at `at`. */
bool text_is_escaped(struct str text, size_t at);
/* Without the backslash in front of each of these signs; the text itself, or one in the arena. */
struct str text_unescape(struct str text, struct str signs, struct arena *arena);

/* For probes: the next line of `head` without its line end. False where the head ends before the
 * line does, unless nothing is in front of it. */
bool text_head_line(struct str *head, struct str *line);

#endif
