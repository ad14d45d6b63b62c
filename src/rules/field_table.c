/* field_table.c - see field_table.h. */
#include "rules/field_table.h"

#include "codec/yaml.h"

void field_table_init(struct field_table *table, struct arena *arena)
{
    *table = (struct field_table){.arena = arena};
}

static enum err refuse(struct why *why, const struct yaml_node *node, const char *text)
{
    why_set(why, "line %u: %s", node->line, text);
    return ERR_INVALID;
}

static bool read_fields(struct field_table *table, const struct yaml_node *list,
                        struct field_row *row)
{
    if (list->kind != YAML_LIST || list->count == 0)
        return false;
    row->fields = ARENA_ARRAY(table->arena, struct str, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *field = list->members[i].value;
        if (field->kind != YAML_SCALAR || field->text.len == 0)
            return false;
        row->fields[row->count++] = field->text;
    }
    return true;
}

static enum err read_row(struct field_table *table, const struct yaml_node *node,
                         struct field_row *row, struct why *why)
{
    *row = (struct field_row){.source = {STR_EMPTY, STR_EMPTY, STR_EMPTY}};
    if (node->kind != YAML_MAP)
        return refuse(why, node, "a map of category, product, service and fields must stand here");
    for (uint32_t i = 0; i < node->count; i++) {
        struct str key = node->members[i].key;
        const struct yaml_node *value = node->members[i].value;
        bool every = str_eq(key, STR("every"));
        if (every || str_eq(key, STR("fields"))) {
            if (row->fields || !read_fields(table, value, row))
                return refuse(why, value, "a list of fields must stand here, once");
            row->every = every;
        } else if (value->kind != YAML_SCALAR || value->text.len == 0) {
            return refuse(why, value, "a text must stand here");
        } else if (str_eq(key, STR("category"))) {
            row->source.category = value->text;
        } else if (str_eq(key, STR("product"))) {
            row->source.product = value->text;
        } else if (str_eq(key, STR("service"))) {
            row->source.service = value->text;
        } else {
            return refuse(why, value,
                          "unknown key; there are category, product, service, fields "
                          "and every");
        }
    }
    if (!row->fields || (row->every ? row->source.product.len == 0
                                    : row->source.category.len + row->source.service.len == 0))
        return refuse(why, node, "fields need a category or a service, and every a product");
    return ERR_NONE;
}

static void add_row(struct field_table *table, const struct field_row *row)
{
    if (table->count == table->capacity) {
        uint32_t capacity = table->capacity ? table->capacity * 2 : 64;
        struct field_row *grown = ARENA_ARRAY(table->arena, struct field_row, capacity);
        for (uint32_t i = 0; i < table->count; i++)
            grown[i] = table->rows[i];
        table->rows = grown;
        table->capacity = capacity;
    }
    table->rows[table->count++] = *row;
}

enum err field_table_add(struct field_table *table, struct str yaml, struct why *why)
{
    struct yaml_documents documents;
    struct field_row row;
    enum err err = yaml_parse(yaml, table->arena, &documents, why);

    if (err)
        return err;
    if (documents.count != 1 || documents.roots[0]->kind != YAML_LIST) {
        why_set(why, "the file must be a list");
        return ERR_INVALID;
    }
    for (uint32_t i = 0; i < documents.roots[0]->count; i++) {
        err = read_row(table, documents.roots[0]->members[i].value, &row, why);
        if (err)
            return err;
        add_row(table, &row);
    }
    return ERR_NONE;
}

/* What the rule does not state fits; what the row does not state fits everything. */
static bool fits(struct str of_row, struct str of_rule)
{
    return of_row.len == 0 || of_rule.len == 0 || str_eq_nocase(of_row, of_rule);
}

bool field_row_serves(const struct field_row *row, const struct log_source *source)
{
    if (row->every)
        return str_eq_nocase(row->source.product, source->product);
    return str_eq_nocase(row->source.category, source->category) &&
           fits(row->source.product, source->product) &&
           (row->source.category.len > 0 ? fits(row->source.service, source->service)
                                         : str_eq_nocase(row->source.service, source->service));
}
