/* test_indicator_set.c: adding, merging, finding and describing. */
#include "indicators/indicator_set.h"

#include "indicators/indicator_text.h"
#include "set_maker.h"

static struct indicator_origin origin_of(const char *id, const char *about, enum level level)
{
    return (struct indicator_origin){
        .file = STR("feed"), .id = str_from(id), .about = str_from(about), .level = level};
}

TEST(merges_what_is_equal)
{
    struct indicator_set *set = indicator_set_new();
    struct str attack[] = {STR_INIT("T1059"), STR_INIT("T1190")};
    struct indicator_origin first = origin_of("", "", LEVEL_LOW);
    struct indicator_origin second = origin_of("indicator--1", "Example", LEVEL_MEDIUM);
    struct arena *arena = arena_new("test", 1 << 20);
    struct indicator indicator;
    bool expired;

    second.attack = attack;
    second.attack_count = 2;
    uint32_t one = indicator_set_origin(set, &first), two = indicator_set_origin(set, &second);
    CHECK(indicator_set_add(set, INDICATOR_DOMAIN, STR("evil.example"), one));
    CHECK(indicator_set_add(set, INDICATOR_DOMAIN, STR("bad.example"), one));
    CHECK(indicator_set_add(set, INDICATOR_DOMAIN, STR("evil.example"), two));
    CHECK(indicator_set_add(set, INDICATOR_DOMAIN, STR("evil.example"), two));
    CHECK(indicator_set_add(set, INDICATOR_FILE, STR("evil.example"), one));
    indicator_set_compile(set, 1);
    CHECK_INT(indicator_set_count(set), 3);
    CHECK_INT(indicator_set_duplicates(set), 2);
    CHECK_INT(indicator_set_find(set, INDICATOR_DOMAIN, STR("evil.example")), 0);
    CHECK_INT(indicator_set_find(set, INDICATOR_FILE, STR("evil.example")), 2);
    CHECK_INT(indicator_set_find(set, INDICATOR_URL, STR("evil.example")), INDICATOR_NONE);
    indicator_set_describe(set, 0, arena, &indicator);
    CHECK_STR(indicator.id, "indicator--1");
    CHECK_STR(indicator.title, "Domain evil.example is an indicator of Example, and of 1 more");
    CHECK_INT(indicator.attack_count, 2);
    CHECK_INT(indicator_set_level(set, 0, false, 0, &expired), LEVEL_MEDIUM);
    CHECK(!expired);
    indicator_set_describe(set, 1, arena, &indicator);
    CHECK_INT(indicator.id.len, 18);
    CHECK(str_starts_with(indicator.id, STR("x-")));
    CHECK_STR(indicator.title, "Domain bad.example is listed in feed");
    arena_free(arena);
    indicator_set_free(set);
    indicator_set_free(NULL);
}

TEST(what_expired_before_the_event_is_low)
{
    struct indicator_set *set = indicator_set_new();
    struct indicator_origin origin = origin_of("", "", LEVEL_HIGH);
    bool expired;

    origin.has_until = true;
    origin.until_ns = 1000;
    CHECK(indicator_set_add(set, INDICATOR_DOMAIN, STR("evil.example"),
                            indicator_set_origin(set, &origin)));
    indicator_set_compile(set, 1);
    CHECK_INT(indicator_set_level(set, 0, true, 999, &expired), LEVEL_HIGH);
    CHECK(!expired);
    CHECK_INT(indicator_set_level(set, 0, true, 1000, &expired), LEVEL_LOW);
    CHECK(expired);
    CHECK_INT(indicator_set_level(set, 0, false, 0, &expired), LEVEL_HIGH);
    indicator_set_free(set);
}

static void count(void *context, uint32_t index)
{
    unsigned *found = context;

    *found |= 1u << index;
}

static unsigned found_address(const char *text)
{
    struct address address;
    unsigned found = 0;

    CHECK(address_parse(str_from(text), &address));
    indicator_set_find_address(made.set, &address, count, &found);
    return found;
}

TEST(finds_addresses_in_all_nets)
{
    CHECK(make_set(STR("203.0.113.7\n203.0.113.0/24\n203.0.0.0/16\n2001:db8::/32\n::/1\n")));
    CHECK_INT(found_address("203.0.113.7"), 7);
    CHECK_INT(found_address("203.0.113.8"), 6);
    CHECK_INT(found_address("203.0.1.1"), 4);
    CHECK_INT(found_address("204.0.1.1"), 0);
    CHECK_INT(found_address("2001:db8::1"), 24);
    CHECK_INT(found_address("2001:db9::1"), 16);
}

TEST(an_empty_set_finds_nothing)
{
    CHECK(make_set(STR("")));
    CHECK_INT(indicator_set_count(made.set), 0);
    CHECK_INT(indicator_set_find(made.set, INDICATOR_DOMAIN, STR("a.b")), INDICATOR_NONE);
    CHECK_INT(found_address("203.0.113.7"), 0);
}

TEST(many)
{
    struct buf text;
    unsigned missing = 0;

    buf_init(&text, 1 << 24);
    for (unsigned i = 0; i < 100000; i++)
        buf_printf(&text, "n%u.example\n", i % 60000);
    CHECK(make_set(buf_str(&text)));
    CHECK_INT(indicator_set_count(made.set), 60000);
    CHECK_INT(indicator_set_duplicates(made.set), 40000);
    for (uint32_t i = 0; i < 60000; i++) {
        char name[32];
        snprintf(name, sizeof(name), "n%u.example", i);
        missing += indicator_set_find(made.set, INDICATOR_DOMAIN, str_from(name)) != i;
    }
    CHECK_INT(missing, 0);
    buf_free(&text);
}
