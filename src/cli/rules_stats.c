/* rules_stats.c - `seawall rules stats [PATH]...`: what rules are made of, and compiled into. */
#include "cli/rules_tally.h"
#include "cli/rules_verbs.h"
#include "codec/json.h"
#include "engine/complain.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 12 /* rows of each kind, for people */

enum kind {
    KIND_STATE,
    KIND_LEVEL,
    KIND_STATUS,
    KIND_SOURCE,
    KIND_TECHNIQUE,
    KIND_FIELD,
    KIND_MODIFIER,
    KIND_COUNT
};

static const struct {
    const char *title, *key;
} kinds[] = {
    [KIND_STATE] = {"State", "states"},
    [KIND_LEVEL] = {"Level", "levels"},
    [KIND_STATUS] = {"Status", "statuses"},
    [KIND_SOURCE] = {"Log source", "log_sources"},
    [KIND_TECHNIQUE] = {"Technique", "techniques"},
    [KIND_FIELD] = {"Field (items about it)", "fields"},
    [KIND_MODIFIER] = {"Modifier (items with it)", "modifiers"},
};

struct stats {
    struct knowledge *knowledge;
    struct tally_rows rows[KIND_COUNT];
    uint64_t items, values;
    uint32_t rules;
};

static void count_items(struct stats *stats, const struct sigma_rule *rule)
{
    for (uint32_t i = 0; rule->outline && i < rule->outline->count; i++) {
        const struct outline_part *part = &rule->outline->parts[i];
        if (part->kind != OUTLINE_ITEM)
            continue;
        struct str rest = part->name;
        struct str field = str_cut(&rest, '|');
        stats->items++;
        tally_rows_add(&stats->rows[KIND_FIELD], field.len > 0 ? field : STR("(keywords)"));
        if (rest.len == 0)
            tally_rows_add(&stats->rows[KIND_MODIFIER], STR("(none)"));
        while (rest.len > 0)
            tally_rows_add(&stats->rows[KIND_MODIFIER], str_cut(&rest, '|'));
    }
    stats->values += rule->values;
}

static void count_rule(struct stats *stats, const struct sigma_rule *rule)
{
    struct tally_rows *rows = stats->rows;

    stats->rules++;
    tally_rows_add(&rows[KIND_STATE], str_from(rules_state(stats->knowledge, rule)));
    if (rule->state == RULE_REFUSED)
        return;
    tally_rows_add(&rows[KIND_LEVEL], level_name(rule->level));
    tally_rows_add(&rows[KIND_STATUS], rule->status.len > 0 ? rule->status : STR("(none)"));
    tally_rows_add(&rows[KIND_SOURCE], rules_source(stats->knowledge->arena, &rule->source));
    for (uint32_t i = 0; i < rule->technique_count; i++)
        tally_rows_add(&rows[KIND_TECHNIQUE], rule->techniques[i]);
    count_items(stats, rule);
}

static void print_rows(const struct tally_rows *rows, const char *title)
{
    printf("\n%s\n", title);
    for (uint32_t i = 0; i < rows->count && i < SHOWN_MAX; i++) {
        printf("  %8u  ", rows->at[i].count);
        rules_print(rows->at[i].name);
        putchar('\n');
    }
    if (rows->count > SHOWN_MAX)
        printf("            and %u more\n", rows->count - SHOWN_MAX);
}

static void print_page(const struct stats *stats)
{
    const struct plan_statistics *plan = plan_statistics(stats->knowledge->plan);

    printf("%u files with %u rules: %llu items, %llu values\n", stats->knowledge->rules.files,
           stats->rules, (unsigned long long)stats->items, (unsigned long long)stats->values);
    for (unsigned kind = 0; kind < KIND_COUNT; kind++)
        print_rows(&stats->rows[kind], kinds[kind].title);
    printf("\nCompiled\n"
           "  %8u  rules that events can reach\n"
           "  %8u  variants of them: one for each set of names that a log source has\n"
           "  %8u  different tests\n"
           "  %8u  automata, with %u texts and expressions\n"
           "  %8u  fields that are decoded\n"
           "  %8u  variants that are judged at every event of their log source\n",
           plan->rules, plan->variants, plan->predicates, plan->automata, plan->patterns,
           plan->fields, plan->always);
}

static void print_json(const struct stats *stats)
{
    const struct plan_statistics *plan = plan_statistics(stats->knowledge->plan);
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    buf_printf(&out, "{\"files\":%u,\"rules\":%u,\"items\":%llu,\"values\":%llu",
               stats->knowledge->rules.files, stats->rules, (unsigned long long)stats->items,
               (unsigned long long)stats->values);
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        const struct tally_rows *rows = &stats->rows[kind];
        buf_printf(&out, ",\"%s\":{", kinds[kind].key);
        for (uint32_t i = 0; i < rows->count; i++) {
            if (i > 0)
                buf_add_char(&out, ',');
            json_write_str(&out, rows->at[i].name);
            buf_printf(&out, ":%u", rows->at[i].count);
        }
        buf_add_char(&out, '}');
    }
    buf_printf(&out,
               ",\"compiled\":{\"rules\":%u,\"variants\":%u,\"tests\":%u,\"automata\":%u,"
               "\"patterns\":%u,\"fields\":%u,\"always\":%u}}\n",
               plan->rules, plan->variants, plan->predicates, plan->automata, plan->patterns,
               plan->fields, plan->always);
    fwrite(out.at, 1, out.len, stdout);
    buf_free(&out);
}

int rules_stats(const struct rules_request *request)
{
    struct knowledge knowledge;
    struct stats stats = {.knowledge = &knowledge};

    if (!rules_load(&knowledge, request, &request->words, request->words.count == 0))
        return EXIT_USAGE;
    knowledge.plan = plan_build(&knowledge.rules, &knowledge.taxonomy, &knowledge.fields);
    for (unsigned kind = 0; kind < KIND_COUNT; kind++)
        tally_rows_init(&stats.rows[kind], knowledge.arena);
    for (uint32_t i = 0; i < knowledge.rules.count; i++)
        if (!knowledge.rules.rules[i]->hidden)
            count_rule(&stats, knowledge.rules.rules[i]);
    for (unsigned kind = 0; kind < KIND_COUNT; kind++)
        tally_rows_sort(&stats.rows[kind], true);
    (request->json ? print_json : print_page)(&stats);
    complain_about("cannot read", &knowledge.unreadable, "");
    int status = knowledge.unreadable.added ? EXIT_UNREADABLE : EXIT_RAN;
    knowledge_free(&knowledge);
    return status;
}
