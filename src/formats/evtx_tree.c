/* evtx_tree.c - an event as JSON, of which the whole is built first: whatever evtx_render.c cannot
 * write straight on. */
#include "codec/json.h"
#include "core/limits.h"
#include "formats/evtx_priv.h"

#define FEW_CHILDREN 64 /* up to here names are compared one by one */

struct piece {
    struct value value;
    struct piece *next;
};

struct node {
    struct str name;
    bool is_data;         /* `Data` of EventData */
    struct str data_name; /* its Name; empty: it has none */
    bool is_list;         /* the text came from an array */
    uint32_t before;      /* siblings before it that have its key */
    struct piece *texts, **texts_end;
    struct node *attributes, **attributes_end;
    struct node *children, **children_end;
    struct node *next;
};

struct building {
    struct reader *reader;
    const struct evtx_chunk *chunk;
    struct arena *arena;
    uint32_t depth;
};

static struct node *new_node(struct arena *arena, struct str name)
{
    struct node *node = ARENA_NEW(arena, struct node);

    node->name = name;
    node->texts_end = &node->texts;
    node->attributes_end = &node->attributes;
    node->children_end = &node->children;
    return node;
}

static struct node *add_child(struct arena *arena, struct node *parent, struct str name)
{
    struct node *node = new_node(arena, name);

    *parent->children_end = node;
    parent->children_end = &node->next;
    return node;
}

static void add_text(struct arena *arena, struct node *node, struct value value)
{
    struct piece *piece = ARENA_NEW(arena, struct piece);

    piece->value = value;
    *node->texts_end = piece;
    node->texts_end = &piece->next;
}

static void add_fragments(struct building *b, struct node *parent, size_t at, size_t end,
                          enum evtx_context context);

static void add_substitution(struct building *b, struct node *node, bool attribute,
                             enum evtx_context context, const struct evtx_fragment *fragment,
                             uint16_t index)
{
    if (index >= fragment->count)
        return;
    struct evtx_substitution value = fragment->substitutions[index], member;
    if (value.type == EVTX_BINXML) {
        if (!attribute && b->depth < BINXML_DEPTH_MAX) {
            size_t at = (size_t)(value.at - b->chunk->at);
            b->depth++;
            add_fragments(b, node, at, at + value.size, context);
            b->depth--;
        }
        return;
    }
    if (!(value.type & EVTX_ARRAY)) {
        if (value.type != EVTX_NULL)
            add_text(b->arena, node, evtx_decode(b->arena, value.type, value.at, value.size));
        return;
    }
    node->is_list = true;
    while (evtx_array_next(&value, &member))
        add_text(b->arena, node, evtx_decode(b->arena, member.type, member.at, member.size));
}

static void add_fragment(struct building *b, struct node *parent, enum evtx_context context,
                         const struct evtx_fragment *fragment)
{
    struct cursor in = cursor_over_str(fragment->template->canonical);
    struct evtx_op_view view = {0};
    struct node *stack[BINXML_DEPTH_MAX + 1];
    enum evtx_context contexts[BINXML_DEPTH_MAX + 1];
    struct node *attribute = NULL;
    uint32_t depth = 0;

    while (evtx_op_next(&in, &view)) {
        /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): depth counts what was set */
        struct node *node = depth > 0 ? stack[depth - 1] : parent;
        enum evtx_context inside = depth > 0 ? contexts[depth - 1] : context;
        switch (view.op) {
        case EVTX_OP_ELEMENT:
            stack[depth] = add_child(b->arena, node, view.text);
            stack[depth]->is_data = inside == EVTX_IN_EVENT_DATA && str_eq(view.text, STR("Data"));
            contexts[depth++] = evtx_context_inside(inside, view.text);
            attribute = NULL;
            break;
        case EVTX_OP_ATTRIBUTE:
            attribute = new_node(b->arena, view.text);
            *node->attributes_end = attribute;
            node->attributes_end = &attribute->next;
            break;
        case EVTX_OP_CONTENT:
            attribute = NULL;
            break;
        case EVTX_OP_END:
            depth--;
            attribute = NULL;
            break;
        case EVTX_OP_TEXT:
            add_text(b->arena, attribute ? attribute : node, value_string(view.text));
            break;
        case EVTX_OP_SUBSTITUTION:
            add_substitution(b, attribute ? attribute : node, attribute != NULL, inside, fragment,
                             view.index);
            break;
        }
    }
}

static void add_fragments(struct building *b, struct node *parent, size_t at, size_t end,
                          enum evtx_context context)
{
    struct evtx_fragment fragment;
    bool broken = false;

    while (evtx_fragment_next(b->reader, b->chunk, &at, end, context, b->arena, &fragment, &broken))
        add_fragment(b, parent, context, &fragment);
}

/* ---- writing ---- */

static void write_scalar(struct buf *out, struct value value)
{
    if (value.type == VALUE_NULL)
        buf_add(out, STR("null"));
    else if (value.type == VALUE_STRING)
        json_write_str(out, value.text);
    else
        buf_add(out, value.text);
}

/* Texts and substitutions that stand together are one text. */
static struct value joined_pieces(struct arena *arena, const struct node *node)
{
    size_t len = 0;

    if (!node->texts->next)
        return node->texts->value;
    for (const struct piece *piece = node->texts; piece; piece = piece->next)
        len += piece->value.text.len;
    char *text = arena_alloc_bytes(arena, len);
    len = 0;
    for (const struct piece *piece = node->texts; piece; piece = piece->next)
        for (size_t i = 0; i < piece->value.text.len; i++)
            text[len++] = piece->value.text.at[i];
    return value_string((struct str){text, len});
}

static bool is_several(const struct node *node)
{
    return node->is_list && node->texts && node->texts->next;
}

static void write_list(struct buf *out, const struct node *node)
{
    for (const struct piece *piece = node->texts; piece; piece = piece->next) {
        if (piece != node->texts)
            buf_add_char(out, ',');
        write_scalar(out, piece->value);
    }
}

/* No text, or one of no characters. */
static bool is_empty(const struct node *node)
{
    for (const struct piece *piece = node->texts; piece; piece = piece->next)
        if (piece->value.type != VALUE_STRING || piece->value.text.len > 0)
            return false;
    return !is_several(node);
}

static void write_text(struct arena *arena, struct buf *out, const struct node *node)
{
    if (!node->texts || (is_empty(node) && !node->is_data)) {
        buf_add(out, STR("null"));
    } else if (is_several(node)) {
        buf_add_char(out, '[');
        write_list(out, node);
        buf_add_char(out, ']');
    } else {
        write_scalar(out, joined_pieces(arena, node));
    }
}

static void write_element(struct arena *arena, struct buf *out, struct node *node, uint32_t depth);

static struct str member_key(const struct node *child)
{
    return child->data_name.len > 0 ? child->data_name : child->name;
}

/* Counts what stands under each name. */
static void number_children(struct arena *arena, struct node *parent)
{
    struct map seen;
    uint32_t count = 0;

    for (const struct node *child = parent->children; child; child = child->next)
        count++;
    if (count > FEW_CHILDREN)
        map_init(&seen, arena);
    for (struct node *child = parent->children; child; child = child->next) {
        struct str key = member_key(child);
        if (count > FEW_CHILDREN) {
            uint32_t before = map_find(&seen, key);
            child->before = before == MAP_NONE ? 0 : before;
            map_set(&seen, key, child->before + 1);
            continue;
        }
        for (const struct node *other = parent->children; other != child; other = other->next)
            child->before += str_eq(member_key(other), key);
    }
}

/* The key with _1, _2, ... if it stands before among its siblings. */
static void write_key(struct arena *arena, struct buf *out, const struct node *child)
{
    struct str key = member_key(child);

    if (child->before > 0)
        key = arena_printf(arena, "%.*s_%u", STR_ARG(key), child->before);
    json_write_str(out, key);
    buf_add_char(out, ':');
}

static bool is_nameless_data(const struct node *node)
{
    return node->is_data && node->data_name.len == 0 && !node->children;
}

/* All of them under one name, lists among them without brackets of their own. */
static void write_nameless_data(struct arena *arena, struct buf *out, const struct node *first)
{
    bool several = is_several(first), written = false;

    for (const struct node *node = first->next; node; node = node->next)
        several |= is_nameless_data(node);
    buf_add(out, several ? STR("\"Data\":{\"#text\":[") : STR("\"Data\":{\"#text\":"));
    for (const struct node *node = first; node; node = node->next) {
        if (!is_nameless_data(node))
            continue;
        if (written)
            buf_add_char(out, ',');
        written = true;
        if (is_several(node))
            write_list(out, node);
        else
            write_text(arena, out, node);
    }
    buf_add(out, several ? STR("]}") : STR("}"));
}

static bool write_attributes(struct arena *arena, struct buf *out, const struct node *node)
{
    bool any = false;

    for (const struct node *attribute = node->attributes; attribute; attribute = attribute->next) {
        if (is_empty(attribute))
            continue;
        buf_add(out, any ? STR(",") : STR("\"#attributes\":{"));
        any = true;
        json_write_str(out, attribute->name);
        buf_add_char(out, ':');
        write_text(arena, out, attribute);
    }
    if (any)
        buf_add_char(out, '}');
    return any;
}

/* `Data Name="x"` goes by x, and its attributes are not shown. */
static void name_data(struct node *node)
{
    if (!node->is_data)
        return;
    for (const struct node *attribute = node->attributes; attribute; attribute = attribute->next) {
        if (str_eq(attribute->name, STR("Name")) && attribute->texts)
            node->data_name = attribute->texts->value.text;
    }
    node->attributes = NULL;
}

static void write_members(struct arena *arena, struct buf *out, struct node *node, bool any,
                          uint32_t depth)
{
    bool nameless_done = false;

    for (struct node *child = node->children; child; child = child->next)
        name_data(child);
    number_children(arena, node);
    for (struct node *child = node->children; child; child = child->next) {
        if (is_nameless_data(child) && nameless_done)
            continue;
        if (any)
            buf_add_char(out, ',');
        any = true;
        if (is_nameless_data(child)) {
            write_nameless_data(arena, out, child);
            nameless_done = true;
        } else {
            write_key(arena, out, child);
            write_element(arena, out, child, depth + 1);
        }
    }
    if (!is_empty(node)) {
        buf_add(out, any ? STR(",\"#text\":") : STR("\"#text\":"));
        write_text(arena, out, node);
    }
}

static void write_element(struct arena *arena, struct buf *out, struct node *node, uint32_t depth)
{
    size_t start = out->len;

    if (depth > JSON_DEPTH_MAX / 2) {
        buf_add(out, STR("null"));
        return;
    }
    buf_add_char(out, '{');
    bool any = write_attributes(arena, out, node);
    if (!any && !node->children) {
        out->len = start;
        write_text(arena, out, node);
        return;
    }
    write_members(arena, out, node, any, depth);
    buf_add_char(out, '}');
}

void evtx_render_tree(struct reader *reader, struct event *event, struct buf *json)
{
    struct building b = {.reader = reader, .chunk = &reader->chunk, .arena = event->arena};
    struct node *root = new_node(event->arena, STR_EMPTY);

    reader->left = 2 * EVTX_EVENT_BYTES_MAX; /* as in evtx_all_values */
    add_fragments(&b, root, reader->content, reader->content_end, EVTX_IN_NOTHING);
    buf_add_char(json, '{');
    write_members(event->arena, json, root, false, 0);
    buf_add_char(json, '}');
}
