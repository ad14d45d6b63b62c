/* correlate.c - see correlate.h. */
#include "engine/correlate.h"

#include "analytics/correlator.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "engine/findings.h"
#include "rules/correlated.h"

#define ARENA_BYTES_MAX ((size_t)256 << 20)
#define LET_GO "; it may have gone on: there was no memory to follow it"

struct correlating {
    struct correlations *correlations;
    const struct ledger *ledger;
    const struct correlate_options *options;
    const struct rule_set *rules;
    struct correlated *correlated;
    uint32_t depth;
    struct correlator *correlator;
    struct arena *arena; /* of one finding */
    struct buf why, entry;
    enum err err;
};

/* ---- what is found ---- */

/* The events that are listed. */
static const struct combined *combine(struct correlating *c,
                                      const struct correlation_finding *finding)
{
    struct combined *combined = ARENA_NEW(c->arena, struct combined);
    struct combined_event *events =
        ARENA_ARRAY(c->arena, struct combined_event, finding->event_count);

    for (uint32_t i = 0; i < finding->event_count; i++) {
        const struct correlated_event *event = &finding->events[i];
        const struct sigma_rule *rule = c->rules->rules[event->rule];
        const struct format *format;
        events[i] = (struct combined_event){
            .id = rule->id,
            .title = rule->title,
            .path = ledger_file_shown(c->ledger, event->place.file, &format),
            .number = event->place.number,
            .offset = event->place.offset,
            .time_ns = event->time_ns,
        };
        events[i].format = str_from(format->name);
        events[i].is_line = format->lines != NULL;
    }
    *combined = (struct combined){.first_ns = finding->first_ns,
                                  .last_ns = finding->last_ns,
                                  .count = finding->count,
                                  .events = events,
                                  .event_count = finding->event_count};
    return combined;
}

static struct matched_field *group_of(struct correlating *c, const struct correlation *correlation,
                                      const struct correlation_finding *finding)
{
    struct matched_field *fields =
        ARENA_ARRAY(c->arena, struct matched_field, correlation->group_count);

    for (uint32_t i = 0; i < correlation->group_count; i++)
        fields[i] = (struct matched_field){correlation->group_by[i],
                                           value_string(utf8_checked(finding->group[i], c->arena))};
    return fields;
}

static uint32_t find_suppressed(struct correlating *c, const struct sigma_rule *rule,
                                const struct correlation_finding *finding)
{
    const struct correlated_finding found = {
        .rule = rule, .host = finding->host, .group = finding->group, .shared = finding->shared};

    return correlated_suppression(c->correlated, &found) + 1;
}

static void take_finding(void *context, const struct correlation_finding *finding)
{
    struct correlating *c = context;
    const struct sigma_rule *rule = c->rules->rules[finding->rule];
    const struct format *format;

    arena_reset(c->arena);
    buf_reset(&c->why);
    correlation_explain(rule->correlation, finding->measured, &c->why);
    if (finding->let_go)
        buf_add(&c->why, STR(LET_GO));
    (void)ledger_file_shown(c->ledger, finding->place.file, &format);
    struct str *values = ARENA_ARRAY(c->arena, struct str, rule->asked_count);
    for (uint32_t i = 0; i < rule->asked_count; i++)
        values[i] = finding->values[i];
    struct sighting sighting = {
        .time_ns = finding->time_ns,
        .has_time = true,
        .kind = SIGHTING_CORRELATION,
        .rule_key = rule->key,
        .rule_id = rule->id,
        .path = STR_EMPTY,
        .format = STR_EMPTY,
        .is_line = format->lines != NULL,
        .number = finding->place.number,
        .offset = finding->place.offset,
        .host = finding->host,
        .event = STR("{}"),
        .why = STR_EMPTY,
        .suppressed = find_suppressed(c, rule, finding),
    };
    if (!sighting.suppressed) {
        sighting.matched = group_of(c, rule->correlation, finding);
        sighting.matched_count = rule->correlation->group_count;
        sighting.combined = combine(c, finding);
        sighting.why = buf_str(&c->why);
        sighting.asked = values;
        sighting.asked_count = rule->asked_count;
    }
    const struct spool_key key = {.time_ns = finding->time_ns,
                                  .has_time = true,
                                  .rank = finding->place.file,
                                  .number = finding->place.number,
                                  .offset = finding->place.offset,
                                  .rule = rule->key};
    buf_reset(&c->entry);
    sightings_encode(&(struct sightings){&sighting, 1}, &c->entry);
    if (!c->err)
        c->err = spool_add(c->correlations->spools[c->depth], &key, buf_str(&c->entry));
}

/* ---- what it is found in ---- */

static void take_sighting(void *context, const struct spool_key *key,
                          const struct sighting *sighting, struct event_facts *facts)
{
    struct correlating *c = context;
    bool is_finding = sighting->kind == SIGHTING_CORRELATION;
    (void)facts;

    if (sighting->suppressed || !sighting_is_of_rule(sighting))
        return;
    uint32_t rule = knowledge_rule_index(c->ledger->knowledge, sighting->rule_key);
    ENSURE(rule < c->rules->count);
    if (!correlator_wants(c->correlator, rule, is_finding))
        return;
    if (sighting->asked_count != c->rules->rules[rule]->asked_count) { /* the worker may lie */
        c->correlations->untold++;
        return;
    }
    if (!sighting->has_time) {
        c->correlations->untimed++;
        return;
    }
    const struct correlation_match match = {.rule = rule,
                                            .is_finding = is_finding,
                                            .time_ns = sighting->time_ns,
                                            .place = {key->rank, key->number, key->offset},
                                            .host = sighting->host,
                                            .values = sighting->asked};
    correlator_take(c->correlator, &match);
}

static bool stop(void *context)
{
    const struct correlating *c = context;

    return c->err || c->options->stop(c->options->context);
}

static enum err run_depth(struct correlating *c, struct arena *arena)
{
    const struct correlator_sink sink = {c, take_finding};
    const struct findings_visitor visitor = {.context = c, .stop = stop, .visit = take_sighting};
    struct correlations *all = c->correlations;
    struct spool *spools[CORRELATION_CHAIN_MAX + 1] = {c->ledger->spool};

    for (uint32_t i = 0; i < c->depth; i++)
        spools[i + 1] = all->spools[i];
    all->spools[c->depth] = spool_new(c->options->memory, c->options->temp);
    spool_order(all->spools[c->depth], ledger_compare_files, c->ledger);
    all->depths = c->depth + 1;
    c->correlator = correlator_new(c->rules, c->depth, c->options->memory, &sink);
    enum err err = findings_visit(c->ledger, spools, c->depth + 1, arena, &visitor);
    correlator_end(c->correlator);
    const struct correlator_counts *counts = correlator_counts(c->correlator);
    all->without_field += counts->without_field;
    all->without_value += counts->without_value;
    all->groups_let_go += counts->groups_let_go;
    all->matches_let_go += counts->matches_let_go;
    correlator_free(c->correlator);
    return err ? err : c->err;
}

static uint32_t depths_of(const struct rule_set *rules)
{
    uint32_t depths = 0;

    for (uint32_t i = 0; i < rules->count; i++) {
        const struct sigma_rule *rule = rules->rules[i];
        if (rule->state == RULE_LOADED && rule->correlation && rule->correlation->depth >= depths)
            depths = rule->correlation->depth + 1;
    }
    ENSURE(depths <= CORRELATION_CHAIN_MAX);
    return depths;
}

enum err correlate(struct correlations *correlations, const struct ledger *ledger,
                   const struct correlate_options *options)
{
    const struct rule_set *rules = &ledger->knowledge->rules;
    uint32_t depths = depths_of(rules);
    struct correlating c = {
        .correlations = correlations, .ledger = ledger, .options = options, .rules = rules};
    enum err err = ERR_NONE;

    *correlations = (struct correlations){.depths = 0};
    if (depths == 0)
        return ERR_NONE;
    struct arena *arena = arena_new("correlation's event", ARENA_BYTES_MAX);
    c.arena = arena_new("correlation", ARENA_BYTES_MAX);
    struct matcher *matcher = matcher_new(ledger->knowledge->plan);
    c.correlated = correlated_new(&ledger->knowledge->suppressions, matcher);
    struct buf *const buffers[] = {&c.why, &c.entry};
    for (size_t i = 0; i < ARRAY_COUNT(buffers); i++)
        buf_init(buffers[i], ARENA_BYTES_MAX);
    for (c.depth = 0; c.depth < depths && !err; c.depth++)
        err = run_depth(&c, arena);
    for (size_t i = 0; i < ARRAY_COUNT(buffers); i++)
        buf_free(buffers[i]);
    correlated_free(c.correlated);
    matcher_free(matcher);
    arena_free(c.arena);
    arena_free(arena);
    return err;
}

void correlations_report(const struct correlations *correlations, struct run_report *report)
{
    report->correlation_untimed = correlations->untimed;
    report->correlation_without_field = correlations->without_field;
    report->correlation_without_value = correlations->without_value;
    report->correlation_untold = correlations->untold;
    report->correlation_groups_let_go = correlations->groups_let_go;
    report->correlation_matches_let_go = correlations->matches_let_go;
}

void correlations_free(struct correlations *correlations)
{
    for (uint32_t i = 0; i < correlations->depths; i++)
        spool_free(correlations->spools[i]);
    correlations->depths = 0;
}
