/* test_expression.c */
#include "attack_kit.h"

TEST(attacks_are_seen)
{
    static const char *const values[] = {
        "${7*7}", "{{7*7}}", "#{7*7}", "%{(#a=1)}", "*{t(x).y()}", "x${a[b]}",
    };

    CHECK_ATTACKS(judge_expression, values);
}

TEST(ordinary_texts_are_not)
{
    static const char *const values[] = {
        "{a}", "$5", "{{name}}", "${name}", "100%", "#tag", "{ }", "function() {}",
    };

    CHECK_NO_ATTACKS(judge_expression, values);
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
