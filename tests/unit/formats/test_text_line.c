/* test_text_line.c - lines out of a sliding window. */
#include "testkit.h"

#include "core/limits.h"
#include "formats/text_line.h"

#include <stdlib.h>
#include <string.h>

static struct text_lines lines;
static struct text_line line;
static struct damage damage;

/* Feeds `text` in steps of `step` bytes and lists lines as "number@offset:text|", losses as
 * "lost@offset+size|". */
static struct str listed(const char *text, size_t len, size_t step, uint64_t begin, uint64_t end,
                         struct buf *out)
{
    struct window w = {(const uint8_t *)text + begin, (const uint8_t *)text + begin, begin, end,
                       begin == len};

    buf_reset(out);
    text_lines_begin(&lines);
    for (;;) {
        enum step done = text_lines_next(&lines, &w, &line, &damage);
        if (done == STEP_EVENT) {
            buf_printf(out, "%llu@%llu:%.*s|", (unsigned long long)line.number,
                       (unsigned long long)line.offset, STR_ARG(line.text));
        } else if (done == STEP_SKIPPED) {
            buf_printf(out, "lost@%llu+%llu|", (unsigned long long)damage.offset,
                       (unsigned long long)damage.size);
        } else if (done == STEP_END || w.last) {
            return buf_str(out);
        } else {
            size_t left = (size_t)((const uint8_t *)text + len - w.end);
            w.end += left < step ? left : step;
            w.last = left <= step;
        }
    }
}

static struct buf out, again;

static void begin(void)
{
    text_lines_init(&lines);
    buf_init(&out, 1 << 20);
    buf_init(&again, 1 << 20);
}

static void finish(void)
{
    text_lines_free(&lines);
    buf_free(&out);
    buf_free(&again);
}

#define LISTED(text) listed(text, sizeof(text) - 1, sizeof(text), 0, sizeof(text) - 1, &out)

TEST(line_ends_are_lf_or_cr_lf)
{
    begin();
    CHECK_STR(LISTED("a\nb\r\n\nc"), "1@0:a|2@2:b|3@5:|4@6:c|");
    CHECK_STR(LISTED("a\rb\n"), "1@0:a\rb|");
    CHECK_STR(LISTED(""), "");
    finish();
}

TEST(a_byte_order_mark_is_no_text)
{
    begin();
    CHECK_STR(LISTED("\xef\xbb\xbf"
                     "a\n\xef\xbb\xbf"
                     "b\n"),
              "1@3:a|2@5:\xef\xbb\xbf"
              "b|");
    finish();
}

TEST(bad_utf8_is_repaired_and_the_bytes_are_kept)
{
    begin();
    CHECK_STR(LISTED("a\xff"
                     "b\nc\n"),
              "1@0:a\xef\xbf\xbd"
              "b|2@4:c|");
    struct window w = {(const uint8_t *)"a\xff\n", (const uint8_t *)"a\xff\n" + 3, 0, 3, true};
    text_lines_begin(&lines);
    CHECK(text_lines_next(&lines, &w, &line, &damage) == STEP_EVENT);
    CHECK(str_eq(line.raw, STR("a\xff")));
    finish();
}

TEST(where_the_window_ends_does_not_matter)
{
    static const char text[] = "\xef\xbb\xbf"
                               "one\r\ntwo\n\nthree \xc3\xa9\nlast";

    begin();
    listed(text, sizeof(text) - 1, sizeof(text), 0, sizeof(text) - 1, &again);
    for (size_t step = 1; step < sizeof(text); step++)
        CHECK(str_eq(listed(text, sizeof(text) - 1, step, 0, sizeof(text) - 1, &out),
                     buf_str(&again)));
    finish();
}

TEST(a_piece_owns_the_lines_that_start_in_it)
{
    static const char text[] = "one\ntwo\nthree\n";

    begin();
    CHECK_STR(listed(text, 14, 1, 0, 4, &out), "1@0:one|");
    CHECK_STR(listed(text, 14, 1, 0, 5, &out), "1@0:one|2@4:two|");
    CHECK_STR(listed(text, 14, 3, 4, 14, &out), "1@4:two|2@8:three|");
    CHECK_INT(text_line_cut(NULL, STR("e\ntwo")), 2);
    CHECK_INT(text_line_cut(NULL, STR("no end")), -1);
    CHECK_INT(text_line_cut(NULL, STR("the end\n")), -1);
    finish();
}

TEST(a_line_that_is_too_long_is_lost_alone)
{
    size_t len = RECORD_BYTES_MAX + 1000;
    char *text = malloc(len + 8);

    CHECK(text != NULL);
    begin();
    memset(text, 'x', len);
    memcpy(text, "a\n", 2);
    memcpy(text + len, "\nb\n", 3);
    CHECK_STR(listed(text, len + 3, 1 << 20, 0, len + 3, &out),
              "1@0:a|lost@2+16778215|3@16778217:b|");
    CHECK_STR(listed(text, len, 1 << 20, 0, len, &out), "1@0:a|lost@2+16778214|");
    finish();
    free(text);
}

TEST(probes_see_whole_lines)
{
    struct str head = STR("\xef\xbb\xbf"
                          "one\r\ntwo"),
               found;

    CHECK(text_head_line(&head, &found));
    CHECK_STR(found, "one");
    CHECK(text_head_line(&head, &found));
    CHECK_STR(found, "two");
    CHECK(!text_head_line(&head, &found));
}

TEST(escapes_are_counted_and_undone)
{
    struct arena *arena = arena_new("test", 1 << 20);

    CHECK(text_is_escaped(STR("a\\\""), 2));
    CHECK(!text_is_escaped(STR("a\\\\\""), 3));
    CHECK(!text_is_escaped(STR("\""), 0));
    CHECK_STR(text_unescape(STR("a\\\"b\\\\c\\]d\\n\\"), STR("\"\\]"), arena), "a\"b\\c]d\\n\\");
    CHECK_STR(text_unescape(STR("a\\]"), STR("\"\\"), arena), "a\\]");
    CHECK_STR(text_unescape(STR("plain"), STR("\""), arena), "plain");
    arena_free(arena);
}
