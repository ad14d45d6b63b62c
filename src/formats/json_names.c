/* json_names.c - the names met under one shape, each worked out once. */
#include "core/ensure.h"
#include "formats/json_priv.h"

#include <stdlib.h>

#define NAMES_MAX 32768u /* real shapes have hundreds; random keys must not fill the memory */
#define NAMES_BYTES_MAX ((size_t)256 << 20)
#define WAYS_BYTES_MAX ((size_t)8 << 20)
#define KEY_BYTES_MAX 1024u
#define PARENT_BYTES 4u
#define PATH_BYTES_MAX 2048u

static void start(struct json_names *names)
{
    map_init(&names->ids, names->arena);
    names->count = 0;
    names->root = ARENA_NEW(names->arena, struct json_name);
    names->nameless = ARENA_NEW(names->arena, struct json_name);
    names->nameless->id = 1;
    names->start = ARENA_NEW(names->arena, struct json_place);
    names->ways_bytes = 0;
}

void json_names_init(struct json_names *names, enum json_shape shape,
                     const struct field_dictionary *fields)
{
    *names = (struct json_names){.shape = shape, .fields = fields};
    names->arena = arena_new("names of JSON", NAMES_BYTES_MAX);
    names->list = calloc(NAMES_MAX, sizeof(struct json_name *));
    ENSURE(names->list);
    names->channel = fields_find(fields, STR("Channel"));
    start(names);
}

void json_names_free(struct json_names *names)
{
    arena_free(names->arena);
    free(names->list);
}

void json_names_renew(struct json_names *names)
{
    if (names->count < NAMES_MAX && names->ways_bytes < WAYS_BYTES_MAX)
        return;
    arena_reset(names->arena);
    start(names);
}

static struct json_name *add(struct json_names *names, const struct json_name *parent,
                             struct str key, bool escaped, struct str full)
{
    struct json_name *name = ARENA_NEW(names->arena, struct json_name);

    name->key = arena_str(names->arena, key);
    name->plain = name->key;
    if (escaped) {
        char *plain = arena_alloc_bytes(names->arena, key.len);
        name->plain = (struct str){plain, json_unescape(key, plain)};
    }
    name->parent = parent;
    name->path = parent->path.len == 0 ? name->plain
                                       : arena_printf(names->arena, "%.*s.%.*s",
                                                      STR_ARG(parent->path), STR_ARG(name->plain));
    name->id = names->count + 2;
    names->list[names->count] = name;
    map_set(&names->ids, full, names->count++);
    json_shape_name(names, name);
    return name;
}

struct json_name *json_names_child(struct json_names *names, struct json_name *last,
                                   const struct json_name *parent, struct str key, bool escaped)
{
    char space[PARENT_BYTES + KEY_BYTES_MAX] UNINITIALISED;
    struct json_name *guess = last->follow;

    if (LIKELY(guess && guess->parent == parent && str_eq(guess->key, key)))
        return guess;
    if (key.len > KEY_BYTES_MAX || parent == names->nameless ||
        parent->path.len + key.len > PATH_BYTES_MAX)
        return names->nameless;
    for (size_t i = 0; i < PARENT_BYTES; i++)
        space[i] = (char)(uint8_t)(parent->id >> (8 * i));
    for (size_t i = 0; i < key.len; i++)
        space[PARENT_BYTES + i] = key.at[i];
    struct str full = {space, PARENT_BYTES + key.len};
    uint32_t index = map_find(&names->ids, full);
    if (index == MAP_NONE && names->count == NAMES_MAX)
        return names->nameless;
    struct json_name *name =
        index == MAP_NONE ? add(names, parent, key, escaped, full) : names->list[index];
    last->follow = name;
    return name;
}
