/* modifiers.c - the chain behind a field name, and which modifiers may stand together. */
#include "rules/sigma_priv.h"
#include "rules/spelling.h"

#define BIT(kind) ((uint64_t)1 << MODIFIER_##kind)

static const struct {
    struct str name;
    enum modifier kind;
} modifiers[] = {
#define MODIFIER(name, kind) {STR_INIT(#name), MODIFIER_##kind},
#include "rules/modifiers.def"
#undef MODIFIER
};

#define AFFIXES (BIT(CONTAINS) | BIT(STARTSWITH) | BIT(ENDSWITH))
#define ENCODINGS (BIT(UTF16) | BIT(UTF16BE) | BIT(UTF16LE))
#define BASE64S (BIT(BASE64) | BIT(BASE64OFFSET))
#define REGEX_FLAGS (BIT(IGNORECASE) | BIT(MULTILINE) | BIT(DOTALL))
#define COMPARES (BIT(LT) | BIT(LTE) | BIT(GT) | BIT(GTE))
#define TIME_PARTS (BIT(MINUTE) | BIT(HOUR) | BIT(DAY) | BIT(WEEK) | BIT(MONTH) | BIT(YEAR))
#define ANYWHERE (BIT(ALL) | BIT(NEQ) | BIT(CASED))
#define STRINGS (AFFIXES | ENCODINGS | BASE64S | BIT(WINDASH) | BIT(EXPAND))

/* Modifiers that decide what kind of test it is, with those that may stand beside them. */
static const struct {
    uint64_t operators;
    uint64_t beside;
} companies[] = {
    {BIT(RE), REGEX_FLAGS | ANYWHERE},
    {BIT(CIDR), BIT(EXPAND) | BIT(ALL) | BIT(NEQ)},
    {BIT(EXISTS), BIT(NEQ)},
    {BIT(FIELDREF), AFFIXES | ANYWHERE},
    {COMPARES | TIME_PARTS, COMPARES | TIME_PARTS | BIT(ALL) | BIT(NEQ)},
    {STRINGS | ANYWHERE, STRINGS | ANYWHERE},
};

static bool more_than_one(uint64_t set)
{
    return (set & (set - 1)) != 0;
}

static struct str first_name(uint64_t set)
{
    for (size_t i = 0; i < ARRAY_COUNT(modifiers); i++)
        if (set >> modifiers[i].kind & 1)
            return modifiers[i].name;
    return STR_EMPTY;
}

static bool check_company(struct sigma_loading *loading, const struct item_key *key)
{
    for (size_t i = 0; i < ARRAY_COUNT(companies); i++) {
        if (!(key->set & companies[i].operators))
            continue;
        uint64_t alien = key->set & ~(companies[i].operators | companies[i].beside);
        if (!alien)
            return true;
        struct str name = first_name(key->set & companies[i].operators), other = first_name(alien);
        return sigma_refuse(loading, key->line, key->column,
                            "modifiers '%.*s' and '%.*s' cannot stand together; remove one of them",
                            STR_ARG(name), STR_ARG(other));
    }
    return !(key->set & REGEX_FLAGS) ||
           sigma_refuse(loading, key->line, key->column, "modifier '%.*s' needs 're' before it",
                        SHOWN(key->written));
}

static bool check_combination(struct sigma_loading *loading, const struct item_key *key)
{
    uint64_t keyless = BIT(EXISTS) | BIT(FIELDREF) | COMPARES | TIME_PARTS | BIT(CIDR);

    if (more_than_one(key->set & COMPARES) || more_than_one(key->set & TIME_PARTS) ||
        more_than_one(key->set & BASE64S) || more_than_one(key->set & ENCODINGS))
        return sigma_refuse(loading, key->line, key->column,
                            "'%.*s' has two modifiers that exclude each other",
                            SHOWN(key->written));
    if ((key->set & ENCODINGS) && !(key->set & BASE64S))
        return sigma_refuse(loading, key->line, key->column,
                            "an encoding needs base64 or base64offset behind it");
    if (key->field.len == 0 && (key->set & keyless)) {
        struct str name = first_name(key->set & keyless);
        return sigma_refuse(loading, key->line, key->column,
                            "modifier '%.*s' needs a field before it", STR_ARG(name));
    }
    return check_company(loading, key);
}

/* `re` before what depends on it; an encoding before base64; base64 before what adds wildcards. */
static bool check_order(struct sigma_loading *loading, const struct item_key *key,
                        enum modifier next)
{
    uint64_t bit = (uint64_t)1 << next;
    uint64_t before = key->set & ~ANYWHERE;

    if (next == MODIFIER_RE && before)
        return sigma_refuse(loading, key->line, key->column,
                            "'re' must be the first modifier of '%.*s'", SHOWN(key->written));
    if ((bit & REGEX_FLAGS) && !item_has(key, MODIFIER_RE))
        return sigma_refuse(loading, key->line, key->column,
                            "a flag of an expression needs 're' before it");
    if ((bit & BASE64S) && (before & (AFFIXES | BIT(WINDASH))))
        return sigma_refuse(loading, key->line, key->column, "base64 must come before '%.*s'",
                            STR_ARG(first_name(before & (AFFIXES | BIT(WINDASH)))));
    if ((bit & ENCODINGS) && (before & (BASE64S | AFFIXES)))
        return sigma_refuse(loading, key->line, key->column, "an encoding must come before base64");
    if ((bit & TIME_PARTS) && (before & COMPARES))
        return sigma_refuse(loading, key->line, key->column,
                            "the part of a time must come before the comparison");
    return true;
}

static bool find_modifier(struct str name, enum modifier *kind)
{
    for (size_t i = 0; i < ARRAY_COUNT(modifiers); i++) {
        if (str_eq(modifiers[i].name, name)) {
            *kind = modifiers[i].kind;
            return true;
        }
    }
    return false;
}

static struct str similar_modifier(struct str name)
{
    struct spelling spelling = spelling_of(name);

    for (size_t i = 0; i < ARRAY_COUNT(modifiers); i++)
        spelling_try(&spelling, modifiers[i].name);
    return spelling.nearest;
}

uint64_t modifier_bit(struct str name)
{
    enum modifier kind;

    return find_modifier(name, &kind) ? (uint64_t)1 << kind : 0;
}

bool modifiers_parse(struct sigma_loading *loading, struct str written, uint32_t line,
                     uint32_t column, struct item_key *key)
{
    struct str rest = written;
    enum modifier kind;

    *key = (struct item_key){.written = written, .line = line, .column = column};
    key->field = str_cut(&rest, '|');
    bool has_chain = key->field.len < written.len;
    while (has_chain) {
        bool last = str_find_byte(rest, '|') == rest.len;
        struct str name = str_cut(&rest, '|');
        if (!find_modifier(name, &kind))
            return sigma_refuse_for(
                loading, line, column, similar_modifier(name),
                "unknown modifier '%.*s' on '%.*s'; see docs/sigma.md for the ones "
                "there are",
                SHOWN(name), SHOWN(written));
        if (!check_order(loading, key, kind))
            return false;
        key->set |= (uint64_t)1 << kind;
        if (last)
            break;
    }
    return check_combination(loading, key);
}

enum text_encoding modifiers_encoding(const struct item_key *key)
{
    return item_has(key, MODIFIER_UTF16LE)   ? ENCODING_UTF16LE
           : item_has(key, MODIFIER_UTF16BE) ? ENCODING_UTF16BE
           : item_has(key, MODIFIER_UTF16)   ? ENCODING_UTF16_BOM
                                             : ENCODING_UTF8;
}

enum compare_op modifiers_compare(const struct item_key *key)
{
    return item_has(key, MODIFIER_LT)    ? COMPARE_LT
           : item_has(key, MODIFIER_LTE) ? COMPARE_LTE
           : item_has(key, MODIFIER_GT)  ? COMPARE_GT
           : item_has(key, MODIFIER_GTE) ? COMPARE_GTE
                                         : COMPARE_EQ;
}

enum time_part modifiers_time_part(const struct item_key *key)
{
    return item_has(key, MODIFIER_MINUTE)  ? TIME_MINUTE
           : item_has(key, MODIFIER_HOUR)  ? TIME_HOUR
           : item_has(key, MODIFIER_DAY)   ? TIME_DAY
           : item_has(key, MODIFIER_WEEK)  ? TIME_WEEK
           : item_has(key, MODIFIER_MONTH) ? TIME_MONTH
           : item_has(key, MODIFIER_YEAR)  ? TIME_YEAR
                                           : TIME_WHOLE;
}
