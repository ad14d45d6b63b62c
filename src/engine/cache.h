/* cache.h - the folder of compiled plans.
 *
 * What it holds is trusted: it is used only if it belongs to this user and nobody else can enter
 * it (0700), and only files that nobody else can write are read from it. A missing, damaged or
 * foreign cache costs time and nothing else. */
#ifndef ENGINE_CACHE_H
#define ENGINE_CACHE_H

#include "core/err.h"
#include "rules/plan.h"

struct cache {
    char *folder; /* owned; NULL: no cache */
    struct plan_cache plan;
};

/* `folder`: NULL is $XDG_CACHE_HOME/seawall or ~/.cache/seawall, "off" none. A folder that was
 * named and cannot be used is refused, with the reason; the default is then done without. */
MUST_USE enum err cache_open(struct cache *cache, const char *folder, struct why *why);
void cache_close(struct cache *cache);

#endif
