/* misp.c - an event for MISP (MISP core format): what findings name, each once, as attributes, and
 * the techniques as tags. Attributes are marked as not for detection: who is named is not yet
 * hostile. */
#include "codec/time_text.h"
#include "codec/uuid.h"
#include "core/ensure.h"
#include "core/map.h"
#include "output/members.h"
#include "output/output.h"

#include <stdlib.h>

#define ATTRIBUTES_MAX 100000u
#define VALUE_BYTES_MAX 1024u

static const uint8_t seawall[] = {0x2b, 0x9a, 0x67, 0xd4, 0x0e, 0x1f, 0x4f, 0x0a,
                                  0x9b, 0x77, 0x30, 0xc5, 0x81, 0xe2, 0x6d, 0x18};

struct attribute {
    const char *type, *category;
    struct str value, title; /* of the first rule that it was found by */
    enum level level;        /* the highest */
    uint64_t findings;
};

struct output_writer {
    const struct sink *sink;
    struct arena *arena;
    struct map known; /* type and value */
    struct attribute *at;
    uint32_t count, capacity;
    uint64_t left_out;
    bool has_time;
    int64_t first_ns;
    struct buf out, key;
};

static struct output_writer *misp_begin(const struct sink *sink,
                                        const struct output_options *options)
{
    struct output_writer *w = calloc(1, sizeof(*w));

    (void)options;
    ENSURE(w);
    w->sink = sink;
    w->arena = arena_new("attributes of an event", (size_t)1 << 30);
    map_init(&w->known, w->arena);
    buf_init(&w->out, SIZE_MAX / 2);
    buf_init(&w->key, SIZE_MAX / 2);
    return w;
}

/* Behind "SHA256=" in what Sysmon lists; by length elsewhere. NULL: no hash that MISP knows. */
static const char *hash_type(struct str *hash)
{
    size_t sign = str_find_byte(*hash, '=');

    if (sign < hash->len)
        *hash = str_slice(*hash, sign + 1, hash->len);
    for (size_t i = 0; i < hash->len; i++) {
        char c = hash->at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
            return NULL;
    }
    return hash->len == 32 ? "md5" : hash->len == 40 ? "sha1" : hash->len == 64 ? "sha256" : NULL;
}

static void add_attribute(struct output_writer *w, const char *type, const char *category,
                          struct str value, const struct finding *finding)
{
    if (value.len == 0 || value.len > VALUE_BYTES_MAX)
        return;
    buf_reset(&w->key);
    buf_printf(&w->key, "%s ", type);
    buf_add(&w->key, value);
    uint32_t at = map_find(&w->known, buf_str(&w->key));
    if (at == MAP_NONE && w->count == ATTRIBUTES_MAX) {
        w->left_out++;
        return;
    }
    if (at == MAP_NONE) {
        if (w->count == w->capacity) {
            w->capacity = w->capacity ? w->capacity * 2 : 256;
            w->at = realloc(w->at, w->capacity * sizeof(*w->at));
            ENSURE(w->at);
        }
        at = w->count++;
        map_set(&w->known, buf_str(&w->key), at);
        w->at[at] = (struct attribute){.type = type,
                                       .category = category,
                                       .value = arena_str(w->arena, value),
                                       .title = arena_str(w->arena, finding->title)};
    }
    w->at[at].findings++;
    if (finding->level > w->at[at].level)
        w->at[at].level = finding->level;
}

static void add_hashes(struct output_writer *w, struct str list, const struct finding *finding)
{
    while (list.len > 0) {
        struct str hash = str_cut(&list, ',');
        const char *type = hash_type(&hash);
        if (type)
            add_attribute(w, type, "Payload delivery", hash, finding);
    }
}

static bool is_address(struct str text)
{
    bool six = str_find_byte(text, ':') < text.len;
    bool digits = text.len > 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool hex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
        digits &= (c >= '0' && c <= '9') || c == '.' || (six && hex);
    }
    return digits;
}

static void add_entity(struct output_writer *w, enum entity_kind kind, struct str value,
                       const struct finding *finding)
{
    static const struct {
        const char *type, *category;
    } kinds[ENTITY_KINDS] = {
        [ENTITY_ACCOUNT] = {"target-user", "Targeting data"},
        [ENTITY_ADDRESS] = {"ip-src", "Network activity"},
        [ENTITY_DOMAIN] = {"domain", "Network activity"},
        [ENTITY_FILE] = {"filename", "Artifacts dropped"},
        [ENTITY_HOST] = {"target-machine", "Targeting data"},
        [ENTITY_PROCESS] = {"filename", "Artifacts dropped"},
        [ENTITY_SERVICE] = {"windows-service-name", "Artifacts dropped"},
    };

    if (kind == ENTITY_HASH)
        add_hashes(w, value, finding);
    else if (kind != ENTITY_ADDRESS || is_address(value))
        add_attribute(w, kinds[kind].type, kinds[kind].category, value, finding);
}

static void misp_finding(struct output_writer *w, const struct finding *finding)
{
    const struct str_list *entities = finding_entities(finding);

    if (finding->has_time && (!w->has_time || finding->time_ns < w->first_ns)) {
        w->has_time = true;
        w->first_ns = finding->time_ns;
    }
    add_attribute(w, "target-machine", "Targeting data", finding->host, finding);
    for (unsigned kind = 0; kind < ENTITY_KINDS; kind++)
        for (uint32_t i = 0; i < entities[kind].count; i++)
            add_entity(w, (enum entity_kind)kind, entities[kind].at[i], finding);
}

static void member_uuid(struct output_writer *w, struct str name)
{
    char uuid[UUID_TEXT_SIZE];

    uuid_of_name(seawall, name, uuid);
    member_text(&w->out, "uuid", str_from(uuid));
}

static void write_attribute(struct output_writer *w, const struct attribute *attribute)
{
    member_open(&w->out, NULL, '{');
    buf_reset(&w->key);
    buf_printf(&w->key, "%s ", attribute->type);
    buf_add(&w->key, attribute->value);
    member_uuid(w, buf_str(&w->key));
    member_text(&w->out, "type", str_from(attribute->type));
    member_text(&w->out, "category", str_from(attribute->category));
    member_text(&w->out, "value", attribute->value);
    buf_reset(&w->key);
    buf_printf(&w->key, "%.*s, %llu finding%s, first by: ", STR_ARG(level_name(attribute->level)),
               (unsigned long long)attribute->findings, attribute->findings == 1 ? "" : "s");
    buf_add(&w->key, attribute->title);
    member_text(&w->out, "comment", buf_str(&w->key));
    member_flag(&w->out, "to_ids", false);
    member_flag(&w->out, "disable_correlation", false);
    member_text(&w->out, "distribution", STR("5"));
    buf_add_char(&w->out, '}');
}

static void write_tag(struct output_writer *w, struct str name)
{
    member_open(&w->out, NULL, '{');
    member_text(&w->out, "name", name);
    buf_add_char(&w->out, '}');
}

/* As MISP's galaxy names techniques, where their names are known. */
static void write_tags(struct output_writer *w, const struct run_report *report)
{
    member_open(&w->out, "Tag", '[');
    write_tag(w, STR("tlp:amber"));
    for (uint32_t i = 0; i < report->coverage.technique_count; i++) {
        const struct covered_technique *technique = &report->coverage.techniques[i];
        if (technique->verdict != COVERAGE_HIT || technique->name.len == 0)
            continue;
        buf_reset(&w->key);
        buf_printf(&w->key, "misp-galaxy:mitre-attack-pattern=\"%.*s - %.*s\"",
                   STR_ARG(technique->name), STR_ARG(technique->id));
        write_tag(w, buf_str(&w->key));
    }
    buf_add_char(&w->out, ']');
}

static void misp_end(struct output_writer *w, const struct run_report *report)
{
    bool grave = report->by_level[LEVEL_HIGH] || report->by_level[LEVEL_CRITICAL];
    char time[TIME_TEXT_SIZE];

    (void)time_print(w->has_time ? w->first_ns : 0, time);
    buf_add(&w->out, STR("{\"Event\":{"));
    buf_reset(&w->key);
    buf_printf(&w->key, "event %s %llu %u", time, (unsigned long long)report->findings, w->count);
    member_uuid(w, buf_str(&w->key));
    buf_reset(&w->key);
    buf_printf(&w->key, "Seawall: %llu findings on %llu hosts%s",
               (unsigned long long)report->findings, (unsigned long long)report->top_hosts.count,
               report->partial ? " (interrupted: there may be more)" : "");
    if (w->left_out > 0)
        buf_printf(&w->key, "; %llu more attributes are not in this event",
                   (unsigned long long)w->left_out);
    member_text(&w->out, "info", buf_str(&w->key));
    member_text(&w->out, "date", (struct str){time, 10});
    member_text(&w->out, "threat_level_id", grave ? STR("1") : STR("3"));
    member_text(&w->out, "analysis", STR("1"));
    member_text(&w->out, "distribution", STR("0"));
    member_flag(&w->out, "published", false);
    member_open(&w->out, "Attribute", '[');
    for (uint32_t i = 0; i < w->count; i++)
        write_attribute(w, &w->at[i]);
    buf_add_char(&w->out, ']');
    write_tags(w, report);
    buf_add(&w->out, STR("}}\n"));
    w->sink->write(w->sink->context, buf_str(&w->out));
    buf_free(&w->out);
    buf_free(&w->key);
    free(w->at);
    arena_free(w->arena);
    free(w);
}

const struct output output_misp = {
    .name = "misp",
    .about = "an event for MISP: what findings name, and techniques as tags",
    .begin = misp_begin,
    .finding = misp_finding,
    .end = misp_end,
};
