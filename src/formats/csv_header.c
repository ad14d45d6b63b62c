/* csv_header.c - see csv_header.h. */
#include "formats/csv_header.h"

#include "formats/text_record.h"

#define KEYS_BYTES_MAX ((size_t)64 << 20) /* a header is a record; each byte of it may be escaped */
#define NAME_BYTES_MAX 64u                /* of a name that nobody knows, in a header that is one */
#define MESSAGE_NAME_BYTES_MAX 64u

void csv_header_init(struct csv_header *header)
{
    *header = (struct csv_header){.separator = ','};
    buf_init(&header->keys, KEYS_BYTES_MAX);
}

void csv_header_free(struct csv_header *header)
{
    buf_free(&header->keys);
}

void csv_header_reset(struct csv_header *header)
{
    buf_reset(&header->keys);
    header->count = 0;
}

/* Of the logs of Exchange; "#Fields: " stands for a header line. */
static const struct str remarks[] = {STR_INIT("#Software: "), STR_INIT("#Version: "),
                                     STR_INIT("#Log-type: "), STR_INIT("#Date: ")};

bool csv_is_remark(struct str line)
{
    for (size_t i = 0; i < ARRAY_COUNT(remarks); i++)
        if (str_starts_with(line, remarks[i]))
            return true;
    return false;
}

struct str csv_header_text(struct str line)
{
    const struct str fields = STR("#Fields: ");

    return str_starts_with(line, fields) ? str_slice(line, fields.len, line.len) : STR_EMPTY;
}

bool csv_is_preamble(struct str line)
{
    return str_starts_with(line, STR("#TYPE ")) || str_starts_with(line, STR("\"#TYPE ")) ||
           (line.len <= 5 && str_starts_with(line, STR("sep=")));
}

/* ---- fields ---- */

/* A field that starts with a quote and holds more of them. */
static struct str take_quoted(struct str *rest, char separator, struct buf *space, bool *more)
{
    struct str text = *rest;
    bool quoted = true, closing = false;
    size_t i = 1;

    buf_reset(space);
    for (; i < text.len; i++) {
        char c = text.at[i];
        if (quoted && c == '"') {
            quoted = false;
            closing = true;
            continue;
        }
        if (!quoted && c == separator)
            break;
        quoted = quoted || (c == '"' && closing);
        closing = false;
        buf_add_char(space, c);
    }
    *more = i < text.len;
    *rest = str_slice(text, i + 1, text.len);
    return buf_str(space);
}

struct str csv_take_cell(struct str *rest, char separator, struct buf *space, bool *more)
{
    struct str text = *rest;
    bool quoted = text.len > 0 && text.at[0] == '"';
    struct str inside = str_slice(text, quoted, text.len);
    size_t end = str_find_byte(inside, quoted ? '"' : separator);
    struct str behind = str_slice(inside, end + quoted, inside.len);

    if (quoted && behind.len > 0 && behind.at[0] != separator)
        return take_quoted(rest, separator, space, more);
    *more = behind.len > 0;
    *rest = str_slice(behind, 1, behind.len);
    return str_slice(inside, 0, end);
}

/* ---- the header ---- */

static char separator_of(struct str line)
{
    const struct str separators = STR(",;\t");
    size_t counts[3] = {0};
    size_t best = 0;
    bool quoted = false;

    for (size_t i = 0; i < line.len; i++) {
        size_t which = str_find_byte(separators, line.at[i]);
        quoted ^= line.at[i] == '"';
        if (which < separators.len && !quoted)
            counts[which]++;
    }
    for (size_t i = 1; i < separators.len; i++)
        if (counts[i] > counts[best])
            best = i;
    return separators.at[best];
}

static struct str key_of(const struct csv_header *header, uint32_t index)
{
    uint32_t from = index > 0 ? header->key_ends[index - 1] : 0;

    return str_slice(buf_str(&header->keys), from, header->key_ends[index]);
}

/* Appends the name as a key; one that is empty or stands before gets its place. */
static void add_key(struct csv_header *header, struct str name)
{
    uint32_t from = (uint32_t)header->keys.len, index = header->count;

    if (name.len == 0)
        buf_printf(&header->keys, "\"column_%u\":", index + 1);
    else
        json_write_str(&header->keys, name);
    if (name.len > 0)
        buf_add_char(&header->keys, ':');
    struct str key = str_slice(buf_str(&header->keys), from, header->keys.len);
    for (uint32_t i = 0; i < index; i++) {
        if (!str_eq(key_of(header, i), key))
            continue;
        header->keys.len -= 2;
        buf_printf(&header->keys, "_%u\":", index + 1);
        break;
    }
    header->key_ends[header->count++] = (uint32_t)header->keys.len;
}

static bool is_among(struct str name, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

void csv_header_read(struct csv_header *header, struct str line)
{
    static const struct str providers[] = {
        STR_INIT("ProviderName"), STR_INIT("Provider_Name"), STR_INIT("Provider"),
        STR_INIT("SourceName"),   STR_INIT("Source"),        STR_INIT("winlog.provider_name")};
    static const struct str messages[] = {STR_INIT("Message"), STR_INIT("message")};
    uint32_t hints = 0;
    struct buf space;

    csv_header_reset(header);
    header->provider = header->message = CSV_NONE;
    header->padded = false;
    header->separator = separator_of(line);
    buf_init(&space, KEYS_BYTES_MAX);
    for (bool more = true; more && header->count < CSV_COLUMNS_MAX;) {
        struct str cell = csv_take_cell(&line, header->separator, &space, &more);
        struct str name = str_trim(cell);
        header->padded = header->padded || name.len < cell.len;
        if (is_among(name, providers, ARRAY_COUNT(providers)) && header->provider == CSV_NONE)
            header->provider = header->count;
        if (is_among(name, messages, ARRAY_COUNT(messages)) && header->message == CSV_NONE)
            header->message = header->count;
        hints |= json_hint_of(name);
        add_key(header, name);
    }
    buf_free(&space);
    header->shape = json_shape_of(hints);
    if (header->shape == JSON_SHAPE_EVENT_VIEWER && header->message == CSV_NONE)
        header->message = header->count; /* it has no name there */
}

static bool is_name(struct str name)
{
    const struct str signs = STR("_.-@/ ()[]#%");

    if (name.len == 0 || name.len > NAME_BYTES_MAX || ascii_is_digit(name.at[0]))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = ascii_lower(name.at[i]);
        bool plain = ascii_is_digit(c) || (c >= 'a' && c <= 'z') || (c & 0x80);
        if (!plain && str_find_byte(signs, c) == signs.len)
            return false;
    }
    return name.at[0] != ' ' && name.at[0] != '-' && name.at[0] != '#' && name.at[0] != '[';
}

int csv_header_judge(struct csv_header *header, struct str line, uint32_t record_fields)
{
    csv_header_read(header, line);
    bool one_more = header->shape == JSON_SHAPE_EVENT_VIEWER && record_fields == header->count + 1;

    if (header->count < 2 || (record_fields > 0 && record_fields != header->count && !one_more))
        return 0;
    if (header->shape != JSON_SHAPE_OTHER)
        return 85;
    for (uint32_t i = 0; i < header->count; i++) {
        struct str key = key_of(header, i);
        if (!is_name(str_slice(key, 1, key.len - 2)))
            return 0;
    }
    if (record_fields == 0 || header->padded)
        return 0; /* sentences have blanks behind their commas */
    return header->count > 2 ? 40 : 20;
}

/* ---- records ---- */

void csv_write_cell(const struct csv_header *header, uint32_t index, struct str cell, bool others,
                    struct buf *json)
{
    if (others)
        buf_add_char(json, ',');
    if (index < header->count)
        buf_add(json, key_of(header, index));
    else if (index == header->message)
        buf_add(json, STR("\"Message\":"));
    else
        buf_printf(json, "\"column_%u\":", index + 1);
    if (text_value_of(cell).type == VALUE_INTEGER)
        buf_add(json, cell);
    else
        json_write_str(json, cell);
}

void csv_write_channel(const struct csv_header *header, struct str provider, struct buf *json)
{
    /* providers that write to one channel alone */
    static const struct {
        struct str provider, channel;
    } rows[] = {
        {STR_INIT("Microsoft-Windows-Sysmon"), STR_INIT("Microsoft-Windows-Sysmon/Operational")},
        {STR_INIT("Microsoft-Windows-Security-Auditing"), STR_INIT("Security")},
        {STR_INIT("Service Control Manager"), STR_INIT("System")},
        {STR_INIT("PowerShell"), STR_INIT("Windows PowerShell")},
        {STR_INIT("Microsoft-Windows-PowerShell"),
         STR_INIT("Microsoft-Windows-PowerShell/Operational")},
        {STR_INIT("Microsoft-Windows-Windows Defender"),
         STR_INIT("Microsoft-Windows-Windows Defender/Operational")},
    };

    if (header->shape != JSON_SHAPE_EVENT_VIEWER)
        return;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (!str_eq(provider, rows[i].provider))
            continue;
        buf_add(json, STR(",\"Channel\":"));
        json_write_str(json, rows[i].channel);
    }
}

bool csv_is_sysmon(struct str provider)
{
    return str_eq(provider, STR("Microsoft-Windows-Sysmon"));
}

/* The length of the name before ": ", or before a colon that ends the line; 0 if there is none. */
static size_t name_length(struct str line)
{
    size_t len = 0;

    while (len < line.len && len < MESSAGE_NAME_BYTES_MAX &&
           (ascii_is_digit(line.at[len]) ||
            (ascii_lower(line.at[len]) >= 'a' && ascii_lower(line.at[len]) <= 'z')))
        len++;
    bool colon = len < line.len && line.at[len] == ':';
    return colon && (len + 1 == line.len || line.at[len + 1] == ' ') ? len : 0;
}

void csv_write_message(struct str message, struct buf *json)
{
    str_cut(&message, '\n'); /* what kind of event it is */
    while (message.len > 0) {
        struct str line = str_cut(&message, '\n');
        if (line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        size_t name = name_length(line);
        struct str text = str_slice(line, name + 2, line.len);
        if (name == 0)
            continue;
        buf_add_char(json, ',');
        json_write_str(json, str_slice(line, 0, name));
        buf_add_char(json, ':');
        if (text_value_of(text).type == VALUE_INTEGER)
            buf_add(json, text);
        else
            json_write_str(json, text);
    }
}
