/* level.c - names of levels. */
#include "model/level.h"

static const struct str names[LEVEL_COUNT] = {
    [LEVEL_INFORMATIONAL] = STR_INIT("informational"),
    [LEVEL_LOW] = STR_INIT("low"),
    [LEVEL_MEDIUM] = STR_INIT("medium"),
    [LEVEL_HIGH] = STR_INIT("high"),
    [LEVEL_CRITICAL] = STR_INIT("critical"),
};

struct str level_name(enum level level)
{
    return names[level];
}

bool level_parse(struct str name, enum level *level)
{
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        if (str_eq(name, names[i])) {
            *level = (enum level)i;
            return true;
        }
    }
    return false;
}
