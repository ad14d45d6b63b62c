/* explain.c - see explain.h. */
#include "engine/explain.h"

#include "codec/utf.h"

#define PHRASES_MAX 4
#define WRITTEN_BYTES_MAX 200u
#define VALUE_BYTES_MAX (64u << 10) /* the whole value stands in the event */

struct explaining {
    struct arena *arena;
    struct matched_field *fields;
    uint32_t count;
    uint32_t phrases, phrases_left_out;
    struct buf why;
};

static const char *verb_of_glob(const struct predicate *test)
{
    const struct glob *glob = &test->glob;
    bool before = glob->count > 0 && glob->tokens[0].kind == GLOB_MANY;
    bool after = glob->count > 1 && glob->tokens[glob->count - 1].kind == GLOB_MANY;

    return before && after ? "contains" : before ? "ends with" : after ? "begins with" : "is";
}

static const char *verb_of(const struct predicate *test)
{
    static const char *const compares[] = {[COMPARE_EQ] = "is",
                                           [COMPARE_LT] = "is below",
                                           [COMPARE_LTE] = "is at most",
                                           [COMPARE_GT] = "is above",
                                           [COMPARE_GTE] = "is at least"};
    static const char *const parts[] = {
        [TIME_WHOLE] = "",       [TIME_MINUTE] = "'s minute ", [TIME_HOUR] = "'s hour ",
        [TIME_DAY] = "'s day ",  [TIME_WEEK] = "'s week ",     [TIME_MONTH] = "'s month ",
        [TIME_YEAR] = "'s year "};
    static const char *const refs[] = {[FIELDREF_EQUALS] = "equals",
                                       [FIELDREF_STARTSWITH] = "begins with",
                                       [FIELDREF_ENDSWITH] = "ends with",
                                       [FIELDREF_CONTAINS] = "contains"};

    switch (test->kind) {
    case PREDICATE_GLOB:
        return verb_of_glob(test);
    case PREDICATE_REGEX:
        return "matches";
    case PREDICATE_CIDR:
        return "is in";
    case PREDICATE_COMPARE:
        return test->part == TIME_WHOLE ? compares[test->compare] : parts[test->part];
    case PREDICATE_EXISTS:
        return test->exists ? "is there" : "is missing";
    case PREDICATE_NULL:
        return "is empty";
    case PREDICATE_FIELDREF:
        return refs[test->fieldref];
    }
    return "is";
}

static void add_phrase(struct explaining *explaining, const struct predicate *test,
                       struct str field)
{
    struct buf *why = &explaining->why;
    bool bare = test->kind == PREDICATE_EXISTS || test->kind == PREDICATE_NULL;

    if (explaining->phrases == PHRASES_MAX) {
        explaining->phrases_left_out++;
        return;
    }
    if (explaining->phrases++ > 0)
        buf_add(why, STR(" and "));
    buf_add(why, field.len ? field : STR("some value"));
    if (test->kind != PREDICATE_COMPARE || test->part == TIME_WHOLE)
        buf_add_char(why, ' ');
    buf_add(why, str_from(verb_of(test)));
    if (bare)
        return;
    buf_add(why, test->kind == PREDICATE_FIELDREF ? STR(" the field ") : STR(" '"));
    buf_add(why, utf8_cut(test->kind == PREDICATE_FIELDREF ? test->other : test->written,
                          WRITTEN_BYTES_MAX));
    if (test->kind != PREDICATE_FIELDREF)
        buf_add_char(why, '\'');
}

static void visit(void *context, const struct predicate *test, struct str field, struct value value)
{
    struct explaining *explaining = context;

    add_phrase(explaining, test, field);
    value.text = utf8_cut(value.text, VALUE_BYTES_MAX);
    for (uint32_t i = 0; i < explaining->count; i++)
        if (str_eq(explaining->fields[i].name, field) &&
            str_eq(explaining->fields[i].value.text, value.text))
            return;
    if (explaining->count == EXPLAINED_MAX)
        return;
    explaining->fields[explaining->count++] = (struct matched_field){field, value};
}

void explain_match(struct matcher *matcher, struct event *event, const struct sigma_rule *rule,
                   struct arena *arena, struct sighting *sighting)
{
    struct explaining explaining = {.arena = arena};

    explaining.fields = ARENA_ARRAY(arena, struct matched_field, EXPLAINED_MAX);
    buf_init(&explaining.why, 1u << 16);
    matcher_explain(matcher, event, rule, visit, &explaining);
    if (explaining.phrases == 0)
        buf_add(&explaining.why, STR("nothing that the rule excludes is in the event"));
    if (explaining.phrases_left_out > 0)
        buf_printf(&explaining.why, " and %u more", explaining.phrases_left_out);
    sighting->matched = explaining.fields;
    sighting->matched_count = explaining.count;
    sighting->why = arena_str(arena, buf_str(&explaining.why));
    buf_free(&explaining.why);
}
