/* rule_set.c - documents to rules: collections, identities, duplicates (rows D5 to D7). */
#include "codec/sha256.h"
#include "codec/utf.h"
#include "core/limits.h"
#include "core/map.h"
#include "rules/correlation_resolve.h"
#include "rules/sigma_priv.h"

#include <stdarg.h>
#include <stdio.h>

#define REASON_BYTES_MAX 1024
#define SHOWN_BYTES_MAX 200
#define YAML_BYTES_PER_BYTE 128 /* of memory per byte of text, at most ("[,,,]") */
#define ROOM_BYTES_MIN (16u << 20)
#define TREES_BYTES_MAX ((size_t)4 << 30) /* of one file; far more than documents may take */

struct str sigma_shown(struct str text)
{
    return utf8_cut(text, SHOWN_BYTES_MAX);
}

PRINTF_LIKE(2, 0)
static struct str vprint(struct arena *arena, const char *format, va_list args)
{
    char text[REASON_BYTES_MAX];

    if (vsnprintf(text, sizeof(text), format, args) < 0)
        text[0] = '\0';
    return arena_str(arena, str_slice(str_from(text), 0, utf8_valid_length(str_from(text))));
}

PRINTF_LIKE(5, 0)
static bool refuse(struct sigma_loading *loading, uint32_t line, uint32_t column,
                   struct str suggestion, const char *format, va_list args)
{
    struct sigma_rule *rule = loading->rule;

    if (rule->state == RULE_REFUSED)
        return false;
    rule->reason = vprint(loading->arena, format, args);
    rule->suggestion = suggestion.len > 0 ? arena_str(loading->arena, suggestion) : STR_NONE;
    rule->state = RULE_REFUSED;
    rule->reason_line = line;
    rule->reason_column = column;
    return false;
}

bool sigma_refuse(struct sigma_loading *loading, uint32_t line, uint32_t column, const char *format,
                  ...)
{
    va_list args;

    va_start(args, format);
    refuse(loading, line, column, STR_EMPTY, format, args);
    va_end(args);
    return false;
}

bool sigma_refuse_for(struct sigma_loading *loading, uint32_t line, uint32_t column,
                      struct str suggestion, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    refuse(loading, line, column, suggestion, format, args);
    va_end(args);
    return false;
}

static bool is_noted(const struct sigma_rule *rule, const struct rule_note *note)
{
    for (uint32_t i = 0; i < rule->note_count; i++) {
        const struct rule_note *other = &rule->notes[i];
        if (other->line == note->line && other->column == note->column &&
            str_eq(other->text, note->text))
            return true;
    }
    return false;
}

/* The note has all but its text. */
PRINTF_LIKE(3, 0)
static void add_note(struct sigma_loading *loading, struct rule_note note, const char *format,
                     va_list args)
{
    struct sigma_rule *rule = loading->rule;

    if (rule->note_count > RULE_NOTES_MAX)
        return;
    note.text = vprint(loading->arena, format, args);
    if (is_noted(rule, &note))
        return;
    note.suggestion =
        note.suggestion.len > 0 ? arena_str(loading->arena, note.suggestion) : STR_NONE;
    if (rule->note_count == RULE_NOTES_MAX)
        note.text =
            arena_str(loading->arena, STR("there is more to note from here on, which is left out"));
    if (rule->note_count == loading->notes_max) {
        loading->notes_max = loading->notes_max ? loading->notes_max * 2 : 4;
        struct rule_note *grown = ARENA_ARRAY(loading->arena, struct rule_note, loading->notes_max);
        for (uint32_t i = 0; i < rule->note_count; i++)
            grown[i] = rule->notes[i];
        rule->notes = grown;
    }
    rule->notes[rule->note_count++] = note;
}

void sigma_note(struct sigma_loading *loading, enum note_kind kind, uint32_t line, uint32_t column,
                const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_note(loading, (struct rule_note){.kind = kind, .line = line, .column = column}, format,
             args);
    va_end(args);
}

void sigma_suggest(struct sigma_loading *loading, enum note_kind kind, uint32_t line,
                   uint32_t column, struct str suggestion, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_note(loading, (struct rule_note){kind, line, column, STR_EMPTY, suggestion}, format, args);
    va_end(args);
}

void outline_add(struct arena *arena, struct rule_outline *outline, const struct outline_part *part)
{
    if (outline->count == outline->capacity) {
        uint32_t capacity = outline->capacity ? outline->capacity * 2 : 8;
        struct outline_part *grown = ARENA_ARRAY(arena, struct outline_part, capacity);
        for (uint32_t i = 0; i < outline->count; i++)
            grown[i] = outline->parts[i];
        outline->parts = grown;
        outline->capacity = capacity;
    }
    outline->parts[outline->count++] = *part;
}

void sigma_outline(struct sigma_loading *loading, enum outline_kind kind,
                   const struct expression *expression, struct str name, uint32_t line,
                   uint32_t column)
{
    const struct outline_part part = {kind, expression, name, line, column};

    if (loading->rule->outline)
        outline_add(loading->arena, loading->rule->outline, &part);
}

bool sigma_name_field(struct sigma_loading *loading, struct str name, uint32_t line,
                      uint32_t column)
{
    if (name.len == 0 || map_find(loading->fields, name) == loading->document)
        return true;
    if (loading->field_count == RULE_FIELDS_MAX)
        return sigma_refuse(loading, line, column, "the rule names more than %d different fields",
                            RULE_FIELDS_MAX);
    map_set(loading->fields, name, loading->document);
    loading->field_count++;
    return true;
}

void rule_set_init(struct rule_set *set, struct arena *arena)
{
    *set = (struct rule_set){.arena = arena};
    set->keys = ARENA_NEW(arena, struct map);
    set->ids = ARENA_NEW(arena, struct map);
    set->fields = ARENA_NEW(arena, struct map);
    map_init(set->keys, arena);
    map_init(set->ids, arena);
    map_init(set->fields, arena);
}

static void add_rule(struct rule_set *set, struct sigma_rule *rule)
{
    if (set->count == set->capacity) {
        uint32_t capacity = set->capacity ? set->capacity * 2 : 256;
        struct sigma_rule **grown = ARENA_ARRAY(set->arena, struct sigma_rule *, capacity);
        for (uint32_t i = 0; i < set->count; i++)
            grown[i] = set->rules[i];
        set->rules = grown;
        set->capacity = capacity;
    }
    set->rules[set->count++] = rule;
}

/* What passes from document to document of one file. */
struct collection {
    struct rule_set *set;
    struct str path;
    const struct placeholders *lists;
    bool filters;             /* named for its filters: there must be nothing else in it */
    struct arena *trees;      /* gone behind the file; rules keep nothing but texts */
    size_t memory_max;        /* the set's arena may not be used beyond */
    size_t trees_max;         /* nor `trees` */
    struct yaml_node *global; /* merged into each rule that follows */
    struct str global_text;
    struct yaml_node *previous; /* for `action: repeat` */
    struct str previous_text;
};

static struct sigma_rule *new_rule(struct collection *collection, uint32_t line, struct str text)
{
    struct arena *arena = collection->set->arena;
    struct sigma_rule *rule = ARENA_NEW(arena, struct sigma_rule);
    uint8_t digest[SHA256_BYTES];

    sha256(text, digest);
    rule->path = collection->path;
    rule->line = line;
    rule->level = LEVEL_MEDIUM;
    for (unsigned i = 0; i < 8; i++)
        rule->key = rule->key << 8 | digest[i];
    rule->id = arena_printf(arena, "x-%016llx", (unsigned long long)rule->key);
    rule->title = rule->description = rule->author = rule->status = rule->name = STR_NONE;
    rule->suggestion = STR_NONE;
    rule->source = (struct log_source){STR_NONE, STR_NONE, STR_NONE};
    return rule;
}

static bool is_known_text(struct rule_set *set, const struct sigma_rule *rule)
{
    struct str key = {(const char *)&rule->key, sizeof(rule->key)};

    if (map_find(set->keys, key) != MAP_NONE)
        return true;
    map_set(set->keys, key, 0);
    return false;
}

static void check_id(struct rule_set *set, struct sigma_loading *loading)
{
    uint32_t other = map_find(set->ids, loading->rule->id);

    if (other == MAP_NONE)
        map_set(set->ids, loading->rule->id, set->count);
    else
        sigma_note(loading, NOTE_WARNING, loading->rule->line, 1,
                   "another rule has the same id %.*s: %.*s:%u; both run", SHOWN(loading->rule->id),
                   SHOWN(set->rules[other]->path), set->rules[other]->line);
}

bool rule_set_pipelines(struct rule_set *set, struct sigma_loading *loading,
                        const struct yaml_node *document, const struct yaml_node **detection)
{
    loading->rule->stated_source = loading->rule->source;
    return !set->pipelines || pipelines_apply(set->pipelines, loading, document, detection);
}

static void take_rule(struct collection *collection, const struct yaml_node *document,
                      uint32_t line, struct str text)
{
    struct rule_set *set = collection->set;
    struct sigma_loading loading = {.arena = set->arena,
                                    .rule = new_rule(collection, line, text),
                                    .what = "rule",
                                    .lists = collection->lists,
                                    .lint = set->lint,
                                    .memory_max = collection->memory_max,
                                    .trees = collection->trees,
                                    .trees_max = collection->trees_max,
                                    .fields = set->fields,
                                    .document = set->documents++};

    if (is_known_text(set, loading.rule)) {
        set->duplicates++;
        return;
    }
    if (set->outlines)
        loading.rule->outline = ARENA_NEW(set->arena, struct rule_outline);
    if (yaml_get(document, STR("filter")) && !yaml_get(document, STR("detection"))) {
        filter_load(set, &loading, document);
        return;
    }
    if (collection->filters) {
        sigma_refuse(&loading, line, 1,
                     "only filters are taken from here; give rules with --rules");
        filter_add(set, loading.rule);
        return;
    }
    if (yaml_get(document, STR("filter")))
        sigma_refuse(&loading, line, 1, "a document cannot be a rule and a filter at once");
    head_parse(&loading, document);
    const struct yaml_node *detection = yaml_get(document, STR("detection"));
    if (loading.rule->state == RULE_LOADED && yaml_get(document, STR("correlation")))
        correlation_parse(&loading, document);
    else if (loading.rule->state == RULE_LOADED &&
             rule_set_pipelines(set, &loading, document, &detection))
        detection_parse(&loading, detection);
    check_id(set, &loading);
    add_rule(set, loading.rule);
    for (uint32_t i = 0; i < loading.part_count && loading.rule->correlation; i++)
        add_rule(set, loading.parts[i]);
}

static bool is_sigma(const struct yaml_node *document)
{
    static const char *const keys[] = {"detection", "logsource", "correlation", "filter", "action"};

    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (yaml_get(document, str_from(keys[i])))
            return true;
    return false;
}

/* The keys of a map, for looking many of them up. */
static struct map *keys_of(struct arena *arena, const struct yaml_node *map)
{
    struct map *keys = ARENA_NEW(arena, struct map);

    map_init(keys, arena);
    for (uint32_t i = 0; i < map->count; i++)
        map_set(keys, map->members[i].key, i);
    return keys;
}

/* `over` wins where both have a key; maps are merged all the way down. */
static struct yaml_node *merged(struct arena *arena, const struct yaml_node *under,
                                const struct yaml_node *over)
{
    struct yaml_node *node = ARENA_NEW(arena, struct yaml_node);
    const struct map *keys_under = keys_of(arena, under), *keys_over = keys_of(arena, over);

    *node = *over;
    node->count = 0;
    node->members = ARENA_ARRAY(arena, struct yaml_member, under->count + over->count);
    for (uint32_t i = 0; i < under->count; i++) {
        struct yaml_member member = under->members[i];
        uint32_t index = map_find(keys_over, member.key);
        if (index != MAP_NONE) {
            const struct yaml_node *lower = member.value;
            member = over->members[index];
            if (lower->kind == YAML_MAP && member.value->kind == YAML_MAP)
                member.value = merged(arena, lower, member.value);
        }
        node->members[node->count++] = member;
    }
    for (uint32_t i = 0; i < over->count; i++)
        if (map_find(keys_under, over->members[i].key) == MAP_NONE)
            node->members[node->count++] = over->members[i];
    return node;
}

struct yaml_node *map_without(struct arena *arena, const struct yaml_node *map, struct str key)
{
    struct yaml_node *node = ARENA_NEW(arena, struct yaml_node);

    *node = *map;
    node->count = 0;
    node->members = ARENA_ARRAY(arena, struct yaml_member, map->count);
    for (uint32_t i = 0; i < map->count; i++)
        if (!str_eq(map->members[i].key, key))
            node->members[node->count++] = map->members[i];
    return node;
}

/* What a document is known by that is made of two texts. Digests, so that a long chain of `repeat`
 * does not grow with each link. */
static struct str joined_text(struct arena *arena, struct str a, struct str b)
{
    char of_a[SHA256_TEXT_SIZE], of_b[SHA256_TEXT_SIZE];

    sha256_text(a, of_a);
    sha256_text(b, of_b);
    return arena_printf(arena, "%s %s", of_a, of_b);
}

static void refuse_document(struct collection *collection, uint32_t line, uint32_t column,
                            struct str text, struct str reason)
{
    struct sigma_loading loading = {.arena = collection->set->arena,
                                    .rule = new_rule(collection, line, text)};

    sigma_refuse(&loading, line, column, "%.*s", STR_ARG(reason));
    if (collection->filters)
        filter_add(collection->set, loading.rule);
    else
        add_rule(collection->set, loading.rule);
}

static void take_document(struct collection *collection, struct yaml_node *document, uint32_t line,
                          struct str text)
{
    struct arena *arena = collection->trees;
    const struct yaml_node *action = yaml_get(document, STR("action"));
    bool rule = !yaml_get(document, STR("correlation")) && !yaml_get(document, STR("filter"));

    if (!is_sigma(document)) {
        collection->set->not_sigma++;
        return;
    }
    if (action)
        document = map_without(arena, document, STR("action"));
    if (action && str_eq(action->text, STR("global"))) {
        collection->global = document;
        collection->global_text = text;
        return;
    }
    if (action && str_eq(action->text, STR("reset"))) {
        collection->global = NULL;
        collection->global_text = STR_EMPTY;
        if (!is_sigma(document))
            return;
    } else if (action && str_eq(action->text, STR("repeat"))) {
        if (!collection->previous) {
            refuse_document(collection, line, 1, text,
                            STR("'action: repeat' has no document before it to repeat"));
            return;
        }
        document = merged(arena, collection->previous, document);
        text = joined_text(arena, collection->previous_text, text);
    } else if (action) {
        refuse_document(collection, action->line, action->column, text,
                        arena_printf(arena,
                                     "unknown action '%.*s'; there are global, reset and "
                                     "repeat",
                                     STR_ARG(action->text)));
        return;
    }
    if (rule) {
        collection->previous = document;
        collection->previous_text = text;
    }
    if (rule && collection->global) {
        document = merged(arena, document, collection->global);
        text = joined_text(arena, collection->global_text, text);
    }
    take_rule(collection, document, line, text);
}

/* A document's text without the lines that separate it from others and without blanks around it:
 * the same rule is the same text wherever it stands. */
static struct str bare_text(struct str text)
{
    text = str_trim(text);
    if (str_starts_with(text, STR("---")))
        text = str_trim(str_slice(text, 3, text.len));
    while (str_ends_with(text, STR("\n---")) || str_ends_with(text, STR("\n...")))
        text = str_trim(str_slice(text, 0, text.len - 4));
    return text;
}

static void take_documents(struct collection *collection, const struct yaml_documents *documents,
                           struct str text)
{
    for (uint32_t i = 0; i < documents->count; i++) {
        bool last = i + 1 == documents->count;
        struct str own =
            str_slice(text, documents->offsets[i], last ? text.len : documents->offsets[i + 1]);
        if (documents->count == 1)
            own = text;
        if (arena_used(collection->set->arena) > collection->memory_max ||
            arena_used(collection->trees) > collection->trees_max) {
            refuse_document(collection, documents->lines[i], 1, bare_text(own),
                            STR("the rules of this file take too much memory; those from here on "
                                "are left out"));
            return;
        }
        take_document(collection, documents->roots[i], documents->lines[i], bare_text(own));
    }
}

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t room_left(const struct rule_set *set)
{
    size_t room = arena_cap_left(set->arena);

    return room > set->reserved ? room - set->reserved : 0;
}

static void take_text(struct collection *collection, struct str text)
{
    const struct rule_set *set = collection->set;
    struct yaml_documents documents = {0};
    enum err err = yaml_parse_apart(text, collection->trees, set->arena, &documents, NULL);
    size_t room = room_left(set) / 2;

    collection->memory_max = arena_used(set->arena) + lesser(room, RULE_FILE_MEMORY_MAX);
    collection->trees_max = arena_used(collection->trees) + RULE_FILE_MEMORY_MAX;
    take_documents(collection, &documents, text);
    if (err)
        refuse_document(collection, documents.bad_line, documents.bad_column, text,
                        str_from(documents.complaint.text));
}

static void add_file(struct rule_set *set, struct str path, struct str text,
                     const struct placeholders *lists, bool filters)
{
    struct collection collection = {
        .set = set, .path = arena_str(set->arena, path), .lists = lists, .filters = filters};
    size_t room = room_left(set);

    set->files++;
    if (text.len > RULE_FILE_BYTES_MAX) {
        refuse_document(&collection, 1, 1, path, STR("the file is too large for a rule"));
        return;
    }
    /* A part of the room is for the texts of the tree, and half of the other for its rules. */
    if (text.len * YAML_BYTES_PER_BYTE > room / 2 || room < ROOM_BYTES_MIN) {
        refuse_document(&collection, 1, 1, path, STR("the rules before it left no memory for it"));
        return;
    }
    collection.trees = arena_new("YAML of rules", TREES_BYTES_MAX);
    take_text(&collection, text);
    arena_free(collection.trees);
}

void rule_set_add(struct rule_set *set, struct str path, struct str text,
                  const struct placeholders *lists)
{
    add_file(set, path, text, lists, false);
}

void rule_set_add_filters(struct rule_set *set, struct str path, struct str text,
                          const struct placeholders *lists)
{
    add_file(set, path, text, lists, true);
}

void rule_set_finish(struct rule_set *set)
{
    filters_apply(set);
    correlations_resolve(set);
}
