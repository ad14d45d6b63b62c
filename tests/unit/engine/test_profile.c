/* test_profile.c - engine/profile: the sums of all threads, as a table. */
#include "engine/profile.h"

#include "testkit.h"

static struct sigma_rule rules[40];
static struct sigma_rule *list[40];
static struct rule_set set;

static void make_rules(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        rules[i] = (struct sigma_rule){
            .title = STR("Title\x1b"), .path = STR("a.yml"), .line = i + 1, .state = RULE_LOADED};
        list[i] = &rules[i];
    }
    set = (struct rule_set){.rules = list, .count = count};
}

static void check_table(const struct profile *profile, const char *expected)
{
    struct buf out;

    buf_init(&out, 1 << 20);
    profile_write(profile, &set, &out);
    buf_add_char(&out, '\0');
    if (strcmp(out.at, expected) != 0)
        TESTKIT_FAIL("the table is\n%s", out.at);
    buf_free(&out);
}

TEST(threads_count_apart_and_are_summed)
{
    make_rules(3);
    rules[2].state = RULE_REFUSED;
    struct profile *profile = profile_new(3, 2);
    for (unsigned thread = 0; thread < 2; thread++) {
        struct matcher_costs costs = profile_costs(profile, thread);
        costs.all->events += 100;
        costs.all->shared_ns += 3000000;
        costs.rules[1] = (struct rule_costs){5, 7, 6, 2, 1000000, 0};
    }
    check_table(profile, "\nWhat rules cost: 200 events that rules are about\n"
                         "    6.000 ms  75.00 %  routing and searching, for all rules together\n"
                         "    2.000 ms  25.00 %  1 rules by themselves; of 1 no test came true\n\n"
                         "       ms      %     judged       tests   computed   matched  rule\n"
                         "    2.000  25.00         10          14         12         4  "
                         "Title\\x1b (a.yml:2)\n");
    profile_free(profile);
}

TEST(the_dearest_come_first_and_the_rest_is_summed)
{
    make_rules(40);
    struct profile *profile = profile_new(40, 1);
    struct matcher_costs costs = profile_costs(profile, 0);
    for (uint32_t i = 0; i < 40; i++)
        costs.rules[i] = (struct rule_costs){1, 1, 0, 0, (i + 1) * UINT64_C(1000), 0};
    struct buf out;
    buf_init(&out, 1 << 20);
    profile_write(profile, &set, &out);
    size_t first = str_find(buf_str(&out), STR("(a.yml:40)"));
    size_t second = str_find(buf_str(&out), STR("(a.yml:39)"));
    CHECK(first < second && second < out.len);
    CHECK(str_contains(buf_str(&out), STR("(a.yml:11)")));
    CHECK(!str_contains(buf_str(&out), STR("(a.yml:10)")));
    CHECK(str_contains(buf_str(&out), STR("    0.055   6.71  10 more rules\n")));
    buf_free(&out);
    profile_free(profile);
}

TEST(nothing_at_all)
{
    make_rules(0);
    struct profile *profile = profile_new(0, 1);
    check_table(profile, "\nWhat rules cost: 0 events that rules are about\n"
                         "    0.000 ms   0.00 %  routing and searching, for all rules together\n"
                         "    0.000 ms   0.00 %  0 rules by themselves; of 0 no test came true\n\n"
                         "       ms      %     judged       tests   computed   matched  rule\n");
    profile_free(profile);
    profile_free(NULL);
}

TEST(what_the_clock_takes_is_known)
{
    struct profile *profile = profile_new(1, 1);

    CHECK(profile->clock_ns < 100000);
    struct matcher_costs costs = profile_costs(profile, 0);
    CHECK_INT(costs.clock_ns, profile->clock_ns);
    CHECK(costs.now_ns() <= costs.now_ns());
    profile_free(profile);
}
