/* indicator_scan.h - every indicator of a set that stands in a text.
 *
 * A domain stands at label boundaries (also below: "a.evil.com" holds evil.com), unless a single
 * slash before it makes it a file. A file name is a whole value, the last part of a path, or a word
 * of a command line; a path is a whole value, or a part that blanks, quotes, commas and the like
 * set off. A URL ends at a blank, a quote or an angle bracket; what closes a sentence or a bracket
 * behind it does not count. docs/indicators.md tells people. */
#ifndef INDICATORS_INDICATOR_SCAN_H
#define INDICATORS_INDICATOR_SCAN_H

#include "indicators/indicator_set.h"

struct indicator_scan {
    const struct indicator_set *set; /* borrowed */
    struct buf folded, key;          /* scratch */
    struct str text;
    void (*hit)(void *context, uint32_t index, struct str where);
    void *context;
    size_t start, end; /* of the place at hand */
};

void indicator_scan_init(struct indicator_scan *scan, const struct indicator_set *set);
void indicator_scan_free(struct indicator_scan *scan);
/* Calls `hit` once or more often per indicator found; `where` is the part of `text` that it is. */
void indicator_scan_text(struct indicator_scan *scan, struct str text,
                         void (*hit)(void *context, uint32_t index, struct str where),
                         void *context);

#endif
