/* finding.c - a finding as JSON, and the entities that its event names. */
#include "model/finding.h"

#include "codec/json.h"
#include "codec/time_text.h"
#include "core/limits.h"

#define ENTITIES_MAX                                                                               \
    32 /* of one kind in one finding: enough to read, bounded for hostile events  \
                         */
#define ENTITY_BYTES_MAX 4096

static const struct str kind_names[] = {
    [FINDING_RULE] = STR_INIT("rule"),           [FINDING_CORRELATION] = STR_INIT("correlation"),
    [FINDING_INDICATOR] = STR_INIT("indicator"), [FINDING_FILE] = STR_INIT("file"),
    [FINDING_ANALYTIC] = STR_INIT("analytic"),   [FINDING_COVERAGE] = STR_INIT("coverage"),
    [FINDING_CHECK] = STR_INIT("check"),         [FINDING_EXPOSURE] = STR_INIT("exposure"),
};

static const struct str verdict_names[] = {
    [VERDICT_YES] = STR_INIT("yes"),
    [VERDICT_NO] = STR_INIT("no"),
    [VERDICT_WEAKENED] = STR_INIT("weakened"),
    [VERDICT_UNKNOWN] = STR_INIT("unknown"),
};

static const struct str entity_names[ENTITY_KINDS] = {
    [ENTITY_ACCOUNT] = STR_INIT("account"), [ENTITY_ADDRESS] = STR_INIT("address"),
    [ENTITY_DOMAIN] = STR_INIT("domain"),   [ENTITY_FILE] = STR_INIT("file"),
    [ENTITY_HASH] = STR_INIT("hash"),       [ENTITY_HOST] = STR_INIT("host"),
    [ENTITY_PROCESS] = STR_INIT("process"), [ENTITY_SERVICE] = STR_INIT("service"),
};

static const struct {
    struct str field;
    enum entity_kind kind;
} entity_fields[] = {
#define ENTITY_FIELD(name, kind) {STR_INIT(name), ENTITY_##kind},
#include "model/entities.def"
#undef ENTITY_FIELD
};

/* Of 256 bits one per name, by its length and ends: a name whose bit is not set is none of them. */
#define NAME_BIT(len, first, last)                                                                 \
    (((len)*37u + ((unsigned char)(first) | 0x20u) * 5u + ((unsigned char)(last) | 0x20u) * 11u) & \
     255u)
#define WORD_BIT(word, bit) ((uint64_t)((bit) / 64 == (word)) << (bit) % 64)
#define ENTITY_BIT(word, name)                                                                     \
    WORD_BIT(word, NAME_BIT(sizeof(name) - 1, (name)[0], (name)[sizeof(name) - 2]))

static const uint64_t name_bits[4] = {
#define ENTITY_FIELD(name, kind) ENTITY_BIT(0, name) |
#include "model/entities.def"
#undef ENTITY_FIELD
    0,
#define ENTITY_FIELD(name, kind) ENTITY_BIT(1, name) |
#include "model/entities.def"
#undef ENTITY_FIELD
    0,
#define ENTITY_FIELD(name, kind) ENTITY_BIT(2, name) |
#include "model/entities.def"
#undef ENTITY_FIELD
    0,
#define ENTITY_FIELD(name, kind) ENTITY_BIT(3, name) |
#include "model/entities.def"
#undef ENTITY_FIELD
    0,
};

static bool may_name_entity(struct str name)
{
    if (name.len == 0)
        return false;
    unsigned bit = NAME_BIT((unsigned)name.len, name.at[0], name.at[name.len - 1]);
    return name_bits[bit / 64] >> bit % 64 & 1;
}

struct str finding_kind_name(enum finding_kind kind)
{
    return kind_names[kind];
}

struct str verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

struct str entity_kind_name(enum entity_kind kind)
{
    return entity_names[kind];
}

static void add_entity(struct entities *entities, enum entity_kind kind, struct str value)
{
    struct str_list *list = &entities->lists[kind];

    if (value.len == 0 || value.len > ENTITY_BYTES_MAX || str_eq(value, STR("-")) ||
        list->count == ENTITIES_MAX)
        return;
    for (uint32_t i = 0; i < list->count; i++)
        if (str_eq(list->at[i], value))
            return;
    if (!list->at)
        list->at = ARENA_ARRAY(entities->arena, struct str, ENTITIES_MAX);
    list->at[list->count++] = value;
}

bool entity_field_next(enum entity_kind kind, uint32_t *at, struct str *field)
{
    while (*at < ARRAY_COUNT(entity_fields)) {
        uint32_t i = (*at)++;
        *field = entity_fields[i].field;
        if (entity_fields[i].kind == kind)
            return true;
    }
    return false;
}

void entities_add(struct entities *entities, struct str field, struct str value)
{
    if (!may_name_entity(field))
        return;
    for (size_t i = 0; i < ARRAY_COUNT(entity_fields); i++) {
        if (field.len != entity_fields[i].field.len ||
            !str_eq_nocase(field, entity_fields[i].field))
            continue;
        if (entity_fields[i].kind != ENTITY_HASH) {
            add_entity(entities, entity_fields[i].kind, value);
            return;
        }
        for (struct str rest = value; rest.len > 0;) /* "SHA256=...,MD5=..." */
            add_entity(entities, ENTITY_HASH, str_trim(str_cut(&rest, ',')));
        return;
    }
}

static struct str unescaped(struct str text, bool escaped, struct arena *arena)
{
    if (!escaped)
        return text;
    char *out = arena_alloc_bytes(arena, text.len);
    return (struct str){out, json_unescape(text, out)};
}

static void find_entities(struct entities *entities, struct str fields)
{
    struct json_skim skim;
    struct json_text value;

    json_skim_open(&skim, fields);
    while (json_skim_next(&skim, &value))
        if (may_name_entity(value.name))
            entities_add(entities, value.name,
                         unescaped(value.text, value.escaped, entities->arena));
}

static bool has_fields(const struct finding *finding)
{
    const char *why;

    /* the event comes out of a restricted process that reads hostile bytes: it is checked, not
     * believed */
    return finding->fields_checked ||
           (json_is_valid(finding->fields, &why) && str_starts_with(finding->fields, STR("{")));
}

const struct str_list *finding_entities(const struct finding *finding)
{
    static const struct str_list none[ENTITY_KINDS];

    if (!finding->facts)
        return none;
    struct entities *entities = &finding->facts->entities;
    if (!entities->found && has_fields(finding))
        find_entities(entities, finding->fields);
    entities->found = true;
    return entities->lists;
}

struct str finding_message(const struct finding *finding, enum language language)
{
    struct event_facts *facts = finding->facts;

    if (!facts || !finding->messages || finding->combined)
        return STR_EMPTY;
    if (!facts->told[language] && has_fields(finding))
        facts->messages[language] =
            event_message(finding->messages, finding->fields, language, facts->entities.arena);
    facts->told[language] = true;
    return facts->messages[language];
}

/* `before`: all that stands before the text, which is quoted by this. */
static void write_text(struct buf *out, struct str before, struct str text)
{
    buf_add(out, before);
    json_write_str(out, text);
}

static void write_time(struct buf *out, struct str before, int64_t time_ns)
{
    char time[TIME_TEXT_SIZE];

    write_text(out, before, (struct str){time, time_print(time_ns, time)});
}

static void write_list(struct buf *out, const struct str_list *list)
{
    buf_add_char(out, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        if (i)
            buf_add_char(out, ',');
        json_write_str(out, list->at[i]);
    }
    buf_add_char(out, ']');
}

static void write_value(struct buf *out, struct value value)
{
    const char *why;

    if (value.type == VALUE_NULL)
        buf_add(out, STR("null"));
    else if (value.type != VALUE_STRING && json_is_valid(value.text, &why))
        buf_add(out, value.text);
    else
        json_write_str(out, value.text);
}

static bool same_field(const struct matched_field *a, const struct matched_field *b)
{
    return str_eq(a->name, b->name);
}

static bool is_repeated(const struct finding *finding, uint32_t index, bool with_value)
{
    const struct matched_field *field = &finding->matched[index];

    for (uint32_t i = 0; i < index; i++)
        if (same_field(&finding->matched[i], field) &&
            (!with_value || str_eq(finding->matched[i].value.text, field->value.text)))
            return true;
    return false;
}

/* Distinct values of one name: alone as they are, several as a list. */
static void write_matched_values(struct buf *out, const struct finding *finding, uint32_t first)
{
    uint32_t distinct = 0;

    for (uint32_t i = first; i < finding->matched_count; i++)
        distinct += same_field(&finding->matched[i], &finding->matched[first]) &&
                    !is_repeated(finding, i, true);
    if (distinct == 1) {
        write_value(out, finding->matched[first].value);
        return;
    }
    buf_add_char(out, '[');
    for (uint32_t i = first, written = 0; i < finding->matched_count; i++) {
        if (!same_field(&finding->matched[i], &finding->matched[first]) ||
            is_repeated(finding, i, true))
            continue;
        if (written++)
            buf_add_char(out, ',');
        write_value(out, finding->matched[i].value);
    }
    buf_add_char(out, ']');
}

void finding_write_matched(const struct finding *finding, struct buf *out)
{
    bool first = true;

    buf_add_char(out, '{');
    for (uint32_t i = 0; i < finding->matched_count; i++) {
        if (is_repeated(finding, i, false))
            continue;
        if (!first)
            buf_add_char(out, ',');
        first = false;
        struct str name = finding->matched[i].name;
        json_write_str(out, name.len ? name : STR("keyword"));
        buf_add_char(out, ':');
        write_matched_values(out, finding, i);
    }
    buf_add_char(out, '}');
}

static void write_entities(struct buf *out, const struct finding *finding)
{
    const struct str_list *lists = finding_entities(finding);
    bool first = true;

    buf_add_char(out, '{');
    for (unsigned kind = 0; kind < ENTITY_KINDS; kind++) {
        if (lists[kind].count == 0)
            continue;
        buf_add(out, first ? STR("\"") : STR(",\""));
        first = false;
        buf_add(out, entity_names[kind]);
        buf_add(out, STR("\":"));
        write_list(out, &lists[kind]);
    }
    buf_add_char(out, '}');
}

static void write_source(struct buf *out, struct str path, struct str format, bool is_line,
                         uint64_t number, uint64_t offset)
{
    write_text(out, STR("\"source\":{\"path\":"), path);
    write_text(out, STR(",\"format\":"), format);
    buf_add(out, is_line ? STR(",\"line\":") : STR(",\"record\":"));
    buf_add_u64(out, number);
    buf_add(out, STR(",\"offset\":"));
    buf_add_u64(out, offset);
    buf_add_char(out, '}');
}

void finding_write_events(const struct finding *finding, struct buf *out)
{
    const struct combined *combined = finding->combined;

    buf_add_char(out, '[');
    for (uint32_t i = 0; i < combined->event_count; i++) {
        const struct combined_event *event = &combined->events[i];
        buf_add(out, i ? STR(",{") : STR("{"));
        write_source(out, event->path, event->format, event->is_line, event->number, event->offset);
        write_text(out, STR(",\"id\":"), event->id);
        write_text(out, STR(",\"title\":"), event->title);
        write_time(out, STR(",\"time\":"), event->time_ns);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_combined(struct buf *out, const struct finding *finding)
{
    const struct combined *combined = finding->combined;

    write_time(out, STR(",\"first\":"), combined->first_ns);
    write_time(out, STR(",\"last\":"), combined->last_ns);
    buf_add(out, STR(",\"count\":"));
    buf_add_u64(out, combined->count);
    buf_add(out, STR(",\"group\":"));
    finding_write_matched(finding, out);
    buf_add(out, STR(",\"events\":"));
    finding_write_events(finding, out);
}

void finding_write_json(const struct finding *finding, enum language language, struct buf *out)
{
    write_text(out, STR("{\"kind\":"), kind_names[finding->kind]);
    write_text(out, STR(",\"id\":"), finding->id);
    write_text(out, STR(",\"title\":"), finding->title);
    write_text(out, STR(",\"message\":"), finding_message(finding, language));
    write_text(out, STR(",\"level\":"), level_name(finding->level));
    write_text(out, STR(",\"verdict\":"), verdict_names[finding->verdict]);
    buf_add(out, STR(",\"because\":"));
    write_list(out, &finding->because);
    buf_add(out, STR(",\"attack\":"));
    write_list(out, &finding->attack);
    if (finding->has_time)
        write_time(out, STR(",\"time\":"), finding->time_ns);
    else
        buf_add(out, STR(",\"time\":null"));
    write_text(out, STR(",\"host\":"), finding->host);
    buf_add_char(out, ',');
    if (finding->path.len > 0)
        write_source(out, finding->path, finding->format, finding->is_line, finding->number,
                     finding->offset);
    else
        buf_add(out, STR("\"source\":null"));
    buf_add(out, STR(",\"entities\":"));
    write_entities(out, finding);
    buf_add(out, STR(",\"matched\":"));
    finding_write_matched(finding, out);
    buf_add(out, STR(",\"fields\":"));
    if (has_fields(finding))
        json_write_valid(out, finding->fields);
    else
        buf_add(out, STR("{}"));
    write_text(out, STR(",\"why\":"), finding->why);
    if (finding->combined)
        write_combined(out, finding);
    buf_add_char(out, '}');
}
