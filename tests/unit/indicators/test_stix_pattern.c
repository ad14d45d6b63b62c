/* test_stix_pattern.c: patterns that one value decides, and all others. */
#include "indicators/stix_pattern.h"

#include "core/buf.h"
#include "testkit.h"

static struct arena *arena;

/* "ipv4-addr:value=203.0.113.7, ...", or why not. */
static struct str read_pattern(const char *pattern)
{
    struct stix_comparison *list;
    struct str all = STR_EMPTY;
    uint32_t count;

    if (!arena)
        arena = arena_new("test", (size_t)1 << 26);
    arena_reset(arena);
    const char *why = stix_pattern_read(str_from(pattern), arena, &list, &count);
    if (why)
        return str_from(why);
    for (uint32_t i = 0; i < count; i++)
        all = arena_printf(arena, "%.*s%s%.*s:%.*s=%.*s", STR_ARG(all), i ? ", " : "",
                           STR_ARG(list[i].object), STR_ARG(list[i].path), STR_ARG(list[i].value));
    return all;
}

#define READS(pattern, expected) CHECK_STR(read_pattern(pattern), expected)

TEST(comparisons)
{
    READS("[ipv4-addr:value = '203.0.113.7']", "ipv4-addr:value=203.0.113.7");
    READS("[ipv4-addr:value == '203.0.113.7']", "ipv4-addr:value=203.0.113.7");
    READS("[domain-name:value IN ('a.example', 'b.example')]",
          "domain-name:value=a.example, domain-name:value=b.example");
    READS("[ipv4-addr:value ISSUBSET '203.0.113.0/24']", "ipv4-addr:value=203.0.113.0/24");
    READS("[file:hashes.'SHA-256' = 'ab']", "file:hashes.SHA-256=ab");
    READS("[file:hashes.\"SHA-256\" = 'ab']", "file:hashes.SHA-256=ab");
    READS("[file:hashes.MD5 = 'ab']", "file:hashes.MD5=ab");
    READS("[email-message:to_refs[*].value = 'x']", "email-message:to_refs[].value=x");
    READS("[file:name = 'it\\'s \\\\ one']", "file:name=it's \\ one");
}

TEST(either_of_several)
{
    READS("[url:value = 'a' OR url:value = 'b' or url:value = 'c']",
          "url:value=a, url:value=b, url:value=c");
    READS("[url:value = 'a'] OR [url:value = 'b']", "url:value=a, url:value=b");
    READS("([url:value = 'a'] OR ([url:value = 'b'])) WITHIN 5 SECONDS",
          "url:value=a, url:value=b");
    READS("[(url:value = 'a' OR (url:value = 'b'))] /* so */ // and so",
          "url:value=a, url:value=b");
}

TEST(what_follows_from_the_rest_is_no_condition)
{
    READS("[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '1']",
          "network-traffic:dst_ref.value=1");
    READS("[network-traffic:dst_ref.value = '1' AND network-traffic:dst_ref.type = 'ipv4-addr']",
          "network-traffic:dst_ref.value=1");
    READS("[network-traffic:src_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '1']",
          "a pattern that needs several things at once (AND)");
    READS("[network-traffic:dst_ref.value = '1' AND network-traffic:dst_port = 443]",
          "a comparison with something that is no text");
}

TEST(what_one_value_cannot_decide)
{
    READS("[url:value = 'a'] FOLLOWEDBY [url:value = 'b']", "a pattern with FOLLOWEDBY");
    READS("[url:value = 'a'] AND [url:value = 'b']",
          "a pattern that needs several observations (AND)");
    READS("[file:name = 'a' AND file:hashes.MD5 = 'b']",
          "a pattern that needs several things at once (AND)");
    READS("[url:value = 'a'] REPEATS 5 TIMES", "a pattern that REPEATS");
    READS("[url:value = 'a'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'",
          "a pattern with START and STOP");
    READS("[url:value NOT = 'a']", "a pattern with NOT");
    READS("[url:value != 'a' OR url:value = 'b']", "a pattern with a comparison other than =");
    READS("[url:value LIKE '%a']", "a pattern with LIKE");
    READS("[url:value MATCHES 'a']", "a pattern with MATCHES");
    READS("[EXISTS url:value]", "a pattern with EXISTS");
    READS("[process:pid = 5]", "a comparison with something that is no text");
    READS("[url:value IN ()]", "a pattern without a value");
}

TEST(what_is_no_pattern)
{
    static const char *const patterns[] = {"",
                                           "[",
                                           "url:value = 'a'",
                                           "[url:value = 'a",
                                           "[url:value = ]",
                                           "[url = 'a']",
                                           "[url:value 'a']",
                                           "[url:value = 'a'] OR",
                                           "[url:value = 'a']]",
                                           "([url:value = 'a']",
                                           "[url:value IN ('a'",
                                           "[url:value = 'a' OR]",
                                           "[:value = 'a']",
                                           "[url: = 'a']",
                                           "[url:value = 'a'] WITHIN 5",
                                           "/* never"};

    for (size_t i = 0; i < ARRAY_COUNT(patterns); i++)
        CHECK(str_starts_with(read_pattern(patterns[i]), STR("a broken pattern: ")));
}

TEST(has_limits)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < 1000; i++)
        buf_add_char(&text, '(');
    buf_add_char(&text, '\0');
    READS(text.at, "a broken pattern: nested too deeply");
    buf_reset(&text);
    buf_add(&text, STR("[a:b"));
    for (unsigned i = 0; i < 1000; i++)
        buf_add(&text, STR(".c"));
    buf_add_char(&text, '\0');
    READS(text.at, "a broken pattern: a path that is too long");
    buf_reset(&text);
    buf_add(&text, STR("[a:b IN ('x'"));
    for (unsigned i = 0; i < 12000; i++)
        buf_add(&text, STR(",'x'"));
    buf_add(&text, STR(")]"));
    buf_add_char(&text, '\0');
    READS(text.at, "a pattern of too many comparisons");
    for (unsigned i = 0; i < 10000; i++)
        buf_add(&text, STR("too long"));
    struct stix_comparison *list;
    uint32_t count;
    CHECK_STR(str_from(stix_pattern_read(buf_str(&text), arena, &list, &count)),
              "a pattern that is too long");
    buf_free(&text);
}
