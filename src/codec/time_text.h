/* time_text.h - points in time: nanoseconds since 1970-01-01T00:00:00Z, as RFC 3339 and other
 * texts. */
#ifndef CODEC_TIME_TEXT_H
#define CODEC_TIME_TEXT_H

#include "core/str.h"

#define TIME_TEXT_SIZE 32 /* "2026-11-22T10:00:00.123456700Z" and NUL */

/* RFC 3339 in UTC with `Z` and nine digits. Returns the length, NUL-terminated. */
size_t time_print(int64_t time_ns, char out[TIME_TEXT_SIZE]);

/* Reads what exporters write: RFC 3339 (any number of fraction digits, `T` or blank, offset or
 * none, which means UTC), "2026-11-22", "2026-11-22 10:00:00", "11/22/2026 10:00:00 AM" (month
 * first, as Splunk and PowerShell print it), "/Date(1700000000000)/" (milliseconds). False if it is
 * none of them or does not fit 64-bit nanoseconds. *has_zone says whether an offset was written. */
MUST_USE bool time_parse(struct str text, int64_t *time_ns, bool *has_zone);

/* "1700000000.123456": seconds, milliseconds, microseconds or nanoseconds since 1970, told by size,
 * as exporters mix them. Whole numbers are kept exact. */
MUST_USE bool time_from_number(struct str text, int64_t *time_ns);

/* Windows FILETIME (100 ns since 1601-01-01). False if it does not fit. */
MUST_USE bool time_from_filetime(uint64_t filetime, int64_t *time_ns);

/* 1 to 12 of "Jan" to "Dec", as logs write months in letters; 0: it is none of them. */
uint32_t time_month(struct str text);

struct time_parts {
    int32_t year;                              /* proleptic Gregorian */
    uint32_t month, day, hour, minute, second; /* 1-12, 1-31, 0-23, 0-59, 0-59 */
    uint32_t nanosecond;
    uint32_t iso_week; /* 1-53 */
};
struct time_parts time_split(int64_t time_ns);
/* Back from the parts, without the week. False if there is no such time (a second of 60 counts as
 * 59) or it does not fit. */
MUST_USE bool time_join(const struct time_parts *parts, int64_t *time_ns);

#endif
