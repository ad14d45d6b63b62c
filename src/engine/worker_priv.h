/* worker_priv.h - what a thread of the worker carries. Private to engine/. */
#ifndef ENGINE_WORKER_PRIV_H
#define ENGINE_WORKER_PRIV_H

#include "engine/observe.h"
#include "engine/tally.h"
#include "engine/worker.h"
#include "indicators/indicator_matcher.h"
#include "os/block_reader.h"
#include "scan/script_judge.h"
#include "web/web_event.h"

struct worker {
    const struct worker_job *job;
    int pipe;
    pthread_mutex_t pipe_lock;
    struct piece_queue queue;
    uint32_t next_file;   /* number of the next new member; under pipe_lock */
    unsigned next_thread; /* the same of threads */
    bool output_failed;   /* `cat`: nobody takes what is printed; under pipe_lock */
};

#define FORMATS_MAX 32
#define LISTS_BYTES_MAX ((size_t)64 << 20)

struct worker_thread {
    struct worker *worker;
    struct block_reader blocks;
    struct arena *event_arena;
    struct arena *match_arena; /* of one event's matches */
    struct arena *part_arena;  /* names and texts of one part */
    struct event *event;
    struct matcher *matcher;
    struct observer *observer;            /* NULL: nothing is judged */
    struct indicator_matcher *indicators; /* NULL: none were given */
    struct web_judge *web;                /* NULL: attacks on web software are not looked for */
    struct script_judge *scripts;         /* NULL: web shells are not looked for */
    struct reader *readers[FORMATS_MAX];  /* made when first needed */
    struct buf json;                      /* the event, or what is to be printed */
    struct buf matches;                   /* message being filled; empty: none */
    struct buf message;
    uint32_t match_count;

    /* the part at hand */
    struct part_message part;
    uint64_t part_begin;
    struct tally hosts, channels;
    struct lost_stretch lost[LOST_LISTED_MAX];
    uint64_t gave_up_before, dropped_before, fallbacks_before, unrouted_before;
};

/* The event at hand as JSON, in `json`. */
void worker_render(struct worker_thread *thread, const struct format *format);
/* What the matches of the event at hand have in common, once it is rendered. */
struct sighting worker_sighting(struct worker_thread *thread, const struct format *format);
/* Adds to what is sent to the parent. */
void worker_add_sightings(struct worker_thread *thread, const struct sightings *sightings);
/* Looks for indicators in the event at hand, and adds what it finds. */
void worker_look_for_indicators(struct worker_thread *thread, const struct format *format);
/* Looks for attacks in it, where it is a request to a web server, and adds what it finds. */
void worker_look_for_attacks(struct worker_thread *thread, const struct format *format);
/* Judges it, where it is a script, and adds what is found. */
void worker_look_at_script(struct worker_thread *thread, const struct format *format);
/* Sends a message whole. A parent that is gone ends the process. */
void worker_send(struct worker *worker, const struct buf *message);
/* Tells of a new member and gives it its number, which goes up as the parent sees it. */
uint32_t worker_tell_member(struct worker_thread *thread, uint32_t parent, uint32_t place,
                            struct str name);
void worker_tell_file(struct worker_thread *thread, uint32_t file, enum file_progress progress,
                      const struct format *format, enum err err);
/* Unpacks a file of the evidence and reads what is in it, or has it read by all threads. `read` are
 * the bytes of a stream that were read already. */
void worker_unpack(struct worker_thread *thread, struct open_file *file, struct str read);
/* Reads a piece, judges or prints its events, and tells the parent. */
void worker_read_piece(struct worker_thread *thread, struct piece *piece);

#endif
