/* technique.c - see technique.h. */
#include "attack/technique.h"

#include "codec/yaml.h"
#include "core/limits.h"

#define TREES_BYTES_MAX ((size_t)4 << 30)

static enum err refuse(const struct yaml_node *where, const char *complaint, struct why *why)
{
    why_set(why, "%u:%u: %s", where->line, where->column, complaint);
    return ERR_INVALID;
}

static bool is_digits(struct str text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return true;
}

/* T1234 or T1234.001 */
static bool is_id(struct str text)
{
    bool sub = text.len == 9;

    return (text.len == 5 || sub) && text.at[0] == 'T' && is_digits(text, 1, 5) &&
           (!sub || (text.at[5] == '.' && is_digits(text, 6, 9)));
}

/* A tactic has one text, wherever it stands. */
static bool find_tactic(const struct techniques *techniques, struct str name, struct str *tactic)
{
    for (uint32_t i = 0; i < techniques->tactics.count; i++)
        if (str_eq(techniques->tactics.at[i], name)) {
            *tactic = techniques->tactics.at[i];
            return true;
        }
    return false;
}

static enum err read_tactics(struct techniques *techniques, const struct yaml_node *node,
                             struct why *why)
{
    if (node->kind != YAML_LIST || node->count == 0)
        return refuse(node, "'tactics' is a list of names", why);
    techniques->tactics.at = ARENA_ARRAY(techniques->arena, struct str, node->count);
    for (uint32_t i = 0; i < node->count; i++) {
        if (!yaml_is_text(node->members[i].value))
            return refuse(node->members[i].value, "a tactic is a name", why);
        techniques->tactics.at[i] = arena_str(techniques->arena, node->members[i].value->text);
    }
    techniques->tactics.count = node->count;
    return ERR_NONE;
}

static enum err read_technique(struct techniques *techniques, const struct yaml_member *member,
                               struct technique *technique, struct why *why)
{
    const struct yaml_node *node = member->value;

    if (!is_id(member->key))
        return refuse(node, "a technique's id is T and four digits, perhaps with three more", why);
    if (node->kind != YAML_LIST || node->count < 2)
        return refuse(node, "a technique has a name and tactics", why);
    technique->id = arena_str(techniques->arena, member->key);
    technique->tactics.at = ARENA_ARRAY(techniques->arena, struct str, node->count - 1);
    technique->tactics.count = node->count - 1;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *text = node->members[i].value;
        if (!yaml_is_text(text))
            return refuse(text, "a technique has a name and tactics", why);
        if (i == 0)
            technique->name = arena_str(techniques->arena, text->text);
        else if (!find_tactic(techniques, text->text, &technique->tactics.at[i - 1]))
            return refuse(text, "no such tactic", why);
    }
    return ERR_NONE;
}

static enum err read_root(struct techniques *techniques, const struct yaml_node *root,
                          struct why *why)
{
    const struct yaml_node *tactics = yaml_get(root, STR("tactics"));
    const struct yaml_node *list = yaml_get(root, STR("techniques"));

    if (!tactics || !list || root->count != 2 || list->kind != YAML_MAP)
        return refuse(root, "there are 'tactics' and 'techniques'", why);
    enum err err = read_tactics(techniques, tactics, why);
    techniques->at = ARENA_ARRAY(techniques->arena, struct technique, list->count);
    for (uint32_t i = 0; i < list->count && !err; i++) {
        err = read_technique(techniques, &list->members[i], &techniques->at[i], why);
        if (!err)
            map_set(&techniques->ids, techniques->at[i].id, techniques->count++);
    }
    return err;
}

void techniques_init(struct techniques *techniques, struct arena *arena)
{
    *techniques = (struct techniques){.arena = arena};
    map_init(&techniques->ids, arena);
}

enum err techniques_read(struct techniques *techniques, struct str yaml, struct why *why)
{
    struct yaml_documents documents;

    if (yaml.len > RULE_FILE_BYTES_MAX) {
        why_set(why, "%s", err_text(ERR_TOO_LARGE));
        return ERR_TOO_LARGE;
    }
    struct arena *trees = arena_new("YAML of techniques", TREES_BYTES_MAX);
    enum err err = yaml_parse(yaml, trees, &documents, why);
    if (!err && documents.count != 1) {
        why_set(why, "there is one document");
        err = ERR_INVALID;
    }
    if (!err)
        err = read_root(techniques, documents.roots[0], why);
    arena_free(trees);
    return err;
}

const struct technique *technique_find(const struct techniques *techniques, struct str id)
{
    uint32_t at = map_find(&techniques->ids, id);

    return at == MAP_NONE ? NULL : &techniques->at[at];
}
