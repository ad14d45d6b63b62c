/* number.c - strtod for texts that are checked first, so that locales and its other notations
 * stay out. */
#include "match/number.h"

#include <stdlib.h>
#include <string.h>

static size_t skip_digits(struct str text, size_t at)
{
    while (at < text.len && ascii_is_digit(text.at[at]))
        at++;
    return at;
}

static size_t skip_sign(struct str text, size_t at)
{
    return at < text.len && (text.at[at] == '-' || text.at[at] == '+') ? at + 1 : at;
}

static bool is_number(struct str text)
{
    size_t start = skip_sign(text, 0);
    size_t at = skip_digits(text, start);
    size_t digits = at - start;

    if (at < text.len && text.at[at] == '.') {
        start = at + 1;
        at = skip_digits(text, start);
        digits += at - start;
    }
    if (digits && at < text.len && (text.at[at] == 'e' || text.at[at] == 'E')) {
        start = skip_sign(text, at + 1);
        at = skip_digits(text, start);
        digits = at - start;
    }
    return digits && at == text.len;
}

bool number_parse(struct str text, double *number)
{
    char copy[NUMBER_BYTES_MAX + 1];

    if (text.len > NUMBER_BYTES_MAX || !is_number(text))
        return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    *number = strtod(copy, NULL);
    return true;
}
