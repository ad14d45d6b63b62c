/* path.c - whether a value leads out of its folder, or to files that no visitor asks for. */
#include "web/payload.h"

/* A separator of folders as some server takes it at `i`: how long it is, 0 if there is none. */
static size_t separator(struct str text, size_t i)
{
    static const struct str odd[] = {STR_INIT("0x2f"),   STR_INIT("0x5c"), STR_INIT("%c0%af"),
                                     STR_INIT("%c1%9c"), STR_INIT("%2f"),  STR_INIT("%5c"),
                                     STR_INIT("..;/"),   STR_INIT(";/")};

    char c = char_at(text, i);

    if (c == '/' || c == '\\')
        return 1;
    if (c != '0' && c != '%' && c != '.' && c != ';')
        return 0;
    for (size_t k = 0; k < ARRAY_COUNT(odd); k++)
        if (str_starts_with(str_slice(text, i, text.len), odd[k]))
            return odd[k].len;
    return 0;
}

/* ".." in any of its forms at `i`: how long it is. */
static size_t upward(struct str text, size_t i)
{
    static const struct str odd[] = {STR_INIT("0x2e0x2e"), STR_INIT("%2e%2e"), STR_INIT("%c0%ae"),
                                     STR_INIT(".%2e"),     STR_INIT("%2e."),   STR_INIT("%252e")};

    char c = char_at(text, i);

    if (c == '.' && char_at(text, i + 1) == '.')
        return 2;
    if (c != '0' && c != '%' && c != '.')
        return 0;
    for (size_t k = 0; k < ARRAY_COUNT(odd); k++)
        if (str_starts_with(str_slice(text, i, text.len), odd[k]))
            return odd[k].len;
    return 0;
}

/* How many times `part` follows itself at `i`. */
static uint32_t repeated(struct str text, size_t i, struct str part)
{
    uint32_t count = 0;

    while (str_starts_with(str_slice(text, i, text.len), part)) {
        i += part.len;
        count++;
    }
    return count;
}

/* "../", "..\", "....//", "..;/", "0x2e0x2e0x2f": how many. */
static void read_steps(struct str text, struct attack *attack)
{
    uint32_t steps = 0, rooted = 0;

    for (size_t i = 0; i < text.len; i++) {
        size_t up = upward(text, i);
        if (up == 0)
            continue;
        char before = i > 0 ? text.at[i - 1] : '/';
        bool after = before == '/' || before == '\\';
        bool begins = after || before == '=' || before == '.' || before == ':' || before == '\0' ||
                      before == 'f' || before == 'c';
        size_t behind = separator(text, i + up);
        steps += behind > 0 && begins;
        rooted += i > 0 && behind == 0 && after && i + up < text.len && text.at[i + up] != '.';
        i += up + (behind ? behind - 1 : 0) - 1;
    }
    if (steps >= 2)
        attack_add(attack, 6, "several steps out of the folder");
    else if (steps == 1) /* a page may say "../" once, at its beginning */
        attack_add(attack, upward(text, 0) == 2 && separator(text, 2) ? 3 : 5,
                   "a step out of the folder");
    else if (rooted > 0)
        attack_add(attack, 5, "a step out of the folder, cut short");
}

/* Points, slashes or letters in a row, for which a system cuts or rewrites a path. */
static void read_runs(struct str text, struct attack *attack)
{
    size_t run = 0;

    for (size_t i = 0; i < text.len; i++) {
        run = i > 0 && text.at[i] == text.at[i - 1] ? run + 1 : 1;
        bool begins = i + 1 == run || text.at[i - run] == '/' || text.at[i - run] == '\\';
        bool ends = char_at(text, i + 1) != text.at[i];
        if (!ends)
            continue;
        if (text.at[i] == '.' && (run >= 12 || (run >= 4 && begins && run + 1 < text.len)))
            attack_add(attack, 5, "a run of points");
        else if (text.at[i] == '.' && run == 3 && begins && separator(text, i + 1))
            attack_add(attack, 3, "a folder of points");
        else if (text.at[i] == '/' && run >= 4 && i + 1 == run)
            attack_add(attack, 5, "a run of slashes");
        else if (run >= LONG_RUN)
            attack_add(attack, 5, "a run of one letter");
        else if (text.at[i] == '/' &&
                 repeated(text, i, STR("/./")) + repeated(text, i, STR("//./")) > 0)
            attack_add(attack, 3, "a step to where it stands");
    }
}

/* "c:/", "c:\" */
static bool has_drive(struct str text)
{
    return text.len > 3 && text.at[1] == ':' && text.at[0] >= 'c' && text.at[0] <= 'z' &&
           (text.at[2] == '/' || text.at[2] == '\\');
}

static bool has_point_or_slash(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '.' || text.at[i] == '/' || text.at[i] == '\\' || text.at[i] == 'x' ||
            text.at[i] == '%')
            return true;
    return false;
}

void judge_path(struct str value, struct attack *attack)
{
    if (!has_point_or_slash(value))
        return;
    read_steps(value, attack);
    read_runs(value, attack);
    if (has_drive(value))
        attack_add(attack, 2, "a path with a drive");
    size_t zero = str_find_byte(value, '\0');
    if (zero < value.len && attack->points > 0)
        attack_add(attack, 2, "a zero byte that ends the name");
}
