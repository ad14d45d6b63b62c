/* web_layout.h - lines of web servers in other forms than Common and Combined, by a table of
 * layouts (web_layouts.def). */
#ifndef FORMATS_WEB_LAYOUT_H
#define FORMATS_WEB_LAYOUT_H

#include "formats/access_line.h"

#define LAYOUT_PARTS_MAX 32u
#define LAYOUTS_MAX 32u

/* What a value is to rules. */
enum layout_value {
    LAYOUT_TIME,
    LAYOUT_DAY, /* its date, where date and clock stand apart */
    LAYOUT_CLOCK,
    LAYOUT_CLIENT,
    LAYOUT_PORT,
    LAYOUT_USER,
    LAYOUT_HOST,
    LAYOUT_REQUEST,
    LAYOUT_METHOD,
    LAYOUT_TARGET,
    LAYOUT_VERSION,
    LAYOUT_STATUS,
    LAYOUT_BYTES,
    LAYOUT_REFERER,
    LAYOUT_AGENT,
    LAYOUT_MESSAGE,
    LAYOUT_OTHER,
    LAYOUT_NOTHING
};

struct layout_part {
    struct str before; /* text in front of the value */
    enum layout_value value;
    struct text_name name; /* of LAYOUT_OTHER and LAYOUT_MESSAGE */
};

struct layout {
    const char *about;
    struct layout_part parts[LAYOUT_PARTS_MAX];
    uint32_t count;
    struct str behind; /* the last value */
};

struct layouts {
    struct layout at[LAYOUTS_MAX];
    uint32_t count;
    struct text_name client_port, rule_id, rule_message, rule_severity;
    const struct time_zone *zone;
};

/* `fields` NULL: only to ask what fits. */
void layouts_init(struct layouts *layouts, const struct field_dictionary *fields,
                  const struct time_zone *zone);

/* The line as a record of `access`, with time and host in the event; which layout fitted, or -1. */
int layouts_take(const struct layouts *layouts, struct access_reader *access, struct str line,
                 struct event *event);
/* Which layout fits, or -1. */
int layouts_find(const struct layouts *layouts, struct str line);

#endif
