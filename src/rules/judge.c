/* judge.c - rules over fields by name. */
#include "rules/judge.h"

#include "codec/json.h"
#include "core/ensure.h"
#include "match/regex.h"
#include "rules/judge_priv.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MAX ((size_t)4 << 30)
#define TEXTS_MAX 1024u

struct compiled {
    const struct predicate *predicate;
    struct regex *regex; /* NULL: PCRE2 refuses it */
};

struct known_text {
    const char *at;
    size_t len;
    bool cased;
    struct characters characters;
};

struct judge {
    const struct taxonomy *taxonomy;
    struct event *event; /* of the last judge_begin */
    bool *holds;         /* by entry, for that event */
    struct regex_scratch *scratch;
    struct compiled *compiled; /* a hash table by predicate */
    size_t compiled_count, compiled_max;
    struct arena *event_arena; /* what is remembered of the event */
    struct arena *arena;       /* of one question */
    struct known_text *texts;  /* values of this event that were looked at: a hash table */
    uint32_t text_count;
    struct value *keywords; /* every value of this event */
    uint32_t keyword_count, keywords_max;
    uint64_t gave_up;
};

/* What one predicate is judged with. */
struct view {
    struct judge *judge;
    const struct taxonomy_entry *entry; /* NULL: the rule's own names */
    struct arena *arena;
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

void judge_add_fields(const struct rule_set *set, const struct taxonomy *taxonomy,
                      struct field_dictionary *fields)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct sigma_rule *rule = set->rules[i];

        if (rule->state == RULE_LOADED && rule->detection)
            add_expression(rule->detection, fields);
        for (uint32_t asked = 0; rule->detection && asked < rule->asked_count; asked++)
            fields_add(fields, rule->asked[asked]);
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

static struct characters text_of(struct judge *judge, struct str text, bool cased)
{
    size_t slot = ((uintptr_t)text.at / 8 + text.len * 2 + cased) % TEXTS_MAX;

    for (; judge->texts[slot].at; slot = (slot + 1) % TEXTS_MAX) {
        const struct known_text *known = &judge->texts[slot];
        if (known->at == text.at && known->len == text.len && known->cased == cased)
            return known->characters;
    }
    if (judge->text_count == TEXTS_MAX / 2)
        return characters_of(judge->arena, text, cased);
    judge->text_count++;
    judge->texts[slot] = (struct known_text){text.at, text.len, cased,
                                             characters_of(judge->event_arena, text, cased)};
    return judge->texts[slot].characters;
}

static void remember(void *context, struct value value)
{
    struct judge *judge = context;

    if (judge->keyword_count == judge->keywords_max) {
        judge->keywords_max = judge->keywords_max * 2 + 64;
        judge->keywords = realloc(judge->keywords, judge->keywords_max * sizeof(*judge->keywords));
        ENSURE(judge->keywords);
    }
    judge->keywords[judge->keyword_count++] =
        (struct value){arena_str(judge->event_arena, value.text), value.type};
}

/* ---- expressions ---- */

static void grow_compiled(struct judge *judge)
{
    struct compiled *old = judge->compiled;
    size_t old_max = judge->compiled_max;

    judge->compiled_max = old_max ? old_max * 2 : 64;
    judge->compiled = calloc(judge->compiled_max, sizeof(*judge->compiled));
    ENSURE(judge->compiled);
    for (size_t i = 0; i < old_max; i++) {
        size_t slot = ((uintptr_t)old[i].predicate / 16) % judge->compiled_max;
        while (old[i].predicate && judge->compiled[slot].predicate)
            slot = (slot + 1) % judge->compiled_max;
        if (old[i].predicate)
            judge->compiled[slot] = old[i];
    }
    free(old);
}

static const struct compiled *compiled_of(struct judge *judge, const struct predicate *predicate)
{
    struct why why;

    if (judge->compiled_count >= judge->compiled_max / 2)
        grow_compiled(judge);
    size_t slot = ((uintptr_t)predicate / 16) % judge->compiled_max;
    for (; judge->compiled[slot].predicate; slot = (slot + 1) % judge->compiled_max) {
        if (judge->compiled[slot].predicate == predicate)
            return &judge->compiled[slot];
    }
    judge->compiled_count++;
    judge->compiled[slot].predicate = predicate;
    if (regex_new(predicate->regex, predicate->regex_flags, &judge->compiled[slot].regex, &why))
        judge->compiled[slot].regex = NULL;
    return &judge->compiled[slot];
}

static bool regex_found(struct judge *judge, const struct predicate *predicate, struct str text)
{
    const struct compiled *compiled = compiled_of(judge, predicate);

    if (!compiled->regex)
        return false;
    enum regex_answer answer = regex_search(compiled->regex, judge->scratch, text);
    judge->gave_up += answer == REGEX_GAVE_UP;
    return answer == REGEX_YES;
}

/* ---- fields under a rule's names ---- */

struct values {
    struct value *at;
    uint32_t count;
};

static void add_value(struct values *values, struct value value)
{
    values->at[values->count++] = value;
}

/* "0x1f4" is 500; everything else stays. What is made here is remembered like the event's own
 * texts, so it lives as long. */
static struct value decimal(struct arena *arena, struct value value)
{
    char copy[32];

    if (value.text.len < 3 || value.text.len > 18 || value.text.at[0] != '0' ||
        (value.text.at[1] | 0x20) != 'x')
        return value;
    for (size_t i = 0; i < value.text.len; i++)
        copy[i] = value.text.at[i];
    copy[value.text.len] = '\0';
    if (strspn(copy + 2, "0123456789abcdefABCDEF") != value.text.len - 2)
        return value;
    unsigned long long number = 0;
    for (const char *c = copy + 2; *c; c++)
        number = number * 16 + (unsigned)(*c <= '9' ? *c - '0' : (*c | 0x20) - 'a' + 10);
    return (struct value){arena_printf(arena, "%llu", number), VALUE_INTEGER};
}

static void add_joined(const struct view *view, const struct field_mapping *mapping,
                       struct values *values)
{
    struct str *parts = ARENA_ARRAY(view->arena, struct str, mapping->from_count);
    size_t len = 0;

    for (uint32_t i = 0; i < mapping->from_count; i++) {
        const struct event_field *field = by_name(view->judge->event, mapping->from[i]);

        if (!field || field->value.type == VALUE_NULL)
            return;
        parts[i] = field->value.text;
        len += parts[i].len + mapping->with.len;
    }
    char *text = arena_alloc_bytes(view->judge->event_arena, len + 1);
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

/* All values of the field that a rule calls `name`. */
static struct values values_of(const struct view *view, struct str name)
{
    const struct field_mapping *mapping = view->entry ? taxonomy_field(view->entry, name) : NULL;
    const struct event *event = view->judge->event;
    const struct event_field *field = by_name(event, mapping ? mapping->from[0] : name);
    uint32_t count = 1;

    for (const struct event_field *each = field; each; each = event_next_of(event, each))
        count++;
    struct values values = {ARENA_ARRAY(view->arena, struct value, count), 0};
    if (mapping && mapping->kind == DERIVE_JOIN) {
        add_joined(view, mapping, &values);
        return values;
    }
    for (; field; field = event_next_of(event, field)) {
        if (mapping && mapping->kind == DERIVE_MAP)
            add_looked_up(mapping, field->value, &values);
        else if (mapping && mapping->kind == DERIVE_DECIMAL)
            add_value(&values, decimal(view->judge->event_arena, field->value));
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
    struct characters text = characters_of(view->arena, value.text, predicate->cased);
    bool found = false;

    for (uint32_t i = 0; !found && i < others.count; i++) {
        if (others.at[i].type == VALUE_NULL)
            continue;
        struct characters other = characters_of(view->arena, others.at[i].text, predicate->cased);
        found = judge_fieldref(predicate->fieldref, &text, &other);
    }
    return found;
}

static bool glob_passes(const struct view *view, const struct predicate *predicate,
                        struct str value)
{
    struct characters text = text_of(view->judge, value, predicate->cased);

    return judge_glob(view->arena, &predicate->glob, &text);
}

static bool value_passes(const struct view *view, const struct predicate *predicate,
                         struct value value)
{
    if (value.type == VALUE_NULL)
        return predicate->kind == PREDICATE_NULL;
    switch (predicate->kind) {
    case PREDICATE_GLOB:
        return glob_passes(view, predicate, value.text);
    case PREDICATE_REGEX:
        return regex_found(view->judge, predicate, value.text);
    case PREDICATE_CIDR:
        return judge_in_net(&predicate->cidr, value.text);
    case PREDICATE_COMPARE:
        return judge_compare(predicate, value.text);
    case PREDICATE_FIELDREF:
        return refers_to(view, predicate, value);
    case PREDICATE_EXISTS:
    case PREDICATE_NULL:
        break;
    }
    return false;
}

static struct judged_test test(const struct view *view, const struct predicate *predicate)
{
    struct judge *judge = view->judge;
    bool is_keyword = predicate->field.len == 0;
    uint64_t gave_up = judge->gave_up;
    struct values values = {judge->keywords, judge->keyword_count};

    if (!is_keyword)
        values = values_of(view, predicate->field);
    struct judged_test judged = {
        .values = values.at, .value_count = values.count, .which = JUDGED_NONE};
    if (predicate->kind == PREDICATE_EXISTS)
        judged.passes = (values.count > 0) == predicate->exists;
    else if (values.count == 0)
        judged.passes = predicate->kind == PREDICATE_NULL;
    for (uint32_t i = 0; !judged.passes && i < values.count; i++) {
        judged.passes = value_passes(view, predicate, values.at[i]);
        judged.which = judged.passes ? i : JUDGED_NONE;
    }
    judged.gave_up = !judged.passes && judge->gave_up > gave_up;
    return judged;
}

struct judged_test judge_test(struct judge *judge, const struct taxonomy_entry *entry,
                              const struct predicate *predicate, struct arena *arena)
{
    struct view view = {judge, entry, arena};
    struct judged_test judged = test(&view, predicate);

    if (predicate->field.len > 0)
        return judged;
    if (judged.which != JUDGED_NONE) {
        judged.values += judged.which;
        judged.which = 0;
    }
    judged.value_count = judged.which != JUDGED_NONE;
    return judged;
}

static bool is_true(const struct view *view, const struct expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_TEST:
        return test(view, expression->test).passes;
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

static bool is_listed(struct judge *judge, const struct taxonomy_test *entry_test,
                      struct value value)
{
    bool listed = entry_test->present;

    if (value.type == VALUE_NULL)
        return false;
    for (uint32_t i = 0; !listed && i < entry_test->value_count; i++) {
        struct characters asked = characters_of(judge->arena, entry_test->values[i], false);
        struct characters has = characters_of(judge->arena, value.text, false);

        listed = judge_fieldref(FIELDREF_EQUALS, &has, &asked);
    }
    return listed;
}

bool judge_entry_test(struct judge *judge, const struct taxonomy_test *entry_test)
{
    const struct event_field *field = by_name(judge->event, entry_test->field);

    while (field && !is_listed(judge, entry_test, field->value))
        field = event_next_of(judge->event, field);
    return field != NULL;
}

static bool entry_holds(struct judge *judge, const struct taxonomy_entry *entry)
{
    bool holds = taxonomy_takes(entry, judge->event);

    for (uint32_t i = 0; holds && i < entry->test_count; i++)
        holds = judge_entry_test(judge, &entry->tests[i]);
    return holds;
}

struct judge *judge_new(const struct taxonomy *taxonomy)
{
    struct judge *judge = calloc(1, sizeof(*judge));

    ENSURE(judge);
    judge->taxonomy = taxonomy;
    judge->holds = calloc(taxonomy->count + 1, sizeof(*judge->holds));
    judge->texts = calloc(TEXTS_MAX, sizeof(*judge->texts));
    ENSURE(judge->holds && judge->texts);
    judge->scratch = regex_scratch_new();
    judge->event_arena = arena_new("judged event", ARENA_BYTES_MAX);
    judge->arena = arena_new("judgement", ARENA_BYTES_MAX);
    return judge;
}

void judge_free(struct judge *judge)
{
    if (!judge)
        return;
    for (size_t i = 0; i < judge->compiled_max; i++)
        regex_free(judge->compiled[i].regex);
    regex_scratch_free(judge->scratch);
    arena_free(judge->event_arena);
    arena_free(judge->arena);
    free(judge->compiled);
    free(judge->keywords);
    free(judge->texts);
    free(judge->holds);
    free(judge);
}

void judge_begin(struct judge *judge, struct event *event)
{
    judge->event = event;
    arena_reset(judge->event_arena);
    arena_reset(judge->arena);
    for (uint32_t i = 0; i < TEXTS_MAX; i++)
        judge->texts[i] = (struct known_text){0};
    judge->text_count = judge->keyword_count = 0;
    if (event->all_values && event->fields->all_values)
        event->all_values(event, &(struct value_visitor){.context = judge, .visit = remember});
    for (uint32_t i = 0; i < judge->taxonomy->count; i++)
        judge->holds[i] = entry_holds(judge, &judge->taxonomy->entries[i]);
}

bool judge_matches(struct judge *judge, const struct sigma_rule *rule)
{
    bool judged = rule->state == RULE_LOADED && rule->detection;

    for (uint32_t i = 0; judged && i < judge->taxonomy->count; i++) {
        struct view view = {judge, &judge->taxonomy->entries[i], judge->arena};
        struct arena_mark mark = arena_mark(judge->arena);
        bool matches = judge->holds[i] && taxonomy_serves(view.entry, &rule->source) &&
                       is_true(&view, rule->detection);

        arena_rewind(judge->arena, mark);
        if (matches)
            return true;
    }
    return false;
}

bool judge_condition(struct judge *judge, const struct expression *condition)
{
    struct view view = {.judge = judge, .arena = judge->arena};
    struct arena_mark mark = arena_mark(judge->arena);
    bool holds = is_true(&view, condition);

    arena_rewind(judge->arena, mark);
    return holds;
}

struct str judge_value(struct judge *judge, const struct sigma_rule *rule, struct str name,
                       struct arena *arena)
{
    struct str text = {NULL, 0};

    for (uint32_t i = 0; i < judge->taxonomy->count; i++) {
        struct view view = {judge, &judge->taxonomy->entries[i], arena};

        if (!judge->holds[i] || !taxonomy_serves(view.entry, &rule->source) ||
            !is_true(&view, rule->detection))
            continue;
        struct values values = values_of(&view, name);
        struct buf list;
        uint32_t there = 0;
        buf_init(&list, SIZE_MAX / 2);
        for (uint32_t v = 0; v < values.count; v++) {
            if (values.at[v].type == VALUE_NULL)
                continue;
            text = values.at[v].text;
            buf_add_char(&list, there++ ? ',' : '[');
            json_write_str(&list, text);
        }
        buf_add_char(&list, ']');
        if (there > 1)
            text = arena_str(arena, buf_str(&list));
        buf_free(&list);
        break;
    }
    return text;
}

bool judge_holds(const struct judge *judge, uint32_t entry)
{
    return judge->holds[entry];
}

bool judge_takes(const struct judge *judge, const struct taxonomy_entry *entry)
{
    return taxonomy_takes(entry, judge->event);
}

uint64_t judge_gave_up(const struct judge *judge)
{
    return judge->gave_up;
}
