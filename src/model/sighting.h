/* sighting.h - a rule or an indicator that matched one event: the only thing that leaves a batch.
 * What a correlation makes of many has the same form.
 *
 * Self-contained: the whole event stands in it as JSON (what `seawall cat` prints), names and types
 * included, and no interned id of any kind, so that the spool, the messages between processes,
 * archives and explanations share one encoding. Nothing after the matcher asks for the event again.
 */
#ifndef MODEL_SIGHTING_H
#define MODEL_SIGHTING_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/cursor.h"
#include "model/value.h"

enum sighting_kind {
    SIGHTING_RULE,
    SIGHTING_INDICATOR,
    SIGHTING_CORRELATION,
    SIGHTING_WEB,
    SIGHTING_SCRIPT,
    SIGHTING_KINDS
};

struct matched_field {
    struct str name;    /* as the rule, or the event, writes it; empty for a keyword */
    struct value value; /* what the event had */
};

/* One of the events that a correlation took together; of a finding that it took, the event which
 * completed that one. */
struct combined_event {
    struct str id, title; /* of the rule that matched it */
    struct str path, format;
    bool is_line;
    uint64_t number, offset;
    int64_t time_ns;
};

/* What a finding over several events says of them. */
struct combined {
    int64_t first_ns, last_ns;
    uint64_t count;                      /* events that took part */
    const struct combined_event *events; /* the first ones, by time */
    uint32_t event_count;
};

struct sighting {
    int64_t time_ns;
    bool has_time;
    enum sighting_kind kind;
    uint64_t rule_key; /* which rule: sigma_rule.key; equal ids may belong to different texts. Of an
                        * indicator its index in the set, of an attack its web_subject, of a
                        * script its script_subject */
    struct str rule_id;
    struct str path;   /* as findings print it */
    struct str format; /* "evtx" */
    bool is_line;      /* `number` is a line, not a record id */
    uint64_t number;
    uint64_t offset;      /* unpacked bytes */
    uint64_t record_hash; /* of the raw record, if it carries a record id of its own; else 0 */
    struct str host;
    struct matched_field *matched;
    uint32_t matched_count;
    struct str why;                  /* one sentence */
    struct str event;                /* JSON object */
    const struct combined *combined; /* NULL: it is about one event */
    uint32_t suppressed; /* by this entry of the user's, counted from 1: it is only counted, and
                            `matched` and `why` are empty; 0: it is a finding */
    struct str *asked;   /* values that correlations want, in the order of sigma_rule.asked; .at is
                          NULL where the event has none */
    uint32_t asked_count;
};

/* `rule_key` is a rule's: of the user, the program, or a correlation. */
static inline bool sighting_is_of_rule(const struct sighting *sighting)
{
    return sighting->kind == SIGHTING_RULE || sighting->kind == SIGHTING_CORRELATION;
}

/* Sightings of one event and kind in the order of their rules' keys, encoded together: what they
 * have in common, the event above all, stands once. */
struct sightings {
    struct sighting *at;
    uint32_t count;
};

#define SIGHTINGS_MAX 4096u /* of one encoding; more of one event make several */

/* Appends the encoding: little-endian, length-prefixed. Of what they have in common the first one's
 * counts. */
void sightings_encode(const struct sightings *sightings, struct buf *out);
/* Reads it back; texts point into the cursor's bytes, the lists live in `arena`. False if the bytes
 * are not at least one. */
MUST_USE bool sightings_decode(struct cursor *in, struct arena *arena, struct sightings *sightings);

/* Order of findings: time, path, number, offset, rule key; those without a time come last. */
int sighting_compare(const struct sighting *a, const struct sighting *b);

#endif
