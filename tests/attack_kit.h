/* attack_kit.h - texts that a judge of web/payload.h takes for attacks, and such as it must not. */
#ifndef ATTACK_KIT_H
#define ATTACK_KIT_H

#include "testkit.h"
#include "web/payload.h"

typedef void judge_fn(struct str value, struct attack *attack);

/* Of an array of texts: each is one, and a reason is given. */
#define CHECK_ATTACKS(judge, values)                                                               \
    kit_attacks(judge, values, sizeof(values) / sizeof((values)[0]), true)
/* None is one. */
#define CHECK_NO_ATTACKS(judge, values)                                                            \
    kit_attacks(judge, values, sizeof(values) / sizeof((values)[0]), false)

static void kit_attacks(judge_fn *judge, const char *const *values, size_t count, bool expected)
{
    for (size_t i = 0; i < count; i++) {
        struct attack attack = {0};
        judge(str_from(values[i]), &attack);
        bool sure = attack.points >= ATTACK_SURE;
        if (sure != expected || (expected && !attack.reason))
            TESTKIT_FAIL("%u points, %s: %s", attack.points,
                         attack.reason ? attack.reason : "no reason", values[i]);
    }
}

#endif
