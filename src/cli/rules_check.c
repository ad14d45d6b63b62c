/* rules_check.c - `seawall rules check PATH...`. */
#include "cli/rules_verbs.h"
#include "engine/complain.h"

#include <stdio.h>

static void print_place(struct str path, uint32_t line, uint32_t column, const char *kind,
                        struct str text)
{
    rules_print(path);
    if (line)
        printf(":%u", line);
    if (line && column)
        printf(":%u", column);
    printf(": %s: ", kind);
    rules_print(text);
    putchar('\n');
}

static void add_attribute(struct buf *out, const char *name, struct str value)
{
    if (value.len == 0)
        return;
    buf_printf(out, "%s%s '", out->len ? ", " : "", name);
    buf_add(out, value);
    buf_add_char(out, '\'');
}

/* A rule that no event can reach. */
static void print_unserved(const struct sigma_rule *rule)
{
    struct buf out, text;

    buf_init(&out, 1u << 20);
    buf_init(&text, 1u << 20);
    add_attribute(&out, "category", rule->source.category);
    add_attribute(&out, "product", rule->source.product);
    add_attribute(&out, "service", rule->source.service);
    buf_printf(&text, "no event can match it: nothing maps the log source ");
    buf_add(&text, buf_str(&out));
    print_place(rule->path, rule->line, 0, "unmapped", buf_str(&text));
    buf_free(&out);
    buf_free(&text);
}

struct counted {
    uint32_t loaded, inert, refused, warnings, lints;
    uint32_t filters, filters_inert, filters_refused;
};

/* What is wrong with a rule or a filter. */
static void check_document(const struct sigma_rule *rule, struct counted *counted)
{
    uint32_t line = rule->reason_line ? rule->reason_line : rule->line;

    if (rule->state == RULE_REFUSED)
        print_place(rule->path, line, rule->reason_column, "refused", rule->reason);
    else if (rule->state == RULE_INERT)
        print_place(rule->path, line, rule->reason_column, "inert", rule->reason);
    for (uint32_t i = 0; i < rule->note_count; i++) {
        const struct rule_note *note = &rule->notes[i];
        bool warning = note->kind == NOTE_WARNING;
        print_place(rule->path, note->line ? note->line : rule->line, note->column,
                    warning ? "warning" : "lint", note->text);
        counted->warnings += warning;
        counted->lints += !warning;
    }
}

static void check_rule(const struct sigma_rule *rule, struct counted *counted)
{
    if (rule->unserved)
        print_unserved(rule);
    counted->loaded += rule->state == RULE_LOADED;
    counted->inert += rule->state == RULE_INERT;
    counted->refused += rule->state == RULE_REFUSED;
    check_document(rule, counted);
}

static void check_filter(const struct sigma_filter *filter, struct counted *counted)
{
    const struct sigma_rule *head = filter->head;
    char text[64];

    snprintf(text, sizeof(text), "it narrows %u rule%s", filter->changed,
             filter->changed == 1 ? "" : "s");
    if (head->state == RULE_LOADED)
        print_place(head->path, head->line, 0, "filter", str_from(text));
    counted->filters += head->state == RULE_LOADED;
    counted->filters_inert += head->state == RULE_INERT;
    counted->filters_refused += head->state == RULE_REFUSED;
    check_document(head, counted);
}

static int check(const struct knowledge *knowledge)
{
    const struct rule_set *rules = &knowledge->rules;
    struct counted counted = {0};

    for (uint32_t i = 0; i < rules->count; i++)
        check_rule(rules->rules[i], &counted);
    for (uint32_t i = 0; i < rules->filter_count; i++)
        check_filter(rules->filters[i], &counted);
    for (uint32_t i = 0; i < knowledge->unreadable.count; i++)
        print_place(knowledge->unreadable.at[i].path, 0, 0, "unreadable",
                    knowledge->unreadable.at[i].text);
    printf(
        "%u files: %u rules loaded, %u inert, %u refused, %u duplicates, %u documents that are no "
        "rules, %u warnings, %u lints; %u about log sources that nothing maps\n",
        rules->files, counted.loaded, counted.inert, counted.refused, rules->duplicates,
        rules->not_sigma, counted.warnings, counted.lints,
        plan_statistics(knowledge->plan)->unserved);
    if (rules->filter_count > 0)
        printf("%u filters loaded, %u inert, %u refused%s\n", counted.filters,
               counted.filters_inert, counted.filters_refused,
               counted.filters_inert + counted.filters_refused
                   ? ": the rules of these run unfiltered"
                   : "");
    return counted.refused || counted.filters_refused || knowledge->unreadable.added
               ? EXIT_UNREADABLE
               : EXIT_RAN;
}

int rules_check(const struct rules_request *request)
{
    struct knowledge knowledge;

    if (request->words.count == 0)
        return rules_usage_error(request, "it needs a rule file or a folder of rules");
    if (!rules_load(&knowledge, request, &request->words, false))
        return EXIT_USAGE;
    knowledge.plan = plan_build(&knowledge.rules, &knowledge.taxonomy, &knowledge.fields);
    int status = check(&knowledge);
    knowledge_free(&knowledge);
    return status;
}
