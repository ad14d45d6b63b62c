/* worker_indicators.c - an event's indicators as sightings. */
#include "codec/utf.h"
#include "engine/worker_priv.h"

#define VALUE_BYTES_MAX (64u << 10) /* the whole value stands in the event */
#define WHERE_BYTES_MAX 200u

static void fill(struct worker_thread *t, const struct indicator_hit *hit,
                 struct sighting *sighting)
{
    struct arena *arena = t->match_arena;
    struct matched_field *field = ARENA_NEW(arena, struct matched_field);
    struct indicator indicator;
    bool expired;

    indicator_set_describe(t->worker->job->indicators, hit->index, arena, &indicator);
    indicator_set_level(t->worker->job->indicators, hit->index, sighting->has_time,
                        sighting->time_ns, &expired);
    *field = indicator_matcher_field(t->indicators, hit, sighting->event, arena);
    field->value.text = utf8_cut(field->value.text, VALUE_BYTES_MAX);
    struct str place = field->name.len ? field->name : STR("the event");
    struct str where = utf8_cut(hit->where, WHERE_BYTES_MAX);
    struct str kind = indicator_kind_name(indicator.kind);
    sighting->kind = SIGHTING_INDICATOR;
    sighting->rule_key = hit->index;
    sighting->rule_id = indicator.id;
    sighting->matched = field;
    sighting->matched_count = 1;
    sighting->why = arena_printf(arena, "%.*s holds '%.*s', which is the %.*s %.*s%s",
                                 STR_ARG(place), STR_ARG(where), STR_ARG(kind),
                                 STR_ARG(utf8_cut(indicator.text, WHERE_BYTES_MAX)),
                                 expired ? "; the indicator expired before" : "");
}

static bool is_wanted(const struct worker_thread *t, uint32_t index)
{
    const struct event *event = t->event;
    bool expired;

    return indicator_set_level(t->worker->job->indicators, index, event->has_time, event->time_ns,
                               &expired) >= t->worker->job->min_level;
}

void worker_look_for_indicators(struct worker_thread *t, const struct format *format)
{
    const struct indicator_hit *hits;
    struct sightings sightings = {.count = 0};
    bool more, rendered = false;
    uint32_t count = indicator_matcher_run(t->indicators, t->event, &hits, &more);

    if (count == 0)
        return;
    arena_reset(t->match_arena);
    sightings.at = ARENA_ARRAY(t->match_arena, struct sighting, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!is_wanted(t, hits[i].index))
            continue;
        if (!rendered)
            worker_render(t, format);
        rendered = true;
        struct sighting *sighting = &sightings.at[sightings.count++];
        *sighting = worker_sighting(t, format);
        fill(t, &hits[i], sighting);
    }
    if (sightings.count == 0)
        return;
    if (more)
        sightings.at[sightings.count - 1].why =
            arena_printf(t->match_arena,
                         "%.*s; the event holds further indicators, too many to "
                         "tell each",
                         STR_ARG(sightings.at[sightings.count - 1].why));
    worker_add_sightings(t, &sightings);
}
