/* command_hunt.c - the options of `seawall hunt`. */
#include "cli/command_hunt.h"
#include "cli/command.h"
#include "codec/time_text.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum hunt_option {
    OPTION_NONE = 256,
#define OPTION(id, name, argument, about) OPTION_##id,
#include "cli/hunt_options.def"
#undef OPTION
};

static const struct option long_options[] = {
#define OPTION(id, name, argument, about)                                                          \
    {name, sizeof(argument) > 1 ? required_argument : no_argument, NULL, OPTION_##id},
#include "cli/hunt_options.def"
#undef OPTION
    {NULL, 0, NULL, 0}};

#define THREADS_MAX 1024
#define OUTPUTS_MAX 32

struct paths {
    const char **at;
    size_t count;
};

/* What is being gathered; lists have room for every argument. */
struct gathering {
    struct hunt_options options;
    struct paths rules, filters, suppress, pipelines, indicators, placeholders, taxonomies,
        known_good, messages;
    struct hunt_output outputs[OUTPUTS_MAX];
};

void hunt_options_print(void)
{
    static const struct {
        const char *name, *argument, *about;
    } rows[] = {
#define OPTION(id, name, argument, about) {name, argument, about},
#include "cli/hunt_options.def"
#undef OPTION
    };

    puts("\nOptions:");
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        int used =
            printf("  --%s%s%s", rows[i].name, *rows[i].argument ? " " : "", rows[i].argument);
        printf("%*s %s\n", used < 26 ? 26 - used : 1, "", rows[i].about);
    }
}

static bool take_output(struct gathering *g, const char *text)
{
    struct str rest = str_from(text);
    struct str name = str_cut(&rest, '=');
    struct hunt_output output = {output_by_name(name), rest.at};
    size_t count;

    if (!strchr(text, '=') || rest.len == 0) {
        usage_error("hunt", "--output %s: write FORMAT=FILE, such as jsonl=findings.jsonl", text);
        return false;
    }
    if (!output.output) {
        char names[256] = "";
        const struct output *const *all = output_all(&count);
        for (size_t i = 0; i < count; i++)
            snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", i ? ", " : "",
                     all[i]->name);
        usage_error("hunt", "--output %s: there is no such format; there are %s", text, names);
        return false;
    }
    for (size_t i = 0; i < g->options.output_count; i++)
        if (strcmp(g->outputs[i].path, output.path) == 0) {
            usage_error("hunt", "--output %s: two outputs cannot share one file", text);
            return false;
        }
    if (g->options.output_count == OUTPUTS_MAX) {
        usage_error("hunt", "there are more than %d outputs", OUTPUTS_MAX);
        return false;
    }
    g->outputs[g->options.output_count++] = output;
    return true;
}

static bool take_level(const char *option, const char *text, enum level *level)
{
    if (level_parse(str_from(text), level))
        return true;
    usage_error("hunt", "--%s %s: the levels are informational, low, medium, high, critical",
                option, text);
    return false;
}

static bool take_time(const char *option, const char *text, int64_t *time_ns)
{
    bool has_zone;

    if (time_parse(str_from(text), time_ns, &has_zone))
        return true;
    usage_error("hunt", "--%s %s: write a date or time, such as 2026-11-22 or 2026-11-22T10:00:00Z",
                option, text);
    return false;
}

static bool take_threads(struct gathering *g, const char *text)
{
    uint64_t threads;

    if (!str_to_u64(str_from(text), THREADS_MAX, &threads) || threads == 0) {
        usage_error("hunt", "--threads %s: write a number from 1 to %d", text, THREADS_MAX);
        return false;
    }
    g->options.threads = (unsigned)threads;
    return true;
}

static bool take_memory(struct gathering *g, const char *text)
{
    if (str_to_size(str_from(text), UINT64_C(1) << 50, &g->options.memory) && g->options.memory > 0)
        return true;
    usage_error("hunt", "--memory %s: write a size, such as 64M or 2G", text);
    return false;
}

static bool take_sandbox(struct gathering *g, const char *text)
{
    g->options.sandbox = false;
    if (strcmp(text, "off") == 0)
        return true;
    usage_error("hunt", "--sandbox %s: it is on unless it is 'off'", text);
    return false;
}

static bool take_summaries(const char *text, bool *asked)
{
    struct str rest = str_from(text);
    enum summary_kind kind;

    do {
        struct str name = str_cut(&rest, ',');
        if (!summary_find(name, &kind)) {
            usage_error("hunt",
                        "--summary %.*s: write events, hosts, logons, keywords, or several "
                        "with commas",
                        STR_ARG(name));
            return false;
        }
        asked[kind] = true;
    } while (rest.len > 0);
    return true;
}

static bool take_language(const char *text, enum language *language)
{
    bool japanese = strcmp(text, "ja") == 0;

    *language = japanese ? LANGUAGE_JAPANESE : LANGUAGE_ENGLISH;
    if (japanese || strcmp(text, "en") == 0)
        return true;
    usage_error("hunt", "--lang %s: it is 'en' or 'ja'", text);
    return false;
}

/* What an option that repeats adds to; NULL: it is another one. */
static struct paths *paths_of(struct gathering *g, int option)
{
    switch (option) {
    case OPTION_RULES:
    case OPTION_ONLY_RULES:
        return &g->rules;
    case OPTION_FILTERS:
        return &g->filters;
    case OPTION_SUPPRESS:
        return &g->suppress;
    case OPTION_PIPELINE:
        return &g->pipelines;
    case OPTION_INDICATORS:
        return &g->indicators;
    case OPTION_KNOWN_GOOD:
        return &g->known_good;
    case OPTION_PLACEHOLDERS:
        return &g->placeholders;
    case OPTION_MESSAGES:
        return &g->messages;
    case OPTION_TAXONOMY:
        return &g->taxonomies;
    default:
        return NULL;
    }
}

/* False: it was said what is wrong. */
static bool take_option(struct gathering *g, int option, const char *text)
{
    struct hunt_options *options = &g->options;
    struct paths *paths = paths_of(g, option);

    if (option == OPTION_ONLY_RULES)
        options->knowledge.built_in = false;
    if (paths) {
        paths->at[paths->count++] = text;
        return true;
    }
    switch (option) {
    case OPTION_OUTPUT:
        return take_output(g, text);
    case OPTION_MIN_LEVEL:
        return take_level("min-level", text, &options->min_level);
    case OPTION_AFTER:
        options->has_after = true;
        return take_time("after", text, &options->after_ns);
    case OPTION_BEFORE:
        options->has_before = true;
        return take_time("before", text, &options->before_ns);
    case OPTION_TIMEZONE:
        options->timezone = text;
        return true;
    case OPTION_THREADS:
        return take_threads(g, text);
    case OPTION_MEMORY:
        return take_memory(g, text);
    case OPTION_TEMP:
        options->temp = text;
        return true;
    case OPTION_CACHE:
        options->knowledge.cache = text;
        return true;
    case OPTION_SANDBOX:
        return take_sandbox(g, text);
    case OPTION_FAIL_ON:
        options->has_fail_on = true;
        return take_level("fail-on", text, &options->fail_on);
    case OPTION_ABOUT:
        options->about = text;
        return true;
    case OPTION_SUMMARY:
        return take_summaries(text, options->summaries);
    case OPTION_LANG:
        return take_language(text, &options->language);
    case OPTION_COVERAGE:
        options->coverage = true;
        return true;
    case OPTION_PROFILE_RULES:
        options->profile_rules = true;
        return true;
    case OPTION_PROGRESS:
        options->progress = true;
        return true;
    case OPTION_QUIET:
        options->quiet = true;
        return true;
    default:
        return false;
    }
}

/* What getopt_long refused: `word` is the argument, `option` what it made of it. */
static void refuse_option(const char *word, int option)
{
    struct str name = str_from(word);
    char meant[256] = "";
    unsigned count = 0;

    if (option > OPTION_NONE) {
        const struct option *known = long_options;
        while (known->val != option)
            known++;
        usage_error("hunt", "--%s takes no value", known->name);
        return;
    }
    if (option) {
        usage_error("hunt", "hunt has no option -%c", option);
        return;
    }
    name = str_slice(str_cut(&name, '='), 2, SIZE_MAX);
    for (const struct option *known = long_options; known->name; known++) {
        if (!str_starts_with(str_from(known->name), name))
            continue;
        snprintf(meant + strlen(meant), sizeof(meant) - strlen(meant), "%s--%s",
                 count++ ? " or " : "", known->name);
    }
    if (count > 1)
        usage_error("hunt", "%s may be %s: write it out", word, meant);
    else
        usage_error("hunt", "hunt has no option %s", word);
}

static bool take_options(struct gathering *g, int argc, char **argv)
{
    int option;

    optind = 0;
    while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (option == ':') {
            usage_error("hunt", "%s needs a value", argv[optind - 1]);
            return false;
        }
        if (option == '?') {
            refuse_option(argv[optind - 1], optopt);
            return false;
        }
        if (!take_option(g, option, optarg))
            return false;
    }
    return true;
}

/* What is left of the options where a pattern stands for the rules. */
static int prepare_search(struct gathering *g, int argc, char **argv, const struct search *search)
{
    struct hunt_options *options = &g->options;

    if (g->rules.count || g->filters.count || g->pipelines.count || g->suppress.count ||
        g->indicators.count || options->about || g->placeholders.count || g->taxonomies.count ||
        g->messages.count || g->known_good.count)
        return usage_error("search", "rules, filters, indicators and the like belong to hunt");
    if (optind == argc)
        return usage_error("search", "search needs a pattern, and evidence");
    if (!search->make(search->context, argv[optind++]))
        return EXIT_USAGE;
    options->knowledge.own = search->own;
    options->knowledge.built_in = false;
    options->knowledge.cache = "off";
    options->quiet = true;
    if (options->output_count == 0)
        g->outputs[options->output_count++] =
            (struct hunt_output){output_by_name(STR("jsonl")), "-"};
    return EXIT_RAN;
}

static int run(struct gathering *g, int argc, char **argv, const struct search *search)
{
    struct hunt_options *options = &g->options;

    if (!take_options(g, argc, argv))
        return EXIT_USAGE;
    int status = search ? prepare_search(g, argc, argv, search) : EXIT_RAN;
    if (status != EXIT_RAN)
        return status;
    if (optind == argc)
        return usage_error(search ? "search" : "hunt",
                           "%s needs evidence: a file, a folder, or - for standard input",
                           search ? "search" : "hunt");
    if (options->has_after && options->has_before && options->after_ns >= options->before_ns)
        return usage_error("hunt", "--after is not before --before: no event can be between them");
    options->evidence =
        (struct path_list){(const char *const *)argv + optind, (size_t)(argc - optind)};
    options->outputs = g->outputs;
    options->knowledge.rules = (struct path_list){g->rules.at, g->rules.count};
    options->knowledge.filters = (struct path_list){g->filters.at, g->filters.count};
    options->knowledge.suppress = (struct path_list){g->suppress.at, g->suppress.count};
    options->knowledge.pipelines = (struct path_list){g->pipelines.at, g->pipelines.count};
    options->indicators = (struct path_list){g->indicators.at, g->indicators.count};
    options->known_good = (struct path_list){g->known_good.at, g->known_good.count};
    options->knowledge.placeholders = (struct path_list){g->placeholders.at, g->placeholders.count};
    options->knowledge.messages = (struct path_list){g->messages.at, g->messages.count};
    options->knowledge.taxonomies = (struct path_list){g->taxonomies.at, g->taxonomies.count};
    return hunt_run(options);
}

int hunt_gather(int argc, char **argv, const struct search *search)
{
    struct gathering g = {.options = {.sandbox = true, .knowledge = {.built_in = true}}};
    struct paths *lists[] = {&g.rules,      &g.filters,    &g.suppress,
                             &g.pipelines,  &g.indicators, &g.placeholders,
                             &g.taxonomies, &g.messages,   &g.known_good};
    int status = EXIT_FAILED;
    bool good = true;

    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        lists[i]->at = calloc((size_t)argc + 1, sizeof(*lists[i]->at));
        good &= lists[i]->at != NULL;
    }
    if (good)
        status = run(&g, argc, argv, search);
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
        free(lists[i]->at);
    return status;
}

int command_hunt(int argc, char **argv)
{
    return hunt_gather(argc, argv, NULL);
}
