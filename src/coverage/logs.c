/* logs.c - which logs were read, and where they have gaps.
 *
 * A log is one channel of one host. What is known of it are its hours: how many events, which
 * record numbers. */
#include "coverage/coverage_priv.h"

#include <stdlib.h>

#define GAPS_MAX 1000u
/* A log is silent if it was so for at least SILENT_HOURS, in which it was hardly ever silent
 * before: at most RARE such pauses at least half as long, and of its hours enough are known. */
#define SILENT_HOURS 6
#define KNOWN_HOURS 24u
#define RARE 2u

struct log {
    const struct census_row *at; /* its hours, in order */
    uint32_t count;
    struct str host, source;
};

struct gaps {
    struct arena *arena;
    struct coverage_gap *at;
    uint32_t count;
    uint64_t all;
};

static void add_gap(struct gaps *gaps, struct coverage_gap gap)
{
    gaps->all++;
    if (gaps->count < GAPS_MAX)
        gaps->at[gaps->count++] = gap;
}

static int64_t hour_at(const struct log *log, uint32_t i)
{
    struct event_hour hour;

    return event_hour_read(log->at[i].key, &hour) ? hour.hour : 0;
}

/* ---- record numbers ---- */

/* Between two hours that follow each other, numbers go on where they were. */
static void compare_records(struct gaps *gaps, const struct log *log,
                            const struct census_row *before, const struct census_row *after)
{
    if (after->low > before->high + 1) {
        uint64_t missing = after->low - before->high - 1;
        add_gap(gaps, (struct coverage_gap){
                          .kind = GAP_RECORDS,
                          .host = log->host,
                          .source = log->source,
                          .from_ns = before->last_ns,
                          .to_ns = after->first_ns,
                          .records = missing,
                          .text = arena_printf(
                              gaps->arena, "records %llu to %llu are missing: %llu events",
                              (unsigned long long)before->high + 1,
                              (unsigned long long)after->low - 1, (unsigned long long)missing)});
    } else if (after->high < before->low && after->low > 1) {
        add_gap(gaps, (struct coverage_gap){
                          .kind = GAP_CLOCK,
                          .host = log->host,
                          .source = log->source,
                          .from_ns = before->last_ns,
                          .to_ns = after->first_ns,
                          .text = arena_printf(
                              gaps->arena,
                              "record %llu is older than record %llu and has a later "
                              "time: the clock was set, or logs of several machines "
                              "have one name",
                              (unsigned long long)after->high, (unsigned long long)before->low)});
    }
}

/* Inside of an hour: more numbers than events. */
static void look_inside(struct gaps *gaps, const struct log *log, const struct census_row *hour)
{
    uint64_t numbers = hour->high - hour->low + 1;

    if (numbers <= hour->numbered)
        return;
    add_gap(gaps,
            (struct coverage_gap){
                .kind = GAP_RECORDS,
                .host = log->host,
                .source = log->source,
                .from_ns = hour->first_ns,
                .to_ns = hour->last_ns,
                .records = numbers - hour->numbered,
                .text = arena_printf(gaps->arena, "of records %llu to %llu %llu are missing",
                                     (unsigned long long)hour->low, (unsigned long long)hour->high,
                                     (unsigned long long)numbers - hour->numbered)});
}

static void find_jumps(struct gaps *gaps, const struct log *log)
{
    const struct census_row *before = NULL;

    for (uint32_t i = 0; i < log->count; i++) {
        const struct census_row *hour = &log->at[i];
        if (hour->numbered == 0)
            continue;
        if (before)
            compare_records(gaps, log, before, hour);
        look_inside(gaps, log, hour);
        before = hour;
    }
}

/* ---- silence ---- */

/* How many pauses are at least so long. */
static uint32_t pauses(const struct log *log, int64_t hours)
{
    uint32_t count = 0;

    for (uint32_t i = 1; i < log->count; i++)
        count += hour_at(log, i) - hour_at(log, i - 1) - 1 >= hours;
    return count;
}

static void find_silence(struct gaps *gaps, const struct log *log)
{
    if (log->count < KNOWN_HOURS)
        return;
    for (uint32_t i = 1; i < log->count; i++) {
        int64_t silent = hour_at(log, i) - hour_at(log, i - 1) - 1;
        if (silent < SILENT_HOURS || pauses(log, silent / 2) > RARE)
            continue;
        add_gap(gaps, (struct coverage_gap){
                          .kind = GAP_SILENCE,
                          .host = log->host,
                          .source = log->source,
                          .from_ns = log->at[i - 1].last_ns,
                          .to_ns = log->at[i].first_ns,
                          .text = arena_printf(gaps->arena,
                                               "no event in %lld hours, which is unlike this log",
                                               (long long)silent)});
    }
}

/* ---- cleared logs ---- */

static bool says_cleared(const struct event_kind *kind)
{
    return (str_eq(kind->event_id, STR("1102")) && str_eq_nocase(kind->channel, STR("Security"))) ||
           (str_eq(kind->event_id, STR("104")) && str_eq_nocase(kind->channel, STR("System")));
}

static struct str times_said(struct arena *arena, const char *what, uint64_t count)
{
    return count == 1 ? str_from(what)
                      : arena_printf(arena, "%s %llu times", what, (unsigned long long)count);
}

static void find_cleared(struct gaps *gaps, const struct census *events, struct arena *scratch)
{
    struct event_kind kind;

    for (uint32_t i = 0; i < events->count; i++) {
        const struct census_row *row = &events->at[i];
        if (!event_kind_read(row->key, scratch, &kind) || !kind.windows || !says_cleared(&kind))
            continue;
        bool security = str_eq(kind.event_id, STR("1102"));
        add_gap(gaps, (struct coverage_gap){
                          .kind = GAP_CLEARED,
                          .host = kind.host,
                          .source = security ? STR("Security") : STR("System"),
                          .from_ns = row->first_ns,
                          .to_ns = row->last_ns,
                          .records = row->count,
                          .text = times_said(gaps->arena,
                                             security ? "the log was cleared" : "a log was cleared",
                                             row->count)});
    }
}

/* ---- all logs ---- */

static int compare_gaps(const void *a, const void *b)
{
    const struct coverage_gap *left = a, *right = b;

    if (left->from_ns != right->from_ns)
        return left->from_ns < right->from_ns ? -1 : 1;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    int order = str_compare(left->host, right->host);
    return order ? order : str_compare(left->source, right->source);
}

static struct covered_source *source_at(struct run_coverage *coverage, struct map *known,
                                        struct str name)
{
    uint32_t at = map_find(known, name);

    if (at == MAP_NONE) {
        at = coverage->source_count++;
        map_set(known, name, at);
        coverage->sources[at] = (struct covered_source){.name = name};
    }
    return &coverage->sources[at];
}

static void count_log(struct covered_source *source, const struct log *log)
{
    source->hosts++;
    for (uint32_t i = 0; i < log->count; i++) {
        const struct census_row *hour = &log->at[i];
        source->events += hour->count;
        if (!source->has_span || hour->first_ns < source->first_ns)
            source->first_ns = hour->first_ns;
        if (!source->has_span || hour->last_ns > source->last_ns)
            source->last_ns = hour->last_ns;
        source->has_span = true;
    }
}

static int compare_sources(const void *a, const void *b)
{
    const struct covered_source *left = a, *right = b;

    return str_compare(left->name, right->name);
}

/* The log that begins at this hour. */
static struct log log_at(const struct census *hours, uint32_t from)
{
    struct log log = {.at = &hours->at[from]};
    struct event_hour first, other;

    if (!event_hour_read(hours->at[from].key, &first)) {
        log.count = 1;
        return log;
    }
    log.host = first.host;
    log.source = first.source;
    while (from + log.count < hours->count &&
           event_hour_read(hours->at[from + log.count].key, &other) &&
           str_eq(other.host, first.host) && str_eq(other.source, first.source))
        log.count++;
    return log;
}

void coverage_find_gaps(const struct coverage_question *question, struct arena *arena,
                        struct run_coverage *coverage)
{
    const struct census *hours = question->hours;
    struct gaps gaps = {.arena = arena};
    struct arena *scratch = arena_new("gaps", (size_t)1 << 30);
    struct map known;

    map_init(&known, arena);
    gaps.at = ARENA_ARRAY(arena, struct coverage_gap, GAPS_MAX);
    coverage->sources = ARENA_ARRAY(arena, struct covered_source, hours->count);
    find_cleared(&gaps, question->events, scratch);
    for (uint32_t from = 0; from < hours->count;) {
        struct log log = log_at(hours, from);
        count_log(source_at(coverage, &known, log.source), &log);
        find_jumps(&gaps, &log);
        find_silence(&gaps, &log);
        from += log.count;
    }
    if (coverage->source_count > 1)
        qsort(coverage->sources, coverage->source_count, sizeof(*coverage->sources),
              compare_sources);
    if (gaps.count > 1)
        qsort(gaps.at, gaps.count, sizeof(*gaps.at), compare_gaps);
    coverage->gaps = gaps.at;
    coverage->gap_count = gaps.count;
    coverage->gaps_all = gaps.all;
    arena_free(scratch);
}
