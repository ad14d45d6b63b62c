/* command_version.c - `seawall version`. */
#include "cli/command.h"
#include "engine/hunt.h"

#include <stdio.h>

int command_version(int argc, char **argv)
{
    if (argc > 1)
        return usage_error("version", "version takes no argument '%s'", argv[1]);
    puts("seawall " SEAWALL_VERSION);
    return command_end(EXIT_RAN);
}
