/* database.c - see database.h. SQLite, through a file system of its own that has one file. */
#include "codec/database.h"

#include "codec/utf.h"
#include "core/buf.h"
#include "core/ensure.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLES_MAX 16u
#define SQL_BYTES_MAX 512
#define PATH_BYTES_MAX 64
#define SECTOR_BYTES 4096
/* No journal: the file is nobody's until it is whole. What is sorted is sorted in memory. */
#define SETTINGS                                                                                   \
    "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;PRAGMA locking_mode=EXCLUSIVE;"                \
    "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-16384;BEGIN;"

struct statement {
    const char *table; /* borrowed */
    sqlite3_stmt *statement;
};

struct database {
    const struct database_file *file; /* borrowed */
    sqlite3_vfs vfs;
    char name[PATH_BYTES_MAX];
    sqlite3 *connection;
    uint64_t size;
    bool refused;
    struct statement statements[TABLES_MAX];
    unsigned statement_count;
    struct buf repaired;
};

/* ---- one file, and the system that it is in ---- */

struct open_file {
    sqlite3_file base; /* first: SQLite knows no more of it */
    struct database *database;
};

static struct database *of_file(sqlite3_file *file)
{
    return ((struct open_file *)(void *)file)->database;
}

static int close_file(sqlite3_file *file)
{
    (void)file;
    return SQLITE_OK;
}

static int read_file(sqlite3_file *file, void *out, int size, sqlite3_int64 offset)
{
    struct database *d = of_file(file);
    size_t got = 0;

    if (d->refused || !d->file->read(d->file->context, (uint64_t)offset, out, (size_t)size, &got)) {
        d->refused = true;
        return SQLITE_IOERR_READ;
    }
    if (got == (size_t)size)
        return SQLITE_OK;
    memset((char *)out + got, 0, (size_t)size - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    struct database *d = of_file(file);
    uint64_t end = (uint64_t)offset + (uint64_t)size;

    d->refused |=
        !d->file->write(d->file->context, (uint64_t)offset, (struct str){bytes, (size_t)size});
    if (d->refused)
        return SQLITE_IOERR_WRITE;
    d->size = end > d->size ? end : d->size;
    return SQLITE_OK;
}

static int size_of_file(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)of_file(file)->size;
    return SQLITE_OK;
}

/* It only grows. */
static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    (void)file;
    (void)size;
    return SQLITE_OK;
}

static int agree(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return SQLITE_OK;
}

static int is_reserved(sqlite3_file *file, int *answer)
{
    (void)file;
    *answer = 0;
    return SQLITE_OK;
}

static int control(sqlite3_file *file, int operation, void *argument)
{
    (void)file;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *file)
{
    (void)file;
    return SECTOR_BYTES;
}

static int characteristics(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *given)
{
    static const sqlite3_io_methods methods = {.iVersion = 1,
                                               .xClose = close_file,
                                               .xRead = read_file,
                                               .xWrite = write_file,
                                               .xTruncate = truncate_file,
                                               .xSync = agree,
                                               .xFileSize = size_of_file,
                                               .xLock = agree,
                                               .xUnlock = agree,
                                               .xCheckReservedLock = is_reserved,
                                               .xFileControl = control,
                                               .xSectorSize = sector_size,
                                               .xDeviceCharacteristics = characteristics};
    struct open_file *opened = (struct open_file *)(void *)file;
    (void)name;

    if (!(flags & SQLITE_OPEN_MAIN_DB)) {
        file->pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    *opened = (struct open_file){{&methods}, vfs->pAppData};
    if (given)
        *given = flags;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    (void)name;
    (void)sync;
    return SQLITE_OK;
}

static int has_access(sqlite3_vfs *vfs, const char *name, int flags, int *answer)
{
    (void)vfs;
    (void)name;
    (void)flags;
    *answer = 0;
    return SQLITE_OK;
}

static int full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    snprintf(out, (size_t)size, "%s", name);
    return SQLITE_OK;
}

/* The same every time: so are the bytes of the file. */
static int randomness(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    memset(out, 1, (size_t)size);
    return size;
}

static int sleep_not(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int no_time(sqlite3_vfs *vfs, double *days)
{
    (void)vfs;
    *days = 0;
    return SQLITE_OK;
}

static int last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    (void)size;
    (void)out;
    return 0;
}

/* ---- the database ---- */

/* Whatever SQLite refuses is the file's doing, or there is no memory, or we are wrong. */
static void expect(struct database *d, int status)
{
    ENSURE(status == SQLITE_OK || status == SQLITE_DONE || d->refused);
}

struct database *database_new(const struct database_file *file, const char *schema)
{
    struct database *d = calloc(1, sizeof(*d));

    ENSURE(d);
    d->file = file;
    buf_init(&d->repaired, SIZE_MAX / 2);
    snprintf(d->name, sizeof(d->name), "seawall-%p", (void *)d);
    d->vfs = (sqlite3_vfs){.iVersion = 1,
                           .szOsFile = sizeof(struct open_file),
                           .mxPathname = PATH_BYTES_MAX,
                           .zName = d->name,
                           .pAppData = d,
                           .xOpen = open_file,
                           .xDelete = delete_file,
                           .xAccess = has_access,
                           .xFullPathname = full_path,
                           .xRandomness = randomness,
                           .xSleep = sleep_not,
                           .xCurrentTime = no_time,
                           .xGetLastError = last_error};
    ENSURE(sqlite3_vfs_register(&d->vfs, 0) == SQLITE_OK);
    expect(d, sqlite3_open_v2("findings", &d->connection,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, d->name));
    expect(d, sqlite3_exec(d->connection, SETTINGS, NULL, NULL, NULL));
    expect(d, sqlite3_exec(d->connection, schema, NULL, NULL, NULL));
    return d;
}

static sqlite3_stmt *statement_of(struct database *d, const char *table, unsigned columns)
{
    char sql[SQL_BYTES_MAX];
    unsigned i = 0;

    while (i < d->statement_count && strcmp(d->statements[i].table, table) != 0)
        i++;
    if (i < d->statement_count)
        return d->statements[i].statement;
    ENSURE(i < TABLES_MAX && columns > 0 && columns <= DATABASE_COLUMNS_MAX);
    int len = snprintf(sql, sizeof(sql), "INSERT INTO \"%s\" VALUES(?", table);
    for (unsigned k = 1; k < columns; k++)
        len += snprintf(sql + len, sizeof(sql) - (size_t)len, ",?");
    snprintf(sql + len, sizeof(sql) - (size_t)len, ")");
    d->statements[i].table = table;
    expect(d, sqlite3_prepare_v3(d->connection, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                 &d->statements[i].statement, NULL));
    d->statement_count++;
    return d->statements[i].statement;
}

static void bind_text(struct database *d, sqlite3_stmt *statement, int at, struct str text)
{
    sqlite3_destructor_type keep = SQLITE_STATIC;

    if (!utf8_is_valid(text)) {
        buf_reset(&d->repaired);
        utf8_repair(text, &d->repaired);
        text = buf_str(&d->repaired);
        keep = SQLITE_TRANSIENT;
    }
    expect(d, sqlite3_bind_text64(statement, at, text.len ? text.at : "", text.len, keep,
                                  SQLITE_UTF8));
}

void database_insert(struct database *d, const char *table, const struct database_value *values,
                     unsigned count)
{
    sqlite3_stmt *statement = d->refused ? NULL : statement_of(d, table, count);

    if (!statement)
        return;
    for (unsigned i = 0; i < count; i++) {
        if (values[i].kind == DATABASE_TEXT)
            bind_text(d, statement, (int)i + 1, values[i].text);
        else if (values[i].kind == DATABASE_INTEGER)
            expect(d, sqlite3_bind_int64(statement, (int)i + 1, values[i].number));
        else
            expect(d, sqlite3_bind_null(statement, (int)i + 1));
    }
    expect(d, sqlite3_step(statement));
    int ignored = sqlite3_reset(statement); /* says what stepping said */
    (void)ignored;
}

bool database_end(struct database *d)
{
    for (unsigned i = 0; i < d->statement_count; i++)
        sqlite3_finalize(d->statements[i].statement);
    if (!d->refused)
        expect(d, sqlite3_exec(d->connection, "COMMIT", NULL, NULL, NULL));
    ENSURE(sqlite3_close(d->connection) == SQLITE_OK);
    ENSURE(sqlite3_vfs_unregister(&d->vfs) == SQLITE_OK);
    bool good = !d->refused;
    buf_free(&d->repaired);
    free(d);
    return good;
}
