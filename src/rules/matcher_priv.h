/* matcher_priv.h - one thread's working state, shared by the files of the matcher and the
 * router. */
#ifndef RULES_MATCHER_PRIV_H
#define RULES_MATCHER_PRIV_H

#include "match/anchor_filter.h"
#include "match/needle_filter.h"
#include "match/value_memory.h"
#include "rules/plan_priv.h"

/* What is known of all events that the same taxonomy entries hold for and whose route fields are
 * equal. */
struct route {
    bool served;        /* some entry with rules holds */
    uint64_t serial;    /* no other route has it, also of those that were forgotten */
    uint64_t *entries;  /* bits: those with rules that hold */
    uint64_t *variants; /* bits: those that can be true here */
    uint32_t *always;   /* of these the ones without a gate */
    uint32_t always_count;
    uint64_t *gate_fields;    /* bits by field index: to be searched for every event */
    uint16_t *keyword_fields; /* the pseudo-fields of the variants, searched together */
    uint32_t keyword_count;
    uint32_t keyword_set;                               /* a number for exactly these */
    const struct needle_filter *const *keyword_filters; /* by enum raw_form; see the router */
    bool keywords_gate;                                 /* some wake variants */
    uint32_t *derivations;
    uint32_t derivation_count;
};

struct router;

#define KEPT_KEYWORDS_MAX 256u

/* A value that waits to be searched with others, and how it is known later. */
struct kept_keyword {
    struct str raw; /* at NULL: it is not to be remembered */
    uint64_t hash;
    uint32_t tag;
    uint32_t end; /* where it ends in `keywords` */
};

struct matcher {
    const struct plan *plan; /* borrowed */
    struct matcher_counts counts;
    bool measured; /* `costs` is there */
    struct matcher_costs costs;
    struct router *router;
    const struct route *route;            /* of the current event; NULL while it is looked for */
    struct arena *arena;                  /* of the filters */
    const struct anchor_filter **anchors; /* by field index; NULL: no filter tells anything */
    struct value_memory *memory, *keyword_memory; /* the second only if there are keywords */
    struct automaton_scratch *scratch;
    struct regex_scratch *regex_scratch;
    struct regex **regexes; /* by index in the plan; owned; NULL until needed */

    uint32_t epoch;       /* of the current event */
    uint32_t *searched;   /* by field index: the epoch in which its values were searched */
    uint64_t *hashes;     /* by place in the event's list; see matcher_await_fields */
    uint32_t hash_count;  /* of those that are made, from the first on */
    uint64_t *truth;      /* bits by term */
    uint32_t *true_terms; /* those set, for clearing */
    uint32_t true_count;
    uint32_t *lazy; /* by lazy index: epoch << 1 | answer */

    uint64_t *woken;      /* bits by variant */
    uint32_t *candidates; /* those set */
    uint32_t candidate_count;
    uint64_t *hit_rules; /* bits by rule */
    uint32_t *hit_variants;
    uint32_t hit_count;
    const struct sigma_rule **hits;

    /* one search of one text */
    struct number_list found; /* term << 1 | wakes variants */
    uint32_t *found_in;       /* by term: the search that found it last */
    uint32_t search;
    struct str raw, folded; /* the text */
    bool gave_up;
    struct buf fold, fold_other, keywords, key;
    struct kept_keyword *kept; /* the values joined in `keywords` */
    uint32_t kept_count;
};

static inline bool bit_get(const uint64_t *bits, uint32_t at)
{
    return bits[at / 64] >> (at % 64) & 1;
}

static inline void bit_set(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint64_t)1 << (at % 64);
}

#define BIT_WORDS(count) ((size_t)(count) / 64 + 1)

/* matcher.c: runs a program over the event; true if it ends so. */
bool matcher_program(struct matcher *matcher, struct event *event, uint32_t entry);
/* Whether a term is true of the event. */
bool matcher_term(struct matcher *matcher, struct event *event, const struct instruction *in);
/* Notes that the variant is true. */
void matcher_hit(struct matcher *matcher, uint32_t variant);
/* Sets a found number's term true, and wakes the variants that wait for it. */
void matcher_set(struct matcher *matcher, uint32_t number);

/* matcher_fields.c: searches all values of a field, once per event; sets the terms found. */
void matcher_search_field(struct matcher *matcher, struct event *event, uint16_t field);
/* For each field of which something can be told by a quick look at its values. */
void matcher_make_filters(struct matcher *matcher);
/* Hashes the values that the route has searched for every event, and has what is remembered of
 * them come near. */
void matcher_await_fields(struct matcher *matcher, const struct event *event);
/* Forgets what was found; matcher_found_atom adds to it. */
void matcher_begin_search(struct matcher *matcher);
void matcher_found_atom(struct matcher *matcher, const struct atom *atom);
/* Searches one text; adds to matcher->found what it makes true. */
void matcher_search_text(struct matcher *matcher, const struct field_plan *field, struct str raw,
                         struct str folded);
/* The text folded, in `out`, until its next use. */
struct str matcher_fold(struct buf *out, struct str text);

/* matcher_keywords.c: the same for all values of the event and all keyword fields of its route. */
void matcher_search_keywords(struct matcher *matcher, struct event *event);
/* Whether the event may hold a keyword that wakes a variant: false of nearly every one. */
bool matcher_may_wake_keywords(const struct matcher *matcher, const struct event *event);

/* matcher_costs.c: judges those that were woken; what came before has taken since begun_ns. */
void matcher_run_measured(struct matcher *matcher, struct event *event, uint64_t begun_ns);

/* matcher_tests.c: searches a text for an expression of the plan. */
enum regex_answer matcher_regex(struct matcher *matcher, uint32_t regex, struct str text);
/* One predicate against the event, computed. *which: the first value that
 * passes, a null value where a missing one does; may be NULL. */
bool matcher_test(struct matcher *matcher, struct event *event, const struct atom *atom,
                  struct value *which);

/* router.c */
struct router *router_new(const struct plan *plan);
void router_free(struct router *router); /* accepts NULL */
/* The route of the event, valid until the next call. */
const struct route *router_find(struct router *router, struct matcher *matcher,
                                struct event *event);

/* derive.c: adds the derived field to the event, if it can be made and is not there yet. */
void derive_field(const struct derivation *derivation, struct event *event);

#endif
