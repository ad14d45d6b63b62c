/* tally.c - see tally.h. */
#include "engine/tally.h"

#include "core/ensure.h"

#include <stdlib.h>

#define ARENA_BYTES_MAX ((size_t)1 << 30)
#define NAMES_MAX (UINT32_C(1) << 30)

void tally_init(struct tally *tally, struct arena *arena, uint32_t max)
{
    ENSURE(max <= NAMES_MAX);
    *tally = (struct tally){.arena = arena, .max = max};
    map_init(&tally->names, arena);
}

void tally_free(struct tally *tally)
{
    if (tally->owns_arena)
        arena_free(tally->arena);
    *tally = (struct tally){0};
}

static void append(struct tally *tally, struct tally_entry entry)
{
    if (tally->count == tally->capacity) {
        uint32_t capacity = tally->capacity ? tally->capacity * 2 : 16;
        struct tally_entry *entries = ARENA_ARRAY(tally->arena, struct tally_entry, capacity);
        for (uint32_t i = 0; i < tally->count; i++)
            entries[i] = tally->entries[i];
        tally->entries = entries;
        tally->capacity = capacity;
    }
    entry.name = arena_str(tally->arena, entry.name);
    map_set(&tally->names, entry.name, tally->count);
    tally->entries[tally->count++] = entry;
}

static int compare_names(const void *a, const void *b)
{
    const struct tally_entry *left = a, *right = b;

    return str_compare(left->name, right->name);
}

void tally_trim(struct tally *tally)
{
    struct tally kept = {.max = tally->max, .beyond = tally->beyond, .owns_arena = true};

    if (tally->count <= tally->max)
        return;
    qsort(tally->entries, tally->count, sizeof(*tally->entries), compare_names);
    kept.arena = arena_new("names", ARENA_BYTES_MAX);
    map_init(&kept.names, kept.arena);
    for (uint32_t i = 0; i < tally->max; i++)
        append(&kept, tally->entries[i]);
    for (uint32_t i = tally->max; i < tally->count; i++)
        kept.beyond += tally->entries[i].count;
    kept.fence = kept.entries[kept.count - 1].name;
    tally_free(tally);
    *tally = kept;
}

/* Without half a character at its end. */
static struct str cut(struct str name)
{
    if (name.len <= NAME_BYTES_MAX)
        return name;
    size_t len = NAME_BYTES_MAX;
    while (len > NAME_BYTES_MAX - 4 && ((uint8_t)name.at[len] & 0xc0) == 0x80)
        len--;
    return str_slice(name, 0, len);
}

struct tally_entry *tally_at(struct tally *tally, struct str name)
{
    name = cut(name);
    uint32_t index = map_find(&tally->names, name);

    if (index == MAP_NONE) {
        if (tally->fence.at && str_compare(name, tally->fence) > 0)
            return NULL;
        if (tally->count == 2 * tally->max) {
            tally_trim(tally);
            return tally_at(tally, name); /* whose place may be gone */
        }
        index = tally->count;
        append(tally, (struct tally_entry){.name = name});
    }
    tally->last = index;
    return &tally->entries[index];
}

static int compare_counts(const void *a, const void *b)
{
    const struct report_count *left = a, *right = b;

    if (left->level != right->level)
        return left->level < right->level ? 1 : -1;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    int order = str_compare(left->name, right->name);
    return order ? order : str_compare(left->id, right->id);
}

struct report_counts tally_report(struct tally *tally, uint32_t listed_max, struct arena *arena)
{
    struct report_counts report = {0};

    tally_trim(tally);
    report.at = ARENA_ARRAY(arena, struct report_count, tally->count);
    for (uint32_t i = 0; i < tally->count; i++) {
        const struct tally_entry *entry = &tally->entries[i];
        if (entry->count > 0)
            report.at[report.count++] = (struct report_count){entry->name, entry->id, entry->level,
                                                              entry->count, entry->example};
    }
    if (report.count > 1)
        qsort(report.at, (size_t)report.count, sizeof(*report.at), compare_counts);
    report.listed = report.count < listed_max ? (uint32_t)report.count : listed_max;
    if (tally->beyond > 0)
        report.count++; /* at least one more */
    return report;
}
