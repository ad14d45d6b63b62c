/* test_field_table.c - which fields there are: the files, and which rules their rows serve. */
#include "rules/field_table.h"

#include "testkit.h"

static struct arena *arena;
static struct field_table table;
static struct why why;

static enum err add(const char *yaml)
{
    why = (struct why){{0}};
    return field_table_add(&table, str_from(yaml), &why);
}

static void begin(void)
{
    arena = arena_new("test", (size_t)64 << 20);
    field_table_init(&table, arena);
}

static bool serves(const char *row, const char *category, const char *product, const char *service)
{
    const struct log_source source = {str_from(category), str_from(product), str_from(service)};

    begin();
    CHECK_INT(add(row), ERR_NONE);
    CHECK_INT(table.count, 1);
    bool served = field_row_serves(&table.rows[0], &source);
    arena_free(arena);
    return served;
}

TEST(rows_are_read)
{
    begin();
    CHECK_INT(add("- {category: a, product: b, service: c, fields: [x, 'y z']}\n"
                  "- {product: d, every: [z]}\n"),
              ERR_NONE);
    CHECK_INT(add("- {service: e, fields: [x]}\n"), ERR_NONE);
    CHECK_INT(table.count, 3);
    CHECK_STR(table.rows[0].source.category, "a");
    CHECK_STR(table.rows[0].source.product, "b");
    CHECK_STR(table.rows[0].source.service, "c");
    CHECK_INT(table.rows[0].count, 2);
    CHECK_STR(table.rows[0].fields[1], "y z");
    CHECK(!table.rows[0].every);
    CHECK(table.rows[1].every);
    CHECK_STR(table.rows[2].source.product, "");
    arena_free(arena);
}

TEST(a_file_that_is_otherwise_is_refused)
{
    static const char *const files[][2] = {
        {"a: b\n", "must be a list"},
        {"- a\n", "line 1: a map of"},
        {"- {category: a}\n", "fields need a category"},
        {"- {category: a, fields: x}\n", "a list of fields"},
        {"- {category: a, fields: []}\n", "a list of fields"},
        {"- {category: a, fields: [[x]]}\n", "a list of fields"},
        {"- {category: a, fields: ['']}\n", "a list of fields"},
        {"- {category: a, fields: [x], every: [y]}\n", "once"},
        {"- {product: a, fields: [x]}\n", "fields need a category or a service"},
        {"- {category: a, every: [x]}\n", "every a product"},
        {"\n- {category: [], fields: [x]}\n", "line 2: a text"},
        {"- {categoy: a, fields: [x]}\n", "unknown key"},
        {"- {\n", ""},
    };

    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        begin();
        CHECK(add(files[i][0]) != ERR_NONE);
        CHECK(strstr(why.text, files[i][1]) != NULL);
        CHECK(why.text[0] != '\0');
        arena_free(arena);
    }
}

TEST(a_row_serves_the_rules_of_its_category)
{
    CHECK(serves("- {category: a, product: p, fields: [x]}", "a", "p", ""));
    CHECK(serves("- {category: a, product: p, fields: [x]}", "A", "", ""));
    CHECK(serves("- {category: a, fields: [x]}", "a", "p", "s"));
    CHECK(serves("- {category: a, service: s, fields: [x]}", "a", "", ""));
    CHECK(!serves("- {category: a, service: s, fields: [x]}", "a", "", "t"));
    CHECK(!serves("- {category: a, product: p, fields: [x]}", "a", "q", ""));
    CHECK(!serves("- {category: a, fields: [x]}", "b", "", ""));
}

TEST(a_row_without_a_category_serves_those_of_its_service)
{
    CHECK(serves("- {product: p, service: s, fields: [x]}", "", "p", "s"));
    CHECK(serves("- {product: p, service: s, fields: [x]}", "", "", "s"));
    CHECK(!serves("- {product: p, service: s, fields: [x]}", "", "p", ""));
    CHECK(!serves("- {product: p, service: s, fields: [x]}", "a", "p", "s"));
}

TEST(every_stands_for_all_of_a_product)
{
    CHECK(serves("- {product: p, every: [x]}", "a", "p", "s"));
    CHECK(!serves("- {product: p, every: [x]}", "a", "", ""));
    CHECK(!serves("- {product: p, every: [x]}", "a", "q", ""));
}

TEST(many_rows)
{
    begin();
    for (unsigned i = 0; i < 200; i++)
        CHECK_INT(add("- {category: a, fields: [x]}\n"), ERR_NONE);
    CHECK_INT(table.count, 200);
    CHECK_STR(table.rows[199].fields[0], "x");
    arena_free(arena);
}
