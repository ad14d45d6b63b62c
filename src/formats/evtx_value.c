/* evtx_value.c - typed values of BinXML as text, written as the evtx crate's JSON has them. */
#include "codec/time_text.h"
#include "codec/utf.h"
#include "core/ensure.h"
#include "formats/evtx_priv.h"

#include <stdlib.h>
#include <string.h>

static uint64_t load(const uint8_t *at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = size; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

/* In decimal, to end at `end`; where it begins. */
static char *put_decimal(char *end, uint64_t number)
{
    do {
        *--end = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    return end;
}

static struct value number_value(struct arena *arena, bool negative, uint64_t magnitude)
{
    char *text = arena_alloc_bytes(arena, 24), *end = text + 24;

    text = put_decimal(end, magnitude);
    if (negative)
        *--text = '-';
    return (struct value){{text, (size_t)(end - text)}, VALUE_INTEGER};
}

static struct value signed_value(struct arena *arena, const uint8_t *at, size_t size)
{
    ENSURE(size >= 1 && size <= 8);
    uint64_t raw = load(at, size);
    bool negative = raw >> (8 * size - 1) & 1;

    if (negative && size < 8)
        raw |= ~(uint64_t)0 << (8 * size);
    return number_value(arena, negative, negative ? (uint64_t)0 - raw : raw);
}

static const char hex_lower[] = "0123456789abcdef";
static const char hex_upper[] = "0123456789ABCDEF";

static struct value hex_number(struct arena *arena, uint64_t value)
{
    char *text = arena_alloc_bytes(arena, 18);
    size_t at = 18;

    do {
        text[--at] = hex_lower[value & 15];
        value >>= 4;
    } while (value);
    text[--at] = 'x';
    text[--at] = '0';
    return value_string((struct str){text + at, 18 - at});
}

static struct value hex_bytes(struct arena *arena, const uint8_t *at, size_t size)
{
    char *text = arena_alloc_bytes(arena, 2 * size);

    for (size_t i = 0; i < size; i++) {
        text[2 * i] = hex_upper[at[i] >> 4];
        text[2 * i + 1] = hex_upper[at[i] & 15];
    }
    return value_string((struct str){text, 2 * size});
}

static struct value guid_value(struct arena *arena, const uint8_t *at)
{
    static const unsigned char order[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    char *text = arena_alloc_bytes(arena, 36);
    size_t len = 0;

    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[len++] = '-';
        text[len++] = hex_upper[at[order[i]] >> 4];
        text[len++] = hex_upper[at[order[i]] & 15];
    }
    return value_string((struct str){text, len});
}

/* "-" and the number in decimal; where it ends. */
static char *add_part(char *to, uint64_t number)
{
    char digits[20], *end = digits + sizeof(digits), *begin = put_decimal(end, number);

    *to++ = '-';
    memcpy(to, begin, (size_t)(end - begin));
    return to + (end - begin);
}

/* Revision, count, 48-bit big-endian authority, then the sub-authorities. */
static struct value sid_value(struct arena *arena, const uint8_t *at, size_t size)
{
    uint64_t authority = 0;

    if (size < 8 || size < 8 + 4 * (size_t)at[1])
        return hex_bytes(arena, at, size);
    for (size_t i = 2; i < 8; i++)
        authority = authority << 8 | at[i];
    char *text = arena_alloc_bytes(arena, 1 + 4 + 16 + 11 * (size_t)at[1]), *to = text;
    *to++ = 'S';
    to = add_part(to, at[0]);
    to = add_part(to, authority);
    for (size_t i = 0; i < at[1]; i++)
        to = add_part(to, load_u32(at + 8 + 4 * i));
    return value_string((struct str){text, (size_t)(to - text)});
}

/* As the evtx crate prints times: microseconds, cut. */
static struct value time_value(struct arena *arena, int64_t time_ns)
{
    char text[TIME_TEXT_SIZE];

    time_print(time_ns, text);
    text[26] = 'Z';
    return value_string(arena_str(arena, (struct str){text, 27}));
}

#define CALENDAR_CYCLE (146097ull * 86400 * 10000000) /* 400 years */

/* Where 64-bit nanoseconds do not reach (before 1677, after 2262) the calendar is that of 400 years
 * later or earlier. What has no year of four digits, like the "never" of accounts, is a number. */
static struct value filetime_value(struct arena *arena, uint64_t filetime)
{
    uint64_t cycle = filetime / CALENDAR_CYCLE, rest = filetime % CALENDAR_CYCLE;
    int64_t time_ns;

    if (time_from_filetime(filetime, &time_ns))
        return time_value(arena, time_ns);
    if (rest < CALENDAR_CYCLE / 2)
        rest += CALENDAR_CYCLE;
    else
        cycle++;
    if (cycle > 9999 / 400 || !time_from_filetime(rest, &time_ns))
        return hex_number(arena, filetime);
    struct time_parts parts = time_split(time_ns);
    uint32_t year = (uint32_t)parts.year + 400 * (uint32_t)cycle - 400;
    if (year > 9999)
        return hex_number(arena, filetime);
    return value_string(arena_printf(arena, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ", year,
                                     parts.month, parts.day, parts.hour, parts.minute, parts.second,
                                     parts.nanosecond / 1000));
}

/* All zeros is what was never set; parts that no calendar has are shown as they are stored. */
static struct value systemtime_value(struct arena *arena, const uint8_t *at)
{
    static const unsigned char zero[16];
    unsigned part[8];

    for (size_t i = 0; i < 8; i++)
        part[i] = (unsigned)load(at + 2 * i, 2);
    if (memcmp(at, zero, sizeof(zero)) == 0)
        return filetime_value(arena, 0);
    if (part[0] > 9999 || part[1] - 1 > 11 || part[3] - 1 > 30 || part[4] > 23 || part[5] > 59 ||
        part[6] > 59 || part[7] > 999)
        return hex_bytes(arena, at, 16);
    return value_string(arena_printf(arena, "%04u-%02u-%02uT%02u:%02u:%02u.%03u000Z", part[0],
                                     part[1], part[3], part[4], part[5], part[6], part[7]));
}

/* The fewest digits that read back as the same number. */
static struct str shortest(struct arena *arena, double number, bool narrow)
{
    struct str text = STR_EMPTY;

    for (int digits = narrow ? 6 : 15; digits <= (narrow ? 9 : 17); digits++) {
        text = arena_printf(arena, "%.*g", digits, number); /* ends in NUL */
        double again = strtod(text.at, NULL);
        if (narrow ? (float)again == (float)number : again == number)
            break;
    }
    return text;
}

static struct value real_value(struct arena *arena, const uint8_t *at, size_t size)
{
    double number;

    if (size == 4) {
        float narrow;
        memcpy(&narrow, at, 4);
        number = (double)narrow;
    } else {
        memcpy(&number, at, 8);
    }
    if (number != number)
        return value_string(STR("NaN"));
    bool finite = number - number == 0;
    return (struct value){shortest(arena, number, size == 4), finite ? VALUE_REAL : VALUE_STRING};
}

static struct value wide_value(struct arena *arena, const uint8_t *at, size_t size)
{
    while (size >= 2 && size % 2 == 0 && at[size - 1] == 0 && at[size - 2] == 0)
        size -= 2;
    if (size == 0)
        return value_string(STR_EMPTY);
    char *text = arena_alloc_bytes(arena, UTF8_SIZE_OF_UTF16(size));
    return value_string((struct str){text, utf16le_to_utf8(at, size, text)});
}

/* Windows-1252; the five bytes that it leaves open become U+FFFD. */
static struct value ansi_value(struct arena *arena, const uint8_t *at, size_t size)
{
    static const uint16_t high[32] = {
        0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};
    char *text = arena_alloc_bytes(arena, 3 * size);
    size_t len = 0;

    while (size > 0 && at[size - 1] == 0)
        size--;
    for (size_t i = 0; i < size; i++)
        len += utf8_put(at[i] >= 0x80 && at[i] < 0xa0 ? high[at[i] - 0x80] : at[i], text + len);
    return value_string((struct str){text, len});
}

/* Bytes of a value of fixed size; 0 for the others. */
static size_t fixed_size(uint8_t type)
{
    static const unsigned char sizes[] = {
        [EVTX_INT8] = 1,  [EVTX_UINT8] = 1,    [EVTX_INT16] = 2,       [EVTX_UINT16] = 2,
        [EVTX_INT32] = 4, [EVTX_UINT32] = 4,   [EVTX_INT64] = 8,       [EVTX_UINT64] = 8,
        [EVTX_FLOAT] = 4, [EVTX_DOUBLE] = 8,   [EVTX_BOOL] = 4,        [EVTX_GUID] = 16,
        [EVTX_SIZE] = 8,  [EVTX_FILETIME] = 8, [EVTX_SYSTEMTIME] = 16, [EVTX_HEX32] = 4,
        [EVTX_HEX64] = 8};

    return type < sizeof(sizes) ? sizes[type] : 0;
}

struct value evtx_decode(struct arena *arena, uint8_t type, const uint8_t *at, size_t size)
{
    size_t need = fixed_size(type);

    if (type == EVTX_SIZE && size == 4)
        need = 4;
    if (type == EVTX_BOOL && size > 0 && size < 4)
        need = size;
    if (need > size) /* a value cut short: its bytes, or nothing */
        return size ? hex_bytes(arena, at, size) : (struct value){STR_EMPTY, VALUE_NULL};
    switch (type) {
    case EVTX_NULL:
        return (struct value){STR_EMPTY, VALUE_NULL};
    case EVTX_STRING:
        return wide_value(arena, at, size);
    case EVTX_ANSI:
        return ansi_value(arena, at, size);
    case EVTX_INT8:
    case EVTX_INT16:
    case EVTX_INT32:
    case EVTX_INT64:
        return signed_value(arena, at, need);
    case EVTX_UINT8:
    case EVTX_UINT16:
    case EVTX_UINT32:
    case EVTX_UINT64:
        return number_value(arena, false, load(at, need));
    case EVTX_FLOAT:
    case EVTX_DOUBLE:
        return real_value(arena, at, need);
    case EVTX_BOOL:
        return (struct value){load(at, need) ? STR("true") : STR("false"), VALUE_BOOLEAN};
    case EVTX_GUID:
        return guid_value(arena, at);
    case EVTX_SIZE:
    case EVTX_HEX32:
    case EVTX_HEX64:
        return hex_number(arena, load(at, need));
    case EVTX_FILETIME:
        return filetime_value(arena, load(at, 8));
    case EVTX_SYSTEMTIME:
        return systemtime_value(arena, at);
    case EVTX_SID:
        return sid_value(arena, at, size);
    default: /* binary, handles, and whatever Windows may add */
        return hex_bytes(arena, at, size);
    }
}

bool evtx_array_next(struct evtx_substitution *array, struct evtx_substitution *member)
{
    uint8_t type = array->type & 0x7f;
    size_t size = fixed_size(type), skip;

    if (array->size == 0)
        return false;
    if (type == EVTX_STRING) { /* each ends in a NUL character */
        for (size = 0; size + 2 <= array->size; size += 2)
            if (array->at[size] == 0 && array->at[size + 1] == 0)
                break;
        skip = size + 2;
    } else if (type == EVTX_ANSI) {
        struct str text = {(const char *)array->at, array->size};
        size = str_find_byte(text, '\0');
        skip = size < array->size ? size + 1 : size;
    } else if (type == EVTX_SID && array->size >= 8) {
        size = 8 + 4 * (size_t)array->at[1];
        skip = size;
    } else {
        skip = size;
    }
    if (skip == 0 || skip > array->size)
        size = skip = array->size;
    *member = (struct evtx_substitution){array->at, (uint16_t)size, type};
    array->at += skip;
    array->size = (uint16_t)(array->size - skip);
    return true;
}
