/* walk.h - everything below a path, in the order of the bytes of the paths.
 *
 * A path is the root as given, joined by '/' with what was found below. Files and folders are
 * visited once, however many links lead to them, so that no circle of links keeps the walk
 * going. */
#ifndef OS_WALK_H
#define OS_WALK_H

#include "core/map.h"
#include "os/file.h"

enum walk_problem {
    WALK_UNREADABLE,   /* a folder or file that the system refuses; `err` says why */
    WALK_BROKEN_LINK,  /* a link to nothing, or to itself */
    WALK_OUTWARD_LINK, /* a link to a place outside the roots */
    WALK_SEEN,         /* the same file or folder was visited before */
    WALK_SPECIAL       /* a pipe, socket or device inside a folder */
};

struct walk_visitor {
    void *context;
    /* A regular file; a root may also be a stream. The path is valid during the call. */
    void (*file)(void *context, const char *path, const struct file_facts *facts);
    void (*problem)(void *context, const char *path, enum walk_problem problem, enum err err);
};

/* What several walks share: where links may lead, and what was seen. Memory lives in the arena. */
struct walk {
    struct arena *arena; /* borrowed */
    bool links_anywhere; /* links need not stay below the roots */
    struct str *roots;   /* resolved */
    uint32_t root_count, root_capacity;
    struct map seen;
};

void walk_init(struct walk *walk, struct arena *arena, bool links_anywhere);
/* Before the first walk_from: a place that links may lead to. Unreadable ones are left out. */
void walk_add_root(struct walk *walk, const char *path);
/* Visits `path`, which is a file or a folder; the refusal if it cannot be looked at or listed. A
 * file of a kind that cannot be read is ERR_NOT_A_FILE. A root that was visited before is a
 * problem WALK_SEEN. */
MUST_USE enum err walk_from(struct walk *walk, const char *path,
                            const struct walk_visitor *visitor);

#endif
