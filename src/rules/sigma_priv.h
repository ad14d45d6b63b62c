/* sigma_priv.h - how the parts of the Sigma loader work together. Private to rules/. */
#ifndef RULES_SIGMA_PRIV_H
#define RULES_SIGMA_PRIV_H

#include "codec/yaml.h"
#include "rules/sigma.h"

struct pipelines;

/* What a pipeline adds to a rule: both must hold. */
struct added_condition {
    struct str name;
    const struct yaml_node *identifier; /* its body */
    bool negated;
};

/* What is under way while one document becomes a rule. */
struct sigma_loading {
    struct arena *arena;
    struct sigma_rule *rule;
    const char *what; /* "rule", "filter": for messages */
    const struct placeholders *lists;
    const struct lint *lint; /* NULL: notes are not asked for beyond those of loading */
    uint32_t notes_max;
    size_t memory_max;    /* the arena may not be used beyond */
    struct arena *trees;  /* for pipelines: gone with the file */
    size_t trees_max;     /* nor this one */
    uint32_t values;      /* tests made so far */
    uint32_t expressions; /* regular ones among them */
    struct map *fields;
    uint32_t document; /* number of the document, for `fields` */
    uint32_t field_count;
    const struct added_condition *added; /* by pipelines, to what the rule's own condition says */
    uint32_t added_count;
    struct str aggregation;             /* behind the `|` of a condition; .at NULL: there is none */
    const struct yaml_node *aggregated; /* that condition */
    struct sigma_rule **parts;          /* hidden rules that the aggregation needs */
    uint32_t part_count;
};

/* Makes the rule refused, with a place and a reason; the first reason stays. Always false. */
bool sigma_refuse(struct sigma_loading *loading, uint32_t line, uint32_t column, const char *format,
                  ...) PRINTF_LIKE(4, 5);
/* The same note at the same place is kept once; after RULE_NOTES_MAX of them one says so. */
void sigma_note(struct sigma_loading *loading, enum note_kind kind, uint32_t line, uint32_t column,
                const char *format, ...) PRINTF_LIKE(5, 6);
void outline_add(struct arena *arena, struct rule_outline *outline,
                 const struct outline_part *part);
/* Adds to the rule's outline, if it has one. */
void sigma_outline(struct sigma_loading *loading, enum outline_kind kind,
                   const struct expression *expression, struct str name, uint32_t line,
                   uint32_t column);
/* Both with what may have been meant by the words at that place; an empty suggestion is none. */
bool sigma_refuse_for(struct sigma_loading *loading, uint32_t line, uint32_t column,
                      struct str suggestion, const char *format, ...) PRINTF_LIKE(5, 6);
void sigma_suggest(struct sigma_loading *loading, enum note_kind kind, uint32_t line,
                   uint32_t column, struct str suggestion, const char *format, ...)
    PRINTF_LIKE(6, 7);
/* As much of a rule's own text as a message has room for. */
struct str sigma_shown(struct str text);
#define SHOWN(text) STR_ARG(sigma_shown(text))
/* Counts a field that the rule names; false (and refused) if there are too many. */
bool sigma_name_field(struct sigma_loading *loading, struct str name, uint32_t line,
                      uint32_t column);

/* ---- modifiers.c ---- */

enum modifier {
    MODIFIER_ALL,
    MODIFIER_BASE64,
    MODIFIER_BASE64OFFSET,
    MODIFIER_CASED,
    MODIFIER_CIDR,
    MODIFIER_CONTAINS,
    MODIFIER_DAY,
    MODIFIER_DOTALL,
    MODIFIER_ENDSWITH,
    MODIFIER_EXISTS,
    MODIFIER_EXPAND,
    MODIFIER_FIELDREF,
    MODIFIER_GT,
    MODIFIER_GTE,
    MODIFIER_HOUR,
    MODIFIER_IGNORECASE,
    MODIFIER_LT,
    MODIFIER_LTE,
    MODIFIER_MINUTE,
    MODIFIER_MONTH,
    MODIFIER_MULTILINE,
    MODIFIER_NEQ,
    MODIFIER_RE,
    MODIFIER_STARTSWITH,
    MODIFIER_UTF16,
    MODIFIER_UTF16BE,
    MODIFIER_UTF16LE,
    MODIFIER_WEEK,
    MODIFIER_WINDASH,
    MODIFIER_YEAR,
    MODIFIER_KINDS
};

enum text_encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE, ENCODING_UTF16_BOM };

/* The key of an item, taken apart: `field|modifier|modifier`. */
struct item_key {
    struct str field; /* empty: keywords */
    struct str written;
    uint64_t set; /* bit per enum modifier */
    uint32_t line, column;
};

static inline bool item_has(const struct item_key *key, enum modifier modifier)
{
    return key->set >> modifier & 1;
}

/* False (and refused) on an unknown modifier or a chain that cannot apply. */
bool modifiers_parse(struct sigma_loading *loading, struct str written, uint32_t line,
                     uint32_t column, struct item_key *key);
uint64_t modifier_bit(struct str name); /* as in item_key.set; 0: there is none of this name */
enum text_encoding modifiers_encoding(const struct item_key *key);
enum compare_op modifiers_compare(const struct item_key *key); /* EQ where none is given */
enum time_part modifiers_time_part(const struct item_key *key);

/* ---- sigma_pattern.c ---- */

/* A Sigma string as tokens: escapes resolved (rows S2-S7), not folded, no windash. */
struct glob pattern_parse(struct arena *arena, struct str text);
/* The text of a pattern without wildcards; false if it has some. */
bool pattern_plain(const struct glob *glob, struct str *text);
/* Puts GLOB_MANY at the asked ends, merges runs, folds unless cased. */
struct glob pattern_finish(struct arena *arena, struct glob glob, bool many_before, bool many_after,
                           bool cased);
/* Dashes that do not stand between two word characters become GLOB_DASH (row M8). */
struct glob pattern_windash(struct arena *arena, struct glob glob);

/* ---- sigma_encode.c ---- */

struct str encode_text(struct arena *arena, struct str text, enum text_encoding encoding);
struct str encode_base64(struct arena *arena, struct str bytes);
/* The characters that `bytes` give at byte offset 0, 1 or 2 whatever stands around; may be
 * empty. */
struct str encode_base64_offset(struct arena *arena, struct str bytes, unsigned offset);

/* ---- placeholders.c ---- */

/* Length of `%name%` at the start of `s`; 0 if none stands there. */
size_t placeholder_length(struct str s);
/* The length of what stands before the next placeholder. */
size_t placeholder_find(struct str s);

/* Texts, and every one of them with every value behind it. False: they would be too many. */
struct text_product {
    struct arena *arena;
    struct str *at;
    uint32_t count;
    size_t bytes; /* of these texts */
    size_t spent; /* on all texts on the way here */
};
void text_product_init(struct text_product *texts, struct arena *arena); /* one: an empty one */
bool text_product_add(struct text_product *texts, const struct str *values, uint32_t count);

/* All texts that the placeholders of `text` give (`\%` is a percent sign). False: a list is
 * missing, named in *missing. Bounded in number and bytes; beyond, *count is 0. */
#define EXPANSIONS_MAX 100000
#define EXPANSION_BYTES_MAX (32u << 20)
bool placeholders_expand(const struct placeholders *lists, struct arena *arena, struct str text,
                         struct str **texts, uint32_t *count, struct str *missing);

/* ---- sigma_item.c, sigma_detection.c, condition.c, sigma_head.c ---- */

struct expression *expression_new(struct arena *arena, enum expression_kind kind, uint32_t count);
struct expression *expression_not(struct arena *arena, struct expression *child);

/* Children that are about to be joined. */
struct expression_list {
    struct expression **at;
    uint32_t count, max;
};

void expression_list_add(struct arena *arena, struct expression_list *list,
                         struct expression *child);
/* The only member itself, or all under a new node. */
struct expression *expression_list_join(struct arena *arena, const struct expression_list *list,
                                        enum expression_kind kind);

/* `key: value` of a detection as an expression; NULL if the rule is refused or inert. */
struct expression *item_parse(struct sigma_loading *loading, const struct item_key *key,
                              const struct yaml_node *value);

struct identifier {
    struct str name;
    struct expression *expression; /* NULL: nothing is left of it; conditions do without it */
    uint32_t values;               /* tests in it */
    uint32_t line, column;
    bool used; /* some condition stands for it */
};

/* Pipelines write detections as YAML that no file can have: a member of an identifier's map whose
 * key is these bytes themselves (by their address) is an identifier's body that must hold with the
 * others, and an identifier without a value is one of which nothing is left. */
extern const char sigma_no_key[1];
bool detection_parse(struct sigma_loading *loading, const struct yaml_node *detection);

/* One condition; NULL if the rule is refused. */
struct expression *condition_parse(struct sigma_loading *loading, const struct yaml_node *condition,
                                   struct identifier *identifiers, uint32_t count);

void head_parse(struct sigma_loading *loading, const struct yaml_node *document);

/* ---- lint_*.c: only where `loading->lint` is there ---- */

void lint_head(struct sigma_loading *loading, const struct yaml_node *document);
/* A tag in the right form. */
void lint_tag(struct sigma_loading *loading, const struct yaml_node *tag);
void lint_field(struct sigma_loading *loading, struct str field, uint32_t line, uint32_t column);
/* An item of a detection that was taken. */
void lint_item(struct sigma_loading *loading, const struct item_key *key,
               const struct yaml_node *value);

/* ---- pipeline.c ---- */

/* Runs all pipelines over a rule whose head is read: *detection becomes what they make of it, and
 * the rule's log source, and loading->added. False: the rule is refused. */
bool pipelines_apply(struct pipelines *all, struct sigma_loading *loading,
                     const struct yaml_node *document, const struct yaml_node **detection);

/* ---- rule_set.c, filter.c ---- */

/* Keeps the log source as it is stated, and runs the set's pipelines, if it has some. */
bool rule_set_pipelines(struct rule_set *set, struct sigma_loading *loading,
                        const struct yaml_node *document, const struct yaml_node **detection);
/* The map without one of its keys. */
struct yaml_node *map_without(struct arena *arena, const struct yaml_node *map, struct str key);

/* Adds the filter of a document whose head is still to be read. */
void filter_load(struct rule_set *set, struct sigma_loading *loading,
                 const struct yaml_node *document);
/* Adds a filter whose head is all there is of it: a refused one. */
struct sigma_filter *filter_add(struct rule_set *set, struct sigma_rule *head);
/* Puts each filter into the rules that it is for. */
void filters_apply(struct rule_set *set);
/* Compiles every regular expression, for what becomes part of rules: what PCRE2 refuses must not
 * refuse them with it. *expressions counts up to `max` over all `what`. */
bool sigma_check_expressions(struct sigma_loading *loading, const struct expression *expression,
                             const char *what, uint32_t *expressions, uint32_t max);

/* ---- sigma_correlation.c, sigma_aggregation.c ---- */

/* `correlation:` of a document; false if the rule is refused. */
bool correlation_parse(struct sigma_loading *loading, const struct yaml_node *document);
/* loading->aggregation; false if the rule is refused. */
bool aggregation_parse(struct sigma_loading *loading, const struct yaml_node *detection,
                       struct identifier *identifiers, uint32_t count);

#endif
