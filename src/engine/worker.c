/* worker.c - the worker's start, its threads and its pipe. Reading is in worker_piece.c. */
#include "core/ensure.h"
#include "core/limits.h"
#include "engine/worker_priv.h"
#include "os/output_file.h"
#include "os/sandbox.h"

#include <locale.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define EVENT_BYTES_MAX ((size_t)512 << 20)
#define MATCH_BYTES_MAX ((size_t)64 << 20)
#define WINDOW_BYTES_MAX ((size_t)RECORD_BYTES_MAX + (2u << 20))

void worker_send(struct worker *worker, const struct buf *message)
{
    pthread_mutex_lock(&worker->pipe_lock);
    enum err err = descriptor_write(worker->pipe, buf_str(message));
    pthread_mutex_unlock(&worker->pipe_lock);
    if (err)
        _exit(1);
}

uint32_t worker_tell_member(struct worker_thread *thread, uint32_t parent, uint32_t place,
                            struct str name)
{
    struct worker *worker = thread->worker;
    struct member_message member = {.parent = parent, .place = place, .name = name};

    buf_reset(&thread->message);
    pthread_mutex_lock(&worker->pipe_lock);
    member.file = worker->next_file++;
    message_add_member(&thread->message, &member);
    enum err err = descriptor_write(worker->pipe, buf_str(&thread->message));
    pthread_mutex_unlock(&worker->pipe_lock);
    if (err)
        _exit(1);
    return member.file;
}

static void tell_file(void *context, const struct file_message *file)
{
    struct worker *worker = context;
    struct buf message;

    buf_init(&message, 1024);
    message_add_file(&message, file);
    worker_send(worker, &message);
    buf_free(&message);
}

/* Each thread counts at a place of its own. */
static void measure(struct worker *worker, struct matcher *matcher)
{
    pthread_mutex_lock(&worker->pipe_lock);
    unsigned number = worker->next_thread++;
    pthread_mutex_unlock(&worker->pipe_lock);
    const struct matcher_costs costs = profile_costs(worker->job->profile, number);
    matcher_measure(matcher, &costs);
}

static struct worker_thread *thread_new(struct worker *worker)
{
    const struct worker_job *job = worker->job;
    struct worker_thread *thread = calloc(1, sizeof(*thread));

    ENSURE(thread);
    thread->worker = worker;
    block_reader_init(&thread->blocks, WINDOW_BYTES_MAX);
    thread->event_arena = arena_new("event", EVENT_BYTES_MAX);
    thread->match_arena = arena_new("matches of an event", MATCH_BYTES_MAX);
    thread->part_arena = arena_new("names in a part", LISTS_BYTES_MAX);
    thread->event = event_new(job->fields, thread->event_arena);
    if (job->knowledge && !job->viewer)
        thread->matcher = matcher_new(job->knowledge->plan);
    if (thread->matcher)
        thread->observer = observer_new(job->fields);
    if (thread->matcher && job->profile)
        measure(worker, thread->matcher);
    if (job->indicators)
        thread->indicators = indicator_matcher_new(job->indicators);
    if (thread->matcher && job->knowledge->web)
        thread->web = web_judge_new(job->fields);
    if (thread->web)
        thread->scripts = script_judge_new();
    if (thread->indicators)
        thread->event->watch = indicator_matcher_watch(thread->indicators);
    buf_init(&thread->json, MESSAGE_BYTES_MAX - (8u << 20));
    buf_init(&thread->matches, MESSAGE_BYTES_MAX);
    buf_init(&thread->message, MESSAGE_BYTES_MAX);
    return thread;
}

static void thread_free(struct worker_thread *thread)
{
    size_t count;
    const struct format *const *formats = format_all(&count);

    for (size_t i = 0; i < count; i++)
        if (thread->readers[i])
            formats[i]->reader_free(thread->readers[i]);
    tally_free(&thread->hosts);
    tally_free(&thread->channels);
    block_reader_free(&thread->blocks);
    matcher_free(thread->matcher);
    observer_free(thread->observer);
    indicator_matcher_free(thread->indicators);
    web_judge_free(thread->web);
    script_judge_free(thread->scripts);
    event_free(thread->event);
    arena_free(thread->event_arena);
    arena_free(thread->match_arena);
    arena_free(thread->part_arena);
    buf_free(&thread->json);
    buf_free(&thread->matches);
    buf_free(&thread->message);
    free(thread);
}

static void *run_thread(void *context)
{
    struct worker *worker = context;
    struct worker_thread *thread = thread_new(worker);
    struct piece piece;

    while (piece_queue_take(&worker->queue, &piece)) {
        worker_read_piece(thread, &piece);
        piece_queue_return(&worker->queue, &piece);
    }
    thread_free(thread);
    return NULL;
}

static void run_threads(struct worker *worker)
{
    unsigned wanted = worker->job->threads, started = 0;
    pthread_t *threads = calloc(wanted, sizeof(*threads));

    ENSURE(threads);
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, run_thread, worker) == 0)
        started++;
    run_thread(worker);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

static void enter_sandbox(struct worker *worker)
{
    const struct worker_job *job = worker->job;
    struct why why = {"it was switched off with --sandbox off"};
    enum sandbox_state state =
        job->sandbox ? sandbox_enter(job->evidence->roots, job->evidence->root_count, &why)
                     : SANDBOX_NONE;
    struct buf message;

    buf_init(&message, 4096);
    message_add_sandbox(&message, state, state == SANDBOX_FULL ? STR("full") : str_from(why.text));
    worker_send(worker, &message);
    buf_free(&message);
}

/* What unpacking asks the C library for while no file may be opened any more: names in archives are
 * turned into the bytes of this character set, and their times go by this zone. */
static void enter_neutral_surroundings(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("TZ", "UTC0", 1);
    tzset();
}

int worker_run(void *context, int pipe)
{
    const struct worker_job *job = context;
    struct worker worker = {.job = job, .pipe = pipe};
    struct buf message;

    worker.next_file = job->starts ? job->start_count : job->evidence->count;
    enter_neutral_surroundings();

    pthread_mutex_init(&worker.pipe_lock, NULL);
    enter_sandbox(&worker);
    piece_queue_init(&worker.queue, worker.job->evidence, worker.job->starts, tell_file, &worker);
    worker.queue.uncut = job->viewer != NULL;
    run_threads(&worker);
    piece_queue_free(&worker.queue);
    buf_init(&message, 1024);
    message_add_end(&message);
    worker_send(&worker, &message);
    buf_free(&message);
    pthread_mutex_destroy(&worker.pipe_lock);
    return 0;
}
