/* condition.c - conditions: or < and < not < x of < ( ) (rows C1 to C9). */
#include "core/limits.h"
#include "rules/sigma_priv.h"
#include "rules/spelling.h"

/* Of `N of` once it is written out: combinations, and the identifiers in all of them. */
#define COMBINATIONS_MAX 4096
#define COMBINED_MAX 65536

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_BAD };

struct condition {
    struct sigma_loading *loading;
    const struct yaml_node *node;
    struct identifier *identifiers;
    uint32_t count;
    struct str rest;
    enum token_kind kind;
    struct str word;
    uint32_t depth;
    uint32_t negations; /* under how many `not` we are */
};

/* What a part of a condition gave. A dropped part is one whose pattern matched no identifier under
 * `not`: it takes no part in what stands around it (row C5). */
enum outcome { OUTCOME_GOOD, OUTCOME_DROPPED, OUTCOME_BAD };

struct part {
    enum outcome outcome;
    struct expression *expression;
};

static const struct part bad_part = {OUTCOME_BAD, NULL};

static struct part good_part(struct expression *expression)
{
    return (struct part){OUTCOME_GOOD, expression};
}

static bool is_word_char(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '_' || c == '-' ||
           c == '*' || c == '.' || (unsigned char)c >= 0x80;
}

static void next_token(struct condition *c)
{
    size_t len = 0;

    c->rest = str_trim(c->rest);
    if (c->rest.len == 0) {
        c->kind = TOKEN_END;
        c->word = STR_EMPTY;
        return;
    }
    if (c->rest.at[0] == '(' || c->rest.at[0] == ')') {
        c->kind = c->rest.at[0] == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
        len = 1;
    } else {
        while (len < c->rest.len && is_word_char(c->rest.at[len]))
            len++;
        c->kind = len > 0 ? TOKEN_WORD : TOKEN_BAD;
        len += len == 0;
    }
    c->word = str_slice(c->rest, 0, len);
    c->rest = str_slice(c->rest, len, c->rest.len);
}

static struct part refuse_part(struct condition *c, const char *text)
{
    if (c->kind == TOKEN_END)
        sigma_refuse(c->loading, c->node->line, c->node->column,
                     "condition '%.*s': %s, but it ends", SHOWN(c->node->text), text);
    else
        sigma_refuse(c->loading, c->node->line, c->node->column, "condition '%.*s': %s, not '%.*s'",
                     SHOWN(c->node->text), text, SHOWN(c->word));
    return bad_part;
}

/* What an identifier weighs counts each time that the condition stands for it. */
static bool weigh(struct condition *c, struct identifier *identifier, uint64_t times)
{
    identifier->used = true;
    uint64_t values = c->loading->rule->values + identifier->values * times;

    if (values > RULE_VALUES_MAX)
        return sigma_refuse(c->loading, c->node->line, c->node->column,
                            "the condition '%.*s' stands for more than %d values",
                            SHOWN(c->node->text), RULE_VALUES_MAX);
    c->loading->rule->values = (uint32_t)values;
    return true;
}

static bool is_keyword(struct condition *c, struct str keyword)
{
    if (c->kind != TOKEN_WORD || !str_eq_nocase(c->word, keyword))
        return false;
    if (!str_eq(c->word, keyword))
        sigma_note(c->loading, NOTE_LINT, c->node->line, c->node->column,
                   "operators are written in lower case: '%.*s'", STR_ARG(keyword));
    return true;
}

static struct identifier *find_identifier(const struct condition *c, struct str name)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (str_eq(c->identifiers[i].name, name))
            return &c->identifiers[i];
    return NULL;
}

/* `*` is any run, at any place. */
static bool name_matches(struct str pattern, struct str name)
{
    size_t star = SIZE_MAX, mark = 0, p = 0, n = 0;

    while (n < name.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = p++;
            mark = n;
        } else if (p < pattern.len && pattern.at[p] == name.at[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*')
        p++;
    return p == pattern.len;
}

static bool is_chosen(struct str pattern, struct str name)
{
    bool hidden = name.len > 0 && name.at[0] == '_';

    if (str_eq(pattern, STR("them")))
        return !hidden;
    if (hidden && (pattern.len == 0 || pattern.at[0] != '_'))
        return false;
    return name_matches(pattern, name);
}

/* How many choices of `need` out of `count` there are; 0: too many. */
static uint32_t count_choices(uint32_t count, uint32_t need)
{
    uint64_t choices = 1;
    uint32_t less = need < count - need ? need : count - need;

    for (uint32_t i = 0; i < less; i++) {
        choices = choices * (count - i) / (i + 1);
        if (choices > COMBINATIONS_MAX)
            return 0;
    }
    return choices * need > COMBINED_MAX ? 0 : (uint32_t)choices;
}

/* OR of the ANDs of all choices of `need` out of the members. */
static struct expression *choose(struct arena *arena, struct expression **members, uint32_t count,
                                 uint32_t need)
{
    uint32_t *pick = ARENA_ARRAY(arena, uint32_t, need);
    uint32_t choices = count_choices(count, need);
    struct expression *any = expression_new(arena, EXPRESSION_OR, choices);

    for (uint32_t i = 0; i < need; i++)
        pick[i] = i;
    for (uint32_t done = 0; done < choices; done++) {
        struct expression *all = expression_new(arena, EXPRESSION_AND, need);
        for (uint32_t i = 0; i < need; i++)
            all->children[i] = members[pick[i]];
        any->children[done] = all;
        for (uint32_t i = need; i-- > 0;) {
            if (pick[i] < count - need + i) {
                pick[i]++;
                for (uint32_t j = i + 1; j < need; j++)
                    pick[j] = pick[j - 1] + 1;
                break;
            }
        }
    }
    return any;
}

/* The identifiers that a pattern chooses, `need` of which must be true. */
static struct part join_chosen(struct condition *c, struct str quantity, struct str pattern,
                               struct identifier **chosen, uint32_t count, uint32_t need)
{
    struct arena *arena = c->loading->arena;
    struct expression **members = ARENA_ARRAY(arena, struct expression *, count);
    bool combined = need > 1 && need < count;
    uint32_t choices = combined ? count_choices(count, need) : 1;

    if (choices == 0) {
        sigma_refuse(c->loading, c->node->line, c->node->column,
                     "'%.*s of %.*s' has too many combinations", SHOWN(quantity), SHOWN(pattern));
        return bad_part;
    }
    for (uint32_t i = 0; i < count; i++) {
        members[i] = chosen[i]->expression;
        if (!weigh(c, chosen[i], combined ? (uint64_t)choices * need / count : 1))
            return bad_part;
    }
    if (count == 1)
        return good_part(members[0]);
    if (combined)
        return good_part(choose(arena, members, count, need));
    struct expression *joined =
        expression_new(arena, need == count ? EXPRESSION_AND : EXPRESSION_OR, 0);
    joined->children = members;
    joined->count = count;
    return good_part(joined);
}

/* Numbers that are too large for anything count as the largest. */
static uint64_t needed(struct str quantity, uint32_t count)
{
    uint64_t need;

    if (str_eq_nocase(quantity, STR("all")))
        return count;
    if (str_eq_nocase(quantity, STR("any")))
        return 1;
    return str_to_u64(quantity, UINT64_MAX, &need) ? need : UINT64_MAX;
}

static void note_quantity(struct condition *c, struct str quantity)
{
    if (str_eq_nocase(quantity, STR("all")) && !str_eq(quantity, STR("all")))
        sigma_note(c->loading, NOTE_LINT, c->node->line, c->node->column,
                   "operators are written in lower case: 'all'");
    else if (str_eq_nocase(quantity, STR("any")))
        sigma_note(c->loading, NOTE_LINT, c->node->line, c->node->column,
                   "'any of' is no part of Sigma 2.1; it is taken as '1 of'");
    else if (ascii_is_digit(quantity.at[0]) && !str_eq(quantity, STR("1")))
        sigma_note(c->loading, NOTE_LINT, c->node->line, c->node->column,
                   "'%.*s of' is no part of Sigma 2.1; other programs may refuse it",
                   SHOWN(quantity));
}

static struct part parse_quantity(struct condition *c, struct str quantity)
{
    struct identifier **chosen = ARENA_ARRAY(c->loading->arena, struct identifier *, c->count + 1u);
    uint32_t count = 0;
    bool nothing_left = false; /* of some that the pattern means */

    if (c->kind != TOKEN_WORD)
        return refuse_part(c, "'of' needs 'them' or a pattern of identifiers");
    struct str pattern = is_keyword(c, STR("them")) ? STR("them") : c->word;
    next_token(c);
    for (uint32_t i = 0; i < c->count; i++) {
        bool is_meant = is_chosen(pattern, c->identifiers[i].name);
        if (is_meant && c->identifiers[i].expression)
            chosen[count++] = &c->identifiers[i];
        nothing_left |= is_meant && !c->identifiers[i].expression;
    }
    if (count == 0 && nothing_left)
        return (struct part){OUTCOME_DROPPED, NULL};
    if (count == 0 && c->negations > 0) {
        sigma_note(c->loading, NOTE_WARNING, c->node->line, c->node->column,
                   "no search identifier is called '%.*s'; this part of the condition is left out",
                   SHOWN(pattern));
        return (struct part){OUTCOME_DROPPED, NULL};
    }
    if (count == 0) {
        sigma_refuse(c->loading, c->node->line, c->node->column,
                     "no search identifier is called '%.*s'", SHOWN(pattern));
        return bad_part;
    }
    uint64_t need = needed(quantity, count);
    if (nothing_left && need > count)
        need = count;
    note_quantity(c, quantity);
    if (need == 0 || need > count) {
        sigma_refuse(c->loading, c->node->line, c->node->column,
                     "'%.*s of %.*s' cannot be: %u identifiers are called so", SHOWN(quantity),
                     SHOWN(pattern), count);
        return bad_part;
    }
    return join_chosen(c, quantity, pattern, chosen, count, (uint32_t)need);
}

static struct part parse_or(struct condition *c);

static struct str similar_identifier(const struct condition *c, struct str word)
{
    struct spelling spelling = spelling_of(word);

    for (uint32_t i = 0; i < c->count; i++)
        spelling_try(&spelling, c->identifiers[i].name);
    return spelling.nearest;
}

static bool is_quantity(struct str word)
{
    size_t digits = 0;

    while (digits < word.len && ascii_is_digit(word.at[digits]))
        digits++;
    return digits == word.len || str_eq_nocase(word, STR("all")) || str_eq_nocase(word, STR("any"));
}

static struct part parse_primary(struct condition *c)
{
    if (c->kind == TOKEN_OPEN) {
        next_token(c);
        struct part inside = parse_or(c);
        if (inside.outcome == OUTCOME_BAD)
            return inside;
        if (c->kind != TOKEN_CLOSE)
            return refuse_part(c, "a closing parenthesis must stand here");
        next_token(c);
        return inside;
    }
    if (c->kind != TOKEN_WORD)
        return refuse_part(c, "a search identifier must stand here");
    struct str word = c->word;
    next_token(c);
    if (is_quantity(word) && is_keyword(c, STR("of"))) {
        next_token(c);
        return parse_quantity(c, word);
    }
    struct identifier *identifier = find_identifier(c, word);
    if (identifier && !identifier->expression)
        return (struct part){OUTCOME_DROPPED, NULL};
    if (identifier)
        return weigh(c, identifier, 1) ? good_part(identifier->expression) : bad_part;
    sigma_refuse_for(c->loading, c->node->line, c->node->column, similar_identifier(c, word),
                     "condition '%.*s' names '%.*s', but no search identifier is called so",
                     SHOWN(c->node->text), SHOWN(word));
    return bad_part;
}

static struct part parse_not(struct condition *c)
{
    if (c->depth == CONDITION_DEPTH_MAX) {
        sigma_refuse(c->loading, c->node->line, c->node->column,
                     "the condition is nested more than %d deep", CONDITION_DEPTH_MAX);
        return bad_part;
    }
    c->depth++;
    struct part part;
    if (is_keyword(c, STR("not"))) {
        next_token(c);
        c->negations++;
        part = parse_not(c);
        c->negations--;
        if (part.outcome == OUTCOME_GOOD)
            part.expression = expression_not(c->loading->arena, part.expression);
    } else {
        part = parse_primary(c);
    }
    c->depth--;
    return part;
}

/* Operands joined by one operator; dropped ones are left out. */
static struct part parse_joined(struct condition *c, struct str operator_word,
                                enum expression_kind kind,
                                struct part (*parse_operand)(struct condition *c))
{
    struct expression_list list = {0};

    for (;;) {
        struct part part = parse_operand(c);
        if (part.outcome == OUTCOME_BAD)
            return part;
        if (part.outcome == OUTCOME_GOOD)
            expression_list_add(c->loading->arena, &list, part.expression);
        if (!is_keyword(c, operator_word))
            break;
        next_token(c);
    }
    if (list.count == 0)
        return (struct part){OUTCOME_DROPPED, NULL};
    return good_part(expression_list_join(c->loading->arena, &list, kind));
}

static struct part parse_and(struct condition *c)
{
    return parse_joined(c, STR("and"), EXPRESSION_AND, parse_not);
}

static struct part parse_or(struct condition *c)
{
    return parse_joined(c, STR("or"), EXPRESSION_OR, parse_and);
}

struct expression *condition_parse(struct sigma_loading *loading, const struct yaml_node *condition,
                                   struct identifier *identifiers, uint32_t count)
{
    struct condition c = {
        .loading = loading, .node = condition, .identifiers = identifiers, .count = count};
    struct str aggregation = condition->text;

    if (condition->text.len > CONDITION_BYTES_MAX) {
        sigma_refuse(loading, condition->line, condition->column,
                     "the condition has more than %d bytes", CONDITION_BYTES_MAX);
        return NULL;
    }
    c.rest = str_cut(&aggregation, '|');
    if (c.rest.len < condition->text.len) {
        loading->aggregation = aggregation;
        loading->aggregated = condition;
    }
    next_token(&c);
    struct part part = parse_or(&c);
    if (part.outcome == OUTCOME_BAD)
        return NULL;
    if (c.kind != TOKEN_END) {
        refuse_part(&c, "'and' or 'or' must stand here");
        return NULL;
    }
    if (part.outcome == OUTCOME_DROPPED) {
        sigma_refuse(loading, condition->line, condition->column,
                     "condition '%.*s' names no search identifier that is there",
                     SHOWN(condition->text));
        return NULL;
    }
    return part.expression;
}
