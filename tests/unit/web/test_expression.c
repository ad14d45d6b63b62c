/* test_expression.c */
#include "web/payload.h"

#include "testkit.h"

static struct attack judged(const char *value)
{
    struct str text = str_from(value);
    struct attack attack = {0};

    judge_expression(text, &attack);
    return attack;
}

TEST(attacks_are_seen)
{
    static const char *const values[] = {
        "${7*7}", "{{7*7}}", "#{7*7}", "%{(#a=1)}", "*{t(x).y()}", "x${a[b]}",
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct attack attack = judged(values[i]);
        if (attack.points < ATTACK_SURE || !attack.reason)
            TESTKIT_FAIL("%u points: %s", attack.points, values[i]);
    }
}

TEST(ordinary_texts_are_not)
{
    static const char *const values[] = {
        "{a}", "$5", "{{name}}", "${name}", "100%", "#tag", "{ }", "function() {}",
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct attack attack = judged(values[i]);
        if (attack.points >= ATTACK_SURE)
            TESTKIT_FAIL("%u points, %s: %s", attack.points, attack.reason, values[i]);
    }
}

static uint32_t object_points(const char *value)
{
    struct attack attack = {0};

    judge_object(str_from(value), &attack);
    return attack.points;
}

TEST(serialised_objects)
{
    CHECK(object_points("o:8:\"stdclass\":0:{}") >= ATTACK_SURE);
    CHECK(object_points("a:1:{i:0;s:1:\"a\";}") >= ATTACK_SURE);
    CHECK(object_points("c:10") < ATTACK_SURE);
    CHECK(object_points("o:x:\"") < ATTACK_SURE);
    CHECK(object_points("key: value") < ATTACK_SURE);
}
