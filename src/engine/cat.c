/* cat.c - events as JSON Lines on standard output; complaints go to standard error. */
#include "core/hash.h"
#include "engine/complain.h"
#include "engine/hunt.h"
#include "engine/reading.h"
#include "engine/zone.h"
#include "os/random.h"
#include "os/signals.h"

#include <unistd.h>

#define FIELDS_BYTES_MAX ((size_t)16 << 20)

static int status_of(const struct ledger *ledger, enum reading_end end)
{
    if (end == READING_INTERRUPTED)
        return EXIT_INTERRUPTED;
    if (ledger->output_err && ledger->output_err != ERR_PIPE_CLOSED) {
        complain("cannot write to standard output: %s", err_text(ledger->output_err));
        return EXIT_FAILED;
    }
    if (end == READING_FAILED)
        return EXIT_FAILED;
    if (ledger->output_err) /* a reader like `head` has seen enough */
        return EXIT_RAN;
    return ledger_is_unreadable(ledger) ? EXIT_UNREADABLE : EXIT_RAN;
}

static void complain_of_all(struct evidence *evidence, struct ledger *ledger)
{
    complain_about("cannot read", &evidence->unreadable, "");
    complain_about("left out", &evidence->not_followed, "");
    complain_about("cannot read", &ledger->unreadable, "");
    complain_about("left out", &ledger->unknown_format, "its format is not known");
    complain_about("left out", &ledger->empty, "it is empty");
    complain_about("left out of", &ledger->left_out, "");
    complain_about("noticed in", &ledger->names, "");
    complain_about("lost something in", &ledger->damaged, "");
}

int cat_run(const struct path_list *paths, const char *zone_name, bool sandbox)
{
    struct evidence evidence;
    struct ledger ledger;
    struct field_dictionary fields;
    struct arena *arena = arena_new("fields", FIELDS_BYTES_MAX);
    struct time_zone zone;
    struct why why;

    if (zone_load(zone_name, arena, &zone, &why)) {
        complain("%s", why.text);
        arena_free(arena);
        return EXIT_USAGE;
    }
    signals_catch();
    hash_set_key(random_u64(), random_u64());
    fields_init(&fields, arena);
    fields_freeze(&fields);
    evidence_list(&evidence, paths->at, paths->count);
    ledger_init(&ledger, &evidence, NULL, NULL);
    struct worker_job job = {.evidence = &evidence,
                             .fields = &fields,
                             .output = STDOUT_FILENO,
                             .threads = 1,
                             .sandbox = sandbox,
                             .zone = &zone};
    enum reading_end end = reading_run(&ledger, &job, PROGRESS_NEVER, false);
    if (!ledger.output_err) /* what was passed over is then not the point */
        complain_of_all(&evidence, &ledger);
    int status = status_of(&ledger, end);
    ledger_free(&ledger);
    evidence_free(&evidence);
    arena_free(arena);
    return status;
}
