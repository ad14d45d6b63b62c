/* folder.h - folders of the program's own. */
#ifndef OS_FOLDER_H
#define OS_FOLDER_H

#include "core/err.h"

/* The user this process runs as. */
uint32_t folder_user(void);
/* Makes the folder (and, if `parents`, those above it) where it is missing; ERR_DENIED if it is not
 * this user's own or others can enter it. */
MUST_USE enum err folder_make_private(const char *path, bool parents);
/* Puts a file into a folder, whole or not at all, for this user alone; whatever had its name goes,
 * and no link is followed. What a killed process may leave there ends like `name` from its dot. */
MUST_USE enum err folder_put_file(const char *path, const char *name, struct str bytes);
/* Removes the files with this end that were changed longest ago, until at most `kept` are left. */
void folder_prune(const char *path, const char *end, unsigned kept);
/* A file for reading and writing in `path` that has no name any more and goes with its
 * descriptor. */
MUST_USE enum err folder_nameless_file(const char *path, int *fd);

#endif
