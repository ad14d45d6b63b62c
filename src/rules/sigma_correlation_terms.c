/* sigma_correlation_terms.c - conditions over the rules of a temporal correlation (row K9), written
 * out as alternatives: of each, which rules must occur and which must not. */
#include "core/limits.h"
#include "rules/sigma_correlation_priv.h"

enum node_kind { NODE_RULE, NODE_NOT, NODE_AND, NODE_OR };

struct node {
    enum node_kind kind;
    uint64_t members; /* RULE: all with this reference */
    const struct node *left, *right;
};

struct reading {
    struct sigma_loading *loading;
    struct correlation *correlation;
    const struct yaml_node *place;
    struct str text, rest, word; /* word: empty at the end */
    uint64_t named;
    uint32_t depth;
};

#define COMPARISONS_MAX 10000000 /* while a condition is written out */

struct terms {
    struct correlation_term *at;
    uint32_t count;
};

struct writing {
    struct arena *arena;
    uint64_t comparisons;
    bool full; /* there is no room, or no time, for more */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void next_word(struct reading *r)
{
    size_t len = 0;

    r->rest = str_trim(r->rest);
    if (r->rest.len > 0 && (r->rest.at[0] == '(' || r->rest.at[0] == ')'))
        len = 1;
    while (len < r->rest.len && !is_blank(r->rest.at[len]) && r->rest.at[len] != '(' &&
           r->rest.at[len] != ')')
        len++;
    if (r->rest.len > 0 && (r->rest.at[0] == '(' || r->rest.at[0] == ')'))
        len = 1;
    r->word = str_slice(r->rest, 0, len);
    r->rest = str_slice(r->rest, len, r->rest.len);
}

static const struct node *refuse(struct reading *r, const char *what)
{
    sigma_refuse(r->loading, r->place->line, r->place->column, "condition '%.*s': %s%s%.*s%s",
                 SHOWN(r->text), what, r->word.len ? ", not '" : ", but it ends", SHOWN(r->word),
                 r->word.len ? "'" : "");
    return NULL;
}

static bool is_operator(struct reading *r, struct str name)
{
    if (!str_eq_nocase(r->word, name))
        return false;
    if (!str_eq(r->word, name))
        sigma_note(r->loading, NOTE_LINT, r->place->line, r->place->column,
                   "operators are written in lower case: '%.*s'", STR_ARG(name));
    return true;
}

static struct node *make(struct reading *r, enum node_kind kind, const struct node *left,
                         const struct node *right)
{
    struct node *node = ARENA_NEW(r->loading->arena, struct node);

    *node = (struct node){.kind = kind, .left = left, .right = right};
    return node;
}

static const struct node *read_or(struct reading *r);

static const struct node *read_rule(struct reading *r)
{
    struct node *node = make(r, NODE_RULE, NULL, NULL);

    if (str_eq(r->word, STR("("))) {
        next_word(r);
        const struct node *inside = read_or(r);
        if (!inside)
            return NULL;
        if (!str_eq(r->word, STR(")")))
            return refuse(r, "a closing parenthesis must stand here");
        next_word(r);
        return inside;
    }
    for (uint32_t i = 0; i < r->correlation->member_count; i++)
        if (str_eq(r->correlation->members[i].reference, r->word))
            node->members |= UINT64_C(1) << i;
    if (node->members == 0)
        return refuse(r, "one of the listed rules must stand here");
    r->named |= node->members;
    next_word(r);
    return node;
}

static const struct node *read_not(struct reading *r)
{
    if (r->depth == CONDITION_DEPTH_MAX) {
        sigma_refuse(r->loading, r->place->line, r->place->column,
                     "the condition is nested more than %d deep", CONDITION_DEPTH_MAX);
        return NULL;
    }
    r->depth++;
    const struct node *node;
    if (is_operator(r, STR("not"))) {
        next_word(r);
        const struct node *inside = read_not(r);
        node = inside ? make(r, NODE_NOT, inside, NULL) : NULL;
    } else {
        node = read_rule(r);
    }
    r->depth--;
    return node;
}

static const struct node *read_and(struct reading *r)
{
    const struct node *node = read_not(r);

    while (node && is_operator(r, STR("and"))) {
        next_word(r);
        const struct node *right = read_not(r);
        node = right ? make(r, NODE_AND, node, right) : NULL;
    }
    return node;
}

static const struct node *read_or(struct reading *r)
{
    const struct node *node = read_and(r);

    while (node && is_operator(r, STR("or"))) {
        next_word(r);
        const struct node *right = read_and(r);
        node = right ? make(r, NODE_OR, node, right) : NULL;
    }
    return node;
}

/* ---- written out ---- */

/* Keeps no term that asks more than another one. */
static void add_term(struct writing *w, struct terms *terms, struct correlation_term term)
{
    uint32_t kept = 0;

    w->comparisons += terms->count + 1;
    w->full |= w->comparisons > COMPARISONS_MAX;
    if (w->full || (term.present & term.absent))
        return;
    for (uint32_t i = 0; i < terms->count; i++) {
        const struct correlation_term *other = &terms->at[i];
        if ((other->present & ~term.present) == 0 && (other->absent & ~term.absent) == 0)
            return;
    }
    for (uint32_t i = 0; i < terms->count; i++)
        if ((term.present & ~terms->at[i].present) || (term.absent & ~terms->at[i].absent))
            terms->at[kept++] = terms->at[i];
    terms->count = kept;
    if (terms->count == CORRELATION_TERMS_MAX)
        w->full = true;
    else
        terms->at[terms->count++] = term;
}

static struct terms write_out(struct writing *w, const struct node *node, bool negated)
{
    struct terms terms = {ARENA_ARRAY(w->arena, struct correlation_term, CORRELATION_TERMS_MAX), 0};

    if (node->kind == NODE_NOT)
        return write_out(w, node->left, !negated);
    if (node->kind == NODE_RULE) {
        add_term(w, &terms,
                 negated ? (struct correlation_term){0, node->members}
                         : (struct correlation_term){node->members, 0});
        return terms;
    }
    struct terms left = write_out(w, node->left, negated);
    struct terms right = write_out(w, node->right, negated);
    bool both = (node->kind == NODE_AND) != negated;
    for (uint32_t i = 0; i < left.count; i++)
        for (uint32_t j = 0; both && j < right.count; j++)
            add_term(w, &terms,
                     (struct correlation_term){left.at[i].present | right.at[j].present,
                                               left.at[i].absent | right.at[j].absent});
    for (uint32_t i = 0; !both && i < left.count; i++)
        add_term(w, &terms, left.at[i]);
    for (uint32_t i = 0; !both && i < right.count; i++)
        add_term(w, &terms, right.at[i]);
    return terms;
}

static bool keep_terms(struct reading *r, const struct node *root)
{
    struct correlation *correlation = r->correlation;
    struct writing writing = {.arena = arena_new("correlation condition", (size_t)1 << 30)};
    struct terms terms = write_out(&writing, root, false);

    correlation->terms = ARENA_ARRAY(r->loading->arena, struct correlation_term, terms.count);
    correlation->term_count = terms.count;
    correlation->condition = r->text;
    for (uint32_t i = 0; i < terms.count; i++) {
        correlation->terms[i] = terms.at[i];
        correlation->at_close |= terms.at[i].absent != 0;
    }
    arena_free(writing.arena);
    if (writing.full)
        return sigma_refuse(r->loading, r->place->line, r->place->column,
                            "the condition '%.*s' has more than %d alternatives", SHOWN(r->text),
                            CORRELATION_TERMS_MAX);
    if (terms.count == 0)
        return sigma_refuse(r->loading, r->place->line, r->place->column,
                            "the condition '%.*s' can never be true", SHOWN(r->text));
    return true;
}

bool correlation_terms_parse(struct sigma_loading *loading, struct correlation *correlation,
                             const struct yaml_node *place, struct str text)
{
    struct reading r = {
        .loading = loading, .correlation = correlation, .place = place, .text = text, .rest = text};

    if (text.len > CORRELATION_CONDITION_BYTES_MAX)
        return sigma_refuse(loading, place->line, place->column,
                            "the condition has more than %d bytes",
                            CORRELATION_CONDITION_BYTES_MAX);
    next_word(&r);
    const struct node *root = read_or(&r);
    if (root && r.word.len > 0)
        root = refuse(&r, "'and' or 'or' must stand here");
    if (!root)
        return false;
    for (uint32_t i = 0; i < correlation->member_count; i++)
        if (!(r.named >> i & 1))
            return sigma_refuse(loading, place->line, place->column,
                                "the condition does not say what '%.*s' is for, which is listed",
                                SHOWN(correlation->members[i].reference));
    return keep_terms(&r, root);
}

bool correlation_terms_count(struct sigma_loading *loading, struct correlation *correlation,
                             uint32_t line, uint32_t column)
{
    uint32_t count = correlation->member_count;

    /* every choice of members that may occur in order; which are enough is the thresholds' say */
    if (count > CORRELATION_CHOSEN_MAX)
        return sigma_refuse(loading, line, column,
                            "'temporal_ordered' with a condition that counts takes at most %d "
                            "rules",
                            CORRELATION_CHOSEN_MAX);
    correlation->terms = ARENA_ARRAY(loading->arena, struct correlation_term, 1u << count);
    for (uint32_t chosen = 1; chosen < 1u << count; chosen++) {
        unsigned size = (unsigned)__builtin_popcount(chosen);
        if (correlation->at_close || correlation_holds(correlation, size))
            correlation->terms[correlation->term_count++] =
                (struct correlation_term){.present = chosen};
    }
    if (correlation->term_count > 0)
        return true;
    return sigma_refuse(loading, line, column, "the condition asks for more rules than are listed");
}
