/* indicator_csv.c - tables: with a header that says what a column holds, or without one.
 *
 * RFC 4180, with comma, semicolon, tab or bar between the cells; lines that begin with '#' are
 * comments, of which the last one before the data may be the header. */
#include "core/ensure.h"
#include "indicators/indicator_file_priv.h"

#include <string.h>

#define CELLS_MAX 128u
#define CELL_BYTES_MAX 65536u
#define ROWS_LOOKED_AT 50u

enum role { ROLE_NONE, ROLE_VALUE, ROLE_TYPE, ROLE_ABOUT, ROLE_ID, ROLE_TO_IDS };

struct column {
    enum role role;
    enum indicator_kind kind; /* ROLE_VALUE */
    bool general;             /* ... of a column that may hold any kind */
};

struct table {
    struct indicator_reading *reading;
    char separator;
    struct column columns[CELLS_MAX];
    struct str cells[CELLS_MAX];
    uint32_t count;    /* cells of the row at hand */
    bool broken_quote; /* the row ended inside a quoted cell */
};

static const struct {
    struct str name;
    struct column column;
} known_columns[] = {
    {STR_INIT("value"), {ROLE_VALUE, INDICATOR_GUESS, true}},
    {STR_INIT("indicator"), {ROLE_VALUE, INDICATOR_GUESS, true}},
    {STR_INIT("indicatorvalue"), {ROLE_VALUE, INDICATOR_GUESS, true}},
    {STR_INIT("ioc"), {ROLE_VALUE, INDICATOR_GUESS, true}},
    {STR_INIT("iocvalue"), {ROLE_VALUE, INDICATOR_GUESS, true}},
    {STR_INIT("observable"), {ROLE_VALUE, INDICATOR_GUESS, true}},
    {STR_INIT("ip"), {ROLE_VALUE, INDICATOR_ADDRESS, false}},
    {STR_INIT("ipaddress"), {ROLE_VALUE, INDICATOR_ADDRESS, false}},
    {STR_INIT("address"), {ROLE_VALUE, INDICATOR_ADDRESS, false}},
    {STR_INIT("dstip"), {ROLE_VALUE, INDICATOR_ADDRESS, false}},
    {STR_INIT("srcip"), {ROLE_VALUE, INDICATOR_ADDRESS, false}},
    {STR_INIT("cidr"), {ROLE_VALUE, INDICATOR_ADDRESS, false}},
    {STR_INIT("domain"), {ROLE_VALUE, INDICATOR_DOMAIN, false}},
    {STR_INIT("domainname"), {ROLE_VALUE, INDICATOR_DOMAIN, false}},
    {STR_INIT("host"), {ROLE_VALUE, INDICATOR_DOMAIN, false}},
    {STR_INIT("hostname"), {ROLE_VALUE, INDICATOR_DOMAIN, false}},
    {STR_INIT("fqdn"), {ROLE_VALUE, INDICATOR_DOMAIN, false}},
    {STR_INIT("url"), {ROLE_VALUE, INDICATOR_URL, false}},
    {STR_INIT("md5"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("md5hash"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("sha1"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("sha1hash"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("sha256"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("sha256hash"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("sha512"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("imphash"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("hash"), {ROLE_VALUE, INDICATOR_HASH, false}},
    {STR_INIT("filename"), {ROLE_VALUE, INDICATOR_FILE, false}},
    {STR_INIT("email"), {ROLE_VALUE, INDICATOR_EMAIL, false}},
    {STR_INIT("type"), {ROLE_TYPE, INDICATOR_GUESS, false}},
    {STR_INIT("indicatortype"), {ROLE_TYPE, INDICATOR_GUESS, false}},
    {STR_INIT("ioctype"), {ROLE_TYPE, INDICATOR_GUESS, false}},
    {STR_INIT("description"), {ROLE_ABOUT, INDICATOR_GUESS, false}},
    {STR_INIT("comment"), {ROLE_ABOUT, INDICATOR_GUESS, false}},
    {STR_INIT("malware"), {ROLE_ABOUT, INDICATOR_GUESS, false}},
    {STR_INIT("threat"), {ROLE_ABOUT, INDICATOR_GUESS, false}},
    {STR_INIT("name"), {ROLE_ABOUT, INDICATOR_GUESS, false}},
    {STR_INIT("note"), {ROLE_ABOUT, INDICATOR_GUESS, false}},
    {STR_INIT("notes"), {ROLE_ABOUT, INDICATOR_GUESS, false}},
    {STR_INIT("uuid"), {ROLE_ID, INDICATOR_GUESS, false}},
    {STR_INIT("toids"), {ROLE_TO_IDS, INDICATOR_GUESS, false}},
};

/* ---- rows ---- */

/* Index of the quote that ends what `text` begins with one; text.len: it is nowhere near. */
static size_t quoted_end(struct str text, bool *doubled)
{
    struct str near = str_slice(text, 0, CELL_BYTES_MAX);

    *doubled = false;
    for (size_t at = 1; at < near.len; at++) {
        if (near.at[at] != '"')
            continue;
        if (at + 1 == near.len || near.at[at + 1] != '"')
            return at;
        *doubled = true;
        at++;
    }
    return text.len;
}

static struct str undoubled(struct str text, struct arena *arena)
{
    char *out = arena_alloc_bytes(arena, text.len);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        out[len++] = text.at[i];
        i += text.at[i] == '"';
    }
    return (struct str){out, len};
}

/* The cell at the start of *text, which moves behind its separator; false: it was the row's last.
 */
static bool take_cell(struct table *table, struct str *text, struct str *cell)
{
    size_t at = 0;
    bool doubled, quoted = text->len > 0 && text->at[0] == '"';

    if (quoted) {
        at = quoted_end(*text, &doubled);
        if (at == text->len) { /* what follows is read as rows of its own */
            table->broken_quote = true;
            *cell = str_cut(text, '\n');
            return false;
        }
        *cell = str_slice(*text, 1, at);
        if (doubled)
            *cell = undoubled(*cell, table->reading->scratch);
    }
    while (at < text->len && text->at[at] != table->separator && text->at[at] != '\n')
        at++;
    if (!quoted)
        *cell = str_trim(str_slice(*text, 0, at));
    bool more = at < text->len && text->at[at] == table->separator;
    *text = str_slice(*text, at + 1, text->len);
    return more;
}

static bool take_row(struct table *table, struct str *text)
{
    struct str cell = STR_EMPTY;
    bool more = true;

    table->count = 0;
    table->broken_quote = false;
    if (text->len == 0)
        return false;
    while (more) {
        more = take_cell(table, text, &cell);
        if (table->count < CELLS_MAX)
            table->cells[table->count++] = cell;
    }
    return true;
}

static bool is_empty_row(const struct table *table)
{
    return table->count == 1 && table->cells[0].len == 0;
}

static struct str skip_comments(struct str text, struct str *last)
{
    *last = STR_EMPTY;
    while (text.len > 0) {
        struct str rest = text, line = str_trim(str_cut(&rest, '\n'));
        if (line.len > 0 && line.at[0] != '#')
            break;
        if (line.len > 1)
            *last = str_trim(str_slice(line, 1, line.len));
        text = rest;
    }
    return text;
}

/* ---- columns ---- */

static struct column column_of(struct str name)
{
    char plain[24];
    size_t len = 0;

    for (size_t i = 0; i < name.len && len < sizeof(plain); i++)
        if (token_has((uint8_t)name.at[i]) && !strchr("-_.", name.at[i]))
            plain[len++] = ascii_lower(name.at[i]);
    for (size_t i = 0; i < ARRAY_COUNT(known_columns); i++)
        if (str_eq((struct str){plain, len}, known_columns[i].name))
            return known_columns[i].column;
    return (struct column){.role = ROLE_NONE};
}

/* Whether the row at hand is a header: it names a column of values. Where one may hold anything,
 * the others say more about it. */
static bool take_header(struct table *table)
{
    bool any = false, general = false;

    for (uint32_t i = 0; i < table->count; i++) {
        table->columns[i] = column_of(table->cells[i]);
        any |= table->columns[i].role == ROLE_VALUE;
        general |= table->columns[i].general;
    }
    for (uint32_t i = 0; i < table->count && general; i++)
        if (table->columns[i].role == ROLE_VALUE && !table->columns[i].general)
            table->columns[i].role = ROLE_NONE;
    return any;
}

static bool find_header(struct table *table, struct str line)
{
    static const char separators[] = ",;\t|";

    for (size_t i = 0; separators[i]; i++) {
        struct str text = line;
        table->separator = separators[i];
        if (take_row(table, &text) && table->count > 1 && take_header(table))
            return true;
    }
    return false;
}

static bool is_indicator(struct table *table, struct str cell)
{
    struct indicator_reading *reading = table->reading;
    enum indicator_kind kind = INDICATOR_GUESS;
    const char *doubt;

    if (cell.len > INDICATOR_BYTES_MAX)
        return false;
    struct str plain = indicator_refang(cell, &reading->refanged);
    return !indicator_read(plain, &kind, &reading->key, &doubt) && kind != INDICATOR_FILE &&
           kind != INDICATOR_PATH;
}

/* Without a header: the column that most often holds something; at least in every other row. */
static bool find_column(struct table *table, struct str text)
{
    uint32_t counts[CELLS_MAX] = {0}, rows = 0, wide = 0, best = 0;

    for (; rows < ROWS_LOOKED_AT && take_row(table, &text); rows += !is_empty_row(table)) {
        wide += table->count > 1;
        for (uint32_t i = 0; i < table->count; i++)
            counts[i] += is_indicator(table, table->cells[i]);
    }
    for (uint32_t i = 1; i < CELLS_MAX; i++)
        best = counts[i] > counts[best] ? i : best;
    if (wide < rows || rows == 0 || counts[best] * 2 < rows)
        return false;
    table->columns[best] = (struct column){ROLE_VALUE, INDICATOR_GUESS, true};
    return true;
}

static bool find_table(struct table *table, struct str *text)
{
    static const char separators[] = ",;\t|";
    struct str comment, rest;

    *text = skip_comments(*text, &comment);
    rest = *text;
    if (find_header(table, str_cut(&rest, '\n'))) {
        *text = rest;
        return true;
    }
    if (find_header(table, comment))
        return true;
    for (uint32_t i = 0; i < CELLS_MAX; i++)
        table->columns[i] = (struct column){.role = ROLE_NONE};
    for (size_t i = 0; separators[i]; i++) {
        table->separator = separators[i];
        if (find_column(table, *text))
            return true;
    }
    return false;
}

/* ---- indicators ---- */

static struct str cell_of(const struct table *table, enum role role)
{
    for (uint32_t i = 0; i < table->count; i++)
        if (table->columns[i].role == role && table->cells[i].len > 0)
            return table->cells[i];
    return STR_EMPTY;
}

static uint32_t origin_of(struct table *table)
{
    struct indicator_reading *reading = table->reading;
    struct str about = cell_of(table, ROLE_ABOUT), id = cell_of(table, ROLE_ID);

    if (about.len == 0 && id.len == 0)
        return indicator_plain_origin(reading);
    struct indicator_origin origin = {.file = reading->file->shown,
                                      .id = indicator_kept(reading, id),
                                      .about = indicator_kept(reading, about),
                                      .level = LEVEL_HIGH};
    return indicator_set_origin(reading->set, &origin);
}

static void take_values(struct table *table)
{
    struct indicator_reading *reading = table->reading;
    struct str type = cell_of(table, ROLE_TYPE), to_ids = cell_of(table, ROLE_TO_IDS);
    uint32_t origin = INDICATOR_NONE;

    if (str_eq(to_ids, STR("0")) || str_eq_nocase(to_ids, STR("false"))) {
        indicator_remark(reading, INDICATOR_IGNORED, STR("not meant for detection (to_ids)"),
                         cell_of(table, ROLE_VALUE));
        return;
    }
    for (uint32_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if (column->role != ROLE_VALUE || table->cells[i].len == 0)
            continue;
        if (origin == INDICATOR_NONE)
            origin = origin_of(table);
        if (column->general && type.len > 0)
            indicator_take_typed(reading, type, table->cells[i], origin);
        else
            indicator_take(reading, column->kind, table->cells[i], origin);
    }
}

bool indicator_read_csv(struct indicator_reading *reading, struct str text)
{
    struct table *table = ARENA_NEW(reading->scratch, struct table);

    table->reading = reading;
    if (!find_table(table, &text))
        return false;
    for (;;) {
        struct arena_mark mark = arena_mark(reading->scratch);
        bool comment = text.len > 0 && text.at[0] == '#';
        if (!take_row(table, &text))
            break;
        if (table->broken_quote)
            indicator_remark(reading, INDICATOR_UNUSABLE, STR("in a row that a quote never ends"),
                             table->cells[0]);
        else if (!comment && !is_empty_row(table))
            take_values(table);
        arena_rewind(reading->scratch, mark);
    }
    return true;
}
