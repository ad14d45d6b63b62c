/* indicators.h - the indicators that a run was given: files, one set, and what is told of them.
 *
 * Kept apart from the rules (knowledge.h): they are read anew in each run. Loaded before the worker
 * is forked, so that both sides share the set. */
#ifndef ENGINE_INDICATORS_H
#define ENGINE_INDICATORS_H

#include "engine/knowledge.h"
#include "indicators/indicator_file.h"
#include "model/run_report.h"

struct indicators {
    struct indicator_set *set; /* owned; NULL: none were given */
    struct arena *arena;       /* owned */
    struct indicator_file *files;
    uint32_t file_count, file_capacity;
    struct notes unreadable; /* in folders */
};

/* Those that the program has from elsewhere than files of their own; borrowed. */
struct own_indicators {
    struct str shown, bytes; /* no bytes: none */
};

/* Files, and folders with what is called *.txt, *.csv, *.json and the like below them. A path that
 * was named and cannot be read, or is of no known form, is refused with the sentence in *why; what
 * `own` holds is not. */
MUST_USE enum err indicators_load(struct indicators *indicators, const struct path_list *paths,
                                  const struct own_indicators *own, struct why *why);
void indicators_free(struct indicators *indicators);
/* Lists live in `arena` or are borrowed. */
void indicators_report(struct indicators *indicators, struct report_indicators *report,
                       struct arena *arena);

#endif
