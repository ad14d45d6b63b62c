/* taxonomy.c - reads taxonomy files and answers which entry serves which log source. */
#include "rules/taxonomy.h"

#include "codec/yaml.h"
#include "core/limits.h"

/* Fields that entries test, counted in each; the ones that ship have some 300. The dictionary of
 * fields must have room for them all. */
#define TAXONOMY_TESTS_MAX 2000
#define TREES_BYTES_MAX                                                                            \
    ((size_t)4 << 30) /* of one file; the limits of codec/yaml.h are far below */

/* The file that is being read. */
struct taxonomy_file {
    struct arena *arena; /* of the taxonomy: what stays */
    struct str path;
    struct why *why;
    uint32_t *tests; /* of all entries so far */
};

/* "path:line:column: WHAT COMPLAINT". Always false, so that a caller can return it. */
static bool refuse(const struct taxonomy_file *file, const struct yaml_node *where, struct str what,
                   const char *complaint)
{
    why_set(file->why, "%.*s:%u:%u: %.*s %s", STR_ARG(file->path), where->line, where->column,
            STR_ARG(what), complaint);
    return false;
}

static bool read_text(const struct taxonomy_file *file, const struct yaml_node *node,
                      struct str what, struct str *text)
{
    if (!yaml_is_text(node))
        return refuse(file, node, what, "must be a text");
    *text = node->text;
    return true;
}

/* A text, or a list of texts with at least one member. */
static bool read_texts(const struct taxonomy_file *file, const struct yaml_node *node,
                       struct str what, struct str **texts, uint32_t *count)
{
    if (node->kind != YAML_LIST) {
        *texts = ARENA_NEW(file->arena, struct str);
        *count = 1;
        return read_text(file, node, what, *texts);
    }
    if (node->count == 0)
        return refuse(file, node, what, "must not be an empty list");
    *texts = ARENA_ARRAY(file->arena, struct str, node->count);
    *count = node->count;
    for (uint32_t i = 0; i < node->count; i++) {
        if (!read_text(file, node->members[i].value, what, &(*texts)[i]))
            return false;
    }
    return true;
}

static bool read_tests(const struct taxonomy_file *file, const struct yaml_node *node,
                       struct taxonomy_entry *entry)
{
    if (node->kind != YAML_MAP)
        return refuse(file, node, STR("'when'"), "must be a map of fields to values");
    if (node->count > TAXONOMY_TESTS_MAX - *file->tests)
        return refuse(file, node, STR("'when'"), "is one field too many for a taxonomy");
    *file->tests += node->count;
    entry->tests = ARENA_ARRAY(file->arena, struct taxonomy_test, node->count);
    entry->test_count = node->count;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_member *member = &node->members[i];
        struct taxonomy_test *test = &entry->tests[i];

        test->field = member->key;
        if (!read_texts(file, member->value, STR("a value of 'when'"), &test->values,
                        &test->value_count))
            return false;
        for (uint32_t value = 0; value < test->value_count; value++)
            test->present |= str_eq(test->values[value], STR("*"));
        if (test->present && test->value_count > 1)
            return refuse(file, member->value, STR("'*'"), "cannot stand among other values");
    }
    return true;
}

static bool read_map(const struct taxonomy_file *file, const struct yaml_node *node,
                     struct field_mapping *mapping)
{
    if (!node || node->kind != YAML_MAP || node->count == 0)
        return false;
    mapping->keys = ARENA_ARRAY(file->arena, struct str, node->count);
    mapping->values = ARENA_ARRAY(file->arena, struct str, node->count);
    mapping->map_count = node->count;
    for (uint32_t i = 0; i < node->count; i++) {
        mapping->keys[i] = node->members[i].key;
        if (!read_text(file, node->members[i].value, STR("a value of 'to'"), &mapping->values[i]))
            return false;
    }
    return true;
}

/* `{decimal: name}`, `{join: [names], with: text}` or `{map: name, to: {text: text}}`. */
static bool read_derivation(const struct taxonomy_file *file, const struct yaml_node *node,
                            struct field_mapping *mapping)
{
    static const char forms[] =
        "is {decimal: field}, {join: [fields], with: text} or {map: field, to: {value: text}}";
    const struct yaml_node *decimal = yaml_get(node, STR("decimal"));
    const struct yaml_node *join = yaml_get(node, STR("join"));
    const struct yaml_node *with = yaml_get(node, STR("with"));
    const struct yaml_node *map = yaml_get(node, STR("map"));
    const struct yaml_node *to = yaml_get(node, STR("to"));

    if (decimal && node->count == 1) {
        mapping->kind = DERIVE_DECIMAL;
        mapping->from = ARENA_NEW(file->arena, struct str);
        mapping->from_count = 1;
        return read_text(file, decimal, STR("the field of 'decimal'"), mapping->from);
    }
    if (join && with && node->count == 2) {
        if (join->kind != YAML_LIST || with->kind != YAML_SCALAR)
            return refuse(file, node, STR("a derived field"), forms);
        mapping->kind = DERIVE_JOIN;
        mapping->with = with->text;
        return read_texts(file, join, STR("a field of 'join'"), &mapping->from,
                          &mapping->from_count);
    }
    if (map && to && node->count == 2) {
        if (to->kind != YAML_MAP || to->count == 0)
            return refuse(file, to, STR("'to'"), "must be a map of values to texts");
        mapping->kind = DERIVE_MAP;
        mapping->from = ARENA_NEW(file->arena, struct str);
        mapping->from_count = 1;
        return read_text(file, map, STR("the field of 'map'"), mapping->from) &&
               read_map(file, to, mapping);
    }
    return refuse(file, node, STR("a derived field"), forms);
}

static bool read_fields(const struct taxonomy_file *file, const struct yaml_node *node,
                        struct taxonomy_entry *entry)
{
    if (node->kind != YAML_MAP)
        return refuse(file, node, STR("'fields'"),
                      "must be a map of rules' fields to event fields");
    entry->fields = ARENA_ARRAY(file->arena, struct field_mapping, node->count);
    entry->field_count = node->count;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->members[i].value;
        struct field_mapping *mapping = &entry->fields[i];

        mapping->rule_field = node->members[i].key;
        if (value->kind == YAML_MAP) {
            if (!read_derivation(file, value, mapping))
                return false;
            continue;
        }
        mapping->kind = DERIVE_NONE;
        mapping->from = ARENA_NEW(file->arena, struct str);
        mapping->from_count = 1;
        if (!read_text(file, value, STR("the field that another stands for"), mapping->from))
            return false;
    }
    return true;
}

static bool read_filled_by(const struct taxonomy_file *file, const struct yaml_node *node,
                           struct taxonomy_entry *entry)
{
    if (node->kind != YAML_MAP)
        return refuse(file, node, STR("'filled_by'"), "must be a map of event fields to texts");
    entry->filled_by = ARENA_ARRAY(file->arena, struct filled_by, node->count);
    entry->filled_by_count = node->count;
    for (uint32_t i = 0; i < node->count; i++) {
        entry->filled_by[i].field = node->members[i].key;
        if (!read_text(file, node->members[i].value, STR("what fills a field"),
                       &entry->filled_by[i].needs))
            return false;
    }
    return true;
}

static bool read_windows(const struct taxonomy_file *file, const struct yaml_node *node,
                         struct taxonomy_entry *entry)
{
    return yaml_bool(node, &entry->windows) ||
           refuse(file, node, STR("'windows'"), "must be true or false");
}

static bool read_member(const struct taxonomy_file *file, const struct yaml_member *member,
                        struct taxonomy_entry *entry)
{
    struct str key = member->key;
    const struct yaml_node *value = member->value;

    if (str_eq(key, STR("category")))
        return read_text(file, value, STR("'category'"), &entry->source.category);
    if (str_eq(key, STR("product")))
        return read_text(file, value, STR("'product'"), &entry->source.product);
    if (str_eq(key, STR("service")))
        return read_text(file, value, STR("'service'"), &entry->source.service);
    if (str_eq(key, STR("needs")))
        return read_text(file, value, STR("'needs'"), &entry->needs);
    if (str_eq(key, STR("filled_by")))
        return read_filled_by(file, value, entry);
    if (str_eq(key, STR("when")))
        return read_tests(file, value, entry);
    if (str_eq(key, STR("format")))
        return read_texts(file, value, STR("'format'"), &entry->formats, &entry->format_count);
    if (str_eq(key, STR("windows")))
        return read_windows(file, value, entry);
    if (str_eq(key, STR("fields")))
        return read_fields(file, value, entry);
    return refuse(
        file, value, key,
        "is no key of an entry (category, product, service, when, windows, format, needs, "
        "filled_by, fields)");
}

static bool read_entry(const struct taxonomy_file *file, const struct yaml_node *node,
                       struct taxonomy_entry *entry)
{
    if (node->kind != YAML_MAP)
        return refuse(file, node, STR("an entry"), "must be a map");
    entry->source = (struct log_source){STR_NONE, STR_NONE, STR_NONE};
    entry->needs = STR_NONE;
    entry->path = file->path;
    entry->line = node->line;
    for (uint32_t i = 0; i < node->count; i++) {
        if (!read_member(file, &node->members[i], entry))
            return false;
    }
    if (!entry->source.category.len && !entry->source.product.len && !entry->source.service.len)
        return refuse(file, node, STR("an entry"), "needs a category, a product or a service");
    if (!yaml_get(node, STR("when")) && !entry->windows && entry->format_count == 0)
        return refuse(file, node, STR("an entry"), "needs 'when', 'windows: true' or 'format'");
    return true;
}

static struct taxonomy_entry *add_entry(struct taxonomy *taxonomy)
{
    if (taxonomy->count == taxonomy->capacity) {
        uint32_t capacity = taxonomy->capacity ? taxonomy->capacity * 2 : 64;
        struct taxonomy_entry *entries =
            ARENA_ARRAY(taxonomy->arena, struct taxonomy_entry, capacity);

        for (uint32_t i = 0; i < taxonomy->count; i++)
            entries[i] = taxonomy->entries[i];
        taxonomy->entries = entries;
        taxonomy->capacity = capacity;
    }
    taxonomy->entries[taxonomy->count] = (struct taxonomy_entry){0};
    return &taxonomy->entries[taxonomy->count++];
}

static bool read_documents(struct taxonomy *taxonomy, const struct taxonomy_file *file,
                           const struct yaml_documents *documents)
{
    for (uint32_t i = 0; i < documents->count; i++) {
        const struct yaml_node *root = documents->roots[i];

        if (root->kind == YAML_SCALAR && root->plain && root->text.len == 0)
            continue; /* nothing, or comments alone */
        if (root->kind != YAML_LIST)
            return refuse(file, root, STR("a taxonomy"), "is a list of entries");
        for (uint32_t entry = 0; entry < root->count; entry++) {
            if (!read_entry(file, root->members[entry].value, add_entry(taxonomy)))
                return false;
        }
    }
    return true;
}

void taxonomy_init(struct taxonomy *taxonomy, struct arena *arena)
{
    *taxonomy = (struct taxonomy){.arena = arena};
}

static enum err add_documents(struct taxonomy *taxonomy, const struct taxonomy_file *file,
                              struct str yaml, struct arena *trees)
{
    uint32_t count = taxonomy->count, tests = taxonomy->tests;
    struct yaml_documents documents;
    enum err err = yaml_parse_apart(yaml, trees, taxonomy->arena, &documents, NULL);

    if (err) {
        why_set(file->why, "%.*s:%u:%u: %s", STR_ARG(file->path), documents.bad_line,
                documents.bad_column, documents.complaint.text);
        return err;
    }
    if (!read_documents(taxonomy, file, &documents)) {
        taxonomy->count = count;
        taxonomy->tests = tests;
        return ERR_INVALID;
    }
    return ERR_NONE;
}

/* The texts of the tree stay: entries borrow them. */
enum err taxonomy_add(struct taxonomy *taxonomy, struct str path, struct str yaml, struct why *why)
{
    struct taxonomy_file file = {taxonomy->arena, arena_str(taxonomy->arena, path), why,
                                 &taxonomy->tests};

    if (yaml.len > RULE_FILE_BYTES_MAX) {
        why_set(why, "%.*s: %s", STR_ARG(path), err_text(ERR_TOO_LARGE));
        return ERR_TOO_LARGE;
    }
    struct arena *trees = arena_new("YAML of a taxonomy", TREES_BYTES_MAX);
    enum err err = add_documents(taxonomy, &file, yaml, trees);
    arena_free(trees);
    return err;
}

/* Does an entry say what a rule asks for? A rule that does not ask takes any. */
static bool states(struct str entry, struct str rule)
{
    return rule.len == 0 || str_eq_nocase(entry, rule);
}

bool taxonomy_serves(const struct taxonomy_entry *entry, const struct log_source *source)
{
    return (entry->source.category.len == 0 || source->category.len > 0) &&
           states(entry->source.category, source->category) &&
           states(entry->source.product, source->product) &&
           states(entry->source.service, source->service);
}

bool taxonomy_takes(const struct taxonomy_entry *entry, const struct event *event)
{
    uint32_t at = 0;

    if (entry->windows && !event->windows)
        return false;
    while (at < entry->format_count && !str_eq(entry->formats[at], event->format))
        at++;
    return entry->format_count == 0 || at < entry->format_count;
}

const struct field_mapping *taxonomy_field(const struct taxonomy_entry *entry,
                                           struct str rule_field)
{
    const struct field_mapping *fallback = NULL;

    for (uint32_t i = 0; i < entry->field_count; i++) {
        const struct field_mapping *mapping = &entry->fields[i];

        if (str_eq(mapping->rule_field, rule_field))
            return mapping;
        if (!fallback && str_eq_nocase(mapping->rule_field, rule_field))
            fallback = mapping;
    }
    return fallback;
}
