/* terminal_tables.c - the summaries that were asked for, whole. */
#include "output/terminal_priv.h"

static void heading(struct terminal *t, const char *text)
{
    terminal_end_line(t);
    terminal_text(t, STYLE_STRONG, str_from(text));
    terminal_end_line(t);
}

static void write_span(struct terminal *t, bool has_span, int64_t first_ns, int64_t last_ns)
{
    char first[MOMENT_TEXT_SIZE], last[MOMENT_TEXT_SIZE];

    if (has_span)
        terminal_printf(t, STYLE_FAINT, "  %s to %s", moment_text(first_ns, first),
                        moment_text(last_ns, last));
}

static void write_events(struct terminal *t, const struct run_summaries *summaries)
{
    char events[COUNT_TEXT_SIZE], hosts[COUNT_TEXT_SIZE];
    struct str channel = STR_NONE;

    heading(t, "Events by channel and id");
    for (uint32_t i = 0; i < summaries->event_count; i++) {
        const struct summed_event *event = &summaries->events[i];
        if (i == 0 || !str_eq(channel, event->channel)) {
            channel = event->channel;
            terminal_pad(t, 2);
            terminal_text(t, STYLE_STRONG, channel);
            terminal_end_line(t);
        }
        terminal_pad(t, 4);
        terminal_column(t, STYLE_PLAIN, event->event_id, 6);
        terminal_printf(t, STYLE_PLAIN, " %11s  %5s host%s", count_text(event->events, events),
                        count_text(event->hosts, hosts), event->hosts == 1 ? " " : "s");
        write_span(t, event->has_span, event->first_ns, event->last_ns);
        if (event->provider.len > 0) {
            terminal_text(t, STYLE_FAINT, STR("  "));
            terminal_text(t, STYLE_FAINT, event->provider);
        }
        terminal_end_line(t);
    }
}

static void write_hosts(struct terminal *t, const struct run_summaries *summaries)
{
    char events[COUNT_TEXT_SIZE], findings[COUNT_TEXT_SIZE];

    heading(t, "Hosts");
    for (uint32_t i = 0; i < summaries->host_count; i++) {
        const struct summed_host *host = &summaries->hosts[i];
        terminal_pad(t, 2);
        terminal_printf(t, STYLE_PLAIN, "%11s events  %3u log%s  %7s finding%s  ",
                        count_text(host->events, events), host->channels,
                        host->channels == 1 ? " " : "s", count_text(host->findings, findings),
                        host->findings == 1 ? " " : "s");
        if (host->findings > 0)
            terminal_level(t, host->level, 15);
        else
            terminal_column(t, STYLE_PLAIN, STR_EMPTY, 15);
        terminal_text(t, STYLE_STRONG, host->name.len ? host->name : STR("(none named)"));
        write_span(t, host->has_span, host->first_ns, host->last_ns);
        terminal_end_line(t);
    }
}

static void write_logons(struct terminal *t, const struct run_movement *movement)
{
    char succeeded[COUNT_TEXT_SIZE], failed[COUNT_TEXT_SIZE];

    heading(t, "Logons");
    for (uint32_t i = 0; i < movement->edge_count; i++) {
        const struct movement_edge *edge = &movement->edges[i];
        bool here = edge->source >= movement->place_count;
        terminal_pad(t, 2);
        terminal_printf(t, STYLE_PLAIN, "%9s succeeded %9s failed  ",
                        count_text(edge->succeeded, succeeded), count_text(edge->failed, failed));
        terminal_column(t, STYLE_PLAIN, logon_kind_name(edge->kind), 21);
        terminal_text(t, STYLE_STRONG, edge->account);
        terminal_text(t, STYLE_PLAIN, STR("  "));
        terminal_text(t, STYLE_PLAIN, here ? STR("(itself)") : movement->places[edge->source].name);
        terminal_text(t, STYLE_PLAIN, STR(" -> "));
        terminal_text(t, STYLE_PLAIN, movement->places[edge->target].name);
        write_span(t, edge->first_ns != 0, edge->first_ns, edge->last_ns);
        terminal_end_line(t);
    }
    if (movement->edges_all > movement->edge_count) {
        terminal_pad(t, 2);
        terminal_printf(t, STYLE_FAINT, "... and %s more",
                        count_text(movement->edges_all - movement->edge_count, failed));
        terminal_end_line(t);
    }
}

static void write_keywords(struct terminal *t, const struct run_summaries *summaries)
{
    char count[COUNT_TEXT_SIZE];

    heading(t, "Keywords of findings");
    for (uint32_t i = 0; i < summaries->keyword_count; i++) {
        const struct summed_keyword *keyword = &summaries->keywords[i];
        if (i == 0 || keyword->kind != summaries->keywords[i - 1].kind) {
            terminal_pad(t, 2);
            terminal_text(t, STYLE_STRONG, entity_kind_name(keyword->kind));
            terminal_end_line(t);
        }
        terminal_pad(t, 4);
        terminal_level(t, keyword->level, 10);
        terminal_printf(t, STYLE_PLAIN, "%9s  ", count_text(keyword->findings, count));
        terminal_text(t, STYLE_PLAIN, keyword->text);
        terminal_end_line(t);
    }
    if (summaries->keywords_left > 0) {
        terminal_pad(t, 4);
        terminal_printf(t, STYLE_FAINT, "... and more, in %s findings",
                        count_text(summaries->keywords_left, count));
        terminal_end_line(t);
    }
}

void terminal_write_tables(struct terminal *t, const struct run_report *report)
{
    const struct run_summaries *summaries = &report->summaries;

    if (summaries->asked[SUMMARY_EVENTS])
        write_events(t, summaries);
    if (summaries->asked[SUMMARY_HOSTS])
        write_hosts(t, summaries);
    if (summaries->asked[SUMMARY_LOGONS])
        write_logons(t, &report->movement);
    if (summaries->asked[SUMMARY_KEYWORDS])
        write_keywords(t, summaries);
}
