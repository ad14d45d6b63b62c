/* advisory.c - see advisory.h. */
#include "attack/advisory.h"

#include "core/map.h"

#include <stdlib.h>

#define RULE_LINES_MAX 400u

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* ---- distinct names ---- */

struct found {
    struct arena *arena;
    struct map known;
    struct str_list list;
};

static void found_init(struct found *found, struct arena *arena)
{
    *found = (struct found){.arena = arena};
    map_init(&found->known, arena);
    found->list.at = ARENA_ARRAY(arena, struct str, ADVISORY_NAMES_MAX);
}

static void found_add(struct found *found, struct str text)
{
    if (found->list.count == ADVISORY_NAMES_MAX || map_find(&found->known, text) != MAP_NONE)
        return;
    map_set(&found->known, text, 1);
    found->list.at[found->list.count++] = arena_str(found->arena, text);
}

/* ---- HTML to text ---- */

struct entity {
    struct str name;
    char text;
};

static const struct entity entities[] = {
    {STR_INIT("lt;"), '<'},    {STR_INIT("gt;"), '>'},   {STR_INIT("amp;"), '&'},
    {STR_INIT("quot;"), '"'},  {STR_INIT("#39;"), '\''}, {STR_INIT("#x27;"), '\''},
    {STR_INIT("apos;"), '\''}, {STR_INIT("nbsp;"), ' '}, {STR_INIT("#160;"), ' '}};

static bool starts_nocase(struct str text, struct str prefix)
{
    return text.len >= prefix.len && str_eq_nocase(str_slice(text, 0, prefix.len), prefix);
}

static bool is_html(struct str text)
{
    size_t from = 0;

    while (from < text.len && (uint8_t)text.at[from] <= ' ')
        from++;
    struct str head = str_slice(text, from, from + 4096);
    for (size_t i = 0; i < head.len; i++) {
        struct str rest = str_slice(head, i, head.len);
        if (starts_nocase(rest, STR("<html")) || starts_nocase(rest, STR("<!doctype html")) ||
            starts_nocase(rest, STR("<body")) || starts_nocase(rest, STR("<div")) ||
            starts_nocase(rest, STR("<p>")))
            return true;
    }
    return false;
}

/* Index behind `</name>`, or the end. */
static size_t skip_element(struct str text, size_t at, struct str end)
{
    for (; at < text.len; at++)
        if (text.at[at] == '<' && starts_nocase(str_slice(text, at, text.len), end)) {
            size_t close = str_find_byte(str_slice(text, at, text.len), '>');
            return at + close + 1 < text.len ? at + close + 1 : text.len;
        }
    return text.len;
}

/* A tag may stand inside of a line only if it says nothing of lines. */
static bool is_inline(struct str tag)
{
    static const struct str names[] = {STR_INIT("a"),    STR_INIT("b"),    STR_INIT("i"),
                                       STR_INIT("em"),   STR_INIT("span"), STR_INIT("strong"),
                                       STR_INIT("code"), STR_INIT("sup"),  STR_INIT("wbr")};
    size_t from = tag.len > 0 && tag.at[0] == '/' ? 1 : 0, to = from;

    while (to < tag.len && is_word(tag.at[to]))
        to++;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (str_eq_nocase(str_slice(tag, from, to), names[i]))
            return true;
    return false;
}

static size_t add_entity(struct str rest, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(entities); i++)
        if (str_starts_with(rest, entities[i].name)) {
            buf_add_char(out, entities[i].text);
            return entities[i].name.len + 1;
        }
    buf_add_char(out, '&');
    return 1;
}

static size_t add_tag(struct str text, size_t at, struct buf *out)
{
    struct str rest = str_slice(text, at + 1, text.len);
    size_t close = str_find_byte(rest, '>');

    if (starts_nocase(rest, STR("script")))
        return skip_element(text, at, STR("</script"));
    if (starts_nocase(rest, STR("style")))
        return skip_element(text, at, STR("</style"));
    if (close == rest.len) { /* no tag */
        buf_add_char(out, '<');
        return at + 1;
    }
    if (!is_inline(str_slice(rest, 0, close)))
        buf_add_char(out, '\n');
    return at + close + 2;
}

static struct str text_of_html(struct str html, struct arena *arena)
{
    struct buf out;

    buf_init(&out, ADVISORY_BYTES_MAX * 2);
    for (size_t at = 0; at < html.len;) {
        if (html.at[at] == '<') {
            at = add_tag(html, at, &out);
        } else if (html.at[at] == '&') {
            at += add_entity(str_slice(html, at + 1, html.len), &out);
        } else {
            buf_add_char(&out, html.at[at++]);
        }
    }
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

/* ---- ids ---- */

static size_t digits_at(struct str text, size_t at)
{
    size_t count = 0;

    while (at + count < text.len && is_digit(text.at[at + count]))
        count++;
    return count;
}

/* The length of "T1059" or "T1059.003" here; 0: there is none. */
static size_t technique_at(struct str text, size_t at)
{
    if (text.at[at] != 'T' || (at > 0 && is_word(text.at[at - 1])) || digits_at(text, at + 1) != 4)
        return 0;
    size_t len = 5;
    if (at + len < text.len && (text.at[at + len] == '.' || text.at[at + len] == '/') &&
        digits_at(text, at + len + 1) == 3)
        return 9;
    return at + len < text.len && is_word(text.at[at + len]) ? 0 : len;
}

/* The length of "CVE-2021-44228" here. */
static size_t cve_at(struct str text, size_t at)
{
    if (!starts_nocase(str_slice(text, at, text.len), STR("CVE-")) ||
        (at > 0 && is_word(text.at[at - 1])) || digits_at(text, at + 4) != 4 ||
        at + 8 >= text.len || text.at[at + 8] != '-')
        return 0;
    size_t digits = digits_at(text, at + 9);
    return digits >= 4 && digits <= 7 ? 9 + digits : 0;
}

static void find_ids(struct str text, struct found *techniques, struct found *cves)
{
    char id[20];

    for (size_t at = 0; at < text.len; at++) {
        size_t len = text.at[at] == 'T' ? technique_at(text, at) : 0;
        if (len > 0) {
            for (size_t i = 0; i < len; i++)
                id[i] = text.at[at + i] == '/' ? '.' : text.at[at + i];
            found_add(techniques, (struct str){id, len});
        }
        len = lower(text.at[at]) == 'c' ? cve_at(text, at) : 0;
        if (len > 0) {
            for (size_t i = 0; i < len; i++)
                id[i] = text.at[at + i] >= 'a' && text.at[at + i] <= 'z'
                            ? (char)(text.at[at + i] - 32)
                            : text.at[at + i];
            found_add(cves, (struct str){id, len});
        }
    }
}

/* ---- indicators ---- */

static bool is_hash(struct str word)
{
    if (word.len != 32 && word.len != 40 && word.len != 64)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (!is_digit(word.at[i]) && !(lower(word.at[i]) >= 'a' && lower(word.at[i]) <= 'f'))
            return false;
    return true;
}

/* Whoever writes an address so does not want it to be called. */
static bool is_defanged(struct str word)
{
    return word.len > 4 && (str_contains(word, STR("[.]")) || str_contains(word, STR("(.)")) ||
                            str_contains(word, STR("[dot]")) || starts_nocase(word, STR("hxxp")));
}

static bool ends_word(char c)
{
    return (uint8_t)c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == ',' ||
           c == ';' || c == '|' || c == '`';
}

static void find_indicators(struct str text, struct found *indicators)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && !ends_word(text.at[end]))
            end++;
        size_t last = end; /* a sentence may end behind it */
        while (last > at && (text.at[last - 1] == '.' || text.at[last - 1] == ':' ||
                             (text.at[last - 1] == ')' &&
                              !str_ends_with(str_slice(text, at, last), STR("(.)")))))
            last--;
        size_t begin = at;
        while (begin < last && text.at[begin] == '(')
            begin++;
        struct str word = str_slice(text, begin, last);
        if (is_hash(word) || is_defanged(word))
            found_add(indicators, word);
        at = end + 1;
    }
}

/* ---- rules ---- */

static size_t indent_of(struct str line)
{
    size_t indent = 0;

    while (indent < line.len && line.at[indent] == ' ')
        indent++;
    return indent;
}

static bool is_blank(struct str line)
{
    return indent_of(line) == line.len || str_eq(line, STR("\r"));
}

/* A line of the rule: a key of it, or what belongs to one. */
static bool goes_on(struct str line, size_t indent)
{
    if (is_blank(line) || indent_of(line) > indent)
        return true;
    struct str rest = str_slice(line, indent_of(line), line.len);
    if (indent_of(line) < indent || rest.len == 0)
        return false;
    if (rest.at[0] == '#' || (rest.at[0] == '-' && rest.len > 1 && rest.at[1] == ' '))
        return true;
    size_t key = 0;
    while (key < rest.len && (is_word(rest.at[key]) || rest.at[key] == '-'))
        key++;
    return key > 0 && key < rest.len && rest.at[key] == ':' &&
           (key + 1 == rest.len || rest.at[key + 1] == ' ' || rest.at[key + 1] == '\r');
}

/* A rule that begins with the line at `from`; empty if it is none. */
static struct str rule_at(struct str text, size_t from, struct arena *arena)
{
    size_t indent = indent_of(str_slice(text, from, text.len)), at = from;
    bool source = false, detection = false;
    struct buf out;

    buf_init(&out, (size_t)1 << 20);
    for (unsigned lines = 0; at < text.len && lines < RULE_LINES_MAX; lines++) {
        size_t len = str_find_byte(str_slice(text, at, text.len), '\n');
        struct str line = str_slice(text, at, at + len);
        struct str own = str_slice(line, indent, line.len);
        if (!goes_on(line, indent) || (lines > 0 && str_starts_with(own, STR("title:"))))
            break;
        source |= str_starts_with(own, STR("logsource:"));
        detection |= str_starts_with(own, STR("detection:"));
        buf_add(&out, own);
        buf_add_char(&out, '\n');
        at += len + 1;
    }
    bool whole = source && detection && !out.full;
    struct str rule = whole ? arena_str(arena, buf_str(&out)) : STR_EMPTY;
    buf_free(&out);
    return rule;
}

static void find_rules(struct str text, struct found *rules)
{
    for (size_t at = 0; at < text.len;) {
        struct str rest = str_slice(text, at, text.len);
        size_t indent = indent_of(rest);
        if (str_starts_with(str_slice(rest, indent, rest.len), STR("title:"))) {
            struct str rule = rule_at(text, at, rules->arena);
            if (rule.len > 0)
                found_add(rules, rule);
        }
        at += str_find_byte(rest, '\n') + 1;
    }
}

/* ---- the whole ---- */

static bool is_json(struct str text)
{
    size_t at = str_starts_with(text, STR("\xef\xbb\xbf")) ? 3 : 0;

    while (at < text.len && (uint8_t)text.at[at] <= ' ')
        at++;
    return at < text.len && (text.at[at] == '{' || text.at[at] == '[');
}

static struct str lines_of(const struct str_list *list, struct arena *arena)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    for (uint32_t i = 0; i < list->count; i++) {
        buf_add(&out, list->at[i]);
        buf_add_char(&out, '\n');
    }
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

void advisory_read(struct advisory *advisory, struct str bytes, struct arena *arena)
{
    struct found techniques, cves, indicators, rules;

    bytes = str_slice(bytes, 0, ADVISORY_BYTES_MAX);
    *advisory = (struct advisory){.json = is_json(bytes), .indicators = STR_EMPTY};
    found_init(&techniques, arena);
    found_init(&cves, arena);
    found_init(&indicators, arena);
    found_init(&rules, arena);
    struct str text = !advisory->json && is_html(bytes) ? text_of_html(bytes, arena) : bytes;
    find_ids(text, &techniques, &cves);
    if (!advisory->json) {
        find_indicators(text, &indicators);
        find_rules(text, &rules);
        advisory->indicators = lines_of(&indicators.list, arena);
        advisory->indicator_count = indicators.list.count;
    }
    advisory->techniques = techniques.list;
    advisory->cves = cves.list;
    advisory->rules = rules.list;
}

bool advisory_asks(const struct str_list *techniques, struct str technique)
{
    for (uint32_t i = 0; i < techniques->count; i++) {
        struct str asked = techniques->at[i];
        if (str_eq(asked, technique) ||
            (asked.len == 5 && technique.len == 9 && str_starts_with(technique, asked)))
            return true;
    }
    return false;
}
