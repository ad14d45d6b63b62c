/* indicator_stix.c - bundles of STIX 2: what their indicators hold, and of what they are signs.
 *
 * A relationship `indicates` leads from an indicator to malware, an actor or a technique, whose
 * name (or ATT&CK number) then stands in the finding. Observed objects by themselves are none. */
#include "codec/time_text.h"
#include "indicators/indicator_file_priv.h"
#include "indicators/stix_pattern.h"

#define DEPTH_MAX 4u
#define ATTACK_MAX 32u
#define TARGETS_MAX 64u

/* Something that indicators can point to. */
struct target {
    struct str name;
    struct str technique; /* empty: it is none */
};

struct pointer {
    uint32_t target, next; /* index + 1 of the next pointer of the same indicator */
};

struct bundle {
    struct indicator_reading *reading;
    bool any;           /* an object of STIX was met */
    struct map targets; /* id -> index */
    struct target *target_list;
    uint32_t target_count, target_capacity;
    struct map sources; /* indicator id -> index + 1 of its first pointer */
    struct pointer *pointers;
    uint32_t pointer_count, pointer_capacity;
};

enum pass { PASS_TARGETS, PASS_RELATIONSHIPS, PASS_INDICATORS };

/* Where a comparison may lead; the path of hashes has the name of the algorithm behind it. */
static const struct {
    struct str object, path;
    enum indicator_kind kind;
} known_paths[] = {
    {STR_INIT("ipv4-addr"), STR_INIT("value"), INDICATOR_ADDRESS},
    {STR_INIT("ipv6-addr"), STR_INIT("value"), INDICATOR_ADDRESS},
    {STR_INIT("domain-name"), STR_INIT("value"), INDICATOR_DOMAIN},
    {STR_INIT("domain-name"), STR_INIT("resolves_to_refs[].value"), INDICATOR_DOMAIN},
    {STR_INIT("url"), STR_INIT("value"), INDICATOR_URL},
    {STR_INIT("email-addr"), STR_INIT("value"), INDICATOR_EMAIL},
    {STR_INIT("email-message"), STR_INIT("from_ref.value"), INDICATOR_EMAIL},
    {STR_INIT("email-message"), STR_INIT("sender_ref.value"), INDICATOR_EMAIL},
    {STR_INIT("email-message"), STR_INIT("to_refs[].value"), INDICATOR_EMAIL},
    {STR_INIT("network-traffic"), STR_INIT("src_ref.value"), INDICATOR_DOMAIN},
    {STR_INIT("network-traffic"), STR_INIT("dst_ref.value"), INDICATOR_DOMAIN},
    {STR_INIT("file"), STR_INIT("name"), INDICATOR_FILE},
    {STR_INIT("file"), STR_INIT("hashes."), INDICATOR_HASH},
    {STR_INIT("artifact"), STR_INIT("hashes."), INDICATOR_HASH},
    {STR_INIT("process"), STR_INIT("image_ref.name"), INDICATOR_FILE},
    {STR_INIT("process"), STR_INIT("image_ref.hashes."), INDICATOR_HASH},
};

static bool kind_of(const struct stix_comparison *comparison, enum indicator_kind *kind)
{
    for (size_t i = 0; i < ARRAY_COUNT(known_paths); i++) {
        bool open = str_ends_with(known_paths[i].path, STR("."));
        if (!str_eq(comparison->object, known_paths[i].object) ||
            !(open ? str_starts_with(comparison->path, known_paths[i].path)
                   : str_eq(comparison->path, known_paths[i].path)))
            continue;
        *kind = known_paths[i].kind;
        return true;
    }
    return false;
}

/* Whether all of a pattern can be looked for; else it is said. */
static bool is_usable(struct indicator_reading *reading, struct str pattern,
                      const struct stix_comparison *comparisons, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        enum indicator_kind kind;
        const char *doubt;
        if (!kind_of(&comparisons[i], &kind)) {
            struct str reason =
                arena_printf(reading->scratch, "a pattern about %.*s:%.*s",
                             STR_ARG(comparisons[i].object), STR_ARG(comparisons[i].path));
            indicator_remark(reading, INDICATOR_UNUSABLE, reason, pattern);
            return false;
        }
        const char *why = indicator_read(comparisons[i].value, &kind, &reading->key, &doubt);
        if (!why)
            continue;
        indicator_remark(reading, INDICATOR_UNUSABLE, str_from(why), comparisons[i].value);
        return false;
    }
    return true;
}

void indicator_take_pattern(struct indicator_reading *reading, struct str pattern, uint32_t origin)
{
    struct stix_comparison *comparisons;
    uint32_t count;
    const char *why = stix_pattern_read(pattern, reading->scratch, &comparisons, &count);

    if (why)
        indicator_remark(reading, INDICATOR_UNUSABLE, str_from(why), pattern);
    else if (is_usable(reading, pattern, comparisons, count))
        for (uint32_t i = 0; i < count; i++) {
            enum indicator_kind kind = INDICATOR_GUESS;
            if (kind_of(&comparisons[i], &kind))
                indicator_take(reading, kind, comparisons[i].value, origin);
        }
}

/* ---- what indicators point to ---- */

static void *grown(struct arena *arena, void *list, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    *capacity = *capacity ? 2 * *capacity : 64;
    char *larger = arena_alloc_array(arena, size, *capacity);
    const char *old = list;
    for (size_t i = 0; i < count * size; i++)
        larger[i] = old[i];
    return larger;
}

/* The ATT&CK number among the references of a technique. */
static struct str technique_of(struct bundle *bundle, struct str references)
{
    struct indicator_reading *reading = bundle->reading;
    struct json_reader array;
    struct str element, technique;

    if (!indicator_array(references, &array))
        return STR_EMPTY;
    while (indicator_element(&array, &element)) {
        struct indicator_member members[] = {{STR("external_id"), STR_EMPTY}};
        indicator_members(element, members, ARRAY_COUNT(members));
        if (indicator_technique(indicator_string(members[0].value, reading->scratch), &technique))
            return technique;
    }
    return STR_EMPTY;
}

static void take_target(struct bundle *bundle, struct str type, struct str object)
{
    static const struct str types[] = {STR_INIT("attack-pattern"),
                                       STR_INIT("campaign"),
                                       STR_INIT("infrastructure"),
                                       STR_INIT("intrusion-set"),
                                       STR_INIT("malware"),
                                       STR_INIT("threat-actor"),
                                       STR_INIT("tool")};
    struct arena *scratch = bundle->reading->scratch;
    struct indicator_member members[] = {
        {STR("id"), STR_EMPTY}, {STR("name"), STR_EMPTY}, {STR("external_references"), STR_EMPTY}};
    bool wanted = false;

    for (size_t i = 0; i < ARRAY_COUNT(types); i++)
        wanted |= str_eq(type, types[i]);
    if (!wanted)
        return;
    indicator_members(object, members, ARRAY_COUNT(members));
    bundle->target_list = grown(scratch, bundle->target_list, bundle->target_count,
                                &bundle->target_capacity, sizeof(struct target));
    map_set(&bundle->targets, indicator_string(members[0].value, scratch), bundle->target_count);
    bundle->target_list[bundle->target_count++] = (struct target){
        .name = indicator_string(members[1].value, scratch),
        .technique = str_eq(type, STR("attack-pattern")) ? technique_of(bundle, members[2].value)
                                                         : STR_EMPTY};
}

static void take_relationship(struct bundle *bundle, struct str object)
{
    struct arena *scratch = bundle->reading->scratch;
    struct indicator_member members[] = {{STR("relationship_type"), STR_EMPTY},
                                         {STR("source_ref"), STR_EMPTY},
                                         {STR("target_ref"), STR_EMPTY}};

    indicator_members(object, members, ARRAY_COUNT(members));
    struct str source = indicator_string(members[1].value, scratch);
    uint32_t target = map_find(&bundle->targets, indicator_string(members[2].value, scratch));
    if (target == MAP_NONE || !str_eq(members[0].value, STR("\"indicates\"")))
        return;
    uint32_t first = map_find(&bundle->sources, source);
    bundle->pointers = grown(scratch, bundle->pointers, bundle->pointer_count,
                             &bundle->pointer_capacity, sizeof(struct pointer));
    bundle->pointers[bundle->pointer_count++] =
        (struct pointer){target, first == MAP_NONE ? 0 : first};
    map_set(&bundle->sources, source, bundle->pointer_count);
}

/* ---- indicators ---- */

enum member {
    MEMBER_ID,
    MEMBER_NAME,
    MEMBER_DESCRIPTION,
    MEMBER_PATTERN,
    MEMBER_PATTERN_TYPE,
    MEMBER_REVOKED,
    MEMBER_UNTIL,
    MEMBER_CONFIDENCE,
    MEMBER_TYPES,
    MEMBERS
};

/* Scale of STIX 2.1, appendix A: "None, Low, Medium, High". */
static enum level level_of(struct str confidence)
{
    uint64_t value;

    if (!str_to_u64(confidence, 100, &value))
        return LEVEL_HIGH;
    return value < 30 ? LEVEL_LOW : value < 70 ? LEVEL_MEDIUM : LEVEL_HIGH;
}

/* The name of what it points to, which is more than its own; and the techniques. */
static void follow_pointers(struct bundle *bundle, struct indicator_origin *origin)
{
    struct indicator_reading *reading = bundle->reading;
    uint32_t at = map_find(&bundle->sources, origin->id);
    struct str about = STR_EMPTY;

    origin->attack = ARENA_ARRAY(reading->arena, struct str, at == MAP_NONE ? 0 : ATTACK_MAX);
    for (unsigned i = 0; at != MAP_NONE && at > 0 && i < TARGETS_MAX; i++) {
        const struct pointer *pointer = &bundle->pointers[at - 1];
        const struct target *target = &bundle->target_list[pointer->target];
        if (target->technique.len > 0 && origin->attack_count < ATTACK_MAX)
            origin->attack[origin->attack_count++] = arena_str(reading->arena, target->technique);
        else if (target->name.len > 0)
            about = target->name;
        at = pointer->next;
    }
    if (about.len > 0)
        origin->about = indicator_kept(reading, about);
}

static bool is_ignored(struct indicator_reading *reading, const struct indicator_member *members,
                       struct str pattern)
{
    const char *why = NULL;

    if (str_eq(members[MEMBER_REVOKED].value, STR("true")))
        why = "revoked";
    else if (str_contains(members[MEMBER_TYPES].value, STR("\"benign\"")))
        why = "marked as benign";
    if (why)
        indicator_remark(reading, INDICATOR_IGNORED, str_from(why), pattern);
    return why;
}

static void take_indicator(struct bundle *bundle, struct str object)
{
    struct indicator_reading *reading = bundle->reading;
    struct arena *scratch = reading->scratch;
    struct indicator_member members[MEMBERS] = {
        [MEMBER_ID] = {STR("id"), STR_EMPTY},
        [MEMBER_NAME] = {STR("name"), STR_EMPTY},
        [MEMBER_DESCRIPTION] = {STR("description"), STR_EMPTY},
        [MEMBER_PATTERN] = {STR("pattern"), STR_EMPTY},
        [MEMBER_PATTERN_TYPE] = {STR("pattern_type"), STR_EMPTY},
        [MEMBER_REVOKED] = {STR("revoked"), STR_EMPTY},
        [MEMBER_UNTIL] = {STR("valid_until"), STR_EMPTY},
        [MEMBER_CONFIDENCE] = {STR("confidence"), STR_EMPTY},
        [MEMBER_TYPES] = {STR("indicator_types"), STR_EMPTY},
    };
    bool has_zone;

    indicator_members(object, members, MEMBERS);
    struct str pattern = indicator_string(members[MEMBER_PATTERN].value, scratch);
    struct str type = indicator_string(members[MEMBER_PATTERN_TYPE].value, scratch);
    if (is_ignored(reading, members, pattern))
        return;
    if (type.len > 0 && !str_eq(type, STR("stix"))) {
        struct str reason = arena_printf(scratch, "a pattern of type %.*s", STR_ARG(type));
        indicator_remark(reading, INDICATOR_UNUSABLE, reason, pattern);
        return;
    }
    struct str name = indicator_string(members[MEMBER_NAME].value, scratch);
    if (name.len == 0)
        name = indicator_string(members[MEMBER_DESCRIPTION].value, scratch);
    struct indicator_origin origin = {
        .file = reading->file->shown,
        .id = indicator_kept(reading, indicator_string(members[MEMBER_ID].value, scratch)),
        .about = indicator_kept(reading, name),
        .level = level_of(members[MEMBER_CONFIDENCE].value)};
    struct str until = indicator_string(members[MEMBER_UNTIL].value, scratch);
    origin.has_until = until.len > 0 && time_parse(until, &origin.until_ns, &has_zone);
    follow_pointers(bundle, &origin);
    indicator_take_pattern(reading, pattern, indicator_set_origin(reading->set, &origin));
}

/* ---- bundles ---- */

static void visit(struct bundle *bundle, struct str value, enum pass pass, unsigned depth);

static void visit_all(struct bundle *bundle, struct str array, enum pass pass, unsigned depth)
{
    struct json_reader json;
    struct str element;

    if (depth == DEPTH_MAX || !indicator_array(array, &json))
        return;
    while (indicator_element(&json, &element)) {
        struct arena_mark mark = arena_mark(bundle->reading->scratch);
        visit(bundle, element, pass, depth + 1);
        if (pass == PASS_INDICATORS)
            arena_rewind(bundle->reading->scratch, mark);
    }
}

static void visit(struct bundle *bundle, struct str value, enum pass pass, unsigned depth)
{
    struct indicator_member members[] = {
        {STR("type"), STR_EMPTY}, {STR("id"), STR_EMPTY}, {STR("objects"), STR_EMPTY}};

    if (value.at[0] == '[') {
        visit_all(bundle, value, pass, depth);
        return;
    }
    indicator_members(value, members, ARRAY_COUNT(members));
    struct str type = indicator_string(members[0].value, bundle->reading->scratch);
    struct str id = indicator_string(members[1].value, bundle->reading->scratch);
    if (type.len == 0 || id.len <= type.len + 2 || !str_starts_with(id, type) ||
        !str_starts_with(str_slice(id, type.len, id.len), STR("--")))
        return;
    bundle->any = true;
    if (str_eq(type, STR("bundle")))
        visit_all(bundle, members[2].value, pass, depth);
    else if (str_eq(type, STR("indicator")) && pass == PASS_INDICATORS)
        take_indicator(bundle, value);
    else if (str_eq(type, STR("relationship")) && pass == PASS_RELATIONSHIPS)
        take_relationship(bundle, value);
    else if (pass == PASS_TARGETS)
        take_target(bundle, type, value);
}

bool indicator_read_stix(struct indicator_reading *reading, struct str json)
{
    struct bundle bundle = {.reading = reading};

    map_init(&bundle.targets, reading->scratch);
    map_init(&bundle.sources, reading->scratch);
    visit(&bundle, json, PASS_TARGETS, 0);
    if (!bundle.any)
        return false;
    visit(&bundle, json, PASS_RELATIONSHIPS, 0);
    visit(&bundle, json, PASS_INDICATORS, 0);
    return true;
}
