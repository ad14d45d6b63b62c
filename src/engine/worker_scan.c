/* worker_scan.c - a script that is, or may be, a web shell, as a sighting. */
#include "codec/utf.h"
#include "engine/worker_priv.h"

/* Of members of archives the parent alone knows it. */
static struct str path_of(const struct worker_thread *t)
{
    const struct evidence *evidence = t->worker->job->evidence;
    const char *path = t->part.file < evidence->count ? evidence->files[t->part.file].path : NULL;

    return path ? str_from(path) : STR_EMPTY;
}

void worker_look_at_script(struct worker_thread *t, const struct format *format)
{
    struct script_verdict verdict;

    const struct known_good *known = t->worker->job->known_good;
    enum known_state state = KNOWN_NOTHING;
    struct str original = STR_EMPTY;

    if (known)
        state = known_good_compare(known, path_of(t), t->event->raw, &original);
    if (state == KNOWN_SAME) {
        t->part.scripts_known++;
        return;
    }
    script_judge_file(t->scripts, t->event->raw, &verdict);
    script_judge_compared(t->scripts, t->event->raw, state, original, &verdict);
    if (!verdict.found || script_subject(verdict.subject).level < t->worker->job->min_level)
        return;
    arena_reset(t->match_arena);
    worker_render(t, format);
    struct sighting sighting = worker_sighting(t, format);
    struct matched_field *field = ARENA_NEW(t->match_arena, struct matched_field);
    *field = (struct matched_field){STR("code"),
                                    value_string(utf8_checked(verdict.code, t->match_arena))};
    sighting.kind = SIGHTING_SCRIPT;
    sighting.rule_key = verdict.subject;
    sighting.rule_id = script_subject(verdict.subject).id;
    sighting.number = verdict.line;
    sighting.time_ns = t->event->time_ns;
    sighting.has_time = t->event->time_ns != 0;
    sighting.matched = field;
    sighting.matched_count = 1;
    sighting.why = utf8_checked(verdict.why, t->match_arena);
    worker_add_sightings(t, &(struct sightings){.at = &sighting, .count = 1});
}
