/* test_html.c - the page's frame and its blocks of data. */
#include "codec/deflate.h"
#include "report_maker.h"

static const struct page_parts parts = {STR_INIT("p{}"), STR_INIT("go()")};
static const struct output_options english = {.page = &parts};
static const struct output_options japanese = {.page = &parts, .language = LANGUAGE_JAPANESE};

static unsigned blocks_of(struct str page, struct str kind)
{
    unsigned count = 0;

    for (size_t at; (at = str_find(page, kind)) < page.len; count++)
        page = str_slice(page, at + kind.len, page.len);
    return count;
}

TEST(a_page_is_whole_and_lets_nothing_else_run)
{
    struct finding finding = sample_finding();
    struct run_report report = sample_report();
    struct str page = written_by("html", &english, &report, &finding, 1);

    CHECK(str_starts_with(page, STR("<!doctype html>\n<html lang=\"en\">")));
    CHECK(str_ends_with(page, STR("<script>go()</script>\n</body>\n</html>\n")));
    CHECK_HAS(page, "default-src 'none'; base-uri 'none'; form-action 'none'; script-src "
                    "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='");
    CHECK_HAS(page, "<style>p{}</style>");
    CHECK_INT(blocks_of(page, STR("class=\"findings\"")), 1);
    CHECK_INT(blocks_of(page, STR("class=\"index\"")), 1);
    CHECK_INT(blocks_of(page, STR("class=\"report\"")), 1);
    make_end();
}

TEST(texts_of_findings_are_packed)
{
    struct finding finding = sample_finding();
    struct run_report report = sample_report();

    finding.title = STR("</script><script>alert(1)</script>");
    finding.host = STR("<img src=x>");
    struct str page = written_by("html", &english, &report, &finding, 1);
    CHECK_HAS_NOT(page, "alert");
    CHECK_HAS_NOT(page, "<img");
    make_end();
}

TEST(many_findings_are_several_blocks)
{
    static struct finding findings[1200];
    struct run_report report = sample_report();

    for (size_t i = 0; i < 1200; i++)
        findings[i] = sample_finding();
    struct str page = written_by("html", &japanese, &report, findings, 1200);
    CHECK_HAS(page, "<html lang=\"ja\">");
    CHECK_INT(blocks_of(page, STR("class=\"findings\"")), 3);
    make_end();
}

TEST(no_findings_are_no_blocks)
{
    struct run_report report = empty_report();
    struct str page = written_by("html", &english, &report, NULL, 0);

    CHECK_INT(blocks_of(page, STR("class=\"findings\"")), 0);
    CHECK_INT(blocks_of(page, STR("class=\"report\"")), 1);
    make_end();
}
