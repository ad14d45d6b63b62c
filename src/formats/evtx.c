/* evtx.c - Windows event logs: chunks and records of the binary form, damaged ones too.
 *
 * What the file header says is not believed. A chunk's header is used for two things: where free
 * space begins, and how many records there should be. Behind that place a record is read only if
 * it is whole and its id follows the last one's: a file that was not closed has true records
 * there, a chunk that was used anew has stale ones. Where a record is broken, reading goes on at
 * the next record magic whose size is plausible and stands again at the record's end. */
#include "codec/time_text.h"
#include "core/ensure.h"
#include "core/limits.h"
#include "formats/evtx_priv.h"

#include <stdlib.h>
#include <string.h>

#define FILE_HEADER_BYTES 4096u
#define RECORD_BYTES_MIN (EVTX_RECORD_HEADER_BYTES + 4)
#define EVENT_DEPTH_MAX 8 /* BinXML within BinXML */
#define CHUNK_MARK "ElfChnk"
#define CHUNK_MARK_BYTES sizeof(CHUNK_MARK)

static const uint8_t record_magic[4] = {0x2a, 0x2a, 0x00, 0x00};

static int evtx_probe(struct str head)
{
    if (str_starts_with(head, STR("ElfFile\0")))
        return 100;
    return str_starts_with(head, STR("ElfChnk\0")) ? 95 : 0;
}

static ptrdiff_t evtx_cut(const struct carry *carry, struct str bytes)
{
    (void)carry;
    return str_starts_with(bytes, STR("ElfChnk\0")) ? 0 : -1;
}

static struct reader *evtx_reader_new(const struct field_dictionary *fields,
                                      const struct reader_options *options)
{
    struct reader *reader = calloc(1, sizeof(*reader));

    (void)options;
    ENSURE(reader);
    reader->fields = fields;
    reader->arena = arena_new("EVTX templates", EVTX_TEMPLATES_BYTES_MAX);
    map_init(&reader->templates, reader->arena);
    buf_init(&reader->canonical, 1u << 20);
    return reader;
}

static void evtx_reader_free(struct reader *reader)
{
    if (!reader)
        return;
    buf_free(&reader->canonical);
    arena_free(reader->arena);
    free(reader);
}

static void evtx_reader_begin(struct reader *reader, const struct carry *carry, uint64_t offset)
{
    (void)carry;
    (void)offset;
    reader->in_chunk = false;
    reader->end_id = reader->lost_since = 0;
    reader->stretch.size = reader->empty.size = 0;
}

/* Hostile files may hold any number of templates: what was compiled is dropped when it grows too
 * large. */
static void renew_templates(struct reader *reader)
{
    if (arena_cap_left(reader->arena) > EVTX_TEMPLATES_BYTES_MAX / 2 &&
        reader->compiled_count < EVTX_TEMPLATES_MAX / 2)
        return;
    arena_reset(reader->arena);
    map_init(&reader->templates, reader->arena);
    reader->compiled = NULL;
    reader->compiled_count = reader->compiled_max = 0;
}

/* ---- one event ---- */

struct walk {
    struct reader *reader;
    struct event *event;
    const struct value_visitor *visitor; /* NULL: fill the event */
    uint32_t depth;
};

static bool walk_fragments(struct walk *walk, size_t at, size_t end, enum evtx_context context);

static void set_time(struct event *event, int64_t time_ns)
{
    event->time_ns = time_ns;
    event->has_time = true;
}

static void take_time_text(struct event *event, struct str text)
{
    int64_t time_ns;
    bool has_zone;

    if (time_parse(text, &time_ns, &has_zone))
        set_time(event, time_ns);
}

static void take_time(struct event *event, const struct evtx_substitution *value)
{
    int64_t time_ns;

    if (value->type != EVTX_FILETIME || value->size < 8)
        take_time_text(event, evtx_decode(event->arena, value->type, value->at, value->size).text);
    else if (time_from_filetime(load_u64(value->at), &time_ns))
        set_time(event, time_ns);
}

/* Hosts hardly change from one event to the next: the last one is known by its bytes. */
static struct str host_of(struct reader *reader, struct arena *arena,
                          const struct evtx_substitution *value)
{
    if (value->type != EVTX_STRING || value->size > EVTX_HOST_BYTES_MAX)
        return evtx_decode(arena, value->type, value->at, value->size).text;
    if (value->size != reader->host_size ||
        memcmp(value->at, reader->host_stored, value->size) != 0) {
        struct str text = evtx_decode(arena, value->type, value->at, value->size).text;
        memcpy(reader->host_stored, value->at, value->size);
        memcpy(reader->host, text.at, text.len);
        reader->host_size = value->size;
        reader->host_len = text.len;
    }
    return (struct str){reader->host, reader->host_len};
}

static void give(struct walk *walk, const struct evtx_slot *slot, const struct field_ref *ref,
                 struct value value)
{
    if (slot->role == EVTX_ROLE_COMPUTER)
        walk->event->host = value.text;
    else if (slot->role == EVTX_ROLE_TIME)
        take_time_text(walk->event, value.text);
    event_add(walk->event, ref, value);
    event_add(walk->event, slot->ref_compact, value);
}

/* A value that is no array. It is decoded when somebody looks at it. */
static void give_stored(struct walk *walk, const struct evtx_slot *slot,
                        const struct field_ref *ref, const struct evtx_substitution *value)
{
    struct event *event = walk->event;
    struct str bytes = {(const char *)value->at, value->size};

    if (value->type == EVTX_NULL || value->size == 0) {
        give(walk, slot, ref, evtx_decode(event->arena, value->type, value->at, value->size));
        return;
    }
    if (slot->role == EVTX_ROLE_COMPUTER)
        event->host = host_of(walk->reader, event->arena, value);
    else if (slot->role == EVTX_ROLE_TIME)
        take_time(event, value);
    event_add_stored(event, ref, value->type, bytes);
    event_add_stored(event, slot->ref_compact, value->type, bytes);
}

static struct value decode_stored(struct arena *arena, uint8_t stored, struct str bytes)
{
    return evtx_decode(arena, stored, (const uint8_t *)bytes.at, bytes.len);
}

/* What stands where the template leaves a gap; NULL: a text, or nothing. */
static const struct evtx_substitution *filling(const struct evtx_fragment *fragment,
                                               const struct evtx_part *part)
{
    return part->is_text || part->index >= fragment->count ? NULL
                                                           : &fragment->substitutions[part->index];
}

/* One value for the visitor, if it wants it. */
static void show(struct walk *walk, const struct evtx_substitution *value)
{
    const struct value_visitor *visitor = walk->visitor;
    struct str raw = {(const char *)value->at, value->size};

    if (visitor->texts_only && value->type != EVTX_STRING && value->type != EVTX_ANSI)
        return;
    if (value->type == EVTX_STRING && visitor->knows &&
        visitor->knows(visitor->context, RAW_UTF16LE, raw))
        return;
    struct value decoded = evtx_decode(walk->event->arena, value->type, value->at, value->size);
    if (decoded.type != VALUE_NULL)
        visitor->visit(visitor->context, decoded);
}

static void give_text(struct walk *walk, const struct evtx_slot *slot, const struct field_ref *ref,
                      struct str text)
{
    const struct value_visitor *visitor = walk->visitor;

    if (!visitor)
        give(walk, slot, ref, value_string(text));
    else if (!visitor->knows || !visitor->knows(visitor->context, RAW_UTF8, text))
        visitor->visit(visitor->context, value_string(text));
}

static void watch(struct event *event, enum raw_form form, struct str raw)
{
    if (event->watched == WATCHED_NOTHING && event->watch->passes(event->watch->context, form, raw))
        event->watched = WATCHED_SOMETHING;
}

static bool walk_substitution(struct walk *walk, const struct evtx_slot *slot,
                              const struct field_ref *ref, struct evtx_substitution value)
{
    struct evtx_substitution member;

    if (value.type == EVTX_BINXML) {
        size_t at = (size_t)(value.at - walk->reader->chunk.at);
        if (walk->depth == EVENT_DEPTH_MAX)
            return false;
        walk->depth++;
        bool good = walk_fragments(walk, at, at + value.size, slot->context);
        walk->depth--;
        return good;
    }
    if (walk->visitor) {
        if (!(value.type & EVTX_ARRAY))
            show(walk, &value);
        while (value.type & EVTX_ARRAY && evtx_array_next(&value, &member))
            show(walk, &member);
        return true;
    }
    if (!(value.type & EVTX_ARRAY))
        give_stored(walk, slot, ref, &value);
    while (value.type & EVTX_ARRAY && evtx_array_next(&value, &member))
        give_stored(walk, slot, ref, &member);
    return true;
}

/* Text and substitutions that stand together are one text. */
static struct str joined_parts(struct walk *walk, const struct evtx_fragment *fragment,
                               const struct evtx_slot *slot)
{
    struct arena *arena = walk->event->arena;
    struct buf text;

    buf_init(&text, RECORD_BYTES_MAX);
    for (uint32_t i = 0; i < slot->part_count; i++) {
        const struct evtx_part *part = &fragment->template->parts[slot->first_part + i];
        const struct evtx_substitution *value = filling(fragment, part);
        if (part->is_text)
            buf_add(&text, part->text);
        else if (value && value->type != EVTX_BINXML)
            buf_add(&text, evtx_decode(arena, value->type, value->at, value->size).text);
    }
    struct str joined = arena_str(arena, buf_str(&text));
    buf_free(&text);
    return joined;
}

/* BinXML among them is walked by itself; where an array is among them they are values of their
 * own. */
static bool walk_parts(struct walk *walk, const struct evtx_fragment *fragment,
                       const struct evtx_slot *slot, const struct field_ref *ref, bool wanted)
{
    bool array = false;

    for (uint32_t i = 0; i < slot->part_count; i++) {
        const struct evtx_part *part = &fragment->template->parts[slot->first_part + i];
        const struct evtx_substitution *value = filling(fragment, part);
        array |= value && value->type & EVTX_ARRAY;
        if (value && value->type == EVTX_BINXML && !walk_substitution(walk, slot, ref, *value))
            return false;
    }
    if (wanted && !array)
        give_text(walk, slot, ref, joined_parts(walk, fragment, slot));
    for (uint32_t i = 0; wanted && array && i < slot->part_count; i++) {
        const struct evtx_part *part = &fragment->template->parts[slot->first_part + i];
        const struct evtx_substitution *value = filling(fragment, part);
        if (part->is_text)
            give_text(walk, slot, ref, part->text);
        else if (value && value->type != EVTX_BINXML)
            walk_substitution(walk, slot, ref, *value);
    }
    return true;
}

/* `Data` whose Name is itself a substitution. */
static const struct field_ref *named_ref(struct walk *walk, const struct evtx_fragment *fragment,
                                         const struct evtx_slot *slot)
{
    if (slot->name_index < 0)
        return slot->ref;
    if ((uint32_t)slot->name_index >= fragment->count || walk->visitor)
        return NULL;
    const struct evtx_substitution *name = &fragment->substitutions[slot->name_index];
    return fields_resolve(walk->event->fields,
                          evtx_decode(walk->event->arena, name->type, name->at, name->size).text);
}

static bool walk_slot(struct walk *walk, const struct evtx_fragment *fragment,
                      const struct evtx_slot *slot)
{
    const struct evtx_part *part = &fragment->template->parts[slot->first_part];
    const struct field_ref *ref = named_ref(walk, fragment, slot);
    bool wanted = slot->wanted || walk->visitor;

    if (slot->part_count > 1)
        return walk_parts(walk, fragment, slot, ref, wanted);
    if (part->is_text) {
        if (wanted)
            give_text(walk, slot, ref, part->text);
        return true;
    }
    const struct evtx_substitution *value = filling(fragment, part);
    if (!value || (!wanted && value->type != EVTX_BINXML))
        return true;
    return walk_substitution(walk, slot, ref, *value);
}

static void watch_value(struct event *event, const struct evtx_substitution *value)
{
    int type = value->type & ~EVTX_ARRAY;

    if (type == EVTX_STRING)
        watch(event, RAW_UTF16LE, (struct str){(const char *)value->at, value->size});
    else if (type == EVTX_ANSI && value->size > 0)
        event->watched = WATCHED_SOMETHING; /* rare enough to be decoded */
}

/* What stands in the template itself is the same in every event. */
static void watch_template(struct event *event, const struct evtx_template *template)
{
    for (uint32_t i = 0; i < template->slot_count; i++) {
        const struct evtx_slot *slot = &template->slots[i];
        const struct evtx_part *part = &template->parts[slot->first_part];
        if (slot->part_count > 1) /* a text may be made of them all */
            event->watched = WATCHED_SOMETHING;
        else if (part->is_text)
            watch(event, RAW_UTF8, part->text);
    }
    if (event->watched == WATCHED_NOTHING)
        *template->calm = event->watch;
}

static bool walk_fragment(struct walk *walk, const struct evtx_fragment *fragment)
{
    const struct evtx_template *template = fragment->template;
    bool watched = walk->event->watched == WATCHED_NOTHING;
    bool all = walk->visitor || watched || fragment->types & EVTX_TYPE_BIT(EVTX_BINXML);
    uint32_t count = all ? template->slot_count : template->wanted_count;

    if (watched && *template->calm != walk->event->watch)
        watch_template(walk->event, template);

    for (uint32_t i = 0; i < count; i++) {
        const struct evtx_slot *slot = &template->slots[all ? i : template->wanted[i]];
        if (!walk->visitor && slot->index < fragment->count) { /* nearly always */
            const struct evtx_substitution *value = &fragment->substitutions[slot->index];
            if (watched)
                watch_value(walk->event, value);
            if (!slot->wanted && value->type != EVTX_BINXML)
                continue;
            if (slot->simple && value->size > 0 && value->type - 1u < EVTX_BINXML - 1u) {
                event_add_stored(walk->event, slot->ref, value->type,
                                 (struct str){(const char *)value->at, value->size});
                continue;
            }
        }
        if (!walk_slot(walk, fragment, slot))
            return false;
    }
    return true;
}

static bool walk_fragments(struct walk *walk, size_t at, size_t end, enum evtx_context context)
{
    struct evtx_fragment fragment;
    bool broken = false;

    while (evtx_fragment_next(walk->reader, &walk->reader->chunk, &at, end, context,
                              walk->event->arena, &fragment, &broken))
        if (!walk_fragment(walk, &fragment))
            return false;
    return !broken;
}

static void evtx_all_values(struct event *event, const struct value_visitor *visitor)
{
    struct reader *reader = event->reader;
    struct walk walk = {.reader = reader, .event = event, .visitor = visitor};

    reader->left = 2 * EVTX_EVENT_BYTES_MAX; /* what was learned for this event may be forgotten */
    walk_fragments(&walk, reader->content, reader->content_end, EVTX_IN_NOTHING);
}

static bool evtx_may_hold(const struct event *event, look_fn *look, const void *context)
{
    const struct reader *reader = event->reader;
    const char *content = (const char *)reader->chunk.at + reader->content;

    if (!reader->plain)
        return true;
    for (uint32_t i = 0; i < reader->met_count; i++)
        if (reader->met[i]->texts.len > 0 && look(context, RAW_UTF16LE, reader->met[i]->texts))
            return true;
    return look(context, RAW_UTF16LE, (struct str){content, reader->content_end - reader->content});
}

static bool fill_event(struct reader *reader, const uint8_t *chunk, size_t at, size_t size,
                       struct event *event)
{
    struct walk walk = {.reader = reader, .event = event};

    event_reset(event);
    reader->left = EVTX_EVENT_BYTES_MAX;
    reader->chunk = (struct evtx_chunk){chunk, reader->chunk_len};
    reader->content = at + EVTX_RECORD_HEADER_BYTES;
    reader->content_end = at + size - 4;
    reader->met_count = 0;
    reader->filling = reader->plain = true;
    event->windows = true;
    event->offset = reader->chunk_offset + at;
    event->record = load_u64(chunk + at + 8);
    event->raw = (struct str){(const char *)chunk + at, size};
    event->has_time = time_from_filetime(load_u64(chunk + at + 16), &event->time_ns);
    event->all_values = evtx_all_values;
    event->may_hold = evtx_may_hold;
    event->decode = decode_stored;
    event->reader = reader;
    event->watched = event->watch ? WATCHED_NOTHING : WATCHED_NOT;
    bool good = walk_fragments(&walk, reader->content, reader->content_end, EVTX_IN_NOTHING);
    reader->filling = false;
    return good;
}

/* ---- records of a chunk ---- */

static bool is_zero(const uint8_t *at, size_t len)
{
    return len == 0 || (at[0] == 0 && memcmp(at, at + 1, len - 1) == 0);
}

static bool has_magic(const uint8_t *chunk, size_t len, size_t at)
{
    return at + RECORD_BYTES_MIN <= len && memcmp(chunk + at, record_magic, 4) == 0;
}

static size_t record_size(const uint8_t *chunk, size_t len, size_t at)
{
    uint32_t size = has_magic(chunk, len, at) ? load_u32(chunk + at + 4) : 0;

    return size >= RECORD_BYTES_MIN && size <= len - at ? size : 0;
}

/* A record whose size also stands at its end: what a search may believe. */
static bool is_whole(const uint8_t *chunk, size_t len, size_t at)
{
    size_t size = record_size(chunk, len, at);

    return size > 0 && load_u32(chunk + at + size - 4) == size;
}

/* The first whole record that starts in [at, end), or `len`. */
static size_t find_record(const uint8_t *chunk, size_t len, size_t at, size_t end)
{
    for (; at < end && at + RECORD_BYTES_MIN <= len; at++) {
        size_t left = end - at + sizeof(record_magic) - 1;
        const uint8_t *hit = memmem(chunk + at, left < len - at ? left : len - at, record_magic,
                                    sizeof(record_magic));
        if (!hit)
            break;
        at = (size_t)(hit - chunk);
        if (is_whole(chunk, len, at))
            return at;
    }
    return len;
}

/* The same from behind `at` on; where it is the first record of another chunk that chunk's mark,
 * for some of this one is missing. */
static size_t find_next(const uint8_t *chunk, size_t len, size_t at, size_t end, bool *other)
{
    size_t next = find_record(chunk, len, at + 1, end), header = EVTX_CHUNK_HEADER_BYTES;

    *other = next < len && next - at > header &&
             memcmp(chunk + next - header, CHUNK_MARK, CHUNK_MARK_BYTES) == 0;
    return *other ? next - header : next;
}

/* Bytes up to the next offset at which a chunk stands in a whole file. */
static size_t to_next_place(const struct window *window)
{
    return EVTX_CHUNK_BYTES - (size_t)((window->offset - FILE_HEADER_BYTES) % EVTX_CHUNK_BYTES);
}

static size_t find_chunk(const uint8_t *at, size_t len)
{
    const uint8_t *hit = len > 0 ? memmem(at, len, CHUNK_MARK, CHUNK_MARK_BYTES) : NULL;

    return hit ? (size_t)(hit - at) : len;
}

static enum step lost(struct damage *damage, const char *why, uint64_t offset, uint64_t size,
                      uint64_t records)
{
    *damage = (struct damage){why, offset, size, records};
    return STEP_SKIPPED;
}

/* A chunk ends where another begins, at the place of one, before its size is full: it stands at no
 * such place itself, and some of it is missing. */
static size_t chunk_extent(const struct window *window, size_t left)
{
    size_t place = to_next_place(window);
    bool other = place < left && window_left(window) - place >= CHUNK_MARK_BYTES &&
                 memcmp(window->at + place, CHUNK_MARK, CHUNK_MARK_BYTES) == 0;

    return other ? place : left;
}

static void enter_chunk(struct reader *reader, const struct window *window, size_t left)
{
    const uint8_t *chunk = window->at;
    uint32_t free_space = load_u32(chunk + 48);
    uint64_t first = load_u64(chunk + 8), last = load_u64(chunk + 16);

    renew_templates(reader);
    reader->generation++;
    reader->in_chunk = true;
    reader->chunk_offset = window->offset;
    reader->chunk_len = chunk_extent(window, left);
    reader->other_begins = reader->chunk_len < left;
    reader->next_record = EVTX_CHUNK_HEADER_BYTES;
    bool plausible = free_space >= EVTX_CHUNK_HEADER_BYTES && free_space <= EVTX_CHUNK_BYTES;
    reader->end_is_stated = plausible;
    reader->stated_end = plausible ? free_space : EVTX_CHUNK_BYTES;
    uint64_t stated = last >= first ? last - first + 1 : 0;
    reader->stated_records = stated <= EVTX_CHUNK_BYTES / RECORD_BYTES_MIN ? stated : 0;
    reader->records_met = 0;
    reader->last_id = 0;
}

/* The chunk is over: says so if that is before its records end. */
static enum step leave_chunk(struct reader *reader, struct window *window, struct damage *damage)
{
    uint64_t end = reader->chunk_offset + reader->chunk_len;
    uint64_t from = window->offset;

    reader->in_chunk = false;
    reader->end_id = reader->records_met > 0 ? reader->last_id : 0;
    reader->lost_since = 0;
    window_advance(window, (size_t)(end - window->offset));
    if (reader->chunk_len < EVTX_CHUNK_BYTES && reader->stated_end > reader->chunk_len) {
        uint64_t missing = reader->stated_records > reader->records_met
                               ? reader->stated_records - reader->records_met
                               : 1;
        return lost(damage,
                    reader->other_begins ? "another chunk begins inside this one"
                                         : "the file ends inside a chunk",
                    from, end - from, missing);
    }
    return STEP_MORE; /* here: go on with what follows */
}

/* Records between two places of a chunk: what the ids on both sides say, or at its end the header,
 * if so many find room; else one. */
static uint64_t lost_between(const struct reader *reader, const uint8_t *chunk, size_t at,
                             size_t next)
{
    uint64_t count = 0;

    if (!is_whole(chunk, reader->chunk_len, next))
        count = reader->stated_records - reader->records_met;
    else if (reader->last_id > 0)
        count = load_u64(chunk + next + 8) - reader->last_id - 1;
    return count > 0 && count <= (next - at) / RECORD_BYTES_MIN ? count : 1;
}

static enum step skip_to_record(struct reader *reader, struct window *window, const uint8_t *chunk,
                                size_t at, size_t limit, const char *why, struct damage *damage)
{
    bool other;
    size_t next = find_next(chunk, reader->chunk_len, at, reader->chunk_len, &other);
    uint64_t offset = reader->chunk_offset + at;

    if (other) {
        reader->chunk_len = next;
        reader->stated_end = limit = next < limit ? next : limit; /* the rest is told right here */
    }
    if (next >= limit || next == reader->chunk_len)
        next = limit;
    uint64_t count = lost_between(reader, chunk, at, next);
    reader->next_record = next;
    reader->records_met += count;
    reader->last_id += reader->last_id > 0 ? count : 0;
    window_advance(window, (size_t)(reader->chunk_offset + next - window->offset));
    return lost(damage, why, offset, next - at, count);
}

static enum step next_record(struct reader *reader, struct window *window, struct event *event,
                             struct damage *damage)
{
    const uint8_t *chunk = window->at - (window->offset - reader->chunk_offset);
    size_t at = reader->next_record, len = reader->chunk_len;
    size_t limit = reader->stated_end < len ? reader->stated_end : len;
    size_t size = record_size(chunk, len, at);

    if (at >= limit) {
        bool follows = is_whole(chunk, len, at) && reader->records_met > 0 &&
                       load_u64(chunk + at + 8) == reader->last_id + 1;
        if (!follows)
            return leave_chunk(reader, window, damage);
    } else if (size == 0) {
        bool empty = !reader->end_is_stated && is_zero(chunk + at, len - at);
        bool cut_off = reader->stated_end > len && find_record(chunk, len, at + 1, len) == len;
        if (empty || cut_off)
            return leave_chunk(reader, window, damage);
        return skip_to_record(reader, window, chunk, at, limit,
                              has_magic(chunk, len, at) ? "a record's size is not possible"
                                                        : "no record where one should be",
                              damage);
    }
    if (!is_whole(chunk, len, at)) { /* does it reach over the next one? */
        bool other;
        size_t end = at + size + EVTX_CHUNK_HEADER_BYTES;
        if (find_next(chunk, len, at, end, &other) < at + size)
            return skip_to_record(reader, window, chunk, at, limit,
                                  "a record's size disagrees with the one at its end", damage);
    }
    reader->next_record = at + size;
    reader->records_met++;
    reader->last_id = load_u64(chunk + at + 8);
    window_advance(window, (size_t)(reader->chunk_offset + at + size - window->offset));
    if (fill_event(reader, chunk, at, size, event))
        return STEP_EVENT;
    return lost(damage, "a record's content cannot be read", reader->chunk_offset + at, size, 1);
}

/* ---- between chunks ---- */

/* Neither a chunk nor nothing: passes on to where the next chunk may be, counting the records
 * that stand there without the names and templates that would make them readable. What it passes
 * does not hang on how much more is in memory: `left` is a chunk's size, or less at the end of
 * the file. */
static void pass_stretch(struct reader *reader, struct window *window, size_t left)
{
    size_t size = to_next_place(window), records = 0;

    if (size > left)
        size = left;
    if (window->piece_end - window->offset < size)
        size = (size_t)(window->piece_end - window->offset);
    if (size > EVTX_CHUNK_BYTES - 7)
        size = EVTX_CHUNK_BYTES - 7; /* a magic may be cut by the end of what is seen */
    size_t magic = 1 + find_chunk(window->at + 1, left - 1);
    if (size > magic)
        size = magic;
    for (size_t at = find_record(window->at, left, 0, size); at < size;
         at = find_record(window->at, left, at + 1, size))
        records++;
    if (reader->stretch.size == 0)
        reader->stretch = (struct damage){"no chunk where one should be", window->offset, 0, 0};
    reader->stretch.size += size;
    reader->stretch.records += records;
    window_advance(window, size);
}

/* A chunk of nothing is damage only if another chunk follows. */
static void pass_empty(struct reader *reader, struct window *window, size_t left)
{
    size_t size = to_next_place(window);

    if (size >= EVTX_CHUNK_BYTES && left >= EVTX_CHUNK_BYTES) {
        if (reader->empty.size == 0)
            reader->empty = (struct damage){"an empty chunk between others", window->offset, 0, 0};
        reader->empty.size += EVTX_CHUNK_BYTES;
    }
    window_advance(window, size < left ? size : left);
}

/* What was passed is over. */
static enum step tell_stretch(struct reader *reader, struct damage *damage)
{
    *damage = reader->stretch;
    reader->lost_since += damage->records;
    if (damage->records == 0)
        damage->records = 1;
    reader->stretch.size = 0;
    return STEP_SKIPPED;
}

/* How many records stood in it, the ids on both sides say, less those that were found between. */
static enum step tell_empty(struct reader *reader, const struct window *window, size_t left,
                            struct damage *damage)
{
    uint64_t most = reader->empty.size / RECORD_BYTES_MIN;

    *damage = reader->empty;
    damage->records = 1; /* if nobody can tell */
    reader->empty.size = 0;
    if (reader->end_id > 0 && left > EVTX_CHUNK_HEADER_BYTES &&
        is_whole(window->at, left, EVTX_CHUNK_HEADER_BYTES)) {
        uint64_t jump = load_u64(window->at + EVTX_CHUNK_HEADER_BYTES + 8) - reader->end_id - 1;
        if (jump <= most)
            damage->records = jump > reader->lost_since ? jump - reader->lost_since : 0;
    }
    return STEP_SKIPPED;
}

static bool looks_like_chunk(const struct window *window, size_t left)
{
    if (left < EVTX_CHUNK_HEADER_BYTES)
        return false;
    if (memcmp(window->at, CHUNK_MARK, CHUNK_MARK_BYTES) == 0)
        return true;
    /* the header is damaged, but the place is right and the first record stands */
    return (window->offset - FILE_HEADER_BYTES) % EVTX_CHUNK_BYTES == 0 &&
           is_whole(window->at, left, EVTX_CHUNK_HEADER_BYTES);
}

/* At the end of the piece: chunks of nothing are its own, the chunk behind them is the next
 * one's. */
static enum step end_piece(struct reader *reader, struct window *window, size_t left,
                           struct damage *damage)
{
    if (reader->stretch.size > 0)
        return tell_stretch(reader, damage);
    if (reader->empty.size > 0 && left > 0 && looks_like_chunk(window, left))
        return tell_empty(reader, window, left, damage);
    return STEP_END;
}

static enum step between_chunks(struct reader *reader, struct window *window, struct damage *damage)
{
    size_t left = window_left(window);
    bool over = window->offset >= window->piece_end;

    if (over && reader->empty.size == 0)
        return end_piece(reader, window, 0, damage);
    if (left < EVTX_CHUNK_BYTES + CHUNK_MARK_BYTES && !window->last)
        return STEP_MORE; /* a chunk, and whether another begins inside of it */
    if (left > EVTX_CHUNK_BYTES)
        left = EVTX_CHUNK_BYTES;
    if (over || left == 0)
        return end_piece(reader, window, left, damage);
    if (window->offset == 0 && left >= 8 && memcmp(window->at, "ElfFile", 8) == 0) {
        if (left < FILE_HEADER_BYTES) {
            window_advance(window, left);
            return lost(damage, "the file ends in its header", 0, left, 1);
        }
        window_advance(window, FILE_HEADER_BYTES);
        return STEP_EVENT; /* here: go on */
    }
    bool chunk = looks_like_chunk(window, left);
    if (!chunk && !is_zero(window->at, left)) {
        pass_stretch(reader, window, left);
        return STEP_EVENT;
    }
    if (reader->stretch.size > 0)
        return tell_stretch(reader, damage);
    if (!chunk) {
        pass_empty(reader, window, left);
        return STEP_EVENT;
    }
    if (reader->empty.size > 0)
        return tell_empty(reader, window, left, damage);
    enter_chunk(reader, window, left);
    return STEP_EVENT;
}

static enum step evtx_next(struct reader *reader, struct window *window, struct event *event,
                           struct damage *damage)
{
    for (;;) {
        if (reader->in_chunk) {
            enum step step = next_record(reader, window, event, damage);
            if (step != STEP_MORE)
                return step;
        } else {
            enum step step = between_chunks(reader, window, damage);
            if (step != STEP_EVENT)
                return step;
        }
    }
}

const struct format format_evtx = {
    .name = "evtx",
    .about = "Windows event logs (binary .evtx, whole, damaged or carved)",
    .line_or_record = "record",
    .probe = evtx_probe,
    .cut_begin = FILE_HEADER_BYTES,
    .cut_unit = EVTX_CHUNK_BYTES,
    .cut = evtx_cut,
    .reader_new = evtx_reader_new,
    .reader_free = evtx_reader_free,
    .reader_begin = evtx_reader_begin,
    .next = evtx_next,
    .render = evtx_render,
};
