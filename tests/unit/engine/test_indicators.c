/* test_indicators.c - files and folders of indicators, and what the report says of them. */
#include "engine/indicators.h"

#include "unit/os/scratch_folder.h"

static struct indicators indicators;
static struct why why;
static struct arena *arena;

static enum err load(const char *path)
{
    const struct path_list paths = {&path, 1};

    indicators_free(&indicators);
    return indicators_load(&indicators, &paths, &(struct own_indicators){0}, &why);
}

static struct report_indicators reported(void)
{
    struct report_indicators report;

    if (!arena)
        arena = arena_new("test", (size_t)1 << 26);
    indicators_report(&indicators, &report, arena);
    return report;
}

TEST(a_file_and_a_folder)
{
    scratch_begin();
    scratch_folder("f");
    scratch_text("f/a.txt", "evil.example\nco.uk\n10.0.0.1\n");
    scratch_text("f/b.json", "[\"evil.example\",\"bad.example\"]");
    scratch_text("f/c.md", "good.example\n");
    scratch_text("f/d.json", "{}");
    CHECK_INT(load(scratch("f")), ERR_NONE);
    struct report_indicators report = reported();
    CHECK(report.given);
    CHECK_INT(report.loaded, 3);
    CHECK_INT(report.duplicates, 1);
    CHECK_INT(report.file_count, 2);
    CHECK_INT(report.unusable, 1);
    CHECK_INT(report.doubted, 1);
    CHECK_STR(report.files[1].form, "list");
    CHECK_INT(report.files[1].used, 2);
    CHECK_INT(report.refused.count, 2); /* a reason, and d.json */
    CHECK_INT(report.doubts.count, 1);
    CHECK(str_starts_with(report.doubts.at[0].text,
                          STR("a private or reserved address: 1, such as 10.0.0.1")));
    CHECK_INT(load(scratch("f/c.md")), ERR_NONE); /* it was named */
    CHECK_INT(reported().loaded, 1);
    scratch_end();
}

TEST(what_was_named_and_cannot_be_used_is_refused)
{
    scratch_begin();
    CHECK_INT(load(scratch("nosuch")), ERR_NOT_FOUND);
    CHECK(strstr(why.text, "cannot read the indicators in "));
    CHECK_INT(load(scratch_text("d.json", "{}")), ERR_UNKNOWN_FORMAT);
    CHECK(strstr(why.text, "it is neither STIX nor MISP"));
    indicators_free(&indicators);
    scratch_end();
}

TEST(none_are_given)
{
    const struct path_list nothing = {NULL, 0};

    CHECK_INT(indicators_load(&indicators, &nothing, &(struct own_indicators){0}, &why), ERR_NONE);
    CHECK(!indicators.set);
    CHECK(!reported().given);
    indicators_free(&indicators);
}
