/* worker.h - the process that reads evidence: restricted, many threads, one pipe to its parent.
 *
 * It is forked after rules, plan and list of files are ready, gives its rights up (os/sandbox.h),
 * and only then starts threads and opens evidence. Everything it finds out goes through the pipe as
 * messages (message.h). */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include "engine/knowledge.h"
#include "engine/piece_queue.h"

struct worker_job {
    const struct evidence *evidence;
    const struct file_start *starts; /* per file and known member; NULL: everything */
    uint32_t start_count;
    const struct field_dictionary *fields;
    const struct knowledge *knowledge; /* NULL: print the events (`cat`) */
    int output;                        /* where to print them */
    enum level min_level;
    bool has_after, has_before;
    int64_t after_ns, before_ns;
    unsigned threads; /* 1 for `cat`: the order of the events is that of the files */
    bool sandbox;
    const struct time_zone *zone; /* of times that do not say theirs */
};

/* For process_start: `context` is a struct worker_job. The exit status of the process. */
int worker_run(void *context, int pipe);

#endif
