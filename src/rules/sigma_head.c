/* sigma_head.c - everything of a rule but its detection (rows D2 to D4, D9). */
#include "rules/sigma_priv.h"
#include "rules/spelling.h"

#define TITLE_CHARACTERS_MAX 256

static const struct yaml_node *text_of(struct sigma_loading *loading,
                                       const struct yaml_node *document, struct str key,
                                       struct str *text)
{
    const struct yaml_node *node = yaml_get(document, key);

    *text = STR_NONE;
    if (!node)
        return NULL;
    if (node->kind != YAML_SCALAR) {
        sigma_note(loading, NOTE_LINT, node->line, node->column, "'%.*s' must be a text",
                   STR_ARG(key));
        return node;
    }
    *text = yaml_type_of(node) == YAML_NULL ? STR_NONE : node->text;
    return node;
}

/* A list of texts; a single text counts as a list of one. */
static void list_of(struct sigma_loading *loading, const struct yaml_node *document, struct str key,
                    struct str **texts, uint32_t *count)
{
    const struct yaml_node *node = yaml_get(document, key);

    *count = 0;
    if (!node || yaml_is_null(node))
        return;
    if (node->kind == YAML_SCALAR) {
        *texts = ARENA_ARRAY(loading->arena, struct str, 1);
        (*texts)[(*count)++] = node->text;
        return;
    }
    *texts = ARENA_ARRAY(loading->arena, struct str, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        if (node->kind == YAML_LIST && node->members[i].value->kind == YAML_SCALAR)
            (*texts)[(*count)++] = node->members[i].value->text;
    if (*count < node->count)
        sigma_note(loading, NOTE_LINT, node->line, node->column, "'%.*s' must be a list of texts",
                   STR_ARG(key));
}

static bool matches_digits(struct str text, const char *shape)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.at[i]);
        if (shape[i] == '\0')
            return false;
        bool good = shape[i] == '9'   ? ascii_is_digit(c)
                    : shape[i] == 'f' ? ascii_is_digit(c) || (c >= 'a' && c <= 'f')
                                      : c == shape[i];
        if (!good)
            return false;
    }
    return shape[text.len] == '\0';
}

static void check_date(struct sigma_loading *loading, const struct yaml_node *document,
                       struct str key)
{
    struct str text;
    const struct yaml_node *node = text_of(loading, document, key, &text);

    if (!node || matches_digits(text, "9999-99-99"))
        return;
    sigma_note(loading, NOTE_LINT, node->line, node->column,
               "'%.*s' is written YYYY-MM-DD, not '%.*s'", STR_ARG(key), SHOWN(text));
}

static void parse_status(struct sigma_loading *loading, const struct yaml_node *document)
{
    static const char *const known[] = {"stable", "test", "experimental", "deprecated",
                                        "unsupported"};
    const struct yaml_node *node =
        text_of(loading, document, STR("status"), &loading->rule->status);

    if (!node)
        return;
    struct spelling spelling = spelling_of(loading->rule->status);
    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (str_eq(loading->rule->status, str_from(known[i])))
            return;
        spelling_try(&spelling, str_from(known[i]));
    }
    sigma_suggest(loading, NOTE_LINT, node->line, node->column, spelling.nearest,
                  "unknown status '%.*s'", SHOWN(loading->rule->status));
}

static void parse_level(struct sigma_loading *loading, const struct yaml_node *document)
{
    struct str text;
    const struct yaml_node *node = text_of(loading, document, STR("level"), &text);

    loading->rule->level = LEVEL_MEDIUM;
    if (!node || level_parse(text, &loading->rule->level))
        return;
    struct spelling spelling = spelling_of(text);
    for (enum level level = LEVEL_INFORMATIONAL; level <= LEVEL_CRITICAL; level++)
        spelling_try(&spelling, level_name(level));
    sigma_suggest(loading, NOTE_LINT, node->line, node->column, spelling.nearest,
                  "unknown level '%.*s' counts as medium", SHOWN(text));
}

static bool is_tag_char(char c, bool name)
{
    return ascii_is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-' ||
           (name && c == '.');
}

static bool is_tag(struct str tag)
{
    size_t dot = str_find_byte(tag, '.');

    for (size_t i = 0; i < tag.len; i++)
        if (i != dot && !is_tag_char(tag.at[i], i > dot))
            return false;
    return dot > 0 && dot + 1 < tag.len;
}

static void add_technique(struct sigma_loading *loading, struct str tag)
{
    struct sigma_rule *rule = loading->rule;
    struct str id = str_slice(tag, sizeof("attack.") - 1, tag.len);

    if (!str_eq_nocase(str_slice(tag, 0, sizeof("attack.") - 1), STR("attack.")) ||
        (!matches_digits(id, "t9999") && !matches_digits(id, "t9999.999")))
        return;
    struct str upper = arena_printf(loading->arena, "T%.*s", (int)id.len - 1, id.at + 1);
    for (uint32_t i = 0; i < rule->technique_count; i++)
        if (str_eq(rule->techniques[i], upper))
            return;
    rule->techniques[rule->technique_count++] = upper;
}

/* The text of the list's i-th text. */
static const struct yaml_node *tag_node(const struct yaml_node *list, uint32_t i)
{
    for (uint32_t at = 0; at < list->count; at++)
        if (list->members[at].value->kind == YAML_SCALAR && i-- == 0)
            return list->members[at].value;
    return list;
}

static void check_tag(struct sigma_loading *loading, const struct yaml_node *node, struct str tag)
{
    char *other = arena_alloc_bytes(loading->arena, tag.len);

    for (size_t i = 0; i < tag.len; i++)
        other[i] = ascii_lower(tag.at[i]);
    if (!is_tag(tag)) {
        struct str lower = {other, tag.len};
        sigma_suggest(loading, NOTE_LINT, node->line, node->column,
                      is_tag(lower) ? lower : STR_EMPTY,
                      "tag '%.*s' is not written namespace.value in lower case", SHOWN(tag));
    } else if (str_starts_with(tag, STR("attack.")) && str_find_byte(tag, '_') < tag.len &&
               !(tag.at[7] == 't' && tag.len > 8 && ascii_is_digit(tag.at[8]))) {
        str_replace_byte(tag, '_', '-', other);
        sigma_suggest(loading, NOTE_LINT, node->line, node->column, (struct str){other, tag.len},
                      "tag '%.*s' is written with '-' since Sigma 2", SHOWN(tag));
    } else if (loading->lint) {
        lint_tag(loading, node);
    }
}

static void parse_tags(struct sigma_loading *loading, const struct yaml_node *document)
{
    struct sigma_rule *rule = loading->rule;
    const struct yaml_node *node = yaml_get(document, STR("tags"));

    list_of(loading, document, STR("tags"), &rule->tags, &rule->tag_count);
    rule->techniques = ARENA_ARRAY(loading->arena, struct str, rule->tag_count);
    for (uint32_t i = 0; i < rule->tag_count; i++) {
        check_tag(loading, tag_node(node, i), rule->tags[i]);
        add_technique(loading, rule->tags[i]);
    }
}

static void parse_id(struct sigma_loading *loading, const struct yaml_node *document)
{
    struct str text;
    const struct yaml_node *node = text_of(loading, document, STR("id"), &text);

    if (!node || text.len == 0)
        return; /* the rule set has named it by its text already */
    loading->rule->id = text;
    if (!matches_digits(text, "ffffffff-ffff-ffff-ffff-ffffffffffff"))
        sigma_note(loading, NOTE_LINT, node->line, node->column, "id '%.*s' is no UUID",
                   SHOWN(text));
}

static bool parse_title(struct sigma_loading *loading, const struct yaml_node *document)
{
    struct sigma_rule *rule = loading->rule;
    const struct yaml_node *node = text_of(loading, document, STR("title"), &rule->title);
    size_t characters = 0;

    if (!node || rule->title.len == 0)
        return sigma_refuse(loading, node ? node->line : rule->line, node ? node->column : 1,
                            "the %s has no title", loading->what);
    for (size_t i = 0; i < rule->title.len; i++)
        characters += (rule->title.at[i] & 0xc0) != 0x80;
    if (characters > TITLE_CHARACTERS_MAX)
        sigma_note(loading, NOTE_LINT, node->line, node->column,
                   "the title has more than %d characters", TITLE_CHARACTERS_MAX);
    return true;
}

static bool parse_log_source(struct sigma_loading *loading, const struct yaml_node *document)
{
    struct log_source *source = &loading->rule->source;
    const struct yaml_node *node = yaml_get(document, STR("logsource"));

    if (!node || node->kind != YAML_MAP)
        return sigma_refuse(loading, node ? node->line : loading->rule->line,
                            node ? node->column : 1, "the %s has no logsource", loading->what);
    loading->rule->source_line = node->line;
    loading->rule->source_column = node->column;
    text_of(loading, node, STR("category"), &source->category);
    text_of(loading, node, STR("product"), &source->product);
    text_of(loading, node, STR("service"), &source->service);
    if (source->category.len + source->product.len + source->service.len == 0)
        return sigma_refuse(loading, node->line, node->column,
                            "the logsource names none of category, product, service");
    return true;
}

static bool check_taxonomy(struct sigma_loading *loading, const struct yaml_node *document)
{
    struct str text;
    const struct yaml_node *node = yaml_get(document, STR("taxonomy"));

    if (node && node->kind != YAML_SCALAR)
        return sigma_refuse(loading, node->line, node->column, "'taxonomy' must be a text");
    text_of(loading, document, STR("taxonomy"), &text);
    if (!node || text.len == 0 || str_eq(text, STR("sigma")))
        return true;
    return sigma_refuse(loading, node->line, node->column,
                        "taxonomy '%.*s' is not known here; only 'sigma' is", SHOWN(text));
}

/* What a rule says of other rules is for people; only its spelling is looked at. */
static void check_related(struct sigma_loading *loading, const struct yaml_node *document)
{
    static const char *const kinds[] = {"derived", "obsolete", "merged",
                                        "renamed", "similar",  "correlation"};
    const struct yaml_node *list = yaml_get(document, STR("related"));

    for (uint32_t i = 0; list && i < list->count; i++) {
        const struct yaml_node *kind = yaml_get(list->members[i].value, STR("type"));
        bool known = !kind;
        for (size_t k = 0; !known && k < ARRAY_COUNT(kinds); k++)
            known = str_eq(kind->text, str_from(kinds[k]));
        if (!known && str_eq(kind->text, STR("obsoletes")))
            sigma_suggest(loading, NOTE_LINT, kind->line, kind->column, STR("obsolete"),
                          "the relation 'obsoletes' is written 'obsolete' since Sigma 2");
        else if (!known)
            sigma_note(loading, NOTE_LINT, kind->line, kind->column,
                       "the relation '%.*s' is none of Sigma's", SHOWN(kind->text));
    }
}

void head_parse(struct sigma_loading *loading, const struct yaml_node *document)
{
    struct sigma_rule *rule = loading->rule;
    const struct yaml_node *old = yaml_get(document, STR("obsoletes"));

    parse_id(loading, document);
    text_of(loading, document, STR("name"), &rule->name);
    text_of(loading, document, STR("description"), &rule->description);
    text_of(loading, document, STR("author"), &rule->author);
    parse_status(loading, document);
    parse_level(loading, document);
    parse_tags(loading, document);
    check_date(loading, document, STR("date"));
    check_date(loading, document, STR("modified"));
    check_related(loading, document);
    list_of(loading, document, STR("references"), &rule->references, &rule->reference_count);
    list_of(loading, document, STR("falsepositives"), &rule->false_positives,
            &rule->false_positive_count);
    if (loading->lint)
        lint_head(loading, document);
    if (old)
        sigma_note(loading, NOTE_LINT, old->line, old->column,
                   "'obsoletes' is now written as a 'related' entry of type obsolete");
    if (parse_title(loading, document) &&
        (yaml_get(document, STR("correlation")) || parse_log_source(loading, document)))
        check_taxonomy(loading, document);
}
