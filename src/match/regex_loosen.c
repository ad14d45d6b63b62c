/* regex_loosen.c - walks over the text of an expression; what it does not know well it leaves. */
#include "match/regex_loosen.h"

#include <string.h>

#define REPEATS_MAX 65535u

/* The parts of `{n,m}` at the start of a text. */
struct repeat {
    uint64_t least, most;
    size_t comma, len; /* where the comma stands, and all of it */
};

static bool take_repeat(struct str rest, struct repeat *repeat)
{
    struct str inside = str_slice(rest, 1, str_find_byte(rest, '}'));

    repeat->len = inside.len + 2;
    repeat->comma = str_find_byte(inside, ',') + 1;
    return repeat->len <= rest.len &&
           str_to_u64(str_slice(inside, 0, repeat->comma - 1), REPEATS_MAX, &repeat->least) &&
           str_to_u64(str_slice(inside, repeat->comma, inside.len), REPEATS_MAX, &repeat->most);
}

/* The length of a class at the start of `rest`; 0 where it has another bracket in it, which may
 * begin a class of POSIX, or no end. */
static size_t class_length(struct str rest)
{
    size_t i = 1;

    i += i < rest.len && rest.at[i] == '^';
    i += i < rest.len && rest.at[i] == ']';
    while (i < rest.len && rest.at[i] != ']') {
        if (rest.at[i] == '[')
            return 0;
        i += rest.at[i] == '\\' ? 2 : 1;
    }
    return i < rest.len ? i + 1 : 0;
}

/* A group that is one, or sets options: `(`, `(?:`, `(?i)`. In the others more is not always
 * more: what stands in `(?!` is not to be found, and `(?>` keeps what it took. */
static bool is_plain_group(struct str rest)
{
    size_t i = 2;

    if (rest.len < 2 || rest.at[1] == '*')
        return false;
    if (rest.at[1] != '?')
        return true;
    while (i < rest.len && str_find_byte(STR("ims-"), rest.at[i]) < 4)
        i++;
    return i < rest.len && (rest.at[i] == ':' || rest.at[i] == ')');
}

static bool is_repeat_end(char c)
{
    return c == '*' || c == '+' || c == '?' || c == '}';
}

/* The length of the next item; 0 where something stands there that is not for us. */
static size_t item_length(struct str rest, bool behind_repeat)
{
    char c = rest.at[0];

    if (c == '\\')
        return rest.len < 2 || rest.at[1] == 'Q' ? 0 : 2;
    if (c == '[')
        return class_length(rest);
    if ((c == '(' && !is_plain_group(rest)) || (c == '+' && behind_repeat))
        return 0;
    return 1;
}

size_t regex_loosen(struct str expression, char *out)
{
    size_t len = 0, taken;
    bool behind_repeat = false;

    for (size_t i = 0; i < expression.len; i += taken) {
        struct str rest = str_slice(expression, i, expression.len);
        struct repeat repeat = {0};
        taken = item_length(rest, behind_repeat);
        if (taken == 0) {
            memcpy(out, expression.at, expression.len);
            return expression.len;
        }
        bool bounded = rest.at[0] == '{' && take_repeat(rest, &repeat);
        if (bounded)
            taken = repeat.len;
        behind_repeat = bounded || (taken == 1 && is_repeat_end(rest.at[0]));
        if (bounded && repeat.most > repeat.least && repeat.most > REGEX_REPEATS_KEPT) {
            memcpy(out + len, rest.at, repeat.comma + 1);
            len += repeat.comma + 1;
            out[len++] = '}';
        } else {
            memcpy(out + len, rest.at, taken);
            len += taken;
        }
    }
    return len;
}
