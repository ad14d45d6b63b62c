/* known_good.c - see known_good.h. */
#include "scan/known_good.h"

#include "codec/digest.h"
#include "core/ensure.h"
#include "core/map.h"

#include <stdlib.h>

#define ARENA_BYTES_MAX ((size_t)4 << 30)
#define PATH_BYTES_MAX 4096u
#define PARTS_MIN 2u /* of a path that agree: its name and its folder */

struct entry {
    struct str path;
    uint32_t next; /* of the same name, counted from 1; 0: none */
};

struct known_good {
    struct arena *arena; /* owned */
    struct map digests;
    struct map names;   /* file name to entry, counted from 1 */
    struct map folders; /* last part of a folder to 1 */
    struct entry *entries;
    uint32_t count, capacity;
    bool uses[DIGESTS];
};

struct known_good *known_good_new(void)
{
    struct known_good *known = calloc(1, sizeof(*known));

    ENSURE(known);
    known->arena = arena_new("known good files", ARENA_BYTES_MAX);
    map_init(&known->digests, known->arena);
    map_init(&known->names, known->arena);
    map_init(&known->folders, known->arena);
    return known;
}

void known_good_free(struct known_good *known)
{
    if (!known)
        return;
    free(known->entries);
    arena_free(known->arena);
    free(known);
}

/* Takes the last part off; "a/b/c" gives c and leaves a/b. */
static struct str cut_last(struct str *path)
{
    size_t at = path->len;

    while (at > 0 && path->at[at - 1] != '/')
        at--;
    struct str last = str_slice(*path, at, path->len);
    *path = str_slice(*path, 0, at > 0 ? at - 1 : 0);
    return last;
}

static struct str last_of(struct str path)
{
    return cut_last(&path);
}

static struct str folder_of(struct str path)
{
    cut_last(&path);
    return path;
}

/* How many parts agree, from the end. */
static uint32_t parts_in_common(struct str a, struct str b)
{
    uint32_t count = 0;

    while (a.len > 0 && b.len > 0 && str_eq(cut_last(&a), cut_last(&b)))
        count++;
    return count;
}

static void add_digest(struct known_good *known, enum digest digest, struct str text)
{
    char small[DIGEST_TEXT_SIZE];

    for (size_t i = 0; i < text.len; i++)
        small[i] = ascii_lower(text.at[i]);
    known->uses[digest] = true;
    map_set(&known->digests, (struct str){small, text.len}, 1);
}

static void add_path(struct known_good *known, struct str path)
{
    while (str_starts_with(path, STR("./")))
        path = str_slice(path, 2, path.len);
    if (path.len == 0 || path.len > PATH_BYTES_MAX)
        return;
    if (known->count == known->capacity) {
        known->capacity = known->capacity ? known->capacity * 2 : 1024;
        known->entries = realloc(known->entries, known->capacity * sizeof(*known->entries));
        ENSURE(known->entries);
    }
    struct str name = last_of(path), folder = last_of(folder_of(path));
    uint32_t before = map_find(&known->names, name);
    known->entries[known->count++] =
        (struct entry){arena_str(known->arena, path), before == MAP_NONE ? 0 : before};
    map_set(&known->names, name, known->count);
    if (folder.len > 0)
        map_set(&known->folders, folder, 1);
}

void known_good_add_file(struct known_good *known, struct str path, struct str bytes)
{
    char digest[DIGEST_TEXT_SIZE];

    digest_text(DIGEST_SHA256, bytes, digest);
    add_digest(known, DIGEST_SHA256, str_from(digest));
    add_path(known, path);
}

/* "d41d8cd98f00b204e9800998ecf8427e  usr/share/x", with a star for a blank in binary mode. */
static bool take_line(struct known_good *known, struct str line)
{
    size_t digits = 0;

    while (digits < line.len && ascii_hex_value(line.at[digits]) >= 0)
        digits++;
    enum digest digest = digest_of_length(digits);
    if (digest == DIGESTS || line.len < digits + 3 || line.at[digits] != ' ' ||
        (line.at[digits + 1] != ' ' && line.at[digits + 1] != '*'))
        return false;
    add_digest(known, digest, str_slice(line, 0, digits));
    add_path(known, str_slice(line, digits + 2, line.len));
    return true;
}

uint32_t known_good_add_list(struct known_good *known, struct str text)
{
    uint32_t count = 0;

    while (text.len > 0) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (!take_line(known, line))
            return 0;
        count++;
    }
    return count;
}

uint32_t known_good_count(const struct known_good *known)
{
    return known->count;
}

static bool is_known(const struct known_good *known, struct str bytes)
{
    char text[DIGEST_TEXT_SIZE];

    for (unsigned digest = 0; digest < DIGESTS; digest++) {
        if (!known->uses[digest])
            continue;
        digest_text((enum digest)digest, bytes, text);
        if (map_find(&known->digests, str_from(text)) != MAP_NONE)
            return true;
    }
    return false;
}

/* The file that stands at the same place: of those with its name the one whose path agrees most. */
static const struct entry *find_original(const struct known_good *known, struct str path)
{
    const struct entry *best = NULL;
    uint32_t most = PARTS_MIN - 1, found = map_find(&known->names, last_of(path));

    for (uint32_t at = found == MAP_NONE ? 0 : found; at > 0; at = known->entries[at - 1].next) {
        const struct entry *entry = &known->entries[at - 1];
        uint32_t common = parts_in_common(entry->path, path);
        if (common > most) {
            most = common;
            best = entry;
        }
    }
    return best;
}

enum known_state known_good_compare(const struct known_good *known, struct str path,
                                    struct str bytes, struct str *original)
{
    *original = STR_EMPTY;
    if (is_known(known, bytes))
        return KNOWN_SAME;
    if (path.len == 0)
        return KNOWN_NOTHING;
    const struct entry *entry = find_original(known, path);
    if (entry) {
        *original = entry->path;
        return KNOWN_CHANGED;
    }
    struct str folder = last_of(folder_of(path));
    bool here = folder.len > 0 && map_find(&known->folders, folder) != MAP_NONE;
    return here ? KNOWN_ADDED : KNOWN_NOTHING;
}
