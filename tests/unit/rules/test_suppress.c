/* test_suppress.c - which matches an entry takes, and what it may not say. */
#include "rule_maker.h"

#include "core/limits.h"
#include "rules/suppress.h"

#define RULE(title, more)                                                                          \
    "title: " title "\n" more "logsource: {category: test}\n"                                      \
    "detection: {s: {a: 1}, condition: s}\n"

static struct suppressions entries;
static struct why why;
static struct str accounts[2];
static uint32_t account_count, asked;
static struct str host;

static void begin(void)
{
    load_begin();
    event_arena = arena_new("test event", (size_t)64 << 20);
    taxonomy = (struct taxonomy){.arena = made};
    fields_init(&fields, made);
    suppressions_init(&entries, made);
    host = STR("");
    account_count = asked = 0;
    event = NULL;
    matcher = NULL;
    plan = NULL;
}

static bool add(const char *yaml)
{
    return suppressions_add(&entries, STR("s.yml"), str_from(yaml), placeholders_new(made), &why) ==
           ERR_NONE;
}

static void end(void)
{
    buf_free(&shown_bytes);
    make_end();
}

static const struct str *accounts_of(void *context, uint32_t *count)
{
    CHECK(context == &entries);
    asked++;
    *count = account_count;
    return accounts;
}

/* The entry that takes the match of rule `index`, -1: none. */
static int taken(uint32_t index)
{
    const struct suppression_case match = {.matcher = matcher,
                                           .event = event,
                                           .rule = set.rules[index],
                                           .host = host,
                                           .accounts = accounts_of,
                                           .context = &entries};
    uint32_t entry = suppressions_find(&entries, &match);

    return entry == SUPPRESSION_NONE ? -1 : (int)entry;
}

/* Two rules, `i` (also "First") and `j`, and the plan for them. */
static void build(void)
{
    load(RULE("First", "id: i\n"));
    load(RULE("Second", "id: j\n"));
    suppressions_attach(&entries, &set);
    make_plan();
}

/* An event that both rules match. */
static void happens(void)
{
    event_begin();
    with("a", "1");
}

static void judged(void)
{
    CHECK_INT(run(), 2);
}

TEST(takes_by_id_and_title)
{
    begin();
    CHECK(add("- {rule: i, reason: r}\n- {rule: [Second, i], reason: r}\n"));
    build();
    happens();
    judged();
    CHECK_INT(taken(0), 0);
    CHECK_INT(taken(1), 1);
    CHECK_INT(entries.at[0].rules_meant, 1);
    CHECK_INT(entries.at[1].rules_meant, 2);
    CHECK_INT(entries.general_count, 0);
    end();
}

TEST(all_that_is_stated_must_be_met)
{
    begin();
    CHECK(add("- {rule: i, host: 'WS-*', account: [svc, '*\\backup'], when: {b|endswith: x},\n"
              "   reason: r}\n"));
    build();
    host = STR("ws-1");
    accounts[0] = STR("eve");
    accounts[1] = STR("CORP\\Backup");
    account_count = 2;
    happens();
    with("b", "xX");
    judged();
    CHECK_INT(taken(0), 0);
    CHECK_INT(taken(1), -1);
    CHECK_INT(asked, 1);
    account_count = 1;
    CHECK_INT(taken(0), -1);
    account_count = 2;
    host = STR("srv");
    CHECK_INT(taken(0), -1);
    host = STR("ws-2");
    happens();
    with("b", "y");
    judged();
    CHECK_INT(taken(0), -1);
    end();
}

TEST(accounts_are_asked_for_once_and_only_where_they_matter)
{
    begin();
    CHECK(add("- {host: no, account: x, reason: r}\n"
              "- {account: x, reason: r}\n- {account: y, reason: r}\n"));
    build();
    happens();
    judged();
    CHECK_INT(taken(0), -1);
    CHECK_INT(asked, 1);
    end();
}

TEST(conditions_are_those_of_rules)
{
    begin();
    CHECK(add("- detection: {x: {b|re: '^[0-9]+$'}, y: {c: null}, condition: x and not y}\n"
              "  reason: r\n"
              "- {when: [word, {d|cidr: 10.0.0.0/8}], reason: r}\n"
              "- {when: {a|fieldref: e}, reason: r}\n"));
    build();
    happens();
    with("b", "17");
    judged();
    CHECK_INT(taken(0), -1);
    happens();
    with("b", "17");
    with("c", "z");
    judged();
    CHECK_INT(taken(0), 0);
    happens();
    with("z", "a Word in a field that nothing reads");
    judged();
    CHECK_INT(taken(1), 1);
    happens();
    with("d", "10.9.8.7");
    judged();
    CHECK_INT(taken(1), 1);
    happens();
    with("e", "1");
    judged();
    CHECK_INT(taken(0), 2);
    end();
}

TEST(fields_go_by_the_taxonomy_of_the_match)
{
    begin();
    struct taxonomy_entry *entry = entry_for("test", "", "");
    when(entry, "EventID", "7");
    maps(entry, "User", DERIVE_NONE, "SubjectUserName", NULL);
    CHECK(add("- {when: {User: svc}, reason: r}\n"));
    build();
    happens();
    with("EventID", "7");
    with("SubjectUserName", "SVC");
    judged();
    CHECK_INT(taken(0), 0);
    happens();
    with("EventID", "7");
    with("User", "svc");
    judged();
    CHECK_INT(taken(0), -1);
    end();
}

TEST(entries_are_tried_in_their_order)
{
    begin();
    CHECK(add("- {host: a, reason: r}\n- {rule: i, reason: r}\n- {host: '*', reason: r}\n"));
    build();
    host = STR("a");
    happens();
    judged();
    CHECK_INT(taken(0), 0);
    host = STR("b");
    CHECK_INT(taken(0), 1);
    CHECK_INT(taken(1), 2);
    end();
}

TEST(entries_end)
{
    const int64_t day = INT64_C(86400000000000), last = 19723 * day; /* 2024-01-01 */

    begin();
    CHECK(add("- {rule: i, until: 2024-01-01, reason: r}\n"
              "- {rule: j, until: '2024-01-01T12:00:00Z', reason: r}\n"));
    build();
    happens();
    judged();
    suppressions_expire(&entries, last + day / 2 - 1);
    CHECK_INT(taken(0), 0);
    CHECK_INT(taken(1), 1);
    suppressions_expire(&entries, last + day / 2);
    CHECK_INT(taken(0), 0);
    CHECK_INT(taken(1), -1);
    suppressions_expire(&entries, last + day);
    CHECK_INT(taken(0), -1);
    CHECK(entries.at[0].expired && entries.at[1].expired);
    end();
}

TEST(an_expression_that_gives_up_takes_nothing)
{
    static char text[100001];

    begin();
    CHECK(add("- {when: {b|re|neq: '(a+)+$'}, reason: r}\n"));
    build();
    memset(text, 'a', sizeof(text) - 2);
    text[sizeof(text) - 2] = '!';
    happens();
    with("b", "x");
    judged();
    CHECK_INT(taken(0), 0);
    happens();
    with("b", text);
    judged();
    CHECK_INT(taken(0), -1);
    CHECK(matcher_counts(matcher)->gave_up > 0);
    end();
}

TEST(the_plan_reads_the_fields_of_conditions)
{
    begin();
    CHECK(add("- {when: {nowhere.else: 1}, rule: i, reason: r}\n"));
    build();
    CHECK(fields_resolve(&fields, STR("nowhere.else")) != NULL);
    end();
}

TEST(correlations_are_asked_for_what_entries_look_at)
{
    begin();
    CHECK(add("- {rule: x, when: {p: 1, q|fieldref: r}, reason: r}\n"
              "- {when: {general: 1}, account: a, reason: r}\n"
              "- {rule: i, when: {w: 1}, account: a, reason: r}\n"));
    load(RULE("First", "id: i\n"));
    load("title: X\nid: x\n"
         "correlation: {type: event_count, rules: [i], timespan: 1m, condition: {gte: 2}}\n");
    rule_set_finish(&set);
    suppressions_attach(&entries, &set);
    CHECK_INT(set.rules[1]->asked_count, 3);
    CHECK_INT(set.rules[0]->asked_count, 3);
    CHECK_STR(set.rules[0]->asked[0], "p");
    CHECK_STR(set.rules[0]->asked[1], "q");
    CHECK_STR(set.rules[0]->asked[2], "r");
    make_plan();
    end();
    begin();
    CHECK(add("- {rule: X, account: a, reason: r}\n"));
    load(RULE("First", "id: i\n"));
    load("title: X\nid: x\n"
         "correlation: {type: event_count, rules: [i], timespan: 1m, condition: {gte: 2}}\n");
    rule_set_finish(&set);
    suppressions_attach(&entries, &set);
    CHECK_INT(set.rules[0]->asked_count, 10);
    make_plan();
    end();
}

static void refuses(const char *yaml, const char *place, const char *part)
{
    begin();
    CHECK(!add(yaml));
    if (!str_starts_with(str_from(why.text), str_from(place)) || !strstr(why.text, part))
        TESTKIT_FAIL("'%s' is not '%s ... %s'", why.text, place, part);
    load_end();
    arena_free(event_arena);
}

TEST(what_is_wrong_refuses_the_file)
{
    refuses("rule: x\n", "s.yml:1:1:", "a list of entries");
    refuses("- x\n", "s.yml:1:3:", "must be a map");
    refuses("- {rule: x}\n", "s.yml:1:3:", "no 'reason'");
    refuses("- {rule: x, reason: }\n", "s.yml:1:13:", "'reason' must be a text");
    refuses("- {reason: r}\n", "s.yml:1:3:", "suppress everything");
    refuses("- {reason: r, until: 2030-01-01}\n", "s.yml:1:3:", "suppress everything");
    refuses("- {rule: x, reason: r, untill: 2030-01-01}\n", "s.yml:1:24:", "no 'untill'");
    refuses("- {rule: x, reason: r, until: soon}\n", "s.yml:1:31:", "date or time");
    refuses("- {rule: [], reason: r}\n", "s.yml:1:4:", "'rule' must be");
    refuses("- {host: {a: b}, reason: r}\n", "s.yml:1:4:", "'host' must be");
    refuses("- {account: [a, ''], reason: r}\n", "s.yml:1:4:", "'account' must be");
    refuses("- {when: {a|nosuch: b}, reason: r}\n", "s.yml:1:11:", "nosuch");
    refuses("- {when: {a|re: '('}, reason: r}\n", "s.yml:1:18:", "cannot be compiled");
    refuses("- {when: {a|expand: '%x%'}, reason: r}\n", "s.yml:1:22:", "'x' is missing");
    refuses("- {when: {}, reason: r}\n", "s.yml:1:10:", "empty map");
    refuses("- {detection: {x: {a: 1}}, reason: r}\n", "s.yml:1:15:", "no condition");
    refuses("- {detection: {x: {a: 1}, condition: x and not 1 of y*}, reason: r}\n",
            "s.yml:1:38:", "no search identifier is called 'y*'");
    refuses("- {when: {a: 1}, detection: {x: {a: 1}, condition: x}, reason: r}\n",
            "s.yml:1:18:", "not both");
    refuses("- [\n", "s.yml: ", "");
}

TEST(conditions_are_limited_over_all_entries)
{
    struct buf text;

    begin();
    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i <= RULE_FIELDS_MAX; i++)
        buf_printf(&text, "- {when: {f%u: 1}, reason: r}\n", i);
    buf_add_char(&text, '\0');
    CHECK(!add(text.at));
    CHECK(strstr(why.text, "s.yml:1001:"));
    CHECK(strstr(why.text, "more than 1000 fields"));
    buf_free(&text);
    load_end();
    arena_free(event_arena);
}
