/* command_rules.c - `seawall rules`: its options, and its verbs, each in a file of its own. */
#include "cli/command.h"
#include "cli/rules_verbs.h"
#include "core/ensure.h"
#include "core/hash.h"
#include "engine/complain.h"
#include "os/random.h"
#include "os/signals.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct rules_verb verbs[] = {
#define VERB(name, arguments, about) {#name, arguments, about, rules_##name},
#include "cli/rules_verbs.def"
#undef VERB
};

enum rules_option {
#define OPTION(id, verbs, name, argument, about) OPTION_##id,
#include "cli/rules_options.def"
#undef OPTION
};

static const struct option_row {
    enum rules_option id;
    const char *verbs, *name, *argument, *about;
} options[] = {
#define OPTION(id, verbs, name, argument, about) {OPTION_##id, verbs, name, argument, about},
#include "cli/rules_options.def"
#undef OPTION
};

struct paths {
    const char **at;
    size_t count;
};

/* What is being gathered; lists have room for every argument. */
struct gathering {
    struct rules_request request;
    struct paths words, rules, filters, pipelines, placeholders, taxonomies;
};

int rules_usage_error(const struct rules_request *request, const char *format, ...)
{
    char text[2048];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return len < 0 ? EXIT_USAGE : usage_error("rules", "rules %s: %s", request->verb->name, text);
}

static bool has_word(const char *words, const char *word)
{
    struct str rest = str_from(words);

    while (rest.len > 0)
        if (str_eq(str_cut(&rest, ' '), str_from(word)))
            return true;
    return false;
}

void rules_help_print(void)
{
    puts("\nVerbs:");
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++)
        printf("  rules %-7s %-23s %s\n", verbs[i].name, verbs[i].arguments, verbs[i].about);
    puts("\nRULE is an id, a title or a file. EVENT is a file with one event, or EVIDENCE:RECORD, "
         "where RECORD\nis a record id, or a line of formats with lines; EVIDENCE may be "
         "ARCHIVE!MEMBER, or - for standard input.\n\nOptions:");
    for (size_t i = 0; i < ARRAY_COUNT(options); i++) {
        int used = printf("  --%s%s%s", options[i].name, *options[i].argument ? " " : "",
                          options[i].argument);
        printf("%*s %s (%s)\n", used < 24 ? 24 - used : 1, "", options[i].about, options[i].verbs);
    }
    puts("\nExit status: 0 it ran; 1 usage; 2 something named could not be read, or a rule is "
         "refused;\n3 a test failed; 4 an output could not be written; 130 interrupted.");
}

static void add_path(struct paths *paths, const char *path)
{
    paths->at[paths->count++] = path;
}

/* False: it was said what is wrong. */
static bool take_value(struct gathering *g, const struct option_row *row, const char *value)
{
    struct rules_request *request = &g->request;

    switch (row->id) {
    case OPTION_RULES:
        add_path(&g->rules, value);
        break;
    case OPTION_FILTERS:
        add_path(&g->filters, value);
        break;
    case OPTION_PIPELINE:
        add_path(&g->pipelines, value);
        break;
    case OPTION_PLACEHOLDERS:
        add_path(&g->placeholders, value);
        break;
    case OPTION_TAXONOMY:
        add_path(&g->taxonomies, value);
        break;
    case OPTION_TIMEZONE:
        request->timezone = value;
        break;
    case OPTION_JUNIT:
        request->junit = value;
        break;
    case OPTION_BY:
        request->by = value;
        break;
    case OPTION_LEVEL:
        request->has_level = level_parse(str_from(value), &request->level);
        if (!request->has_level)
            rules_usage_error(request,
                              "--level %s: the levels are informational, low, medium, high, "
                              "critical",
                              value);
        return request->has_level;
    case OPTION_LOG_SOURCE:
        request->log_source = value;
        break;
    case OPTION_TECHNIQUE:
        request->technique = value;
        break;
    case OPTION_JSON:
        request->json = true;
        break;
    case OPTION_SANDBOX:
        request->sandbox = strcmp(value, "off") != 0;
        if (request->sandbox)
            rules_usage_error(request, "--sandbox %s: it is on unless it is 'off'", value);
        return !request->sandbox;
    }
    return true;
}

/* `word` begins with two dashes; *next is what stands behind it, and is taken if it is a value. */
static bool take_option(struct gathering *g, const char *word, char **argv, int argc, int *next)
{
    const char *verb = g->request.verb->name;
    struct str rest = str_from(word + 2);
    struct str name = str_cut(&rest, '=');
    bool has_value = strchr(word, '=') != NULL;
    const struct option_row *row = NULL;

    for (size_t i = 0; i < ARRAY_COUNT(options); i++)
        if (str_eq(name, str_from(options[i].name)) && has_word(options[i].verbs, verb))
            row = &options[i];
    if (!row) {
        rules_usage_error(&g->request, "there is no option --%.*s here", STR_ARG(name));
        return false;
    }
    if (!*row->argument) {
        if (has_value)
            rules_usage_error(&g->request, "--%s takes no value", row->name);
        return !has_value && take_value(g, row, NULL);
    }
    if (has_value)
        return take_value(g, row, rest.at);
    if (*next == argc) {
        rules_usage_error(&g->request, "--%s needs a value", row->name);
        return false;
    }
    return take_value(g, row, argv[(*next)++]);
}

static bool take_words(struct gathering *g, int argc, char **argv)
{
    bool ended = false;

    for (int at = 0; at < argc;) {
        const char *word = argv[at++];
        if (!ended && strcmp(word, "--") == 0) {
            ended = true;
        } else if (!ended && word[0] == '-' && word[1] == '-') {
            if (!take_option(g, word, argv, argc, &at))
                return false;
        } else if (!ended && word[0] == '-' && word[1] != '\0' && word[1] != ':') {
            rules_usage_error(&g->request, "there is no option %s (write ./%s for a file)", word,
                              word);
            return false;
        } else {
            add_path(&g->words, word);
        }
    }
    return true;
}

static struct path_list list_of(const struct paths *paths)
{
    return (struct path_list){paths->at, paths->count};
}

bool rules_load(struct knowledge *knowledge, const struct rules_request *request,
                const struct path_list *paths, bool built_in)
{
    size_t count = paths->count + request->rules.count;
    const char **all = calloc(count + 1, sizeof(*all));
    struct why why;

    ENSURE(all);
    for (size_t i = 0; i < count; i++)
        all[i] = i < paths->count ? paths->at[i] : request->rules.at[i - paths->count];
    const struct knowledge_options wanted = {.rules = {all, count},
                                             .built_in = built_in,
                                             .filters = request->filters,
                                             .pipelines = request->pipelines,
                                             .placeholders = request->placeholders,
                                             .taxonomies = request->taxonomies,
                                             .cache = "off",
                                             .no_plan = true,
                                             .lint = request->lint};
    enum err err = knowledge_load(knowledge, &wanted, &why);
    if (err) {
        complain("%s", why.text);
        knowledge_free(knowledge);
    }
    free(all);
    return !err;
}

void rules_print(struct str text)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    while (text.len > 0) {
        bool ends = str_find_byte(text, '\n') < text.len;
        escape_terminal(str_cut(&text, '\n'), &out);
        if (ends)
            buf_add_char(&out, '\n');
    }
    fwrite(out.at, 1, out.len, stdout);
    buf_free(&out);
}

static int run(struct gathering *g, int argc, char **argv)
{
    struct rules_request *request = &g->request;

    if (!take_words(g, argc - 2, argv + 2))
        return EXIT_USAGE;
    request->words = list_of(&g->words);
    request->rules = list_of(&g->rules);
    request->filters = list_of(&g->filters);
    request->pipelines = list_of(&g->pipelines);
    request->placeholders = list_of(&g->placeholders);
    request->taxonomies = list_of(&g->taxonomies);
    signals_catch();
    hash_set_key(random_u64(), random_u64());
    return command_end(request->verb->run(request));
}

int command_rules(int argc, char **argv)
{
    struct gathering g = {.request = {.sandbox = true}};
    struct paths *lists[] = {&g.words,     &g.rules,        &g.filters,
                             &g.pipelines, &g.placeholders, &g.taxonomies};
    int status = EXIT_FAILED;
    bool good = true;

    for (size_t i = 0; i < ARRAY_COUNT(verbs) && argc > 1; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            g.request.verb = &verbs[i];
    if (!g.request.verb)
        return usage_error("rules",
                           argc > 1 ? "rules has no verb '%s'; there are explain, test, "
                                      "check, list and stats"
                                    : "rules needs a verb: explain, test, check, list or stats",
                           argc > 1 ? argv[1] : "");
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        lists[i]->at = calloc((size_t)argc + 1, sizeof(*lists[i]->at));
        good &= lists[i]->at != NULL;
    }
    if (good)
        status = run(&g, argc, argv);
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
        free(lists[i]->at);
    return status;
}
