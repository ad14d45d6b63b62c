/* pipeline_text.c - Sigma strings as bytes with marks: what is text, what is a wildcard and what
 * is of a placeholder, so that texts can be cut and joined without losing which is which. */
#include "rules/pipeline_priv.h"

#define TEXT_BYTES_MAX (16u << 20)

void marked_init(struct marked *marked)
{
    buf_init(&marked->bytes, TEXT_BYTES_MAX);
    buf_init(&marked->marks, TEXT_BYTES_MAX);
}

void marked_free(struct marked *marked)
{
    buf_free(&marked->bytes);
    buf_free(&marked->marks);
}

void marked_reset(struct marked *marked)
{
    buf_reset(&marked->bytes);
    buf_reset(&marked->marks);
}

void marked_add(struct marked *marked, char byte, enum mark mark)
{
    buf_add_char(&marked->bytes, byte);
    buf_add_char(&marked->marks, (char)mark);
}

void marked_add_text(struct marked *marked, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        marked_add(marked, text.at[i], MARK_TEXT);
}

void marked_add_part(struct marked *marked, const struct marked *other, size_t from, size_t to)
{
    buf_add(&marked->bytes, str_slice(buf_str(&other->bytes), from, to));
    buf_add(&marked->marks, str_slice(buf_str(&other->marks), from, to));
}

static enum mark mark_at(const struct marked *marked, size_t at)
{
    return (enum mark)marked->marks.at[at];
}

void marked_add_sigma(struct marked *marked, struct str text, bool expand)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i], next = i + 1 < text.len ? text.at[i + 1] : '\0';
        size_t placeholder = expand ? placeholder_length(str_slice(text, i, text.len)) : 0;
        if (c == '\\' && (next == '*' || next == '?' || next == '\\' || (expand && next == '%'))) {
            marked_add(marked, next, MARK_TEXT);
            i++;
        } else if (c == '*' || c == '?') {
            marked_add(marked, c, MARK_WILDCARD);
        } else if (placeholder > 0) {
            for (size_t end = i + placeholder; i < end; i++)
                marked_add(marked, text.at[i], MARK_PLACEHOLDER);
            i--;
        } else {
            marked_add(marked, c, MARK_TEXT);
        }
    }
}

/* Whether a single backslash before `at` would be read together with what stands there. */
static bool joins_backslash(const struct marked *marked, size_t at)
{
    char c = at < marked->bytes.len ? marked->bytes.at[at] : '\0';

    return c == '\\' || c == '*' || c == '?';
}

struct str marked_sigma(const struct marked *marked, struct arena *arena, bool expand)
{
    struct str bytes = buf_str(&marked->bytes);
    char *out = arena_alloc_bytes(arena, bytes.len * 2);
    size_t len = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.at[i];
        bool text = mark_at(marked, i) == MARK_TEXT;
        bool after = i > 0 && bytes.at[i - 1] == '\\' && mark_at(marked, i - 1) == MARK_TEXT;
        bool special = c == '*' || c == '?' || (expand && c == '%');
        if (c == '\\')
            special = expand || after || joins_backslash(marked, i + 1);
        if (text && special)
            out[len++] = '\\';
        out[len++] = c;
    }
    return (struct str){out, len};
}

bool marked_equal(const struct marked *a, const struct marked *b)
{
    return str_eq(buf_str(&a->bytes), buf_str(&b->bytes)) &&
           str_eq(buf_str(&a->marks), buf_str(&b->marks));
}
