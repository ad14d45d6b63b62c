/* sandbox.h - takes rights away from this process, for good.
 *
 * For a process that reads hostile bytes: afterwards it can open files below the given paths for
 * reading, and nothing else: no other file, no network, no program, no other process. It may
 * start threads, use the descriptors it has, and allocate memory. To be called before the first
 * further thread. */
#ifndef OS_SANDBOX_H
#define OS_SANDBOX_H

#include "core/err.h"

enum sandbox_state {
    SANDBOX_FULL,
    SANDBOX_PARTIAL, /* something is missing; *why says what */
    SANDBOX_NONE     /* nothing could be had; *why says why */
};

/* `paths` are files and folders; those that cannot be opened are left out (and so cannot be
 * read). */
enum sandbox_state sandbox_enter(const char *const *paths, size_t count, struct why *why);

#endif
