/* sqlite.c - a database of what was found, for those who ask in SQL: findings, what they name, and
 * their techniques as they come; the rest when all have come. docs/outputs.md has the tables. */
#include "codec/database.h"
#include "codec/time_text.h"
#include "core/arena.h"
#include "core/ensure.h"
#include "output/output.h"

#include <stdlib.h>

static const char schema[] =
    "CREATE TABLE findings(id INTEGER PRIMARY KEY, time TEXT, level TEXT NOT NULL,"
    " severity INTEGER NOT NULL, title TEXT NOT NULL, message TEXT NOT NULL, host TEXT NOT NULL,"
    " kind TEXT NOT NULL, verdict TEXT NOT NULL, because TEXT NOT NULL, rule TEXT NOT NULL,"
    " why TEXT NOT NULL, path TEXT, format TEXT, record INTEGER, line INTEGER, \"offset\" INTEGER,"
    " first TEXT, last TEXT, count INTEGER, matched TEXT NOT NULL, fields TEXT NOT NULL,"
    " events TEXT);"
    "CREATE INDEX findings_time ON findings(time);"
    "CREATE INDEX findings_rule ON findings(rule);"
    "CREATE INDEX findings_host ON findings(host);"
    "CREATE TABLE entities(finding INTEGER NOT NULL REFERENCES findings(id), kind TEXT NOT NULL,"
    " value TEXT NOT NULL);"
    "CREATE INDEX entities_value ON entities(value);"
    "CREATE INDEX entities_finding ON entities(finding);"
    "CREATE TABLE techniques(finding INTEGER NOT NULL REFERENCES findings(id),"
    " technique TEXT NOT NULL);"
    "CREATE INDEX techniques_technique ON techniques(technique);"
    "CREATE INDEX techniques_finding ON techniques(finding);"
    "CREATE TABLE incidents(id INTEGER PRIMARY KEY, level TEXT NOT NULL, score INTEGER NOT NULL,"
    " title TEXT NOT NULL, story TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,"
    " findings INTEGER NOT NULL, hosts TEXT NOT NULL, accounts TEXT NOT NULL,"
    " addresses TEXT NOT NULL, techniques TEXT NOT NULL);"
    "CREATE TABLE logons(account TEXT NOT NULL, source TEXT, target TEXT NOT NULL,"
    " type TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, succeeded INTEGER NOT NULL,"
    " failed INTEGER NOT NULL, privileged INTEGER NOT NULL, first_seen INTEGER NOT NULL);"
    "CREATE TABLE sessions(account TEXT NOT NULL, source TEXT, host TEXT NOT NULL,"
    " type TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, \"end\" TEXT NOT NULL,"
    " breaks INTEGER NOT NULL);"
    "CREATE TABLE coverage(kind TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,"
    " verdict TEXT NOT NULL, because TEXT NOT NULL, findings INTEGER NOT NULL);"
    "CREATE TABLE gaps(kind TEXT NOT NULL, host TEXT NOT NULL, source TEXT NOT NULL,"
    " text TEXT NOT NULL);"
    "CREATE TABLE unseen(what TEXT NOT NULL, path TEXT NOT NULL, text TEXT NOT NULL,"
    " \"offset\" INTEGER, records INTEGER NOT NULL);"
    "CREATE TABLE run(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;";

struct output_writer {
    struct database_file file;
    struct database *database;
    enum language language;
    uint64_t findings;
    struct arena *arena; /* of one row */
    struct buf text;
};

/* One row, column by column. */
struct row {
    struct database_value values[DATABASE_COLUMNS_MAX];
    unsigned count;
};

static struct output_writer *sqlite_begin(const struct sink *sink,
                                          const struct output_options *options)
{
    struct output_writer *writer = calloc(1, sizeof(*writer));

    ENSURE(writer);
    writer->file = (struct database_file){sink->context, sink->read_at, sink->write_at};
    writer->language = options->language;
    writer->arena = arena_new("row", SIZE_MAX / 2);
    buf_init(&writer->text, SIZE_MAX / 2);
    writer->database = database_new(&writer->file, schema);
    return writer;
}

static void add(struct row *row, struct database_value value)
{
    ENSURE(row->count < DATABASE_COLUMNS_MAX);
    row->values[row->count++] = value;
}

static void add_text(struct row *row, struct str text)
{
    add(row, (struct database_value){.kind = DATABASE_TEXT, .text = text});
}

static void add_text_if(struct row *row, bool present, struct str text)
{
    add(row,
        (struct database_value){.kind = present ? DATABASE_TEXT : DATABASE_NULL, .text = text});
}

static void add_number_if(struct row *row, bool present, uint64_t number)
{
    int64_t value = number > INT64_MAX ? INT64_MAX : (int64_t)number;

    add(row, (struct database_value){.kind = present ? DATABASE_INTEGER : DATABASE_NULL,
                                     .number = value});
}

static void add_number(struct row *row, uint64_t number)
{
    add_number_if(row, true, number);
}

static void add_time_if(struct output_writer *w, struct row *row, bool present, int64_t time_ns)
{
    char time[TIME_TEXT_SIZE];
    size_t len = present ? time_print(time_ns, time) : 0;

    add_text_if(row, present, arena_str(w->arena, (struct str){time, len}));
}

static void add_list(struct output_writer *w, struct row *row, const struct str_list *list,
                     const char *between)
{
    buf_reset(&w->text);
    for (uint32_t i = 0; i < list->count; i++) {
        if (i > 0)
            buf_add(&w->text, str_from(between));
        buf_add(&w->text, list->at[i]);
    }
    add_text(row, arena_str(w->arena, buf_str(&w->text)));
}

/* The text of a row is gone behind this. */
static void insert(struct output_writer *w, const char *table, const struct row *row)
{
    database_insert(w->database, table, row->values, row->count);
    arena_reset(w->arena);
}

/* ---- findings ---- */

static void add_place(struct row *row, const struct finding *finding)
{
    bool placed = finding->path.len > 0;

    add_text_if(row, placed, finding->path);
    add_text_if(row, placed, finding->format);
    add_number_if(row, placed && !finding->is_line, finding->number);
    add_number_if(row, placed && finding->is_line, finding->number);
    add_number_if(row, placed, finding->offset);
}

/* What is JSON in it. */
static void add_objects(struct output_writer *w, struct row *row, const struct finding *finding)
{
    const struct combined *combined = finding->combined;

    add_time_if(w, row, combined, combined ? combined->first_ns : 0);
    add_time_if(w, row, combined, combined ? combined->last_ns : 0);
    add_number_if(row, combined, combined ? combined->count : 0);
    buf_reset(&w->text);
    finding_write_matched(finding, &w->text);
    add_text(row, arena_str(w->arena, buf_str(&w->text)));
    add_text(row, finding->fields);
    buf_reset(&w->text);
    if (combined)
        finding_write_events(finding, &w->text);
    add_text_if(row, combined, arena_str(w->arena, buf_str(&w->text)));
}

static void insert_named(struct output_writer *w, const struct finding *finding)
{
    const struct str_list *entities = finding_entities(finding);

    for (unsigned kind = 0; kind < ENTITY_KINDS; kind++)
        for (uint32_t i = 0; i < entities[kind].count; i++) {
            struct row row = {.count = 0};
            add_number(&row, w->findings);
            add_text(&row, entity_kind_name((enum entity_kind)kind));
            add_text(&row, entities[kind].at[i]);
            insert(w, "entities", &row);
        }
    for (uint32_t i = 0; i < finding->attack.count; i++) {
        struct row row = {.count = 0};
        add_number(&row, w->findings);
        add_text(&row, finding->attack.at[i]);
        insert(w, "techniques", &row);
    }
}

static void sqlite_finding(struct output_writer *w, const struct finding *finding)
{
    struct row row = {.count = 0};

    add_number(&row, ++w->findings);
    add_time_if(w, &row, finding->has_time, finding->time_ns);
    add_text(&row, level_name(finding->level));
    add_number(&row, finding->level);
    add_text(&row, finding->title);
    add_text(&row, finding_message(finding, w->language));
    add_text(&row, finding->host);
    add_text(&row, finding_kind_name(finding->kind));
    add_text(&row, verdict_name(finding->verdict));
    add_list(w, &row, &finding->because, "; ");
    add_text(&row, finding->id);
    add_text(&row, finding->why);
    add_place(&row, finding);
    add_objects(w, &row, finding);
    insert(w, "findings", &row);
    insert_named(w, finding);
}

/* ---- the report ---- */

static void insert_incidents(struct output_writer *w, const struct run_incidents *incidents)
{
    for (uint32_t i = 0; i < incidents->listed; i++) {
        const struct incident *incident = &incidents->at[i];
        struct row row = {.count = 0};
        add_number(&row, i + 1);
        add_text(&row, level_name(incident->level));
        add_number(&row, incident->score);
        add_text(&row, incident->title);
        add_text(&row, incident->story);
        add_time_if(w, &row, true, incident->first_ns);
        add_time_if(w, &row, true, incident->last_ns);
        add_number(&row, incident->findings);
        add_list(w, &row, &incident->hosts, "; ");
        add_list(w, &row, &incident->accounts, "; ");
        add_list(w, &row, &incident->addresses, "; ");
        add_list(w, &row, &incident->techniques, "; ");
        insert(w, "incidents", &row);
    }
}

static void insert_logons(struct output_writer *w, const struct run_movement *movement)
{
    for (uint32_t i = 0; i < movement->edge_count; i++) {
        const struct movement_edge *edge = &movement->edges[i];
        bool from = edge->source != UINT32_MAX;
        struct row row = {.count = 0};
        add_text(&row, edge->account);
        add_text_if(&row, from, from ? movement->places[edge->source].name : STR_EMPTY);
        add_text(&row, movement->places[edge->target].name);
        add_text(&row, logon_kind_name(edge->kind));
        add_time_if(w, &row, true, edge->first_ns);
        add_time_if(w, &row, true, edge->last_ns);
        add_number(&row, edge->succeeded);
        add_number(&row, edge->failed);
        add_number(&row, edge->privileged);
        add_number(&row, edge->first_seen);
        insert(w, "logons", &row);
    }
}

static void insert_sessions(struct output_writer *w, const struct run_movement *movement)
{
    for (uint32_t i = 0; i < movement->session_count; i++) {
        const struct movement_session *session = &movement->sessions[i];
        bool from = session->source != UINT32_MAX;
        struct row row = {.count = 0};
        add_text(&row, session->account);
        add_text_if(&row, from, from ? movement->places[session->source].name : STR_EMPTY);
        add_text(&row, movement->places[session->target].name);
        add_text(&row, logon_kind_name(session->kind));
        add_time_if(w, &row, true, session->first_ns);
        add_time_if(w, &row, true, session->last_ns);
        add_text(&row, session->ended  ? STR("seen")
                       : session->left ? STR("left open")
                                       : STR("not seen"));
        add_number(&row, session->breaks);
        insert(w, "sessions", &row);
    }
}

static void insert_covered(struct output_writer *w, const char *kind, struct str id,
                           struct str title, enum coverage_verdict verdict,
                           const struct str_list *because, uint64_t findings)
{
    struct row row = {.count = 0};

    add_text(&row, str_from(kind));
    add_text(&row, id);
    add_text(&row, title);
    add_text(&row, coverage_verdict_name(verdict));
    add_list(w, &row, because, "; ");
    add_number(&row, findings);
    insert(w, "coverage", &row);
}

static void insert_coverage(struct output_writer *w, const struct run_coverage *coverage)
{
    for (uint32_t i = 0; i < coverage->technique_count; i++) {
        const struct covered_technique *covered = &coverage->techniques[i];
        insert_covered(w, "technique", covered->id, covered->name, covered->verdict,
                       &covered->because, covered->findings);
    }
    for (uint32_t i = 0; i < coverage->rule_count; i++) {
        const struct covered_rule *covered = &coverage->rules[i];
        insert_covered(w, "rule", covered->id, covered->title, covered->verdict, &covered->because,
                       covered->findings);
    }
    for (uint32_t i = 0; i < coverage->gap_count; i++) {
        struct row row = {.count = 0};
        add_text(&row, gap_kind_id(coverage->gaps[i].kind));
        add_text(&row, coverage->gaps[i].host);
        add_text(&row, coverage->gaps[i].source);
        add_text(&row, coverage->gaps[i].text);
        insert(w, "gaps", &row);
    }
}

static void insert_unseen(struct output_writer *w, const char *what,
                          const struct report_notes *notes)
{
    for (uint32_t i = 0; i < notes->listed; i++) {
        const struct report_note *note = &notes->at[i];
        struct row row = {.count = 0};
        add_text(&row, str_from(what));
        add_text(&row, note->path);
        add_text(&row, note->text);
        add_number_if(&row, note->offset != UINT64_MAX, note->offset);
        add_number(&row, note->records);
        insert(w, "unseen", &row);
    }
}

static void insert_fact(struct output_writer *w, const char *name, struct row value)
{
    struct row row = {.count = 0};

    add_text(&row, str_from(name));
    add(&row, value.values[0]);
    insert(w, "run", &row);
}

static void insert_number(struct output_writer *w, const char *name, uint64_t number)
{
    struct row value = {.count = 0};

    add_number(&value, number);
    insert_fact(w, name, value);
}

static void insert_run(struct output_writer *w, const struct run_report *report)
{
    struct row program = {.count = 0}, first = {.count = 0}, last = {.count = 0};

    add_text(&program, report->program);
    insert_fact(w, "program", program);
    insert_number(w, "partial", report->partial);
    insert_number(w, "files", report->files);
    insert_number(w, "files_read", report->files_read);
    insert_number(w, "bytes_read", report->bytes_read);
    insert_number(w, "events", report->events);
    insert_number(w, "events_without_time", report->events_without_time);
    insert_number(w, "events_outside_time", report->events_outside_time);
    insert_number(w, "events_unrouted", report->events_unrouted);
    insert_number(w, "records_lost", report->records_lost);
    insert_number(w, "rules", report->rules_loaded);
    insert_number(w, "rules_refused", report->rules_refused);
    insert_number(w, "indicators", report->indicators.loaded);
    insert_number(w, "findings", report->findings);
    insert_number(w, "suppressed", report->suppressed);
    insert_number(w, "duplicates", report->duplicates);
    if (!report->has_span)
        return;
    add_time_if(w, &first, true, report->first_ns);
    insert_fact(w, "first", first);
    add_time_if(w, &last, true, report->last_ns);
    insert_fact(w, "last", last);
}

static void sqlite_end(struct output_writer *w, const struct run_report *report)
{
    insert_incidents(w, &report->incidents);
    insert_logons(w, &report->movement);
    insert_sessions(w, &report->movement);
    insert_coverage(w, &report->coverage);
    insert_unseen(w, "unreadable", &report->unreadable);
    insert_unseen(w, "set aside", &report->set_aside);
    insert_unseen(w, "damaged", &report->damaged);
    insert_unseen(w, "unknown format", &report->unknown_format);
    insert_unseen(w, "empty", &report->empty);
    insert_unseen(w, "link", &report->outward_links);
    insert_unseen(w, "rule refused", &report->refused);
    insert_unseen(w, "indicators refused", &report->indicators.refused);
    insert_run(w, report);
    bool ignored = database_end(w->database); /* the file says what it refused */
    (void)ignored;
    arena_free(w->arena);
    buf_free(&w->text);
    free(w);
}

const struct output output_sqlite = {
    .name = "sqlite",
    .about = "a SQLite database: findings, what they name, incidents, logons, coverage",
    .wants_places = true,
    .begin = sqlite_begin,
    .finding = sqlite_finding,
    .end = sqlite_end,
};
