/* reasons_json.c - the tree of answers for programs. */
#include "codec/json.h"
#include "codec/utf.h"
#include "rules/reasons.h"

#define SENTENCE_BYTES_MAX (64u << 10)
#define VALUE_BYTES_MAX (64u << 10)

static void add_key(struct buf *out, const char *key)
{
    char last = out->len ? out->at[out->len - 1] : '{';

    if (last != '{')
        buf_add_char(out, ',');
    json_write_str(out, str_from(key));
    buf_add_char(out, ':');
}

static void add_text(struct buf *out, const char *key, struct str text)
{
    add_key(out, key);
    json_write_str(out, text);
}

static void add_text_if_any(struct buf *out, const char *key, struct str text)
{
    if (text.len > 0)
        add_text(out, key, text);
}

static void add_bool(struct buf *out, const char *key, bool value)
{
    add_key(out, key);
    buf_add(out, value ? STR("true") : STR("false"));
}

static void add_number(struct buf *out, const char *key, uint64_t value)
{
    add_key(out, key);
    buf_add_u64(out, value);
}

static void begin_member(struct buf *out)
{
    if (out->len > 0 && out->at[out->len - 1] != '[')
        buf_add_char(out, ',');
}

static void add_value(struct buf *out, struct value value)
{
    if (value.type == VALUE_NULL)
        buf_add(out, STR("null"));
    else
        json_write_str(out, utf8_cut(value.text, VALUE_BYTES_MAX));
}

static void add_asked(struct buf *out, const struct predicate *predicate)
{
    struct buf text;

    buf_init(&text, SENTENCE_BYTES_MAX);
    reasons_asked(predicate, &text);
    add_text(out, "asked", buf_str(&text));
    buf_free(&text);
}

static void add_test(struct buf *out, const struct reason *reason)
{
    const struct predicate *predicate = reason->expression->test;

    add_text(out, "field", predicate->field);
    add_text_if_any(out, "event_field", reason->event_name);
    add_asked(out, predicate);
    add_text(out, "value", utf8_cut(predicate->written, VALUE_BYTES_MAX));
    add_number(out, "line", predicate->line);
    add_key(out, "found");
    buf_add_char(out, '[');
    for (uint32_t i = 0; i < reason->test.value_count; i++) {
        begin_member(out);
        add_value(out, reason->test.values[i]);
    }
    buf_add_char(out, ']');
    if (reason->gave_up)
        add_bool(out, "gave_up", true);
}

static void add_tree(struct buf *out, const struct reason *reason)
{
    static const char *const kinds[] = {[EXPRESSION_AND] = "and",
                                        [EXPRESSION_OR] = "or",
                                        [EXPRESSION_NOT] = "not",
                                        [EXPRESSION_TEST] = "test"};

    buf_add_char(out, '{');
    add_text(out, "kind", str_from(kinds[reason->expression->kind]));
    add_bool(out, "holds", reason->holds);
    add_text_if_any(out, "identifier", reason->identifier);
    add_text_if_any(out, "item", reason->item);
    add_text_if_any(out, "filter", reason->filter);
    if (reason->expression->kind == EXPRESSION_TEST) {
        add_test(out, reason);
    } else {
        add_key(out, "of");
        buf_add_char(out, '[');
        for (uint32_t i = 0; i < reason->count; i++) {
            begin_member(out);
            add_tree(out, reason->children[i]);
        }
        buf_add_char(out, ']');
    }
    buf_add_char(out, '}');
}

static void add_when(struct buf *out, const struct taxonomy_entry *entry)
{
    add_key(out, "when");
    buf_add_char(out, '{');
    for (uint32_t i = 0; i < entry->test_count; i++) {
        const struct taxonomy_test *test = &entry->tests[i];
        if (i > 0)
            buf_add_char(out, ',');
        json_write_str(out, test->field);
        buf_add(out, STR(":["));
        for (uint32_t value = 0; value < test->value_count; value++) {
            begin_member(out);
            json_write_str(out, test->values[value]);
        }
        buf_add_char(out, ']');
    }
    buf_add_char(out, '}');
}

static void add_sources(struct buf *out, const struct reasons *reasons)
{
    const struct log_source *source = &reasons->rule->source;

    add_key(out, "log_source");
    buf_add_char(out, '{');
    add_text_if_any(out, "category", source->category);
    add_text_if_any(out, "product", source->product);
    add_text_if_any(out, "service", source->service);
    add_bool(out, "holds", reasons->source && reasons->source->holds);
    add_key(out, "recorded_by");
    buf_add_char(out, '[');
    for (uint32_t i = 0; i < reasons->source_count; i++) {
        const struct taxonomy_entry *entry = reasons->sources[i].entry;
        begin_member(out);
        buf_add_char(out, '{');
        add_bool(out, "holds", reasons->sources[i].holds);
        add_bool(out, "used", &reasons->sources[i] == reasons->source);
        add_text(out, "path", entry->path);
        add_number(out, "line", entry->line);
        add_when(out, entry);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("]}"));
}

void reasons_json(const struct reasons *reasons, const struct reasons_place *place, struct buf *out)
{
    static const char *const states[] = {
        [RULE_LOADED] = "loaded", [RULE_INERT] = "inert", [RULE_REFUSED] = "refused"};
    const struct sigma_rule *rule = reasons->rule;
    struct buf why;

    buf_init(&why, SENTENCE_BYTES_MAX);
    reasons_sentence(reasons, &why);
    buf_add(out, STR("{\"rule\":{"));
    add_text(out, "id", rule->id);
    add_text(out, "title", rule->title);
    add_text(out, "level", level_name(rule->level));
    add_text(out, "state", str_from(states[rule->state]));
    add_text(out, "path", rule->path);
    add_number(out, "line", rule->line);
    buf_add(out, STR("},\"event\":{"));
    add_text(out, "path", place->path);
    if (place->number > 0)
        add_number(out, place->is_line ? "line" : "record", place->number);
    buf_add_char(out, '}');
    add_bool(out, "fires", reasons->fires);
    add_bool(out, "certain", reasons->fires || !reasons->gave_up);
    add_text(out, "why", buf_str(&why));
    add_sources(out, reasons);
    if (reasons->root) {
        add_text(out, "condition", reasons->condition);
        add_key(out, "tree");
        add_tree(out, reasons->root);
    }
    buf_add_char(out, '}');
    buf_free(&why);
}
