/* worker_piece.c - one piece of a file: its events, judged or printed, and what was counted. */
#include "core/ensure.h"
#include "core/hash.h"
#include "engine/explain.h"
#include "engine/worker_priv.h"
#include "model/finding.h"
#include "os/output_file.h"

#include <stdlib.h>
#include <string.h>

#define PART_BYTES (8u << 20)      /* of a piece that is longer than pieces should be */
#define MATCHES_BYTES (256u << 10) /* a message of matches is sent when it is so long */
#define OUTPUT_BYTES (256u << 10)
#define HOSTS_MAX 512
#define CHANNELS_MAX 512

/* ---- parts ---- */

static void begin_part(struct worker_thread *t, uint32_t file, uint32_t piece, uint32_t part,
                       uint64_t begin)
{
    arena_reset(t->part_arena);
    t->part = (struct part_message){.file = file, .piece = piece, .part = part, .lost = t->lost};
    t->part_begin = begin;
    tally_free(&t->hosts);
    tally_free(&t->channels);
    tally_init(&t->hosts, t->part_arena, HOSTS_MAX);
    tally_init(&t->channels, t->part_arena, CHANNELS_MAX);
    t->dropped_before = t->event->fields_dropped;
    t->fallbacks_before = t->event->fallbacks_used;
    if (t->matcher) {
        t->gave_up_before = matcher_counts(t->matcher)->gave_up;
        t->unrouted_before = matcher_counts(t->matcher)->unrouted;
    }
}

static void flush_matches(struct worker_thread *t)
{
    if (t->match_count == 0)
        return;
    message_end_matches(&t->matches, t->match_count);
    worker_send(t->worker, &t->matches);
    buf_reset(&t->matches);
    t->match_count = 0;
}

static struct named_counts counts_of(struct tally *tally, struct arena *arena)
{
    tally_trim(tally);
    struct named_counts counts = {
        .at = ARENA_ARRAY(arena, struct named_count, tally->count),
        .count = tally->count,
        .beyond = tally->beyond,
    };

    for (uint32_t i = 0; i < tally->count; i++)
        counts.at[i] =
            (struct named_count){tally->entries[i].name, tally->entries[i].count, UINT64_MAX};
    return counts;
}

static void end_part(struct worker_thread *t, const struct format *format, bool last, uint64_t end)
{
    struct part_message *part = &t->part;
    struct reader *reader = t->readers[format_index(format)];
    struct shape_count shapes[SHAPES_MAX];

    flush_matches(t);
    part->last = last;
    part->end = end;
    part->lines = format->lines ? format->lines(reader) : 0;
    part->hosts = counts_of(&t->hosts, t->part_arena);
    part->channels = counts_of(&t->channels, t->part_arena);
    if (last && format->shapes) { /* they are counted over the whole piece */
        size_t count = format->shapes(reader, shapes);
        part->shapes.at = ARENA_ARRAY(t->part_arena, struct named_count, count);
        part->shapes.count = (uint32_t)count;
        for (size_t i = 0; i < count; i++)
            part->shapes.at[i] = (struct named_count){str_from(shapes[i].name), shapes[i].events,
                                                      shapes[i].example_offset};
    }
    part->fields_dropped = t->event->fields_dropped - t->dropped_before;
    part->fallback_names = t->event->fallbacks_used - t->fallbacks_before;
    if (t->matcher) {
        part->gave_up = matcher_counts(t->matcher)->gave_up - t->gave_up_before;
        part->unrouted = matcher_counts(t->matcher)->unrouted - t->unrouted_before;
    }
    part->observed = t->observer ? observer_tell(t->observer) : STR_EMPTY;
    buf_reset(&t->message);
    message_add_part(&t->message, part);
    worker_send(t->worker, &t->message);
    if (!last)
        begin_part(t, part->file, part->piece, part->part + 1, end);
}

static void count_lost(struct worker_thread *t, const struct damage *damage)
{
    struct part_message *part = &t->part;

    part->lost_count++;
    part->records_lost += damage->records;
    if (part->lost_listed < LOST_LISTED_MAX)
        t->lost[part->lost_listed++] = (struct lost_stretch){str_from(damage->why), damage->offset,
                                                             damage->size, damage->records};
}

/* ---- events ---- */

/* How exporters of lines call a record's id. */
static const struct str id_names[] = {STR_INIT("EventRecordID"), STR_INIT("record_id"),
                                      STR_INIT("RecordNumber")};

static bool has_record_id(const struct event *event)
{
    if (event->record)
        return true;
    for (size_t i = 0; event->windows && i < ARRAY_COUNT(id_names); i++)
        if (str_contains(event->raw, id_names[i]))
            return true;
    return false;
}

/* What the matches of the event at hand have in common. */
struct sighting worker_sighting(struct worker_thread *t, const struct format *format)
{
    const struct event *event = t->event;
    bool is_line = format->lines != NULL;

    return (struct sighting){.time_ns = event->time_ns,
                             .has_time = event->has_time,
                             .path = STR_EMPTY,
                             .format = STR_EMPTY,
                             .is_line = is_line,
                             .number = is_line ? event->line : event->record,
                             .offset = event->offset,
                             .record_hash = has_record_id(event) ? hash_str(event->raw) : 0,
                             .host = event->host,
                             .event = buf_str(&t->json)};
}

void worker_render(struct worker_thread *t, const struct format *format)
{
    buf_reset(&t->json);
    format->render(t->readers[format_index(format)], t->event, &t->json);
    ENSURE(!t->json.full);
}

void worker_add_sightings(struct worker_thread *t, const struct sightings *sightings)
{
    if (t->match_count == 0)
        message_begin_matches(&t->matches, t->part.file, t->part.piece, t->part.part);
    sightings_encode(sightings, &t->matches);
    t->match_count++;
    if (t->matches.len > MATCHES_BYTES)
        flush_matches(t);
}

static void show_viewer(struct worker_thread *t, const struct format *format)
{
    const struct event_viewer *viewer = t->worker->job->viewer;
    bool is_line = format->lines != NULL;

    buf_reset(&t->json);
    buf_add(&t->json, STR("{}"));
    struct sighting sighting = worker_sighting(t, format);
    sighting.rule_id = sighting.why = STR_EMPTY;
    if (viewer->view(viewer->context, t->event, is_line, &sighting))
        worker_add_sightings(t, &(struct sightings){.at = &sighting, .count = 1});
}

static int compare_rules(const void *a, const void *b)
{
    const struct sigma_rule *left = *(const struct sigma_rule *const *)a;
    const struct sigma_rule *right = *(const struct sigma_rule *const *)b;

    return (left->key > right->key) - (left->key < right->key);
}

/* The matches of the event at hand, which is made into JSON once somebody asks. */
struct matches {
    struct worker_thread *thread;
    const struct format *format;
    bool rendered;
};

static void render(struct matches *matches)
{
    struct worker_thread *t = matches->thread;

    if (matches->rendered)
        return;
    worker_render(t, matches->format);
    matches->rendered = true;
}

static const struct str *accounts_of(void *context, uint32_t *count)
{
    struct matches *matches = context;
    struct event_facts *facts = ARENA_NEW(matches->thread->match_arena, struct event_facts);

    render(matches);
    facts->entities.arena = matches->thread->match_arena;
    const struct finding finding = {.fields = buf_str(&matches->thread->json), .facts = facts};
    const struct str_list *accounts = &finding_entities(&finding)[ENTITY_ACCOUNT];
    *count = accounts->count;
    return accounts->at;
}

/* By rule the entry that takes its match, counted from 1; 0: none. True if all are taken. */
static bool find_suppressed(struct matches *matches, const struct sigma_rule *const *rules,
                            uint32_t count, uint32_t *suppressed)
{
    struct worker_thread *t = matches->thread;
    const struct suppressions *all = &t->worker->job->knowledge->suppressions;
    uint32_t taken = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct suppression_case match = {.matcher = t->matcher,
                                               .event = t->event,
                                               .rule = rules[i],
                                               .host = t->event->host,
                                               .accounts = accounts_of,
                                               .context = matches};
        suppressed[i] = suppressions_find(all, &match) + 1;
        taken += suppressed[i] > 0;
    }
    return taken == count;
}

/* Else it is told for correlations alone. */
static bool is_finding(const struct worker_thread *t, const struct sigma_rule *rule)
{
    return rule_reports(rule, false, t->worker->job->min_level);
}

static void add_asked(struct worker_thread *t, const struct sigma_rule *rule,
                      struct sighting *sighting)
{
    sighting->asked_count = rule->asked_count;
    sighting->asked = ARENA_ARRAY(t->match_arena, struct str, rule->asked_count);
    matcher_asked(t->matcher, t->event, rule, sighting->asked);
}

/* The event at hand matched these rules; they are sorted. */
static void tell_matches(struct worker_thread *t, const struct format *format,
                         const struct sigma_rule **rules, uint32_t count)
{
    struct matches matches = {.thread = t, .format = format};
    uint32_t *suppressed = ARENA_ARRAY(t->match_arena, uint32_t, count);

    qsort(rules, count, sizeof(const struct sigma_rule *), compare_rules);
    bool seen = false;
    if (!find_suppressed(&matches, rules, count, suppressed))
        for (uint32_t i = 0; i < count; i++)
            seen |= !suppressed[i] && is_finding(t, rules[i]);
    if (seen) {
        render(&matches);
    } else {
        buf_reset(&t->json);
        buf_add(&t->json, STR("{}"));
    }
    const struct sighting shared = worker_sighting(t, format);
    for (uint32_t done = 0; done < count;) {
        struct arena_mark mark = arena_mark(t->match_arena);
        struct sightings sightings = {.count = count - done};
        if (sightings.count > SIGHTINGS_MAX)
            sightings.count = SIGHTINGS_MAX;
        sightings.at = ARENA_ARRAY(t->match_arena, struct sighting, sightings.count);
        for (uint32_t i = 0; i < sightings.count; i++) {
            struct sighting *sighting = &sightings.at[i];
            *sighting = shared;
            sighting->rule_key = rules[done + i]->key;
            sighting->rule_id = rules[done + i]->id;
            sighting->why = STR_EMPTY;
            sighting->suppressed = suppressed[done + i];
            if (!sighting->suppressed && is_finding(t, rules[done + i]))
                explain_match(t->matcher, t->event, rules[done + i], t->match_arena, sighting);
            if (!sighting->suppressed && rules[done + i]->correlated)
                add_asked(t, rules[done + i], sighting);
        }
        worker_add_sightings(t, &sightings);
        done += sightings.count;
        arena_rewind(t->match_arena, mark);
    }
}

static bool is_judged_script(const struct worker_thread *t)
{
    return t->scripts && str_eq(t->event->format, STR("script"));
}

static void judge(struct worker_thread *t, const struct format *format)
{
    const struct worker_job *job = t->worker->job;
    uint64_t unrouted = matcher_counts(t->matcher)->unrouted;
    const struct sigma_rule *const *hits;
    uint32_t count = matcher_run(t->matcher, t->event, &hits), chosen_count = 0;

    observer_take(t->observer, t->event, matcher_route(t->matcher));

    if (matcher_counts(t->matcher)->unrouted > unrouted && is_judged_script(t)) {
        t->unrouted_before++; /* no rule is about it, and need not be */
    } else if (matcher_counts(t->matcher)->unrouted > unrouted && unrouted == t->unrouted_before) {
        const struct event_field *channel = event_find(t->event, job->knowledge->channel);
        t->part.unrouted_number = format->lines ? t->event->line : t->event->record;
        if (channel)
            t->part.unrouted_example = arena_str(t->part_arena, channel->value.text);
    }
    if (count == 0)
        return;
    arena_reset(t->match_arena);
    const struct sigma_rule **chosen =
        ARENA_ARRAY(t->match_arena, const struct sigma_rule *, count);
    for (uint32_t i = 0; i < count; i++)
        if (hits[i]->level >= job->min_level || hits[i]->correlated)
            chosen[chosen_count++] = hits[i];
    if (chosen_count > 0)
        tell_matches(t, format, chosen, chosen_count);
}

/* False where nobody takes it any more. */
static bool print_flush(struct worker_thread *t)
{
    struct worker *worker = t->worker;

    if (worker->output_failed)
        return false;
    enum err err = descriptor_write(worker->job->output, buf_str(&t->json));
    buf_reset(&t->json);
    if (!err)
        return true;
    worker->output_failed = true;
    buf_reset(&t->message);
    message_add_output(&t->message, err);
    worker_send(worker, &t->message);
    return false;
}

static bool print(struct worker_thread *t, const struct format *format)
{
    format->render(t->readers[format_index(format)], t->event, &t->json);
    buf_add_char(&t->json, '\n');
    return t->json.len < OUTPUT_BYTES || print_flush(t);
}

static bool is_inside_time(const struct worker_job *job, const struct event *event)
{
    return !(job->has_after && event->time_ns < job->after_ns) &&
           !(job->has_before && event->time_ns >= job->before_ns);
}

/* False: go on no further. */
static bool take_event(struct worker_thread *t, const struct format *format)
{
    const struct worker_job *job = t->worker->job;
    const struct event *event = t->event;
    struct part_message *part = &t->part;

    part->events++;
    part->events_zone_assumed += event->zone_assumed;
    if (!event->has_time) {
        part->events_without_time++;
    } else if (!is_inside_time(job, event)) {
        part->events_outside_time++;
        return true;
    } else if (!part->has_span) {
        part->has_span = true;
        part->first_ns = part->last_ns = event->time_ns;
    } else if (event->time_ns < part->first_ns) {
        part->first_ns = event->time_ns;
    } else if (event->time_ns > part->last_ns) {
        part->last_ns = event->time_ns;
    }
    if (event->host.len > 0)
        tally_add(&t->hosts, event->host, 1);
    if (job->viewer) {
        show_viewer(t, format);
        return true;
    }
    if (!t->matcher)
        return print(t, format);
    const struct event_field *channel = event_find(event, job->knowledge->channel);
    if (channel)
        tally_add(&t->channels, channel->value.text, 1);
    judge(t, format);
    if (t->indicators)
        worker_look_for_indicators(t, format);
    if (t->web)
        worker_look_for_attacks(t, format);
    if (is_judged_script(t))
        worker_look_at_script(t, format);
    return true;
}

/* ---- reading ---- */

static void show_window(const struct worker_thread *t, const struct piece *piece,
                        struct window *window)
{
    *window = (struct window){.at = t->blocks.at,
                              .end = t->blocks.at + t->blocks.len,
                              .offset = t->blocks.offset,
                              .piece_end = piece->end,
                              .last = t->blocks.ended};
}

/* False: nothing more can be had; the part says why if it should not be so. */
static bool slide(struct worker_thread *t, const struct piece *piece, struct window *window)
{
    uint64_t wanted = piece->end == UINT64_MAX ? 0 : piece->end;
    bool full;

    if (window->last)
        return false; /* a format asks for more where nothing is: it has nothing more to say */
    size_t used = (size_t)(window->at - t->blocks.at);
    t->part.err = block_reader_slide(&t->blocks, used, wanted, &full);
    if (t->part.err)
        return false;
    show_window(t, piece, window);
    if (!full)
        return true;
    struct damage damage = {"a record is longer than can be held", window->offset,
                            window_left(window), 1};
    count_lost(t, &damage);
    window_advance(window, window_left(window));
    return slide(t, piece, window);
}

/* A file that was longer when it was opened than it is now. */
static void check_end(struct worker_thread *t, const struct piece *piece)
{
    const struct file *file = &piece->file->file;
    uint64_t size = file->facts.size;

    if (t->part.err || t->blocks.stream || !t->blocks.ended)
        return;
    uint64_t expected = piece->end < size ? piece->end : size;
    if (t->blocks.offset + t->blocks.len < expected)
        t->part.err = ERR_CHANGED;
}

static void read_events(struct worker_thread *t, const struct piece *piece, struct window *window)
{
    const struct format *format = piece->file->format;
    struct reader *reader = t->readers[format_index(format)];
    struct damage damage;

    for (;;) {
        enum step step = format->next(reader, window, t->event, &damage);
        if (step == STEP_EVENT) {
            if (!take_event(t, format))
                return;
        } else if (step == STEP_SKIPPED) {
            count_lost(t, &damage);
        } else if (step == STEP_END || !slide(t, piece, window)) {
            return;
        } else if (window->offset - t->part_begin >= PART_BYTES) {
            end_part(t, format, false, window->offset);
        }
    }
}

/* A stream's first bytes can be read only once: they stay in the window. */
static enum file_progress look_at_stream(struct worker_thread *t, struct piece *piece,
                                         enum err *err)
{
    bool full = false;

    *err = ERR_NONE;
    while (!*err && !full && !t->blocks.ended && t->blocks.len < PROBE_BYTES)
        *err = block_reader_slide(&t->blocks, 0, 0, &full);
    if (*err)
        return FILE_UNREADABLE;
    if (t->blocks.len == 0)
        return FILE_EMPTY;
    struct str head = {(const char *)t->blocks.at,
                       t->blocks.len < PROBE_BYTES ? t->blocks.len : PROBE_BYTES};
    piece->file->packing = packing_guess(head);
    if (piece->file->packing != PACKING_NONE)
        return FILE_PACKED;
    piece->file->format = format_guess(head);
    if (!piece->file->format)
        return FILE_UNKNOWN;
    piece->file->carry.changed_ns = piece->file->file.facts.changed_ns;
    if (piece->file->format->look)
        piece->file->format->look(head, &piece->file->carry);
    return FILE_RECOGNISED;
}

void worker_tell_file(struct worker_thread *t, uint32_t file, enum file_progress progress,
                      const struct format *format, enum err err)
{
    buf_reset(&t->message);
    message_add_file(&t->message,
                     &(struct file_message){.file = file,
                                            .progress = progress,
                                            .format = format ? format_index(format) : 0,
                                            .err = err});
    worker_send(t->worker, &t->message);
}

/* False: there is nothing in it that events could be read from as it is. */
static bool recognise_stream(struct worker_thread *t, struct piece *piece)
{
    enum err err;
    enum file_progress progress = look_at_stream(t, piece, &err);

    if (progress == FILE_PACKED)
        worker_unpack(t, piece->file, (struct str){(const char *)t->blocks.at, t->blocks.len});
    else
        worker_tell_file(t, piece->file->index, progress, piece->file->format, err);
    return progress == FILE_RECOGNISED;
}

void worker_read_piece(struct worker_thread *t, struct piece *piece)
{
    struct open_file *file = piece->file;
    struct window window;
    bool full;

    if (file->packing != PACKING_NONE) {
        worker_unpack(t, file, STR_EMPTY);
        return;
    }
    block_reader_start(&t->blocks, &file->file, piece->begin);
    if (!file->format && !recognise_stream(t, piece))
        return;
    const struct format *format = file->format;
    ENSURE(format);
    struct reader **reader = &t->readers[format_index(format)];
    if (!*reader) {
        bool prints = !t->worker->job->knowledge;
        const struct reader_options options = {
            .strict = prints, .want_all = prints, .zone = t->worker->job->zone};
        *reader = format->reader_new(t->worker->job->fields, &options);
    }
    t->event->format = str_from(format->name);
    buf_reset(&t->message);
    message_add_piece(&t->message, &(struct piece_message){file->index, piece->number, piece->begin,
                                                           piece->end, piece->last});
    worker_send(t->worker, &t->message);
    begin_part(t, file->index, piece->number, 0, piece->begin);
    format->reader_begin(*reader, &file->carry, piece->begin);
    if (t->blocks.len == 0)
        t->part.err = block_reader_slide(&t->blocks, 0, piece->end, &full);
    show_window(t, piece, &window);
    if (!t->part.err)
        read_events(t, piece, &window);
    check_end(t, piece);
    if (!t->worker->job->knowledge)
        print_flush(t);
    end_part(t, format, true, window.offset);
}
