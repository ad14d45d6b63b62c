/* run_rules.c - every rule under share/rules against the events that README.md asks for.
 *
 * All rules are in one plan, as in a hunt. Arguments choose rules: `run_rules windows/tunnel`.
 * Prints a line for each failure, then `N passed, N failed, N skipped`. */
#include "codec/json.h"
#include "codec/yaml.h"
#include "core/ensure.h"
#include "vectors/taxonomy_files.h"
#include "vectors/trial.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)1 << 30)
#define EVENT_BYTES_MAX (1u << 20)
#define RULES_MAX 1024
#define EVENTS_MIN 2

static const char rules_folder[] = PROJECT_ROOT "/share/rules";
static const char tests_folder[] = PROJECT_ROOT "/tests/rules";

/* A rule's or a test's place below its folder, without ".yml": "windows/tunnel_program". */
struct places {
    char at[RULES_MAX][256];
    uint32_t count;
};

static struct arena *arena; /* taxonomy, files */

static int is_yaml(const struct dirent *entry)
{
    return str_ends_with(str_from(entry->d_name), STR(".yml"));
}

static int is_folder(const struct dirent *entry)
{
    return entry->d_type == DT_DIR && entry->d_name[0] != '.';
}

static void add_places_of(const char *root, const char *folder, struct places *places)
{
    struct dirent **files;
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", root, folder);
    int count = scandir(path, &files, is_yaml, alphasort);
    ENSURE(count >= 0 && places->count + (uint32_t)count <= RULES_MAX);
    for (int i = 0; i < count; i++) {
        int length = (int)strlen(files[i]->d_name) - (int)strlen(".yml");

        snprintf(places->at[places->count++], sizeof(places->at[0]), "%s/%.*s", folder, length,
                 files[i]->d_name);
        free(files[i]);
    }
    free(files);
}

static void find_places(const char *root, struct places *places)
{
    struct dirent **folders;
    int count = scandir(root, &folders, is_folder, alphasort);

    ENSURE(count >= 0);
    places->count = 0;
    for (int i = 0; i < count; i++) {
        add_places_of(root, folders[i]->d_name, places);
        free(folders[i]);
    }
    free(folders);
}

static bool has_place(const struct places *places, const char *place)
{
    for (uint32_t i = 0; i < places->count; i++) {
        if (strcmp(places->at[i], place) == 0)
            return true;
    }
    return false;
}

/* ---- rules ---- */

/* The rule of each place, which is alone in its file. */
static void load_rules(struct trial *trial, const struct places *places)
{
    for (uint32_t i = 0; i < places->count; i++) {
        char path[4096];
        struct str text;

        snprintf(path, sizeof(path), "%s/%s.yml", rules_folder, places->at[i]);
        ENSURE(file_text(path, arena, &text));
        rule_set_add(&trial->set, str_from(path), text, NULL);
        ENSURE(trial->set.count == i + 1);
    }
}

static bool is_uuid4(struct str id)
{
    static const char form[] = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";

    if (id.len != strlen(form))
        return false;
    for (size_t i = 0; i < id.len; i++) {
        const char *set = form[i] == 'x' ? "0123456789abcdef" : form[i] == 'y' ? "89ab" : NULL;

        if (set ? !memchr(set, id.at[i], strlen(set)) : id.at[i] != form[i])
            return false;
    }
    return true;
}

static void check_rule(struct trial *trial, const struct sigma_rule *rule)
{
    if (rule->state != RULE_LOADED)
        trial_fail(trial, "not loaded: %.*s", STR_ARG(rule->reason));
    for (uint32_t i = 0; i < rule->note_count; i++)
        trial_fail(trial, "%.*s", STR_ARG(rule->notes[i].text));
    if (!is_uuid4(rule->id))
        trial_fail(trial, "the id is no UUID of version 4");
    if (rule->description.len == 0 || rule->author.len == 0 || rule->status.len == 0)
        trial_fail(trial, "needs description, author and status");
    if (rule->technique_count == 0 || rule->false_positive_count == 0)
        trial_fail(trial, "needs a technique and false positives");
    if (rule->reference_count == 0)
        trial_fail(trial, "needs a reference");
    for (uint32_t i = 0; i < rule->reference_count; i++) {
        if (!str_starts_with(rule->references[i], STR("https://")))
            trial_fail(trial, "a reference is no https address");
    }
}

static void check_unique(struct trial *trial, const struct sigma_rule *rule)
{
    for (uint32_t i = 0; i < trial->set.count; i++) {
        const struct sigma_rule *other = trial->set.rules[i];

        if (other != rule && (str_eq(other->id, rule->id) || str_eq(other->title, rule->title)))
            trial_fail(trial, "id or title is that of %.*s too", STR_ARG(other->path));
    }
}

/* ---- events ---- */

static void write_value(const struct yaml_node *value, struct buf *out)
{
    if (value->kind == YAML_LIST) {
        buf_add_char(out, '[');
        for (uint32_t i = 0; i < value->count; i++) {
            if (i > 0)
                buf_add_char(out, ',');
            write_value(value->members[i].value, out);
        }
        buf_add_char(out, ']');
    } else if (yaml_type_of(value) == YAML_NULL) {
        buf_add(out, STR("null"));
    } else {
        json_write_str(out, value->text);
    }
}

static void write_members(const struct yaml_node *map, const struct yaml_node *except,
                          struct buf *out)
{
    for (uint32_t i = 0; map && i < map->count; i++) {
        if (except && yaml_get(except, map->members[i].key))
            continue;
        if (buf_str(out).len > 1)
            buf_add_char(out, ',');
        json_write_str(out, map->members[i].key);
        buf_add_char(out, ':');
        write_value(map->members[i].value, out);
    }
}

/* The fields of `common` and of the event, whose own win, as JSON. */
static struct str event_json(const struct yaml_node *common, const struct yaml_node *event)
{
    struct buf out;

    buf_init(&out, EVENT_BYTES_MAX);
    buf_add_char(&out, '{');
    write_members(common, event, &out);
    write_members(event, NULL, &out);
    buf_add_char(&out, '}');
    ENSURE(!out.full);
    struct str json = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return json;
}

static void try_events(struct trial *trial, const struct sigma_rule *rule,
                       const struct yaml_node *test, struct str key, bool expected)
{
    const struct yaml_node *events = yaml_get(test, key), *common = yaml_get(test, STR("common"));
    const struct yaml_node *format = yaml_get(test, STR("format"));

    if (!events || events->kind != YAML_LIST || events->count < EVENTS_MIN) {
        trial_fail(trial, "needs at least %d events under %.*s", EVENTS_MIN, STR_ARG(key));
        return;
    }
    for (uint32_t i = 0; i < events->count; i++) {
        struct str json = event_json(common, events->members[i].value);

        if (trial_event(trial, json, format ? format->text : STR("json")))
            trial_expect(trial, trial_by_plan(trial, rule), trial_by_naive(trial, rule), expected,
                         json);
    }
}

static bool is_known_key(struct str key)
{
    static const char *const keys[] = {"rule", "format", "common", "match", "no_match"};

    for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
        if (str_eq(key, str_from(keys[i])))
            return true;
    }
    return false;
}

static void run_test(struct trial *trial, const struct sigma_rule *rule, const char *place)
{
    struct yaml_documents documents;
    struct str text;
    struct why why = {"it is not there"};
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s.yml", tests_folder, place);
    if (!file_text(path, arena, &text) || yaml_parse(text, arena, &documents, &why) ||
        documents.count != 1 || documents.roots[0]->kind != YAML_MAP) {
        trial_fail(trial, "tests/rules/%s.yml: %s", place, why.text);
        return;
    }
    const struct yaml_node *test = documents.roots[0], *title = yaml_get(test, STR("rule"));
    for (uint32_t i = 0; i < test->count; i++) {
        if (!is_known_key(test->members[i].key))
            trial_fail(trial, "no key of a test: %.*s", STR_ARG(test->members[i].key));
    }
    if (!title || !str_eq(title->text, rule->title))
        trial_fail(trial, "`rule` of the test is not the rule's title");
    try_events(trial, rule, test, STR("match"), true);
    try_events(trial, rule, test, STR("no_match"), false);
}

/* ---- all of them ---- */

static bool is_chosen(const char *place, int argc, char **argv)
{
    bool chosen = argc < 2;

    for (int i = 1; i < argc; i++)
        chosen |= str_contains(str_from(place), str_from(argv[i]));
    return chosen;
}

static bool run_place(struct trial *trial, const char *place, const struct sigma_rule *rule)
{
    trial->failed = false;
    snprintf(trial->label, sizeof(trial->label), "%s", place);
    check_rule(trial, rule);
    check_unique(trial, rule);
    run_test(trial, rule, place);
    return !trial->failed;
}

int main(int argc, char **argv)
{
    static struct places rules, tests;
    static struct taxonomy taxonomy;
    unsigned passed = 0, failed = 0;
    struct trial trial;

    setvbuf(stdout, NULL, _IOLBF, 0);
    arena = arena_new("files", ARENA_BYTES);
    taxonomy_init(&taxonomy, arena);
    taxonomy_files_add(&taxonomy);
    find_places(rules_folder, &rules);
    find_places(tests_folder, &tests);
    trial_begin(&trial, &taxonomy);
    load_rules(&trial, &rules);
    trial_build(&trial);
    for (uint32_t i = 0; i < rules.count; i++) {
        if (!is_chosen(rules.at[i], argc, argv))
            continue;
        bool good = run_place(&trial, rules.at[i], trial.set.rules[i]);

        passed += good;
        failed += !good;
    }
    for (uint32_t i = 0; i < tests.count; i++) {
        if (!has_place(&rules, tests.at[i])) {
            printf("not ok %s: a test without a rule\n", tests.at[i]);
            failed++;
        }
    }
    trial_end(&trial);
    arena_free(arena);
    printf("%u passed, %u failed, 0 skipped\n", passed, failed);
    return failed > 0;
}
