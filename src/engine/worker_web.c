/* worker_web.c - attacks in an event that is a request, as sightings. */
#include "codec/utf.h"
#include "engine/worker_priv.h"

#define VALUE_BYTES_MAX (64u << 10) /* the whole value stands in the event */
#define WHERE_BYTES_MAX 200u

static void fill(struct worker_thread *t, const struct web_sign *sign, struct sighting *sighting)
{
    struct arena *arena = t->match_arena;
    struct matched_field *field = ARENA_NEW(arena, struct matched_field);

    *field =
        (struct matched_field){sign->field, {utf8_cut(sign->value, VALUE_BYTES_MAX), VALUE_STRING}};
    sighting->kind = SIGHTING_WEB;
    sighting->rule_key = sign->subject;
    sighting->rule_id = web_subject(sign->subject).id;
    sighting->matched = field;
    sighting->matched_count = 1;
    sighting->why =
        arena_printf(arena, "%.*s holds %s: %.*s", STR_ARG(request_part_name(sign->attack.part)),
                     sign->attack.reason, STR_ARG(utf8_cut(sign->attack.text, WHERE_BYTES_MAX)));
}

void worker_look_for_attacks(struct worker_thread *t, const struct format *format)
{
    struct web_sign signs[ATTACK_CLASSES];
    struct sightings sightings = {.count = 0};
    uint32_t count = web_judge_event(t->web, t->event, signs);

    if (count == 0)
        return;
    arena_reset(t->match_arena);
    sightings.at = ARENA_ARRAY(t->match_arena, struct sighting, count);
    for (uint32_t i = 0; i < count; i++) {
        if (web_subject(signs[i].subject).level < t->worker->job->min_level)
            continue;
        if (sightings.count == 0)
            worker_render(t, format);
        struct sighting *sighting = &sightings.at[sightings.count++];
        *sighting = worker_sighting(t, format);
        fill(t, &signs[i], sighting);
    }
    if (sightings.count > 0)
        worker_add_sightings(t, &sightings);
}
