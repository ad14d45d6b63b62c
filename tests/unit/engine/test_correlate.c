/* test_correlate.c - what correlations make of what the worker told. */
#include "engine/correlate.h"
#include "engine/findings.h"

#include "unit/os/scratch_folder.h"

#define SECOND INT64_C(1000000000)

static struct evidence evidence;
static struct knowledge knowledge;
static struct spool *spool;
static struct ledger ledger;
static struct correlations correlations;
static struct arena *arena;
static struct buf said, found;

static const char rules[] =
    "title: Member\nname: m\nid: 11111111-1111-4111-8111-111111111111\n"
    "logsource: {category: process_creation, product: windows}\n"
    "detection: {s: {Image: a}, condition: s}\n---\n"
    "title: Twice\nname: t\nid: 22222222-2222-4222-8222-222222222222\n"
    "correlation: {type: event_count, rules: [m], group-by: [u], timespan: 1m,\n"
    "  condition: {gte: 2}}\n---\n"
    "title: Over\nid: 33333333-3333-4333-8333-333333333333\n"
    "correlation: {type: event_count, rules: [t], group-by: [u], timespan: 1h,\n"
    "  generate: true, condition: {gte: 1}}\n";

static void begin(void)
{
    struct why why;
    const char *path, *folder;

    arena = arena_new("test", 1u << 26);
    scratch_begin();
    scratch_folder("f");
    scratch_text("f/b.json", "01234567890123456789");
    path = scratch_text("rules.yml", rules);
    const struct knowledge_options options = {.rules = {&path, 1}, .cache = "off"};
    CHECK_INT(knowledge_load(&knowledge, &options, &why), ERR_NONE);
    folder = scratch("f");
    evidence_list(&evidence, &folder, 1);
    spool = spool_new(1u << 20, "/tmp");
    ledger_init(&ledger, &evidence, &knowledge, spool);
    buf_init(&said, 1u << 24);
    buf_init(&found, 1u << 20);
    const struct file_message file = {.progress = FILE_OPENED,
                                      .format = format_index(format_by_name(STR("json")))};
    message_add_file(&said, &file);
    message_add_file(&said,
                     &(struct file_message){.progress = FILE_RECOGNISED, .format = file.format});
    message_add_piece(&said, &(struct piece_message){.end = 20, .last = true});
}

static void end(void)
{
    correlations_free(&correlations);
    ledger_free(&ledger);
    spool_free(spool);
    evidence_free(&evidence);
    knowledge_free(&knowledge);
    buf_free(&said);
    buf_free(&found);
    arena_free(arena);
    scratch_end();
}

/* A match of the first rule in a line; NULL: what is asked for is not told. */
static void say_match(uint64_t line, int64_t second, const char *user)
{
    const struct sigma_rule *rule = knowledge.rules.rules[0];
    struct str asked = user ? str_from(user) : STR_EMPTY;
    struct sighting sighting = {.time_ns = second * SECOND,
                                .has_time = true,
                                .rule_key = rule->key,
                                .rule_id = rule->id,
                                .path = STR_EMPTY,
                                .format = STR_EMPTY,
                                .is_line = true,
                                .number = line,
                                .offset = line * 5,
                                .host = STR("h"),
                                .why = STR_EMPTY,
                                .event = STR("{}"),
                                .asked = &asked,
                                .asked_count = user ? 1 : 0};
    struct buf message;

    buf_init(&message, 1u << 20);
    message_begin_matches(&message, 0, 0, 0);
    sightings_encode(&(struct sightings){&sighting, 1}, &message);
    message_end_matches(&message, 1);
    buf_add(&said, buf_str(&message));
    buf_free(&message);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static void show(void *context, const struct spool_key *key, const struct sighting *sighting,
                 struct event_facts *facts)
{
    const struct combined *combined = sighting->combined;
    (void)context;
    (void)key;
    (void)facts;

    if (sighting->kind != SIGHTING_CORRELATION)
        return;
    CHECK_STR(sighting->event, "{}");
    CHECK(str_ends_with(sighting->path, STR("/f/b.json")));
    buf_printf(&found, "%.*s x%llu %lld-%lld %.*s:",
               STR_ARG(knowledge_rule(&knowledge, sighting->rule_key)->title),
               (unsigned long long)combined->count, (long long)(combined->first_ns / SECOND),
               (long long)(combined->last_ns / SECOND), STR_ARG(sighting->matched[0].value.text));
    for (uint32_t i = 0; i < combined->event_count; i++) {
        const struct combined_event *event = &combined->events[i];
        CHECK(str_eq(event->path, sighting->path));
        CHECK_STR(event->format, "json");
        CHECK(event->is_line && event->offset == event->number * 5);
        buf_printf(&found, " %.*s line %llu at %lld", STR_ARG(event->title),
                   (unsigned long long)event->number, (long long)(event->time_ns / SECOND));
    }
    buf_add_char(&found, '\n');
}

/* What is found, with all depths in one order. */
static struct str correlated(void)
{
    const struct correlate_options options = {1u << 20, "/tmp", never, NULL};
    const struct findings_visitor visitor = {.stop = never, .visit = show};
    struct spool *spools[CORRELATION_CHAIN_MAX + 1] = {spool};

    message_add_part(&said, &(struct part_message){.last = true, .end = 20, .events = 1});
    CHECK_INT(ledger_take(&ledger, buf_str(&said)), (ptrdiff_t)said.len);
    CHECK_INT(correlate(&correlations, &ledger, &options), ERR_NONE);
    for (uint32_t i = 0; i < correlations.depths; i++)
        spools[i + 1] = correlations.spools[i];
    CHECK_INT(findings_visit(&ledger, spools, correlations.depths + 1, arena, &visitor), ERR_NONE);
    return buf_str(&found);
}

TEST(events_come_with_their_places)
{
    begin();
    say_match(1, 20, "ada");
    say_match(2, 10, "ada");
    say_match(3, 15, "bob");
    CHECK_STR(correlated(), "Twice x2 10-20 ada: Member line 2 at 10 Member line 1 at 20\n"
                            "Over x1 20-20 ada: Twice line 1 at 20\n");
    CHECK_INT(correlations.depths, 2);
    CHECK_INT(correlations.untold, 0);
    end();
}

TEST(matches_of_which_the_values_are_not_told_are_counted)
{
    struct run_report report = {0};

    begin();
    say_match(1, 10, NULL);
    say_match(2, 20, "ada");
    say_match(3, 30, NULL);
    CHECK_STR(correlated(), "");
    correlations_report(&correlations, &report);
    CHECK_INT(report.correlation_untold, 2);
    CHECK_INT(report.correlation_untimed, 0);
    end();
}

TEST(groups_that_are_let_go_are_counted)
{
    static char name[1000];
    struct run_report report = {0};

    begin();
    memset(name, 'x', sizeof(name) - 1);
    for (unsigned i = 0; i < 4000; i++) {
        name[snprintf(name, 10, "%u", i)] = '-';
        say_match(i, i / 100, name);
    }
    correlated();
    correlations_report(&correlations, &report);
    CHECK(report.correlation_groups_let_go > 1000);
    CHECK_INT(report.correlation_matches_let_go, report.correlation_groups_let_go);
    end();
}
