/* evidence.h - the files to be read: what was named on the command line, folders unfolded.
 *
 * Listed by the parent before anything is read; the content of no file is looked at here. */
#ifndef ENGINE_EVIDENCE_H
#define ENGINE_EVIDENCE_H

#include "engine/notes.h"
#include "os/file.h"

struct evidence_file {
    const char *path; /* to open; NULL: `stream` is open already */
    struct str shown; /* as findings print it: bytes that are not UTF-8 as %XX */
    uint64_t size;    /* when it was listed; 0 for streams */
    uint32_t rank;    /* its place in the order of the shown paths */
    bool named;       /* on the command line itself, not found in a folder */
    struct file stream;
    struct file_identity identity;
};

struct evidence {
    struct arena *arena; /* owned */
    struct evidence_file *files;
    uint32_t count, capacity;
    uint64_t bytes;
    const char **roots; /* what was named and may be opened, for the sandbox */
    uint32_t root_count;
    bool named_failed; /* something named could not be opened or listed */
    struct notes unreadable, not_followed;
};

/* The paths of the command line: files, folders, patterns that the shell has not unfolded, and `-`
 * for standard input. They must outlive the evidence. */
void evidence_list(struct evidence *evidence, const char *const *named, size_t named_count);
void evidence_free(struct evidence *evidence);
/* Is this one of the files? (An output must not replace it.) */
bool evidence_holds(const struct evidence *evidence, const struct file_identity *identity);

/* A path as it is printed. */
struct str path_shown(struct str path, struct arena *arena);

#endif
