/* cat.c - events as JSON Lines on standard output; complaints go to standard error. */
#include "core/hash.h"
#include "engine/complain.h"
#include "engine/hunt.h"
#include "engine/reading.h"
#include "os/random.h"
#include "os/signals.h"

#include <unistd.h>

#define FIELDS_BYTES_MAX ((size_t)16 << 20)

static void complain_about(struct notes *notes, const char *what)
{
    struct report_notes list = notes_report(notes);

    for (uint32_t i = 0; i < list.listed; i++) {
        const struct report_note *note = &list.at[i];
        struct str text = note->text.len ? note->text : str_from(what);
        if (note->offset == UINT64_MAX)
            complain("%.*s: %.*s", STR_ARG(note->path), STR_ARG(text));
        else
            complain("%.*s, byte %llu: %.*s", STR_ARG(note->path), (unsigned long long)note->offset,
                     STR_ARG(text));
    }
    if (list.count > list.listed)
        complain("... and %llu more like these", (unsigned long long)(list.count - list.listed));
}

static int status_of(const struct evidence *evidence, const struct ledger *ledger,
                     enum reading_end end)
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
    bool unreadable = evidence->named_failed || ledger->named_failed || ledger->files_read == 0;
    return unreadable ? EXIT_UNREADABLE : EXIT_RAN;
}

int cat_run(const struct path_list *paths, bool sandbox)
{
    struct evidence evidence;
    struct ledger ledger;
    struct field_dictionary fields;
    struct arena *arena = arena_new("fields", FIELDS_BYTES_MAX);

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
                             .sandbox = sandbox};
    enum reading_end end = reading_run(&ledger, &job, false, true);
    complain_about(&evidence.unreadable, "cannot be read");
    complain_about(&evidence.not_followed, "not followed");
    complain_about(&ledger.unreadable, "cannot be read");
    complain_about(&ledger.unknown_format, "unknown format");
    complain_about(&ledger.empty, "empty file");
    complain_about(&ledger.set_aside, "set aside");
    complain_about(&ledger.damaged, "damaged");
    int status = status_of(&evidence, &ledger, end);
    ledger_free(&ledger);
    evidence_free(&evidence);
    arena_free(arena);
    return status;
}
