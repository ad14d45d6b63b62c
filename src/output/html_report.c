/* html_report.c - the run report as JSON for the page's program. Times are milliseconds. */
#include "output/html_priv.h"
#include "output/members.h"

#define RULES_LISTED_MAX 5000u
#define NOTES_LISTED_MAX 100u

static void moment(struct buf *out, const char *name, int64_t time_ns)
{
    member_key(out, name);
    buf_add_i64(out, time_ns / 1000000);
}

/* ---- what was read, and what was not ---- */

static void write_counts(struct buf *out, const char *name, const struct report_counts *counts)
{
    member_open(out, name, '[');
    for (uint32_t i = 0; i < counts->listed; i++) {
        member_open(out, NULL, '{');
        member_text(out, "name", counts->at[i].name);
        member_number(out, "level", counts->at[i].level);
        member_number(out, "count", counts->at[i].count);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_notes(struct buf *out, const char *name, const struct report_notes *notes)
{
    if (notes->count == 0)
        return;
    member_open(out, NULL, '{');
    member_text(out, "what", str_from(name));
    member_number(out, "count", notes->count);
    member_open(out, "list", '[');
    for (uint32_t i = 0; i < notes->listed && i < NOTES_LISTED_MAX; i++) {
        member_open(out, NULL, '{');
        member_text(out, "path", notes->at[i].path);
        member_text(out, "text", notes->at[i].text);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("]}"));
}

static void write_unseen(struct buf *out, const char *name, uint64_t count)
{
    if (count == 0)
        return;
    member_open(out, NULL, '{');
    member_text(out, "what", str_from(name));
    member_number(out, "count", count);
    buf_add(out, STR(",\"list\":[]}"));
}

static void write_not_seen(struct buf *out, const struct run_report *report)
{
    member_open(out, "unseen", '[');
    write_notes(out, "unreadable", &report->unreadable);
    write_notes(out, "set_aside", &report->set_aside);
    write_notes(out, "damaged", &report->damaged);
    write_unseen(out, "records_lost", report->records_lost);
    write_notes(out, "unknown_format", &report->unknown_format);
    write_notes(out, "empty", &report->empty);
    write_notes(out, "links", &report->outward_links);
    write_unseen(out, "unrouted", report->events_unrouted);
    write_unseen(out, "outside_time", report->events_outside_time);
    write_unseen(out, "without_time", report->events_without_time);
    write_notes(out, "refused", &report->refused);
    write_notes(out, "inert", &report->inert);
    write_notes(out, "suppressed", &report->suppressed_by);
    write_notes(out, "indicators_refused", &report->indicators.refused);
    buf_add_char(out, ']');
}

/* As the terminal says it: three answers, never two. */
static const char *answer_of(const struct run_report *report)
{
    if (report->findings > 0)
        return report->by_level[LEVEL_HIGH] || report->by_level[LEVEL_CRITICAL] ? "yes" : "lesser";
    if (report->events == 0)
        return "nothing_read";
    if (report->events == report->events_outside_time)
        return "outside_time";
    if (report->events - report->events_outside_time == report->events_unrouted &&
        report->indicators.loaded == 0)
        return "no_rule";
    return "none";
}

static void write_read(struct buf *out, const struct run_report *report)
{
    member_text(out, "program", report->program);
    member_text(out, "answer", str_from(answer_of(report)));
    member_flag(out, "partial", report->partial);
    member_number(out, "files", report->files);
    member_number(out, "files_read", report->files_read);
    member_number(out, "bytes", report->bytes_read);
    member_number(out, "events", report->events);
    if (report->has_span) {
        moment(out, "first", report->first_ns);
        moment(out, "last", report->last_ns);
    }
    member_number(out, "rules_loaded", report->rules_loaded);
    member_number(out, "indicators_loaded", report->indicators.loaded);
    member_number(out, "findings", report->findings);
    member_number(out, "suppressed", report->suppressed);
    member_number(out, "duplicates", report->duplicates);
    member_number(out, "min_level", report->min_level);
    member_open(out, "levels", '[');
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        member_next(out);
        buf_add_u64(out, report->by_level[i]);
    }
    buf_add_char(out, ']');
    write_counts(out, "top_rules", &report->top_rules);
    write_counts(out, "top_hosts", &report->top_hosts);
    write_counts(out, "read_hosts", &report->hosts);
    write_counts(out, "hit_techniques", &report->techniques);
}

/* ---- coverage ---- */

static void write_techniques(struct buf *out, const struct run_coverage *coverage)
{
    member_open(out, "techniques", '[');
    for (uint32_t i = 0; i < coverage->technique_count; i++) {
        const struct covered_technique *technique = &coverage->techniques[i];
        member_open(out, NULL, '{');
        member_text(out, "id", technique->id);
        member_text(out, "name", technique->name);
        member_texts(out, "tactics", &technique->tactics);
        member_number(out, "verdict", technique->verdict);
        member_number(out, "findings", technique->findings);
        member_numbers(out, "rules", technique->rules, COVERAGE_VERDICTS);
        member_texts(out, "because", &technique->because);
        member_flag(out, "asked", technique->asked);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_rules(struct buf *out, const struct run_coverage *coverage)
{
    member_open(out, "rules", '[');
    for (uint32_t i = 0; i < coverage->rule_count && i < RULES_LISTED_MAX; i++) {
        const struct covered_rule *rule = &coverage->rules[i];
        member_open(out, NULL, '{');
        member_text(out, "title", rule->title);
        member_number(out, "level", rule->level);
        member_number(out, "verdict", rule->verdict);
        member_texts(out, "attack", &rule->attack);
        member_texts(out, "because", &rule->because);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_needs(struct buf *out, const struct run_coverage *coverage)
{
    member_open(out, "needs", '[');
    for (uint32_t i = 0; i < coverage->need_count; i++) {
        const struct coverage_need *need = &coverage->needs[i];
        member_open(out, NULL, '{');
        member_text(out, "text", need->text);
        member_number(out, "rules", need->rules);
        member_number(out, "techniques", need->techniques);
        member_number(out, "hosts", need->hosts);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_logs(struct buf *out, const struct run_coverage *coverage)
{
    member_open(out, "sources", '[');
    for (uint32_t i = 0; i < coverage->source_count; i++) {
        const struct covered_source *source = &coverage->sources[i];
        member_open(out, NULL, '{');
        member_text(out, "name", source->name);
        member_number(out, "hosts", source->hosts);
        member_number(out, "events", source->events);
        moment(out, "first", source->first_ns);
        moment(out, "last", source->last_ns);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    member_open(out, "gaps", '[');
    for (uint32_t i = 0; i < coverage->gap_count; i++) {
        const struct coverage_gap *gap = &coverage->gaps[i];
        member_open(out, NULL, '{');
        member_text(out, "kind", gap_kind_id(gap->kind));
        member_text(out, "host", gap->host);
        member_text(out, "source", gap->source);
        moment(out, "from", gap->from_ns);
        moment(out, "to", gap->to_ns);
        member_text(out, "text", gap->text);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    member_number(out, "gaps_all", coverage->gaps_all);
}

static void write_coverage(struct buf *out, const struct run_coverage *coverage)
{
    member_open(out, "coverage", '{');
    member_flag(out, "judged", coverage->judged);
    member_text(out, "about", coverage->about);
    member_numbers(out, "rule_verdicts", coverage->rules_by_verdict, COVERAGE_VERDICTS);
    member_numbers(out, "technique_verdicts", coverage->techniques_by_verdict, COVERAGE_VERDICTS);
    member_number(out, "elsewhere", coverage->rules_elsewhere);
    write_techniques(out, coverage);
    write_rules(out, coverage);
    write_needs(out, coverage);
    write_logs(out, coverage);
    buf_add_char(out, '}');
}

/* ---- movement and incidents ---- */

static void write_edge(struct buf *out, const struct movement_edge *edge)
{
    member_open(out, NULL, '{');
    member_text(out, "account", edge->account);
    if (edge->source != UINT32_MAX)
        member_number(out, "source", edge->source);
    member_number(out, "target", edge->target);
    member_text(out, "kind", logon_kind_name(edge->kind));
    member_number(out, "succeeded", edge->succeeded);
    member_number(out, "failed", edge->failed);
    moment(out, "first", edge->first_ns);
    moment(out, "last", edge->last_ns);
    member_flag(out, "privileged", edge->privileged);
    member_flag(out, "new", edge->first_seen);
    buf_add_char(out, '}');
}

static void write_session(struct buf *out, const struct movement_session *session)
{
    member_open(out, NULL, '{');
    member_text(out, "account", session->account);
    if (session->source != UINT32_MAX)
        member_number(out, "source", session->source);
    member_number(out, "target", session->target);
    member_text(out, "kind", logon_kind_name(session->kind));
    moment(out, "first", session->first_ns);
    moment(out, "last", session->last_ns);
    member_flag(out, "ended", session->ended);
    member_flag(out, "left", session->left);
    member_number(out, "breaks", session->breaks);
    buf_add_char(out, '}');
}

static void write_movement(struct buf *out, const struct run_movement *movement)
{
    member_open(out, "movement", '{');
    member_number(out, "logons", movement->logons);
    member_number(out, "edges_all", movement->edges_all);
    member_open(out, "places", '[');
    for (uint32_t i = 0; i < movement->place_count; i++) {
        const struct movement_place *place = &movement->places[i];
        member_open(out, NULL, '{');
        member_text(out, "name", place->name);
        member_number(out, "kind", place->kind);
        member_number(out, "findings", place->findings);
        member_number(out, "level", place->level);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    member_open(out, "edges", '[');
    for (uint32_t i = 0; i < movement->edge_count; i++)
        write_edge(out, &movement->edges[i]);
    buf_add_char(out, ']');
    member_open(out, "paths", '[');
    for (uint32_t i = 0; i < movement->path_count; i++)
        member_numbers(out, NULL, movement->paths[i].edges, movement->paths[i].count);
    buf_add_char(out, ']');
    member_number(out, "sessions_all", movement->sessions_all);
    member_open(out, "sessions", '[');
    for (uint32_t i = 0; i < movement->session_count; i++)
        write_session(out, &movement->sessions[i]);
    buf_add(out, STR("]}"));
}

static void write_incidents(struct buf *out, const struct run_incidents *incidents)
{
    member_open(out, "incidents", '[');
    for (uint32_t i = 0; i < incidents->listed; i++) {
        const struct incident *incident = &incidents->at[i];
        member_open(out, NULL, '{');
        member_text(out, "title", incident->title);
        member_text(out, "story", incident->story);
        member_number(out, "level", incident->level);
        member_number(out, "findings", incident->findings);
        moment(out, "first", incident->first_ns);
        moment(out, "last", incident->last_ns);
        member_texts(out, "hosts", &incident->hosts);
        member_texts(out, "accounts", &incident->accounts);
        member_texts(out, "addresses", &incident->addresses);
        member_texts(out, "techniques", &incident->techniques);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    member_number(out, "incidents_all", incidents->count);
}

/* ---- the tables of --summary ---- */

#define SUMMARY_ROWS_MAX 20000u /* of one table */

static uint32_t listed(uint32_t count)
{
    return count < SUMMARY_ROWS_MAX ? count : SUMMARY_ROWS_MAX;
}

static void write_span(struct buf *out, bool has_span, int64_t first_ns, int64_t last_ns)
{
    if (!has_span)
        return;
    moment(out, "first", first_ns);
    moment(out, "last", last_ns);
}

static void write_summed_events(struct buf *out, const struct run_summaries *summaries)
{
    member_open(out, "events", '[');
    for (uint32_t i = 0; i < listed(summaries->event_count); i++) {
        const struct summed_event *event = &summaries->events[i];
        member_open(out, NULL, '{');
        member_text(out, "channel", event->channel);
        member_text(out, "provider", event->provider);
        member_text(out, "id", event->event_id);
        member_number(out, "hosts", event->hosts);
        member_number(out, "events", event->events);
        write_span(out, event->has_span, event->first_ns, event->last_ns);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_summed_hosts(struct buf *out, const struct run_summaries *summaries)
{
    member_open(out, "hosts", '[');
    for (uint32_t i = 0; i < listed(summaries->host_count); i++) {
        const struct summed_host *host = &summaries->hosts[i];
        member_open(out, NULL, '{');
        member_text(out, "name", host->name);
        member_number(out, "channels", host->channels);
        member_number(out, "events", host->events);
        member_number(out, "findings", host->findings);
        member_number(out, "level", host->level);
        write_span(out, host->has_span, host->first_ns, host->last_ns);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_keywords(struct buf *out, const struct run_summaries *summaries)
{
    member_open(out, "keywords", '[');
    for (uint32_t i = 0; i < listed(summaries->keyword_count); i++) {
        const struct summed_keyword *keyword = &summaries->keywords[i];
        member_open(out, NULL, '{');
        member_text(out, "kind", entity_kind_name(keyword->kind));
        member_text(out, "text", keyword->text);
        member_number(out, "findings", keyword->findings);
        member_number(out, "level", keyword->level);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

/* Logons are in the movement. */
static void write_summaries(struct buf *out, const struct run_summaries *summaries)
{
    member_open(out, "summaries", '{');
    if (summaries->asked[SUMMARY_EVENTS])
        write_summed_events(out, summaries);
    if (summaries->asked[SUMMARY_HOSTS])
        write_summed_hosts(out, summaries);
    if (summaries->asked[SUMMARY_KEYWORDS])
        write_keywords(out, summaries);
    buf_add_char(out, '}');
}

void html_write_report(const struct run_report *report, struct buf *out)
{
    write_read(out, report);
    write_not_seen(out, report);
    write_coverage(out, &report->coverage);
    write_movement(out, &report->movement);
    write_incidents(out, &report->incidents);
    write_summaries(out, &report->summaries);
}
