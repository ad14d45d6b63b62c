/* w3c_split.c - a record in values.
 *
 * Writers do not quote as the specification asks: IIS leaves quotes as they are and puts `+` for
 * blanks (but not in user names); others do quote. A record is split in the way that gives as many
 * values as there are names. */
#include "formats/w3c_priv.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct str w3c_trim(struct str s)
{
    size_t at = 0;

    while (at < s.len && is_blank(s.at[at]))
        at++;
    while (s.len > at && is_blank(s.at[s.len - 1]))
        s.len--;
    return str_slice(s, at, s.len);
}

/* Stops at one value more than names may be. */
void w3c_split_runs(struct str line, char blank, struct w3c_values *values)
{
    values->count = (uint32_t)str_split_runs(line, blank, values->at, W3C_COLUMNS_MAX + 1);
}

/* The end of what a quote at `at` opens: a quote with a blank or nothing behind it that is not one
 * of two; line.len if there is none. */
static size_t quote_end(struct str line, size_t at)
{
    for (at++; at < line.len; at++) {
        if (line.at[at] != '"')
            continue;
        if (at + 1 == line.len || is_blank(line.at[at + 1]))
            return at + 1;
        at += line.at[at + 1] == '"';
    }
    return line.len;
}

enum split { SPLIT_QUOTED, SPLIT_EACH_BLANK, SPLIT_EACH_TAB };

static void split_slowly(struct str line, enum split how, struct w3c_values *values)
{
    size_t at = 0;

    values->count = 0;
    while (values->count <= W3C_COLUMNS_MAX) {
        while (how == SPLIT_QUOTED && at < line.len && is_blank(line.at[at]))
            at++;
        if (how == SPLIT_QUOTED && at == line.len)
            return;
        size_t end = at;
        if (how == SPLIT_QUOTED && line.at[at] == '"')
            end = quote_end(line, at);
        else
            while (end < line.len &&
                   (how == SPLIT_EACH_TAB ? line.at[end] != '\t' : !is_blank(line.at[end])))
                end++;
        values->at[values->count++] = str_slice(line, at, end);
        if (end == line.len)
            return;
        at = end + 1;
    }
}

void w3c_split_quoted(struct str line, struct w3c_values *values)
{
    split_slowly(line, SPLIT_QUOTED, values);
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_digit(s.at[i]))
            return false;
    return s.len > 0;
}

/* Do the values stand where they belong? */
static bool is_plausible(const struct w3c_layout *layout, const struct w3c_values *values)
{
    static const enum w3c_role numbers[] = {W3C_STATUS, W3C_PORT};

    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        struct str value = w3c_value(layout, values, numbers[i]);
        if (layout->at[numbers[i]] && !w3c_is_dash(value) && !is_number(value))
            return false;
    }
    struct str client = w3c_value(layout, values, W3C_CLIENT);
    return client.len == 0 || w3c_is_dash(client) || str_find_byte(client, '.') < client.len ||
           str_find_byte(client, ':') < client.len;
}

/* IIS writes user names with their blanks. */
static bool join_user(const struct w3c_layout *layout, struct w3c_values *values)
{
    uint32_t at = layout->at[W3C_USER];

    if (at == 0 || values->count <= layout->column_count || values->count > W3C_COLUMNS_MAX)
        return false;
    uint32_t extra = values->count - layout->column_count;
    struct str first = values->at[at - 1], last = values->at[at - 1 + extra];
    values->at[at - 1] = (struct str){first.at, (size_t)(last.at + last.len - first.at)};
    values->count = layout->column_count;
    for (uint32_t i = at; i < values->count; i++)
        values->at[i] = values->at[i + extra];
    return is_plausible(layout, values);
}

bool w3c_split(const struct w3c_layout *layout, struct str line, struct w3c_values *values)
{
    static const enum split ways[] = {SPLIT_QUOTED, SPLIT_EACH_BLANK};
    struct w3c_values most UNINITIALISED;

    if (str_find_byte(line, '\t') < line.len) {
        split_slowly(line, SPLIT_EACH_TAB, values);
        if (values->count == layout->column_count)
            return true;
    }
    line = w3c_trim(line);
    w3c_split_runs(line, ' ', values);
    if (values->count == layout->column_count)
        return true;
    most.count = values->count;
    for (uint32_t i = 0; i < most.count; i++)
        most.at[i] = values->at[i];
    for (size_t i = 0; i < ARRAY_COUNT(ways); i++) {
        split_slowly(line, ways[i], values);
        if (values->count == layout->column_count)
            return true;
    }
    values->count = most.count;
    for (uint32_t i = 0; i < most.count; i++)
        values->at[i] = most.at[i];
    return join_user(layout, values);
}
