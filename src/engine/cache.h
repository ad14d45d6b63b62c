/* cache.h - the folder of what is kept from run to run.
 *
 * What it holds is trusted: it is used only if it belongs to this user and nobody else can enter
 * it (0700), and only files that nobody else can write are read from it. A missing, damaged or
 * foreign cache costs time and nothing else. */
#ifndef ENGINE_CACHE_H
#define ENGINE_CACHE_H

#include "core/err.h"
#include "os/file.h"

struct cache {
    char *folder; /* owned; NULL: no cache */
};

/* `folder`: NULL is $XDG_CACHE_HOME/seawall or ~/.cache/seawall, "off" none. A folder that was
 * named and cannot be used is refused, with the reason; the default is then done without. */
MUST_USE enum err cache_open(struct cache *cache, const char *folder, struct why *why);
void cache_close(struct cache *cache);

/* The file of this name, to be read; false where there is none of this user's own. */
bool cache_find(const struct cache *cache, const char *name, struct file *file);
/* Puts a file into the folder, whole or not at all; the oldest go when there are many. A disk that
 * is full costs the next run some time. */
void cache_put(const struct cache *cache, const char *name, struct str bytes);

#endif
