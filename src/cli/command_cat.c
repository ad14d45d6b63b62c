/* command_cat.c - `seawall cat`. */
#include "cli/command.h"
#include "engine/hunt.h"

#include <string.h>

int command_cat(int argc, char **argv)
{
    const struct path_list evidence = {(const char *const *)argv + 1, (size_t)argc - 1};

    if (argc < 2)
        return usage_error("cat", "cat needs evidence: a file, a folder, or - for standard input");
    for (int i = 1; i < argc; i++)
        if (argv[i][0] == '-' && argv[i][1] != '\0')
            return usage_error("cat", "cat has no option %s (write ./%s for a file)", argv[i],
                               argv[i]);
    return cat_run(&evidence, true);
}
