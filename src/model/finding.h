/* finding.h - the one model of everything that Seawall has to say about evidence, hosts and assets.
 *
 * share/schema/finding.schema.json is the same as JSON; its keys are stable. All texts are borrowed
 * and valid while the finding is handed to the outputs. */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "core/arena.h"
#include "model/event_message.h"
#include "model/level.h"
#include "model/sighting.h"

enum finding_kind {
    FINDING_RULE,
    FINDING_CORRELATION,
    FINDING_INDICATOR,
    FINDING_FILE,
    FINDING_ANALYTIC,
    FINDING_COVERAGE,
    FINDING_CHECK,
    FINDING_EXPOSURE
};

enum verdict { VERDICT_YES, VERDICT_NO, VERDICT_WEAKENED, VERDICT_UNKNOWN };

/* What a finding is about, by kind of thing; taken from well-known fields of the event. */
enum entity_kind {
    ENTITY_ACCOUNT,
    ENTITY_ADDRESS,
    ENTITY_DOMAIN,
    ENTITY_FILE,
    ENTITY_HASH,
    ENTITY_HOST,
    ENTITY_PROCESS,
    ENTITY_SERVICE,
    ENTITY_KINDS
};

struct str_list {
    struct str *at;
    uint32_t count;
};

/* What an event names. */
struct entities {
    struct str_list lists[ENTITY_KINDS]; /* distinct, in order of appearance */
    struct arena *arena;                 /* borrowed; for the lists */
    bool found;
};

/* What is known of an event: looked for when it is first asked for, once for all its findings. */
struct event_facts {
    struct entities entities;
    struct str messages[LANGUAGES];
    bool told[LANGUAGES];
};

struct finding {
    enum finding_kind kind;
    struct str id, title;
    enum level level;
    enum verdict verdict;
    struct str_list because;
    struct str_list attack; /* "T1505.003" */
    int64_t time_ns;
    bool has_time;
    struct str host;
    struct str path, format; /* empty: it is about no one place (coverage) */
    bool is_line;
    uint64_t number, offset;
    struct event_facts *facts; /* read with finding_entities and finding_message; NULL: none */
    const struct event_messages *messages; /* NULL: none */
    const struct matched_field *matched;
    uint32_t matched_count;
    struct str fields;   /* JSON object: the whole event; of several none of them */
    bool fields_checked; /* it is one; else whoever writes it looks first */
    struct str why;
    const struct combined *combined; /* NULL: it is about one event. Else `matched` is the group */
};

struct str finding_kind_name(enum finding_kind kind);
struct str verdict_name(enum verdict verdict);
struct str entity_kind_name(enum entity_kind kind);

/* What the finding's event names, by kind: the lists of all kinds. */
const struct str_list *finding_entities(const struct finding *finding);
/* What the event says, in words; empty: nothing is known of it, or there are several. */
struct str finding_message(const struct finding *finding, enum language language);

/* The fields that name entities of a kind, one by one from *at = 0; false: that was all. */
bool entity_field_next(enum entity_kind kind, uint32_t *at, struct str *field);
/* What a field of this name says of entities; most names say nothing. */
void entities_add(struct entities *entities, struct str field, struct str value);

/* What matched as an object; of a finding over several events that is the group. */
void finding_write_matched(const struct finding *finding, struct buf *out);
/* Of such a finding the events that are listed, as an array of objects. */
void finding_write_events(const struct finding *finding, struct buf *out);

/* One object as share/schema/finding.schema.json has it, without a line end. */
void finding_write_json(const struct finding *finding, enum language language, struct buf *out);

#endif
