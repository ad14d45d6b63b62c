/* logon_graph.h - logons joined into a graph of accounts, sources and targets. */
#ifndef ANALYTICS_LOGON_GRAPH_H
#define ANALYTICS_LOGON_GRAPH_H

#include "analytics/session.h"
#include "model/census.h"

/* A logon as the key of a census, and back. */
void logon_key_write(const struct logon *logon, struct buf *key);
MUST_USE bool logon_key_read(struct str key, struct logon *logon);

/* A machine that evidence was read of, and what was found on it. */
struct estate_host {
    struct str name;
    uint64_t findings;
    enum level level;
};

struct logon_graph_question {
    const struct census *logons;   /* trimmed */
    const struct census *sessions; /* the same, by session_key; NULL: none */
    const struct estate_host *hosts;
    uint32_t host_count;
};

/* Lists live in the arena; texts are borrowed from the question. */
void logon_graph_make(const struct logon_graph_question *question, struct arena *arena,
                      struct run_movement *movement);

#endif
