/* logon.h - what an event says about somebody logging on.
 *
 * Security 4624, 4625, 4648, 4672, 4768, 4769, 4771, 4776, 4778; TerminalServices 21, 25, 1149
 * (their fields: Microsoft's documentation of each event); sshd's "Accepted" and "Failed" lines.
 * Which address a machine has is told by connections that it opens (Sysmon 3, Security 5156). */
#ifndef ANALYTICS_LOGON_H
#define ANALYTICS_LOGON_H

#include "model/event.h"
#include "model/movement.h"

struct logon {
    struct str domain, account; /* domain: empty if not told */
    struct str source_name;     /* of a machine; empty if not told */
    struct str source_address;  /* the same */
    struct str target;          /* a machine */
    enum logon_kind kind;
    bool failed;
    bool privilege; /* no logon: the account has special privileges on the target */
    bool address;   /* no logon: the source has this address */
};

/* Fields that a logon is read from. */
enum logon_field {
    LOGON_FIELD_NONE,
    LOGON_TARGET_USER,
    LOGON_TARGET_DOMAIN,
    LOGON_TARGET_SID,
    LOGON_SUBJECT_USER,
    LOGON_SUBJECT_DOMAIN,
    LOGON_SUBJECT_SID,
    LOGON_TYPE,
    LOGON_IP_ADDRESS,
    LOGON_WORKSTATION_NAME,
    LOGON_WORKSTATION,
    LOGON_STATUS,
    LOGON_TARGET_SERVER,
    LOGON_SERVICE_NAME,
    LOGON_ACCOUNT_NAME,
    LOGON_ACCOUNT_DOMAIN,
    LOGON_CLIENT_NAME,
    LOGON_CLIENT_ADDRESS,
    LOGON_USER,
    LOGON_ADDRESS,
    LOGON_PARAM1,
    LOGON_PARAM2,
    LOGON_PARAM3,
    LOGON_SOURCE_IP,
    LOGON_INITIATED,
    LOGON_SOURCE_ADDRESS,
    LOGON_DIRECTION,
    LOGON_PROGRAM,
    LOGON_MESSAGE,
    LOGON_FIELDS
};

struct logon_reader {
    uint16_t ids[LOGON_FIELDS];
};

/* Before fields_freeze. */
void logon_add_fields(struct field_dictionary *fields);
void logon_reader_init(struct logon_reader *reader, const struct field_dictionary *fields);

/* What all events of a channel, id and format are: a number for logon_read, 0: no logons. */
unsigned logon_source(struct str channel, struct str event_id, struct str format);
/* False: the event is no logon, or one of the system's own accounts. Texts live in the event. */
MUST_USE bool logon_read(const struct logon_reader *reader, unsigned source,
                         const struct event *event, struct logon *logon);

#endif
