/* pipeline_file.c - pipelines as YAML: what there may be, and where a complaint stands. */
#include "rules/pipeline_priv.h"

#include <stdarg.h>

static const struct transformation *const transformations[] = {
#define TRANSFORMATION(name) &transformation_##name,
#include "rules/transformations.def"
#undef TRANSFORMATION
};

bool pipeline_refuse(const struct pipeline_file *file, uint32_t line, uint32_t column,
                     const char *format, ...)
{
    va_list args;

    va_start(args, format);
    why_set_at(file->why, file->pipeline->path, line, column, format, args);
    va_end(args);
    return false;
}

/* ---- keys and their values ---- */

static bool has_word(const char *words, struct str word)
{
    struct str rest = str_from(words);

    while (rest.len > 0)
        if (str_eq(str_cut(&rest, ' '), word))
            return true;
    return false;
}

bool pipeline_keys(const struct pipeline_file *file, const struct yaml_node *map, const char *what,
                   const char *words, const char *more)
{
    for (uint32_t i = 0; i < map->count; i++) {
        struct str key = map->members[i].key;
        if (!has_word(words, key) && !has_word(more, key))
            return pipeline_refuse(file, map->members[i].key_line, map->members[i].key_column,
                                   "%s has no '%.*s' here", what, SHOWN(key));
    }
    return true;
}

bool pipeline_text(const struct pipeline_file *file, const struct yaml_node *map, const char *key,
                   struct str *text)
{
    const struct yaml_node *node = yaml_get(map, str_from(key));

    *text = node ? node->text : STR_NONE;
    return (node && yaml_is_text(node)) ||
           pipeline_refuse(file, node ? node->line : map->line, node ? node->column : map->column,
                           "'%s' must be a text", key);
}

bool pipeline_scalars(const struct pipeline_file *file, const struct yaml_member *member,
                      struct node_list *scalars)
{
    const struct yaml_node *node = member->value;

    for (uint32_t i = 0; node->kind == YAML_LIST && i < node->count; i++)
        if (node->members[i].value->kind == YAML_SCALAR &&
            yaml_type_of(node->members[i].value) != YAML_NULL)
            node_list_add(file->all->arena, scalars, node->members[i].value);
    if (node->kind == YAML_SCALAR && yaml_type_of(node) != YAML_NULL)
        node_list_add(file->all->arena, scalars, node);
    return (scalars->count > 0 && (node->kind == YAML_SCALAR || scalars->count == node->count)) ||
           pipeline_refuse(file, member->key_line, member->key_column,
                           "'%.*s' must hold a value or a list of values", SHOWN(member->key));
}

bool pipeline_texts(const struct pipeline_file *file, const struct yaml_node *map, const char *key,
                    struct node_list *texts)
{
    for (uint32_t i = 0; i < map->count; i++)
        if (str_eq(map->members[i].key, str_from(key)))
            return pipeline_scalars(file, &map->members[i], texts);
    return pipeline_refuse(file, map->line, map->column, "'%s' is missing", key);
}

bool pipeline_flag(const struct pipeline_file *file, const struct yaml_node *map, const char *key,
                   bool *flag)
{
    const struct yaml_node *node = yaml_get(map, str_from(key));

    if (!node)
        return true;
    return yaml_bool(node, flag) ||
           pipeline_refuse(file, node->line, node->column, "'%s' is true or false", key);
}

const struct yaml_node *pipeline_map(const struct pipeline_file *file, const struct yaml_node *map,
                                     const char *key)
{
    const struct yaml_node *node = yaml_get(map, str_from(key));

    if (node && node->kind == YAML_MAP && node->count > 0)
        return node;
    pipeline_refuse(file, map->line, map->column, "'%s' must be a map, with something in it", key);
    return NULL;
}

bool pipeline_field(const struct pipeline_file *file, const struct yaml_node *node, struct str name)
{
    return (node->kind == YAML_SCALAR && name.len > 0 && str_find_byte(name, '|') == name.len) ||
           pipeline_refuse(file, node->line, node->column,
                           "a field's name must be a text without '|'");
}

bool pipeline_source(const struct pipeline_file *file, const struct yaml_node *map,
                     struct log_source *source)
{
    *source = (struct log_source){STR_NONE, STR_NONE, STR_NONE};
    if ((yaml_get(map, STR("category")) &&
         !pipeline_text(file, map, "category", &source->category)) ||
        (yaml_get(map, STR("product")) && !pipeline_text(file, map, "product", &source->product)) ||
        (yaml_get(map, STR("service")) && !pipeline_text(file, map, "service", &source->service)))
        return false;
    return source->category.len + source->product.len + source->service.len > 0 ||
           pipeline_refuse(file, map->line, map->column,
                           "none of category, product and service is stated");
}

bool pipeline_regex(const struct pipeline_file *file, const struct yaml_node *node,
                    const struct regex **regex)
{
    struct pipelines *all = file->all;
    struct owned_regex *owned = ARENA_NEW(all->arena, struct owned_regex);
    struct why why;

    if (all->regexes++ == PIPELINE_ITEMS_MAX)
        return pipeline_refuse(file, node->line, node->column,
                               "the pipelines have more than %d expressions", PIPELINE_ITEMS_MAX);
    if (regex_new(node->text, REGEX_UNICODE, &owned->regex, &why))
        return pipeline_refuse(file, node->line, node->column,
                               "the regular expression cannot be compiled: %.300s", why.text);
    owned->next = all->owned;
    all->owned = owned;
    *regex = owned->regex;
    return true;
}

/* ---- items ---- */

#define COMMON_KEYS                                                                                \
    "id type rule_conditions rule_cond_op rule_cond_not detection_item_conditions "                \
    "detection_item_cond_op detection_item_cond_not field_name_conditions field_name_cond_op "     \
    "field_name_cond_not"

static const struct transformation *find_transformation(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(transformations); i++)
        if (str_eq(name, str_from(transformations[i]->name)))
            return transformations[i];
    return NULL;
}

static bool read_item(struct pipeline_file *file, const struct yaml_node *node,
                      struct pipeline_item *item)
{
    struct str type;

    *item = (struct pipeline_item){.pipeline = file->pipeline, .id = STR_NONE};
    if (node->kind != YAML_MAP)
        return pipeline_refuse(file, node->line, node->column,
                               "a transformation must be a map with a 'type'");
    if (file->all->items++ == PIPELINE_ITEMS_MAX)
        return pipeline_refuse(file, node->line, node->column,
                               "the pipelines have more than %d transformations",
                               PIPELINE_ITEMS_MAX);
    if (!pipeline_text(file, node, "type", &type) ||
        (yaml_get(node, STR("id")) && !pipeline_text(file, node, "id", &item->id)))
        return false;
    item->what = find_transformation(type);
    if (!item->what)
        return pipeline_refuse(file, node->line, node->column,
                               "there is no transformation '%.*s' here; docs/tuning.md lists them",
                               SHOWN(type));
    if (!pipeline_keys(file, node, item->what->name, COMMON_KEYS, item->what->keys) ||
        !conditions_read(file, node, "rule", &item->rule) ||
        !conditions_read(file, node, "detection_item", &item->item) ||
        !conditions_read(file, node, "field_name", &item->field))
        return false;
    if (item->what->on_rule && item->item.count + item->field.count > 0)
        return pipeline_refuse(file, node->line, node->column,
                               "%s changes the rule as a whole: it has no conditions on items or "
                               "fields",
                               item->what->name);
    return !item->what->read || item->what->read(file, node, item);
}

bool pipeline_items(struct pipeline_file *file, const struct yaml_node *list,
                    struct pipeline_item **items, uint32_t *count)
{
    if (list->kind != YAML_LIST)
        return pipeline_refuse(file, list->line, list->column,
                               "there must be a list of transformations");
    *count = list->count;
    *items = ARENA_ARRAY(file->all->arena, struct pipeline_item, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        if (!read_item(file, list->members[i].value, &(*items)[i]))
            return false;
    return true;
}

/* ---- the file ---- */

/* As they are written in items with `expand`: a percent sign is none of a placeholder. */
static struct texts read_values(const struct pipeline_file *file, const struct node_list *list)
{
    struct pipelines *all = file->all;
    struct texts texts = {ARENA_ARRAY(all->arena, struct str, list->count), list->count};

    for (uint32_t i = 0; i < list->count; i++) {
        marked_reset(&all->text);
        marked_add_sigma(&all->text, list->at[i]->text, false);
        texts.at[i] = marked_sigma(&all->text, all->arena, true);
    }
    return texts;
}

static bool read_variables(const struct pipeline_file *file, const struct yaml_node *vars)
{
    struct pipeline *pipeline = file->pipeline;

    if (vars->kind != YAML_MAP && vars->text.len > 0)
        return pipeline_refuse(file, vars->line, vars->column,
                               "'vars' must be a map of names to values");
    pipeline->values = ARENA_ARRAY(file->all->arena, struct texts, vars->count);
    for (uint32_t i = 0; i < vars->count; i++) {
        struct node_list list = {0};
        if (!pipeline_scalars(file, &vars->members[i], &list))
            return false;
        pipeline->values[i] = read_values(file, &list);
        map_set(&pipeline->vars, vars->members[i].key, i);
    }
    return true;
}

/* Queries are not made here: what is done to them must not look as if it were done. */
static bool is_without_queries(const struct pipeline_file *file, const struct yaml_node *root)
{
    static const char *const keys[] = {"postprocessing", "finalizers"};

    for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
        const struct yaml_node *node = yaml_get(root, str_from(keys[i]));
        if (node && (node->count > 0 || node->text.len > 0))
            return pipeline_refuse(file, node->line, node->column,
                                   "'%s' is about queries, which are not made here", keys[i]);
    }
    return true;
}

static bool read_root(struct pipeline_file *file, const struct yaml_node *root)
{
    const struct yaml_node *priority = yaml_get(root, STR("priority"));
    const struct yaml_node *vars = yaml_get(root, STR("vars"));
    const struct yaml_node *items = yaml_get(root, STR("transformations"));

    if (root->kind != YAML_MAP)
        return pipeline_refuse(file, root->line, root->column,
                               "a pipeline is a map with 'transformations'");
    if (!pipeline_keys(file, root, "a pipeline",
                       "name priority vars transformations allowed_backends",
                       "postprocessing finalizers") ||
        !is_without_queries(file, root))
        return false;
    if (priority && !str_to_i64(priority->text, &file->pipeline->priority))
        return pipeline_refuse(file, priority->line, priority->column,
                               "'priority' must be a whole number");
    if (vars && !read_variables(file, vars))
        return false;
    if (!items)
        return pipeline_refuse(file, root->line, root->column,
                               "the pipeline does nothing: it has "
                               "no 'transformations'");
    return pipeline_items(file, items, &file->pipeline->items, &file->pipeline->count);
}

/* Behind those of the same priority. */
static void insert(struct pipelines *all, struct pipeline *pipeline)
{
    struct pipeline **at = &all->first;

    while (*at && (*at)->priority <= pipeline->priority)
        at = &(*at)->next;
    pipeline->next = *at;
    *at = pipeline;
}

enum err pipelines_add(struct pipelines *all, struct str path, struct str yaml, struct why *why)
{
    struct pipeline_file file = {
        .all = all, .pipeline = ARENA_NEW(all->arena, struct pipeline), .why = why};
    struct yaml_documents documents;
    struct why complaint;

    file.pipeline->path = arena_str(all->texts, path);
    map_init(&file.pipeline->vars, all->arena);
    enum err err = yaml_parse_apart(yaml, all->arena, all->texts, &documents, &complaint);
    if (err) {
        why_set(why, "%.*s: %.600s", STR_ARG(path), complaint.text);
        return err;
    }
    if (documents.count != 1) {
        pipeline_refuse(&file, documents.count ? documents.lines[1] : 1, 1,
                        "a file holds one pipeline");
        return ERR_INVALID;
    }
    if (!read_root(&file, documents.roots[0]))
        return ERR_INVALID;
    insert(all, file.pipeline);
    return ERR_NONE;
}
