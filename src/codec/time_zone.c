/* time_zone.c - see time_zone.h. */
#include "codec/time_zone.h"

#include "codec/time_text.h"

#define NS_PER_S ((int64_t)1000000000)
#define SECONDS_PER_DAY 86400
#define OFFSET_MAX_S (26 * 3600) /* as RFC 8536 has it */
#define TRANSITIONS_MAX 10000u   /* of real zones the longest have 250 */
#define TYPES_MAX 256u
#define HEADER_BYTES 44u
#define SECONDS_MAX 9223200000 /* within a day of what 64-bit nanoseconds can hold */

static struct str behind(struct str s, size_t from)
{
    return str_slice(s, from, s.len);
}

static bool take_char(struct str *s, char c)
{
    if (s->len == 0 || s->at[0] != c)
        return false;
    *s = behind(*s, 1);
    return true;
}

static bool take_number(struct str *s, size_t digits_max, uint32_t *value)
{
    size_t len = 0;
    uint64_t number;

    while (len < s->len && len < digits_max && ascii_is_digit(s->at[len]))
        len++;
    if (!str_to_u64(str_slice(*s, 0, len), UINT32_MAX, &number))
        return false;
    *value = (uint32_t)number;
    *s = behind(*s, len);
    return true;
}

/* ---- fixed offsets ---- */

bool time_zone_from_offset(struct str text, struct time_zone *zone)
{
    struct str rest = text;
    uint32_t hours = 0, minutes = 0;

    *zone = (struct time_zone){.name = text};
    if (str_eq_nocase(text, STR("UTC")) || str_eq_nocase(text, STR("Z")))
        return true;
    bool west = take_char(&rest, '-');
    if ((!west && !take_char(&rest, '+')) || !take_number(&rest, 2, &hours))
        return false;
    bool colon = take_char(&rest, ':');
    if ((colon || rest.len > 0) && (rest.len != 2 || !take_number(&rest, 2, &minutes)))
        return false;
    if (hours > 23 || minutes > 59 || rest.len > 0)
        return false;
    zone->first_offset_s = (int32_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return true;
}

/* ---- the rule at the end of a file (POSIX TZ) ---- */

/* "1", "5:30", "-3:30:15". */
static bool take_clock(struct str *s, uint32_t hours_max, int32_t *seconds)
{
    uint32_t hour, minute = 0, second = 0;
    bool minus = take_char(s, '-');

    if (!minus)
        take_char(s, '+');
    if (!take_number(s, 3, &hour) || hour > hours_max)
        return false;
    if (take_char(s, ':') && (!take_number(s, 2, &minute) || minute > 59))
        return false;
    if (take_char(s, ':') && (!take_number(s, 2, &second) || second > 59))
        return false;
    *seconds = (int32_t)(hour * 3600 + minute * 60 + second) * (minus ? -1 : 1);
    return true;
}

/* "CET", "<+03>" */
static bool take_name(struct str *s)
{
    size_t len = 0;

    if (take_char(s, '<')) {
        len = str_find_byte(*s, '>');
        *s = behind(*s, len + 1);
        return len > 0;
    }
    while (len < s->len &&
           ((s->at[len] >= 'A' && s->at[len] <= 'Z') || (s->at[len] >= 'a' && s->at[len] <= 'z')))
        len++;
    *s = behind(*s, len);
    return len >= 3;
}

static bool take_day(struct str *s, struct time_zone_day *day)
{
    uint32_t first = 0, week = 0, weekday = 0;

    *day = (struct time_zone_day){.time_s = 2 * 3600};
    if (!take_char(s, ','))
        return false;
    day->kind = take_char(s, 'M') ? 'M' : take_char(s, 'J') ? 'J' : 0;
    if (!take_number(s, 3, &first))
        return false;
    if (day->kind == 'M' && (!take_char(s, '.') || !take_number(s, 1, &week) ||
                             !take_char(s, '.') || !take_number(s, 1, &weekday) || first < 1 ||
                             first > 12 || week < 1 || week > 5 || weekday > 6))
        return false;
    if (first > 365 || (day->kind == 'J' && first == 0))
        return false;
    day->day = day->month = (uint16_t)first;
    day->week = (uint16_t)week;
    day->weekday = (uint16_t)weekday;
    return !take_char(s, '/') || take_clock(s, 167, &day->time_s);
}

/* The file's offsets count to the west. */
static bool read_rule(struct str text, struct time_zone *zone)
{
    int32_t west;

    if (!take_name(&text) || !take_clock(&text, 24, &west))
        return false;
    zone->standard_s = -west;
    zone->has_rule = true;
    if (text.len == 0)
        return true;
    if (!take_name(&text))
        return false;
    zone->summer_s = zone->standard_s + 3600;
    if (text.len > 0 && text.at[0] != ',') {
        if (!take_clock(&text, 24, &west))
            return false;
        zone->summer_s = -west;
    }
    zone->has_summer = true;
    return take_day(&text, &zone->start) && take_day(&text, &zone->end) && text.len == 0;
}

static bool is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t second_of_date(int32_t year, uint32_t month, uint32_t day)
{
    struct time_parts parts = {.year = year, .month = month, .day = day};
    int64_t time_ns;

    return time_join(&parts, &time_ns) ? time_ns / NS_PER_S : 0;
}

/* Local second at which the day of the rule begins to count. */
static int64_t second_of_rule(const struct time_zone_day *day, int32_t year)
{
    int64_t new_year = second_of_date(year, 1, 1);

    if (day->kind == 'M') {
        int64_t first = second_of_date(year, day->month, 1) / SECONDS_PER_DAY;
        int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 0 is Sunday */
        int64_t date = first + (day->weekday - weekday + 7) % 7 + 7 * (int64_t)(day->week - 1);
        int64_t next = day->month == 12 ? second_of_date(year + 1, 1, 1)
                                        : second_of_date(year, day->month + 1u, 1);
        while (date * SECONDS_PER_DAY >= next)
            date -= 7;
        return date * SECONDS_PER_DAY + day->time_s;
    }
    int64_t days = day->kind == 'J' ? day->day - 1 + (is_leap(year) && day->day > 59) : day->day;
    return new_year + days * SECONDS_PER_DAY + day->time_s;
}

static int32_t offset_by_rule(const struct time_zone *zone, int64_t utc_s)
{
    if (!zone->has_summer)
        return zone->standard_s;
    int32_t year = time_split((utc_s + zone->standard_s) * NS_PER_S).year;
    int64_t start = second_of_rule(&zone->start, year) - zone->standard_s;
    int64_t end = second_of_rule(&zone->end, year) - zone->summer_s;
    bool summer = start < end ? utc_s >= start && utc_s < end : !(utc_s >= end && utc_s < start);
    return summer ? zone->summer_s : zone->standard_s;
}

/* ---- TZif ---- */

static uint32_t big_u32(struct str s, size_t at)
{
    const uint8_t *b = (const uint8_t *)s.at + at;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t big_i64(struct str s, size_t at)
{
    return (int64_t)((uint64_t)big_u32(s, at) << 32 | big_u32(s, at + 4));
}

/* One of the two blocks of a file. */
struct block {
    uint32_t utc_marks, standard_marks, leaps, times, types, characters;
    size_t time_bytes, size; /* of one time; of the block without its header */
};

static bool read_header(struct str bytes, size_t time_bytes, struct block *block)
{
    if (bytes.len < HEADER_BYTES || !str_starts_with(bytes, STR("TZif")))
        return false;
    *block = (struct block){
        big_u32(bytes, 20), big_u32(bytes, 24), big_u32(bytes, 28), big_u32(bytes, 32),
        big_u32(bytes, 36), big_u32(bytes, 40), time_bytes,         0};
    if (block->utc_marks > TYPES_MAX || block->standard_marks > TYPES_MAX ||
        block->leaps > TRANSITIONS_MAX || block->times > TRANSITIONS_MAX || block->types == 0 ||
        block->types > TYPES_MAX || block->characters > UINT16_MAX)
        return false;
    block->size = block->times * (time_bytes + 1) + block->types * (size_t)6 + block->characters +
                  block->leaps * (time_bytes + 4) + block->standard_marks + block->utc_marks;
    return bytes.len - HEADER_BYTES >= block->size;
}

static bool read_block(struct str body, const struct block *block, struct arena *arena,
                       struct time_zone *zone)
{
    struct time_transition *list = ARENA_ARRAY(arena, struct time_transition, block->times);
    size_t indexes = block->times * block->time_bytes, types = indexes + block->times;

    for (uint32_t i = 0; i < block->types; i++) {
        int32_t offset = (int32_t)big_u32(body, types + (size_t)6 * i);
        if (offset < -OFFSET_MAX_S || offset > OFFSET_MAX_S)
            return false;
    }
    for (uint32_t i = 0; i < block->times; i++) {
        size_t at = i * block->time_bytes;
        uint8_t type = (uint8_t)body.at[indexes + i];
        list[i].at_s = block->time_bytes == 8 ? big_i64(body, at) : (int32_t)big_u32(body, at);
        if (type >= block->types || (i > 0 && list[i].at_s <= list[i - 1].at_s))
            return false;
        list[i].offset_s = (int32_t)big_u32(body, types + (size_t)6 * type);
    }
    zone->first_offset_s = (int32_t)big_u32(body, types);
    zone->transitions = list;
    zone->count = block->times;
    return true;
}

bool time_zone_from_file(struct str bytes, struct arena *arena, struct time_zone *zone)
{
    struct block block;

    *zone = (struct time_zone){.name = STR_EMPTY};
    if (!read_header(bytes, 4, &block))
        return false;
    if (bytes.at[4] == 0) /* the first version has no more */
        return read_block(behind(bytes, HEADER_BYTES), &block, arena, zone);
    bytes = behind(bytes, HEADER_BYTES + block.size);
    if (!read_header(bytes, 8, &block) ||
        !read_block(behind(bytes, HEADER_BYTES), &block, arena, zone))
        return false;
    struct str footer = behind(bytes, HEADER_BYTES + block.size);
    if (!take_char(&footer, '\n') || str_find_byte(footer, '\n') == footer.len)
        return false;
    footer = str_slice(footer, 0, str_find_byte(footer, '\n'));
    return footer.len == 0 || read_rule(footer, zone);
}

/* ---- local time ---- */

static int32_t offset_at(const struct time_zone *zone, int64_t utc_s)
{
    uint32_t low = 0, high = zone->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (zone->transitions[middle].at_s <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == zone->count && zone->has_rule)
        return offset_by_rule(zone, utc_s);
    return low > 0 ? zone->transitions[low - 1].offset_s : zone->first_offset_s;
}

/* Seconds east of UTC that the clock showed at this local time. */
static int32_t offset_of_local(const struct time_zone *zone, int64_t local_s)
{
    int32_t before = offset_at(zone, local_s - SECONDS_PER_DAY);
    int32_t after = offset_at(zone, local_s + SECONDS_PER_DAY);

    if (before == after || offset_at(zone, local_s - before) == before)
        return before;
    return offset_at(zone, local_s - after) == after ? after : before;
}

bool time_zone_to_utc(const struct time_zone *zone, int64_t local_ns, int64_t *time_ns)
{
    int64_t second = local_ns / NS_PER_S - (local_ns % NS_PER_S < 0);

    if (second > SECONDS_MAX || second < -SECONDS_MAX)
        return false;
    return !__builtin_sub_overflow(local_ns, offset_of_local(zone, second) * NS_PER_S, time_ns);
}
