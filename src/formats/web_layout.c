/* web_layout.c - see web_layout.h. */
#include "formats/web_layout.h"

#include "codec/time_text.h"
#include "core/ensure.h"

#include <stdio.h>

struct taken {
    struct str values[LAYOUT_PARTS_MAX];
    int64_t time_ns;
    bool has_time, has_zone;
};

static const struct {
    struct str name;
    enum layout_value value;
} values[] = {
    {STR_INIT("time"), LAYOUT_TIME},       {STR_INIT("day"), LAYOUT_DAY},
    {STR_INIT("clock"), LAYOUT_CLOCK},     {STR_INIT("client"), LAYOUT_CLIENT},
    {STR_INIT("port"), LAYOUT_PORT},       {STR_INIT("user"), LAYOUT_USER},
    {STR_INIT("host"), LAYOUT_HOST},       {STR_INIT("request"), LAYOUT_REQUEST},
    {STR_INIT("method"), LAYOUT_METHOD},   {STR_INIT("target"), LAYOUT_TARGET},
    {STR_INIT("version"), LAYOUT_VERSION}, {STR_INIT("status"), LAYOUT_STATUS},
    {STR_INIT("bytes"), LAYOUT_BYTES},     {STR_INIT("referer"), LAYOUT_REFERER},
    {STR_INIT("agent"), LAYOUT_AGENT},     {STR_INIT("message"), LAYOUT_MESSAGE},
    {STR_INIT(""), LAYOUT_NOTHING},
};

static const struct {
    const char *name, *about;
    struct str pattern;
} table[] = {
#define LAYOUT(name, about, pattern) {name, about, STR_INIT(pattern)},
#include "formats/web_layouts.def"
#undef LAYOUT
};

_Static_assert(ARRAY_COUNT(table) <= LAYOUTS_MAX, "LAYOUTS_MAX in web_layout.h");

static enum layout_value value_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(values); i++)
        if (str_eq(name, values[i].name))
            return values[i].value;
    return LAYOUT_OTHER;
}

static void compile(struct layout *layout, struct str pattern,
                    const struct field_dictionary *fields)
{
    struct str rest = pattern;

    while (str_find_byte(rest, '{') < rest.len) {
        ENSURE(layout->count < LAYOUT_PARTS_MAX);
        struct layout_part *part = &layout->parts[layout->count++];
        part->before = str_cut(&rest, '{');
        struct str name = str_cut(&rest, '}');
        part->value = value_of(name);
        if (fields && (part->value == LAYOUT_OTHER || part->value == LAYOUT_MESSAGE))
            text_name_init(&part->name, fields, name);
    }
    layout->behind = rest;
}

void layouts_init(struct layouts *layouts, const struct field_dictionary *fields,
                  const struct time_zone *zone)
{
    layouts->count = ARRAY_COUNT(table);
    layouts->zone = zone;
    if (fields) {
        text_name_init(&layouts->client_port, fields, STR("c-port"));
        text_name_init(&layouts->rule_id, fields, STR("modsecurity_id"));
        text_name_init(&layouts->rule_message, fields, STR("modsecurity_msg"));
        text_name_init(&layouts->rule_severity, fields, STR("modsecurity_severity"));
    }
    for (uint32_t i = 0; i < layouts->count; i++) {
        layouts->at[i] = (struct layout){.about = table[i].about};
        compile(&layouts->at[i], table[i].pattern, fields);
    }
}

/* ---- a line against a layout ---- */

/* Text of the pattern, with blanks for one or more: how many bytes it takes; -1: it is not here. */
static ptrdiff_t skip_text(struct str line, struct str text)
{
    size_t at = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (at >= line.len || line.at[at] != text.at[i])
            return -1;
        at++;
        while (text.at[i] == ' ' && at < line.len && line.at[at] == ' ')
            at++;
    }
    return (ptrdiff_t)at;
}

/* Where the value ends: before the text that follows; line.len + 1: nowhere. */
static size_t value_end(struct str line, struct str next)
{
    bool quoted = next.len > 0 && next.at[0] == '"';
    size_t at = 0;

    if (next.len == 0)
        return line.len;
    for (;; at++) {
        at += str_find_byte(str_slice(line, at, line.len), next.at[0]);
        if (at >= line.len)
            return line.len + 1;
        if ((!quoted || !text_is_escaped(line, at)) &&
            skip_text(str_slice(line, at, line.len), next) >= 0)
            return at;
        if (!quoted && next.at[0] == ' ' && next.len == 1)
            return line.len + 1;
    }
}

static bool is_method(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < 'A' || text.at[i] > 'Z')
            return false;
    return text.len > 1 && text.len < 20;
}

static bool is_status(struct str text)
{
    uint64_t status;

    return str_eq(text, STR("-")) || str_eq(text, STR("-1")) ||
           (text.len <= 3 && str_to_u64(text, 999, &status));
}

/* "Fri Nov 27 10:00:00.123456 2026" of Apache, as RFC 3339 would have it. */
static bool parse_apache_time(struct str text, int64_t *time_ns)
{
    char clock[40];
    uint64_t day, year;
    struct str words[6];
    bool zone;

    if (str_split_runs(text, ' ', words, 6) != 5 || words[3].len > 20 ||
        !str_to_u64(words[2], 31, &day) || !str_to_u64(words[4], 9999, &year))
        return false;
    uint32_t month = time_month(words[1]);
    int len = snprintf(clock, sizeof(clock), "%04u-%02u-%02u %.*s", (unsigned)year, month,
                       (unsigned)day, STR_ARG(words[3]));
    return month > 0 && time_parse((struct str){clock, (size_t)len}, time_ns, &zone);
}

/* "09/Dec/2013:12:59:46.633" of HAProxy: without a zone. */
static bool parse_clock(struct str text, struct taken *taken)
{
    char clock[ACCESS_CLOCK_BYTES + 1];

    if (text.len == ACCESS_CLOCK_BYTES && access_clock_parse(text.at, &taken->time_ns))
        return taken->has_zone = true;
    if (text.len < 20 || text.len > 24)
        return false;
    str_copy(clock, str_slice(text, 0, 20));
    str_copy(clock + 20, STR(" +0000"));
    return access_clock_parse(clock, &taken->time_ns);
}

static bool take_time(struct str text, struct taken *taken)
{
    char plain[40];

    taken->has_zone = false;
    if (text.len == 0 || text.len >= sizeof(plain))
        return false;
    if (parse_clock(text, taken) || parse_apache_time(text, &taken->time_ns))
        return true;
    str_copy(plain, text);
    for (size_t i = 0; i < text.len; i++) /* "00:06:26,838", "2021/11/18" */
        plain[i] = plain[i] == ',' ? '.' : plain[i] == '/' ? '-' : plain[i];
    struct str changed = {plain, text.len};
    if (time_parse(changed, &taken->time_ns, &taken->has_zone))
        return true;
    taken->has_zone = true;
    return str_find_byte(text, '.') < text.len && text.len > 12 && ascii_is_digit(text.at[0]) &&
           time_from_number(text, &taken->time_ns);
}

static struct str day_and_clock(struct str day, struct str clock)
{
    return (struct str){day.at, (size_t)(clock.at + clock.len - day.at)};
}

static bool take_day_and_clock(const struct layout *layout, struct taken *taken)
{
    for (uint32_t i = 0; i + 1 < layout->count; i++)
        if (layout->parts[i].value == LAYOUT_DAY && layout->parts[i + 1].value == LAYOUT_CLOCK)
            return take_time(day_and_clock(taken->values[i], taken->values[i + 1]), taken);
    return false;
}

static bool fits(const struct layout_part *part, struct str value, struct taken *taken)
{
    switch (part->value) {
    case LAYOUT_TIME:
        return taken->has_time = take_time(value, taken);
    case LAYOUT_METHOD:
        return is_method(value);
    case LAYOUT_STATUS:
        return is_status(value);
    case LAYOUT_CLIENT:
    case LAYOUT_DAY:
        return value.len > 0 && str_find_byte(value, ' ') == value.len;
    case LAYOUT_CLOCK:
        return value.len > 0;
    default:
        return true;
    }
}

static bool match(const struct layout *layout, struct str line, struct taken *taken)
{
    taken->has_time = false;
    for (uint32_t i = 0; i < layout->count; i++) {
        const struct layout_part *part = &layout->parts[i];
        bool last = i + 1 == layout->count;
        struct str next = last ? layout->behind : layout->parts[i + 1].before;
        ptrdiff_t used = skip_text(line, part->before);
        if (used < 0)
            return false;
        line = str_slice(line, (size_t)used, line.len);
        size_t end = value_end(line, next);
        if (end > line.len)
            return false;
        taken->values[i] = str_slice(line, 0, end);
        if (!fits(part, taken->values[i], taken))
            return false;
        line = str_slice(line, end, line.len);
    }
    if (!taken->has_time)
        taken->has_time = take_day_and_clock(layout, taken);
    return taken->has_time && skip_text(line, layout->behind) >= 0;
}

/* ---- the record ---- */

static void add(struct text_record *record, const struct text_name *name, struct str text)
{
    if (text.len > 0 && !str_eq(text, STR("-")))
        text_record_add(record, name, value_string(text));
}

/* "192.0.2.1, 198.51.100.2": who sent it comes first; a port behind a blankless address goes. */
static void add_clients(struct access_reader *access, struct str text)
{
    while (text.len > 0) {
        struct str client = str_trim(str_cut(&text, ','));
        size_t colon = str_find_byte(client, ':');
        if (str_find_byte(client, '.') < colon)
            client = str_slice(client, 0, colon);
        add(&access->record, &access->names.client, client);
    }
}

/* `[id "949110"]` of ModSecurity. */
static void add_mark(struct text_record *record, const struct text_name *name, struct str message,
                     struct str mark)
{
    struct str text = str_slice(message, str_find(message, mark) + mark.len, message.len);

    add(record, name, str_slice(text, 0, str_find_byte(text, '"')));
}

/* What error logs say of the request, as `, client: 192.0.2.1, request: "..."`, and ModSecurity. */
static void add_from_message(const struct layouts *layouts, struct access_reader *access,
                             struct str message, struct arena *arena)
{
    size_t client = str_find(message, STR(", client: "));
    size_t request = str_find(message, STR("request: \""));
    struct str text;

    if (client < message.len) {
        text = str_slice(message, client + 10, message.len);
        add_clients(access, str_slice(text, 0, str_find_byte(text, ',')));
    }
    if (request < message.len) {
        text = str_slice(message, request + 10, message.len);
        access_add_request(access, str_slice(text, 0, str_find_byte(text, '"')), arena);
    }
    if (!str_contains(message, STR("ModSecurity:")))
        return;
    add_mark(&access->record, &layouts->rule_id, message, STR(" [id \""));
    add_mark(&access->record, &layouts->rule_message, message, STR(" [msg \""));
    add_mark(&access->record, &layouts->rule_severity, message, STR(" [severity \""));
}

static void add_value(const struct layouts *layouts, struct access_reader *access,
                      const struct layout_part *part, struct str text, struct event *event)
{
    struct text_record *record = &access->record;
    const struct access_names *names = &access->names;

    switch (part->value) {
    case LAYOUT_TIME:
        add(record, &names->clock, text);
        break;
    case LAYOUT_CLIENT:
        add_clients(access, text);
        break;
    case LAYOUT_PORT:
        access_add_number(record, &layouts->client_port, text);
        break;
    case LAYOUT_USER:
        add(record, &names->user, text);
        break;
    case LAYOUT_HOST:
        add(record, &names->host, text);
        break;
    case LAYOUT_REQUEST:
        if (!str_starts_with(text, STR("- "))) /* none came */
            access_add_request(access, text, event->arena);
        break;
    case LAYOUT_STATUS:
        access_add_number(record, &names->status, text);
        break;
    case LAYOUT_BYTES:
        access_add_number(record, &names->bytes, text);
        break;
    case LAYOUT_REFERER:
        add(record, &names->referer, text);
        break;
    case LAYOUT_AGENT:
        add(record, &names->agent, text);
        break;
    case LAYOUT_MESSAGE:
        add_from_message(layouts, access, text, event->arena);
        add(record, &part->name, text);
        break;
    case LAYOUT_OTHER:
        add(record, &part->name, str_trim(text));
        break;
    default:
        break;
    }
}

/* Method, target and version that stand apart. */
static void add_target(const struct layout *layout, struct access_reader *access,
                       const struct taken *taken, struct arena *arena)
{
    struct str method = STR_EMPTY, target = STR_EMPTY, version = STR_EMPTY;

    for (uint32_t i = 0; i < layout->count; i++)
        if (layout->parts[i].value == LAYOUT_METHOD)
            method = taken->values[i];
        else if (layout->parts[i].value == LAYOUT_TARGET)
            target = taken->values[i];
        else if (layout->parts[i].value == LAYOUT_VERSION)
            version = taken->values[i];
    if (method.len > 0 && target.len > 0)
        access_add_request(access,
                           arena_printf(arena, "%.*s %.*s%s%.*s", STR_ARG(method), STR_ARG(target),
                                        version.len ? " HTTP/" : "", STR_ARG(version)),
                           arena);
}

/* The first of the table, whatever fitted the lines before. */
static int find(const struct layouts *layouts, struct str line, struct taken *taken)
{
    for (uint32_t i = 0; i < layouts->count; i++)
        if (match(&layouts->at[i], line, taken))
            return (int)i;
    return -1;
}

int layouts_find(const struct layouts *layouts, struct str line)
{
    struct taken taken UNINITIALISED;

    return find(layouts, line, &taken);
}

int layouts_take(const struct layouts *layouts, struct access_reader *access, struct str line,
                 struct event *event)
{
    struct taken taken UNINITIALISED;
    int found = find(layouts, line, &taken);

    if (found < 0)
        return -1;
    const struct layout *layout = &layouts->at[found];
    access->record.count = access->record.dropped = 0;
    for (uint32_t i = 0; i < layout->count; i++) {
        if (layout->parts[i].value == LAYOUT_CLOCK) /* with the day in front of it */
            add(&access->record, &access->names.clock,
                day_and_clock(taken.values[i - 1], taken.values[i]));
        add_value(layouts, access, &layout->parts[i], taken.values[i], event);
    }
    add_target(layout, access, &taken, event->arena);
    event->time_ns = taken.time_ns;
    event->has_time = true;
    if (!taken.has_zone)
        format_local_time(event, layouts->zone, taken.time_ns);
    return found;
}
