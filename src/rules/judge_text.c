/* judge_text.c - one value against one predicate. */
#include "codec/time_text.h"
#include "codec/utf.h"
#include "rules/judge_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- characters ---- */

static void append(struct characters *out, struct str text, bool cased)
{
    while (text.len) {
        uint32_t character = utf8_take(&text);

        out->at[out->count++] = cased ? character : fold_character(character);
    }
}

struct characters characters_of(struct arena *arena, struct str text, bool cased)
{
    struct characters out = {ARENA_ARRAY(arena, uint32_t, text.len + 1), 0};

    append(&out, text, cased);
    return out;
}

/* ---- patterns ---- */

struct element {
    enum glob_token_kind kind;
    uint32_t character; /* GLOB_TEXT */
};

static bool is_dash(uint32_t c)
{
    return c == '-' || c == '/' || c == 0x2013 || c == 0x2014 || c == 0x2015;
}

/* The pattern as one element per character. The loader has folded its text already. */
static struct element *elements_of(struct arena *arena, const struct glob *glob, size_t *count)
{
    size_t most = 1;

    for (uint32_t i = 0; i < glob->count; i++)
        most += glob->tokens[i].kind == GLOB_TEXT ? glob->tokens[i].text.len : 1;
    struct element *elements = ARENA_ARRAY(arena, struct element, most);
    *count = 0;
    for (uint32_t i = 0; i < glob->count; i++) {
        struct str text = glob->tokens[i].text;

        if (glob->tokens[i].kind != GLOB_TEXT) {
            elements[(*count)++].kind = glob->tokens[i].kind;
            continue;
        }
        while (text.len)
            elements[(*count)++] = (struct element){GLOB_TEXT, utf8_take(&text)};
    }
    return elements;
}

static bool element_takes(struct element element, uint32_t character)
{
    switch (element.kind) {
    case GLOB_TEXT:
        return element.character == character;
    case GLOB_ONE:
        return true;
    case GLOB_DASH:
        return is_dash(character);
    case GLOB_MANY:
        break;
    }
    return false;
}

bool judge_glob(struct arena *arena, const struct glob *glob, const struct characters *text)
{
    struct arena_mark mark = arena_mark(arena);
    size_t count, at = 0, e = 0, star = SIZE_MAX, star_at = 0;
    struct element *elements = elements_of(arena, glob, &count);
    bool matches = true;

    while (at < text->count) {
        if (e < count && elements[e].kind == GLOB_MANY) {
            star = e++;
            star_at = at;
        } else if (e < count && element_takes(elements[e], text->at[at])) {
            e++;
            at++;
        } else if (star != SIZE_MAX) {
            e = star + 1; /* the last star takes one character more */
            at = ++star_at;
        } else {
            matches = false;
            break;
        }
    }
    while (matches && e < count)
        matches = elements[e++].kind == GLOB_MANY;
    arena_rewind(arena, mark);
    return matches;
}

static bool equal_at(const struct characters *text, size_t at, const struct characters *part)
{
    for (size_t i = 0; i < part->count; i++) {
        if (text->at[at + i] != part->at[i])
            return false;
    }
    return true;
}

bool judge_fieldref(enum fieldref_op op, const struct characters *text,
                    const struct characters *other)
{
    if (other->count > text->count)
        return false;
    size_t last = text->count - other->count;
    switch (op) {
    case FIELDREF_EQUALS:
        return last == 0 && equal_at(text, 0, other);
    case FIELDREF_STARTSWITH:
        return equal_at(text, 0, other);
    case FIELDREF_ENDSWITH:
        return equal_at(text, last, other);
    case FIELDREF_CONTAINS:
        for (size_t at = 0; at <= last; at++) {
            if (equal_at(text, at, other))
                return true;
        }
        return false;
    }
    return false;
}

/* ---- addresses ---- */

bool judge_in_net(const struct cidr *net, struct str text)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct address address;

    if (!address_parse(text, &address))
        return false;
    if (net->bits < 96 && memcmp(address.bytes, mapped, sizeof(mapped)) == 0)
        return false; /* a net of version 6 that happens to reach over the mapped addresses */
    for (uint32_t bit = 0; bit < net->bits; bit++) {
        uint8_t mask = (uint8_t)(0x80 >> bit % 8);

        if ((address.bytes[bit / 8] & mask) != (net->net.bytes[bit / 8] & mask))
            return false;
    }
    return true;
}

/* ---- numbers ---- */

/* Decimal, with sign, fraction and exponent, and nothing else. */
static bool number_of(struct str text, double *number)
{
    char copy[65], *end;

    if (text.len == 0 || text.len >= sizeof(copy))
        return false;
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.at[i];
    copy[text.len] = '\0';
    if (strspn(copy, "+-.0123456789eE") != text.len)
        return false; /* hexadecimal digits, "inf", "nan", blanks, NUL bytes */
    *number = strtod(copy, &end);
    return *end == '\0';
}

static bool time_number(enum time_part part, struct str text, double *number)
{
    int64_t time_ns;
    bool has_zone;

    if (!time_parse(text, &time_ns, &has_zone))
        return false;
    struct time_parts parts = time_split(time_ns);
    const double by_part[] = {
        [TIME_MINUTE] = parts.minute, [TIME_HOUR] = parts.hour,   [TIME_DAY] = parts.day,
        [TIME_WEEK] = parts.iso_week, [TIME_MONTH] = parts.month, [TIME_YEAR] = parts.year,
    };
    *number = by_part[part];
    return true;
}

bool judge_compare(const struct predicate *predicate, struct str text)
{
    double number;

    if (predicate->part == TIME_WHOLE ? !number_of(text, &number)
                                      : !time_number(predicate->part, text, &number))
        return false;
    switch (predicate->compare) {
    case COMPARE_EQ:
        return !islessgreater(number, predicate->number);
    case COMPARE_LT:
        return number < predicate->number;
    case COMPARE_LTE:
        return number <= predicate->number;
    case COMPARE_GT:
        return number > predicate->number;
    case COMPARE_GTE:
        return number >= predicate->number;
    }
    return false;
}
