/* command.h - what a command is; commands.def lists them. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "core/compiler.h"

struct command {
    const char *name;
    const char *arguments;
    const char *about;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns the exit status */
};

const struct command *command_find(const char *name); /* NULL if there is none */
const struct command *command_all(size_t *count);
/* Says what is wrong with the usage, in one line; returns the exit status of bad usage. */
int usage_error(const char *command, const char *format, ...) PRINTF_LIKE(2, 3);
/* After the last output of a command: `status`, unless standard output takes no more, which is
 * said. */
int command_end(int status);

/* The whole program: what main() does. */
int command_main(int argc, char **argv);

/* Prints the options of `hunt`, for `help`. */
void hunt_options_print(void);

#define COMMAND(name, arguments, about) int command_##name(int argc, char **argv);
#include "cli/commands.def"
#undef COMMAND

#endif
