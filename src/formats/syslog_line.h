/* syslog_line.h - the parts of a line of syslog: RFC 5424, RFC 3164, and what rsyslog writes to
 * files. */
#ifndef FORMATS_SYSLOG_LINE_H
#define FORMATS_SYSLOG_LINE_H

#include "core/str.h"

enum syslog_kind {
    SYSLOG_5424,
    SYSLOG_3164,     /* "Nov 22 10:00:00": no year, no zone */
    SYSLOG_ISO_TIME, /* the same with a time of RFC 3339 */
    SYSLOG_NO_HEADER
};

/* Parts that are not there are empty. All are slices of the line. */
struct syslog_line {
    enum syslog_kind kind;
    bool has_priority;
    uint8_t priority; /* 8 * facility + severity */
    bool has_time;
    int64_t time_ns;
    bool has_zone; /* the time says its zone; else it counts as UTC */
    struct str time, host, program, pid, message_id, data, message;
};

/* `changed_ns`: no event is later, but for a day of slack; it gives the year where the line has
 * none. 0: nobody knows, and such a line has no time. */
void syslog_line_read(struct str text, int64_t changed_ns, struct syslog_line *line);

struct str syslog_facility(uint8_t priority);
struct str syslog_severity(uint8_t priority);

/* One parameter of structured data: `[id name="value"]`. */
struct syslog_parameter {
    struct str id, name, value;
    bool escaped; /* value: holds \" \\ \] */
};
/* Takes the next one off; `*id` is kept between calls, empty at first. */
bool syslog_parameter_next(struct str *data, struct str *id, struct syslog_parameter *parameter);

#endif
