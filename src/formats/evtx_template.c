/* evtx_template.c - from the canonical form to "where each value stands and who wants it". */
#include "codec/utf.h"
#include "core/limits.h"
#include "formats/evtx_priv.h"

#define NAME_BYTES_MAX 512u /* longer names are nobody's field */
#define LOOK_BYTES 64u      /* quick looks are quick at so many bytes or more */

struct level {
    struct str element;
    enum evtx_context context; /* inside the element */
    struct str data_name;      /* EventData's Data: its Name */
    int32_t name_index;
    bool content;
    uint32_t text_parts; /* parts of the text that is under way */
    uint32_t first_part;
};

struct compiling {
    const struct field_dictionary *fields;
    struct arena *arena;
    struct evtx_template *template;
    struct level levels[BINXML_DEPTH_MAX + 2];
    uint32_t depth;
    enum evtx_context outside;
    struct str attribute; /* whose value is under way; empty: none */
    uint32_t attribute_first, attribute_parts;
};

enum evtx_context evtx_context_inside(enum evtx_context context, struct str element)
{
    if (context == EVTX_IN_NOTHING)
        return str_eq(element, STR("Event")) ? EVTX_IN_EVENT : EVTX_IN_OTHER;
    if (context != EVTX_IN_EVENT)
        return context;
    return str_eq(element, STR("System"))          ? EVTX_IN_SYSTEM
           : str_eq(element, STR("EventData"))     ? EVTX_IN_EVENT_DATA
           : str_eq(element, STR("UserData"))      ? EVTX_IN_USER_DATA
           : str_eq(element, STR("RenderingInfo")) ? EVTX_IN_RENDERING
                                                   : EVTX_IN_OTHER;
}

static struct str without_blanks(struct str name, char space[NAME_BYTES_MAX])
{
    size_t len = 0;

    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] != ' ')
            space[len++] = name.at[i];
    return (struct str){space, len};
}

/* `first` and `second` with a line between them; empty if that is too long. */
static struct str joined(struct str first, struct str second, char space[NAME_BYTES_MAX])
{
    size_t len = 0;

    if (first.len + 1 + second.len > NAME_BYTES_MAX)
        return STR_EMPTY;
    for (size_t i = 0; i < first.len; i++)
        space[len++] = first.at[i];
    space[len++] = '_';
    for (size_t i = 0; i < second.len; i++)
        space[len++] = second.at[i];
    return (struct str){space, len};
}

/* The name is looked up, not kept. */
static void add_slot(struct compiling *c, struct str name, const struct evtx_slot *model)
{
    struct evtx_slot *slot = &c->template->slots[c->template->slot_count++];
    char space[NAME_BYTES_MAX];

    *slot = *model;
    if (slot->name_index >= 0 || name.len == 0 || name.len > NAME_BYTES_MAX)
        return;
    slot->ref = fields_resolve(c->fields, name);
    if (str_find_byte(name, ' ') < name.len)
        slot->ref_compact = fields_resolve(c->fields, without_blanks(name, space));
}

static struct level *top(struct compiling *c)
{
    return c->depth > 0 ? &c->levels[c->depth - 1] : NULL;
}

/* The text of an element between two tags is one value. */
static void end_text(struct compiling *c)
{
    struct level *level = top(c);
    uint32_t count = level ? level->text_parts : c->levels[BINXML_DEPTH_MAX + 1].text_parts;

    if (!level) /* substitutions outside all elements hold nothing but BinXML */
        level = &c->levels[BINXML_DEPTH_MAX + 1];
    if (count == 0)
        return;
    level->text_parts = 0;
    struct str name = level->element;
    struct evtx_slot slot = {.context = level->context,
                             .name_index = -1,
                             .first_part = level->first_part,
                             .part_count = count};
    char space[NAME_BYTES_MAX];
    if (level->context == EVTX_IN_EVENT_DATA && str_eq(name, STR("Data"))) {
        slot.name_index = level->name_index;
        if (level->data_name.len > 0)
            name = level->data_name;
    } else if (level->context == EVTX_IN_SYSTEM && str_eq(name, STR("Computer"))) {
        slot.role = EVTX_ROLE_COMPUTER;
    } else if (level->context == EVTX_IN_RENDERING && !str_eq(name, STR("Message"))) {
        name = joined(STR("RenderingInfo"), name, space);
    }
    add_slot(c, name, &slot);
}

static bool is_data_name(const struct level *level, struct str attribute)
{
    return level->context == EVTX_IN_EVENT_DATA && str_eq(level->element, STR("Data")) &&
           str_eq(attribute, STR("Name"));
}

static void end_attribute(struct compiling *c)
{
    struct level *level = top(c);
    const struct evtx_part *first = &c->template->parts[c->attribute_first];
    struct str attribute = c->attribute;

    c->attribute = STR_EMPTY;
    if (attribute.len == 0 || c->attribute_parts == 0 || !level)
        return;
    if (is_data_name(level, attribute)) {
        if (first->is_text)
            level->data_name = first->text;
        else
            level->name_index = first->index;
        return;
    }
    if (str_starts_with(attribute, STR("xmlns")))
        return;
    bool time = level->context == EVTX_IN_SYSTEM && str_eq(level->element, STR("TimeCreated")) &&
                str_eq(attribute, STR("SystemTime"));
    char space[NAME_BYTES_MAX];
    add_slot(c, joined(level->element, attribute, space),
             &(struct evtx_slot){.role = time ? EVTX_ROLE_TIME : EVTX_ROLE_NONE,
                                 .context = level->context,
                                 .name_index = -1,
                                 .first_part = c->attribute_first,
                                 .part_count = c->attribute_parts});
}

static void take_part(struct compiling *c, const struct evtx_op_view *view)
{
    uint32_t index = c->template->part_count++;
    struct level *level = top(c) ? top(c) : &c->levels[BINXML_DEPTH_MAX + 1];

    c->template->parts[index] = (struct evtx_part){
        .is_text = view->op == EVTX_OP_TEXT, .index = view->index, .text = view->text};
    if (c->attribute.len > 0) {
        if (c->attribute_parts++ == 0)
            c->attribute_first = index;
    } else if (level->text_parts++ == 0) {
        level->first_part = index;
    }
}

static void open_element(struct compiling *c, struct str name)
{
    enum evtx_context around = top(c) ? top(c)->context : c->outside;

    end_text(c);
    c->levels[c->depth++] = (struct level){
        .element = name, .context = evtx_context_inside(around, name), .name_index = -1};
}

static uint32_t most_uses(const struct evtx_template *template)
{
    uint32_t uses[EVTX_SUBSTITUTIONS_MAX] = {0};
    uint32_t most = 0;

    for (uint32_t i = 0; i < template->part_count; i++) {
        const struct evtx_part *part = &template->parts[i];
        if (part->is_text || part->index >= EVTX_SUBSTITUTIONS_MAX)
            continue;
        if (++uses[part->index] > most)
            most = uses[part->index];
    }
    return most;
}

static void add_wide(struct buf *out, uint32_t c)
{
    uint32_t above = c - 0x10000;
    uint16_t units[2] = {(uint16_t)c, 0};

    if (c >= 0x10000) {
        units[0] = (uint16_t)(0xd800 | above >> 10);
        units[1] = (uint16_t)(0xdc00 | (above & 0x3ff));
    }
    for (unsigned i = 0; i < (c >= 0x10000 ? 2 : 1); i++) {
        buf_add_char(out, (char)units[i]);
        buf_add_char(out, (char)(units[i] >> 8));
    }
}

static void mark_wanted(struct evtx_template *template, struct arena *arena)
{
    template->wanted = ARENA_ARRAY(arena, uint32_t, template->slot_count);
    for (uint32_t i = 0; i < template->slot_count; i++) {
        struct evtx_slot *slot = &template->slots[i];
        const struct evtx_part *part = &template->parts[slot->first_part];
        bool one = slot->part_count == 1 && !part->is_text && part->index < EVTX_SUBSTITUTIONS_MAX;
        slot->index = one ? part->index : EVTX_SUBSTITUTIONS_MAX;
        slot->simple = one && slot->ref && !slot->ref_compact && slot->role == EVTX_ROLE_NONE &&
                       slot->name_index < 0;
        slot->wanted =
            slot->ref || slot->ref_compact || slot->role != EVTX_ROLE_NONE || slot->name_index >= 0;
        if (slot->wanted)
            template->wanted[template->wanted_count++] = i;
    }
}

/* What the slots show without any substitution. */
static void keep_texts(struct evtx_template *template, struct arena *arena)
{
    static const uint8_t end[] = {0xff, 0xff};
    struct buf texts;

    buf_init(&texts, 2 * (size_t)UINT16_MAX * (template->slot_count + 1u));
    for (uint32_t i = 0; i < template->slot_count; i++) {
        const struct evtx_slot *slot = &template->slots[i];
        struct str text = template->parts[slot->first_part].text;
        template->joins |= slot->part_count > 1;
        if (slot->part_count > 1 || !template->parts[slot->first_part].is_text)
            continue;
        while (text.len > 0)
            add_wide(&texts, utf8_take(&text));
        buf_add_bytes(&texts, end, sizeof(end));
    }
    while (texts.len > 0 && texts.len < LOOK_BYTES)
        buf_add_bytes(&texts, end, sizeof(end));
    template->texts = arena_str(arena, buf_str(&texts));
    buf_free(&texts);
}

const struct evtx_template *evtx_template_compile(const struct field_dictionary *fields,
                                                  struct str canonical, enum evtx_context context,
                                                  struct arena *arena)
{
    struct compiling c = {.fields = fields, .arena = arena, .outside = context};
    struct evtx_template *template = ARENA_NEW(arena, struct evtx_template);
    struct evtx_op_view view = {0};

    c.template = template;
    c.levels[BINXML_DEPTH_MAX + 1] = (struct level){.context = context, .name_index = -1};
    template->canonical = arena_str(arena, canonical);
    struct cursor count = cursor_over_str(template->canonical);
    uint32_t values = 1;
    while (evtx_op_next(&count, &view))
        values += view.op == EVTX_OP_TEXT || view.op == EVTX_OP_SUBSTITUTION;
    template->slots = ARENA_ARRAY(arena, struct evtx_slot, values);
    template->parts = ARENA_ARRAY(arena, struct evtx_part, values);

    struct cursor in = cursor_over_str(template->canonical);
    while (evtx_op_next(&in, &view)) {
        if (view.op != EVTX_OP_TEXT && view.op != EVTX_OP_SUBSTITUTION)
            end_attribute(&c);
        switch (view.op) {
        case EVTX_OP_ELEMENT:
            open_element(&c, view.text);
            break;
        case EVTX_OP_ATTRIBUTE:
            c.attribute = view.text;
            c.attribute_parts = 0;
            break;
        case EVTX_OP_CONTENT:
            break;
        case EVTX_OP_END:
            end_text(&c);
            c.depth--;
            break;
        case EVTX_OP_TEXT:
        case EVTX_OP_SUBSTITUTION:
            take_part(&c, &view);
            break;
        }
    }
    end_text(&c);
    template->uses = most_uses(template);
    template->calm = ARENA_NEW(arena, const struct text_watch *);
    mark_wanted(template, arena);
    keep_texts(template, arena);
    return template;
}
