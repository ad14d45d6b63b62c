/* test_escape.c */
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
    CHECK_STR(csv(STR("say \"hi\",\nyou")), "\"say \"\"hi\"\",\nyou\"");
    CHECK_STR(csv(STR("")), "\"\"");
    buf_free(&buf);
}
