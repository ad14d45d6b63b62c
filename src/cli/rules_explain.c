/* rules_explain.c - `seawall rules explain RULE EVENT`. */
#include "cli/rules_verbs.h"
#include "core/ensure.h"
#include "engine/complain.h"
#include "engine/question.h"
#include "os/file.h"

#include <stdio.h>

#define ARENA_BYTES_MAX ((size_t)1 << 30)
#define NAMES_BYTES_MAX 2000 /* what does not fit is left out */

static bool is_file(const char *path)
{
    struct file_facts facts;

    return file_look(path, true, &facts) == ERR_NONE && facts.kind == FILE_REGULAR;
}

/* In the order of trust: the id, the title, the title in other capitals. */
static bool is_called(const struct sigma_rule *rule, struct str name, unsigned way)
{
    if (rule->hidden)
        return false;
    return way == 0   ? str_eq_nocase(rule->id, name)
           : way == 1 ? str_eq(rule->title, name)
                      : str_eq_nocase(rule->title, name);
}

/* NULL: it was said why. */
static const struct sigma_rule *find_named(const struct rules_request *request,
                                           const struct rule_set *rules, struct str name)
{
    const struct sigma_rule *found = NULL;

    for (unsigned way = 0; way < 3 && !found; way++) {
        for (uint32_t i = 0; i < rules->count; i++) {
            const struct sigma_rule *rule = rules->rules[i];
            if (!is_called(rule, name, way))
                continue;
            if (found) {
                rules_usage_error(request,
                                  "two rules are called '%.*s': %.*s:%u and %.*s:%u; name "
                                  "one of these files",
                                  STR_ARG(name), STR_ARG(found->path), found->line,
                                  STR_ARG(rule->path), rule->line);
                return NULL;
            }
            found = rule;
        }
    }
    if (!found)
        rules_usage_error(request,
                          "none of %u rules has the id or title '%.*s', and it is no "
                          "file; --rules PATH adds rules",
                          rules->count, STR_ARG(name));
    return found;
}

/* The rules that were named come first, so that the only one of a file is the first. */
static const struct sigma_rule *find_in_file(const struct rules_request *request,
                                             const struct rule_set *rules, const char *path)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < rules->count && str_eq(rules->rules[i]->path, rules->rules[0]->path);
         i++)
        count += !rules->rules[i]->hidden;
    if (count == 0) {
        rules_usage_error(request, "%s holds no rule", path);
        return NULL;
    }
    if (count > 1) {
        rules_usage_error(request,
                          "%s holds %u rules; add --rules %s and name one by its id or "
                          "title",
                          path, count, path);
        return NULL;
    }
    return rules->rules[0];
}

static int tell(const struct rules_request *request, const struct question *question,
                const struct answer *answer)
{
    const struct event_place *place = &question->place;

    if (!answer->readable)
        return EXIT_UNREADABLE;
    if (answer->events == 0 && place->has_number) {
        complain("there is no event %llu in %.*s", (unsigned long long)place->number,
                 STR_ARG(place->shown));
        return EXIT_UNREADABLE;
    }
    if (answer->events == 0) {
        complain("there is no event in %.*s", STR_ARG(place->shown));
        return EXIT_UNREADABLE;
    }
    if (answer->events > 1 && !place->has_number)
        return rules_usage_error(request,
                                 "%.*s holds more than one event; name one, as in "
                                 "%.*s:%llu",
                                 STR_ARG(place->shown), STR_ARG(place->shown),
                                 (unsigned long long)answer->number);
    if (answer->events > 1)
        complain("%llu events of %.*s have this number; the first one is told",
                 (unsigned long long)answer->events, STR_ARG(place->shown));
    if (answer->verdict.disagreed)
        complain("the matcher answers otherwise: this is a bug of Seawall; please report it");
    if (request->json)
        printf("%.*s\n", (int)answer->verdict.text.len, answer->verdict.text.at);
    else
        rules_print(answer->verdict.text);
    return answer->verdict.disagreed ? EXIT_FAILED : EXIT_RAN;
}

/* The plan of this rule alone: its matcher has the last word. */
static void build_plan(struct knowledge *knowledge, const struct sigma_rule *rule)
{
    struct rule_set *alone = ARENA_NEW(knowledge->arena, struct rule_set);
    struct sigma_rule **rules = ARENA_ARRAY(knowledge->arena, struct sigma_rule *, 1);

    for (uint32_t i = 0; i < knowledge->rules.count; i++)
        if (knowledge->rules.rules[i] == rule)
            rules[0] = knowledge->rules.rules[i];
    *alone = knowledge->rules;
    alone->part = true;
    alone->rules = rules;
    alone->count = alone->capacity = 1;
    judge_add_fields(alone, &knowledge->taxonomy, &knowledge->fields);
    knowledge->plan = plan_build(alone, &knowledge->taxonomy, &knowledge->fields);
}

/* No single event makes it fire. */
static int refuse_correlation(const struct rules_request *request, const struct rule_set *rules,
                              const struct sigma_rule *rule)
{
    const struct correlation *correlation = rule->correlation;
    struct buf names;

    buf_init(&names, NAMES_BYTES_MAX);
    for (uint32_t i = 0; rule->state == RULE_LOADED && i < correlation->member_count; i++) {
        const struct sigma_rule *member = rules->rules[correlation->members[i].rule];
        buf_printf(&names, "%s'%.*s'", i ? ", " : ": ", STR_ARG(member->title));
    }
    int status = rules_usage_error(request,
                                   "'%.*s' is a correlation of other rules; explain the event to "
                                   "these%.*s",
                                   STR_ARG(rule->title), (int)names.len, names.at ? names.at : "");
    buf_free(&names);
    return status;
}

static int explain(const struct rules_request *request, struct knowledge *knowledge,
                   const struct sigma_rule *rule, struct arena *arena)
{
    struct answer answer;

    if (rule_is_correlation(rule))
        return refuse_correlation(request, &knowledge->rules, rule);
    build_plan(knowledge, rule);
    const struct question question = {
        .knowledge = knowledge,
        .rule = rule,
        .place = event_place_of(request->words.at[1], arena),
        .form = request->json ? ANSWER_JSON : ANSWER_PAGE,
        .zone_name = request->timezone,
        .sandbox = request->sandbox,
    };
    switch (question_ask(&question, arena, &answer)) {
    case QUESTION_ANSWERED:
        return tell(request, &question, &answer);
    case QUESTION_INTERRUPTED:
        return EXIT_INTERRUPTED;
    case QUESTION_FAILED:
        break;
    }
    return EXIT_FAILED;
}

int rules_explain(const struct rules_request *request)
{
    const char *name = request->words.count > 0 ? request->words.at[0] : "";
    struct knowledge knowledge;

    if (request->words.count != 2)
        return rules_usage_error(request, "it takes a rule and an event");
    bool file = is_file(name);
    const struct path_list paths = {&name, file ? 1 : 0};
    if (!rules_load(&knowledge, request, &paths, !file))
        return EXIT_USAGE;
    complain_about("cannot read", &knowledge.unreadable, "");
    struct arena *arena = arena_new("explanation", ARENA_BYTES_MAX);
    const struct sigma_rule *rule = file ? find_in_file(request, &knowledge.rules, name)
                                         : find_named(request, &knowledge.rules, str_from(name));
    int status = rule ? explain(request, &knowledge, rule, arena) : EXIT_USAGE;
    knowledge_free(&knowledge);
    arena_free(arena);
    return status;
}
