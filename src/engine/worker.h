/* worker.h - the process that reads evidence: restricted, many threads, one pipe to its parent.
 *
 * It is forked after rules, plan and list of files are ready, gives its rights up (os/sandbox.h),
 * and only then starts threads and opens evidence. Everything it finds out goes through the pipe as
 * messages (message.h). */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include "engine/indicators.h"
#include "engine/piece_queue.h"
#include "engine/profile.h"
#include "model/sighting.h"
#include "scan/known_good.h"

/* Someone who looks at each event in place of the matcher: for questions about single events. */
struct event_viewer {
    void *context;
    /* False: there is nothing to tell of this event. Else fills rule_key, why, event and matched of
     * the sighting, which stay until the next call. */
    bool (*view)(void *context, struct event *event, bool is_line, struct sighting *sighting);
};

struct worker_job {
    const struct evidence *evidence;
    const struct file_start *starts; /* per file and known member; NULL: everything */
    uint32_t start_count;
    const struct field_dictionary *fields;
    const struct knowledge *knowledge; /* NULL: print the events (`cat`) */
    const struct event_viewer *viewer; /* NULL: rules judge them. With one, files are not cut into
                                          pieces, so that lines are numbered in the file */
    const struct indicator_set *indicators; /* NULL: none */
    const struct known_good *known_good;    /* NULL: none */
    const struct profile *profile;          /* NULL: rules are not measured */
    int output;                             /* where to print them */
    enum level min_level;
    bool has_after, has_before;
    int64_t after_ns, before_ns;
    unsigned threads; /* 1 for `cat` and viewers: the order of the events is that of the files */
    bool sandbox;
    const struct time_zone *zone; /* of times that do not say theirs */
};

/* For process_start: `context` is a struct worker_job. The exit status of the process. */
int worker_run(void *context, int pipe);

#endif
