/* w3c_priv.h - how the parts of the W3C reader work together. Private to formats/. */
#ifndef FORMATS_W3C_PRIV_H
#define FORMATS_W3C_PRIV_H

#include "formats/text_record.h"

/* IIS with every field on has 30 names in less than 500 bytes. */
#define W3C_COLUMNS_MAX 256u
#define W3C_FIELDS_LINE_BYTES_MAX (64u << 10)

/* ---- what a #Fields line says (w3c_layout.c) ---- */

/* Columns with a meaning of their own. */
enum w3c_role {
    W3C_DATE,
    W3C_TIME,
    W3C_METHOD,
    W3C_STEM,
    W3C_QUERY,
    W3C_URI,
    W3C_SCHEME,
    W3C_HOST,
    W3C_URI_PORT,
    W3C_VERSION,
    W3C_STATUS,
    W3C_CLIENT,
    W3C_PORT,
    W3C_USER,
    W3C_SITE,
    W3C_COMPUTER,
    W3C_ROLES
};

struct w3c_column {
    struct text_name own;
    const struct text_name *name; /* its own, or that of an earlier column of the same name */
    struct text_name blanks;      /* of a header: with blanks for `+` */
    bool header;
};

struct w3c_layout {
    const struct field_dictionary *fields; /* borrowed */
    struct arena *arena;                   /* owned */
    struct str line;                       /* what stands behind "#Fields:" */
    struct w3c_column *columns;
    uint32_t column_count;  /* 0: there is no line yet that can be used */
    uint32_t at[W3C_ROLES]; /* column + 1; 0: there is none */
    bool other;             /* no HTTP log */
};

void w3c_layout_init(struct w3c_layout *layout, const struct field_dictionary *fields);
void w3c_layout_free(struct w3c_layout *layout);
void w3c_layout_forget(struct w3c_layout *layout);
/* NULL, or what is wrong with the line (static text); then the layout is without columns. */
const char *w3c_layout_read(struct w3c_layout *layout, struct str line);

/* Is the line this directive, such as "#Date:"? *value: what stands behind it. */
bool w3c_directive(struct str line, struct str name, struct str *value);
/* How many names a #Fields line has, to tell what a file is; 0 for other lines, and where the names
 * are not those of the specification: "time", "cs-method", "cs(User-Agent)". */
uint32_t w3c_count_names(struct str line);

/* ---- the values of a record (w3c_split.c) ---- */

/* Behind the last name's one more, to tell that there are too many. */
struct w3c_values {
    uint32_t count;
    struct str at[W3C_COLUMNS_MAX + 1];
};

/* At each run of `blank`. */
void w3c_split_runs(struct str line, char blank, struct w3c_values *values);
/* At blanks and tabs that do not stand in quotes. Values keep their quotes. */
void w3c_split_quoted(struct str line, struct w3c_values *values);
/* In the way that gives as many values as the layout has names. False if none does. */
bool w3c_split(const struct w3c_layout *layout, struct str line, struct w3c_values *values);
struct str w3c_trim(struct str s); /* without blanks and tabs at both ends */

static inline struct str w3c_value(const struct w3c_layout *layout, const struct w3c_values *values,
                                   enum w3c_role role)
{
    return layout->at[role] ? values->at[layout->at[role] - 1] : STR_EMPTY;
}

static inline bool w3c_is_dash(struct str s)
{
    return s.len == 1 && s.at[0] == '-';
}

#endif
