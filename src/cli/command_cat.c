/* command_cat.c - `seawall cat`. */
#include "cli/command.h"
#include "engine/hunt.h"

#include <string.h>

int command_cat(int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
    const struct path_list evidence = {(const char *const *)argv + first, (size_t)(argc - first)};

    if (argc == first)
        return usage_error("cat", "cat needs evidence: a file, a folder, or - for standard input");
    for (int i = 1; i < argc && first == 1; i++)
        if (argv[i][0] == '-' && argv[i][1] != '\0')
            return usage_error("cat", "cat has no option %s (write ./%s for a file)", argv[i],
                               argv[i]);
    return cat_run(&evidence, true);
}
