/* time_text.c - times as text, and the calendar behind them. */
#include "codec/time_text.h"

#define NS_PER_S 1000000000
#define SECONDS_PER_DAY 86400
#define FILETIME_PER_S 10000000u
#define FILETIME_OF_1970_S 11644473600ll

/* Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant, "chrono-compatible low-level
 * date algorithms"). */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    unsigned year_of_era = (unsigned)(year - era * 400);
    unsigned day_of_year = (153 * (month + (month > 2 ? -3u : 9u)) + 2) / 5 + day - 1;
    unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + (int64_t)day_of_era - 719468;
}

static void civil_from_days(int64_t days, struct time_parts *parts)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    unsigned day_of_era = (unsigned)(days - era * 146097);
    unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted_month = (5 * day_of_year + 2) / 153;

    parts->day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    parts->month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    parts->year = (int32_t)((int64_t)year_of_era + era * 400 + (parts->month <= 2));
}

static uint32_t iso_week(int64_t days)
{
    int64_t weekday = ((days + 3) % 7 + 7) % 7; /* 0 is Monday */
    int64_t thursday = days - weekday + 3;      /* decides which year the week belongs to */
    struct time_parts parts;

    civil_from_days(thursday, &parts);
    return (uint32_t)((thursday - days_from_civil(parts.year, 1, 1)) / 7 + 1);
}

struct time_parts time_split(int64_t time_ns)
{
    struct time_parts parts;
    int64_t seconds = time_ns / NS_PER_S;
    int64_t nanosecond = time_ns % NS_PER_S;

    if (nanosecond < 0) {
        nanosecond += NS_PER_S;
        seconds--;
    }
    int64_t days = seconds / SECONDS_PER_DAY;
    int64_t second = seconds % SECONDS_PER_DAY;
    if (second < 0) {
        second += SECONDS_PER_DAY;
        days--;
    }
    civil_from_days(days, &parts);
    parts.hour = (uint32_t)(second / 3600);
    parts.minute = (uint32_t)(second / 60 % 60);
    parts.second = (uint32_t)(second % 60);
    parts.nanosecond = (uint32_t)nanosecond;
    parts.iso_week = iso_week(days);
    return parts;
}

static char *put_digits(char *out, uint32_t value, unsigned digits)
{
    for (unsigned i = digits; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + digits;
}

size_t time_print(int64_t time_ns, char out[TIME_TEXT_SIZE])
{
    struct time_parts parts = time_split(time_ns); /* 64-bit nanoseconds stay within 1677 to 2262 */
    char *to = put_digits(out, (uint32_t)parts.year, 4);

    *to++ = '-';
    to = put_digits(to, parts.month, 2);
    *to++ = '-';
    to = put_digits(to, parts.day, 2);
    *to++ = 'T';
    to = put_digits(to, parts.hour, 2);
    *to++ = ':';
    to = put_digits(to, parts.minute, 2);
    *to++ = ':';
    to = put_digits(to, parts.second, 2);
    *to++ = '.';
    to = put_digits(to, parts.nanosecond, 9);
    *to++ = 'Z';
    *to = '\0';
    return (size_t)(to - out);
}

static bool to_ns(int64_t seconds, int64_t nanosecond, int64_t *time_ns)
{
    if (seconds < 0 && nanosecond > 0) { /* the first second of the range begins before it */
        seconds++;
        nanosecond -= NS_PER_S;
    }
    return !__builtin_mul_overflow(seconds, (int64_t)NS_PER_S, time_ns) &&
           !__builtin_add_overflow(*time_ns, nanosecond, time_ns);
}

/* Takes 1 to `digits_max` digits. */
static bool take_number(struct str *s, unsigned digits_min, unsigned digits_max, uint32_t *value)
{
    unsigned digits = 0;

    *value = 0;
    while (digits < digits_max && s->len > 0 && ascii_is_digit(s->at[0])) {
        *value = *value * 10 + (uint32_t)(s->at[0] - '0');
        *s = str_slice(*s, 1, s->len);
        digits++;
    }
    return digits >= digits_min;
}

static bool take_char(struct str *s, char c)
{
    if (s->len == 0 || s->at[0] != c)
        return false;
    *s = str_slice(*s, 1, s->len);
    return true;
}

/* Digits behind the point; those after the ninth are passed over. */
static bool take_fraction(struct str *s, uint32_t *nanosecond)
{
    uint32_t scale = NS_PER_S / 10;
    bool any = false;

    *nanosecond = 0;
    while (s->len > 0 && ascii_is_digit(s->at[0])) {
        *nanosecond += (uint32_t)(s->at[0] - '0') * scale;
        scale /= 10;
        any = true;
        *s = str_slice(*s, 1, s->len);
    }
    return any;
}

static bool take_zone(struct str *s, int64_t *offset_s, bool *has_zone)
{
    uint32_t hours, minutes = 0;

    *offset_s = 0;
    *has_zone = false;
    while (take_char(s, ' '))
        ;
    if (s->len == 0)
        return true;
    *has_zone = true;
    if (take_char(s, 'Z') || take_char(s, 'z'))
        return true;
    if (str_eq(*s, STR("UTC")) || str_eq(*s, STR("GMT"))) {
        *s = STR_EMPTY;
        return true;
    }
    bool west = take_char(s, '-');
    if (!west && !take_char(s, '+'))
        return false;
    if (!take_number(s, 2, 2, &hours))
        return false;
    take_char(s, ':');
    if (s->len > 0 && !take_number(s, 2, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *offset_s = ((int64_t)hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return true;
}

static unsigned days_in_month(uint32_t year, uint32_t month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

bool time_join(const struct time_parts *parts, int64_t *time_ns)
{
    uint32_t second = parts->second == 60 ? 59 : parts->second;

    if (parts->year < 0 || parts->month < 1 || parts->month > 12 || parts->day < 1 ||
        parts->day > days_in_month((uint32_t)parts->year, parts->month) || parts->hour > 23 ||
        parts->minute > 59 || second > 59 || parts->nanosecond >= NS_PER_S)
        return false;
    int64_t days = days_from_civil(parts->year, parts->month, parts->day);
    return to_ns(days * SECONDS_PER_DAY + parts->hour * 3600 + parts->minute * 60 + second,
                 parts->nanosecond, time_ns);
}

/* "10:00", "10:00:00", "10:00:00.123", with AM or PM behind a blank. */
static bool take_clock(struct str *s, int64_t *second_of_day, uint32_t *nanosecond)
{
    uint32_t hour, minute, second = 0;

    *nanosecond = 0;
    if (!take_number(s, 1, 2, &hour) || !take_char(s, ':') || !take_number(s, 2, 2, &minute))
        return false;
    if (take_char(s, ':') && !take_number(s, 2, 2, &second))
        return false;
    if ((take_char(s, '.') || take_char(s, ',')) && !take_fraction(s, nanosecond))
        return false;
    bool am = str_eq_nocase(str_slice(*s, 0, 3), STR(" AM"));
    bool pm = str_eq_nocase(str_slice(*s, 0, 3), STR(" PM"));
    if (am || pm) {
        if (hour < 1 || hour > 12)
            return false;
        hour = hour % 12 + (pm ? 12 : 0);
        *s = str_slice(*s, 3, s->len);
    }
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *second_of_day = (int64_t)hour * 3600 + minute * 60 + (second == 60 ? 59 : second);
    return true;
}

static bool take_date(struct str *s, int64_t *days)
{
    uint32_t year, month, day;
    struct str rest = *s;

    if (take_number(&rest, 4, 4, &year) && (take_char(&rest, '-') || take_char(&rest, '/'))) {
        if (!take_number(&rest, 1, 2, &month) ||
            (!take_char(&rest, '-') && !take_char(&rest, '/')) || !take_number(&rest, 1, 2, &day))
            return false;
    } else {
        rest = *s;
        if (!take_number(&rest, 1, 2, &month) || !take_char(&rest, '/') ||
            !take_number(&rest, 1, 2, &day) || !take_char(&rest, '/') ||
            !take_number(&rest, 4, 4, &year))
            return false;
    }
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *days = days_from_civil(year, month, day);
    *s = rest;
    return true;
}

static bool parse_milliseconds(struct str text, int64_t *time_ns)
{
    int64_t milliseconds;

    text = str_slice(text, 6, text.len - 2);
    return str_to_i64(text, &milliseconds) &&
           !__builtin_mul_overflow(milliseconds, (int64_t)1000000, time_ns);
}

/* Takes `count` digits at `at`; counts in *bad what is none. */
static inline uint32_t digits_at(const char *at, unsigned count, unsigned *bad)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < count; i++) {
        uint32_t digit = (uint32_t)(unsigned char)at[i] - '0';
        *bad += digit > 9;
        value = value * 10 + digit;
    }
    return value;
}

/* "2026-09-01T08:30:00.123Z", as machines write it most. False: it may be a time all the same. */
static bool parse_plain(struct str text, int64_t *time_ns, bool *has_zone)
{
    const char *at = text.at;
    unsigned bad = 0;

    if (text.len < 19 || at[4] != '-' || at[7] != '-' || (at[10] != 'T' && at[10] != ' ') ||
        at[13] != ':' || at[16] != ':')
        return false;
    struct time_parts parts = {
        .year = (int32_t)digits_at(at, 4, &bad),
        .month = digits_at(at + 5, 2, &bad),
        .day = digits_at(at + 8, 2, &bad),
        .hour = digits_at(at + 11, 2, &bad),
        .minute = digits_at(at + 14, 2, &bad),
        .second = digits_at(at + 17, 2, &bad),
    };
    struct str rest = str_slice(text, 19, text.len);
    if (bad > 0 || parts.second > 60 ||
        (take_char(&rest, '.') && !take_fraction(&rest, &parts.nanosecond)))
        return false;
    *has_zone = take_char(&rest, 'Z');
    return rest.len == 0 && time_join(&parts, time_ns);
}

bool time_parse(struct str text, int64_t *time_ns, bool *has_zone)
{
    int64_t days, second_of_day = 0, offset_s;
    uint32_t nanosecond = 0;

    if (parse_plain(text, time_ns, has_zone))
        return true;
    text = str_trim(text);
    if (text.len > 8 && str_starts_with(text, STR("/Date(")) && str_ends_with(text, STR(")/"))) {
        *has_zone = true;
        return parse_milliseconds(text, time_ns);
    }
    if (!take_date(&text, &days))
        return false;
    *has_zone = false;
    if (text.len > 0) {
        if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
            return false;
        if (!take_clock(&text, &second_of_day, &nanosecond) ||
            !take_zone(&text, &offset_s, has_zone) || text.len > 0)
            return false;
        second_of_day -= offset_s;
    }
    return to_ns(days * SECONDS_PER_DAY + second_of_day, nanosecond, time_ns);
}

bool time_from_number(struct str text, int64_t *time_ns)
{
    struct str whole = str_slice(text, 0, str_find_byte(text, '.'));
    struct str fraction = str_slice(text, whole.len + 1, text.len);
    uint64_t value, nanoseconds = 0, unit = NS_PER_S;

    if (text.len > 4 && text.at[4] == '-') /* a date, as most times are */
        return false;
    if (!str_to_u64(whole, INT64_MAX, &value))
        return false;
    for (uint64_t limit = 100000000000; unit > 1 && value >= limit; limit *= 1000)
        unit /= 1000;
    uint64_t scale = unit;
    for (size_t i = 0; i < fraction.len; i++, scale /= 10) {
        if (!ascii_is_digit(fraction.at[i]))
            return false;
        nanoseconds += scale / 10 * (uint64_t)(fraction.at[i] - '0');
    }
    if (value > (uint64_t)INT64_MAX / unit - 1)
        return false;
    *time_ns = (int64_t)(value * unit + nanoseconds);
    return true;
}

bool time_from_filetime(uint64_t filetime, int64_t *time_ns)
{
    int64_t seconds = (int64_t)(filetime / FILETIME_PER_S) - FILETIME_OF_1970_S;

    return to_ns(seconds, (int64_t)(filetime % FILETIME_PER_S) * 100, time_ns);
}

uint32_t time_month(struct str text)
{
    const struct str months = STR("JanFebMarAprMayJunJulAugSepOctNovDec");

    for (uint32_t i = 0; i < 12; i++)
        if (str_eq(text, str_slice(months, 3 * (size_t)i, 3 * (size_t)i + 3)))
            return i + 1;
    return 0;
}
