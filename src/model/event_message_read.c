/* event_message_read.c - messages and codes from YAML (docs/messages.md). */
#include "model/event_message.h"

#include "codec/yaml.h"
#include "core/limits.h"

#define TREES_BYTES_MAX ((size_t)4 << 30)
#define PARTS_MAX 128u /* of one sentence */
#define NTH_MAX 99u

struct reading {
    struct event_messages *messages;
    struct arena *arena;
    struct why *why;
};

static enum err refuse(struct reading *reading, const struct yaml_node *where,
                       const char *complaint)
{
    why_set(reading->why, "%u:%u: %s", where->line, where->column, complaint);
    return ERR_INVALID;
}

void event_messages_init(struct event_messages *messages, struct arena *arena)
{
    *messages = (struct event_messages){.arena = arena};
    map_init(&messages->by_key, arena);
    map_init(&messages->by_table, arena);
}

/* ---- tables of codes ---- */

static bool read_texts(struct reading *reading, const struct yaml_node *node,
                       struct str texts[LANGUAGES])
{
    bool is_list = node->kind == YAML_LIST && node->count == LANGUAGES;

    for (unsigned i = 0; i < LANGUAGES; i++) {
        const struct yaml_node *text = is_list ? node->members[i].value : node;
        if (!yaml_is_text(text))
            return false;
        texts[i] = arena_str(reading->arena, text->text);
    }
    return true;
}

static enum err read_code(struct reading *reading, const struct code_table *table,
                          const struct yaml_member *member, struct code *code)
{
    static const char numbers[] = "a code is a number, as 12 or 0x1A";
    static const char form[] = "a code has a text, or a list of an English and a Japanese one";

    if (table->is_text)
        code->key = arena_str(reading->arena, member->key);
    else if (!code_number(member->key, &code->number))
        return refuse(reading, member->value, numbers);
    return read_texts(reading, member->value, code->texts) ? ERR_NONE
                                                           : refuse(reading, member->value, form);
}

/* A table whose first key is no number has texts. */
static enum err read_table(struct reading *reading, const struct yaml_node *node)
{
    static const char form[] = "a table has 'codes', its name, and 'values' or 'bits'";
    struct event_messages *messages = reading->messages;
    const struct yaml_node *name = yaml_get(node, STR("codes"));
    const struct yaml_node *bits = yaml_get(node, STR("bits"));
    const struct yaml_node *values = bits ? bits : yaml_get(node, STR("values"));
    uint64_t number;

    if (node->count != 2 || !values || values->kind != YAML_MAP || values->count == 0 ||
        !yaml_is_text(name))
        return refuse(reading, node, form);
    struct code_table table = {.name = arena_str(reading->arena, name->text),
                               .is_bits = bits != NULL,
                               .is_text = !code_number(values->members[0].key, &number),
                               .at = ARENA_ARRAY(reading->arena, struct code, values->count),
                               .count = values->count};
    for (uint32_t i = 0; i < values->count; i++) {
        enum err err = read_code(reading, &table, &values->members[i], &table.at[i]);
        if (err)
            return err;
    }
    struct code_table *tables =
        ARENA_ARRAY(reading->arena, struct code_table, messages->table_count + 1);
    for (uint32_t i = 0; i < messages->table_count; i++)
        tables[i] = messages->tables[i];
    tables[messages->table_count] = table;
    messages->tables = tables;
    map_set(&messages->by_table, table.name, messages->table_count++);
    return ERR_NONE;
}

/* ---- sentences ---- */

struct cutting {
    struct reading *reading;
    const struct yaml_node *node;
    struct message_part parts[PARTS_MAX];
    uint32_t count, group, groups;
};

static bool add_part(struct cutting *cutting, struct message_part part)
{
    if (cutting->count == PARTS_MAX)
        return false;
    part.optional = cutting->group;
    cutting->parts[cutting->count++] = part;
    return true;
}

static bool add_text(struct cutting *cutting, struct str text)
{
    if (text.len == 0)
        return true;
    return add_part(cutting, (struct message_part){.text = arena_str(cutting->reading->arena, text),
                                                   .nth = 1,
                                                   .table = UINT32_MAX});
}

static struct str without_blanks(struct arena *arena, struct str name)
{
    char *text = arena_alloc_bytes(arena, name.len);
    size_t len = 0;

    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] != ' ')
            text[len++] = name.at[i];
    return (struct str){text, len};
}

/* "LogonType:logon_type", "Data.2" */
static enum err add_field(struct cutting *cutting, struct str text)
{
    struct reading *reading = cutting->reading;
    struct str name = str_cut(&text, ':');
    struct message_part part = {.nth = 1, .table = UINT32_MAX};
    size_t dot = str_find_byte(name, '.');
    uint64_t nth;

    if (text.len > 0) {
        uint32_t table = map_find(&reading->messages->by_table, text);
        if (table == MAP_NONE)
            return refuse(reading, cutting->node,
                          "a field names a table of codes that is not there");
        part.table = table;
    }
    if (dot < name.len) {
        if (!str_to_u64(str_slice(name, dot + 1, name.len), NTH_MAX, &nth) || nth == 0)
            return refuse(reading, cutting->node,
                          "behind the point of a field stands a number, from 1");
        part.nth = (uint32_t)nth;
        name = str_slice(name, 0, dot);
    }
    part.field = without_blanks(reading->arena, name);
    if (part.field.len == 0)
        return refuse(reading, cutting->node, "a field has no name: {Name}");
    return add_part(cutting, part) ? ERR_NONE
                                   : refuse(reading, cutting->node, "a message has too many parts");
}

static size_t find_mark(struct str text)
{
    size_t at = 0;

    while (at < text.len && text.at[at] != '{' && text.at[at] != '}' && text.at[at] != '[' &&
           text.at[at] != ']')
        at++;
    return at;
}

/* One mark at the front of *text, and what belongs to it. */
static enum err take_mark(struct cutting *cutting, struct str *text)
{
    char mark = text->at[0];
    size_t end = str_find_byte(*text, '}');

    if (mark == '{' && end < text->len) {
        struct str field = str_slice(*text, 1, end);
        *text = str_slice(*text, end + 1, text->len);
        return add_field(cutting, field);
    }
    if ((mark == '[') != (cutting->group == 0) || mark == '{' || mark == '}')
        return refuse(cutting->reading, cutting->node,
                      "fields stand in { }, what may be missing in [ ], neither in itself");
    cutting->group = mark == '[' ? ++cutting->groups : 0;
    *text = str_slice(*text, 1, text->len);
    return ERR_NONE;
}

static enum err cut_message(struct reading *reading, const struct yaml_node *node,
                            struct message_parts *parts)
{
    struct cutting cutting = {.reading = reading, .node = node};
    struct str text = node->text;
    enum err err = ERR_NONE;

    while (text.len > 0 && !err) {
        size_t mark = find_mark(text);
        if (!add_text(&cutting, str_slice(text, 0, mark)))
            return refuse(reading, node, "a message has too many parts");
        text = str_slice(text, mark, text.len);
        if (text.len > 0)
            err = take_mark(&cutting, &text);
    }
    if (!err && cutting.group != 0)
        err = refuse(reading, node, "a [ is not closed");
    parts->at = arena_copy(reading->arena, cutting.parts, cutting.count * sizeof(*parts->at));
    parts->count = cutting.count;
    return err;
}

static void make_room(struct event_messages *messages)
{
    if (messages->count < messages->capacity)
        return;
    uint32_t capacity = messages->capacity ? messages->capacity * 2 : 256;
    struct event_message *all = ARENA_ARRAY(messages->arena, struct event_message, capacity);
    for (uint32_t i = 0; i < messages->count; i++)
        all[i] = messages->at[i];
    messages->at = all;
    messages->capacity = capacity;
}

/* NULL, for what may be left out, is one choice. */
static uint32_t choices(const struct yaml_node *node)
{
    return node && node->kind == YAML_LIST ? node->count : 1;
}

static const struct yaml_node *choice(const struct yaml_node *node, uint32_t i)
{
    return node && node->kind == YAML_LIST ? node->members[i].value : node;
}

static enum err add_key(struct reading *reading, const struct event_message *message,
                        const struct yaml_node *channel, const struct yaml_node *id)
{
    struct event_messages *messages = reading->messages;
    char text[MESSAGE_KEY_MAX];

    if (!yaml_is_text(channel) || !yaml_is_text(id))
        return refuse(reading, yaml_is_text(channel) ? id : channel,
                      "'channel' and 'id' are a text, or a list of texts");
    struct str key = event_message_key(channel->text, id->text, text);
    if (key.len == 0)
        return refuse(reading, channel, "the channel's name is too long");
    make_room(messages);
    messages->at[messages->count] = *message;
    messages->at[messages->count].next = map_find(&messages->by_key, key);
    map_set(&messages->by_key, key, messages->count++);
    return ERR_NONE;
}

static enum err add_message(struct reading *reading, const struct event_message *message,
                            const struct yaml_node *channel, const struct yaml_node *id)
{
    enum err err = ERR_NONE;

    for (uint32_t i = 0; i < choices(channel) && !err; i++)
        for (uint32_t k = 0; k < choices(id) && !err; k++)
            err = add_key(reading, message, choice(channel, i), choice(id, k));
    return err;
}

static enum err read_message(struct reading *reading, const struct yaml_node *node)
{
    static const char form[] = "a message has 'channel', 'id', 'en', perhaps 'ja' and 'provider'";
    const struct yaml_node *channel = yaml_get(node, STR("channel"));
    const struct yaml_node *id = yaml_get(node, STR("id"));
    const struct yaml_node *provider = yaml_get(node, STR("provider"));
    const struct yaml_node *texts[LANGUAGES] = {yaml_get(node, STR("en")),
                                                yaml_get(node, STR("ja"))};
    uint32_t known = 3u + (provider != NULL) + (texts[LANGUAGE_JAPANESE] != NULL);
    struct event_message message = {.provider = STR_NONE};
    enum err err = ERR_NONE;

    if (!channel || !id || !texts[LANGUAGE_ENGLISH] || node->count != known)
        return refuse(reading, node, form);
    for (unsigned i = 0; i < LANGUAGES && !err; i++) {
        const struct yaml_node *text = texts[i] ? texts[i] : texts[LANGUAGE_ENGLISH];
        err = yaml_is_text(text) ? cut_message(reading, text, &message.parts[i])
                                 : refuse(reading, text, form);
    }
    for (uint32_t i = 0; i < choices(provider) && !err; i++) {
        const struct yaml_node *one = choice(provider, i);
        if (one && !yaml_is_text(one))
            return refuse(reading, one, form);
        message.provider = one ? arena_str(reading->arena, one->text) : STR_NONE;
        err = add_message(reading, &message, channel, id);
    }
    return err;
}

static enum err read_root(struct reading *reading, const struct yaml_node *root)
{
    enum err err = ERR_NONE;

    if (root->kind != YAML_LIST)
        return refuse(reading, root, "messages are a list");
    for (uint32_t i = 0; i < root->count && !err; i++) {
        const struct yaml_node *node = root->members[i].value;
        err =
            yaml_get(node, STR("codes")) ? read_table(reading, node) : read_message(reading, node);
    }
    return err;
}

enum err event_messages_add(struct event_messages *messages, struct str yaml, struct why *why)
{
    struct reading reading = {messages, messages->arena, why};
    struct yaml_documents documents;

    if (yaml.len > RULE_FILE_BYTES_MAX) {
        why_set(why, "%s", err_text(ERR_TOO_LARGE));
        return ERR_TOO_LARGE;
    }
    struct arena *trees = arena_new("YAML of messages", TREES_BYTES_MAX);
    enum err err = yaml_parse(yaml, trees, &documents, why);
    for (uint32_t i = 0; i < documents.count && !err; i++)
        err = read_root(&reading, documents.roots[i]);
    arena_free(trees);
    return err;
}
