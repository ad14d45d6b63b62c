/* message.c - see message.h. */
#include "engine/message.h"

#include "core/ensure.h"

/* ---- writing ---- */

static void add_u32(struct buf *out, uint32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        buf_add_char(out, (char)(uint8_t)(value >> shift));
}

static void add_u64(struct buf *out, uint64_t value)
{
    add_u32(out, (uint32_t)value);
    add_u32(out, (uint32_t)(value >> 32));
}

static void add_str(struct buf *out, struct str s)
{
    add_u32(out, (uint32_t)s.len);
    buf_add(out, s);
}

/* The length of the body becomes known at the end. */
static size_t begin(struct buf *out, enum message_kind kind)
{
    size_t start = out->len;

    add_u32(out, 0);
    buf_add_char(out, (char)kind);
    return start;
}

static void put_u32(struct buf *out, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        out->at[at + i] = (char)(uint8_t)(value >> (8 * i));
}

static void end(struct buf *out, size_t start)
{
    ENSURE(!out->full);
    put_u32(out, start, (uint32_t)(out->len - start - MESSAGE_HEAD_BYTES));
}

void message_add_sandbox(struct buf *out, uint32_t state, struct str text)
{
    size_t start = begin(out, MESSAGE_SANDBOX);

    add_u32(out, state);
    add_str(out, text);
    end(out, start);
}

void message_add_file(struct buf *out, const struct file_message *file)
{
    size_t start = begin(out, MESSAGE_FILE);

    add_u32(out, file->file);
    add_u32(out, file->progress);
    add_u32(out, file->format);
    add_u32(out, file->err);
    end(out, start);
}

void message_add_piece(struct buf *out, const struct piece_message *piece)
{
    size_t start = begin(out, MESSAGE_PIECE);

    add_u32(out, piece->file);
    add_u32(out, piece->piece);
    add_u64(out, piece->begin);
    add_u64(out, piece->end);
    add_u32(out, piece->last);
    end(out, start);
}

static void add_counts(struct buf *out, const struct named_counts *counts)
{
    add_u32(out, counts->count);
    add_u64(out, counts->beyond);
    for (uint32_t i = 0; i < counts->count; i++) {
        add_str(out, counts->at[i].name);
        add_u64(out, counts->at[i].count);
        add_u64(out, counts->at[i].example_offset);
    }
}

void message_add_part(struct buf *out, const struct part_message *part)
{
    size_t start = begin(out, MESSAGE_PART);

    add_u32(out, part->file);
    add_u32(out, part->piece);
    add_u32(out, part->part);
    add_u32(out, (uint32_t)(part->last | part->has_span << 1));
    add_u32(out, part->err);
    const uint64_t numbers[] = {
        part->end,
        part->lines,
        part->events,
        part->events_without_time,
        part->events_outside_time,
        part->events_zone_assumed,
        (uint64_t)part->first_ns,
        (uint64_t)part->last_ns,
        part->records_lost,
        part->lost_count,
        part->unrouted,
        part->unrouted_number,
        part->gave_up,
        part->fields_dropped,
        part->fallback_names,
        part->scripts_known,
    };
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++)
        add_u64(out, numbers[i]);
    add_str(out, part->unrouted_example);
    add_u32(out, part->lost_listed);
    for (uint32_t i = 0; i < part->lost_listed; i++) {
        add_str(out, part->lost[i].why);
        add_u64(out, part->lost[i].offset);
        add_u64(out, part->lost[i].size);
        add_u64(out, part->lost[i].records);
    }
    add_counts(out, &part->shapes);
    add_counts(out, &part->hosts);
    add_counts(out, &part->channels);
    add_str(out, part->observed);
    end(out, start);
}

void message_add_member(struct buf *out, const struct member_message *member)
{
    size_t start = begin(out, MESSAGE_MEMBER);

    add_u32(out, member->file);
    add_u32(out, member->parent);
    add_u32(out, member->place);
    add_str(out, member->name);
    end(out, start);
}

void message_add_remark(struct buf *out, const struct remark_message *remark)
{
    size_t start = begin(out, MESSAGE_REMARK);

    add_u32(out, remark->file);
    add_u32(out, remark->kind);
    add_u64(out, remark->count);
    add_u64(out, remark->offset);
    add_str(out, remark->text);
    end(out, start);
}

void message_add_packed(struct buf *out, const struct packed_message *packed)
{
    size_t start = begin(out, MESSAGE_PACKED);

    add_u32(out, packed->file);
    add_u64(out, packed->bytes);
    end(out, start);
}

void message_add_output(struct buf *out, enum err err)
{
    size_t start = begin(out, MESSAGE_OUTPUT);

    add_u32(out, err);
    end(out, start);
}

void message_add_end(struct buf *out)
{
    end(out, begin(out, MESSAGE_END));
}

void message_begin_matches(struct buf *out, uint32_t file, uint32_t piece, uint32_t part)
{
    ENSURE(out->len == 0);
    begin(out, MESSAGE_MATCHES);
    add_u32(out, file);
    add_u32(out, piece);
    add_u32(out, part);
    add_u32(out, 0);
}

void message_end_matches(struct buf *out, uint32_t count)
{
    put_u32(out, MESSAGE_HEAD_BYTES + 12, count);
    end(out, 0);
}

/* ---- reading ---- */

static struct str take_str(struct cursor *in)
{
    return cursor_take_str(in, cursor_u32(in));
}

static enum err take_err(struct cursor *in)
{
    uint32_t number = cursor_u32(in);

    if (number >= ERR_COUNT)
        in->failed = true;
    return in->failed ? ERR_NONE : (enum err)number;
}

static void take_file(struct cursor *in, struct file_message *file)
{
    file->file = cursor_u32(in);
    uint32_t progress = cursor_u32(in);
    file->format = cursor_u32(in);
    file->err = take_err(in);
    if (progress >= FILE_PROGRESS_COUNT)
        in->failed = true;
    else
        file->progress = (enum file_progress)progress;
}

/* A text that is longer than it may be is a failure. */
static struct str take_str_max(struct cursor *in, size_t max)
{
    struct str text = take_str(in);

    if (text.len > max)
        in->failed = true;
    return in->failed ? STR_EMPTY : text;
}

static void take_member(struct cursor *in, struct member_message *member)
{
    member->file = cursor_u32(in);
    member->parent = cursor_u32(in);
    member->place = cursor_u32(in);
    member->name = take_str_max(in, MEMBER_NAME_BYTES_MAX);
    if (member->parent >= member->file)
        in->failed = true;
}

static void take_remark(struct cursor *in, struct remark_message *remark)
{
    remark->file = cursor_u32(in);
    uint32_t kind = cursor_u32(in);
    remark->count = cursor_u64(in);
    remark->offset = cursor_u64(in);
    remark->text = take_str_max(in, REMARK_TEXT_BYTES_MAX);
    if (kind >= REMARK_KINDS || remark->count > UINT32_MAX)
        in->failed = true;
    else
        remark->kind = (enum remark_kind)kind;
}

static void take_packed(struct cursor *in, struct packed_message *packed)
{
    packed->file = cursor_u32(in);
    packed->bytes = cursor_u64(in);
}

static void take_piece(struct cursor *in, struct piece_message *piece)
{
    piece->file = cursor_u32(in);
    piece->piece = cursor_u32(in);
    piece->begin = cursor_u64(in);
    piece->end = cursor_u64(in);
    piece->last = cursor_u32(in) != 0;
    if (piece->end < piece->begin)
        in->failed = true;
}

static void take_matches(struct cursor *in, struct matches_message *matches)
{
    matches->file = cursor_u32(in);
    matches->piece = cursor_u32(in);
    matches->part = cursor_u32(in);
    matches->count = cursor_u32(in);
    matches->sightings = cursor_take_str(in, cursor_left(in));
}

/* A count that the bytes at hand cannot hold, or that is above `max`, is a failure before
 * anything is allocated for it. */
static uint32_t take_count(struct cursor *in, uint32_t max, size_t bytes_each)
{
    uint32_t count = cursor_u32(in);

    if (count > max || count > cursor_left(in) / bytes_each)
        in->failed = true;
    return in->failed ? 0 : count;
}

static void take_counts(struct cursor *in, struct arena *arena, struct named_counts *counts)
{
    counts->count = take_count(in, NAMES_LISTED_MAX, 20);
    counts->beyond = cursor_u64(in);
    counts->at = ARENA_ARRAY(arena, struct named_count, counts->count);
    for (uint32_t i = 0; i < counts->count; i++) {
        counts->at[i].name = take_str(in);
        counts->at[i].count = cursor_u64(in);
        counts->at[i].example_offset = cursor_u64(in);
    }
}

static void take_part(struct cursor *in, struct arena *arena, struct part_message *part)
{
    part->file = cursor_u32(in);
    part->piece = cursor_u32(in);
    part->part = cursor_u32(in);
    uint32_t flags = cursor_u32(in);
    part->last = flags & 1;
    part->has_span = flags >> 1 & 1;
    part->err = take_err(in);
    part->end = cursor_u64(in);
    part->lines = cursor_u64(in);
    part->events = cursor_u64(in);
    part->events_without_time = cursor_u64(in);
    part->events_outside_time = cursor_u64(in);
    part->events_zone_assumed = cursor_u64(in);
    part->first_ns = (int64_t)cursor_u64(in);
    part->last_ns = (int64_t)cursor_u64(in);
    part->records_lost = cursor_u64(in);
    part->lost_count = cursor_u64(in);
    part->unrouted = cursor_u64(in);
    part->unrouted_number = cursor_u64(in);
    part->gave_up = cursor_u64(in);
    part->fields_dropped = cursor_u64(in);
    part->fallback_names = cursor_u64(in);
    part->scripts_known = cursor_u64(in);
    part->unrouted_example = take_str(in);
    part->lost_listed = take_count(in, LOST_LISTED_MAX, 28);
    part->lost = ARENA_ARRAY(arena, struct lost_stretch, part->lost_listed);
    for (uint32_t i = 0; i < part->lost_listed; i++) {
        part->lost[i].why = take_str(in);
        part->lost[i].offset = cursor_u64(in);
        part->lost[i].size = cursor_u64(in);
        part->lost[i].records = cursor_u64(in);
    }
    take_counts(in, arena, &part->shapes);
    take_counts(in, arena, &part->hosts);
    take_counts(in, arena, &part->channels);
    part->observed = take_str(in);
}

static void take_body(struct cursor *in, struct arena *arena, struct message *message)
{
    switch (message->kind) {
    case MESSAGE_SANDBOX:
        message->state = cursor_u32(in);
        message->text = take_str(in);
        break;
    case MESSAGE_FILE:
        take_file(in, &message->file);
        break;
    case MESSAGE_PIECE:
        take_piece(in, &message->piece);
        break;
    case MESSAGE_MATCHES:
        take_matches(in, &message->matches);
        break;
    case MESSAGE_PART:
        take_part(in, arena, &message->part);
        break;
    case MESSAGE_OUTPUT:
        message->err = take_err(in);
        break;
    case MESSAGE_MEMBER:
        take_member(in, &message->member);
        break;
    case MESSAGE_REMARK:
        take_remark(in, &message->remark);
        break;
    case MESSAGE_PACKED:
        take_packed(in, &message->packed);
        break;
    case MESSAGE_END:
    case MESSAGE_KINDS:
        break;
    }
}

enum message_step message_next(struct cursor *in, struct arena *arena, struct message *message)
{
    if (cursor_left(in) < MESSAGE_HEAD_BYTES)
        return MESSAGE_INCOMPLETE;
    uint32_t len = load_u32(in->at);
    uint8_t kind = in->at[4];
    if (kind >= MESSAGE_KINDS || len > MESSAGE_BYTES_MAX)
        return MESSAGE_BROKEN;
    if (cursor_left(in) - MESSAGE_HEAD_BYTES < len)
        return MESSAGE_INCOMPLETE;
    struct cursor body = cursor_over(in->at + MESSAGE_HEAD_BYTES, len);
    *message = (struct message){.kind = (enum message_kind)kind};
    take_body(&body, arena, message);
    cursor_skip(in, MESSAGE_HEAD_BYTES + (size_t)len);
    return body.failed || cursor_left(&body) > 0 ? MESSAGE_BROKEN : MESSAGE_READ;
}
