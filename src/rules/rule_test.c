/* rule_test.c - see rule_test.h. */
#include "rules/rule_test.h"

#include "codec/json.h"
#include "codec/yaml.h"
#include "core/limits.h"

#include <stdarg.h>
#include <stdio.h>

#define REASON_BYTES_MAX 512

void rule_tests_init(struct rule_tests *tests, struct arena *arena)
{
    *tests = (struct rule_tests){.arena = arena};
}

/* What is under way while one document becomes a test. */
struct reading {
    struct arena *arena;
    struct rule_test *test;
    const struct yaml_node *common; /* may be NULL */
    uint32_t capacity;
};

/* The first complaint stays. Always false. */
PRINTF_LIKE(4, 5)
static bool complain_of(struct reading *reading, uint32_t line, uint32_t column, const char *format,
                        ...)
{
    char text[REASON_BYTES_MAX];
    va_list args;

    if (reading->test->broken.len > 0)
        return false;
    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    reading->test->broken = arena_str(reading->arena, str_from(len < 0 ? "?" : text));
    reading->test->broken_line = line;
    reading->test->broken_column = column;
    return false;
}

/* ---- events as JSON ---- */

/* Digits as JSON has them: no sign but minus, no zero before others. */
static bool is_json_integer(struct str text)
{
    size_t at = text.len > 0 && text.at[0] == '-';

    if (at == text.len || (text.at[at] == '0' && text.len > at + 1))
        return false;
    for (; at < text.len; at++)
        if (!ascii_is_digit(text.at[at]))
            return false;
    return true;
}

static void write_scalar(const struct yaml_node *value, struct buf *out)
{
    enum yaml_type type = yaml_type_of(value);

    if (type == YAML_NULL)
        buf_add(out, STR("null"));
    else if (type == YAML_BOOL)
        buf_add(out, ascii_lower(value->text.at[0]) == 't' ? STR("true") : STR("false"));
    else if (type == YAML_INT && is_json_integer(value->text))
        buf_add(out, value->text);
    else
        json_write_str(out, value->text);
}

static void write_value(const struct yaml_node *value, struct buf *out)
{
    if (value->kind == YAML_SCALAR) {
        write_scalar(value, out);
        return;
    }
    bool map = value->kind == YAML_MAP;
    buf_add_char(out, map ? '{' : '[');
    for (uint32_t i = 0; i < value->count; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        if (map) {
            json_write_str(out, value->members[i].key);
            buf_add_char(out, ':');
        }
        write_value(value->members[i].value, out);
    }
    buf_add_char(out, map ? '}' : ']');
}

static void write_members(const struct yaml_node *map, const struct yaml_node *except,
                          struct buf *out)
{
    for (uint32_t i = 0; map && i < map->count; i++) {
        if (except && yaml_get(except, map->members[i].key))
            continue;
        if (out->len > 1)
            buf_add_char(out, ',');
        json_write_str(out, map->members[i].key);
        buf_add_char(out, ':');
        write_value(map->members[i].value, out);
    }
}

/* The fields of `common` and of the event, whose own win. */
static bool write_event(struct reading *reading, const struct yaml_node *event, struct str *json)
{
    struct buf out;

    buf_init(&out, RECORD_BYTES_MAX);
    buf_add_char(&out, '{');
    write_members(reading->common, event, &out);
    write_members(event, NULL, &out);
    buf_add_char(&out, '}');
    bool full = out.full;
    if (!full)
        *json = arena_str(reading->arena, buf_str(&out));
    buf_free(&out);
    return !full || complain_of(reading, event->line, event->column,
                                "the event has more than %u bytes", RECORD_BYTES_MAX);
}

/* ---- tests ---- */

static struct test_event *add_event(struct reading *reading, const struct yaml_node *node)
{
    struct rule_test *test = reading->test;

    if (test->count == reading->capacity) {
        uint32_t capacity = reading->capacity ? reading->capacity * 2 : 8;
        struct test_event *grown = ARENA_ARRAY(reading->arena, struct test_event, capacity);
        for (uint32_t i = 0; i < test->count; i++)
            grown[i] = test->events[i];
        test->events = grown;
        reading->capacity = capacity;
    }
    struct test_event *event = &test->events[test->count++];
    *event = (struct test_event){
        .line = node->line, .column = node->column, .json = STR_EMPTY, .place = STR_EMPTY};
    return event;
}

static bool read_events(struct reading *reading, const struct yaml_node *list, const char *key,
                        bool match)
{
    if (!list)
        return true;
    if (list->kind != YAML_LIST)
        return complain_of(reading, list->line, list->column,
                           "'%s' must be a list of events, each a map of fields or a path", key);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *node = list->members[i].value;
        struct test_event *event = add_event(reading, node);
        event->match = match;
        if (node->kind == YAML_MAP) {
            if (!write_event(reading, node, &event->json))
                return false;
        } else if (node->kind == YAML_SCALAR && node->text.len > 0) {
            event->place = node->text;
        } else {
            return complain_of(reading, node->line, node->column,
                               "an event must be a map of fields, or the path of one");
        }
    }
    return true;
}

static bool is_known_key(struct str key)
{
    static const struct str keys[] = {STR_INIT("rule"), STR_INIT("format"), STR_INIT("common"),
                                      STR_INIT("match"), STR_INIT("no_match")};

    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (str_eq(key, keys[i]))
            return true;
    return false;
}

static bool read_text(struct reading *reading, const struct yaml_node *document, const char *key,
                      struct str *text, uint32_t *line)
{
    const struct yaml_node *node = yaml_get(document, str_from(key));

    if (!node)
        return true;
    if (node->kind != YAML_SCALAR || node->text.len == 0)
        return complain_of(reading, node->line, node->column, "'%s' must be a text", key);
    *text = node->text;
    if (line)
        *line = node->line;
    return true;
}

static bool read_test(struct reading *reading, const struct yaml_node *document)
{
    struct rule_test *test = reading->test;

    for (uint32_t i = 0; i < document->count; i++) {
        const struct yaml_member *member = &document->members[i];
        if (!is_known_key(member->key))
            return complain_of(reading, member->key_line, member->key_column,
                               "'%.*s' is no key of a test; there are rule, format, common, match "
                               "and no_match",
                               STR_ARG(str_slice(member->key, 0, 100)));
    }
    reading->common = yaml_get(document, STR("common"));
    if (reading->common && reading->common->kind != YAML_MAP)
        return complain_of(reading, reading->common->line, reading->common->column,
                           "'common' must be a map of fields");
    if (!read_text(reading, document, "rule", &test->rule, &test->rule_line) ||
        !read_text(reading, document, "format", &test->format, NULL) ||
        !read_events(reading, yaml_get(document, STR("match")), "match", true) ||
        !read_events(reading, yaml_get(document, STR("no_match")), "no_match", false))
        return false;
    return test->count > 0 ||
           complain_of(reading, document->line, document->column, "the test has no events");
}

/* ---- SigmaHQ's regression data ---- */

static struct str file_name(struct str path)
{
    size_t slash = path.len;

    while (slash > 0 && path.at[slash - 1] != '/')
        slash--;
    return str_slice(path, slash, path.len);
}

static bool read_regression(struct reading *reading, const struct yaml_node *document,
                            const struct yaml_node *cases)
{
    const struct yaml_node *rules = yaml_get(document, STR("rule_metadata"));
    const struct yaml_node *id = NULL;

    if (rules && rules->kind == YAML_LIST && rules->count > 0)
        id = yaml_get(rules->members[0].value, STR("id"));
    if (!id || id->kind != YAML_SCALAR || id->text.len == 0)
        return complain_of(reading, document->line, document->column,
                           "'rule_metadata' does not name the rule by its id");
    reading->test->rule = id->text;
    reading->test->rule_line = id->line;
    for (uint32_t i = 0; cases->kind == YAML_LIST && i < cases->count; i++) {
        const struct yaml_node *node = cases->members[i].value;
        const struct yaml_node *path = yaml_get(node, STR("path"));
        const struct yaml_node *count = yaml_get(node, STR("match_count"));
        if (!path || path->kind != YAML_SCALAR || path->text.len == 0)
            return complain_of(reading, node->line, node->column, "the case has no path");
        struct test_event *event = add_event(reading, node);
        event->place = file_name(path->text);
        event->counted = count != NULL;
        if (count &&
            !(count->kind == YAML_SCALAR && str_to_u64(count->text, UINT32_MAX, &event->count)))
            return complain_of(reading, count->line, count->column,
                               "'match_count' must be a number");
        event->match = !count || event->count > 0;
    }
    return reading->test->count > 0 ||
           complain_of(reading, cases->line, cases->column, "the test has no cases");
}

static void add_test(struct rule_tests *tests, struct rule_test *test)
{
    if (tests->count == tests->capacity) {
        uint32_t capacity = tests->capacity ? tests->capacity * 2 : 64;
        struct rule_test **grown = ARENA_ARRAY(tests->arena, struct rule_test *, capacity);
        for (uint32_t i = 0; i < tests->count; i++)
            grown[i] = tests->at[i];
        tests->at = grown;
        tests->capacity = capacity;
    }
    tests->at[tests->count++] = test;
}

static void take_document(struct rule_tests *tests, struct str path,
                          const struct yaml_node *document, uint32_t line)
{
    const struct yaml_node *cases = yaml_get(document, STR("regression_tests_info"));
    bool is_test = (yaml_get(document, STR("match")) || yaml_get(document, STR("no_match"))) &&
                   !yaml_get(document, STR("detection"));

    if (!is_test && !cases)
        return;
    struct rule_test *test = ARENA_NEW(tests->arena, struct rule_test);
    struct reading reading = {.arena = tests->arena, .test = test};
    *test = (struct rule_test){
        .path = path, .line = line, .rule = STR_EMPTY, .format = STR_EMPTY, .broken = STR_EMPTY};
    bool good = cases ? read_regression(&reading, document, cases) : read_test(&reading, document);
    if (!good)
        test->count = 0;
    add_test(tests, test);
}

void rule_tests_add(struct rule_tests *tests, struct str path, struct str text)
{
    struct yaml_documents documents = {0};
    enum err err = yaml_parse(text, tests->arena, &documents, NULL);

    path = arena_str(tests->arena, path);
    for (uint32_t i = 0; i < documents.count; i++)
        take_document(tests, path, documents.roots[i], documents.lines[i]);
    (void)err; /* as a rule file it is refused, which is said */
}
