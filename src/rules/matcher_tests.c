/* matcher_tests.c - predicates computed one by one: those that no search finds, and for
 * explanations. */
#include "rules/matcher_priv.h"

#include "codec/time_text.h"
#include "core/ensure.h"
#include "match/number.h"

static bool glob_passes(struct matcher *m, const struct predicate *predicate, struct str text)
{
    if (!predicate->cased)
        text = matcher_fold(&m->fold, text);
    return glob_matches(&predicate->glob, text);
}

enum regex_answer matcher_regex(struct matcher *matcher, uint32_t regex, struct str text)
{
    struct regex **compiled = &matcher->regexes[regex];
    const struct plan_regex *expression = &matcher->plan->regexes[regex];

    if (!*compiled)
        ENSURE(regex_new(expression->text, expression->flags, compiled, NULL) == ERR_NONE);
    return regex_search(*compiled, matcher->regex_scratch, text);
}

static bool regex_passes(struct matcher *m, const struct atom *atom, struct str text)
{
    enum regex_answer answer = matcher_regex(m, atom->regex, text);

    m->counts.gave_up += answer == REGEX_GAVE_UP;
    return answer == REGEX_YES;
}

static bool cidr_passes(const struct predicate *predicate, struct str text)
{
    struct address address;

    return address_parse(text, &address) && cidr_contains(&predicate->cidr, &address);
}

static bool number_of(const struct predicate *predicate, struct str text, double *number)
{
    int64_t time_ns;
    bool has_zone;

    if (predicate->part == TIME_WHOLE)
        return number_parse(text, number);
    if (!time_parse(text, &time_ns, &has_zone))
        return false;
    struct time_parts parts = time_split(time_ns);
    switch (predicate->part) {
    case TIME_WHOLE:
        break;
    case TIME_MINUTE:
        *number = parts.minute;
        break;
    case TIME_HOUR:
        *number = parts.hour;
        break;
    case TIME_DAY:
        *number = parts.day;
        break;
    case TIME_WEEK:
        *number = parts.iso_week;
        break;
    case TIME_MONTH:
        *number = parts.month;
        break;
    case TIME_YEAR:
        *number = parts.year;
        break;
    }
    return true;
}

static bool compare_passes(const struct predicate *predicate, struct str text)
{
    double number;

    if (!number_of(predicate, text, &number))
        return false;
    switch (predicate->compare) {
    case COMPARE_EQ:
        return number >= predicate->number && number <= predicate->number;
    case COMPARE_LT:
        return number < predicate->number;
    case COMPARE_LTE:
        return number <= predicate->number;
    case COMPARE_GT:
        return number > predicate->number;
    case COMPARE_GTE:
        return number >= predicate->number;
    }
    return false;
}

static bool fieldref_holds(enum fieldref_op op, struct str text, struct str other)
{
    switch (op) {
    case FIELDREF_EQUALS:
        return str_eq(text, other);
    case FIELDREF_STARTSWITH:
        return str_starts_with(text, other);
    case FIELDREF_ENDSWITH:
        return str_ends_with(text, other);
    case FIELDREF_CONTAINS:
        return str_contains(text, other);
    }
    return false;
}

static bool fieldref_passes(struct matcher *m, struct event *event, const struct atom *atom,
                            struct str text)
{
    const struct predicate *predicate = atom->predicate;
    const struct event_field *field = event_find(event, atom->other);

    if (field && !predicate->cased)
        text = matcher_fold(&m->fold, text);
    for (; field; field = event_next_of(event, field)) {
        struct str other = field->value.text;
        if (field->value.type == VALUE_NULL)
            continue;
        if (!predicate->cased)
            other = matcher_fold(&m->fold_other, other);
        if (fieldref_holds(predicate->fieldref, text, other))
            return true;
    }
    return false;
}

static bool value_passes(struct matcher *m, struct event *event, const struct atom *atom,
                         struct value value)
{
    const struct predicate *predicate = atom->predicate;

    if (value.type == VALUE_NULL)
        return predicate->kind == PREDICATE_NULL;
    switch (predicate->kind) {
    case PREDICATE_GLOB:
        return glob_passes(m, predicate, value.text);
    case PREDICATE_REGEX:
        return regex_passes(m, atom, value.text);
    case PREDICATE_CIDR:
        return cidr_passes(predicate, value.text);
    case PREDICATE_COMPARE:
        return compare_passes(predicate, value.text);
    case PREDICATE_FIELDREF:
        return fieldref_passes(m, event, atom, value.text);
    case PREDICATE_EXISTS:
    case PREDICATE_NULL:
        break;
    }
    return false;
}

struct walk {
    struct matcher *matcher;
    struct event *event;
    const struct atom *atom;
    struct value which;
    bool passes;
};

static void test_keyword(void *context, struct value value)
{
    struct walk *walk = context;

    if (walk->passes || !value_passes(walk->matcher, walk->event, walk->atom, value))
        return;
    walk->passes = true;
    walk->which = value;
}

static bool test_keywords(struct matcher *m, struct event *event, const struct atom *atom,
                          struct value *which)
{
    struct walk walk = {.matcher = m, .event = event, .atom = atom};

    if (event->all_values)
        event->all_values(event, &(struct value_visitor){.context = &walk, .visit = test_keyword});
    if (walk.passes && which)
        *which = walk.which;
    return walk.passes;
}

bool matcher_test(struct matcher *matcher, struct event *event, const struct atom *atom,
                  struct value *which)
{
    const struct predicate *predicate = atom->predicate;

    if (atom_is_keyword(atom))
        return test_keywords(matcher, event, atom, which);
    const struct event_field *field = event_find(event, atom->field);
    if (which)
        *which = field ? field->value : (struct value){STR_EMPTY, VALUE_NULL};
    if (predicate->kind == PREDICATE_EXISTS)
        return (field != NULL) == predicate->exists;
    if (!field)
        return predicate->kind == PREDICATE_NULL;
    for (; field; field = event_next_of(event, field)) {
        if (!value_passes(matcher, event, atom, field->value))
            continue;
        if (which)
            *which = field->value;
        return true;
    }
    return false;
}
