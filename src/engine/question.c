/* question.c - see question.h. */
#include "engine/question.h"

#include "core/ensure.h"
#include "core/hash.h"
#include "engine/complain.h"
#include "engine/duplicates.h"
#include "engine/reading.h"
#include "engine/zone.h"
#include "os/random.h"
#include "os/signals.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MAX ((size_t)1 << 30)
#define PAGE_BYTES_MAX ((size_t)1 << 20)
#define JSON_BYTES_MAX ((size_t)64 << 20)
#define SPOOL_BYTES ((size_t)128 << 20)
#define TOLD_MAX 2u /* of those that fire, and of those that do not */

/* ---- places ---- */

static bool is_there(const char *path)
{
    struct file_facts facts;

    return strcmp(path, "-") == 0 || file_look(path, true, &facts) == ERR_NONE;
}

/* The file that holds a member: what stands before the first '!' behind which it still is one. */
static const char *archive_of(struct str path, struct arena *arena)
{
    for (size_t i = 0; i < path.len; i++) {
        if (path.at[i] != '!')
            continue;
        const char *before = arena_str(arena, str_slice(path, 0, i)).at;
        if (is_there(before))
            return before;
    }
    return NULL;
}

struct event_place event_place_of(const char *text, struct arena *arena)
{
    struct event_place place = {.path = text, .member = STR_EMPTY};
    struct str path = str_from(text);
    size_t colon = path.len;

    place.shown = path_shown(path, arena);
    if (is_there(text))
        return place;
    while (colon > 0 && path.at[colon - 1] != ':')
        colon--;
    if (colon > 1 && str_to_u64(str_slice(path, colon, path.len), UINT64_MAX, &place.number)) {
        path = str_slice(path, 0, colon - 1);
        place.has_number = true;
        place.path = arena_str(arena, path).at;
        place.shown = path_shown(path, arena);
    }
    if (is_there(place.path))
        return place;
    const char *archive = archive_of(path, arena);
    if (archive) {
        place.path = archive;
        place.member = place.shown;
    }
    return place;
}

/* ---- asking ---- */

struct asker {
    const struct knowledge *knowledge;
    struct judge *judge;
    struct matcher *matcher; /* NULL: there is no plan */
};

struct asker *asker_new(const struct knowledge *knowledge)
{
    struct asker *asker = calloc(1, sizeof(*asker));

    ENSURE(asker);
    asker->knowledge = knowledge;
    asker->judge = judge_new(&knowledge->taxonomy);
    if (knowledge->plan)
        asker->matcher = matcher_new(knowledge->plan);
    return asker;
}

void asker_free(struct asker *asker)
{
    if (!asker)
        return;
    judge_free(asker->judge);
    matcher_free(asker->matcher);
    free(asker);
}

static bool matcher_says(struct matcher *matcher, const struct sigma_rule *rule,
                         struct event *event)
{
    const struct sigma_rule *const *hits;
    uint32_t count = matcher_run(matcher, event, &hits);

    for (uint32_t i = 0; i < count; i++)
        if (hits[i] == rule)
            return true;
    return false;
}

struct asker_answer asker_ask(struct asker *asker, const struct sigma_rule *rule,
                              struct event *event, const struct reasons_place *place,
                              enum answer_form form, struct arena *arena)
{
    struct asker_answer verdict = {0};
    struct buf out;

    judge_begin(asker->judge, event);
    const struct reasons *reasons =
        reasons_of(asker->judge, &asker->knowledge->taxonomy, rule, arena);
    verdict.fires = reasons->fires;
    if (asker->matcher) {
        verdict.fires = matcher_says(asker->matcher, rule, event);
        verdict.disagreed = verdict.fires != reasons->fires;
    }
    buf_init(&out, form == ANSWER_JSON ? JSON_BYTES_MAX : PAGE_BYTES_MAX);
    if (form == ANSWER_PAGE)
        reasons_page(reasons, event, place, &out);
    else if (form == ANSWER_JSON)
        reasons_json(reasons, place, &out);
    else
        reasons_sentence(reasons, &out);
    if (out.full && form == ANSWER_JSON) {
        buf_reset(&out);
        buf_printf(&out, "{\"fires\":%s,\"why\":\"the tree is too large to be told\"}",
                   verdict.fires ? "true" : "false");
    }
    verdict.text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return verdict;
}

/* ---- in the process that reads ---- */

struct viewing {
    const struct question *question;
    struct asker *asker; /* made when the first event comes, and gone with the process */
    struct arena *arena; /* likewise; of one event */
    uint64_t seen, fired;
};

static void tell_flag(struct matched_field *field, const char *name, bool value)
{
    *field =
        (struct matched_field){str_from(name), {value ? STR("true") : STR("false"), VALUE_BOOLEAN}};
}

static bool view(void *context, struct event *event, bool is_line, struct sighting *sighting)
{
    struct viewing *viewing = context;
    const struct question *question = viewing->question;
    const struct event_place *place = &question->place;
    uint64_t number = is_line ? event->line : event->record;

    if (place->has_number && number != place->number)
        return false;
    viewing->seen++;
    if (!question->every && !place->has_number && viewing->seen > TOLD_MAX)
        return false;
    if (!viewing->asker) {
        viewing->asker = asker_new(question->knowledge);
        viewing->arena = arena_new("answer", ARENA_BYTES_MAX);
    }
    arena_reset(viewing->arena);
    const struct reasons_place shown = {place->shown, is_line, number};
    struct asker_answer verdict =
        asker_ask(viewing->asker, question->rule, event, &shown, question->form, viewing->arena);
    viewing->fired += verdict.fires;
    if (question->every && !verdict.fires && viewing->seen > 1 && !verdict.disagreed)
        return false;
    sighting->rule_key = question->rule->key;
    sighting->matched = ARENA_ARRAY(viewing->arena, struct matched_field, 2);
    sighting->matched_count = 2;
    tell_flag(&sighting->matched[0], "fires", verdict.fires);
    tell_flag(&sighting->matched[1], "disagreed", verdict.disagreed);
    sighting->why = question->form == ANSWER_JSON ? STR_EMPTY : verdict.text;
    sighting->event = question->form == ANSWER_JSON ? verdict.text : STR("{}");
    return true;
}

/* ---- in the parent ---- */

static bool told_flag(const struct sighting *sighting, uint32_t index)
{
    return sighting->matched_count > index &&
           str_eq(sighting->matched[index].value.text, STR("true"));
}

/* The first event speaks for the place, unless a later one fires and that is what was asked. */
static void take(const struct question *question, const struct sighting *sighting,
                 struct arena *arena, struct answer *answer)
{
    bool fires = told_flag(sighting, 0);
    bool better = answer->events == 0 || (question->every && fires && answer->fires == 0);

    answer->events++;
    answer->fires += fires;
    answer->verdict.disagreed |= told_flag(sighting, 1);
    if (!better)
        return;
    answer->verdict.fires = fires;
    answer->verdict.text =
        arena_str(arena, question->form == ANSWER_JSON ? sighting->event : sighting->why);
    answer->found_in = arena_str(arena, sighting->path);
    answer->is_line = sighting->is_line;
    answer->number = sighting->number;
}

static bool read_back(const struct question *question, const struct ledger *ledger,
                      struct arena *arena, struct answer *answer)
{
    struct arena *scratch = arena_new("answer", ARENA_BYTES_MAX);
    struct duplicates duplicates;
    struct sightings told;
    struct spool_key key;
    struct str entry;
    enum err err = spool_sort(ledger->spool);

    duplicates_begin(&duplicates);
    while (!err && spool_next(ledger->spool, &key, &entry)) {
        arena_reset(scratch);
        ENSURE(ledger_decode(ledger, &key, entry, scratch, &told));
        const struct sighting *sighting = &told.at[0];
        bool other =
            question->place.member.len > 0 && !str_eq(question->place.member, sighting->path);
        if (!other && !duplicates_holds(&duplicates, sighting)) /* as in a hunt */
            take(question, sighting, arena, answer);
    }
    duplicates_end(&duplicates);
    if (!err)
        err = spool_err(ledger->spool);
    if (!err)
        err = ledger->spool_err;
    if (err)
        complain("cannot keep answers in /tmp: %s", err_text(err));
    arena_free(scratch);
    return !err;
}

static void complain_about_evidence(struct evidence *evidence, struct ledger *ledger)
{
    complain_about("cannot read", &evidence->unreadable, "");
    complain_about("left out", &evidence->not_followed, "");
    complain_about("cannot read", &ledger->unreadable, "");
    complain_about("left out", &ledger->unknown_format, "its format is not known");
    complain_about("left out", &ledger->empty, "it is empty");
    complain_about("lost something in", &ledger->damaged, "");
}

static enum question_end read_evidence(const struct question *question,
                                       const struct time_zone *zone, struct arena *arena,
                                       struct answer *answer)
{
    const char *paths[] = {question->place.path};
    struct viewing viewing = {.question = question};
    const struct event_viewer viewer = {&viewing, view};
    struct evidence evidence;
    struct ledger ledger;
    struct spool *spool = spool_new(SPOOL_BYTES, "/tmp");

    evidence_list(&evidence, paths, 1);
    ledger_init(&ledger, &evidence, question->knowledge, spool);
    spool_order(spool, ledger_compare_files, &ledger);
    struct worker_job job = {.evidence = &evidence,
                             .fields = &question->knowledge->fields,
                             .knowledge = question->knowledge,
                             .viewer = &viewer,
                             .threads = 1,
                             .sandbox = question->sandbox,
                             .zone = zone};
    enum reading_end end = reading_run(&ledger, &job, PROGRESS_NEVER, false);
    complain_about_evidence(&evidence, &ledger);
    answer->readable = !ledger_is_unreadable(&ledger);
    bool good = end == READING_DONE && read_back(question, &ledger, arena, answer);
    ledger_free(&ledger);
    spool_free(spool);
    evidence_free(&evidence);
    if (end == READING_INTERRUPTED)
        return QUESTION_INTERRUPTED;
    return good ? QUESTION_ANSWERED : QUESTION_FAILED;
}

enum question_end question_ask(const struct question *question, struct arena *arena,
                               struct answer *answer)
{
    struct time_zone zone;
    struct why why;

    *answer = (struct answer){.found_in = STR_EMPTY};
    if (zone_load(question->zone_name, arena, &zone, &why)) {
        complain("%s", why.text);
        return QUESTION_FAILED;
    }
    return read_evidence(question, &zone, arena, answer);
}
