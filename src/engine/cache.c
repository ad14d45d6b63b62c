/* cache.c - see cache.h. */
#include "engine/cache.h"

#include "os/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 4 /* one has some 50 MB with all of SigmaHQ */
#define FILE_END ".image"

static char *path_of(const struct cache *cache, const char *name)
{
    char *path = NULL;

    return cache->folder && asprintf(&path, "%s/%s" FILE_END, cache->folder, name) >= 0 ? path
                                                                                        : NULL;
}

bool cache_find(const struct cache *cache, const char *name, struct file *file)
{
    char *path = path_of(cache, name);
    struct file_facts facts;

    /* looked at before it is opened: a link to a device may do something when it is */
    bool found = path && file_look(path, false, &facts) == ERR_NONE && facts.kind == FILE_REGULAR &&
                 file_open(path, false, file) == ERR_NONE;
    free(path);
    if (!found)
        return false;
    if (file->facts.owner == folder_user() && (file->facts.mode & 022) == 0)
        return true;
    file_close(file);
    return false;
}

void cache_put(const struct cache *cache, const char *name, struct str bytes)
{
    char *file = NULL;

    if (!cache->folder || asprintf(&file, "%s" FILE_END, name) < 0)
        return;
    folder_prune(cache->folder, FILE_END, FILES_MAX - 1);
    enum err ignored = folder_put_file(cache->folder, file, bytes);
    (void)ignored;
    free(file);
}

static char *default_folder(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    struct file_facts facts;
    char *folder = NULL;
    int len = -1;

    if (cache && *cache == '/')
        len = asprintf(&folder, "%s/seawall", cache);
    else if (home && *home == '/' && file_look(home, true, &facts) == ERR_NONE)
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
                err == ERR_DENIED    ? "it must be your own and closed to others (mode 0700)"
                : err == ERR_INVALID ? "it is no folder"
                                     : err_text(err));
        return err;
    }
    cache->folder = path;
    return ERR_NONE;
}

void cache_close(struct cache *cache)
{
    free(cache->folder);
    *cache = (struct cache){0};
}
