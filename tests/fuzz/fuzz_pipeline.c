/* fuzz_pipeline.c - any text as a --pipeline file: it is refused with a sentence that says where,
 * or rules and filters go through it and are loaded, inert or refused for a reason; and through it
 * again, with the same outcome.
 *
 * The text may bring rules of its own, behind a line `#rules`. */
/* links: rules */
#include "core/ensure.h"
#include "core/limits.h"
#include "rules/pipeline.h"
#include "rules/sigma.h"

#include "fuzz/libfyaml_leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char rules[] =
    "title: One\nid: a\nlevel: high\ntags: [attack.t1]\nlogsource: {category: c, product: p}\n"
    "detection:\n"
    "  one: {a: 1, b|contains|all: [x, 'y*'], c: null, d|re: 'x+', e|fieldref: a}\n"
    "  two: [{a|endswith: '\\x.exe'}, {b|neq: z, f|exists: false}]\n"
    "  words: [needle, 7]\n"
    "  condition: one or two and not 1 of w*\n---\n"
    "title: Two\nid: b\nlogsource: {category: c}\n"
    "detection: {s: {a|expand: '\\%%a% %b%', g|cidr: 10.0.0.0/8}, condition: [s, all of them]}\n";
static const char filters[] = "title: Filter\nlogsource: {category: c}\n"
                              "filter: {rules: any, x: {a: 2}, condition: not x}\n";

static void check_expression(const struct expression *expression, uint32_t *budget)
{
    if (*budget == 0)
        return;
    --*budget;
    ENSURE((expression->kind == EXPRESSION_TEST) == (expression->test != NULL));
    ENSURE(expression->test || expression->count > 0);
    ENSURE(!expression->test || expression->test->line > 0);
    for (uint32_t i = 0; i < expression->count; i++)
        check_expression(expression->children[i], budget);
}

static void check_rule(const struct sigma_rule *rule)
{
    uint32_t budget = 100000;

    ENSURE((rule->state == RULE_LOADED) == (rule->reason.len == 0));
    ENSURE(rule->state != RULE_REFUSED || rule->reason_line > 0);
    if (rule->state != RULE_LOADED)
        return;
    ENSURE(rule->source.category.len + rule->source.product.len + rule->source.service.len > 0);
    ENSURE(rule->values <= RULE_VALUES_MAX);
    check_expression(rule->detection, &budget);
}

static void load(struct rule_set *set, struct arena *arena, struct pipelines *pipelines,
                 struct str own)
{
    rule_set_init(set, arena);
    set->pipelines = pipelines;
    rule_set_add(set, STR("rules.yml"), STR(rules), NULL);
    rule_set_add(set, STR("own.yml"), own, NULL);
    rule_set_add_filters(set, STR("filters.yml"), STR(filters), NULL);
    for (uint32_t i = 0; i < set->count; i++)
        check_rule(set->rules[i]);
    rule_set_finish(set);
}

static void check_uses(const struct pipelines *pipelines, struct arena *arena,
                       const struct rule_set *set)
{
    uint32_t count;
    const struct pipeline_use *uses = pipelines_uses(pipelines, arena, &count);

    ENSURE(count == 1 && uses[0].changed <= 2 * (set->count + set->filter_count));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct str mark = STR_INIT("\n#rules\n");
    static struct arena *arena;
    struct str text = {(const char *)data, len}, own = STR_EMPTY;
    struct rule_set set, again;
    struct why why = {""};

    if (!arena)
        arena = arena_new("fuzz", (size_t)4 << 30);
    arena_reset(arena);
    for (size_t i = 0; i + mark.len <= len && own.len == 0; i++)
        if (str_starts_with(str_slice(text, i, len), mark)) {
            own = str_slice(text, i + mark.len, len);
            text = str_slice(text, 0, i + 1);
        }
    struct pipelines *pipelines = pipelines_new(arena);
    enum err err = pipelines_add(pipelines, STR("p.yml"), text, &why);
    ENSURE((err == ERR_NONE) == (why.text[0] == '\0'));
    ENSURE(err == ERR_NONE || str_starts_with(str_from(why.text), STR("p.yml:")));
    if (err == ERR_NONE) {
        load(&set, arena, pipelines, own);
        load(&again, arena, pipelines, own);
        check_uses(pipelines, arena, &set);
        ENSURE(set.count == again.count);
        for (uint32_t i = 0; i < set.count; i++)
            ENSURE(set.rules[i]->state == again.rules[i]->state &&
                   set.rules[i]->values == again.rules[i]->values &&
                   str_eq(set.rules[i]->reason, again.rules[i]->reason));
    }
    pipelines_free(pipelines);
    return 0;
}
