/* reasons_maker.h - a rule and a taxonomy as text, an event made by hand, and what the judge says:
 * for the tests of judge and reasons. */
#ifndef REASONS_MAKER_H
#define REASONS_MAKER_H

#include "rule_maker.h"

#include "rules/judge.h"
#include "rules/reasons.h"

static struct judge *judge;
static struct reasons *told;
static struct buf said;
static const char *filter_text; /* a filter document; NULL: none */

static const char taxonomy_text[] =
    "- {category: process_creation, product: windows, when: {EventID: 1, Channel: '*'}}\n"
    "- category: process_creation\n"
    "  product: windows\n"
    "  service: security\n"
    "  when: {EventID: 4688, Channel: Security}\n"
    "  fields:\n"
    "    Image: NewProcessName\n"
    "    ProcessId: {decimal: NewProcessId}\n"
    "    User: {join: [Domain, Name], with: '\\'}\n"
    "    Level: {map: Label, to: {S-1: High}}\n"
    "- {category: test, when: {}}\n";

/* One rule; `source` and `detection` are flow maps. */
UNUSED static void judge_rule(const char *source, const char *detection)
{
    struct why why;

    made = arena_new("test", (size_t)64 << 20);
    event_arena = arena_new("test event", (size_t)64 << 20);
    taxonomy_init(&taxonomy, made);
    CHECK(taxonomy_add(&taxonomy, STR("t.yml"), str_from(taxonomy_text), &why) == ERR_NONE);
    rule_set_init(&set, made);
    set.outlines = true;
    struct str text = arena_printf(made,
                                   "title: T\nid: r-1\nlevel: high\nlogsource: %s\n"
                                   "detection: %s\n",
                                   source, detection);
    rule_set_add(&set, STR("r.yml"), text, placeholders_new(made));
    if (filter_text)
        rule_set_add(&set, STR("f.yml"), str_from(filter_text), placeholders_new(made));
    filters_apply(&set);
    CHECK_INT(set.count, 1);
    fields_init(&fields, made);
    judge_add_fields(&set, &taxonomy, &fields);
    fields_freeze(&fields);
    event = event_new(&fields, event_arena);
    judge = judge_new(&taxonomy);
    buf_init(&said, 1u << 20);
    event_begin();
}

/* After the event's fields were given. */
UNUSED static bool judged(void)
{
    judge_begin(judge, event);
    told = reasons_of(judge, &taxonomy, set.rules[0], made);
    CHECK_INT(told->fires, judge_matches(judge, set.rules[0]));
    return told->fires;
}

UNUSED static struct str sentence(void)
{
    judged();
    buf_reset(&said);
    reasons_sentence(told, &said);
    return buf_str(&said);
}

UNUSED static void judge_end(void)
{
    buf_free(&said);
    judge_free(judge);
    event_free(event);
    arena_free(event_arena);
    arena_free(made);
}

#endif
