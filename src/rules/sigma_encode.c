/* sigma_encode.c - UTF-16 and Base64 of a rule's values (rows M9 to M11; RFC 4648, section 4). */
#include "codec/utf.h"
#include "core/buf.h"
#include "rules/sigma_priv.h"

static void add_unit(struct buf *out, uint32_t unit, bool big)
{
    buf_add_char(out, (char)(big ? unit >> 8 : unit));
    buf_add_char(out, (char)(big ? unit : unit >> 8));
}

struct str encode_text(struct arena *arena, struct str text, enum text_encoding encoding)
{
    struct buf out;
    bool big = encoding == ENCODING_UTF16BE;

    if (encoding == ENCODING_UTF8)
        return text;
    buf_init(&out, SIZE_MAX);
    if (encoding == ENCODING_UTF16_BOM)
        add_unit(&out, 0xfeff, false);
    while (text.len > 0) {
        uint32_t c = utf8_take(&text);
        if (c >= 0x10000) {
            add_unit(&out, 0xd800 + ((c - 0x10000) >> 10), big);
            add_unit(&out, 0xdc00 + ((c - 0x10000) & 0x3ff), big);
        } else {
            add_unit(&out, c, big);
        }
    }
    struct str bytes = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return bytes;
}

/* `before` zero bytes stand in front; the text is padded with '='. */
static struct str base64_behind(struct arena *arena, struct str bytes, size_t before)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t total = before + bytes.len;
    char *out = arena_alloc_bytes(arena, total / 3 * 4 + 4);
    size_t len = 0;

    for (size_t i = 0; i < total; i += 3) {
        uint32_t group = 0;
        for (size_t j = i; j < i + 3; j++) {
            bool inside = j >= before && j < total;
            group = group << 8 | (inside ? (unsigned char)bytes.at[j - before] : 0u);
        }
        size_t given = total - i < 3 ? total - i : 3;
        for (size_t j = 0; j < 4; j++)
            out[len++] = j <= given ? digits[group >> (18 - 6 * j) & 63] : '=';
    }
    return (struct str){out, len};
}

struct str encode_base64(struct arena *arena, struct str bytes)
{
    return base64_behind(arena, bytes, 0);
}

struct str encode_base64_offset(struct arena *arena, struct str bytes, unsigned offset)
{
    static const size_t unstable_before[] = {0, 2, 3};
    static const size_t unstable_after[] = {0, 3, 2}; /* by the length's remainder */
    struct str text = base64_behind(arena, bytes, offset);
    size_t end = text.len - unstable_after[(bytes.len + offset) % 3];

    return str_slice(text, unstable_before[offset], end);
}
