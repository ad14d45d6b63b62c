/* web_event.h - attacks in an event that is a request to a web server or proxy. */
#ifndef WEB_WEB_EVENT_H
#define WEB_WEB_EVENT_H

#include "model/event.h"
#include "model/level.h"
#include "web/request.h"

/* What was found, as findings name it: a class of attack, and what became of it. */
enum web_outcome {
    WEB_REFUSED,  /* the server says so, or tells nothing: 1xx, 3xx, 4xx, no status */
    WEB_ANSWERED, /* 2xx, and 5xx: something came of it */
    WEB_OUTCOMES
};

#define WEB_SUBJECTS (ATTACK_CLASSES * WEB_OUTCOMES)

struct web_subject {
    struct str id, title;
    enum level level;
    const struct str *attack; /* ATT&CK techniques */
    uint32_t attack_count;
};

/* `subject` below WEB_SUBJECTS. */
struct web_subject web_subject(uint32_t subject);

struct web_sign {
    uint32_t subject;
    struct request_attack attack;
    struct str field; /* that holds it */
    struct str value; /* the whole of it */
};

/* Not thread-safe: it remembers texts without any attack. */
struct web_judge;

/* Before fields_freeze. */
void web_add_fields(struct field_dictionary *fields);
struct web_judge *web_judge_new(const struct field_dictionary *fields);
void web_judge_free(struct web_judge *judge); /* accepts NULL */

/* Attacks in the event; 0: it is no request, or there are none. Texts live in the event. */
uint32_t web_judge_event(struct web_judge *judge, const struct event *event,
                         struct web_sign signs[ATTACK_CLASSES]);

#endif
