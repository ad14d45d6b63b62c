/* known_files.c - see known_files.h. */
#include "engine/known_files.h"

#include "codec/unpack.h"
#include "engine/evidence.h"

#define FILE_BYTES_MAX ((size_t)2 << 30)
#define LAYERS_MAX 4u /* x.tar.gz has two */
#define SOURCE_BYTES (64u << 10)

/* ---- what is packed, in memory ---- */

struct memory {
    struct str bytes;
    size_t at;
};

static bool memory_read(void *context, struct str *bytes)
{
    struct memory *memory = context;

    *bytes = str_slice(memory->bytes, memory->at, memory->at + SOURCE_BYTES);
    memory->at += bytes->len;
    return true;
}

static void memory_seek(void *context, uint64_t offset)
{
    struct memory *memory = context;

    memory->at = offset < memory->bytes.len ? (size_t)offset : memory->bytes.len;
}

static void take_content(struct known_good *known, struct str path, struct str bytes,
                         unsigned layers);

/* False: it is too large, or damaged. */
static bool read_member(struct unpack *unpack, struct buf *content)
{
    struct str bytes;
    enum unpack_step step;

    while ((step = unpack_read(unpack, &bytes)) == UNPACK_TAKEN)
        buf_add(content, bytes);
    return step == UNPACK_END && !content->full;
}

static void take_packed(struct known_good *known, struct str path, struct str bytes,
                        enum packing packing, unsigned layers)
{
    struct memory memory = {.bytes = bytes};
    const struct unpack_source source = {&memory, memory_read, memory_seek, bytes.len};
    struct unpack *unpack = unpack_open(packing, &source);
    struct unpack_member member;
    struct buf content;

    buf_init(&content, FILE_BYTES_MAX);
    while (unpack_next(unpack, &member) == UNPACK_TAKEN) {
        if (member.kind != MEMBER_FILE || member.encrypted)
            continue;
        struct arena *names = arena_new("name of a member", 1 << 20);
        struct str name = member.name.len > 0 ? arena_str(names, member.name) : path;
        buf_reset(&content);
        if (read_member(unpack, &content))
            take_content(known, name, buf_str(&content), layers + 1);
        arena_free(names);
    }
    buf_free(&content);
    unpack_free(unpack);
}

static void take_content(struct known_good *known, struct str path, struct str bytes,
                         unsigned layers)
{
    enum packing packing =
        layers < LAYERS_MAX ? packing_guess(str_slice(bytes, 0, PACKING_HEAD_BYTES)) : PACKING_NONE;

    if (packing != PACKING_NONE) {
        take_packed(known, path, bytes, packing, layers);
        return;
    }
    known_good_add_file(known, path, bytes);
}

/* ---- files ---- */

/* A file in a folder, with the folder's own name in front: that is how it will stand elsewhere. */
static struct str inner_path(struct str path, struct str root)
{
    while (root.len > 0 && root.at[root.len - 1] == '/')
        root.len--;
    size_t from = root.len;
    while (from > 0 && root.at[from - 1] != '/')
        from--;
    return str_starts_with(path, root) ? str_slice(path, from, path.len) : path;
}

static enum err take_file(struct known_good *known, const struct evidence_file *file,
                          struct str root, struct buf *bytes)
{
    buf_reset(bytes);
    enum err err = file_read_whole(file->path, FILE_BYTES_MAX, bytes);
    if (err)
        return err;
    struct str text = buf_str(bytes), path = str_from(file->path);
    if (!file->named) {
        known_good_add_file(known, inner_path(path, root), text);
        return ERR_NONE;
    }
    if (known_good_add_list(known, text) == 0)
        take_content(known, path, text, 0);
    return ERR_NONE;
}

static enum err load_path(struct known_good *known, const char *path, struct why *why)
{
    struct evidence files;
    struct buf bytes;
    enum err err = ERR_NONE;
    uint32_t before = known_good_count(known);

    buf_init(&bytes, FILE_BYTES_MAX);
    evidence_list(&files, &path, 1);
    if (files.named_failed || files.count == 0) {
        err = ERR_NOT_FOUND;
        why_set(why, "--known-good %s: it cannot be read, or holds no file", path);
    }
    for (uint32_t i = 0; !err && i < files.count; i++) {
        err = take_file(known, &files.files[i], str_from(path), &bytes);
        if (err)
            why_set(why, "--known-good %s: cannot read %.*s: %s", path,
                    STR_ARG(files.files[i].shown), err_text(err));
    }
    if (!err && known_good_count(known) == before) {
        err = ERR_NOT_FOUND;
        why_set(why, "--known-good %s: it holds no file", path);
    }
    evidence_free(&files);
    buf_free(&bytes);
    return err;
}

enum err known_files_load(const struct path_list *paths, struct known_good **known, struct why *why)
{
    enum err err = ERR_NONE;

    *known = paths->count > 0 ? known_good_new() : NULL;
    for (size_t i = 0; !err && i < paths->count; i++)
        err = load_path(*known, paths->at[i], why);
    if (err) {
        known_good_free(*known);
        *known = NULL;
    }
    return err;
}
