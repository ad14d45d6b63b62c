/* run_vectors.c - every vector of this folder through the plan and through the naive evaluator.
 *
 * Arguments choose rows: `run_vectors S1 M8`. Prints a line for each failure, then what each row
 * came to, then `N passed, N failed, N skipped`. */
#include "core/ensure.h"
#include "model/level.h"
#include "rules/pipeline.h"
#include "vectors/taxonomy_files.h"
#include "vectors/timed.h"
#include "vectors/trial.h"
#include "vectors/vector_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)1 << 30)

/* Every event, under its own names. */
static const char test_entry[] = "- {category: test, when: {}}";

static struct arena *taxonomy_arena;
static struct taxonomy taxonomy;

/* ---- loading ---- */

static const char *state_name(enum rule_state state)
{
    static const char *const names[] = {
        [RULE_LOADED] = "loaded", [RULE_INERT] = "inert", [RULE_REFUSED] = "refused"};

    return names[state];
}

static bool is_rule_of(const struct vector *vector, const struct sigma_rule *rule)
{
    return vector->by.len == 0 || str_eq(rule->title, vector->by);
}

static void check_state(struct trial *trial, const struct vector *vector, uint32_t index)
{
    const struct sigma_rule *rule = trial->set.rules[index];
    uint32_t last = vector->state_count - 1;
    enum rule_state expected = vector->states[index < last ? index : last];

    if (rule->state != expected)
        trial_fail(trial, "rule %u is %s (%.*s), not %s", index + 1, state_name(rule->state),
                   STR_ARG(rule->reason), state_name(expected));
    if (rule->state == RULE_LOADED)
        return;
    if (rule->reason.len == 0)
        trial_fail(trial, "rule %u is %s without a reason", index + 1, state_name(rule->state));
    else if (!str_contains(rule->reason, vector->reason))
        trial_fail(trial, "the reason is \"%.*s\"", STR_ARG(rule->reason));
}

static void check_filters(struct trial *trial, const struct vector *vector)
{
    int64_t narrowed = 0;

    for (uint32_t i = 0; i < trial->set.filter_count; i++) {
        const struct sigma_rule *head = trial->set.filters[i]->head;

        narrowed += trial->set.filters[i]->changed;
        if (head->state != vector->filter_state)
            trial_fail(trial, "filter %u is %s (%.*s), not %s", i + 1, state_name(head->state),
                       STR_ARG(head->reason), state_name(vector->filter_state));
        else if (head->state != RULE_LOADED && !str_contains(head->reason, vector->filter_reason))
            trial_fail(trial, "the filter's reason is \"%.*s\"", STR_ARG(head->reason));
    }
    if (vector->filters.len && trial->set.filter_count == 0)
        trial_fail(trial, "there is no filter");
    if (vector->narrowed >= 0 && vector->narrowed != narrowed)
        trial_fail(trial, "filters narrowed %lld rules", (long long)narrowed);
}

/* The rules, and behind them the filters. */
static const struct sigma_rule *document(const struct trial *trial, uint32_t index)
{
    return index < trial->set.count ? trial->set.rules[index]
                                    : trial->set.filters[index - trial->set.count]->head;
}

static void check_notes(struct trial *trial, const struct vector *vector)
{
    uint32_t count = trial->set.count + trial->set.filter_count;
    bool found = false;

    for (uint32_t i = 0; i < count; i++) {
        const struct sigma_rule *rule = document(trial, i);

        for (uint32_t note = 0; note < rule->note_count; note++) {
            found |= str_contains(rule->notes[note].text, vector->note);
            if (vector->quiet)
                trial_fail(trial, "there is a note: %.*s", STR_ARG(rule->notes[note].text));
        }
    }
    if (!vector->has_note || found)
        return;
    trial_fail(trial, "no note says \"%.*s\"", STR_ARG(vector->note));
    for (uint32_t i = 0; i < count; i++) {
        const struct sigma_rule *rule = document(trial, i);

        for (uint32_t note = 0; note < rule->note_count; note++)
            printf("#   %.*s\n", STR_ARG(rule->notes[note].text));
    }
}

static void check_head(struct trial *trial, const struct vector *vector,
                       const struct sigma_rule *rule)
{
    enum level level;

    if (vector->id.len && !str_eq(rule->id, vector->id))
        trial_fail(trial, "the id is \"%.*s\"", STR_ARG(rule->id));
    if (vector->level.len && (!level_parse(vector->level, &level) || rule->level != level))
        trial_fail(trial, "the level is %.*s", STR_ARG(level_name(rule->level)));
    for (uint32_t i = 0; i < vector->technique_count; i++) {
        if (i >= rule->technique_count || !str_eq(rule->techniques[i], vector->techniques[i]))
            trial_fail(trial, "technique %u is not %.*s", i + 1, STR_ARG(vector->techniques[i]));
    }
}

static void check_load(struct trial *trial, const struct vector *vector)
{
    for (uint32_t i = 0; i < trial->set.count; i++) {
        check_state(trial, vector, i);
        check_head(trial, vector, trial->set.rules[i]);
    }
    check_filters(trial, vector);
    check_notes(trial, vector);
    if (vector->rules >= 0 && trial->set.count != vector->rules)
        trial_fail(trial, "there are %u rules", trial->set.count);
    if (vector->rules < 0 && trial->set.count == 0)
        trial_fail(trial, "there is no rule");
    if (vector->not_sigma >= 0 && trial->set.not_sigma != vector->not_sigma)
        trial_fail(trial, "%u documents are no Sigma documents", trial->set.not_sigma);
}

/* ---- one vector ---- */

static void check_event(struct trial *trial, const struct vector *vector, struct str text,
                        bool expected)
{
    bool by_plan = false, by_naive = false;

    if (!trial_event(trial, text, vector->format))
        return;
    for (uint32_t i = 0; i < trial->set.count; i++) {
        const struct sigma_rule *rule = trial->set.rules[i];

        if (!is_rule_of(vector, rule))
            continue;
        by_naive |= trial_by_naive(trial, rule);
        by_plan |= trial_by_plan(trial, rule);
    }
    trial_expect(trial, by_plan, by_naive, expected, text);
}

static struct pipelines *load_pipelines(struct trial *trial, const struct vector *vector)
{
    struct pipelines *all = vector->pipeline_count ? pipelines_new(trial->arena) : NULL;
    bool refused = false;
    struct why why;

    for (uint32_t i = 0; i < vector->pipeline_count; i++) {
        if (pipelines_add(all, STR("pipeline.yml"), vector->pipelines[i], &why) == ERR_NONE)
            continue;
        refused = true;
        if (!str_contains(str_from(why.text), vector->pipeline_reason) ||
            vector->pipeline_reason.len == 0)
            trial_fail(trial, "%s", why.text);
    }
    if (vector->pipeline_reason.len && !refused)
        trial_fail(trial, "no pipeline is refused");
    return all;
}

static void load(struct trial *trial, const struct vector *vector)
{
    struct placeholders *lists = placeholders_new(trial->arena);
    struct why why;

    trial->set.pipelines = load_pipelines(trial, vector);
    if (vector->placeholders.len && placeholders_add(lists, vector->placeholders, &why))
        trial_fail(trial, "placeholders: %s", why.text);
    rule_set_add(&trial->set, STR("vector.yml"), vector->rule, lists);
    for (uint32_t i = 0; i < vector->file_count; i++)
        rule_set_add(&trial->set, STR("further.yml"), vector->files[i], lists);
    if (vector->filters.len)
        rule_set_add_filters(&trial->set, STR("filters.yml"), vector->filters, lists);
    rule_set_finish(&trial->set);
    pipelines_free(trial->set.pipelines);
    trial->set.pipelines = NULL;
}

static bool run(struct str row, const struct vector *vector)
{
    struct trial trial;

    trial_begin(&trial, &taxonomy);
    snprintf(trial.label, sizeof(trial.label), "%.*s: %.*s", STR_ARG(row), STR_ARG(vector->name));
    load(&trial, vector);
    if (vector->format.len)
        trial.format = format_by_name(vector->format);
    ENSURE(trial.format);
    trial_build(&trial);
    check_load(&trial, vector);
    for (uint32_t i = 0; i < vector->match_count; i++)
        check_event(&trial, vector, vector->match[i], true);
    for (uint32_t i = 0; i < vector->no_match_count; i++)
        check_event(&trial, vector, vector->no_match[i], false);
    if (vector->event_count)
        timed_check(&trial, vector);
    trial_end(&trial);
    return !trial.failed;
}

/* ---- all files ---- */

static void load_taxonomy(void)
{
    struct why why;

    taxonomy_arena = arena_new("taxonomy", ARENA_BYTES);
    taxonomy_init(&taxonomy, taxonomy_arena);
    ENSURE(taxonomy_add(&taxonomy, STR("test"), str_from(test_entry), &why) == ERR_NONE);
    taxonomy_files_add(&taxonomy);
}

static bool is_chosen(struct str row, int argc, char **argv)
{
    bool chosen = argc < 2;

    for (int i = 1; i < argc; i++)
        chosen |= str_eq(row, str_from(argv[i]));
    return chosen;
}

static int is_vector_file(const struct dirent *entry)
{
    return str_ends_with(str_from(entry->d_name), STR(".yml"));
}

int main(int argc, char **argv)
{
    const char *folder = PROJECT_ROOT "/tests/vectors";
    struct dirent **files;
    int count = scandir(folder, &files, is_vector_file, versionsort);
    unsigned passed = 0, failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    ENSURE(count > 0);
    load_taxonomy();
    for (int i = 0; i < count; i++) {
        struct arena *arena = arena_new("file", ARENA_BYTES);
        struct vector_file file;
        unsigned good = 0;
        char path[4096];

        snprintf(path, sizeof(path), "%s/%s", folder, files[i]->d_name);
        if (!vector_file_read(path, arena, &file)) {
            failed++;
        } else if (is_chosen(file.row, argc, argv)) {
            for (uint32_t v = 0; v < file.count; v++)
                good += run(file.row, &file.vectors[v]);
            printf("%s %.*s: %u of %u\n", good == file.count ? "ok" : "not ok", STR_ARG(file.row),
                   good, file.count);
            passed += good;
            failed += file.count - good;
        }
        arena_free(arena);
        free(files[i]);
    }
    free(files);
    arena_free(taxonomy_arena);
    printf("%u passed, %u failed, 0 skipped\n", passed, failed);
    return failed > 0;
}
