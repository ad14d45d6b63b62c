/* rules_list.c - `seawall rules list [PATH]...`: rules, or how many there are of a kind. */
#include "cli/rules_tally.h"
#include "cli/rules_verbs.h"
#include "codec/json.h"
#include "engine/complain.h"

#include <stdio.h>
#include <string.h>

struct listing {
    const struct rules_request *request;
    const struct knowledge *knowledge;
    struct arena *arena;
    const struct sigma_rule **rules; /* those that were asked for */
    uint32_t count;
};

/* `T1003` also takes its sub-techniques. */
static bool has_technique(const struct sigma_rule *rule, struct str technique)
{
    for (uint32_t i = 0; i < rule->technique_count; i++) {
        struct str one = rule->techniques[i];
        if (str_eq_nocase(one, technique) ||
            str_eq_nocase(str_slice(one, 0, str_find_byte(one, '.')), technique))
            return true;
    }
    return false;
}

/* Each word between slashes is one of the three that the rule states. */
static bool is_about(const struct log_source *source, struct str words)
{
    while (words.len > 0) {
        struct str word = str_cut(&words, '/');
        if (!str_eq_nocase(word, source->category) && !str_eq_nocase(word, source->product) &&
            !str_eq_nocase(word, source->service))
            return false;
    }
    return true;
}

static void choose(struct listing *listing)
{
    const struct rules_request *request = listing->request;
    const struct rule_set *all = &listing->knowledge->rules;

    listing->rules = ARENA_ARRAY(listing->arena, const struct sigma_rule *, all->count);
    for (uint32_t i = 0; i < all->count; i++) {
        const struct sigma_rule *rule = all->rules[i];
        if (!rule->hidden && (!request->has_level || rule->level >= request->level) &&
            (!request->log_source || is_about(&rule->source, str_from(request->log_source))) &&
            (!request->technique || has_technique(rule, str_from(request->technique))))
            listing->rules[listing->count++] = rule;
    }
}

/* ---- rules ---- */

static void print_rule(const struct listing *listing, const struct sigma_rule *rule)
{
    printf("%-8s %-13s %-36.*s ", rules_state(listing->knowledge, rule), level_name(rule->level).at,
           STR_ARG(rule->id));
    rules_print(rule->title);
    printf(" (");
    rules_print(rule->path);
    printf(":%u)\n", rule->line);
}

static void add_text(struct buf *out, const char *key, struct str text)
{
    if (text.len == 0)
        return;
    buf_printf(out, ",\"%s\":", key);
    json_write_str(out, text);
}

static void add_texts(struct buf *out, const char *key, const struct str *texts, uint32_t count)
{
    buf_printf(out, ",\"%s\":[", key);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        json_write_str(out, texts[i]);
    }
    buf_add_char(out, ']');
}

static void write_rule(const struct listing *listing, const struct sigma_rule *rule,
                       struct buf *out)
{
    buf_printf(out, "{\"state\":\"%s\",\"level\":\"%s\"", rules_state(listing->knowledge, rule),
               level_name(rule->level).at);
    add_text(out, "id", rule->id);
    add_text(out, "title", rule->title);
    add_text(out, "status", rule->status);
    add_text(out, "category", rule->source.category);
    add_text(out, "product", rule->source.product);
    add_text(out, "service", rule->source.service);
    add_texts(out, "techniques", rule->techniques, rule->technique_count);
    add_texts(out, "tags", rule->tags, rule->tag_count);
    add_text(out, "path", rule->path);
    buf_printf(out, ",\"line\":%u}", rule->line);
}

static void list_rules(const struct listing *listing)
{
    struct buf out;

    if (!listing->request->json) {
        for (uint32_t i = 0; i < listing->count; i++)
            print_rule(listing, listing->rules[i]);
        return;
    }
    buf_init(&out, SIZE_MAX / 2);
    buf_add(&out, STR("{\"rules\":["));
    for (uint32_t i = 0; i < listing->count; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        write_rule(listing, listing->rules[i], &out);
    }
    buf_add(&out, STR("]}\n"));
    fwrite(out.at, 1, out.len, stdout);
    buf_free(&out);
}

/* ---- how many ---- */

static void print_rows(const struct tally_rows *rows, const char *kind)
{
    int width = (int)strlen(kind);

    for (uint32_t i = 0; i < rows->count; i++)
        if (rows->at[i].name.len < 64 && (int)rows->at[i].name.len > width)
            width = (int)rows->at[i].name.len;
    printf("%-*s  rules", width, kind);
    for (unsigned level = LEVEL_COUNT; level-- > 0;)
        printf("  %s", level_name(level).at);
    puts("  idle");
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct tally_row *row = &rows->at[i];
        rules_print(row->name);
        printf("%*s  %5u", row->name.len < (size_t)width ? width - (int)row->name.len : 0, "",
               row->count);
        for (unsigned level = LEVEL_COUNT; level-- > 0;)
            printf("  %*u", (int)level_name(level).len, row->levels[level]);
        printf("  %4u\n", row->idle);
    }
}

static bool has_name(const struct listing *listing, const struct sigma_rule *rule, bool technique,
                     struct str name)
{
    if (!technique)
        return str_eq(rules_source(listing->arena, &rule->source), name);
    for (uint32_t i = 0; i < rule->technique_count; i++)
        if (str_eq(rule->techniques[i], name))
            return true;
    return false;
}

static void write_row(const struct listing *listing, const struct tally_row *row, bool technique,
                      struct buf *out)
{
    bool first = true;

    buf_add(out, STR("{\"name\":"));
    json_write_str(out, row->name);
    buf_printf(out, ",\"rules\":%u", row->count);
    for (unsigned level = LEVEL_COUNT; level-- > 0;)
        buf_printf(out, ",\"%s\":%u", level_name(level).at, row->levels[level]);
    buf_printf(out, ",\"idle\":%u,\"ids\":[", row->idle);
    for (uint32_t i = 0; i < listing->count; i++) {
        if (!has_name(listing, listing->rules[i], technique, row->name))
            continue;
        if (!first)
            buf_add_char(out, ',');
        json_write_str(out, listing->rules[i]->id);
        first = false;
    }
    buf_add(out, STR("]}"));
}

static void print_json(const struct listing *listing, const struct tally_rows *rows, bool technique,
                       uint32_t nameless)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    buf_printf(&out, "{\"rules\":%u,\"without\":%u,\"%s\":[", listing->count, nameless,
               technique ? "techniques" : "log_sources");
    for (uint32_t i = 0; i < rows->count; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        write_row(listing, &rows->at[i], technique, &out);
    }
    buf_add(&out, STR("]}\n"));
    fwrite(out.at, 1, out.len, stdout);
    buf_free(&out);
}

static void list_by(const struct listing *listing, bool technique)
{
    struct tally_rows rows;
    uint32_t nameless = 0;

    tally_rows_init(&rows, listing->arena);
    for (uint32_t i = 0; i < listing->count; i++) {
        const struct sigma_rule *rule = listing->rules[i];
        struct str source = rules_source(listing->arena, &rule->source);
        nameless += technique ? rule->technique_count == 0 : source.len == 0;
        for (uint32_t k = 0; technique && k < rule->technique_count; k++)
            tally_rows_add_rule(&rows, rule->techniques[k], listing->knowledge, rule);
        if (!technique && source.len > 0)
            tally_rows_add_rule(&rows, source, listing->knowledge, rule);
    }
    tally_rows_sort(&rows, !technique);
    if (listing->request->json) {
        print_json(listing, &rows, technique, nameless);
        return;
    }
    print_rows(&rows, technique ? "technique" : "log source");
    printf("%u %s%s; %u of %u rules name none\n", rows.count,
           technique ? "technique" : "log source", rows.count == 1 ? "" : "s", nameless,
           listing->count);
}

int rules_list(const struct rules_request *request)
{
    bool technique = request->by && strcmp(request->by, "technique") == 0;
    struct knowledge knowledge;

    if (request->by && !technique && strcmp(request->by, "logsource") != 0)
        return rules_usage_error(request, "--by %s: write technique or logsource", request->by);
    if (!rules_load(&knowledge, request, &request->words, request->words.count == 0))
        return EXIT_USAGE;
    struct listing listing = {
        .request = request, .knowledge = &knowledge, .arena = knowledge.arena};
    choose(&listing);
    if (request->by)
        list_by(&listing, technique);
    else
        list_rules(&listing);
    complain_about("cannot read", &knowledge.unreadable, "");
    int status = knowledge.unreadable.added ? EXIT_UNREADABLE : EXIT_RAN;
    knowledge_free(&knowledge);
    return status;
}
