/* format.c - the table of formats, built from formats.def. */
#include "formats/format.h"

#define FORMAT(name) extern const struct format format_##name;
#include "formats/formats.def"
#undef FORMAT

static const struct format *const table[] = {
#define FORMAT(name) &format_##name,
#include "formats/formats.def"
#undef FORMAT
};

const struct format *format_by_name(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(table); i++)
        if (str_eq(name, str_from(table[i]->name)))
            return table[i];
    return NULL;
}

const struct format *format_guess(struct str head)
{
    const struct format *best = NULL;
    int best_sure = 0;

    for (size_t i = 0; i < ARRAY_COUNT(table); i++) {
        int sure = table[i]->probe(head);
        if (sure > best_sure) {
            best = table[i];
            best_sure = sure;
        }
    }
    return best;
}

void format_local_time(struct event *event, const struct time_zone *zone, int64_t local_ns)
{
    event->zone_assumed = true;
    event->time_ns = local_ns;
    event->has_time = !zone || time_zone_to_utc(zone, local_ns, &event->time_ns);
}

const struct format *const *format_all(size_t *count)
{
    *count = ARRAY_COUNT(table);
    return table;
}
