/* event_message.c - see event_message.h. */
#include "model/event_message.h"

#include "codec/json.h"
#include "codec/utf.h"

#define LEAVES_MAX 128u      /* of one event; more say nothing */
#define VALUE_BYTES_MAX 400u /* of one field: enough to read */

struct leaves {
    struct json_value at[LEAVES_MAX];
    uint32_t count;
};

/* ---- codes ---- */

static bool hex_number(struct str digits, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = ascii_lower(digits.at[i]);
        bool letter = c >= 'a' && c <= 'f';
        if (!letter && !ascii_is_digit(c))
            return false;
        *number = *number << 4 | (uint64_t)(letter ? c - 'a' + 10 : c - '0');
    }
    return digits.len > 0 && digits.len <= 16;
}

bool code_number(struct str text, uint64_t *number)
{
    int64_t value;

    if (str_starts_with(text, STR("0x")) || str_starts_with(text, STR("0X")))
        return hex_number(str_slice(text, 2, text.len), number);
    if (!str_to_i64(text, &value))
        return false;
    *number = value < 0 ? (uint64_t)value & UINT32_MAX : (uint64_t)value;
    return true;
}

static const struct code *find_code(const struct code_table *table, struct str text)
{
    uint64_t number;

    if (!table->is_text && !code_number(text, &number))
        return NULL;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct code *code = &table->at[i];
        if (table->is_text ? str_eq_nocase(code->key, text) : code->number == number)
            return code;
    }
    return NULL;
}

static void add_bits(const struct code_table *table, uint64_t bits, enum language language,
                     struct buf *out)
{
    const char *comma = "";

    for (uint32_t i = 0; i < table->count; i++) {
        const struct code *code = &table->at[i];
        if ((bits & code->number) != code->number || code->number == 0)
            continue;
        bits &= ~code->number;
        buf_printf(out, "%s%.*s", comma, STR_ARG(code->texts[language]));
        comma = ", ";
    }
    if (bits != 0)
        buf_printf(out, "%s0x%llx", comma, (unsigned long long)bits);
}

void code_add(const struct code_table *table, struct str value, enum language language,
              struct buf *out)
{
    const struct code *code = find_code(table, value);
    uint64_t bits;

    if (code)
        buf_add(out, code->texts[language]);
    else if (table->is_bits && code_number(value, &bits) && bits != 0)
        add_bits(table, bits, language, out);
    else {
        buf_add(out, value);
        return;
    }
    buf_printf(out, " (%.*s)", STR_ARG(value));
}

/* "%%1537 %%1538", "%%8449, %%8451": what stands in Windows' own list of such texts; none of it is
 * shown as number. */
static void add_parameters(const struct code_table *table, struct str value, enum language language,
                           struct buf *out)
{
    const char *comma = "";

    while (value.len > 0) {
        size_t end = 0;
        while (end < value.len && (unsigned char)value.at[end] > ' ')
            end++;
        bool in_list = end > 0 && value.at[end - 1] == ',';
        struct str word = str_slice(value, 0, end - in_list);
        const struct code *code = find_code(table, word);
        if (word.len > 0) {
            buf_printf(out, "%s%.*s", comma, STR_ARG(code ? code->texts[language] : word));
            comma = ", ";
        }
        value = str_slice(value, end + 1, value.len);
    }
}

/* ---- an event's values ---- */

/* `wanted` has no blanks; some exporters leave them in, others out. */
static bool same_name(struct str wanted, struct str name)
{
    size_t at = 0;

    if (name.len <= wanted.len)
        return str_eq(wanted, name);
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == ' ')
            continue;
        if (at == wanted.len || wanted.at[at++] != name.at[i])
            return false;
    }
    return at == wanted.len;
}

/* Attributes go by their element's name, too: Provider_Name. A text is its element's. */
static bool is_leaf(const struct json_value *leaf, struct str wanted)
{
    if (str_eq(leaf->parent, STR("#attributes")))
        return wanted.len == leaf->grandparent.len + 1 + leaf->name.len &&
               str_starts_with(wanted, leaf->grandparent) &&
               wanted.at[leaf->grandparent.len] == '_' && str_ends_with(wanted, leaf->name);
    return same_name(wanted, str_eq(leaf->name, STR("#text")) ? leaf->parent : leaf->name);
}

/* Empty: the event has no such value, or one that says that there is none. */
static struct str leaf_value(const struct leaves *leaves, struct str name, uint32_t nth,
                             struct arena *arena)
{
    for (uint32_t i = 0; i < leaves->count; i++) {
        const struct json_value *leaf = &leaves->at[i];
        if (!is_leaf(leaf, name) || --nth > 0)
            continue;
        struct str text = leaf->text;
        if (leaf->escaped) {
            char *plain = arena_alloc_bytes(arena, text.len);
            text = (struct str){plain, json_unescape(text, plain)};
        }
        text = str_trim(text);
        return str_eq(text, STR("-")) ? STR_EMPTY : text;
    }
    return STR_EMPTY;
}

static struct str first_of(const struct leaves *leaves, const char *const *names,
                           struct arena *arena)
{
    struct str value = STR_EMPTY;

    for (; *names && value.len == 0; names++)
        value = leaf_value(leaves, str_from(*names), 1, arena);
    return value;
}

/* ---- which message ---- */

struct str event_message_key(struct str channel, struct str id, char key[MESSAGE_KEY_MAX])
{
    size_t len = 0;

    if (channel.len + id.len + 1 > MESSAGE_KEY_MAX)
        return STR_EMPTY;
    while (len < channel.len) {
        key[len] = ascii_lower(channel.at[len]);
        len++;
    }
    key[len++] = '\0';
    str_copy(key + len, id);
    return (struct str){key, len + id.len};
}

/* "XmlWinEventLog:Security" */
static struct str splunk_channel(struct str source)
{
    struct str channel = source;
    struct str kind = str_cut(&channel, ':');

    return str_ends_with(kind, STR("WinEventLog")) ? channel : STR_EMPTY;
}

static const struct event_message *find_message(const struct event_messages *messages,
                                                const struct leaves *leaves, struct arena *arena)
{
    static const char *const channels[] = {"Channel",  "channel", "LogName",
                                           "log_name", "Log",     NULL};
    static const char *const ids[] = {"EventID", "event_id", "EventId", "EventCode", "Id", NULL};
    static const char *const providers[] = {
        "Provider_Name", "provider_name", "ProviderName", "SourceName",
        "Provider",      "source_name",   "Source",       NULL};
    char key[MESSAGE_KEY_MAX];
    struct str channel = first_of(leaves, channels, arena);
    if (channel.len == 0)
        channel = splunk_channel(leaf_value(leaves, STR("source"), 1, arena));
    struct str id = channel.len > 0 ? first_of(leaves, ids, arena) : STR_EMPTY;

    if (id.len == 0)
        return NULL;
    uint32_t at = map_find(&messages->by_key, event_message_key(channel, id, key));
    while (at != UINT32_MAX && messages->at[at].provider.len > 0 &&
           !str_eq_nocase(messages->at[at].provider, first_of(leaves, providers, arena)))
        at = messages->at[at].next;
    return at == UINT32_MAX ? NULL : &messages->at[at];
}

/* ---- its sentence ---- */

struct telling {
    const struct event_messages *messages;
    const struct leaves *leaves;
    enum language language;
    struct arena *arena;
    struct buf text;
};

/* Blanks that follow one another are one; what is too long is cut. */
static void add_plain(struct buf *out, struct str value)
{
    struct str front = utf8_cut(value, VALUE_BYTES_MAX);
    bool blank = false;

    for (size_t i = 0; i < front.len; i++) {
        char c = front.at[i];
        bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!is_blank || !blank)
            buf_add_char(out, is_blank ? ' ' : c);
        blank = is_blank;
    }
    if (front.len < value.len)
        buf_add(out, STR("..."));
}

static void add_value(struct telling *telling, const struct message_part *part, struct str value)
{
    static const struct str mapped = STR_INIT("::ffff:"); /* an IPv4 address as IPv6 has it */
    const struct event_messages *messages = telling->messages;
    uint32_t parameters = map_find(&messages->by_table, STR("parameters"));

    if (str_starts_with(value, mapped) && value.len > mapped.len)
        value = str_slice(value, mapped.len, value.len);
    if (parameters != MAP_NONE && value.len > 2 && str_starts_with(value, STR("%%")) &&
        ascii_is_digit(value.at[2]))
        add_parameters(&messages->tables[parameters], utf8_cut(value, VALUE_BYTES_MAX),
                       telling->language, &telling->text);
    else if (part->table != UINT32_MAX && value.len <= VALUE_BYTES_MAX)
        code_add(&messages->tables[part->table], value, telling->language, &telling->text);
    else
        add_plain(&telling->text, value);
}

static struct str part_value(struct telling *telling, const struct message_part *part)
{
    return leaf_value(telling->leaves, part->field, part->nth, telling->arena);
}

/* The end of the optional group that begins here, if one of its fields has no value; or `from`. */
static uint32_t left_out(struct telling *telling, const struct message_parts *parts, uint32_t from)
{
    uint32_t group = parts->at[from].optional;
    uint32_t end = from;
    bool complete = true;

    if (group == 0)
        return from;
    for (; end < parts->count && parts->at[end].optional == group; end++)
        if (parts->at[end].field.len > 0 && part_value(telling, &parts->at[end]).len == 0)
            complete = false;
    return complete ? from : end;
}

static void tell(struct telling *telling, const struct message_parts *parts)
{
    uint32_t group = 0;

    for (uint32_t i = 0; i < parts->count; i++) {
        const struct message_part *part = &parts->at[i];
        if (part->optional != group) {
            uint32_t next = left_out(telling, parts, i);
            if (next != i) {
                i = next - 1;
                continue;
            }
            group = part->optional;
        }
        if (part->field.len == 0) {
            buf_add(&telling->text, part->text);
            continue;
        }
        struct str value = part_value(telling, part);
        add_value(telling, part, value.len > 0 ? value : STR("?"));
    }
}

struct str event_message(const struct event_messages *messages, struct str event,
                         enum language language, struct arena *arena)
{
    struct leaves leaves;

    leaves.count = json_values(event, leaves.at, LEAVES_MAX);
    const struct event_message *message = find_message(messages, &leaves, arena);
    if (!message)
        return STR_EMPTY;
    struct telling telling = {
        .messages = messages, .leaves = &leaves, .language = language, .arena = arena};
    buf_init(&telling.text, SIZE_MAX / 2);
    tell(&telling, &message->parts[language]);
    struct str text = arena_str(arena, buf_str(&telling.text));
    buf_free(&telling.text);
    return text;
}
