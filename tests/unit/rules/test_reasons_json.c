/* test_reasons_json.c - rules/reasons_json: one object, valid, whole. */
#include "reasons_maker.h"

#include "codec/json.h"

static struct str json(void)
{
    static const struct reasons_place place = {STR_INIT("a.evtx"), false, 7};
    const char *why = "";

    judged();
    buf_reset(&said);
    reasons_json(told, &place, &said);
    if (!json_is_valid(buf_str(&said), &why))
        printf("# %s: %.*s\n", why, STR_ARG(buf_str(&said)));
    CHECK(json_is_valid(buf_str(&said), &why));
    return buf_str(&said);
}

TEST(tells_rule_event_sources_and_tree)
{
    judge_rule("{category: process_creation, product: windows}",
               "{s: {Image|endswith: ['\\a.exe', '\\b.exe'], x: null}, f: {y: 1}, "
               "condition: s and not f}");
    with("EventID", "4688");
    with("Channel", "Security");
    with("NewProcessName", "C:\\\"a\".exe\n");
    struct str text = json();
    CHECK(
        str_starts_with(text, STR("{\"rule\":{\"id\":\"r-1\",\"title\":\"T\",\"level\":\"high\"")));
    CHECK(str_contains(text, STR("\"event\":{\"path\":\"a.evtx\",\"record\":7},\"fires\":false,"
                                 "\"certain\":true,\"why\":\"It does not fire: s is false")));
    CHECK(str_contains(text, STR("\"log_source\":{\"category\":\"process_creation\",\"product\":"
                                 "\"windows\",\"holds\":true,\"recorded_by\":[{\"holds\":false")));
    CHECK(str_contains(text, STR("\"condition\":\"s and not f\",\"tree\":{\"kind\":\"and\","
                                 "\"holds\":false,\"of\":[")));
    CHECK(str_contains(text, STR("\"identifier\":\"s\"")));
    CHECK(str_contains(text, STR("\"item\":\"Image|endswith\"")));
    CHECK(str_contains(text, STR("\"event_field\":\"NewProcessName\",\"asked\":\"ends with "
                                 "'\\\\a.exe'\",\"value\":\"\\\\a.exe\",\"line\":5,\"found\":["
                                 "\"C:\\\\\\\"a\\\".exe\\n\"]")));
    judge_end();
}

TEST(a_value_may_end_in_a_brace)
{
    judge_rule("{category: test}", "{s: {a: 'x{', b: 'y['}, condition: s}");
    with("a", "x{");
    with("b", "[");
    CHECK(str_contains(json(), STR("\"found\":[\"x{\"]")));
    judge_end();
}

TEST(a_refused_rule_has_no_tree)
{
    judge_rule("{category: test}", "{s: {a|no: 1}, condition: s}");
    struct str text = json();
    CHECK(str_contains(text, STR("\"state\":\"refused\"")));
    CHECK(!str_contains(text, STR("\"tree\"")));
    judge_end();
}
