/* test_advisory.c - what advisories name, in text, HTML and JSON. */
#include "attack/advisory.h"
#include "testkit.h"

static struct arena *arena;
static struct advisory advisory;

static void read_text(const char *text)
{
    arena_free(arena);
    arena = arena_new("test", (size_t)16 << 20);
    advisory_read(&advisory, str_from(text), arena);
}

TEST(ids_are_found_once_in_order)
{
    read_text(
        "The actor used T1505.003 and T1059/001 (see T1059, CVE-2021-44228, cve-2021-44228),\n"
        "T1505.003 again; not AT1059, T10599, T105, CVE-21-1, T1059x or xCVE-2021-44228.");
    CHECK_INT(advisory.techniques.count, 3);
    CHECK_STR(advisory.techniques.at[0], "T1505.003");
    CHECK_STR(advisory.techniques.at[1], "T1059.001");
    CHECK_STR(advisory.techniques.at[2], "T1059");
    CHECK_INT(advisory.cves.count, 1);
    CHECK_STR(advisory.cves.at[0], "CVE-2021-44228");
    CHECK(!advisory.json);
}

TEST(only_what_is_defanged_or_a_hash_is_an_indicator)
{
    read_text("Seen: evil[.]example, hxxps://bad.example/a?b. (10[.]0[.]0[.]1)\n"
              "d41d8cd98f00b204e9800998ecf8427e; www.good.example 192.0.2.1 v1.2.3 file.exe\n"
              "evil[.]example");
    CHECK_STR(advisory.indicators, "evil[.]example\nhxxps://bad.example/a?b\n10[.]0[.]0[.]1\n"
                                   "d41d8cd98f00b204e9800998ecf8427e\n");
    CHECK_INT(advisory.indicator_count, 4);
}

TEST(rules_are_taken_out_of_the_text)
{
    read_text("Detection follows.\n"
              "\n"
              "    title: World Writable\n"
              "    id: 1\n"
              "    logsource:\n"
              "        product: windows\n"
              "    detection:\n"
              "        s:\n"
              "            Image: x\n"
              "\n"
              "        condition: s\n"
              "    level: high\n"
              "\n"
              "And so on.\n"
              "title: no rule\n"
              "nothing: else\n");
    CHECK_INT(advisory.rules.count, 1);
    CHECK_STR(advisory.rules.at[0], "title: World Writable\nid: 1\nlogsource:\n    product: "
                                    "windows\ndetection:\n    s:\n        Image: x\n\n    "
                                    "condition: s\nlevel: high\n\n");
}

TEST(html_is_read_as_its_text)
{
    read_text("<!DOCTYPE html><html><style>T1001</style><script>var x = 'T1002'</script>"
              "<p>T1<b>059</b> &amp; a&#39;b hxxp://x.example/?a=1&amp;b=2</p><p>T1003</p>"
              "<pre>title: R\nlogsource: {product: x}\ndetection:\n  s: {a: '&lt;b&gt;'}\n"
              "  condition: s\n</pre><p>5 < 6");
    CHECK_INT(advisory.techniques.count, 2);
    CHECK_STR(advisory.techniques.at[0], "T1059");
    CHECK_STR(advisory.indicators, "hxxp://x.example/?a=1&b=2\n");
    CHECK_INT(advisory.rules.count, 1);
    CHECK(str_contains(advisory.rules.at[0], STR("s: {a: '<b>'}")));
}

TEST(json_gives_its_ids)
{
    read_text(" {\"techniques\":[{\"techniqueID\":\"T1190\"}], \"x\":\"evil[.]example\"}");
    CHECK(advisory.json);
    CHECK_INT(advisory.techniques.count, 1);
    CHECK_INT(advisory.indicators.len, 0);
}

TEST(a_technique_asks_for_its_parts)
{
    read_text("T1059 T1505.003");
    CHECK(advisory_asks(&advisory.techniques, STR("T1059")));
    CHECK(advisory_asks(&advisory.techniques, STR("T1059.001")));
    CHECK(advisory_asks(&advisory.techniques, STR("T1505.003")));
    CHECK(!advisory_asks(&advisory.techniques, STR("T1505")));
    CHECK(!advisory_asks(&advisory.techniques, STR("T1505.004")));
    arena_free(arena);
    arena = NULL;
}
