/* decode.c - see decode.h. Every step makes a text that is no longer, so that it works in place. */
#include "web/decode.h"

#define ROUNDS_MAX 4u

/* `digits` of them at `at`; -1: there are not so many. */
static int32_t hex_number(const char *text, size_t len, size_t at, unsigned digits)
{
    int32_t number = 0;

    if (at + digits > len)
        return -1;
    for (unsigned i = 0; i < digits; i++) {
        int value = ascii_hex_value(text[at + i]);
        if (value < 0)
            return -1;
        number = number << 4 | value;
    }
    return number;
}

/* What is no ASCII is of no interest to any judge, but must keep words apart. */
static char as_byte(uint32_t character)
{
    if (character == 0xff0e)
        return '.'; /* full-width forms, which some servers fold */
    if (character >= 0xff01 && character <= 0xff5e)
        return (char)(character - 0xff01 + '!');
    if (character == 0x2215 || character == 0x2044)
        return '/';
    if (character == 0x2018 || character == 0x2019 || character == 0x02bc)
        return '\'';
    return character < 0x80 ? (char)character : (char)0xbf;
}

static size_t undo_percent(char *text, size_t len)
{
    size_t to = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%') {
            int32_t number = hex_number(text, len, i + 1, 2);
            if (number >= 0) {
                text[to++] = (char)number;
                i += 2;
                continue;
            }
            if (i + 1 < len && text[i + 1] == 'u' &&
                (number = hex_number(text, len, i + 2, 4)) >= 0) {
                text[to++] = as_byte((uint32_t)number);
                i += 5;
                continue;
            }
        }
        text[to++] = c;
    }
    return to;
}

/* Two and three bytes for what has one: C0 AE is a point. */
static size_t undo_overlong(char *text, size_t len)
{
    size_t to = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        unsigned char second = i + 1 < len ? (unsigned char)text[i + 1] : 0;
        unsigned char third = i + 2 < len ? (unsigned char)text[i + 2] : 0;
        if ((c == 0xc0 || c == 0xc1) && second >= 0x80 && second < 0xc0) {
            text[to++] = (char)((c & 1) << 6 | (second & 0x3f));
            i++;
        } else if (c == 0xe0 && (second == 0x80 || second == 0x81) && third >= 0x80 &&
                   third < 0xc0) {
            text[to++] = (char)((second & 1) << 6 | (third & 0x3f));
            i += 2;
        } else {
            text[to++] = text[i];
        }
    }
    return to;
}

/* "&lt;", "&#60;", "&#x3c;", and without the semicolon, as browsers take numbers. *used: bytes. */
static int32_t take_reference(const char *text, size_t len, size_t *used)
{
    static const struct {
        struct str name;
        char c;
    } names[] = {
        {STR_INIT("&lt;"), '<'},    {STR_INIT("&gt;"), '>'},    {STR_INIT("&quot;"), '"'},
        {STR_INIT("&apos;"), '\''}, {STR_INIT("&colon;"), ':'}, {STR_INIT("&lpar;"), '('},
        {STR_INIT("&rpar;"), ')'},  {STR_INIT("&sol;"), '/'},   {STR_INIT("&newline;"), '\n'},
        {STR_INIT("&tab;"), '\t'},  {STR_INIT("&amp;"), '&'}};
    struct str rest = {text, len};
    uint32_t number = 0;
    size_t at = 2;

    if (len < 3 || text[1] != '#') {
        for (size_t i = 0; i < ARRAY_COUNT(names); i++)
            if (str_starts_with(rest, names[i].name)) {
                *used = names[i].name.len;
                return names[i].c;
            }
        return -1;
    }
    bool hexadecimal = text[2] == 'x';
    at += hexadecimal;
    size_t first = at;
    for (; at < len && at < first + 10; at++) {
        int value = ascii_hex_value(text[at]);
        if (value < 0 || (!hexadecimal && value > 9))
            break;
        number = number * (hexadecimal ? 16 : 10) + (uint32_t)value;
    }
    if (at == first)
        return -1;
    *used = at + (at < len && text[at] == ';');
    return (unsigned char)as_byte(number);
}

static size_t undo_references(char *text, size_t len)
{
    size_t to = 0;

    for (size_t i = 0; i < len; i++) {
        size_t used;
        int32_t c = text[i] == '&' ? take_reference(text + i, len - i, &used) : -1;
        if (c >= 0) {
            text[to++] = (char)c;
            i += used - 1;
        } else {
            text[to++] = text[i];
        }
    }
    return to;
}

struct str web_decode(struct str text, bool plus, char out[WEB_VALUE_BYTES_MAX])
{
    size_t len = text.len < WEB_VALUE_BYTES_MAX ? text.len : WEB_VALUE_BYTES_MAX;
    bool percent = false, high = false, reference = false;

    for (size_t i = 0; i < len; i++) {
        char c = text.at[i];
        percent |= c == '%';
        high |= (unsigned char)c >= 0xc0;
        reference |= c == '&';
        out[i] = plus && c == '+' ? ' ' : ascii_lower(c);
    }
    for (unsigned round = 0; percent && round < ROUNDS_MAX; round++) {
        size_t before = len;
        len = undo_percent(out, len);
        percent = len < before;
    }
    if (len < text.len || high) /* something was undone */
        for (size_t i = 0; i < len; i++) {
            high |= (unsigned char)out[i] >= 0xc0;
            reference |= out[i] == '&';
            out[i] = ascii_lower(out[i]);
        }
    if (high)
        len = undo_overlong(out, len);
    if (reference)
        len = undo_references(out, len);
    for (size_t i = 0; (high || reference) && i < len; i++)
        out[i] = ascii_lower(out[i]);
    return (struct str){out, len};
}
