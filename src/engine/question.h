/* question.h - rules asked about single events: for `rules explain` and `rules test`.
 *
 * Evidence is read as in a hunt, by the restricted process; there the slow judge of the rules
 * (rules/judge.h) answers in place of the matcher, and where there is a plan the matcher beside
 * it. */
#ifndef ENGINE_QUESTION_H
#define ENGINE_QUESTION_H

#include "engine/knowledge.h"
#include "rules/reasons.h"

/* `EVIDENCE`, `EVIDENCE:RECORD`, `ARCHIVE!MEMBER:RECORD`; `-` is standard input. */
struct event_place {
    const char *path;  /* of the evidence: a file, or "-" */
    struct str member; /* as findings print the whole path; empty: any */
    struct str shown;  /* what was named, without the record */
    bool has_number;
    uint64_t number; /* a record id, or a line of formats with lines */
};

/* What of it is a path and what a record is told by what is there. Texts live in `arena`. */
struct event_place event_place_of(const char *text, struct arena *arena);

enum answer_form {
    ANSWER_PAGE,    /* for a person */
    ANSWER_JSON,    /* one object */
    ANSWER_SENTENCE /* the reason alone */
};

/* Who judges: one thread's. */
struct asker;
/* `knowledge` was loaded with `no_plan`; its fields are frozen by now. */
struct asker *asker_new(const struct knowledge *knowledge);
void asker_free(struct asker *asker); /* accepts NULL */

struct asker_answer {
    bool fires;
    bool disagreed;  /* the matcher answers otherwise than the judge: a bug of ours */
    struct str text; /* in the form that was asked for */
};

/* Asks a rule about an event; the text lives in `arena`. `place` is what a page calls it. */
struct asker_answer asker_ask(struct asker *asker, const struct sigma_rule *rule,
                              struct event *event, const struct reasons_place *place,
                              enum answer_form form, struct arena *arena);

struct question {
    const struct knowledge *knowledge;
    const struct sigma_rule *rule;
    struct event_place place;
    bool every; /* all events of the place, not one: those that fire are counted, and one is told */
    enum answer_form form;
    const char *zone_name; /* NULL: UTC */
    bool sandbox;
};

struct answer {
    bool readable;   /* everything that was named could be read; else it was complained about */
    uint64_t events; /* that are at the place; of more than one only that is known */
    uint64_t fires;  /* how many of them, with `every` */
    struct asker_answer verdict; /* of the event; with `every` of the first that fires, or the
                                       first of all */
    struct str found_in;         /* its path, as findings print it */
    bool is_line;
    uint64_t number;
};

enum question_end { QUESTION_ANSWERED, QUESTION_INTERRUPTED, QUESTION_FAILED };

/* Reads the evidence and fills the answer, whose texts live in `arena`. Complains of what cannot
 * be read. */
enum question_end question_ask(const struct question *question, struct arena *arena,
                               struct answer *answer);

#endif
