/* w3c_layout.c - what a #Fields line says: the names of the values behind it. */
#include "formats/w3c_priv.h"

#define LAYOUT_BYTES ((size_t)2 << 20)

static const struct {
    struct str name;
    enum w3c_role role;
} roles[] = {
    {STR_INIT("date"), W3C_DATE},
    {STR_INIT("time"), W3C_TIME},
    {STR_INIT("cs-method"), W3C_METHOD},
    {STR_INIT("cs-uri-stem"), W3C_STEM},
    {STR_INIT("cs-uri-path"), W3C_STEM},
    {STR_INIT("cs-uri-query"), W3C_QUERY},
    {STR_INIT("cs-uri"), W3C_URI},
    {STR_INIT("cs-uri-scheme"), W3C_SCHEME},
    {STR_INIT("cs-host"), W3C_HOST},
    {STR_INIT("cs-uri-port"), W3C_URI_PORT},
    {STR_INIT("cs-version"), W3C_VERSION},
    {STR_INIT("sc-status"), W3C_STATUS},
    {STR_INIT("c-ip"), W3C_CLIENT},
    {STR_INIT("s-port"), W3C_PORT},
    {STR_INIT("cs-username"), W3C_USER},
    {STR_INIT("s-sitename"), W3C_SITE},
    {STR_INIT("s-computername"), W3C_COMPUTER},
};

/* Other names that rules have for the same. */
static const struct {
    struct str name, also;
} aliases[] = {
    {STR_INIT("cs(user-agent)"), STR_INIT("c-useragent")},
    {STR_INIT("cs-uri-path"), STR_INIT("cs-uri-stem")},
    {STR_INIT("cs-uri"), STR_INIT("c-uri")},
    {STR_INIT("cs-uri-extension"), STR_INIT("c-uri-extension")},
    {STR_INIT("r-host"), STR_INIT("cs-host")},
    {STR_INIT("c-agent"), STR_INIT("c-useragent")},
    {STR_INIT("c-agent"), STR_INIT("cs-user-agent")},
    {STR_INIT("cs-referred"), STR_INIT("cs-referer")},
};

bool w3c_directive(struct str line, struct str start, struct str *value)
{
    if (!str_eq_nocase(str_slice(line, 0, start.len), start))
        return false;
    *value = w3c_trim(str_slice(line, start.len, line.len));
    return true;
}

/* "cs(User-Agent)": a header; "cs-user-agent" is what rules call it. */
static bool is_header(struct str name)
{
    return str_ends_with(name, STR(")")) && str_find_byte(name, '(') < name.len;
}

static struct str lower_name(struct arena *arena, struct str name, bool header)
{
    char *out = arena_alloc_bytes(arena, name.len);
    size_t len = 0;

    for (size_t i = 0; i < name.len; i++) {
        char c = ascii_lower(name.at[i]);
        if (!header || c != ')')
            out[len++] = header && c == '(' ? '-' : c;
    }
    return (struct str){out, len};
}

static void init_column(struct w3c_layout *layout, struct w3c_column *column, struct str name,
                        uint32_t number)
{
    struct str lower = lower_name(layout->arena, name, false);

    column->header = is_header(name);
    column->name = &column->own;
    for (uint32_t i = number; i-- > 0;)
        if (str_eq(layout->columns[i].own.name, name))
            column->name = &layout->columns[i].own;
    text_name_init(&column->own, layout->fields, name);
    if (column->header)
        text_name_also(&column->own, layout->fields, lower_name(layout->arena, name, true));
    for (size_t i = 0; i < ARRAY_COUNT(aliases); i++)
        if (str_eq(aliases[i].name, lower))
            text_name_also(&column->own, layout->fields, aliases[i].also);
    column->blanks = column->own;
    column->blanks.unseen = true;
    for (size_t i = 0; i < ARRAY_COUNT(roles); i++)
        if (str_eq(roles[i].name, lower) && layout->at[roles[i].role] == 0)
            layout->at[roles[i].role] = number + 1;
    layout->other |= str_eq(lower, STR("x-session")) || str_eq(lower, STR("x-fullpath"));
}

void w3c_layout_forget(struct w3c_layout *layout)
{
    arena_reset(layout->arena);
    layout->line = STR_EMPTY;
    layout->columns = NULL;
    layout->column_count = 0;
    layout->other = false;
    for (unsigned role = 0; role < W3C_ROLES; role++)
        layout->at[role] = 0;
}

const char *w3c_layout_read(struct w3c_layout *layout, struct str text)
{
    struct w3c_values names;

    if (str_eq(text, layout->line))
        return NULL;
    w3c_layout_forget(layout);
    if (text.len > W3C_FIELDS_LINE_BYTES_MAX)
        return "a #Fields line of more than 64 KiB";
    text = arena_str(layout->arena, text);
    w3c_split_quoted(text, &names);
    if (names.count == 0)
        return "a #Fields line without names";
    if (names.count > W3C_COLUMNS_MAX)
        return "a #Fields line with more than 256 names";
    layout->line = text;
    layout->columns = ARENA_ARRAY(layout->arena, struct w3c_column, names.count);
    layout->column_count = names.count;
    for (uint32_t i = 0; i < names.count; i++)
        init_column(layout, &layout->columns[i], names.at[i], i);
    bool target = layout->at[W3C_STEM] || layout->at[W3C_URI];
    layout->other |= !layout->at[W3C_METHOD] || !target;
    return NULL;
}

void w3c_layout_init(struct w3c_layout *layout, const struct field_dictionary *fields)
{
    *layout = (struct w3c_layout){.fields = fields, .arena = arena_new("W3C names", LAYOUT_BYTES)};
    w3c_layout_forget(layout);
}

void w3c_layout_free(struct w3c_layout *layout)
{
    arena_free(layout->arena);
}

/* Commas separate the names in logs of Exchange, which are no such logs. */
uint32_t w3c_count_names(struct str line)
{
    struct w3c_values names;
    struct str text;
    bool known = false;

    if (!w3c_directive(line, STR("#Fields:"), &text) || str_find_byte(text, ',') < text.len)
        return 0;
    w3c_split_quoted(text, &names);
    for (uint32_t i = 0; i < names.count; i++)
        known |= str_eq_nocase(names.at[i], STR("time")) ||
                 str_eq_nocase(names.at[i], STR("date")) || is_header(names.at[i]) ||
                 str_find_byte(names.at[i], '-') < names.at[i].len;
    return known ? names.count : 0;
}
