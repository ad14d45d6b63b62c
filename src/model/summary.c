/* summary.c - names of the summaries. */
#include "model/summary.h"

static const struct str names[SUMMARY_KINDS] = {
    [SUMMARY_EVENTS] = STR_INIT("events"),
    [SUMMARY_HOSTS] = STR_INIT("hosts"),
    [SUMMARY_LOGONS] = STR_INIT("logons"),
    [SUMMARY_KEYWORDS] = STR_INIT("keywords"),
};

struct str summary_name(enum summary_kind kind)
{
    return names[kind];
}

bool summary_find(struct str name, enum summary_kind *kind)
{
    for (unsigned i = 0; i < SUMMARY_KINDS; i++)
        if (str_eq(name, names[i])) {
            *kind = (enum summary_kind)i;
            return true;
        }
    return false;
}
