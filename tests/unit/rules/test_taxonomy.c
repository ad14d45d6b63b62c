/* test_taxonomy.c - log sources as data: what is read, what is refused, with its place. */
#include "testkit.h"

#include "core/buf.h"
#include "rules/taxonomy.h"

static struct arena *arena;
static struct taxonomy taxonomy;
static struct why why;

static enum err add(const char *yaml)
{
    arena_free(arena);
    arena = arena_new("test", (size_t)256 << 20);
    why.text[0] = '\0';
    taxonomy_init(&taxonomy, arena);
    return taxonomy_add(&taxonomy, STR("own.yml"), str_from(yaml), &why);
}

static bool refuses(const char *yaml, const char *reason)
{
    bool refused = add(yaml) != ERR_NONE && taxonomy.count == 0 && strstr(why.text, reason) != NULL;

    if (!refused)
        printf("# said: %s\n", why.text);
    return refused;
}

static struct log_source source(const char *category, const char *product, const char *service)
{
    return (struct log_source){str_from(category), str_from(product), str_from(service)};
}

static bool serves(uint32_t entry, const char *category, const char *product, const char *service)
{
    struct log_source asked = source(category, product, service);

    return taxonomy_serves(&taxonomy.entries[entry], &asked);
}

TEST(reads_an_entry_with_everything)
{
    CHECK_INT(add("# comment\n"
                  "- category: process_creation\n"
                  "  product: windows\n"
                  "  service: security\n"
                  "  when:\n"
                  "    Channel: Security\n"
                  "    EventID: [4688, '4689']\n"
                  "    NewProcessName: '*'\n"
                  "  needs: \"Audit Process Creation\"\n"
                  "  filled_by: {CommandLine: more}\n"
                  "  fields:\n"
                  "    Image: NewProcessName\n"
                  "    ProcessId: {decimal: NewProcessId}\n"
                  "    User: {join: [Domain, Name], with: '\\'}\n"
                  "    IntegrityLevel: {map: Label, to: {S-1: Low, S-2: High}}\n"),
              ERR_NONE);
    CHECK_INT(taxonomy.count, 1);
    const struct taxonomy_entry *entry = &taxonomy.entries[0];
    CHECK_STR(entry->source.category, "process_creation");
    CHECK_INT(entry->filled_by_count, 1);
    CHECK_STR(entry->filled_by[0].field, "CommandLine");
    CHECK_STR(entry->filled_by[0].needs, "more");
    CHECK_STR(entry->source.product, "windows");
    CHECK_STR(entry->source.service, "security");
    CHECK_STR(entry->needs, "Audit Process Creation");
    CHECK_STR(entry->path, "own.yml");
    CHECK_INT(entry->line, 2);
    CHECK(!entry->windows);
    CHECK_INT(entry->test_count, 3);
    CHECK_STR(entry->tests[0].field, "Channel");
    CHECK_INT(entry->tests[0].value_count, 1);
    CHECK_STR(entry->tests[0].values[0], "Security");
    CHECK_INT(entry->tests[1].value_count, 2);
    CHECK_STR(entry->tests[1].values[0], "4688");
    CHECK_STR(entry->tests[1].values[1], "4689");
    CHECK(!entry->tests[1].present);
    CHECK(entry->tests[2].present);
    CHECK_INT(entry->field_count, 4);
    CHECK_INT(entry->fields[0].kind, DERIVE_NONE);
    CHECK_STR(entry->fields[0].from[0], "NewProcessName");
    CHECK_INT(entry->fields[1].kind, DERIVE_DECIMAL);
    CHECK_STR(entry->fields[1].from[0], "NewProcessId");
    CHECK_INT(entry->fields[2].kind, DERIVE_JOIN);
    CHECK_INT(entry->fields[2].from_count, 2);
    CHECK_STR(entry->fields[2].from[1], "Name");
    CHECK_STR(entry->fields[2].with, "\\");
    CHECK_INT(entry->fields[3].kind, DERIVE_MAP);
    CHECK_INT(entry->fields[3].map_count, 2);
    CHECK_STR(entry->fields[3].keys[1], "S-2");
    CHECK_STR(entry->fields[3].values[1], "High");
}

TEST(keeps_a_channel_that_looks_like_another_type)
{
    CHECK_INT(add("- {service: x, when: {a: true, b: 010, c: 1.50}}"), ERR_NONE);
    CHECK_STR(taxonomy.entries[0].tests[0].values[0], "true");
    CHECK_STR(taxonomy.entries[0].tests[1].values[0], "010");
    CHECK_STR(taxonomy.entries[0].tests[2].values[0], "1.50");
}

TEST(takes_several_files_and_documents)
{
    CHECK_INT(add("- {service: a, when: {x: 1}}\n---\n- {service: b, when: {x: 2}}\n---\n"),
              ERR_NONE);
    CHECK_INT(taxonomy_add(&taxonomy, STR("two.yml"), STR("- {service: c, when: {x: 3}}"), &why),
              ERR_NONE);
    CHECK_INT(taxonomy.count, 3);
    CHECK_STR(taxonomy.entries[2].source.service, "c");
    CHECK_STR(taxonomy.entries[2].path, "two.yml");
}

TEST(takes_a_file_with_nothing_in_it)
{
    CHECK_INT(add("# nothing yet\n"), ERR_NONE);
    CHECK_INT(add(""), ERR_NONE);
    CHECK_INT(taxonomy.count, 0);
}

TEST(grows_over_many_entries)
{
    struct buf yaml;

    buf_init(&yaml, 1 << 20);
    for (unsigned i = 0; i < 300; i++)
        buf_printf(&yaml, "- {service: s%u, when: {a: %u}}\n", i, i);
    buf_add_char(&yaml, '\0');
    CHECK_INT(add(yaml.at), ERR_NONE);
    CHECK_INT(taxonomy.count, 300);
    CHECK_STR(taxonomy.entries[0].source.service, "s0");
    CHECK_STR(taxonomy.entries[299].tests[0].values[0], "299");
    buf_free(&yaml);
}

TEST(an_entry_may_ask_for_any_windows_record)
{
    CHECK_INT(add("- {product: windows, windows: true}"), ERR_NONE);
    CHECK(taxonomy.entries[0].windows);
    CHECK_INT(taxonomy.entries[0].test_count, 0);
}

TEST(an_entry_may_ask_for_formats)
{
    struct event one = {.format = STR("w3c")}, other = {.format = STR("json"), .windows = true};

    CHECK_INT(add("- {product: p, format: w3c}\n- {product: p, format: [access_log, w3c]}\n"
                  "- {product: p, when: {}}\n- {product: p, windows: true, format: json}\n"),
              ERR_NONE);
    CHECK(taxonomy_takes(&taxonomy.entries[0], &one));
    CHECK(!taxonomy_takes(&taxonomy.entries[0], &other));
    CHECK(taxonomy_takes(&taxonomy.entries[1], &one));
    CHECK(taxonomy_takes(&taxonomy.entries[2], &one));
    CHECK(taxonomy_takes(&taxonomy.entries[3], &other));
    other.windows = false;
    CHECK(!taxonomy_takes(&taxonomy.entries[3], &other));
    CHECK(refuses("- {category: x, format: []}\n", "must not be an empty list"));
}

TEST(an_empty_when_holds_for_every_event)
{
    CHECK_INT(add("- {category: test, when: {}}"), ERR_NONE);
    CHECK_INT(taxonomy.entries[0].test_count, 0);
    CHECK(!taxonomy.entries[0].windows);
}

TEST(says_where_and_why_a_file_is_refused)
{
    CHECK(refuses("- category: x\n  when: {a: 1}\n  channel: y\n", "own.yml:3:12: channel"));
    CHECK(refuses("category: x\n", "own.yml:1:1: a taxonomy is a list"));
    CHECK(refuses("- x\n", "own.yml:1:3: an entry must be a map"));
    CHECK(refuses("- {category: x}\n", "needs 'when'"));
    CHECK(refuses("- {category: x, windows: false}\n", "needs 'when'"));
    CHECK(refuses("- {when: {a: 1}}\n", "needs a category"));
    CHECK(refuses("- {category: '', when: {a: 1}}\n", "'category' must be a text"));
    CHECK(refuses("- {category: [x], when: {a: 1}}\n", "'category' must be a text"));
    CHECK(refuses("- {category: x, when: [a]}\n", "'when' must be a map"));
    CHECK(refuses("- {category: x, when: }\n", "'when' must be a map"));
    CHECK(refuses("- {category: x, when: {a: []}}\n", "must not be an empty list"));
    CHECK(refuses("- {category: x, when: {a: ~}}\n", "must be a text"));
    CHECK(refuses("- {category: x, when: {a: {b: 1}}}\n", "must be a text"));
    CHECK(refuses("- {category: x, when: {a: ['*', b]}}\n", "'*' cannot stand among"));
    CHECK(refuses("- {category: x, windows: maybe}\n", "'windows' must be"));
    CHECK(refuses("- {category: x, windows: 'true'}\n", "'windows' must be"));
}

TEST(names_the_place_of_broken_yaml)
{
    CHECK(refuses("- category: x\n  when: {a: 1, a: 2}\n", "own.yml:2:16: this key stands twice"));
    CHECK(refuses("- category: x\n  product: 'y\n", "not valid YAML"));
    CHECK(refuses("- category: \xff\n", "own.yml:1:13: not valid UTF-8"));
}

TEST(all_entries_together_test_so_many_fields)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < 500; i++)
        buf_printf(&text, "- {category: x, when: {a: 1, b: 2, c: 3, d: 4}}\n");
    size_t len = text.len;
    buf_add_char(&text, '\0');
    CHECK_INT(add(text.at), ERR_NONE);
    CHECK_INT(taxonomy.count, 500);
    CHECK_INT(
        taxonomy_add(&taxonomy, STR("more.yml"), STR("- {category: y, when: {a: 1}}\n"), &why),
        ERR_INVALID);
    CHECK(strstr(why.text, "one field too many") != NULL);
    CHECK_INT(taxonomy.count, 500);
    text.len = len;
    buf_printf(&text, "- {category: x, when: {a: 1}}\n");
    buf_add_char(&text, '\0');
    CHECK(refuses(text.at, "own.yml:501:23: 'when' is one field too many"));
    buf_free(&text);
}

TEST(says_what_is_wrong_with_a_field)
{
    CHECK(refuses("- {category: x, when: {}, fields: [a]}\n", "'fields' must be a map"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: [b]}}\n", "must be a text"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: ''}}\n", "must be a text"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: {hex: b}}}\n", "a derived field is"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: {}}}\n", "a derived field is"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: {decimal: b, with: c}}}\n",
                  "a derived field is"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: {join: b, with: c}}}\n",
                  "a derived field is"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: {join: [], with: c}}}\n",
                  "must not be an empty list"));
    CHECK(
        refuses("- {category: x, when: {}, fields: {a: {join: [b, c]}}}\n", "a derived field is"));
    CHECK(
        refuses("- {category: x, when: {}, fields: {a: {map: b, to: c}}}\n", "'to' must be a map"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: {map: b, to: {}}}}\n",
                  "'to' must be a map"));
    CHECK(refuses("- {category: x, when: {}, fields: {a: {map: b, to: {c: []}}}}\n",
                  "must be a text"));
}

TEST(a_broken_file_leaves_the_others_as_they_were)
{
    CHECK_INT(add("- {service: a, when: {x: 1}}"), ERR_NONE);
    CHECK(taxonomy_add(&taxonomy, STR("two.yml"),
                       STR("- {service: b, when: {x: 1}}\n- {service: c}"), &why) != ERR_NONE);
    CHECK_INT(taxonomy.count, 1);
    CHECK(taxonomy_add(&taxonomy, STR("three.yml"), STR("- {service: ["), &why) != ERR_NONE);
    CHECK(strstr(why.text, "three.yml:") != NULL);
    CHECK_INT(taxonomy.count, 1);
}

TEST(an_entry_serves_rules_that_state_less)
{
    add("- {category: process_creation, product: windows, service: sysmon, when: {a: 1}}\n"
        "- {product: windows, service: security, when: {a: 1}}\n"
        "- {product: windows, windows: true}\n");
    CHECK(serves(0, "process_creation", "windows", "sysmon"));
    CHECK(serves(0, "process_creation", "windows", ""));
    CHECK(serves(0, "process_creation", "", ""));
    CHECK(serves(0, "Process_Creation", "WINDOWS", ""));
    CHECK(serves(1, "", "windows", "security"));
    CHECK(serves(1, "", "windows", ""));
    CHECK(serves(1, "", "", "security"));
    CHECK(serves(2, "", "windows", ""));
}

TEST(an_entry_does_not_serve_what_it_does_not_state)
{
    add("- {category: process_creation, product: windows, service: sysmon, when: {a: 1}}\n"
        "- {product: windows, service: security, when: {a: 1}}\n"
        "- {product: windows, windows: true}\n");
    CHECK(!serves(0, "process_creation", "linux", ""));
    CHECK(!serves(0, "process_creation", "windows", "security"));
    CHECK(!serves(0, "file_event", "windows", ""));
    CHECK(!serves(1, "process_creation", "windows", "security"));
    CHECK(!serves(1, "process_creation", "windows", ""));
    CHECK(!serves(2, "", "windows", "security"));
    CHECK(!serves(2, "process_creation", "windows", ""));
}

TEST(an_entry_with_a_category_serves_only_rules_that_state_one)
{
    add("- {category: process_creation, product: windows, service: security, when: {a: 1}}");
    CHECK(!serves(0, "", "windows", "security"));
    CHECK(!serves(0, "", "windows", ""));
    CHECK(!serves(0, "", "", "security"));
}

TEST(finds_how_a_field_is_called)
{
    add("- {category: x, when: {a: 1}, fields: {image: low, Image: NewProcessName}}");
    const struct taxonomy_entry *entry = &taxonomy.entries[0];
    CHECK_STR(taxonomy_field(entry, STR("Image"))->from[0], "NewProcessName");
    CHECK_STR(taxonomy_field(entry, STR("image"))->from[0], "low");
    CHECK_STR(taxonomy_field(entry, STR("IMAGE"))->from[0], "low");
    CHECK(taxonomy_field(entry, STR("CommandLine")) == NULL);
}
