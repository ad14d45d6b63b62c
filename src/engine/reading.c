/* reading.c - see reading.h. */
#include "engine/reading.h"

#include "core/ensure.h"
#include "engine/complain.h"
#include "os/process.h"
#include "os/signals.h"

#include <stdlib.h>

#define READ_BYTES ((size_t)256 << 10)
#define WAIT_MS 200

struct reading {
    struct ledger *ledger;
    struct worker_job *job;
    struct progress progress;
    struct buf bytes; /* told, and not yet a whole message */
    int *kept;
    size_t kept_count;
    bool broken; /* the worker said something that cannot be */
    bool quiet;
};

/* False: the pipe has ended, or what comes through it cannot be true. */
static bool pump(struct reading *reading, struct process *process)
{
    char *to = buf_reserve(&reading->bytes, READ_BYTES);
    size_t got = 0;

    ENSURE(to);
    if (file_read_next(&process->pipe, to, READ_BYTES, &got) != ERR_NONE || got == 0)
        return false;
    reading->bytes.len += got;
    ptrdiff_t taken = ledger_take(reading->ledger, buf_str(&reading->bytes));
    if (taken < 0) {
        reading->broken = true;
        return false;
    }
    buf_drop(&reading->bytes, (size_t)taken);
    return true;
}

/* How a worker ended that had not finished. */
static struct str how_it_ended(const struct reading *reading, struct process_end end)
{
    struct arena *arena = reading->ledger->arena;

    if (reading->broken)
        return STR("the process that reads evidence said what cannot be");
    if (end.exited)
        return arena_printf(arena, "the process that reads evidence ended with status %d",
                            end.status);
    return arena_printf(arena, "the process that reads evidence was ended by signal %d",
                        end.status);
}

/* Nobody takes what would come of it. */
static bool is_in_vain(const struct ledger *ledger)
{
    return ledger->output_err || ledger->spool_err;
}

/* One worker, from start to end. */
static enum reading_end run_one(struct reading *reading, struct process_end *end)
{
    struct process process;
    enum err err =
        process_start(&process, reading->kept, reading->kept_count, worker_run, reading->job);
    bool told_sandbox = reading->ledger->sandbox_told;

    if (err) {
        complain("cannot start the process that reads evidence: %s", err_text(err));
        return READING_FAILED;
    }
    buf_reset(&reading->bytes);
    reading->broken = false;
    while (!signals_count() && !is_in_vain(reading->ledger)) {
        if (process_wait_readable(&process, WAIT_MS) && !pump(reading, &process))
            break;
        if (!told_sandbox && reading->ledger->sandbox_told) {
            told_sandbox = true;
            if (!str_eq(reading->ledger->sandbox, STR("full")) && !reading->quiet)
                complain("evidence is read without the whole sandbox: %.*s",
                         STR_ARG(reading->ledger->sandbox));
        }
        progress_show(&reading->progress, reading->ledger->bytes_passed);
    }
    bool interrupted = signals_count() > 0;
    if (interrupted || reading->broken || is_in_vain(reading->ledger))
        process_kill(&process);
    *end = process_finish(&process);
    return interrupted ? READING_INTERRUPTED : READING_DONE;
}

static void keep_descriptors(struct reading *reading)
{
    const struct evidence *evidence = reading->job->evidence;

    reading->kept = calloc(evidence->count + 1u, sizeof(*reading->kept));
    ENSURE(reading->kept);
    for (uint32_t i = 0; i < evidence->count; i++)
        if (evidence->files[i].stream.fd >= 0)
            reading->kept[reading->kept_count++] = evidence->files[i].stream.fd;
    if (!reading->job->knowledge)
        reading->kept[reading->kept_count++] = reading->job->output;
}

static enum reading_end run_all(struct reading *reading)
{
    struct ledger *ledger = reading->ledger;
    struct process_end end = {0};

    for (;;) {
        enum reading_end result = run_one(reading, &end);
        if (result != READING_DONE || is_in_vain(ledger) || ledger->ended)
            return result;
        struct str how = how_it_ended(reading, end);
        progress_end(&reading->progress);
        if (!ledger_set_aside(ledger, how)) {
            complain("%.*s before it had begun; try --sandbox off if this system forbids what it "
                     "needs",
                     STR_ARG(how));
            return READING_FAILED;
        }
        reading->job->starts = ledger->starts;
        reading->job->start_count = ledger->count;
    }
}

/* An empty result needs its reason also where no report is read. */
static void complain_if_nothing(const struct ledger *ledger)
{
    const struct evidence *evidence = ledger->evidence;

    if (ledger->files_with_events == 0 && !evidence->unreadable.added &&
        !ledger->unreadable.added && !ledger->set_aside.added)
        complain("nothing could be read: there is no file with events in the evidence");
}

enum reading_end reading_run(struct ledger *ledger, struct worker_job *job,
                             enum progress_wish progress, bool quiet)
{
    struct reading reading = {.ledger = ledger, .job = job, .quiet = quiet};

    buf_init(&reading.bytes, SIZE_MAX / 2);
    keep_descriptors(&reading);
    progress_begin(&reading.progress, job->evidence->bytes, progress);
    enum reading_end end = run_all(&reading);
    progress_end(&reading.progress);
    if (end == READING_DONE && ledger->ended)
        complain_if_nothing(ledger);
    job->starts = NULL;
    free(reading.kept);
    buf_free(&reading.bytes);
    return end;
}
