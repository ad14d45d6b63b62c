/* path_matches.h - the paths that a pattern of the shell matches: *, ?, [...]. */
#ifndef OS_PATH_MATCHES_H
#define OS_PATH_MATCHES_H

#include "core/err.h"

#include <glob.h>

struct path_matches {
    char *const *at; /* in the order of their bytes */
    size_t count;
    glob_t found; /* owns them */
};

/* ERR_NO_MATCH where there is none, which leaves an empty list. */
MUST_USE enum err path_matches_find(struct path_matches *matches, const char *pattern);
void path_matches_free(struct path_matches *matches);

#endif
