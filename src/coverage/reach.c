/* reach.c - see reach.h. */
#include "coverage/reach.h"

#include "codec/utf.h"

static const struct str names[DECIDED_FIELDS] = {[DECIDED_CHANNEL] = STR_INIT("Channel"),
                                                 [DECIDED_PROVIDER] = STR_INIT("Provider_Name"),
                                                 [DECIDED_EVENT_ID] = STR_INIT("EventID")};

static unsigned decided_index(struct str field)
{
    unsigned at = 0;

    while (at < DECIDED_FIELDS && !str_eq(field, names[at]))
        at++;
    return at;
}

struct decided decided_by(struct str channel, struct str provider, struct str event_id,
                          struct arena *arena)
{
    struct decided decided = {.texts = {channel, provider, event_id}};

    for (unsigned i = 0; i < DECIDED_FIELDS; i++) {
        char *folded = arena_alloc_bytes(arena, FOLD_SIZE(decided.texts[i].len));
        decided.folded[i] = (struct str){folded, fold_str(decided.texts[i], folded)};
    }
    return decided;
}

static bool is_filled(const struct reach_view *view, struct str field)
{
    uint16_t id = fields_find(view->fields, field);

    if (!view->filled)
        return true;
    if (decided_index(field) < DECIDED_FIELDS)
        return view->decided->texts[decided_index(field)].len > 0;
    return id != FIELD_NONE && view->filled[id / 64] >> (id % 64) & 1;
}

static void miss(struct reach_view *view, struct str field)
{
    for (uint32_t i = 0; i < view->missing_count; i++)
        if (str_eq(view->missing[i], field))
            return;
    view->missing_all++;
    if (view->missing_count < REACH_FIELDS_MAX)
        view->missing[view->missing_count++] = field;
}

/* Whether the event has what the rule calls so. */
static bool has(struct reach_view *view, struct str rule_field)
{
    const struct field_mapping *mapping = taxonomy_field(view->entry, rule_field);
    bool all = true;

    if (!mapping) {
        all = is_filled(view, rule_field);
        if (!all)
            miss(view, rule_field);
        return all;
    }
    for (uint32_t i = 0; i < mapping->from_count; i++) {
        if (is_filled(view, mapping->from[i]))
            continue;
        miss(view, mapping->from[i]);
        all = false;
    }
    return all;
}

/* Which of the fields that the kind decides the rule calls so; DECIDED_FIELDS: none. */
static unsigned decided_here(const struct reach_view *view, struct str rule_field)
{
    const struct field_mapping *mapping = taxonomy_field(view->entry, rule_field);

    if (!mapping)
        return decided_index(rule_field);
    return mapping->kind == DERIVE_NONE ? decided_index(mapping->from[0]) : DECIDED_FIELDS;
}

static bool number_of(struct str text, double *number)
{
    *number = 0;
    if (text.len == 0 || text.len > 15)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *number = *number * 10 + (text.at[i] - '0');
    }
    return true;
}

static bool compares(const struct predicate *test, struct str text)
{
    double number;

    if (test->part != TIME_WHOLE || !number_of(text, &number))
        return false;
    switch (test->compare) {
    case COMPARE_EQ:
        return number == test->number;
    case COMPARE_LT:
        return number < test->number;
    case COMPARE_LTE:
        return number <= test->number;
    case COMPARE_GT:
        return number > test->number;
    case COMPARE_GTE:
        return number >= test->number;
    }
    return false;
}

/* A test of a field that the kind decides. Expressions are not computed: they may be true. */
static enum reach reach_of_decided(const struct reach_view *view, unsigned field,
                                   const struct predicate *test, bool negated)
{
    struct str text = view->decided->texts[field];
    bool passes = false;

    switch (test->kind) {
    case PREDICATE_GLOB:
        passes = text.len > 0 &&
                 glob_matches(&test->glob, test->cased ? text : view->decided->folded[field]);
        break;
    case PREDICATE_COMPARE:
        passes = compares(test, text);
        break;
    case PREDICATE_EXISTS:
        passes = test->exists == (text.len > 0);
        break;
    case PREDICATE_NULL:
        passes = text.len == 0;
        break;
    case PREDICATE_CIDR:
        break;
    case PREDICATE_REGEX:
    case PREDICATE_FIELDREF:
        return REACH_WHOLE;
    }
    return passes != negated ? REACH_WHOLE : REACH_OTHER;
}

static enum reach reach_of_test(struct reach_view *view, const struct predicate *test, bool negated)
{
    bool wants_nothing =
        test->kind == PREDICATE_NULL || (test->kind == PREDICATE_EXISTS && !test->exists);

    if (test->field.len == 0)
        return REACH_WHOLE; /* a keyword: wherever it stands */
    unsigned decided = decided_here(view, test->field);
    if (decided < DECIDED_FIELDS)
        return reach_of_decided(view, decided, test, negated);
    if (wants_nothing != negated)
        return REACH_WHOLE; /* true, or may be, where the field is missing */
    bool whole = has(view, test->field);
    if (test->kind == PREDICATE_FIELDREF)
        whole = has(view, test->other) && whole;
    return whole ? REACH_WHOLE : REACH_MISSING;
}

static enum reach reach_of_node(struct reach_view *view, const struct expression *node,
                                bool negated);

/* All children must be true. */
static enum reach reach_of_all(struct reach_view *view, const struct expression *node, bool negated)
{
    enum reach worst = REACH_WHOLE;

    for (uint32_t i = 0; i < node->count; i++) {
        enum reach reach = reach_of_node(view, node->children[i], negated);
        if (reach == REACH_OTHER)
            return REACH_OTHER;
        worst = reach < worst ? reach : worst;
    }
    return worst;
}

/* One child must be true. Those about other events say nothing here. */
static enum reach reach_of_any(struct reach_view *view, const struct expression *node, bool negated)
{
    enum reach best = REACH_OTHER;
    bool part = false;

    for (uint32_t i = 0; i < node->count; i++) {
        enum reach reach = reach_of_node(view, node->children[i], negated);
        part |= reach == REACH_MISSING || reach == REACH_PART;
        best = reach > best ? reach : best;
    }
    return best == REACH_WHOLE && part ? REACH_PART : best;
}

static enum reach reach_of_node(struct reach_view *view, const struct expression *node,
                                bool negated)
{
    switch (node->kind) {
    case EXPRESSION_TEST:
        return reach_of_test(view, node->test, negated);
    case EXPRESSION_NOT:
        return reach_of_node(view, node->children[0], !negated);
    case EXPRESSION_AND:
        return (negated ? reach_of_any : reach_of_all)(view, node, negated);
    case EXPRESSION_OR:
        return (negated ? reach_of_all : reach_of_any)(view, node, negated);
    }
    return REACH_OTHER;
}

enum reach reach_of(struct reach_view *view, const struct expression *detection)
{
    view->missing_count = view->missing_all = 0;
    return reach_of_node(view, detection, false);
}

static bool takes(const struct taxonomy_test *test, struct str text)
{
    for (uint32_t i = 0; i < test->value_count; i++)
        if (test->present || str_eq_nocase(test->values[i], text))
            return true;
    return false;
}

bool reach_tests_channel(const struct taxonomy_entry *entry)
{
    for (uint32_t i = 0; i < entry->test_count; i++)
        if (decided_index(entry->tests[i].field) == DECIDED_CHANNEL)
            return true;
    return false;
}

bool reach_takes(const struct taxonomy_entry *entry, struct str channel, struct str event_id)
{
    if (!reach_tests_channel(entry))
        return false;
    for (uint32_t i = 0; i < entry->test_count; i++) {
        unsigned field = decided_index(entry->tests[i].field);
        if (field == DECIDED_CHANNEL && !takes(&entry->tests[i], channel))
            return false;
        if (field == DECIDED_EVENT_ID && !takes(&entry->tests[i], event_id))
            return false;
    }
    return true;
}
