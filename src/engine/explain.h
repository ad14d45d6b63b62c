/* explain.h - why a rule matched, for people and machines. */
#ifndef ENGINE_EXPLAIN_H
#define ENGINE_EXPLAIN_H

#include "model/sighting.h"
#include "rules/plan.h"

#define EXPLAINED_MAX 64 /* fields of one match; further ones stand in the event anyway */

/* Fills the fields that matched and the sentence of the sighting, for a rule of the last
 * matcher_run. Texts live in `arena` or the event. */
void explain_match(struct matcher *matcher, struct event *event, const struct sigma_rule *rule,
                   struct arena *arena, struct sighting *sighting);

#endif
