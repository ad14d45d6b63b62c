/* complain.h - one line to standard error: what, where, why, what to do. */
#ifndef ENGINE_COMPLAIN_H
#define ENGINE_COMPLAIN_H

#include "engine/notes.h"

/* "seawall: " before, a line end behind; what a terminal would obey is shown instead. */
void complain(const char *format, ...) PRINTF_LIKE(1, 2);
/* A line for each note, in order, such as "cannot read PATH: it does not exist", where `what` is
 * "cannot read"; `reason` is for notes without a text. One more line counts those beyond the
 * list. */
void complain_about(const char *what, struct notes *notes, const char *reason);

#endif
