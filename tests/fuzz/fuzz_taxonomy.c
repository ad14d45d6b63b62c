/* fuzz_taxonomy.c - taxonomy files from anybody: read whole, or refused with a reason. */
/* links: rules */
#include "core/ensure.h"
#include "rules/taxonomy.h"

#include "fuzz/libfyaml_leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_entry(const struct taxonomy_entry *entry)
{
    struct log_source asked = entry->source;

    ENSURE(entry->windows || entry->test_count < UINT32_MAX);
    ENSURE(taxonomy_serves(entry, &asked));
    asked.service = STR("\x01 no such service");
    ENSURE(!taxonomy_serves(entry, &asked));
    for (uint32_t i = 0; i < entry->test_count; i++)
        ENSURE(entry->tests[i].value_count > 0);
    for (uint32_t i = 0; i < entry->field_count; i++) {
        const struct field_mapping *mapping = &entry->fields[i];

        ENSURE(taxonomy_field(entry, mapping->rule_field) == mapping);
        ENSURE(mapping->from_count > 0);
        ENSURE((mapping->kind == DERIVE_MAP) == (mapping->map_count > 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct arena *arena;
    struct taxonomy taxonomy;
    struct why why = {""};

    if (!arena)
        arena = arena_new("fuzz", (size_t)512 << 20);
    arena_reset(arena);
    taxonomy_init(&taxonomy, arena);
    enum err err =
        taxonomy_add(&taxonomy, STR("fuzz.yml"), (struct str){(const char *)data, len}, &why);
    ENSURE((err == ERR_NONE) == (why.text[0] == '\0'));
    ENSURE(err == ERR_NONE || taxonomy.count == 0);
    for (uint32_t i = 0; i < taxonomy.count; i++)
        check_entry(&taxonomy.entries[i]);
    return 0;
}
