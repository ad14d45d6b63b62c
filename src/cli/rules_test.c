/* rules_test.c - `seawall rules test PATH...`. */
#include "cli/rules_verbs.h"
#include "engine/complain.h"
#include "engine/rule_trial.h"
#include "os/output_file.h"

#include <stdio.h>
#include <unistd.h>

#define JUNIT_BYTES_MAX ((size_t)1 << 30)

static void print_failure(const struct rule_trial *trial)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    buf_printf(&out, "%.*s:%u:%u: ", STR_ARG(trial->path), trial->line, trial->column);
    if (trial->end == TRIAL_BROKEN)
        buf_add(&out, STR("broken: "));
    else if (!trial->event->counted)
        buf_printf(&out, "failed: '%.*s' must %smatch. ", STR_ARG(trial->rule->title),
                   trial->event->match ? "" : "not ");
    else
        buf_printf(&out, "failed: '%.*s': ", STR_ARG(trial->rule->title));
    buf_add(&out, trial->why);
    rules_print(buf_str(&out));
    putchar('\n');
    buf_free(&out);
}

static void print_results(const struct rule_trials *trials)
{
    for (uint32_t i = 0; i < trials->count; i++)
        if (trials->at[i].end != TRIAL_PASSED)
            print_failure(&trials->at[i]);
    printf("%u test%s, %u event%s: %u passed, %u failed; %u of %u rules have no test\n",
           trials->tests.count, trials->tests.count == 1 ? "" : "s", trials->count,
           trials->count == 1 ? "" : "s", trials->passed, trials->failed, trials->untested,
           trials->rules);
}

/* False if it could not be written; it was said. */
static bool write_junit(const struct rule_trials *trials, struct output_file *file,
                        const char *path)
{
    struct buf out;

    buf_init(&out, JUNIT_BYTES_MAX);
    rule_trials_junit(trials, &out);
    output_file_write(file, buf_str(&out));
    buf_free(&out);
    enum err err = output_file_commit(file);
    if (err)
        complain("cannot write %s: %s", path, err_text(err));
    return !err;
}

static int tell(const struct rules_request *request, const struct rule_trials *trials,
                struct output_file *junit)
{
    struct buf out;

    if (trials->interrupted) {
        output_file_discard(junit);
        return EXIT_INTERRUPTED;
    }
    bool written = !junit || write_junit(trials, junit, request->junit);
    if (request->json) {
        buf_init(&out, JUNIT_BYTES_MAX);
        rule_trials_json(trials, &out);
        fwrite(out.at, 1, out.len, stdout);
        putchar('\n');
        buf_free(&out);
    } else {
        print_results(trials);
    }
    if (!written)
        return EXIT_FAILED;
    if (trials->failed > 0)
        return EXIT_FAIL_ON;
    if (trials->count > 0)
        return EXIT_RAN;
    complain("there are no tests in what was named");
    return EXIT_UNREADABLE;
}

int rules_test(const struct rules_request *request)
{
    struct output_file *junit = NULL;
    struct knowledge knowledge;
    struct rule_trials trials;
    bool built_in = request->rules.count == 0;
    enum err err;

    if (request->words.count == 0)
        return rules_usage_error(request, "it needs files or folders with tests");
    if (!rules_load(&knowledge, request, &request->words, built_in))
        return EXIT_USAGE;
    if (request->junit) {
        junit = output_file_open(request->junit, &err);
        if (!junit)
            complain("cannot write %s: %s", request->junit, err_text(err));
    }
    if (request->junit && !junit) {
        knowledge_free(&knowledge);
        return EXIT_FAILED;
    }
    complain_about("cannot read", &knowledge.unreadable, "");
    const struct trial_options options = {.tests = request->words,
                                          .zone_name = request->timezone,
                                          .built_in = built_in,
                                          .sandbox = request->sandbox};
    rule_trials_run(&trials, &knowledge, &options);
    int status = tell(request, &trials, junit);
    if (status == EXIT_RAN && knowledge.unreadable.added)
        status = EXIT_UNREADABLE;
    knowledge_free(&knowledge);
    rule_trials_free(&trials);
    return status;
}
