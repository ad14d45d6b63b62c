/* test_csv.c - the same columns always, one line per finding, nothing that a spreadsheet obeys. */
#include "report_maker.h"

#define COLUMNS 30

static const struct output_options plain = {.utf8 = true};

static struct str written(const struct finding *findings, size_t count)
{
    struct run_report report = sample_report();

    return written_by("csv", &plain, &report, findings, count);
}

/* Takes one cell as RFC 4180 has it; false at the end of the line, which is taken. */
static bool take_cell(struct str *text, struct buf *cell)
{
    bool quoted = str_starts_with(*text, STR("\""));

    buf_reset(cell);
    if (quoted)
        *text = str_slice(*text, 1, text->len);
    while (text->len > 0) {
        char c = text->at[0];
        *text = str_slice(*text, 1, text->len);
        if (quoted && c == '"' && str_starts_with(*text, STR("\""))) {
            buf_add_char(cell, '"');
            *text = str_slice(*text, 1, text->len);
        } else if (quoted && c == '"') {
            quoted = false;
        } else if (!quoted && c == ',') {
            return true;
        } else if (!quoted && c == '\r') {
            CHECK(str_starts_with(*text, STR("\n")));
            *text = str_slice(*text, 1, text->len);
            return false;
        } else {
            buf_add_char(cell, c);
        }
    }
    TESTKIT_FAIL("the last line has no end");
    return false;
}

/* Cells of a line; the one called `wanted` in the header goes to `cell`. */
static unsigned take_line(struct str *text, unsigned wanted, struct buf *cell)
{
    struct buf other;
    unsigned count = 0;
    bool more = true;

    buf_init(&other, SIZE_MAX);
    for (; more; count++)
        more = take_cell(text, count == wanted ? cell : &other);
    buf_free(&other);
    return count;
}

/* The cell of a column in the first line behind the header. */
static struct str cell_of(struct str text, const char *column)
{
    static struct buf cell;
    struct str header = text, line = str_cut(&header, '\r'), rest = text;
    unsigned index = 0;

    for (; line.len > 0 && !str_eq(str_cut(&line, ','), str_from(column)); index++)
        ;
    buf_free(&cell);
    buf_init(&cell, SIZE_MAX);
    CHECK_INT(take_line(&rest, COLUMNS, &cell), COLUMNS);
    CHECK_INT(take_line(&rest, index, &cell), COLUMNS);
    return buf_str(&cell);
}

TEST(nothing_found_leaves_the_header)
{
    struct str text = written(NULL, 0);

    CHECK_STR(text,
              "time,level,title,message,host,kind,verdict,because,id,attack,why,path,format,record,"
              "line,offset,account,address,domain,file,hash,entity_host,process,service,"
              "fields,first,last,count,group,events\r\n");
    make_end();
}

TEST(each_finding_has_every_column)
{
    struct finding finding = sample_finding();
    struct str text = written(&finding, 1);

    CHECK_STR(cell_of(text, "time"), "2023-11-14T22:13:20.123456700Z");
    CHECK_STR(cell_of(text, "level"), "high");
    CHECK_STR(cell_of(text, "attack"), "T1059 T1505.003");
    CHECK_STR(cell_of(text, "record"), "7");
    CHECK_STR(cell_of(text, "line"), "");
    CHECK_STR(cell_of(text, "offset"), "4096");
    CHECK_STR(cell_of(text, "account"), "");
    CHECK_STR(cell_of(text, "because"), "");
    CHECK_STR(cell_of(text, "fields"), "{\"a\":1}");
    CHECK_STR(cell_of(text, "first"), "");
    CHECK_STR(cell_of(text, "count"), "");
    CHECK_STR(cell_of(text, "group"), "");
    CHECK_STR(cell_of(text, "events"), "");
    make_end();
}

TEST(sentences_are_told_apart)
{
    struct finding finding = sample_finding();
    struct str reasons[] = {STR("one thing was missing"), STR("and another")};

    finding.because = (struct str_list){reasons, 2};
    CHECK_STR(cell_of(written(&finding, 1), "because"), "one thing was missing; and another");
    make_end();
}

TEST(what_is_missing_is_an_empty_cell)
{
    struct finding finding = sample_finding();

    finding.has_time = false;
    finding.is_line = true;
    finding.host = STR_EMPTY;
    finding.attack.count = 0;
    struct str text = written(&finding, 1);
    CHECK_STR(cell_of(text, "time"), "");
    CHECK_STR(cell_of(text, "record"), "");
    CHECK_STR(cell_of(text, "line"), "7");
    CHECK_STR(cell_of(text, "attack"), "");
    make_end();
}

TEST(entities_have_columns_of_their_own)
{
    struct str accounts[] = {STR("EX\\bob"), STR("al \"x\" ice")}, host = STR("PC2");
    struct finding finding = sample_finding();

    struct event_facts facts = {
        .entities = {.lists = {[ENTITY_ACCOUNT] = {accounts, 2}, [ENTITY_HOST] = {&host, 1}},
                     .found = true}};
    finding.facts = &facts;
    struct str text = written(&finding, 1);
    CHECK_STR(cell_of(text, "account"), "EX\\bob al \"x\" ice");
    CHECK_STR(cell_of(text, "entity_host"), "PC2");
    make_end();
}

TEST(several_events_have_columns_of_their_own)
{
    const struct combined_event event = {.id = STR("r-1"),
                                         .title = STR("=1\xe2\x80\xae"),
                                         .path = STR("b.json"),
                                         .format = STR("json"),
                                         .is_line = true,
                                         .number = 3};
    const struct combined combined = {0, 1000000000, 30, &event, 1};
    struct finding finding = sample_finding();

    finding.fields = STR("{}");
    finding.combined = &combined;
    struct str text = written(&finding, 1);
    CHECK_STR(cell_of(text, "fields"), "{}");
    CHECK_STR(cell_of(text, "first"), "1970-01-01T00:00:00.000000000Z");
    CHECK_STR(cell_of(text, "last"), "1970-01-01T00:00:01.000000000Z");
    CHECK_STR(cell_of(text, "count"), "30");
    CHECK_STR(cell_of(text, "group"), "{\"Image\":\"C:\\\\cmd.exe\"}");
    CHECK_STR(
        cell_of(text, "events"),
        "[{\"source\":{\"path\":\"b.json\",\"format\":\"json\",\"line\":3,\"offset\":0},"
        "\"id\":\"r-1\",\"title\":\"=1\\u202e\",\"time\":\"1970-01-01T00:00:00.000000000Z\"}]");
    make_end();
}

TEST(every_cell_is_defused)
{
    struct str name = STR("@SUM(1)");
    struct finding finding = sample_finding();

    finding.title = STR("=cmd|'/c calc'!A1");
    finding.host = STR("+1");
    finding.why = STR("-1\n\"x\"");
    finding.path = STR("a,\"b\"\r\nc");
    finding.fields = STR("{\"a\":\"\xe2\x80\xae\xe2\x80\x8b\"}");
    struct event_facts facts = {.entities = {.lists[ENTITY_SERVICE] = {&name, 1}, .found = true}};
    finding.facts = &facts;
    struct str text = written(&finding, 1);
    CHECK_INT(count_lines(text), 2);
    CHECK_STR(cell_of(text, "title"), "'=cmd|'/c calc'!A1");
    CHECK_STR(cell_of(text, "host"), "'+1");
    CHECK_STR(cell_of(text, "why"), "'-1\\x0a\"x\"");
    CHECK_STR(cell_of(text, "path"), "a,\"b\"\\x0d\\x0ac");
    CHECK_STR(cell_of(text, "service"), "'@SUM(1)");
    CHECK_STR(cell_of(text, "fields"), "{\"a\":\"\\u202e\xe2\x80\x8b\"}"); /* still JSON */
    finding.fields = STR("=1");
    CHECK_STR(cell_of(written(&finding, 1), "fields"), "");
    make_end();
}
