/* run_vectors.c - every vector of this folder through the plan and through the naive evaluator.
 *
 * Arguments choose rows: `run_vectors S1 M8`. Prints a line for each failure, then what each row
 * came to, then `N passed, N failed, N skipped`. */
#include "core/ensure.h"
#include "formats/format.h"
#include "model/level.h"
#include "naive/naive.h"
#include "naive/taxonomy_files.h"
#include "rules/plan.h"
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

/* One vector while it runs. */
struct trial {
    struct str row;
    const struct vector *vector;
    struct arena *arena, *field_arena, *event_arena;
    struct rule_set set;
    struct field_dictionary fields;
    struct plan *plan;
    struct matcher *matcher;
    struct naive *naive;
    struct event *event;
    struct reader *reader;
    bool failed;
};

static const struct format *json;

#define FAIL(trial, ...)                                                                           \
    ((trial)->failed = true,                                                                       \
     printf("not ok %.*s: %.*s: ", STR_ARG((trial)->row), STR_ARG((trial)->vector->name)),         \
     printf(__VA_ARGS__), (void)putchar('\n'))

/* ---- loading ---- */

static const char *state_name(enum rule_state state)
{
    static const char *const names[] = {
        [RULE_LOADED] = "loaded", [RULE_INERT] = "inert", [RULE_REFUSED] = "refused"};

    return names[state];
}

static bool is_rule_of(const struct trial *trial, const struct sigma_rule *rule)
{
    return trial->vector->by.len == 0 || str_eq(rule->title, trial->vector->by);
}

static void check_state(struct trial *trial, uint32_t index)
{
    const struct vector *vector = trial->vector;
    const struct sigma_rule *rule = trial->set.rules[index];
    uint32_t last = vector->state_count - 1;
    enum rule_state expected = vector->states[index < last ? index : last];

    if (rule->state != expected)
        FAIL(trial, "rule %u is %s (%.*s), not %s", index + 1, state_name(rule->state),
             STR_ARG(rule->reason), state_name(expected));
    if (rule->state == RULE_LOADED)
        return;
    if (rule->reason.len == 0)
        FAIL(trial, "rule %u is %s without a reason", index + 1, state_name(rule->state));
    else if (!str_contains(rule->reason, vector->reason))
        FAIL(trial, "the reason is \"%.*s\"", STR_ARG(rule->reason));
}

static void check_notes(struct trial *trial)
{
    const struct vector *vector = trial->vector;
    bool found = false;

    for (uint32_t i = 0; i < trial->set.count; i++) {
        const struct sigma_rule *rule = trial->set.rules[i];

        for (uint32_t note = 0; note < rule->note_count; note++) {
            found |= str_contains(rule->notes[note].text, vector->note);
            if (vector->quiet)
                FAIL(trial, "there is a note: %.*s", STR_ARG(rule->notes[note].text));
        }
    }
    if (!vector->has_note || found)
        return;
    FAIL(trial, "no note says \"%.*s\"", STR_ARG(vector->note));
    for (uint32_t i = 0; i < trial->set.count; i++) {
        for (uint32_t note = 0; note < trial->set.rules[i]->note_count; note++)
            printf("#   %.*s\n", STR_ARG(trial->set.rules[i]->notes[note].text));
    }
}

static void check_head(struct trial *trial, const struct sigma_rule *rule)
{
    const struct vector *vector = trial->vector;
    enum level level;

    if (vector->id.len && !str_eq(rule->id, vector->id))
        FAIL(trial, "the id is \"%.*s\"", STR_ARG(rule->id));
    if (vector->level.len && (!level_parse(vector->level, &level) || rule->level != level))
        FAIL(trial, "the level is %.*s", STR_ARG(level_name(rule->level)));
    for (uint32_t i = 0; i < vector->technique_count; i++) {
        if (i >= rule->technique_count || !str_eq(rule->techniques[i], vector->techniques[i]))
            FAIL(trial, "technique %u is not %.*s", i + 1, STR_ARG(vector->techniques[i]));
    }
}

static void check_load(struct trial *trial)
{
    const struct vector *vector = trial->vector;

    for (uint32_t i = 0; i < trial->set.count; i++) {
        check_state(trial, i);
        check_head(trial, trial->set.rules[i]);
    }
    check_notes(trial);
    if (vector->rules >= 0 && trial->set.count != vector->rules)
        FAIL(trial, "there are %u rules", trial->set.count);
    if (vector->rules < 0 && trial->set.count == 0)
        FAIL(trial, "there is no rule");
    if (vector->not_sigma >= 0 && trial->set.not_sigma != vector->not_sigma)
        FAIL(trial, "%u documents are no Sigma documents", trial->set.not_sigma);
}

/* ---- matching ---- */

static void visit_explained(void *context, const struct predicate *predicate, struct str rule_field,
                            struct value value)
{
    uint32_t *count = context;

    *count += predicate != NULL && (rule_field.len < SIZE_MAX) && (value.text.len < SIZE_MAX);
}

static bool decode(struct trial *trial, struct str text)
{
    struct window window = {.at = (const uint8_t *)text.at,
                            .end = (const uint8_t *)text.at + text.len,
                            .piece_end = text.len,
                            .last = true};
    struct carry carry = {0};
    struct damage damage = {0};

    if (json->look)
        json->look(text, &carry);
    json->reader_begin(trial->reader, &carry, 0);
    if (json->next(trial->reader, &window, trial->event, &damage) == STEP_EVENT)
        return true;
    FAIL(trial, "not read as an event (%s): %.*s", damage.why ? damage.why : "nothing there",
         STR_ARG(text));
    return false;
}

/* Whether the plan says that the rule matches; complains if it says so twice. */
static bool plan_matches(struct trial *trial, const struct sigma_rule *rule)
{
    const struct sigma_rule *const *hits;
    uint32_t count = matcher_run(trial->matcher, trial->event, &hits), times = 0, explained = 0;

    for (uint32_t i = 0; i < count; i++)
        times += hits[i] == rule;
    if (times > 1)
        FAIL(trial, "\"%.*s\" is reported %u times", STR_ARG(rule->title), times);
    if (times)
        matcher_explain(trial->matcher, trial->event, rule, visit_explained, &explained);
    return times > 0;
}

static void check_event(struct trial *trial, struct str text, bool expected)
{
    bool by_plan = false, by_naive = false;

    if (!decode(trial, text))
        return;
    naive_begin(trial->naive, trial->event);
    for (uint32_t i = 0; i < trial->set.count; i++) {
        const struct sigma_rule *rule = trial->set.rules[i];

        if (!is_rule_of(trial, rule))
            continue;
        by_naive |= naive_matches(trial->naive, rule, trial->event);
        by_plan |= plan_matches(trial, rule);
    }
    if (by_plan != expected)
        FAIL(trial, "the plan says %s: %.*s", by_plan ? "yes" : "no", STR_ARG(text));
    if (by_naive != expected)
        FAIL(trial, "the naive evaluator says %s: %.*s", by_naive ? "yes" : "no", STR_ARG(text));
}

/* ---- one vector ---- */

static void load(struct trial *trial)
{
    const struct vector *vector = trial->vector;
    struct placeholders *lists = placeholders_new(trial->arena);
    struct why why;

    if (vector->placeholders.len && placeholders_add(lists, vector->placeholders, &why))
        FAIL(trial, "placeholders: %s", why.text);
    rule_set_init(&trial->set, trial->arena);
    rule_set_add(&trial->set, STR("vector.yml"), vector->rule, lists);
    fields_init(&trial->fields, trial->field_arena);
    naive_add_fields(&trial->set, &taxonomy, &trial->fields);
    trial->plan = plan_build(&trial->set, &taxonomy, &trial->fields, NULL);
}

static bool run(struct str row, const struct vector *vector)
{
    static const struct reader_options options = {.strict = true};
    struct trial trial = {.row = row, .vector = vector};

    trial.arena = arena_new("vector", ARENA_BYTES);
    trial.field_arena = arena_new("fields", ARENA_BYTES);
    trial.event_arena = arena_new("event", ARENA_BYTES);
    load(&trial);
    check_load(&trial);
    trial.matcher = matcher_new(trial.plan);
    trial.naive = naive_new(&taxonomy);
    trial.event = event_new(&trial.fields, trial.event_arena);
    trial.reader = json->reader_new(&trial.fields, &options);
    for (uint32_t i = 0; i < vector->match_count; i++)
        check_event(&trial, vector->match[i], true);
    for (uint32_t i = 0; i < vector->no_match_count; i++)
        check_event(&trial, vector->no_match[i], false);
    json->reader_free(trial.reader);
    event_free(trial.event);
    naive_free(trial.naive);
    matcher_free(trial.matcher);
    plan_free(trial.plan);
    arena_free(trial.event_arena);
    arena_free(trial.field_arena);
    arena_free(trial.arena);
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
    json = format_by_name(STR("json"));
    ENSURE(count > 0 && json);
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
