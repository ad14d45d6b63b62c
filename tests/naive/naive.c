/* naive.c - rules over fields by name. */
#include "naive/naive.h"

#include "core/ensure.h"
#include "match/regex.h"

#include <stdlib.h>
#include <string.h>

struct compiled {
    const struct predicate *predicate;
    struct regex *regex; /* NULL: PCRE2 refuses it */
};

struct cached_text {
    const char *at;
    size_t len;
    bool cased;
    struct characters characters;
};

struct naive {
    const struct taxonomy *taxonomy;
    bool *holds; /* by entry, for the event of the last naive_begin */
    struct regex_scratch *scratch;
    struct compiled *compiled; /* a hash table by predicate */
    size_t compiled_count, compiled_max;
    struct cached_text texts[64]; /* values of this event that were looked at lately */
    struct value *keywords;       /* every value of this event; the texts are owned */
    size_t keyword_count, keywords_max;
    uint64_t gave_up;
};

/* What one rule is judged with. */
struct view {
    struct naive *naive;
    struct event *event;
    const struct taxonomy_entry *entry;
};

/* ---- names ---- */

static void add_expression(const struct expression *expression, struct field_dictionary *fields)
{
    if (expression->test) {
        if (expression->test->field.len)
            fields_add(fields, expression->test->field);
        else
            fields->all_values = true;
        if (expression->test->kind == PREDICATE_FIELDREF)
            fields_add(fields, expression->test->other);
    }
    for (uint32_t i = 0; i < expression->count; i++)
        add_expression(expression->children[i], fields);
}

void naive_add_fields(const struct rule_set *set, const struct taxonomy *taxonomy,
                      struct field_dictionary *fields)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->rules[i]->state == RULE_LOADED)
            add_expression(set->rules[i]->detection, fields);
    }
    for (uint32_t i = 0; i < taxonomy->count; i++) {
        const struct taxonomy_entry *entry = &taxonomy->entries[i];

        for (uint32_t test = 0; test < entry->test_count; test++)
            fields_add(fields, entry->tests[test].field);
        for (uint32_t field = 0; field < entry->field_count; field++) {
            for (uint32_t from = 0; from < entry->fields[field].from_count; from++)
                fields_add(fields, entry->fields[field].from[from]);
        }
    }
}

/* First value that the event has under a name, or NULL. */
static const struct event_field *by_name(const struct event *event, struct str name)
{
    uint16_t id = fields_find(event->fields, name);

    return id == FIELD_NONE ? NULL : event_find(event, id);
}

/* ---- texts, remembered while the event lasts ---- */

static const struct characters *text_of(struct naive *naive, struct str text, bool cased)
{
    size_t bucket = ((uintptr_t)text.at / 8 + text.len * 2 + cased) % ARRAY_COUNT(naive->texts);
    struct cached_text *cached = &naive->texts[bucket];

    if (cached->at != text.at || cached->len != text.len || cached->cased != cased) {
        characters_free(&cached->characters);
        *cached = (struct cached_text){text.at, text.len, cased, characters_new(text, cased)};
    }
    return &cached->characters;
}

static void forget_texts(struct naive *naive)
{
    for (size_t i = 0; i < ARRAY_COUNT(naive->texts); i++) {
        characters_free(&naive->texts[i].characters);
        naive->texts[i] = (struct cached_text){0};
    }
}

static void remember(void *context, struct value value)
{
    struct naive *naive = context;
    char *text = malloc(value.text.len + 1);

    ENSURE(text);
    if (value.text.len)
        memcpy(text, value.text.at, value.text.len);
    if (naive->keyword_count == naive->keywords_max) {
        naive->keywords_max = naive->keywords_max * 2 + 64;
        naive->keywords = realloc(naive->keywords, naive->keywords_max * sizeof(*naive->keywords));
        ENSURE(naive->keywords);
    }
    naive->keywords[naive->keyword_count++] = (struct value){{text, value.text.len}, value.type};
}

static void forget_keywords(struct naive *naive)
{
    for (size_t i = 0; i < naive->keyword_count; i++)
        free((void *)(uintptr_t)naive->keywords[i].text.at);
    naive->keyword_count = 0;
}

/* ---- expressions ---- */

static const struct compiled *compiled_of(struct naive *naive, const struct predicate *predicate)
{
    size_t slot = ((uintptr_t)predicate / 16) % naive->compiled_max;
    struct why why;

    for (; naive->compiled[slot].predicate; slot = (slot + 1) % naive->compiled_max) {
        if (naive->compiled[slot].predicate == predicate)
            return &naive->compiled[slot];
    }
    ENSURE(naive->compiled_count++ < naive->compiled_max / 2);
    naive->compiled[slot].predicate = predicate;
    if (regex_new(predicate->regex, predicate->regex_flags, &naive->compiled[slot].regex, &why))
        naive->compiled[slot].regex = NULL;
    return &naive->compiled[slot];
}

static bool regex_found(struct naive *naive, const struct predicate *predicate, struct str text)
{
    const struct compiled *compiled = compiled_of(naive, predicate);

    if (!compiled->regex)
        return false;
    enum regex_answer answer = regex_search(compiled->regex, naive->scratch, text);
    naive->gave_up += answer == REGEX_GAVE_UP;
    return answer == REGEX_YES;
}

/* ---- fields under a rule's names ---- */

struct values {
    struct value *at; /* owned */
    size_t count;
};

static void values_init(struct values *values, size_t most)
{
    values->at = calloc(most + 1, sizeof(*values->at));
    ENSURE(values->at);
    values->count = 0;
}

static void add_value(struct values *values, struct value value)
{
    values->at[values->count++] = value;
}

/* "0x1f4" is 500; everything else stays. */
static struct value decimal(struct event *event, struct value value)
{
    char copy[32], *end;

    if (value.text.len < 3 || value.text.len > 18 || value.text.at[0] != '0' ||
        (value.text.at[1] | 0x20) != 'x')
        return value;
    memcpy(copy, value.text.at, value.text.len);
    copy[value.text.len] = '\0';
    if (strspn(copy + 2, "0123456789abcdefABCDEF") != value.text.len - 2)
        return value;
    unsigned long long number = strtoull(copy + 2, &end, 16);
    return (struct value){arena_printf(event->arena, "%llu", number), VALUE_INTEGER};
}

static void add_joined(const struct view *view, const struct field_mapping *mapping,
                       struct values *values)
{
    struct str parts[16];
    size_t len = 0;

    ENSURE(mapping->from_count <= ARRAY_COUNT(parts));
    for (uint32_t i = 0; i < mapping->from_count; i++) {
        const struct event_field *field = by_name(view->event, mapping->from[i]);

        if (!field || field->value.type == VALUE_NULL)
            return;
        parts[i] = field->value.text;
        len += parts[i].len + mapping->with.len;
    }
    char *text = arena_alloc_bytes(view->event->arena, len + 1);
    len = 0;
    for (uint32_t i = 0; i < mapping->from_count; i++) {
        for (size_t c = 0; i > 0 && c < mapping->with.len; c++)
            text[len++] = mapping->with.at[c];
        for (size_t c = 0; c < parts[i].len; c++)
            text[len++] = parts[i].at[c];
    }
    add_value(values, value_string((struct str){text, len}));
}

static void add_looked_up(const struct field_mapping *mapping, struct value value,
                          struct values *values)
{
    if (value.type == VALUE_NULL)
        return;
    for (uint32_t i = 0; i < mapping->map_count; i++) {
        if (str_eq_nocase(mapping->keys[i], value.text)) {
            add_value(values, value_string(mapping->values[i]));
            return;
        }
    }
}

/* All values of the field that a rule calls `name`, in events of this entry. Caller frees. */
static struct values values_of(const struct view *view, struct str name)
{
    const struct field_mapping *mapping = taxonomy_field(view->entry, name);
    const struct event_field *field = by_name(view->event, mapping ? mapping->from[0] : name);
    struct values values;
    size_t count = 1;

    for (const struct event_field *each = field; each; each = event_next_of(view->event, each))
        count++;
    values_init(&values, count);
    if (mapping && mapping->kind == DERIVE_JOIN) {
        add_joined(view, mapping, &values);
        return values;
    }
    for (; field; field = event_next_of(view->event, field)) {
        if (mapping && mapping->kind == DERIVE_MAP)
            add_looked_up(mapping, field->value, &values);
        else if (mapping && mapping->kind == DERIVE_DECIMAL)
            add_value(&values, decimal(view->event, field->value));
        else
            add_value(&values, field->value);
    }
    return values;
}

/* ---- predicates ---- */

static bool refers_to(const struct view *view, const struct predicate *predicate,
                      struct value value)
{
    struct values others = values_of(view, predicate->other);
    struct characters text = characters_new(value.text, predicate->cased);
    bool found = false;

    for (size_t i = 0; !found && i < others.count; i++) {
        if (others.at[i].type == VALUE_NULL)
            continue;
        struct characters other = characters_new(others.at[i].text, predicate->cased);
        found = naive_fieldref(predicate->fieldref, &text, &other);
        characters_free(&other);
    }
    characters_free(&text);
    free(others.at);
    return found;
}

static bool value_passes(const struct view *view, const struct predicate *predicate,
                         struct value value)
{
    if (value.type == VALUE_NULL)
        return predicate->kind == PREDICATE_NULL;
    switch (predicate->kind) {
    case PREDICATE_GLOB:
        return naive_glob(&predicate->glob, text_of(view->naive, value.text, predicate->cased));
    case PREDICATE_REGEX:
        return regex_found(view->naive, predicate, value.text);
    case PREDICATE_CIDR:
        return naive_in_net(&predicate->cidr, value.text);
    case PREDICATE_COMPARE:
        return naive_compare(predicate, value.text);
    case PREDICATE_FIELDREF:
        return refers_to(view, predicate, value);
    case PREDICATE_EXISTS:
    case PREDICATE_NULL:
        break;
    }
    return false;
}

static bool test_passes(const struct view *view, const struct predicate *predicate)
{
    struct values keywords = {view->naive->keywords, view->naive->keyword_count};
    bool is_keyword = predicate->field.len == 0;
    struct values values = is_keyword ? keywords : values_of(view, predicate->field);
    bool passes = false;

    if (predicate->kind == PREDICATE_EXISTS)
        passes = (values.count > 0) == predicate->exists;
    else if (values.count == 0)
        passes = predicate->kind == PREDICATE_NULL;
    for (size_t i = 0; !passes && i < values.count; i++)
        passes = value_passes(view, predicate, values.at[i]);
    if (!is_keyword)
        free(values.at);
    return passes;
}

static bool is_true(const struct view *view, const struct expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_TEST:
        return test_passes(view, expression->test);
    case EXPRESSION_NOT:
        return !is_true(view, expression->children[0]);
    case EXPRESSION_AND:
        for (uint32_t i = 0; i < expression->count; i++) {
            if (!is_true(view, expression->children[i]))
                return false;
        }
        return true;
    case EXPRESSION_OR:
        for (uint32_t i = 0; i < expression->count; i++) {
            if (is_true(view, expression->children[i]))
                return true;
        }
        return false;
    }
    return false;
}

/* ---- entries ---- */

static bool is_listed(const struct taxonomy_test *test, struct value value)
{
    bool listed = test->present;

    if (value.type == VALUE_NULL)
        return false;
    for (uint32_t i = 0; !listed && i < test->value_count; i++) {
        struct characters asked = characters_new(test->values[i], false);
        struct characters has = characters_new(value.text, false);

        listed = naive_fieldref(FIELDREF_EQUALS, &has, &asked);
        characters_free(&asked);
        characters_free(&has);
    }
    return listed;
}

static bool entry_holds(const struct taxonomy_entry *entry, const struct event *event)
{
    if (!taxonomy_takes(entry, event))
        return false;
    for (uint32_t i = 0; i < entry->test_count; i++) {
        const struct event_field *field = by_name(event, entry->tests[i].field);

        while (field && !is_listed(&entry->tests[i], field->value))
            field = event_next_of(event, field);
        if (!field)
            return false;
    }
    return true;
}

#define EXPRESSIONS_MAX 8192 /* SigmaHQ has 217 */

struct naive *naive_new(const struct taxonomy *taxonomy)
{
    struct naive *naive = calloc(1, sizeof(*naive));

    ENSURE(naive);
    naive->taxonomy = taxonomy;
    naive->holds = calloc(taxonomy->count + 1, sizeof(*naive->holds));
    naive->scratch = regex_scratch_new();
    naive->compiled_max = EXPRESSIONS_MAX;
    naive->compiled = calloc(naive->compiled_max, sizeof(*naive->compiled));
    ENSURE(naive->holds && naive->compiled);
    return naive;
}

void naive_free(struct naive *naive)
{
    if (!naive)
        return;
    forget_texts(naive);
    forget_keywords(naive);
    free(naive->keywords);
    for (size_t i = 0; i < naive->compiled_max; i++)
        regex_free(naive->compiled[i].regex);
    regex_scratch_free(naive->scratch);
    free(naive->compiled);
    free(naive->holds);
    free(naive);
}

void naive_begin(struct naive *naive, struct event *event)
{
    forget_texts(naive);
    forget_keywords(naive);
    if (event->all_values && event->fields->all_values)
        event->all_values(event, &(struct value_visitor){.context = naive, .visit = remember});
    for (uint32_t i = 0; i < naive->taxonomy->count; i++)
        naive->holds[i] = entry_holds(&naive->taxonomy->entries[i], event);
}

bool naive_matches(struct naive *naive, const struct sigma_rule *rule, struct event *event)
{
    for (uint32_t i = 0; rule->state == RULE_LOADED && i < naive->taxonomy->count; i++) {
        struct view view = {naive, event, &naive->taxonomy->entries[i]};

        if (naive->holds[i] && taxonomy_serves(view.entry, &rule->source) &&
            is_true(&view, rule->detection))
            return true;
    }
    return false;
}

uint64_t naive_gave_up(const struct naive *naive)
{
    return naive->gave_up;
}
