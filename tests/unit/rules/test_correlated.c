/* test_correlated.c - which findings of a correlation an entry of --suppress takes. */
#include "rule_maker.h"

#include "rules/correlated.h"

static const char rules[] =
    "title: Member\nname: m\nid: m\nlogsource: {category: test}\n"
    "detection: {s: {a: 1}, condition: s}\n---\n"
    "title: Found\nname: x\nid: x\ncorrelation:\n"
    "  {type: event_count, rules: [m], timespan: 1m, condition: {gte: 2}, group-by: [who, ip],\n"
    "   aliases: {who: {m: TargetUserName}}}\n---\n"
    "title: Over\nname: y\nid: y\ncorrelation:\n"
    "  {type: event_count, rules: [x], timespan: 1m, condition: {gte: 2}, group-by: [ip]}\n";

static struct suppressions entries;
static struct correlated *correlated;
static const char *host, *who, *ip, *image; /* of the finding of x; Image is shared */

/* With one entry. */
static void begin(const char *entry)
{
    struct buf yaml;
    struct why why;

    load_begin();
    event_arena = arena_new("test event", (size_t)64 << 20);
    taxonomy = (struct taxonomy){.arena = made};
    fields_init(&fields, made);
    suppressions_init(&entries, made);
    buf_init(&yaml, 1 << 16);
    buf_printf(&yaml, "- {reason: r, %s}\n", entry);
    CHECK_INT(
        suppressions_add(&entries, STR("s.yml"), buf_str(&yaml), placeholders_new(made), &why),
        ERR_NONE);
    buf_free(&yaml);
    load(rules);
    rule_set_finish(&set);
    suppressions_attach(&entries, &set);
    make_plan();
    correlated = correlated_new(&entries, matcher);
    host = "dc-1";
    who = "Eve";
    ip = "198.51.100.7";
    image = "C:\\a.exe";
}

static void end(void)
{
    correlated_free(correlated);
    buf_free(&shown_bytes);
    make_end();
}

static bool taken(void)
{
    const struct sigma_rule *rule = set.rules[1];
    struct str group[] = {str_from(who), str_from(ip)}, shared[64] = {{NULL, 0}};
    const struct correlated_finding finding = {rule, str_from(host), group, shared};

    for (uint32_t i = 0; i < rule->asked_count; i++)
        if (str_eq(rule->asked[i], STR("Image")) || str_eq(rule->asked[i], STR("User")))
            shared[i] = image ? str_from(image) : (struct str){NULL, 0};
    return correlated_suppression(correlated, &finding) == 0;
}

static bool takes(const char *entry)
{
    begin(entry);
    bool answer = taken();
    end();
    return answer;
}

TEST(fields_of_the_group_name_entities_and_aliases_do_for_theirs)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct str group_by[] = {STR_INIT("IpAddress"), STR_INIT("who"), STR_INIT("x")};
    struct str names[] = {STR_INIT("TargetUserName"), STR_INIT("Image"), STR_INIT("User")};
    struct correlation_alias aliases[] = {
        {.name = STR_INIT("who"), .count = 2, .fields = names},
        {.name = STR_INIT("other"), .count = 1, .fields = &names[2]}};
    const struct correlation correlation = {
        .group_by = group_by, .group_count = 3, .aliases = aliases, .alias_count = 2};
    struct entities entities = {.arena = arena};

    correlated_entities(&correlation, 0, STR("::1"), &entities);
    CHECK_INT(entities.lists[ENTITY_ADDRESS].count, 1);
    CHECK_INT(entities.lists[ENTITY_ACCOUNT].count, 0);
    correlated_entities(&correlation, 1, STR("eve"), &entities);
    CHECK_INT(entities.lists[ENTITY_ACCOUNT].count, 1);
    CHECK_STR(entities.lists[ENTITY_ACCOUNT].at[0], "eve");
    CHECK_INT(entities.lists[ENTITY_PROCESS].count, 1);
    correlated_entities(&correlation, 2, STR("bob"), &entities);
    CHECK_INT(entities.lists[ENTITY_ACCOUNT].count, 1);
    arena_free(arena);
}

TEST(by_rule_and_host)
{
    CHECK(takes("rule: x"));
    CHECK(takes("rule: Found"));
    CHECK(!takes("rule: [m, y]"));
    CHECK(takes("rule: x, host: 'DC-*'"));
    CHECK(takes("host: 'DC-*'"));
    CHECK(!takes("rule: x, host: pc"));
    begin("rule: x, host: dc-1");
    host = ""; /* several took part */
    CHECK(!taken());
    end();
}

TEST(by_an_account_of_the_group_or_of_all_events)
{
    CHECK(takes("rule: x, account: [bob, 'EV?']"));
    CHECK(takes("account: eve"));
    CHECK(!takes("rule: x, account: bob"));
    CHECK(!takes("rule: x, account: 198.51.100.7"));
    CHECK(takes("rule: x, account: eve, host: dc-1"));
    CHECK(!takes("rule: x, account: eve, host: pc"));
    begin("rule: x, account: 'EX\\bob'");
    image = "ex\\bob"; /* of User, which all events share */
    CHECK(taken());
    image = "ex\\ann";
    CHECK(!taken());
    image = NULL;
    CHECK(!taken());
    end();
}

TEST(by_conditions_on_the_group)
{
    CHECK(takes("rule: x, when: {ip|cidr: 198.51.100.0/24}"));
    CHECK(takes("when: {ip|cidr: 198.51.100.0/24}"));
    CHECK(!takes("rule: x, when: {ip|cidr: 192.0.2.0/24}"));
    CHECK(takes("rule: x, when: {who: EVE, ip|re: '^198'}"));
    CHECK(!takes("rule: x, when: {who: EVE, ip|re: '^192'}"));
    CHECK(takes("rule: x, detection: {a: {who: eve}, b: {ip: 1}, condition: a and not b}"));
    CHECK(takes("rule: x, when: {who: eve}, account: eve, host: dc-1"));
    CHECK(!takes("rule: x, when: {who: eve}, host: pc"));
}

TEST(by_conditions_on_what_all_events_share)
{
    CHECK(takes("rule: x, when: {Image|endswith: a.exe}"));
    CHECK(!takes("rule: x, when: {Image|endswith: b.exe}"));
    CHECK(takes("rule: x, when: {Image|exists: true}"));
    begin("rule: x, when: {Image|fieldref: who}");
    image = "EVE";
    CHECK(taken());
    image = "bob";
    CHECK(!taken());
    image = NULL;
    CHECK(!taken());
    end();
}

TEST(of_what_nobody_knows_no_condition_holds)
{
    static const char *const entry[] = {
        "rule: x, when: {nowhere: 1}",
        "rule: x, when: {nowhere: null}",
        "rule: x, when: {nowhere|exists: false}",
        "rule: x, detection: {a: {nowhere: 1}, condition: not a}",
        "rule: x, detection: {a: {who: eve}, b: {nowhere: 1}, condition: a and not b}",
        "rule: x, detection: {a: {who: eve}, b: {nowhere: 1}, condition: a or b}",
        "rule: x, when: {who|fieldref: nowhere}",
        "rule: x, when: {TargetUserName: eve}", /* in the group it has another name */
        "rule: x, when: [eve]",
        "rule: x, detection: {a: [bob], condition: not a}",
    };

    for (size_t i = 0; i < ARRAY_COUNT(entry); i++)
        if (takes(entry[i]))
            TESTKIT_FAIL("taken: %s", entry[i]);
}

TEST(an_expression_that_gives_up_takes_nothing)
{
    static char text[100001];

    memset(text, 'a', sizeof(text) - 2);
    text[sizeof(text) - 2] = '!';
    begin("rule: x, when: {who|re|neq: '(a+)+$'}");
    CHECK(taken());
    who = text;
    CHECK(!taken());
    end();
}

TEST(findings_do_not_know_of_one_another)
{
    begin("rule: x, when: {who: eve, Image: '*'}, account: eve");
    for (int i = 0; i < 3; i++) {
        image = "a";
        CHECK(taken());
        image = NULL;
        CHECK(!taken());
        image = "a";
        who = "bob";
        CHECK(!taken());
        who = "eve";
    }
    end();
}
