/* incident.h - findings that belong together: by host and time, with a story that one can read.
 *
 * Filled by the engine; lists live as long as the report that they are part of. */
#ifndef MODEL_INCIDENT_H
#define MODEL_INCIDENT_H

#include "core/str.h"
#include "model/finding.h"
#include "model/level.h"

struct incident {
    struct str title; /* "Web shell, then commands, on WEB01" */
    struct str story; /* one paragraph */
    enum level level; /* the highest of its findings */
    uint64_t score;   /* incidents are listed by this, the highest first */
    int64_t first_ns, last_ns;
    struct str_list hosts, accounts, addresses; /* distinct, the most frequent first; cut */
    struct str_list techniques;
    struct str_list rules; /* titles, in order of first appearance; cut */
    uint64_t findings;
    uint64_t by_level[LEVEL_COUNT];
};

struct run_incidents {
    struct incident *at;
    uint32_t listed;
    uint64_t count;         /* all of them */
    uint64_t findings_left; /* that belong to none: without a time, or alone and low */
};

#endif
