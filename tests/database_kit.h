/* database_kit.h - a database file in memory, and what SQLite reads in it. */
#ifndef DATABASE_KIT_H
#define DATABASE_KIT_H

#include "core/buf.h"
#include "testkit.h"

#include <sqlite3.h>

#define KIT_UNUSED __attribute__((unused))

/* `bytes_left`: so many more can be written. */
struct memory_file {
    struct buf bytes;
    size_t bytes_left;
};

KIT_UNUSED static bool memory_read(void *context, uint64_t offset, void *out, size_t size,
                                   size_t *got)
{
    const struct buf *bytes = &((struct memory_file *)context)->bytes;

    *got = offset < bytes->len ? bytes->len - (size_t)offset : 0;
    *got = *got > size ? size : *got;
    if (*got > 0)
        memcpy(out, bytes->at + offset, *got);
    return true;
}

KIT_UNUSED static bool memory_write(void *context, uint64_t offset, struct str part)
{
    struct memory_file *file = context;

    if (part.len > file->bytes_left)
        return false;
    file->bytes_left -= part.len;
    while (file->bytes.len < offset + part.len)
        buf_add_char(&file->bytes, '\0');
    memcpy(file->bytes.at + offset, part.at, part.len);
    return true;
}

static int kit_row(void *context, int columns, char **values, char **names)
{
    struct buf *out = context;
    (void)names;

    for (int i = 0; i < columns; i++)
        buf_printf(out, "%s%s", i > 0 ? "|" : "", values[i] ? values[i] : "NULL");
    buf_add_char(out, '\n');
    return 0;
}

/* The rows of an answer, a line each; valid until the next question. */
KIT_UNUSED static struct str database_ask(const struct memory_file *file, const char *sql)
{
    static struct buf out;
    sqlite3 *connection;
    char *problem = NULL;
    size_t len = file->bytes.len;
    unsigned char *copy = sqlite3_malloc64(len);

    memcpy(copy, file->bytes.at, len);
    buf_free(&out);
    buf_init(&out, SIZE_MAX);
    CHECK(sqlite3_open(":memory:", &connection) == SQLITE_OK);
    CHECK(sqlite3_deserialize(connection, "main", copy, (sqlite3_int64)len, (sqlite3_int64)len,
                              SQLITE_DESERIALIZE_FREEONCLOSE) == SQLITE_OK);
    if (sqlite3_exec(connection, sql, kit_row, &out, &problem) != SQLITE_OK)
        TESTKIT_FAIL("%s: %s", sql, problem);
    sqlite3_close(connection);
    return buf_str(&out);
}

#endif
