/* program.h - which program this is. */
#ifndef OS_PROGRAM_H
#define OS_PROGRAM_H

#include "core/buf.h"

/* Appends what tells the program and its libraries, as they run now, from all others: the build id
 * of each, or where it has none what the system says about its file. */
void program_identify(struct buf *out);

#endif
