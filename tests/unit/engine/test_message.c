/* test_message.c: what the worker says is read back as it was said, and nothing else is. */
#include "engine/message.h"

#include "testkit.h"

static struct arena *arena;
static struct buf out;

static void begin(void)
{
    if (!arena)
        arena = arena_new("test", 1u << 24);
    arena_reset(arena);
    buf_free(&out);
    buf_init(&out, MESSAGE_BYTES_MAX);
}

/* The one message in `out`; every shorter piece of it is incomplete, and no byte is left over. */
static struct message read_back(void)
{
    struct message message = {.kind = MESSAGE_KINDS};

    for (size_t len = 0; len < out.len; len++) {
        struct cursor in = cursor_over(out.at, len);
        CHECK_INT(message_next(&in, arena, &message), MESSAGE_INCOMPLETE);
        CHECK_INT(cursor_left(&in), len);
    }
    struct cursor in = cursor_over(out.at, out.len);
    CHECK_INT(message_next(&in, arena, &message), MESSAGE_READ);
    CHECK_INT(cursor_left(&in), 0);
    return message;
}

static enum message_step step_of(struct str bytes)
{
    struct cursor in = cursor_over_str(bytes);
    struct message message;

    return message_next(&in, arena, &message);
}

TEST(small_messages)
{
    begin();
    message_add_sandbox(&out, 2, STR("no Landlock"));
    struct message message = read_back();
    CHECK_INT(message.kind, MESSAGE_SANDBOX);
    CHECK_INT(message.state, 2);
    CHECK_STR(message.text, "no Landlock");
    begin();
    message_add_output(&out, ERR_NO_SPACE);
    message = read_back();
    CHECK_INT(message.kind, MESSAGE_OUTPUT);
    CHECK_INT(message.err, ERR_NO_SPACE);
    begin();
    message_add_end(&out);
    CHECK_INT(read_back().kind, MESSAGE_END);
}

TEST(files_and_pieces)
{
    begin();
    message_add_file(&out, &(struct file_message){7, FILE_UNREADABLE, 1, ERR_DENIED});
    struct message message = read_back();
    CHECK_INT(message.kind, MESSAGE_FILE);
    CHECK_INT(message.file.file, 7);
    CHECK_INT(message.file.progress, FILE_UNREADABLE);
    CHECK_INT(message.file.format, 1);
    CHECK_INT(message.file.err, ERR_DENIED);
    begin();
    message_add_piece(&out, &(struct piece_message){7, 3, 4096, UINT64_MAX, true});
    message = read_back();
    CHECK_INT(message.kind, MESSAGE_PIECE);
    CHECK_INT(message.piece.file, 7);
    CHECK_INT(message.piece.piece, 3);
    CHECK_INT(message.piece.begin, 4096);
    CHECK(message.piece.end == UINT64_MAX);
    CHECK(message.piece.last);
}

TEST(matches)
{
    begin();
    message_begin_matches(&out, 1, 2, 3);
    buf_add(&out, STR("sightings"));
    message_end_matches(&out, 5);
    struct message message = read_back();
    CHECK_INT(message.kind, MESSAGE_MATCHES);
    CHECK_INT(message.matches.file, 1);
    CHECK_INT(message.matches.piece, 2);
    CHECK_INT(message.matches.part, 3);
    CHECK_INT(message.matches.count, 5);
    CHECK_STR(message.matches.sightings, "sightings");
}

#define TEXT(literal)                                                                              \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

static struct named_count shape = {TEXT("Winlogbeat"), 5, 77};
static struct named_count hosts[] = {{TEXT("a"), 1, UINT64_MAX}, {TEXT(""), 4, UINT64_MAX}};
static struct lost_stretch lost[] = {{TEXT("torn"), 4096, 512, 3}};

static const struct part_message part = {
    .file = 1,
    .piece = 2,
    .part = 3,
    .last = true,
    .end = 1u << 20,
    .lines = 10,
    .events = 11,
    .events_without_time = 2,
    .events_outside_time = 3,
    .events_zone_assumed = 15,
    .has_span = true,
    .first_ns = -5,
    .last_ns = INT64_MAX,
    .records_lost = 4,
    .lost_count = 300,
    .lost_listed = 1,
    .lost = lost,
    .shapes = {&shape, 1, 0},
    .hosts = {hosts, 2, 9},
    .unrouted = 6,
    .unrouted_example = TEXT("Security"),
    .unrouted_number = 8,
    .gave_up = 12,
    .fields_dropped = 13,
    .fallback_names = 14,
    .scripts_known = 15,
    .observed = TEXT("seen"),
    .err = ERR_CHANGED,
};

TEST(parts)
{
    begin();
    message_add_part(&out, &part);
    struct part_message got = read_back().part;
    CHECK(got.file == 1 && got.piece == 2 && got.part == 3 && got.last && got.has_span);
    CHECK(got.end == part.end && got.lines == 10 && got.events == 11);
    CHECK(got.events_without_time == 2 && got.events_outside_time == 3);
    CHECK(got.events_zone_assumed == 15);
    CHECK(got.first_ns == -5 && got.last_ns == INT64_MAX);
    CHECK(got.records_lost == 4 && got.lost_count == 300 && got.lost_listed == 1);
    CHECK_STR(got.lost[0].why, "torn");
    CHECK(got.lost[0].offset == 4096 && got.lost[0].size == 512 && got.lost[0].records == 3);
    CHECK_INT(got.shapes.count, 1);
    CHECK_STR(got.shapes.at[0].name, "Winlogbeat");
    CHECK(got.shapes.at[0].count == 5 && got.shapes.at[0].example_offset == 77);
    CHECK(got.hosts.count == 2 && got.hosts.beyond == 9 && got.channels.count == 0);
    CHECK_STR(got.hosts.at[0].name, "a");
    CHECK_INT(got.hosts.at[1].count, 4);
    CHECK(got.unrouted == 6 && got.unrouted_number == 8);
    CHECK_STR(got.unrouted_example, "Security");
    CHECK_STR(got.observed, "seen");
    CHECK(got.gave_up == 12 && got.fields_dropped == 13 && got.fallback_names == 14);
    CHECK_INT(got.scripts_known, 15);
    CHECK_INT(got.err, ERR_CHANGED);
}

TEST(one_after_the_other)
{
    struct message message;

    begin();
    message_add_end(&out);
    message_add_part(&out, &part);
    message_add_output(&out, ERR_DENIED);
    struct cursor in = cursor_over(out.at, out.len);
    CHECK_INT(message_next(&in, arena, &message), MESSAGE_READ);
    CHECK_INT(message.kind, MESSAGE_END);
    CHECK_INT(message_next(&in, arena, &message), MESSAGE_READ);
    CHECK_INT(message.kind, MESSAGE_PART);
    CHECK_INT(message_next(&in, arena, &message), MESSAGE_READ);
    CHECK_INT(message.kind, MESSAGE_OUTPUT);
    CHECK_INT(message_next(&in, arena, &message), MESSAGE_INCOMPLETE);
}

TEST(refuses_unknown_kinds_and_lengths)
{
    begin();
    CHECK_INT(step_of((struct str){"\0\0\0\0\x07", 5}), MESSAGE_BROKEN);
    CHECK_INT(step_of((struct str){"\0\0\0\0\xff", 5}), MESSAGE_BROKEN);
    CHECK_INT(step_of((struct str){"\xff\xff\xff\xff\0", 5}), MESSAGE_BROKEN);
    CHECK_INT(step_of((struct str){"\x01\0\0\x08\0", 5}), MESSAGE_BROKEN); /* a byte too long */
    CHECK_INT(step_of((struct str){"\0\0\0\x08\0", 5}), MESSAGE_INCOMPLETE);
    CHECK_INT(step_of((struct str){"\x01\0\0\0\x06x", 6}), MESSAGE_BROKEN); /* END has no body */
}

/* `out` holds one message; a number in its body is replaced. */
static enum message_step with_number(size_t at, uint32_t number)
{
    for (size_t i = 0; i < 4; i++)
        out.at[MESSAGE_HEAD_BYTES + at + i] = (char)(uint8_t)(number >> (8 * i));
    return step_of(buf_str(&out));
}

TEST(refuses_numbers_that_cannot_be)
{
    begin();
    message_add_file(&out, &(struct file_message){0, FILE_OPENED, 0, ERR_NONE});
    CHECK_INT(with_number(4, FILE_PROGRESS_COUNT - 1), MESSAGE_READ);
    CHECK_INT(with_number(4, FILE_PROGRESS_COUNT), MESSAGE_BROKEN);
    CHECK_INT(with_number(4, 0), MESSAGE_READ);
    CHECK_INT(with_number(12, ERR_COUNT), MESSAGE_BROKEN);
    begin();
    message_add_piece(&out, &(struct piece_message){0, 0, 10, 9, false});
    CHECK_INT(step_of(buf_str(&out)), MESSAGE_BROKEN);
    begin();
    message_add_sandbox(&out, 0, STR("text"));
    CHECK_INT(with_number(4, 5), MESSAGE_BROKEN); /* longer than the body */
    CHECK_INT(with_number(4, 3), MESSAGE_BROKEN); /* shorter */
    CHECK_INT(with_number(4, UINT32_MAX), MESSAGE_BROKEN);
    begin();
    message_add_output(&out, ERR_NONE);
    CHECK_INT(with_number(0, ERR_COUNT), MESSAGE_BROKEN);
}

TEST(counts_are_checked_before_anything_is_allocated_for_them)
{
    static const struct part_message bare = {.end = 1};
    const size_t lost_at = 5 * 4 + 16 * 8 + 4; /* behind flags, err, numbers and the example */

    begin();
    message_add_part(&out, &bare);
    CHECK_INT(with_number(lost_at, 0), MESSAGE_READ);
    CHECK_INT(with_number(lost_at, LOST_LISTED_MAX + 1), MESSAGE_BROKEN);
    CHECK_INT(with_number(lost_at, UINT32_MAX), MESSAGE_BROKEN);
    CHECK_INT(with_number(lost_at, 0), MESSAGE_READ);
    CHECK_INT(with_number(lost_at + 4, NAMES_LISTED_MAX + 1), MESSAGE_BROKEN);
    CHECK_INT(with_number(lost_at + 4, 1000000), MESSAGE_BROKEN);
    CHECK(arena_used(arena) < 1u << 20);
    arena_free(arena);
    buf_free(&out);
}
