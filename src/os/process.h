/* process.h - a child that works for its parent and tells it so over a pipe. */
#ifndef OS_PROCESS_H
#define OS_PROCESS_H

#include "core/err.h"
#include "os/file.h"

struct process {
    int64_t pid;
    struct file pipe; /* the parent's end: what the child writes, as a stream */
};

struct process_end {
    bool exited; /* by itself, with `status`; else by signal `status` */
    int status;
};

/* Runs `child` in a fork of this process, with the writing end of the pipe; its result is the
 * exit status. In the child only the pipe, standard error and those of `kept` are open (standard
 * input and output lead nowhere unless they are among them); it dies with its parent, and
 * ignores the terminal's signals. The process must have one thread. */
MUST_USE enum err process_start(struct process *process, const int *kept, size_t kept_count,
                                int (*child)(void *context, int pipe), void *context);
/* Waits up to `timeout_ms` for something to read: true if there is (or the pipe has ended). A
 * signal ends the wait. */
bool process_wait_readable(const struct process *process, unsigned timeout_ms);
void process_kill(const struct process *process);
/* Waits for the end of the child and closes the pipe. */
struct process_end process_finish(struct process *process);

/* First of all: standard streams that were closed lead to where neither reading nor writing works,
 * so that no file that is opened later takes their place and is written into. What is printed to a
 * file or pipe waits until it is whole, or much: why it cannot be written is lost otherwise. */
void process_settle_streams(void);
/* Processors that this process may run on, at least 1. */
unsigned process_processors(void);
/* Anonymous and other memory of this process that is in use now. */
uint64_t process_resident_bytes(void);

#endif
