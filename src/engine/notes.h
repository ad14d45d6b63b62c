/* notes.h - a bounded list of what a person must know about files.
 *
 * Of too many notes those that come first by path and offset stay, so that the list does not
 * depend on the order in which threads found them; all are counted. */
#ifndef ENGINE_NOTES_H
#define ENGINE_NOTES_H

#include "core/map.h"
#include "model/run_report.h"

struct notes {
    struct arena *arena; /* borrowed */
    struct map texts;    /* each distinct text once */
    struct report_note *at;
    uint32_t count, max;
    uint64_t added;
};

void notes_init(struct notes *notes, struct arena *arena, uint32_t max);
/* `path` is borrowed and must outlive the list; the text is copied. */
void notes_add(struct notes *notes, struct report_note note);
/* The list in order; valid until the next note is added. */
struct report_notes notes_report(struct notes *notes);

#endif
