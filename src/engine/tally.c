/* tally.c - see tally.h. */
#include "engine/tally.h"

#include "core/ensure.h"

#include <stdlib.h>

void tally_init(struct tally *tally, struct arena *arena, uint32_t max)
{
    *tally = (struct tally){.arena = arena, .max = max};
    map_init(&tally->names, arena);
}

struct tally_entry *tally_at(struct tally *tally, struct str name)
{
    uint32_t index = map_find(&tally->names, name);

    if (index == MAP_NONE) {
        if (tally->count == tally->max)
            return NULL;
        if (tally->count == tally->capacity) {
            uint32_t capacity = tally->capacity ? tally->capacity * 2 : 16;
            struct tally_entry *entries = ARENA_ARRAY(tally->arena, struct tally_entry, capacity);
            for (uint32_t i = 0; i < tally->count; i++)
                entries[i] = tally->entries[i];
            tally->entries = entries;
            tally->capacity = capacity;
        }
        index = tally->count++;
        tally->entries[index] = (struct tally_entry){.name = arena_str(tally->arena, name)};
        map_set(&tally->names, tally->entries[index].name, index);
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

struct report_counts tally_report(const struct tally *tally, uint32_t listed_max,
                                  struct arena *arena)
{
    struct report_counts report = {.at = ARENA_ARRAY(arena, struct report_count, tally->count)};

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
