/* format.h - what an input format is: bytes in, events out.
 *
 * A format does no I/O, keeps no globals and can run in a sandbox and under a fuzzer as it is.
 * Bytes are hostile: read them through the cursor or with explicit bounds.
 *
 * The engine shows a format a window of the file (struct window) that slides forward. A file may be
 * cut into pieces that are read in parallel: a piece owns the records that START in [begin, end)
 * and may read past its end to finish the last one. One reader lives per thread and format, so that
 * what it learns (templates, shapes, resolved names) serves all pieces and files; reader_begin
 * resets the rest.
 *
 * To add one: write formats/<name>.c defining `const struct format format_<name>`, add the line
 * FORMAT(<name>) to formats.def and a case under tests/golden/formats/<name>/, and run
 * tools/formats_table.py, which writes the table of docs/formats.md.
 */
#ifndef FORMATS_FORMAT_H
#define FORMATS_FORMAT_H

#include "codec/time_zone.h"
#include "core/buf.h"
#include "model/event.h"

enum step {
    STEP_EVENT,   /* the event is filled; the window is past the record */
    STEP_SKIPPED, /* a broken record or stretch; the window is past it; *damage says what is lost */
    STEP_MORE,    /* no whole record in the window, and window->last is false: slide on and call
                     again; the window's position is at the first byte that is still needed */
    STEP_END      /* nothing left that belongs to this piece */
};

/* What was lost: filled at STEP_SKIPPED. */
struct damage {
    const char *why;  /* static text, no full stop: "record is cut off by the end of the chunk" */
    uint64_t offset;  /* of the first lost byte, in unpacked bytes of the file */
    uint64_t size;    /* bytes passed over */
    uint64_t records; /* known to be lost; 1 if nobody can tell */
};

struct window {
    const uint8_t *at;  /* first byte not yet consumed: the format moves it */
    const uint8_t *end; /* end of the bytes in memory */
    uint64_t offset;    /* of `at` in unpacked bytes of the file: moved along with `at` */
    uint64_t piece_end; /* records that start at or behind this offset belong to the next piece */
    bool last;          /* no bytes of the file follow `end` */
};

static inline size_t window_left(const struct window *w)
{
    return (size_t)(w->end - w->at);
}

static inline void window_advance(struct window *w, size_t bytes)
{
    w->at += bytes;
    w->offset += bytes;
}

/* What passes from the head of a file to each of its pieces (a header line, "this is an array"). */
#define CARRY_BYTES 512
struct carry {
    uint8_t bytes[CARRY_BYTES];
    int64_t changed_ns; /* when the file was last written to, for times that lack the year; 0:
                           nobody knows. Set by the engine */
};

/* Counters that a reader keeps beside its events; the engine sums them into the summary. */
struct shape_count {
    const char *name; /* static: the shape or mapping, as the summary shows it */
    uint64_t events;
    uint64_t example_offset; /* of the first one in this piece, for "unknown" shapes */
};
#define SHAPES_MAX 16

struct reader; /* each format's own */

struct reader_options {
    bool strict;   /* `cat`: all that a format can check; for `hunt` it may check less */
    bool want_all; /* render or all_values will be called for most events: decode may be eager */
    const struct time_zone *zone; /* of times that do not say theirs; NULL: UTC. Borrowed */
};

struct format {
    const char *name;           /* as findings and summaries write it: "evtx", "json" */
    const char *about;          /* one line for help and docs */
    const char *line_or_record; /* which of the two a finding's source carries */

    /* How sure we are that input starting with `head` (up to PROBE_BYTES, all of a smaller file) is
     * this format, 0 to 100. Judged by content alone. */
    int (*probe)(struct str head);

    /* Where a file may be cut: piece boundaries are tried at begin + n * unit for the first such
     * offset behind each multiple of the engine's piece size; `cut` sees the bytes there (up to
     * CUT_BYTES) and returns how far behind the offset a piece may start, or -1: not here, try the
     * next. unit 0: never cut. */
    uint64_t cut_begin, cut_unit;
    ptrdiff_t (*cut)(const struct carry *carry, struct str bytes);
    /* Fills the carry from the file's head; may be NULL. */
    void (*look)(struct str head, struct carry *carry);

    struct reader *(*reader_new)(const struct field_dictionary *fields,
                                 const struct reader_options *options);
    void (*reader_free)(struct reader *reader);
    /* Before each piece. `offset` is where it starts; 0 is the head of the file. */
    void (*reader_begin)(struct reader *reader, const struct carry *carry, uint64_t offset);
    /* Decodes one record into the event, which it resets first; sets event->all_values. The event
     * borrows from the window and from event->arena. */
    enum step (*next)(struct reader *reader, struct window *window, struct event *event,
                      struct damage *damage);
    /* The event that the last `next` gave, whole, as one JSON object, as `seawall cat` prints it,
     * without a line end. */
    void (*render)(struct reader *reader, struct event *event, struct buf *json);
    /* Lines consumed since reader_begin (formats with lines; else NULL). */
    uint64_t (*lines)(const struct reader *reader);
    /* Shapes seen since reader_begin; returns how many. May be NULL. */
    size_t (*shapes)(const struct reader *reader, struct shape_count shapes[SHAPES_MAX]);
};

/* Gives the event a time that did not say its zone; `local_ns` is it as if it were UTC. */
void format_local_time(struct event *event, const struct time_zone *zone, int64_t local_ns);

#define PROBE_BYTES (64u << 10)
#define CUT_BYTES (1u << 20)

const struct format *format_by_name(struct str name); /* NULL if there is none */
/* The surest one above 0; NULL if there is none. */
const struct format *format_guess(struct str head);
const struct format *const *format_all(size_t *count);

#endif
