/* yaml_type.c - what the text of a plain scalar means, and where the versions of YAML disagree. */
#include "codec/yaml.h"

static bool is_one_of(struct str text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(text, str_from(words[i])))
            return true;
    return false;
}

static size_t count_digits(struct str s)
{
    size_t digits = 0;

    while (digits < s.len && ascii_is_digit(s.at[digits]))
        digits++;
    return digits;
}

/* Core schema, tag resolution (YAML 1.2.2, section 10.3.2). */
static enum yaml_type number_type(struct str text)
{
    static const char *const words[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};

    if (text.len > 2 && text.at[0] == '0' && (text.at[1] == 'o' || text.at[1] == 'x')) {
        bool octal = text.at[1] == 'o';
        for (size_t i = 2; i < text.len; i++) {
            char c = ascii_lower(text.at[i]);
            bool good = octal ? c >= '0' && c <= '7' : ascii_is_digit(c) || (c >= 'a' && c <= 'f');
            if (!good)
                return YAML_STRING;
        }
        return YAML_INT;
    }
    if (text.len > 0 && (text.at[0] == '-' || text.at[0] == '+'))
        text = str_slice(text, 1, text.len);
    if (is_one_of(text, words, ARRAY_COUNT(words)))
        return YAML_FLOAT;
    size_t whole = count_digits(text);
    text = str_slice(text, whole, text.len);
    if (text.len == 0)
        return whole ? YAML_INT : YAML_STRING;
    size_t fraction = 0;
    if (text.at[0] == '.') {
        fraction = count_digits(str_slice(text, 1, text.len));
        text = str_slice(text, 1 + fraction, text.len);
    }
    if (whole + fraction == 0)
        return YAML_STRING;
    if (text.len > 0 && (text.at[0] == 'e' || text.at[0] == 'E')) {
        text = str_slice(text, 1, text.len);
        if (text.len > 0 && (text.at[0] == '-' || text.at[0] == '+'))
            text = str_slice(text, 1, text.len);
        size_t exponent = count_digits(text);
        return exponent > 0 && exponent == text.len ? YAML_FLOAT : YAML_STRING;
    }
    return text.len == 0 ? YAML_FLOAT : YAML_STRING;
}

enum yaml_type yaml_type_of(const struct yaml_node *scalar)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE"};

    if (!scalar->plain)
        return YAML_STRING;
    if (is_one_of(scalar->text, nulls, ARRAY_COUNT(nulls)))
        return YAML_NULL;
    if (is_one_of(scalar->text, bools, ARRAY_COUNT(bools)))
        return YAML_BOOL;
    return number_type(scalar->text);
}

bool yaml_is_null(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && yaml_type_of(node) == YAML_NULL;
}

bool yaml_is_text(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && node->text.len > 0 && yaml_type_of(node) != YAML_NULL;
}

bool yaml_bool(const struct yaml_node *node, bool *flag)
{
    if (node->kind != YAML_SCALAR || yaml_type_of(node) != YAML_BOOL)
        return false;
    *flag = ascii_lower(node->text.at[0]) == 't';
    return true;
}

/* Digits and underscores after a prefix, as YAML 1.1 reads numbers. */
static bool is_number_behind(struct str text, const char *digits)
{
    for (size_t i = 0; i < text.len; i++) {
        bool known = text.at[i] == '_';
        for (const char *digit = digits; *digit && !known; digit++)
            known = ascii_lower(text.at[i]) == *digit;
        if (!known)
            return false;
    }
    return text.len > 0;
}

/* `1:30`, `12:30:45`: numbers to the base of 60 in YAML 1.1. */
static bool is_sexagesimal(struct str text)
{
    unsigned parts = 0;

    while (text.len > 0) {
        struct str part = str_cut(&text, ':');
        bool good = part.len > 0 && count_digits(part) == part.len &&
                    (parts == 0 || part.len == 1 || (part.len == 2 && part.at[0] < '6'));
        if (!good)
            return false;
        parts++;
    }
    return parts > 1;
}

/* A date, perhaps with a time: a type of its own in YAML 1.1. */
static bool is_timestamp(struct str text)
{
    static const char shape[] = "9999-99-99";

    if (text.len < sizeof(shape) - 1)
        return false;
    for (size_t i = 0; i < sizeof(shape) - 1; i++)
        if (shape[i] == '9' ? !ascii_is_digit(text.at[i]) : text.at[i] != shape[i])
            return false;
    return text.len == 10 || (text.len > 11 && ascii_is_digit(text.at[11]) &&
                              (ascii_lower(text.at[10]) == 't' || text.at[10] == ' '));
}

bool yaml_is_ambiguous(const struct yaml_node *scalar)
{
    static const char *const words[] = {"yes", "no", "on", "off", "y", "n"};
    struct str text = scalar->text;

    if (!scalar->plain)
        return false;
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_eq_nocase(text, str_from(words[i])))
            return true;
    if (is_timestamp(text))
        return true;
    if (text.len > 0 && (text.at[0] == '-' || text.at[0] == '+'))
        text = str_slice(text, 1, text.len);
    if (text.len < 2 || !ascii_is_digit(text.at[0]))
        return false;
    struct str behind = str_slice(text, 2, text.len);
    char base = text.at[0] == '0' ? ascii_lower(text.at[1]) : '1';
    if (base == 'x' || base == 'o' || base == 'b')
        return is_number_behind(behind, base == 'x'   ? "0123456789abcdef"
                                        : base == 'o' ? "01234567"
                                                      : "01");
    bool separated = str_find_byte(text, '_') < text.len;
    if (is_number_behind(text, separated ? "0123456789." : "0123456789"))
        return separated || text.at[0] == '0';
    return is_sexagesimal(text);
}
