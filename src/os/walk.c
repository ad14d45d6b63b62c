/* walk.c - see walk.h. */
#include "os/walk.h"

#include "core/ensure.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 1000 /* of folders; a path ends at PATH_MAX long before */

struct entry {
    const char *path;
    struct str name; /* as it sorts: folders with a slash at the end, as their content has it */
    struct file_facts facts;
    enum err err;
    bool link;
};

struct folder {
    struct entry *entries;
    size_t count, capacity;
};

void walk_init(struct walk *walk, struct arena *arena, bool links_anywhere)
{
    *walk = (struct walk){.arena = arena, .links_anywhere = links_anywhere};
    map_init(&walk->seen, arena);
}

void walk_add_root(struct walk *walk, const char *path)
{
    char resolved[PATH_MAX];

    if (!realpath(path, resolved))
        return;
    if (walk->root_count == walk->root_capacity) {
        uint32_t capacity = walk->root_capacity ? walk->root_capacity * 2 : 16;
        struct str *roots = ARENA_ARRAY(walk->arena, struct str, capacity);
        for (uint32_t i = 0; i < walk->root_count; i++)
            roots[i] = walk->roots[i];
        walk->roots = roots;
        walk->root_capacity = capacity;
    }
    walk->roots[walk->root_count++] = arena_str(walk->arena, str_from(resolved));
}

static bool is_below(struct str path, struct str root)
{
    if (str_eq(root, STR("/")))
        return true;
    return str_starts_with(path, root) && (path.len == root.len || path.at[root.len] == '/');
}

/* Whether the target of a link lies below one of the roots. */
static bool link_stays(const struct walk *walk, const char *path)
{
    char resolved[PATH_MAX];

    if (walk->links_anywhere)
        return true;
    if (!realpath(path, resolved))
        return false;
    for (uint32_t i = 0; i < walk->root_count; i++)
        if (is_below(str_from(resolved), walk->roots[i]))
            return true;
    return false;
}

static bool see_first(struct walk *walk, const struct file_identity *identity)
{
    struct str key = {(const char *)identity, sizeof(*identity)};

    if (map_find(&walk->seen, key) != MAP_NONE)
        return false;
    map_set(&walk->seen, key, 1);
    return true;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;

    return str_compare(left->name, right->name);
}

static struct entry *folder_add(struct folder *folder)
{
    if (folder->count == folder->capacity) {
        folder->capacity = folder->capacity ? folder->capacity * 2 : 64;
        struct entry *entries =
            realloc(folder->entries, folder->capacity * sizeof(*folder->entries));
        ENSURE(entries);
        folder->entries = entries;
    }
    return &folder->entries[folder->count++];
}

static void look_at_entry(struct walk *walk, int stream, struct str before, const char *name,
                          struct entry *entry)
{
    const struct str parts[] = {before, str_from(name), STR("\0")};

    *entry = (struct entry){.name = parts[1]};
    entry->path = arena_join(walk->arena, parts, ARRAY_COUNT(parts)).at;
    entry->err = file_look_in(stream, name, false, &entry->facts);
    entry->link = !entry->err && entry->facts.kind == FILE_LINK;
    if (entry->link)
        entry->err = file_look_in(stream, name, true, &entry->facts);
    if (!entry->err && entry->facts.kind == FILE_FOLDER) {
        const struct str named[] = {parts[1], STR("/")};
        entry->name = arena_join(walk->arena, named, ARRAY_COUNT(named));
    } else {
        entry->name.at = entry->path + before.len;
    }
}

static enum err list_folder(struct walk *walk, const char *path, struct folder *folder)
{
    DIR *stream = opendir(path);
    size_t len = strlen(path);
    const struct str parts[] = {str_from(path), STR("/")};
    struct str before = parts[0]; /* what a path begins with, up to the name */
    struct dirent *found;

    if (!stream)
        return err_from_errno(errno);
    if (len == 0 || path[len - 1] != '/')
        before = arena_join(walk->arena, parts, ARRAY_COUNT(parts));
    for (errno = 0; (found = readdir(stream)); errno = 0)
        if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0)
            look_at_entry(walk, dirfd(stream), before, found->d_name, folder_add(folder));
    enum err err = errno ? err_from_errno(errno) : ERR_NONE;
    closedir(stream);
    if (folder->count > 1)
        qsort(folder->entries, folder->count, sizeof(*folder->entries), compare_entries);
    return err;
}

static void walk_folder(struct walk *walk, const char *path, const struct walk_visitor *visitor,
                        unsigned depth);

static void walk_entry(struct walk *walk, const struct entry *entry,
                       const struct walk_visitor *visitor, unsigned depth)
{
    void *context = visitor->context;

    if (entry->err) {
        visitor->problem(context, entry->path, entry->link ? WALK_BROKEN_LINK : WALK_UNREADABLE,
                         entry->err);
        return;
    }
    if (entry->link && !link_stays(walk, entry->path)) {
        visitor->problem(context, entry->path, WALK_OUTWARD_LINK, ERR_NONE);
        return;
    }
    if (entry->facts.kind != FILE_REGULAR && entry->facts.kind != FILE_FOLDER) {
        visitor->problem(context, entry->path, WALK_SPECIAL, ERR_NONE);
        return;
    }
    if (!see_first(walk, &entry->facts.identity)) {
        visitor->problem(context, entry->path, WALK_SEEN, ERR_NONE);
        return;
    }
    if (entry->facts.kind == FILE_FOLDER)
        walk_folder(walk, entry->path, visitor, depth + 1);
    else
        visitor->file(context, entry->path, &entry->facts);
}

static enum err walk_below(struct walk *walk, const char *path, const struct walk_visitor *visitor,
                           unsigned depth)
{
    struct folder folder = {0};
    enum err err = list_folder(walk, path, &folder);

    for (size_t i = 0; i < folder.count; i++)
        walk_entry(walk, &folder.entries[i], visitor, depth);
    free(folder.entries);
    return err;
}

static void walk_folder(struct walk *walk, const char *path, const struct walk_visitor *visitor,
                        unsigned depth)
{
    enum err err = depth > DEPTH_MAX ? ERR_NAME_TOO_LONG : walk_below(walk, path, visitor, depth);

    if (err)
        visitor->problem(visitor->context, path, WALK_UNREADABLE, err);
}

enum err walk_from(struct walk *walk, const char *path, const struct walk_visitor *visitor)
{
    struct file_facts facts;
    enum err err = file_look(path, true, &facts);

    if (err)
        return err;
    if (facts.kind == FILE_OTHER)
        return ERR_NOT_A_FILE;
    if (facts.kind != FILE_STREAM && !see_first(walk, &facts.identity)) {
        visitor->problem(visitor->context, path, WALK_SEEN, ERR_NONE);
        return ERR_NONE;
    }
    if (facts.kind == FILE_FOLDER)
        return walk_below(walk, path, visitor, 0);
    visitor->file(visitor->context, path, &facts);
    return ERR_NONE;
}
