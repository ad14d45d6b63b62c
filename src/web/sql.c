/* sql.c - whether a value is SQL: it is cut into words of that language as if it began outside of a
 * text, inside of one in single quotes, and inside of one in double quotes, for an attacker breaks
 * out of the place where a value was put. A sentence with "select" in it has none of the marks. */
#include "web/payload.h"
#include "web/sql_words.h"

#define WORDS_MAX 256u

enum kind {
    NUMBER,
    STRING,
    NAME,     /* a word that SQL does not know */
    FUNCTION, /* one that it knows, or any, with a parenthesis behind */
    VERB,     /* begins a statement */
    LOGIC,    /* and, or: joins conditions */
    TEST,     /* like, in, between: compares */
    COMPARE,  /* = < > */
    SIGN,     /* + - * || and the like */
    CLAUSE,   /* from, where, order */
    OTHER,    /* a word that SQL knows, of no weight */
    OPEN,
    CLOSE,
    COMMA,
    END,     /* ; */
    COMMENT, /* up to the end, or of no end */
    ODD      /* what SQL has not */
};

struct word {
    enum kind kind;
    bool grave; /* a function that says much by itself */
    struct str text;
};

struct words {
    const struct sql_words *known;
    struct word at[WORDS_MAX];
    uint32_t count;
    bool broke_out;    /* a quote ended the text in which the value began */
    bool inner;        /* comments stand between its words */
    bool runs_on;      /* a text in quotes that does not end: the query's own quote ends it */
    struct str inside; /* what stood in the text before the quote */
};

enum call { NO_FUNCTION, PLAIN_FUNCTION, GRAVE_FUNCTION };

static const struct known {
    struct str text;
    enum kind kind;
    enum call call;
} known[] = {
#define SQL_WORD(text, kind, call) {STR_INIT(text), kind, call},
#include "web/sql_words.def"
#undef SQL_WORD
};

_Static_assert(ARRAY_COUNT(known) < SQL_PLACES / 4, "SQL_PLACES in sql_words.h");

static unsigned place_of(struct str text)
{
    unsigned char first = (unsigned char)text.at[0];
    unsigned char last = (unsigned char)text.at[text.len - 1];
    unsigned char middle = (unsigned char)text.at[text.len / 2];

    return ((unsigned)text.len * 131u + first * 17u + last * 37u + middle * 5u) % SQL_PLACES;
}

void sql_words_init(struct sql_words *words)
{
    *words = (struct sql_words){.at = {0}};
    for (unsigned i = 0; i < ARRAY_COUNT(known); i++) {
        unsigned place = place_of(known[i].text);
        while (words->at[place])
            place = (place + 1) % SQL_PLACES;
        words->at[place] = (uint8_t)(i + 1);
    }
}

static const struct known *find_known(const struct sql_words *words, struct str text)
{
    if (text.len == 0)
        return NULL;
    for (unsigned place = place_of(text); words->at[place]; place = (place + 1) % SQL_PLACES)
        if (str_eq(known[words->at[place] - 1].text, text))
            return &known[words->at[place] - 1];
    return NULL;
}

/* Tables that say what a database holds. */
static const struct str catalogues[] = {STR_INIT("information_schema"),
                                        STR_INIT("sysobjects"),
                                        STR_INIT("syscolumns"),
                                        STR_INIT("sysusers"),
                                        STR_INIT("sysdatabases"),
                                        STR_INIT("sys.databases"),
                                        STR_INIT("sys.tables"),
                                        STR_INIT("master.."),
                                        STR_INIT("mysql.user"),
                                        STR_INIT("pg_catalog"),
                                        STR_INIT("pg_user"),
                                        STR_INIT("pg_shadow"),
                                        STR_INIT("sqlite_master"),
                                        STR_INIT("sqlite_schema"),
                                        STR_INIT("all_tables"),
                                        STR_INIT("all_users"),
                                        STR_INIT("user_tables"),
                                        STR_INIT("rdb$"),
                                        STR_INIT("sysibm"),
                                        STR_INIT("msysobjects"),
                                        STR_INIT("domain.domains"),
                                        STR_INIT("v$version"),
                                        STR_INIT("performance_schema"),
                                        STR_INIT("@@version"),
                                        STR_INIT("@@datadir"),
                                        STR_INIT("@@hostname"),
                                        STR_INIT("information_schema.")};

/* ---- words ---- */

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' || (unsigned char)c == 0xa0;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_' || c == '$' || c == '@' || (unsigned char)c >= 0x80;
}

static bool is_of_name(char c)
{
    return is_letter(c) || ascii_is_digit(c) || c == '.';
}

static void add(struct words *words, enum kind kind, struct str text)
{
    if (words->count < WORDS_MAX)
        words->at[words->count++] = (struct word){.kind = kind, .text = text};
}

/* Index of the quote that ends a text, or len; a quote twice, or behind a backslash, is none. */
static size_t end_of_text(struct str text, size_t from, char quote)
{
    size_t i = from;

    while (i < text.len) {
        if (text.at[i] == '\\') {
            i += 2;
        } else if (text.at[i] == quote) {
            if (char_at(text, i + 1) != quote)
                return i;
            i += 2;
        } else {
            i++;
        }
    }
    return text.len;
}

static size_t take_number(struct words *words, struct str text, size_t i)
{
    size_t from = i;

    if (text.at[i] == '0' && char_at(text, i + 1) == 'x')
        i += 2;
    while (i < text.len &&
           (ascii_is_digit(text.at[i]) || text.at[i] == '.' ||
            (text.at[i] >= 'a' && text.at[i] <= 'f' && i > from + 1 && text.at[from + 1] == 'x')))
        i++;
    if (char_at(text, i) == 'e' && (ascii_is_digit(char_at(text, i + 1)) || i + 1 == text.len))
        for (i++; i < text.len && ascii_is_digit(text.at[i]);)
            i++;
    if (i < text.len && is_letter(text.at[i])) { /* "3u3m15": a name */
        while (i < text.len && is_of_name(text.at[i]))
            i++;
        add(words, NAME, str_slice(text, from, i));
        return i;
    }
    add(words, NUMBER, str_slice(text, from, i));
    return i;
}

static size_t take_name(struct words *words, struct str text, size_t i)
{
    size_t from = i;

    while (i < text.len && is_of_name(text.at[i]))
        i++;
    struct str name = str_slice(text, from, i);
    const struct known *is = find_known(words->known, name);
    size_t behind = i;
    while (behind < text.len && is_blank(text.at[behind]))
        behind++;
    bool called = is && is->call != NO_FUNCTION && char_at(text, behind) == '(';
    add(words, called ? FUNCTION : is ? is->kind : NAME, name);
    words->at[words->count - 1].grave = called && is->call == GRAVE_FUNCTION;
    return i;
}

/* "--", "#" and "/" "*": the end, or nothing between words. */
static size_t take_comment(struct words *words, struct str text, size_t i)
{
    struct str rest = str_slice(text, i, text.len);

    if (str_starts_with(rest, STR("/*"))) {
        size_t end = str_find(rest, STR("*/"));
        bool conditional = char_at(rest, 2) == '!';
        words->inner |= end < rest.len;
        if (end == rest.len)
            add(words, COMMENT, rest);
        if (!conditional || end == rest.len)
            return i + (end == rest.len ? end : end + 2);
        size_t skip = 3; /* "/" "*!50000select" is read by MySQL */
        while (ascii_is_digit(char_at(rest, skip)))
            skip++;
        return i + skip;
    }
    add(words, COMMENT, rest);
    size_t line = str_find_byte(rest, '\n');
    return i + line;
}

static size_t take_sign(struct words *words, struct str text, size_t i)
{
    char c = text.at[i], next = char_at(text, i + 1);
    size_t len = 1;
    enum kind kind;

    if (c == '(' || c == ')')
        kind = c == '(' ? OPEN : CLOSE;
    else if (c == ',')
        kind = COMMA;
    else if (c == ';')
        kind = END;
    else if (c == '=' || c == '<' || c == '>' || (c == '!' && next == '=')) {
        kind = COMPARE;
        len = next == '=' || next == '>' ? 2 : 1;
        if (c == '<' && next == '=' && char_at(text, i + 2) == '>')
            len = 3;
    } else if ((c == '&' && next == '&') || (c == '|' && next == '|')) {
        kind = c == '&' ? LOGIC : SIGN;
        len = 2;
    } else if (c == '*' && next == '/') { /* the end of a conditional comment */
        return i + 2;
    } else if (c == '+' || c == '-' || c == '*' || c == '/' || c == '%' || c == '|' || c == '&' ||
               c == '^' || c == '~' || c == '!' || c == ':')
        kind = SIGN;
    else
        kind = ODD;
    add(words, kind, str_slice(text, i, i + len));
    return i + len;
}

static size_t take_quoted(struct words *words, struct str text, size_t i)
{
    size_t end = end_of_text(text, i + 1, text.at[i]);

    words->runs_on |= end == text.len;
    add(words, STRING, str_slice(text, i + 1, end));
    return end + 1;
}

/* `quote`: the value begins inside of a text; 0: it does not. */
static void cut(struct words *words, struct str text, char quote)
{
    size_t i = 0;

    words->count = 0;
    words->broke_out = words->inner = words->runs_on = false;
    words->inside = STR_NONE;
    if (quote) {
        i = end_of_text(text, 0, quote);
        words->inside = str_slice(text, 0, i);
        words->broke_out = i < text.len;
        i++;
    }
    while (i < text.len && words->count < WORDS_MAX) {
        char c = text.at[i];
        if (is_blank(c))
            i++;
        else if (c == '\'' || c == '"' || c == '`')
            i = take_quoted(words, text, i);
        else if (ascii_is_digit(c) || (c == '.' && ascii_is_digit(char_at(text, i + 1))))
            i = take_number(words, text, i);
        else if ((c == '-' && char_at(text, i + 1) == '-') || c == '#' ||
                 (c == '/' && char_at(text, i + 1) == '*'))
            i = take_comment(words, text, i);
        else if (is_letter(c))
            i = take_name(words, text, i);
        else
            i = take_sign(words, text, i);
    }
}

/* ---- what the words say ---- */

struct reading {
    const struct words *words;
    struct attack attack;
};

static enum kind kind_at(const struct words *words, uint32_t i)
{
    return i < words->count ? words->at[i].kind : ODD;
}

static bool is_word(const struct words *words, uint32_t i, const char *text)
{
    return i < words->count && str_eq(words->at[i].text, str_from(text));
}

static void say(struct reading *reading, uint32_t points, const char *reason)
{
    attack_add(&reading->attack, points, reason);
}

/* Behind signs and opening parentheses; `i` if there is no such thing. */
static uint32_t behind_openings(const struct words *words, uint32_t i)
{
    while (kind_at(words, i) == OPEN || (kind_at(words, i) == SIGN && !is_word(words, i, "*")) ||
           is_word(words, i, "not") || is_word(words, i, "binary"))
        i++;
    return i;
}

static bool is_operand(enum kind kind)
{
    return kind == NUMBER || kind == STRING || kind == NAME || kind == FUNCTION;
}

/* Behind an operand at `i`, with its arguments; `i`: there is none. */
static uint32_t behind_operand(const struct words *words, uint32_t i)
{
    uint32_t from = i = behind_openings(words, i), depth = 0;

    if (!is_operand(kind_at(words, i)) && kind_at(words, i) != VERB && !is_word(words, i, "case"))
        return from;
    i++;
    if (kind_at(words, i) != OPEN)
        return i;
    for (; i < words->count; i++) {
        depth += words->at[i].kind == OPEN;
        depth -= words->at[i].kind == CLOSE && depth > 0;
        if (depth == 0)
            return i + 1;
    }
    return i;
}

/* "7=7": both sides are given. */
static bool is_given(const struct words *words, uint32_t i)
{
    uint32_t end = behind_operand(words, i);
    enum kind left = kind_at(words, behind_openings(words, i));
    enum kind right = kind_at(words, behind_openings(words, end + 1));

    return kind_at(words, end) == COMPARE && (left == NUMBER || left == STRING) &&
           (right == NUMBER || right == STRING);
}

/* "or 1=1", "and 'a' like 'a", "|| sleep(5)": a condition that depends on nothing of the query. */
static void read_condition(struct reading *reading, uint32_t i)
{
    const struct words *words = reading->words;
    uint32_t left = behind_openings(words, i + 1), end = behind_operand(words, i + 1);
    enum kind kind = kind_at(words, left);

    if (end == left)
        return;
    bool plain = kind == NAME;
    while (kind_at(words, end) == CLOSE || kind_at(words, end) == SIGN) {
        uint32_t more = kind_at(words, end) == CLOSE ? end + 1 : behind_operand(words, end + 1);
        if (more <= end)
            break;
        end = more;
    }
    if (kind_at(words, end) != COMPARE && kind_at(words, end) != TEST) {
        if (kind == NUMBER && (end >= words->count || kind_at(words, end) == COMMENT) &&
            words->broke_out)
            say(reading, 5, "a condition without anything to compare");
        return;
    }
    uint32_t right = behind_openings(words, end + 1);
    bool tested = kind_at(words, end) == TEST;
    enum kind other = kind_at(words, right);
    if (other == VERB) {
        say(reading, 5, "a query inside of a condition");
        return;
    }
    if (!is_operand(other) && !(words->broke_out && right >= words->count))
        return;
    if (plain && other == NAME)
        say(reading, words->broke_out ? 4 : 0, "a condition of its own");
    else if (kind == NUMBER && other == NUMBER)
        say(reading, tested ? 4 : 6, "a condition that is always true, or never");
    else
        say(reading, words->broke_out ? 6 : tested ? 2 : 4, "a condition of its own");
}

/* "union all select 1,2", "; drop table x", "(select 1 from t)" */
static void read_verb(struct reading *reading, uint32_t i)
{
    const struct words *words = reading->words;
    bool first = i == 0 || kind_at(words, i - 1) == END;
    bool inside = i > 0 && kind_at(words, i - 1) == OPEN;
    uint32_t next = i + 1;

    if (is_word(words, i, "union") || is_word(words, i, "intersect") ||
        is_word(words, i, "except")) {
        if (is_word(words, next, "all") || is_word(words, next, "distinct"))
            next++;
        while (kind_at(words, next) == OPEN)
            next++;
        if (!is_word(words, next, "select"))
            return;
        enum kind kind = kind_at(words, behind_openings(words, next + 1));
        bool sure = kind != NAME || next > i + 1 || words->broke_out || words->inner;
        say(reading, sure ? 7 : 2, "the answer of a second query is put behind the first");
        return;
    }
    if (i > 0 && kind_at(words, i - 1) == END && !is_word(words, i, "replace") &&
        !is_word(words, i, "begin")) {
        enum kind kind = kind_at(words, next);
        bool whole = kind != ODD && kind != SIGN && kind != COMPARE;
        say(reading, whole ? 5 : 1, "a second statement");
    }
    if (is_word(words, i, "select")) {
        bool from = false, list = false;
        uint32_t names = 0;
        for (uint32_t k = next; k < words->count && !from; k++) {
            from = is_word(words, k, "from");
            list |= kind_at(words, k) == COMMA || kind_at(words, k) == OPEN ||
                    kind_at(words, k) == NUMBER || is_word(words, k, "*") ||
                    kind_at(words, k) == STRING;
            names += kind_at(words, k) == NAME;
        }
        enum kind kind = kind_at(words, behind_openings(words, next));
        if (inside && (is_operand(kind) || is_word(words, behind_openings(words, next), "case") ||
                       is_word(words, next, "*")))
            say(reading, 5, "a query in parentheses");
        else if (from && (list || names == 1))
            say(reading, first || words->broke_out ? 5 : list ? 4 : 2, "a query");
        else if (kind == FUNCTION || is_word(words, next, "case"))
            say(reading, 5, "a query");
        else if (words->broke_out && is_operand(kind))
            say(reading, 4, "a query");
        return;
    }
    if (is_word(words, i, "begin") && i > 0 && kind_at(words, i - 1) == END &&
        kind_at(words, next + 1) == OPEN)
        say(reading, 5, "a second statement");
    else if (is_word(words, i, "waitfor") && is_word(words, next, "delay"))
        say(reading, 7, "the database is told to wait");
    else if (is_word(words, i, "insert") && is_word(words, next, "into"))
        say(reading, first || words->broke_out ? 5 : 2, "a statement that writes");
    else if ((is_word(words, i, "drop") || is_word(words, i, "create") ||
              is_word(words, i, "alter") || is_word(words, i, "truncate")) &&
             (is_word(words, next, "table") || is_word(words, next, "database") ||
              is_word(words, next, "function") || is_word(words, next, "user") ||
              is_word(words, next, "or")))
        say(reading, first || words->broke_out ? 5 : 2, "a statement that changes tables");
    else if ((is_word(words, i, "exec") || is_word(words, i, "execute")) && next < words->count &&
             (str_starts_with(words->at[next].text, STR("xp_")) ||
              str_starts_with(words->at[next].text, STR("sp_")) ||
              str_starts_with(words->at[next].text, STR("master"))))
        say(reading, 7, "a procedure of the server");
    else if (is_word(words, i, "declare") && next < words->count &&
             str_starts_with(words->at[next].text, STR("@")))
        say(reading, 5, "a variable of the server's language");
}

/* "order by 10", "having 1=1", "limit 1 offset 0", "procedure analyse(" */
static void read_clause(struct reading *reading, uint32_t i)
{
    const struct words *words = reading->words;
    bool by = is_word(words, i + 1, "by");

    if ((is_word(words, i, "order") || is_word(words, i, "group")) && by &&
        (kind_at(words, i + 2) == NUMBER || words->broke_out || kind_at(words, i + 2) == OPEN))
        say(reading, kind_at(words, i + 2) == NUMBER ? 5 : 4, "the answer is put in another order");
    else if ((is_word(words, i, "having") || is_word(words, i, "where")) &&
             behind_operand(words, i + 1) > behind_openings(words, i + 1)) {
        uint32_t end = behind_operand(words, i + 1);
        if (kind_at(words, end) == COMPARE && kind_at(words, i + 1) != NAME)
            say(reading, 5, "a condition that is always true, or never");
        else if (kind_at(words, end) == COMPARE)
            say(reading, 2, "a condition");
    } else if (is_word(words, i, "into") &&
               (is_word(words, i + 1, "outfile") || is_word(words, i + 1, "dumpfile")))
        say(reading, 6, "the answer is written to a file of the server");
    else if (is_word(words, i, "procedure") && is_word(words, i + 1, "analyse"))
        say(reading, 6, "a procedure of the server");
}

static void read_name(struct reading *reading, uint32_t i, bool called)
{
    const struct word *word = &reading->words->at[i];

    for (size_t k = 0; k < ARRAY_COUNT(catalogues); k++)
        if (catalogues[k].at[0] == word->text.at[0] && str_starts_with(word->text, catalogues[k])) {
            say(reading, 5, "a table that tells what the database holds");
            return;
        }
    if (called && (str_eq(word->text, STR("iif")) || str_eq(word->text, STR("if"))) &&
        is_given(reading->words, i + 2)) {
        say(reading, 5, "a choice in a query");
        return;
    }
    if (word->grave)
        say(reading, 5, "a function of databases that holds up, tells errors or reads files");
    else if (called && word->kind == FUNCTION)
        say(reading, 1, "a function of databases");
}

/* What breaking out alone says: the quote is followed by what goes on with a query. */
static void read_breaking_out(struct reading *reading)
{
    const struct words *words = reading->words;
    uint32_t i = 0;

    if (!words->broke_out || words->count == 0)
        return;
    while (kind_at(words, i) == CLOSE)
        i++;
    enum kind kind = kind_at(words, i);
    if (kind == COMMENT ||
        (kind == END && (i + 1 == words->count || kind_at(words, i + 1) == COMMENT)))
        say(reading, i > 0 || kind == COMMENT ? 5 : 3, "a quote, and the rest is a comment");
    else if (kind == LOGIC || kind == VERB || kind == CLAUSE ||
             (kind == TEST && i + 1 < words->count))
        say(reading, 1, "a quote, and a word of SQL");
    else if (kind == SIGN && kind_at(words, i + 1) == OPEN && kind_at(words, i + 2) == VERB)
        say(reading, 5, "a query is joined to a text");
    else if ((kind == SIGN || kind == COMPARE) && words->runs_on &&
             (kind_at(words, i + 1) == STRING || is_operand(kind_at(words, i + 1))))
        say(reading, 4, "a text is taken apart and joined again");
    if (i > 0 && kind != NAME && kind != ODD && words->count > i)
        say(reading, 1, "parentheses are closed that the value did not open");
    if (kind_at(words, words->count - 1) == COMMENT && words->count > 1)
        say(reading, 2, "the rest is a comment");
}

static struct attack judge_words(const struct words *words)
{
    struct reading reading = {.words = words};

    read_breaking_out(&reading);
    for (uint32_t i = 0; i < words->count; i++) {
        const struct word *word = &words->at[i];
        bool called = kind_at(words, i + 1) == OPEN;
        if (word->kind == LOGIC || (word->kind == SIGN && str_eq(word->text, STR("||"))) ||
            (word->kind == TEST && words->broke_out && i == 0))
            read_condition(&reading, i);
        else if (word->kind == VERB)
            read_verb(&reading, i);
        else if (word->kind == CLAUSE)
            read_clause(&reading, i);
        else if (word->kind == NAME || word->kind == FUNCTION)
            read_name(&reading, i, called);
        else if (is_word(words, i, "case") && is_word(words, i + 1, "when"))
            say(&reading, is_given(words, i + 2) ? 5 : 3, "a choice in a query");
        else if (word->kind == OPEN && is_given(words, i + 1))
            say(&reading, 5, "a condition that is always true, or never");
    }
    if (!words->broke_out && words->count > 1 && reading.attack.points > 0 &&
        kind_at(words, words->count - 1) == COMMENT)
        say(&reading, 2, "the rest is a comment");
    if (words->inner && reading.attack.points > 0)
        say(&reading, 2, "comments stand between the words");
    return reading.attack;
}

/* Nothing of SQL without one of these signs or words. */
static bool may_be_sql(struct str value)
{
    bool sign = false, words = false;

    for (size_t i = 0; i < value.len && !sign; i++) {
        char c = value.at[i], next = char_at(value, i + 1);
        sign = c == '\'' || c == '"' || c == '(' || c == '=' || c == '<' || c == '>' || c == ';' ||
               c == '#' || c == '`' || c == '@' || c == '|' || (c == '-' && next == '-') ||
               (c == '/' && next == '*') || (c == '&' && next == '&');
        words |= is_blank(c);
    }
    if (sign || !words)
        return sign;
    return str_contains(value, STR("select")) || str_contains(value, STR(" by ")) ||
           str_contains(value, STR("waitfor")) || str_contains(value, STR("exec")) ||
           str_contains(value, STR(" like ")) || str_contains(value, STR(" in "));
}

void judge_sql(const struct sql_words *known_words, struct str value, struct attack *attack)
{
    static const char quotes[] = {'\0', '\'', '"'};
    struct attack best = {0};
    struct words words UNINITIALISED;

    if (!may_be_sql(value))
        return;
    for (size_t i = 0; i < ARRAY_COUNT(quotes); i++) {
        if (quotes[i] && str_find_byte(value, quotes[i]) == value.len)
            continue;
        words.known = known_words;
        cut(&words, value, quotes[i]);
        const struct attack said = judge_words(&words);
        if (said.points > best.points)
            best = said;
    }
    attack_add(attack, best.points, best.reason);
}
