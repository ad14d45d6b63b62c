/* request.c - see request.h. */
#include "web/request.h"

#include "web/decode.h"
#include "web/signs.h"

/* Those that read a value, but for SQL; inclusions have signs alone. */
static void (*const judges[ATTACK_CLASSES])(struct str value, struct attack *attack) = {

    [ATTACK_SCRIPT] = judge_script,   [ATTACK_PATH] = judge_path,
    [ATTACK_COMMAND] = judge_command, [ATTACK_EXPRESSION] = judge_expression,
    [ATTACK_OBJECT] = judge_object,
};

static const struct str parts[] = {
    [REQUEST_PATH] = STR_INIT("the path"),
    [REQUEST_PARAMETER] = STR_INIT("a parameter"),
    [REQUEST_AGENT] = STR_INIT("the user agent"),
    [REQUEST_REFERRER] = STR_INIT("the referrer"),
};

struct str request_part_name(enum request_part part)
{
    return parts[part];
}

/* Characters that languages have as signs. */
enum {
    ANGLE = 1,
    ROUND = 2,
    QUOTE = 4,
    COLON = 8,
    EQUALS = 16,
    SHELL = 32,
    POINT = 64,
    SLASH = 128,
    ESCAPE = 256,
    BRACE = 512,
    BLANK = 1024
};

/* Without any of these a judge has nothing to say. */
static const uint32_t needed[ATTACK_CLASSES] = {
    [ATTACK_SCRIPT] = ANGLE | ROUND | QUOTE | COLON | EQUALS | ESCAPE,
    [ATTACK_PATH] = POINT | SLASH | ESCAPE | COLON,
    [ATTACK_COMMAND] = SHELL | QUOTE | ANGLE | BLANK | SLASH,
    [ATTACK_EXPRESSION] = BRACE,
    [ATTACK_OBJECT] = COLON,
};

static const struct {
    struct str characters;
    uint32_t mark;
} marks[] = {
    {STR_INIT("<>"), ANGLE}, {STR_INIT("(`"), ROUND},     {STR_INIT("'\"`"), QUOTE},
    {STR_INIT(":"), COLON},  {STR_INIT("="), EQUALS},     {STR_INIT(";|&$\n\r`"), SHELL},
    {STR_INIT("."), POINT},  {STR_INIT("/\\"), SLASH},    {STR_INIT("%\\"), ESCAPE},
    {STR_INIT("{"), BRACE},  {STR_INIT(" \t\n+"), BLANK},
};

void web_tables_init(struct web_tables *tables)
{
    signs_init(&tables->signs);
    sql_words_init(&tables->sql);
    for (unsigned c = 0; c < 256; c++)
        tables->marks[c] = 0;
    for (size_t i = 0; i < ARRAY_COUNT(marks); i++)
        for (size_t k = 0; k < marks[i].characters.len; k++)
            tables->marks[(unsigned char)marks[i].characters.at[k]] |= (uint16_t)marks[i].mark;
    tables->marks[(unsigned char)'0'] |= ESCAPE; /* 0x2e0x2e */
}

static uint32_t marks_of(const struct web_tables *tables, struct str value)
{
    uint32_t present = value.len >= LONG_RUN ? POINT : 0;

    for (size_t i = 0; i < value.len; i++)
        present |= tables->marks[(unsigned char)value.at[i]];
    return present;
}

struct judging {
    const struct web_tables *tables;
    struct request_attack best[ATTACK_CLASSES]; /* points 0: none */
};

#define ALL ((1u << ATTACK_CLASSES) - 1)
#define CLASS(c) (1u << ATTACK_##c)
#define OF_VALUES (ALL & ~CLASS(HOLE))
/* By those of the judges in `wanted`. */
static void judge_text(struct judging *judging, struct str raw, enum request_part part, bool plus,
                       uint32_t wanted)
{
    char decoded[WEB_VALUE_BYTES_MAX] UNINITIALISED;
    struct attack attacks[ATTACK_CLASSES] = {0};

    if (raw.len == 0 || signs_none(&judging->tables->signs, raw))
        return;
    struct str value = web_decode(raw, plus, decoded);

    uint32_t present = marks_of(judging->tables, value);
    signs_find(&judging->tables->signs, value, attacks);
    for (unsigned i = 0; i < ATTACK_CLASSES; i++) {
        struct attack *attack = &attacks[i];
        if (!(wanted >> i & 1))
            continue;
        if (judges[i] && present & needed[i])
            judges[i](value, attack);
        else if (i == ATTACK_SQL)
            judge_sql(&judging->tables->sql, value, attack);
        if (attack->points >= ATTACK_SURE && attack->points > judging->best[i].points)
            judging->best[i] = (struct request_attack){(enum attack_class)i, part, attack->points,
                                                       attack->reason, raw};
    }
}

static void judge_query(struct judging *judging, struct str query, enum request_part part)
{
    while (query.len > 0) {
        struct str value = str_cut(&query, '&'), whole = value;
        struct str name = str_cut(&value, '=');
        bool has_value = name.len < whole.len;
        if (has_value)
            judge_text(judging, value, part, true, OF_VALUES);
        judge_text(judging, has_value ? name : whole, part, true, OF_VALUES);
    }
}

/* Behind "http://host", where a proxy or referrer has it. */
static struct str path_of(struct str url)
{
    if (str_starts_with(url, STR("/")))
        return url;
    size_t scheme = str_find(url, STR("://"));
    if (scheme > 10 || scheme == url.len)
        return url;
    struct str rest = str_slice(url, scheme + 3, url.len);
    return str_slice(rest, str_find_byte(rest, '/'), rest.len);
}

static void judge_url(struct judging *judging, struct str url, enum request_part path,
                      enum request_part parameter)
{
    struct str query = path_of(url);
    size_t whole = query.len;
    struct str before = str_cut(&query, '?');

    judge_text(judging, before, path, false,
               (path == REQUEST_PATH ? ALL : OF_VALUES) & ~CLASS(INCLUSION));
    if (before.len < whole)
        judge_query(judging, query, parameter);
}

static bool is_there(struct str text)
{
    return text.len > 0 && !str_eq(text, STR("-"));
}

static bool has_any(struct str text, const char *const *signs)
{
    for (; *signs; signs++)
        if (str_contains(text, str_from(*signs)))
            return true;
    return false;
}

uint32_t request_judge(const struct web_tables *tables, const struct request *request,
                       struct request_attack found[ATTACK_CLASSES])
{
    static const char *const shell[] = {"() {", "$(", "`", "/dev/tcp", NULL};
    struct judging judging = {.tables = tables};
    uint32_t count = 0;

    if (is_there(request->target))
        judge_url(&judging, request->target, REQUEST_PATH, REQUEST_PARAMETER);
    if (is_there(request->query))
        judge_query(&judging, request->query, REQUEST_PARAMETER);
    if (is_there(request->agent))
        judge_text(&judging, request->agent, REQUEST_AGENT, false,
                   CLASS(SQL) | CLASS(SCRIPT) | CLASS(EXPRESSION) | CLASS(OBJECT) |
                       (has_any(request->agent, shell) ? CLASS(COMMAND) : 0));
    if (is_there(request->referrer))
        judge_url(&judging, request->referrer, REQUEST_REFERRER, REQUEST_REFERRER);
    for (unsigned i = 0; i < ATTACK_CLASSES; i++)
        if (judging.best[i].points > 0)
            found[count++] = judging.best[i];
    return count;
}
