/* ledger.h - the parent's account of what the worker says: which files and pieces are under way,
 * what was found and counted, and from where another worker would have to go on.
 *
 * Nothing counts before the piece it belongs to is whole up to there, and pieces of a file count
 * in their order, so that lines can be numbered and a worker that dies leaves no halves. The
 * worker reads hostile bytes: what it says is checked, and a breach is the same as its death. */
#ifndef ENGINE_LEDGER_H
#define ENGINE_LEDGER_H

#include "engine/observe.h"
#include "engine/piece_queue.h"
#include "engine/spool.h"
#include "engine/subject.h"
#include "engine/tally.h"

struct ledger_file;

struct ledger {
    struct arena *arena; /* owned */
    struct arena *message_arena;
    const struct evidence *evidence;
    const struct knowledge *knowledge;      /* NULL: nothing is judged */
    const struct indicator_set *indicators; /* NULL: none; to be set behind ledger_init */
    struct spool *spool;                    /* NULL likewise */
    enum err spool_err;
    struct ledger_file *files; /* those of the evidence, then members of packed ones */
    uint32_t count, capacity;
    struct file_start *starts; /* one per file; NULL: no worker has died yet */
    struct buf entry;          /* scratch */

    uint64_t files_read; /* to their end, without a failure */
    uint64_t files_with_events;
    uint64_t members_untold; /* members that are only counted */
    uint64_t bytes_passed;   /* what needs no more reading, for whatever reason: the progress */
    uint64_t events, events_without_time, events_outside_time, events_zone_assumed;
    bool has_span;
    int64_t first_ns, last_ns;
    struct tally formats, shapes, hosts, channels;
    struct observations observations; /* where events are judged */
    struct notes unreadable, unknown_format, empty, set_aside, damaged;
    struct notes left_out, names; /* of members: links and the like; strange names */
    bool named_failed;            /* a file that was named could not be read */
    uint64_t records_lost, unrouted, gave_up, fields_dropped, fallback_names;
    uint64_t scripts_known;
    struct str unrouted_example;
    uint32_t unrouted_file; /* of the example */

    /* counted once everything is read: ledger_count_finding */
    uint64_t findings, findings_without_host, duplicates;
    uint64_t suppressed;     /* findings left out by entries of --suppress */
    uint64_t *suppressed_by; /* the same by entry */
    uint64_t *found_by_rule; /* findings by place in the rule set */
    uint64_t by_level[LEVEL_COUNT];
    uint64_t checks_found; /* a bit for each check of requests and scripts */
    struct tally rules, found_indicators, finding_hosts, techniques;
    struct str sandbox; /* "full", or what is missing */
    bool sandbox_told;
    enum err output_err; /* `cat`: nobody takes what is printed */
    bool ended;          /* the worker said that nothing is left */
};

void ledger_init(struct ledger *ledger, const struct evidence *evidence,
                 const struct knowledge *knowledge, struct spool *spool);
void ledger_free(struct ledger *ledger);

/* Takes all whole messages at the front; returns the bytes taken, or -1 on a breach. */
ptrdiff_t ledger_take(struct ledger *ledger, struct str bytes);
/* After a worker ended without saying so: sets the files in flight aside, which is said aloud, and
 * tells in `starts` where another one goes on. `why` as in "it was ended by signal 9". False if
 * nothing was in flight: another worker would fare no better. */
bool ledger_set_aside(struct ledger *ledger, struct str why);
/* Something named could not be read to its end, or nothing at all could. */
bool ledger_is_unreadable(const struct ledger *ledger);
/* Bytes of what was read and counts. */
uint64_t ledger_bytes_read(const struct ledger *ledger);

struct subjects ledger_subjects(const struct ledger *ledger);
/* A finding that is to be reported. */
void ledger_count_finding(struct ledger *ledger, const struct sighting *sighting);
/* One that the user does not want to see. */
void ledger_count_suppressed(struct ledger *ledger, const struct sighting *sighting);
/* All files that were met, read or not. */
uint64_t ledger_files_met(const struct ledger *ledger);
/* The path of one that events came from, as findings print it, and its format. */
struct str ledger_file_shown(const struct ledger *ledger, uint32_t file,
                             const struct format **format);
/* Their order in the report, for spool_order: by shown path; `context` is the ledger. */
int ledger_compare_files(const void *context, uint32_t left, uint32_t right);

/* What the spool holds: the sightings of one event, as the worker encoded them; its key knows the
 * file and the line. */
MUST_USE bool ledger_decode(const struct ledger *ledger, const struct spool_key *key,
                            struct str bytes, struct arena *arena, struct sightings *sightings);

#endif
