/* report.c - see report.h. */
#include "engine/report.h"

#include "analytics/logon_graph.h"
#include "core/ensure.h"
#include "coverage/coverage_judge.h"
#include "model/event_kind.h"
#include "rules/correlated.h"

#define LISTED_MAX 100

static void add_warnings(struct notes *notes, const struct sigma_rule *rule)
{
    for (uint32_t i = 0; i < rule->note_count; i++)
        if (rule->notes[i].kind == NOTE_WARNING)
            notes_add(notes, (struct report_note){
                                 .path = rule->path,
                                 .text = rule->notes[i].text,
                                 .offset = rule->notes[i].line ? rule->notes[i].line : rule->line});
}

static struct report_note reason_of(const struct sigma_rule *rule)
{
    return (struct report_note){.path = rule->path,
                                .text = rule->reason,
                                .offset = rule->reason_line ? rule->reason_line : rule->line};
}

static void add_filters(struct run_report *report, const struct rule_set *rules,
                        struct notes *refused, struct notes *warnings)
{
    for (uint32_t i = 0; i < rules->filter_count; i++) {
        const struct sigma_rule *head = rules->filters[i]->head;
        report->filters_loaded += head->state == RULE_LOADED;
        if (head->state != RULE_LOADED)
            notes_add(refused, reason_of(head));
        add_warnings(warnings, head);
    }
}

static void add_rules(struct run_report *report, struct knowledge *knowledge, struct arena *arena)
{
    const struct rule_set *rules = &knowledge->rules;
    struct report_notes *lists[] = {&report->refused, &report->inert, &report->rule_warnings,
                                    &report->filters_refused};
    struct notes notes[ARRAY_COUNT(lists)];

    for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
        notes_init(&notes[i], arena, LISTED_MAX);
    for (uint32_t i = 0; i < rules->count; i++) {
        const struct sigma_rule *rule = rules->rules[i];
        if (rule->hidden)
            continue;
        report->rules_loaded += rule->state == RULE_LOADED;
        report->rules_filtered += rule->state == RULE_LOADED && rule->filters > 0;
        if (rule->state != RULE_LOADED)
            notes_add(&notes[rule->state == RULE_INERT], reason_of(rule));
        add_warnings(&notes[2], rule);
    }
    add_filters(report, rules, &notes[3], &notes[2]);
    for (uint32_t i = 0; i < knowledge->unreadable.count; i++)
        notes_add(&notes[0], knowledge->unreadable.at[i]);
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
        *lists[i] = notes_report(&notes[i]);
    report->rules_refused = (uint32_t)report->refused.count;
    report->rules_inert = (uint32_t)report->inert.count;
    report->rule_files = rules->files;
    report->rules_duplicate = rules->duplicates;
    report->documents_not_sigma = rules->not_sigma;
    report->rules_unserved = plan_statistics(knowledge->plan)->unserved;
}

/* Entries by what they took: `records` holds how many findings. */
static void add_suppressions(struct run_report *report, const struct suppressions *all,
                             const struct ledger *ledger, struct arena *arena)
{
    struct report_notes *lists[] = {&report->suppressed_by, &report->suppress_unused,
                                    &report->suppress_expired};
    struct notes notes[ARRAY_COUNT(lists)];

    for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
        notes_init(&notes[i], arena, LISTED_MAX);
    for (uint32_t i = 0; i < all->count; i++) {
        const struct suppression *entry = &all->at[i];
        uint64_t count = ledger->suppressed_by[i];
        struct report_note note = {
            .path = entry->path, .text = entry->reason, .offset = entry->line, .records = count};
        if (entry->rules_meant == 0)
            note.text = arena_printf(arena, "no rule that is loaded is meant (%.*s)",
                                     STR_ARG(entry->reason));
        notes_add(&notes[count > 0 ? 0 : entry->expired ? 2 : 1], note);
    }
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
        *lists[i] = notes_report(&notes[i]);
    report->suppressed = ledger->suppressed;
}

static void add_coverage(struct run_report *report, struct ledger *ledger,
                         const struct knowledge *knowledge, struct arena *arena)
{
    struct observations *seen = &ledger->observations;
    const struct coverage_question question = {.rules = &knowledge->rules,
                                               .taxonomy = &knowledge->taxonomy,
                                               .fields = &knowledge->fields,
                                               .recordings = &knowledge->recordings,
                                               .events = &seen->events,
                                               .hours = &seen->hours,
                                               .found = ledger->found_by_rule,
                                               .min_level = report->min_level};

    census_trim(&seen->events);
    census_trim(&seen->hours);
    coverage_judge(&question, arena, &report->coverage);
    for (uint32_t i = 0; i < report->coverage.technique_count; i++) {
        struct covered_technique *covered = &report->coverage.techniques[i];
        const struct technique *known = technique_find(&knowledge->techniques, covered->id);
        if (!known)
            continue;
        covered->name = known->name;
        covered->tactics = known->tactics;
    }
}

/* Machines that events were read of; they stand in the census by host. */
static struct estate_host *list_hosts(struct ledger *ledger, struct arena *arena, uint32_t *count)
{
    const struct census *events = &ledger->observations.events;
    const struct tally *found = &ledger->finding_hosts;
    struct estate_host *hosts = ARENA_ARRAY(arena, struct estate_host, events->count);
    struct event_kind kind;

    *count = 0;
    for (uint32_t i = 0; i < events->count; i++) {
        if (!event_kind_read(events->at[i].key, arena, &kind) || kind.host.len == 0 ||
            (*count > 0 && str_eq(hosts[*count - 1].name, kind.host)))
            continue;
        uint32_t at = map_find(&found->names, kind.host);
        struct estate_host *host = &hosts[(*count)++];
        *host = (struct estate_host){.name = kind.host};
        if (at != MAP_NONE) {
            host->findings = found->entries[at].count;
            host->level = found->entries[at].level;
        }
    }
    return hosts;
}

static void add_movement(struct run_report *report, struct ledger *ledger, struct arena *arena)
{
    struct logon_graph_question question = {.logons = &ledger->observations.logons,
                                            .sessions = &ledger->observations.sessions};

    census_trim(&ledger->observations.logons);
    census_trim(&ledger->observations.sessions);
    question.hosts = list_hosts(ledger, arena, &question.host_count);
    logon_graph_make(&question, arena, &report->movement);
}

void report_summaries(struct run_report *report, struct ledger *ledger, const bool *asked,
                      const struct keywords *keywords, struct arena *arena)
{
    struct summaries_question question = {
        .asked = asked, .events = &ledger->observations.events, .keywords = keywords};

    question.hosts = list_hosts(ledger, arena, &question.host_count);
    summaries_make(&question, arena, &report->summaries);
}

/* The listing's own complaints, and those of the reading. */
static struct report_notes join(struct notes *a, struct notes *b, struct arena *arena)
{
    struct report_notes left = notes_report(a), right = notes_report(b);
    struct notes all;

    notes_init(&all, arena, LISTED_MAX);
    for (uint32_t i = 0; i < left.listed; i++)
        notes_add(&all, left.at[i]);
    for (uint32_t i = 0; i < right.listed; i++)
        notes_add(&all, right.at[i]);
    all.added = left.count + right.count;
    return notes_report(&all);
}

/* Rules are counted under their ids and keys, and shown by their titles. */
static struct report_counts top_rules(struct tally *rules, struct arena *arena)
{
    struct report_counts counts = tally_report(rules, LISTED_MAX, arena);

    for (uint32_t i = 0; i < counts.listed; i++) {
        struct str rest = counts.at[i].name;
        counts.at[i].name = counts.at[i].id;
        counts.at[i].id = str_cut(&rest, '\0');
    }
    return counts;
}

void report_fill(struct run_report *report, struct evidence *evidence, struct ledger *ledger,
                 struct knowledge *knowledge, struct arena *arena)
{
    report->files = ledger_files_met(ledger);
    report->files_read = ledger->files_read;
    report->bytes = evidence->bytes;
    report->bytes_read = ledger_bytes_read(ledger);
    report->events = ledger->events;
    report->events_without_time = ledger->events_without_time;
    report->events_outside_time = ledger->events_outside_time;
    report->events_zone_assumed = ledger->events_zone_assumed;
    report->has_span = ledger->has_span;
    report->first_ns = ledger->first_ns;
    report->last_ns = ledger->last_ns;
    report->formats = tally_report(&ledger->formats, LISTED_MAX, arena);
    report->shapes = tally_report(&ledger->shapes, LISTED_MAX, arena);
    report->hosts = tally_report(&ledger->hosts, LISTED_MAX, arena);
    report->channels = tally_report(&ledger->channels, LISTED_MAX, arena);
    report->unreadable = join(&evidence->unreadable, &ledger->unreadable, arena);
    report->unknown_format = notes_report(&ledger->unknown_format);
    report->empty = notes_report(&ledger->empty);
    report->set_aside = notes_report(&ledger->set_aside);
    report->outward_links = join(&evidence->not_followed, &ledger->left_out, arena);
    report->strange_names = notes_report(&ledger->names);
    report->damaged = notes_report(&ledger->damaged);
    report->records_lost = ledger->records_lost;
    report->events_unrouted = ledger->unrouted;
    report->scripts_known = ledger->scripts_known;
    report->unrouted_example = ledger->unrouted_example;
    report->expressions_gave_up = ledger->gave_up;
    report->fields_dropped = ledger->fields_dropped;
    report->fallback_names = ledger->fallback_names;
    report->sandbox = ledger->sandbox_told ? ledger->sandbox : STR("nothing was read");
    report->findings = ledger->findings;
    report->findings_without_host = ledger->findings_without_host;
    report->duplicates = ledger->duplicates;
    for (unsigned i = 0; i < LEVEL_COUNT; i++)
        report->by_level[i] = ledger->by_level[i];
    report->top_rules = top_rules(&ledger->rules, arena);
    report->checks_found = (uint64_t)__builtin_popcountll(ledger->checks_found);
    report->top_indicators = top_rules(&ledger->found_indicators, arena);
    report->top_hosts = tally_report(&ledger->finding_hosts, LISTED_MAX, arena);
    report->techniques = tally_report(&ledger->techniques, LISTED_MAX, arena);
    add_rules(report, knowledge, arena);
    add_suppressions(report, &knowledge->suppressions, ledger, arena);
    add_coverage(report, ledger, knowledge, arena);
    add_movement(report, ledger, arena);
}

/* Several events have one group, and no fields. */
static void find_entities(const struct knowledge *knowledge, const struct sighting *sighting,
                          struct entities *entities)
{
    const struct sigma_rule *rule = knowledge_rule(knowledge, sighting->rule_key);

    for (uint32_t i = 0; i < sighting->matched_count; i++)
        correlated_entities(rule->correlation, i, sighting->matched[i].value.text, entities);
    entities->found = true;
}

void report_finding(const struct subjects *subjects, const struct sighting *sighting, bool partial,
                    struct event_facts *facts, struct finding *finding)
{
    static struct str interrupted[] = {
        STR_INIT("the run was interrupted before everything was read: there may be more")};
    struct subject subject;
    bool known = subject_find(subjects, sighting, facts->entities.arena, &subject);

    ENSURE(known);
    if (sighting->combined)
        find_entities(subjects->knowledge, sighting, &facts->entities);
    *finding = (struct finding){.kind = subject.kind,
                                .id = subject.id,
                                .title = subject.title,
                                .level = subject.level,
                                .verdict = VERDICT_YES,
                                .because = {interrupted, partial ? 1 : 0},
                                .attack = subject.attack,
                                .time_ns = sighting->time_ns,
                                .has_time = sighting->has_time,
                                .host = sighting->host,
                                .path = sighting->path,
                                .format = sighting->format,
                                .is_line = sighting->is_line,
                                .number = sighting->number,
                                .offset = sighting->offset,
                                .facts = facts,
                                .messages = &subjects->knowledge->messages,
                                .matched = sighting->matched,
                                .matched_count = sighting->matched_count,
                                .fields = sighting->event,
                                .fields_checked = true, /* by the ledger */
                                .why = sighting->why,
                                .combined = sighting->combined};
}
