/* movement.h - who logged on where: the graph of accounts, sources and targets.
 *
 * Joined from logon events of Windows (Security 4624 and its kin, TerminalServices) and sshd.
 * Filled by the engine; lists live as long as the report that they are part of. */
#ifndef MODEL_MOVEMENT_H
#define MODEL_MOVEMENT_H

#include "core/str.h"
#include "model/level.h"

enum place_kind {
    PLACE_HOST,    /* a machine that evidence was read of */
    PLACE_MACHINE, /* a name that only others mention: not in the estate that was read */
    PLACE_ADDRESS, /* an address without a name */
    PLACE_KINDS
};

struct movement_place {
    struct str name;
    enum place_kind kind;
    uint64_t findings; /* on this host */
    enum level level;  /* the highest of them; of none informational */
};

enum logon_kind {
    LOGON_INTERACTIVE,
    LOGON_NETWORK,
    LOGON_REMOTE, /* remote desktop */
    LOGON_SERVICE,
    LOGON_BATCH,
    LOGON_UNLOCK,
    LOGON_EXPLICIT, /* with other credentials (4648, logon type 9) */
    LOGON_KERBEROS, /* tickets at a domain controller */
    LOGON_NTLM,     /* checked at a domain controller */
    LOGON_SSH,
    LOGON_OTHER,
    LOGON_KINDS
};

struct movement_edge {
    struct str account; /* "DOMAIN\\name" or "name" */
    uint32_t source;    /* index in places; UINT32_MAX: on the machine itself, or not told */
    uint32_t target;    /* index in places */
    enum logon_kind kind;
    uint64_t succeeded, failed;
    int64_t first_ns, last_ns;
    bool privileged; /* special privileges were assigned (4672) */
    bool first_seen; /* this account had not been on this target in the first half of the time */
};

/* From a foothold (a place with findings) along later logons of which each starts where the one
 * before ended. */
struct movement_path {
    uint32_t *edges; /* indexes, in order of time */
    uint32_t count;
};

/* Somebody at a machine, or on it over remote desktop or SSH. */
struct movement_session {
    struct str account;
    uint32_t source; /* index in places; UINT32_MAX: at the machine itself, or not told */
    uint32_t target; /* index in places */
    enum logon_kind kind;
    int64_t first_ns, last_ns; /* last: of its last event, if no end was seen */
    bool ended, left;          /* left: disconnected, and not taken up again */
    uint32_t breaks;           /* how often it was left */
};

struct run_movement {
    struct movement_place *places;
    uint32_t place_count;
    struct movement_edge *edges; /* by first time */
    uint32_t edge_count;         /* listed */
    uint64_t edges_all;          /* all of them */
    struct movement_path *paths; /* longest first */
    uint32_t path_count;
    uint64_t logons;                   /* events that were joined */
    struct movement_session *sessions; /* by first time */
    uint32_t session_count;            /* listed */
    uint64_t sessions_all;             /* all of them */
};

struct str logon_kind_name(enum logon_kind kind); /* "remote desktop" */

#endif
