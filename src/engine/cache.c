/* cache.c - see cache.h. A plan is one file, named by its key; the oldest go when there are
 * many. */
#include "engine/cache.h"

#include "core/ensure.h"
#include "os/file.h"
#include "os/folder.h"
#include "os/output_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAN_BYTES_MAX ((size_t)512 << 20)
#define PLANS_MAX 8

static char *path_of(const struct cache *cache, struct str key)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%.*s.plan", cache->folder, STR_ARG(key)) < 0)
        return NULL;
    return path;
}

static bool load_plan(void *context, struct str key, void **bytes, size_t *size)
{
    const struct cache *cache = context;
    char *path = path_of(cache, key);
    struct file_facts facts;
    struct buf text;

    buf_init(&text, PLAN_BYTES_MAX);
    bool found = path && file_look(path, false, &facts) == ERR_NONE && facts.kind == FILE_REGULAR &&
                 facts.owner == folder_user() && (facts.mode & 022) == 0 &&
                 file_read_whole(path, PLAN_BYTES_MAX, &text) == ERR_NONE && text.len > 0;
    free(path);
    if (!found) {
        buf_free(&text);
        return false;
    }
    *bytes = text.at; /* the plan's from here on */
    *size = text.len;
    return true;
}

static void save_plan(void *context, struct str key, const void *bytes, size_t size)
{
    const struct cache *cache = context;
    char *path = path_of(cache, key);
    enum err err;

    if (!path)
        return;
    folder_prune(cache->folder, ".plan", PLANS_MAX - 1);
    struct output_file *file = output_file_open(path, &err);
    if (file) {
        output_file_write(file, (struct str){bytes, size});
        err = output_file_commit(file); /* a disk that is full costs the next run some time */
    }
    free(path);
}

static char *default_folder(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char *folder = NULL;
    int len = -1;

    if (cache && *cache == '/')
        len = asprintf(&folder, "%s/seawall", cache);
    else if (home && *home == '/')
        len = asprintf(&folder, "%s/.cache/seawall", home);
    return len < 0 ? NULL : folder;
}

enum err cache_open(struct cache *cache, const char *folder, struct why *why)
{
    *cache = (struct cache){0};
    if (folder && strcmp(folder, "off") == 0)
        return ERR_NONE;
    char *path = folder ? strdup(folder) : default_folder();
    if (!path)
        return ERR_NONE;
    enum err err = folder_make_private(path, folder == NULL);
    if (err) {
        free(path);
        if (!folder)
            return ERR_NONE;
        why_set(why, "%s cannot hold the cache: %s", folder,
                err == ERR_DENIED ? "it must be your own and closed to others (mode 0700)"
                                  : err_text(err));
        return err;
    }
    cache->folder = path;
    cache->plan = (struct plan_cache){cache, load_plan, save_plan};
    return ERR_NONE;
}

void cache_close(struct cache *cache)
{
    free(cache->folder);
    *cache = (struct cache){0};
}
