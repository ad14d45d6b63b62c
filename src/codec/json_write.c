/* json_write.c - strings as JSON. */
#include "codec/json.h"
#include "codec/utf.h"

/* What could re-order or break a line on a screen, or end a line for a careless reader. */
static bool needs_escape(uint32_t c)
{
    return c == 0x7f || (c >= 0x80 && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void write_escape(struct buf *out, uint32_t c)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {
        '\\', 'u', digits[c >> 12 & 15], digits[c >> 8 & 15], digits[c >> 4 & 15], digits[c & 15]};
    static const char *const shorts[] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r"};

    if (c == '"' || c == '\\') {
        buf_add_char(out, '\\');
        buf_add_char(out, (char)c);
    } else if (c < ARRAY_COUNT(shorts) && shorts[c]) {
        buf_add(out, str_from(shorts[c]));
    } else {
        buf_add_bytes(out, text, sizeof(text));
    }
}

void json_write_str(struct buf *out, struct str s)
{
    size_t plain = 0;

    buf_add_char(out, '"');
    for (size_t i = 0; i < s.len;) {
        unsigned char byte = (unsigned char)s.at[i];
        if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
            i++;
            continue;
        }
        struct str rest = str_slice(s, i, s.len);
        uint32_t c = utf8_take(&rest);
        size_t taken = s.len - i - rest.len;
        bool ill_formed = utf8_is_ill_formed(c, str_slice(s, i, s.len));
        if (byte >= 0x80 && !ill_formed && !needs_escape(c)) {
            i += taken;
            continue;
        }
        buf_add(out, str_slice(s, plain, i));
        if (ill_formed)
            buf_add(out, STR("\xef\xbf\xbd"));
        else
            write_escape(out, c);
        i += taken;
        plain = i;
    }
    buf_add(out, str_slice(s, plain, s.len));
    buf_add_char(out, '"');
}

void json_write_valid(struct buf *out, struct str json)
{
    size_t plain = 0;

    for (size_t i = 0; i < json.len;) {
        if ((unsigned char)json.at[i] < 0x7f) {
            i++;
            continue;
        }
        struct str rest = str_slice(json, i, json.len);
        uint32_t c = utf8_take(&rest);
        if (needs_escape(c)) { /* what is not ASCII stands only in strings */
            buf_add(out, str_slice(json, plain, i));
            write_escape(out, c);
            plain = json.len - rest.len;
        }
        i = json.len - rest.len;
    }
    buf_add(out, str_slice(json, plain, json.len));
}
