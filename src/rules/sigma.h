/* sigma.h - a Sigma rule as loaded: its head, and its detection as a tree of predicates.
 *
 * Specification 2.1; where it is silent, docs/sigma.md. Everything lives in the arena given to the
 * loader. Field names are the rule's own; the taxonomy maps them to event fields when the plan is
 * built.
 */
#ifndef RULES_SIGMA_H
#define RULES_SIGMA_H

#include "core/arena.h"
#include "core/err.h"
#include "match/cidr.h"
#include "match/glob.h"
#include "model/level.h"
#include "rules/correlation.h"

enum predicate_kind {
    PREDICATE_GLOB,     /* the value as text against a pattern */
    PREDICATE_REGEX,    /* unanchored search in the raw value */
    PREDICATE_CIDR,     /* the value is an address in the net */
    PREDICATE_COMPARE,  /* number (or part of a time) against a number */
    PREDICATE_EXISTS,   /* the field is there (even null), or not */
    PREDICATE_NULL,     /* the field is missing or null */
    PREDICATE_FIELDREF, /* against another field of the same event */
};

enum compare_op { COMPARE_EQ, COMPARE_LT, COMPARE_LTE, COMPARE_GT, COMPARE_GTE };
enum time_part {
    TIME_WHOLE, /* not a time: the value itself is the number */
    TIME_MINUTE,
    TIME_HOUR,
    TIME_DAY,
    TIME_WEEK,
    TIME_MONTH,
    TIME_YEAR
};
enum fieldref_op { FIELDREF_EQUALS, FIELDREF_STARTSWITH, FIELDREF_ENDSWITH, FIELDREF_CONTAINS };

/* One test of one field. True if any member of a multi-valued field passes. False for a missing
 * field, except PREDICATE_NULL and PREDICATE_EXISTS with exists false. Null members pass only
 * PREDICATE_NULL and PREDICATE_EXISTS. */
struct predicate {
    /* Small ones first and together: gaps between them would carry what the stack had there into
     * the image of all rules (engine/knowledge_image.h), and it could look like an address. */
    enum predicate_kind kind;
    bool cased;              /* GLOB, FIELDREF: compare as written; else both sides are folded */
    bool exists;             /* EXISTS: what is asked */
    unsigned regex_flags;    /* enum regex_flag */
    enum compare_op compare; /* COMPARE */
    enum time_part part;
    enum fieldref_op fieldref;
    uint32_t line, column;
    double number;
    struct str
        field; /* empty: a keyword, tested against every value of the event, or the raw line */
    struct glob glob;   /* GLOB: the whole value must match; tokens folded already unless `cased`.
                           A keyword without modifier has GLOB_MANY at both ends. */
    struct str regex;   /* REGEX */
    struct cidr cidr;   /* CIDR */
    struct str other;   /* FIELDREF: the other field's name */
    struct str written; /* the value as it stands in the rule, for people */
};

enum expression_kind { EXPRESSION_AND, EXPRESSION_OR, EXPRESSION_NOT, EXPRESSION_TEST };

/* NOT has one child; AND and OR have one or more. */
struct expression {
    enum expression_kind kind;
    uint32_t count;
    struct expression **children;
    const struct predicate *test; /* TEST */
};

enum rule_state {
    RULE_LOADED,
    RULE_INERT,  /* valid, but a placeholder list it needs is missing: never true */
    RULE_REFUSED /* cannot be used; `reason` says why */
};

enum note_kind { NOTE_LINT, NOTE_WARNING };

struct rule_note {
    enum note_kind kind;
    uint32_t line, column; /* 1-based; 0 where it concerns the whole rule */
    struct str text;       /* a sentence: what, why, what to do; no full stop */
    struct str suggestion; /* what may have been meant, for the words at that place; or empty */
};

struct log_source {
    struct str category, product, service; /* empty where not stated */
};

/* How the rule itself calls the parts of its detection: for those who show it to people. */
enum outline_kind {
    OUTLINE_IDENTIFIER, /* a search identifier, whether a condition names it or not */
    OUTLINE_ITEM,       /* `Image|endswith` with its values */
    OUTLINE_CONDITION,  /* one of the conditions, as text */
    OUTLINE_FILTER      /* a filter that is part of the detection, by its title */
};

struct outline_part {
    enum outline_kind kind;
    const struct expression *expression; /* what it became; found again in the detection's tree */
    struct str name;
    uint32_t line, column;
};

struct rule_outline {
    struct outline_part *parts; /* in the order of the text, an identifier behind its items */
    uint32_t count, capacity;
};

struct sigma_rule {
    struct str path; /* as given on the command line, joined with what was found below */
    uint32_t line;   /* where its document starts */
    struct str id;   /* "x-" and 16 digits of the text's SHA-256 where the rule has none */
    uint64_t key; /* first 8 bytes of the SHA-256 of its text: tells rules with equal ids apart */
    struct str title, description, author, status;
    struct str name; /* other documents may refer to it by this; empty: by id alone */
    enum level level;
    struct log_source source;
    uint32_t source_line, source_column; /* where it stands */
    struct log_source stated_source;     /* before pipelines changed it: filters go by this one */
    struct str *tags;                    /* as written */
    uint32_t tag_count;
    struct str *techniques; /* "T1505.003": from attack.t... tags, upper case */
    uint32_t technique_count;
    struct str *references;
    uint32_t reference_count;
    struct str *false_positives;
    uint32_t false_positive_count;

    enum rule_state state;
    struct str reason; /* INERT, REFUSED: a sentence without full stop */
    uint32_t reason_line, reason_column;
    struct str suggestion; /* REFUSED: as in notes */
    struct rule_note *notes;
    uint32_t note_count;

    /* LOADED: list of conditions already joined by OR; NULL for a correlation of other rules */
    const struct expression *detection;
    uint32_t values;        /* tests in it, each as often as it stands there */
    uint32_t filters;       /* so many are part of `detection` */
    uint32_t *suppressions; /* entries that name it, ascending; those of all rules stand apart */
    uint32_t suppression_count;
    struct rule_outline *outline; /* NULL unless the rule set was asked for it */
    bool unserved; /* no taxonomy entry serves its log source; set where the plan is built */

    struct correlation *correlation; /* NULL: it is none */
    bool hidden;       /* stands for a search identifier that another rule is `near` to */
    bool correlated;   /* a correlation takes its matches */
    bool silent;       /* ... and leaves it no findings of its own */
    struct str *asked; /* fields whose values correlations want of each match, by rule names */
    uint32_t asked_count;
};

/* Whether matches of a rule (`correlated`: what a correlation makes of them) are findings, where
 * those below a level are not. */
static inline bool rule_reports(const struct sigma_rule *rule, bool correlated, enum level minimum)
{
    return !rule->silent && !rule->hidden && (correlated || !rule->correlation) &&
           rule->level >= minimum;
}

/* Nothing but a correlation of other rules: no single event matches it. */
static inline bool rule_is_correlation(const struct sigma_rule *rule)
{
    return rule->correlation && !rule->detection;
}

/* Lists for `expand`: name to values (options --placeholders). */
struct placeholders;
struct placeholders *placeholders_new(struct arena *arena);
/* YAML: name to value or list of values. Names of several files are joined. */
MUST_USE enum err placeholders_add(struct placeholders *lists, struct str yaml, struct why *why);

/* A filter (rows F1 to F4): a condition that rules of its log source must meet, too. */
struct sigma_filter {
    struct sigma_rule *head; /* what it shares with rules: place, names, log source, state, notes;
                                `detection` is its condition */
    bool any;                /* for every rule of its log source, else for those of `rules` */
    struct str *rules;       /* ids and names */
    uint32_t rule_count;
    uint32_t rules_line, rules_column;
    uint32_t changed; /* rules that have it in their detection */
};

struct rule_set {
    struct arena *arena;     /* borrowed; holds every rule */
    bool outlines;           /* asked for before rules are added: each gets its outline */
    const struct lint *lint; /* rules/lint.h; the same: each is looked at closely; NULL: not */
    size_t reserved;         /* bytes of what the arena has room for that are not for rules */
    struct sigma_rule **rules;
    uint32_t count;
    uint32_t capacity;
    struct sigma_filter **filters;
    uint32_t filter_count, filter_capacity;
    struct pipelines *pipelines;             /* rules/pipeline.h; NULL: none */
    const struct suppressions *suppressions; /* rules/suppress.h; NULL: none */
    uint32_t files;                          /* files read */
    uint32_t not_sigma;                      /* YAML documents that are no Sigma documents */
    uint32_t duplicates; /* documents left out because an identical text was loaded before */
    struct map *keys;    /* of texts seen */
    struct map *ids;
    struct map *fields; /* name -> the document that named it last */
    uint32_t documents;
    bool part; /* of another one: its correlations stay what they are there */
};

void rule_set_init(struct rule_set *set, struct arena *arena);
/* Adds every rule document of one file. A file that is not YAML becomes one refused rule which
 * carries the parser's complaint. Texts identical to a loaded one are left out and counted; an
 * equal id with another text gets a NOTE_WARNING on the later rule. `path` and `text` may go away
 * afterwards. */
void rule_set_add(struct rule_set *set, struct str path, struct str text,
                  const struct placeholders *lists);
/* The same for a file that was named for its filters: another document in it is a refused one. */
void rule_set_add_filters(struct rule_set *set, struct str path, struct str text,
                          const struct placeholders *lists);
/* After the last file: narrows rules by their filters. A filter that names a rule which is not
 * there, or changes none, gets a NOTE_WARNING; one that cannot be used is refused. Then resolves
 * what correlations refer to, wherever it stands: one that cannot be resolved is refused, and its
 * rules report on their own. */
void rule_set_finish(struct rule_set *set);

#endif
