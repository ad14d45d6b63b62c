/* knowledge.h - what events are judged by: rules, taxonomy, lists, and the plan made of them. */
#ifndef ENGINE_KNOWLEDGE_H
#define ENGINE_KNOWLEDGE_H

#include "attack/technique.h"
#include "coverage/recording.h"
#include "engine/notes.h"
#include "model/event_message.h"
#include "os/image.h"
#include "rules/lint.h"
#include "rules/pipeline.h"
#include "rules/plan.h"
#include "rules/suppress.h"

struct path_list {
    const char *const *at; /* borrowed */
    size_t count;
};

/* Rules and log sources that the program has from elsewhere than files, as YAML; borrowed. */
struct own_rules {
    struct str path; /* as messages name it */
    struct str rules, taxonomy;
    bool needed; /* a rule among them that cannot be used is refused with the whole */
};

/* Whoever adds to these names it in inputs.c, too. */
struct knowledge_options {
    struct path_list rules;   /* files and folders */
    bool built_in;            /* the rules that ship with the program too */
    struct path_list filters; /* files and folders, for their filters alone */
    struct path_list suppress, placeholders, taxonomies, pipelines, messages;
    const char *cache;           /* folder; NULL: the default; "off": none */
    const struct own_rules *own; /* NULL: none. With them nothing is cached */
    /* Rules and taxonomy alone, for those who look at the rules themselves: every rule has its
     * outline, and no plan is built. */
    bool no_plan;
    bool lint; /* rules are looked at closely (rules/lint.h) */
};

/* Nothing of it points out of its arena. */
struct knowledge {
    struct arena *arena; /* owned; holds everything below */
    struct image image;  /* that the arena lies in, if there is one */
    struct rule_set rules;
    struct suppressions suppressions;
    const struct pipeline_use *pipelines; /* what was done to the rules */
    uint32_t pipeline_count;
    struct taxonomy taxonomy;
    struct recordings recordings;
    struct techniques techniques;
    struct event_messages messages;
    struct field_table field_table; /* empty unless rules were looked at closely */
    struct lint lint;
    struct field_dictionary fields;
    struct plan *plan;
    struct map by_key;       /* 8 bytes of sigma_rule.key -> index in `rules` */
    struct notes unreadable; /* rule files and folders that could not be read */
    uint16_t channel;        /* field id */
    bool web;                /* attacks on web software are looked for, as built-in rules are */
};

/* Loads and compiles. A path that was named and cannot be read, or a taxonomy or list that is not
 * valid, is refused with the whole sentence in *why; rules that cannot be used are not. */
MUST_USE enum err knowledge_load(struct knowledge *knowledge,
                                 const struct knowledge_options *options, struct why *why);
/* The same in this arena; every file is read through `inputs`, which may be NULL. */
struct inputs;
MUST_USE enum err knowledge_fill(struct knowledge *knowledge, struct arena *arena,
                                 const struct knowledge_options *options, struct inputs *inputs,
                                 struct why *why);
void knowledge_free(struct knowledge *knowledge);
/* NULL: no rule has this key. */
/* UINT32_MAX: no rule has this key. */
uint32_t knowledge_rule_index(const struct knowledge *knowledge, uint64_t key);
const struct sigma_rule *knowledge_rule(const struct knowledge *knowledge, uint64_t key);

#endif
