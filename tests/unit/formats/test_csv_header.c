/* test_csv_header.c - headers of CSV, fields, and what a message of Sysmon says. */
#include "testkit.h"

#include "formats/csv_header.h"

static struct csv_header header;
static struct buf space, json;

static void begin(void)
{
    csv_header_init(&header);
    buf_init(&space, 1 << 16);
    buf_init(&json, 1 << 16);
}

static void finish(void)
{
    csv_header_free(&header);
    buf_free(&space);
    buf_free(&json);
}

/* The fields, each followed by a bar. */
static struct str cells(struct str record, char separator)
{
    buf_reset(&json);
    for (bool more = true; more;) {
        buf_add(&json, csv_take_cell(&record, separator, &space, &more));
        buf_add_char(&json, '|');
    }
    return buf_str(&json);
}

TEST(takes_fields_with_and_without_quotes)
{
    begin();
    CHECK_STR(cells(STR("a,b,,c"), ','), "a|b||c|");
    CHECK_STR(cells(STR(""), ','), "|");
    CHECK_STR(cells(STR("a,"), ','), "a||");
    CHECK_STR(cells(STR("\"a,b\",\"c\""), ','), "a,b|c|");
    CHECK_STR(cells(STR("\"a \"\"b\"\" c\";d"), ';'), "a \"b\" c|d|");
    CHECK_STR(cells(STR("\"\"\"\",\"\""), ','), "\"||");
    CHECK_STR(cells(STR("\"a\nb\"\tc"), '\t'), "a\nb|c|");
    CHECK_STR(cells(STR("\"a\"b\"c,d"), ','), "ab\"c|d|");
    CHECK_STR(cells(STR("a\"b,c\""), ','), "a\"b|c\"|");
    CHECK_STR(cells(STR("\"open,x"), ','), "open,x|");
    finish();
}

static struct str keys(struct str line)
{
    csv_header_read(&header, line);
    return buf_str(&header.keys);
}

TEST(names_are_keys_and_every_one_is_its_own)
{
    begin();
    CHECK_STR(keys(STR("a,\"b \"\"c\"\"\", d ")), "\"a\":\"b \\\"c\\\"\":\"d\":");
    CHECK_STR(keys(STR("a;;a")), "\"a\":\"column_2\":\"a_3\":");
    CHECK_INT(header.separator, ';');
    CHECK_INT(header.count, 3);
    keys(STR("a\tb,c\td"));
    CHECK_INT(header.separator, '\t');
    finish();
}

TEST(too_many_columns_go_by_their_numbers)
{
    struct buf line;

    begin();
    buf_init(&line, 1 << 16);
    for (unsigned i = 0; i < CSV_COLUMNS_MAX + 10; i++)
        buf_printf(&line, "n%u,", i);
    csv_header_read(&header, buf_str(&line));
    CHECK_INT(header.count, CSV_COLUMNS_MAX);
    csv_write_cell(&header, CSV_COLUMNS_MAX, STR("x"), true, &json);
    CHECK_STR(buf_str(&json), ",\"column_1025\":\"x\"");
    buf_free(&line);
    finish();
}

static int judged(struct str line, uint32_t fields)
{
    return csv_header_judge(&header, line, fields);
}

TEST(knows_a_header)
{
    begin();
    CHECK_INT(judged(STR("Level,Date and Time,Source,Event ID,Task Category"), 6), 85);
    CHECK_INT(header.shape, JSON_SHAPE_EVENT_VIEWER);
    CHECK_INT(judged(STR("\"Message\",\"Id\",\"LogName\""), 0), 85);
    CHECK_INT(header.message, 0);
    CHECK_INT(judged(STR("Timestamp,DeviceName,ActionType"), 3), 85);
    CHECK_INT(judged(STR("name,value,note"), 3), 40);
    CHECK_INT(judged(STR("name,value"), 2), 20);
    CHECK_INT(judged(STR("name,value,note"), 2), 0);
    CHECK_INT(judged(STR("name,value,note"), 0), 0);
    CHECK_INT(judged(STR("name"), 1), 0);
    CHECK_INT(judged(STR("2026-11-22 10:00:00,INFO,started"), 3), 0);
    CHECK_INT(judged(STR("Nov 22 10:00:00 web-01 sshd[1]: a,b,c"), 3), 0);
    CHECK_INT(judged(STR("#separator \\x09,a,b"), 3), 0);
    finish();
}

TEST(a_message_of_sysmon_has_fields)
{
    begin();
    csv_write_message(
        STR("Process Create:\r\nRuleName: -\r\nProcessId: 12\r\nImage: C:\\a: b.exe\r\n"
            "two words: x\r\n  Indented: y\r\nHashes: \r\nUser:"),
        &json);
    CHECK_STR(buf_str(&json), ",\"RuleName\":\"-\",\"ProcessId\":12,\"Image\":\"C:\\\\a: b.exe\","
                              "\"Hashes\":\"\",\"User\":\"\"");
    CHECK(csv_is_sysmon(STR("Microsoft-Windows-Sysmon")));
    CHECK(!csv_is_sysmon(STR("Microsoft-Windows-Sysmon2")));
    finish();
}

TEST(a_provider_with_one_channel_gives_it)
{
    begin();
    csv_header_read(&header, STR("Level,Date and Time,Source,Event ID,Task Category"));
    csv_write_channel(&header, STR("Microsoft-Windows-Security-Auditing"), &json);
    csv_write_channel(&header, STR("Microsoft-Windows-Eventlog"), &json);
    CHECK_STR(buf_str(&json), ",\"Channel\":\"Security\"");
    csv_header_read(&header, STR("ProviderName,Id,LogName"));
    buf_reset(&json);
    csv_write_channel(&header, STR("Microsoft-Windows-Security-Auditing"), &json);
    CHECK_INT(json.len, 0);
    finish();
}

TEST(lines_of_exchange)
{
    CHECK(csv_is_remark(STR("#Software: Microsoft Exchange Server")));
    CHECK(csv_is_remark(STR("#Date: 2021-03-03T00:00:00.000Z")));
    CHECK(!csv_is_remark(STR("#Fields: a,b")));
    CHECK_STR(csv_header_text(STR("#Fields: a,b")), "a,b");
    CHECK_INT(csv_header_text(STR("a,b")).len, 0);
}
