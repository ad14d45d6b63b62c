/* escape.c - making hostile text harmless on a terminal and in a spreadsheet. */
#include "output/output.h"

#include "codec/utf.h"

/* Characters that re-order, hide or replace what stands beside them. */
static bool is_deceptive(uint32_t c)
{
    return (c >= 0x80 && c <= 0x9f) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

void escape_terminal(struct str text, struct buf *out)
{
    while (text.len > 0) {
        struct str before = text;
        uint32_t c = utf8_take(&text);
        size_t taken = before.len - text.len;

        if (c < 0x20 || c == 0x7f || (c == 0xfffd && taken == 1))
            buf_printf(out, "\\x%02x", (unsigned char)before.at[0]);
        else if (is_deceptive(c))
            buf_printf(out, "\\u{%x}", (unsigned)c);
        else
            buf_add(out, str_slice(before, 0, taken));
    }
}

void escape_csv(struct str text, struct buf *out)
{
    static const char formula_starts[] = {'=', '+', '-', '@', '\t', '\r'};
    struct buf repaired;

    buf_add_char(out, '"');
    for (size_t i = 0; text.len > 0 && i < sizeof(formula_starts); i++)
        if (text.at[0] == formula_starts[i])
            buf_add_char(out, '\'');
    buf_init(&repaired, SIZE_MAX);
    if (!utf8_is_valid(text)) {
        utf8_repair(text, &repaired);
        text = buf_str(&repaired);
    }
    while (text.len > 0) {
        size_t quote = str_find_byte(text, '"');
        buf_add(out, str_slice(text, 0, quote));
        if (quote < text.len)
            buf_add(out, STR("\"\""));
        text = str_slice(text, quote + 1, text.len);
    }
    buf_free(&repaired);
    buf_add_char(out, '"');
}
