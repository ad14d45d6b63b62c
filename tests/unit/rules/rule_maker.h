/* rule_maker.h - rules, taxonomy entries and events made by hand, for the tests of plan and
 * matcher; and rules loaded from text and shown as text, for the tests of the Sigma loader.
 *
 * Everything lives in `made`, between make_begin and make_end. Patterns: `*`, `?`, `~` (a folding
 * dash), anything else is text, to be written in lower case. */
#ifndef RULE_MAKER_H
#define RULE_MAKER_H

#include "rules/matcher_priv.h"
#include "rules/sigma_priv.h"

#include "testkit.h"

#include <stdarg.h>

#define UNUSED __attribute__((unused))

static struct arena *made, *event_arena;
static struct rule_set set;
static struct taxonomy taxonomy;
static struct field_dictionary fields;
static struct plan *plan;
static struct matcher *matcher;
static struct event *event;
static const struct sigma_rule *const *hits;

/* ---- conditions ---- */

UNUSED static struct glob made_glob(const char *pattern)
{
    struct glob glob = {ARENA_ARRAY(made, struct glob_token, strlen(pattern) + 1), 0};

    while (*pattern) {
        size_t len = strcspn(pattern, "*?~");
        enum glob_token_kind kind = GLOB_TEXT;
        if (len == 0)
            kind = *pattern == '*' ? GLOB_MANY : *pattern == '?' ? GLOB_ONE : GLOB_DASH;
        glob.tokens[glob.count].kind = kind;
        if (kind == GLOB_TEXT)
            glob.tokens[glob.count].text = arena_str(made, (struct str){pattern, len});
        glob.count++;
        pattern += len ? len : 1;
    }
    return glob;
}

UNUSED static struct expression *test_of(struct predicate predicate)
{
    struct expression *expression = ARENA_NEW(made, struct expression);
    struct predicate *kept = ARENA_NEW(made, struct predicate);

    *kept = predicate;
    *expression = (struct expression){.kind = EXPRESSION_TEST, .test = kept};
    return expression;
}

UNUSED static struct predicate on(const char *field, enum predicate_kind kind)
{
    return (struct predicate){.kind = kind, .field = arena_str(made, str_from(field))};
}

UNUSED static struct expression *is(const char *field, const char *pattern)
{
    struct predicate predicate = on(field, PREDICATE_GLOB);

    predicate.glob = made_glob(pattern);
    return test_of(predicate);
}

UNUSED static struct expression *is_cased(const char *field, const char *pattern)
{
    struct predicate predicate = on(field, PREDICATE_GLOB);

    predicate.glob = made_glob(pattern);
    predicate.cased = true;
    return test_of(predicate);
}

UNUSED static struct expression *re(const char *field, const char *expression, unsigned flags)
{
    struct predicate predicate = on(field, PREDICATE_REGEX);

    predicate.regex = arena_str(made, str_from(expression));
    predicate.regex_flags = flags;
    return test_of(predicate);
}

UNUSED static struct expression *compare(const char *field, enum compare_op op, double number)
{
    struct predicate predicate = on(field, PREDICATE_COMPARE);

    predicate.compare = op;
    predicate.number = number;
    return test_of(predicate);
}

UNUSED static struct expression *net(const char *field, const char *text)
{
    struct predicate predicate = on(field, PREDICATE_CIDR);
    bool host_bits;

    CHECK(cidr_parse(str_from(text), &predicate.cidr, &host_bits));
    return test_of(predicate);
}

UNUSED static struct expression *exists(const char *field, bool asked)
{
    struct predicate predicate = on(field, PREDICATE_EXISTS);

    predicate.exists = asked;
    return test_of(predicate);
}

UNUSED static struct expression *is_null(const char *field)
{
    return test_of(on(field, PREDICATE_NULL));
}

UNUSED static struct expression *ref(const char *field, const char *other, enum fieldref_op op)
{
    struct predicate predicate = on(field, PREDICATE_FIELDREF);

    predicate.other = arena_str(made, str_from(other));
    predicate.fieldref = op;
    return test_of(predicate);
}

UNUSED static struct expression *joined(enum expression_kind kind, struct expression *first,
                                        va_list rest)
{
    struct expression *expression = ARENA_NEW(made, struct expression);

    expression->kind = kind;
    expression->children = ARENA_ARRAY(made, struct expression *, 32);
    for (struct expression *child = first; child; child = va_arg(rest, struct expression *))
        expression->children[expression->count++] = child;
    return expression;
}

/* all(a, b, NULL), any(a, b, NULL) */
UNUSED static struct expression *all(struct expression *first, ...)
{
    va_list rest;

    va_start(rest, first);
    struct expression *expression = joined(EXPRESSION_AND, first, rest);
    va_end(rest);
    return expression;
}

UNUSED static struct expression *any(struct expression *first, ...)
{
    va_list rest;

    va_start(rest, first);
    struct expression *expression = joined(EXPRESSION_OR, first, rest);
    va_end(rest);
    return expression;
}

UNUSED static struct expression *negated(struct expression *child)
{
    struct expression *expression = ARENA_NEW(made, struct expression);

    *expression = (struct expression){.kind = EXPRESSION_NOT, .count = 1};
    expression->children = ARENA_NEW(made, struct expression *);
    expression->children[0] = child;
    return expression;
}

/* ---- rules and taxonomy ---- */

UNUSED static struct sigma_rule *rule_in(const char *category, const char *product,
                                         const char *service, const struct expression *detection)
{
    static struct sigma_rule *rules[4096];
    struct sigma_rule *rule = ARENA_NEW(made, struct sigma_rule);

    set.rules = rules;
    rules[set.count++] = rule;
    rule->source = (struct log_source){str_from(category), str_from(product), str_from(service)};
    rule->state = RULE_LOADED;
    rule->detection = detection;
    return rule;
}

/* A rule for every event. */
UNUSED static struct sigma_rule *rule(const struct expression *detection)
{
    return rule_in("test", "", "", detection);
}

UNUSED static struct taxonomy_entry *entry_for(const char *category, const char *product,
                                               const char *service)
{
    static struct taxonomy_entry entries[256];
    struct taxonomy_entry *entry = &entries[taxonomy.count++];

    taxonomy.entries = entries;
    *entry = (struct taxonomy_entry){
        .source = {str_from(category), str_from(product), str_from(service)},
        .tests = ARENA_ARRAY(made, struct taxonomy_test, 8),
        .fields = ARENA_ARRAY(made, struct field_mapping, 8),
    };
    return entry;
}

/* when(entry, "EventID", "1|5"); "*" is presence. */
UNUSED static void when(struct taxonomy_entry *entry, const char *field, const char *values)
{
    struct taxonomy_test *test = &entry->tests[entry->test_count++];
    struct str rest = str_from(values);

    test->field = str_from(field);
    test->present = strcmp(values, "*") == 0;
    test->values = ARENA_ARRAY(made, struct str, 16);
    while (!test->present && rest.len)
        test->values[test->value_count++] = str_cut(&rest, '|');
}

UNUSED static struct field_mapping *maps(struct taxonomy_entry *entry, const char *rule_field,
                                         enum derivation_kind kind, const char *from,
                                         const char *second)
{
    struct field_mapping *mapping = &entry->fields[entry->field_count++];

    *mapping = (struct field_mapping){.rule_field = str_from(rule_field), .kind = kind};
    mapping->from = ARENA_ARRAY(made, struct str, 2);
    mapping->from[mapping->from_count++] = str_from(from);
    if (second)
        mapping->from[mapping->from_count++] = str_from(second);
    return mapping;
}

/* ---- events ---- */

#define VALUES_MAX 64
static struct value values[VALUES_MAX];
static uint32_t value_count;

static void visit_values(struct event *of, const struct value_visitor *visitor)
{
    (void)of;
    for (uint32_t i = 0; i < value_count; i++)
        if (values[i].type == VALUE_STRING
                ? !visitor->knows || !visitor->knows(visitor->context, RAW_UTF8, values[i].text)
                : !visitor->texts_only)
            visitor->visit(visitor->context, values[i]);
}

UNUSED static void event_begin(void)
{
    event_reset(event);
    event->all_values = visit_values;
    value_count = 0;
}

UNUSED static void with_value(const char *field, struct value value)
{
    values[value_count++] = value;
    event_add(event, fields_resolve(&fields, str_from(field)), value);
}

UNUSED static void with(const char *field, const char *text)
{
    with_value(field, value_string(arena_str(made, str_from(text))));
}

UNUSED static void with_null(const char *field)
{
    with_value(field, (struct value){STR_EMPTY, VALUE_NULL});
}

/* ---- a test's course ---- */

UNUSED static void make_begin(void)
{
    made = arena_new("test", (size_t)64 << 20);
    event_arena = arena_new("test event", (size_t)64 << 20);
    set = (struct rule_set){.arena = made};
    taxonomy = (struct taxonomy){.arena = made};
    fields_init(&fields, made);
    plan = NULL;
    matcher = NULL;
    event = NULL;
}

/* Builds from the rules made so far; without entries there is one for `category: test`. */
UNUSED static void make_plan(void)
{
    if (taxonomy.count == 0)
        entry_for("test", "", "");
    plan = plan_build(&set, &taxonomy, &fields);
    matcher = matcher_new(plan);
    event = event_new(&fields, event_arena);
}

UNUSED static void make_end(void)
{
    event_free(event);
    matcher_free(matcher);
    arena_free(made);
    arena_free(event_arena);
}

UNUSED static uint32_t run(void)
{
    return matcher_run(matcher, event, &hits);
}

/* An event of one field. */
UNUSED static bool matches(const char *field, const char *text)
{
    event_begin();
    with(field, text);
    return run() > 0;
}

/* ---- rules as text, between load_begin and load_end ---- */

static struct buf shown_bytes;

UNUSED static void load_begin(void)
{
    made = arena_new("test", (size_t)256 << 20);
    rule_set_init(&set, made);
    buf_init(&shown_bytes, 1 << 20);
}

UNUSED static void load_end(void)
{
    arena_free(made);
    buf_free(&shown_bytes);
}

/* Loads the text as a file; its last rule, or NULL if there is none yet. */
UNUSED static const struct sigma_rule *load_with(const char *yaml, const struct placeholders *lists)
{
    rule_set_add(&set, STR("folder/rule.yml"), str_from(yaml), lists);
    return set.count > 0 ? set.rules[set.count - 1] : NULL;
}

UNUSED static const struct sigma_rule *load(const char *yaml)
{
    return load_with(yaml, NULL);
}

/* A rule with this detection, whose first line is line 4. */
UNUSED static const struct sigma_rule *load_detection(const char *detection,
                                                      const struct placeholders *lists)
{
    struct str rest = str_from(detection);
    struct buf text;

    buf_init(&text, 1 << 22);
    buf_printf(&text, "title: t\nlogsource: {category: test}\ndetection:\n");
    while (rest.len > 0) {
        buf_add(&text, STR("  "));
        buf_add(&text, str_cut(&rest, '\n'));
        buf_add_char(&text, '\n');
    }
    buf_add_char(&text, '\0');
    const struct sigma_rule *rule = load_with(text.at, lists);
    buf_free(&text);
    return rule;
}

UNUSED static void show_glob(const struct glob *glob)
{
    static const char signs[] = {[GLOB_MANY] = '*', [GLOB_ONE] = '?', [GLOB_DASH] = '~'};

    for (uint32_t i = 0; i < glob->count; i++) {
        if (glob->tokens[i].kind == GLOB_TEXT)
            buf_add(&shown_bytes, glob->tokens[i].text);
        else
            buf_add_char(&shown_bytes, signs[glob->tokens[i].kind]);
    }
}

UNUSED static void show_test(const struct predicate *test)
{
    static const char *const compares[] = {"=", "<", "<=", ">", ">="};
    static const char *const parts[] = {"", ".minute", ".hour", ".day", ".week", ".month", ".year"};
    static const char refs[] = {[FIELDREF_EQUALS] = '=',
                                [FIELDREF_STARTSWITH] = '^',
                                [FIELDREF_ENDSWITH] = '$',
                                [FIELDREF_CONTAINS] = '*'};

    buf_add(&shown_bytes, test->field);
    switch (test->kind) {
    case PREDICATE_GLOB:
        buf_printf(&shown_bytes, test->cased ? "==" : "=");
        show_glob(&test->glob);
        break;
    case PREDICATE_REGEX:
        buf_printf(&shown_bytes, "~/%.*s/%s%s%s", STR_ARG(test->regex),
                   test->regex_flags & 1 ? "i" : "", test->regex_flags & 2 ? "m" : "",
                   test->regex_flags & 4 ? "s" : "");
        break;
    case PREDICATE_CIDR:
        buf_printf(&shown_bytes, "@%u", test->cidr.bits);
        break;
    case PREDICATE_COMPARE:
        buf_printf(&shown_bytes, "%s%s%g", parts[test->part], compares[test->compare],
                   test->number);
        break;
    case PREDICATE_EXISTS:
        buf_printf(&shown_bytes, test->exists ? "?yes" : "?no");
        break;
    case PREDICATE_NULL:
        buf_printf(&shown_bytes, "?null");
        break;
    case PREDICATE_FIELDREF:
        buf_printf(&shown_bytes, "%s%c&%.*s", test->cased ? "=" : "", refs[test->fieldref],
                   STR_ARG(test->other));
        break;
    }
}

UNUSED static void show_expression(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_TEST) {
        show_test(expression->test);
        return;
    }
    if (expression->kind == EXPRESSION_NOT) {
        buf_add_char(&shown_bytes, '!');
        show_expression(expression->children[0]);
        return;
    }
    buf_add_char(&shown_bytes, '(');
    for (uint32_t i = 0; i < expression->count; i++) {
        if (i > 0)
            buf_printf(&shown_bytes, expression->kind == EXPRESSION_AND ? " & " : " | ");
        show_expression(expression->children[i]);
    }
    buf_add_char(&shown_bytes, ')');
}

/* Its detection as `(a=text* & !b?null)`, or why it has none as `line:column reason`. */
UNUSED static struct str shown(const struct sigma_rule *rule)
{
    buf_reset(&shown_bytes);
    if (!rule)
        return STR("no rule");
    if (rule->state == RULE_LOADED)
        show_expression(rule->detection);
    else
        buf_printf(&shown_bytes, "%s %u:%u %.*s", rule->state == RULE_INERT ? "inert" : "refused",
                   rule->reason_line, rule->reason_column, STR_ARG(rule->reason));
    return buf_str(&shown_bytes);
}

UNUSED static bool is_refused(const struct sigma_rule *rule, uint32_t line, const char *part)
{
    bool good = rule && rule->state == RULE_REFUSED && rule->reason_line == line &&
                str_contains(rule->reason, str_from(part));

    if (!good)
        printf("# %.*s\n", STR_ARG(shown(rule)));
    return good;
}

/* Is there a note with this text in it? */
UNUSED static bool has_note(const struct sigma_rule *rule, enum note_kind kind, const char *part)
{
    for (uint32_t i = 0; rule && i < rule->note_count; i++)
        if (rule->notes[i].kind == kind && str_contains(rule->notes[i].text, str_from(part)))
            return true;
    return false;
}

#endif
