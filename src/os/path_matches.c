/* path_matches.c - see path_matches.h. */
#include "os/path_matches.h"

#include <stdlib.h>
#include <string.h>

static int compare_paths(const void *a, const void *b)
{
    char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

enum err path_matches_find(struct path_matches *matches, const char *pattern)
{
    *matches = (struct path_matches){0};
    /* unsorted, for the library would sort as the user's language does */
    int status = glob(pattern, GLOB_NOSORT, NULL, &matches->found);
    if (status == GLOB_NOMATCH)
        return ERR_NO_MATCH;
    if (status != 0)
        return status == GLOB_NOSPACE ? ERR_TOO_LARGE : ERR_INPUT_OUTPUT;
    matches->at = matches->found.gl_pathv;
    matches->count = matches->found.gl_pathc;
    qsort(matches->found.gl_pathv, matches->count, sizeof(*matches->found.gl_pathv), compare_paths);
    return ERR_NONE;
}

void path_matches_free(struct path_matches *matches)
{
    globfree(&matches->found);
    *matches = (struct path_matches){0};
}
