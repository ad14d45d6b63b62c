/* evidence.c - see evidence.h. */
#include "engine/evidence.h"

#include "codec/utf.h"
#include "core/ensure.h"
#include "os/path_matches.h"
#include "os/walk.h"

#include <stdlib.h>
#include <string.h>

#define NOTES_MAX 1000
#define ARENA_BYTES_MAX ((size_t)8 << 30) /* tens of millions of paths */

struct listing {
    struct evidence *evidence;
    const char *named; /* the path of the command line that is being walked */
};

struct str path_shown(struct str path, struct arena *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf out;

    if (utf8_is_valid(path))
        return arena_str(arena, path);
    buf_init(&out, SIZE_MAX);
    while (path.len > 0) {
        struct str rest = path;
        uint32_t character = utf8_take(&rest);
        size_t len = path.len - rest.len;
        if (character == 0xFFFD && !utf8_is_valid(str_slice(path, 0, len))) {
            for (size_t i = 0; i < len; i++) {
                uint8_t byte = (uint8_t)path.at[i];
                buf_add_char(&out, '%');
                buf_add_char(&out, digits[byte >> 4]);
                buf_add_char(&out, digits[byte & 15]);
            }
        } else {
            buf_add(&out, str_slice(path, 0, len));
        }
        path = rest;
    }
    struct str shown = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return shown;
}

static struct evidence_file *add_file(struct evidence *evidence, struct str shown)
{
    if (evidence->count == evidence->capacity) {
        evidence->capacity = evidence->capacity ? evidence->capacity * 2 : 64;
        struct evidence_file *files =
            realloc(evidence->files, evidence->capacity * sizeof(*evidence->files));
        ENSURE(files);
        evidence->files = files;
    }
    struct evidence_file *file = &evidence->files[evidence->count++];
    *file = (struct evidence_file){.shown = shown, .stream = {.fd = -1}};
    return file;
}

static void note(struct evidence *evidence, struct notes *notes, const char *path, const char *text)
{
    notes_add(notes, (struct report_note){.path = path_shown(str_from(path), evidence->arena),
                                          .text = str_from(text),
                                          .offset = UINT64_MAX});
}

static void note_named(struct evidence *evidence, const char *path, enum err err)
{
    note(evidence, &evidence->unreadable, path, err_text(err));
    evidence->named_failed = true;
}

static void visit_file(void *context, const char *path, const struct file_facts *facts)
{
    struct listing *listing = context;
    struct evidence *evidence = listing->evidence;
    struct file stream = {.fd = -1};

    if (facts->kind == FILE_STREAM) {
        enum err err = file_open(path, true, &stream);
        if (err) {
            note_named(evidence, path, err);
            return;
        }
    }
    struct evidence_file *file = add_file(evidence, path_shown(str_from(path), evidence->arena));
    if (stream.fd < 0)
        file->path = arena_str(evidence->arena, str_from(path)).at;
    file->stream = stream;
    file->size = facts->size;
    file->identity = facts->identity;
    file->named = strcmp(path, listing->named) == 0;
    evidence->bytes += facts->size;
}

static void visit_problem(void *context, const char *path, enum walk_problem problem, enum err err)
{
    static const char *const texts[] = {
        [WALK_BROKEN_LINK] = "a link to nothing",
        [WALK_OUTWARD_LINK] = "a link that leaves the evidence",
        [WALK_SEEN] = "the same as a file or folder that was listed before",
        [WALK_SPECIAL] = "a pipe, socket or device",
    };
    struct listing *listing = context;
    struct evidence *evidence = listing->evidence;

    if (problem == WALK_UNREADABLE)
        note(evidence, &evidence->unreadable, path, err_text(err));
    else
        note(evidence, &evidence->not_followed, path, texts[problem]);
}

static void list_standard_input(struct evidence *evidence)
{
    struct file input;
    enum err err = file_open_standard_input(&input);

    if (err) {
        note_named(evidence, "-", err);
        return;
    }
    struct evidence_file *file = add_file(evidence, STR("-"));
    file->stream = input;
    file->stream.facts.kind =
        FILE_STREAM; /* even if it is a file: its position belongs to the caller */
    file->identity = input.facts.identity;
    file->named = true;
}

static int compare_shown(const void *a, const void *b, void *context)
{
    const struct evidence *ranked = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = str_compare(ranked->files[left].shown, ranked->files[right].shown);

    return order ? order : (left > right) - (left < right);
}

static void rank_files(struct evidence *evidence)
{
    uint32_t *order = calloc(evidence->count + 1, sizeof(*order));

    ENSURE(order);
    for (uint32_t i = 0; i < evidence->count; i++)
        order[i] = i;
    qsort_r(order, evidence->count, sizeof(*order), compare_shown, evidence);
    for (uint32_t i = 0; i < evidence->count; i++)
        evidence->files[order[i]].rank = i;
    free(order);
}

struct named_paths {
    const char **at;
    size_t count, capacity;
};

static void add_path(struct named_paths *paths, const char *path)
{
    if (paths->count == paths->capacity) {
        paths->capacity = paths->capacity ? 2 * paths->capacity : 64;
        const char **at = realloc(paths->at, paths->capacity * sizeof(*at));
        ENSURE(at);
        paths->at = at;
    }
    paths->at[paths->count++] = path;
}

/* What is not there as it is written may be a pattern that no shell has unfolded. */
static void add_pattern(struct evidence *evidence, struct named_paths *paths, const char *pattern)
{
    struct path_matches matches;
    enum err err = path_matches_find(&matches, pattern);

    if (err)
        note_named(evidence, pattern, err);
    for (size_t i = 0; i < matches.count; i++)
        add_path(paths, arena_str(evidence->arena, str_from(matches.at[i])).at);
    path_matches_free(&matches);
}

static bool is_pattern(const char *path)
{
    const char *bracket = strchr(path, '[');

    return strpbrk(path, "*?") || (bracket && strchr(bracket, ']'));
}

static struct named_paths unfold(struct evidence *evidence, const char *const *paths, size_t count)
{
    struct named_paths unfolded = {0};
    struct file_facts facts;

    for (size_t i = 0; i < count; i++) {
        bool there = strcmp(paths[i], "-") == 0 || !is_pattern(paths[i]) ||
                     file_look(paths[i], false, &facts) == ERR_NONE;
        if (there)
            add_path(&unfolded, paths[i]);
        else
            add_pattern(evidence, &unfolded, paths[i]);
    }
    return unfolded;
}

void evidence_list(struct evidence *evidence, const char *const *named, size_t named_count)
{
    struct listing listing = {.evidence = evidence};
    const struct walk_visitor visitor = {&listing, visit_file, visit_problem};
    bool has_standard_input = false;
    struct walk walk;

    *evidence = (struct evidence){.arena = arena_new("evidence", ARENA_BYTES_MAX)};
    notes_init(&evidence->unreadable, evidence->arena, NOTES_MAX);
    notes_init(&evidence->not_followed, evidence->arena, NOTES_MAX);
    struct named_paths unfolded = unfold(evidence, named, named_count);
    const char *const *paths = unfolded.at;
    size_t count = unfolded.count;
    evidence->roots = ARENA_ARRAY(evidence->arena, const char *, count);
    walk_init(&walk, evidence->arena, false);
    for (size_t i = 0; i < count; i++)
        if (strcmp(paths[i], "-") != 0)
            walk_add_root(&walk, paths[i]);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(paths[i], "-") == 0) {
            if (!has_standard_input)
                list_standard_input(evidence);
            has_standard_input = true;
            continue;
        }
        listing.named = paths[i];
        enum err err = walk_from(&walk, paths[i], &visitor);
        if (err)
            note_named(evidence, paths[i], err);
        evidence->roots[evidence->root_count++] = paths[i];
    }
    free(unfolded.at);
    rank_files(evidence);
}

void evidence_free(struct evidence *evidence)
{
    for (uint32_t i = 0; i < evidence->count; i++)
        file_close(&evidence->files[i].stream);
    free(evidence->files);
    arena_free(evidence->arena);
    *evidence = (struct evidence){0};
}

bool evidence_holds(const struct evidence *evidence, const struct file_identity *identity)
{
    for (uint32_t i = 0; i < evidence->count; i++) {
        const struct file_identity *other = &evidence->files[i].identity;
        if (other->device == identity->device && other->inode == identity->inode)
            return true;
    }
    return false;
}
