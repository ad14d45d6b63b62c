/* reasons_text.c - the sentence, and the page for a person. */
#include "rules/reasons.h"

#define SENTENCE_BYTES_MAX 6000u
#define NAMES_IN_SENTENCE 3u
#define VALUES_IN_SENTENCE 2u
#define DEPTH_IN_SENTENCE 12u
#define LINES_PER_NODE 12u /* of the members of one list; the others are counted */
#define DEPTH_SHOWN 24u
#define VALUE_BYTES_SHOWN 400u

/* ---- the sentence ---- */

static void say(const struct reason *reason, unsigned depth, struct buf *out);

static bool is_test(const struct reason *reason)
{
    return reason->expression->kind == EXPRESSION_TEST;
}

/* A list of values under one field: all of them ask the same of the same. */
static bool is_value_list(const struct reason *reason)
{
    if (is_test(reason) || reason->expression->kind == EXPRESSION_NOT || reason->count == 0 ||
        !is_test(reason->children[0]))
        return false;
    const struct predicate *first = reason->children[0]->expression->test;
    for (uint32_t i = 1; i < reason->count; i++) {
        const struct reason *child = reason->children[i];
        if (!is_test(child) || !str_eq(child->expression->test->field, first->field) ||
            child->expression->test->kind != first->kind || child->item.len > 0)
            return false;
    }
    return true;
}

static void say_field(const struct reason *reason, struct buf *out)
{
    struct str field = reason->expression->test->field;

    if (field.len == 0)
        buf_add(out, STR("the keyword"));
    else
        reasons_shown(field, 200, out);
    if (reason->event_name.len > 0 && !str_eq(reason->event_name, field)) {
        buf_add(out, STR(" (here "));
        reasons_shown(reason->event_name, 200, out);
        buf_add_char(out, ')');
    }
}

/* "Image is 'X'"; of what is missing "the event has no field Image". */
static void say_found(const struct reason *reason, struct buf *out)
{
    const struct predicate *predicate = reason->expression->test;

    if (predicate->field.len == 0) {
        buf_add(out, STR("some value of the event "));
    } else if (reason->test.value_count == 0) {
        buf_add(out, STR("the event has no field "));
        say_field(reason, out);
        return;
    } else {
        say_field(reason, out);
        buf_add_char(out, ' ');
    }
    reasons_found(reason, out);
}

static void say_keyword_missing(const struct reason *reason, struct buf *out)
{
    buf_add(out, STR("no value of the event "));
    reasons_asked(reason->expression->test, out);
}

static void say_asks(const struct reason *reason, struct buf *out)
{
    buf_add(out, reason->test.value_count == 0 ? STR(", of which the rule asks that it ")
                                               : STR(" and the rule asks that it "));
}

/* A whole text without wildcards: where it is true there is no more to say than the value. */
static bool is_plain(const struct predicate *predicate)
{
    return predicate->kind == PREDICATE_GLOB &&
           (predicate->glob.count == 0 ||
            (predicate->glob.count == 1 && predicate->glob.tokens[0].kind == GLOB_TEXT));
}

static void say_test(const struct reason *reason, struct buf *out)
{
    const struct predicate *predicate = reason->expression->test;
    bool bare = predicate->kind == PREDICATE_EXISTS || predicate->kind == PREDICATE_NULL;

    if (predicate->field.len == 0 && !reason->holds) {
        say_keyword_missing(reason, out);
        return;
    }
    say_found(reason, out);
    if (bare && reason->test.value_count == 0 && reason->holds)
        return;
    if (reason->holds && (bare || is_plain(predicate)))
        return;
    if (reason->holds)
        buf_add(out, STR(", which "));
    else
        say_asks(reason, out);
    reasons_asked(predicate, out);
    if (reason->gave_up)
        buf_add(out, STR(" (the expression reached its limit: nobody can tell)"));
}

/* What a list asks, as long as it is the same question: "ends with 'a', 'b' or one of 3 others". */
static void say_list(const struct reason *list, struct buf *out)
{
    const struct reason *first = list->children[0];
    bool all = list->expression->kind == EXPRESSION_AND;

    if (first->expression->test->field.len == 0)
        buf_add(out, STR("no value of the event "));
    else
        say_found(first, out);
    if (first->expression->test->field.len > 0)
        say_asks(first, out);
    uint32_t said = 0, count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->children[i]->holds)
            continue;
        count++;
        if (said == VALUES_IN_SENTENCE)
            continue;
        if (said++ > 0)
            buf_add(out, all ? STR(" and ") : STR(", or "));
        reasons_asked(list->children[i]->expression->test, out);
    }
    if (count > said)
        buf_printf(out, all ? " and %u more" : ", or one of %u others", count - said);
}

/* "CommandLine is 'X', which contains 'a' and contains 'b'". */
static bool say_all(const struct reason *list, struct buf *out)
{
    const struct reason *first = list->children[0];

    for (uint32_t i = 1; i < list->count; i++)
        if (first->test.value_count != 1 || list->children[i]->test.value_count != 1)
            return false; /* each may be true of another value */
    say_test(first, out);
    for (uint32_t i = 1; i < list->count && i < VALUES_IN_SENTENCE + 1; i++) {
        buf_add(out, STR(" and "));
        reasons_asked(list->children[i]->expression->test, out);
    }
    if (list->count > VALUES_IN_SENTENCE + 1)
        buf_printf(out, " and %u more", list->count - VALUES_IN_SENTENCE - 1);
    return true;
}

static uint32_t count_of(const struct reason *reason, bool holds)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < reason->count; i++)
        count += reason->children[i]->holds == holds;
    return count;
}

/* The names of the members that answer so, at most a few. */
static void say_names(const struct reason *reason, bool holds, uint32_t from, struct buf *out)
{
    uint32_t said = 0, left = 0;

    for (uint32_t i = from; i < reason->count; i++) {
        const struct reason *child = reason->children[i];
        if (child->holds != holds || child->identifier.len == 0)
            continue;
        if (said == NAMES_IN_SENTENCE) {
            left++;
            continue;
        }
        if (said++ > 0)
            buf_add(out, STR(", "));
        reasons_shown(child->identifier, 200, out);
    }
    if (left > 0)
        buf_printf(out, " and %u more", left);
}

static uint32_t names_of(const struct reason *reason, bool holds, uint32_t from)
{
    uint32_t names = 0;

    for (uint32_t i = from; i < reason->count; i++)
        names += reason->children[i]->holds == holds && reason->children[i]->identifier.len > 0;
    return names;
}

static uint32_t first_of(const struct reason *reason, bool holds)
{
    uint32_t i = 0;

    while (i < reason->count && reason->children[i]->holds != holds)
        i++;
    return i;
}

/* One member decides: an AND that is false, an OR that is true. */
static void say_decisive(const struct reason *reason, unsigned depth, struct buf *out)
{
    uint32_t first = first_of(reason, reason->holds);

    if (first == reason->count) { /* an empty OR: an identifier that could not be read */
        buf_add(out, STR("nothing can make it true"));
        return;
    }
    say(reason->children[first], depth + 1, out);
    uint32_t names = names_of(reason, reason->holds, first + 1);
    if (reason->holds || names == 0)
        return;
    buf_add(out, STR("; besides, "));
    say_names(reason, false, first + 1, out);
    buf_add(out, names == 1 ? STR(" is false, too") : STR(" are false, too"));
}

/* Every member decides: an OR that is false, an AND that is true. */
static void say_each(const struct reason *reason, unsigned depth, struct buf *out)
{
    uint32_t said = 0, count = count_of(reason, reason->holds);

    if (!reason->holds && count == 0) {
        buf_add(out, STR("nothing can make it true"));
        return;
    }
    if (!reason->holds && count > 1) {
        if (names_of(reason, false, 0) == count) {
            buf_add(out, STR("none of "));
            say_names(reason, false, 0, out);
            buf_add(out, STR(" is true: "));
        } else {
            buf_printf(out, "none of %u alternatives is true: ", count);
        }
    }
    uint32_t most = reason->holds ? NAMES_IN_SENTENCE : VALUES_IN_SENTENCE;
    for (uint32_t i = 0; i < reason->count && said < most; i++) {
        if (said++ > 0)
            buf_add(out, reason->holds ? STR(", and ") : STR("; "));
        say(reason->children[i], depth + 1, out);
    }
    if (count > said)
        buf_printf(out, "; and so on for %u more", count - said);
}

static void say(const struct reason *reason, unsigned depth, struct buf *out)
{
    bool is_and = reason->expression->kind == EXPRESSION_AND;

    if (reason->filter.len > 0) {
        buf_add(out, STR("the filter '"));
        reasons_shown(reason->filter, 200, out);
        buf_add(out, reason->holds ? STR("' lets it pass: ") : STR("' keeps it out: "));
    }
    if (reason->identifier.len > 0) {
        reasons_shown(reason->identifier, 200, out);
        buf_add(out, reason->holds ? STR(" is true, because ") : STR(" is false, because "));
    }
    if (depth > DEPTH_IN_SENTENCE || out->len > SENTENCE_BYTES_MAX) {
        buf_add(out, STR("of what stands below"));
    } else if (is_test(reason)) {
        say_test(reason, out);
    } else if (reason->expression->kind == EXPRESSION_NOT) {
        if (!reason->holds && reason->item.len == 0)
            buf_add(out, STR("the rule excludes what is here: "));
        say(reason->children[0], depth + 1, out);
        if (reason->item.len > 0 && !reason->holds)
            buf_add(out, STR(", which must not be"));
    } else if (!reason->holds && is_value_list(reason)) {
        say_list(reason, out);
    } else if (is_and == reason->holds) {
        if (!(is_and && is_value_list(reason) && say_all(reason, out)))
            say_each(reason, depth, out);
    } else {
        say_decisive(reason, depth, out);
    }
}

static const struct event_field *field_named(const struct event *event, struct str name)
{
    uint16_t id = fields_find(event->fields, name);

    return id == FIELD_NONE ? NULL : event_find(event, id);
}

static void add_asked_values(const struct taxonomy_test *test, struct buf *out)
{
    reasons_shown(test->field, 200, out);
    if (test->present) {
        buf_add(out, STR(" is there"));
        return;
    }
    buf_add(out, STR(" is "));
    for (uint32_t i = 0; i < test->value_count; i++) {
        if (i > 0)
            buf_add(out, STR(" or "));
        reasons_shown(test->values[i], 200, out);
    }
}

/* "Channel is Security, EventID is 4688". */
static void add_when(const struct taxonomy_entry *entry, struct buf *out)
{
    const char *before = "";

    if (entry->windows) {
        buf_add(out, STR("a Windows event"));
        before = ", ";
    }
    for (uint32_t i = 0; i < entry->format_count; i++) {
        buf_add(out, str_from(i ? " or " : before));
        if (i == 0)
            buf_add(out, STR("found in the format "));
        reasons_shown(entry->formats[i], 200, out);
        before = ", ";
    }
    for (uint32_t i = 0; i < entry->test_count; i++) {
        buf_add(out, str_from(before));
        add_asked_values(&entry->tests[i], out);
        before = ", ";
    }
    if (!*before)
        buf_add(out, STR("any event"));
}

#define SOURCES_IN_SENTENCE 3u

static void say_other_source(const struct reasons *reasons, struct buf *out)
{
    buf_add(out, STR("the event is of another log source than the rule's ("));
    reasons_log_source(&reasons->rule->source, out);
    buf_add(out, STR("), which needs "));
    for (uint32_t i = 0; i < reasons->source_count && i < SOURCES_IN_SENTENCE; i++) {
        if (i > 0)
            buf_add(out, STR("; or "));
        add_when(reasons->sources[i].entry, out);
    }
    if (reasons->source_count > SOURCES_IN_SENTENCE)
        buf_printf(out, "; or one of %u others", reasons->source_count - SOURCES_IN_SENTENCE);
    buf_add(out, reasons->root->holds ? STR(". Its condition alone would be true")
                                      : STR(". Its condition would be false, too: "));
    if (!reasons->root->holds)
        say(reasons->root, 0, out);
}

void reasons_sentence(const struct reasons *reasons, struct buf *out)
{
    const struct sigma_rule *rule = reasons->rule;

    if (rule->state != RULE_LOADED) {
        buf_add(out, STR("It cannot fire: "));
        if (rule->state == RULE_REFUSED)
            buf_add(out, STR("the rule is refused: "));
        reasons_shown(rule->reason, 1000, out);
    } else if (reasons->source_count == 0) {
        buf_add(out, STR("It cannot fire: nothing maps the log source "));
        reasons_log_source(&rule->source, out);
    } else if (reasons->fires) {
        buf_add(out, STR("It fires: "));
        say(reasons->root, 0, out);
    } else {
        buf_add(out, STR("It does not fire: "));
        if (reasons->source && !reasons->source->holds)
            say_other_source(reasons, out);
        else
            say(reasons->root, 0, out);
    }
    if (!reasons->fires && reasons->gave_up)
        buf_add(out, STR(". An expression reached its limit, so nobody can tell for sure"));
    buf_add_char(out, '.');
}

/* ---- the page ---- */

static void begin_line(const struct reason *reason, unsigned depth, struct buf *out)
{
    buf_add(out, reason->gave_up ? STR("  ?   ") : reason->holds ? STR("  yes ") : STR("  no  "));
    for (unsigned i = 0; i < depth; i++)
        buf_add(out, STR("  "));
}

static void add_indent(unsigned depth, struct buf *out)
{
    buf_add(out, STR("      "));
    for (unsigned i = 0; i < depth; i++)
        buf_add(out, STR("  "));
}

/* A line with what the event has under the field of this test. */
static void show_found(const struct reason *reason, unsigned depth, struct buf *out)
{
    const struct judged_test *test = &reason->test;
    bool is_keyword = reason->expression->test->field.len == 0;

    if (is_keyword && test->which == JUDGED_NONE)
        return;
    add_indent(depth, out);
    if (test->value_count == 0) {
        buf_add(out, STR("the event has no "));
        say_field(reason, out);
        buf_add_char(out, '\n');
        return;
    }
    buf_add(out, is_keyword ? STR("found in ") : STR("in the event: "));
    if (reason->event_name.len > 0 && !is_keyword) {
        reasons_shown(reason->event_name, 200, out);
        buf_add_char(out, ' ');
    }
    for (uint32_t i = 0; i < test->value_count && i < LINES_PER_NODE; i++) {
        if (i > 0)
            buf_add(out, STR(", "));
        if (test->values[i].type == VALUE_NULL) {
            buf_add(out, STR("null"));
            continue;
        }
        buf_add_char(out, '\'');
        reasons_shown(test->values[i].text, VALUE_BYTES_SHOWN, out);
        buf_add_char(out, '\'');
    }
    if (test->value_count > LINES_PER_NODE)
        buf_printf(out, " and %u more", test->value_count - LINES_PER_NODE);
    buf_add_char(out, '\n');
}

static void add_joint(const struct reason *reason, struct buf *out)
{
    switch (reason->expression->kind) {
    case EXPRESSION_AND:
        buf_printf(out, reason->count == 2 ? "both of these" : "all of these %u", reason->count);
        break;
    case EXPRESSION_OR:
        buf_printf(out,
                   reason->count == 0   ? "nothing"
                   : reason->count == 2 ? "one of these two"
                                        : "one of these %u",
                   reason->count);
        break;
    case EXPRESSION_NOT:
        buf_add(out, STR("not"));
        break;
    case EXPRESSION_TEST:
        break;
    }
}

enum showing {
    SHOW_PART,
    SHOW_VALUE, /* of a list that has named the field already */
    SHOW_NAME   /* of what did not decide: search identifiers by their names alone */
};

static void show(const struct reason *reason, unsigned depth, enum showing showing,
                 struct buf *out);

/* Of very many those that decide come first, and the others are counted. */
static void show_children(const struct reason *reason, unsigned depth, enum showing showing,
                          struct buf *out)
{
    uint32_t shown = 0, left_true = 0, left_false = 0;
    bool few = reason->count <= LINES_PER_NODE;
    bool first = reason->expression->kind == EXPRESSION_OR || reason->holds;

    for (unsigned pass = 0; pass < (few ? 1 : 2); pass++) {
        for (uint32_t i = 0; i < reason->count; i++) {
            const struct reason *child = reason->children[i];
            if (!few && child->holds != (pass == 0 ? first : !first))
                continue;
            if (few || shown < LINES_PER_NODE) {
                show(child, depth, showing, out);
                shown++;
            } else {
                left_true += child->holds;
                left_false += !child->holds;
            }
        }
    }
    if (left_true + left_false == 0)
        return;
    add_indent(depth, out);
    buf_printf(out, "... and %u more: %u true, %u false\n", left_true + left_false, left_true,
               left_false);
}

static void show_test(const struct reason *reason, unsigned depth, enum showing showing,
                      struct buf *out)
{
    struct str field = reason->expression->test->field;

    if (showing != SHOW_VALUE) {
        if (field.len > 0)
            reasons_shown(field, 200, out);
        else
            buf_add(out, STR("some value"));
        buf_add_char(out, ' ');
    }
    reasons_asked(reason->expression->test, out);
    buf_add_char(out, '\n');
    if (showing != SHOW_VALUE || field.len == 0)
        show_found(reason, depth + 1, out);
}

static void show(const struct reason *reason, unsigned depth, enum showing showing, struct buf *out)
{
    bool list = is_value_list(reason);

    begin_line(reason, depth, out);
    if (reason->filter.len > 0) {
        buf_add(out, STR("filter '"));
        reasons_shown(reason->filter, 200, out);
        buf_add(out, STR("': "));
    }
    if (reason->identifier.len > 0) {
        reasons_shown(reason->identifier, 200, out);
        buf_add(out, showing == SHOW_NAME ? STR("\n") : STR(": "));
        if (showing == SHOW_NAME)
            return;
    }
    if (is_test(reason)) {
        show_test(reason, depth, showing, out);
        return;
    }
    if (reason->item.len > 0 && reason->expression->kind != EXPRESSION_NOT) {
        reasons_shown(reason->item, 200, out);
        buf_add(out, STR(", "));
    }
    add_joint(reason, out);
    buf_add_char(out, '\n');
    if (depth == DEPTH_SHOWN)
        return;
    if (list && reason->children[0]->expression->test->field.len > 0)
        show_found(reason->children[0], depth + 1, out);
    if (showing != SHOW_NAME)
        showing = list ? SHOW_VALUE : SHOW_PART;
    show_children(reason, depth + 1, showing, out);
}

/* Where the rule does not fire, a `not` that holds has not decided it. */
static void show_condition(const struct reasons *reasons, struct buf *out)
{
    const struct reason *root = reasons->root;

    if (root->holds || root->expression->kind != EXPRESSION_AND || root->identifier.len > 0) {
        show(root, 0, SHOW_PART, out);
        return;
    }
    begin_line(root, 0, out);
    add_joint(root, out);
    buf_add_char(out, '\n');
    for (uint32_t i = 0; i < root->count; i++) {
        const struct reason *child = root->children[i];
        bool idle = child->holds && child->expression->kind == EXPRESSION_NOT;
        show(child, 1, idle ? SHOW_NAME : SHOW_PART, out);
    }
}

static void show_route(const struct event *event, struct buf *out)
{
    static const struct str names[] = {STR_INIT("Channel"), STR_INIT("Provider_Name"),
                                       STR_INIT("EventID")};
    const char *before = "           ";

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        const struct event_field *field = field_named(event, names[i]);
        if (!field)
            continue;
        buf_add(out, str_from(before));
        buf_add(out, names[i]);
        buf_add_char(out, ' ');
        reasons_shown(field->value.text, 200, out);
        before = ", ";
    }
    if (*before == ',')
        buf_add_char(out, '\n');
}

static void show_head(const struct reasons *reasons, const struct event *event,
                      const struct reasons_place *place, struct buf *out)
{
    const struct sigma_rule *rule = reasons->rule;

    buf_add(out, STR("Rule       "));
    reasons_shown(rule->title, 300, out);
    buf_add(out, STR("\n           "));
    reasons_shown(rule->id, 200, out);
    buf_add(out, STR(", "));
    buf_add(out, level_name(rule->level));
    buf_add(out, STR(", "));
    reasons_shown(rule->path, 2000, out);
    buf_printf(out, ":%u\nEvent      ", rule->line);
    reasons_shown(place->path, 2000, out);
    if (place->number > 0)
        buf_printf(out, ", %s %llu", place->is_line ? "line" : "record",
                   (unsigned long long)place->number);
    buf_add_char(out, '\n');
    show_route(event, out);
}

static void show_sources(const struct reasons *reasons, struct buf *out)
{
    buf_add(out, STR("\nLog source "));
    reasons_log_source(&reasons->rule->source, out);
    buf_add(out, reasons->source_count ? STR(", recorded by\n") : STR(": nothing maps it\n"));
    for (uint32_t i = 0; i < reasons->source_count; i++) {
        const struct reason_source *source = &reasons->sources[i];
        if (i >= LINES_PER_NODE && source != reasons->source)
            continue;
        buf_add(out, source->holds ? STR("  yes ") : STR("  no  "));
        add_when(source->entry, out);
        if (source == reasons->source && reasons->source_count > 1 && source->holds)
            buf_add(out, STR(" (this one)"));
        buf_add_char(out, '\n');
    }
    if (reasons->source_count > LINES_PER_NODE)
        buf_printf(out, "      ... of %u\n", reasons->source_count);
}

void reasons_page(const struct reasons *reasons, const struct event *event,
                  const struct reasons_place *place, struct buf *out)
{
    show_head(reasons, event, place, out);
    buf_add_char(out, '\n');
    reasons_sentence(reasons, out);
    buf_add_char(out, '\n');
    show_sources(reasons, out);
    if (!reasons->root)
        return;
    buf_add(out, STR("\nCondition  "));
    reasons_shown(reasons->condition, 2000, out);
    buf_add_char(out, '\n');
    show_condition(reasons, out);
}
