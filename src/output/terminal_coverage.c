/* terminal_coverage.c - what could have been seen: hit, clean, weakened, blind; what to switch on;
 * gaps in logs. */
#include "output/terminal_priv.h"

#define LABEL_COLUMNS 13
#define NEEDS_SHOWN 8
#define GAPS_SHOWN 8
#define CVES_SHOWN 20

static void label(struct terminal *t, const char *text)
{
    terminal_pad(t, 2);
    terminal_column(t, STYLE_PLAIN, str_from(text), LABEL_COLUMNS - 2);
}

static void verdicts(struct terminal *t, const char *name, const uint32_t *counts)
{
    static const char *const names[COVERAGE_VERDICTS] = {"hit", "clean", "weakened", "blind"};
    static const enum style styles[COVERAGE_VERDICTS] = {STYLE_BAD, STYLE_GOOD, STYLE_STRONG,
                                                         STYLE_STRONG};
    char text[COUNT_TEXT_SIZE];

    label(t, name);
    for (unsigned i = 0; i < COVERAGE_VERDICTS; i++) {
        if (i > 0)
            terminal_separator(t);
        terminal_printf(t, counts[i] > 0 ? styles[i] : STYLE_FAINT, "%s %s",
                        count_text(counts[i], text), names[i]);
    }
    terminal_end_line(t);
}

static void more(struct terminal *t, uint64_t count)
{
    char text[COUNT_TEXT_SIZE];

    terminal_pad(t, 4);
    terminal_printf(t, STYLE_FAINT, "... and %s more", count_text(count, text));
    terminal_end_line(t);
}

static void write_needs(struct terminal *t, const struct run_coverage *coverage)
{
    char rules[COUNT_TEXT_SIZE], techniques[COUNT_TEXT_SIZE];

    if (coverage->need_count == 0)
        return;
    terminal_pad(t, 2);
    terminal_text(t, STYLE_PLAIN, STR("To be switched on, and how many rules would see more:"));
    terminal_end_line(t);
    for (uint32_t i = 0; i < coverage->need_count && i < NEEDS_SHOWN; i++) {
        const struct coverage_need *need = &coverage->needs[i];
        terminal_pad(t, 4);
        terminal_printf(t, STYLE_PLAIN, "%5s rule%s", count_text(need->rules, rules),
                        need->rules == 1 ? "   " : "s  ");
        terminal_printf(t, STYLE_FAINT, "%4s technique%s", count_text(need->techniques, techniques),
                        need->techniques == 1 ? "   " : "s  ");
        terminal_words(t, STYLE_PLAIN, 6, need->text);
        terminal_end_line(t);
    }
    if (coverage->need_count > NEEDS_SHOWN)
        more(t, coverage->need_count - NEEDS_SHOWN);
}

static void write_gaps(struct terminal *t, const struct run_coverage *coverage)
{
    char from[MOMENT_TEXT_SIZE], to[MOMENT_TEXT_SIZE];

    if (coverage->gap_count == 0)
        return;
    terminal_pad(t, 2);
    terminal_text(t, STYLE_PLAIN, STR("Gaps in logs:"));
    terminal_end_line(t);
    for (uint32_t i = 0; i < coverage->gap_count && i < GAPS_SHOWN; i++) {
        const struct coverage_gap *gap = &coverage->gaps[i];
        terminal_pad(t, 4);
        terminal_printf(t, STYLE_PLAIN, "%s", moment_text(gap->from_ns, from));
        if (gap->to_ns != gap->from_ns)
            terminal_printf(t, STYLE_PLAIN, " to %s", moment_text(gap->to_ns, to));
        terminal_words(t, STYLE_STRONG, 6, gap->host.len ? gap->host : STR("(no host)"));
        terminal_words(t, STYLE_PLAIN, 6, gap->source);
        terminal_text(t, STYLE_PLAIN, STR(":"));
        terminal_words(t, STYLE_FAINT, 6, gap->text);
        terminal_end_line(t);
    }
    if (coverage->gaps_all > GAPS_SHOWN)
        more(t, coverage->gaps_all - GAPS_SHOWN);
}

static void write_cves(struct terminal *t, const struct str_list *cves)
{
    if (cves->count == 0)
        return;
    terminal_pad(t, 4);
    for (uint32_t i = 0; i < cves->count && i < CVES_SHOWN; i++)
        terminal_item(t, 4, cves->at[i]);
    terminal_end_line(t);
    if (cves->count > CVES_SHOWN)
        more(t, cves->count - CVES_SHOWN);
}

/* What an advisory asks for. */
static void write_about(struct terminal *t, const struct report_about *about)
{
    if (about->name.len == 0)
        return;
    terminal_end_line(t);
    terminal_text(t, STYLE_STRONG, STR("About "));
    terminal_text(t, STYLE_STRONG, about->name);
    terminal_end_line(t);
    verdicts(t, "Techniques", about->by_verdict);
    if (about->without_rule > 0) {
        terminal_pad(t, LABEL_COLUMNS);
        terminal_printf(t, STYLE_STRONG, "%u of the %u that it names have no rule that was judged",
                        about->without_rule, about->techniques.count);
        terminal_end_line(t);
    }
    terminal_pad(t, 2);
    terminal_printf(t, STYLE_PLAIN, "It holds %u rule%s and %u indicator%s, and names %u CVE%s",
                    about->rules, about->rules == 1 ? "" : "s", about->indicators,
                    about->indicators == 1 ? "" : "s", about->cves.count,
                    about->cves.count == 1 ? "" : "s");
    terminal_end_line(t);
    write_cves(t, &about->cves);
}

void terminal_write_coverage(struct terminal *t, const struct run_report *report)
{
    const struct run_coverage *coverage = &report->coverage;
    char text[COUNT_TEXT_SIZE];

    write_about(t, &report->about);
    if (!coverage->judged)
        return;
    terminal_end_line(t);
    terminal_text(t, STYLE_STRONG, STR("What could have been seen"));
    terminal_end_line(t);
    verdicts(t, "Rules", coverage->rules_by_verdict);
    verdicts(t, "Techniques", coverage->techniques_by_verdict);
    if (coverage->rules_elsewhere > 0) {
        terminal_pad(t, LABEL_COLUMNS);
        terminal_printf(t, STYLE_FAINT, "%s %s", count_text(coverage->rules_elsewhere, text),
                        coverage->rules_elsewhere == 1
                            ? "rule is about systems that this evidence has nothing of"
                            : "rules are about systems that this evidence has nothing of");
        terminal_end_line(t);
    }
    if (report->records_lost > 0) {
        terminal_pad(t, LABEL_COLUMNS);
        terminal_printf(t, STYLE_STRONG, "lost in damage, and not in this: %s record%s",
                        count_text(report->records_lost, text),
                        report->records_lost == 1 ? "" : "s");
        terminal_end_line(t);
    }
    write_needs(t, coverage);
    write_gaps(t, coverage);
}
