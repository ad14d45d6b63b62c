/* fuzz_yaml.c - any text as YAML: trees within the limits, keys once, places within the text. */
/* links: codec */
#include "codec/utf.h"
#include "codec/yaml.h"
#include "core/ensure.h"
#include "core/limits.h"

#include "fuzz/libfyaml_leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint32_t line_count;

/* Nodes below, aliases followed. */
static uint64_t check_node(const struct yaml_node *node, unsigned depth)
{
    uint64_t nodes = 1;

    ENSURE(node->line >= 1 && node->line <= line_count && node->column >= 1);
    if (node->kind == YAML_SCALAR) {
        ENSURE(node->count == 0 && utf8_is_valid(node->text));
        ENSURE(node->plain || yaml_type_of(node) == YAML_STRING);
        ENSURE(yaml_type_of(node) <= YAML_FLOAT);
        return nodes;
    }
    ENSURE(depth < YAML_DEPTH_MAX);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_member *member = &node->members[i];
        ENSURE(member->value);
        if (node->kind == YAML_MAP) {
            ENSURE(yaml_get(node, member->key) == member->value); /* so no key stands twice */
            ENSURE(member->key_line >= 1 && member->key_line <= line_count);
        }
        nodes += check_node(member->value, depth + 1);
        ENSURE(nodes <= YAML_NODES_MAX + YAML_ALIASED_NODES_MAX);
    }
    return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct arena *arena;
    struct str text = {(const char *)data, len};
    struct yaml_documents documents, again;
    struct why why = {""}, why_again = {""};

    if (!arena)
        arena = arena_new("fuzz", (size_t)512 << 20);
    arena_reset(arena);
    line_count = 1;
    for (size_t i = 0; i < len; i++) /* CR and CRLF end lines, too */
        line_count += data[i] == '\n' || data[i] == '\r';
    line_count++;
    enum err err = yaml_parse(text, arena, &documents, &why);
    ENSURE((err == ERR_NONE) == (why.text[0] == '\0'));
    ENSURE(utf8_is_valid(text) || err == ERR_INVALID);
    ENSURE(!err || (documents.bad_line >= 1 && documents.bad_column >= 1));
    ENSURE(!err || (documents.bad_line <= line_count && documents.complaint.text[0]));
    uint32_t line_before = 0;
    for (uint32_t i = 0; i < documents.count; i++) {
        ENSURE(documents.lines[i] >= line_before);
        line_before = documents.lines[i];
        check_node(documents.roots[i], 0);
    }
    ENSURE(yaml_parse(text, arena, &again, &why_again) == err);
    ENSURE(again.count == documents.count);
    ENSURE(str_eq(str_from(why.text), str_from(why_again.text)));
    return 0;
}
