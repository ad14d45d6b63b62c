/* test_database.c */
#include "codec/database.h"

#include "database_kit.h"

#define TEXT(s)                                                                                    \
    {                                                                                              \
        .kind = DATABASE_TEXT, .text = STR_INIT(s)                                                 \
    }
#define NUMBER(n)                                                                                  \
    {                                                                                              \
        .kind = DATABASE_INTEGER, .number = (n)                                                    \
    }

static struct memory_file memory;
static const struct database_file file = {&memory, memory_read, memory_write};

static struct database *begin(size_t bytes_max)
{
    buf_free(&memory.bytes);
    buf_init(&memory.bytes, SIZE_MAX);
    memory.bytes_left = bytes_max;
    return database_new(&file, "CREATE TABLE a(x, y, z);CREATE INDEX b ON a(x);"
                               "CREATE TABLE c(x TEXT NOT NULL)");
}

TEST(rows_come_back)
{
    static const struct database_value rows[][3] = {
        {TEXT("one"), NUMBER(-1), {.kind = DATABASE_NULL}},
        {TEXT(""), NUMBER(INT64_MAX), TEXT("\xe3\x81\x82'\"; DROP TABLE a")},
        {TEXT("ill \xff formed"), NUMBER(0), TEXT("a\x1b b")},
    };
    static const struct database_value other = TEXT("of another table");
    struct database *database = begin(SIZE_MAX);

    for (size_t i = 0; i < 3; i++) {
        database_insert(database, "a", rows[i], 3);
        database_insert(database, "c", &other, 1);
    }
    CHECK(database_end(database));
    CHECK_STR(database_ask(&memory, "SELECT * FROM a ORDER BY rowid"),
              "one|-1|NULL\n|9223372036854775807|\xe3\x81\x82'\"; DROP TABLE a\n"
              "ill \xef\xbf\xbd formed|0|a\x1b b\n");
    CHECK_STR(database_ask(&memory, "SELECT count(*) FROM c"), "3\n");
    CHECK_STR(database_ask(&memory, "PRAGMA integrity_check"), "ok\n");
}

TEST(more_than_memory_holds_goes_to_the_file)
{
    struct database *database = begin(SIZE_MAX);
    char text[1000];
    size_t written = 0;

    memset(text, 'x', sizeof(text));
    for (int64_t i = 0; i < 30000; i++) {
        struct database_value row[] = {
            NUMBER(i * 7919 % 30000),
            {.kind = DATABASE_TEXT, .text = {text, sizeof(text)}},
            {.kind = DATABASE_NULL},
        };
        database_insert(database, "a", row, 3);
        if (i == 29999)
            written = memory.bytes.len;
    }
    CHECK(written > 1 << 20);
    CHECK(database_end(database));
    CHECK_STR(database_ask(&memory, "SELECT count(*), count(DISTINCT x) FROM a"), "30000|30000\n");
    CHECK_STR(database_ask(&memory, "PRAGMA integrity_check"), "ok\n");
}

TEST(the_same_rows_are_the_same_bytes)
{
    static const struct database_value row[] = {TEXT("a"), NUMBER(1), TEXT("b")};
    struct buf first;

    struct database *database = begin(SIZE_MAX);
    database_insert(database, "a", row, 3);
    CHECK(database_end(database));
    buf_init(&first, SIZE_MAX);
    buf_add(&first, buf_str(&memory.bytes));
    database = begin(SIZE_MAX);
    database_insert(database, "a", row, 3);
    CHECK(database_end(database));
    CHECK(str_eq(buf_str(&first), buf_str(&memory.bytes)));
    buf_free(&first);
}

TEST(a_file_that_refuses_is_told_at_the_end)
{
    static const size_t sizes[] = {0, 100, 4096, 20000, 1 << 20, 17 << 20, 20 << 20};
    char text[1000];

    memset(text, 'x', sizeof(text));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct database *database = begin(sizes[i]);
        for (int64_t k = 0; k < 25000; k++) {
            struct database_value row[] = {
                NUMBER(k * 7919 % 25000),
                {.kind = DATABASE_TEXT, .text = {text, sizeof(text)}},
                {.kind = DATABASE_NULL},
            };
            database_insert(database, "a", row, 3);
        }
        CHECK(!database_end(database));
    }
    buf_free(&memory.bytes);
}
