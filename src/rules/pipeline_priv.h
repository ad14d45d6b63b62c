/* pipeline_priv.h - how the files of the pipelines work together. Private to rules/. */
#ifndef RULES_PIPELINE_PRIV_H
#define RULES_PIPELINE_PRIV_H

#include "core/buf.h"
#include "core/limits.h"
#include "core/map.h"
#include "match/regex.h"
#include "rules/pipeline.h"
#include "rules/sigma_priv.h"

/* ---- pipeline_text.c: values, character by character ---- */

/* A value's bytes with its escapes resolved, and what each of them is. */
enum mark { MARK_TEXT, MARK_WILDCARD, MARK_PLACEHOLDER };

struct marked {
    struct buf bytes, marks; /* of one length */
};

void marked_init(struct marked *marked);
void marked_free(struct marked *marked);
void marked_reset(struct marked *marked);
void marked_add(struct marked *marked, char byte, enum mark mark);
void marked_add_text(struct marked *marked, struct str text);
/* Bytes `from` to `to` of another one, with their marks. */
void marked_add_part(struct marked *marked, const struct marked *other, size_t from, size_t to);
/* Adds a Sigma string. `expand`: `%name%` is a placeholder and `\%` a percent sign. */
void marked_add_sigma(struct marked *marked, struct str text, bool expand);
/* As a Sigma string again, so that it reads as the same. */
struct str marked_sigma(const struct marked *marked, struct arena *arena, bool expand);
bool marked_equal(const struct marked *a, const struct marked *b);

/* ---- pipeline_draft.c: a detection that is being changed ---- */

enum draft_kind {
    DRAFT_ITEM, /* `field|modifiers: values`, or keywords */
    DRAFT_ALL,  /* a map */
    DRAFT_ANY   /* a list */
};

struct draft {
    enum draft_kind kind;
    struct item_key key; /* ITEM */
    bool bare;           /* ITEM: keywords that stand under no key */
    const struct yaml_node *value;
    uint64_t *applied; /* bits by number of a pipeline item's id; NULL: none */
    struct draft **parts;
    uint32_t count;
};

/* One of the detection's identifiers, or what add_condition adds. */
struct draft_identifier {
    struct draft *root; /* NULL: nothing is left of it */
    struct str name;    /* of an added one, as the next */
    bool negated;
};

/* One rule on its way through the pipelines. */
struct drafting {
    struct pipelines *all;
    struct sigma_loading *loading;
    const struct yaml_node *document;
    struct arena *trees; /* for what is gone with the rule's file */
    size_t trees_max;
    struct draft_identifier *identifiers; /* the rule's own, then those that were added */
    uint32_t own, count;
    uint32_t items;    /* DRAFT_ITEMs, those that are gone, too */
    uint64_t *applied; /* of the rule, by number of an id */
    bool changed;
    struct marked text, other; /* at hand */
};

/* False: the rule is refused, or it has a form that the parser will refuse: nothing to be done. */
bool draft_read(struct drafting *drafting, const struct yaml_node *detection);
/* One search identifier; NULL as above. */
struct draft *draft_of(struct drafting *drafting, const struct yaml_node *node);
/* A copy of an item, to be changed; NULL (refused): there are too many. */
struct draft *draft_copy(struct drafting *drafting, const struct draft *item);
struct draft *draft_group(struct drafting *drafting, enum draft_kind kind, struct draft **parts,
                          uint32_t count);
/* The whole detection as YAML again, and what was added as loading->added. */
const struct yaml_node *draft_write(struct drafting *drafting, const struct yaml_node *detection);
/* The item under another field, with the modifiers behind it as they are. */
void draft_rename(struct drafting *drafting, struct draft *item, struct str field);
/* The item without modifiers but those in `kept`. */
void draft_keep_modifiers(struct drafting *drafting, struct draft *item, uint64_t kept);
/* True if there is still room for what the rule becomes; else it is refused. */
bool draft_has_room(struct drafting *drafting);

/* What a value is: modifiers that make something else of it than a string count. */
enum scalar_kind { SCALAR_STRING, SCALAR_NUMBER, SCALAR_BOOL, SCALAR_NULL, SCALAR_OTHER };
enum scalar_kind draft_value_kind(const struct draft *item, const struct yaml_node *value);
/* A string value as it is compared, into *out: with the wildcards that its modifiers put. */
void draft_value_text(const struct draft *item, const struct yaml_node *value, struct marked *out);
/* The scalars of an item's value, in order; lists in lists are one list. */
struct node_list {
    const struct yaml_node **at;
    uint32_t count, max;
};
void node_list_add(struct arena *arena, struct node_list *list, const struct yaml_node *node);
void draft_values(struct drafting *drafting, const struct draft *item, struct node_list *out);

/* A scalar with this text in the place of another one: a string. */
const struct yaml_node *draft_scalar(struct drafting *drafting, const struct yaml_node *place,
                                     struct str text);
/* The same with a marked text, as the item's modifiers want it written. */
const struct yaml_node *draft_marked(struct drafting *drafting, const struct draft *item,
                                     const struct yaml_node *place, const struct marked *text);
void draft_set_values(struct drafting *drafting, struct draft *item,
                      const struct node_list *values);

/* ---- pipeline_file.c ---- */

struct pipeline {
    struct pipeline *next; /* by priority, then as they came */
    struct str path;
    int64_t priority;
    struct map vars; /* name -> index into `values` */
    struct texts *values;
    struct pipeline_item *items;
    uint32_t count;
    uint32_t changed;
};

struct texts {
    struct str *at;
    uint32_t count;
};

struct owned_regex {
    struct owned_regex *next;
    struct regex *regex;
};

struct pipelines {
    struct arena *arena; /* owned; the trees of the files and all that is made of them */
    struct arena *texts; /* borrowed */
    struct pipeline *first;
    uint32_t items, additions, regexes; /* how many there are in all; additions: add_condition */
    struct map ids;                     /* that conditions ask for -> number */
    struct owned_regex *owned;
    struct regex_scratch *scratch;
    struct marked text, other; /* lent to each rule */
};

/* The file that is being read. */
struct pipeline_file {
    struct pipelines *all;
    struct pipeline *pipeline;
    struct why *why;
};

/* "path:line:column: COMPLAINT". Always false. */
bool pipeline_refuse(const struct pipeline_file *file, uint32_t line, uint32_t column,
                     const char *format, ...) PRINTF_LIKE(4, 5);
/* The texts under `key`, one or a list; false (refused) if there are none or others. */
bool pipeline_texts(const struct pipeline_file *file, const struct yaml_node *map, const char *key,
                    struct node_list *texts);
/* The same for a member that is there. */
bool pipeline_scalars(const struct pipeline_file *file, const struct yaml_member *member,
                      struct node_list *scalars);
/* The one text under `key`; false (refused) if there is none. */
bool pipeline_text(const struct pipeline_file *file, const struct yaml_node *map, const char *key,
                   struct str *text);
/* True or false under a key that may be missing: *flag stays. */
bool pipeline_flag(const struct pipeline_file *file, const struct yaml_node *map, const char *key,
                   bool *flag);
/* The map under `key`, with a member at least; NULL (refused) if there is none. */
const struct yaml_node *pipeline_map(const struct pipeline_file *file, const struct yaml_node *map,
                                     const char *key);
/* A name that an item may have; false (refused) if not. */
bool pipeline_field(const struct pipeline_file *file, const struct yaml_node *node,
                    struct str name);
bool pipeline_regex(const struct pipeline_file *file, const struct yaml_node *node,
                    const struct regex **regex);
/* Category, product, service; false (refused) if there is none of them. */
bool pipeline_source(const struct pipeline_file *file, const struct yaml_node *map,
                     struct log_source *source);
/* Whether every key of the map is one of the words; false (refused) if not. */
bool pipeline_keys(const struct pipeline_file *file, const struct yaml_node *map, const char *what,
                   const char *words, const char *more);
/* What a list holds under `transformations` or `items`. */
bool pipeline_items(struct pipeline_file *file, const struct yaml_node *list,
                    struct pipeline_item **items, uint32_t *count);
/* The values of a variable as the last pipeline that has it says, written for items with
 * `expand`; NULL: none has it. */
const struct texts *pipelines_variable(const struct pipelines *all, struct str name);

/* ---- pipeline_conditions.c ---- */

struct pipeline_condition;

struct pipeline_conditions {
    struct pipeline_condition *at;
    uint32_t count;
    bool any, negated;
};

/* The conditions of one of the three sorts: "rule", "detection_item", "field_name". */
bool conditions_read(struct pipeline_file *file, const struct yaml_node *item, const char *sort,
                     struct pipeline_conditions *conditions);
/* `item` and `field` for conditions of these sorts: the field is one that `item` names, itself or
 * in a value. */
bool conditions_met(struct drafting *drafting, const struct pipeline_conditions *conditions,
                    const struct draft *item, struct str field);

/* ---- pipeline_fields.c, pipeline_values.c, pipeline_replace.c, pipeline_steps.c:
 * transformations ---- */

/* What a transformation did to an item. */
enum change { CHANGE_NONE, CHANGE_MADE, CHANGE_REFUSED };

struct pipeline_item {
    const struct transformation *what;
    const struct pipeline *pipeline;
    struct str id; /* empty: nobody can ask for it */
    struct pipeline_conditions rule, item, field;
    const void *with; /* what its own keys say */
};

/* One value of an item, and the list for what comes in its place. */
struct value_change {
    struct drafting *drafting;
    const struct pipeline_item *item;
    const struct draft *draft;
    const struct yaml_node *value;
    struct node_list *to;
};

struct transformation {
    const char *name, *keys;
    /* NULL: it has no keys of its own. */
    bool (*read)(struct pipeline_file *file, const struct yaml_node *node,
                 struct pipeline_item *item);
    /* One of the three. The rule: false: it is refused. */
    bool (*on_rule)(struct drafting *drafting, const struct pipeline_item *item);
    /* An item that meets the conditions; *slot may get something else, or NULL. */
    enum change (*on_item)(struct drafting *drafting, const struct pipeline_item *item,
                           struct draft **slot);
    /* Each of its values. CHANGE_NONE: it stays, and *to is as it was. */
    enum change (*on_value)(const struct value_change *change);
    /* Values are seen with the wildcards that modifiers put; where one is changed, all of the
     * item's are written out with them, and these modifiers are gone. */
    bool whole;
};

#define TRANSFORMATION(name) extern const struct transformation transformation_##name;
#include "rules/transformations.def"
#undef TRANSFORMATION

/* Runs `on_value` over an item's values. */
enum change draft_change_values(struct drafting *drafting, const struct pipeline_item *item,
                                struct draft *draft);
/* Notes that the pipeline's item was applied to it, or to all in it. */
void draft_mark(struct drafting *drafting, struct draft *draft, const struct pipeline_item *item);
/* Runs items over the rule; false: it is refused. */
bool pipeline_run(struct drafting *drafting, const struct pipeline_item *items, uint32_t count);

static inline bool has_bit(const uint64_t *bits, uint32_t at)
{
    return bits && at != MAP_NONE && (bits[at / 64] >> (at % 64) & 1);
}

#endif
