/* known_files.h - the clean copies and lists of digests that a run was given (--known-good). */
#ifndef ENGINE_KNOWN_FILES_H
#define ENGINE_KNOWN_FILES_H

#include "engine/knowledge.h"
#include "scan/known_good.h"

/* Folders, packed files (zip, tar and so on, also compressed), and lists as sha256sum prints them.
 * A path that cannot be read, or holds nothing, is refused with the sentence in *why. */
MUST_USE enum err known_files_load(const struct path_list *paths, struct known_good **known,
                                   struct why *why);

#endif
