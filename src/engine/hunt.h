/* hunt.h - the main job: evidence and rules in, findings out. */
#ifndef ENGINE_HUNT_H
#define ENGINE_HUNT_H

#include "engine/knowledge.h"
#include "output/output.h"

enum exit_status {
    EXIT_RAN = 0,
    EXIT_USAGE = 1,
    EXIT_UNREADABLE = 2, /* something named could not be read, or nothing could */
    EXIT_FAIL_ON = 3,    /* --fail-on was reached */
    EXIT_FAILED = 4,     /* an output could not be written, or an internal failure */
    EXIT_INTERRUPTED = 130
};

struct hunt_output {
    const struct output *output;
    const char *path; /* "-": standard output */
};

struct hunt_options {
    struct knowledge_options knowledge;
    struct path_list evidence;
    struct path_list indicators; /* files and folders */
    struct path_list known_good; /* clean copies, lists of digests */
    const char *about;           /* a file, or what ships; NULL: nothing */
    const struct hunt_output *outputs;
    size_t output_count;
    enum level min_level;
    bool has_fail_on;
    enum level fail_on;
    bool has_after, has_before;
    int64_t after_ns, before_ns; /* inclusive, exclusive */
    const char *timezone;        /* of times that do not say theirs; NULL: UTC */
    unsigned threads;            /* 0: as many as there are processors */
    uint64_t memory;             /* bytes of findings in memory; 0: the default */
    const char *temp;            /* NULL: $TMPDIR or /tmp */
    bool sandbox, progress, quiet;
    enum language language;
    bool summaries[SUMMARY_KINDS]; /* that were asked for */
    bool coverage;                 /* verdicts on it go to outputs for programs, too */
    bool profile_rules;            /* say on standard error what each rule cost */
};

/* Does the whole job, complaints included; returns the exit status. */
int hunt_run(const struct hunt_options *options);

/* Prints the events of the evidence as JSON Lines on standard output. `zone_name` is a
 * `timezone`. */
int cat_run(const struct path_list *evidence, const char *zone_name, bool sandbox);

#endif
