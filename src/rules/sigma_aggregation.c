/* sigma_aggregation.c - what Sigma 1 wrote behind a `|` in a condition, as correlations (row C9):
 * `count() by`, sum, min, max, avg over a timeframe, and `near`. */
#include "rules/sigma_correlation_priv.h"

#include "codec/sha256.h"
#include "match/number.h"

#include <math.h>

struct aggregation {
    struct sigma_loading *loading;
    struct correlation *correlation;
    const struct yaml_node *place;
    struct str text, rest, word; /* word: empty at the end */
};

static bool is_special(char c)
{
    return c == '(' || c == ')' || c == ',' || c == '<' || c == '>' || c == '=';
}

static void next_word(struct aggregation *a)
{
    size_t len = 0;

    a->rest = str_trim(a->rest);
    if (a->rest.len > 0 && is_special(a->rest.at[0]))
        len = 1;
    else
        while (len < a->rest.len && !is_special(a->rest.at[len]) && a->rest.at[len] != ' ' &&
               a->rest.at[len] != '\t' && a->rest.at[len] != '\n' && a->rest.at[len] != '\r')
            len++;
    if (len == 1 && (a->rest.at[0] == '<' || a->rest.at[0] == '>' || a->rest.at[0] == '='))
        len += a->rest.len > 1 && a->rest.at[1] == '=';
    a->word = str_slice(a->rest, 0, len);
    a->rest = str_slice(a->rest, len, a->rest.len);
}

static bool refuse(struct aggregation *a, const char *what)
{
    return sigma_refuse(a->loading, a->place->line, a->place->column,
                        "the aggregation '%.*s' of Sigma 1 cannot be translated: %s",
                        SHOWN(a->text), what);
}

static bool takes(struct aggregation *a, struct str word)
{
    if (!str_eq_nocase(a->word, word))
        return false;
    next_word(a);
    return true;
}

/* ---- count, sum, min, max, avg ---- */

static bool parse_function(struct aggregation *a)
{
    static const struct {
        const char *name;
        enum correlation_type type;
        double percentile;
    } functions[] = {{"count", CORRELATION_VALUE_COUNT, -1},
                     {"sum", CORRELATION_VALUE_SUM, -1},
                     {"avg", CORRELATION_VALUE_AVG, -1},
                     {"min", CORRELATION_VALUE_PERCENTILE, 0},
                     {"max", CORRELATION_VALUE_PERCENTILE, 100}};
    struct correlation *correlation = a->correlation;
    size_t at = 0;

    while (at < ARRAY_COUNT(functions) && !str_eq_nocase(a->word, str_from(functions[at].name)))
        at++;
    if (at == ARRAY_COUNT(functions))
        return refuse(a, "it begins with none of count, sum, min, max, avg, near");
    next_word(a);
    correlation->type = functions[at].type;
    correlation->percentile = functions[at].percentile;
    if (takes(a, STR("(")) && !takes(a, STR(")"))) {
        correlation->value_fields = ARENA_NEW(a->loading->arena, struct str);
        correlation->value_fields[0] = a->word;
        correlation->value_count = 1;
        if (a->word.len == 0 || is_special(a->word.at[0]))
            return refuse(a, "a field must stand between the parentheses");
        next_word(a);
        if (!takes(a, STR(")")))
            return refuse(a, "a closing parenthesis is missing");
    }
    if (correlation->type == CORRELATION_VALUE_COUNT && correlation->value_count == 0)
        correlation->type = CORRELATION_EVENT_COUNT;
    return true;
}

static bool parse_by(struct aggregation *a)
{
    struct correlation *correlation = a->correlation;

    if (!takes(a, STR("by")))
        return true;
    correlation->group_by = ARENA_ARRAY(a->loading->arena, struct str, CORRELATION_FIELDS_MAX);
    do {
        if (a->word.len == 0 || is_special(a->word.at[0]))
            return refuse(a, "a field must stand behind 'by'");
        if (correlation->group_count == CORRELATION_FIELDS_MAX)
            return refuse(a, "there are too many fields behind 'by'");
        correlation->group_by[correlation->group_count++] = a->word;
        next_word(a);
    } while (takes(a, STR(",")));
    return true;
}

static bool parse_comparison(struct aggregation *a)
{
    static const struct {
        const char *written;
        enum threshold_op op;
    } ops[] = {{">", THRESHOLD_GT},   {">=", THRESHOLD_GTE}, {"<", THRESHOLD_LT},
               {"<=", THRESHOLD_LTE}, {"=", THRESHOLD_EQ},   {"==", THRESHOLD_EQ}};
    double number;

    for (size_t i = 0; i < ARRAY_COUNT(ops); i++) {
        if (!str_eq(a->word, str_from(ops[i].written)))
            continue;
        next_word(a);
        if (!number_parse(a->word, &number) || !isfinite(number))
            return refuse(a, "a number must stand behind the comparison");
        next_word(a);
        return correlation_add_threshold(a->loading, a->correlation, ops[i].op, number,
                                         a->place->line, a->place->column);
    }
    return refuse(a, "a comparison with a number is missing");
}

static bool parse_count(struct aggregation *a)
{
    if (!parse_function(a) || !parse_by(a) || !parse_comparison(a))
        return false;
    return a->word.len == 0 || refuse(a, "there is more behind the number");
}

/* ---- near ---- */

static struct identifier *find(struct identifier *identifiers, uint32_t count, struct str name)
{
    for (uint32_t i = 0; i < count; i++)
        if (str_eq(identifiers[i].name, name))
            return &identifiers[i];
    return NULL;
}

static bool is_member(const struct correlation *correlation, struct str name)
{
    for (uint32_t i = 0; i < correlation->member_count; i++)
        if (str_eq(correlation->members[i].reference, name))
            return true;
    return false;
}

/* A rule that stands for one search identifier: nobody sees it. */
static struct sigma_rule *part_of(struct sigma_loading *loading,
                                  const struct identifier *identifier)
{
    struct sigma_rule *part = ARENA_NEW(loading->arena, struct sigma_rule);
    struct str text =
        arena_printf(loading->arena, "%llu %.*s", (unsigned long long)loading->rule->key,
                     STR_ARG(identifier->name));
    uint8_t digest[SHA256_BYTES];

    *part = *loading->rule;
    sha256(text, digest);
    for (unsigned i = 0; i < 8; i++)
        part->key = part->key << 8 | digest[i];
    part->name = STR_EMPTY; /* but the id is the rule's: filters are for both */
    part->correlation = NULL;
    part->notes = NULL;
    part->note_count = 0;
    part->hidden = true;
    part->detection = identifier->expression;
    part->values = identifier->values;
    return part;
}

static bool parse_near(struct aggregation *a, struct identifier *identifiers, uint32_t count)
{
    static const struct str own = STR_INIT(":"); /* no search identifier is called so */
    struct sigma_loading *loading = a->loading;
    struct correlation *correlation = a->correlation;
    struct str expression = a->rest;

    correlation->type = CORRELATION_TEMPORAL;
    correlation->members =
        ARENA_ARRAY(loading->arena, struct correlation_member, CORRELATION_ORDERED_MAX);
    correlation->members[correlation->member_count++].reference = own;
    loading->parts = ARENA_ARRAY(loading->arena, struct sigma_rule *, CORRELATION_ORDERED_MAX);
    for (next_word(a); a->word.len > 0; next_word(a)) {
        struct identifier *identifier = find(identifiers, count, a->word);
        if (!identifier || !identifier->expression || is_member(correlation, a->word))
            continue;
        identifier->used = true;
        if (correlation->member_count == CORRELATION_ORDERED_MAX)
            return refuse(a, "it names too many search identifiers");
        correlation->members[correlation->member_count++].reference = a->word;
        loading->parts[loading->part_count++] = part_of(loading, identifier);
    }
    struct str text = arena_printf(loading->arena, ": and (%.*s)", STR_ARG(expression));
    if (!correlation_terms_parse(loading, correlation, a->place, text))
        return false;
    correlation->condition = a->text;
    return true;
}

bool aggregation_parse(struct sigma_loading *loading, const struct yaml_node *detection,
                       struct identifier *identifiers, uint32_t count)
{
    const struct yaml_node *timeframe = yaml_get(detection, STR("timeframe"));
    struct correlation *correlation = ARENA_NEW(loading->arena, struct correlation);
    struct aggregation a = {.loading = loading,
                            .correlation = correlation,
                            .place = loading->aggregated,
                            .text = str_trim(loading->aggregation),
                            .rest = loading->aggregation};

    correlation->translated = true;
    correlation->percentile = -1;
    if (!timeframe)
        return refuse(&a, "it has no timeframe");
    next_word(&a);
    bool near = str_eq_nocase(a.word, STR("near"));
    if (!correlation_timespan_parse(loading, correlation, timeframe) ||
        !(near ? parse_near(&a, identifiers, count) : parse_count(&a)))
        return false;
    if (!near) {
        correlation->members = ARENA_NEW(loading->arena, struct correlation_member);
        correlation->members[0].reference = loading->rule->id;
        correlation->member_count = 1;
    }
    if (!correlation_complete(loading, correlation, a.place->line, a.place->column))
        return false;
    loading->rule->correlation = correlation;
    return true;
}
