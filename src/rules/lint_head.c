/* lint_head.c - what is missing around a rule's detection, or is misspelled. */
#include "core/map.h"
#include "rules/lint.h"
#include "rules/sigma_priv.h"
#include "rules/spelling.h"

static const char *const document_keys[] = {
    "title",   "id",          "name",      "related",    "taxonomy",       "status", "description",
    "license", "references",  "author",    "date",       "modified",       "tags",   "logsource",
    "level",   "detection",   "condition", "scope",      "falsepositives", "fields", "filter",
    "action",  "correlation", "generate",  "regression", "simulation",
};

static const char *const source_keys[] = {"category", "product", "service", "definition"};

static const char *const tactics[] = {
    "reconnaissance",
    "resource-development",
    "initial-access",
    "execution",
    "persistence",
    "privilege-escalation",
    "defense-evasion",
    "stealth",
    "credential-access",
    "defense-impairment",
    "discovery",
    "lateral-movement",
    "collection",
    "command-and-control",
    "exfiltration",
    "impact",
    "evasion",
    "inhibit-response-function",
    "impair-process-control",
};

/* A rule may have keys of its own; what is nearly one of Sigma's is hardly meant to be. */
static void check_keys(struct sigma_loading *loading, const struct yaml_node *map,
                       const char *const *known, size_t count)
{
    for (uint32_t i = 0; map && i < map->count; i++) {
        const struct yaml_member *member = &map->members[i];
        struct spelling spelling = spelling_of(member->key);
        for (size_t k = 0; k < count; k++)
            spelling_try(&spelling, str_from(known[k]));
        if (spelling.distance > 0 && spelling.nearest.len > 0)
            sigma_suggest(loading, NOTE_LINT, member->key_line, member->key_column,
                          spelling.nearest, "Sigma has no key '%.*s'", SHOWN(member->key));
    }
}

/* A filter reports nothing of its own; a name is all that it should have. */
static void check_missing(struct sigma_loading *loading, const struct yaml_node *document)
{
    static const struct {
        const char *key, *text;
    } wanted[] = {
        {"id", "has no id, by which filters, tests and other rules could name it; uuidgen makes "
               "one"},
        {"status", "has no status: stable, test, experimental, deprecated or unsupported"},
        {"level", "has no level: it counts as medium"},
        {"date", "has no date of its making: YYYY-MM-DD"},
    };
    bool filter = yaml_get(document, STR("filter")) != NULL;

    for (size_t i = 0; i < (filter ? 1 : ARRAY_COUNT(wanted)); i++) {
        const struct yaml_node *node = yaml_get(document, str_from(wanted[i].key));
        if (!node || yaml_is_null(node))
            sigma_note(loading, NOTE_LINT, node ? node->line : loading->rule->line,
                       node ? node->column : 1, "the %s %s", loading->what, wanted[i].text);
    }
}

/* The text of a date in the right form; else empty, which was said where it was read. */
static struct str date_of(const struct yaml_node *document, struct str key)
{
    const struct yaml_node *node = yaml_get(document, key);

    if (!node || node->kind != YAML_SCALAR || node->text.len != 10 || node->text.at[4] != '-' ||
        node->text.at[7] != '-')
        return STR_EMPTY;
    return node->text;
}

static void check_calendar(struct sigma_loading *loading, const struct yaml_node *document,
                           struct str key)
{
    static const uint8_t lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct str text = date_of(document, key);
    uint64_t year, month, day;

    if (text.len == 0 || !str_to_u64(str_slice(text, 0, 4), 9999, &year) ||
        !str_to_u64(str_slice(text, 5, 7), 99, &month) ||
        !str_to_u64(str_slice(text, 8, 10), 99, &day))
        return;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] &&
        (leap || month != 2 || day != 29))
        return;
    sigma_note(loading, NOTE_LINT, yaml_get(document, key)->line, yaml_get(document, key)->column,
               "there is no day '%.*s'", STR_ARG(text));
}

static void check_dates(struct sigma_loading *loading, const struct yaml_node *document)
{
    struct str made = date_of(document, STR("date")), changed = date_of(document, STR("modified"));

    check_calendar(loading, document, STR("date"));
    check_calendar(loading, document, STR("modified"));
    if (made.len > 0 && changed.len > 0 && str_compare(changed, made) < 0)
        sigma_note(loading, NOTE_LINT, yaml_get(document, STR("modified"))->line,
                   yaml_get(document, STR("modified"))->column,
                   "modified on %.*s, before it was made on %.*s", STR_ARG(changed), STR_ARG(made));
}

/* The id of a technique that is written in another way, such as t1059_001; else empty. */
static struct str technique_meant(struct sigma_loading *loading, struct str id)
{
    char digits[7];
    size_t count = 0;

    if (id.len < 2 || ascii_lower(id.at[0]) != 't' || !ascii_is_digit(id.at[1]))
        return STR_EMPTY;
    for (size_t i = 1; i < id.len; i++) {
        if (!ascii_is_digit(id.at[i]))
            continue;
        if (count == sizeof(digits))
            return STR_EMPTY;
        digits[count++] = id.at[i];
    }
    if (count == 4)
        return arena_printf(loading->arena, "attack.t%.4s", digits);
    return count == 7 ? arena_printf(loading->arena, "attack.t%.4s.%.3s", digits, digits + 4)
                      : STR_EMPTY;
}

static bool is_number(struct str text, size_t digits)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_digit(text.at[i]))
            return false;
    return text.len == digits;
}

/* What ATT&CK numbers: techniques, tactics, groups, software, campaigns, mitigations, sources. */
static bool is_attack_id(struct str id)
{
    static const char *const prefixes[] = {"ta", "ds", "g", "s", "c", "m"};
    size_t dot = str_find_byte(id, '.');

    if (id.len > 1 && id.at[0] == 't' && is_number(str_slice(id, 1, dot), 4))
        return dot == id.len || is_number(str_slice(id, dot + 1, id.len), 3);
    for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++) {
        struct str prefix = str_from(prefixes[i]);
        if (str_starts_with(id, prefix) && is_number(str_slice(id, prefix.len, id.len), 4))
            return true;
    }
    return false;
}

static void check_attack(struct sigma_loading *loading, const struct yaml_node *tag)
{
    struct str id = str_slice(tag->text, sizeof("attack.") - 1, tag->text.len);
    struct spelling spelling = spelling_of(id);

    if (is_attack_id(id))
        return;
    struct str meant = technique_meant(loading, id);
    for (size_t i = 0; i < ARRAY_COUNT(tactics); i++)
        spelling_try(&spelling, str_from(tactics[i]));
    if (spelling.nearest.len > 0 && spelling.distance == 0)
        return;
    if (meant.len == 0 && spelling.nearest.len > 0)
        meant = arena_printf(loading->arena, "attack.%.*s", STR_ARG(spelling.nearest));
    sigma_suggest(loading, NOTE_LINT, tag->line, tag->column, meant,
                  "'%.*s' is no tactic or number of ATT&CK", SHOWN(tag->text));
}

static void check_twice(struct sigma_loading *loading, const struct yaml_node *list)
{
    struct map seen;

    map_init(&seen, loading->arena);
    for (uint32_t i = 0; list && list->kind == YAML_LIST && i < list->count; i++) {
        const struct yaml_node *tag = list->members[i].value;
        if (tag->kind != YAML_SCALAR)
            continue;
        if (map_find(&seen, tag->text) != MAP_NONE)
            sigma_note(loading, NOTE_LINT, tag->line, tag->column, "tag '%.*s' stands twice",
                       SHOWN(tag->text));
        map_set(&seen, tag->text, i);
    }
}

void lint_tag(struct sigma_loading *loading, const struct yaml_node *tag)
{
    static const char *const known[] = {"attack",    "car", "cve", "d3fend",
                                        "detection", "stp", "tlp"};
    struct str space = str_slice(tag->text, 0, str_find_byte(tag->text, '.'));
    struct spelling spelling = spelling_of(space);

    if (str_eq(space, STR("attack"))) {
        check_attack(loading, tag);
        return;
    }
    for (size_t k = 0; k < ARRAY_COUNT(known); k++)
        spelling_try(&spelling, str_from(known[k]));
    if (spelling.nearest.len > 0 && spelling.distance > 0)
        sigma_suggest(loading, NOTE_LINT, tag->line, tag->column, spelling.nearest,
                      "tags have no namespace '%.*s'", SHOWN(space));
}

void lint_head(struct sigma_loading *loading, const struct yaml_node *document)
{
    check_keys(loading, document, document_keys, ARRAY_COUNT(document_keys));
    check_keys(loading, yaml_get(document, STR("logsource")), source_keys,
               ARRAY_COUNT(source_keys));
    check_missing(loading, document);
    check_dates(loading, document);
    check_twice(loading, yaml_get(document, STR("tags")));
}
