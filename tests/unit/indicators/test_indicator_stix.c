/* test_indicator_stix.c: bundles, what is said of their indicators, and what is not used. */
#include "set_maker.h"

static char objects[8192];

static void begin(void)
{
    objects[0] = '\0';
}

/* Adds an object; `rest` are members, with ` for ". */
static void add(const char *type, const char *id, const char *rest)
{
    size_t len = strlen(objects);

    snprintf(objects + len, sizeof(objects) - len,
             "%s{`type`:`%s`,`spec_version`:`2.1`,`id`:`%s--%s`,%s}", len ? "," : "", type, type,
             id, rest);
}

static void add_indicator(const char *id, const char *rest)
{
    add("indicator", id, rest);
}

static bool make_bundle(void)
{
    return make_json("{`type`:`bundle`,`id`:`bundle--1`,`objects`:[%s]}", objects);
}

TEST(indicators_of_a_bundle)
{
    begin();
    add_indicator("1", "`name`:`C2 server`,`pattern`:`[ipv4-addr:value = '203.0.113.7']`,"
                       "`pattern_type`:`stix`");
    add_indicator("2", "`pattern`:`[domain-name:value = 'Evil.Example' OR "
                       "url:value = 'http://evil.example/a']`");
    add_indicator("3", "`pattern`:`[file:hashes.MD5 = 'D41D8CD98F00B204E9800998ECF8427E']`");
    add_indicator("4", "`pattern`:`[email-addr:value = 'a@evil.example'] OR "
                       "[file:name = 'x.exe']`");
    CHECK(make_bundle());
    CHECK_STR(made.file.form, "STIX");
    CHECK_STR(listed(), "address 203.0.113.7, domain evil.example, URL http://evil.example/a, "
                        "hash d41d8cd98f00b204e9800998ecf8427e, e-mail address a@evil.example, "
                        "file name x.exe");
    CHECK_STR(described(0).id, "indicator--1");
    CHECK_STR(described(0).title, "Address 203.0.113.7 is an indicator of C2 server");
}

TEST(what_an_indicator_points_to)
{
    begin();
    add("relationship", "1",
        "`relationship_type`:`indicates`,`source_ref`:`indicator--1`,"
        "`target_ref`:`malware--1`");
    add("relationship", "2",
        "`relationship_type`:`indicates`,`source_ref`:`indicator--1`,"
        "`target_ref`:`attack-pattern--1`");
    add_indicator("1", "`name`:`n`,`pattern`:`[url:value = 'http://evil.example/a']`");
    add("malware", "1", "`name`:`Example Shell`");
    add("attack-pattern", "1",
        "`name`:`Web Shell`,`external_references`:["
        "{`source_name`:`mitre-attack`,`external_id`:`T1505.003`}]");
    CHECK(make_bundle());
    CHECK_STR(described(0).title, "URL http://evil.example/a is an indicator of Example Shell");
    CHECK_INT(described(0).attack_count, 1);
    CHECK_STR(described(0).attack[0], "T1505.003");
}

static enum level level_at(uint32_t index, bool *expired)
{
    return indicator_set_level(made.set, index, true, 1790000000000000000, expired);
}

TEST(confidence_and_validity)
{
    bool expired;

    begin();
    add_indicator("1", "`confidence`:15,`pattern`:`[file:name = 'a.exe']`");
    add_indicator("2", "`confidence`:50,`pattern`:`[file:name = 'b.exe']`");
    add_indicator("3", "`confidence`:85,`pattern`:`[file:name = 'c.exe']`");
    add_indicator("4", "`valid_until`:`2020-01-01T00:00:00Z`,`pattern`:`[file:name = 'd.exe']`");
    add_indicator("5", "`revoked`:true,`pattern`:`[file:name = 'e.exe']`");
    add_indicator("6", "`indicator_types`:[`benign`],`pattern`:`[file:name = 'f.exe']`");
    CHECK(make_bundle());
    CHECK_INT(indicator_set_count(made.set), 4);
    CHECK_INT(level_at(0, &expired), LEVEL_LOW);
    CHECK_INT(level_at(1, &expired), LEVEL_MEDIUM);
    CHECK_INT(level_at(2, &expired), LEVEL_HIGH);
    CHECK(!expired);
    CHECK_INT(level_at(3, &expired), LEVEL_LOW);
    CHECK(expired);
    CHECK_STR(remarked(INDICATOR_IGNORED), "revoked: 1, marked as benign: 1");
}

TEST(nothing_is_used_by_half)
{
    begin();
    add_indicator("1", "`pattern`:`[file:name = 'a.exe'] FOLLOWEDBY [file:name = 'b.exe']`");
    add_indicator("2", "`pattern`:`[file:name = 'c.exe' OR mutex:name = 'd']`");
    add_indicator("3", "`pattern`:`[file:name = 'e.exe' OR domain-name:value = 'co.uk']`");
    add_indicator("4", "`pattern`:`rule x {}`,`pattern_type`:`yara`");
    add_indicator("5", "`pattern`:`[file:name = 'f.exe'`");
    CHECK(make_bundle());
    CHECK_INT(indicator_set_count(made.set), 0);
    CHECK_INT(made.file.unusable, 5);
    CHECK_STR(remarked(INDICATOR_UNUSABLE),
              "a pattern with FOLLOWEDBY: 1, a pattern about mutex:name: 1, a public suffix: 1, "
              "a pattern of type yara: 1, "
              "a broken pattern: an observation that never ends: 1");
}

TEST(a_list_of_objects_and_other_json)
{
    begin();
    add_indicator("1", "`pattern`:`[file:name = 'a.exe']`");
    CHECK(make_json("[%s]", objects));
    CHECK_STR(listed(), "file name a.exe");
    CHECK(make_json("[`evil.example`, `hxxp://evil[.]example/a`]"));
    CHECK_STR(listed(), "domain evil.example, URL http://evil.example/a");
    CHECK(!make_json("{`a`: 1}"));
    CHECK(!make_json("{`a`: "));
    CHECK(!make_json("[1, 2]"));
}
