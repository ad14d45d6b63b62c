/* test_format.c - the table of formats: by name, by content, whole. */
#include "testkit.h"

#include "formats/format.h"

static const char *guessed(struct str head)
{
    const struct format *format = format_guess(head);

    return format ? format->name : "(none)";
}

TEST(each_is_found_under_its_name)
{
    size_t count = 0;
    const struct format *const *all = format_all(&count);

    CHECK(count > 0);
    for (size_t i = 0; i < count; i++)
        CHECK(format_by_name(str_from(all[i]->name)) == all[i]);
}

TEST(other_names_are_none)
{
    CHECK(format_by_name(STR("EVTX")) == NULL);
    CHECK(format_by_name(STR("evt")) == NULL);
    CHECK(format_by_name(STR("evtx\0")) == NULL);
    CHECK(format_by_name(STR_EMPTY) == NULL);
}

TEST(each_fills_in_what_the_contract_demands)
{
    size_t count = 0;
    const struct format *const *all = format_all(&count);

    for (size_t i = 0; i < count; i++) {
        const struct format *format = all[i];
        CHECK(strlen(format->about) > 10);
        CHECK(format->probe && format->reader_new && format->reader_free && format->reader_begin);
        CHECK(format->next && format->render);
        CHECK(format->cut_unit == 0 || format->cut);
        bool lines = strcmp(format->line_or_record, "line") == 0;
        CHECK(lines || strcmp(format->line_or_record, "record") == 0);
        CHECK(lines == (format->lines != NULL));
    }
}

TEST(content_decides_what_a_file_is)
{
    CHECK_STR(str_from(guessed(STR("ElfFile\0\0\0"))), "evtx");
    CHECK_STR(str_from(guessed(STR("ElfChnk\0\1\0"))), "evtx");
    CHECK_STR(str_from(guessed(STR("{\"a\":1}\n"))), "json");
    CHECK_STR(str_from(guessed(STR("[{\"a\":\"ElfFile\\u0000\"}]"))), "json");
}

TEST(formats_do_not_take_from_each_other)
{
    CHECK_STR(str_from(guessed(STR("<Events><Event xmlns='x'><System></System></Event>"))), "xml");
    CHECK_STR(str_from(guessed(STR("{\"xml\":\"<Event ><System></System></Event>\"}\n"))), "json");
    CHECK_STR(str_from(guessed(STR("Id,LogName,x\n1,a,<Event ><System></System></Event>\n"))),
              "csv");
    CHECK_STR(str_from(guessed(STR("<14>1 - h sysmon - - - <Event><System></System></Event>\n"))),
              "syslog");
    CHECK_STR(
        str_from(guessed(STR("Nov 22 10:00:00 h sysmon: <Event><System></System></Event>\n"))),
        "syslog");
    CHECK_STR(str_from(guessed(STR("Nov 22 10:00:00 h a: b,c,d\nNov 22 10:00:00 h a: b,c,d\n"))),
              "syslog");
    CHECK_STR(str_from(guessed(STR("Nov 22 10:00:00 h a: {\"b\":1}\n"))), "syslog");
    CHECK_STR(str_from(guessed(STR("type=A msg=audit(1.0:1): a=1,b=2\n"))), "auditd");
    CHECK_STR(str_from(guessed(STR("#separator \\x09\n#fields\ta\tb\n1\t2\n"))), "zeek");
    CHECK_STR(str_from(guessed(STR("name,value\n1,{\"a\":1}\n"))), "csv");
}

TEST(what_nobody_knows_is_no_format)
{
    CHECK_STR(str_from(guessed(STR_EMPTY)), "(none)");
    CHECK_STR(str_from(guessed(STR("Elf"))), "(none)");
    CHECK_STR(str_from(guessed(STR("\0\0\0\0\0\0\0\0"))), "(none)");
    CHECK_STR(str_from(guessed(STR("127.0.0.1 - - \"GET / HTTP/1.1\" 200 5\n"))), "(none)");
}
