/* rules_list.c - `seawall rules list [PATH]...`. */
#include "cli/rules_verbs.h"
#include "engine/complain.h"

#include <stdio.h>

static int list(struct knowledge *knowledge)
{
    static const char *const states[] = {
        [RULE_LOADED] = "loaded", [RULE_INERT] = "inert", [RULE_REFUSED] = "refused"};
    const struct rule_set *rules = &knowledge->rules;

    for (uint32_t i = 0; i < rules->count; i++) {
        const struct sigma_rule *rule = rules->rules[i];
        printf("%-8s %-13s %-36.*s ", states[rule->state], level_name(rule->level).at,
               STR_ARG(rule->id));
        rules_print(rule->title);
        printf(" (");
        rules_print(rule->path);
        printf(":%u)\n", rule->line);
    }
    complain_about("cannot read", &knowledge->unreadable, "");
    return knowledge->unreadable.added ? EXIT_UNREADABLE : EXIT_RAN;
}

int rules_list(const struct rules_request *request)
{
    struct knowledge knowledge;

    if (!rules_load(&knowledge, request, &request->words, request->words.count == 0))
        return EXIT_USAGE;
    int status = list(&knowledge);
    knowledge_free(&knowledge);
    return status;
}
