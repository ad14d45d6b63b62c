/* vector_file.c - reads the files of vectors. */
#include "vectors/vector_file.h"

#include "core/buf.h"
#include "core/ensure.h"
#include "vectors/taxonomy_files.h"

#include <stdio.h>

#define RULE_BYTES_MAX (1u << 20)

/* What a vector without a `rule` stands for. */
static struct str with_head(struct str detection, struct arena *arena)
{
    struct buf out;

    buf_init(&out, RULE_BYTES_MAX);
    buf_add(&out, STR("title: t\nlogsource: {category: test}\ndetection:\n"));
    while (detection.len) {
        buf_add(&out, STR("  "));
        buf_add(&out, str_cut(&detection, '\n'));
        buf_add_char(&out, '\n');
    }
    ENSURE(!out.full);
    struct str rule = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return rule;
}

/* What a vector with a `correlation` stands for: rules a, b and c, and what is over them. */
static struct str with_rules(struct str correlation, struct arena *arena)
{
    struct buf out;

    buf_init(&out, RULE_BYTES_MAX);
    for (char name = 'a'; name <= 'c'; name++)
        buf_printf(&out,
                   "title: %c\nname: %c\nlogsource: {category: test}\n"
                   "detection: {selection: {r: %c}, condition: selection}\n---\n",
                   name, name, name);
    buf_add(&out, STR("title: found\nname: found\ncorrelation:\n"));
    while (correlation.len) {
        buf_add(&out, STR("  "));
        buf_add(&out, str_cut(&correlation, '\n'));
        buf_add_char(&out, '\n');
    }
    ENSURE(!out.full);
    struct str rule = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return rule;
}

/* A map of names to values, written so that YAML reads it back. */
static void write_yaml(const struct yaml_node *node, struct buf *out)
{
    const char *ends = node->kind == YAML_MAP ? "{}" : "[]";

    if (node->kind == YAML_SCALAR) {
        buf_add_char(out, '\'');
        for (size_t i = 0; i < node->text.len; i++) {
            buf_add_char(out, node->text.at[i]);
            if (node->text.at[i] == '\'')
                buf_add_char(out, '\'');
        }
        buf_add_char(out, '\'');
        return;
    }
    buf_add_char(out, ends[0]);
    for (uint32_t i = 0; i < node->count; i++) {
        if (i > 0)
            buf_add(out, STR(", "));
        if (node->kind == YAML_MAP) {
            buf_add(out, node->members[i].key);
            buf_add(out, STR(": "));
        }
        write_yaml(node->members[i].value, out);
    }
    buf_add_char(out, ends[1]);
}

static struct str yaml_text(const struct yaml_node *node, struct arena *arena)
{
    struct buf out;

    buf_init(&out, RULE_BYTES_MAX);
    write_yaml(node, &out);
    ENSURE(!out.full);
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static void read_list(const struct yaml_node *node, struct arena *arena, struct str **texts,
                      uint32_t *count)
{
    *texts = ARENA_ARRAY(arena, struct str, node->count + 1);
    *count = node->kind == YAML_LIST ? node->count : 0;
    for (uint32_t i = 0; i < *count; i++)
        (*texts)[i] = node->members[i].value->text;
}

static bool parse_state(struct str text, enum rule_state *found)
{
    static const char *const names[] = {
        [RULE_LOADED] = "loaded", [RULE_INERT] = "inert", [RULE_REFUSED] = "refused"};

    for (unsigned state = 0; state < ARRAY_COUNT(names); state++) {
        if (str_eq(text, str_from(names[state]))) {
            *found = (enum rule_state)state;
            return true;
        }
    }
    return false;
}

static bool read_state(struct str text, struct vector *vector)
{
    return vector->state_count < VECTOR_STATES_MAX &&
           parse_state(text, &vector->states[vector->state_count++]);
}

static bool read_states(const struct yaml_node *node, struct vector *vector)
{
    vector->state_count = 0;
    if (node->kind == YAML_SCALAR)
        return read_state(node->text, vector);
    for (uint32_t i = 0; i < node->count; i++) {
        if (!read_state(node->members[i].value->text, vector))
            return false;
    }
    return node->count > 0;
}

static bool read_pipelines(const struct yaml_node *list, struct vector *vector)
{
    vector->pipeline_count = list->count;
    for (uint32_t i = 0; i < list->count && i < VECTOR_PIPELINES_MAX; i++)
        vector->pipelines[i] = list->members[i].value->text;
    return list->kind == YAML_LIST && list->count <= VECTOR_PIPELINES_MAX;
}

static bool read_key(const struct yaml_member *member, struct arena *arena, struct vector *vector)
{
    const struct yaml_node *value = member->value;
    struct {
        const char *key;
        struct str *text;
    } texts[] = {
        {"name", &vector->name},
        {"rule", &vector->rule},
        {"reason", &vector->reason},
        {"note", &vector->note},
        {"id", &vector->id},
        {"by", &vector->by},
        {"level", &vector->level},
        {"format", &vector->format},
        {"filters", &vector->filters},
        {"filter_reason", &vector->filter_reason},
        {"pipeline_reason", &vector->pipeline_reason},
    };

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        if (str_eq(member->key, str_from(texts[i].key))) {
            *texts[i].text = value->text;
            vector->has_note |= texts[i].text == &vector->note;
            return value->kind == YAML_SCALAR;
        }
    }
    if (str_eq(member->key, STR("detection")))
        vector->rule = with_head(value->text, arena);
    else if (str_eq(member->key, STR("correlation")))
        vector->rule = with_rules(value->text, arena);
    else if (str_eq(member->key, STR("load")))
        return read_states(value, vector);
    else if (str_eq(member->key, STR("filter_load")))
        return parse_state(value->text, &vector->filter_state);
    else if (str_eq(member->key, STR("narrowed")))
        return str_to_i64(value->text, &vector->narrowed);
    else if (str_eq(member->key, STR("quiet")))
        vector->quiet = true;
    else if (str_eq(member->key, STR("rules")))
        return str_to_i64(value->text, &vector->rules);
    else if (str_eq(member->key, STR("not_sigma")))
        return str_to_i64(value->text, &vector->not_sigma);
    else if (str_eq(member->key, STR("techniques")))
        read_list(value, arena, &vector->techniques, &vector->technique_count);
    else if (str_eq(member->key, STR("placeholders")))
        vector->placeholders = yaml_text(value, arena);
    else if (str_eq(member->key, STR("pipeline")) && value->kind == YAML_SCALAR)
        vector->pipelines[vector->pipeline_count++] = value->text;
    else if (str_eq(member->key, STR("pipeline")))
        return read_pipelines(value, vector);
    else if (str_eq(member->key, STR("match")))
        read_list(value, arena, &vector->match, &vector->match_count);
    else if (str_eq(member->key, STR("no_match")))
        read_list(value, arena, &vector->no_match, &vector->no_match_count);
    else if (str_eq(member->key, STR("files")))
        read_list(value, arena, &vector->files, &vector->file_count);
    else if (str_eq(member->key, STR("events")))
        read_list(value, arena, &vector->events, &vector->event_count);
    else if (str_eq(member->key, STR("findings")))
        read_list(value, arena, &vector->findings, &vector->finding_count);
    else
        return false;
    return true;
}

static bool read_vector(const char *path, const struct yaml_node *node, struct arena *arena,
                        struct vector *vector)
{
    *vector = (struct vector){.states = {RULE_LOADED},
                              .state_count = 1,
                              .filter_state = RULE_LOADED,
                              .rules = -1,
                              .not_sigma = -1,
                              .narrowed = -1};
    for (uint32_t i = 0; i < node->count; i++) {
        if (!read_key(&node->members[i], arena, vector)) {
            printf("# %s:%u: this key is not as README.md says\n", path, node->members[i].key_line);
            return false;
        }
    }
    if (vector->name.len && vector->rule.len)
        return true;
    printf("# %s:%u: a vector needs a name, and a rule or a detection\n", path, node->line);
    return false;
}

bool vector_file_read(const char *path, struct arena *arena, struct vector_file *file)
{
    struct yaml_documents documents;
    struct str text;
    struct why why;

    if (!file_text(path, arena, &text) || yaml_parse(text, arena, &documents, &why) ||
        documents.count != 1) {
        printf("# %s: not one YAML document\n", path);
        return false;
    }
    const struct yaml_node *row = yaml_get(documents.roots[0], STR("row"));
    const struct yaml_node *vectors = yaml_get(documents.roots[0], STR("vectors"));
    if (!row || !vectors || vectors->kind != YAML_LIST ||
        !yaml_get(documents.roots[0], STR("about"))) {
        printf("# %s: needs `row`, `about` and `vectors`\n", path);
        return false;
    }
    file->row = row->text;
    file->count = vectors->count;
    file->vectors = ARENA_ARRAY(arena, struct vector, vectors->count + 1);
    for (uint32_t i = 0; i < vectors->count; i++) {
        if (!read_vector(path, vectors->members[i].value, arena, &file->vectors[i]))
            return false;
    }
    return true;
}
