/* tty.h - what the terminal behind a descriptor can show. */
#ifndef OS_TTY_H
#define OS_TTY_H

#include "core/compiler.h"

bool tty_is(int fd);
unsigned tty_width(int fd); /* columns; 0 if it is no terminal, 80 if it does not say */
/* Colours: a terminal that is not `dumb`, and no NO_COLOR in the environment (no-color.org). */
bool tty_has_colour(int fd);
/* The locale of the environment writes UTF-8. */
bool tty_is_utf8(void);

#endif
