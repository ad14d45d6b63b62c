/* cache.c - see cache.h. A plan is one file, named by its key; the oldest go when there are many.
 * In front of the plan stand a mark, the key and the plan's digest. */
#include "engine/cache.h"

#include "codec/sha256.h"
#include "os/file.h"
#include "os/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MAX ((size_t)512 << 20)
#define PLANS_MAX 8
#define MARK "seawall plan 1\n"

#define HEAD_BYTES(key) (sizeof(MARK) - 1 + (key).len + 1 + (SHA256_TEXT_SIZE - 1) + 1)

/* What must stand before these bytes under this key. */
static void add_head(struct buf *out, struct str key, struct str plan)
{
    char digest[SHA256_TEXT_SIZE];

    sha256_text(plan, digest);
    buf_printf(out, MARK "%.*s\n%s\n", STR_ARG(key), digest);
}

/* The whole file, if it is one of ours and nobody else can have written it. */
static bool read_file(const struct cache *cache, struct str key, struct buf *text)
{
    struct file_facts facts;
    char *path = NULL;

    if (asprintf(&path, "%s/%.*s.plan", cache->folder, STR_ARG(key)) < 0)
        return false;
    bool found = file_look(path, false, &facts) == ERR_NONE && facts.kind == FILE_REGULAR &&
                 facts.owner == folder_user() && (facts.mode & 022) == 0 &&
                 file_read_whole(path, FILE_BYTES_MAX, text) == ERR_NONE;
    free(path);
    return found;
}

static bool load_plan(void *context, struct str key, void **bytes, size_t *size)
{
    struct buf text, head;

    buf_init(&text, FILE_BYTES_MAX);
    buf_init(&head, HEAD_BYTES(key) + 1);
    bool good = read_file(context, key, &text) && text.len > HEAD_BYTES(key);
    if (good) {
        struct str plan = str_slice(buf_str(&text), HEAD_BYTES(key), text.len);
        add_head(&head, key, plan);
        good = str_starts_with(buf_str(&text), buf_str(&head));
    }
    buf_free(&head);
    if (!good) {
        buf_free(&text);
        return false;
    }
    buf_drop(&text, HEAD_BYTES(key));
    *bytes = text.at; /* the plan's from here on */
    *size = text.len;
    return true;
}

static void save_plan(void *context, struct str key, const void *bytes, size_t size)
{
    const struct cache *cache = context;
    struct str plan = {bytes, size};
    struct buf text;
    char *name = NULL;

    if (size > FILE_BYTES_MAX - HEAD_BYTES(key) || asprintf(&name, "%.*s.plan", STR_ARG(key)) < 0)
        return;
    buf_init(&text, FILE_BYTES_MAX);
    add_head(&text, key, plan);
    buf_add(&text, plan);
    folder_prune(cache->folder, ".plan", PLANS_MAX - 1);
    enum err ignored = folder_put_file(cache->folder, name, buf_str(&text));
    (void)ignored; /* a disk that is full costs the next run some time */
    buf_free(&text);
    free(name);
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
    cache->plan = (struct plan_cache){cache, load_plan, save_plan};
    return ERR_NONE;
}

void cache_close(struct cache *cache)
{
    free(cache->folder);
    *cache = (struct cache){0};
}
