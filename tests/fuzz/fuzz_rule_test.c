/* fuzz_rule_test.c - tests of rules from arbitrary YAML: every event is one JSON object. */
/* links: rules */
#include "codec/json.h"
#include "core/ensure.h"
#include "rules/rule_test.h"

#include "fuzz/libfyaml_leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct arena *arena;
    struct rule_tests tests;
    const char *why;

    if (!arena)
        arena = arena_new("tests", (size_t)1 << 30);
    arena_reset(arena);
    rule_tests_init(&tests, arena);
    rule_tests_add(&tests, STR("fuzz.yml"), (struct str){(const char *)data, len});
    for (uint32_t i = 0; i < tests.count; i++) {
        const struct rule_test *test = tests.at[i];
        ENSURE((test->count > 0) != (test->broken.len > 0));
        for (uint32_t event = 0; event < test->count; event++) {
            struct str json = test->events[event].json;
            ENSURE((json.len > 0) != (test->events[event].place.len > 0));
            ENSURE(json.len == 0 || json_is_valid(json, &why));
        }
    }
    return 0;
}
