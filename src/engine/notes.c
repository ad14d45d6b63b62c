/* notes.c - see notes.h. */
#include "engine/notes.h"

#include "core/ensure.h"

#include <stdlib.h>

#define TEXTS_MAX 4096 /* distinct ones; the readers know a few dozen */

void notes_init(struct notes *notes, struct arena *arena, uint32_t max)
{
    *notes = (struct notes){.arena = arena, .max = max};
    map_init(&notes->texts, arena);
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_notes(const void *a, const void *b)
{
    const struct report_note *left = a, *right = b;
    int order = str_compare(left->path, right->path);

    if (order == 0)
        order = compare_u64(left->offset, right->offset);
    if (order == 0)
        order = compare_u64(left->size, right->size);
    if (order == 0)
        order = str_compare(left->text, right->text);
    return order;
}

static struct str keep_text(struct notes *notes, struct str text)
{
    uint32_t index = map_find(&notes->texts, text);

    if (index == MAP_NONE) {
        if (notes->texts.count == TEXTS_MAX)
            return STR("(too many kinds of complaints to repeat them all)");
        index = notes->texts.count;
        map_set(&notes->texts, text, index);
    }
    return notes->texts.entries[index].key;
}

static void sort(struct notes *notes)
{
    if (notes->count > 1)
        qsort(notes->at, notes->count, sizeof(*notes->at), compare_notes);
    if (notes->count > notes->max)
        notes->count = notes->max;
}

void notes_add(struct notes *notes, struct report_note note)
{
    notes->added++;
    if (!notes->at)
        notes->at = ARENA_ARRAY(notes->arena, struct report_note, 2 * (size_t)notes->max);
    if (notes->count == 2 * notes->max)
        sort(notes);
    note.text = keep_text(notes, note.text);
    notes->at[notes->count++] = note;
}

struct report_notes notes_report(struct notes *notes)
{
    sort(notes);
    return (struct report_notes){notes->at, notes->count, notes->added};
}
