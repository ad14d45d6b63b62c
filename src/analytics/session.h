/* session.h - who was logged on where, from when to when: the events that begin, leave, take up and
 * end the sessions of people, joined.
 *
 * Security 4624 of interactive and remote logons, 4634, 4647, 4778, 4779, by the id of the logon;
 * TerminalServices 21 to 25 by the number of the session; sshd by its process. */
#ifndef ANALYTICS_SESSION_H
#define ANALYTICS_SESSION_H

#include "analytics/logon.h"
#include "model/census.h"

/* In the order in which events of one moment count. */
enum session_role { SESSION_BEGIN, SESSION_LEFT, SESSION_BACK, SESSION_END, SESSION_ROLES };

/* By what the events of a session know it; an id means something on its host alone, and is used
 * again. */
enum session_space { SESSION_BY_LOGON, SESSION_BY_NUMBER, SESSION_BY_PROCESS, SESSION_SPACES };

struct session_event {
    struct str host;
    enum session_space space;
    struct str id;
    int64_t time_ns;
    enum session_role role;
    struct logon logon; /* of SESSION_BEGIN alone */
};

struct session_reader {
    struct logon_reader logons;
    uint16_t target_logon_id, logon_id, session_id, type, pid, program, message;
};

/* Before fields_freeze. */
void session_add_fields(struct field_dictionary *fields);
void session_reader_init(struct session_reader *reader, const struct field_dictionary *fields);

/* What all events of a channel, id and format are: a number for session_read, 0: nothing. */
unsigned session_source(struct str channel, struct str event_id, struct str format);
/* False: the event says nothing of a person's session. Texts live in the event. */
MUST_USE bool session_read(const struct session_reader *reader, unsigned source,
                           const struct event *event, struct session_event *session);

/* As the key of a census, which has a row for each, and back. */
void session_key_write(const struct session_event *session, struct buf *key);
MUST_USE bool session_key_read(struct str key, struct session_event *session);

struct session {
    struct logon logon; /* that began it */
    struct str host;
    int64_t first_ns, last_ns; /* its last event, if no end was seen */
    bool ended, left;          /* left: disconnected, and not taken up again */
    uint32_t breaks;           /* how often it was left */
};

/* By host, account and time, in the arena; what several logs say of one session is one. Texts are
 * those of the keys. */
struct session *sessions_join(const struct census *events, struct arena *arena, uint32_t *count);

#endif
