/* stix.c - a STIX 2.1 bundle (OASIS): observed data and what was observed, each technique once as
 * an attack pattern, and a sighting of it for each finding.
 *
 * Objects are written as they come; ids are made of what they stand for, so that the same evidence
 * gives the same bundle, and an object that was written is known by its id. */
#include "codec/json.h"
#include "codec/time_text.h"
#include "codec/uuid.h"
#include "core/ensure.h"
#include "core/map.h"
#include "output/members.h"
#include "output/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_SIZE 80
#define KNOWN_MAX 1000000u /* objects that are known to be written; more are written again */
#define REFERENCES_MAX 64u
#define BEGINNING "2026-01-01T00:00:00.000Z" /* of what has no time */

/* Of cyber observables (STIX 2.1, section 2.9), and of everything else here. */
static const uint8_t observables[] = {0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c,
                                      0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7};
static const uint8_t seawall[] = {0x7e, 0x1d, 0x3f, 0x0b, 0x52, 0x64, 0x4c, 0x1e,
                                  0x8d, 0x35, 0x5a, 0x7f, 0x21, 0x0c, 0x4b, 0x96};

struct output_writer {
    const struct sink *sink;
    struct arena *arena;
    struct map known;
    struct buf out, key;
    char identity[ID_SIZE];
    bool first;
    uint64_t findings;
};

static void make_id(const char *type, const uint8_t space[UUID_BYTES], struct str name,
                    char id[ID_SIZE])
{
    char uuid[UUID_TEXT_SIZE];

    uuid_of_name(space, name, uuid);
    snprintf(id, ID_SIZE, "%s--%s", type, uuid);
}

/* Whether an object of this id is still to be written. */
static bool is_new(struct output_writer *w, const char *id)
{
    if (map_find(&w->known, str_from(id)) != MAP_NONE)
        return false;
    if (w->known.count < KNOWN_MAX)
        map_set(&w->known, str_from(id), 1);
    return true;
}

static void begin_object(struct output_writer *w, const char *type, const char *id)
{
    buf_reset(&w->out);
    buf_add(&w->out, w->first ? STR("\n{") : STR(",\n{"));
    w->first = false;
    member_text(&w->out, "type", str_from(type));
    member_text(&w->out, "spec_version", STR("2.1"));
    member_text(&w->out, "id", str_from(id));
}

static void end_object(struct output_writer *w)
{
    buf_add_char(&w->out, '}');
    w->sink->write(w->sink->context, buf_str(&w->out));
}

/* "2026-09-14T22:04:10.123Z" */
static struct str stix_time(bool has_time, int64_t time_ns, char text[TIME_TEXT_SIZE])
{
    if (!has_time || time_ns < 0)
        return STR(BEGINNING);
    size_t len = time_print(time_ns, text);
    text[len - 7] = 'Z';
    return (struct str){text, len - 6};
}

static void member_made(struct output_writer *w, struct str time)
{
    member_text(&w->out, "created", time);
    member_text(&w->out, "modified", time);
    member_text(&w->out, "created_by_ref", str_from(w->identity));
}

static struct output_writer *stix_begin(const struct sink *sink,
                                        const struct output_options *options)
{
    struct output_writer *w = calloc(1, sizeof(*w));
    char id[ID_SIZE];

    (void)options;
    ENSURE(w);
    w->sink = sink;
    w->first = true;
    w->arena = arena_new("objects of a bundle", (size_t)2 << 30);
    map_init(&w->known, w->arena);
    buf_init(&w->out, SIZE_MAX / 2);
    buf_init(&w->key, SIZE_MAX / 2);
    make_id("bundle", seawall, STR("bundle"), id);
    buf_printf(&w->out, "{\"type\":\"bundle\",\"id\":\"%s\",\"objects\":[", id);
    sink->write(sink->context, buf_str(&w->out));
    make_id("identity", seawall, STR("Seawall"), w->identity);
    begin_object(w, "identity", w->identity);
    member_text(&w->out, "created", STR(BEGINNING));
    member_text(&w->out, "modified", STR(BEGINNING));
    member_text(&w->out, "name", STR("Seawall"));
    member_text(&w->out, "identity_class", STR("system"));
    end_object(w);
    return w;
}

/* ---- what was observed ---- */

/* An observable of one property, which its id is made of. */
static void write_observable(struct output_writer *w, const char *type, const char *property,
                             struct str value, char id[ID_SIZE])
{
    buf_reset(&w->key);
    buf_printf(&w->key, "{\"%s\":", property);
    json_write_str(&w->key, value);
    buf_add_char(&w->key, '}');
    make_id(type, observables, buf_str(&w->key), id);
    if (!is_new(w, id))
        return;
    begin_object(w, type, id);
    member_text(&w->out, property, value);
    end_object(w);
}

static bool is_address(struct str text, bool *six)
{
    bool digits = text.len > 0;

    *six = str_find_byte(text, ':') < text.len;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool digit = (c >= '0' && c <= '9') || c == '.';
        bool hex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
        digits &= digit || (*six && hex);
    }
    return digits && (*six || str_find_byte(text, '.') < text.len);
}

/* False: there is no observable for it. */
static bool write_entity(struct output_writer *w, enum entity_kind kind, struct str value,
                         char id[ID_SIZE])
{
    bool six;

    switch (kind) {
    case ENTITY_ADDRESS:
        if (str_starts_with(value, STR("::ffff:")) && str_find_byte(value, '.') < value.len)
            value = str_slice(value, 7, value.len); /* an IPv4 address inside */
        if (!is_address(value, &six))
            return false;
        write_observable(w, six ? "ipv6-addr" : "ipv4-addr", "value", value, id);
        return true;
    case ENTITY_ACCOUNT:
        write_observable(w, "user-account", "account_login", value, id);
        return true;
    case ENTITY_DOMAIN:
        write_observable(w, "domain-name", "value", value, id);
        return true;
    case ENTITY_FILE:
    case ENTITY_PROCESS:
        write_observable(w, "file", "name", value, id);
        return true;
    case ENTITY_HASH:
    case ENTITY_HOST:
    case ENTITY_SERVICE:
    case ENTITY_KINDS:
        break;
    }
    return false;
}

/* Ids of what the finding names; of one that names nothing the log that it stands in. */
static uint32_t write_observables(struct output_writer *w, const struct finding *finding,
                                  char ids[REFERENCES_MAX][ID_SIZE])
{
    const struct str_list *entities = finding_entities(finding);
    uint32_t count = 0;

    for (unsigned kind = 0; kind < ENTITY_KINDS; kind++)
        for (uint32_t i = 0; i < entities[kind].count && count < REFERENCES_MAX; i++) {
            if (!write_entity(w, (enum entity_kind)kind, entities[kind].at[i], ids[count]))
                continue;
            bool known = false; /* a file may be a process, too */
            for (uint32_t at = 0; at < count; at++)
                known |= strcmp(ids[at], ids[count]) == 0;
            count += !known;
        }
    if (count == 0)
        write_observable(w, "file", "name", finding->path, ids[count++]);
    return count;
}

/* ---- findings ---- */

static void write_technique(struct output_writer *w, struct str technique, char id[ID_SIZE])
{
    make_id("attack-pattern", seawall, technique, id);
    if (!is_new(w, id))
        return;
    begin_object(w, "attack-pattern", id);
    member_made(w, STR(BEGINNING));
    member_text(&w->out, "name", technique);
    member_open(&w->out, "external_references", '[');
    member_open(&w->out, NULL, '{');
    member_text(&w->out, "source_name", STR("mitre-attack"));
    member_text(&w->out, "external_id", technique);
    buf_add(&w->out, STR("}]"));
    end_object(w);
}

static void write_observed(struct output_writer *w, const struct finding *finding, const char *id,
                           struct str time, char ids[REFERENCES_MAX][ID_SIZE], uint32_t count)
{
    const struct combined *combined = finding->combined;
    char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE];
    uint64_t number = combined && combined->count < 999999999 ? combined->count : 1;

    begin_object(w, "observed-data", id);
    member_made(w, time);
    member_text(&w->out, "first_observed",
                combined ? stix_time(true, combined->first_ns, first) : time);
    member_text(&w->out, "last_observed",
                combined ? stix_time(true, combined->last_ns, last) : time);
    member_number(&w->out, "number_observed", number);
    member_open(&w->out, "labels", '[');
    member_next(&w->out);
    json_write_str(&w->out, level_name(finding->level));
    member_next(&w->out);
    json_write_str(&w->out, finding->title);
    buf_add_char(&w->out, ']');
    member_open(&w->out, "object_refs", '[');
    for (uint32_t i = 0; i < count; i++) {
        member_next(&w->out);
        json_write_str(&w->out, str_from(ids[i]));
    }
    buf_add_char(&w->out, ']');
    end_object(w);
}

static void write_sighting(struct output_writer *w, const struct finding *finding,
                           struct str technique, const char *observed, struct str time)
{
    char pattern[ID_SIZE], id[ID_SIZE];

    write_technique(w, technique, pattern);
    buf_reset(&w->key);
    buf_printf(&w->key, "%s %.*s", observed, STR_ARG(technique));
    make_id("sighting", seawall, buf_str(&w->key), id);
    begin_object(w, "sighting", id);
    member_made(w, time);
    buf_reset(&w->key);
    buf_add(&w->key, finding->title);
    buf_add(&w->key, STR(": "));
    buf_add(&w->key, finding->why);
    member_text(&w->out, "description", buf_str(&w->key));
    if (finding->has_time) {
        member_text(&w->out, "first_seen", time);
        member_text(&w->out, "last_seen", time);
    }
    member_number(&w->out, "count", 1);
    member_text(&w->out, "sighting_of_ref", str_from(pattern));
    member_open(&w->out, "observed_data_refs", '[');
    json_write_str(&w->out, str_from(observed));
    buf_add_char(&w->out, ']');
    member_open(&w->out, "where_sighted_refs", '[');
    json_write_str(&w->out, str_from(w->identity));
    buf_add_char(&w->out, ']');
    end_object(w);
}

static void stix_finding(struct output_writer *w, const struct finding *finding)
{
    char ids[REFERENCES_MAX][ID_SIZE], observed[ID_SIZE], text[TIME_TEXT_SIZE];
    struct str time = stix_time(finding->has_time, finding->time_ns, text);
    uint32_t count = write_observables(w, finding, ids);

    buf_reset(&w->key); /* findings may be alike: they are numbered */
    buf_printf(&w->key, "%llu %.*s", (unsigned long long)w->findings++, STR_ARG(finding->id));
    make_id("observed-data", seawall, buf_str(&w->key), observed);
    write_observed(w, finding, observed, time, ids, count);
    for (uint32_t i = 0; i < finding->attack.count; i++)
        write_sighting(w, finding, finding->attack.at[i], observed, time);
}

static void stix_end(struct output_writer *w, const struct run_report *report)
{
    (void)report;
    w->sink->write(w->sink->context, STR("\n]}\n"));
    buf_free(&w->out);
    buf_free(&w->key);
    arena_free(w->arena);
    free(w);
}

const struct output output_stix = {
    .name = "stix",
    .about = "a STIX 2.1 bundle: observed data, and sightings of ATT&CK techniques",
    .begin = stix_begin,
    .finding = stix_finding,
    .end = stix_end,
};
