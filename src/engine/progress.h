/* progress.h - how far a run is: by bytes, with rate and time left. */
#ifndef ENGINE_PROGRESS_H
#define ENGINE_PROGRESS_H

#include "core/compiler.h"

struct progress {
    bool line;  /* a terminal: one line that is written anew */
    bool plain; /* a line of its own every few seconds */
    uint64_t total, begun_ns, last_ns;
    bool shown;
};

/* `wanted`: --progress; a terminal shows it anyway, unless `quiet`. */
void progress_begin(struct progress *progress, uint64_t total, bool wanted, bool quiet);
void progress_show(struct progress *progress, uint64_t done);
/* Clears the line. */
void progress_end(struct progress *progress);

#endif
