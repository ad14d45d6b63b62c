/* rules_verbs.h - what a verb of `seawall rules` is; rules_verbs.def lists them. */
#ifndef CLI_RULES_VERBS_H
#define CLI_RULES_VERBS_H

#include "engine/hunt.h"

struct rules_verb;

/* What the command line asks for. Everything is borrowed from it. */
struct rules_request {
    const struct rules_verb *verb;
    struct path_list words; /* what is no option */
    struct path_list rules, filters, pipelines, placeholders, taxonomies;
    const char *timezone; /* NULL: UTC */
    const char *junit;
    const char *by, *log_source, *technique; /* NULL: not asked for */
    bool has_level;
    enum level level;
    bool json, sandbox;
    bool lint; /* set by verbs: rules are looked at closely as they are loaded */
};

struct rules_verb {
    const char *name, *arguments, *about;
    int (*run)(const struct rules_request *request); /* the exit status */
};

#define VERB(name, arguments, about) int rules_##name(const struct rules_request *request);
#include "cli/rules_verbs.def"
#undef VERB

/* For `help rules`. */
void rules_help_print(void);
/* Says what is wrong with the usage of the verb; returns the exit status of bad usage. */
int rules_usage_error(const struct rules_request *request, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* Rules, taxonomy and lists without a plan: `paths`, or the built-in rules where there are none,
 * and those of --rules. Complains and answers false if it cannot be done. */
bool rules_load(struct knowledge *knowledge, const struct rules_request *request,
                const struct path_list *paths, bool built_in);
/* Text for a person, to standard output; lines stay lines. */
void rules_print(struct str text);

#endif
