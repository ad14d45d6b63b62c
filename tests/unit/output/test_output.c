/* test_output.c: the outputs over one report and two findings. */
#include "codec/json.h"
#include "output/output.h"
#include "testkit.h"

static struct buf written;

static void take(void *context, struct str bytes)
{
    (void)context;
    buf_add(&written, bytes);
}

static struct str run(const char *name, unsigned findings)
{
    const struct output *output = output_by_name(str_from(name));
    struct sink sink = {NULL, take};
    struct output_options options = {.utf8 = true};
    struct report_count rule = {STR("A rule"), STR("x-1"), LEVEL_HIGH, 2, STR_EMPTY};
    struct report_count host = {STR("WEB\x1b[2J"), STR_EMPTY, LEVEL_HIGH, 2, STR_EMPTY};
    struct report_note lost = {STR("a.evtx"), STR("record is cut off"), 4096, 64, 1};
    struct run_report report = {.program = STR("seawall"), .files_read = 1, .events = 10};

    report.sandbox = STR("full");
    report.findings = findings;
    report.by_level[LEVEL_HIGH] = findings;
    report.top_rules = (struct report_counts){&rule, 1, 1};
    report.top_hosts = (struct report_counts){&host, 1, 1};
    report.damaged = (struct report_notes){&lost, 1, 1};
    buf_free(&written);
    buf_init(&written, SIZE_MAX);
    struct output_writer *writer = output->begin(&sink, &options, &report);
    for (unsigned i = 0; i < findings; i++) {
        struct finding finding = {.id = STR("x-1"),
                                  .title = STR("A rule"),
                                  .level = LEVEL_HIGH,
                                  .has_time = true,
                                  .time_ns = (int64_t)i * 1000000000,
                                  .host = STR("WEB\x1b[2J"),
                                  .path = STR("a.evtx"),
                                  .format = STR("evtx"),
                                  .number = i + 1,
                                  .fields = STR("{}"),
                                  .why = STR("Image ends with \"\\cmd.exe\"")};
        output->finding(writer, &finding);
    }
    output->end(writer);
    return buf_str(&written);
}

static unsigned count_lines(struct str text)
{
    unsigned lines = 0;

    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    return lines;
}

TEST(jsonl_writes_a_valid_object_per_line)
{
    struct str text = run("jsonl", 2);
    const char *why;

    CHECK_INT(count_lines(text), 2);
    while (text.len > 0)
        CHECK(json_is_valid(str_cut(&text, '\n'), &why));
    buf_free(&written);
}

TEST(csv_has_the_same_columns_with_and_without_findings)
{
    struct str empty = run("csv", 0);

    CHECK_INT(count_lines(empty), 1);
    CHECK(str_starts_with(empty, STR("time,level,title,host,")));
    CHECK_INT(count_lines(run("csv", 2)), 3);
    buf_free(&written);
}

TEST(the_terminal_folds_repetitions_and_escapes)
{
    struct str text = run("terminal", 2);

    CHECK(str_contains(text, STR("A rule ×2 until 1970-01-01 00:00:01")));
    CHECK(!str_contains(text, STR("\x1b")));
    CHECK(str_contains(text, STR("a.evtx at byte 4096: record is cut off")));
    buf_free(&written);
}

TEST(an_empty_result_is_no_plain_no)
{
    struct str text = run("terminal", 0);

    CHECK(str_contains(text, STR("No rule matched what could be read")));
    buf_free(&written);
}

TEST(outputs_are_found_by_name)
{
    CHECK(output_by_name(STR("csv")) != NULL);
    CHECK(output_by_name(STR("html5")) == NULL);
}
