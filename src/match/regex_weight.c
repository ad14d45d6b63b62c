/* regex_weight.c - walks over the text of an expression, groups on a stack. */
#include "match/regex_weight.h"

#define GROUPS_MAX 64 /* what is nested deeper counts to the group above */

struct level {
    uint32_t sum;  /* of what stands in the group so far */
    uint32_t last; /* of the item that a repeat would be about; part of `sum` */
};

static uint32_t capped(uint64_t weight)
{
    return weight < REGEX_WEIGHT_MAX ? (uint32_t)weight : REGEX_WEIGHT_MAX;
}

static void add_item(struct level *level, uint32_t weight)
{
    level->sum = capped((uint64_t)level->sum + weight);
    level->last = weight;
}

/* `{n}`, `{n,}`, `{n,m}` at the start of `rest`: the larger number, and its length; else 0. */
static size_t repeat_length(struct str rest, uint64_t *times)
{
    struct str inside = str_slice(rest, 1, str_find_byte(rest, '}'));
    size_t len = inside.len + 2;
    struct str from = str_cut(&inside, ',');
    uint64_t to = 0;

    if (len > rest.len || !str_to_u64(from, REGEX_WEIGHT_MAX, times))
        return 0;
    if (inside.len > 0 && !str_to_u64(inside, REGEX_WEIGHT_MAX, &to))
        return 0;
    *times = to > *times ? to : *times;
    return len;
}

/* The length of `[...]` at the start of `rest`; a bracket that comes first is a member. */
static size_t class_length(struct str rest)
{
    size_t i = 1;

    i += i < rest.len && rest.at[i] == '^';
    i += i < rest.len && rest.at[i] == ']';
    while (i < rest.len && rest.at[i] != ']')
        i += rest.at[i] == '\\' ? 2 : 1;
    return i + 1;
}

uint32_t regex_weight(struct str expression)
{
    struct level levels[GROUPS_MAX] = {{0}};
    struct level *level = levels;
    size_t i = 0;

    while (i < expression.len) {
        struct str rest = str_slice(expression, i, expression.len);
        uint64_t times = 1;
        char c = rest.at[0];
        size_t len = c == '\\' ? 2 : c == '[' ? class_length(rest) : 1;

        if (c == '{' && repeat_length(rest, &times)) {
            len = repeat_length(rest, &times);
            uint32_t more = capped((uint64_t)level->last * (times ? times - 1 : 0));
            level->sum = capped((uint64_t)level->sum + more);
            level->last = capped((uint64_t)level->last + more);
        } else if (c == '(' && level < levels + GROUPS_MAX - 1) {
            *++level = (struct level){0};
        } else if (c == ')' && level > levels) {
            level--;
            add_item(level, level[1].sum);
        } else if (c != '*' && c != '+' && c != '?' && c != '|') {
            add_item(level, 1);
        }
        i += len;
    }
    uint64_t sum = 0;
    for (; level >= levels; level--) {
        sum += level->sum;
        if (level == levels)
            break;
    }
    return capped(sum);
}
