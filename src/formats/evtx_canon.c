/* evtx_canon.c - BinXML tokens into the canonical form, in which names stand in full. */
#include "codec/utf.h"
#include "core/limits.h"
#include "formats/evtx_priv.h"

enum token {
    TOKEN_EOF = 0x00,
    TOKEN_OPEN = 0x01,
    TOKEN_CLOSE_START = 0x02,
    TOKEN_CLOSE_EMPTY = 0x03,
    TOKEN_END = 0x04,
    TOKEN_VALUE = 0x05,
    TOKEN_ATTRIBUTE = 0x06,
    TOKEN_CDATA = 0x07,
    TOKEN_CHAR = 0x08,
    TOKEN_ENTITY = 0x09,
    TOKEN_PI_TARGET = 0x0a,
    TOKEN_PI_DATA = 0x0b,
    TOKEN_TEMPLATE = 0x0c,
    TOKEN_NORMAL = 0x0d,
    TOKEN_OPTIONAL = 0x0e,
    TOKEN_FRAGMENT = 0x0f,
};

struct canonizing {
    const struct evtx_chunk *chunk;
    struct cursor in; /* over the chunk up to the end */
    struct buf *out;
    bool in_template;
    uint32_t depth;
};

static void add_u16(struct buf *out, size_t value)
{
    buf_add_char(out, (char)value);
    buf_add_char(out, (char)(value >> 8));
}

static void add_text(struct buf *out, enum evtx_op op, const uint8_t *wide, size_t bytes)
{
    buf_add_char(out, (char)op);
    size_t length_at = out->len;
    add_u16(out, 0);
    char *to = buf_reserve(out, UTF8_SIZE_OF_UTF16(bytes));
    if (!to)
        return;
    size_t len = utf16le_to_utf8(wide, bytes, to);
    if (len > UINT16_MAX)
        len = UINT16_MAX;
    out->len += len;
    out->at[length_at] = (char)len;
    out->at[length_at + 1] = (char)(len >> 8);
}

/* A name is an offset in the chunk; where it points right here, the name itself follows. */
static bool take_name(struct canonizing *c, enum evtx_op op)
{
    uint32_t offset = cursor_u32(&c->in);
    struct cursor name = cursor_over(c->chunk->at, c->chunk->len);

    if (c->in.failed)
        return false;
    cursor_seek(&name, offset);
    cursor_skip(&name, 6); /* next in its bucket, hash */
    uint16_t characters = cursor_u16(&name);
    const uint8_t *text = cursor_take(&name, 2 * (size_t)characters);
    if (!text)
        return false;
    if (offset == cursor_offset(&c->in))
        cursor_skip(&c->in, 8 + 2 * (size_t)characters + 2);
    add_text(c->out, op, text, 2 * (size_t)characters);
    return !c->in.failed;
}

static bool take_value(struct canonizing *c)
{
    uint8_t type = cursor_u8(&c->in);
    uint16_t characters = cursor_u16(&c->in);
    const uint8_t *text = cursor_take(&c->in, 2 * (size_t)characters);

    if (!text || type != EVTX_STRING)
        return false;
    add_text(c->out, EVTX_OP_TEXT, text, 2 * (size_t)characters);
    return true;
}

static bool take_cdata(struct canonizing *c)
{
    uint16_t characters = cursor_u16(&c->in);
    const uint8_t *text = cursor_take(&c->in, 2 * (size_t)characters);

    if (!text)
        return false;
    add_text(c->out, EVTX_OP_TEXT, text, 2 * (size_t)characters);
    return true;
}

static bool take_character(struct canonizing *c)
{
    const uint8_t *character = cursor_take(&c->in, 2);

    if (character)
        add_text(c->out, EVTX_OP_TEXT, character, 2);
    return character != NULL;
}

/* `&lt;` and its like; an unknown one stays as it is written. */
static bool take_entity(struct canonizing *c)
{
    static const struct {
        struct str name;
        char character;
    } entities[] = {{STR_INIT("lt"), '<'},
                    {STR_INIT("gt"), '>'},
                    {STR_INIT("amp"), '&'},
                    {STR_INIT("quot"), '"'},
                    {STR_INIT("apos"), '\''}};
    size_t start = c->out->len;

    if (!take_name(c, EVTX_OP_TEXT))
        return false;
    struct str name = {c->out->at + start + 3, c->out->len - start - 3};
    for (size_t i = 0; i < ARRAY_COUNT(entities); i++) {
        if (str_eq(name, entities[i].name)) {
            c->out->len = start;
            buf_add_char(c->out, EVTX_OP_TEXT);
            add_u16(c->out, 1);
            buf_add_char(c->out, entities[i].character);
            break;
        }
    }
    return true;
}

static bool take_open(struct canonizing *c, bool has_attributes)
{
    if (c->in_template)
        cursor_skip(&c->in, 2); /* dependency id */
    cursor_skip(&c->in, 4);     /* size of the element */
    if (c->depth == BINXML_DEPTH_MAX || !take_name(c, EVTX_OP_ELEMENT))
        return false;
    c->depth++;
    if (has_attributes)
        cursor_skip(&c->in, 4); /* size of the attribute list */
    return !c->in.failed;
}

static bool take_close(struct canonizing *c)
{
    if (c->depth == 0)
        return false;
    c->depth--;
    buf_add_char(c->out, EVTX_OP_END);
    return true;
}

static bool take_substitution(struct canonizing *c)
{
    uint16_t index = cursor_u16(&c->in);

    cursor_skip(&c->in, 1); /* the type that was declared; what counts is the one given */
    buf_add_char(c->out, EVTX_OP_SUBSTITUTION);
    add_u16(c->out, index);
    return !c->in.failed;
}

static bool take_instruction(struct canonizing *c, bool target)
{
    if (!target) {
        cursor_skip(&c->in, 2 * (size_t)cursor_u16(&c->in));
        return !c->in.failed;
    }
    size_t len = c->out->len; /* processing instructions say nothing of the event */
    bool good = take_name(c, EVTX_OP_TEXT);
    c->out->len = len;
    return good;
}

static bool take_token(struct canonizing *c, uint8_t token)
{
    switch (token & 0x1f) {
    case TOKEN_OPEN:
        return take_open(c, token & 0x40);
    case TOKEN_CLOSE_START:
        buf_add_char(c->out, EVTX_OP_CONTENT);
        return c->depth > 0;
    case TOKEN_CLOSE_EMPTY:
        buf_add_char(c->out, EVTX_OP_CONTENT);
        return take_close(c);
    case TOKEN_END:
        return take_close(c);
    case TOKEN_VALUE:
        return take_value(c);
    case TOKEN_ATTRIBUTE:
        return c->depth > 0 && take_name(c, EVTX_OP_ATTRIBUTE);
    case TOKEN_CDATA:
        return take_cdata(c);
    case TOKEN_CHAR:
        return take_character(c);
    case TOKEN_ENTITY:
        return take_entity(c);
    case TOKEN_PI_TARGET:
    case TOKEN_PI_DATA:
        return take_instruction(c, (token & 0x1f) == TOKEN_PI_TARGET);
    case TOKEN_NORMAL:
    case TOKEN_OPTIONAL:
        return take_substitution(c);
    case TOKEN_FRAGMENT:
        cursor_skip(&c->in, 3);
        return !c->in.failed;
    default:
        return false;
    }
}

bool evtx_canonize(const struct evtx_chunk *chunk, size_t *at, size_t end, bool in_template,
                   struct buf *out)
{
    struct canonizing c = {
        .chunk = chunk, .in = cursor_over(chunk->at, end), .out = out, .in_template = in_template};

    cursor_seek(&c.in, *at);
    while (!c.in.failed && cursor_left(&c.in) > 0) {
        uint8_t token = *c.in.at;
        if (token == TOKEN_EOF || (token == TOKEN_TEMPLATE && c.depth == 0)) {
            if (token == TOKEN_EOF)
                cursor_skip(&c.in, 1);
            break;
        }
        cursor_skip(&c.in, 1);
        if (!take_token(&c, token) || out->full)
            return false;
    }
    *at = cursor_offset(&c.in);
    return !c.in.failed && c.depth == 0;
}

bool evtx_op_next(struct cursor *canonical, struct evtx_op_view *view)
{
    if (cursor_left(canonical) == 0)
        return false;
    view->op = (enum evtx_op)cursor_u8(canonical);
    if (view->op == EVTX_OP_SUBSTITUTION)
        view->index = cursor_u16(canonical);
    else if (view->op != EVTX_OP_CONTENT && view->op != EVTX_OP_END)
        view->text = cursor_take_str(canonical, cursor_u16(canonical));
    return !canonical->failed;
}
