/* w3c.c - the W3C extended log file format (https://www.w3.org/TR/WD-logfile.html), as IIS,
 * HTTP.SYS, the Windows firewall, proxies and content networks write it.
 *
 * A `#Fields` line names the values of the records behind it; it may come again, with other names.
 * So a file is cut only in front of a block of directives that says everything a piece needs.
 *
 * Writers do not quote as the specification asks: IIS leaves quotes as they are and puts `+` for
 * blanks (but not in user names); others do quote. A record is split in the way that gives as many
 * values as there are names. */
#include "codec/time_text.h"
#include "core/ensure.h"
#include "formats/web_request.h"

#include <stdlib.h>
#include <string.h>

/* IIS with every field on has 30 names in less than 500 bytes. */
#define COLUMNS_MAX 256u
#define FIELDS_LINE_BYTES_MAX (64u << 10)
#define LAYOUT_BYTES ((size_t)2 << 20)
#define PROBE_RECORDS 32u
#define SECONDS_PER_DAY 86400
#define NS_PER_S 1000000000ll

/* Columns with a meaning of their own. */
enum role {
    ROLE_DATE,
    ROLE_TIME,
    ROLE_METHOD,
    ROLE_STEM,
    ROLE_QUERY,
    ROLE_URI,
    ROLE_SCHEME,
    ROLE_HOST,
    ROLE_URI_PORT,
    ROLE_VERSION,
    ROLE_STATUS,
    ROLE_CLIENT,
    ROLE_PORT,
    ROLE_USER,
    ROLE_SITE,
    ROLE_COMPUTER,
    ROLES,
    ROLE_NONE = ROLES
};

static const struct {
    struct str name;
    enum role role;
} roles[] = {
    {STR_INIT("date"), ROLE_DATE},
    {STR_INIT("time"), ROLE_TIME},
    {STR_INIT("cs-method"), ROLE_METHOD},
    {STR_INIT("cs-uri-stem"), ROLE_STEM},
    {STR_INIT("cs-uri-path"), ROLE_STEM},
    {STR_INIT("cs-uri-query"), ROLE_QUERY},
    {STR_INIT("cs-uri"), ROLE_URI},
    {STR_INIT("cs-uri-scheme"), ROLE_SCHEME},
    {STR_INIT("cs-host"), ROLE_HOST},
    {STR_INIT("cs-uri-port"), ROLE_URI_PORT},
    {STR_INIT("cs-version"), ROLE_VERSION},
    {STR_INIT("sc-status"), ROLE_STATUS},
    {STR_INIT("c-ip"), ROLE_CLIENT},
    {STR_INIT("s-port"), ROLE_PORT},
    {STR_INIT("cs-username"), ROLE_USER},
    {STR_INIT("s-sitename"), ROLE_SITE},
    {STR_INIT("s-computername"), ROLE_COMPUTER},
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

struct column {
    struct text_name own;
    const struct text_name *name; /* its own, or that of an earlier column of the same name */
    struct text_name blanks;      /* of a header: with blanks for `+` */
    bool header;
};

struct reader {
    const struct field_dictionary *fields;
    struct text_lines lines;
    struct web_names web;
    struct text_record record;

    struct arena *layout; /* what the last #Fields line says */
    struct str fields_line;
    struct column *columns;
    uint32_t column_count;
    uint32_t at[ROLES]; /* column + 1; 0: there is none */
    bool other;         /* no HTTP log */

    /* of records that hold no date: the day goes on where the time starts over */
    int64_t day_ns, last_ns;
    bool has_day;

    struct buf clock; /* of the last record, and what it means */
    int64_t clock_ns;
};

/* A record's values; behind the last name's one more, to tell that there are too many. */
struct values {
    uint32_t count;
    struct str at[COLUMNS_MAX + 1];
};

/* ---- splitting ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct str trim_blanks(struct str s)
{
    size_t at = 0;

    while (at < s.len && is_blank(s.at[at]))
        at++;
    while (s.len > at && is_blank(s.at[s.len - 1]))
        s.len--;
    return str_slice(s, at, s.len);
}

/* At each run of `blank`; count is COLUMNS_MAX + 1 if there are more values than names may be. */
static void split_runs(struct str line, char blank, struct values *values)
{
    const char *at = line.at, *end = line.at + line.len;

    values->count = 0;
    for (;;) {
        while (at < end && *at == blank)
            at++;
        if (at == end)
            return;
        const char *stop = memchr(at, blank, (size_t)(end - at));
        stop = stop ? stop : end;
        values->at[values->count++] = (struct str){at, (size_t)(stop - at)};
        if (values->count > COLUMNS_MAX)
            return;
        at = stop;
    }
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

static void split_slowly(struct str line, enum split how, struct values *values)
{
    size_t at = 0;

    values->count = 0;
    while (values->count <= COLUMNS_MAX) {
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

static struct str value_at(const struct reader *reader, const struct values *values, enum role role)
{
    return reader->at[role] ? values->at[reader->at[role] - 1] : STR_EMPTY;
}

static bool is_dash(struct str s)
{
    return s.len == 1 && s.at[0] == '-';
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_digit(s.at[i]))
            return false;
    return s.len > 0;
}

/* Do the values stand where they belong? */
static bool is_plausible(const struct reader *reader, const struct values *values)
{
    static const enum role numbers[] = {ROLE_STATUS, ROLE_PORT};

    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        struct str value = value_at(reader, values, numbers[i]);
        if (reader->at[numbers[i]] && !is_dash(value) && !is_number(value))
            return false;
    }
    struct str client = value_at(reader, values, ROLE_CLIENT);
    return client.len == 0 || is_dash(client) || str_find_byte(client, '.') < client.len ||
           str_find_byte(client, ':') < client.len;
}

/* IIS writes user names with their blanks. */
static bool join_user(const struct reader *reader, struct values *values)
{
    uint32_t at = reader->at[ROLE_USER];

    if (at == 0 || values->count <= reader->column_count || values->count > COLUMNS_MAX)
        return false;
    uint32_t extra = values->count - reader->column_count;
    struct str first = values->at[at - 1], last = values->at[at - 1 + extra];
    values->at[at - 1] = (struct str){first.at, (size_t)(last.at + last.len - first.at)};
    values->count = reader->column_count;
    for (uint32_t i = at; i < values->count; i++)
        values->at[i] = values->at[i + extra];
    return is_plausible(reader, values);
}

static bool split_record(const struct reader *reader, struct str line, struct values *values)
{
    static const enum split ways[] = {SPLIT_QUOTED, SPLIT_EACH_BLANK};
    struct values most;

    if (str_find_byte(line, '\t') < line.len) {
        split_slowly(line, SPLIT_EACH_TAB, values);
        if (values->count == reader->column_count)
            return true;
    }
    line = trim_blanks(line);
    split_runs(line, ' ', values);
    if (values->count == reader->column_count)
        return true;
    most = *values;
    for (size_t i = 0; i < ARRAY_COUNT(ways); i++) {
        split_slowly(line, ways[i], values);
        if (values->count == reader->column_count)
            return true;
    }
    *values = most;
    return join_user(reader, values);
}

/* ---- directives ---- */

static bool take_directive(struct str line, const char *name, struct str *value)
{
    struct str start = str_from(name);

    if (!str_eq_nocase(str_slice(line, 0, start.len), start))
        return false;
    *value = trim_blanks(str_slice(line, start.len, line.len));
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

static void init_column(struct reader *reader, struct column *column, struct str name,
                        uint32_t number)
{
    struct str lower = lower_name(reader->layout, name, false);

    column->header = is_header(name);
    column->name = &column->own;
    for (uint32_t i = number; i-- > 0;)
        if (str_eq(reader->columns[i].own.name, name))
            column->name = &reader->columns[i].own;
    text_name_init(&column->own, reader->fields, name);
    if (column->header)
        text_name_also(&column->own, reader->fields, lower_name(reader->layout, name, true));
    for (size_t i = 0; i < ARRAY_COUNT(aliases); i++)
        if (str_eq(aliases[i].name, lower))
            text_name_also(&column->own, reader->fields, aliases[i].also);
    column->blanks = column->own;
    column->blanks.unseen = true;
    for (size_t i = 0; i < ARRAY_COUNT(roles); i++)
        if (str_eq(roles[i].name, lower) && reader->at[roles[i].role] == 0)
            reader->at[roles[i].role] = number + 1;
    reader->other |= str_eq(lower, STR("x-session")) || str_eq(lower, STR("x-fullpath"));
}

static void forget_layout(struct reader *reader)
{
    arena_reset(reader->layout);
    reader->fields_line = STR_EMPTY;
    reader->columns = NULL;
    reader->column_count = 0;
    reader->other = false;
    for (unsigned role = 0; role < ROLES; role++)
        reader->at[role] = 0;
}

static const char *read_fields(struct reader *reader, struct str text)
{
    struct values names;

    if (str_eq(text, reader->fields_line))
        return NULL;
    forget_layout(reader);
    if (text.len > FIELDS_LINE_BYTES_MAX)
        return "a #Fields line of more than 64 KiB";
    text = arena_str(reader->layout, text);
    split_slowly(text, SPLIT_QUOTED, &names);
    if (names.count == 0)
        return "a #Fields line without names";
    if (names.count > COLUMNS_MAX)
        return "a #Fields line with more than 256 names";
    reader->fields_line = text;
    reader->columns = ARENA_ARRAY(reader->layout, struct column, names.count);
    reader->column_count = names.count;
    for (uint32_t i = 0; i < names.count; i++)
        init_column(reader, &reader->columns[i], names.at[i], i);
    bool target = reader->at[ROLE_STEM] || reader->at[ROLE_URI];
    reader->other |= !reader->at[ROLE_METHOD] || !target;
    return NULL;
}

static void read_date(struct reader *reader, struct str text)
{
    bool has_zone;

    reader->has_day = time_parse(text, &reader->last_ns, &has_zone);
    if (reader->has_day) {
        int64_t day = reader->last_ns / (SECONDS_PER_DAY * NS_PER_S);
        day -= reader->last_ns < 0 && reader->last_ns % (SECONDS_PER_DAY * NS_PER_S) != 0;
        reader->day_ns = day * SECONDS_PER_DAY * NS_PER_S;
    }
}

/* NULL, or what is wrong with the line. */
static const char *read_directive(struct reader *reader, struct str line)
{
    struct str value;

    if (take_directive(line, "#Fields:", &value))
        return read_fields(reader, value);
    if (take_directive(line, "#Date:", &value))
        read_date(reader, value);
    else if (str_find_byte(line, ':') == line.len)
        return "neither a record nor a directive";
    return NULL;
}

/* ---- records ---- */

/* The text between the quotes, two of which stand for one. */
static struct str take_value(struct event *event, struct str s)
{
    if (s.len < 2 || s.at[s.len - 1] != '"')
        return s;
    struct str inside = str_slice(s, 1, s.len - 1);
    if (str_find(inside, STR("\"\"")) == inside.len)
        return inside;
    char *out = arena_alloc_bytes(event->arena, inside.len);
    size_t len = 0;
    for (size_t i = 0; i < inside.len; i++) {
        out[len++] = inside.at[i];
        i += inside.at[i] == '"' && i + 1 < inside.len && inside.at[i + 1] == '"';
    }
    return (struct str){out, len};
}

static void add_with_blanks(struct reader *reader, struct event *event, const struct column *column,
                            struct str value)
{
    if (!text_name_is_wanted(&column->blanks) || str_find_byte(value, '+') == value.len)
        return;
    char *out = arena_alloc_bytes(event->arena, value.len);
    for (size_t i = 0; i < value.len; i++)
        out[i] = value.at[i] == '+' ? ' ' : value.at[i];
    text_record_add(&reader->record, &column->blanks, value_string((struct str){out, value.len}));
}

static void add_values(struct reader *reader, struct event *event, struct values *values)
{
    for (uint32_t i = 0; i < values->count; i++) {
        const struct column *column = &reader->columns[i];
        bool quoted = values->at[i].len > 0 && values->at[i].at[0] == '"';
        if (is_dash(values->at[i])) {
            values->at[i] = STR_EMPTY;
            continue;
        }
        if (quoted)
            values->at[i] = take_value(event, values->at[i]);
        text_record_add(&reader->record, column->name, text_value_of(values->at[i]));
        if (column->header && !quoted)
            add_with_blanks(reader, event, column, values->at[i]);
    }
}

/* Of a time of day and the last #Date. */
static bool time_of_day(struct reader *reader, struct str text, int64_t *time_ns)
{
    bool has_zone;

    buf_reset(&reader->clock);
    buf_add(&reader->clock, STR("1970-01-01 "));
    buf_add(&reader->clock, text);
    bool good = reader->has_day && !reader->clock.full &&
                time_parse(buf_str(&reader->clock), time_ns, &has_zone) &&
                !__builtin_add_overflow(reader->day_ns, *time_ns, time_ns);
    buf_reset(&reader->clock);
    if (!good)
        return false;
    if (reader->last_ns - *time_ns > SECONDS_PER_DAY / 2 * NS_PER_S) {
        reader->day_ns += SECONDS_PER_DAY * NS_PER_S;
        *time_ns += SECONDS_PER_DAY * NS_PER_S;
    }
    reader->last_ns = *time_ns;
    return true;
}

static bool time_of(struct reader *reader, const struct values *values, int64_t *time_ns)
{
    struct str date = value_at(reader, values, ROLE_DATE);
    struct str time = value_at(reader, values, ROLE_TIME);
    struct str last = buf_str(&reader->clock);
    bool has_zone;

    if (date.len == 0)
        return time.len > 0 && time_of_day(reader, time, time_ns);
    if (last.len == date.len + 1 + time.len && str_starts_with(last, date) &&
        str_ends_with(last, time)) {
        *time_ns = reader->clock_ns;
        return true;
    }
    buf_reset(&reader->clock);
    buf_add(&reader->clock, date);
    buf_add_char(&reader->clock, ' ');
    buf_add(&reader->clock, time);
    if (reader->clock.full || !time_parse(buf_str(&reader->clock), time_ns, &has_zone)) {
        buf_reset(&reader->clock);
        return false;
    }
    reader->clock_ns = *time_ns;
    return true;
}

/* IIS logs FTP and mail in this format too, some of it with the same names. */
static bool is_http(const struct reader *reader, const struct values *values)
{
    static const struct str services[] = {STR_INIT("MSFTPSVC"), STR_INIT("FTPSVC"),
                                          STR_INIT("SMTPSVC"), STR_INIT("NNTPSVC")};
    struct str method = value_at(reader, values, ROLE_METHOD);
    struct str version = value_at(reader, values, ROLE_VERSION);
    struct str site = value_at(reader, values, ROLE_SITE);

    if (reader->other || str_starts_with(method, STR("[")) ||
        (version.len > 0 && !str_starts_with(version, STR("HTTP"))))
        return false;
    for (size_t i = 0; i < ARRAY_COUNT(services); i++)
        if (str_starts_with(site, services[i]))
            return false;
    return true;
}

/* A text made of several. */
static struct str join(struct event *event, const struct str *parts, uint32_t count)
{
    size_t len = 0;

    for (uint32_t i = 0; i < count; i++)
        len += parts[i].len;
    char *out = arena_alloc_bytes(event->arena, len), *to = out;
    for (uint32_t i = 0; i < count; i++)
        for (size_t k = 0; k < parts[i].len; k++)
            *to++ = parts[i].at[k];
    return (struct str){out, len};
}

/* The whole target, from what the log has of it. */
static struct str whole_target(const struct reader *reader, struct event *event,
                               const struct values *values, struct str from_stem)
{
    struct str scheme = value_at(reader, values, ROLE_SCHEME);
    struct str host = value_at(reader, values, ROLE_HOST);
    struct str port = value_at(reader, values, ROLE_URI_PORT);

    if (scheme.len == 0 || host.len == 0)
        return from_stem;
    const struct str parts[] = {scheme, STR("://"), host, port.len > 0 ? STR(":") : STR_EMPTY,
                                port,   from_stem};
    return join(event, parts, ARRAY_COUNT(parts));
}

static void add_target(struct reader *reader, struct event *event, const struct values *values)
{
    struct str uri = value_at(reader, values, ROLE_URI);
    struct str query = value_at(reader, values, ROLE_QUERY);
    struct web_target target = {.scheme = STR_EMPTY, .host = STR_EMPTY};
    unsigned printed = 0;

    if (uri.len > 0) {
        target = web_target_split(uri);
        printed |= WEB_URI;
    }
    if (reader->at[ROLE_STEM]) {
        target.stem = value_at(reader, values, ROLE_STEM);
        /* some proxies write the question mark as well */
        target.has_query = query.len > 0;
        target.query = str_starts_with(query, STR("?")) ? str_slice(query, 1, query.len) : query;
        const struct str parts[] = {target.stem, STR("?"), target.query};
        target.from_stem = target.has_query ? join(event, parts, 3) : target.stem;
        printed |= WEB_STEM | (target.query.at == query.at ? WEB_QUERY : 0u);
    }
    if (uri.len == 0)
        target.whole = whole_target(reader, event, values, target.from_stem);
    if (target.whole.len > 0)
        web_target_add(&reader->web, &target, printed, &reader->record);
}

static void fill_event(struct reader *reader, struct event *event, struct values *values)
{
    int64_t time_ns;

    reader->record.count = reader->record.dropped = 0;
    add_values(reader, event, values);
    if (time_of(reader, values, &time_ns)) {
        event->time_ns = time_ns;
        event->has_time = true;
    }
    if (is_http(reader, values))
        add_target(reader, event, values);
    event->host = value_at(reader, values, ROLE_COMPUTER);
    if (event->host.len == 0)
        event->host = value_at(reader, values, ROLE_SITE);
    text_record_fill(&reader->record, event);
}

static enum step w3c_next(struct reader *reader, struct window *window, struct event *event,
                          struct damage *damage)
{
    struct text_line line;
    struct values values;

    for (;;) {
        enum step step = text_lines_next(&reader->lines, window, &line, damage);
        if (step != STEP_EVENT)
            return step;
        if (line.text.len > 0 && line.text.at[0] == '#') {
            const char *why = read_directive(reader, line.text);
            if (why)
                return text_line_lost(&line, why, damage);
        } else if (str_trim(line.text).len > 0) {
            break;
        }
    }
    if (reader->column_count == 0)
        return text_line_lost(&line, "no #Fields line before it that can be used", damage);
    if (!split_record(reader, line.text, &values))
        return text_line_lost(&line, "not as many values as the #Fields line has names", damage);
    text_event_begin(event, &line);
    fill_event(reader, event, &values);
    return STEP_EVENT;
}

/* ---- reader ---- */

static struct reader *w3c_reader_new(const struct field_dictionary *fields,
                                     const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    (void)options;
    ENSURE(reader);
    reader->fields = fields;
    reader->layout = arena_new("names of a W3C log", LAYOUT_BYTES);
    text_lines_init(&reader->lines);
    buf_init(&reader->clock, 64);
    web_names_init(&reader->web, fields);
    forget_layout(reader);
    return reader;
}

static void w3c_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    arena_free(reader->layout);
    text_lines_free(&reader->lines);
    buf_free(&reader->clock);
    free(reader);
}

static void w3c_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)carry;
    (void)offset;
    text_lines_begin(&reader->lines);
    forget_layout(reader);
    reader->has_day = false;
}

static void w3c_render(struct reader *reader, struct event *event, struct buf *json)
{
    (void)event;
    text_record_render(&reader->record, json);
}

static uint64_t w3c_lines(const struct reader *reader)
{
    return reader->lines.count;
}

/* ---- the head of a file, and where it may be cut ---- */

/* How many names the line has. They are separated by blanks, not by commas as in the logs of
 * Exchange, and some are those of the specification: "time", "cs-method", "cs(User-Agent)". */
static uint32_t count_names(struct str line)
{
    struct values names;
    struct str text;
    bool known = false;

    if (!take_directive(line, "#Fields:", &text) || str_find_byte(text, ',') < text.len)
        return 0;
    split_slowly(text, SPLIT_QUOTED, &names);
    for (uint32_t i = 0; i < names.count; i++)
        known |= str_eq_nocase(names.at[i], STR("time")) ||
                 str_eq_nocase(names.at[i], STR("date")) || is_header(names.at[i]) ||
                 str_find_byte(names.at[i], '-') < names.at[i].len;
    return known ? names.count : 0;
}

static bool is_record(struct str line, uint32_t names)
{
    struct values values;

    split_runs(trim_blanks(line), str_find_byte(line, '\t') < line.len ? '\t' : ' ', &values);
    return values.count >= names;
}

static int w3c_probe(struct str head)
{
    struct str line;
    bool directives_first = true;
    uint32_t names = 0, records = 0, fit = 0;

    while (records < PROBE_RECORDS && text_head_line(&head, &line)) {
        if (str_trim(line).len == 0)
            continue;
        if (line.at[0] == '#' && names == 0)
            names = count_names(line);
        if (line.at[0] == '#')
            continue;
        directives_first &= names > 0;
        records += names > 0;
        fit += names > 0 && is_record(line, names);
    }
    if (names == 0 || (records > 0 && fit == 0))
        return 0;
    return directives_first ? 95 : 60;
}

static size_t line_end(struct str bytes, size_t at)
{
    size_t end = at + str_find_byte(str_slice(bytes, at, bytes.len), '\n');

    return end < bytes.len ? end + 1 : bytes.len;
}

/* Does the block of directives that starts here say all? *next: behind the block. */
static bool block_is_whole(struct str bytes, size_t at, size_t *next)
{
    bool fields = false, date = false;
    struct str value;

    while (at < bytes.len && bytes.at[at] == '#') {
        size_t end = line_end(bytes, at);
        struct str line = str_slice(bytes, at, end);
        if (take_directive(line, "#Fields:", &value)) {
            fields = true;
            for (struct str rest = value; rest.len > 0;)
                date |= str_eq_nocase(str_cut(&rest, ' '), STR("date"));
        }
        date |= take_directive(line, "#Date:", &value);
        at = end;
    }
    *next = at;
    return fields && date && at < bytes.len;
}

static ptrdiff_t w3c_cut(const struct carry *carry, struct str bytes)
{
    size_t at = line_end(bytes, 0);

    (void)carry;
    while (at < bytes.len) {
        at += str_find_byte(str_slice(bytes, at, bytes.len), '#');
        if (at >= bytes.len)
            break;
        size_t begin = at;
        if (bytes.at[begin - 1] != '\n')
            at++;
        else if (block_is_whole(bytes, begin, &at))
            return (ptrdiff_t)begin;
    }
    return -1;
}

const struct format format_w3c = {
    .name = "w3c",
    .about = "W3C extended log files: IIS, HTTP.SYS, Windows firewall, proxies, content networks",
    .line_or_record = "line",
    .probe = w3c_probe,
    .cut_begin = 0,
    .cut_unit = CUT_BYTES,
    .cut = w3c_cut,
    .reader_new = w3c_reader_new,
    .reader_free = w3c_reader_free,
    .reader_begin = w3c_reader_begin,
    .next = w3c_next,
    .render = w3c_render,
    .lines = w3c_lines,
};
