/* sigma_item.c - one `field|modifiers: values` as an expression over predicates. */
#include "core/limits.h"
#include "match/number.h"
#include "match/regex.h"
#include "rules/sigma_priv.h"

struct expression *expression_new(struct arena *arena, enum expression_kind kind, uint32_t count)
{
    struct expression *expression = ARENA_NEW(arena, struct expression);

    expression->kind = kind;
    expression->count = count;
    expression->children = ARENA_ARRAY(arena, struct expression *, count);
    return expression;
}

struct expression *expression_not(struct arena *arena, struct expression *child)
{
    struct expression *expression = expression_new(arena, EXPRESSION_NOT, 1);

    expression->children[0] = child;
    return expression;
}

void expression_list_add(struct arena *arena, struct expression_list *list,
                         struct expression *child)
{
    if (list->count == list->max) {
        uint32_t max = list->max ? list->max * 2 : 4;
        struct expression **grown = ARENA_ARRAY(arena, struct expression *, max);
        for (uint32_t i = 0; i < list->count; i++)
            grown[i] = list->at[i];
        list->at = grown;
        list->max = max;
    }
    list->at[list->count++] = child;
}

struct expression *expression_list_join(struct arena *arena, const struct expression_list *list,
                                        enum expression_kind kind)
{
    if (list->count == 1)
        return list->at[0];
    struct expression *joined = expression_new(arena, kind, 0);
    joined->children = list->at;
    joined->count = list->count;
    return joined;
}

/* NULL (refused) where the rule has no room for it. */
static struct expression *test_of(struct sigma_loading *loading, const struct yaml_node *value,
                                  struct predicate predicate)
{
    if (loading->values == RULE_VALUES_MAX) {
        sigma_refuse(loading, value->line, value->column, "the rule has more than %d values",
                     RULE_VALUES_MAX);
        return NULL;
    }
    if (arena_used(loading->arena) > loading->memory_max) {
        sigma_refuse(loading, value->line, value->column,
                     "the rules of this file take too much memory");
        return NULL;
    }
    loading->values++;
    struct predicate *copy = ARENA_NEW(loading->arena, struct predicate);
    struct expression *test = expression_new(loading->arena, EXPRESSION_TEST, 0);

    *copy = predicate;
    test->test = copy;
    return test;
}

static struct predicate predicate_on(const struct item_key *key, enum predicate_kind kind,
                                     const struct yaml_node *value)
{
    return (struct predicate){.kind = kind,
                              .field = key->field,
                              .written = value->text,
                              .line = value->line,
                              .column = value->column};
}

/* ---- strings ---- */

static struct expression *glob_test(struct sigma_loading *loading, const struct item_key *key,
                                    const struct yaml_node *value, struct glob glob)
{
    bool contains = item_has(key, MODIFIER_CONTAINS);
    bool starts = item_has(key, MODIFIER_STARTSWITH), ends = item_has(key, MODIFIER_ENDSWITH);
    bool keyword = key->field.len == 0 && !starts && !ends;
    struct predicate predicate = predicate_on(key, PREDICATE_GLOB, value);

    predicate.cased = item_has(key, MODIFIER_CASED);
    if (item_has(key, MODIFIER_WINDASH))
        glob = pattern_windash(loading->arena, glob);
    predicate.glob = pattern_finish(loading->arena, glob, contains || ends || keyword,
                                    contains || starts || keyword, predicate.cased);
    return test_of(loading, value, predicate);
}

/* The forms that a text takes under base64 and base64offset; NULL (refused) if there is none. */
static struct expression *encoded_tests(struct sigma_loading *loading, const struct item_key *key,
                                        const struct yaml_node *value, struct str text)
{
    struct arena *arena = loading->arena;
    struct str bytes = encode_text(arena, text, modifiers_encoding(key));
    struct expression_list list = {0};

    if (item_has(key, MODIFIER_BASE64)) {
        struct glob_token token = {GLOB_TEXT, encode_base64(arena, bytes)};
        return glob_test(loading, key, value, (struct glob){&token, token.text.len > 0});
    }
    for (unsigned offset = 0; offset < 3; offset++) {
        struct glob_token token = {GLOB_TEXT, encode_base64_offset(arena, bytes, offset)};
        if (token.text.len == 0)
            continue;
        struct expression *test = glob_test(loading, key, value, (struct glob){&token, 1});
        if (!test)
            return NULL;
        expression_list_add(arena, &list, test);
    }
    if (list.count > 0)
        return expression_list_join(arena, &list, EXPRESSION_OR);
    sigma_refuse(loading, value->line, value->column,
                 "'%.*s' is too short for base64offset: nothing of it is stable",
                 SHOWN(value->text));
    return NULL;
}

static struct expression *text_test(struct sigma_loading *loading, const struct item_key *key,
                                    const struct yaml_node *value, struct str text)
{
    struct glob glob = pattern_parse(loading->arena, text);
    struct str plain;

    if (!item_has(key, MODIFIER_BASE64) && !item_has(key, MODIFIER_BASE64OFFSET))
        return glob_test(loading, key, value, glob);
    if (!pattern_plain(&glob, &plain)) {
        sigma_refuse(loading, value->line, value->column,
                     "wildcards in '%.*s' cannot be encoded; escape them with a backslash",
                     SHOWN(value->text));
        return NULL;
    }
    return encoded_tests(loading, key, value, plain);
}

static struct expression *cidr_test(struct sigma_loading *loading, const struct item_key *key,
                                    const struct yaml_node *value, struct str text)
{
    struct predicate predicate = predicate_on(key, PREDICATE_CIDR, value);
    bool host_bits;

    if (!cidr_parse(text, &predicate.cidr, &host_bits)) {
        sigma_refuse(loading, value->line, value->column,
                     "'%.*s' is no address range; write it like 192.0.2.0/24 or 2001:db8::/32",
                     SHOWN(text));
        return NULL;
    }
    if (host_bits)
        sigma_note(loading, NOTE_LINT, value->line, value->column,
                   "'%.*s' has bits set behind its mask; they are ignored", SHOWN(text));
    return test_of(loading, value, predicate);
}

/* A value after `expand`, or as it stands. */
static struct expression *string_test(struct sigma_loading *loading, const struct item_key *key,
                                      const struct yaml_node *value, struct str text)
{
    return item_has(key, MODIFIER_CIDR) ? cidr_test(loading, key, value, text)
                                        : text_test(loading, key, value, text);
}

static struct expression *expanded_tests(struct sigma_loading *loading, const struct item_key *key,
                                         const struct yaml_node *value)
{
    struct str *texts, missing;
    uint32_t count;
    struct expression_list list = {0};

    if (!placeholders_expand(loading->lists, loading->arena, value->text, &texts, &count,
                             &missing)) {
        if (loading->rule->state == RULE_LOADED) {
            loading->rule->state = RULE_INERT;
            loading->rule->reason_line = value->line;
            loading->rule->reason_column = value->column;
            loading->rule->reason = arena_printf(
                loading->arena,
                "placeholder list '%.*s' is missing; give one with --placeholders FILE",
                SHOWN(missing));
        }
        return NULL;
    }
    if (count == 0) {
        sigma_refuse(loading, value->line, value->column,
                     "'%.*s' expands to more than %d values, or to too long ones",
                     SHOWN(value->text), EXPANSIONS_MAX);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct expression *test = string_test(loading, key, value, texts[i]);
        if (!test)
            return NULL;
        expression_list_add(loading->arena, &list, test);
    }
    return expression_list_join(loading->arena, &list, EXPRESSION_OR);
}

/* ---- the other kinds ---- */

static struct expression *regex_test(struct sigma_loading *loading, const struct item_key *key,
                                     const struct yaml_node *value)
{
    struct predicate predicate = predicate_on(key, PREDICATE_REGEX, value);

    if (loading->expressions++ == RULE_EXPRESSIONS_MAX) {
        sigma_refuse(loading, value->line, value->column,
                     "the rule has more than %d regular expressions", RULE_EXPRESSIONS_MAX);
        return NULL;
    }
    predicate.regex = value->text;
    predicate.regex_flags = (item_has(key, MODIFIER_IGNORECASE) ? (unsigned)REGEX_CASELESS : 0) |
                            (item_has(key, MODIFIER_MULTILINE) ? (unsigned)REGEX_MULTILINE : 0) |
                            (item_has(key, MODIFIER_DOTALL) ? (unsigned)REGEX_DOTALL : 0);
    return test_of(loading, value, predicate);
}

static struct expression *exists_test(struct sigma_loading *loading, const struct item_key *key,
                                      const struct yaml_node *value)
{
    struct predicate predicate = predicate_on(key, PREDICATE_EXISTS, value);

    if (!yaml_bool(value, &predicate.exists)) {
        sigma_refuse(loading, value->line, value->column,
                     "'exists' takes true or false without quotes, not '%.*s'", SHOWN(value->text));
        return NULL;
    }
    return test_of(loading, value, predicate);
}

static struct expression *compare_test(struct sigma_loading *loading, const struct item_key *key,
                                       const struct yaml_node *value)
{
    struct predicate predicate = predicate_on(key, PREDICATE_COMPARE, value);

    predicate.compare = modifiers_compare(key);
    predicate.part = modifiers_time_part(key);
    if (!number_parse(value->text, &predicate.number)) {
        sigma_refuse(loading, value->line, value->column, "'%.*s' needs a number, not '%.*s'",
                     SHOWN(key->written), SHOWN(value->text));
        return NULL;
    }
    return test_of(loading, value, predicate);
}

static struct expression *fieldref_test(struct sigma_loading *loading, const struct item_key *key,
                                        const struct yaml_node *value)
{
    struct predicate predicate = predicate_on(key, PREDICATE_FIELDREF, value);

    if (value->text.len == 0) {
        sigma_refuse(loading, value->line, value->column, "'fieldref' needs a field's name");
        return NULL;
    }
    if (!sigma_name_field(loading, value->text, value->line, value->column))
        return NULL;
    predicate.cased = item_has(key, MODIFIER_CASED);
    predicate.other = value->text;
    bool starts = item_has(key, MODIFIER_STARTSWITH), ends = item_has(key, MODIFIER_ENDSWITH);
    bool contains = item_has(key, MODIFIER_CONTAINS) || (starts && ends);
    predicate.fieldref = contains ? FIELDREF_CONTAINS
                         : starts ? FIELDREF_STARTSWITH
                         : ends   ? FIELDREF_ENDSWITH
                                  : FIELDREF_EQUALS;
    return test_of(loading, value, predicate);
}

static struct expression *null_test(struct sigma_loading *loading, const struct item_key *key,
                                    const struct yaml_node *value)
{
    uint64_t plain =
        (uint64_t)1 << MODIFIER_ALL | (uint64_t)1 << MODIFIER_NEQ | (uint64_t)1 << MODIFIER_CASED;

    if (key->field.len == 0 || (key->set & ~plain)) {
        sigma_refuse(loading, value->line, value->column,
                     "null cannot stand under '%.*s'; write 'null' in quotes if the word is meant",
                     SHOWN(key->written));
        return NULL;
    }
    return test_of(loading, value, predicate_on(key, PREDICATE_NULL, value));
}

static struct expression *value_test(struct sigma_loading *loading, const struct item_key *key,
                                     const struct yaml_node *value)
{
    if (yaml_is_ambiguous(value))
        sigma_note(loading, NOTE_LINT, value->line, value->column,
                   "YAML versions disagree about %.*s; it is taken as written: put it in quotes",
                   SHOWN(value->text));
    if (value->text.len > RULE_VALUE_BYTES_MAX) {
        sigma_refuse(loading, value->line, value->column, "a value has more than %d bytes",
                     RULE_VALUE_BYTES_MAX);
        return NULL;
    }
    if (item_has(key, MODIFIER_EXISTS))
        return exists_test(loading, key, value);
    if (yaml_type_of(value) == YAML_NULL)
        return null_test(loading, key, value);
    if (item_has(key, MODIFIER_RE))
        return regex_test(loading, key, value);
    if (item_has(key, MODIFIER_FIELDREF))
        return fieldref_test(loading, key, value);
    if (modifiers_compare(key) != COMPARE_EQ || modifiers_time_part(key) != TIME_WHOLE)
        return compare_test(loading, key, value);
    if (item_has(key, MODIFIER_EXPAND))
        return expanded_tests(loading, key, value);
    return string_test(loading, key, value, value->text);
}

/* Lists in lists are one list (row G5). */
static bool collect_values(struct sigma_loading *loading, const struct item_key *key,
                           const struct yaml_node *value, struct expression_list *list)
{
    if (value->kind == YAML_SCALAR) {
        struct expression *test = value_test(loading, key, value);
        if (test)
            expression_list_add(loading->arena, list, test);
        return test != NULL;
    }
    if (value->kind == YAML_MAP)
        return sigma_refuse(loading, value->line, value->column,
                            "'%.*s' holds a map where a value or a list of values must stand",
                            SHOWN(key->written));
    if (value->count == 0)
        return sigma_refuse(loading, value->line, value->column, "'%.*s' has an empty list",
                            SHOWN(key->written));
    for (uint32_t i = 0; i < value->count; i++) {
        const struct yaml_node *member = value->members[i].value;
        if (yaml_is_null(member) && !item_has(key, MODIFIER_EXISTS))
            sigma_note(loading, NOTE_LINT, member->line, member->column,
                       "null in a list counts as one more alternative; an item of its own is "
                       "clearer");
        if (!collect_values(loading, key, member, list))
            return false;
    }
    return true;
}

struct expression *item_parse(struct sigma_loading *loading, const struct item_key *key,
                              const struct yaml_node *value)
{
    struct expression_list list = {0};
    bool all = item_has(key, MODIFIER_ALL);

    if (all && (value->kind == YAML_SCALAR || value->count == 1))
        sigma_note(loading, NOTE_LINT, key->line, key->column,
                   "'all' on a single value changes nothing");
    if (!collect_values(loading, key, value, &list))
        return NULL;
    struct expression *item =
        expression_list_join(loading->arena, &list, all ? EXPRESSION_AND : EXPRESSION_OR);
    return item_has(key, MODIFIER_NEQ) ? expression_not(loading->arena, item) : item;
}
