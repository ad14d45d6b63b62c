/* reading.h - has the evidence read by workers, one after the other if they die. */
#ifndef ENGINE_READING_H
#define ENGINE_READING_H

#include "engine/ledger.h"
#include "engine/progress.h"
#include "engine/worker.h"

enum reading_end {
    READING_DONE,
    READING_INTERRUPTED, /* by Ctrl-C; what was told until then counts */
    READING_FAILED       /* no worker could be started or kept alive; it was said aloud */
};

/* `job->starts` is set here. Complains about workers that die, and unless `quiet` about rights that
 * they could not give up. */
enum reading_end reading_run(struct ledger *ledger, struct worker_job *job,
                             enum progress_wish progress, bool quiet);

#endif
