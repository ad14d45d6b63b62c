/* knowledge.c - see knowledge.h. */
#include "engine/knowledge.h"

#include "analytics/session.h"
#include "core/limits.h"
#include "engine/evidence.h"
#include "engine/inputs.h"
#include "engine/share.h"
#include "os/walk.h"
#include "web/web_event.h"

#include <string.h>

#define ARENA_BYTES_MAX (((size_t)8 << 30) + PLAN_BYTES_MAX)
#define NOTES_MAX 1000

struct loading {
    struct knowledge *knowledge;
    struct inputs *inputs; /* may be NULL */
    struct placeholders *lists;
    const char *named; /* the path of the command line that is being read */
    const char *what;  /* "rules" or "filters" are being read there */
    bool filters;
    struct buf text;
    enum err err;
    struct why *why;
};

static void note_unreadable(struct loading *loading, const char *path, enum err err)
{
    struct knowledge *knowledge = loading->knowledge;

    notes_add(&knowledge->unreadable,
              (struct report_note){.path = path_shown(str_from(path), knowledge->arena),
                                   .text = str_from(err_text(err)),
                                   .offset = UINT64_MAX});
}

static void take_rule_file(void *context, const char *path, const struct file_facts *facts)
{
    struct loading *loading = context;
    struct str name = str_from(path);
    bool named = strcmp(path, loading->named) == 0;
    (void)facts;

    if (!named && !inputs_is_rule_file(path))
        return;
    buf_reset(&loading->text);
    enum err err = inputs_read(loading->inputs, path, &loading->text);
    if (err && named) {
        loading->err = err;
        why_set(loading->why, "cannot read the %s in %s: %s", loading->what, path, err_text(err));
    } else if (err) {
        note_unreadable(loading, path, err);
    } else {
        name = path_shown(name, loading->knowledge->arena);
        (loading->filters ? rule_set_add_filters : rule_set_add)(
            &loading->knowledge->rules, name, buf_str(&loading->text), loading->lists);
    }
}

static void take_rule_problem(void *context, const char *path, enum walk_problem problem,
                              enum err err)
{
    if (problem == WALK_UNREADABLE)
        note_unreadable(context, path, err);
    else if (problem == WALK_BROKEN_LINK)
        note_unreadable(context, path, ERR_NOT_FOUND);
}

static void take_shared_rule(void *context, struct str path, struct str bytes)
{
    struct loading *loading = context;

    rule_set_add(&loading->knowledge->rules, path, bytes, loading->lists);
}

/* ---- what ships with the program ---- */

/* Adds one file; the reason of a refusal has no path. */
typedef enum err add_shared(struct knowledge *knowledge, struct str path, struct str bytes,
                            struct why *why);

static enum err add_taxonomy(struct knowledge *knowledge, struct str path, struct str bytes,
                             struct why *why)
{
    return taxonomy_add(&knowledge->taxonomy, path, bytes, why);
}

static enum err add_fields(struct knowledge *knowledge, struct str path, struct str bytes,
                           struct why *why)
{
    (void)path;
    return field_table_add(&knowledge->field_table, bytes, why);
}

static enum err add_recordings(struct knowledge *knowledge, struct str path, struct str bytes,
                               struct why *why)
{
    (void)path;
    return recordings_add(&knowledge->recordings, bytes, why);
}

static enum err add_techniques(struct knowledge *knowledge, struct str path, struct str bytes,
                               struct why *why)
{
    (void)path;
    return techniques_read(&knowledge->techniques, bytes, why);
}

static enum err add_messages(struct knowledge *knowledge, struct str path, struct str bytes,
                             struct why *why)
{
    (void)path;
    return event_messages_add(&knowledge->messages, bytes, why);
}

struct sharing {
    struct loading *loading;
    add_shared *add;
};

static void take_shared(void *context, struct str path, struct str bytes)
{
    const struct sharing *sharing = context;
    struct loading *loading = sharing->loading;
    struct why why;

    if (loading->err)
        return;
    loading->err = sharing->add(loading->knowledge, path, bytes, &why);
    if (loading->err)
        why_set(loading->why, "%.*s:%.400s", (int)path.len, path.at, why.text);
}

static enum err load_shared(struct loading *loading, const char *folder, add_shared *add)
{
    struct sharing sharing = {loading, add};
    enum err err = share_visit(folder, take_shared, &sharing, loading->why);

    return err ? err : loading->err;
}

/* After the taxonomy. */
static enum err load_lint(struct loading *loading)
{
    struct knowledge *knowledge = loading->knowledge;
    enum err err = load_shared(loading, "fields/", add_fields);

    knowledge->lint = (struct lint){&knowledge->taxonomy, &knowledge->field_table};
    knowledge->rules.lint = &knowledge->lint;
    return err;
}

/* One file that was named with an option; `what` says as what. */
static enum err read_named(struct loading *loading, const char *path, const char *what)
{
    buf_reset(&loading->text);
    enum err err = inputs_read(loading->inputs, path, &loading->text);
    if (err)
        why_set(loading->why, "cannot read the %s %s: %s", what, path, err_text(err));
    return err;
}

static enum err load_lists(struct loading *loading, const struct path_list *paths)
{
    struct why why;

    for (size_t i = 0; i < paths->count; i++) {
        enum err err = read_named(loading, paths->at[i], "placeholder lists");
        if (err)
            return err;
        err = placeholders_add(loading->lists, buf_str(&loading->text), &why);
        if (err) {
            why_set(loading->why, "placeholder lists %s: %.400s", paths->at[i], why.text);
            return err;
        }
    }
    return ERR_NONE;
}

static enum err load_taxonomies(struct loading *loading, const struct path_list *paths)
{
    struct why why;
    enum err err = load_shared(loading, "taxonomy/", add_taxonomy);

    for (size_t i = 0; i < paths->count && !err; i++) {
        err = read_named(loading, paths->at[i], "taxonomy");
        if (err)
            return err;
        err = taxonomy_add(&loading->knowledge->taxonomy, str_from(paths->at[i]),
                           buf_str(&loading->text), &why);
        if (err)
            why_set(loading->why, "taxonomy %s: %.400s", paths->at[i], why.text);
    }
    return err;
}

static enum err load_messages(struct loading *loading, const struct path_list *paths)
{
    struct why why;
    enum err err = load_shared(loading, "messages/", add_messages);

    for (size_t i = 0; i < paths->count && !err; i++) {
        err = read_named(loading, paths->at[i], "messages");
        if (err)
            return err;
        err = event_messages_add(&loading->knowledge->messages, buf_str(&loading->text), &why);
        if (err)
            why_set(loading->why, "messages %s:%.400s", paths->at[i], why.text);
    }
    return err;
}

static enum err load_suppressions(struct loading *loading, const struct path_list *paths)
{
    struct suppressions *all = &loading->knowledge->suppressions;
    struct why why;

    for (size_t i = 0; i < paths->count; i++) {
        enum err err = read_named(loading, paths->at[i], "suppress file");
        if (err)
            return err;
        err = suppressions_add(all, path_shown(str_from(paths->at[i]), loading->knowledge->arena),
                               buf_str(&loading->text), loading->lists, &why);
        if (err) {
            why_set(loading->why, "suppress file %s", why.text);
            return err;
        }
    }
    return ERR_NONE;
}

static enum err load_pipelines(struct loading *loading, const struct path_list *paths)
{
    struct knowledge *knowledge = loading->knowledge;
    struct why why;

    if (paths->count > 0)
        knowledge->rules.pipelines = pipelines_new(knowledge->arena);
    for (size_t i = 0; i < paths->count; i++) {
        enum err err = read_named(loading, paths->at[i], "pipeline");
        if (err)
            return err;
        err = pipelines_add(knowledge->rules.pipelines,
                            path_shown(str_from(paths->at[i]), knowledge->arena),
                            buf_str(&loading->text), &why);
        if (err) {
            why_set(loading->why, "pipeline %s", why.text);
            return err;
        }
    }
    return ERR_NONE;
}

/* Rules are changed while they are read: afterwards nobody needs the pipelines. */
static void end_pipelines(struct knowledge *knowledge)
{
    struct pipelines *pipelines = knowledge->rules.pipelines;

    if (pipelines)
        knowledge->pipelines =
            pipelines_uses(pipelines, knowledge->arena, &knowledge->pipeline_count);
    pipelines_free(pipelines);
    knowledge->rules.pipelines = NULL;
}

static enum err load_paths(struct loading *loading, const struct path_list *paths)
{
    const struct walk_visitor visitor = {loading, take_rule_file, take_rule_problem};
    struct walk walk;

    walk_init(&walk, loading->knowledge->arena, true);
    for (size_t i = 0; i < paths->count; i++) {
        const char *path = paths->at[i];
        loading->named = path;
        enum err err = walk_from(&walk, path, &visitor);
        if (err) {
            why_set(loading->why, "cannot read the %s in %s: %s", loading->what, path,
                    err_text(err));
            return err;
        }
        if (loading->err)
            return loading->err;
    }
    return ERR_NONE;
}

static enum err load_rules(struct loading *loading, const struct knowledge_options *options)
{
    enum err err = ERR_NONE;

    loading->what = "rules";
    if (options->built_in)
        err = share_visit("rules/", take_shared_rule, loading, loading->why);
    if (options->own)
        rule_set_add(&loading->knowledge->rules, options->own->path, options->own->rules,
                     loading->lists);
    if (!err)
        err = load_paths(loading, &options->rules);
    loading->what = "filters";
    loading->filters = true;
    if (!err)
        err = load_paths(loading, &options->filters);
    rule_set_finish(&loading->knowledge->rules);
    suppressions_attach(&loading->knowledge->suppressions, &loading->knowledge->rules);
    return err;
}

static struct str key_text(const uint64_t *key)
{
    return (struct str){(const char *)key, sizeof(*key)};
}

static void index_rules(struct knowledge *knowledge)
{
    map_init(&knowledge->by_key, knowledge->arena);
    for (uint32_t i = 0; i < knowledge->rules.count; i++)
        map_set(&knowledge->by_key, key_text(&knowledge->rules.rules[i]->key), i);
}

uint32_t knowledge_rule_index(const struct knowledge *knowledge, uint64_t key)
{
    return map_find(&knowledge->by_key, key_text(&key));
}

const struct sigma_rule *knowledge_rule(const struct knowledge *knowledge, uint64_t key)
{
    uint32_t index = knowledge_rule_index(knowledge, key);

    return index == MAP_NONE ? NULL : knowledge->rules.rules[index];
}

/* What the program made of the user's words may still be none that can be used. */
static enum err check_own(const struct knowledge *knowledge, struct why *why)
{
    const struct sigma_rule *rule = knowledge->rules.count ? knowledge->rules.rules[0] : NULL;

    if (!rule || rule->state == RULE_LOADED)
        return ERR_NONE;
    why_set(why, "the pattern cannot be used: %.*s", STR_ARG(rule->reason));
    return ERR_INVALID;
}

enum err knowledge_fill(struct knowledge *knowledge, struct arena *arena,
                        const struct knowledge_options *options, struct inputs *inputs,
                        struct why *why)
{
    *knowledge = (struct knowledge){.arena = arena};
    notes_init(&knowledge->unreadable, arena, NOTES_MAX);
    rule_set_init(&knowledge->rules, arena);
    knowledge->rules.outlines = options->no_plan;
    knowledge->rules.reserved = PLAN_BYTES_MAX;
    suppressions_init(&knowledge->suppressions, arena);
    taxonomy_init(&knowledge->taxonomy, arena);
    recordings_init(&knowledge->recordings, arena);
    techniques_init(&knowledge->techniques, arena);
    event_messages_init(&knowledge->messages, arena);
    field_table_init(&knowledge->field_table, arena);
    fields_init(&knowledge->fields, arena);
    struct loading loading = {.knowledge = knowledge,
                              .inputs = inputs,
                              .lists = placeholders_new(arena),
                              .named = "",
                              .why = why};
    buf_init(&loading.text, RULE_FILE_BYTES_MAX + 1);
    enum err err = load_lists(&loading, &options->placeholders);
    if (!err)
        err = load_taxonomies(&loading, &options->taxonomies);
    if (!err && options->own && options->own->taxonomy.len > 0)
        err = taxonomy_add(&knowledge->taxonomy, options->own->path, options->own->taxonomy, why);
    if (!err)
        err = load_shared(&loading, "coverage/", add_recordings);
    if (!err && !options->no_plan)
        err = load_shared(&loading, "attack/", add_techniques);
    if (!err && !options->no_plan)
        err = load_messages(&loading, &options->messages);
    if (!err && options->lint)
        err = load_lint(&loading);
    if (!err)
        err = load_suppressions(&loading, &options->suppress);
    if (!err)
        err = load_pipelines(&loading, &options->pipelines);
    if (!err)
        err = load_rules(&loading, options);
    end_pipelines(knowledge);
    buf_free(&loading.text);
    if (err)
        return err;
    knowledge->channel = fields_add(&knowledge->fields, STR("Channel"));
    if (!options->no_plan)
        session_add_fields(&knowledge->fields);
    knowledge->web = options->built_in && !options->no_plan;
    if (knowledge->web)
        web_add_fields(&knowledge->fields);
    if (!options->no_plan)
        knowledge->plan = plan_build(&knowledge->rules, &knowledge->taxonomy, &knowledge->fields);
    index_rules(knowledge);
    return options->own && options->own->needed ? check_own(knowledge, why) : ERR_NONE;
}

enum err knowledge_load(struct knowledge *knowledge, const struct knowledge_options *options,
                        struct why *why)
{
    return knowledge_fill(knowledge, arena_new("knowledge", ARENA_BYTES_MAX), options, NULL, why);
}

void knowledge_free(struct knowledge *knowledge)
{
    arena_free(knowledge->arena);
    *knowledge = (struct knowledge){0};
}
