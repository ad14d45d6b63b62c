/* html_report.c - the run report as JSON for the page's program. Times are milliseconds. */
#include "codec/json.h"
#include "output/html_priv.h"

#define RULES_LISTED_MAX 5000u
#define NOTES_LISTED_MAX 100u

/* ---- JSON, member by member ---- */

static void comma(struct buf *out)
{
    char last = out->len > 0 ? out->at[out->len - 1] : '{';

    if (last != '{' && last != '[' && last != ':')
        buf_add_char(out, ',');
}

static void key(struct buf *out, const char *name)
{
    comma(out);
    buf_add_char(out, '"');
    buf_add(out, str_from(name));
    buf_add(out, STR("\":"));
}

static void text(struct buf *out, const char *name, struct str value)
{
    key(out, name);
    json_write_str(out, value);
}

static void number(struct buf *out, const char *name, uint64_t value)
{
    key(out, name);
    buf_add_u64(out, value);
}

static void flag(struct buf *out, const char *name, bool value)
{
    key(out, name);
    buf_add(out, value ? STR("true") : STR("false"));
}

static void moment(struct buf *out, const char *name, int64_t time_ns)
{
    key(out, name);
    buf_add_i64(out, time_ns / 1000000);
}

static void open(struct buf *out, const char *name, char bracket)
{
    if (name)
        key(out, name);
    else
        comma(out);
    buf_add_char(out, bracket);
}

static void texts(struct buf *out, const char *name, const struct str_list *list)
{
    open(out, name, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        comma(out);
        json_write_str(out, list->at[i]);
    }
    buf_add_char(out, ']');
}

static void numbers(struct buf *out, const char *name, const uint32_t *values, uint32_t count)
{
    open(out, name, '[');
    for (uint32_t i = 0; i < count; i++) {
        comma(out);
        buf_add_u64(out, values[i]);
    }
    buf_add_char(out, ']');
}

/* ---- what was read, and what was not ---- */

static void write_counts(struct buf *out, const char *name, const struct report_counts *counts)
{
    open(out, name, '[');
    for (uint32_t i = 0; i < counts->listed; i++) {
        open(out, NULL, '{');
        text(out, "name", counts->at[i].name);
        number(out, "level", counts->at[i].level);
        number(out, "count", counts->at[i].count);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_notes(struct buf *out, const char *name, const struct report_notes *notes)
{
    if (notes->count == 0)
        return;
    open(out, NULL, '{');
    text(out, "what", str_from(name));
    number(out, "count", notes->count);
    open(out, "list", '[');
    for (uint32_t i = 0; i < notes->listed && i < NOTES_LISTED_MAX; i++) {
        open(out, NULL, '{');
        text(out, "path", notes->at[i].path);
        text(out, "text", notes->at[i].text);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("]}"));
}

static void write_unseen(struct buf *out, const char *name, uint64_t count)
{
    if (count == 0)
        return;
    open(out, NULL, '{');
    text(out, "what", str_from(name));
    number(out, "count", count);
    buf_add(out, STR(",\"list\":[]}"));
}

static void write_not_seen(struct buf *out, const struct run_report *report)
{
    open(out, "unseen", '[');
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
    text(out, "program", report->program);
    text(out, "answer", str_from(answer_of(report)));
    flag(out, "partial", report->partial);
    number(out, "files", report->files);
    number(out, "files_read", report->files_read);
    number(out, "bytes", report->bytes_read);
    number(out, "events", report->events);
    if (report->has_span) {
        moment(out, "first", report->first_ns);
        moment(out, "last", report->last_ns);
    }
    number(out, "rules_loaded", report->rules_loaded);
    number(out, "indicators_loaded", report->indicators.loaded);
    number(out, "findings", report->findings);
    number(out, "suppressed", report->suppressed);
    number(out, "duplicates", report->duplicates);
    number(out, "min_level", report->min_level);
    open(out, "levels", '[');
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        comma(out);
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
    open(out, "techniques", '[');
    for (uint32_t i = 0; i < coverage->technique_count; i++) {
        const struct covered_technique *technique = &coverage->techniques[i];
        open(out, NULL, '{');
        text(out, "id", technique->id);
        text(out, "name", technique->name);
        texts(out, "tactics", &technique->tactics);
        number(out, "verdict", technique->verdict);
        number(out, "findings", technique->findings);
        numbers(out, "rules", technique->rules, COVERAGE_VERDICTS);
        texts(out, "because", &technique->because);
        flag(out, "asked", technique->asked);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_rules(struct buf *out, const struct run_coverage *coverage)
{
    open(out, "rules", '[');
    for (uint32_t i = 0; i < coverage->rule_count && i < RULES_LISTED_MAX; i++) {
        const struct covered_rule *rule = &coverage->rules[i];
        open(out, NULL, '{');
        text(out, "title", rule->title);
        number(out, "level", rule->level);
        number(out, "verdict", rule->verdict);
        texts(out, "attack", &rule->attack);
        texts(out, "because", &rule->because);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_needs(struct buf *out, const struct run_coverage *coverage)
{
    open(out, "needs", '[');
    for (uint32_t i = 0; i < coverage->need_count; i++) {
        const struct coverage_need *need = &coverage->needs[i];
        open(out, NULL, '{');
        text(out, "text", need->text);
        number(out, "rules", need->rules);
        number(out, "techniques", need->techniques);
        number(out, "hosts", need->hosts);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void write_logs(struct buf *out, const struct run_coverage *coverage)
{
    open(out, "sources", '[');
    for (uint32_t i = 0; i < coverage->source_count; i++) {
        const struct covered_source *source = &coverage->sources[i];
        open(out, NULL, '{');
        text(out, "name", source->name);
        number(out, "hosts", source->hosts);
        number(out, "events", source->events);
        moment(out, "first", source->first_ns);
        moment(out, "last", source->last_ns);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    open(out, "gaps", '[');
    for (uint32_t i = 0; i < coverage->gap_count; i++) {
        const struct coverage_gap *gap = &coverage->gaps[i];
        open(out, NULL, '{');
        text(out, "kind", gap_kind_id(gap->kind));
        text(out, "host", gap->host);
        text(out, "source", gap->source);
        moment(out, "from", gap->from_ns);
        moment(out, "to", gap->to_ns);
        text(out, "text", gap->text);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    number(out, "gaps_all", coverage->gaps_all);
}

static void write_coverage(struct buf *out, const struct run_coverage *coverage)
{
    open(out, "coverage", '{');
    flag(out, "judged", coverage->judged);
    text(out, "about", coverage->about);
    numbers(out, "rule_verdicts", coverage->rules_by_verdict, COVERAGE_VERDICTS);
    numbers(out, "technique_verdicts", coverage->techniques_by_verdict, COVERAGE_VERDICTS);
    number(out, "elsewhere", coverage->rules_elsewhere);
    write_techniques(out, coverage);
    write_rules(out, coverage);
    write_needs(out, coverage);
    write_logs(out, coverage);
    buf_add_char(out, '}');
}

/* ---- movement and incidents ---- */

static void write_edge(struct buf *out, const struct movement_edge *edge)
{
    open(out, NULL, '{');
    text(out, "account", edge->account);
    if (edge->source != UINT32_MAX)
        number(out, "source", edge->source);
    number(out, "target", edge->target);
    text(out, "kind", logon_kind_name(edge->kind));
    number(out, "succeeded", edge->succeeded);
    number(out, "failed", edge->failed);
    moment(out, "first", edge->first_ns);
    moment(out, "last", edge->last_ns);
    flag(out, "privileged", edge->privileged);
    flag(out, "new", edge->first_seen);
    buf_add_char(out, '}');
}

static void write_movement(struct buf *out, const struct run_movement *movement)
{
    open(out, "movement", '{');
    number(out, "logons", movement->logons);
    number(out, "edges_all", movement->edges_all);
    open(out, "places", '[');
    for (uint32_t i = 0; i < movement->place_count; i++) {
        const struct movement_place *place = &movement->places[i];
        open(out, NULL, '{');
        text(out, "name", place->name);
        number(out, "kind", place->kind);
        number(out, "findings", place->findings);
        number(out, "level", place->level);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    open(out, "edges", '[');
    for (uint32_t i = 0; i < movement->edge_count; i++)
        write_edge(out, &movement->edges[i]);
    buf_add_char(out, ']');
    open(out, "paths", '[');
    for (uint32_t i = 0; i < movement->path_count; i++)
        numbers(out, NULL, movement->paths[i].edges, movement->paths[i].count);
    buf_add(out, STR("]}"));
}

static void write_incidents(struct buf *out, const struct run_incidents *incidents)
{
    open(out, "incidents", '[');
    for (uint32_t i = 0; i < incidents->listed; i++) {
        const struct incident *incident = &incidents->at[i];
        open(out, NULL, '{');
        text(out, "title", incident->title);
        text(out, "story", incident->story);
        number(out, "level", incident->level);
        number(out, "findings", incident->findings);
        moment(out, "first", incident->first_ns);
        moment(out, "last", incident->last_ns);
        texts(out, "hosts", &incident->hosts);
        texts(out, "accounts", &incident->accounts);
        texts(out, "addresses", &incident->addresses);
        texts(out, "techniques", &incident->techniques);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    number(out, "incidents_all", incidents->count);
}

void html_write_report(const struct run_report *report, struct buf *out)
{
    write_read(out, report);
    write_not_seen(out, report);
    write_coverage(out, &report->coverage);
    write_movement(out, &report->movement);
    write_incidents(out, &report->incidents);
}
