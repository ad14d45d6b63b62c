/* access_line.c - see access_line.h.
 *
 *   host ident user [10/Oct/2000:13:55:36 -0700] "GET /a?b HTTP/1.0" 200 2326 "referer" "agent"
 *
 * with or without a virtual host in front, and with whatever stands behind. A line is known by its
 * time in brackets with a quote behind it. Its parts are found from that place outwards, the
 * request is split from both ends, and a quote ends the request only where a status follows: what
 * a client sends must not be able to hide the rest. */
#include "formats/access_line.h"

#include "codec/time_text.h"

#include <string.h>

#define METHOD_BYTES_MAX 32u
#define WORDS_MAX 16u /* in front of the time */

/* The parts of a line as they stand; `at` is NULL where there is none. */
struct access_line {
    struct str clock, prefix, request, status, bytes, referer, agent;
    struct str extra[2];
};

/* ---- the time ---- */

static bool take_digits(const char *text, unsigned digits, uint32_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < digits; i++) {
        if (!ascii_is_digit(text[i]))
            return false;
        *value = *value * 10 + (uint32_t)(text[i] - '0');
    }
    return true;
}

static uint32_t month_of(const char *text)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (uint32_t month = 0; month < 12; month++)
        if (names[3 * month] == ascii_lower(text[0]) &&
            names[3 * month + 1] == ascii_lower(text[1]) &&
            names[3 * month + 2] == ascii_lower(text[2]))
            return month + 1;
    return 0;
}

/* ACCESS_CLOCK_BYTES bytes. */
bool access_clock_parse(const char *text, int64_t *time_ns)
{
    struct time_parts parts = {.month = month_of(text + 3)};
    uint32_t year, hours, minutes;

    if (text[2] != '/' || text[6] != '/' || text[11] != ':' || text[14] != ':' || text[17] != ':' ||
        text[20] != ' ' || (text[21] != '+' && text[21] != '-') ||
        !take_digits(text, 2, &parts.day) || !take_digits(text + 7, 4, &year) ||
        !take_digits(text + 12, 2, &parts.hour) || !take_digits(text + 15, 2, &parts.minute) ||
        !take_digits(text + 18, 2, &parts.second) || !take_digits(text + 22, 2, &hours) ||
        !take_digits(text + 24, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    parts.year = (int32_t)year;
    int64_t offset_ns = (int64_t)(hours * 3600 + minutes * 60) * 1000000000;
    return time_join(&parts, time_ns) &&
           !__builtin_sub_overflow(*time_ns, text[21] == '-' ? -offset_ns : offset_ns, time_ns);
}

/* The byte behind ` [clock] "`, or 0 if there is none. */
static size_t find_request(struct str text, struct access_line *line)
{
    size_t at = 0, behind = ACCESS_CLOCK_BYTES + sizeof("[] \"") - 1;

    for (;;) {
        at += str_find_byte(str_slice(text, at, text.len), '[');
        if (text.len - at < behind)
            return 0;
        const char *bracket = text.at + at;
        if (at > 0 && bracket[-1] == ' ' &&
            memcmp(bracket + ACCESS_CLOCK_BYTES + 1, "] \"", 3) == 0) {
            line->clock = str_slice(text, at + 1, at + 1 + ACCESS_CLOCK_BYTES);
            line->prefix = str_slice(text, 0, at - 1);
            return at + behind;
        }
        at++;
    }
}

/* ---- behind the time ---- */

/* A status, or the dash that stands for none, between a quote and a blank or the end. */
static bool is_status(struct str text)
{
    if (text.len > 1 && text.at[0] == ' ' && text.at[1] == '-')
        return text.len == 2 || text.at[2] == ' ';
    return text.len > 3 && text.at[0] == ' ' && ascii_is_digit(text.at[1]) &&
           ascii_is_digit(text.at[2]) && ascii_is_digit(text.at[3]) &&
           (text.len == 4 || text.at[4] == ' ');
}

/* The quote that ends the request; text.len if there is none. */
static size_t find_request_end(struct str text, bool also_escaped)
{
    for (size_t at = 0;; at++) {
        at += str_find_byte(str_slice(text, at, text.len), '"');
        if (at >= text.len)
            return text.len;
        if (is_status(str_slice(text, at + 1, text.len)) &&
            (also_escaped || !text_is_escaped(text, at)))
            return at;
    }
}

/* Takes what stands in quotes: up to a quote with a blank or nothing behind it, or, where the line
 * was cut off, to its end. */
static struct str take_quoted(struct str *rest)
{
    struct str text = str_slice(*rest, 1, rest->len);

    for (size_t at = 0;; at++) {
        at += str_find_byte(str_slice(text, at, text.len), '"');
        bool inside = at + 1 < text.len && text.at[at + 1] != ' ';
        if (at < text.len && (inside || text_is_escaped(text, at)))
            continue;
        *rest = str_slice(text, at + 1, text.len);
        return str_slice(text, 0, at);
    }
}

static struct str without_blanks(struct str s)
{
    size_t at = 0;

    while (at < s.len && s.at[at] == ' ')
        at++;
    while (s.len > at && s.at[s.len - 1] == ' ')
        s.len--;
    return str_slice(s, at, s.len);
}

/* str_cut for words that are so short that a call would take longer. */
static struct str cut_word(struct str *rest)
{
    size_t at = 0;

    while (at < rest->len && rest->at[at] != ' ')
        at++;
    struct str word = str_slice(*rest, 0, at);
    *rest = str_slice(*rest, at + 1, rest->len);
    return word;
}

/* Status, size, and, unless something else stands between, referer and agent. */
static void split_tail(struct str rest, struct access_line *line)
{
    line->status = cut_word(&rest);
    line->bytes = cut_word(&rest);
    size_t quote = rest.len > 0 && rest.at[0] == '"' ? 0 : str_find(rest, STR(" \""));
    line->extra[0] = without_blanks(str_slice(rest, 0, quote));
    rest = without_blanks(str_slice(rest, quote, rest.len));
    if (rest.len == 0)
        return;
    line->referer = take_quoted(&rest);
    rest = without_blanks(rest);
    if (rest.len > 0 && rest.at[0] == '"')
        line->agent = take_quoted(&rest);
    line->extra[1] = without_blanks(rest);
}

static const char *split_line(struct str text, struct access_line *line)
{
    *line = (struct access_line){0};
    size_t request = find_request(text, line);
    if (request == 0)
        return "no time in brackets with a request in quotes behind it";
    struct str rest = str_slice(text, request, text.len);
    size_t end = find_request_end(rest, false);
    if (end == rest.len)
        end = find_request_end(rest, true);
    if (end == rest.len)
        return "no status behind the request";
    line->request = str_slice(rest, 0, end);
    split_tail(str_slice(rest, end + 2, rest.len), line);
    return NULL;
}

/* ---- in front of the time ---- */

struct access_prefix {
    struct str host;             /* virtual host, with its port */
    struct str words[WORDS_MAX]; /* clients, then ident */
    uint32_t client_count;
    struct str ident, user, extra;
};

static bool is_dash(struct str s)
{
    return s.len == 1 && s.at[0] == '-';
}

static bool ends_in_comma(struct str s)
{
    return s.len > 1 && s.at[s.len - 1] == ',';
}

/* Of the characters of an address, and at least one that a name does not have alone. */
static bool is_address(struct str s)
{
    bool colon = false, letter = false;
    unsigned dots = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = ascii_lower(s.at[i]);
        dots += c == '.';
        colon |= c == ':';
        if (c == '%' && colon) /* a zone: fe80::1%eth0 */
            return true;
        if (c >= 'a' && c <= 'f')
            letter = true;
        else if (!ascii_is_digit(c) && c != '.' && c != ':' && c != '[' && c != ']')
            return false;
    }
    return colon || (dots == 3 && !letter);
}

static bool is_host_character(unsigned char c)
{
    static const uint64_t ascii[] = {
        (uint64_t)0x3ff << '0' | (uint64_t)1 << '%' | (uint64_t)1 << '*' | (uint64_t)1 << '-' |
            (uint64_t)1 << '.' | (uint64_t)1 << '/' | (uint64_t)1 << ':',
        (uint64_t)0x3ffffff << ('A' - 64) | (uint64_t)0x3ffffff << ('a' - 64) |
            (uint64_t)1 << ('[' - 64) | (uint64_t)1 << (']' - 64) | (uint64_t)1 << ('_' - 64),
    };

    return c >= 0x80 || (ascii[c / 64] >> (c % 64) & 1);
}

/* Does a name or address look like this? Tags of syslog and other text in front do not. */
static bool is_host(struct str s)
{
    if (s.len == 0 || str_eq(s, STR("unix:")))
        return s.len > 0;
    for (size_t i = 0; i < s.len; i++)
        if (!is_host_character((unsigned char)s.at[i]))
            return false;
    return s.at[s.len - 1] != ':' || str_ends_with(s, STR("::"));
}

/* Not the time that some put in front. */
static bool is_virtual_host(struct str s)
{
    struct str port, name = web_host_cut(s, &port);

    return is_host(s) && (name.at[0] == '[' || str_find_byte(name, ':') == name.len);
}

static struct str until_end(struct str from, struct str prefix)
{
    return (struct str){from.at, (size_t)(prefix.at + prefix.len - from.at)};
}

/* "client ident user", as nearly all are. */
static bool split_plain_prefix(struct str text, struct access_prefix *prefix)
{
    struct str user = text, client = cut_word(&user), ident = cut_word(&user);

    if (user.len == 0 || ends_in_comma(client) || str_find_byte(user, ' ') < user.len ||
        !is_host(client))
        return false;
    prefix->words[0] = client;
    prefix->client_count = 1;
    prefix->ident = ident;
    prefix->user = user;
    return true;
}

/* "host client ident user": which of the four are there is told by what they look like. A user may
 * have blanks in the name. */
static const char *split_prefix(struct str text, struct access_prefix *prefix)
{
    struct str words[WORDS_MAX] UNINITIALISED;
    struct str rest = text;
    uint32_t count = 0, at = 0;

    prefix->client_count = 0;
    prefix->host = prefix->ident = prefix->user = prefix->extra = (struct str){0};
    if (split_plain_prefix(text, prefix))
        return NULL;
    while (count < WORDS_MAX && rest.len > 0)
        words[count++] = str_cut(&rest, ' ');
    if (count < 2)
        return "no client in front of the time";
    bool host = count > 3 && !ends_in_comma(words[0]) &&
                (is_address(words[1]) || ends_in_comma(words[1]) ||
                 (is_dash(words[2]) && !is_dash(words[1])));
    if (host)
        prefix->host = words[at++];
    /* "192.0.2.1, 198.51.100.2": who sent it, and through whom */
    while (at + 1 < count && ends_in_comma(words[at])) {
        words[at].len--;
        prefix->words[prefix->client_count++] = words[at++];
    }
    prefix->words[prefix->client_count++] = words[at++];
    bool good = !host || is_virtual_host(prefix->host);
    for (uint32_t i = 0; i < prefix->client_count; i++)
        good &= is_host(prefix->words[i]);
    /* a wrapper's own words in front look like an ident and a user with blanks */
    if (!good || (count - at > 2 && !is_dash(words[at])))
        return "no client in front of the time";
    if (count - at > 1)
        prefix->ident = words[at++];
    if (at < count)
        prefix->user = until_end(words[at], text);
    /* some write more behind the ident, and then no user */
    if (prefix->user.len > 2 && str_ends_with(prefix->user, STR(" -"))) {
        prefix->extra = str_slice(prefix->user, 0, prefix->user.len - 2);
        prefix->user = STR("-");
    }
    return NULL;
}

/* ---- records ---- */

static void add(struct text_record *record, const struct text_name *name, struct str text)
{
    if (text.at && !is_dash(text))
        text_record_add(record, name, value_string(text));
}

void access_add_number(struct text_record *record, const struct text_name *name, struct str text)
{
    if (text.len > 0 && !is_dash(text))
        text_record_add(record, name, text_value_of(text));
}

static void add_extra(struct access_reader *reader, struct str text)
{
    if (text.len > 0)
        text_record_add(&reader->record, &reader->names.extra, value_string(text));
}

static bool is_method(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((s.at[i] | 0x20) < 'a' || (s.at[i] | 0x20) > 'z')
            if (s.at[i] != '-' && s.at[i] != '_')
                return false;
    return s.len > 0 && s.len <= METHOD_BYTES_MAX;
}

void access_add_request(struct access_reader *reader, struct str request, struct arena *arena)
{
    const struct access_names *names = &reader->names;
    struct text_record *record = &reader->record;
    size_t blank = str_find_byte(request, ' ');
    struct str method = str_slice(request, 0, blank), rest, version = {0};
    struct web_target target UNINITIALISED;

    if (request.len == 0 || is_dash(request))
        return;
    if (blank == request.len || !is_method(method)) {
        web_target_split(request, &target);
        text_record_add(record, &names->uri, value_string(request));
        web_target_add(&reader->web, &target, WEB_URI, record, arena);
        return;
    }
    rest = str_slice(request, blank + 1, request.len);
    const char *last = memrchr(rest.at, ' ', rest.len);
    size_t end = last ? (size_t)(last - rest.at) : rest.len;
    if (str_starts_with(str_slice(rest, end + 1, rest.len), STR("HTTP/"))) {
        version = str_slice(rest, end + 1, rest.len);
        rest = str_slice(rest, 0, end);
    }
    add(record, &names->method, method);
    if (str_eq(method, STR("CONNECT")))
        web_target_of_connect(rest, &target);
    else
        web_target_split(rest, &target);
    bool origin = target.from_stem.at == rest.at;
    if (origin) {
        text_record_add(record, &names->stem, value_string(target.stem));
        if (target.has_query)
            text_record_add(record, &names->query, value_string(target.query));
    } else {
        text_record_add(record, &names->uri, value_string(rest));
    }
    web_target_add(&reader->web, &target, origin ? WEB_STEM | WEB_QUERY : WEB_URI, record, arena);
    add(record, &names->version, version);
}

static const char *fill_record(struct access_reader *reader, const struct access_line *line,
                               struct str *host, struct arena *arena)
{
    const struct access_names *names = &reader->names;
    struct text_record *record = &reader->record;
    struct access_prefix prefix UNINITIALISED;
    struct str port = {0};

    if (!str_eq(line->clock, buf_str(&reader->clock))) {
        buf_reset(&reader->clock);
        if (!access_clock_parse(line->clock.at, &reader->clock_ns))
            return "what stands in brackets is no time";
        buf_add(&reader->clock, line->clock);
    }
    const char *why = split_prefix(line->prefix, &prefix);
    if (why)
        return why;
    record->count = record->dropped = 0;
    *host = STR_EMPTY;
    if (prefix.host.len > 0 && !is_dash(prefix.host)) {
        *host = web_host_cut(prefix.host, &port);
        add(record, &names->host, *host);
        access_add_number(record, &names->port, port);
    }
    for (uint32_t i = 0; i < prefix.client_count; i++)
        add(record, &names->client, prefix.words[i]);
    add(record, &names->ident, prefix.ident);
    add(record, &names->user, prefix.user);
    add(record, &names->clock, line->clock);
    access_add_request(reader, line->request, arena);
    access_add_number(record, &names->status, line->status);
    access_add_number(record, &names->bytes, line->bytes);
    add(record, &names->referer, line->referer);
    add(record, &names->agent, line->agent);
    add_extra(reader, prefix.extra);
    add_extra(reader, line->extra[0]);
    add_extra(reader, line->extra[1]);
    return NULL;
}

const char *access_line_take(struct access_reader *reader, struct str text, struct str *host,
                             struct arena *arena)
{
    struct access_line parts UNINITIALISED;
    const char *why = split_line(text, &parts);

    return why ? why : fill_record(reader, &parts, host, arena);
}

bool access_line_is(struct str text)
{
    struct access_line line;
    struct access_prefix prefix UNINITIALISED;
    int64_t time_ns;

    return !split_line(text, &line) && access_clock_parse(line.clock.at, &time_ns) &&
           !split_prefix(line.prefix, &prefix);
}

void access_reader_init(struct access_reader *reader, const struct field_dictionary *fields)
{
    struct access_names *names = &reader->names;

    buf_init(&reader->clock, ACCESS_CLOCK_BYTES);
    text_name_init(&names->host, fields, STR("cs-host"));
    text_name_also(&names->host, fields, STR("s-hostname"));
    text_name_init(&names->port, fields, STR("s-port"));
    text_name_init(&names->client, fields, STR("c-ip"));
    text_name_init(&names->ident, fields, STR("x-ident"));
    text_name_init(&names->user, fields, STR("cs-username"));
    text_name_init(&names->clock, fields, STR("time"));
    text_name_init(&names->method, fields, STR("cs-method"));
    text_name_init(&names->stem, fields, STR("cs-uri-stem"));
    text_name_also(&names->stem, fields, STR("cs-uri-path"));
    text_name_init(&names->query, fields, STR("cs-uri-query"));
    text_name_init(&names->uri, fields, STR("cs-uri"));
    text_name_also(&names->uri, fields, STR("c-uri"));
    text_name_init(&names->version, fields, STR("cs-version"));
    text_name_init(&names->status, fields, STR("sc-status"));
    text_name_init(&names->bytes, fields, STR("sc-bytes"));
    text_name_init(&names->referer, fields, STR("cs-referer"));
    text_name_init(&names->agent, fields, STR("cs-user-agent"));
    text_name_also(&names->agent, fields, STR("c-useragent"));
    text_name_init(&names->extra, fields, STR("x-extra"));
    web_names_init(&reader->web, fields);
}

void access_reader_free(struct access_reader *reader)
{
    buf_free(&reader->clock);
}
