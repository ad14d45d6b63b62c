/* test_evtx_canon.c - tokens of binary XML in the form in which names stand in full. */
#include "testkit.h"

#include "binxml_maker.h"
#include "core/limits.h"

static struct buf canonical;

/* Canonizes what was made from `at` to its end, or to the end of the fragment. */
static bool canonize(size_t *at, bool in_template)
{
    struct evtx_chunk chunk = {made_chunk.at, made_chunk.len};

    buf_free(&canonical);
    buf_init(&canonical, 1u << 20);
    return evtx_canonize(&chunk, at, made_chunk.len, in_template, &canonical);
}

/* The form in words: <name, @name, >, /, 'text', %index. */
static struct str written(void)
{
    static char out[4096];
    struct cursor in = cursor_over_str(buf_str(&canonical));
    struct evtx_op_view view = {0};
    int len = 0;

    while (evtx_op_next(&in, &view)) {
        static const char *const marks[] = {
            [EVTX_OP_ELEMENT] = "<", [EVTX_OP_ATTRIBUTE] = "@", [EVTX_OP_CONTENT] = ">",
            [EVTX_OP_END] = "/",     [EVTX_OP_TEXT] = "'",      [EVTX_OP_SUBSTITUTION] = "%"};
        char *to = out + len;
        size_t room = sizeof(out) - (size_t)len;
        if (view.op == EVTX_OP_SUBSTITUTION)
            len += snprintf(to, room, "%%%u", view.index);
        else if (view.op == EVTX_OP_CONTENT || view.op == EVTX_OP_END)
            len += snprintf(to, room, "%s", marks[view.op]);
        else
            len += snprintf(to, room, "%s%.*s%s", marks[view.op], STR_ARG(view.text),
                            view.op == EVTX_OP_TEXT ? "'" : "");
    }
    CHECK(!in.failed);
    return (struct str){out, (size_t)len};
}

#define CHECK_FORM(in_template, form)                                                              \
    do {                                                                                           \
        size_t at_ = EVTX_CHUNK_HEADER_BYTES;                                                      \
        CHECK(canonize(&at_, in_template));                                                        \
        CHECK_STR(written(), form);                                                                \
    } while (0)

static bool refuses(bool in_template)
{
    size_t at = EVTX_CHUNK_HEADER_BYTES;

    return !canonize(&at, in_template);
}

TEST(elements_attributes_texts_and_substitutions)
{
    begin_chunk();
    put_open("Event", true, true);
    put_attribute("xmlns");
    put_text("urn:x");
    put_content();
    put_open("Level", true, false);
    put_content();
    put_substitution(3);
    put_end();
    put_open("Empty", true, false);
    put_empty_end();
    put_end();
    put_u8(0);
    CHECK_FORM(true, "<Event@xmlns'urn:x'><Level>%3/<Empty>//");
}

TEST(elements_outside_of_templates_have_no_dependency)
{
    begin_chunk();
    put_plain("a", "b");
    put_u8(0);
    CHECK_FORM(false, "<a>'b'/");
    CHECK(refuses(true));
}

TEST(names_may_stand_elsewhere)
{
    begin_chunk();
    size_t name = made_chunk.len + 4;
    put_name("Channel");
    size_t at = made_chunk.len;
    put_u8(0x01);
    put_u32(0);
    put_u32(name);
    put_empty_end();
    put_u8(0);
    CHECK(canonize(&at, false));
    CHECK_STR(written(), "<Channel>/");
    CHECK_INT(at, made_chunk.len);
}

TEST(names_outside_of_the_chunk_are_broken)
{
    begin_chunk();
    put_u8(0x01);
    put_u32(0);
    put_u32(0xfffffff0);
    put_empty_end();
    CHECK(refuses(false));

    begin_chunk();
    put_open("a", false, false);
    made_chunk.at[made_chunk.len - 6] = 0xff; /* its length */
    made_chunk.at[made_chunk.len - 5] = 0xff;
    put_empty_end();
    CHECK(refuses(false));
}

TEST(texts_in_other_clothes)
{
    begin_chunk();
    put_open("a", false, false);
    put_content();
    put_u8(0x47); /* a CDATA section, more follows */
    put_u16(2);
    put_wide("<>");
    put_u8(0x48); /* a character by its number */
    put_u16(0xe9);
    put_u8(0x49);
    put_name("amp");
    put_u8(0x09);
    put_name("nbsp");
    put_end();
    put_u8(0);
    CHECK_FORM(false, "<a>'<>''\xc3\xa9''&''nbsp'/");
}

TEST(processing_instructions_say_nothing)
{
    begin_chunk();
    put_open("a", false, false);
    put_content();
    put_u8(0x0a);
    put_name("xml");
    put_u8(0x0b);
    put_u16(4);
    put_wide("v1.0");
    put_end();
    put_u8(0);
    CHECK_FORM(false, "<a>/");
}

TEST(text_that_is_no_utf16_stays)
{
    begin_chunk();
    put_open("a", false, false);
    put_content();
    put_u8(0x05);
    put_u8(EVTX_STRING);
    put_u16(2);
    put_u16(0xd800);
    put_u16('x');
    put_end();
    put_u8(0);
    CHECK_FORM(false, "<a>'\xef\xbf\xbdx'/");
}

TEST(it_ends_at_the_end_of_the_fragment_or_where_a_template_begins)
{
    begin_chunk();
    put_plain("a", "b");
    size_t end = made_chunk.len;
    put_u8(0x0c);
    size_t at = EVTX_CHUNK_HEADER_BYTES;
    CHECK(canonize(&at, false));
    CHECK_STR(written(), "<a>'b'/");
    CHECK_INT(at, end);

    made_chunk.at[end] = 0;
    put_u8(0xff); /* what follows is not read */
    at = EVTX_CHUNK_HEADER_BYTES;
    CHECK(canonize(&at, false));
    CHECK_INT(at, end + 1);
}

TEST(tokens_that_do_not_exist_are_broken)
{
    for (unsigned token = 0x10; token < 0x20; token++) {
        begin_chunk();
        put_u8(token);
        put_u32(0);
        CHECK(refuses(false));
    }
}

TEST(tokens_out_of_order_are_broken)
{
    static const uint8_t outside[] = {0x02, 0x03, 0x04, 0x06, 0x46};

    for (size_t i = 0; i < sizeof(outside); i++) {
        begin_chunk();
        put_u8(outside[i]);
        put_name("a");
        CHECK(refuses(false));
    }
    begin_chunk();
    put_open("a", false, false);
    put_content();
    put_u8(0x0c); /* a template within an element */
    put_end();
    CHECK(refuses(false));
}

TEST(what_is_cut_off_anywhere_is_broken)
{
    begin_chunk();
    put_open("Event", true, true);
    put_attribute("n");
    put_text("v");
    put_content();
    put_substitution(1);
    put_end();
    size_t end = made_chunk.len;
    for (made_chunk.len--; made_chunk.len > EVTX_CHUNK_HEADER_BYTES; made_chunk.len--)
        CHECK(refuses(true));
    made_chunk.len = end;
    CHECK(!refuses(true)); /* the end mark may be absent */
}

TEST(elements_in_elements_up_to_the_limit)
{
    for (unsigned depth = BINXML_DEPTH_MAX; depth <= BINXML_DEPTH_MAX + 1; depth++) {
        begin_chunk();
        for (unsigned i = 0; i < depth; i++) {
            put_open("a", false, false);
            put_content();
        }
        for (unsigned i = 0; i < depth; i++)
            put_end();
        put_u8(0);
        CHECK(refuses(false) == (depth > BINXML_DEPTH_MAX));
    }
}

TEST(values_of_other_types_than_text_are_broken)
{
    begin_chunk();
    put_open("a", false, false);
    put_content();
    put_u8(0x05);
    put_u8(EVTX_UINT32);
    put_u16(1);
    put_u16(1);
    put_end();
    put_u8(0);
    CHECK(refuses(false));
}

TEST(a_form_that_is_cut_off_ends)
{
    struct evtx_op_view view;
    struct cursor in = cursor_over("\1\5\0ab", 5);

    CHECK(!evtx_op_next(&in, &view));
    CHECK(in.failed);
    in = cursor_over("", 0);
    CHECK(!evtx_op_next(&in, &view));
    CHECK(!in.failed);
}
