/* test_indicator_csv.c: tables with and without a header. */
#include "set_maker.h"

TEST(a_header_names_value_type_and_description)
{
    CHECK(make_set(STR("type,indicator,description\r\n"
                       "ip,203.0.113.7,\"Example, Group\"\r\n"
                       "domain,evil.example,\r\n"
                       "mutex,Global\\x,\r\n"
                       "sha256,\"\",\r\n")));
    CHECK_STR(made.file.form, "CSV");
    CHECK_STR(listed(), "address 203.0.113.7, domain evil.example");
    CHECK_STR(described(0).title, "Address 203.0.113.7 is an indicator of Example, Group");
    CHECK_STR(remarked(INDICATOR_UNUSABLE), "of type mutex, which is not looked for: 1");
}

TEST(the_export_of_misp)
{
    CHECK(make_set(STR("uuid,event_id,category,type,value,comment,to_ids,date\n"
                       "\"7ecc4537-0000-4000-8000-000000000001\",1,\"Network activity\","
                       "\"ip-dst|port\",\"203.0.113.7|443\",\"\",1,\"20261122\"\n"
                       "\"7ecc4537-0000-4000-8000-000000000002\",1,\"Payload delivery\","
                       "\"filename|md5\",\"a.exe|d41d8cd98f00b204e9800998ecf8427e\",\"\",1,\"\"\n"
                       "\"7ecc4537-0000-4000-8000-000000000003\",1,\"Network activity\",\"domain\","
                       "\"good.example\",\"say \"\"hello\"\"\",0,\"\"\n")));
    CHECK_STR(listed(), "address 203.0.113.7, hash d41d8cd98f00b204e9800998ecf8427e");
    CHECK_STR(described(0).id, "7ecc4537-0000-4000-8000-000000000001");
    CHECK_STR(remarked(INDICATOR_IGNORED), "not meant for detection (to_ids): 1");
}

TEST(several_columns_of_values)
{
    CHECK(make_set(STR("filename;md5;ip\na.exe;d41d8cd98f00b204e9800998ecf8427e;203.0.113.7\n"
                       "b.exe;;\n")));
    CHECK_STR(listed(), "file name a.exe, hash d41d8cd98f00b204e9800998ecf8427e, "
                        "address 203.0.113.7, file name b.exe");
}

TEST(a_header_in_a_comment)
{
    CHECK(make_set(STR("# made today\n# first_seen,ip_address,port\n2026-11-22,203.0.113.7,80\n"
                       "# end\n")));
    CHECK_STR(listed(), "address 203.0.113.7");
}

TEST(without_a_header_the_column_is_found)
{
    CHECK(make_set(STR("1,2026-11-22,http://evil.example/a,online\n"
                       "2,2026-11-22,http://bad.example/b,offline\n")));
    CHECK_STR(made.file.form, "CSV");
    CHECK_STR(listed(), "URL http://evil.example/a, URL http://bad.example/b");
    CHECK(make_set(STR("evil.example\nbad.example\n")));
    CHECK_STR(made.file.form, "list");
}

TEST(a_quote_that_never_ends_costs_its_row)
{
    CHECK(make_set(STR("indicator,description\n\"evil.example,x\nbad.example,y\n")));
    CHECK_STR(listed(), "domain bad.example");
    CHECK_STR(remarked(INDICATOR_UNUSABLE), "in a row that a quote never ends: 1");
}

TEST(quoted_cells_hold_line_ends)
{
    CHECK(make_set(STR("indicator,description\nevil.example,\"two\nlines\"\nbad.example,\n")));
    CHECK_INT(indicator_set_count(made.set), 2);
    CHECK_STR(described(0).title, "Domain evil.example is an indicator of two\nlines");
}
