/* fuzz_messages.c - what a worker may say: believed only if whole, and said again the same. */
/* links: engine */
#include "core/ensure.h"
#include "core/limits.h"
#include "engine/message.h"
#include "model/sighting.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct arena *arena;

static void write_matches(struct buf *out, const struct matches_message *matches)
{
    message_begin_matches(out, matches->file, matches->piece, matches->part);
    buf_add(out, matches->sightings);
    message_end_matches(out, matches->count);
}

static void write(struct buf *out, const struct message *message)
{
    switch (message->kind) {
    case MESSAGE_SANDBOX:
        message_add_sandbox(out, message->state, message->text);
        break;
    case MESSAGE_FILE:
        message_add_file(out, &message->file);
        break;
    case MESSAGE_PIECE:
        message_add_piece(out, &message->piece);
        break;
    case MESSAGE_MATCHES:
        write_matches(out, &message->matches);
        break;
    case MESSAGE_PART:
        message_add_part(out, &message->part);
        break;
    case MESSAGE_OUTPUT:
        message_add_output(out, message->err);
        break;
    case MESSAGE_END:
        message_add_end(out);
        break;
    case MESSAGE_MEMBER:
        message_add_member(out, &message->member);
        break;
    case MESSAGE_REMARK:
        message_add_remark(out, &message->remark);
        break;
    case MESSAGE_PACKED:
        message_add_packed(out, &message->packed);
        break;
    case MESSAGE_KINDS:
        ENSURE(message->kind != MESSAGE_KINDS);
    }
}

static bool lies_within(struct str s, const uint8_t *data, size_t len)
{
    uintptr_t from = (uintptr_t)s.at, start = (uintptr_t)data;

    return s.len == 0 || (from >= start && from + s.len <= start + len);
}

static void check_counts(const struct named_counts *counts, const uint8_t *data, size_t len)
{
    ENSURE(counts->count <= NAMES_LISTED_MAX);
    for (uint32_t i = 0; i < counts->count; i++)
        ENSURE(lies_within(counts->at[i].name, data, len));
}

static void check_bounds(const struct message *message, const uint8_t *data, size_t len)
{
    const struct part_message *part = &message->part;

    ENSURE(message->kind < MESSAGE_KINDS && message->err < ERR_COUNT);
    ENSURE(message->file.err < ERR_COUNT && message->file.progress < FILE_PROGRESS_COUNT);
    ENSURE(message->piece.begin <= message->piece.end);
    ENSURE(lies_within(message->text, data, len));
    ENSURE(lies_within(message->matches.sightings, data, len));
    ENSURE(lies_within(message->member.name, data, len));
    ENSURE(lies_within(message->remark.text, data, len));
    ENSURE(message->member.name.len <= MEMBER_NAME_BYTES_MAX);
    ENSURE(message->kind != MESSAGE_MEMBER || message->member.parent < message->member.file);
    ENSURE(message->remark.text.len <= REMARK_TEXT_BYTES_MAX);
    ENSURE(message->remark.kind < REMARK_KINDS);
    if (message->kind != MESSAGE_PART)
        return;
    ENSURE(part->err < ERR_COUNT && part->lost_listed <= LOST_LISTED_MAX);
    ENSURE(lies_within(part->unrouted_example, data, len) &&
           lies_within(part->observed, data, len));
    for (uint32_t i = 0; i < part->lost_listed; i++)
        ENSURE(lies_within(part->lost[i].why, data, len));
    check_counts(&part->shapes, data, len);
    check_counts(&part->hosts, data, len);
    check_counts(&part->channels, data, len);
}

static void check_same(const struct sighting *a, const struct sighting *b)
{
    ENSURE(sighting_compare(a, b) == 0);
    ENSURE(str_eq(a->event, b->event) && str_eq(a->why, b->why) && str_eq(a->host, b->host));
    ENSURE(a->matched_count == b->matched_count);
}

/* Sightings that decode are encoded to something that decodes to the same. */
static void check_sightings(struct str bytes)
{
    struct cursor in = cursor_over_str(bytes);
    struct sightings sightings, again;

    while (cursor_left(&in) > 0 && sightings_decode(&in, arena, &sightings)) {
        struct buf out;
        buf_init(&out, 1 << 20);
        sightings_encode(&sightings, &out);
        struct cursor back = cursor_over_str(buf_str(&out));
        ENSURE(sightings_decode(&back, arena, &again) && cursor_left(&back) == 0);
        ENSURE(sightings.count > 0 && sightings.count == again.count);
        for (uint32_t i = 0; i < sightings.count; i++)
            check_same(&sightings.at[i], &again.at[i]);
        buf_free(&out);
    }
}

/* What was read is written, read and written once more: both writings are the same bytes. */
static void check_round_trip(const struct message *message, struct str own)
{
    struct buf first, second;
    struct message again;

    buf_init(&first, MESSAGE_BYTES_MAX);
    buf_init(&second, MESSAGE_BYTES_MAX);
    write(&first, message);
    ENSURE(first.len == own.len);
    struct cursor in = cursor_over_str(buf_str(&first));
    ENSURE(message_next(&in, arena, &again) == MESSAGE_READ && cursor_left(&in) == 0);
    ENSURE(again.kind == message->kind);
    write(&second, &again);
    ENSURE(str_eq(buf_str(&first), buf_str(&second)));
    for (size_t cut = 0; cut < first.len; cut += first.len / 16 + 1) {
        in = cursor_over(first.at, cut);
        ENSURE(message_next(&in, arena, &again) == MESSAGE_INCOMPLETE);
        ENSURE(in.at == in.start);
    }
    buf_free(&first);
    buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cursor in = cursor_over(data, len);
    struct message message;

    if (!arena)
        arena = arena_new("fuzz", (size_t)256 << 20);
    arena_reset(arena);
    for (;;) {
        const uint8_t *start = in.at;
        enum message_step step = message_next(&in, arena, &message);
        if (step == MESSAGE_INCOMPLETE)
            ENSURE(in.at == start && !in.failed);
        if (step != MESSAGE_READ)
            break;
        ENSURE(in.at >= start + MESSAGE_HEAD_BYTES && in.at <= in.end);
        check_bounds(&message, data, len);
        check_round_trip(&message, (struct str){(const char *)start, (size_t)(in.at - start)});
        if (message.kind == MESSAGE_MATCHES)
            check_sightings(message.matches.sightings);
    }
    check_sightings((struct str){(const char *)data, len});
    return 0;
}
