/* fuzz_plan.c - rules and events made up from the input, judged by the plan and by the naive
 * evaluator, which must agree. Names and values come from a few letters: they meet often. */
/* links: rules */
#include "codec/json.h"
#include "core/buf.h"
#include "core/ensure.h"
#include "rules/judge.h"
#include "rules/plan.h"
#include "rules/reasons.h"

#include "fuzz/libfyaml_leak.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define ARENA_BYTES ((size_t)1 << 30)
#define RULES_MAX 6
#define DOCUMENTS_MAX (RULES_MAX + 1) /* a filter that is none is a refused rule */
#define IDENTIFIERS_MAX 4
#define ITEMS_MAX 3
#define VALUES_MAX 4
#define EVENTS_MAX 4
#define EVENT_VALUES_MAX 8
#define DEPTH_MAX 3

static const char taxonomy_text[] =
    "- {category: test, when: {}}\n"
    "- {category: mapped, product: one, when: {EventID: [1, 2]}, fields: {a: b, b: a}}\n"
    "- {category: mapped, product: two, when: {EventID: 2, c: '*'},\n"
    "   fields: {a: {join: [b, c], with: '-'}, b: {decimal: c}, c: {map: a, to: {a: b, b: '1'}}}}\n"
    "- {category: mapped, product: three, windows: true, fields: {A: c}}\n"
    "- {service: plain, when: {Channel: a}}\n";

/* The input, read byte by byte; zeros behind its end. */
struct input {
    const uint8_t *at, *end;
};

static unsigned choose(struct input *in, unsigned count)
{
    return in->at < in->end ? *in->at++ % count : 0;
}

#define CHOOSE(in, table) ((table)[choose(in, ARRAY_COUNT(table))])

/* ---- rules ---- */

static const char *const field_names[] = {"a", "b", "c", "A", "EventID", "C"};
static const char *const chains[] = {
    "",
    "",
    "",
    "|contains",
    "|contains",
    "|startswith",
    "|endswith",
    "|contains|all",
    "|all",
    "|cased",
    "|contains|cased",
    "|endswith|cased",
    "|neq",
    "|contains|neq",
    "|contains|all|neq",
    "|windash",
    "|contains|windash",
    "|endswith|windash",
    "|windash|cased",
    "|expand",
};
static const char *const encoding_chains[] = {"|base64", "|base64|contains", "|base64|cased",
                                              "|base64offset|contains",
                                              "|wide|base64offset|contains"};
static const char *const expression_chains[] = {"|re",   "|re|i",   "|re|m",
                                                "|re|s", "|re|neq", "|re|all"};
static const char *const reference_chains[] = {
    "|fieldref",          "|fieldref|contains", "|fieldref|startswith",
    "|endswith|fieldref", "|fieldref|cased",    "|fieldref|neq"};
static const char *const number_chains[] = {"|lt",     "|lte",      "|gt", "|gte",
                                            "|gt|neq", "|hour|gte", "|day"};
static const char *const pieces[] = {"a", "b", "A",  "ab",  "é", "É", "-", "/",  "–",
                                     "*", "?", "\\", "\\*", "1", "2", " ", "\n", "\\\\"};
static const char *const expression_pieces[] = {"a", "b",    ".",    "a*",  "b+",  "(a|b)", "[ab]",
                                                "^", "[^a]", ".*",   "$",   "\\d", "é",     "1",
                                                "|", "É{2}", "(?i)", "\\b", "x?",  "ab",    ".+?"};
static const char *const nets[] = {"10.0.0.0/8",    "10.1.0.0/16", "::1/128",
                                   "2001:db8::/32", "0.0.0.0/0",   "10.1.2.3"};
static const char *const encoded[] = {"a", "ab", "abé", "Ab1", "'a-b'", "12"};
static const char *const numbers[] = {"0", "1", "-1", "1.5", "10", "23"};

static void add_text(struct buf *out, const char *text)
{
    buf_add(out, str_from(text));
}

/* As a YAML text in double quotes. */
static void add_quoted(struct input *in, struct buf *out, const char *const *table, unsigned count)
{
    buf_add_char(out, '"');
    for (unsigned left = choose(in, 5); left > 0; left--) {
        for (const char *c = table[choose(in, count)]; *c; c++) {
            if (*c == '\\' || *c == '"')
                buf_add_char(out, '\\');
            if (*c == '\n')
                add_text(out, "\\n");
            else
                buf_add_char(out, *c);
        }
    }
    buf_add_char(out, '"');
}

/* Null has no text to apply a modifier to. */
static void add_value(struct input *in, struct buf *out, bool modified)
{
    switch (choose(in, 12)) {
    case 0:
        add_text(out, CHOOSE(in, numbers));
        break;
    case 1:
        add_text(out, modified ? "\"\"" : "null");
        break;
    case 2:
        add_text(out, modified ? "1" : "true");
        break;
    default:
        add_quoted(in, out, pieces, ARRAY_COUNT(pieces));
        break;
    }
}

enum item_kind {
    ITEM_TEXT,
    ITEM_EXPRESSION,
    ITEM_ENCODED,
    ITEM_REFERENCE,
    ITEM_NUMBER,
    ITEM_NET,
    ITEM_EXISTS
};

static const char *chain_of(struct input *in, enum item_kind kind)
{
    switch (kind) {
    case ITEM_TEXT:
        return CHOOSE(in, chains);
    case ITEM_EXPRESSION:
        return CHOOSE(in, expression_chains);
    case ITEM_ENCODED:
        return CHOOSE(in, encoding_chains);
    case ITEM_REFERENCE:
        return CHOOSE(in, reference_chains);
    case ITEM_NUMBER:
        return CHOOSE(in, number_chains);
    case ITEM_NET:
        return choose(in, 4) ? "|cidr" : "|cidr|neq";
    case ITEM_EXISTS:
        break;
    }
    return "|exists";
}

static void add_item_value(struct input *in, struct buf *out, enum item_kind kind, bool modified)
{
    switch (kind) {
    case ITEM_TEXT:
        add_value(in, out, modified);
        break;
    case ITEM_EXPRESSION:
        add_quoted(in, out, expression_pieces, ARRAY_COUNT(expression_pieces));
        break;
    case ITEM_ENCODED:
        add_text(out, CHOOSE(in, encoded));
        break;
    case ITEM_REFERENCE:
        add_text(out, CHOOSE(in, field_names));
        break;
    case ITEM_NUMBER:
        add_text(out, CHOOSE(in, numbers));
        break;
    case ITEM_NET:
        buf_printf(out, "\"%s\"", CHOOSE(in, nets));
        break;
    case ITEM_EXISTS:
        add_text(out, choose(in, 2) ? "true" : "false");
        break;
    }
}

/* `"field|modifiers": [values]`; texts and expressions now and then without a field. */
static void add_item(struct input *in, struct buf *out)
{
    static const enum item_kind kinds[] = {
        ITEM_TEXT,       ITEM_TEXT,       ITEM_TEXT,   ITEM_TEXT,      ITEM_TEXT,
        ITEM_TEXT,       ITEM_NUMBER,     ITEM_NET,    ITEM_REFERENCE, ITEM_EXISTS,
        ITEM_EXPRESSION, ITEM_EXPRESSION, ITEM_ENCODED};
    enum item_kind kind = CHOOSE(in, kinds);
    const char *chain = chain_of(in, kind);
    bool named = kind > ITEM_ENCODED || chain[0] == '\0' || choose(in, 6) > 0;
    unsigned values = kind == ITEM_EXISTS ? 1 : choose(in, VALUES_MAX) + 1;

    buf_printf(out, "\"%s%s\": ", named ? CHOOSE(in, field_names) : "", chain);
    if (values > 1)
        buf_add_char(out, '[');
    for (unsigned i = 0; i < values; i++) {
        if (i > 0)
            add_text(out, ", ");
        add_item_value(in, out, kind, chain[0] != '\0');
    }
    if (values > 1)
        buf_add_char(out, ']');
}

static void add_map(struct input *in, struct buf *out)
{
    unsigned items = choose(in, ITEMS_MAX) + 1;

    buf_add_char(out, '{');
    for (unsigned i = 0; i < items; i++) {
        if (i > 0)
            add_text(out, ", ");
        add_item(in, out);
    }
    buf_add_char(out, '}');
}

/* A map, a list of maps, or keywords. */
static void add_identifier(struct input *in, struct buf *out)
{
    unsigned form = choose(in, 6), members = choose(in, 3) + 1;

    if (form < 3) {
        add_map(in, out);
        return;
    }
    buf_add_char(out, '[');
    for (unsigned i = 0; i < members; i++) {
        if (i > 0)
            add_text(out, ", ");
        if (form < 5)
            add_map(in, out);
        else
            add_quoted(in, out, pieces, ARRAY_COUNT(pieces));
    }
    buf_add_char(out, ']');
}

static void add_condition(struct input *in, struct buf *out, unsigned identifiers, unsigned depth)
{
    unsigned form = choose(in, depth < DEPTH_MAX ? 8 : 3);

    switch (form) {
    case 3:
        add_text(out, "all of s*");
        break;
    case 4:
        add_text(out, "1 of them");
        break;
    case 5:
        add_text(out, "not (");
        add_condition(in, out, identifiers, depth + 1);
        buf_add_char(out, ')');
        break;
    case 6:
    case 7:
        buf_add_char(out, '(');
        add_condition(in, out, identifiers, depth + 1);
        add_text(out, form == 6 ? " and " : " or ");
        add_condition(in, out, identifiers, depth + 1);
        buf_add_char(out, ')');
        break;
    default:
        buf_printf(out, "s%u", choose(in, identifiers));
        break;
    }
}

static void add_rule(struct input *in, struct buf *out, unsigned number)
{
    static const char *const sources[] = {"category: test", "category: test", "category: mapped",
                                          "{category: mapped, product: two}", "service: plain"};
    unsigned identifiers = choose(in, IDENTIFIERS_MAX) + 1;
    const char *source = CHOOSE(in, sources);

    buf_printf(out, "---\ntitle: t%u\nlogsource: %s%s%s\ndetection:\n", number,
               source[0] == '{' ? "" : "{", source, source[0] == '{' ? "" : "}");
    for (unsigned i = 0; i < identifiers; i++) {
        buf_printf(out, "  s%u: ", i);
        add_identifier(in, out);
        buf_add_char(out, '\n');
    }
    add_text(out, "  condition: ");
    add_condition(in, out, identifiers, 0);
    buf_add_char(out, '\n');
}

/* A filter over all rules of one category, among the rules' own kind of identifiers. */
static void add_filter(struct input *in, struct buf *out)
{
    unsigned identifiers = choose(in, IDENTIFIERS_MAX) + 1;

    buf_printf(out, "---\ntitle: f\nlogsource: {category: %s}\nfilter:\n  rules: any\n",
               choose(in, 2) ? "test" : "mapped");
    for (unsigned i = 0; i < identifiers; i++) {
        buf_printf(out, "  s%u: ", i);
        add_identifier(in, out);
        buf_add_char(out, '\n');
    }
    add_text(out, "  condition: ");
    add_condition(in, out, identifiers, 0);
    buf_add_char(out, '\n');
}

/* ---- events ---- */

struct made_event {
    struct str names[EVENT_VALUES_MAX];
    struct value values[EVENT_VALUES_MAX];
    unsigned count;
};

static void visit_all(struct event *event, const struct value_visitor *visitor)
{
    const struct made_event *made = event->reader;

    for (unsigned i = 0; i < made->count; i++) {
        struct value value = made->values[i];
        if (value.type == VALUE_STRING
                ? !visitor->knows || !visitor->knows(visitor->context, RAW_UTF8, value.text)
                : !visitor->texts_only)
            visitor->visit(visitor->context, value);
    }
}

static struct value made_value(struct input *in, struct arena *arena)
{
    static const char *const texts[] = {"a-b",
                                        "10.1.2.3",
                                        "::1",
                                        "2001:db8::1",
                                        "0x1f",
                                        "0x2",
                                        "2024-05-01T23:59:00Z",
                                        "YWI=",
                                        "",
                                        "::ffff:10.0.0.1"};
    struct str text = STR_EMPTY;

    switch (choose(in, 12)) {
    case 0:
        return (struct value){str_from(CHOOSE(in, numbers)), VALUE_INTEGER};
    case 1:
        return (struct value){STR_EMPTY, VALUE_NULL};
    case 2:
        return (struct value){STR("true"), VALUE_BOOLEAN};
    case 3:
    case 4:
        return value_string(str_from(CHOOSE(in, texts)));
    default:
        break;
    }
    for (unsigned left = choose(in, 6); left > 0; left--)
        text = arena_printf(arena, "%.*s%s", STR_ARG(text), CHOOSE(in, pieces));
    return value_string(text);
}

static void make_event(struct input *in, struct event *event, struct made_event *made)
{
    static const char *const names[] = {"a", "b", "c", "A", "EventID", "Channel", "B", "C"};

    event_reset(event);
    event->windows = choose(in, 2);
    event->all_values = visit_all;
    event->reader = made;
    made->count = choose(in, EVENT_VALUES_MAX + 1);
    for (unsigned i = 0; i < made->count; i++) {
        made->names[i] = str_from(CHOOSE(in, names));
        made->values[i] = made_value(in, event->arena);
        event_add(event, fields_resolve(event->fields, made->names[i]), made->values[i]);
    }
}

/* ---- both opinions ---- */

struct opinions {
    const struct taxonomy *taxonomy;
    struct rule_set set;
    struct matcher *matcher;
    struct judge *naive;
    struct arena *arena; /* of one explanation */
    struct event *event;
};

static void complain(const struct opinions *o, const struct sigma_rule *rule, struct str rules,
                     bool by_plan)
{
    const struct made_event *made = o->event->reader;

    fprintf(stderr, "%.*sthe plan says %s to %.*s on this event%s:\n", (int)rules.len, rules.at,
            by_plan ? "yes" : "no", STR_ARG(rule->title), o->event->windows ? " (windows)" : "");
    for (unsigned i = 0; i < made->count; i++)
        fprintf(stderr, "  %.*s = (%d) \"%.*s\"\n", STR_ARG(made->names[i]),
                (int)made->values[i].type, STR_ARG(made->values[i].text));
    abort();
}

static bool was_hit(const struct sigma_rule *const *hits, uint32_t count,
                    const struct sigma_rule *rule)
{
    uint32_t times = 0;

    for (uint32_t i = 0; i < count; i++)
        times += hits[i] == rule;
    ENSURE(times <= 1);
    return times == 1;
}

static void look_at(void *context, const struct predicate *predicate, struct str rule_field,
                    struct value value)
{
    ENSURE(context && predicate && (rule_field.len == 0 || rule_field.at));
    ENSURE(value.text.len == 0 || value.text.at);
}

/* What is told of a rule must be what was judged, and fit on a page. */
static void explain(struct opinions *o, const struct sigma_rule *rule, bool fires)
{
    static const struct reasons_place place = {STR_INIT("event"), true, 1};
    const char *why;
    struct buf out;

    arena_reset(o->arena);
    const struct reasons *reasons = reasons_of(o->naive, o->taxonomy, rule, o->arena);
    ENSURE(reasons->fires == fires);
    buf_init(&out, (size_t)16 << 20);
    reasons_page(reasons, o->event, &place, &out);
    buf_reset(&out);
    reasons_json(reasons, &place, &out);
    ENSURE(out.full || json_is_valid(buf_str(&out), &why));
    buf_free(&out);
}

static void compare(struct opinions *o, struct str rules)
{
    const struct sigma_rule *const *hits;
    uint32_t count = matcher_run(o->matcher, o->event, &hits);
    bool by_plan[DOCUMENTS_MAX] = {false};

    for (uint32_t i = 0; i < o->set.count; i++)
        by_plan[i] = was_hit(hits, count, o->set.rules[i]);
    judge_begin(o->naive, o->event);
    for (uint32_t i = 0; i < o->set.count; i++) {
        bool judged = judge_matches(o->naive, o->set.rules[i]);
        if (by_plan[i] != judged &&
            matcher_counts(o->matcher)->gave_up + judge_gave_up(o->naive) == 0)
            complain(o, o->set.rules[i], rules, by_plan[i]);
        explain(o, o->set.rules[i], judged);
        if (by_plan[i])
            matcher_explain(o->matcher, o->event, o->set.rules[i], look_at, o);
    }
}

static void judge(struct input *in, struct opinions *o, struct str rules, struct plan *plan,
                  const struct field_dictionary *fields)
{
    struct arena *arena = arena_new("event", ARENA_BYTES);
    unsigned events = choose(in, EVENTS_MAX) + 1;
    struct made_event made;

    o->matcher = matcher_new(plan);
    o->naive = judge_new(o->taxonomy);
    o->event = event_new(fields, arena);
    o->arena = arena_new("reasons", ARENA_BYTES);
    for (unsigned i = 0; i < events; i++) {
        make_event(in, o->event, &made);
        compare(o, rules);
    }
    arena_free(o->arena);
    event_free(o->event);
    judge_free(o->naive);
    matcher_free(o->matcher);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *arena = arena_new("rules", ARENA_BYTES);
    struct input in = {data, data + len};
    struct field_dictionary fields;
    struct taxonomy taxonomy;
    struct opinions opinions = {.taxonomy = &taxonomy};
    struct buf rules;
    struct why why;

    taxonomy_init(&taxonomy, arena);
    ENSURE(taxonomy_add(&taxonomy, STR("fuzz"), str_from(taxonomy_text), &why) == ERR_NONE);
    buf_init(&rules, 1 << 20);
    for (unsigned i = 0, count = choose(&in, RULES_MAX) + 1; i < count; i++)
        add_rule(&in, &rules, i);
    if (choose(&in, 4) == 1)
        add_filter(&in, &rules);
    rule_set_init(&opinions.set, arena);
    opinions.set.outlines = true;
    rule_set_add(&opinions.set, STR("fuzz.yml"), buf_str(&rules), placeholders_new(arena));
    rule_set_finish(&opinions.set);
    ENSURE(opinions.set.count <= DOCUMENTS_MAX);
    fields_init(&fields, arena);
    judge_add_fields(&opinions.set, &taxonomy, &fields);
    struct plan *plan = plan_build(&opinions.set, &taxonomy, &fields);
    judge(&in, &opinions, buf_str(&rules), plan, &fields);
    buf_free(&rules);
    arena_free(arena);
    return 0;
}
