/* plan_priv.h - the compiled form of all rules, shared by the files that build it and the
 * matcher.
 *
 * From the rules down to the bytes:
 *   variant   a rule under one field mapping: a program over terms, and the gates that wake it
 *   term      what programs test: an atom, or "any of these atoms of one field"
 *   atom      one distinct predicate on one distinct event field
 *   pattern   one distinct text or expression that a field is searched for; makes atoms true at
 *   once
 *             or asks for their confirmation
 * Eager terms become true by searching their field; lazy ones are computed when a program asks.
 * docs/internals/engine.md tells why. */
#ifndef RULES_PLAN_PRIV_H
#define RULES_PLAN_PRIV_H

#include "core/map.h"
#include "match/affix_table.h"
#include "match/automaton.h"
#include "match/regex.h"
#include "model/event.h"
#include "rules/plan.h"

#define NUMBER_NONE UINT32_MAX

/* A list of numbers that grows. Owned. */
struct number_list {
    uint32_t *at;
    uint32_t count, capacity;
};
void number_list_add(struct number_list *list, uint32_t number);
void number_list_free(struct number_list *list);

/* A stretch of plan->numbers. */
struct span {
    uint32_t start, count;
};

/* Events are routed by these fields first; what they say about a rule is known per route. */
enum { ROUTE_CHANNEL, ROUTE_PROVIDER, ROUTE_EVENT_ID, ROUTE_FIELDS };

struct atom {
    const struct predicate *predicate; /* of one of the rules that hold it */
    uint16_t field;                    /* of keywords: their pseudo-field */
    uint16_t other;                    /* FIELDREF */
    bool eager;                        /* patterns find it */
    bool by_route;                     /* depends on the route fields alone */
    float chance;                      /* a guess how often it is true, 0 to 1 */
    uint32_t regex;                    /* REGEX: index in plan->regexes */
    struct span terms;                 /* eager: the terms it makes true */
};

/* An expression that PCRE2 takes; a matcher compiles those that it meets. */
struct plan_regex {
    struct str text;
    unsigned flags;
};

/* A rule's condition while the plan is built; lives in the scratch arena. */
struct node {
    enum expression_kind kind;
    uint32_t count;
    struct node **children;
    uint32_t atom;     /* EXPRESSION_TEST; of a group the first */
    uint32_t term;     /* TEST: see `lazy` */
    bool lazy;         /* TEST: `term` is an index into plan->lazy_atoms, else an eager term */
    float gate_chance; /* of the best gate below; above 1: there is none */
};

/* Programs run down from their entry until they reach one of two ends. */
#define PROGRAM_FALSE UINT32_MAX
#define PROGRAM_TRUE (UINT32_MAX - 1)

struct instruction {
    uint32_t term;  /* lazy: index into plan->lazy_atoms */
    uint16_t field; /* eager terms: to be searched before the term is known to be false */
    bool lazy;
    uint32_t on_true, on_false;
};

struct variant {
    uint32_t rule; /* index in the rule set */
    uint32_t program;
    uint32_t on_route; /* program over by_route terms: false means that the rule cannot be true on
                            the route; PROGRAM_TRUE: nothing is known */
    uint16_t *ids;     /* by rule_names: the event fields of this mapping */
    struct str *names; /* the distinct field names in the rule; shared by its variants */
    uint32_t name_count;
    uint16_t keyword_field;  /* FIELD_NONE: it has no keywords */
    bool always;             /* nothing gates it */
    struct node *root;       /* while the plan is built */
    struct span gate_fields; /* fields to be searched or looked for on behalf of this variant */
    struct span derivations;
    struct number_list entries, derived; /* while the plan is built */
};

/* Here and in what follows: no gap in front of a pointer (see struct predicate). */
struct entry_test {
    uint16_t field;
    bool by_route;
    bool present;
    uint32_t count;
    struct str *folded;
};

/* A taxonomy entry that serves rules. */
struct plan_entry {
    const struct taxonomy_entry *source;
    bool has_further_tests; /* on other fields than the route fields */
    struct entry_test *tests;
    uint32_t test_count;
    struct number_list variants;
};

/* A field that is made from others once per event. */
struct derivation {
    uint16_t id;
    uint32_t from_count;
    uint16_t *from;
    const struct field_mapping *mapping;
};

enum pattern_kind { PATTERN_WHOLE, PATTERN_PREFIX, PATTERN_SUFFIX, PATTERN_FOLDED, PATTERN_RAW };

struct pattern {
    enum pattern_kind kind;
    uint16_t field;
    struct str text;
    unsigned flags;      /* enum automaton_flag */
    bool refused;        /* by the automaton */
    struct span targets; /* atom << 1 | exact */
    struct number_list building;
};

/* How the values of one field are searched. What is NULL is not needed. */
struct field_plan {
    struct affix_table *whole, *prefix, *suffix; /* over the folded value */
    struct automaton *folded, *raw; /* over the folded value, over the value as it stands */
    bool searched;                  /* one of these is there */
    bool keywords;                  /* a pseudo-field: all values of the event */
    bool keywords_need_text;        /* none can be found in numbers, times and the like */
    struct span present;            /* variants that wait for the mere presence of the field */
};

struct plan {
    struct arena *arena; /* borrowed; everything below */
    struct rule_set *set;
    const struct taxonomy *taxonomy;
    struct field_dictionary *dictionary;
    struct plan_statistics statistics;
    uint16_t route_fields[ROUTE_FIELDS];

    struct atom *atoms;
    uint32_t atom_count;
    struct pattern *patterns;
    uint32_t pattern_count;
    uint32_t term_count; /* eager ones */
    struct span *gates;  /* by eager term: variants that it wakes */
    uint32_t *lazy_atoms;
    uint32_t lazy_count;
    struct variant *variants;
    uint32_t variant_count;
    struct plan_entry *entries;
    uint32_t entry_count;
    struct derivation *derivations;
    uint32_t derivation_count;
    struct instruction *instructions;
    uint32_t instruction_count;
    uint32_t *numbers;
    struct field_plan **fields; /* by field id */
    struct map regex_ids;       /* expression and flags -> index in regexes */
    struct plan_regex *regexes; /* distinct ones */
    uint32_t regex_count;
    struct automaton **automata; /* those behind the ones of `fields` */
    uint32_t automaton_count;
};

static inline bool atom_is_keyword(const struct atom *atom)
{
    return atom->predicate->field.len == 0;
}

struct term {
    uint16_t field;
    float chance;
};

/* What plan_build hands from one file to the next. */
struct plan_builder {
    struct plan *plan;
    struct arena *scratch; /* gone when the plan is built */
    struct map atom_ids, derivation_ids, pattern_ids, term_ids;
    struct buf key;
    uint32_t atom_capacity, variant_capacity, derivation_capacity, regex_capacity, pattern_capacity,
        instruction_capacity;
    struct number_list numbers; /* becomes plan->numbers */
    struct number_list *terms_of_atom;
    uint32_t *term_of_atom; /* its own, NUMBER_NONE if it has none */
    struct number_list lazy_atoms;
    struct term *terms; /* eager ones */
    uint32_t term_capacity;
    uint32_t fields_reserved; /* for what the taxonomy asks */
    uint64_t nodes;           /* of all conditions */
    uint32_t regex_weight;    /* of the expressions that go into automata */
};

/* plan_variants.c: rules x mappings, atoms, nodes, entries; adds the fields. */
void plan_add_variants(struct plan_builder *builder);
/* plan_atoms.c: the atom of a predicate on these fields, made if new. */
uint32_t plan_atom(struct plan_builder *builder, const struct predicate *predicate, uint16_t field,
                   uint16_t other);
/* The index of the predicate's expression; NUMBER_NONE and *why if PCRE2 refuses it. */
uint32_t plan_regex(struct plan_builder *builder, const struct predicate *predicate,
                    struct why *why);
/* The same of a predicate of some rule, which is there; `key` is for working in. */
uint32_t plan_regex_find(const struct plan *plan, const struct predicate *predicate,
                         struct buf *key);
/* plan_patterns.c: what to search the fields for; sets eager and chance of the atoms. */
void plan_add_patterns(struct plan_builder *builder);
/* plan_automata.c: tables and automata of each field; clears `eager` of atoms that no automaton
 * takes. */
void plan_build_fields(struct plan_builder *builder);
/* plan_terms.c: terms, and their places in the nodes. */
void plan_add_terms(struct plan_builder *builder);
/* plan_gates.c: the gates of each variant, turned round. */
void plan_add_gates(struct plan_builder *builder);
/* plan_programs.c */
void plan_add_programs(struct plan_builder *builder);

/* plan.c: appends to plan->numbers. */
struct span plan_keep(struct plan_builder *builder, const uint32_t *numbers, uint32_t count);
/* Makes room for one element more in a malloc'd array; returns where the array is now. */
void *plan_grow(void *array, uint32_t *capacity, uint32_t count, size_t element_size);
/* Appends a text so that what follows cannot be taken for a part of it. */
void plan_key_text(struct buf *key, struct str text);

#endif
