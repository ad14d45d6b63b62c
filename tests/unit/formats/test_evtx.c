/* test_evtx.c - event logs: their events, and what is read of damaged ones. */
#include "testkit.h"

#include "binxml_maker.h"
#include "event_reader.h"

#define FILE_HEADER_BYTES 4096u

/* ---- a file of chunks ---- */

static struct {
    uint8_t at[FILE_HEADER_BYTES + 6 * EVTX_CHUNK_BYTES];
    size_t len;
} file;

/* The header says nothing but what the file is. */
static void begin_file(void)
{
    memset(&file, 0, sizeof(file));
    memcpy(file.at, "ElfFile", 7);
    file.len = FILE_HEADER_BYTES;
}

static void add_chunk(uint64_t first, uint64_t last)
{
    end_chunk(first, last);
    memcpy(file.at + file.len, made_chunk.at, EVTX_CHUNK_BYTES);
    file.len += EVTX_CHUNK_BYTES;
}

/* A chunk of `count` records with the ids from `first` on, whose "a" is that id. */
static void add_plain_chunk(uint64_t first, unsigned count)
{
    begin_chunk();
    for (unsigned i = 0; i < count; i++) {
        char text[24];
        snprintf(text, sizeof(text), "%u", (unsigned)first + i);
        put_plain_record(first + i, text);
    }
    add_chunk(first, first + count - 1);
}

static void add_zeros(size_t len)
{
    file.len += len;
}

static uint8_t *chunk_at(unsigned number)
{
    return file.at + FILE_HEADER_BYTES + (size_t)number * EVTX_CHUNK_BYTES;
}

/* The place of a record in the file. */
static size_t record_at(unsigned chunk, unsigned number)
{
    size_t at = FILE_HEADER_BYTES + (size_t)chunk * EVTX_CHUNK_BYTES + EVTX_CHUNK_HEADER_BYTES;

    for (; number > 0; number--)
        at += load_u32(file.at + at + 4);
    return at;
}

static void read_file(void)
{
    begin_bytes("evtx", file.at, file.len);
}

/* What is told of the whole file: ids of events, "-" and the lost records of a damage. */
static struct str told(void)
{
    static char out[4096];
    int len = 0;

    for (enum step step; (step = take()) != STEP_END;) {
        char *to = out + len;
        size_t room = sizeof(out) - (size_t)len;
        if (step == STEP_EVENT)
            len += snprintf(to, room, "%u ", (unsigned)made.event->record);
        else
            len += snprintf(to, room, "-%u ", (unsigned)made.damage.records);
    }
    return (struct str){out, (size_t)len};
}

#define CHECK_DAMAGE(offset_, size_, lost_, why_)                                                  \
    do {                                                                                           \
        CHECK(take() == STEP_SKIPPED);                                                             \
        CHECK_STR(str_from(made.damage.why ? made.damage.why : ""), why_);                         \
        CHECK_INT(made.damage.offset, offset_);                                                    \
        CHECK_INT(made.damage.size, size_);                                                        \
        CHECK_INT(made.damage.records, lost_);                                                     \
    } while (0)

#define CHECK_EVENT(id_)                                                                           \
    do {                                                                                           \
        CHECK(take() == STEP_EVENT);                                                               \
        CHECK_INT(made.event->record, id_);                                                        \
    } while (0)

/* ---- what it is ---- */

TEST(probe_knows_files_and_chunks)
{
    const struct format *format = format_by_name(STR("evtx"));

    CHECK_INT(format->probe(STR("ElfFile\0abc")), 100);
    CHECK_INT(format->probe(STR("ElfChnk\0abc")), 95);
    CHECK_INT(format->probe(STR("ElfFile")), 0);
    CHECK_INT(format->probe(STR("ElfFileX")), 0);
    CHECK_INT(format->probe(STR_EMPTY), 0);
}

TEST(pieces_begin_at_chunks)
{
    const struct format *format = format_by_name(STR("evtx"));
    static const struct carry carry;

    CHECK_INT(format->cut(&carry, STR("ElfChnk\0abc")), 0);
    CHECK_INT(format->cut(&carry, STR("ElfChn")), -1);
    CHECK_INT(format->cut(&carry, STR("\0\0\0\0\0\0\0\0")), -1);
}

/* ---- events ---- */

TEST(an_event_says_where_and_when_it_is)
{
    begin_file();
    add_plain_chunk(7, 2);
    read_file();
    CHECK_EVENT(7);
    CHECK_EVENT(8);
    size_t at = record_at(0, 1);
    CHECK_INT(made.event->offset, at);
    CHECK_INT(made.event->raw.len, load_u32(file.at + at + 4));
    CHECK(memcmp(made.event->raw.at, file.at + at, made.event->raw.len) == 0);
    CHECK_INT(made.event->line, 0);
    CHECK(made.event->windows);
    CHECK_STR(made.event->host, "host-01");
    CHECK_STR(time_text(), "2026-07-22T17:31:59.330508800Z"); /* the record's */
    CHECK_STR(field("Channel"), "Test");
    CHECK_STR(field("a"), "8");
    CHECK(take() == STEP_END);
    close_reader();
}

/* A record from a template: System with its usual parts, and a body to be filled. */
static void put_filled_record(uint64_t id, const struct made_value *values, unsigned count)
{
    size_t record = put_record(id), definition = put_instance(0);

    put_open("Event", true, false);
    put_content();
    put_open("System", true, false);
    put_content();
    put_open("TimeCreated", true, true);
    put_attribute("SystemTime");
    put_substitution(0);
    put_empty_end();
    put_open("EventID", true, true);
    put_attribute("Qualifiers");
    put_substitution(2);
    put_content();
    put_substitution(1);
    put_end();
    put_end();
    put_open("EventData", true, false);
    put_content();
    for (unsigned i = 3; i < count; i += 2) {
        put_open("Data", true, true);
        put_attribute("Name");
        put_substitution(i);
        put_content();
        put_substitution(i + 1);
        put_end();
    }
    put_end();
    put_end();
    end_definition(definition);
    put_values(values, count);
    put_u8(0);
    end_record(record);
}

/* Whether the stretches hold this ASCII text as UTF-16LE. */
static bool find_wide(const void *text, enum raw_form form, struct str utf16)
{
    size_t len = strlen(text), same = 0;

    CHECK(form == RAW_UTF16LE);
    for (size_t i = 0; same < len && i + 2 * len <= utf16.len; i++)
        for (same = 0; same < len && utf16.at[i + 2 * same] == ((const char *)text)[same] &&
                       utf16.at[i + 2 * same + 1] == 0;)
            same++;
    return same == len;
}

static bool may_hold(const char *text)
{
    return made.event->may_hold(made.event, find_wide, text);
}

TEST(values_fill_the_fields_of_a_template)
{
    static const struct made_value values[] = {
        BYTES_VALUE(EVTX_FILETIME, "\x0d\x6a\x61\x2e\x94\x05\xdd\x01"),
        BYTES_VALUE(EVTX_UINT16, "\x10\x12"),
        BYTES_VALUE(EVTX_NULL, ""),
        TEXT_VALUE("Image"),
        TEXT_VALUE("C:\\a.exe"),
        TEXT_VALUE("Data"),
        BYTES_VALUE(EVTX_UINT8 | EVTX_ARRAY, "\1\2\3"),
        BYTES_VALUE(EVTX_NULL, ""),
        TEXT_VALUE("a name of nobody"),
    };

    begin_file();
    begin_chunk();
    put_filled_record(1, values, 9);
    add_chunk(1, 1);
    read_file();
    CHECK_EVENT(1);
    CHECK_STR(time_text(), "2026-06-26T17:49:48.241767700Z"); /* TimeCreated, to 100 ns */
    CHECK_STR(field("TimeCreated_SystemTime"), "2026-06-26T17:49:48.241767Z");
    CHECK_STR(field("EventID"), "4624");
    CHECK_STR(field("EventID_Qualifiers"), "");
    CHECK_STR(field("Image"), "C:\\a.exe");
    CHECK_STR(nth("Data", 0), "1");
    CHECK_STR(nth("Data", 2), "3");
    CHECK_STR(nth("Data", 3), "(none)");
    CHECK_STR(all_values_text(),
              "2026-06-26T17:49:48.241767Z|4624|C:\\a.exe|1|2|3|a name of nobody|");
    CHECK(may_hold("C:\\a.exe") && may_hold("a name of nobody"));
    CHECK(!may_hold("C:\\b.exe") && !may_hold("4624"));
    close_reader();
}

static bool has_exe(void *context, enum raw_form form, struct str raw)
{
    unsigned *asked = context;

    ++*asked;
    return form == RAW_UTF16LE && str_contains(raw, STR(".\0e\0x\0e\0"));
}

TEST(a_watch_is_asked_of_texts_while_they_are_read)
{
    static const struct made_value some[] = {
        BYTES_VALUE(EVTX_NULL, ""), BYTES_VALUE(EVTX_UINT16, "\1\0"), BYTES_VALUE(EVTX_NULL, ""),
        TEXT_VALUE("Image"), TEXT_VALUE("C:\\a.exe")};
    static const struct made_value none[] = {
        BYTES_VALUE(EVTX_NULL, ""), BYTES_VALUE(EVTX_UINT16, "\1\0"), BYTES_VALUE(EVTX_NULL, ""),
        TEXT_VALUE("Image"), TEXT_VALUE("C:\\a.txt")};
    unsigned asked = 0;
    const struct text_watch watch = {&asked, has_exe};

    begin_file();
    begin_chunk();
    put_filled_record(1, some, 5);
    put_filled_record(2, none, 5);
    add_chunk(1, 2);
    read_file();
    made.event->watch = &watch;
    CHECK_EVENT(1);
    CHECK_INT(made.event->watched, WATCHED_SOMETHING);
    CHECK(asked > 0);
    CHECK_EVENT(2);
    CHECK_INT(made.event->watched, WATCHED_NOTHING);
    made.event->watch = NULL;
    close_reader();
}

/* A template whose EventData is text, two values and text, all in one element. */
static void put_mixed_record(uint64_t id, const struct made_value *values)
{
    size_t record = put_record(id), definition = put_instance(0);

    put_open("Event", true, false);
    put_content();
    put_open("EventData", true, false);
    put_content();
    put_open("Image", true, false);
    put_content();
    put_text("<");
    put_substitution(0);
    put_substitution(1);
    put_text(">");
    put_end();
    put_end();
    put_end();
    end_definition(definition);
    put_values(values, 2);
    put_u8(0);
    end_record(record);
}

TEST(texts_and_values_together_are_one_value_unless_one_is_an_array)
{
    static const struct made_value one[] = {TEXT_VALUE("x"), BYTES_VALUE(EVTX_UINT8, "\5")};
    static const struct made_value several[] = {TEXT_VALUE("x"),
                                                BYTES_VALUE(EVTX_UINT8 | EVTX_ARRAY, "\5\6")};

    begin_file();
    begin_chunk();
    put_mixed_record(1, one);
    put_mixed_record(2, several);
    add_chunk(1, 2);
    read_file();
    CHECK_EVENT(1);
    CHECK_STR(field("Image"), "<x5>");
    CHECK_STR(all_values_text(), "<x5>|");
    CHECK(may_hold("who knows")); /* what is joined stands nowhere as a whole */
    CHECK_EVENT(2);
    CHECK_STR(all_values_text(), "<|x|5|6|>|");
    CHECK_STR(nth("Image", 4), ">");
    close_reader();
}

/* A template whose values are texts of its own, but for one. */
static void put_fixed_record(uint64_t id, const struct made_value *value)
{
    size_t record = put_record(id), definition = put_instance(0);

    put_open("Event", true, false);
    put_content();
    put_open("Image", true, false);
    put_content();
    put_text("from the template");
    put_end();
    put_open("CommandLine", true, false);
    put_content();
    put_substitution(0);
    put_end();
    put_end();
    end_definition(definition);
    put_values(value, 1);
    put_u8(0);
    end_record(record);
}

TEST(a_quick_look_sees_texts_of_templates_but_no_narrow_ones)
{
    static const struct made_value wide = TEXT_VALUE("a value"),
                                   narrow = BYTES_VALUE(EVTX_ANSI, "a value");

    begin_file();
    begin_chunk();
    put_fixed_record(1, &wide);
    put_fixed_record(2, &narrow);
    add_chunk(1, 2);
    read_file();
    CHECK_EVENT(1);
    CHECK_STR(all_values_text(), "from the template|a value|");
    CHECK(may_hold("from the template") && may_hold("a value") && !may_hold("who knows"));
    CHECK_EVENT(2);
    CHECK_STR(all_values_text(), "from the template|a value|");
    CHECK(may_hold("who knows"));
    close_reader();
}

/* ---- BinXML in values ---- */

/* `<a>` and a gap in which the next one stands, `depth` times; then a text. */
static void put_nest(unsigned depth)
{
    if (depth == 0) {
        put_plain("named", "innermost");
        put_u8(0);
        return;
    }
    size_t definition = put_instance(0);
    put_open("a", true, false);
    put_content();
    put_text(" "); /* what stands beside it must not hide it */
    put_substitution(0);
    put_end();
    end_definition(definition);
    size_t values = begin_values(1), from = made_chunk.len;
    put_nest(depth - 1);
    end_value(values, 0, EVTX_BINXML, from);
    put_u8(0);
}

static void begin_nest(unsigned depth)
{
    begin_file();
    begin_chunk();
    size_t record = put_record(1);
    put_nest(depth);
    end_record(record);
    put_plain_record(2, "b");
    add_chunk(1, 2);
    read_file();
}

TEST(binxml_in_values_up_to_the_limit)
{
    begin_nest(8);
    CHECK_EVENT(1);
    CHECK_STR(field("named"), "innermost");
    CHECK(str_ends_with(rendered(), STR("{\"named\":\"innermost\",\"#text\":\" \"}"
                                        ",\"#text\":\" \"},\"#text\":\" \"},\"#text\":\" \"},"
                                        "\"#text\":\" \"},\"#text\":\" \"},\"#text\":\" \"},"
                                        "\"#text\":\" \"}}")));
    CHECK_EVENT(2);
    begin_nest(9);
    CHECK_DAMAGE(record_at(0, 0), load_u32(file.at + record_at(0, 0) + 4), 1,
                 "a record's content cannot be read");
    CHECK_EVENT(2);
    close_reader();
}

/* ---- records ---- */

TEST(records_end_where_the_header_says_so_or_their_ids_go_on)
{
    begin_file();
    begin_chunk();
    put_plain_record(1, "a");
    put_plain_record(2, "b");
    size_t stated = made_chunk.len;
    put_plain_record(3, "true: the file was not closed");
    put_plain_record(9, "stale: the chunk was used before");
    made_chunk.len = stated;
    add_chunk(1, 2);
    read_file();
    CHECK_STR(told(), "1 2 3 ");
    close_reader();
}

TEST(a_broken_record_does_not_hide_what_follows_in_free_space)
{
    begin_file();
    begin_chunk();
    put_plain_record(1, "a");
    put_plain_record(2, "b");
    size_t stated = made_chunk.len;
    put_plain_record(3, "c");
    made_chunk.len = stated;
    add_chunk(1, 2);
    file.at[record_at(0, 1)] ^= 1;
    read_file();
    CHECK_STR(told(), "1 -1 3 ");
    close_reader();
}

TEST(half_a_record_in_free_space_is_none)
{
    begin_file();
    begin_chunk();
    put_plain_record(1, "a");
    size_t stated = made_chunk.len;
    put_plain_record(2, "b");
    made_chunk.at[made_chunk.len - 4] ^= 1;
    made_chunk.len = stated;
    add_chunk(1, 1);
    read_file();
    CHECK_STR(told(), "1 ");
    close_reader();
}

TEST(a_record_may_fill_the_chunk_to_its_last_byte)
{
    begin_file();
    begin_chunk();
    put_plain_record(1, "a");
    size_t record = put_record(2);
    put_plain("a", "b");
    put_u8(0);
    made_chunk.len = EVTX_CHUNK_BYTES - 4;
    end_record(record);
    CHECK_INT(made_chunk.len, EVTX_CHUNK_BYTES);
    add_chunk(1, 2);
    read_file();
    CHECK_STR(told(), "1 2 ");
    close_reader();
}

TEST(records_need_no_alignment)
{
    begin_file();
    begin_chunk();
    for (unsigned i = 1; i <= 9; i++) {
        static const char *const texts[] = {"", "x", "xx"};
        size_t record = put_record(i);
        put_plain("a", texts[i % 3]);
        put_u8(0);
        made_chunk.len += i; /* slack within the record */
        end_record(record);
    }
    add_chunk(1, 9);
    read_file();
    CHECK_STR(told(), "1 2 3 4 5 6 7 8 9 ");
    close_reader();
}

TEST(an_impossible_size_costs_its_record)
{
    static const uint8_t sizes[][4] = {{0}, {27}, {0xff, 0xff, 0xff, 0x7f}, {0, 0, 1, 0}};

    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        begin_file();
        add_plain_chunk(1, 4);
        size_t at = record_at(0, 1), next = record_at(0, 2);
        memcpy(file.at + at + 4, sizes[i], 4);
        read_file();
        CHECK_EVENT(1);
        CHECK_DAMAGE(at, next - at, 1, "a record's size is not possible");
        CHECK_STR(told(), "3 4 ");
    }
    close_reader();
}

TEST(what_is_no_record_costs_up_to_the_next)
{
    begin_file();
    add_plain_chunk(1, 4);
    size_t at = record_at(0, 1), next = record_at(0, 2);
    file.at[at] ^= 1;
    read_file();
    CHECK_EVENT(1);
    CHECK_DAMAGE(at, next - at, 1, "no record where one should be");
    CHECK_STR(told(), "3 4 ");
    close_reader();
}

TEST(a_size_that_reaches_over_the_next_record_swallows_nothing)
{
    begin_file();
    add_plain_chunk(1, 4);
    size_t at = record_at(0, 1), next = record_at(0, 2);
    file.at[at + 4] = (uint8_t)(file.at[at + 4] + 8);
    read_file();
    CHECK_EVENT(1);
    CHECK_DAMAGE(at, next - at, 1, "a record's size disagrees with the one at its end");
    CHECK_STR(told(), "3 4 ");
    close_reader();
}

TEST(a_wrong_size_at_the_end_alone_loses_nothing)
{
    begin_file();
    add_plain_chunk(1, 3);
    file.at[record_at(0, 2) - 4] ^= 1;
    read_file();
    CHECK_STR(told(), "1 2 3 ");
    close_reader();
}

TEST(the_ids_say_how_many_records_a_broken_stretch_held)
{
    begin_file();
    add_plain_chunk(1, 6);
    size_t at = record_at(0, 1), next = record_at(0, 4);
    memset(file.at + at, 0xee, next - at);
    read_file();
    CHECK_EVENT(1);
    CHECK_DAMAGE(at, next - at, 3, "no record where one should be");
    CHECK_STR(told(), "5 6 ");
    close_reader();
}

TEST(at_the_end_of_a_chunk_its_header_says_it)
{
    begin_file();
    add_plain_chunk(1, 6);
    size_t at = record_at(0, 2), end = record_at(0, 6);
    memset(file.at + at, 0xee, end - at);
    read_file();
    CHECK_EVENT(1);
    CHECK_EVENT(2);
    CHECK_DAMAGE(at, end - at, 4, "no record where one should be");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(ids_that_jump_farther_than_there_is_room_say_nothing)
{
    begin_file();
    begin_chunk();
    put_plain_record(1, "a");
    put_plain_record(2, "b");
    put_plain_record(900, "c");
    add_chunk(1, 900);
    file.at[record_at(0, 1)] ^= 1;
    read_file();
    CHECK_STR(told(), "1 -1 900 ");
    close_reader();
}

TEST(the_last_record_when_it_is_broken)
{
    begin_file();
    add_plain_chunk(1, 3);
    size_t at = record_at(0, 2), size = load_u32(file.at + at + 4);
    memset(file.at + at, 0xff, 8);
    read_file();
    CHECK_EVENT(1);
    CHECK_EVENT(2);
    CHECK_DAMAGE(at, size, 1, "no record where one should be");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(content_that_cannot_be_read_costs_its_record)
{
    begin_file();
    add_plain_chunk(1, 3);
    size_t at = record_at(0, 1);
    file.at[at + EVTX_RECORD_HEADER_BYTES + 4] = 0x1f;
    read_file();
    CHECK_EVENT(1);
    CHECK_DAMAGE(at, load_u32(file.at + at + 4), 1, "a record's content cannot be read");
    CHECK_STR(told(), "3 ");
    close_reader();
}

/* ---- chunks ---- */

TEST(nothing_in_the_file_header_is_believed)
{
    begin_file();
    add_plain_chunk(1, 2);
    add_plain_chunk(3, 2);
    memset(file.at + 8, 0xff, FILE_HEADER_BYTES - 8);
    read_file();
    CHECK_STR(told(), "1 2 3 4 ");
    close_reader();
}

TEST(a_header_that_says_nothing_possible_is_done_without)
{
    begin_file();
    add_plain_chunk(1, 2);
    add_plain_chunk(3, 2);
    memset(chunk_at(0) + 8, 0xff, 120);
    read_file();
    CHECK_STR(told(), "1 2 3 4 ");
    close_reader();
}

TEST(a_chunk_without_its_mark_is_known_by_its_place)
{
    begin_file();
    add_plain_chunk(1, 2);
    add_plain_chunk(3, 2);
    memset(chunk_at(1), 0x55, 8);
    read_file();
    CHECK_STR(told(), "1 2 3 4 ");
    close_reader();
}

TEST(records_without_a_chunk_are_counted)
{
    begin_file();
    add_plain_chunk(1, 2);
    add_plain_chunk(3, 3);
    add_plain_chunk(6, 1);
    memset(chunk_at(1), 0x55, EVTX_CHUNK_HEADER_BYTES + 4); /* the first record, too */
    read_file();
    CHECK_EVENT(1);
    CHECK_EVENT(2);
    CHECK_DAMAGE(FILE_HEADER_BYTES + EVTX_CHUNK_BYTES, EVTX_CHUNK_BYTES, 2,
                 "no chunk where one should be");
    CHECK_STR(told(), "6 ");
    close_reader();
}

TEST(foreign_bytes_between_chunks_are_told_once)
{
    begin_file();
    add_plain_chunk(1, 1);
    memset(file.at + file.len, 0xee, 100000);
    file.len += 100000; /* and the next chunk is where none should be */
    add_plain_chunk(2, 2);
    read_file();
    CHECK_EVENT(1);
    CHECK_DAMAGE(FILE_HEADER_BYTES + EVTX_CHUNK_BYTES, 100000, 1, "no chunk where one should be");
    CHECK_STR(told(), "2 3 ");
    close_reader();
}

/* Takes the bytes [from, to) out of the file. */
static void take_out(size_t from, size_t to)
{
    memmove(file.at + from, file.at + to, file.len - to);
    file.len -= to - from;
}

TEST(a_chunk_of_which_a_part_is_missing_ends_where_the_next_begins)
{
    begin_file();
    add_plain_chunk(1, 40);
    add_plain_chunk(41, 3);
    size_t from = record_at(0, 20) + 30; /* within a record, up to 100 bytes before the mark */
    take_out(from, FILE_HEADER_BYTES + EVTX_CHUNK_BYTES - 100);
    read_file();
    for (unsigned id = 1; id <= 20; id++)
        CHECK_EVENT(id);
    CHECK_DAMAGE(from - 30, 130, 1, "a record's size disagrees with the one at its end");
    for (unsigned id = 41; id <= 43; id++) {
        CHECK_EVENT(id);
        CHECK_STR(field("Channel"), "Test"); /* by its own names */
    }
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(the_header_says_how_much_such_a_chunk_has_lost_if_that_finds_room)
{
    begin_file();
    add_plain_chunk(1, 40);
    add_plain_chunk(41, 3);
    size_t from = record_at(0, 20), to = record_at(0, 40);
    memset(file.at + from, 0xee, to - from);
    take_out(to, FILE_HEADER_BYTES + EVTX_CHUNK_BYTES);
    read_file();
    for (unsigned id = 1; id <= 20; id++)
        CHECK_EVENT(id);
    CHECK_DAMAGE(from, to - from, 20, "no record where one should be");
    CHECK_STR(told(), "41 42 43 ");
    close_reader();
}

TEST(chunks_at_the_place_of_one_are_never_inside_another)
{
    for (unsigned records = 3; records <= 120; records += 117) {
        begin_file();
        add_plain_chunk(1, records);
        add_plain_chunk(records + 1, 4);
        /* the first one stands where none should be, and reaches over the place of the second */
        memmove(file.at + FILE_HEADER_BYTES + 40000, chunk_at(0), EVTX_CHUNK_BYTES - 40000);
        memset(chunk_at(0), 0xee, 40000);
        read_file();
        CHECK_DAMAGE(FILE_HEADER_BYTES, 40000, 1, "no chunk where one should be");
        unsigned id = 1;
        while (take() == STEP_EVENT && made.event->record == id)
            id++;
        if (records == 3) {
            CHECK_INT(id, 8);
            continue;
        }
        CHECK(id > 40 && id < 100);
        CHECK_STR(str_from(made.damage.why), "another chunk begins inside this one");
        CHECK_INT(made.damage.records, 120 - id + 1);
        CHECK_STR(told(), "121 122 123 124 ");
    }
    close_reader();
}

TEST(chunks_without_a_file)
{
    begin_file();
    file.len = 0;
    add_plain_chunk(1, 2);
    add_plain_chunk(3, 1);
    read_file();
    CHECK_STR(told(), "1 2 3 ");
    close_reader();
}

TEST(empty_chunks_at_the_end_are_no_damage)
{
    begin_file();
    add_plain_chunk(1, 2);
    add_zeros(2 * EVTX_CHUNK_BYTES);
    read_file();
    CHECK_STR(told(), "1 2 ");
    close_reader();
}

TEST(empty_chunks_between_others_are_and_the_ids_say_how_much)
{
    begin_file();
    add_plain_chunk(1, 2);
    add_zeros(2 * EVTX_CHUNK_BYTES);
    add_plain_chunk(60, 1);
    read_file();
    CHECK_EVENT(1);
    CHECK_EVENT(2);
    CHECK_DAMAGE(FILE_HEADER_BYTES + EVTX_CHUNK_BYTES, 2 * EVTX_CHUNK_BYTES, 57,
                 "an empty chunk between others");
    CHECK_STR(told(), "60 ");
    close_reader();
}

TEST(empty_chunks_of_which_nobody_can_tell_count_as_one_record)
{
    begin_file();
    add_zeros(EVTX_CHUNK_BYTES);
    add_plain_chunk(5, 1);
    add_zeros(EVTX_CHUNK_BYTES);
    add_plain_chunk(1, 1); /* the ids begin anew */
    read_file();
    CHECK_STR(told(), "-1 5 -1 1 ");
    close_reader();
}

TEST(empty_chunks_in_whose_place_nothing_is_missing)
{
    begin_file();
    add_plain_chunk(1, 2);
    add_zeros(EVTX_CHUNK_BYTES);
    add_plain_chunk(3, 1);
    read_file();
    CHECK_STR(told(), "1 2 -0 3 ");
    close_reader();
}

TEST(a_chunk_without_records_is_no_damage)
{
    begin_file();
    begin_chunk();
    add_chunk(1, 0);
    add_plain_chunk(1, 1);
    read_file();
    CHECK_STR(told(), "1 ");
    close_reader();
}

/* ---- the end of the file ---- */

TEST(files_that_end_in_a_record_lose_what_the_header_counts)
{
    begin_file();
    add_plain_chunk(1, 5);
    size_t at = record_at(0, 2);
    file.len = at + 30;
    read_file();
    CHECK_EVENT(1);
    CHECK_EVENT(2);
    CHECK_DAMAGE(at, 30, 3, "the file ends inside a chunk");
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(files_that_end_in_free_space_lose_nothing)
{
    begin_file();
    add_plain_chunk(1, 2);
    file.len = record_at(0, 2);
    read_file();
    CHECK_STR(told(), "1 2 ");
    file.len += 100;
    read_file();
    CHECK_STR(told(), "1 2 ");
    close_reader();
}

TEST(a_broken_record_before_the_end_is_told_where_free_space_is_cut_off)
{
    begin_file();
    add_plain_chunk(1, 3);
    file.at[record_at(0, 2)] ^= 1;
    file.len = FILE_HEADER_BYTES + load_u32(chunk_at(0) + 48);
    read_file();
    CHECK_STR(told(), "1 2 -1 ");
    close_reader();
}

TEST(files_that_end_in_a_header)
{
    begin_file();
    file.len = 100;
    read_file();
    CHECK_DAMAGE(0, 100, 1, "the file ends in its header");
    CHECK(take() == STEP_END);

    begin_file();
    add_plain_chunk(1, 2);
    file.len = FILE_HEADER_BYTES + 100; /* of the chunk */
    read_file();
    CHECK_DAMAGE(FILE_HEADER_BYTES, 100, 1, "no chunk where one should be");
    CHECK(take() == STEP_END);

    begin_file();
    read_file();
    CHECK(take() == STEP_END);
    close_reader();
}

TEST(a_file_cut_off_anywhere_gives_its_first_records_and_tells_the_rest)
{
    begin_file();
    add_plain_chunk(1, 3);
    size_t whole = record_at(0, 3);
    for (size_t len = whole - 1; len > record_at(0, 0); len -= 7) {
        file.len = len;
        read_file();
        struct tally tally = take_all();
        unsigned expected = len < record_at(0, 1) ? 0 : len < record_at(0, 2) ? 1 : 2;
        CHECK_INT(tally.events, expected);
        CHECK_INT(tally.damages, 1);
        CHECK_INT(tally.lost, 3 - expected);
    }
    close_reader();
}

/* ---- windows and pieces ---- */

/* Good and bad of every kind. */
static void make_motley_file(void)
{
    begin_file();
    add_plain_chunk(1, 3);
    add_plain_chunk(4, 3);
    add_zeros(EVTX_CHUNK_BYTES);
    add_plain_chunk(10, 3);
    add_plain_chunk(13, 2);
    file.at[record_at(0, 1)] ^= 1;
    file.at[record_at(1, 1) + EVTX_RECORD_HEADER_BYTES + 4] = 0x1f;
    memset(chunk_at(3), 0x55, EVTX_CHUNK_HEADER_BYTES + 4);
    file.len = record_at(4, 1) + 20;
}

#define MOTLEY "1 -1 3 4 -1 6 -2 -4 13 -1 "

TEST(windows_of_any_size_show_the_same)
{
    static const size_t steps[] = {0, 511, 4096, 4097, 65535, 65536, 65537, 100003};

    make_motley_file();
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        open_reader("evtx");
        begin_piece(file.at, file.len, 0, UINT64_MAX, steps[i]);
        CHECK_STR(told(), MOTLEY);
    }
    close_reader();
}

TEST(pieces_show_the_same_as_the_whole)
{
    const struct format *format = format_by_name(STR("evtx"));
    static const struct carry carry;
    char all[200];
    size_t len = 0, begin = 0;

    make_motley_file();
    open_reader("evtx");
    for (size_t at = FILE_HEADER_BYTES + EVTX_CHUNK_BYTES; begin < file.len;
         at += EVTX_CHUNK_BYTES) {
        bool end = at >= file.len;
        struct str bytes = {(const char *)file.at + at, end ? 0 : file.len - at};
        if (!end && format->cut(&carry, bytes) < 0)
            continue;
        begin_piece(file.at, file.len, begin, end ? UINT64_MAX : at, 0);
        struct str part = told();
        memcpy(all + len, part.at, part.len);
        len += part.len;
        begin = end ? file.len : at;
    }
    CHECK_STR(((struct str){all, len}), MOTLEY);
    close_reader();
}

TEST(a_reader_starts_anew_with_each_piece)
{
    open_reader("evtx");
    begin_file();
    add_plain_chunk(1, 3);
    begin_piece(file.at, file.len, 0, UINT64_MAX, 0);
    CHECK_EVENT(1);
    begin_piece(file.at, file.len, 0, UINT64_MAX, 0);
    CHECK_STR(told(), "1 2 3 ");
    close_reader();
}

/* ---- hostile files ---- */

/* Each record has a template of its own. */
TEST(any_number_of_templates)
{
    unsigned id = 0;

    open_reader("evtx");
    for (unsigned round = 0; round < 100; round++) {
        begin_file();
        begin_chunk();
        for (unsigned i = 0; i < 200; i++) {
            char name[16];
            size_t record = put_record(++id), definition = put_instance(0);
            snprintf(name, sizeof(name), "n%u", id);
            put_open(name, true, false);
            put_content();
            put_text("x");
            put_end();
            end_definition(definition);
            put_u32(0);
            put_u8(0);
            end_record(record);
        }
        add_chunk(id - 199, id);
        begin_piece(file.at, file.len, 0, UINT64_MAX, 0);
        CHECK_INT(take_all().events, 200);
    }
    CHECK(made.reader->compiled_count < EVTX_TEMPLATES_MAX);
    close_reader();
}

/* Values that hold each other: every level repeats the next one a hundred times. */
TEST(a_record_that_unfolds_without_end_is_given_up)
{
    begin_file();
    begin_chunk();
    size_t record = put_record(1), froms[6], tables[6];
    for (unsigned depth = 0; depth < 6; depth++) {
        size_t definition = put_instance(0);
        put_open("a", true, false);
        put_content();
        for (unsigned i = 0; i < 100; i++) {
            put_open("b", true, false);
            put_content();
            put_substitution(0);
            put_end();
        }
        put_end();
        end_definition(definition);
        tables[depth] = begin_values(1);
        froms[depth] = made_chunk.len;
    }
    put_plain("a", "x");
    for (unsigned depth = 6; depth-- > 0;) {
        put_u8(0);
        end_value(tables[depth], 0, EVTX_BINXML, froms[depth]);
    }
    put_u8(0);
    end_record(record);
    put_plain_record(2, "b");
    add_chunk(1, 2);
    read_file();
    CHECK_STR(told(), "-1 2 ");
    close_reader();
}
