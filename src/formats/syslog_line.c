/* syslog_line.c - see syslog_line.h. */
#include "formats/syslog_line.h"

#include "codec/time_text.h"

#define NS_PER_DAY ((int64_t)86400 * 1000000000)
#define YEARS_BACK 8 /* from one 29 February to the one before, at most */
#define TIME_BYTES_MAX 40u
#define PROGRAM_BYTES_MAX 128u

static struct str behind(struct str s, size_t from)
{
    return str_slice(s, from, s.len);
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

static bool take_char(struct str *s, char c)
{
    if (s->len == 0 || s->at[0] != c)
        return false;
    *s = behind(*s, 1);
    return true;
}

static void pass_blanks(struct str *s)
{
    while (take_char(s, ' '))
        ;
}

static struct str take_word(struct str *s)
{
    struct str word = str_slice(*s, 0, str_find_byte(*s, ' '));

    *s = behind(*s, word.len);
    take_char(s, ' ');
    return word;
}

/* ---- times ---- */

static bool take_month(struct str *s, uint32_t *month)
{
    *month = time_month(str_slice(*s, 0, 3));
    if (*month > 0)
        *s = behind(*s, 3);
    return *month > 0;
}

static void take_fraction(struct str *s, uint32_t *nanosecond)
{
    if (s->len < 2 || (s->at[0] != '.' && s->at[0] != ',') || !ascii_is_digit(s->at[1]))
        return;
    *s = behind(*s, 1);
    for (uint32_t scale = 100000000; s->len > 0 && ascii_is_digit(s->at[0]); scale /= 10) {
        *nanosecond += (uint32_t)(s->at[0] - '0') * scale;
        *s = behind(*s, 1);
    }
}

/* The latest year in which this moment is not behind `newest_ns`. */
static bool join_without_year(struct time_parts *parts, int64_t newest_ns, int64_t *time_ns)
{
    int32_t year = time_split(newest_ns).year;

    for (int32_t back = 0; back <= YEARS_BACK; back++) {
        parts->year = year - back;
        if (time_join(parts, time_ns) && *time_ns <= newest_ns)
            return true;
    }
    return false;
}

/* "Nov 22 10:00:00", with a year behind the day and parts of a second where they stand. */
static bool take_old_time(struct str *s, int64_t changed_ns, struct syslog_line *line)
{
    struct time_parts parts = {0};
    struct str rest = *s, year_text;
    uint32_t year = 0;

    if (!take_month(&rest, &parts.month) || !take_char(&rest, ' '))
        return false;
    take_char(&rest, ' ');
    if (!take_number(&rest, 2, &parts.day) || !take_char(&rest, ' '))
        return false;
    year_text = rest;
    if (take_number(&year_text, 4, &year) && take_char(&year_text, ' ') && year > 1969)
        rest = year_text;
    else
        year = 0;
    if (!take_number(&rest, 2, &parts.hour) || !take_char(&rest, ':') ||
        !take_number(&rest, 2, &parts.minute) || !take_char(&rest, ':') ||
        !take_number(&rest, 2, &parts.second))
        return false;
    take_fraction(&rest, &parts.nanosecond);
    line->time = str_slice(*s, 0, s->len - rest.len);
    take_char(&rest, ':'); /* Cisco's */
    if (!take_char(&rest, ' '))
        return false;
    *s = rest;
    parts.year = (int32_t)year;
    if (year > 0)
        line->has_time = time_join(&parts, &line->time_ns);
    else if (changed_ns > 0 && changed_ns < INT64_MAX - NS_PER_DAY)
        line->has_time = join_without_year(&parts, changed_ns + NS_PER_DAY, &line->time_ns);
    return true;
}

static bool take_iso_time(struct str *s, struct syslog_line *line)
{
    struct str rest = *s, word = take_word(&rest);

    if (word.len < 19 || word.len > TIME_BYTES_MAX || word.at[10] != 'T')
        return false;
    line->has_time = time_parse(word, &line->time_ns, &line->has_zone);
    if (!line->has_time)
        return false;
    line->time = word;
    *s = rest;
    return true;
}

/* ---- lines ---- */

/* "<34>" */
static bool take_priority(struct str *s, struct syslog_line *line)
{
    struct str rest = *s;
    uint32_t priority;

    if (!take_char(&rest, '<') || !take_number(&rest, 3, &priority) || !take_char(&rest, '>') ||
        priority > 191)
        return false;
    line->has_priority = true;
    line->priority = (uint8_t)priority;
    *s = rest;
    return true;
}

static struct str dash_is_empty(struct str word)
{
    return str_eq(word, STR("-")) ? STR_EMPTY : word;
}

/* Structured data: elements in brackets, one behind the other. */
static size_t data_length(struct str s)
{
    bool quoted = false;
    size_t at = 0;

    while (at < s.len && s.at[at] == '[') {
        size_t end = at + 1;
        for (; end < s.len && (quoted || s.at[end] != ']'); end++) {
            if (s.at[end] == '\\' && quoted)
                end++;
            else if (s.at[end] == '"')
                quoted = !quoted;
        }
        if (end >= s.len)
            return 0;
        at = end + 1;
    }
    return at;
}

/* Behind "<34>1 ". */
static bool read_5424(struct str rest, struct syslog_line *line)
{
    struct syslog_line read = *line;

    if (!take_iso_time(&rest, &read) && !str_eq(take_word(&rest), STR("-")))
        return false;
    read.host = dash_is_empty(take_word(&rest));
    read.program = dash_is_empty(take_word(&rest));
    read.pid = dash_is_empty(take_word(&rest));
    read.message_id = dash_is_empty(take_word(&rest));
    size_t data = data_length(rest);
    if (data == 0 && !(rest.len > 0 && rest.at[0] == '-'))
        return false;
    read.data = str_slice(rest, 0, data);
    rest = behind(rest, data > 0 ? data : 1);
    if (rest.len > 0 && !take_char(&rest, ' '))
        return false;
    if (str_starts_with(rest, STR("\xef\xbb\xbf")))
        rest = behind(rest, 3);
    read.message = rest;
    read.kind = SYSLOG_5424;
    *line = read;
    return true;
}

/* "sshd[17]: " or "sshd: "; false if none stands here. */
static bool take_tag(struct str *s, struct syslog_line *line)
{
    struct str rest = *s;
    size_t len = 0;

    while (len < rest.len && len < PROGRAM_BYTES_MAX && (uint8_t)rest.at[len] > ' ' &&
           rest.at[len] != ':' && rest.at[len] != '[')
        len++;
    struct str program = str_slice(rest, 0, len), pid = STR_EMPTY;
    rest = behind(rest, len);
    if (take_char(&rest, '[')) {
        pid = str_slice(rest, 0, str_find_byte(rest, ']'));
        rest = behind(rest, pid.len);
        if (!take_char(&rest, ']'))
            return false;
    }
    if (program.len == 0 || !take_char(&rest, ':') || (rest.len > 0 && rest.at[0] != ' '))
        return false;
    take_char(&rest, ' ');
    line->program = program;
    line->pid = pid;
    *s = rest;
    return true;
}

/* Behind the time: the host, which local senders leave out, and the tag. */
static void read_old(struct str rest, struct syslog_line *line)
{
    pass_blanks(&rest);
    if (!take_tag(&rest, line)) {
        line->host = take_word(&rest);
        pass_blanks(&rest);
        take_tag(&rest, line);
    }
    line->message = rest;
}

void syslog_line_read(struct str text, int64_t changed_ns, struct syslog_line *line)
{
    const struct str none = STR_EMPTY;
    struct str rest = text;

    *line = (struct syslog_line){.kind = SYSLOG_NO_HEADER,
                                 .time = none,
                                 .host = none,
                                 .program = none,
                                 .pid = none,
                                 .message_id = none,
                                 .data = none,
                                 .message = text};
    while (rest.len > 0 && rest.at[0] == 0) /* what a crash leaves in a file */
        rest = behind(rest, 1);
    bool priority = take_priority(&rest, line);
    if (priority && str_starts_with(rest, STR("1 ")) && read_5424(behind(rest, 2), line))
        return;
    if (take_old_time(&rest, changed_ns, line))
        line->kind = SYSLOG_3164;
    else if (take_iso_time(&rest, line))
        line->kind = SYSLOG_ISO_TIME;
    if (line->kind != SYSLOG_NO_HEADER)
        read_old(rest, line);
    else
        line->message = rest;
}

/* ---- words ---- */

struct str syslog_facility(uint8_t priority)
{
    static const struct str names[] = {
        STR_INIT("kern"),   STR_INIT("user"),   STR_INIT("mail"),     STR_INIT("daemon"),
        STR_INIT("auth"),   STR_INIT("syslog"), STR_INIT("lpr"),      STR_INIT("news"),
        STR_INIT("uucp"),   STR_INIT("cron"),   STR_INIT("authpriv"), STR_INIT("ftp"),
        STR_INIT("ntp"),    STR_INIT("audit"),  STR_INIT("alert"),    STR_INIT("clock"),
        STR_INIT("local0"), STR_INIT("local1"), STR_INIT("local2"),   STR_INIT("local3"),
        STR_INIT("local4"), STR_INIT("local5"), STR_INIT("local6"),   STR_INIT("local7")};

    return names[priority / 8];
}

struct str syslog_severity(uint8_t priority)
{
    static const struct str names[] = {STR_INIT("emerg"), STR_INIT("alert"),   STR_INIT("crit"),
                                       STR_INIT("err"),   STR_INIT("warning"), STR_INIT("notice"),
                                       STR_INIT("info"),  STR_INIT("debug")};

    return names[priority % 8];
}

bool syslog_parameter_next(struct str *data, struct str *id, struct syslog_parameter *parameter)
{
    struct str rest = *data;

    for (;;) {
        pass_blanks(&rest);
        take_char(&rest, ']');
        if (!take_char(&rest, '['))
            break;
        size_t len = 0;
        while (len < rest.len && rest.at[len] != ' ' && rest.at[len] != ']')
            len++;
        *id = str_slice(rest, 0, len);
        rest = behind(rest, len);
    }
    size_t name = str_find_byte(rest, '=');
    parameter->id = *id;
    parameter->name = str_slice(rest, 0, name);
    rest = behind(rest, name + 1);
    if (parameter->name.len == 0 || !take_char(&rest, '"'))
        return false;
    size_t end = 0;
    parameter->escaped = false;
    while (end < rest.len && rest.at[end] != '"') {
        bool escape = rest.at[end] == '\\' && end + 1 < rest.len;
        parameter->escaped = parameter->escaped || escape;
        end += escape ? 2 : 1;
    }
    parameter->value = str_slice(rest, 0, end);
    *data = behind(rest, end + 1);
    return end < rest.len;
}
