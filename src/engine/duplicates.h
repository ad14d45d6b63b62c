/* duplicates.h - the same record found again: in an archived log, a shadow copy, a second
 * collection.
 *
 * Asked about all sightings in the order of findings, so that the one of the lowest path and offset
 * counts. Only records that carry a record id can be told apart from others that say the same; of
 * these the same rule, time, host and raw bytes are one. Memory holds what has one time. */
#ifndef ENGINE_DUPLICATES_H
#define ENGINE_DUPLICATES_H

#include "core/map.h"
#include "model/sighting.h"

struct duplicates {
    struct arena *arena; /* owned */
    struct map seen;     /* of the time at hand */
    int64_t time_ns;
};

void duplicates_begin(struct duplicates *duplicates);
void duplicates_end(struct duplicates *duplicates);
/* Was this sighting given before? */
bool duplicates_holds(struct duplicates *duplicates, const struct sighting *sighting);

#endif
