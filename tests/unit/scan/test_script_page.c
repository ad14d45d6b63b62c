/* test_script_page.c */
#include "script_kit.h"

#include "scan/script_page.h"

static struct script_page page_of(struct str file)
{
    struct script_page page;

    script_tokens_reset(&kit.tokens, &kit.calls, kit.arena);
    script_page_read(file, &kit.tokens, &page);
    return page;
}

/* How many names of this spelling there are, and in which line the first one is. */
static uint32_t line_of(const char *name)
{
    for (uint32_t i = 0; i < kit.tokens.count; i++)
        if (kit.tokens.at[i].kind == SCRIPT_NAME && str_eq(kit.tokens.at[i].text, str_from(name)))
            return kit.tokens.at[i].line;
    return 0;
}

TEST(code_stands_between_tags)
{
    kit_open();
    struct script_page page = page_of(STR("<p>no\n<?php a(); ?>no\n<?= b ?>\n<? c ?>no"));
    CHECK(page.has_code);
    CHECK_INT(page.language, SCRIPT_PHP);
    CHECK_INT(line_of("a"), 2);
    CHECK_INT(line_of("b"), 3);
    CHECK_INT(line_of("c"), 4);
    CHECK_INT(line_of("no"), 0);
    CHECK(!page_of(STR("<?xml version=\"1.0\"?><a/>")).has_code);
    CHECK(!page_of(STR("plain")).has_code);
    kit_close();
}

TEST(the_language_is_named_or_guessed)
{
    kit_open();
    CHECK_INT(page_of(STR("<%@ Language=JScript %><% a %>")).language, SCRIPT_JSCRIPT);
    CHECK_INT(page_of(STR("<%@ page language=\"java\" %><%= a %>")).language, SCRIPT_JAVA);
    CHECK_INT(page_of(STR("<%@ Page Language=\"C#\" %><% a %>")).language, SCRIPT_CSHARP);
    CHECK_INT(page_of(STR("<% Response.Write 1 %>")).language, SCRIPT_VBSCRIPT);
    CHECK_INT(page_of(STR("<% out.println(1); %>")).language, SCRIPT_JAVA);
    CHECK_INT(page_of(STR("<script language=\"php\">a</script>")).language, SCRIPT_PHP);
    CHECK_INT(page_of(STR("<script runat=server language=vb>a</script>")).language,
              SCRIPT_VBSCRIPT);
    CHECK_INT(page_of(STR("<%@ WebHandler Language=\"C#\" Class=\"x\" %>\nclass x { }")).language,
              SCRIPT_CSHARP);
    CHECK_INT(line_of("x"), 2);
    CHECK_INT(script_page_language(STR("<%@ x %><%@ Language=VBScript %>")), SCRIPT_VBSCRIPT);
    CHECK(!page_of(STR("<script>a()</script>")).has_code);
    kit_close();
}

TEST(code_that_is_written_otherwise)
{
    kit_open();
    CHECK(!page_of(STR("<%@ page import=\"x\" %><% \\u0061bc(); %>")).in_codes);
    CHECK_INT(line_of("abc"), 1);
    page_of(STR("<jsp:scriptlet><![CDATA[ a(\"<\"); ]]></jsp:scriptlet>"));
    CHECK_INT(line_of("a"), 1);
    page_of(STR("<jsp:scriptlet>b(&quot;x&quot;, &#65;)</jsp:scriptlet>"));
    CHECK_INT(line_of("b"), 1);
    CHECK_INT(line_of("A"), 1);
    page_of(STR("\xff\xfe<\0%\0\n\0a\0%\0>\0"));
    CHECK_INT(line_of("a"), 2);
    CHECK(page_of(STR("<% #@~^xx== %>")).is_encoded);
    CHECK(page_of(STR("GIF89a<?php a(); ?>")).is_image);
    kit_close();
}

TEST(what_a_file_begins_with)
{
    CHECK(script_page_probe(STR("<?php echo 1;")) > 90);
    CHECK(script_page_probe(STR("\xef\xbb\xbf\n<%@ page %>")) > 90);
    CHECK(script_page_probe(STR("<html>\n<body><?php echo 1 ?>")) > 0);
    CHECK(script_page_probe(STR("GIF89a..<?php a();")) > 0);
    CHECK(script_page_probe(STR("<script runat=\"server\">")) > 0);
    CHECK(script_page_probe(STR("\xff\xfe<\0%\0")) > 0);
    CHECK_INT(script_page_probe(STR("GET /?a=<?php echo 1;")), 0);
    CHECK_INT(script_page_probe(STR("<?xml version=\"1.0\"?>")), 0);
    CHECK_INT(script_page_probe(STR("{\"a\":\"<%\"}")), 0);
    CHECK_INT(script_page_probe(STR("body { }")), 0);
    CHECK_INT(script_page_probe(STR("")), 0);
}
