/* fuzz_suppress.c - any text as a --suppress file: it is refused with a sentence, or every entry
 * has a reason and states something, and the rules know those that name them. */
/* links: rules */
#include "core/ensure.h"
#include "rules/suppress.h"

#include "fuzz/libfyaml_leak.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char rules[] = "title: One\nid: a\nlogsource: {category: c}\n"
                            "detection: {s: {a: 1}, condition: s}\n---\n"
                            "title: Two\nid: b\nlogsource: {category: c}\n"
                            "detection: {s: {a: 1}, condition: s}\n";

static void check_rule(const struct suppressions *all, const struct sigma_rule *rule)
{
    for (uint32_t i = 0; i < rule->suppression_count; i++) {
        ENSURE(rule->suppressions[i] < all->count);
        ENSURE(i == 0 || rule->suppressions[i] > rule->suppressions[i - 1]);
        ENSURE(all->at[rule->suppressions[i]].rule_count > 0);
    }
}

static void check_entries(struct suppressions *all, struct rule_set *set)
{
    uint32_t general = 0;

    for (uint32_t i = 0; i < all->count; i++) {
        const struct suppression *entry = &all->at[i];
        ENSURE(entry->reason.len > 0 && entry->line > 0);
        ENSURE(entry->rule_count + entry->hosts.count + entry->accounts.count > 0 || entry->when);
        ENSURE(entry->rules_meant <= set->count * (entry->rule_count + 1));
        general += entry->rule_count == 0;
    }
    ENSURE(all->general_count == general);
    for (uint32_t i = 0; i < set->count; i++)
        check_rule(all, set->rules[i]);
    suppressions_expire(all, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct arena *arena;
    struct suppressions all;
    struct rule_set set;
    struct why why = {0};

    if (!arena)
        arena = arena_new("fuzz", (size_t)1 << 30);
    arena_reset(arena);
    suppressions_init(&all, arena);
    rule_set_init(&set, arena);
    rule_set_add(&set, STR("rules.yml"), STR(rules), NULL);
    if (suppressions_add(&all, STR("s.yml"), (struct str){(const char *)data, len}, NULL, &why)) {
        ENSURE(strncmp(why.text, "s.yml:", 6) == 0);
        return 0;
    }
    suppressions_attach(&all, &set);
    check_entries(&all, &set);
    return 0;
}
