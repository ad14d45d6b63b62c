/* rules_check.c - `seawall rules check PATH...`. */
#include "cli/rules_verbs.h"
#include "codec/json.h"
#include "engine/complain.h"

#include <stdio.h>

/* All of a rule's complaints, for they go out in the order of its lines. */
struct complaint {
    const struct sigma_rule *rule; /* NULL: the file could not be read */
    struct str path;
    uint32_t line, column; /* 0: unknown */
    const char *kind;
    struct str text, suggestion;
};

struct checking {
    struct arena *arena;
    const struct knowledge *knowledge;
    struct complaint *at;
    uint32_t count, max;
    uint32_t loaded, inert, refused, warnings, lints;
    uint32_t filters, filters_inert, filters_refused;
};

static void add(struct checking *checking, const struct complaint *complaint)
{
    if (checking->count == checking->max) {
        uint32_t max = checking->max ? checking->max * 2 : 256;
        struct complaint *grown = ARENA_ARRAY(checking->arena, struct complaint, max);
        for (uint32_t i = 0; i < checking->count; i++)
            grown[i] = checking->at[i];
        checking->at = grown;
        checking->max = max;
    }
    checking->at[checking->count++] = *complaint;
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
static void add_unserved(struct checking *checking, const struct sigma_rule *rule)
{
    struct buf out;

    buf_init(&out, 1u << 20);
    add_attribute(&out, "category", rule->source.category);
    add_attribute(&out, "product", rule->source.product);
    add_attribute(&out, "service", rule->source.service);
    const struct complaint complaint = {
        .rule = rule,
        .path = rule->path,
        .line = rule->source_line,
        .column = rule->source_column,
        .kind = "unmapped",
        .text =
            arena_printf(checking->arena, "no event can match it: nothing maps the log source %.*s",
                         STR_ARG(buf_str(&out))),
        .suggestion = lint_source(&checking->knowledge->taxonomy, &rule->source, checking->arena)};
    buf_free(&out);
    add(checking, &complaint);
}

/* What is wrong with a rule or a filter. */
static void check_document(struct checking *checking, const struct sigma_rule *rule)
{
    struct complaint complaint = {.rule = rule,
                                  .path = rule->path,
                                  .line = rule->reason_line ? rule->reason_line : rule->line,
                                  .column = rule->reason_column,
                                  .kind = rule->state == RULE_REFUSED ? "refused" : "inert",
                                  .text = rule->reason,
                                  .suggestion = rule->suggestion};

    if (rule->state != RULE_LOADED)
        add(checking, &complaint);
    for (uint32_t i = 0; i < rule->note_count; i++) {
        const struct rule_note *note = &rule->notes[i];
        bool warning = note->kind == NOTE_WARNING;
        complaint.line = note->line ? note->line : rule->line;
        complaint.column = note->column;
        complaint.kind = warning ? "warning" : "lint";
        complaint.text = note->text;
        complaint.suggestion = note->suggestion;
        add(checking, &complaint);
        checking->warnings += warning;
        checking->lints += !warning;
    }
}

/* What was complained of since `from`, by line and column. */
static void sort(struct checking *checking, uint32_t from)
{
    struct complaint *at = checking->at;

    for (uint32_t i = from + 1; i < checking->count; i++) {
        struct complaint moved = at[i];
        uint32_t to = i;
        while (to > from && (at[to - 1].line > moved.line ||
                             (at[to - 1].line == moved.line && at[to - 1].column > moved.column))) {
            at[to] = at[to - 1];
            to--;
        }
        at[to] = moved;
    }
}

static void check_rule(struct checking *checking, const struct sigma_rule *rule)
{
    uint32_t before = checking->count;

    if (rule->unserved)
        add_unserved(checking, rule);
    checking->loaded += rule->state == RULE_LOADED;
    checking->inert += rule->state == RULE_INERT;
    checking->refused += rule->state == RULE_REFUSED;
    check_document(checking, rule);
    sort(checking, before);
}

static void check_filter(struct checking *checking, const struct sigma_filter *filter)
{
    const struct sigma_rule *head = filter->head;
    uint32_t before = checking->count;
    const struct complaint narrows = {.rule = head,
                                      .path = head->path,
                                      .line = head->line,
                                      .kind = "filter",
                                      .text = arena_printf(checking->arena, "it narrows %u rule%s",
                                                           filter->changed,
                                                           filter->changed == 1 ? "" : "s")};

    if (head->state == RULE_LOADED)
        add(checking, &narrows);
    checking->filters += head->state == RULE_LOADED;
    checking->filters_inert += head->state == RULE_INERT;
    checking->filters_refused += head->state == RULE_REFUSED;
    check_document(checking, head);
    sort(checking, before);
}

static void add_pipelines(struct checking *checking)
{
    const struct knowledge *knowledge = checking->knowledge;

    for (uint32_t i = 0; i < knowledge->pipeline_count; i++) {
        const struct pipeline_use *use = &knowledge->pipelines[i];
        add(checking, &(const struct complaint){
                          .path = use->path,
                          .kind = "pipeline",
                          .text = arena_printf(checking->arena, "it changes %u rule%s",
                                               use->changed, use->changed == 1 ? "" : "s")});
    }
}

static void check(struct checking *checking)
{
    const struct knowledge *knowledge = checking->knowledge;
    const struct rule_set *rules = &knowledge->rules;

    add_pipelines(checking);
    for (uint32_t i = 0; i < rules->count; i++)
        if (!rules->rules[i]->hidden)
            check_rule(checking, rules->rules[i]);
    for (uint32_t i = 0; i < rules->filter_count; i++)
        check_filter(checking, rules->filters[i]);
    for (uint32_t i = 0; i < knowledge->unreadable.count; i++)
        add(checking, &(const struct complaint){.path = knowledge->unreadable.at[i].path,
                                                .kind = "unreadable",
                                                .text = knowledge->unreadable.at[i].text});
}

/* ---- for people ---- */

static void print_complaint(const struct complaint *complaint)
{
    rules_print(complaint->path);
    if (complaint->line)
        printf(":%u", complaint->line);
    if (complaint->line && complaint->column)
        printf(":%u", complaint->column);
    printf(": %s: ", complaint->kind);
    rules_print(complaint->text);
    if (complaint->suggestion.len > 0) {
        printf("; did you mean '");
        rules_print(complaint->suggestion);
        printf("'?");
    }
    putchar('\n');
}

static void print_page(const struct checking *checking)
{
    const struct rule_set *rules = &checking->knowledge->rules;

    for (uint32_t i = 0; i < checking->count; i++)
        print_complaint(&checking->at[i]);
    printf(
        "%u files: %u rules loaded, %u inert, %u refused, %u duplicates, %u documents that are no "
        "rules, %u warnings, %u lints; %u about log sources that nothing maps\n",
        rules->files, checking->loaded, checking->inert, checking->refused, rules->duplicates,
        rules->not_sigma, checking->warnings, checking->lints,
        plan_statistics(checking->knowledge->plan)->unserved);
    if (rules->filter_count > 0)
        printf("%u filters loaded, %u inert, %u refused%s\n", checking->filters,
               checking->filters_inert, checking->filters_refused,
               checking->filters_inert + checking->filters_refused
                   ? ": the rules of these run unfiltered"
                   : "");
}

/* ---- for programs ---- */

static void add_text(struct buf *out, const char *key, struct str text)
{
    if (text.len == 0)
        return;
    buf_printf(out, ",\"%s\":", key);
    json_write_str(out, text);
}

static void add_number(struct buf *out, const char *key, uint32_t number)
{
    if (number > 0)
        buf_printf(out, ",\"%s\":%u", key, number);
}

static void write_complaint(const struct complaint *complaint, struct buf *out)
{
    buf_printf(out, "{\"kind\":\"%s\"", complaint->kind);
    add_text(out, "path", complaint->path);
    add_number(out, "line", complaint->line);
    add_number(out, "column", complaint->column);
    if (complaint->rule) {
        add_text(out, "id", complaint->rule->id);
        add_text(out, "title", complaint->rule->title);
    }
    add_text(out, "text", complaint->text);
    add_text(out, "suggestion", complaint->suggestion);
    buf_add_char(out, '}');
}

static void print_json(const struct checking *checking)
{
    const struct rule_set *rules = &checking->knowledge->rules;
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    buf_printf(&out,
               "{\"files\":%u,\"loaded\":%u,\"inert\":%u,\"refused\":%u,\"duplicates\":%u,"
               "\"no_rules\":%u,\"warnings\":%u,\"lints\":%u,\"unmapped\":%u,"
               "\"filters\":{\"loaded\":%u,\"inert\":%u,\"refused\":%u},\"complaints\":[",
               rules->files, checking->loaded, checking->inert, checking->refused,
               rules->duplicates, rules->not_sigma, checking->warnings, checking->lints,
               plan_statistics(checking->knowledge->plan)->unserved, checking->filters,
               checking->filters_inert, checking->filters_refused);
    for (uint32_t i = 0; i < checking->count; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        write_complaint(&checking->at[i], &out);
    }
    buf_add(&out, STR("]}\n"));
    fwrite(out.at, 1, out.len, stdout);
    buf_free(&out);
}

int rules_check(const struct rules_request *request)
{
    struct rules_request closely = *request;
    struct knowledge knowledge;

    closely.lint = true;
    if (request->words.count == 0)
        return rules_usage_error(request, "it needs a rule file or a folder of rules");
    if (!rules_load(&knowledge, &closely, &request->words, false))
        return EXIT_USAGE;
    knowledge.plan = plan_build(&knowledge.rules, &knowledge.taxonomy, &knowledge.fields);
    struct checking checking = {.arena = knowledge.arena, .knowledge = &knowledge};
    check(&checking);
    (request->json ? print_json : print_page)(&checking);
    bool broken = checking.refused || checking.filters_refused || knowledge.unreadable.added;
    knowledge_free(&knowledge);
    return broken ? EXIT_UNREADABLE : EXIT_RAN;
}
