/* test_escape.c - nothing in a log can move, hide or start anything where it is shown. */
#include "output/output.h"
#include "testkit.h"

static struct buf buf;

static struct str terminal(struct str text)
{
    buf_free(&buf);
    buf_init(&buf, SIZE_MAX);
    escape_terminal(text, &buf);
    return buf_str(&buf);
}

static struct str ascii(struct str text)
{
    buf_free(&buf);
    buf_init(&buf, SIZE_MAX);
    escape_ascii(text, &buf);
    return buf_str(&buf);
}

static struct str csv(struct str text)
{
    buf_free(&buf);
    buf_init(&buf, SIZE_MAX);
    escape_csv(text, &buf);
    return buf_str(&buf);
}

TEST(control_characters_are_shown_not_obeyed)
{
    CHECK_STR(terminal(STR("a\x1b[31mb\r\n\0c")), "a\\x1b[31mb\\x0d\\x0a\\x00c");
    CHECK_STR(terminal(STR("\xc2\x9b")), "\\u{9b}");
    buf_free(&buf);
}

TEST(text_cannot_be_reordered_or_hidden)
{
    CHECK_STR(terminal(STR("exe.\xe2\x80\xaegpj")), "exe.\\u{202e}gpj");
    CHECK_STR(terminal(STR("a\xe2\x80\x8b")), "a\\u{200b}");
    CHECK_STR(terminal(STR("\xe2\x80\x8f\xd8\x9c\xef\xbb\xbf")), "\\u{200f}\\u{61c}\\u{feff}");
    CHECK_STR(terminal(STR("\xe3\x85\xa4\xcd\x8f")), "\\u{3164}\\u{34f}"); /* show nothing */
    CHECK_STR(terminal(STR("\xf3\xa0\x81\x81")), "\\u{e0041}");
    buf_free(&buf);
}

TEST(every_ill_formed_byte_is_shown)
{
    CHECK_STR(terminal(STR("\xc3")), "\\xc3");
    CHECK_STR(terminal(STR("\xe2\x82x")), "\\xe2\\x82x");
    CHECK_STR(terminal(STR("\xf0\x9f\x98")), "\\xf0\\x9f\\x98");
    CHECK_STR(terminal(STR("\xc0\x9b")), "\\xc0\\x9b");
    CHECK_STR(terminal(STR("\xed\xa0\x80")), "\\xed\\xa0\\x80");
    CHECK_STR(terminal(STR("\xef\xbf\xbd")), "\xef\xbf\xbd");
    buf_free(&buf);
}

TEST(no_byte_reaches_an_ascii_terminal_as_a_command)
{
    CHECK_STR(ascii(STR("a\xc3\xa9\xe6\x97\xa5")), "a\\u{e9}\\u{65e5}");
    CHECK_STR(ascii(STR("\x1b\xc2\x9b\xff~")), "\\x1b\\u{9b}\\xff~");
    for (unsigned c = 0; c < 256; c++) {
        char byte = (char)c;
        struct str shown = ascii((struct str){&byte, 1});
        for (size_t i = 0; i < shown.len; i++)
            CHECK(shown.at[i] >= 0x20 && shown.at[i] < 0x7f);
    }
    buf_free(&buf);
}

TEST(ordinary_text_of_any_script_stays)
{
    CHECK_STR(terminal(STR("Größe 日本")), "Größe 日本");
    CHECK_STR(terminal(STR("bad \xff byte")), "bad \\xff byte");
    buf_free(&buf);
}

TEST(spreadsheet_formulas_are_defused)
{
    CHECK_STR(csv(STR("=cmd|'/c calc'!A1")), "\"'=cmd|'/c calc'!A1\"");
    CHECK_STR(csv(STR("-1")), "\"'-1\"");
    CHECK_STR(csv(STR("+x")), "\"'+x\"");
    CHECK_STR(csv(STR("@x")), "\"'@x\"");
    CHECK_STR(csv(STR("\t=1")), "\"'\\x09=1\"");
    CHECK_STR(csv(STR("\r=1")), "\"'\\x0d=1\"");
    CHECK_STR(csv(STR("\xef\xbc\x9d"
                      "1")),
              "\"'\xef\xbc\x9d"
              "1\""); /* full-width */
    CHECK_STR(csv(STR("a=1")), "\"a=1\"");
    CHECK_STR(csv(STR("")), "\"\"");
    buf_free(&buf);
}

TEST(a_cell_stays_on_its_line_and_is_safe_on_a_terminal)
{
    CHECK_STR(csv(STR("say \"hi\",\nyou")), "\"say \"\"hi\"\",\\x0ayou\"");
    CHECK_STR(csv(STR("\x1b[2J\0\xe2\x80\xae\xff")), "\"\\x1b[2J\\x00\\u{202e}\\xff\"");
    CHECK_STR(csv(STR("\"\"")), "\"\"\"\"\"\"");
    buf_free(&buf);
}
