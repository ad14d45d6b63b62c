/* output.h - what an output is: findings and the run report in, bytes out.
 *
 * Findings come in order, and the report once it is known, with the last of them: whoever puts a
 * summary first keeps what comes behind it until then. Everything printed is escaped for where it
 * goes: log content is hostile there.
 *
 * To add one: write output/<name>.c defining `const struct output output_<name>`, add
 * OUTPUT(<name>) to outputs.def, a case under tests/golden/output/<name>/ and a section in
 * docs/outputs.md.
 */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include "model/finding.h"
#include "model/language.h"
#include "model/run_report.h"

/* Where an output writes: an atomic file or standard output, behind the engine. A failed write
 * makes all later ones fail; the engine reports it once. */
struct sink {
    void *context;
    void (*write)(void *context, struct str bytes);
    /* Instead of it, for an output that wants_places: an empty file, read and written anywhere.
     * False once it refused; `got` is short only at its end. */
    bool (*read_at)(void *context, uint64_t offset, void *out, size_t size, size_t *got);
    bool (*write_at)(void *context, uint64_t offset, struct str bytes);
};

/* What a page needs beside its data: share/page. */
struct page_parts {
    struct str style, script;
};

struct output_options {
    bool colour;     /* the sink is a terminal that shows colours */
    unsigned width;  /* columns of the terminal; 0: not a terminal, do not fold or cut */
    bool utf8;       /* the terminal shows more than ASCII */
    struct str path; /* where it goes, as it was named */
    enum language language;
    const struct page_parts *page; /* for outputs that want it; borrowed; NULL: no page */
};

struct output_writer; /* each output's own */

struct output {
    const char *name;  /* as in --output NAME=FILE */
    const char *about; /* one line for help and docs */
    /* For programs: where the user asks for it, verdicts on coverage (model/coverage.h) come as
     * findings behind the others. Else they stand in the report alone. */
    bool takes_coverage;
    bool wants_places; /* it goes to a file alone, no pipe */
    bool wants_page;   /* options.page holds its program and style */
    struct output_writer *(*begin)(const struct sink *sink, const struct output_options *options);
    void (*finding)(struct output_writer *writer, const struct finding *finding);
    void (*end)(struct output_writer *writer, const struct run_report *report); /* frees it */
};

const struct output *output_by_name(struct str name); /* NULL if there is none */
const struct output *const *output_all(size_t *count);

/* For a person's terminal: what cannot be seen or moves what stands beside it (control, invisible
 * and bidirectional characters), and what is ill-formed, as visible \x.. or \u{....}. */
void escape_terminal(struct str text, struct buf *out);
/* The same for a terminal that shows only ASCII: everything else is visible as \u{....}. */
void escape_ascii(struct str text, struct buf *out);
/* One CSV cell (RFC 4180), always quoted, escaped as for a terminal, so that it also stays on one
 * line; a cell that a spreadsheet would take for a formula gets a leading apostrophe. */
void escape_csv(struct str text, struct buf *out);
/* The same for a JSON object or array, which stays one. */
void escape_csv_json(struct str json, struct buf *out);

#endif
