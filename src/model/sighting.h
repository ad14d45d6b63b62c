/* sighting.h - one rule that matched one event: the only thing that leaves the matcher's batch.
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

struct matched_field {
    struct str name;    /* as the rule writes it; empty for a keyword */
    struct value value; /* what the event had */
};

struct sighting {
    int64_t time_ns;
    bool has_time;
    uint64_t rule_key; /* which rule: sigma_rule.key; equal ids may belong to different texts */
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
    struct str why;   /* one sentence */
    struct str event; /* JSON object */
};

/* Appends the encoding: little-endian, length-prefixed. */
void sighting_encode(const struct sighting *sighting, struct buf *out);
/* Reads one back; texts point into the cursor's bytes, the field list lives in `arena`. False if
 * the bytes are not one. */
MUST_USE bool sighting_decode(struct cursor *in, struct arena *arena, struct sighting *sighting);

/* Order of findings: time, path, number, offset, rule key; those without a time come last. */
int sighting_compare(const struct sighting *a, const struct sighting *b);

#endif
