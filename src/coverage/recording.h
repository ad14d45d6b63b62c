/* recording.h - what has to be switched on so that a log gets events of some ids.
 *
 * A log that was read and has no event of an id says two things: none happened, or nobody recorded
 * them. Files of share/coverage, in YAML, tell which; their form is at the top of windows.yml. */
#ifndef COVERAGE_RECORDING_H
#define COVERAGE_RECORDING_H

#include "core/arena.h"
#include "core/err.h"

struct recording {
    struct str channel;
    struct str needs; /* what to switch on */
    uint32_t *events; /* ids */
    uint32_t event_count;
    bool by_default; /* recorded unless somebody switched it off */
};

struct recordings {
    struct arena *arena; /* borrowed */
    struct recording *at;
    uint32_t count;
};

void recordings_init(struct recordings *recordings, struct arena *arena);
/* Adds those of one file; refuses it whole, with line and reason. `yaml` may go away. */
MUST_USE enum err recordings_add(struct recordings *recordings, struct str yaml, struct why *why);

#endif
