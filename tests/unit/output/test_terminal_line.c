/* test_terminal_line.c - columns, cutting and wrapping of one line. */
#include "output/terminal_priv.h"

#include "report_maker.h"

static struct terminal terminal;

static struct terminal *opened(unsigned width, bool utf8)
{
    const struct output_options options = {.width = width, .utf8 = utf8};

    make_begin();
    terminal_open(&terminal, &made_sink, &options);
    return &terminal;
}

/* What was written, with the line that is under way. */
static struct str closed(void)
{
    terminal_end_line(&terminal);
    terminal_close(&terminal);
    return buf_str(&made);
}

TEST(without_a_width_nothing_is_cut)
{
    struct terminal *t = opened(0, true);

    for (int i = 0; i < 1000; i++)
        terminal_text(t, STYLE_PLAIN, STR("0123456789"));
    CHECK_INT(closed().len, 10001);
    make_end();
}

TEST(the_last_column_shows_that_there_is_more)
{
    struct terminal *t = opened(10, true);

    terminal_text(t, STYLE_PLAIN, STR("012345678"));
    CHECK_INT(terminal_left(t), 0);
    CHECK_STR(closed(), "012345678\n");
    t = opened(10, true);
    terminal_text(t, STYLE_PLAIN, STR("01234"));
    terminal_text(t, STYLE_PLAIN, STR("56789"));
    terminal_text(t, STYLE_PLAIN, STR("more"));
    terminal_end_line(t);
    terminal_text(t, STYLE_PLAIN, STR("next"));
    CHECK_STR(closed(), "012345678…\nnext\n");
    t = opened(10, false);
    terminal_text(t, STYLE_PLAIN, STR("0123456789"));
    CHECK_STR(closed(), "012345678~\n");
    make_end();
}

TEST(columns_are_counted_not_bytes)
{
    struct terminal *t = opened(8, true);

    CHECK_INT(terminal_columns(t, STR("é日x")), 4);
    CHECK_INT(terminal_columns(t, STR("\x1b")), 4); /* shown as \x1b */
    terminal_text(t, STYLE_PLAIN, STR("日本語"));
    CHECK_INT(t->column, 6);
    terminal_text(t, STYLE_PLAIN, STR("字"));
    CHECK_STR(closed(), "日本語…\n");
    make_end();
}

TEST(styles_are_for_terminals_with_colours)
{
    const struct output_options colours = {.colour = true, .utf8 = true};
    struct terminal *t = opened(0, true);

    terminal_text(t, STYLE_BAD, STR("a"));
    terminal_level(t, LEVEL_HIGH, 6);
    terminal_text(t, STYLE_PLAIN, STR("b"));
    CHECK_STR(closed(), "ahigh  b\n");
    make_begin();
    terminal_open(t, &made_sink, &colours);
    terminal_text(t, STYLE_BAD, STR("a"));
    terminal_text(t, STYLE_PLAIN, STR("b"));
    CHECK_STR(closed(), "\x1b[31ma\x1b[0mb\n");
    make_end();
}

TEST(a_text_within_columns_keeps_its_beginning_or_its_end)
{
    struct terminal *t = opened(0, true);

    terminal_text_within(t, STYLE_PLAIN, STR("abcdef"), 6);
    terminal_text_within(t, STYLE_PLAIN, STR("abcdef"), 4);
    terminal_tail_within(t, STYLE_PLAIN, STR("abcdef"), 6);
    terminal_tail_within(t, STYLE_PLAIN, STR("abcdef"), 4);
    CHECK_STR(closed(), "abcdefabc…abcdef…def\n");
    t = opened(80, true);
    terminal_tail_within(t, STYLE_PLAIN, STR("日本語日本語"), 6);
    CHECK_STR(closed(), "…本語\n");
    make_end();
}

TEST(blanks_at_the_end_are_not_written)
{
    struct terminal *t = opened(0, true);

    terminal_column(t, STYLE_PLAIN, STR("a"), 10);
    terminal_column(t, STYLE_PLAIN, STR("b"), 10);
    CHECK_STR(closed(), "a         b\n");
    make_end();
}

TEST(words_are_wrapped_at_the_indent)
{
    struct terminal *t = opened(13, true);

    terminal_text(t, STYLE_PLAIN, STR("ab"));
    terminal_words(t, STYLE_PLAIN, 2, STR(" one  two three four"));
    terminal_words(t, STYLE_PLAIN, 2, STR("five"));
    CHECK_STR(closed(), "ab one  two\n  three four\n  five\n");
    t = opened(13, true);
    terminal_words(t, STYLE_PLAIN, 4, STR("incomprehensible x"));
    CHECK_STR(closed(), "    incompre…\n    x\n");
    t = opened(0, true);
    terminal_words(t, STYLE_PLAIN, 0, STR("one two"));
    terminal_words(t, STYLE_PLAIN, 0, STR("three"));
    terminal_words(t, STYLE_PLAIN, 0, STR(""));
    CHECK_STR(closed(), "one two three\n");
    make_end();
}

TEST(items_go_to_the_next_line_whole)
{
    struct terminal *t = opened(12, true);

    terminal_item(t, 2, STR("a 1"));
    terminal_item(t, 2, STR("b 2"));
    terminal_item(t, 2, STR("c 3"));
    CHECK_STR(closed(), "  a 1 · b 2\n  c 3\n");
    t = opened(12, false);
    terminal_item(t, 2, STR("a 1"));
    terminal_item(t, 2, STR("b 2"));
    CHECK_STR(closed(), "  a 1 | b 2\n");
    make_end();
}

/* Whatever is asked of it, a line is never wider than the terminal. */
TEST(no_line_is_wider_than_the_terminal)
{
    for (unsigned width = 1; width < 40; width++) {
        struct terminal *t = opened(width, true);
        terminal_column(t, STYLE_STRONG, STR("Label"), 11);
        terminal_level(t, LEVEL_INFORMATIONAL, 15);
        terminal_words(t, STYLE_PLAIN, 11,
                       STR("some words, 日本語 and a very_long_one_behind_them"));
        terminal_item(t, 11, STR("an item"));
        terminal_text_within(t, STYLE_PLAIN, STR("0123456789"), 5);
        terminal_tail_within(t, STYLE_PLAIN, STR("0123456789"), 5);
        terminal_separator(t);
        terminal_text(t, STYLE_PLAIN, STR("end"));
        terminal_pad(t, 100);
        struct str text = closed();
        while (text.len > 0) {
            struct terminal *measure = &(struct terminal){.options.utf8 = true};
            buf_init(&measure->text, SIZE_MAX);
            struct str line = str_cut(&text, '\n');
            if (terminal_columns(measure, line) > width)
                TESTKIT_FAIL("wider than %u: %.*s", width, STR_ARG(line));
            buf_free(&measure->text);
        }
    }
    make_end();
}

TEST(numbers_have_separators_and_times_are_utc)
{
    char text[COUNT_TEXT_SIZE];

    CHECK_STR(str_from(count_text(0, text)), "0");
    CHECK_STR(str_from(count_text(999, text)), "999");
    CHECK_STR(str_from(count_text(1000, text)), "1,000");
    CHECK_STR(str_from(count_text(UINT64_MAX, text)), "18,446,744,073,709,551,615");
    CHECK_STR(str_from(moment_text(-1, text)), "1969-12-31 23:59:59");
}
