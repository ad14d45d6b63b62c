/* test_xml_read.c - XML token by token, and what is refused. */
#include "testkit.h"

#include "codec/xml.h"

/* "(a b=c" opens, "|text", ")a" closes, "." is the end, "!" broken. */
static struct str told(const char *xml)
{
    static char out[4096];
    struct xml_reader reader;
    struct buf list;

    buf_init(&list, sizeof(out));
    xml_open(&reader, str_from(xml));
    for (;;) {
        struct xml_token token = xml_next(&reader);
        struct xml_attribute attribute;
        if (token.kind == XML_DONE || token.kind == XML_BROKEN) {
            buf_add_char(&list, token.kind == XML_DONE ? '.' : '!');
            if (token.kind == XML_BROKEN)
                buf_add(&list, str_from(reader.why));
            break;
        }
        buf_add_char(&list, token.kind == XML_OPEN ? '(' : token.kind == XML_CLOSE ? ')' : '|');
        buf_add(&list, token.text);
        while (token.kind == XML_OPEN && xml_attribute_next(&token.attributes, &attribute))
            buf_printf(&list, " %.*s=%.*s", STR_ARG(attribute.name), STR_ARG(attribute.value));
    }
    struct str text = {out, list.len};
    for (size_t i = 0; i < list.len; i++)
        out[i] = list.at[i];
    buf_free(&list);
    return text;
}

TEST(tells_elements_attributes_and_texts)
{
    CHECK_STR(told("<a/>"), "(a)a.");
    CHECK_STR(told("<a b='c' d = \"e'f\" />"), "(a b=c d=e'f)a.");
    CHECK_STR(told("<a>x<b>y</b >z</a>"), "(a|x(b|y)b|z)a.");
    CHECK_STR(told("<a\r\n\tb='c'\n>\n</a>"), "(a b=c|\n)a.");
    CHECK_STR(told(" <?xml version='1.0'?><!-- <x> --><a/><b/>"), "(a)a.");
}

TEST(cdata_is_text_and_comments_are_not)
{
    CHECK_STR(told("<a><![CDATA[<b>&lt;]]]></a>"), "(a|<b>&lt;])a.");
    CHECK_STR(told("<a>x<!-- y -->z<?w v?></a>"), "(a|x|z)a.");
}

TEST(refuses_what_is_not_well_formed)
{
    CHECK_STR(told(""), "!the text ends inside an element");
    CHECK_STR(told("x<a/>"), "!there is text outside all elements");
    CHECK_STR(told("<a><b></a>"), "(a(b!an element is closed that is not open");
    CHECK_STR(told("<a b=c>"), "!a tag is not XML");
    CHECK_STR(told("<a b='c>"), "!a tag is not XML");
    CHECK_STR(told("<a b='<'>"), "!a tag is not XML");
    CHECK_STR(told("<a><!-- </a>"), "(a!the text ends inside a comment");
    CHECK_STR(told("<a><![CDATA[</a>"), "(a!the text ends inside CDATA");
    CHECK_STR(told("<a>x"), "(a|x!the text ends inside an element");
}

TEST(a_document_type_is_refused)
{
    CHECK_STR(told("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "!a declaration inside XML");
    CHECK_STR(told("<a><!ENTITY b 'c'></a>"), "(a!a declaration inside XML");
}

TEST(depth_has_an_end)
{
    struct buf deep;
    struct xml_reader reader;
    struct xml_token token;

    buf_init(&deep, 1 << 16);
    for (unsigned i = 0; i <= XML_DEPTH_MAX; i++)
        buf_add(&deep, STR("<a>"));
    xml_open(&reader, buf_str(&deep));
    do
        token = xml_next(&reader);
    while (token.kind == XML_OPEN);
    CHECK(token.kind == XML_BROKEN);
    CHECK_INT(xml_next(&reader).kind, XML_BROKEN);
    buf_free(&deep);
}

static struct str plain(const char *text)
{
    static char out[256];

    return (struct str){out, xml_unescape(str_from(text), out)};
}

TEST(replaces_references)
{
    CHECK_STR(plain("&lt;&gt;&amp;&quot;&apos;"), "<>&\"'");
    CHECK_STR(plain("a&#65;&#x42;&#x1F600;z"), "aAB\xf0\x9f\x98\x80z");
    CHECK_STR(plain("&amp;lt;"), "&lt;");
    CHECK_STR(plain("&#xD800;"), "\xef\xbf\xbd");
}

TEST(unknown_references_stay)
{
    CHECK_STR(plain("&b; & &; &#; &#x; &#12a; &#99999999999; &lt"),
              "&b; & &; &#; &#x; &#12a; &#99999999999; &lt");
}
