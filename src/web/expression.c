/* expression.c - whether a value is to be evaluated or made an object of by the server. Most such
 * things have marks (signs.def); these have a form. */
#include "web/payload.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* "${7*7}", "{{7*7}}", "#{7*7}", "%{...}", "*{...}": something to be worked out inside. */
static bool is_template(struct str value)
{
    for (size_t i = 0; i + 3 < value.len; i++) {
        char c = value.at[i];
        bool opens = value.at[i + 1] == '{' &&
                     (c == '$' || c == '{' || c == '#' || c == '%' || c == '*' || c == '@');
        if (!opens)
            continue;
        size_t from = i + 2, end = from;
        bool works = false;
        for (; end < value.len && value.at[end] != '}'; end++) {
            char d = value.at[end];
            works |= d == '*' || d == '(' || d == '[' || d == '#' || d == '@' || d == '=' ||
                     ((d == '+' || d == '-') && end > from && ascii_is_digit(value.at[end - 1]));
        }
        if (end < value.len && end > from && works && !is_blank(c))
            return true;
    }
    return false;
}

/* O:8:"stdclass":0:{ */
static bool is_php_object(struct str value)
{
    for (size_t i = 0; i + 6 < value.len; i++) {
        char c = value.at[i];
        if ((c != 'o' && c != 'a' && c != 'c') || value.at[i + 1] != ':')
            continue;
        size_t at = i + 2;
        while (at < value.len && ascii_is_digit(value.at[at]))
            at++;
        struct str rest = str_slice(value, at, value.len);
        if (at > i + 2 && (str_starts_with(rest, STR(":\"")) || str_starts_with(rest, STR(":{"))))
            return true;
    }
    return false;
}

void judge_expression(struct str value, struct attack *attack)
{
    if (is_template(value))
        attack_add(attack, 5, "an expression of a template");
}

void judge_object(struct str value, struct attack *attack)
{
    if (is_php_object(value))
        attack_add(attack, 6, "an object of PHP");
}
