/* zone.h - the time zone that the user names for evidence that writes none. */
#ifndef ENGINE_ZONE_H
#define ENGINE_ZONE_H

#include "codec/time_zone.h"
#include "core/err.h"

#define ZONE_BYTES_MAX ((size_t)1 << 20) /* of the arena for one */

/* `text` is an offset ("+09:00"), or a name of the system's zone database ("Europe/Berlin"); NULL:
 * UTC. It is kept. The rest lives in `arena`. */
MUST_USE enum err zone_load(const char *text, struct arena *arena, struct time_zone *zone,
                            struct why *why);

#endif
