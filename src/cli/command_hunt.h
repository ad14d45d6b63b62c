/* command_hunt.h - a hunt by what its options say, for commands that are hunts, too. */
#ifndef CLI_COMMAND_HUNT_H
#define CLI_COMMAND_HUNT_H

#include "engine/hunt.h"

/* A pattern that stands for the rules: the first argument behind the options. */
struct search {
    void *context;
    /* Makes `own` of it. False: it was said what is wrong. */
    bool (*make)(void *context, const char *pattern);
    const struct own_rules *own;
};

/* Reads the options and runs; `search` NULL: by rules. The exit status. */
int hunt_gather(int argc, char **argv, const struct search *search);

#endif
