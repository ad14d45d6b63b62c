/* findings.h - everything that was found, in one order: what the worker told, and what
 * correlations made of it. */
#ifndef ENGINE_FINDINGS_H
#define ENGINE_FINDINGS_H

#include "engine/ledger.h"
#include "model/finding.h"

struct findings_visitor {
    void *context;
    bool (*stop)(void *context); /* asked between events */
    /* Every record once. `key`: of its spool; `facts`: of the event, for all its findings. */
    void (*visit)(void *context, const struct spool_key *key, const struct sighting *sighting,
                  struct event_facts *facts);
    /* Of a record that came before; may be NULL. */
    void (*duplicate)(void *context, const struct sighting *sighting);
};

/* Goes through these spools as if they were one. `arena` is emptied for each event. */
MUST_USE enum err findings_visit(const struct ledger *ledger, struct spool *const *spools,
                                 uint32_t count, struct arena *arena,
                                 const struct findings_visitor *visitor);

#endif
