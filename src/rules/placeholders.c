/* placeholders.c - value lists for the modifier `expand` (row M16). */
#include "rules/sigma_priv.h"

#include "core/map.h"

#define TREES_BYTES_MAX                                                                            \
    ((size_t)4 << 30) /* of one file; the limits of codec/yaml.h are far below */

struct value_list {
    struct str *values;
    uint32_t count, max;
};

struct placeholders {
    struct arena *arena;
    struct map names; /* name -> index into lists */
    struct value_list *lists;
    uint32_t max;
};

struct placeholders *placeholders_new(struct arena *arena)
{
    struct placeholders *lists = ARENA_NEW(arena, struct placeholders);

    lists->arena = arena;
    map_init(&lists->names, arena);
    return lists;
}

static struct value_list *list_of(struct placeholders *lists, struct str name)
{
    uint32_t index = map_find(&lists->names, name);

    if (index != MAP_NONE)
        return &lists->lists[index];
    if (lists->names.count == lists->max) {
        uint32_t max = lists->max ? lists->max * 2 : 16;
        struct value_list *grown = ARENA_ARRAY(lists->arena, struct value_list, max);
        for (uint32_t i = 0; i < lists->names.count; i++)
            grown[i] = lists->lists[i];
        lists->lists = grown;
        lists->max = max;
    }
    index = lists->names.count;
    map_set(&lists->names, name, index);
    return &lists->lists[index];
}

static void add_value(struct placeholders *lists, struct value_list *list, struct str value)
{
    if (list->count == list->max) {
        uint32_t max = list->max ? list->max * 2 : 8;
        struct str *grown = ARENA_ARRAY(lists->arena, struct str, max);
        for (uint32_t i = 0; i < list->count; i++)
            grown[i] = list->values[i];
        list->values = grown;
        list->max = max;
    }
    list->values[list->count++] = arena_str(lists->arena, value);
}

static bool add_member(struct placeholders *lists, const struct yaml_member *member,
                       struct why *why)
{
    const struct yaml_node *node = member->value;
    struct value_list *list = list_of(lists, member->key);

    if (node->kind == YAML_SCALAR) {
        if (yaml_type_of(node) != YAML_NULL) /* else: a name whose list is still to come */
            add_value(lists, list, node->text);
        return true;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->members[i].value;
        if (node->kind != YAML_LIST || value->kind != YAML_SCALAR ||
            yaml_type_of(value) == YAML_NULL) {
            why_set(why, "line %u: '%.*s' must hold a value or a list of values", node->line,
                    STR_ARG(member->key));
            return false;
        }
        add_value(lists, list, value->text);
    }
    return true;
}

static enum err add_documents(struct placeholders *lists, struct str yaml, struct arena *trees,
                              struct why *why)
{
    struct yaml_documents documents;
    enum err err = yaml_parse(yaml, trees, &documents, why);

    if (err)
        return err;
    for (uint32_t d = 0; d < documents.count; d++) {
        const struct yaml_node *root = documents.roots[d];
        if (root->kind != YAML_MAP) {
            why_set(why, "line %u: placeholder lists are a map of names to values", root->line);
            return ERR_INVALID;
        }
        for (uint32_t i = 0; i < root->count; i++)
            if (!add_member(lists, &root->members[i], why))
                return ERR_INVALID;
    }
    return ERR_NONE;
}

enum err placeholders_add(struct placeholders *lists, struct str yaml, struct why *why)
{
    struct arena *trees = arena_new("YAML of placeholder lists", TREES_BYTES_MAX);
    enum err err = add_documents(lists, yaml, trees, why);

    arena_free(trees);
    return err;
}

static bool is_name_char(char c)
{
    return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' ||
           c == '-' || c == '.';
}

size_t placeholder_length(struct str s)
{
    size_t i = 1;

    if (s.len < 3 || s.at[0] != '%')
        return 0;
    while (i < s.len && is_name_char(s.at[i]))
        i++;
    return i > 1 && i < s.len && s.at[i] == '%' ? i + 1 : 0;
}

void text_product_init(struct text_product *texts, struct arena *arena)
{
    *texts = (struct text_product){arena, ARENA_ARRAY(arena, struct str, 1), 1, 0, 0};
    texts->at[0] = STR_NONE;
}

bool text_product_add(struct text_product *texts, const struct str *values, uint32_t count)
{
    uint64_t product = (uint64_t)texts->count * count, bytes = (uint64_t)texts->bytes * count;

    for (uint32_t i = 0; i < count; i++)
        bytes += (uint64_t)values[i].len * texts->count;
    uint64_t spent = texts->spent + bytes + product * sizeof(struct str);
    if (product > EXPANSIONS_MAX || spent > EXPANSION_BYTES_MAX)
        return false;
    struct str *at = ARENA_ARRAY(texts->arena, struct str, product);
    char *out = arena_alloc_bytes(texts->arena, bytes);
    for (uint32_t i = 0; i < product; i++) {
        struct str before = texts->at[i / count], value = values[i % count];
        at[i] = (struct str){out, before.len + value.len};
        for (size_t j = 0; j < before.len; j++)
            *out++ = before.at[j];
        for (size_t j = 0; j < value.len; j++)
            *out++ = value.at[j];
    }
    *texts = (struct text_product){texts->arena, at, (uint32_t)product, bytes, spent};
    return true;
}

size_t placeholder_find(struct str s)
{
    size_t i = 0;

    while (i < s.len && placeholder_length(str_slice(s, i, s.len)) == 0)
        i += s.at[i] == '\\' && i + 1 < s.len ? 2 : 1;
    return i;
}

/* `\%` is a percent sign; other escapes stay for the pattern. */
static struct str unescaped(struct arena *arena, struct str plain)
{
    char *out = arena_alloc_bytes(arena, plain.len);
    size_t len = 0;

    for (size_t i = 0; i < plain.len; i++) {
        bool escape = plain.at[i] == '\\' && i + 1 < plain.len;
        if (!escape || plain.at[i + 1] != '%')
            out[len++] = plain.at[i];
        if (escape)
            out[len++] = plain.at[++i];
    }
    return (struct str){out, len};
}

bool placeholders_expand(const struct placeholders *lists, struct arena *arena, struct str text,
                         struct str **texts, uint32_t *count, struct str *missing)
{
    struct text_product list;

    text_product_init(&list, arena);
    *count = 0;
    while (text.len > 0) {
        size_t plain_len = placeholder_find(text);
        struct str plain = unescaped(arena, str_slice(text, 0, plain_len));
        text = str_slice(text, plain_len, text.len);
        if (plain.len > 0 && !text_product_add(&list, &plain, 1))
            return true;
        if (text.len == 0)
            break;
        size_t length = placeholder_length(text);
        struct str name = str_slice(text, 1, length - 1);
        uint32_t index = lists ? map_find(&lists->names, name) : MAP_NONE;
        if (index == MAP_NONE || lists->lists[index].count == 0) {
            *missing = name;
            return false;
        }
        if (!text_product_add(&list, lists->lists[index].values, lists->lists[index].count))
            return true;
        text = str_slice(text, length, text.len);
    }
    *texts = list.at;
    *count = list.count;
    return true;
}
