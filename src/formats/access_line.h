/* access_line.h - a line of an access log in Common or Combined form, and what all logs of requests
 * have in common: the names of their values, and the request line. */
#ifndef FORMATS_ACCESS_LINE_H
#define FORMATS_ACCESS_LINE_H

#include "formats/web_request.h"

#define ACCESS_CLOCK_BYTES 26u /* 10/Oct/2000:13:55:36 -0700 */

/* In the order in which they are printed. */
struct access_names {
    struct text_name host, port, client, ident, user, clock, method, stem, query, uri, version,
        status, bytes, referer, agent, extra;
};

/* What a reader keeps from line to line. */
struct access_reader {
    struct access_names names;
    struct web_names web;
    struct text_record record; /* of the last line */
    struct buf clock;          /* the last one, and what it means */
    int64_t clock_ns;
};

void access_reader_init(struct access_reader *reader, const struct field_dictionary *fields);
void access_reader_free(struct access_reader *reader);

/* Whether it is a line in one of these forms. */
bool access_line_is(struct str text);
/* Fills the record and `clock_ns`; *host is the virtual host, or empty. NULL, or why it is none. */
const char *access_line_take(struct access_reader *reader, struct str text, struct str *host,
                             struct arena *arena);

/* Adds a number, unless there is none, or a dash. */
void access_add_number(struct text_record *record, const struct text_name *name, struct str text);
/* Adds method, target and version. What is no request line ("\x16\x03\x01") is given whole. */
void access_add_request(struct access_reader *reader, struct str request, struct arena *arena);
/* A time of ACCESS_CLOCK_BYTES bytes. */
bool access_clock_parse(const char *text, int64_t *time_ns);

#endif
