/* yaml.c - libfyaml's parser events turned into trees in an arena.
 *
 * The events are used, not libfyaml's documents: they are faster, keep the text of plain scalars as
 * it stands, and leave depth, aliases and duplicate keys to us. */
#include "codec/yaml.h"

#include "codec/utf.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "core/map.h"

#include <libfyaml.h>

#define KEYS_COMPARED_MAX 16 /* larger maps look their keys up */

/* Of a tree, aliases followed. */
struct size {
    uint32_t nodes;
    uint32_t depth; /* 0: a scalar */
};

static const struct size scalar_size = {1, 0};

struct frame {
    struct yaml_node *node;
    uint32_t capacity;
    bool has_key; /* maps: the last member waits for its value */
    struct map *keys;
    struct size size;
    struct str anchor;
};

struct anchor {
    struct str name;
    struct yaml_node *node;
    struct size size;
};

struct loader {
    struct fy_parser *parser;
    struct arena *arena; /* of the trees */
    struct arena *texts;
    struct why *why;
    struct yaml_documents *documents;
    uint32_t documents_max;
    struct yaml_node *root;
    size_t root_offset;
    struct frame frames[YAML_DEPTH_MAX];
    uint32_t depth;
    struct anchor *anchors;
    uint32_t anchor_count, anchors_max;
    uint32_t nodes;
    uint32_t aliased;      /* nodes that aliases stand for */
    uint32_t line, column; /* where the last node with a place of its own started */
};

static void complain(struct yaml_documents *documents, struct why *why, uint32_t line,
                     uint32_t column, const char *text)
{
    documents->bad_line = line;
    documents->bad_column = column;
    why_set(&documents->complaint, "%s", text);
    why_set(why, "line %u, column %u: %s", line, column, text);
}

/* Growing arrays double in the arena; what they outgrow stays behind. */
static void *grown(struct arena *arena, void *list, uint32_t count, uint32_t *max, size_t size)
{
    if (list && count < *max)
        return list;
    *max = *max ? *max * 2 : 8;
    char *memory = arena_alloc_array(arena, size, *max);
    for (size_t i = 0; i < count * size; i++)
        memory[i] = ((const char *)list)[i];
    return memory;
}

static struct str token_text(struct loader *loader, struct fy_token *token)
{
    size_t len = 0;
    const char *text = token ? fy_token_get_text(token, &len) : NULL;

    return text ? arena_str(loader->texts, (struct str){text, len}) : STR_NONE;
}

static bool refuse(struct loader *loader, const struct yaml_node *node, const char *text)
{
    complain(loader->documents, loader->why, node->line, node->column, text);
    return false;
}

static bool set_anchor(struct loader *loader, struct str name, struct yaml_node *node,
                       struct size size)
{
    if (name.len == 0)
        return true;
    if (loader->anchor_count == YAML_ANCHORS_MAX)
        return refuse(loader, node, "too many anchors");
    loader->anchors = grown(loader->arena, loader->anchors, loader->anchor_count,
                            &loader->anchors_max, sizeof(*loader->anchors));
    loader->anchors[loader->anchor_count++] = (struct anchor){name, node, size};
    return true;
}

static const struct anchor *find_anchor(const struct loader *loader, struct str name)
{
    for (uint32_t i = loader->anchor_count; i-- > 0;)
        if (str_eq(loader->anchors[i].name, name))
            return &loader->anchors[i];
    return NULL;
}

static bool add_key(struct loader *loader, struct frame *frame, const struct yaml_node *key)
{
    struct yaml_node *node = frame->node;

    if (key->kind != YAML_SCALAR)
        return refuse(loader, key, "a key must be plain text");
    for (uint32_t i = 0; i < node->count && !frame->keys; i++)
        if (str_eq(node->members[i].key, key->text))
            return refuse(loader, key, "this key stands twice in the same map");
    if (!frame->keys && node->count == KEYS_COMPARED_MAX) {
        frame->keys = ARENA_NEW(loader->arena, struct map);
        map_init(frame->keys, loader->arena);
        for (uint32_t i = 0; i < node->count; i++)
            map_set(frame->keys, node->members[i].key, i);
    }
    if (frame->keys) {
        if (map_find(frame->keys, key->text) != MAP_NONE)
            return refuse(loader, key, "this key stands twice in the same map");
        map_set(frame->keys, key->text, node->count);
    }
    node->members =
        grown(loader->arena, node->members, node->count, &frame->capacity, sizeof(*node->members));
    node->members[node->count] =
        (struct yaml_member){.key = key->text, .key_line = key->line, .key_column = key->column};
    frame->has_key = true;
    return true;
}

/* Puts a finished node where it belongs. */
static bool place(struct loader *loader, struct yaml_node *node, struct size size)
{
    if (loader->depth == 0) {
        loader->root = node;
        return true;
    }
    struct frame *frame = &loader->frames[loader->depth - 1];
    ENSURE(frame->node);
    frame->size.nodes += size.nodes;
    frame->size.depth = size.depth >= frame->size.depth ? size.depth + 1 : frame->size.depth;
    if (frame->node->kind == YAML_MAP && !frame->has_key)
        return add_key(loader, frame, node);
    if (frame->node->kind == YAML_MAP) {
        frame->node->members[frame->node->count++].value = node;
        frame->has_key = false;
        return true;
    }
    frame->node->members = grown(loader->arena, frame->node->members, frame->node->count,
                                 &frame->capacity, sizeof(struct yaml_member));
    frame->node->members[frame->node->count++] = (struct yaml_member){.value = node};
    return true;
}

static struct yaml_node *new_node(struct loader *loader, struct fy_event *event,
                                  enum yaml_kind kind)
{
    struct yaml_node *node = ARENA_NEW(loader->arena, struct yaml_node);
    const struct fy_mark *mark = fy_event_start_mark(event);

    /* A value that is left out has no place: it gets that of its key, or of what stands before. */
    if (mark) {
        loader->line = (uint32_t)mark->line + 1;
        loader->column = (uint32_t)mark->column + 1;
        if (loader->depth == 0)
            loader->root_offset = mark->input_pos;
    }
    node->kind = kind;
    node->line = loader->line;
    node->column = loader->column;
    loader->nodes++;
    return node;
}

static bool take_scalar(struct loader *loader, struct fy_event *event)
{
    struct yaml_node *node = new_node(loader, event, YAML_SCALAR);
    struct fy_token *token = event->scalar.value;

    node->text = token_text(loader, token);
    node->plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
    return set_anchor(loader, token_text(loader, event->scalar.anchor), node, scalar_size) &&
           place(loader, node, scalar_size);
}

static bool take_alias(struct loader *loader, struct fy_event *event)
{
    struct str name = token_text(loader, event->alias.anchor);
    const struct anchor *anchor = find_anchor(loader, name);
    const struct yaml_node *here = new_node(loader, event, YAML_SCALAR);

    if (!anchor)
        return refuse(loader, here, "alias without an anchor before it");
    if (anchor->size.nodes > YAML_ALIASED_NODES_MAX - loader->aliased)
        return refuse(loader, here, "too many nodes once aliases are followed");
    if (anchor->size.depth > YAML_DEPTH_MAX - loader->depth)
        return refuse(loader, here, "nested too deeply once aliases are followed");
    loader->aliased += anchor->size.nodes;
    return place(loader, anchor->node, anchor->size);
}

static bool open_container(struct loader *loader, struct fy_event *event, enum yaml_kind kind,
                           struct fy_token *anchor)
{
    struct yaml_node *node = new_node(loader, event, kind);

    if (loader->depth == YAML_DEPTH_MAX)
        return refuse(loader, node, "nested too deeply");
    loader->frames[loader->depth++] =
        (struct frame){.node = node, .size = {1, 1}, .anchor = token_text(loader, anchor)};
    return true;
}

static bool close_container(struct loader *loader)
{
    struct frame frame = loader->frames[--loader->depth];

    return set_anchor(loader, frame.anchor, frame.node, frame.size) &&
           place(loader, frame.node, frame.size);
}

static void start_document(struct loader *loader, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);

    if (mark) {
        loader->line = (uint32_t)mark->line + 1;
        loader->column = 1;
        loader->root_offset = mark->input_pos;
    }
    loader->root = NULL;
    loader->anchor_count = 0;
}

static void end_document(struct loader *loader)
{
    struct yaml_documents *documents = loader->documents;
    struct arena *arena = loader->arena;
    uint32_t count = documents->count, max = loader->documents_max;

    if (count == max) {
        uint32_t max_of_lines = max, max_of_offsets = max;
        documents->roots = grown(arena, documents->roots, count, &loader->documents_max,
                                 sizeof(*documents->roots));
        documents->lines =
            grown(arena, documents->lines, count, &max_of_lines, sizeof(*documents->lines));
        documents->offsets =
            grown(arena, documents->offsets, count, &max_of_offsets, sizeof(*documents->offsets));
    }
    if (!loader->root) {
        loader->root = ARENA_NEW(arena, struct yaml_node);
        loader->root->plain = true;
        loader->root->line = loader->line;
        loader->root->column = loader->column;
    }
    documents->roots[count] = loader->root;
    documents->lines[count] = loader->root->line;
    documents->offsets[count] = loader->root_offset;
    documents->count++;
}

static bool take_event(struct loader *loader, struct fy_event *event)
{
    if (loader->nodes > YAML_NODES_MAX) {
        complain(loader->documents, loader->why, loader->line, loader->column, "too many nodes");
        return false;
    }
    switch (event->type) {
    case FYET_DOCUMENT_START:
        start_document(loader, event);
        return true;
    case FYET_DOCUMENT_END:
        end_document(loader);
        return true;
    case FYET_SCALAR:
        return take_scalar(loader, event);
    case FYET_ALIAS:
        return take_alias(loader, event);
    case FYET_MAPPING_START:
        return open_container(loader, event, YAML_MAP, event->mapping_start.anchor);
    case FYET_SEQUENCE_START:
        return open_container(loader, event, YAML_LIST, event->sequence_start.anchor);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return close_container(loader);
    default:
        return true;
    }
}

static void report_complaint(struct loader *loader, struct fy_diag *diag)
{
    void *previous = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &previous);
    struct why text = {"not valid YAML"};

    if (error && error->msg)
        why_set(&text, "not valid YAML: %s", error->msg);
    if (error && error->line > 0 && error->column > 0) {
        loader->line = (uint32_t)error->line;
        loader->column = (uint32_t)error->column;
    }
    complain(loader->documents, loader->why, loader->line, loader->column, text.text);
}

/* Line and column (in characters) of the byte at `offset`. */
static void complain_at(struct yaml_documents *documents, struct why *why, struct str text,
                        size_t offset, const char *complaint)
{
    uint32_t line = 1, column = 1;

    for (size_t i = 0; i < offset; i++) {
        column += (text.at[i] & 0xc0) != 0x80;
        if (text.at[i] == '\n') {
            line++;
            column = 1;
        }
    }
    complain(documents, why, line, column, complaint);
}

static bool check_bytes(struct str text, struct yaml_documents *documents, struct why *why)
{
    size_t nul = str_find_byte(text, '\0'), valid = utf8_valid_length(text);

    if (nul < text.len)
        complain_at(documents, why, text, nul,
                    "not a text file: it holds NUL bytes (UTF-16? save it as UTF-8)");
    else if (valid < text.len)
        complain_at(documents, why, text, valid, "not valid UTF-8");
    return nul == text.len && valid == text.len;
}

/* Where the library would take time by the square, or memory without end: long runs of blanks
 * and long directives are read again for each of their bytes (100 KB take half a minute); what
 * flow style opens is queued until it ends, and what might be a key until its line ends.
 * Brackets in texts count, too, so the limit is far off. */
static const char *find_trap(struct str text, size_t *offset)
{
    size_t blanks = 0, open = 0, directive = 0, line = 0;
    bool line_start = true;

    for (size_t i = str_starts_with(text, STR("\xef\xbb\xbf")) ? 3 : 0; i < text.len; i++) {
        char c = text.at[i];
        bool line_end = c == '\n' || c == '\r';
        blanks = line_end || c == ' ' || c == '\t' ? blanks + 1 : 0;
        directive = !line_end && (directive > 0 || (line_start && c == '%')) ? directive + 1 : 0;
        open += c == '[' || c == '{';
        open -= open > 0 && (c == ']' || c == '}');
        line_start = line_end;
        line = line_end ? 0 : line + 1;
        *offset = i;
        if (blanks > YAML_BLANKS_MAX)
            return "too many blanks in a row";
        if (line > YAML_LINE_BYTES_MAX)
            return "a line is too long";
        if (directive > YAML_DIRECTIVE_BYTES_MAX)
            return "a line that starts with '%' is too long";
        if (open > YAML_OPEN_MAX)
            return "nested too deeply";
    }
    return NULL;
}

enum err yaml_parse(struct str text, struct arena *arena, struct yaml_documents *documents,
                    struct why *why)
{
    return yaml_parse_apart(text, arena, arena, documents, why);
}

enum err yaml_parse_apart(struct str text, struct arena *trees, struct arena *texts,
                          struct yaml_documents *documents, struct why *why)
{
    /* errors are collected; the defaults would print them, and ask what standard error is */
    const struct fy_diag_cfg diag_config = {.level = FYET_ERROR, .module_mask = ~0u};
    struct fy_event *event;
    size_t offset;
    bool good = true;

    *documents = (struct yaml_documents){0};
    if (!check_bytes(text, documents, why))
        return ERR_INVALID;
    const char *trap = find_trap(text, &offset);
    if (trap) {
        complain_at(documents, why, text, offset, trap);
        return ERR_INVALID;
    }
    struct fy_diag *diag = fy_diag_create(&diag_config);
    ENSURE(diag);
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 |
                                           FYPCF_ALLOW_DUPLICATE_KEYS | FYPCF_JSON_NONE,
                                  .diag = diag};
    struct fy_parser *parser = fy_parser_create(&config);
    ENSURE(parser && fy_parser_set_string(parser, text.at, text.len) == 0);
    struct loader loader = {.parser = parser,
                            .arena = trees,
                            .texts = texts,
                            .why = why,
                            .documents = documents,
                            .line = 1,
                            .column = 1};
    while (good && (event = fy_parser_parse(parser)) != NULL) {
        good = take_event(&loader, event);
        fy_parser_event_free(parser, event);
    }
    if (good && fy_parser_get_stream_error(parser)) {
        report_complaint(&loader, diag);
        good = false;
    }
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return good ? ERR_NONE : ERR_INVALID;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, struct str key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->count; i++)
        if (str_eq(map->members[i].key, key))
            return map->members[i].value;
    return NULL;
}
