/* terminal_summary.c - what was read, what could not be, what is known, what was found. */
#include "output/terminal_priv.h"

#include <stdarg.h>
#include <stdio.h>

#define LABEL_COLUMNS 11
#define ANSWER_COLUMN 14
#define NOTES_SHOWN 5
#define ENTRIES_SHOWN 50 /* of --suppress: each stands for something that is not shown */
#define TOP_SHOWN 10
#define LIST_SHOWN 6
#define TECHNIQUES_SHOWN 12
#define ITEM_BYTES_MAX 512

static void label(struct terminal *t, const char *text)
{
    terminal_column(t, STYLE_STRONG, str_from(text), LABEL_COLUMNS);
}

static void heading(struct terminal *t, const char *text)
{
    terminal_end_line(t);
    terminal_text(t, STYLE_STRONG, str_from(text));
    terminal_end_line(t);
}

/* A name longer than ITEM_BYTES_MAX is cut. */
static void item(struct terminal *t, unsigned indent, const char *format, ...) PRINTF_LIKE(3, 4);
static void item(struct terminal *t, unsigned indent, const char *format, ...)
{
    char text[ITEM_BYTES_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    terminal_item(t, indent, str_from(text));
}

/* "1,024 events" */
static void count_item(struct terminal *t, unsigned indent, uint64_t count, const char *one,
                       const char *many)
{
    char text[COUNT_TEXT_SIZE];

    item(t, indent, "%s %s", count_text(count, text), count == 1 ? one : many);
}

static void words(struct terminal *t, enum style style, unsigned indent, const char *text)
{
    terminal_words(t, style, indent, str_from(text));
}

static void count_words(struct terminal *t, unsigned indent, uint64_t count, const char *one,
                        const char *many)
{
    char text[COUNT_TEXT_SIZE];

    words(t, STYLE_PLAIN, indent, count_text(count, text));
    words(t, STYLE_PLAIN, indent, count == 1 ? one : many);
}

static bool something_unread(const struct run_report *report)
{
    return report->unreadable.count || report->unknown_format.count || report->set_aside.count ||
           report->damaged.count || report->partial;
}

/* ---- the answer ---- */

static void write_where(struct terminal *t, const struct run_report *report)
{
    bool nameless = report->findings_without_host > 0;
    uint64_t hosts = report->top_hosts.count - nameless; /* they stand there as a host, too */

    if (hosts) {
        words(t, STYLE_PLAIN, ANSWER_COLUMN, "on");
        count_words(t, ANSWER_COLUMN, hosts, "host", "hosts");
    }
    if (nameless)
        words(t, STYLE_PLAIN, ANSWER_COLUMN,
              hosts ? "and where no host is named" : "where no host is named");
}

/* "of 3 rules, 1 check and 2 indicators" */
static void write_by_what(struct terminal *t, const struct run_report *report)
{
    const struct {
        uint64_t count;
        const char *one, *many;
    } kinds[] = {
        {report->top_rules.count - report->checks_found, "rule", "rules"},
        {report->checks_found, "check", "checks"},
        {report->top_indicators.count, "indicator", "indicators"},
    };
    size_t told = 0;

    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        if (kinds[i].count) {
            words(t, STYLE_PLAIN, ANSWER_COLUMN, told++ ? "and" : "of");
            count_words(t, ANSWER_COLUMN, kinds[i].count, kinds[i].one, kinds[i].many);
        }
}

static void write_hits(struct terminal *t, const struct run_report *report)
{
    bool grave = report->by_level[LEVEL_HIGH] || report->by_level[LEVEL_CRITICAL];

    if (grave)
        words(t, STYLE_BAD, ANSWER_COLUMN, "Yes, by these signs:");
    else
        words(t, STYLE_STRONG, ANSWER_COLUMN,
              "Cannot tell, because nothing that was found is above level medium:");
    count_words(t, ANSWER_COLUMN, report->findings, "finding", "findings");
    write_by_what(t, report);
    write_where(t, report);
}

static void write_no_rule_matched(struct terminal *t, const struct run_report *report,
                                  enum style style, const char *behind)
{
    bool indicators = report->indicators.loaded > 0;

    if (!indicators || report->rules_loaded > 0)
        words(t, style, ANSWER_COLUMN, indicators ? "No rule and no indicator" : "No rule");
    else
        words(t, style, ANSWER_COLUMN, "No indicator");
    if (report->min_level > 0) {
        words(t, style, ANSWER_COLUMN, "of level");
        terminal_words(t, style, ANSWER_COLUMN, level_name(report->min_level));
        if (report->min_level < LEVEL_CRITICAL)
            words(t, style, ANSWER_COLUMN, "or above");
    }
    if (report->suppressed > 0)
        words(t, style, ANSWER_COLUMN, "but those whose findings are suppressed");
    words(t, style, ANSWER_COLUMN, behind);
}

/* Three answers, never two: yes, no, and cannot tell, because ... */
static void write_answer(struct terminal *t, const struct run_report *report)
{
    terminal_column(t, STYLE_STRONG, STR("Were we hit?"), ANSWER_COLUMN);
    if (report->findings > 0) {
        write_hits(t, report);
    } else if (report->events == 0) {
        words(t, STYLE_STRONG, ANSWER_COLUMN, "Cannot tell, because no event could be read");
    } else if (report->events == report->events_outside_time) {
        words(t, STYLE_STRONG, ANSWER_COLUMN,
              "Cannot tell, because no event is between --after and --before");
    } else if (report->events - report->events_outside_time == report->events_unrouted &&
               report->indicators.loaded == 0) {
        words(t, STYLE_STRONG, ANSWER_COLUMN,
              "Cannot tell, because no loaded rule is about these log sources");
    } else if (something_unread(report)) {
        write_no_rule_matched(t, report, STYLE_STRONG,
                              "matched what could be read; see what could not be, below");
    } else if (report->events_unrouted > 0 && report->rules_loaded > 0) {
        write_no_rule_matched(t, report, STYLE_STRONG,
                              "matched what rules could judge; see what they could not, below");
    } else {
        write_no_rule_matched(t, report, report->suppressed ? STYLE_STRONG : STYLE_GOOD, "matched");
        words(t, STYLE_PLAIN, ANSWER_COLUMN,
              "(what these logs never record cannot be seen in them)");
    }
    terminal_end_line(t);
    terminal_end_line(t);
}

/* ---- what was read, and by which rules ---- */

static void write_counts(struct terminal *t, const char *name, const struct report_counts *counts)
{
    char text[COUNT_TEXT_SIZE];

    if (counts->listed == 0)
        return;
    label(t, name);
    for (uint32_t i = 0; i < counts->listed && i < LIST_SHOWN; i++) {
        struct str shown = counts->at[i].name.len ? counts->at[i].name : STR("(none)");
        item(t, LABEL_COLUMNS, "%.*s %s %s", STR_ARG(shown), count_text(counts->at[i].count, text),
             counts->at[i].count == 1 ? "event" : "events");
    }
    if (counts->count > LIST_SHOWN)
        item(t, LABEL_COLUMNS, "%s more", count_text(counts->count - LIST_SHOWN, text));
    terminal_end_line(t);
}

static void bytes_item(struct terminal *t, uint64_t bytes)
{
    static const char *const units[] = {"bytes", "KB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;

    while (size >= 1000 && unit + 1 < ARRAY_COUNT(units)) {
        size /= 1000;
        unit++;
    }
    item(t, LABEL_COLUMNS, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void write_read(struct terminal *t, const struct run_report *report)
{
    char first[MOMENT_TEXT_SIZE], last[MOMENT_TEXT_SIZE];
    char count[COUNT_TEXT_SIZE], all[COUNT_TEXT_SIZE];

    label(t, "Read");
    if (report->files_read < report->files)
        item(t, LABEL_COLUMNS, "%s of %s files", count_text(report->files_read, count),
             count_text(report->files, all));
    else
        count_item(t, LABEL_COLUMNS, report->files_read, "file", "files");
    bytes_item(t, report->bytes_read);
    count_item(t, LABEL_COLUMNS, report->events, "event", "events");
    if (t->options.width > 0) /* elsewhere the same evidence gives the same bytes */
        item(t, LABEL_COLUMNS, "%.1f s", (double)report->elapsed_ns / 1e9);
    if (report->partial) {
        terminal_end_line(t);
        terminal_pad(t, LABEL_COLUMNS);
        words(t, STYLE_BAD, LABEL_COLUMNS, "PARTIAL: interrupted before everything was read");
    }
    terminal_end_line(t);
    if (report->has_span) {
        label(t, "Span");
        terminal_printf(t, STYLE_PLAIN, "%s to %s UTC", moment_text(report->first_ns, first),
                        moment_text(report->last_ns, last));
        terminal_end_line(t);
    }
    if (report->events_zone_assumed) {
        label(t, "Zone");
        terminal_printf(t, STYLE_PLAIN, "%s %s taken as %.*s: --timezone names another one",
                        count_text(report->events_zone_assumed, count),
                        report->events_zone_assumed == 1 ? "time says no zone and was"
                                                         : "times say no zone and were",
                        STR_ARG(report->zone));
        terminal_end_line(t);
    }
    write_counts(t, "Hosts", &report->hosts);
    write_counts(t, "Formats", &report->formats);
    write_counts(t, "Shapes", &report->shapes);
}

static void write_rules(struct terminal *t, const struct run_report *report)
{
    label(t, "Rules");
    count_item(t, LABEL_COLUMNS, report->rules_loaded, "loaded", "loaded");
    if (report->rules_filtered)
        count_item(t, LABEL_COLUMNS, report->rules_filtered, "narrowed by filters",
                   "narrowed by filters");
    if (report->min_level > 0)
        item(t, LABEL_COLUMNS, "--min-level %.*s", STR_ARG(level_name(report->min_level)));
    if (report->rules_unserved)
        count_item(t, LABEL_COLUMNS, report->rules_unserved,
                   "about a log source that nothing maps yet",
                   "about log sources that nothing maps yet");
    if (report->rules_inert)
        count_item(t, LABEL_COLUMNS, report->rules_inert, "inert: its placeholder list is missing",
                   "inert: their placeholder lists are missing");
    if (report->rules_refused)
        count_item(t, LABEL_COLUMNS, report->rules_refused, "refused", "refused");
    if (report->rules_duplicate)
        count_item(t, LABEL_COLUMNS, report->rules_duplicate, "duplicate", "duplicates");
    if (report->documents_not_sigma)
        count_item(t, LABEL_COLUMNS, report->documents_not_sigma, "document is no rule",
                   "documents are no rules");
    terminal_end_line(t);
}

static void write_indicators(struct terminal *t, const struct run_report *report)
{
    const struct report_indicators *indicators = &report->indicators;
    char used[COUNT_TEXT_SIZE], unusable[COUNT_TEXT_SIZE], ignored[COUNT_TEXT_SIZE];

    if (!indicators->given)
        return;
    label(t, "Indicators");
    count_item(t, LABEL_COLUMNS, indicators->loaded, "loaded", "loaded");
    count_item(t, LABEL_COLUMNS, indicators->file_count, "file", "files");
    if (indicators->unusable)
        count_item(t, LABEL_COLUMNS, indicators->unusable, "not usable", "not usable");
    if (indicators->ignored)
        count_item(t, LABEL_COLUMNS, indicators->ignored, "ignored, as its list says",
                   "ignored, as their lists say");
    if (indicators->duplicates)
        count_item(t, LABEL_COLUMNS, indicators->duplicates, "duplicate", "duplicates");
    terminal_end_line(t);
    for (uint32_t i = 0; i < indicators->file_count && i < LIST_SHOWN; i++) {
        const struct report_indicator_file *file = &indicators->files[i];
        terminal_pad(t, LABEL_COLUMNS);
        terminal_tail_within(t, STYLE_PLAIN, file->path,
                             t->options.width ? terminal_left(t) / 2 : terminal_left(t));
        terminal_printf(t, STYLE_FAINT, " (%.*s): %s used, %s not usable, %s ignored",
                        STR_ARG(file->form), count_text(file->used, used),
                        count_text(file->unusable, unusable), count_text(file->ignored, ignored));
        terminal_end_line(t);
    }
}

/* ---- what could not be seen ---- */

enum place { PLACE_NONE, PLACE_OFFSET, PLACE_LINE, PLACE_ENTRY };

/* The path, cut at its beginning to half of the line, then where in it, then why. */
static void write_note(struct terminal *t, const struct report_note *note, enum place place)
{
    const unsigned indent = 4, wrapped = 6;
    char count[COUNT_TEXT_SIZE];
    unsigned left;

    terminal_pad(t, indent);
    left = terminal_left(t);
    terminal_tail_within(t, STYLE_PLAIN, note->path,
                         note->text.len && t->options.width ? left / 2 : left);
    if (place >= PLACE_LINE && note->offset != UINT64_MAX)
        terminal_printf(t, STYLE_PLAIN, ":%llu", (unsigned long long)note->offset);
    if (place == PLACE_ENTRY)
        terminal_printf(t, STYLE_FAINT, ", %s finding%s", count_text(note->records, count),
                        note->records == 1 ? "" : "s");
    if (place == PLACE_OFFSET && note->offset != UINT64_MAX)
        terminal_printf(t, STYLE_FAINT, " at byte %llu", (unsigned long long)note->offset);
    if (note->text.len) {
        terminal_text(t, STYLE_FAINT, STR(":"));
        terminal_words(t, STYLE_FAINT, wrapped, note->text);
    }
    terminal_end_line(t);
}

static void write_list(struct terminal *t, const struct report_notes *notes, uint32_t shown,
                       enum place place)
{
    char text[COUNT_TEXT_SIZE];

    for (uint32_t i = 0; i < notes->listed && i < shown; i++)
        write_note(t, &notes->at[i], place);
    if (notes->count > shown && notes->listed > shown) {
        terminal_pad(t, 4);
        terminal_printf(t, STYLE_FAINT, "... and %s more", count_text(notes->count - shown, text));
        terminal_end_line(t);
    }
}

static void write_notes(struct terminal *t, const struct report_notes *notes, const char *one,
                        const char *many, enum place place)
{
    if (notes->count == 0)
        return;
    count_words(t, 2, notes->count, one, many);
    terminal_end_line(t);
    write_list(t, notes, NOTES_SHOWN, place);
}

static void write_line_if(struct terminal *t, uint64_t count, const char *one, const char *many,
                          struct str example)
{
    char text[COUNT_TEXT_SIZE];

    if (count == 0)
        return;
    words(t, STYLE_PLAIN, 2, count_text(count, text));
    words(t, STYLE_PLAIN, 4, count == 1 ? one : many);
    if (example.len) {
        terminal_text(t, STYLE_FAINT, STR(","));
        terminal_words(t, STYLE_FAINT, 4, STR("such as"));
        terminal_words(t, STYLE_FAINT, 4, example);
    }
    terminal_end_line(t);
}

static bool is_unknown_shape(const struct report_count *shape)
{
    return str_starts_with(shape->name, STR("other"));
}

static bool something_to_say(const struct run_report *report)
{
    for (uint32_t i = 0; i < report->shapes.listed; i++)
        if (is_unknown_shape(&report->shapes.at[i]))
            return true;
    return something_unread(report) || report->empty.count || report->outward_links.count ||
           report->strange_names.count || report->records_lost || report->events_unrouted ||
           report->scripts_known || report->events_outside_time || report->events_without_time ||
           report->expressions_gave_up || report->fields_dropped || report->fallback_names ||
           report->correlation_untimed || report->correlation_without_field ||
           report->correlation_without_value || report->correlation_untold ||
           report->correlation_groups_let_go || report->refused.count || report->inert.count ||
           report->filters_refused.count || report->rule_warnings.count || report->suppressed ||
           report->suppress_unused.count || report->suppress_expired.count ||
           report->indicators.refused.count || report->indicators.doubts.count ||
           !str_eq(report->sandbox, STR("full"));
}

static void write_unread(struct terminal *t, const struct run_report *report)
{
    write_notes(t, &report->unreadable, "file or folder could not be read",
                "files or folders could not be read", PLACE_NONE);
    write_notes(t, &report->set_aside, "file was set aside: the process reading it died",
                "files were set aside: the process reading them died", PLACE_NONE);
    write_notes(t, &report->damaged, "damaged stretch", "damaged stretches", PLACE_OFFSET);
    write_line_if(t, report->records_lost, "record was lost in damage",
                  "records were lost in damage", STR_EMPTY);
    write_notes(t, &report->unknown_format, "file of unknown format", "files of unknown format",
                PLACE_NONE);
    write_notes(t, &report->empty, "empty file", "empty files", PLACE_NONE);
    write_notes(t, &report->outward_links, "link, special file or repetition was left out",
                "links, special files or repetitions were left out", PLACE_NONE);
    write_notes(t, &report->strange_names, "remark on the names in an archive",
                "remarks on the names in archives", PLACE_NONE);
}

static void write_unseen_events(struct terminal *t, const struct run_report *report)
{
    for (uint32_t i = 0; i < report->shapes.listed; i++)
        if (is_unknown_shape(&report->shapes.at[i]))
            write_line_if(t, report->shapes.at[i].count,
                          "event in JSON of no known shape: its fields go by their own names",
                          "events in JSON of no known shape: their fields go by their own names",
                          report->shapes.at[i].example);
    write_line_if(t, report->events_unrouted, "event of a log source that no loaded rule is about",
                  "events of log sources that no loaded rule is about", report->unrouted_example);
    write_line_if(t, report->scripts_known, "script as --known-good has it: not judged",
                  "scripts as --known-good has them: not judged", STR_EMPTY);
    write_line_if(t, report->events_outside_time, "event outside --after and --before",
                  "events outside --after and --before", STR_EMPTY);
    write_line_if(t, report->events_without_time,
                  "event without a time: judged whatever --after and --before say",
                  "events without a time: judged whatever --after and --before say", STR_EMPTY);
    write_line_if(t, report->expressions_gave_up, "time an expression reached its limit",
                  "times an expression reached its limit", STR_EMPTY);
    write_line_if(t, report->fields_dropped, "field beyond the limit of an event",
                  "fields beyond the limit of an event", STR_EMPTY);
    write_line_if(t, report->fallback_names,
                  "value stood under a field name that differs from the rule's in case",
                  "values stood under field names that differ from the rules' in case", STR_EMPTY);
}

/* "3 groups of correlations were let go, with 7 matches, ..." */
static void write_let_go(struct terminal *t, const struct run_report *report)
{
    if (report->correlation_groups_let_go == 0)
        return;
    count_words(t, 2, report->correlation_groups_let_go, "group of a correlation was let go, with",
                "groups of correlations were let go, with");
    count_words(t, 4, report->correlation_matches_let_go, "match,", "matches,");
    words(t, STYLE_PLAIN, 4, "before the timespan was over: there was no memory (--memory)");
    terminal_end_line(t);
}

static void write_uncorrelated(struct terminal *t, const struct run_report *report)
{
    write_line_if(t, report->correlation_untimed, "match was not correlated: its event has no time",
                  "matches were not correlated: their events have no time", STR_EMPTY);
    write_line_if(t, report->correlation_without_field,
                  "match was not correlated: its event lacks a field of group-by",
                  "matches were not correlated: their events lack a field of group-by", STR_EMPTY);
    write_line_if(t, report->correlation_without_value,
                  "match was not correlated: its event lacks the value that is looked at",
                  "matches were not correlated: their events lack the value that is looked at",
                  STR_EMPTY);
    write_line_if(t, report->correlation_untold,
                  "match was not correlated: the process that read it did not tell its values",
                  "matches were not correlated: the process that read them did not tell their "
                  "values",
                  STR_EMPTY);
    write_let_go(t, report);
}

static void write_suppressed(struct terminal *t, const struct run_report *report)
{
    if (report->suppressed > 0) {
        count_words(t, 2, report->suppressed, "finding was suppressed", "findings were suppressed");
        terminal_end_line(t);
        write_list(t, &report->suppressed_by, ENTRIES_SHOWN, PLACE_ENTRY);
    }
    write_notes(t, &report->suppress_expired, "suppress entry has expired",
                "suppress entries have expired", PLACE_LINE);
    if (report->suppress_unused.count > 0) {
        count_words(t, 2, report->suppress_unused.count, "suppress entry took nothing",
                    "suppress entries took nothing");
        terminal_end_line(t);
        write_list(t, &report->suppress_unused, ENTRIES_SHOWN, PLACE_LINE);
    }
}

static void write_not_seen(struct terminal *t, const struct run_report *report)
{
    if (!something_to_say(report))
        return;
    heading(t, "What could not be seen, and why");
    write_unread(t, report);
    write_unseen_events(t, report);
    write_uncorrelated(t, report);
    write_suppressed(t, report);
    write_notes(t, &report->refused, "rule was refused", "rules were refused", PLACE_LINE);
    write_notes(t, &report->inert, "rule is inert", "rules are inert", PLACE_LINE);
    write_notes(t, &report->filters_refused, "filter cannot be used: its rules run unfiltered",
                "filters cannot be used: their rules run unfiltered", PLACE_LINE);
    write_notes(t, &report->rule_warnings, "warning about rules", "warnings about rules",
                PLACE_LINE);
    write_notes(t, &report->indicators.refused, "reason why indicators are not looked for",
                "reasons why indicators are not looked for", PLACE_NONE);
    write_notes(t, &report->indicators.doubts, "doubt about indicators", "doubts about indicators",
                PLACE_NONE);
    if (!str_eq(report->sandbox, STR("full"))) {
        words(t, STYLE_PLAIN, 2, "Sandbox:");
        terminal_words(t, STYLE_PLAIN, 4, report->sandbox);
        terminal_end_line(t);
    }
}

/* ---- what was found ---- */

static void write_top(struct terminal *t, const char *title, const struct report_counts *counts)
{
    char count[COUNT_TEXT_SIZE], more[COUNT_TEXT_SIZE];
    uint32_t shown = counts->listed < TOP_SHOWN ? counts->listed : TOP_SHOWN;
    unsigned level_columns = 0;

    heading(t, title);
    for (uint32_t i = 0; i < shown; i++) {
        unsigned columns = (unsigned)level_name(counts->at[i].level).len + 2;
        level_columns = columns > level_columns ? columns : level_columns;
    }
    for (uint32_t i = 0; i < shown; i++) {
        terminal_pad(t, 2);
        terminal_level(t, counts->at[i].level, level_columns);
        terminal_printf(t, STYLE_PLAIN, "%7s  ", count_text(counts->at[i].count, count));
        terminal_text(t, STYLE_PLAIN,
                      counts->at[i].name.len ? counts->at[i].name : STR("(none named)"));
        terminal_end_line(t);
    }
    if (counts->count > shown) {
        terminal_pad(t, 2);
        terminal_printf(t, STYLE_FAINT, "... and %s more", count_text(counts->count - shown, more));
        terminal_end_line(t);
    }
}

static void write_techniques(struct terminal *t, const struct report_counts *techniques)
{
    char text[COUNT_TEXT_SIZE];

    if (techniques->listed == 0)
        return;
    terminal_pad(t, 2);
    for (uint32_t i = 0; i < techniques->listed && i < TECHNIQUES_SHOWN; i++)
        item(t, 2, "%.*s %s", STR_ARG(techniques->at[i].name),
             count_text(techniques->at[i].count, text));
    if (techniques->count > TECHNIQUES_SHOWN)
        item(t, 2, "%s more", count_text(techniques->count - TECHNIQUES_SHOWN, text));
    terminal_end_line(t);
}

static void write_found(struct terminal *t, const struct run_report *report)
{
    char text[COUNT_TEXT_SIZE];

    heading(t, "Found");
    for (unsigned i = LEVEL_COUNT; i-- > (unsigned)report->min_level;)
        item(t, 2, "%.*s %s", STR_ARG(level_name((enum level)i)),
             count_text(report->by_level[i], text));
    terminal_end_line(t);
    write_line_if(t, report->duplicates,
                  "finding left out: the same record was found in another place",
                  "findings left out: the same records were found in other places", STR_EMPTY);
    write_techniques(t, &report->techniques);
    if (report->top_rules.count || !report->top_indicators.count)
        write_top(t, "Top rules", &report->top_rules);
    if (report->top_indicators.count)
        write_top(t, "Top indicators", &report->top_indicators);
    write_top(t, "Top hosts", &report->top_hosts);
}

void terminal_write_summary(struct terminal *t, const struct run_report *report)
{
    write_answer(t, report);
    write_read(t, report);
    write_rules(t, report);
    write_indicators(t, report);
    write_not_seen(t, report);
    terminal_write_incidents(t, report);
    terminal_write_coverage(t, report);
    terminal_write_movement(t, report);
    if (report->findings > 0)
        write_found(t, report);
    terminal_write_tables(t, report);
}
