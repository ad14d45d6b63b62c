/* plan_vs_naive.c - all rules of SigmaHQ over real events, by the plan and by the naive evaluator.
 *
 *   plan_vs_naive [--all | --every N] [FILE...]
 *
 * Without --all one event of N is judged, so that the test stays short under sanitizers. FILE:
 * other evidence than the shared test data. Each pair of event and rule on which the two differ is
 * printed. What `rules explain` tells is asked for rules that match, and for other rules in turn;
 * it must say the same. */
#include "codec/json.h"
#include "core/ensure.h"
#include "formats/format.h"
#include "rules/judge.h"
#include "rules/plan.h"
#include "rules/reasons.h"
#include "vectors/taxonomy_files.h"

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)4 << 30)
#define EVERY 40
#define DIFFERENCES_SHOWN 50
#define EXPLAINED_EVERY 64 /* of the rules, another share with each event */

static struct arena *rule_arena, *field_arena, *event_arena, *file_arena, *reason_arena;
static struct taxonomy taxonomy;
static struct rule_set set;
static struct field_dictionary fields;
static struct plan *plan;
static struct matcher *matcher;
static struct judge *naive;
static struct event *event;

static unsigned long long every = EVERY, seen, judged, matches, explained, differences, files,
                          skipped;

/* ---- rules ---- */

static bool data_path(char *out, size_t size, const char *path)
{
    const char *folder = getenv("SEAWALL_TEST_DATA");
    int len = folder && *folder ? snprintf(out, size, "%s/%s", folder, path)
                                : snprintf(out, size, PROJECT_ROOT "/../shared/data/%s", path);

    return len > 0 && (size_t)len < size && access(out, R_OK) == 0;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Calls `visit` for each file below `folder` whose name ends in one of two ways. */
static void walk(char *folder, const char *end, const char *other, void (*visit)(const char *path))
{
    char *roots[] = {folder, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);

    ENSURE(tree);
    for (FTSENT *entry = fts_read(tree); entry; entry = fts_read(tree)) {
        struct str name = str_from(entry->fts_name);

        if (entry->fts_info == FTS_F &&
            (str_ends_with(name, str_from(end)) || str_ends_with(name, str_from(other))))
            visit(entry->fts_path);
    }
    fts_close(tree);
}

static void add_rule(const char *path)
{
    struct placeholders *none = placeholders_new(rule_arena);
    struct str text;

    arena_reset(file_arena);
    ENSURE(file_text(path, file_arena, &text));
    rule_set_add(&set, str_from(path), text, none);
}

static void prepare(char *rules)
{
    rule_arena = arena_new("rules", ARENA_BYTES);
    field_arena = arena_new("fields", ARENA_BYTES);
    event_arena = arena_new("event", ARENA_BYTES);
    file_arena = arena_new("file", ARENA_BYTES);
    taxonomy_init(&taxonomy, rule_arena);
    taxonomy_files_add(&taxonomy);
    reason_arena = arena_new("reasons", ARENA_BYTES);
    rule_set_init(&set, rule_arena);
    set.outlines = true;
    walk(rules, ".yml", ".yaml", add_rule);
    fields_init(&fields, field_arena);
    judge_add_fields(&set, &taxonomy, &fields);
    plan = plan_build(&set, &taxonomy, &fields);
    matcher = matcher_new(plan);
    naive = judge_new(&taxonomy);
    event = event_new(&fields, event_arena);
    printf("# %u rules, %u of them served, %u variants, %u predicates\n", set.count,
           plan_statistics(plan)->rules, plan_statistics(plan)->variants,
           plan_statistics(plan)->predicates);
}

static void finish(void)
{
    event_free(event);
    judge_free(naive);
    matcher_free(matcher);
    arena_free(reason_arena);
    arena_free(file_arena);
    arena_free(event_arena);
    arena_free(field_arena);
    arena_free(rule_arena);
}

/* ---- events ---- */

static bool is_hit(const struct sigma_rule *const *hits, uint32_t count,
                   const struct sigma_rule *rule)
{
    for (uint32_t i = 0; i < count; i++) {
        if (hits[i] == rule)
            return true;
    }
    return false;
}

static void differ(const char *path, const struct sigma_rule *rule, bool by_plan, const char *who)
{
    if (differences++ < DIFFERENCES_SHOWN)
        printf("not ok: %s, offset %llu, record %llu: the plan says %s to \"%.*s\" (%.*s), %s the "
               "other\n",
               path, (unsigned long long)event->offset, (unsigned long long)event->record,
               by_plan ? "yes" : "no", STR_ARG(rule->title), STR_ARG(rule->path), who);
}

/* The page and the object are made, too: they must get along with whatever there is. */
static void explain(const char *path, const struct sigma_rule *rule, bool by_plan)
{
    static const struct reasons_place place = {STR_INIT("evidence"), false, 1};
    const char *why;
    struct buf out;

    arena_reset(reason_arena);
    const struct reasons *reasons = reasons_of(naive, &taxonomy, rule, reason_arena);
    explained++;
    buf_init(&out, (size_t)64 << 20);
    reasons_sentence(reasons, &out);
    if (reasons->fires != by_plan || str_starts_with(buf_str(&out), STR("It fires: ")) != by_plan)
        differ(path, rule, by_plan, "the explanation");
    reasons_page(reasons, event, &place, &out);
    buf_reset(&out);
    reasons_json(reasons, &place, &out);
    ENSURE(!out.full && json_is_valid(buf_str(&out), &why));
    buf_free(&out);
}

static void judge(const char *path)
{
    const struct sigma_rule *const *hits;
    uint32_t count = matcher_run(matcher, event, &hits);

    judged++;
    matches += count;
    judge_begin(naive, event);
    for (uint32_t i = 0; i < set.count; i++) {
        const struct sigma_rule *rule = set.rules[i];
        bool by_plan = is_hit(hits, count, rule);

        if (by_plan != judge_matches(naive, rule))
            differ(path, rule, by_plan, "the naive evaluator");
        if (by_plan || (i + judged) % EXPLAINED_EVERY == 0)
            explain(path, rule, by_plan);
    }
}

static void judge_events(const char *path, const struct format *format, struct str text)
{
    static const struct reader_options options = {.strict = false};
    struct reader *reader = format->reader_new(&fields, &options);
    struct window window = {.at = (const uint8_t *)text.at,
                            .end = (const uint8_t *)text.at + text.len,
                            .piece_end = text.len,
                            .last = true};
    struct carry carry = {0};
    struct damage damage;
    enum step step;

    if (format->look)
        format->look(str_slice(text, 0, PROBE_BYTES), &carry);
    format->reader_begin(reader, &carry, 0);
    do {
        step = format->next(reader, &window, event, &damage);
        ENSURE(step != STEP_MORE);
        skipped += step == STEP_SKIPPED;
        if (step == STEP_EVENT && seen++ % every == 0)
            judge(path);
    } while (step != STEP_END);
    format->reader_free(reader);
}

static void judge_file(const char *path)
{
    struct str text;

    arena_reset(file_arena);
    if (!file_text(path, file_arena, &text)) {
        printf("# cannot read %s\n", path);
        return;
    }
    const struct format *format = format_guess(str_slice(text, 0, PROBE_BYTES));
    if (format) {
        files++;
        judge_events(path, format, text);
    }
}

int main(int argc, char **argv)
{
    char rules[4096], evidence[4096];
    int first = 1;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 1 && strcmp(argv[1], "--all") == 0) {
        every = 1;
        first = 2;
    } else if (argc > 2 && strcmp(argv[1], "--every") == 0) {
        every = strtoull(argv[2], NULL, 10);
        ENSURE(every > 0);
        first = 3;
    }
    if (!data_path(rules, sizeof(rules), "sigma") ||
        !data_path(evidence, sizeof(evidence), "evtx")) {
        printf("ok 1 # SKIP no test data\n1..1\n0 passed, 0 failed, 1 skipped\n");
        return 0;
    }
    prepare(rules);
    for (int i = first; i < argc; i++)
        judge_file(argv[i]);
    if (first == argc)
        walk(evidence, ".evtx", ".json", judge_file);
    printf("# %llu files, %llu events, %llu judged, %llu skipped records, %llu matches, %llu "
           "explained, %llu differences, %llu expressions gave up here, %llu there\n",
           files, seen, judged, skipped, matches, explained, differences,
           (unsigned long long)judge_gave_up(naive),
           (unsigned long long)matcher_counts(matcher)->gave_up);
    printf("%sok 1 - the plan and the naive evaluator agree\n1..1\n", differences ? "not " : "");
    printf("%d passed, %d failed, 0 skipped\n", differences == 0, differences > 0);
    finish();
    return differences > 0;
}
