/* share.h - the data that ships with the program: rules, taxonomy, schema.
 *
 * Taken from the archive inside the program (share_archive.h), or from the folder that
 * SEAWALL_SHARE names in the environment. */
#ifndef ENGINE_SHARE_H
#define ENGINE_SHARE_H

#include "core/err.h"

/* The folder that SEAWALL_SHARE names; NULL: the archive serves. */
const char *share_folder(void);
/* Calls `visit` for each file below `folder` ("rules/"), in the order of the paths. The path is as
 * people see it ("share/rules/windows/x.yml"); both texts are valid during the call. */
MUST_USE enum err share_visit(const char *folder,
                              void (*visit)(void *context, struct str path, struct str bytes),
                              void *context, struct why *why);

#endif
