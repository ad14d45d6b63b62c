/* stix_pattern.c - a recursive reader of bounded depth. Names of the rules are those of the
 * grammar that the specification's authors publish (STIXPattern.g4). */
#include "indicators/stix_pattern.h"

#include "core/ensure.h"

#define PATH_BYTES_MAX 256u

enum token_type {
    TOKEN_END,
    TOKEN_WORD,  /* identifier or keyword */
    TOKEN_TEXT,  /* 'text' */
    TOKEN_OTHER, /* number, h'..', b'..', t'..' */
    TOKEN_SIGN,  /* one character, or an operator of two */
    TOKEN_BROKEN
};

struct parser {
    struct str rest;
    struct arena *arena;
    enum token_type type; /* of the token at hand */
    struct str token;     /* texts: unescaped */
    unsigned depth;
    const char *syntax;  /* what is wrong with it */
    const char *refused; /* why it cannot be used, though it is read */
    struct stix_comparison *list;
    uint32_t count, capacity;
};

/* ---- tokens ---- */

static bool is_letter(char c)
{
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_';
}

static bool is_word(char c)
{
    return is_letter(c) || ascii_is_digit(c) || c == '-';
}

static void fail(struct parser *p, const char *why)
{
    if (!p->syntax)
        p->syntax = why;
    p->type = TOKEN_BROKEN;
    p->rest = STR_EMPTY;
}

static void refuse(struct parser *p, const char *why)
{
    if (!p->refused)
        p->refused = why;
}

static char peek(const struct parser *p, size_t at)
{
    return at < p->rest.len ? p->rest.at[at] : '\0';
}

static void advance(struct parser *p, size_t len)
{
    p->rest = str_slice(p->rest, len, p->rest.len);
}

static void skip_blanks(struct parser *p)
{
    for (;;) {
        struct str trimmed = str_trim(p->rest);
        advance(p, (size_t)(trimmed.at - p->rest.at));
        if (str_starts_with(p->rest, STR("//"))) {
            advance(p, str_find_byte(p->rest, '\n'));
        } else if (str_starts_with(p->rest, STR("/*"))) {
            size_t end = str_find(p->rest, STR("*/"));
            advance(p, end + 2);
        } else {
            return;
        }
    }
}

/* Between quotes: behind a backslash, in single ones, a character stands for itself. */
static void take_quoted(struct parser *p, char quote)
{
    size_t end = 1, len = 0;

    while (end < p->rest.len && p->rest.at[end] != quote)
        end += p->rest.at[end] == '\\' && quote == '\'' ? 2 : 1;
    if (end >= p->rest.len) {
        fail(p, "a broken pattern: a text that never ends");
        return;
    }
    char *out = arena_alloc_bytes(p->arena, end);
    for (size_t at = 1; at < end; at++) {
        at += p->rest.at[at] == '\\' && quote == '\'';
        out[len++] = p->rest.at[at];
    }
    p->token = (struct str){out, len};
    advance(p, end + 1);
}

static void next(struct parser *p)
{
    if (p->type == TOKEN_BROKEN)
        return;
    skip_blanks(p);
    char c = peek(p, 0);
    size_t len = 1;
    if (p->rest.len == 0) {
        p->type = TOKEN_END;
        p->token = STR_EMPTY;
    } else if (c == '\'') {
        p->type = TOKEN_TEXT;
        take_quoted(p, '\'');
    } else if (c == '"') {
        p->type = TOKEN_WORD;
        take_quoted(p, '"');
    } else if ((c == 'h' || c == 'b' || c == 't') && peek(p, 1) == '\'') {
        p->type = TOKEN_OTHER;
        advance(p, 1);
        take_quoted(p, '\'');
    } else {
        bool number = ascii_is_digit(c) || ((c == '-' || c == '+') && ascii_is_digit(peek(p, 1)));
        if (is_letter(c)) {
            p->type = TOKEN_WORD;
            while (is_word(peek(p, len)))
                len++;
        } else if (number) {
            p->type = TOKEN_OTHER;
            while (ascii_is_digit(peek(p, len)) || peek(p, len) == '.')
                len++;
        } else {
            p->type = TOKEN_SIGN;
            len += (c == '=' || c == '!' || c == '<' || c == '>') &&
                   (peek(p, 1) == '=' || (c == '<' && peek(p, 1) == '>'));
        }
        p->token = str_slice(p->rest, 0, len);
        advance(p, len);
    }
}

static bool is_sign(const struct parser *p, const char *sign)
{
    return p->type == TOKEN_SIGN && str_eq(p->token, str_from(sign));
}

static bool is_keyword(const struct parser *p, const char *word)
{
    return p->type == TOKEN_WORD && str_eq_nocase(p->token, str_from(word));
}

static bool take_keyword(struct parser *p, const char *word)
{
    if (!is_keyword(p, word))
        return false;
    next(p);
    return true;
}

static void expect(struct parser *p, const char *sign, const char *why)
{
    if (is_sign(p, sign))
        next(p);
    else
        fail(p, why);
}

/* ---- comparisons ---- */

static void add(struct parser *p, struct str object, struct str path, struct str value)
{
    if (p->count == STIX_COMPARISONS_MAX) {
        refuse(p, "a pattern of too many comparisons");
        return;
    }
    if (p->count == p->capacity) {
        uint32_t capacity = p->capacity ? 2 * p->capacity : 8;
        struct stix_comparison *list = ARENA_ARRAY(p->arena, struct stix_comparison, capacity);
        for (uint32_t i = 0; i < p->count; i++)
            list[i] = p->list[i];
        p->list = list;
        p->capacity = capacity;
    }
    p->list[p->count++] = (struct stix_comparison){object, path, value};
}

/* "value", "hashes.'SHA-256'", "to_refs[*].value": with dots, without quotes. */
static struct str take_path(struct parser *p)
{
    struct str path = STR_EMPTY;

    for (;;) {
        if (p->type != TOKEN_WORD && p->type != TOKEN_TEXT) {
            fail(p, "a broken pattern: a path without a name");
            return path;
        }
        if (path.len + p->token.len > PATH_BYTES_MAX) {
            fail(p, "a broken pattern: a path that is too long");
            return path;
        }
        path = arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(path), path.len ? "." : "",
                            STR_ARG(p->token));
        next(p);
        if (is_sign(p, "[")) {
            next(p);
            next(p); /* the index, or '*' */
            path = arena_printf(p->arena, "%.*s[]", STR_ARG(path));
            expect(p, "]", "a broken pattern: an index that never ends");
        }
        if (!is_sign(p, "."))
            return path;
        next(p);
    }
}

/* "ipv4-addr:value" */
static struct str take_object_path(struct parser *p, struct str *object)
{
    if (p->type != TOKEN_WORD) {
        fail(p, "a broken pattern: a comparison without an object");
        return STR_EMPTY;
    }
    *object = p->token;
    next(p);
    expect(p, ":", "a broken pattern: an object without a path");
    return take_path(p);
}

static void take_literal(struct parser *p, struct str object, struct str path)
{
    if (p->type == TOKEN_TEXT)
        add(p, object, path, p->token);
    else if (p->type == TOKEN_OTHER || is_keyword(p, "true") || is_keyword(p, "false"))
        refuse(p, "a comparison with something that is no text");
    else
        fail(p, "a broken pattern: a comparison without a value");
    next(p);
}

static void take_set(struct parser *p, struct str object, struct str path)
{
    expect(p, "(", "a broken pattern: IN without a list");
    while (p->type != TOKEN_BROKEN && !is_sign(p, ")")) {
        take_literal(p, object, path);
        if (!is_sign(p, ")"))
            expect(p, ",", "a broken pattern: a list that never ends");
    }
    next(p);
}

static void take_other_operator(struct parser *p)
{
    static const struct {
        const char *word, *reason;
    } operators[] = {{"LIKE", "a pattern with LIKE"},
                     {"MATCHES", "a pattern with MATCHES"},
                     {"ISSUPERSET", "a pattern with ISSUPERSET"}};

    for (size_t i = 0; i < ARRAY_COUNT(operators); i++) {
        if (!take_keyword(p, operators[i].word))
            continue;
        refuse(p, operators[i].reason);
        next(p);
        return;
    }
    if (p->type == TOKEN_SIGN &&
        (str_eq(p->token, STR("!=")) || p->token.at[0] == '<' || p->token.at[0] == '>')) {
        refuse(p, "a pattern with a comparison other than =");
        next(p);
        next(p);
        return;
    }
    fail(p, "a broken pattern: a comparison without an operator");
}

static void take_comparisons(struct parser *p);

static void take_comparison(struct parser *p)
{
    struct str object = STR_EMPTY;

    if (is_sign(p, "(")) {
        next(p);
        take_comparisons(p);
        expect(p, ")", "a broken pattern: a bracket that never ends");
        return;
    }
    if (take_keyword(p, "EXISTS")) {
        refuse(p, "a pattern with EXISTS");
        take_object_path(p, &object);
        return;
    }
    struct str path = take_object_path(p, &object);
    if (take_keyword(p, "NOT"))
        refuse(p, "a pattern with NOT");
    if (is_sign(p, "=") || is_sign(p, "==")) {
        next(p);
        take_literal(p, object, path);
    } else if (take_keyword(p, "IN")) {
        take_set(p, object, path);
    } else if (take_keyword(p, "ISSUBSET")) {
        take_literal(p, object, path);
    } else {
        take_other_operator(p);
    }
}

/* "src_ref.type = 'ipv4-addr'" says no more than "src_ref.value = '198.51.100.7'" does. */
static bool follows_from(const struct stix_comparison *type, const struct stix_comparison *value)
{
    size_t len = type->path.len - 4;

    return str_ends_with(type->path, STR(".type")) && value->path.len > len &&
           str_eq(type->object, value->object) &&
           str_eq(str_slice(type->path, 0, len), str_slice(value->path, 0, len));
}

static bool is_type(const struct stix_comparison *comparison)
{
    return str_ends_with(comparison->path, STR("_ref.type")) ||
           str_ends_with(comparison->path, STR("_refs[].type"));
}

/* Of the comparisons since `first`, all of which must hold, one is left: that from which the others
 * follow. */
static void judge_and(struct parser *p, uint32_t first)
{
    uint32_t value = first;
    bool good = true;

    while (value + 1 < p->count && is_type(&p->list[value]))
        value++;
    for (uint32_t i = first; i < p->count; i++)
        good &= i == value || (is_type(&p->list[i]) && follows_from(&p->list[i], &p->list[value]));
    if (!good || value >= p->count || is_type(&p->list[value]))
        refuse(p, "a pattern that needs several things at once (AND)");
    else
        p->list[first] = p->list[value];
    p->count = first + (value < p->count);
}

static void take_conjunction(struct parser *p)
{
    uint32_t first = p->count;
    bool several = false;

    take_comparison(p);
    while (take_keyword(p, "AND")) {
        take_comparison(p);
        several = true;
    }
    if (several)
        judge_and(p, first);
}

static void take_comparisons(struct parser *p)
{
    if (++p->depth > STIX_DEPTH_MAX) {
        fail(p, "a broken pattern: nested too deeply");
        return;
    }
    do
        take_conjunction(p);
    while (take_keyword(p, "OR"));
    p->depth--;
}

/* ---- observations ---- */

static void take_observations(struct parser *p);

static void take_qualifiers(struct parser *p)
{
    for (;;) {
        if (take_keyword(p, "WITHIN")) {
            next(p); /* of one observation, or of several of which one is enough, it asks nothing */
            if (!take_keyword(p, "SECONDS"))
                fail(p, "a broken pattern: WITHIN without seconds");
        } else if (take_keyword(p, "REPEATS")) {
            refuse(p, "a pattern that REPEATS");
            next(p);
            if (!take_keyword(p, "TIMES"))
                fail(p, "a broken pattern: REPEATS without times");
        } else if (take_keyword(p, "START")) {
            refuse(p, "a pattern with START and STOP");
            next(p);
            if (!take_keyword(p, "STOP"))
                fail(p, "a broken pattern: START without STOP");
            next(p);
        } else {
            return;
        }
    }
}

static void take_observation(struct parser *p)
{
    if (is_sign(p, "(")) {
        next(p);
        take_observations(p);
        expect(p, ")", "a broken pattern: a bracket that never ends");
    } else {
        expect(p, "[", "a broken pattern: no observation");
        take_comparisons(p);
        expect(p, "]", "a broken pattern: an observation that never ends");
    }
    take_qualifiers(p);
}

static void take_observations(struct parser *p)
{
    if (++p->depth > STIX_DEPTH_MAX) {
        fail(p, "a broken pattern: nested too deeply");
        return;
    }
    for (;;) {
        take_observation(p);
        if (take_keyword(p, "AND"))
            refuse(p, "a pattern that needs several observations (AND)");
        else if (take_keyword(p, "FOLLOWEDBY"))
            refuse(p, "a pattern with FOLLOWEDBY");
        else if (!take_keyword(p, "OR"))
            break;
    }
    p->depth--;
}

const char *stix_pattern_read(struct str pattern, struct arena *arena,
                              struct stix_comparison **comparisons, uint32_t *count)
{
    struct parser p = {.rest = pattern, .arena = arena, .token = STR_EMPTY};

    *count = 0;
    if (pattern.len > STIX_PATTERN_BYTES_MAX)
        return "a pattern that is too long";
    next(&p);
    take_observations(&p);
    if (p.type != TOKEN_END)
        fail(&p, "a broken pattern: more behind its end");
    if (p.syntax)
        return p.syntax;
    *comparisons = p.list;
    *count = p.refused ? 0 : p.count;
    return p.refused ? p.refused : p.count == 0 ? "a pattern without a value" : NULL;
}
