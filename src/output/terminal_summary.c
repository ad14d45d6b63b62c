/* terminal_summary.c - what was read, what could not be, what is known, what was found. */
#include "output/terminal_priv.h"

#define LABEL_COLUMNS 11
#define NOTES_SHOWN 5
#define TOP_SHOWN 10
#define LIST_SHOWN 6

static void label(struct terminal *t, const char *text)
{
    terminal_column(t, STYLE_STRONG, str_from(text), LABEL_COLUMNS);
}

static void separator(struct terminal *t)
{
    terminal_text(t, STYLE_FAINT, t->options.utf8 ? STR(" · ") : STR(" | "));
}

static void heading(struct terminal *t, const char *text)
{
    terminal_end_line(t);
    terminal_text(t, STYLE_STRONG, str_from(text));
    terminal_end_line(t);
}

static uint64_t total_in_report(const struct run_report *report)
{
    return report->findings;
}

static bool something_unread(const struct run_report *report)
{
    return report->unreadable.count || report->unknown_format.count || report->set_aside.count ||
           report->damaged.count || report->partial;
}

/* Three answers, never two: yes, no, and cannot tell, because ... */
static void write_answer(struct terminal *t, const struct run_report *report)
{
    label(t, "Were we hit?");
    terminal_pad(t, 14);
    if (total_in_report(report) > 0) {
        terminal_text(t, STYLE_BAD, STR("Yes, by these signs: "));
        terminal_count(t, report->findings, "finding", "findings");
        terminal_text(t, STYLE_PLAIN, STR(" of "));
        terminal_count(t, report->top_rules.count, "rule", "rules");
        terminal_text(t, STYLE_PLAIN, STR(" on "));
        terminal_count(t, report->top_hosts.count, "host", "hosts");
    } else if (report->events == 0) {
        terminal_text(t, STYLE_STRONG, STR("Cannot tell, because no event could be read"));
    } else if (report->events == report->events_outside_time) {
        terminal_text(t, STYLE_STRONG,
                      STR("Cannot tell, because no event is between --after and --before"));
    } else if (report->events - report->events_outside_time == report->events_unrouted) {
        terminal_text(t, STYLE_STRONG,
                      STR("Cannot tell, because no loaded rule is about these log sources"));
    } else if (something_unread(report)) {
        terminal_text(t, STYLE_STRONG,
                      STR("No rule matched what could be read; see what could not be, below"));
    } else {
        terminal_text(t, STYLE_GOOD, STR("No rule matched"));
        terminal_text(t, STYLE_PLAIN,
                      STR(" (what these logs never record cannot be seen in them)"));
    }
    terminal_end_line(t);
    terminal_end_line(t);
}

static void write_counts_inline(struct terminal *t, const struct report_counts *counts,
                                const char *one, const char *many)
{
    for (uint32_t i = 0; i < counts->listed && i < LIST_SHOWN; i++) {
        if (i)
            separator(t);
        terminal_text(t, STYLE_PLAIN, counts->at[i].name);
        terminal_text(t, STYLE_FAINT, STR(" "));
        terminal_count(t, counts->at[i].count, one, many);
    }
    if (counts->count > LIST_SHOWN) {
        separator(t);
        terminal_printf(t, STYLE_FAINT, "%llu more",
                        (unsigned long long)(counts->count - LIST_SHOWN));
    }
    terminal_end_line(t);
}

static void write_read(struct terminal *t, const struct run_report *report)
{
    label(t, "Read");
    if (report->files_read < report->files) {
        terminal_count(t, report->files_read, "", "");
        terminal_text(t, STYLE_PLAIN, STR(" of "));
        terminal_count(t, report->files, "file", "files");
    } else {
        terminal_count(t, report->files_read, "file", "files");
    }
    separator(t);
    terminal_bytes(t, report->bytes_read);
    separator(t);
    terminal_count(t, report->events, "event", "events");
    terminal_printf(t, STYLE_FAINT, " in %.1f s", (double)report->elapsed_ns / 1e9);
    if (report->partial)
        terminal_text(t, STYLE_BAD, STR("  PARTIAL: interrupted before everything was read"));
    terminal_end_line(t);
    if (report->has_span) {
        label(t, "Span");
        terminal_time(t, STYLE_PLAIN, report->first_ns);
        terminal_text(t, STYLE_PLAIN, STR(" to "));
        terminal_time(t, STYLE_PLAIN, report->last_ns);
        terminal_text(t, STYLE_PLAIN, STR(" UTC"));
        terminal_end_line(t);
    }
    if (report->hosts.listed) {
        label(t, "Hosts");
        write_counts_inline(t, &report->hosts, "", "");
    }
    if (report->formats.listed) {
        label(t, "Formats");
        write_counts_inline(t, &report->formats, "event", "events");
    }
    if (report->shapes.listed) {
        label(t, "Shapes");
        write_counts_inline(t, &report->shapes, "event", "events");
    }
}

static void write_rules(struct terminal *t, const struct run_report *report)
{
    label(t, "Rules");
    terminal_count(t, report->rules_loaded, "loaded", "loaded");
    if (report->rules_unserved) {
        terminal_text(t, STYLE_PLAIN, STR(" ("));
        terminal_count(t, report->rules_unserved, "about a log source that nothing maps yet",
                       "about log sources that nothing maps yet");
        terminal_text(t, STYLE_PLAIN, STR(")"));
    }
    if (report->rules_inert) {
        separator(t);
        terminal_count(t, report->rules_inert, "inert: its placeholder list is missing",
                       "inert: their placeholder lists are missing");
    }
    if (report->rules_refused) {
        separator(t);
        terminal_count(t, report->rules_refused, "refused", "refused");
    }
    if (report->rules_duplicate) {
        separator(t);
        terminal_count(t, report->rules_duplicate, "duplicate", "duplicates");
    }
    if (report->documents_not_sigma) {
        separator(t);
        terminal_count(t, report->documents_not_sigma, "document is no rule",
                       "documents are no rules");
    }
    terminal_end_line(t);
}

enum place { PLACE_NONE, PLACE_OFFSET, PLACE_LINE };

static void write_notes(struct terminal *t, const struct report_notes *notes, const char *one,
                        const char *many, enum place place)
{
    if (notes->count == 0)
        return;
    terminal_pad(t, 2);
    terminal_count(t, notes->count, one, many);
    terminal_end_line(t);
    for (uint32_t i = 0; i < notes->listed && i < NOTES_SHOWN; i++) {
        const struct report_note *note = &notes->at[i];
        terminal_pad(t, 4);
        terminal_text(t, STYLE_PLAIN, note->path);
        if (place == PLACE_LINE && note->offset != UINT64_MAX)
            terminal_printf(t, STYLE_PLAIN, ":%llu", (unsigned long long)note->offset);
        if (place == PLACE_OFFSET && note->offset != UINT64_MAX)
            terminal_printf(t, STYLE_FAINT, " at byte %llu", (unsigned long long)note->offset);
        if (note->text.len) {
            terminal_text(t, STYLE_FAINT, STR(": "));
            terminal_text(t, STYLE_FAINT, note->text);
        }
        terminal_end_line(t);
    }
    if (notes->count > NOTES_SHOWN && notes->listed > NOTES_SHOWN) {
        terminal_pad(t, 4);
        terminal_printf(t, STYLE_FAINT, "... and %llu more",
                        (unsigned long long)(notes->count - NOTES_SHOWN));
        terminal_end_line(t);
    }
}

static void write_line_if(struct terminal *t, uint64_t count, const char *one, const char *many,
                          struct str example)
{
    if (count == 0)
        return;
    terminal_pad(t, 2);
    terminal_count(t, count, one, many);
    if (example.len) {
        terminal_text(t, STYLE_FAINT, STR(", such as "));
        terminal_text(t, STYLE_FAINT, example);
    }
    terminal_end_line(t);
}

static void write_not_seen(struct terminal *t, const struct run_report *report)
{
    bool full_sandbox = str_eq(report->sandbox, STR("full"));

    if (!something_unread(report) && !report->empty.count && !report->outward_links.count &&
        !report->events_unrouted && !report->expressions_gave_up && !report->fields_dropped &&
        !report->events_outside_time && !report->events_without_time && !report->rules_refused &&
        !report->inert.count && !report->rule_warnings.count && !report->fallback_names &&
        full_sandbox)
        return;
    heading(t, "What could not be seen, and why");
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
    write_line_if(t, report->events_unrouted, "event of a log source that no loaded rule is about",
                  "events of log sources that no loaded rule is about", report->unrouted_example);
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
    write_notes(t, &report->refused, "rule was refused", "rules were refused", PLACE_LINE);
    write_notes(t, &report->inert, "rule is inert", "rules are inert", PLACE_LINE);
    write_notes(t, &report->rule_warnings, "warning about rules", "warnings about rules",
                PLACE_LINE);
    if (!full_sandbox) {
        terminal_pad(t, 2);
        terminal_text(t, STYLE_PLAIN, STR("Sandbox: "));
        terminal_text(t, STYLE_PLAIN, report->sandbox);
        terminal_end_line(t);
    }
}

static void write_found(struct terminal *t, const struct run_report *report)
{
    heading(t, "Found");
    terminal_pad(t, 2);
    for (unsigned i = LEVEL_COUNT; i-- > (unsigned)report->min_level;) {
        terminal_level(t, (enum level)i, 0);
        terminal_text(t, STYLE_PLAIN, STR(" "));
        terminal_count(t, report->by_level[i], "", "");
        terminal_text(t, STYLE_PLAIN, STR("   "));
    }
    terminal_end_line(t);
    write_line_if(t, report->duplicates,
                  "finding left out: the same record was found in another place",
                  "findings left out: the same records were found in other places", STR_EMPTY);
    heading(t, "Top rules");
    for (uint32_t i = 0; i < report->top_rules.listed && i < TOP_SHOWN; i++) {
        const struct report_count *rule = &report->top_rules.at[i];
        terminal_pad(t, 2);
        terminal_level(t, rule->level, 14);
        terminal_printf(t, STYLE_PLAIN, "%8llu  ", (unsigned long long)rule->count);
        terminal_text(t, STYLE_PLAIN, rule->name);
        terminal_end_line(t);
    }
    if (report->top_rules.count > TOP_SHOWN) {
        terminal_pad(t, 2);
        terminal_printf(t, STYLE_FAINT, "... and %llu more rules",
                        (unsigned long long)(report->top_rules.count - TOP_SHOWN));
        terminal_end_line(t);
    }
    heading(t, "Top hosts");
    for (uint32_t i = 0; i < report->top_hosts.listed && i < TOP_SHOWN; i++) {
        const struct report_count *host = &report->top_hosts.at[i];
        terminal_pad(t, 2);
        terminal_level(t, host->level, 14);
        terminal_printf(t, STYLE_PLAIN, "%8llu  ", (unsigned long long)host->count);
        terminal_text(t, STYLE_PLAIN, host->name.len ? host->name : STR("(no host named)"));
        terminal_end_line(t);
    }
}

void terminal_write_summary(struct terminal *t, const struct run_report *report)
{
    write_answer(t, report);
    write_read(t, report);
    write_rules(t, report);
    write_not_seen(t, report);
    if (report->findings > 0)
        write_found(t, report);
}
