/* summary.h - tables of what was read and found (--summary): not judged, only counted.
 *
 * Filled by the engine where they are asked for; lists live as long as the report. */
#ifndef MODEL_SUMMARY_H
#define MODEL_SUMMARY_H

#include "model/finding.h"

enum summary_kind {
    SUMMARY_EVENTS,   /* event ids of each channel */
    SUMMARY_HOSTS,    /* machines */
    SUMMARY_LOGONS,   /* run_movement.edges, all of them */
    SUMMARY_KEYWORDS, /* what findings of level medium and above name, to go on from */
    SUMMARY_KINDS
};

struct summed_event {
    struct str channel, provider, event_id; /* channel: the format where there is none */
    uint32_t hosts;
    uint64_t events;
    int64_t first_ns, last_ns;
    bool has_span;
};

struct summed_host {
    struct str name;
    uint32_t channels;
    uint64_t events, findings;
    enum level level; /* the highest found; of none informational */
    int64_t first_ns, last_ns;
    bool has_span;
};

struct summed_keyword {
    enum entity_kind kind;
    struct str text;
    uint64_t findings;
    enum level level; /* the highest */
};

struct run_summaries {
    bool asked[SUMMARY_KINDS];
    struct summed_event *events; /* by channel, then the most frequent first */
    uint32_t event_count;
    struct summed_host *hosts; /* the most events first */
    uint32_t host_count;
    struct summed_keyword *keywords; /* by kind, level, findings */
    uint32_t keyword_count;
    uint64_t keywords_left; /* that found no place */
};

struct str summary_name(enum summary_kind kind); /* "events", as --summary takes it */
/* False: there is no such summary. */
MUST_USE bool summary_find(struct str name, enum summary_kind *kind);

#endif
