/* xml_event.c - see xml_event.h.
 *
 * XML knows no types: numbers are told in System alone, where their names say that they are. An
 * element that stands several times in another becomes a list, so that none of its values is lost.
 */
#include "formats/xml_event.h"

#include "codec/json.h"
#include "codec/xml.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "core/map.h"

#define FEW_CHILDREN 16 /* up to here names are compared one by one */

struct piece {
    struct str text;
    struct piece *next;
};

struct node {
    struct str name;
    struct str key; /* the name, or that of Data */
    struct str attributes;
    struct piece *texts, **texts_end; /* while the element is open */
    struct str text;
    bool has_text;
    bool is_data;  /* Data of EventData */
    bool nameless; /* the same without a name */
    bool again;    /* stands in the list of an earlier sibling */
    struct node *first, *last, *next;
    struct node *twin, *last_twin; /* the next one with this key; of the first one: the last */
    uint32_t count;                /* children */
    struct map *keys;              /* of children where they are many: key -> place in `nodes` */
};

struct reading {
    struct arena *arena;
    struct node *stack[BINXML_DEPTH_MAX];
    uint32_t depth;
    struct node *nodes; /* in the order of the text; the first one is the root */
    uint32_t count, max;
};

static struct str unescape(struct arena *arena, struct str text, bool escaped)
{
    if (!escaped)
        return text;
    char *out = arena_alloc_bytes(arena, text.len);
    return (struct str){out, xml_unescape(text, out)};
}

/* ---- the tree ---- */

static void name_data(struct reading *r, struct node *node)
{
    struct str attributes = node->attributes;
    struct xml_attribute attribute;

    if (!str_eq(node->name, STR("Data")) || !str_eq(r->stack[1]->name, STR("EventData")))
        return;
    node->is_data = node->nameless = true;
    node->attributes = STR_EMPTY;
    while (xml_attribute_next(&attributes, &attribute)) {
        if (!str_eq(attribute.name, STR("Name")))
            continue;
        node->key = unescape(r->arena, attribute.value, attribute.escaped);
        node->nameless = false;
    }
}

static struct node *first_with_key(struct reading *r, struct node *parent, const struct node *node)
{
    if (parent->count < FEW_CHILDREN) {
        for (struct node *child = parent->first; child; child = child->next)
            if (!child->again && str_eq(child->key, node->key))
                return child;
        return NULL;
    }
    if (!parent->keys) {
        parent->keys = ARENA_NEW(r->arena, struct map);
        map_init(parent->keys, r->arena);
        for (struct node *child = parent->first; child; child = child->next)
            if (!child->again)
                map_set(parent->keys, child->key, (uint32_t)(child - r->nodes));
    }
    uint32_t place = map_find(parent->keys, node->key);
    return place == MAP_NONE ? NULL : &r->nodes[place];
}

static void add_child(struct reading *r, struct node *parent, struct node *node)
{
    struct node *twin = first_with_key(r, parent, node);

    node->last_twin = node;
    if (twin) {
        node->again = true;
        twin->last_twin->twin = node;
        twin->last_twin = node;
    } else if (parent->keys) {
        map_set(parent->keys, node->key, (uint32_t)(node - r->nodes));
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->count++;
}

static const char *open_element(struct reading *r, const struct xml_token *token)
{
    if (r->depth == BINXML_DEPTH_MAX)
        return "elements of an event stand too deep in each other";
    if (r->count == r->max)
        return "an event has too many elements";
    struct node *node = &r->nodes[r->count++];
    node->texts_end = &node->texts;
    node->name = node->key = token->text;
    node->attributes = token->attributes;
    if (r->depth == 0 && !str_eq(node->name, STR("Event")))
        return "not an event";
    if (r->depth > 0) {
        if (r->depth > 1)
            name_data(r, node);
        add_child(r, r->stack[r->depth - 1], node);
    }
    r->stack[r->depth++] = node;
    return NULL;
}

static void add_text(struct reading *r, const struct xml_token *token)
{
    struct node *node = r->stack[r->depth - 1];
    ENSURE(node); /* text stands in elements: xml_next */
    struct piece *piece = ARENA_NEW(r->arena, struct piece);

    piece->text = unescape(r->arena, token->text, token->escaped);
    *node->texts_end = piece;
    node->texts_end = &piece->next;
}

/* Texts that stand on both sides of a comment or of CDATA are one text. */
static struct str joined(struct arena *arena, const struct piece *texts)
{
    size_t len = 0;

    if (!texts->next)
        return texts->text;
    for (const struct piece *piece = texts; piece; piece = piece->next)
        len += piece->text.len;
    char *text = arena_alloc_bytes(arena, len);
    len = 0;
    for (const struct piece *piece = texts; piece; piece = piece->next)
        for (size_t i = 0; i < piece->text.len; i++)
            text[len++] = piece->text.at[i];
    return (struct str){text, len};
}

static void close_element(struct reading *r)
{
    struct node *node = r->stack[--r->depth];

    ENSURE(node);
    if (!node->texts)
        return;
    node->text = joined(r->arena, node->texts);
    node->has_text = !node->first || str_trim(node->text).len > 0; /* no blanks between children */
}

/* Not less than it has elements, up to the limit. */
static uint32_t tags_in(struct str xml)
{
    uint32_t count = 0;

    for (size_t i = 0; i + 1 < xml.len && count < XML_NODES_MAX; i++)
        count += xml.at[i] == '<' && xml.at[i + 1] != '/';
    return count;
}

static const char *read_tree(struct reading *r, struct str xml)
{
    struct xml_reader reader;
    const char *why = NULL;

    xml_open(&reader, xml);
    while (!why) {
        struct xml_token token = xml_next(&reader);
        switch (token.kind) {
        case XML_OPEN:
            why = open_element(r, &token);
            break;
        case XML_CLOSE:
            close_element(r);
            break;
        case XML_TEXT:
            add_text(r, &token);
            break;
        case XML_DONE:
            return NULL;
        case XML_BROKEN:
            why = reader.why;
            break;
        }
    }
    return why;
}

/* ---- writing ---- */

static bool is_number(struct str text)
{
    bool plain = text.len > 0 && text.len < 19 && (text.at[0] != '0' || text.len == 1);

    for (size_t i = 0; plain && i < text.len; i++)
        plain = ascii_is_digit(text.at[i]);
    return plain;
}

/* Elements and attributes of System that Windows stores as numbers. */
static bool is_numeric(struct str name)
{
    static const struct str names[] = {STR_INIT("EventID"),    STR_INIT("Version"),
                                       STR_INIT("Level"),      STR_INIT("Task"),
                                       STR_INIT("Opcode"),     STR_INIT("EventRecordID"),
                                       STR_INIT("Qualifiers"), STR_INIT("ProcessID"),
                                       STR_INIT("ThreadID"),   STR_INIT("RawQualifiers")};

    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

static void write_text(struct buf *json, struct str name, struct str text, bool system)
{
    if (system && is_numeric(name) && is_number(text))
        buf_add(json, text);
    else
        json_write_str(json, text);
}

static bool write_attributes(struct arena *arena, struct buf *json, const struct node *node,
                             bool system)
{
    struct str attributes = node->attributes;
    struct xml_attribute attribute;
    bool any = false;

    while (xml_attribute_next(&attributes, &attribute)) {
        struct str text = unescape(arena, attribute.value, attribute.escaped);
        if (text.len == 0)
            continue;
        buf_add(json, any ? STR(",") : STR("\"#attributes\":{"));
        any = true;
        json_write_str(json, attribute.name);
        buf_add_char(json, ':');
        write_text(json, attribute.name, text, system);
    }
    if (any)
        buf_add_char(json, '}');
    return any;
}

static void write_element(struct arena *arena, struct buf *json, const struct node *node,
                          bool system);

/* The texts of Data elements that have no name. */
static void write_nameless(struct arena *arena, struct buf *json, const struct node *node)
{
    buf_add(json, STR("{\"#text\":"));
    if (node->twin)
        buf_add_char(json, '[');
    for (const struct node *twin = node; twin; twin = twin->twin) {
        if (twin != node)
            buf_add_char(json, ',');
        write_element(arena, json, twin, false);
    }
    buf_add(json, node->twin ? STR("]}") : STR("}"));
}

static void write_child(struct arena *arena, struct buf *json, const struct node *child,
                        bool system)
{
    json_write_str(json, child->key);
    buf_add_char(json, ':');
    if (child->nameless) {
        write_nameless(arena, json, child);
        return;
    }
    if (child->twin)
        buf_add_char(json, '[');
    for (const struct node *twin = child; twin; twin = twin->twin) {
        if (twin != child)
            buf_add_char(json, ',');
        write_element(arena, json, twin, system);
    }
    if (child->twin)
        buf_add_char(json, ']');
}

static void write_element(struct arena *arena, struct buf *json, const struct node *node,
                          bool system)
{
    size_t start = json->len;

    system = system || str_eq(node->name, STR("System"));
    buf_add_char(json, '{');
    bool any = write_attributes(arena, json, node, system);
    if (!any && !node->first && !json->full) {
        json->len = start;
        if (node->has_text || node->is_data)
            write_text(json, node->name, node->has_text ? node->text : STR_EMPTY, system);
        else
            buf_add(json, STR("null"));
        return;
    }
    for (const struct node *child = node->first; child; child = child->next) {
        if (child->again)
            continue;
        if (any)
            buf_add_char(json, ',');
        any = true;
        write_child(arena, json, child, system);
    }
    if (node->has_text) {
        buf_add(json, any ? STR(",\"#text\":") : STR("\"#text\":"));
        write_text(json, node->name, node->text, system);
    }
    buf_add_char(json, '}');
}

static const struct node *find_child(const struct node *parent, struct str name)
{
    for (const struct node *child = parent ? parent->first : NULL; child; child = child->next)
        if (str_eq(child->name, name))
            return child;
    return NULL;
}

const char *xml_event_write(struct str xml, struct arena *arena, struct buf *json, uint64_t *record)
{
    struct reading reading = {.arena = arena, .max = tags_in(xml)};

    reading.nodes = ARENA_ARRAY(arena, struct node, reading.max);
    const char *why = read_tree(&reading, xml);
    if (why)
        return why;
    buf_add(json, STR("\"Event\":"));
    write_element(arena, json, reading.nodes, false);
    const struct node *id =
        find_child(find_child(reading.nodes, STR("System")), STR("EventRecordID"));
    if (!id || !str_to_u64(id->text, UINT64_MAX, record))
        *record = 0;
    return NULL;
}
