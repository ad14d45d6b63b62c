/* complain.h - one line to standard error: what, where, why, what to do. */
#ifndef ENGINE_COMPLAIN_H
#define ENGINE_COMPLAIN_H

#include "core/str.h"

/* "seawall: " before, a line end behind; what a terminal would obey is shown instead. */
void complain(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
