/* evtx_render.c - an event as JSON in the shape of `evtx_dump -o jsonl`, written straight on while
 * its templates are read.
 *
 * An element is null when it is empty, its text when it has nothing else, and an object when it
 * has attributes ("#attributes", then "#text") or children. The `Data` elements of EventData go by
 * their Name; those without one are gathered under "Data": {"#text": ...}. A name that stands twice
 * gets _1, _2, ... An empty text is none except in Data; an array of one value is that value.
 *
 * Names that stand twice, Data without a name, texts of several pieces, and arrays are seldom and
 * known too late for that: such an event is given up and written by evtx_tree.c. */
#include "codec/json.h"
#include "codec/utf.h"
#include "core/limits.h"
#include "formats/evtx_priv.h"

#define ATTRIBUTES_MAX 16
#define NAMES_MAX 256 /* of the members of all open elements */
#define DEPTH_MAX 64

/* A text of an element or attribute. */
struct piece {
    bool any;
    bool is_wide; /* it is `wide`, not decoded yet; else `value` */
    struct str wide;
    struct value value;
};

struct attribute {
    struct str name;
    struct piece piece;
};

struct element {
    enum evtx_context context; /* inside of it */
    bool is_data;              /* `Data` of EventData */
    bool is_object;            /* its brace and a member are written */
    uint32_t depth;
    uint32_t first_name; /* of its members, in writing.names */
    uint64_t names_seen; /* a bit for each: one that is not set did not stand before */
};

struct writing {
    struct reader *reader;
    const struct evtx_chunk *chunk;
    struct arena *arena;
    struct buf *out;
    uint32_t binxml_depth;
    uint32_t name_count, attribute_count;
    struct str names[NAMES_MAX];
    struct attribute attributes[ATTRIBUTES_MAX]; /* of the element that was begun last */
};

/* Functions that answer with a bool give up with false. */

static bool write_fragments(struct writing *w, struct element *parent, size_t at, size_t end);

/* ---- texts ---- */

static struct str without_zeros(struct str wide)
{
    while (wide.len >= 2 && wide.len % 2 == 0 && !wide.at[wide.len - 1] && !wide.at[wide.len - 2])
        wide.len -= 2;
    return wide;
}

/* Whatever is no text leaves none. */
static bool take_substitution(struct writing *w, const struct evtx_fragment *fragment,
                              uint16_t index, struct piece *piece)
{
    if (index >= fragment->count)
        return true;
    struct evtx_substitution value = fragment->substitutions[index];
    if (value.type == EVTX_BINXML || value.type == EVTX_NULL)
        return true;
    if (piece->any || value.type & EVTX_ARRAY)
        return false;
    piece->any = true;
    piece->is_wide = value.type == EVTX_STRING;
    if (piece->is_wide)
        piece->wide = without_zeros((struct str){(const char *)value.at, value.size});
    else
        piece->value = evtx_decode(w->arena, value.type, value.at, value.size);
    return true;
}

static bool take_text(struct str text, struct piece *piece)
{
    if (piece->any)
        return false;
    *piece = (struct piece){.any = true, .value = value_string(text)};
    return true;
}

/* No text, or one of no characters. */
static bool is_empty(const struct piece *piece)
{
    if (!piece->any)
        return true;
    return piece->is_wide ? piece->wide.len == 0
                          : piece->value.type == VALUE_STRING && piece->value.text.len == 0;
}

static void write_piece(struct writing *w, const struct piece *piece)
{
    if (piece->is_wide)
        json_write_utf16(w->out, (const uint8_t *)piece->wide.at, piece->wide.len);
    else if (piece->value.type == VALUE_NULL)
        buf_add(w->out, STR("null"));
    else if (piece->value.type == VALUE_STRING)
        json_write_str(w->out, piece->value.text);
    else
        buf_add(w->out, piece->value.text);
}

static struct str decoded(struct writing *w, const struct piece *piece)
{
    if (!piece->is_wide)
        return piece->value.text;
    char *text = arena_alloc_bytes(w->arena, UTF8_SIZE_OF_UTF16(piece->wide.len));
    return (struct str){text,
                        utf16le_to_utf8((const uint8_t *)piece->wide.at, piece->wide.len, text)};
}

/* ---- elements ---- */

/* Whether the name, which is not empty, stood before among the parent's members; it is noted. */
static bool is_repeated(struct writing *w, struct element *parent, struct str name)
{
    unsigned ends =
        name.len ? (unsigned char)name.at[0] * 7u + (unsigned char)name.at[name.len - 1] : 0;
    uint64_t bit = (uint64_t)1 << ((ends * 5u + (unsigned)name.len) % 64);

    if (w->name_count == NAMES_MAX)
        return true;
    for (uint32_t i = parent->first_name; parent->names_seen & bit && i < w->name_count; i++)
        if (str_eq(w->names[i], name))
            return true;
    parent->names_seen |= bit;
    w->names[w->name_count++] = name;
    return false;
}

static void begin_member(struct writing *w, struct element *parent, struct str name)
{
    buf_add_char(w->out, parent->is_object ? ',' : '{');
    parent->is_object = true;
    json_write_str(w->out, name);
    buf_add_char(w->out, ':');
}

static void write_attributes(struct writing *w, struct element *element)
{
    bool any = false;

    for (uint32_t i = 0; i < w->attribute_count; i++) {
        const struct attribute *attribute = &w->attributes[i];
        if (is_empty(&attribute->piece))
            continue;
        buf_add(w->out, any ? STR(",") : STR("{\"#attributes\":{"));
        any = true;
        json_write_str(w->out, attribute->name);
        buf_add_char(w->out, ':');
        write_piece(w, &attribute->piece);
    }
    if (any)
        buf_add_char(w->out, '}');
    element->is_object = any;
}

/* Up to the op behind the start tag, which is in `view`. */
static bool take_attributes(struct writing *w, const struct evtx_fragment *fragment,
                            struct cursor *in, struct evtx_op_view *view)
{
    struct piece *piece = NULL;
    bool good = true;

    w->attribute_count = 0;
    while (good && evtx_op_next(in, view)) {
        if (view->op == EVTX_OP_ATTRIBUTE) {
            if (w->attribute_count == ATTRIBUTES_MAX)
                return false;
            struct attribute *attribute = &w->attributes[w->attribute_count++];
            *attribute = (struct attribute){.name = view->text};
            piece = &attribute->piece;
        } else if (piece && view->op == EVTX_OP_TEXT) {
            good = take_text(view->text, piece);
        } else if (piece && view->op == EVTX_OP_SUBSTITUTION) {
            good = take_substitution(w, fragment, view->index, piece);
        } else {
            return view->op != EVTX_OP_CONTENT || evtx_op_next(in, view);
        }
    }
    return false;
}

static bool write_element(struct writing *w, struct element *parent,
                          const struct evtx_fragment *fragment, struct cursor *in, struct str name);

static bool write_substitution(struct writing *w, struct element *element,
                               const struct evtx_fragment *fragment, uint16_t index,
                               struct piece *text)
{
    if (index >= fragment->count || fragment->substitutions[index].type != EVTX_BINXML)
        return take_substitution(w, fragment, index, text);
    const struct evtx_substitution *value = &fragment->substitutions[index];
    if (w->binxml_depth == BINXML_DEPTH_MAX)
        return true;
    size_t at = (size_t)(value->at - w->chunk->at);
    w->binxml_depth++;
    bool good = write_fragments(w, element, at, at + value->size);
    w->binxml_depth--;
    return good;
}

/* From the op in `view` to the element's end. */
static bool write_content(struct writing *w, struct element *element,
                          const struct evtx_fragment *fragment, struct cursor *in,
                          struct evtx_op_view *view, struct piece *text)
{
    bool good = true;

    element->first_name = w->name_count;
    while (good && view->op != EVTX_OP_END) {
        if (view->op == EVTX_OP_ELEMENT)
            good = write_element(w, element, fragment, in, view->text);
        else if (view->op == EVTX_OP_TEXT)
            good = take_text(view->text, text);
        else if (view->op == EVTX_OP_SUBSTITUTION)
            good = write_substitution(w, element, fragment, view->index, text);
        else
            good = false;
        good = good && evtx_op_next(in, view);
    }
    w->name_count = element->first_name;
    return good;
}

static void end_element(struct writing *w, const struct element *element, const struct piece *text)
{
    if (element->is_object) {
        if (!is_empty(text)) {
            buf_add(w->out, STR(",\"#text\":"));
            write_piece(w, text);
        }
        buf_add_char(w->out, '}');
    } else if (!text->any || (is_empty(text) && !element->is_data)) {
        buf_add(w->out, STR("null"));
    } else {
        write_piece(w, text);
    }
}

/* `Data Name="x"` goes by x, and its attributes are not shown. Empty: it has no name. */
static struct str data_name(struct writing *w)
{
    struct str name = STR_EMPTY;

    for (uint32_t i = 0; i < w->attribute_count; i++)
        if (str_eq(w->attributes[i].name, STR("Name")) && w->attributes[i].piece.any)
            name = decoded(w, &w->attributes[i].piece);
    w->attribute_count = 0;
    return name;
}

static bool write_element(struct writing *w, struct element *parent,
                          const struct evtx_fragment *fragment, struct cursor *in, struct str name)
{
    struct element element = {.context = evtx_context_inside(parent->context, name),
                              .depth = parent->depth + 1};
    struct evtx_op_view view;
    struct piece text = {0};

    if (element.depth > DEPTH_MAX || !take_attributes(w, fragment, in, &view))
        return false;
    element.is_data = parent->context == EVTX_IN_EVENT_DATA && str_eq(name, STR("Data"));
    if (element.is_data)
        name = data_name(w);
    if (name.len == 0 || is_repeated(w, parent, name))
        return false;
    begin_member(w, parent, name);
    write_attributes(w, &element);
    if (!write_content(w, &element, fragment, in, &view, &text))
        return false;
    end_element(w, &element, &text);
    return true;
}

/* ---- fragments ---- */

static bool write_fragments(struct writing *w, struct element *parent, size_t at, size_t end)
{
    struct evtx_fragment fragment;
    bool broken = false;

    while (evtx_fragment_next(w->reader, w->chunk, &at, end, parent->context, w->arena, &fragment,
                              &broken)) {
        struct cursor in = cursor_over_str(fragment.template->canonical);
        struct evtx_op_view view;
        while (evtx_op_next(&in, &view))
            if (view.op != EVTX_OP_ELEMENT || !write_element(w, parent, &fragment, &in, view.text))
                return false;
    }
    return true;
}

void evtx_render(struct reader *reader, struct event *event, struct buf *json)
{
    struct writing *w = arena_alloc_bytes(event->arena, sizeof(*w));
    struct element root = {.context = EVTX_IN_NOTHING};
    size_t start = json->len;

    w->reader = reader;
    w->chunk = &reader->chunk;
    w->arena = event->arena;
    w->out = json;
    w->binxml_depth = w->name_count = 0;
    reader->left = 2 * EVTX_EVENT_BYTES_MAX; /* as in evtx_all_values */
    if (write_fragments(w, &root, reader->content, reader->content_end)) {
        buf_add(json, root.is_object ? STR("}") : STR("{}"));
        return;
    }
    json->len = start;
    evtx_render_tree(reader, event, json);
}
