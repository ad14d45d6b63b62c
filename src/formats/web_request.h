/* web_request.h - what an HTTP request gives rules: the names of SigmaHQ's webserver and proxy
 * rules (`sigma.md` row T6), for formats whose logs hold requests.
 *
 * A format prints what its log holds under names of its own; these are unseen, so that nothing is
 * printed twice. A target with escapes is given as written and decoded (codec/url_text.h). All
 * parts are slices of the target. */
#ifndef FORMATS_WEB_REQUEST_H
#define FORMATS_WEB_REQUEST_H

#include "formats/text_record.h"

struct web_names {
    struct text_name uri;       /* cs-uri, c-uri: the target */
    struct text_name query;     /* cs-uri-query: stem, question mark and query; and the query */
    struct text_name alone;     /* c-uri-query: the query */
    struct text_name stem;      /* cs-uri-stem, cs-uri-path */
    struct text_name extension; /* c-uri-extension, cs-uri-extension, without the dot */
    struct text_name scheme;    /* cs-uri-scheme */
    struct text_name host;      /* cs-host, without the port */
};

void web_names_init(struct web_names *names, const struct field_dictionary *fields);

/* The parts of a target; what it does not have is empty. */
struct web_target {
    struct str whole;
    struct str scheme, host; /* of "https://example.com:8443/a", without the port */
    struct str from_stem;    /* stem, question mark and query */
    struct str stem, query;
    bool has_query; /* there is a question mark */
};

void web_target_split(struct str text, struct web_target *target);
/* A CONNECT request names a host and a port alone. */
void web_target_of_connect(struct str text, struct web_target *target);

/* What a format prints itself, under names that serve rules as well. */
enum web_printed { WEB_URI = 1, WEB_STEM = 2, WEB_QUERY = 4 };
void web_target_add(const struct web_names *names, const struct web_target *target,
                    unsigned printed, struct text_record *record, struct arena *arena);

/* "example.com:443" and "[::1]:443" in host and port; the port is empty if there is none. */
struct str web_host_cut(struct str authority, struct str *port);

#endif
