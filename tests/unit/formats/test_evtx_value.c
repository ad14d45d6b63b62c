/* test_evtx_value.c - the value types of binary XML, as text and as typed values. */
#include "testkit.h"

#include "formats/evtx_priv.h"

static struct arena *arena;

static struct value decoded(uint8_t type, const char *bytes, size_t len)
{
    if (!arena)
        arena = arena_new("test", (size_t)16 << 20);
    return evtx_decode(arena, type, (const uint8_t *)bytes, len);
}

/* A literal with its length. */
#define DECODED(type, bytes) decoded((type), bytes, sizeof(bytes) - 1)

#define CHECK_VALUE(evtx_type, bytes, text_, type_)                                                \
    do {                                                                                           \
        struct value value_ = DECODED(evtx_type, bytes);                                           \
        CHECK_STR(value_.text, text_);                                                             \
        CHECK_INT(value_.type, type_);                                                             \
    } while (0)

TEST(integers_in_decimal)
{
    CHECK_VALUE(EVTX_INT8, "\x80", "-128", VALUE_INTEGER);
    CHECK_VALUE(EVTX_UINT8, "\xff", "255", VALUE_INTEGER);
    CHECK_VALUE(EVTX_INT16, "\xff\xff", "-1", VALUE_INTEGER);
    CHECK_VALUE(EVTX_UINT16, "\x34\x12", "4660", VALUE_INTEGER);
    CHECK_VALUE(EVTX_INT32, "\0\0\0\x80", "-2147483648", VALUE_INTEGER);
    CHECK_VALUE(EVTX_UINT32, "\xff\xff\xff\xff", "4294967295", VALUE_INTEGER);
    CHECK_VALUE(EVTX_INT64, "\0\0\0\0\0\0\0\x80", "-9223372036854775808", VALUE_INTEGER);
    CHECK_VALUE(EVTX_UINT64, "\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615",
                VALUE_INTEGER);
    CHECK_VALUE(EVTX_UINT32, "\0\0\0\0", "0", VALUE_INTEGER);
}

TEST(hexadecimal_numbers_are_text_without_leading_zeros)
{
    CHECK_VALUE(EVTX_HEX32, "\xf4\x01\0\0", "0x1f4", VALUE_STRING);
    CHECK_VALUE(EVTX_HEX64, "\0\0\0\0\0\0\x20\x80", "0x8020000000000000", VALUE_STRING);
    CHECK_VALUE(EVTX_HEX32, "\0\0\0\0", "0x0", VALUE_STRING);
    CHECK_VALUE(EVTX_SIZE, "\x34\x12\0\0\0\0\0\0", "0x1234", VALUE_STRING);
    CHECK_VALUE(EVTX_SIZE, "\x34\x12\0\0", "0x1234", VALUE_STRING);
}

TEST(floating_point)
{
    CHECK_VALUE(EVTX_FLOAT, "\0\0\xc0\x3f", "1.5", VALUE_REAL);
    CHECK_VALUE(EVTX_DOUBLE, "\0\0\0\0\0\0\xd0\xbf", "-0.25", VALUE_REAL);
    CHECK_VALUE(EVTX_DOUBLE, "\0\0\0\0\0\0\xf0\x7f", "inf", VALUE_STRING);
    CHECK_VALUE(EVTX_FLOAT, "\0\0\xc0\x7f", "NaN", VALUE_STRING);
    CHECK_VALUE(EVTX_FLOAT, "\0\0\x80\x3f", "1", VALUE_REAL);
}

TEST(floating_point_has_no_more_digits_than_it_needs)
{
    CHECK_VALUE(EVTX_FLOAT, "\xcd\xcc\xcc\x3d", "0.1", VALUE_REAL);
    CHECK_VALUE(EVTX_FLOAT, "\xf9\x02\x15\x50", "1e+10", VALUE_REAL);
    CHECK_VALUE(EVTX_DOUBLE, "\x9a\x99\x99\x99\x99\x99\xb9\x3f", "0.1", VALUE_REAL);
    CHECK_VALUE(EVTX_DOUBLE, "\x34\x33\x33\x33\x33\x33\xd3\x3f", "0.30000000000000004", VALUE_REAL);
}

TEST(booleans_of_any_width)
{
    CHECK_VALUE(EVTX_BOOL, "\1\0\0\0", "true", VALUE_BOOLEAN);
    CHECK_VALUE(EVTX_BOOL, "\0\0\0\0", "false", VALUE_BOOLEAN);
    CHECK_VALUE(EVTX_BOOL, "\1", "true", VALUE_BOOLEAN);
}

TEST(texts_become_utf8_without_the_nul_at_the_end)
{
    CHECK_VALUE(EVTX_STRING, "a\0\xe9\0=\xd8\0\xde\0\0\0\0", "a\xc3\xa9\xf0\x9f\x98\x80",
                VALUE_STRING);
    CHECK_VALUE(EVTX_STRING,
                "\0\xd8"
                "a\0",
                "\xef\xbf\xbd"
                "a",
                VALUE_STRING);
    CHECK_VALUE(EVTX_STRING, "", "", VALUE_STRING);
    CHECK_VALUE(EVTX_STRING, "\0\0", "", VALUE_STRING);
    CHECK_VALUE(EVTX_STRING, "a\0\0", "a\xef\xbf\xbd", VALUE_STRING);
    CHECK_VALUE(EVTX_ANSI, "caf\xe9 \x80\x81\0", "caf\xc3\xa9 \xe2\x82\xac\xef\xbf\xbd",
                VALUE_STRING);
}

TEST(guids_binary_and_nothing)
{
    CHECK_VALUE(EVTX_GUID, "\x5f\x38\x70\x57\x2a\xc2\xe0\x43\xbf\x4c\x06\xf5\x69\x8f\xfb\xd9",
                "5770385F-C22A-43E0-BF4C-06F5698FFBD9", VALUE_STRING);
    CHECK_VALUE(EVTX_BINARY, "\0\1\xab\xff", "0001ABFF", VALUE_STRING);
    CHECK_VALUE(EVTX_BINARY, "", "", VALUE_STRING);
    CHECK_VALUE(EVTX_NULL, "", "", VALUE_NULL);
    CHECK_VALUE(0x7e, "\x12", "12", VALUE_STRING);
}

TEST(security_identifiers)
{
    CHECK_VALUE(EVTX_SID, "\1\1\0\0\0\0\0\5\x12\0\0\0", "S-1-5-18", VALUE_STRING);
    CHECK_VALUE(EVTX_SID, "\1\2\0\0\0\0\0\x10\xff\xff\xff\xff\0\0\0\0", "S-1-16-4294967295-0",
                VALUE_STRING);
    CHECK_VALUE(EVTX_SID, "\1\0\0\0\0\0\0\5", "S-1-5", VALUE_STRING);
    CHECK_VALUE(EVTX_SID, "\1\2\0\0\0\0\0\5\x12\0\0\0", "010200000000000512000000", VALUE_STRING);
}

TEST(times_are_cut_to_microseconds)
{
    CHECK_VALUE(EVTX_FILETIME, "\x0d\x6a\x61\x2e\x94\x05\xdd\x01", "2026-06-26T17:49:48.241767Z",
                VALUE_STRING);
    CHECK_VALUE(EVTX_FILETIME, "\0\0\0\0\0\0\0\0", "1601-01-01T00:00:00.000000Z", VALUE_STRING);
    CHECK_VALUE(EVTX_SYSTEMTIME, "\xea\x07\x09\0\x02\0\x01\0\x08\0\x1e\0\x05\0\x7b\0",
                "2026-09-01T08:30:05.123000Z", VALUE_STRING);
}

TEST(times_of_all_years_of_four_digits)
{
    CHECK_VALUE(EVTX_FILETIME, "\x7f\x96\x98\0\0\0\0\0", "1601-01-01T00:00:00.999999Z",
                VALUE_STRING);
    CHECK_VALUE(EVTX_FILETIME, "\0\0\x9c\x72\xdf\x43\x55\0", "1677-01-19T18:40:00.000000Z",
                VALUE_STRING);
    CHECK_VALUE(EVTX_FILETIME, "\0\x80\x0e\x86\x64\x84\xe6\x02", "2263-04-19T03:33:20.000000Z",
                VALUE_STRING);
    CHECK_VALUE(EVTX_FILETIME, "\xff\x3f\xc0\xd1\x5e\x5a\xc8\x24", "9999-12-31T23:59:59.999999Z",
                VALUE_STRING);
    CHECK_VALUE(EVTX_FILETIME, "\0\x40\xc0\xd1\x5e\x5a\xc8\x24", "0x24c85a5ed1c04000",
                VALUE_STRING);
    CHECK_VALUE(EVTX_FILETIME, "\xff\xff\xff\xff\xff\xff\xff\x7f", "0x7fffffffffffffff",
                VALUE_STRING);
}

TEST(system_times_that_no_calendar_has)
{
    CHECK_VALUE(EVTX_SYSTEMTIME, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "1601-01-01T00:00:00.000000Z",
                VALUE_STRING);
    CHECK_VALUE(EVTX_SYSTEMTIME, "\xea\x07\x0d\0\x02\0\x01\0\x08\0\x1e\0\x05\0\x7b\0",
                "EA070D000200010008001E0005007B00", VALUE_STRING);
    CHECK_VALUE(EVTX_SYSTEMTIME, "\xea\x07\x09\0\x02\0\0\0\x08\0\x1e\0\x05\0\x7b\0",
                "EA0709000200000008001E0005007B00", VALUE_STRING);
}

TEST(values_that_are_too_short_are_their_bytes)
{
    CHECK_VALUE(EVTX_UINT32, "\x12\x34", "1234", VALUE_STRING);
    CHECK_VALUE(EVTX_GUID, "\xab", "AB", VALUE_STRING);
    CHECK_VALUE(EVTX_UINT64, "", "", VALUE_NULL);
}

/* All members of an array, each followed by a bar. */
static struct str members(uint8_t type, const char *bytes, size_t len, char *out)
{
    struct evtx_substitution array = {(const uint8_t *)bytes, (uint16_t)len,
                                      (uint8_t)(type | EVTX_ARRAY)};
    struct evtx_substitution member;
    size_t used = 0;

    while (evtx_array_next(&array, &member)) {
        CHECK_INT(member.type, type);
        struct value value = decoded(type, (const char *)member.at, member.size);
        memcpy(out + used, value.text.at, value.text.len);
        used += value.text.len;
        out[used++] = '|';
    }
    CHECK_INT(array.size, 0);
    return (struct str){out, used};
}

#define CHECK_MEMBERS(type, bytes, expected)                                                       \
    do {                                                                                           \
        char space_[200];                                                                          \
        CHECK_STR(members((type), bytes, sizeof(bytes) - 1, space_), expected);                    \
    } while (0)

TEST(arrays_of_texts)
{
    CHECK_MEMBERS(EVTX_STRING, "a\0\0\0\0\0b\0", "a||b|");
    CHECK_MEMBERS(EVTX_STRING, "a\0\0\0", "a|");
    CHECK_MEMBERS(EVTX_STRING, "", "");
    CHECK_MEMBERS(EVTX_ANSI, "one\0two\0", "one|two|");
    CHECK_MEMBERS(EVTX_ANSI, "\0x", "|x|");
}

TEST(arrays_of_fixed_size)
{
    CHECK_MEMBERS(EVTX_UINT16, "\1\0\xff\xff", "1|65535|");
    CHECK_MEMBERS(EVTX_INT8, "\xff\1", "-1|1|");
    CHECK_MEMBERS(EVTX_BOOL, "\1\0\0\0\0\0\0\0", "true|false|");
    CHECK_MEMBERS(EVTX_SID, "\1\1\0\0\0\0\0\5\x12\0\0\0\1\0\0\0\0\0\0\5", "S-1-5-18|S-1-5|");
}

TEST(the_rest_of_an_array_is_its_last_member)
{
    CHECK_MEMBERS(EVTX_UINT32, "\1\0\0\0\xab\xcd", "1|ABCD|");
    CHECK_MEMBERS(EVTX_STRING, "a\0b", "a\xef\xbf\xbd|");
    CHECK_MEMBERS(EVTX_SID, "\1\xff\0\0\0\0\0\5", "01FF000000000005|");
    CHECK_MEMBERS(EVTX_BINARY, "\1\2", "0102|");
}
