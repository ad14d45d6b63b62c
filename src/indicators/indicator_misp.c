/* indicator_misp.c - events of MISP (draft-dulaunoy-misp-core-format), one or many, alone or as an
 * instance answers; attributes that are marked for detection (`to_ids`). */
#include "indicators/indicator_file_priv.h"

#define DEPTH_MAX 6u
#define ATTACK_MAX 32u

/* What an event says about all its attributes. */
struct context {
    struct str info;
    enum level level;
    struct str attack[ATTACK_MAX];
    uint32_t attack_count;
};

struct misp {
    struct indicator_reading *reading;
    bool any; /* something of MISP was met */
};

/* Types whose value, or whose part, is looked for. */
struct part {
    struct str type;
    enum indicator_kind first, second; /* of "a|b"; INDICATOR_KINDS: it says nothing alone */
};

#define NOTHING INDICATOR_KINDS

static const struct part parts[] = {
    {STR_INIT("ip-src"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("ip-dst"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("ip-src|port"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("ip-dst|port"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("domain"), INDICATOR_DOMAIN, NOTHING},
    {STR_INIT("hostname"), INDICATOR_DOMAIN, NOTHING},
    {STR_INIT("hostname|port"), INDICATOR_DOMAIN, NOTHING},
    {STR_INIT("domain|ip"), INDICATOR_DOMAIN, INDICATOR_ADDRESS},
    {STR_INIT("url"), INDICATOR_URL, NOTHING},
    {STR_INIT("link"), INDICATOR_URL, NOTHING},
    {STR_INIT("email"), INDICATOR_EMAIL, NOTHING},
    {STR_INIT("email-src"), INDICATOR_EMAIL, NOTHING},
    {STR_INIT("email-dst"), INDICATOR_EMAIL, NOTHING},
    {STR_INIT("email-reply-to"), INDICATOR_EMAIL, NOTHING},
    {STR_INIT("filename"), INDICATOR_FILE, NOTHING},
    {STR_INIT("email-attachment"), INDICATOR_FILE, NOTHING},
    {STR_INIT("attachment"), INDICATOR_FILE, NOTHING},
    {STR_INIT("md5"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha1"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha224"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha256"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha384"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha512"), INDICATOR_HASH, NOTHING},
    {STR_INIT("imphash"), INDICATOR_HASH, NOTHING},
    {STR_INIT("authentihash"), INDICATOR_HASH, NOTHING},
    {STR_INIT("malware-sample"), NOTHING, INDICATOR_HASH},
    {STR_INIT("filename|md5"), NOTHING, INDICATOR_HASH},
    {STR_INIT("filename|sha1"), NOTHING, INDICATOR_HASH},
    {STR_INIT("filename|sha224"), NOTHING, INDICATOR_HASH},
    {STR_INIT("filename|sha256"), NOTHING, INDICATOR_HASH},
    {STR_INIT("filename|sha384"), NOTHING, INDICATOR_HASH},
    {STR_INIT("filename|sha512"), NOTHING, INDICATOR_HASH},
    {STR_INIT("filename|imphash"), NOTHING, INDICATOR_HASH},
    {STR_INIT("filename|authentihash"), NOTHING, INDICATOR_HASH},
    /* what other lists call them */
    {STR_INIT("ip"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("ipv4"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("ipv6"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("ipv4-addr"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("ipv6-addr"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("cidr"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("ip:port"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("address"), INDICATOR_ADDRESS, NOTHING},
    {STR_INIT("domain-name"), INDICATOR_DOMAIN, NOTHING},
    {STR_INIT("fqdn"), INDICATOR_DOMAIN, NOTHING},
    {STR_INIT("host"), INDICATOR_DOMAIN, NOTHING},
    {STR_INIT("hash"), INDICATOR_HASH, NOTHING},
    {STR_INIT("md5_hash"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha1_hash"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha256_hash"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha-1"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha-256"), INDICATOR_HASH, NOTHING},
    {STR_INIT("sha-512"), INDICATOR_HASH, NOTHING},
    {STR_INIT("file"), INDICATOR_FILE, NOTHING},
    {STR_INIT("file name"), INDICATOR_FILE, NOTHING},
    {STR_INIT("path"), INDICATOR_PATH, NOTHING},
    {STR_INIT("email-addr"), INDICATOR_EMAIL, NOTHING},
};

void indicator_take_typed(struct indicator_reading *reading, struct str type, struct str value,
                          uint32_t origin)
{
    size_t i = 0;

    if (str_eq(type, STR("stix2-pattern"))) {
        indicator_take_pattern(reading, value, origin);
        return;
    }
    while (i < ARRAY_COUNT(parts) && !str_eq_nocase(parts[i].type, type))
        i++;
    if (i == ARRAY_COUNT(parts)) {
        struct str reason =
            arena_printf(reading->scratch, "of type %.*s, which is not looked for", STR_ARG(type));
        indicator_remark(reading, INDICATOR_UNUSABLE, reason, value);
        return;
    }
    bool composite = str_find_byte(type, '|') < type.len || parts[i].first == NOTHING;
    struct str rest = value, first = composite ? str_cut(&rest, '|') : value;
    if (parts[i].first != NOTHING)
        indicator_take(reading, parts[i].first, first, origin);
    if (parts[i].second != NOTHING)
        indicator_take(reading, parts[i].second, rest, origin);
}

/* ---- events ---- */

static void add_techniques(struct misp *misp, struct context *context, struct str tags)
{
    struct indicator_reading *reading = misp->reading;
    struct json_reader array;
    struct str element, technique;

    if (!indicator_array(tags, &array))
        return;
    while (indicator_element(&array, &element) && context->attack_count < ATTACK_MAX) {
        struct indicator_member members[] = {{STR("name"), STR_EMPTY}};
        indicator_members(element, members, ARRAY_COUNT(members));
        struct str name = indicator_string(members[0].value, reading->scratch);
        if (str_starts_with(name, STR("misp-galaxy:mitre-")) &&
            indicator_technique(name, &technique))
            context->attack[context->attack_count++] = arena_str(reading->arena, technique);
    }
}

/* Clusters of galaxies bear the tag by which they are attached. */
static void add_galaxies(struct misp *misp, struct context *context, struct str galaxies)
{
    struct indicator_reading *reading = misp->reading;
    struct json_reader array, clusters;
    struct str element, cluster, technique;

    if (!indicator_array(galaxies, &array))
        return;
    while (indicator_element(&array, &element)) {
        struct indicator_member members[] = {{STR("GalaxyCluster"), STR_EMPTY}};
        indicator_members(element, members, ARRAY_COUNT(members));
        if (!indicator_array(members[0].value, &clusters))
            continue;
        while (indicator_element(&clusters, &cluster) && context->attack_count < ATTACK_MAX) {
            struct indicator_member tag[] = {{STR("tag_name"), STR_EMPTY}};
            indicator_members(cluster, tag, ARRAY_COUNT(tag));
            if (indicator_technique(indicator_string(tag[0].value, reading->scratch), &technique))
                context->attack[context->attack_count++] = arena_str(reading->arena, technique);
        }
    }
}

enum member {
    MEMBER_TYPE,
    MEMBER_VALUE,
    MEMBER_UUID,
    MEMBER_TO_IDS,
    MEMBER_DELETED,
    MEMBER_COMMENT,
    MEMBER_TAG,
    MEMBER_GALAXY,
    MEMBERS
};

static bool is_true(struct str value)
{
    return str_eq(value, STR("true")) || str_eq(value, STR("1")) || str_eq(value, STR("\"1\""));
}

static uint32_t origin_of(struct misp *misp, const struct context *event,
                          const struct indicator_member *members)
{
    struct indicator_reading *reading = misp->reading;
    struct context own = *event;
    struct str about = own.info;

    add_techniques(misp, &own, members[MEMBER_TAG].value);
    add_galaxies(misp, &own, members[MEMBER_GALAXY].value);
    if (about.len == 0)
        about = indicator_string(members[MEMBER_COMMENT].value, reading->scratch);
    struct indicator_origin origin = {
        .file = reading->file->shown,
        .id =
            indicator_kept(reading, indicator_string(members[MEMBER_UUID].value, reading->scratch)),
        .about = indicator_kept(reading, about),
        .level = own.level,
        .attack = ARENA_ARRAY(reading->arena, struct str, own.attack_count),
        .attack_count = own.attack_count};
    for (uint32_t i = 0; i < own.attack_count; i++)
        origin.attack[i] = own.attack[i];
    return indicator_set_origin(reading->set, &origin);
}

static void take_attribute(struct misp *misp, const struct context *event, struct str attribute)
{
    struct indicator_reading *reading = misp->reading;
    struct indicator_member members[MEMBERS] = {
        [MEMBER_TYPE] = {STR("type"), STR_EMPTY},
        [MEMBER_VALUE] = {STR("value"), STR_EMPTY},
        [MEMBER_UUID] = {STR("uuid"), STR_EMPTY},
        [MEMBER_TO_IDS] = {STR("to_ids"), STR_EMPTY},
        [MEMBER_DELETED] = {STR("deleted"), STR_EMPTY},
        [MEMBER_COMMENT] = {STR("comment"), STR_EMPTY},
        [MEMBER_TAG] = {STR("Tag"), STR_EMPTY},
        [MEMBER_GALAXY] = {STR("Galaxy"), STR_EMPTY},
    };

    indicator_members(attribute, members, MEMBERS);
    struct str type = indicator_string(members[MEMBER_TYPE].value, reading->scratch);
    struct str value = indicator_string(members[MEMBER_VALUE].value, reading->scratch);
    if (is_true(members[MEMBER_DELETED].value))
        indicator_remark(reading, INDICATOR_IGNORED, STR("deleted"), value);
    else if (!is_true(members[MEMBER_TO_IDS].value))
        indicator_remark(reading, INDICATOR_IGNORED, STR("not meant for detection (to_ids)"),
                         value);
    else
        indicator_take_typed(reading, type, value, origin_of(misp, event, members));
}

/* Attributes, or objects with attributes. */
static void take_all(struct misp *misp, const struct context *event, struct str array, bool objects)
{
    struct json_reader json;
    struct str element;

    if (!indicator_array(array, &json))
        return;
    misp->any = true;
    while (indicator_element(&json, &element)) {
        struct arena_mark mark = arena_mark(misp->reading->scratch);
        struct indicator_member members[] = {{STR("Attribute"), STR_EMPTY},
                                             {STR("deleted"), STR_EMPTY}};
        if (!objects) {
            take_attribute(misp, event, element);
        } else {
            indicator_members(element, members, ARRAY_COUNT(members));
            if (is_true(members[1].value))
                indicator_remark(misp->reading, INDICATOR_IGNORED, STR("deleted"),
                                 STR("an object"));
            else
                take_all(misp, event, members[0].value, false);
        }
        arena_rewind(misp->reading->scratch, mark);
    }
}

/* "1" high, "2" medium, "3" low, "4" undefined */
static enum level level_of(struct str threat)
{
    if (threat.len > 2 && threat.at[0] == '"')
        threat = str_slice(threat, 1, threat.len - 1);
    return str_eq(threat, STR("2"))   ? LEVEL_MEDIUM
           : str_eq(threat, STR("3")) ? LEVEL_LOW
                                      : LEVEL_HIGH;
}

/* An event, a list of them, or what holds either. */
static void visit(struct misp *misp, struct str value, unsigned depth)
{
    struct indicator_reading *reading = misp->reading;
    struct indicator_member members[] = {
        {STR("Event"), STR_EMPTY},     {STR("response"), STR_EMPTY},
        {STR("Attribute"), STR_EMPTY}, {STR("Object"), STR_EMPTY},
        {STR("info"), STR_EMPTY},      {STR("threat_level_id"), STR_EMPTY},
        {STR("Tag"), STR_EMPTY},       {STR("Galaxy"), STR_EMPTY}};
    struct json_reader json;
    struct str element;

    if (depth == DEPTH_MAX || value.len == 0)
        return;
    if (indicator_array(value, &json)) {
        while (indicator_element(&json, &element))
            visit(misp, element, depth + 1);
        return;
    }
    struct arena_mark mark = arena_mark(reading->scratch);
    indicator_members(value, members, ARRAY_COUNT(members));
    visit(misp, members[0].value, depth + 1);
    visit(misp, members[1].value, depth + 1);
    struct context event = {.info = indicator_string(members[4].value, reading->scratch),
                            .level = level_of(members[5].value)};
    add_techniques(misp, &event, members[6].value);
    add_galaxies(misp, &event, members[7].value);
    take_all(misp, &event, members[2].value, false);
    take_all(misp, &event, members[3].value, true);
    arena_rewind(reading->scratch, mark);
}

bool indicator_read_misp(struct indicator_reading *reading, struct str json)
{
    struct misp misp = {.reading = reading};

    visit(&misp, json, 0);
    return misp.any;
}
