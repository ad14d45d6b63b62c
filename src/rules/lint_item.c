/* lint_item.c - items of a detection whose modifiers do nothing, or whose values cannot match. */
#include "codec/utf.h"
#include "core/map.h"
#include "rules/lint.h"
#include "rules/sigma_priv.h"

#define BIT(modifier) ((uint64_t)1 << MODIFIER_##modifier)
/* Items whose values are no patterns, or not as they stand. */
#define NO_PATTERNS                                                                                \
    (BIT(RE) | BIT(CIDR) | BIT(EXISTS) | BIT(FIELDREF) | BIT(EXPAND) | BIT(BASE64) |               \
     BIT(BASE64OFFSET) | BIT(LT) | BIT(LTE) | BIT(GT) | BIT(GTE) | BIT(MINUTE) | BIT(HOUR) |       \
     BIT(DAY) | BIT(WEEK) | BIT(MONTH) | BIT(YEAR))
#define AFFIXES (BIT(CONTAINS) | BIT(STARTSWITH) | BIT(ENDSWITH))

/* An item with the values of all lists in its list. */
struct item {
    struct sigma_loading *loading;
    const struct item_key *key;
    const struct yaml_node **values; /* scalars */
    uint32_t count, max;
};

static void gather(struct item *item, const struct yaml_node *node)
{
    if (node->kind == YAML_LIST) {
        for (uint32_t i = 0; i < node->count; i++)
            gather(item, node->members[i].value);
        return;
    }
    if (node->kind != YAML_SCALAR)
        return;
    if (item->count == item->max) {
        uint32_t max = item->max ? item->max * 2 : 8;
        const struct yaml_node **grown =
            ARENA_ARRAY(item->loading->arena, const struct yaml_node *, max);
        for (uint32_t i = 0; i < item->count; i++)
            grown[i] = item->values[i];
        item->values = grown;
        item->max = max;
    }
    item->values[item->count++] = node;
}

static bool has(const struct item *item, uint64_t modifiers)
{
    return (item->key->set & modifiers) != 0;
}

static void note(const struct item *item, enum note_kind kind, const struct yaml_node *value,
                 struct str suggestion, const char *text)
{
    sigma_suggest(item->loading, kind, value->line, value->column, suggestion, "%s", text);
}

/* ---- wildcards ---- */

static bool begins_wild(struct str text)
{
    return text.len > 1 && text.at[0] == '*';
}

/* A star behind a backslash that is not escaped itself is a star. */
static bool ends_wild(struct str text)
{
    size_t backslashes = 0;

    if (text.len < 2 || text.at[text.len - 1] != '*')
        return false;
    while (backslashes + 1 < text.len && text.at[text.len - 2 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 0;
}

static struct str without_ends(struct str text, bool first, bool last)
{
    return str_slice(text, first, text.len - last);
}

static void check_needless_wildcards(const struct item *item)
{
    bool keyword = item->key->field.len == 0 && !has(item, BIT(STARTSWITH) | BIT(ENDSWITH));
    bool contains = has(item, BIT(CONTAINS)) || keyword;
    bool open_before = contains || has(item, BIT(ENDSWITH));
    bool open_behind = contains || has(item, BIT(STARTSWITH));

    for (uint32_t i = 0; i < item->count; i++) {
        struct str text = item->values[i]->text;
        bool first = begins_wild(text), last = ends_wild(text);
        if (text.len < 3 || !(first || last))
            continue;
        if ((first && open_before) || (last && open_behind))
            note(item, NOTE_LINT, item->values[i],
                 without_ends(text, first && open_before, last && open_behind),
                 keyword    ? "words match anywhere: the wildcard around this one changes nothing"
                 : contains ? "'contains' matches anywhere: the wildcard around it changes nothing"
                 : first    ? "'endswith' leaves open what stands before: the wildcard changes "
                              "nothing"
                         : "'startswith' leaves open what follows: the wildcard changes nothing");
        else if (open_before != open_behind)
            note(item, NOTE_LINT, item->values[i], STR_EMPTY,
                 first ? "with a wildcard at its beginning 'startswith' asks for 'contains'"
                       : "with a wildcard at its end 'endswith' asks for 'contains'");
    }
}

/* `*x` is `endswith`, if all values of the item are of that shape. */
static void check_wildcards_for_modifiers(const struct item *item)
{
    bool first = false, last = false;

    if (item->key->field.len == 0 || has(item, AFFIXES))
        return;
    for (uint32_t i = 0; i < item->count; i++) {
        struct str text = item->values[i]->text;
        bool before = begins_wild(text), behind = ends_wild(text);
        struct glob glob =
            pattern_parse(item->loading->arena, without_ends(text, before && text.len > 2, behind));
        struct str plain;
        if (text.len < 3 || !(before || behind) || !pattern_plain(&glob, &plain))
            return;
        if (i > 0 && (before != first || behind != last))
            return;
        first = before;
        last = behind;
    }
    const char *modifier = first && last ? "contains" : first ? "endswith" : "startswith";
    struct str rest = str_slice(item->key->written, item->key->field.len, SIZE_MAX);
    sigma_suggest(item->loading, NOTE_LINT, item->key->line, item->key->column,
                  arena_printf(item->loading->arena, "%.*s|%s%.*s", STR_ARG(item->key->field),
                               modifier, STR_ARG(rest)),
                  "wildcards at the ends of all values are better said with '%s'", modifier);
}

/* ---- modifiers that do nothing ---- */

static bool has_dash(struct str text)
{
    return str_find_byte(text, '-') < text.len || str_find_byte(text, '/') < text.len ||
           str_contains(text, STR("\xe2\x80")); /* where the long dashes are */
}

static bool has_letter(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.at[i]);
        if ((c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80)
            return true;
    }
    return false;
}

static void check_idle_modifiers(const struct item *item)
{
    bool dash = false, letter = false;

    for (uint32_t i = 0; i < item->count; i++) {
        dash |= has_dash(item->values[i]->text);
        letter |= has_letter(item->values[i]->text);
    }
    if (has(item, BIT(WINDASH)) && !dash && item->count > 0)
        sigma_note(item->loading, NOTE_LINT, item->key->line, item->key->column,
                   "'windash' changes nothing: no value has a dash");
    if (has(item, BIT(CASED)) && !letter && item->count > 0)
        sigma_note(item->loading, NOTE_LINT, item->key->line, item->key->column,
                   "'cased' changes nothing: no value has a letter");
}

static void check_empty_values(const struct item *item)
{
    for (uint32_t i = 0; i < item->count && has(item, AFFIXES); i++)
        if (item->values[i]->text.len == 0)
            note(item, NOTE_WARNING, item->values[i], STR_EMPTY,
                 "every text has an empty one in it: this matches whatever the field says");
}

static void check_encoded(const struct item *item)
{
    struct str rest = str_slice(item->key->written, item->key->field.len, SIZE_MAX);

    if (!has(item, BIT(BASE64OFFSET)) || has(item, AFFIXES) || item->key->field.len == 0)
        return;
    sigma_suggest(item->loading, NOTE_WARNING, item->key->line, item->key->column,
                  arena_printf(item->loading->arena, "%.*s%.*s|contains", STR_ARG(item->key->field),
                               STR_ARG(rest)),
                  "'base64offset' looks for a part of an encoded text, and without 'contains' it "
                  "would have to be the whole value");
}

/* ---- expressions ---- */

static void check_expressions(const struct item *item)
{
    for (uint32_t i = 0; i < item->count; i++) {
        struct str text = item->values[i]->text;
        /* `^.*` would be tied to the first line of a value, unless `.` crosses lines. */
        bool anchored = has(item, BIT(DOTALL)) && text.len > 0 && text.at[0] == '^';
        bool first = str_starts_with(str_slice(text, anchored, text.len), STR(".*"));
        char behind = text.len > anchored + 2u ? text.at[anchored + 2] : '\0';
        if (!first || behind == '\0' || behind == '+' || behind == '?')
            continue;
        if (str_find_byte(text, '|') < text.len)
            continue; /* the beginning of one alternative only */
        note(item, NOTE_LINT, item->values[i], str_slice(text, anchored + 2u, text.len),
             "expressions are searched for anywhere: '.*' at the beginning costs time and changes "
             "nothing");
    }
}

/* ---- values that stand twice, or cannot match ---- */

static void check_twice(const struct item *item)
{
    struct arena *arena = item->loading->arena;
    bool as_written =
        has(item, BIT(CASED) | BIT(RE) | BIT(EXPAND) | BIT(BASE64) | BIT(BASE64OFFSET));
    struct map seen;

    if (item->count < 2)
        return;
    map_init(&seen, arena);
    for (uint32_t i = 0; i < item->count; i++) {
        struct str text = item->values[i]->text;
        if (!as_written) {
            char *folded = arena_alloc_bytes(arena, FOLD_SIZE(text.len));
            text = (struct str){folded, fold_str(text, folded)};
        }
        uint32_t before = map_find(&seen, text);
        bool null = yaml_type_of(item->values[i]) == YAML_NULL;
        if (before != MAP_NONE && !null)
            sigma_note(item->loading, NOTE_LINT, item->values[i]->line, item->values[i]->column,
                       "'%.*s' stands in line %u, too", SHOWN(item->values[i]->text),
                       item->values[before]->line);
        map_set(&seen, text, i);
    }
}

/* One value cannot be several texts at once. */
static void check_all(const struct item *item)
{
    if (!has(item, BIT(ALL)) || has(item, AFFIXES) || item->key->field.len == 0)
        return;
    uint32_t whole = 0;
    for (uint32_t i = 0; i < item->count; i++) {
        struct glob glob = pattern_parse(item->loading->arena, item->values[i]->text);
        struct str plain;
        whole += pattern_plain(&glob, &plain);
    }
    if (whole > 1)
        sigma_suggest(
            item->loading, NOTE_WARNING, item->key->line, item->key->column,
            arena_printf(item->loading->arena, "%.*s|contains|all", STR_ARG(item->key->field)),
            "only a field with several values can be all of these whole values at once");
}

static bool is_hexadecimal(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.at[i]);
        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return text.len > 0;
}

static void check_hash(const struct item *item, const struct yaml_node *value)
{
    static const struct {
        const char *name;
        size_t digits;
    } kinds[] = {{"MD5", 32}, {"SHA1", 40}, {"SHA256", 64}, {"IMPHASH", 32}};
    struct str digits = value->text;

    while (digits.len > 0 && digits.at[0] == '*')
        digits = str_slice(digits, 1, digits.len);
    struct str name = str_cut(&digits, '=');
    if (!is_hexadecimal(digits)) /* with a wildcard: a part */
        return;
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        if (str_eq_nocase(name, str_from(kinds[i].name)) && digits.len != kinds[i].digits)
            sigma_note(item->loading, NOTE_WARNING, value->line, value->column,
                       "%s has %zu digits, and here are %zu", kinds[i].name, kinds[i].digits,
                       digits.len);
}

static bool is_windows_path(struct str field)
{
    static const char *const fields[] = {
        "Image",       "ParentImage",    "ImageLoaded", "SourceImage",
        "TargetImage", "TargetFilename", "ProcessName", "NewProcessName",
    };

    for (size_t i = 0; i < ARRAY_COUNT(fields); i++)
        if (str_eq(field, str_from(fields[i])))
            return true;
    return false;
}

/* "\*" of the rule is a star, which its author hardly meant, as a backslash and a wildcard. */
static struct str with_wildcards(struct arena *arena, struct str text)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\' && i + 1 < text.len) {
            buf_add(&out, text.at[i + 1] == '*' ? STR("\\\\") : STR("\\"));
            if (text.at[++i] == '\\')
                buf_add_char(&out, '\\');
            else
                buf_add_char(&out, text.at[i]);
        } else {
            buf_add_char(&out, text.at[i]);
        }
    }
    struct str copy = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return copy;
}

static void check_path(const struct item *item, const struct yaml_node *value)
{
    struct arena *arena = item->loading->arena;
    struct glob glob = pattern_parse(arena, value->text);

    for (uint32_t i = 0; i < glob.count; i++) {
        struct str text = glob.tokens[i].kind == GLOB_TEXT ? glob.tokens[i].text : STR_EMPTY;
        if (str_find_byte(text, '*') < text.len) {
            note(item, NOTE_WARNING, value, with_wildcards(arena, value->text),
                 "'\\*' is a star, which no file name has; a backslash and a wildcard are '\\\\*'");
            return;
        }
        for (size_t k = 0; k < text.len; k++)
            if (str_find_byte(STR("\"|"), text.at[k]) < 2) {
                sigma_note(item->loading, NOTE_WARNING, value->line, value->column,
                           "no file name of Windows has the character %c", text.at[k]);
                return;
            }
    }
}

static void check_event_id(const struct item *item, const struct yaml_node *value)
{
    struct glob glob = pattern_parse(item->loading->arena, value->text);
    struct str plain;

    if (!pattern_plain(&glob, &plain) || yaml_type_of(value) == YAML_NULL)
        return;
    for (size_t i = 0; i < plain.len; i++)
        if (!ascii_is_digit(plain.at[i])) {
            sigma_note(item->loading, NOTE_WARNING, value->line, value->column,
                       "an event id is a number, and '%.*s' is none", SHOWN(value->text));
            return;
        }
}

static void check_values(const struct item *item)
{
    struct str field = item->key->field;

    if (!str_eq(item->loading->rule->source.product, STR("windows")))
        return;
    for (uint32_t i = 0; i < item->count; i++) {
        if (str_eq(field, STR("Hashes")) || str_eq(field, STR("Hash")))
            check_hash(item, item->values[i]);
        else if (str_eq(field, STR("EventID")) && !has(item, AFFIXES))
            check_event_id(item, item->values[i]);
        else if (is_windows_path(field))
            check_path(item, item->values[i]);
    }
}

void lint_item(struct sigma_loading *loading, const struct item_key *key,
               const struct yaml_node *value)
{
    struct item item = {.loading = loading, .key = key};

    gather(&item, value);
    lint_field(loading, key->field, key->line, key->column);
    for (uint32_t i = 0; i < item.count && has(&item, BIT(FIELDREF)); i++)
        lint_field(loading, item.values[i]->text, item.values[i]->line, item.values[i]->column);
    if (has(&item, BIT(RE)))
        check_expressions(&item);
    check_twice(&item);
    check_encoded(&item);
    if (!has(&item, BIT(EXPAND)))
        check_idle_modifiers(&item);
    if (has(&item, NO_PATTERNS))
        return;
    check_needless_wildcards(&item);
    check_wildcards_for_modifiers(&item);
    check_empty_values(&item);
    check_all(&item);
    check_values(&item);
}
