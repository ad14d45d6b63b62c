/* signals.h - wishes to end, as a number to ask for instead of an interruption anywhere. */
#ifndef OS_SIGNALS_H
#define OS_SIGNALS_H

#include "core/compiler.h"

/* From now on SIGINT, SIGTERM and (unless nohup has it ignored) SIGHUP are counted, and a write to
 * a closed pipe is an error, not the end. */
void signals_catch(void);
/* How often the process was asked to end. */
unsigned signals_count(void);
/* For a child that its parent ends: the wishes of the terminal do not concern it. */
void signals_ignore(void);

#endif
