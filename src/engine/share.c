/* share.c - see share.h; the archive's format is in share_archive.h. */
#include "engine/share.h"

#include "codec/deflate.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/cursor.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "engine/share_archive.h"
#include "os/file.h"
#include "os/walk.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MAX ((size_t)1 << 30)
#define PATH_BYTES_MAX 4096

struct visiting {
    const char *root; /* of SEAWALL_SHARE */
    void (*visit)(void *context, struct str path, struct str bytes);
    void *context;
    struct buf text;
    char failed_path[PATH_BYTES_MAX];
    enum err err;
};

static void take_failure(struct visiting *visiting, const char *path, enum err err)
{
    if (visiting->err)
        return;
    visiting->err = err;
    size_t len = strnlen(path, PATH_BYTES_MAX - 1);
    for (size_t i = 0; i < len; i++)
        visiting->failed_path[i] = path[i];
    visiting->failed_path[len] = '\0';
}

static void visit_file(void *context, const char *path, const struct file_facts *facts)
{
    struct visiting *visiting = context;
    (void)facts;

    buf_reset(&visiting->text);
    enum err err = file_read_whole(path, RULE_FILE_BYTES_MAX, &visiting->text);
    if (err) {
        take_failure(visiting, path, err);
        return;
    }
    struct str below = str_slice(str_from(path), strlen(visiting->root), strlen(path));
    struct buf name;
    buf_init(&name, PATH_BYTES_MAX);
    buf_add(&name, STR("share"));
    buf_add(&name, below);
    visiting->visit(visiting->context, buf_str(&name), buf_str(&visiting->text));
    buf_free(&name);
}

static void visit_problem(void *context, const char *path, enum walk_problem problem, enum err err)
{
    if (problem == WALK_UNREADABLE)
        take_failure(context, path, err);
}

static enum err visit_folder(struct visiting *visiting, const char *folder, struct why *why)
{
    struct arena *arena = arena_new("shared data", ARENA_BYTES_MAX);
    const struct walk_visitor visitor = {visiting, visit_file, visit_problem};
    const char *path = arena_printf(arena, "%s/%s", visiting->root, folder).at;
    struct walk walk;

    walk_init(&walk, arena, true);
    buf_init(&visiting->text, RULE_FILE_BYTES_MAX);
    enum err err = walk_from(&walk, path, &visitor);
    if (err)
        take_failure(visiting, path, err);
    if (visiting->err)
        why_set(why, "cannot read %s (SEAWALL_SHARE names its folder): %s", visiting->failed_path,
                err_text(visiting->err));
    buf_free(&visiting->text);
    arena_free(arena);
    return visiting->err;
}

static enum err visit_archive(struct visiting *visiting, const char *folder)
{
    struct cursor head = cursor_over(share_archive, share_archive_size);
    size_t size = cursor_u64(&head);
    char *plain = malloc(size + 1);

    ENSURE(plain);
    bool whole = inflate_bytes(cursor_take_str(&head, cursor_left(&head)), plain, size);
    ENSURE(whole);
    struct cursor in = cursor_over(plain, size);
    while (cursor_left(&in) > 0) {
        struct str path = cursor_take_str(&in, cursor_u32(&in));
        struct str bytes = cursor_take_str(&in, cursor_u32(&in));
        struct buf shown;
        ENSURE(!in.failed);
        if (!str_starts_with(path, str_from(folder)))
            continue;
        buf_init(&shown, PATH_BYTES_MAX);
        buf_printf(&shown, "share/%.*s", STR_ARG(path));
        visiting->visit(visiting->context, buf_str(&shown), bytes);
        buf_free(&shown);
    }
    free(plain);
    return ERR_NONE;
}

const char *share_folder(void)
{
    const char *root = getenv("SEAWALL_SHARE");

    return root && *root ? root : NULL;
}

enum err share_visit(const char *folder,
                     void (*visit)(void *context, struct str path, struct str bytes), void *context,
                     struct why *why)
{
    const char *root = share_folder();
    struct visiting visiting = {.root = root, .visit = visit, .context = context};

    return root ? visit_folder(&visiting, folder, why) : visit_archive(&visiting, folder);
}
