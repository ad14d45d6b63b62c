/* hunt.c - see hunt.h: load, read, merge, write. */
#include "engine/hunt.h"

#include "analytics/incidents.h"
#include "analytics/summaries.h"
#include "core/ensure.h"
#include "core/hash.h"
#include "engine/about.h"
#include "engine/complain.h"
#include "engine/correlate.h"
#include "engine/findings.h"
#include "engine/knowledge_image.h"
#include "engine/known_files.h"
#include "engine/reading.h"
#include "engine/report.h"
#include "engine/share.h"
#include "engine/zone.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/output_file.h"
#include "os/process.h"
#include "os/random.h"
#include "os/signals.h"
#include "os/tty.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_DEFAULT ((uint64_t)64 << 20)
#define ARENA_BYTES_MAX ((size_t)1 << 30)
#define FINDING_BYTES_MAX ((size_t)1 << 30)
#define PAGE_BYTES_MAX ((size_t)64 << 20)
#define OUTPUTS_MAX 64
#define PROFILE_BYTES_MAX ((size_t)64 << 20)

struct opened {
    const struct output *output;
    const char *path;
    struct output_file *file;
    struct sink sink;
    struct output_writer *writer;
};

struct hunt {
    const struct hunt_options *options;
    struct knowledge *knowledge;
    struct indicators indicators;
    struct known_good *known_good; /* NULL: none was given */
    struct about about;
    struct evidence evidence;
    struct spool *spool;
    struct correlations correlations;
    struct incidents *incidents;
    struct keywords *keywords; /* NULL: not asked for */
    struct ledger ledger;
    struct profile *profile; /* NULL: not asked for */
    struct opened outputs[OUTPUTS_MAX];
    size_t output_count;
    bool summary_to_error; /* standard output has something else to carry */
    const char *temp;
    struct arena *zone_arena;
    struct time_zone zone;
    struct arena *page_arena; /* NULL: no output wants the page */
    struct page_parts page;
    bool partial;   /* there may be more findings than were found */
    unsigned asked; /* to end, before the outputs were begun */
    uint64_t begun_ns, load_ns;
};

/* ---- outputs ---- */

static int open_output(struct hunt *hunt, const struct output *output, const char *path)
{
    struct file_facts facts;
    enum err err;

    if (strcmp(path, "-") != 0 && file_look(path, true, &facts) == ERR_NONE &&
        evidence_holds(&hunt->evidence, &facts.identity)) {
        complain("the output %s is a file of the evidence; name another one", path);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < hunt->output_count; i++) {
        if (!output_path_same(hunt->outputs[i].path, path))
            continue;
        complain("the outputs %s and %s are the same file; name another one", hunt->outputs[i].path,
                 path);
        return EXIT_USAGE;
    }
    struct output_file *file = output_file_open(path, &err);
    if (!file) {
        complain("cannot write the output %s: %s", path, err_text(err));
        return EXIT_FAILED;
    }
    if (output->wants_places && !output_file_has_places(file)) {
        output_file_discard(file);
        complain("the output %s=%s has to go to a file, not to standard output, a pipe or a device",
                 output->name, path);
        return EXIT_USAGE;
    }
    hunt->outputs[hunt->output_count++] =
        (struct opened){.output = output, .path = path, .file = file};
    return EXIT_RAN;
}

static int open_outputs(struct hunt *hunt)
{
    const struct hunt_options *options = hunt->options;
    const struct output *report = output_by_name(STR("terminal"));
    bool has_standard_output = false, has_report = options->quiet;
    int status = EXIT_RAN;

    ENSURE(options->output_count < OUTPUTS_MAX);
    for (size_t i = 0; i < options->output_count && status == EXIT_RAN; i++) {
        has_standard_output |= strcmp(options->outputs[i].path, "-") == 0;
        has_report |= options->outputs[i].output == report;
        status = open_output(hunt, options->outputs[i].output, options->outputs[i].path);
    }
    if (status == EXIT_RAN && !has_standard_output && !options->quiet)
        status = open_output(hunt, report, "-");
    hunt->summary_to_error = has_standard_output && !has_report;
    return status;
}

static void sink_write(void *context, struct str bytes)
{
    output_file_write(context, bytes);
}

static bool sink_write_at(void *context, uint64_t offset, struct str bytes)
{
    return output_file_write_at(context, offset, bytes);
}

static bool sink_read_at(void *context, uint64_t offset, void *out, size_t size, size_t *got)
{
    return output_file_read_at(context, offset, out, size, got);
}

/* `fd`: -1 for a file. */
static struct output_options options_for(int fd)
{
    bool terminal = fd >= 0 && tty_is(fd);

    return (struct output_options){
        .colour = terminal && tty_has_colour(fd),
        .width = terminal ? tty_width(fd) : 0,
        .utf8 = terminal ? tty_is_utf8() : true,
    };
}

static void take_page_part(void *context, struct str path, struct str bytes)
{
    struct hunt *hunt = context;

    if (str_ends_with(path, STR(".js")))
        hunt->page.script = arena_str(hunt->page_arena, bytes);
    else if (str_ends_with(path, STR(".css")))
        hunt->page.style = arena_str(hunt->page_arena, bytes);
}

/* Before anything is read: what ships with the program may have been replaced. */
static int load_page(struct hunt *hunt)
{
    bool wanted = false;
    struct why why;

    for (size_t i = 0; i < hunt->output_count; i++)
        wanted |= hunt->outputs[i].output->wants_page;
    if (!wanted)
        return EXIT_RAN;
    hunt->page_arena = arena_new("page", PAGE_BYTES_MAX);
    if (share_visit("page/", take_page_part, hunt, &why)) {
        complain("%s", why.text);
        return EXIT_FAILED;
    }
    if (hunt->page.script.len > 0 && hunt->page.style.len > 0)
        return EXIT_RAN;
    complain("the page's program is not in share/page");
    return EXIT_FAILED;
}

static void begin_output(const struct hunt *hunt, struct opened *opened)
{
    struct output_options options =
        options_for(strcmp(opened->path, "-") == 0 ? STDOUT_FILENO : -1);

    options.path = str_from(opened->path);
    options.language = hunt->options->language;
    options.page = &hunt->page;
    opened->sink = (struct sink){opened->file, sink_write, sink_read_at, sink_write_at};
    opened->writer = opened->output->begin(&opened->sink, &options);
}

static void write_to_error(void *context, struct str bytes)
{
    (void)context;
    enum err ignored = descriptor_write(STDERR_FILENO, bytes);
    (void)ignored; /* there is nowhere left to say it */
}

/* The report without its findings, which go to standard output in another form. */
static void write_summary_to_error(const struct run_report *report)
{
    const struct output *output = output_by_name(STR("terminal"));
    const struct output_options options = options_for(STDERR_FILENO);
    const struct sink sink = {.write = write_to_error};

    output->end(output->begin(&sink, &options), report);
}

static void discard_outputs(struct hunt *hunt)
{
    for (size_t i = 0; i < hunt->output_count; i++)
        output_file_discard(hunt->outputs[i].file);
    hunt->output_count = 0;
}

static bool stopped_writing(const struct hunt *hunt)
{
    return signals_count() != hunt->asked;
}

/* False if an output could not be written; it was said. */
static bool commit_outputs(struct hunt *hunt)
{
    bool good = true;

    if (stopped_writing(hunt)) {
        complain("interrupted while the outputs were written: files are left as they were");
        discard_outputs(hunt);
        return false;
    }
    for (size_t i = 0; i < hunt->output_count; i++) {
        struct opened *opened = &hunt->outputs[i];
        enum err err = output_file_commit(opened->file);
        if (!err)
            continue;
        complain("cannot write the output %s: %s", opened->path, err_text(err));
        good = false;
    }
    hunt->output_count = 0;
    return good;
}

static bool stopped(void *context)
{
    return stopped_writing(context);
}

/* Else it was told for correlations alone, or nobody wants to see it. */
static bool is_finding(const struct hunt *hunt, const struct sighting *sighting)
{
    if (!sighting_is_of_rule(sighting))
        return true;
    return rule_reports(knowledge_rule(hunt->knowledge, sighting->rule_key),
                        sighting->kind == SIGHTING_CORRELATION, hunt->options->min_level);
}

static void count_duplicate(void *context, const struct sighting *sighting)
{
    struct hunt *hunt = context;

    hunt->ledger.duplicates += is_finding(hunt, sighting);
}

static void take_finding(void *context, const struct spool_key *key,
                         const struct sighting *sighting, struct event_facts *facts)
{
    struct hunt *hunt = context;
    struct finding finding;
    const struct subjects subjects = ledger_subjects(&hunt->ledger);
    (void)key;

    if (!is_finding(hunt, sighting))
        return;
    if (sighting->suppressed) {
        ledger_count_suppressed(&hunt->ledger, sighting);
        return;
    }
    ledger_count_finding(&hunt->ledger, sighting);
    report_finding(&subjects, sighting, hunt->partial, facts, &finding);
    incidents_take(hunt->incidents, &finding);
    if (hunt->keywords)
        keywords_take(hunt->keywords, &finding);
    for (size_t i = 0; i < hunt->output_count; i++)
        hunt->outputs[i].output->finding(hunt->outputs[i].writer, &finding);
}

/* Counts and hands on everything that was found, in order, each record once. False if it cannot be
 * read back; it was said. */
static bool visit_findings(struct hunt *hunt, struct arena *arena)
{
    const struct findings_visitor visitor = {hunt, stopped, take_finding, count_duplicate};
    struct spool *spools[CORRELATION_CHAIN_MAX + 1] = {hunt->spool};
    uint32_t count = 1;

    for (uint32_t i = 0; i < hunt->correlations.depths; i++)
        spools[count++] = hunt->correlations.spools[i];
    enum err err = findings_visit(&hunt->ledger, spools, count, arena, &visitor);
    if (err)
        complain("cannot read findings back from %s: %s", hunt->temp, err_text(err));
    return !err;
}

static void add_coverage(void *context, const struct finding *finding)
{
    const struct hunt *hunt = context;

    for (size_t i = 0; i < hunt->output_count; i++) {
        const struct opened *opened = &hunt->outputs[i];
        if (opened->output->takes_coverage)
            opened->output->finding(opened->writer, finding);
    }
}

static void write_nowhere(void *context, struct str bytes)
{
    (void)context;
    (void)bytes;
}

/* What was counted while the findings went to the outputs is in the report by now. `good`: all of
 * them did, else nothing more is written. */
static void end_outputs(struct hunt *hunt, const struct run_report *report, bool good)
{
    for (size_t i = 0; i < hunt->output_count; i++) {
        struct opened *opened = &hunt->outputs[i];
        if (!good)
            opened->sink.write = write_nowhere;
        opened->output->end(opened->writer, report);
    }
}

/* ---- the run ---- */

static const char *temp_folder(const struct hunt_options *options)
{
    const char *folder = getenv("TMPDIR");

    return options->temp ? options->temp : folder && *folder ? folder : "/tmp";
}

/* A folder that cannot be used is better known before the evidence is read than behind it. */
static bool can_hold_findings(const char *folder)
{
    int fd;
    enum err err = folder_nameless_file(folder, &fd);

    if (err)
        complain("--temp %s: cannot keep findings there: %s", folder, err_text(err));
    else
        close(fd);
    return !err;
}

static bool reached(const struct hunt *hunt)
{
    for (unsigned level = hunt->options->fail_on; level < LEVEL_COUNT; level++)
        if (hunt->options->has_fail_on && hunt->ledger.by_level[level] > 0)
            return true;
    return false;
}

static size_t memory_of(const struct hunt_options *options)
{
    return options->memory ? (size_t)options->memory : MEMORY_DEFAULT;
}

static enum reading_end read_evidence(struct hunt *hunt)
{
    const struct hunt_options *options = hunt->options;
    struct worker_job job = {.evidence = &hunt->evidence,
                             .fields = &hunt->knowledge->fields,
                             .knowledge = hunt->knowledge,
                             .indicators = hunt->indicators.set,
                             .known_good = hunt->known_good,
                             .min_level = options->min_level,
                             .has_after = options->has_after,
                             .has_before = options->has_before,
                             .after_ns = options->after_ns,
                             .before_ns = options->before_ns,
                             .threads = options->threads ? options->threads : process_processors(),
                             .sandbox = options->sandbox,
                             .zone = &hunt->zone};

    if (options->profile_rules) {
        hunt->profile = profile_new(hunt->knowledge->rules.count, job.threads);
        job.profile = hunt->profile;
        if (!hunt->profile)
            complain("rules are not measured: there is no memory for it");
    }
    hunt->spool = spool_new(memory_of(options), hunt->temp);
    ledger_init(&hunt->ledger, &hunt->evidence, hunt->knowledge, hunt->spool);
    hunt->ledger.indicators = hunt->indicators.set;
    spool_order(hunt->spool, ledger_compare_files, &hunt->ledger);
    enum progress_wish progress = options->quiet      ? PROGRESS_NEVER
                                  : options->progress ? PROGRESS_ALWAYS
                                                      : PROGRESS_ON_TERMINAL;
    return reading_run(&hunt->ledger, &job, progress, options->quiet);
}

static void write_profile(const struct hunt *hunt)
{
    struct buf out;

    if (!hunt->profile)
        return;
    buf_init(&out, PROFILE_BYTES_MAX);
    profile_write(hunt->profile, &hunt->knowledge->rules, &out);
    write_to_error(NULL, buf_str(&out));
    buf_free(&out);
}

/* False: it cannot be done; it was said. */
static bool correlate_findings(struct hunt *hunt)
{
    const struct correlate_options options = {memory_of(hunt->options), hunt->temp, stopped, hunt};
    enum err err = correlate(&hunt->correlations, &hunt->ledger, &options);

    if (err)
        complain("cannot correlate what was found, in %s: %s", hunt->temp, err_text(err));
    return !err;
}

/* What an advisory names, and which techniques it asks for. */
static void add_about(const struct about *about, struct run_report *report)
{
    struct run_coverage *coverage = &report->coverage;

    if (!about->arena)
        return;
    coverage->about = about->shown;
    report->about = (struct report_about){.name = about->shown,
                                          .techniques = about->advisory.techniques,
                                          .cves = about->advisory.cves,
                                          .rules = about->advisory.rules.count,
                                          .indicators = about->advisory.indicator_count};
    for (uint32_t i = 0; i < coverage->technique_count; i++) {
        struct covered_technique *technique = &coverage->techniques[i];
        technique->asked = advisory_asks(&about->advisory.techniques, technique->id);
        if (technique->asked)
            report->about.by_verdict[technique->verdict]++;
    }
    for (uint32_t i = 0; i < about->advisory.techniques.count; i++) {
        bool known = false;
        for (uint32_t at = 0; at < coverage->technique_count && !known; at++)
            known = advisory_asks(&(struct str_list){&about->advisory.techniques.at[i], 1},
                                  coverage->techniques[at].id);
        report->about.without_rule += !known;
    }
}

static int finish(struct hunt *hunt, enum reading_end end)
{
    struct arena *arena = arena_new("report", ARENA_BYTES_MAX);
    struct arena *scratch = arena_new("finding", FINDING_BYTES_MAX);
    struct run_report report = {.program = STR("seawall " SEAWALL_VERSION),
                                .partial = end != READING_DONE,
                                .load_ns = hunt->load_ns,
                                .min_level = hunt->options->min_level};
    bool failed = end == READING_FAILED;

    if (end == READING_INTERRUPTED)
        complain("interrupted: the outputs hold what was found by then");
    complain_about("cannot read", &hunt->ledger.unreadable, "");
    hunt->partial = report.partial;
    hunt->asked = signals_count();
    for (size_t i = 0; i < hunt->output_count; i++)
        begin_output(hunt, &hunt->outputs[i]);
    hunt->incidents = incidents_new(&hunt->knowledge->techniques);
    if (hunt->options->summaries[SUMMARY_KEYWORDS])
        hunt->keywords = keywords_new();
    bool readable =
        !hunt->ledger.spool_err && correlate_findings(hunt) && visit_findings(hunt, scratch);
    report_fill(&report, &hunt->evidence, &hunt->ledger, hunt->knowledge, arena);
    correlations_report(&hunt->correlations, &report);
    add_about(&hunt->about, &report);
    incidents_report(hunt->incidents, arena, &report.incidents);
    incidents_free(hunt->incidents);
    report_summaries(&report, &hunt->ledger, hunt->options->summaries, hunt->keywords, arena);
    keywords_free(hunt->keywords);
    indicators_report(&hunt->indicators, &report.indicators, arena);
    if (hunt->options->coverage)
        coverage_visit(&report.coverage, add_coverage, hunt);
    report.zone = hunt->zone.name;
    report.elapsed_ns = (int64_t)(clock_monotonic_ns() - hunt->begun_ns);
    end_outputs(hunt, &report, readable);
    if (hunt->ledger.spool_err)
        complain("cannot keep findings in %s: %s; name another folder with --temp", hunt->temp,
                 err_text(hunt->ledger.spool_err));
    if (!readable || !commit_outputs(hunt)) {
        discard_outputs(hunt);
        failed = true;
    }
    if (hunt->summary_to_error)
        write_summary_to_error(&report);
    arena_free(scratch);
    arena_free(arena);
    if (end == READING_INTERRUPTED || stopped_writing(hunt))
        return EXIT_INTERRUPTED;
    if (failed)
        return EXIT_FAILED;
    if (reached(hunt))
        return EXIT_FAIL_ON;
    return ledger_is_unreadable(&hunt->ledger) ? EXIT_UNREADABLE : EXIT_RAN;
}

/* Whoever gave a filter counts on it: that it does nothing is said at once. */
static void complain_about_filters(const struct rule_set *rules)
{
    for (uint32_t i = 0; i < rules->filter_count; i++) {
        const struct sigma_rule *head = rules->filters[i]->head;
        if (head->state != RULE_LOADED)
            complain("the filter %.*s:%u is %s, the rules run unfiltered: %.*s",
                     STR_ARG(head->path), head->reason_line ? head->reason_line : head->line,
                     head->state == RULE_INERT ? "inert" : "refused", STR_ARG(head->reason));
    }
}

/* The same for a pipeline. */
static void complain_about_pipelines(const struct knowledge *knowledge)
{
    for (uint32_t i = 0; i < knowledge->pipeline_count; i++)
        if (knowledge->pipelines[i].changed == 0)
            complain("the pipeline %.*s changes no rule", STR_ARG(knowledge->pipelines[i].path));
}

int hunt_run(const struct hunt_options *options)
{
    struct hunt hunt = {.options = options, .temp = temp_folder(options)};
    struct why why;

    hunt.begun_ns = clock_monotonic_ns();
    signals_catch();
    if (options->temp && !can_hold_findings(options->temp))
        return EXIT_USAGE;
    hunt.zone_arena = arena_new("time zone", ZONE_BYTES_MAX);
    struct knowledge_options knowledge = options->knowledge;
    bool ready = about_load(&hunt.about, options->about, &why) == ERR_NONE;
    if (ready && hunt.about.rules.rules.len > 0)
        knowledge.own = &hunt.about.rules;
    if (!ready || zone_load(options->timezone, hunt.zone_arena, &hunt.zone, &why) ||
        knowledge_open(&hunt.knowledge, &knowledge, &why) ||
        indicators_load(&hunt.indicators, &options->indicators, &hunt.about.indicators, &why) ||
        known_files_load(&options->known_good, &hunt.known_good, &why)) {
        complain("%s", why.text);
        about_free(&hunt.about);
        indicators_free(&hunt.indicators);
        known_good_free(hunt.known_good);
        knowledge_close(hunt.knowledge);
        arena_free(hunt.zone_arena);
        return EXIT_USAGE;
    }
    hunt.load_ns = clock_monotonic_ns() - hunt.begun_ns;
    suppressions_expire(&hunt.knowledge->suppressions, clock_realtime_ns());
    complain_about_filters(&hunt.knowledge->rules);
    complain_about_pipelines(hunt.knowledge);
    evidence_list(&hunt.evidence, options->evidence.at, options->evidence.count);
    complain_about("cannot read", &hunt.evidence.unreadable, "");
    int status = open_outputs(&hunt);
    if (status == EXIT_RAN)
        status = load_page(&hunt);
    if (status == EXIT_RAN) {
        status = finish(&hunt, read_evidence(&hunt));
        write_profile(&hunt);
        profile_free(hunt.profile);
        correlations_free(&hunt.correlations);
        ledger_free(&hunt.ledger);
        spool_free(hunt.spool);
    } else {
        discard_outputs(&hunt);
    }
    evidence_free(&hunt.evidence);
    known_good_free(hunt.known_good);
    indicators_free(&hunt.indicators);
    knowledge_close(hunt.knowledge);
    about_free(&hunt.about);
    arena_free(hunt.zone_arena);
    arena_free(hunt.page_arena);
    return status;
}
