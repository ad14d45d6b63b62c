/* evidence_maker.h - rules, log sources and what was seen of them, for the tests of coverage. */
#ifndef EVIDENCE_MAKER_H
#define EVIDENCE_MAKER_H

#include "coverage/coverage_judge.h"
#include "model/event_kind.h"
#include "rules/judge.h"

#include "testkit.h"

#define MAKER_UNUSED __attribute__((unused))
#define HOUR EVENT_HOUR_NS

/* Two logs that record the start of processes, and one of anything. */
static const char maker_taxonomy[] = "- category: process_creation\n"
                                     "  product: windows\n"
                                     "  service: sysmon\n"
                                     "  when: {Channel: Sysmon, EventID: 1}\n"
                                     "  needs: Sysmon\n"
                                     "- category: process_creation\n"
                                     "  product: windows\n"
                                     "  service: security\n"
                                     "  when: {Channel: Security, EventID: 4688}\n"
                                     "  needs: Audit Process Creation\n"
                                     "  filled_by: {CommandLine: Include command lines}\n"
                                     "  fields:\n"
                                     "    Image: NewProcessName\n"
                                     "    User: {join: [Domain, Name], with: '-'}\n"
                                     "- product: windows\n"
                                     "  service: security\n"
                                     "  when: {Channel: Security}\n"
                                     "  needs: the channel Security\n"
                                     "- product: linux\n"
                                     "  service: sshd\n"
                                     "  when: {Channel: sshd}\n"
                                     "  needs: sshd\n";

static const char maker_recordings[] = "- channel: Security\n"
                                       "  needs: Audit Process Creation\n"
                                       "  events: [4688, 4696]\n"
                                       "  default: false\n"
                                       "- channel: Security\n"
                                       "  needs: Audit Logon\n"
                                       "  events: [4624, 4625]\n"
                                       "  default: true\n"
                                       "- channel: Security\n"
                                       "  needs: Audit File Share\n"
                                       "  events: [5140, 5142]\n"
                                       "  default: false\n";

static struct {
    struct arena *arena;
    struct rule_set rules;
    struct taxonomy taxonomy;
    struct recordings recordings;
    struct field_dictionary fields;
    struct census events, hours;
    uint64_t found[64];
    struct run_coverage coverage;
} made;

/* One rule: its log source, its detection with the condition, and a technique. */
MAKER_UNUSED static void make_rule(const char *title, const char *source, const char *detection,
                                   const char *technique)
{
    struct str text = arena_printf(made.arena,
                                   "title: %s\n"
                                   "logsource: {%s}\n"
                                   "tags: [attack.%s]\n"
                                   "detection:\n%s"
                                   "level: high\n",
                                   title, source, technique, detection);

    rule_set_add(&made.rules, str_from(title), text, NULL);
}

static void make_begin(void)
{
    struct why why;

    memset(&made, 0, sizeof(made));
    made.arena = arena_new("test", (size_t)256 << 20);
    rule_set_init(&made.rules, made.arena);
    taxonomy_init(&made.taxonomy, made.arena);
    recordings_init(&made.recordings, made.arena);
    CHECK(taxonomy_add(&made.taxonomy, STR("t.yml"), str_from(maker_taxonomy), &why) == ERR_NONE);
    CHECK(recordings_add(&made.recordings, str_from(maker_recordings), &why) == ERR_NONE);
}

/* After the last rule. */
MAKER_UNUSED static void make_rules_end(void)
{
    rule_set_finish(&made.rules);
    fields_init(&made.fields, made.arena);
    judge_add_fields(&made.rules, &made.taxonomy, &made.fields);
    fields_freeze(&made.fields);
    census_init(&made.events, "events", 1000, made.fields.count / 64 + 1);
    census_init(&made.hours, "hours", 1000, 0);
    for (uint32_t i = 0; i < made.rules.count; i++)
        if (made.rules.rules[i]->state != RULE_LOADED)
            TESTKIT_FAIL("%.*s", STR_ARG(made.rules.rules[i]->reason));
}

static void make_end(void)
{
    census_free(&made.events);
    census_free(&made.hours);
    arena_free(made.arena);
}

/* An event of a kind, with a value in these fields (split by blanks). `entries` are bits. */
MAKER_UNUSED static void make_seen(const char *host, const char *channel, const char *event_id,
                                   uint64_t entries, const char *fields)
{
    const struct event_kind kind = {.host = str_from(host),
                                    .channel = str_from(channel),
                                    .event_id = str_from(event_id),
                                    .format = STR("evtx"),
                                    .windows = strcmp(channel, "sshd") != 0,
                                    .entries = &entries,
                                    .words = 1};
    struct str rest = str_from(fields);
    struct buf key;

    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    event_kind_write(&kind, &key);
    struct census_row *row = census_find(&made.events, buf_str(&key));
    census_row_count(row, true, 0, 1);
    while (rest.len > 0) {
        uint16_t id = fields_find(&made.fields, str_cut(&rest, ' '));
        if (id != FIELD_NONE)
            row->bits[id / 64] |= (uint64_t)1 << (id % 64);
    }
    buf_free(&key);
}

/* Events of a log, one after the other, from a time on; record numbers from `number` on, if any. */
MAKER_UNUSED static void make_hour(const char *host, const char *source, int64_t time_ns,
                                   uint64_t number, uint32_t count)
{
    const struct event_hour hour = {str_from(host), str_from(source), event_hour_of(time_ns)};
    struct buf key;

    buf_init(&key, CENSUS_KEY_BYTES_MAX);
    event_hour_write(&hour, &key);
    struct census_row *row = census_find(&made.hours, buf_str(&key));
    for (uint32_t i = 0; i < count; i++)
        census_row_count(row, true, time_ns + i, number ? number + i : 0);
    buf_free(&key);
}

MAKER_UNUSED static void make_judgement(void)
{
    const struct coverage_question question = {.rules = &made.rules,
                                               .taxonomy = &made.taxonomy,
                                               .fields = &made.fields,
                                               .recordings = &made.recordings,
                                               .events = &made.events,
                                               .hours = &made.hours,
                                               .found = made.found};

    census_trim(&made.events);
    census_trim(&made.hours);
    coverage_judge(&question, made.arena, &made.coverage);
}

/* What was said of a rule; a "none" verdict where it is not listed. */
MAKER_UNUSED static struct covered_rule made_rule(const char *title)
{
    for (uint32_t i = 0; i < made.coverage.rule_count; i++)
        if (str_eq(made.coverage.rules[i].title, str_from(title)))
            return made.coverage.rules[i];
    return (struct covered_rule){.verdict = COVERAGE_VERDICTS};
}

#endif
