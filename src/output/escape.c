/* escape.c - making hostile text harmless on a terminal and in a spreadsheet. */
#include "output/output.h"

#include "codec/json.h"
#include "codec/utf.h"

/* Characters that re-order, hide or replace what stands beside them, or show nothing at all: C1
 * controls, line and paragraph separators, interlinear annotation, and whatever is
 * Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt. In order. */
static const uint32_t deceptive[][2] = {
    {0x80, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},   {0x115f, 0x1160},
    {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e}, {0x2060, 0x206f},
    {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool is_deceptive(uint32_t c)
{
    for (size_t i = 0; i < ARRAY_COUNT(deceptive) && deceptive[i][0] <= c; i++)
        if (c <= deceptive[i][1])
            return true;
    return false;
}

static void add_hexadecimal(struct str bytes, struct buf *out)
{
    for (size_t i = 0; i < bytes.len; i++)
        buf_printf(out, "\\x%02x", (unsigned char)bytes.at[i]);
}

static void escape(struct str text, bool ascii, struct buf *out)
{
    while (text.len > 0) {
        struct str before = text;
        uint32_t c = utf8_take(&text);
        struct str taken = str_slice(before, 0, before.len - text.len);

        if (c < 0x20 || c == 0x7f || utf8_is_ill_formed(c, before))
            add_hexadecimal(taken, out);
        else if (is_deceptive(c) || (ascii && c > 0x7f))
            buf_printf(out, "\\u{%x}", (unsigned)c);
        else
            buf_add(out, taken);
    }
}

void escape_terminal(struct str text, struct buf *out)
{
    escape(text, false, out);
}

void escape_ascii(struct str text, struct buf *out)
{
    escape(text, true, out);
}

/* What spreadsheets take for the start of a formula; the full-width ones in East Asian settings. */
static bool starts_formula(struct str text)
{
    static const struct str starts[] = {
        STR_INIT("="),
        STR_INIT("+"),
        STR_INIT("-"),
        STR_INIT("@"),
        STR_INIT("\t"),
        STR_INIT("\r"),
        STR_INIT("\xef\xbc\x9d"),
        STR_INIT("\xef\xbc\x8b"),
        STR_INIT("\xef\xbc\x8d"),
        STR_INIT("\xef\xbc\xa0"),
    };

    for (size_t i = 0; i < ARRAY_COUNT(starts); i++)
        if (str_starts_with(text, starts[i]))
            return true;
    return false;
}

static void add_quoted(struct str text, struct buf *out)
{
    while (text.len > 0) {
        size_t quote = str_find_byte(text, '"');
        buf_add(out, str_slice(text, 0, quote));
        if (quote < text.len)
            buf_add(out, STR("\"\""));
        text = str_slice(text, quote + 1, text.len);
    }
    buf_add_char(out, '"');
}

void escape_csv(struct str text, struct buf *out)
{
    struct buf escaped;

    buf_init(&escaped, SIZE_MAX);
    escape(text, false, &escaped);
    buf_add(out, starts_formula(text) ? STR("\"'") : STR("\""));
    add_quoted(buf_str(&escaped), out);
    buf_free(&escaped);
}

void escape_csv_json(struct str json, struct buf *out)
{
    struct buf escaped;
    const char *why;

    buf_init(&escaped, SIZE_MAX);
    if (json_is_valid(json, &why) &&
        (str_starts_with(json, STR("{")) || str_starts_with(json, STR("["))))
        json_write_valid(&escaped, json);
    buf_add_char(out, '"');
    add_quoted(buf_str(&escaped), out);
    buf_free(&escaped);
}
