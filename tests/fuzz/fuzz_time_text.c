/* fuzz_time_text.c - any text as a time, and any time as text, against the C library's calendar. */
/* links: codec */
#include "codec/time_text.h"
#include "core/ensure.h"

#include <string.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define NS_PER_S 1000000000

static void check_time(int64_t time_ns)
{
    char text[TIME_TEXT_SIZE], week[3];
    int64_t back, whole = time_ns / NS_PER_S - (time_ns % NS_PER_S < 0);
    bool has_zone = false;
    struct time_parts parts = time_split(time_ns);
    time_t seconds = (time_t)whole;
    struct tm tm;

    ENSURE(time_print(time_ns, text) == strlen(text) && strlen(text) == 30);
    ENSURE(time_parse(str_from(text), &back, &has_zone) && back == time_ns && has_zone);
    ENSURE(gmtime_r(&seconds, &tm));
    ENSURE(parts.year == tm.tm_year + 1900 && parts.month == (uint32_t)tm.tm_mon + 1);
    ENSURE(parts.day == (uint32_t)tm.tm_mday && parts.hour == (uint32_t)tm.tm_hour);
    ENSURE(parts.minute == (uint32_t)tm.tm_min && parts.second == (uint32_t)tm.tm_sec);
    ENSURE(parts.nanosecond == (uint32_t)((time_ns % NS_PER_S + NS_PER_S) % NS_PER_S));
    ENSURE(strftime(week, sizeof(week), "%V", &tm) == 2);
    ENSURE(parts.iso_week == (uint32_t)(week[0] - '0') * 10 + (uint32_t)(week[1] - '0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str text = {(const char *)data, len};
    int64_t time_ns, again;
    uint64_t number = 0;
    bool has_zone, zone_again;

    if (time_parse(text, &time_ns, &has_zone)) {
        check_time(time_ns);
        ENSURE(time_parse(str_trim(text), &again, &zone_again));
        ENSURE(again == time_ns && zone_again == has_zone);
    }
    for (size_t i = 0; i < len && i < 8; i++)
        number |= (uint64_t)data[i] << (8 * i);
    check_time((int64_t)number);
    if (time_from_filetime(number, &time_ns)) {
        check_time(time_ns);
        ENSURE(time_ns % 100 == 0);
        ENSURE((uint64_t)(time_ns / 100 + 116444736000000000) == number);
    } else { /* before 1677 or behind 2262 */
        ENSURE(number < 24211015631452242u || number > 208678456368547758u);
    }
    return 0;
}
