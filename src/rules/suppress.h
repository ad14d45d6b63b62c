/* suppress.h - matches that a user has judged and does not want to see again (--suppress).
 *
 * An entry names rules, hosts, accounts and conditions on fields; it takes a match that meets all
 * that it states. Conditions are search identifiers as in rules, under the same taxonomy, and are
 * tested for events that a rule matched; rules/correlated.h has those that a correlation took
 * together. Entries are tried in the order of their files. What is
 * not known in an entry refuses the whole file: a word that is misspelt must not make an entry
 * wider. */
#ifndef RULES_SUPPRESS_H
#define RULES_SUPPRESS_H

#include "model/event.h"
#include "rules/sigma.h"

struct text_patterns {
    struct glob *at; /* folded */
    uint32_t count;  /* none: not stated */
};

struct suppression {
    struct str path; /* as given on the command line */
    uint32_t line;
    struct str reason;
    struct str *rules; /* ids and titles; none: every rule */
    uint32_t rule_count;
    struct text_patterns hosts, accounts;
    const struct expression *when; /* NULL: any event */
    bool has_until;
    int64_t until_ns; /* from then on it takes nothing */
    bool expired;
    uint32_t rules_meant; /* rules that are loaded and that it names; of every rule: all */
};

struct suppressions {
    struct arena *arena; /* borrowed */
    struct suppression *at;
    uint32_t count, capacity;
    uint32_t *general; /* entries for every rule, ascending; those of single rules stand there */
    uint32_t general_count;
    uint32_t values, fields, expressions; /* of all conditions: limited */
    struct map *field_names;
};

void suppressions_init(struct suppressions *all, struct arena *arena);
/* Adds the entries of one file. `path` and `yaml` may go away. *why: "path:line:column: ..." */
MUST_USE enum err suppressions_add(struct suppressions *all, struct str path, struct str yaml,
                                   const struct placeholders *lists, struct why *why);
/* After the last file and the last rule, before the plan is built: tells the rules, and asks of
 * correlations the fields that entries which name them look at. `set` keeps hold of `all`. */
void suppressions_attach(struct suppressions *all, struct rule_set *set);
/* Entries whose time is over by `now_ns` take nothing from here on. */
void suppressions_expire(struct suppressions *all, int64_t now_ns);

/* A match that may be taken. */
struct suppression_case {
    struct matcher *matcher; /* whose last matcher_run gave `rule` for `event` */
    struct event *event;     /* NULL: a correlation found it, and `holds` tests conditions */
    const struct sigma_rule *rule;
    struct str host;
    bool (*holds)(void *context, const struct expression *condition);
    /* The accounts that the event names; asked once at most, and only if an entry states some. */
    const struct str *(*accounts)(void *context, uint32_t *count);
    void *context;
};

/* The number of the entry that takes the match; SUPPRESSION_NONE: it stays. */
#define SUPPRESSION_NONE UINT32_MAX
uint32_t suppressions_find(const struct suppressions *all, const struct suppression_case *match);

#endif
