/* database.h - a SQLite database, written once, from empty to whole (file format 3, sqlite.org).
 *
 * Nothing here opens a file: the caller hands in what reads and writes at a place, and SQLite is
 * kept to that. Its memory is bounded; pages that do not fit go to the file. */
#ifndef CODEC_DATABASE_H
#define CODEC_DATABASE_H

#include "core/str.h"

/* An empty file. Both answer false once it refused; then the database comes to nothing. */
struct database_file {
    void *context;
    /* Fewer bytes than asked are there only at the end. */
    bool (*read)(void *context, uint64_t offset, void *out, size_t size, size_t *got);
    bool (*write)(void *context, uint64_t offset, struct str bytes);
};

enum database_kind { DATABASE_NULL, DATABASE_INTEGER, DATABASE_TEXT };

struct database_value {
    enum database_kind kind;
    int64_t number;
    struct str text; /* UTF-8; what is ill-formed becomes U+FFFD */
};

struct database;

/* `schema`: statements that make the tables. `file` is borrowed. */
struct database *database_new(const struct database_file *file, const char *schema);
/* A row of a table of up to DATABASE_COLUMNS_MAX columns. */
#define DATABASE_COLUMNS_MAX 32u
void database_insert(struct database *database, const char *table,
                     const struct database_value *values, unsigned count);
/* Writes what is left, and frees it. False if the file refused. */
bool database_end(struct database *database);

#endif
