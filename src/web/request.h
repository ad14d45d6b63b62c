/* request.h - the places of a request that a client fills: path, parameters, user agent, referrer;
 * judged each by the language that it would be an attack in. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "web/payload.h"
#include "web/signs.h"
#include "web/sql_words.h"

enum request_part { REQUEST_PATH, REQUEST_PARAMETER, REQUEST_AGENT, REQUEST_REFERRER };

struct request {
    struct str target;   /* as the log has it: "/a?b=c", "/a", "http://host/a", or no URL at all */
    struct str query;    /* "b=c", where the log has it apart */
    struct str agent;    /* empty or "-": none */
    struct str referrer; /* the same */
};

struct request_attack {
    enum attack_class kind;
    enum request_part part;
    uint32_t points;
    const char *reason; /* static */
    struct str text;    /* as the log has it, where it was seen: in the request */
};

/* What judges look things up in; the same for all threads. */
struct web_tables {
    struct signs signs;
    struct sql_words sql;
    uint16_t marks[256]; /* of characters */
};

void web_tables_init(struct web_tables *tables);

/* Attacks in it, at most one of each class, the surest. Returns how many. */
uint32_t request_judge(const struct web_tables *tables, const struct request *request,
                       struct request_attack found[ATTACK_CLASSES]);

struct str request_part_name(enum request_part part); /* "a parameter" */

#endif
