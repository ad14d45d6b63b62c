/* html_priv.h - the page's data. Private to output/. */
#ifndef OUTPUT_HTML_PRIV_H
#define OUTPUT_HTML_PRIV_H

#include "output/output.h"

/* The run report as one JSON object, without its braces, for the page's program (page/src). */
void html_write_report(const struct run_report *report, struct buf *out);

#endif
