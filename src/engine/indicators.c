/* indicators.c - see indicators.h. */
#include "engine/indicators.h"

#include "core/hash.h"
#include "engine/evidence.h"
#include "os/walk.h"

#include <string.h>

#define ARENA_BYTES_MAX ((size_t)1 << 30)
#define NOTES_MAX 100

struct loading {
    struct indicators *indicators;
    const char *named; /* the path of the command line that is being read */
    struct buf bytes;
    enum err err;
    struct why *why;
};

static bool has_wanted_ending(struct str path)
{
    static const struct str endings[] = {
        STR_INIT(".txt"),  STR_INIT(".csv"),   STR_INIT(".tsv"),  STR_INIT(".json"),
        STR_INIT(".stix"), STR_INIT(".stix2"), STR_INIT(".misp"), STR_INIT(".list"),
        STR_INIT(".ioc"),  STR_INIT(".iocs"),
    };

    for (size_t i = 0; i < ARRAY_COUNT(endings); i++)
        if (str_ends_with(path, endings[i]))
            return true;
    return false;
}

static void note(struct loading *loading, const char *path, struct str text)
{
    struct indicators *indicators = loading->indicators;

    notes_add(&indicators->unreadable,
              (struct report_note){.path = path_shown(str_from(path), indicators->arena),
                                   .text = text,
                                   .offset = UINT64_MAX});
}

static struct indicator_file *new_file(struct indicators *indicators)
{
    if (indicators->file_count == indicators->file_capacity) {
        uint32_t capacity = indicators->file_capacity ? 2 * indicators->file_capacity : 16;
        struct indicator_file *files =
            ARENA_ARRAY(indicators->arena, struct indicator_file, capacity);
        for (uint32_t i = 0; i < indicators->file_count; i++)
            files[i] = indicators->files[i];
        indicators->files = files;
        indicators->file_capacity = capacity;
    }
    return &indicators->files[indicators->file_count++];
}

static void take_bytes(struct loading *loading, const char *path, bool named)
{
    struct indicators *indicators = loading->indicators;
    struct indicator_file *file = new_file(indicators);
    const char *problem = "";

    if (indicator_file_read(indicators->set, path_shown(str_from(path), indicators->arena),
                            buf_str(&loading->bytes), file, &problem))
        return;
    indicators->file_count--;
    if (named) {
        loading->err = ERR_UNKNOWN_FORMAT;
        why_set(loading->why, "cannot use the indicators in %s: %s", path, problem);
    } else {
        note(loading, path, str_from(problem));
    }
}

static void take_file(void *context, const char *path, const struct file_facts *facts)
{
    struct loading *loading = context;
    bool named = strcmp(path, loading->named) == 0;
    (void)facts;

    if (loading->err || (!named && !has_wanted_ending(str_from(path))))
        return;
    buf_init(&loading->bytes, INDICATOR_FILE_BYTES_MAX + 1);
    enum err err = file_read_whole(path, INDICATOR_FILE_BYTES_MAX, &loading->bytes);
    if (err && named) {
        loading->err = err;
        why_set(loading->why, "cannot read the indicators in %s: %s", path, err_text(err));
    } else if (err) {
        note(loading, path, str_from(err_text(err)));
    } else {
        take_bytes(loading, path, named);
    }
    buf_free(&loading->bytes);
}

static void take_problem(void *context, const char *path, enum walk_problem problem, enum err err)
{
    if (problem == WALK_UNREADABLE)
        note(context, path, str_from(err_text(err)));
    else if (problem == WALK_BROKEN_LINK)
        note(context, path, str_from(err_text(ERR_NOT_FOUND)));
}

static void take_own(struct indicators *indicators, const struct own_indicators *own)
{
    struct indicator_file *file = new_file(indicators);
    const char *problem;

    if (!indicator_file_read(indicators->set, own->shown, own->bytes, file, &problem))
        indicators->file_count--; /* a page without indicators */
}

enum err indicators_load(struct indicators *indicators, const struct path_list *paths,
                         const struct own_indicators *own, struct why *why)
{
    struct loading loading = {.indicators = indicators, .why = why};
    const struct walk_visitor visitor = {&loading, take_file, take_problem};
    struct walk walk;

    *indicators = (struct indicators){0};
    if (paths->count == 0 && own->bytes.len == 0)
        return ERR_NONE;
    indicators->arena = arena_new("files of indicators", ARENA_BYTES_MAX);
    indicators->set = indicator_set_new();
    notes_init(&indicators->unreadable, indicators->arena, NOTES_MAX);
    walk_init(&walk, indicators->arena, true);
    for (size_t i = 0; i < paths->count && !loading.err; i++) {
        loading.named = paths->at[i];
        enum err err = walk_from(&walk, paths->at[i], &visitor);
        if (err) {
            why_set(why, "cannot read the indicators in %s: %s", paths->at[i], err_text(err));
            return err;
        }
    }
    if (!loading.err && own->bytes.len > 0)
        take_own(indicators, own);
    if (!loading.err)
        indicator_set_compile(indicators->set, hash_str(STR("indicators")));
    return loading.err;
}

void indicators_free(struct indicators *indicators)
{
    indicator_set_free(indicators->set);
    if (indicators->arena)
        arena_free(indicators->arena);
    *indicators = (struct indicators){0};
}

static void add_remarks(const struct indicator_file *file, struct notes *refused,
                        struct notes *doubts, struct arena *arena)
{
    for (uint32_t i = 0; i < file->remark_count; i++) {
        const struct indicator_remark *remark = &file->remarks[i];
        struct str text = arena_printf(arena, "%.*s: %llu, such as %.*s", STR_ARG(remark->reason),
                                       (unsigned long long)remark->count, STR_ARG(remark->example));
        struct report_note entry = {
            .path = file->shown, .text = text, .offset = UINT64_MAX, .records = remark->count};
        notes_add(remark->kind == INDICATOR_DOUBTED ? doubts : refused, entry);
    }
}

void indicators_report(struct indicators *indicators, struct report_indicators *report,
                       struct arena *arena)
{
    struct notes refused, doubts;

    *report = (struct report_indicators){.given = indicators->set != NULL};
    if (!report->given)
        return;
    notes_init(&refused, arena, NOTES_MAX);
    notes_init(&doubts, arena, NOTES_MAX);
    report->loaded = indicator_set_count(indicators->set);
    report->duplicates = indicator_set_duplicates(indicators->set);
    report->files = ARENA_ARRAY(arena, struct report_indicator_file, indicators->file_count);
    report->file_count = indicators->file_count;
    for (uint32_t i = 0; i < indicators->file_count; i++) {
        const struct indicator_file *file = &indicators->files[i];
        report->unusable += file->unusable;
        report->ignored += file->ignored;
        report->doubted += file->doubted;
        report->files[i] = (struct report_indicator_file){file->shown, file->form, file->used,
                                                          file->unusable, file->ignored};
        add_remarks(file, &refused, &doubts, arena);
    }
    for (uint32_t i = 0; i < indicators->unreadable.count; i++)
        notes_add(&refused, indicators->unreadable.at[i]);
    report->refused = notes_report(&refused);
    report->doubts = notes_report(&doubts);
}
