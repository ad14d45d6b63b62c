/* field.c - interning of field names, and groups of names that differ only in case. */
#include "model/field.h"

#include "codec/utf.h"
#include "core/ensure.h"

void fields_init(struct field_dictionary *fields, struct arena *arena)
{
    *fields = (struct field_dictionary){.arena = arena};
    map_init(&fields->ids, arena);
    map_init(&fields->folded, arena);
    fields->names = ARENA_ARRAY(arena, struct str, FIELDS_MAX);
}

uint16_t fields_add(struct field_dictionary *fields, struct str name)
{
    uint32_t id = map_find(&fields->ids, name);

    if (id != MAP_NONE)
        return (uint16_t)id;
    ENSURE(!fields->frozen && fields->count < FIELDS_MAX);
    map_set(&fields->ids, name, fields->count);
    fields->names[fields->count] = arena_str(fields->arena, name);
    return (uint16_t)fields->count++;
}

static struct str folded_name(struct str name, struct arena *arena)
{
    char *out = arena_alloc_bytes(arena, FOLD_SIZE(name.len));

    return (struct str){out, fold_str(name, out)};
}

#define GROUP_MEMBERS_MAX 64 /* spellings of one name that differ in case only */

/* Groups have one or two members: the quadratic walk is over rule field names, some hundreds, once.
 */
static struct field_ref group_ref(const struct field_dictionary *fields, uint32_t group,
                                  const uint32_t *group_of, uint16_t exact)
{
    struct field_ref ref = {.exact = exact};
    uint16_t *ids = ARENA_ARRAY(fields->arena, uint16_t, GROUP_MEMBERS_MAX);

    for (uint32_t id = 0; id < fields->count; id++)
        if (id != exact && group_of[id] == group && ref.fallback_count < GROUP_MEMBERS_MAX)
            ids[ref.fallback_count++] = (uint16_t)id;
    ref.fallbacks = ids;
    return ref;
}

void fields_freeze(struct field_dictionary *fields)
{
    ENSURE(!fields->frozen);
    uint32_t *group_of = ARENA_ARRAY(fields->arena, uint32_t, fields->count);
    uint32_t *members = ARENA_ARRAY(fields->arena, uint32_t, fields->count);

    for (uint32_t id = 0; id < fields->count; id++) {
        struct str name = folded_name(fields->names[id], fields->arena);
        uint32_t group = map_find(&fields->folded, name);
        if (group == MAP_NONE) {
            group = fields->group_count++;
            map_set(&fields->folded, name, group);
        }
        group_of[id] = group;
        members[group]++;
    }
    fields->refs = ARENA_ARRAY(fields->arena, struct field_ref, fields->count);
    fields->groups = ARENA_ARRAY(fields->arena, struct field_ref, fields->group_count);
    for (uint32_t group = 0; group < fields->group_count; group++)
        fields->groups[group] = group_ref(fields, group, group_of, FIELD_NONE);
    for (uint32_t id = 0; id < fields->count; id++) {
        if (members[group_of[id]] > 1)
            fields->refs[id] = group_ref(fields, group_of[id], group_of, (uint16_t)id);
        else
            fields->refs[id] = (struct field_ref){.exact = (uint16_t)id};
    }
    fields->frozen = true;
}

uint16_t fields_find(const struct field_dictionary *fields, struct str name)
{
    uint32_t id = map_find(&fields->ids, name);

    return id == MAP_NONE ? FIELD_NONE : (uint16_t)id;
}

#define NAME_BYTES_MAX 1024 /* longer names in events are nobody's field */

const struct field_ref *fields_resolve(const struct field_dictionary *fields, struct str name)
{
    char folded[FOLD_SIZE(NAME_BYTES_MAX)];

    ENSURE(fields->frozen);
    uint32_t id = map_find(&fields->ids, name);
    if (id != MAP_NONE)
        return &fields->refs[id];
    if (name.len > NAME_BYTES_MAX)
        return NULL;
    uint32_t group = map_find(&fields->folded, (struct str){folded, fold_str(name, folded)});
    return group == MAP_NONE ? NULL : &fields->groups[group];
}
