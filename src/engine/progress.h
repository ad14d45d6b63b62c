/* progress.h - how far a run is: by bytes, with rate and time left. */
#ifndef ENGINE_PROGRESS_H
#define ENGINE_PROGRESS_H

#include "core/compiler.h"

enum progress_wish { PROGRESS_NEVER, PROGRESS_ON_TERMINAL, PROGRESS_ALWAYS };

struct progress {
    bool line;  /* a terminal: one line that is written anew */
    bool plain; /* a line of its own every few seconds */
    uint64_t total, begun_ns, last_ns;
    bool shown;
};

void progress_begin(struct progress *progress, uint64_t total, enum progress_wish wish);
void progress_show(struct progress *progress, uint64_t done);
/* Clears the line. */
void progress_end(struct progress *progress);

#endif
