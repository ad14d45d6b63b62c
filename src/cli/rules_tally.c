/* rules_tally.c - see rules_tally.h. */
#include "cli/rules_tally.h"

#include <stdlib.h>
#include <string.h>

static bool is_mapped(const struct taxonomy *taxonomy, const struct log_source *source)
{
    for (uint32_t i = 0; i < taxonomy->count; i++)
        if (taxonomy_serves(&taxonomy->entries[i], source))
            return true;
    return false;
}

const char *rules_state(const struct knowledge *knowledge, const struct sigma_rule *rule)
{
    if (rule->state == RULE_REFUSED)
        return "refused";
    if (rule->state == RULE_INERT)
        return "inert";
    return is_mapped(&knowledge->taxonomy, &rule->source) ? "loaded" : "unmapped";
}

struct str rules_source(struct arena *arena, const struct log_source *source)
{
    const struct str parts[] = {source->category, source->product, source->service};
    struct str joined = STR_EMPTY;

    for (size_t i = 0; i < ARRAY_COUNT(parts); i++)
        if (parts[i].len > 0)
            joined = arena_printf(arena, "%.*s%s%.*s", STR_ARG(joined), joined.len ? "/" : "",
                                  STR_ARG(parts[i]));
    return joined.len > 0 ? joined : STR("(none)");
}

void tally_rows_init(struct tally_rows *rows, struct arena *arena)
{
    *rows = (struct tally_rows){.arena = arena};
    map_init(&rows->names, arena);
}

struct tally_row *tally_rows_add(struct tally_rows *rows, struct str name)
{
    uint32_t index = map_find(&rows->names, name);

    if (index == MAP_NONE) {
        if (rows->count == rows->max) {
            uint32_t max = rows->max ? rows->max * 2 : 64;
            struct tally_row *grown = ARENA_ARRAY(rows->arena, struct tally_row, max);
            for (uint32_t i = 0; i < rows->count; i++)
                grown[i] = rows->at[i];
            rows->at = grown;
            rows->max = max;
        }
        index = rows->count++;
        rows->at[index] = (struct tally_row){.name = name};
        map_set(&rows->names, name, index);
    }
    rows->at[index].count++;
    return &rows->at[index];
}

void tally_rows_add_rule(struct tally_rows *rows, struct str name,
                         const struct knowledge *knowledge, const struct sigma_rule *rule)
{
    struct tally_row *row = tally_rows_add(rows, name);

    if (strcmp(rules_state(knowledge, rule), "loaded") == 0)
        row->levels[rule->level]++;
    else
        row->idle++;
}

static int by_name(const void *a, const void *b)
{
    return str_compare(((const struct tally_row *)a)->name, ((const struct tally_row *)b)->name);
}

static int by_count(const void *a, const void *b)
{
    const struct tally_row *one = a, *other = b;

    if (one->count != other->count)
        return one->count < other->count ? 1 : -1;
    return by_name(a, b);
}

void tally_rows_sort(struct tally_rows *rows, bool count_first)
{
    if (rows->count > 0)
        qsort(rows->at, rows->count, sizeof(*rows->at), count_first ? by_count : by_name);
}
