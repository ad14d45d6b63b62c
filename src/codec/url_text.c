/* url_text.c - see url_text.h. */
#include "codec/url_text.h"

#include "codec/utf.h"

#include <string.h>

#define UTF8_BYTES_MAX 4u

static bool is_escape(struct str text, size_t at)
{
    return text.at[at] == '%' && at + 2 < text.len && ascii_hex_value(text.at[at + 1]) >= 0 &&
           ascii_hex_value(text.at[at + 2]) >= 0;
}

static size_t undo(struct str text, bool in_query, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (is_escape(text, i)) {
            c = (char)(ascii_hex_value(text.at[i + 1]) << 4 | ascii_hex_value(text.at[i + 2]));
            i += 2;
        } else if (c == '+' && in_query) {
            c = ' ';
        } else if (c == '?') {
            in_query = true;
        }
        out[len++] = c;
    }
    return len;
}

struct str url_decode(struct str text, bool in_query, struct arena *arena)
{
    if (text.len == 0 || (!memchr(text.at, '%', text.len) && !memchr(text.at, '+', text.len)))
        return text;
    char *bytes = arena_alloc_bytes(arena, text.len);
    struct str plain = {bytes, undo(text, in_query, bytes)};
    if (str_eq(plain, text))
        return text;
    if (utf8_is_valid(plain))
        return plain;
    char *repaired = arena_alloc_bytes(arena, plain.len * UTF8_BYTES_MAX);
    size_t len = 0;
    while (plain.len > 0)
        len += utf8_put(utf8_take(&plain), repaired + len);
    return (struct str){repaired, len};
}
