/* test_pipeline_text.c - Sigma strings taken apart and written again. */
#include "pipeline_maker.h"

static struct marked text;

static void begin(void)
{
    load_begin();
    marked_init(&text);
}

static void end(void)
{
    marked_free(&text);
    load_end();
}

static void take(const char *sigma, bool expand)
{
    marked_reset(&text);
    marked_add_sigma(&text, str_from(sigma), expand);
}

/* What each byte is: `t` text, `*` wildcard, `%` of a placeholder. */
static struct str marks(void)
{
    static const char signs[] = {
        [MARK_TEXT] = 't', [MARK_WILDCARD] = '*', [MARK_PLACEHOLDER] = '%'};

    buf_reset(&shown_bytes);
    for (size_t i = 0; i < text.marks.len; i++)
        buf_add_char(&shown_bytes, signs[(int)text.marks.at[i]]);
    return buf_str(&shown_bytes);
}

TEST(escapes_are_resolved)
{
    begin();
    take("a\\*b*\\?\\\\c\\d", false);
    CHECK_STR(buf_str(&text.bytes), "a*b*?\\c\\d");
    CHECK_STR(marks(), "ttt*ttttt");
    take("100\\% %a.b-c_1%%", true);
    CHECK_STR(buf_str(&text.bytes), "100% %a.b-c_1%%");
    CHECK_STR(marks(), "ttttt%%%%%%%%%t");
    take("100\\% %a%", false);
    CHECK_STR(buf_str(&text.bytes), "100\\% %a%");
    CHECK_STR(marks(), "ttttttttt");
    end();
}

static bool is_written_alike(const char *sigma, bool expand)
{
    struct marked again;

    take(sigma, expand);
    struct str written = marked_sigma(&text, made, expand);
    marked_init(&again);
    marked_add_sigma(&again, written, expand);
    bool alike = marked_equal(&text, &again);
    marked_free(&again);
    return alike;
}

TEST(what_is_written_reads_as_the_same)
{
    static const char signs[] = "a*?\\%";
    const uint32_t base = sizeof(signs) - 1;
    char sigma[8] = "";

    begin();
    for (uint32_t number = 0; number < base * base * base * base * base; number++) {
        uint32_t rest = number;
        for (size_t i = 0; i < 5; i++, rest /= base)
            sigma[i] = signs[rest % base];
        CHECK(is_written_alike(sigma, false));
        CHECK(is_written_alike(sigma, true));
    }
    end();
}

TEST(nothing_is_escaped_that_need_not_be)
{
    begin();
    take("C:\\Windows\\x*.exe", false);
    CHECK_STR(marked_sigma(&text, made, false), "C:\\Windows\\x*.exe");
    take("\\\\host\\\\*", false);
    CHECK_STR(marked_sigma(&text, made, false), "\\host\\\\*");
    end();
}

TEST(parts_keep_their_marks)
{
    struct marked part;

    begin();
    take("ab*\\*", false);
    marked_init(&part);
    marked_add_text(&part, STR("*"));
    marked_add_part(&part, &text, 1, 4);
    CHECK_STR(marked_sigma(&part, made, false), "\\*b*\\*");
    CHECK(!marked_equal(&part, &text));
    marked_free(&part);
    end();
}
