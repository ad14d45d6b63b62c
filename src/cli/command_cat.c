/* command_cat.c - `seawall cat`. */
#include "cli/command.h"
#include "engine/hunt.h"

#include <string.h>

#define TIMEZONE "--timezone"

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0';
}

int command_cat(int argc, char **argv)
{
    const char *zone_name = NULL;
    int first = 1;

    for (; first < argc && is_option(argv[first]); first++) {
        size_t len = strlen(TIMEZONE);
        if (strcmp(argv[first], "--") == 0)
            break;
        if (strcmp(argv[first], TIMEZONE) == 0 && first + 1 < argc)
            zone_name = argv[++first];
        else if (strncmp(argv[first], TIMEZONE "=", len + 1) == 0)
            zone_name = argv[first] + len + 1;
        else if (strcmp(argv[first], TIMEZONE) == 0)
            return usage_error("cat", TIMEZONE " needs a value");
        else
            return usage_error("cat", "cat has no option %s (write ./%s for a file)", argv[first],
                               argv[first]);
    }
    bool ended = first < argc && strcmp(argv[first], "--") == 0;
    first += ended;
    const struct path_list evidence = {(const char *const *)argv + first, (size_t)(argc - first)};
    if (evidence.count == 0)
        return usage_error("cat", "cat needs evidence: a file, a folder, or - for standard input");
    for (int i = first; i < argc && !ended; i++)
        if (is_option(argv[i]))
            return usage_error("cat", "options come before the evidence (write ./%s for a file)",
                               argv[i]);
    return cat_run(&evidence, zone_name, true);
}
