/* test_web_request.c - what a request's target gives rules. */
#include "testkit.h"

#include "formats/web_request.h"

static struct arena *fields_arena, *arena;
static struct field_dictionary fields;
static struct event *event;
static struct text_record record;
static struct web_names names;

static void begin(void)
{
    static const char *const wanted[] = {"cs-uri",          "c-uri",         "cs-uri-query",
                                         "c-uri-query",     "cs-uri-stem",   "cs-uri-path",
                                         "c-uri-extension", "cs-uri-scheme", "cs-host"};

    fields_arena = arena_new("fields", 1 << 20);
    arena = arena_new("event", 1 << 20);
    fields_init(&fields, fields_arena);
    for (size_t i = 0; i < ARRAY_COUNT(wanted); i++)
        fields_add(&fields, str_from(wanted[i]));
    fields_freeze(&fields);
    event = event_new(&fields, arena);
    web_names_init(&names, &fields);
}

static void finish(void)
{
    event_free(event);
    arena_free(arena);
    arena_free(fields_arena);
}

static void give_target(const struct web_target *target, unsigned printed)
{
    event_reset(event);
    record.count = record.dropped = 0;
    web_target_add(&names, target, printed, &record, arena);
    text_record_fill(&record, event);
}

static void give(struct str text, unsigned printed)
{
    struct web_target target;

    web_target_split(text, &target);
    give_target(&target, printed);
}

static struct str nth(const char *name, unsigned n)
{
    const struct event_field *field = event_find(event, fields_find(&fields, str_from(name)));

    for (; field && n > 0; n--)
        field = event_next_of(event, field);
    return field ? field->value.text : STR("(none)");
}

TEST(a_target_with_escapes_counts_as_written_and_decoded)
{
    begin();
    give(STR("/a%2e%2e/b+c?x=%3Cs%3E+1"), 0);
    CHECK_STR(nth("cs-uri", 0), "/a%2e%2e/b+c?x=%3Cs%3E+1");
    CHECK_STR(nth("cs-uri", 1), "/a../b+c?x=<s> 1");
    CHECK_STR(nth("cs-uri-stem", 0), "/a%2e%2e/b+c");
    CHECK_STR(nth("cs-uri-stem", 1), "/a../b+c");
    CHECK_STR(nth("cs-uri-query", 0), "/a%2e%2e/b+c?x=%3Cs%3E+1");
    CHECK_STR(nth("cs-uri-query", 1), "x=%3Cs%3E+1");
    CHECK_STR(nth("cs-uri-query", 2), "/a../b+c?x=<s> 1");
    CHECK_STR(nth("cs-uri-query", 3), "x=<s> 1");
    CHECK_STR(nth("c-uri-query", 1), "x=<s> 1");
    give(STR("/a+b"), 0);
    CHECK_STR(nth("cs-uri-stem", 0), "/a+b");
    CHECK_STR(nth("cs-uri-stem", 1), "(none)");
    finish();
}

TEST(the_query_counts_with_its_stem_and_alone)
{
    begin();
    give(STR("/a/b.tar.gz?c=d?e"), 0);
    CHECK_STR(nth("c-uri", 0), "/a/b.tar.gz?c=d?e");
    CHECK_STR(nth("cs-uri", 0), "/a/b.tar.gz?c=d?e");
    CHECK_STR(nth("cs-uri-stem", 0), "/a/b.tar.gz");
    CHECK_STR(nth("cs-uri-path", 0), "/a/b.tar.gz");
    CHECK_STR(nth("cs-uri-query", 0), "/a/b.tar.gz?c=d?e");
    CHECK_STR(nth("cs-uri-query", 1), "c=d?e");
    CHECK_STR(nth("cs-uri-query", 2), "(none)");
    CHECK_STR(nth("c-uri-query", 0), "c=d?e");
    CHECK_STR(nth("c-uri-extension", 0), "gz");
    CHECK_STR(nth("cs-host", 0), "(none)");
    CHECK_STR(nth("cs-uri-scheme", 0), "(none)");
    finish();
}

TEST(without_a_query_the_stem_stands_for_it)
{
    begin();
    give(STR("/a.b/c"), 0);
    CHECK_STR(nth("cs-uri-query", 0), "/a.b/c");
    CHECK_STR(nth("cs-uri-query", 1), "(none)");
    CHECK_STR(nth("c-uri-query", 0), "(none)");
    CHECK_STR(nth("c-uri-extension", 0), "(none)");
    give(STR("/a?"), 0);
    CHECK_STR(nth("cs-uri-query", 0), "/a?");
    CHECK_STR(nth("cs-uri-query", 1), "");
    finish();
}

TEST(what_is_printed_is_not_given_again)
{
    begin();
    give(STR("/a?b"), WEB_URI | WEB_STEM | WEB_QUERY);
    CHECK_STR(nth("c-uri", 0), "(none)");
    CHECK_STR(nth("cs-uri-stem", 0), "(none)");
    CHECK_STR(nth("cs-uri-query", 0), "/a?b");
    CHECK_STR(nth("cs-uri-query", 1), "(none)");
    finish();
}

TEST(a_whole_address_has_scheme_and_host)
{
    begin();
    give(STR("http://user@example.com:8080/a/b.exe?c"), 0);
    CHECK_STR(nth("c-uri", 0), "http://user@example.com:8080/a/b.exe?c");
    CHECK_STR(nth("cs-uri-scheme", 0), "http");
    CHECK_STR(nth("cs-host", 0), "user@example.com");
    CHECK_STR(nth("cs-uri-stem", 0), "/a/b.exe");
    CHECK_STR(nth("cs-uri-query", 0), "/a/b.exe?c");
    CHECK_STR(nth("c-uri-extension", 0), "exe");
    give(STR("https://example.com"), 0);
    CHECK_STR(nth("cs-host", 0), "example.com");
    CHECK_STR(nth("cs-uri-stem", 0), "(none)");
    /* no scheme: a path like any other */
    give(STR("9a://b/c?d=http://e"), 0);
    CHECK_STR(nth("cs-uri-scheme", 0), "(none)");
    CHECK_STR(nth("cs-uri-stem", 0), "9a://b/c");
    finish();
}

TEST(a_connection_has_a_host_alone)
{
    struct web_target target;

    begin();
    web_target_of_connect(STR("example.com:443"), &target);
    give_target(&target, 0);
    CHECK_STR(nth("c-uri", 0), "example.com:443");
    CHECK_STR(nth("cs-host", 0), "example.com");
    CHECK_STR(nth("cs-uri-query", 0), "(none)");
    finish();
}

static bool cuts(const char *text, const char *host, const char *port)
{
    struct str got, name = web_host_cut(str_from(text), &got);

    return str_eq(name, str_from(host)) && str_eq(got, str_from(port));
}

TEST(a_port_is_cut_from_a_host)
{
    CHECK(cuts("example.com:443", "example.com", "443"));
    CHECK(cuts("example.com", "example.com", ""));
    CHECK(cuts("[2001:db8::1]:8443", "[2001:db8::1]", "8443"));
    CHECK(cuts("[2001:db8::1]", "[2001:db8::1]", ""));
    CHECK(cuts("2001:db8::1", "2001:db8::1", ""));
    CHECK(cuts("::1", "::1", ""));
    CHECK(cuts("example.com:", "example.com:", ""));
    CHECK(cuts("example.com:http", "example.com:http", ""));
    CHECK(cuts("", "", ""));
    CHECK(cuts(":80", "", "80"));
}
