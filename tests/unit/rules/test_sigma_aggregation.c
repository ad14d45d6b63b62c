/* test_sigma_aggregation.c - `| count() by` and its kin. */
#include "rule_maker.h"

static const struct sigma_rule *aggregated(const char *condition)
{
    char text[4096];

    snprintf(text, sizeof(text),
             "title: t\nid: i\nlevel: high\nlogsource: {category: c}\ndetection:\n  s: {a: 1}\n"
             "  other: {a: 2}\n  timeframe: 5m\n  condition: %s\n",
             condition);
    rule_set_add(&set, STR("folder/rule.yml"), str_from(text), NULL);
    uint32_t at = set.count - 1;
    while (at > 0 && set.rules[at]->hidden)
        at--;
    return set.rules[at];
}

static bool refuses(const char *condition, const char *part)
{
    return is_refused(aggregated(condition), 9, part);
}

TEST(functions_become_types)
{
    static const struct {
        const char *written;
        enum correlation_type type;
    } rows[] = {
        {"s | count() > 1", CORRELATION_EVENT_COUNT},
        {"s | count > 1", CORRELATION_EVENT_COUNT},
        {"s|COUNT(x)>1", CORRELATION_VALUE_COUNT},
        {"s | sum(x) > 1", CORRELATION_VALUE_SUM},
        {"s | avg(x) > 1.5", CORRELATION_VALUE_AVG},
        {"s | min(x) > 1", CORRELATION_VALUE_PERCENTILE},
        {"s | max(x) > 1", CORRELATION_VALUE_PERCENTILE},
        {"s | near other", CORRELATION_TEMPORAL},
    };

    load_begin();
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct sigma_rule *rule = aggregated(rows[i].written);
        CHECK_INT(rule->state, RULE_LOADED);
        if (!rule->correlation)
            continue;
        CHECK_INT(rule->correlation->type, rows[i].type);
        CHECK(rule->correlation->translated && rule->detection);
        CHECK(rule->correlation->timespan_ns == INT64_C(300000000000));
    }
    load_end();
}

TEST(groups_fields_and_comparisons_are_read)
{
    load_begin();
    const struct correlation *correlation =
        aggregated("s | count(dst.ip) by host, user>=10")->correlation;
    CHECK_STR(correlation->value_fields[0], "dst.ip");
    CHECK_INT(correlation->group_count, 2);
    CHECK_STR(correlation->group_by[1], "user");
    CHECK_INT(correlation->thresholds[0].op, THRESHOLD_GTE);
    CHECK(correlation->thresholds[0].number > 9 && correlation->thresholds[0].number < 11);
    CHECK(!correlation->at_close);
    CHECK(aggregated("s | count() by host == 10")->correlation->at_close);
    load_end();
}

TEST(near_makes_hidden_rules)
{
    load_begin();
    const struct sigma_rule *rule = aggregated("s | near other");
    CHECK_INT(set.count, 2);
    CHECK_INT(rule->correlation->member_count, 2);
    CHECK(set.rules[1]->hidden && !set.rules[1]->correlation);
    CHECK(set.rules[1]->key != rule->key);
    CHECK_STR(set.rules[1]->id, "i");
    CHECK_STR(set.rules[1]->source.category, "c");
    load_end();
}

TEST(what_cannot_be_translated_is_refused)
{
    load_begin();
    CHECK(refuses("s | stddev(x) > 1", "none of count"));
    CHECK(refuses("s | count(x > 1", "closing parenthesis is missing"));
    CHECK(refuses("s | count(,) > 1", "a field must stand between"));
    CHECK(refuses("s | count() by > 1", "a field must stand behind"));
    CHECK(refuses("s | count()", "a comparison with a number is missing"));
    CHECK(refuses("s | count() > x", "a number must stand"));
    CHECK(refuses("s | count() > 1 or 2", "there is more behind"));
    CHECK(refuses("s | sum() > 1", "needs a field"));
    CHECK(refuses("s | near nobody", "one of the listed rules"));
    CHECK(refuses("s | near", "one of the listed rules"));
    CHECK(refuses("[s, s | count() > 1]", "cannot stand in a list"));
    load_end();
}
