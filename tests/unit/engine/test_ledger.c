/* test_ledger.c: what the worker says counts in order, once, and only if it can be. */
#include "engine/ledger.h"

#include "unit/os/scratch_folder.h"

static struct evidence evidence;
static struct knowledge knowledge;
static struct spool *spool;
static struct ledger ledger;
static struct buf said;
static struct arena *arena;

#define RULE                                                                                       \
    "title: A rule\nid: 11111111-1111-4111-8111-111111111111\nlevel: high\n"                       \
    "logsource: {category: process_creation, product: windows}\n"                                  \
    "detection:\n  selection:\n    Image: a\n  condition: selection\n"

static void load_once(void)
{
    static const char *path, *suppress;
    struct why why;

    if (arena)
        return;
    arena = arena_new("test", 1u << 26);
    scratch_begin();
    scratch_folder("f");
    scratch_text("f/0.json", "0123456789");
    scratch_text("f/1.json", "01234567890123456789");
    scratch_text("f/2.json", "0");
    path = scratch_text("rule.yml", RULE);
    suppress = scratch_text("suppress.yml", "- {host: a, reason: one}\n- {host: b, reason: two}\n");
    const struct knowledge_options options = {
        .rules = {&path, 1}, .suppress = {&suppress, 1}, .cache = "off"};
    CHECK_INT(knowledge_load(&knowledge, &options, &why), ERR_NONE);
}

static void begin_with(const char *const *paths, size_t count)
{
    load_once();
    evidence_list(&evidence, paths, count);
    spool = spool_new(1u << 20, "/tmp");
    ledger_init(&ledger, &evidence, &knowledge, spool);
    buf_free(&said);
    buf_init(&said, 1u << 24);
}

static void begin(void)
{
    load_once();
    const char *path = scratch("f");
    begin_with(&path, 1);
}

static void end(void)
{
    ledger_free(&ledger);
    spool_free(spool);
    evidence_free(&evidence);
}

/* Gives what was said to the ledger; false if it is a breach. */
static bool hear(void)
{
    ptrdiff_t taken = ledger_take(&ledger, buf_str(&said));
    bool good = taken == (ptrdiff_t)said.len;

    buf_reset(&said);
    return good;
}

static void say_file(uint32_t file, enum file_progress progress)
{
    const struct file_message message = {
        .file = file, .progress = progress, .format = format_index(format_by_name(STR("json")))};

    message_add_file(&said, &message);
}

static void say_opened(uint32_t file)
{
    say_file(file, FILE_OPENED);
    say_file(file, FILE_RECOGNISED);
}

static void say_piece(uint32_t file, uint32_t piece, uint64_t begin_at, uint64_t end_at, bool last)
{
    message_add_piece(&said, &(struct piece_message){file, piece, begin_at, end_at, last});
}

static void say_part(uint32_t file, uint32_t piece, bool last, uint64_t end_at, uint64_t lines)
{
    const struct part_message part = {
        .file = file, .piece = piece, .last = last, .end = end_at, .lines = lines, .events = 1};

    message_add_part(&said, &part);
}

/* A message with one match in line `line` of the piece. */
static void say_match(uint32_t file, uint32_t piece, uint64_t line, const struct sighting *changed)
{
    struct sighting sighting = {.rule_key = knowledge.rules.rules[0]->key,
                                .path = STR_EMPTY,
                                .format = STR_EMPTY,
                                .rule_id = knowledge.rules.rules[0]->id,
                                .is_line = true,
                                .host = STR("host"),
                                .why = STR("because"),
                                .event = STR("{}")};
    struct buf message;

    if (changed)
        sighting = *changed;
    sighting.number = line;
    buf_init(&message, 1u << 20);
    message_begin_matches(&message, file, piece, 0);
    sightings_encode(&(struct sightings){&sighting, 1}, &message);
    message_end_matches(&message, 1);
    buf_add(&said, buf_str(&message));
    buf_free(&message);
}

/* The lines of everything in the spool, in its order, as "path:line ". */
static const char *spooled(void)
{
    static char text[1024];
    struct sightings sightings;
    struct spool_key key;
    struct str entry;
    size_t used = 0;

    text[0] = '\0';
    CHECK_INT(spool_sort(spool), ERR_NONE);
    while (spool_next(spool, &key, &entry)) {
        CHECK(ledger_decode(&ledger, &key, entry, arena, &sightings));
        for (uint32_t i = 0; i < sightings.count; i++) {
            const struct sighting *sighting = &sightings.at[i];
            CHECK_STR(sighting->format, "json");
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%c:%llu ",
                                     sighting->path.at[sighting->path.len - 6],
                                     (unsigned long long)sighting->number);
        }
    }
    return text;
}

TEST(a_file_is_read_when_its_last_piece_counts)
{
    begin();
    say_opened(0);
    say_piece(0, 0, 0, 5, false);
    say_piece(0, 1, 5, 10, true);
    say_part(0, 0, true, 5, 2);
    CHECK(hear());
    CHECK_INT(ledger.files_read, 0);
    CHECK_INT(ledger.events, 1);
    CHECK_INT(ledger.bytes_passed, 5);
    say_part(0, 1, true, 10, 3);
    CHECK(hear());
    CHECK_INT(ledger.files_read, 1);
    CHECK_INT(ledger.events, 2);
    CHECK_INT(ledger_bytes_read(&ledger), 10);
    end();
}

TEST(pieces_count_in_their_order_and_lines_go_on)
{
    begin();
    say_opened(1);
    say_piece(1, 2, 10, 20, true); /* threads tell in any order */
    say_piece(1, 0, 0, 5, false);
    say_match(1, 2, 1, NULL);
    say_part(1, 2, true, 20, 4);
    CHECK(hear());
    CHECK_INT(ledger.events, 0);
    say_piece(1, 1, 5, 10, false);
    say_match(1, 1, 3, NULL);
    say_part(1, 1, true, 10, 3);
    CHECK(hear());
    CHECK_INT(ledger.events, 0);
    say_match(1, 0, 7, NULL);
    say_part(1, 0, true, 5, 100);
    CHECK(hear());
    CHECK_INT(ledger.events, 3);
    CHECK_INT(ledger.files_read, 1);
    CHECK(strcmp(spooled(), "1:7 1:103 1:104 ") == 0);
    end();
}

TEST(matches_wait_for_their_part)
{
    begin();
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    say_match(0, 0, 1, NULL);
    say_part(0, 0, false, 4, 1);
    say_match(0, 0, 2, NULL);
    CHECK(hear());
    CHECK(strcmp(spooled(), "0:1 ") == 0);
    end();
}

TEST(a_message_may_come_in_pieces)
{
    begin();
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    say_part(0, 0, true, 10, 1);
    size_t used = 0;
    for (size_t len = 0; len <= said.len; len++) {
        ptrdiff_t taken = ledger_take(&ledger, str_slice(buf_str(&said), used, len));
        CHECK(taken >= 0);
        used += (size_t)(taken > 0 ? taken : 0);
    }
    CHECK_INT(used, said.len);
    CHECK_INT(ledger.files_read, 1);
    end();
}

TEST(every_file_has_one_end)
{
    const char *paths[] = {scratch("f"), scratch("named")};

    scratch_text("named", "buy milk");
    begin_with(paths, 2);
    say_file(0, FILE_OPENED);
    say_file(0, FILE_EMPTY);
    say_file(1, FILE_OPENED);
    say_file(1, FILE_UNKNOWN);
    say_opened(2);
    say_piece(2, 0, 0, 1, true);
    say_part(2, 0, true, 1, 1);
    message_add_end(&said);
    CHECK(!hear()); /* one is left */
    CHECK(!ledger.ended);
    say_file(3, FILE_OPENED);
    say_file(3, FILE_UNKNOWN);
    message_add_end(&said);
    CHECK(hear());
    CHECK(ledger.ended);
    CHECK_INT(ledger.files_read, 1);
    CHECK_INT(ledger.empty.added, 1);
    CHECK_INT(ledger.unknown_format.added, 1);
    CHECK_INT(ledger.unreadable.added, 1); /* it was named */
    CHECK(ledger.named_failed && ledger_is_unreadable(&ledger));
    CHECK_INT(ledger.bytes_passed, evidence.bytes);
    CHECK_INT(ledger_bytes_read(&ledger), 1);
    end();
}

TEST(a_file_that_fails_in_the_middle_is_unreadable_once)
{
    struct part_message part = {.file = 1, .events = 1, .last = true, .err = ERR_CHANGED};

    begin();
    say_opened(1);
    for (uint32_t i = 0; i < 3; i++) {
        say_piece(1, i, i * 5, i * 5 + 5, i == 2);
        part.piece = i;
        part.end = i * 5 + 2;
        message_add_part(&said, &part);
    }
    CHECK(hear());
    CHECK_INT(ledger.unreadable.added, 1);
    CHECK_INT(ledger.files_read, 0);
    CHECK_INT(ledger.events, 3);
    CHECK_INT(ledger.bytes_passed, 20);
    CHECK_INT(ledger_bytes_read(&ledger), 2);
    CHECK(!ledger.named_failed); /* it stands in a folder */
    CHECK(ledger_is_unreadable(&ledger));
    end();
}

TEST(a_breach_is_not_believed)
{
    struct sighting sighting = {.rule_key = 99, .is_line = true, .event = STR("{}")};

    begin();
    say_file(3, FILE_OPENED); /* there are three */
    CHECK(!hear());
    say_piece(0, 0, 0, 10, true); /* was not recognised */
    CHECK(!hear());
    say_opened(0);
    say_piece(0, 0, 0, 10, false);
    CHECK(hear());
    say_piece(0, 0, 0, 10, false); /* was taken */
    CHECK(!hear());
    say_part(0, 1, true, 10, 1); /* was not taken */
    CHECK(!hear());
    say_match(0, 1, 1, NULL);
    CHECK(!hear());
    say_match(0, 0, 1, &sighting); /* no such rule */
    say_part(0, 0, false, 1, 1);
    CHECK(!hear());
    end();
    sighting.rule_key = knowledge.rules.rules[0]->key;
    static const char *const events[] = {"{\"torn\":", "[1]", "{}{}", "", "null"};
    for (size_t i = 0; i < ARRAY_COUNT(events); i++) {
        begin();
        sighting.event = str_from(events[i]);
        say_opened(0);
        say_piece(0, 0, 0, 10, true);
        say_match(0, 0, 1, &sighting);
        say_part(0, 0, true, 10, 1);
        CHECK(!hear());
        end();
    }
    begin();
    sighting.event = STR("{}");
    sighting.is_line = false; /* JSON has lines */
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    say_match(0, 0, 1, &sighting);
    say_part(0, 0, true, 10, 1);
    CHECK(!hear());
    end();
}

TEST(indicators_are_counted_and_named_by_their_index)
{
    struct sighting sighting = {.kind = SIGHTING_INDICATOR,
                                .rule_key = 1,
                                .is_line = true,
                                .host = STR("host"),
                                .event = STR("{}")};
    const char *path = scratch_text("list.txt", "evil.example\nbad.example # Group\n");
    const struct path_list paths = {&path, 1};
    struct indicators indicators;
    struct why why;
    struct subject subject;

    CHECK_INT(indicators_load(&indicators, &paths, &(struct own_indicators){0}, &why), ERR_NONE);
    for (uint64_t index = 1; index < 3; index++) { /* there is 0 and 1 */
        begin();
        ledger.indicators = indicators.set;
        sighting.rule_key = index;
        say_opened(0);
        say_piece(0, 0, 0, 10, true);
        say_match(0, 0, 1, &sighting);
        say_part(0, 0, true, 10, 1);
        CHECK(hear() == (index == 1));
        end();
    }
    begin();
    sighting.rule_key = 1; /* without a set there is none */
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    say_match(0, 0, 1, &sighting);
    say_part(0, 0, true, 10, 1);
    CHECK(!hear());
    ledger.indicators = indicators.set;
    ledger_count_finding(&ledger, &sighting);
    CHECK_INT(ledger.by_level[LEVEL_HIGH], 1);
    CHECK_INT(ledger.rules.count, 0);
    CHECK_INT(ledger.found_indicators.count, 1);
    CHECK_STR(ledger.found_indicators.entries[0].id, "Domain bad.example is an indicator of Group");
    const struct subjects subjects = ledger_subjects(&ledger);
    CHECK(subject_find(&subjects, &sighting, arena, &subject));
    CHECK_INT(subject.kind, FINDING_INDICATOR);
    sighting.rule_key = UINT64_MAX;
    CHECK(!subject_find(&subjects, &sighting, arena, &subject));
    end();
    indicators_free(&indicators);
}

TEST(matches_of_an_event_come_in_the_order_of_their_rules)
{
    uint64_t key = knowledge.rules.rules[0]->key;
    struct sighting two[] = {{.rule_key = key, .is_line = true, .event = STR("{}")},
                             {.rule_key = key - 1, .is_line = true, .event = STR("{}")}};
    struct buf message;

    begin();
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    buf_init(&message, 1u << 20);
    message_begin_matches(&message, 0, 0, 0);
    sightings_encode(&(struct sightings){two, 2}, &message);
    message_end_matches(&message, 1);
    buf_add(&said, buf_str(&message));
    buf_free(&message);
    say_part(0, 0, true, 10, 1);
    CHECK(!hear());
    end();
}

TEST(what_has_ended_stays_so)
{
    begin();
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    say_part(0, 0, true, 10, 1);
    CHECK(hear());
    say_file(0, FILE_UNREADABLE);
    CHECK(!hear());
    say_piece(0, 1, 10, 20, true);
    CHECK(!hear());
    say_part(0, 0, true, 10, 1);
    CHECK(!hear());
    CHECK_INT(ledger.files_read, 1);
    CHECK_INT(ledger.unreadable.added, 0);
    end();
}

TEST(texts_that_are_not_utf8_are_repaired)
{
    struct sighting sighting = {.rule_key = knowledge.rules.rules[0]->key,
                                .is_line = true,
                                .host = STR("h\xff"),
                                .why = STR("w\xc3"),
                                .event = STR("{}")};
    struct sightings got;
    struct spool_key key;
    struct str entry;

    begin();
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    say_match(0, 0, 1, &sighting);
    say_part(0, 0, true, 10, 1);
    message_add_sandbox(&said, 1, STR("s\xfe"));
    CHECK(hear());
    CHECK_STR(ledger.sandbox, "s\xef\xbf\xbd");
    CHECK_INT(spool_sort(spool), ERR_NONE);
    CHECK(spool_next(spool, &key, &entry));
    CHECK(ledger_decode(&ledger, &key, entry, arena, &got));
    CHECK_INT(got.count, 1);
    CHECK_STR(got.at[0].host, "h\xef\xbf\xbd");
    CHECK_STR(got.at[0].why, "w\xef\xbf\xbd");
    end();
}

/* ---- workers that die ---- */

TEST(files_in_flight_are_set_aside)
{
    begin();
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    say_part(0, 0, true, 10, 1); /* done */
    say_opened(1);
    say_piece(1, 0, 0, 5, false);
    say_match(1, 0, 1, NULL);
    say_part(1, 0, true, 5, 1);
    say_piece(1, 1, 5, 10, false);
    say_match(1, 1, 1, NULL); /* its part never comes */
    CHECK(hear());
    CHECK(ledger_set_aside(&ledger, STR("it was ended")));
    CHECK(ledger.starts[0].skip && ledger.starts[1].skip && !ledger.starts[2].skip);
    CHECK_INT(ledger.set_aside.added, 1);
    CHECK_STR(notes_report(&ledger.set_aside).at[0].text,
              "it was ended; nothing behind byte 5 counts");
    CHECK(strcmp(spooled(), "1:1 ") == 0);
    say_opened(2); /* the next worker */
    say_piece(2, 0, 0, 1, true);
    say_part(2, 0, true, 1, 1);
    message_add_end(&said);
    CHECK(hear());
    CHECK_INT(ledger.files_read, 2);
    CHECK_INT(ledger.bytes_passed, evidence.bytes);
    CHECK_INT(ledger_bytes_read(&ledger), 16);
    end();
}

TEST(a_file_that_is_being_looked_at_is_set_aside)
{
    begin();
    say_file(0, FILE_OPENED);
    CHECK(hear());
    CHECK(ledger_set_aside(&ledger, STR("it was ended")));
    CHECK(ledger.starts[0].skip && !ledger.starts[1].skip);
    say_file(0, FILE_RECOGNISED);
    CHECK(!hear());
    end();
}

TEST(the_rest_of_a_file_between_two_pieces_goes_on)
{
    begin();
    say_opened(0);
    say_file(1, FILE_OPENED);
    say_piece(0, 0, 0, 5, false);
    say_part(0, 0, true, 5, 4);
    CHECK(hear());
    CHECK(ledger_set_aside(&ledger, STR("it was ended"))); /* because of the other */
    CHECK(!ledger.starts[0].skip && ledger.starts[1].skip);
    CHECK(ledger.starts[0].piece == 1 && ledger.starts[0].offset == 5);
    say_opened(0);
    say_piece(0, 1, 5, 10, true);
    say_match(0, 1, 1, NULL);
    say_part(0, 1, true, 10, 1);
    CHECK(hear());
    CHECK(strcmp(spooled(), "0:5 ") == 0);
    CHECK_INT(ledger.files_read, 1);
    end();
}

static struct sighting suppressed_by(uint32_t entry)
{
    return (struct sighting){.rule_key = knowledge.rules.rules[0]->key,
                             .rule_id = knowledge.rules.rules[0]->id,
                             .path = STR_EMPTY,
                             .format = STR_EMPTY,
                             .is_line = true,
                             .host = STR("host"),
                             .why = STR_EMPTY,
                             .event = STR("{}"),
                             .suppressed = entry};
}

TEST(what_is_suppressed_is_counted_by_entry)
{
    begin();
    struct sighting second = suppressed_by(2);
    ledger_count_suppressed(&ledger, &second);
    ledger_count_suppressed(&ledger, &second);
    CHECK_INT(ledger.suppressed, 2);
    CHECK_INT(ledger.suppressed_by[0], 0);
    CHECK_INT(ledger.suppressed_by[1], 2);
    CHECK_INT(ledger.findings, 0);
    end();
}

TEST(an_entry_that_there_is_not_is_a_breach)
{
    begin();
    struct sighting second = suppressed_by(2), third = suppressed_by(3);
    say_opened(0);
    say_piece(0, 0, 0, 10, true);
    say_match(0, 0, 1, &second);
    CHECK(hear());
    say_match(0, 0, 1, &third);
    say_part(0, 0, true, 10, 1);
    CHECK(!hear());
    end();
}

TEST(a_worker_that_dies_between_pieces_takes_the_file_with_it)
{
    begin();
    say_opened(0);
    say_piece(0, 0, 0, 5, false);
    say_part(0, 0, true, 5, 4);
    CHECK(hear());
    CHECK(ledger_set_aside(&ledger, STR("it was ended"))); /* no other can be guilty */
    CHECK(ledger.starts[0].skip && !ledger.starts[1].skip);
    CHECK_INT(ledger.set_aside.added, 1);
    CHECK_INT(ledger.events, 1);
    end();
}

TEST(a_worker_that_dies_before_it_begins_is_not_tried_again)
{
    begin();
    message_add_sandbox(&said, 0, STR("full"));
    CHECK(hear());
    CHECK(!ledger_set_aside(&ledger, STR("it was ended")));
    CHECK_INT(ledger.set_aside.added, 0);
    end();
    knowledge_free(&knowledge);
    arena_free(arena);
    buf_free(&said);
    scratch_end();
}
