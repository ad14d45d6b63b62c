/* command.c - the table of commands, and finding the one that is meant. */
#include "cli/command.h"

#include "engine/complain.h"
#include "engine/hunt.h"
#include "os/process.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct command table[] = {
#define COMMAND(name, arguments, about) {#name, arguments, about, command_##name},
#include "cli/commands.def"
#undef COMMAND
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(table); i++)
        if (strcmp(name, table[i].name) == 0)
            return &table[i];
    return NULL;
}

const struct command *command_all(size_t *count)
{
    *count = ARRAY_COUNT(table);
    return table;
}

int usage_error(const char *command, const char *format, ...)
{
    char text[2048];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len >= 0)
        complain("%s; see: seawall help%s%s", text, *command ? " " : "", command);
    return EXIT_USAGE;
}

int command_end(int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    complain("cannot write to standard output: %s",
             err_text(errno ? err_from_errno(errno) : ERR_INPUT_OUTPUT));
    return EXIT_FAILED;
}

int command_main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";

    process_settle_streams();
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    const struct command *command = command_find(name);
    if (!command)
        return usage_error("", "there is no command '%s'", name);
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0) {
            char *help[] = {argv[0], argv[1], NULL};
            return command_help(2, help);
        }
    if (argc < 2) {
        int status = command_help(1, argv);
        return status ? status : EXIT_USAGE;
    }
    return command->run(argc - 1, argv + 1);
}
