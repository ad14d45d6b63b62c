/* test_indicator_misp.c: events in each of their wrappings, types, tags and flags. */
#include "set_maker.h"

static char attributes[8192];

static void begin(void)
{
    attributes[0] = '\0';
}

/* Adds an attribute; `rest` are further members, with ` for ". */
static void add(const char *type, const char *value, const char *rest)
{
    size_t len = strlen(attributes);

    snprintf(attributes + len, sizeof(attributes) - len,
             "%s{`uuid`:`u-%s`,`type`:`%s`,`value`:`%s`%s}", len ? "," : "", type, type, value,
             rest);
}

static void add_for_detection(const char *type, const char *value)
{
    add(type, value, ",`to_ids`:true");
}

TEST(attributes_of_events)
{
    bool expired;

    begin();
    add_for_detection("ip-dst|port", "203.0.113.7|443");
    add_for_detection("domain|ip", "evil.example|203.0.113.8");
    add_for_detection("mutex", "m");
    CHECK(make_json("{`Event`:{`info`:`Campaign`,`threat_level_id`:`2`,`Attribute`:[%s]}}",
                    attributes));
    CHECK_STR(made.file.form, "MISP");
    CHECK_STR(listed(), "address 203.0.113.7, domain evil.example, address 203.0.113.8");
    CHECK_STR(described(0).title, "Address 203.0.113.7 is an indicator of Campaign");
    CHECK_STR(described(0).id, "u-ip-dst|port");
    CHECK_STR(remarked(INDICATOR_UNUSABLE), "of type mutex, which is not looked for: 1");
    CHECK_INT(indicator_set_level(made.set, 0, false, 0, &expired), LEVEL_MEDIUM);
}

TEST(attributes_of_objects)
{
    begin();
    add_for_detection("filename|sha1", "a.exe|da39a3ee5e6b4b0d3255bfef95601890afd80709");
    add_for_detection("filename", "b.exe");
    add_for_detection("url", "http://evil.example/a");
    add_for_detection("email-src", "x@evil.example");
    CHECK(make_json("{`Event`:{`Object`:[{`name`:`file`,`Attribute`:[%s]}]}}", attributes));
    CHECK_STR(listed(), "hash da39a3ee5e6b4b0d3255bfef95601890afd80709, file name b.exe, "
                        "URL http://evil.example/a, e-mail address x@evil.example");
}

TEST(what_is_not_for_detection_is_ignored)
{
    begin();
    add("domain", "a.example", ",`to_ids`:false");
    add("domain", "b.example", "");
    add("domain", "c.example", ",`to_ids`:`1`");
    add("domain", "d.example", ",`to_ids`:true,`deleted`:true");
    CHECK(make_json("{`Event`:{`Attribute`:[%s],`Object`:[{`deleted`:true,`Attribute`:[]}]}}",
                    attributes));
    CHECK_STR(listed(), "domain c.example");
    CHECK_STR(remarked(INDICATOR_IGNORED), "not meant for detection (to_ids): 2, deleted: 2");
}

TEST(techniques_of_tags_and_galaxies)
{
    begin();
    add("domain", "a.example",
        ",`to_ids`:1,`Tag`:[{`name`:`misp-galaxy:mitre-attack-pattern=\\`x - T1190\\``}]");
    CHECK(make_json("{`Event`:{`Tag`:[{`name`:`tlp:white`},"
                    "{`name`:`misp-galaxy:mitre-attack-pattern=\\`Web Shell - T1505.003\\``}],"
                    "`Galaxy`:[{`GalaxyCluster`:[{`tag_name`:"
                    "`misp-galaxy:mitre-attack-pattern=\\`Valid Accounts - T1078\\``}]}],"
                    "`Attribute`:[%s]}}",
                    attributes));
    struct indicator indicator = described(0);
    CHECK_INT(indicator.attack_count, 3);
    CHECK_STR(indicator.attack[0], "T1505.003");
    CHECK_STR(indicator.attack[1], "T1078");
    CHECK_STR(indicator.attack[2], "T1190");
}

TEST(wrappings)
{
    begin();
    add_for_detection("domain", "a.example");
    CHECK(make_json("{`response`:[{`Event`:{`Attribute`:[%s]}}]}", attributes));
    CHECK_STR(listed(), "domain a.example");
    CHECK(make_json("{`response`:{`Attribute`:[%s]}}", attributes));
    CHECK_STR(listed(), "domain a.example");
    CHECK(make_json("[{`Event`:{`Attribute`:[%s]}}]", attributes));
    CHECK_STR(listed(), "domain a.example");
    begin();
    add_for_detection("stix2-pattern", "[file:name = 'x.exe']");
    CHECK(make_json("{`Attribute`:[%s]}", attributes));
    CHECK_STR(listed(), "file name x.exe");
}
