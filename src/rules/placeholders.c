/* placeholders.c - value lists for the modifier `expand` (row M16). */
#include "rules/sigma_priv.h"

#include "core/map.h"

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
        add_value(lists, list, node->text);
        return true;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->members[i].value;
        if (node->kind != YAML_LIST || value->kind != YAML_SCALAR) {
            why_set(why, "line %u: '%.*s' must hold a value or a list of values", node->line,
                    STR_ARG(member->key));
            return false;
        }
        add_value(lists, list, value->text);
    }
    return true;
}

enum err placeholders_add(struct placeholders *lists, struct str yaml, struct why *why)
{
    struct yaml_documents documents;
    enum err err = yaml_parse(yaml, lists->arena, &documents, why);

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

static bool is_name_char(char c)
{
    return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' ||
           c == '-' || c == '.';
}

/* Length of `%name%` at the start of `s`; 0 if none stands there. */
static size_t placeholder_length(struct str s)
{
    size_t i = 1;

    if (s.len < 3 || s.at[0] != '%')
        return 0;
    while (i < s.len && is_name_char(s.at[i]))
        i++;
    return i > 1 && i < s.len && s.at[i] == '%' ? i + 1 : 0;
}

struct text_list {
    struct str *at;
    uint32_t count;
};

static struct str joined(struct arena *arena, struct str a, struct str b)
{
    return arena_printf(arena, "%.*s%.*s", (int)a.len, a.at, (int)b.len, b.at);
}

/* Every text so far with every value behind it. */
static bool multiply(struct arena *arena, struct text_list *texts, const struct str *values,
                     uint32_t count)
{
    if ((uint64_t)texts->count * count > EXPANSIONS_MAX)
        return false;
    struct str *at = ARENA_ARRAY(arena, struct str, texts->count * count);
    for (uint32_t i = 0; i < texts->count; i++)
        for (uint32_t j = 0; j < count; j++)
            at[i * count + j] = joined(arena, texts->at[i], values[j]);
    *texts = (struct text_list){at, texts->count * count};
    return true;
}

bool placeholders_expand(const struct placeholders *lists, struct arena *arena, struct str text,
                         struct str **texts, uint32_t *count, struct str *missing)
{
    struct str empty = STR_EMPTY;
    struct text_list list = {&empty, 1};

    *count = 0;
    while (text.len > 0) {
        size_t plain = 0;
        while (plain < text.len && !(text.at[plain] == '\\' && plain + 1 < text.len) &&
               placeholder_length(str_slice(text, plain, text.len)) == 0)
            plain++;
        struct str part = str_slice(text, 0, plain);
        text = str_slice(text, plain, text.len);
        if (part.len > 0 && !multiply(arena, &list, &part, 1))
            return true;
        if (text.len == 0)
            break;
        if (text.at[0] == '\\') { /* `\%` is a percent sign; other escapes stay for the pattern */
            part = text.at[1] == '%' ? str_slice(text, 1, 2) : str_slice(text, 0, 2);
            text = str_slice(text, 2, text.len);
            if (!multiply(arena, &list, &part, 1))
                return true;
            continue;
        }
        size_t length = placeholder_length(text);
        struct str name = str_slice(text, 1, length - 1);
        uint32_t index = lists ? map_find(&lists->names, name) : MAP_NONE;
        if (index == MAP_NONE || lists->lists[index].count == 0) {
            *missing = name;
            return false;
        }
        if (!multiply(arena, &list, lists->lists[index].values, lists->lists[index].count))
            return true;
        text = str_slice(text, length, text.len);
    }
    *texts = list.at;
    *count = list.count;
    return true;
}
