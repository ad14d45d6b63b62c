/* ledger.c - see ledger.h. */
#include "codec/json.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "engine/complain.h"
#include "engine/ledger_priv.h"
#include "scan/script_judge.h"
#include "web/web_event.h"

#include <stdlib.h>

#define CHECKS_OF_WEB 32 /* bits for them, in checks_found */
#define ARENA_BYTES_MAX ((size_t)4 << 30)
#define NOTES_MAX 1000
#define HOSTS_MAX 100000
#define CHANNELS_MAX 10000
#define RULES_MAX (UINT32_C(1) << 30) /* as many as there are */
#define INDICATORS_LISTED_MAX 100000
#define PIECES_PENDING_MAX ((uint32_t)1 << 20)

_Static_assert(WEB_SUBJECTS <= CHECKS_OF_WEB && SCRIPT_SUBJECTS <= 64 - CHECKS_OF_WEB, "bits");

static bool is_named(const struct ledger *ledger, uint32_t index)
{
    return is_listed(ledger, index) && ledger->evidence->files[index].named;
}

struct ledger_file *ledger_add_file(struct ledger *ledger, struct str shown, uint32_t parent)
{
    if (ledger->count == ledger->capacity) {
        ledger->capacity = ledger->capacity ? ledger->capacity * 2 : 64;
        struct ledger_file *files =
            realloc(ledger->files, ledger->capacity * sizeof(*ledger->files));
        ENSURE(files);
        ledger->files = files;
    }
    struct ledger_file *file = &ledger->files[ledger->count++];
    *file = (struct ledger_file){.shown = shown,
                                 .parent = parent,
                                 .first_member = NO_FILE,
                                 .last_member = NO_FILE,
                                 .next = NO_FILE};
    return file;
}

static void add_counters(struct ledger *ledger)
{
    const struct knowledge *knowledge = ledger->knowledge;

    ledger->suppressed_by =
        ARENA_ARRAY(ledger->arena, uint64_t, knowledge->suppressions.count + 1u);
    ledger->found_by_rule = ARENA_ARRAY(ledger->arena, uint64_t, knowledge->rules.count + 1u);
    observations_init(&ledger->observations, &knowledge->fields);
}

void ledger_init(struct ledger *ledger, const struct evidence *evidence,
                 const struct knowledge *knowledge, struct spool *spool)
{
    *ledger = (struct ledger){.evidence = evidence, .knowledge = knowledge, .spool = spool};
    ledger->arena = arena_new("account", ARENA_BYTES_MAX);
    ledger->message_arena = arena_new("message", ARENA_BYTES_MAX);
    for (uint32_t i = 0; i < evidence->count; i++)
        ledger_add_file(ledger, evidence->files[i].shown, NO_FILE);
    if (knowledge)
        add_counters(ledger);
    tally_init(&ledger->formats, ledger->arena, 1000);
    tally_init(&ledger->shapes, ledger->arena, 1000);
    tally_init(&ledger->hosts, ledger->arena, HOSTS_MAX);
    tally_init(&ledger->channels, ledger->arena, CHANNELS_MAX);
    tally_init(&ledger->rules, ledger->arena, RULES_MAX);
    tally_init(&ledger->found_indicators, ledger->arena, INDICATORS_LISTED_MAX);
    tally_init(&ledger->finding_hosts, ledger->arena, HOSTS_MAX);
    tally_init(&ledger->techniques, ledger->arena, RULES_MAX);
    notes_init(&ledger->unreadable, ledger->arena, NOTES_MAX);
    notes_init(&ledger->unknown_format, ledger->arena, NOTES_MAX);
    notes_init(&ledger->empty, ledger->arena, NOTES_MAX);
    notes_init(&ledger->set_aside, ledger->arena, NOTES_MAX);
    notes_init(&ledger->damaged, ledger->arena, NOTES_MAX);
    notes_init(&ledger->left_out, ledger->arena, NOTES_MAX);
    notes_init(&ledger->names, ledger->arena, NOTES_MAX);
    buf_init(&ledger->entry, SIZE_MAX / 2);
}

static void add_told(struct ledger_piece *piece, struct str message)
{
    *piece->last = spool_block_new(message);
    piece->last = &(*piece->last)->next;
}

/* The foremost message that waits; it has to be there. */
static struct spool_block *take_told(struct ledger_piece *piece)
{
    struct spool_block *block = piece->told;

    piece->told = block->next;
    if (!piece->told)
        piece->last = &piece->told;
    if (piece->counted == block)
        piece->counted = NULL;
    return block;
}

static void drop_pieces(struct ledger_file *file)
{
    while (file->first) {
        struct ledger_piece *piece = file->first;
        file->first = piece->next;
        while (piece->told)
            free(take_told(piece));
        free(piece);
    }
}

void ledger_free(struct ledger *ledger)
{
    for (uint32_t i = 0; i < ledger->count; i++)
        drop_pieces(&ledger->files[i]);
    free(ledger->files);
    free(ledger->starts);
    struct tally *tallies[] = {
        &ledger->formats, &ledger->shapes,        &ledger->hosts,      &ledger->channels,
        &ledger->rules,   &ledger->finding_hosts, &ledger->techniques, &ledger->found_indicators};
    for (size_t i = 0; i < ARRAY_COUNT(tallies); i++)
        tally_free(tallies[i]);
    observations_free(&ledger->observations);
    buf_free(&ledger->entry);
    arena_free(ledger->message_arena);
    arena_free(ledger->arena);
}

struct str ledger_checked_text(struct ledger *ledger, struct str text)
{
    return utf8_checked(text, ledger->message_arena);
}

/* ---- files ---- */

static void note_file(struct ledger *ledger, struct notes *notes, uint32_t index, struct str text)
{
    notes_add(notes, (struct report_note){
                         .path = ledger->files[index].shown, .text = text, .offset = UINT64_MAX});
}

/* Once per file, however many of its pieces it concerns. */
static void note_unreadable(struct ledger *ledger, uint32_t index, enum err err)
{
    struct ledger_file *file = &ledger->files[index];

    if (file->failed)
        return;
    file->failed = true;
    note_file(ledger, &ledger->unreadable, index, str_from(err_text(err)));
    ledger->named_failed |= is_named(ledger, index);
}

/* Progress is told in bytes as they lie on the disk: those of packed files come by themselves. */
static void pass_bytes(struct ledger *ledger, uint32_t index, uint64_t end)
{
    struct ledger_file *file = &ledger->files[index];

    if (end <= file->done)
        return;
    if (is_listed(ledger, index) && !file->packed)
        ledger->bytes_passed += end - file->done;
    file->done = end;
}

void ledger_pass_packed(struct ledger *ledger, uint32_t index, uint64_t end)
{
    struct ledger_file *file = &ledger->files[index];

    if (end <= file->packed_done)
        return;
    ledger->bytes_passed += end - file->packed_done;
    file->packed_done = end;
}

/* Nothing more is read of it. */
static void pass_rest(struct ledger *ledger, uint32_t index)
{
    const struct ledger_file *file = &ledger->files[index];

    if (!is_listed(ledger, index))
        return;
    uint64_t size = ledger->evidence->files[index].size;
    uint64_t done = file->packed ? file->packed_done : file->done;
    ledger->bytes_passed += size > done ? size - done : 0;
}

static void end_member(struct ledger *ledger, uint32_t parent);

static void finish_file(struct ledger *ledger, uint32_t index)
{
    struct ledger_file *file = &ledger->files[index];

    file->finished = true;
    if (file->failed || !(file->format || file->walked)) {
        pass_rest(ledger, index);
    } else {
        ledger->files_read++;
        ledger->files_with_events += file->format != NULL;
        if (is_listed(ledger, index) && file->packed)
            ledger_pass_packed(ledger, index, ledger->evidence->files[index].size);
        else if (is_listed(ledger, index))
            pass_bytes(ledger, index, ledger->evidence->files[index].size);
    }
    end_member(ledger, file->parent);
}

/* A packed file is at its end when all was met that lies in it, and every member is at its own. */
static void end_member(struct ledger *ledger, uint32_t parent)
{
    if (parent == NO_FILE)
        return;
    struct ledger_file *file = &ledger->files[parent];
    file->open_members--;
    if (file->walked && file->open_members == 0 && !file->finished && !file->aside)
        finish_file(ledger, parent);
}

/* False: members were told of it, and so it is nothing but packed. */
static bool may_be_file(const struct ledger_file *file)
{
    return file->first_member == NO_FILE;
}

static void end_walk(struct ledger *ledger, uint32_t index)
{
    struct ledger_file *file = &ledger->files[index];

    file->walked = true;
    if (file->open_members == 0)
        finish_file(ledger, index);
}

static bool take_file(struct ledger *ledger, const struct file_message *message)
{
    size_t format_count;
    const struct format *const *formats = format_all(&format_count);
    uint32_t index = message->file;

    if (index >= ledger->count || message->format >= format_count)
        return false;
    struct ledger_file *file = &ledger->files[index];
    if (file->finished || file->aside)
        return false;
    switch (message->progress) {
    case FILE_OPENED:
        file->started = true;
        file->recognised = false;
        return true;
    case FILE_RECOGNISED:
        file->format = formats[message->format];
        file->recognised = true;
        return may_be_file(file);
    case FILE_PACKED:
        file->packed = true;
        return !file->format || !file->recognised;
    case FILE_WALKED:
        if (!file->packed || file->format)
            return false;
        end_walk(ledger, index);
        return true;
    case FILE_EMPTY:
        note_file(ledger, &ledger->empty, index, STR_EMPTY);
        break;
    case FILE_UNKNOWN: /* in a folder that is as it may be, but not of a file that was named */
        if (is_named(ledger, index))
            note_unreadable(ledger, index, ERR_UNKNOWN_FORMAT);
        else
            note_file(ledger, &ledger->unknown_format, index, STR_EMPTY);
        break;
    case FILE_UNREADABLE:
        note_unreadable(ledger, index, message->err);
        if (!may_be_file(file)) { /* as far as it could be walked */
            end_walk(ledger, index);
            return true;
        }
        break;
    case FILE_PROGRESS_COUNT:
        return false;
    }
    finish_file(ledger, index);
    return may_be_file(file);
}

static bool take_piece(struct ledger *ledger, const struct piece_message *message)
{
    if (message->file >= ledger->count)
        return false;
    struct ledger_file *file = &ledger->files[message->file];
    if (!file->format || file->finished || file->aside || message->piece < file->next_counted ||
        message->piece > PIECES_PENDING_MAX)
        return false;
    struct ledger_piece **place = &file->first;
    while (*place && (*place)->number < message->piece) /* threads tell of theirs in any order */
        place = &(*place)->next;
    if (*place && (*place)->number == message->piece)
        return false;
    struct ledger_piece *piece = calloc(1, sizeof(*piece));
    ENSURE(piece);
    piece->number = message->piece;
    piece->end = message->end;
    piece->last = &piece->told;
    piece->next = *place;
    *place = piece;
    if (piece->number >= file->next_piece) {
        file->next_piece = piece->number + 1;
        file->next_offset = piece->end;
    }
    file->all_handed_out |= message->last;
    return true;
}

/* ---- what counts ---- */

void ledger_count_suppressed(struct ledger *ledger, const struct sighting *sighting)
{
    ledger->suppressed++;
    ledger->suppressed_by[sighting->suppressed - 1]++;
}

struct subjects ledger_subjects(const struct ledger *ledger)
{
    return (struct subjects){ledger->knowledge, ledger->indicators};
}

void ledger_count_finding(struct ledger *ledger, const struct sighting *sighting)
{
    const struct subjects subjects = ledger_subjects(ledger);
    struct subject subject;
    struct tally_entry *entry;

    if (!sighting_is_of_rule(sighting))
        arena_reset(ledger->message_arena);
    bool known = subject_find(&subjects, sighting, ledger->message_arena, &subject);
    ENSURE(known);
    bool rule = subject.kind != FINDING_INDICATOR;
    if (sighting->kind == SIGHTING_WEB || sighting->kind == SIGHTING_SCRIPT)
        ledger->checks_found |= UINT64_C(1) << (sighting->kind == SIGHTING_WEB ? 0 : CHECKS_OF_WEB)
                                            << sighting->rule_key;
    struct tally *tally = rule ? &ledger->rules : &ledger->found_indicators;
    if (sighting_is_of_rule(sighting))
        ledger->found_by_rule[knowledge_rule_index(ledger->knowledge, sighting->rule_key)]++;
    ledger->findings++;
    ledger->findings_without_host += sighting->host.len == 0;
    ledger->by_level[subject.level]++;
    buf_reset(&ledger->entry);
    buf_add(&ledger->entry, str_slice(subject.id, 0, NAME_BYTES_MAX - 9));
    buf_add_char(&ledger->entry, '\0'); /* ids are texts, and several may have the same */
    buf_add_bytes(&ledger->entry, &sighting->rule_key, sizeof(sighting->rule_key));
    entry = tally_at(tally, buf_str(&ledger->entry));
    if (entry) {
        if (entry->count++ == 0)
            entry->id = rule ? subject.title : arena_str(ledger->arena, subject.title);
        entry->level = entry->level > subject.level ? entry->level : subject.level;
    }
    entry = tally_at(&ledger->finding_hosts, sighting->host);
    if (entry) {
        entry->level =
            entry->count == 0 || subject.level > entry->level ? subject.level : entry->level;
        entry->count++;
    } else {
        ledger->finding_hosts.beyond++;
    }
    for (uint32_t i = 0; i < subject.attack.count; i++)
        tally_add(&ledger->techniques, subject.attack.at[i], 1);
}

/* Values for correlations stand where they belong, all or none. */
static bool has_what_is_asked(const struct ledger *ledger, const struct sighting *sighting)
{
    const struct sigma_rule *rule = sighting->kind == SIGHTING_RULE
                                        ? knowledge_rule(ledger->knowledge, sighting->rule_key)
                                        : NULL;
    bool asked = rule && rule->correlated && !sighting->suppressed;

    return sighting->asked_count == 0 || (asked && sighting->asked_count == rule->asked_count);
}

/* False if something in them cannot be. */
static bool check_sightings(struct ledger *ledger, const struct ledger_file *file,
                            const struct sightings *sightings)
{
    const struct sighting *first = &sightings->at[0];
    const struct subjects subjects = ledger_subjects(ledger);
    const char *why;

    if (first->is_line != (file->format->lines != NULL) || first->kind == SIGHTING_CORRELATION ||
        first->combined || !str_starts_with(first->event, STR("{")) ||
        !json_is_valid(first->event, &why))
        return false;
    for (uint32_t i = 0; i < sightings->count; i++) {
        const struct sighting *sighting = &sightings->at[i];
        if (!subject_exists(&subjects, sighting) || !has_what_is_asked(ledger, sighting) ||
            sighting->suppressed > ledger->knowledge->suppressions.count ||
            (i > 0 && sighting->rule_key < sightings->at[i - 1].rule_key))
            return false;
    }
    return true;
}

/* The bytes that were told, or, where texts had to be repaired, others that say the same. */
static struct str repaired(struct ledger *ledger, struct sightings *sightings, struct str bytes)
{
    struct str host = ledger_checked_text(ledger, sightings->at[0].host);
    bool changed = host.at != sightings->at[0].host.at;

    sightings->at[0].host = host;
    for (uint32_t i = 0; i < sightings->count; i++) {
        struct str why = ledger_checked_text(ledger, sightings->at[i].why);
        changed |= why.at != sightings->at[i].why.at;
        sightings->at[i].why = why;
    }
    if (!changed)
        return bytes;
    buf_reset(&ledger->entry);
    sightings_encode(sightings, &ledger->entry);
    return buf_str(&ledger->entry);
}

static bool spool_sightings(struct ledger *ledger, uint32_t index, struct sightings *sightings,
                            struct str bytes)
{
    const struct ledger_file *file = &ledger->files[index];
    const struct sighting *first = &sightings->at[0];

    if (!check_sightings(ledger, file, sightings))
        return false;
    const struct spool_key key = {.time_ns = first->time_ns,
                                  .has_time = first->has_time,
                                  .rank = index,
                                  .number = first->number + (first->is_line ? file->lines : 0),
                                  .offset = first->offset,
                                  .rule = first->rule_key};
    struct str checked = repaired(ledger, sightings, bytes);
    if (checked.at == bytes.at)
        spool_note(ledger->spool, &key, bytes);
    else if (!ledger->spool_err)
        ledger->spool_err = spool_add(ledger->spool, &key, checked);
    return true;
}

static bool count_matches(struct ledger *ledger, const struct matches_message *message)
{
    struct cursor in = cursor_over_str(message->sightings);
    struct sightings sightings;

    for (uint32_t i = 0; i < message->count; i++) {
        size_t start = cursor_offset(&in);
        struct arena_mark mark = arena_mark(ledger->message_arena);
        if (!sightings_decode(&in, ledger->message_arena, &sightings) ||
            !spool_sightings(ledger, message->file, &sightings,
                             str_slice(message->sightings, start, cursor_offset(&in))))
            return false;
        arena_rewind(ledger->message_arena, mark);
    }
    return cursor_left(&in) == 0;
}

static void count_names(struct ledger *ledger, struct tally *tally,
                        const struct named_counts *counts, uint32_t index)
{
    for (uint32_t i = 0; i < counts->count; i++) {
        const struct named_count *count = &counts->at[i];
        struct tally_entry *entry = tally_at(tally, ledger_checked_text(ledger, count->name));
        if (!entry) {
            tally->beyond += count->count;
            continue;
        }
        if ((entry->example.len == 0 ||
             ledger_compare_files(ledger, index, entry->example_file) < 0) &&
            count->example_offset != UINT64_MAX) {
            entry->example_file = index;
            entry->example = arena_printf(ledger->arena, "%.*s at byte %llu",
                                          STR_ARG(ledger->files[index].shown),
                                          (unsigned long long)count->example_offset);
        }
        entry->count += count->count;
    }
    tally->beyond += counts->beyond;
}

static bool count_part(struct ledger *ledger, const struct part_message *part)
{
    struct ledger_file *file = &ledger->files[part->file];
    struct str path = ledger->files[part->file].shown;

    ledger->events += part->events;
    ledger->events_without_time += part->events_without_time;
    ledger->events_outside_time += part->events_outside_time;
    ledger->events_zone_assumed += part->events_zone_assumed;
    if (part->has_span) {
        if (!ledger->has_span || part->first_ns < ledger->first_ns)
            ledger->first_ns = part->first_ns;
        if (!ledger->has_span || part->last_ns > ledger->last_ns)
            ledger->last_ns = part->last_ns;
        ledger->has_span = true;
    }
    tally_add(&ledger->formats, str_from(file->format->name), part->events);
    count_names(ledger, &ledger->shapes, &part->shapes, part->file);
    count_names(ledger, &ledger->hosts, &part->hosts, part->file);
    count_names(ledger, &ledger->channels, &part->channels, part->file);
    ledger->records_lost += part->records_lost;
    for (uint32_t i = 0; i < part->lost_listed; i++)
        notes_add(&ledger->damaged,
                  (struct report_note){.path = path,
                                       .text = ledger_checked_text(ledger, part->lost[i].why),
                                       .offset = part->lost[i].offset,
                                       .size = part->lost[i].size,
                                       .records = part->lost[i].records});
    if (part->lost_count > part->lost_listed)
        ledger->damaged.added += part->lost_count - part->lost_listed;
    if (part->unrouted > 0 &&
        (ledger->unrouted_example.len == 0 ||
         ledger_compare_files(ledger, part->file, ledger->unrouted_file) < 0)) {
        ledger->unrouted_file = part->file;
        struct str channel = ledger_checked_text(ledger, part->unrouted_example);
        bool lines = file->format->lines != NULL;
        uint64_t number = part->unrouted_number + (lines ? file->lines : 0);
        ledger->unrouted_example = arena_printf(
            ledger->arena, "%.*s%s%.*s, %s %llu", STR_ARG(channel), channel.len ? " in " : "",
            STR_ARG(path), lines ? "line" : "record", (unsigned long long)number);
    }
    ledger->unrouted += part->unrouted;
    ledger->gave_up += part->gave_up;
    ledger->fields_dropped += part->fields_dropped;
    ledger->fallback_names += part->fallback_names;
    ledger->scripts_known += part->scripts_known;
    if (!file->failed)
        pass_bytes(ledger, part->file, part->end);
    if (part->err)
        note_unreadable(ledger, part->file, part->err);
    if (part->last)
        file->lines += part->lines;
    return part->observed.len == 0 ||
           (ledger->knowledge && observations_decode(&ledger->observations, part->observed));
}

/* Counts one message; what was found stays where it was told. */
static bool count_told(struct ledger *ledger, struct spool_block *block)
{
    struct cursor in = cursor_over(block->bytes, block->len);
    struct message message;

    arena_reset(ledger->message_arena);
    bool good = message_next(&in, ledger->message_arena, &message) == MESSAGE_READ;
    if (!good || message.kind == MESSAGE_PART) {
        good = good && count_part(ledger, &message.part);
        free(block);
        return good;
    }
    good = count_matches(ledger, &message.matches);
    enum err err = spool_keep(ledger->spool, block);
    if (!ledger->spool_err)
        ledger->spool_err = err;
    return good;
}

/* Counts what waits in a piece, up to its last whole part. */
static bool count_pending(struct ledger *ledger, struct ledger_piece *piece)
{
    while (piece->counted)
        if (!count_told(ledger, take_told(piece)))
            return false;
    return true;
}

/* Pieces count in their order: the first one as far as it goes, and those behind it once it is
 * whole. */
static bool count_file(struct ledger *ledger, uint32_t index)
{
    struct ledger_file *file = &ledger->files[index];

    while (file->first && file->first->number == file->next_counted) {
        struct ledger_piece *piece = file->first;
        if (!count_pending(ledger, piece))
            return false;
        if (!piece->whole)
            return true;
        if (piece->end != UINT64_MAX && !file->failed)
            pass_bytes(ledger, index, piece->end);
        file->next_counted++;
        file->first = piece->next;
        free(piece); /* nothing is told of it behind its last part */
        if (!file->first && file->all_handed_out)
            finish_file(ledger, index);
    }
    return true;
}

static struct ledger_piece *find_piece(struct ledger *ledger, uint32_t file, uint32_t number)
{
    if (file >= ledger->count)
        return NULL;
    for (struct ledger_piece *piece = ledger->files[file].first; piece; piece = piece->next)
        if (piece->number == number)
            return piece;
    return NULL;
}

/* ---- messages ---- */

/* Nothing may be left out without a word: the sums of the report hang on it. */
static bool is_all_done(const struct ledger *ledger)
{
    for (uint32_t i = 0; i < ledger->count; i++)
        if (!ledger->files[i].finished && !ledger->files[i].aside)
            return false;
    return true;
}

static bool take_message(struct ledger *ledger, const struct message *message, struct str bytes)
{
    bool part = message->kind == MESSAGE_PART;
    uint32_t file = part ? message->part.file : message->matches.file;
    uint32_t number = part ? message->part.piece : message->matches.piece;

    switch (message->kind) {
    case MESSAGE_SANDBOX:
        if (!ledger->sandbox_told)
            ledger->sandbox = arena_str(ledger->arena, ledger_checked_text(ledger, message->text));
        ledger->sandbox_told = true;
        return true;
    case MESSAGE_FILE:
        return take_file(ledger, &message->file);
    case MESSAGE_PIECE:
        return take_piece(ledger, &message->piece);
    case MESSAGE_MATCHES:
    case MESSAGE_PART: {
        struct ledger_piece *piece = find_piece(ledger, file, number);
        if (!piece || piece->whole || (!part && !ledger->spool))
            return false;
        struct spool_block **told = piece->last;
        add_told(piece, bytes);
        if (!part)
            return true;
        piece->whole = message->part.last;
        piece->counted = *told;
        return count_file(ledger, file);
    }
    case MESSAGE_OUTPUT:
        ledger->output_err = message->err ? message->err : ERR_INPUT_OUTPUT;
        return true;
    case MESSAGE_END:
        ledger->ended = is_all_done(ledger);
        return ledger->ended;
    case MESSAGE_MEMBER:
        return ledger_take_member(ledger, &message->member);
    case MESSAGE_REMARK:
        return ledger_take_remark(ledger, &message->remark);
    case MESSAGE_PACKED:
        return ledger_take_packed(ledger, &message->packed);
    case MESSAGE_KINDS:
        break;
    }
    return false;
}

ptrdiff_t ledger_take(struct ledger *ledger, struct str bytes)
{
    struct cursor in = cursor_over_str(bytes);
    struct message message;

    for (;;) {
        size_t start = cursor_offset(&in);
        arena_reset(ledger->message_arena);
        enum message_step step = message_next(&in, ledger->message_arena, &message);
        if (step == MESSAGE_INCOMPLETE)
            return (ptrdiff_t)start;
        if (step == MESSAGE_BROKEN ||
            !take_message(ledger, &message, str_slice(bytes, start, cursor_offset(&in))))
            return -1;
    }
}

static void set_aside(struct ledger *ledger, uint32_t index, struct str why)
{
    struct ledger_file *file = &ledger->files[index];
    struct str text = arena_printf(ledger->arena, "%.*s; nothing behind byte %llu counts",
                                   STR_ARG(why), (unsigned long long)file->done);

    note_file(ledger, &ledger->set_aside, index, text);
    complain("set aside %.*s: %.*s", STR_ARG(ledger->files[index].shown), STR_ARG(text));
    drop_pieces(file);
    file->aside = true;
    ledger->named_failed |= is_named(ledger, index);
    pass_rest(ledger, index);
    end_member(ledger, file->parent);
}

/* Nothing of it can be read again. */
static bool is_stream(const struct ledger *ledger, uint32_t index)
{
    return is_listed(ledger, index) && !ledger->evidence->files[index].path;
}

static bool is_begun(const struct ledger *ledger, uint32_t index)
{
    const struct ledger_file *file = &ledger->files[index];

    return file->started && !file->finished && !file->aside;
}

/* Being looked at, being unpacked, or with pieces under way. Of a packed file and what lies in it
 * that is what lies deepest; a member that waits in memory until a thread takes it is innocent. */
static bool is_in_flight(const struct ledger *ledger, uint32_t index)
{
    const struct ledger_file *file = &ledger->files[index];

    if (!is_begun(ledger, index))
        return false;
    if (is_stream(ledger, index))
        return true;
    if (file->packed && !file->format)
        return !file->walked && !file->busy;
    return file->first || !file->recognised;
}

static void find_busy(struct ledger *ledger)
{
    for (uint32_t i = 0; i < ledger->count; i++)
        ledger->files[i].busy = false;
    for (uint32_t i = ledger->count; i-- > 0;) { /* members before what they lie in */
        uint32_t parent = ledger->files[i].parent;
        if (parent != NO_FILE && (ledger->files[i].busy || is_in_flight(ledger, i)))
            ledger->files[parent].busy = true;
    }
}

/* What lies in something that is not read again cannot be read either. */
static void set_aside_members(struct ledger *ledger, struct str why)
{
    for (uint32_t i = 0; i < ledger->count; i++) {
        const struct ledger_file *file = &ledger->files[i];
        if (!file->finished && !file->aside && file->parent != NO_FILE &&
            ledger->files[file->parent].aside)
            set_aside(ledger, i, why);
    }
}

static void fill_starts(struct ledger *ledger)
{
    struct file_start *starts = realloc(ledger->starts, (ledger->count + 1u) * sizeof(*starts));

    ENSURE(starts);
    ledger->starts = starts;
    for (uint32_t i = 0; i < ledger->count; i++) {
        struct ledger_file *file = &ledger->files[i];
        file->started = false; /* by the next one */
        starts[i] = (struct file_start){.skip = file->finished || file->aside,
                                        .piece = file->next_piece,
                                        .offset = file->next_offset,
                                        .place = file->place,
                                        .first_member = file->first_member,
                                        .next = file->next};
    }
}

bool ledger_set_aside(struct ledger *ledger, struct str why)
{
    bool any = false;

    find_busy(ledger);
    for (uint32_t i = 0; i < ledger->count; i++) {
        if (!is_in_flight(ledger, i))
            continue;
        set_aside(ledger, i, why);
        any = true;
    }
    /* it died between pieces, such as while it looked for the end of the next one */
    for (uint32_t i = 0; i < ledger->count && !any; i++) {
        if (!is_begun(ledger, i))
            continue;
        set_aside(ledger, i, why);
        any = true;
    }
    set_aside_members(ledger, why);
    fill_starts(ledger);
    return any;
}

bool ledger_is_unreadable(const struct ledger *ledger)
{
    return ledger->evidence->named_failed || ledger->named_failed || ledger->files_with_events == 0;
}

uint64_t ledger_bytes_read(const struct ledger *ledger)
{
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < ledger->evidence->count; i++)
        bytes += ledger->files[i].packed ? ledger->files[i].packed_done : ledger->files[i].done;
    return bytes;
}

uint64_t ledger_files_met(const struct ledger *ledger)
{
    const struct evidence *evidence = ledger->evidence;

    return ledger->count + ledger->members_untold + evidence->unreadable.added +
           evidence->not_followed.added;
}

struct str ledger_file_shown(const struct ledger *ledger, uint32_t file,
                             const struct format **format)
{
    *format = ledger->files[file].format;
    return ledger->files[file].shown;
}

bool ledger_decode(const struct ledger *ledger, const struct spool_key *key, struct str bytes,
                   struct arena *arena, struct sightings *sightings)
{
    struct cursor in = cursor_over_str(bytes);

    if (key->rank >= ledger->count || !sightings_decode(&in, arena, sightings))
        return false;
    const struct ledger_file *file = &ledger->files[key->rank];
    for (uint32_t i = 0; i < sightings->count; i++) {
        sightings->at[i].path = file->shown;
        sightings->at[i].format = str_from(file->format->name);
        sightings->at[i].number = key->number;
    }
    return true;
}
