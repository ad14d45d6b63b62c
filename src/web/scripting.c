/* scripting.c - whether a value brings markup or script into a page: it is read as a browser reads
 * it, outside of a tag, and inside of an attribute that a quote ends. */
#include "web/payload.h"

static const struct str active_elements[] = {
    STR_INIT("script"),  STR_INIT("iframe"), STR_INIT("frame"),  STR_INIT("frameset"),
    STR_INIT("object"),  STR_INIT("embed"),  STR_INIT("applet"), STR_INIT("svg"),
    STR_INIT("math"),    STR_INIT("meta"),   STR_INIT("base"),   STR_INIT("link"),
    STR_INIT("style"),   STR_INIT("layer"),  STR_INIT("ilayer"), STR_INIT("bgsound"),
    STR_INIT("isindex"), STR_INIT("xml"),    STR_INIT("xss")};

static const struct str elements[] = {
    STR_INIT("a"),         STR_INIT("abbr"),     STR_INIT("animate"),
    STR_INIT("area"),      STR_INIT("article"),  STR_INIT("audio"),
    STR_INIT("b"),         STR_INIT("blink"),    STR_INIT("body"),
    STR_INIT("br"),        STR_INIT("button"),   STR_INIT("canvas"),
    STR_INIT("center"),    STR_INIT("command"),  STR_INIT("details"),
    STR_INIT("dialog"),    STR_INIT("div"),      STR_INIT("event-source"),
    STR_INIT("fieldset"),  STR_INIT("font"),     STR_INIT("form"),
    STR_INIT("h1"),        STR_INIT("head"),     STR_INIT("hr"),
    STR_INIT("html"),      STR_INIT("i"),        STR_INIT("image"),
    STR_INIT("img"),       STR_INIT("input"),    STR_INIT("keygen"),
    STR_INIT("li"),        STR_INIT("listing"),  STR_INIT("marquee"),
    STR_INIT("menu"),      STR_INIT("noscript"), STR_INIT("option"),
    STR_INIT("p"),         STR_INIT("param"),    STR_INIT("picture"),
    STR_INIT("plaintext"), STR_INIT("pre"),      STR_INIT("q"),
    STR_INIT("s"),         STR_INIT("select"),   STR_INIT("set"),
    STR_INIT("source"),    STR_INIT("span"),     STR_INIT("table"),
    STR_INIT("tbody"),     STR_INIT("td"),       STR_INIT("template"),
    STR_INIT("textarea"),  STR_INIT("th"),       STR_INIT("title"),
    STR_INIT("tr"),        STR_INIT("track"),    STR_INIT("tt"),
    STR_INIT("u"),         STR_INIT("ul"),       STR_INIT("use"),
    STR_INIT("video"),     STR_INIT("xmp")};

static const struct str calls[] = {STR_INIT("alert"),          STR_INIT("confirm"),
                                   STR_INIT("prompt"),         STR_INIT("eval"),
                                   STR_INIT("settimeout"),     STR_INIT("setinterval"),
                                   STR_INIT("document.write"), STR_INIT("string.fromcharcode"),
                                   STR_INIT("atob"),           STR_INIT("unescape"),
                                   STR_INIT("execscript"),     STR_INIT("document.writeln"),
                                   STR_INIT("fetch"),          STR_INIT("import"),
                                   STR_INIT("expression"),     STR_INIT("msgbox"),
                                   STR_INIT("$.getscript"),    STR_INIT("window.open")};

static const struct str schemes[] = {STR_INIT("javascript"), STR_INIT("vbscript"),
                                     STR_INIT("livescript"), STR_INIT("mocha")};

static bool is_one_of(const struct str *list, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i], text))
            return true;
    return false;
}

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_of_name(char c)
{
    return is_letter(c) || ascii_is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

static size_t behind_blanks(struct str text, size_t i)
{
    while (i < text.len && is_blank(text.at[i]))
        i++;
    return i;
}

/* ---- scripts ---- */

/* "java\nscript:", as browsers read schemes: blanks inside of them do not count. */
static bool is_scheme(struct str text, size_t i)
{
    for (size_t k = 0; k < ARRAY_COUNT(schemes); k++) {
        size_t from = i, matched = 0;
        while (from < text.len && matched < schemes[k].len &&
               (text.at[from] == schemes[k].at[matched] || is_blank(text.at[from])))
            matched += text.at[from++] == schemes[k].at[matched];
        if (matched == schemes[k].len && char_at(text, behind_blanks(text, from)) == ':')
            return true;
    }
    return false;
}

/* How the names of events begin. */
static const struct str events[] = {
    STR_INIT("abort"),      STR_INIT("activate"),    STR_INIT("after"),
    STR_INIT("anim"),       STR_INIT("auxclick"),    STR_INIT("before"),
    STR_INIT("begin"),      STR_INIT("blur"),        STR_INIT("bounce"),
    STR_INIT("can"),        STR_INIT("change"),      STR_INIT("click"),
    STR_INIT("close"),      STR_INIT("contextmenu"), STR_INIT("copy"),
    STR_INIT("cut"),        STR_INIT("dbl"),         STR_INIT("drag"),
    STR_INIT("drop"),       STR_INIT("end"),         STR_INIT("error"),
    STR_INIT("finish"),     STR_INIT("focus"),       STR_INIT("fullscreen"),
    STR_INIT("hashchange"), STR_INIT("input"),       STR_INIT("invalid"),
    STR_INIT("key"),        STR_INIT("load"),        STR_INIT("message"),
    STR_INIT("mouse"),      STR_INIT("move"),        STR_INIT("page"),
    STR_INIT("paste"),      STR_INIT("play"),        STR_INIT("pointer"),
    STR_INIT("popstate"),   STR_INIT("progress"),    STR_INIT("propertychange"),
    STR_INIT("readystate"), STR_INIT("repeat"),      STR_INIT("reset"),
    STR_INIT("resize"),     STR_INIT("scroll"),      STR_INIT("search"),
    STR_INIT("select"),     STR_INIT("show"),        STR_INIT("start"),
    STR_INIT("storage"),    STR_INIT("submit"),      STR_INIT("toggle"),
    STR_INIT("touch"),      STR_INIT("transition"),  STR_INIT("unhandled"),
    STR_INIT("unload"),     STR_INIT("volume"),      STR_INIT("waiting"),
    STR_INIT("webkit"),     STR_INIT("wheel")};

static bool is_event(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(events); i++)
        if (str_starts_with(name, events[i]))
            return true;
    return false;
}

/* "on" and an event, and "=": its handler. Index of its value, or 0. */
static size_t behind_handler(struct str text, size_t i)
{
    size_t from = i;

    if (char_at(text, i) != 'o' || char_at(text, i + 1) != 'n')
        return 0;
    while (i < text.len && is_letter(text.at[i]))
        i++;
    if (i - from < 5 || i - from > 30 || !is_event(str_slice(text, from + 2, i)))
        return 0;
    while (i < text.len && (is_blank(text.at[i]) || text.at[i] == '/'))
        i++;
    size_t limit = i + 40; /* some browsers take anything before the sign */
    if (char_at(text, i) != '=' && char_at(text, i) != '!')
        return 0;
    while (i < text.len && i < limit && text.at[i] != '=')
        i++;
    return char_at(text, i) == '=' ? i + 1 : 0;
}

static void read_script(struct str text, struct attack *attack)
{
    for (size_t i = 0; i < text.len; i++) {
        bool begins = i == 0 || !is_of_name(text.at[i - 1]);
        char c = text.at[i];
        if (!is_letter(c) || !begins)
            continue;
        if ((c == 'j' || c == 'v' || c == 'l' || c == 'm') && is_scheme(text, i)) {
            attack_add(attack, 6, "an address that is a script");
            continue;
        }
        size_t end = i;
        while (end < text.len && (is_letter(text.at[end]) || text.at[end] == '.'))
            end++;
        struct str name = str_slice(text, i, end);
        size_t next = behind_blanks(text, end);
        if ((char_at(text, next) == '(' || char_at(text, next) == '`') &&
            is_one_of(calls, ARRAY_COUNT(calls), name))
            attack_add(attack, 5, "a call of a script");
        if (behind_handler(text, i) &&
            (i == 0 || is_blank(text.at[i - 1]) || text.at[i - 1] == '"' ||
             text.at[i - 1] == '\'' || text.at[i - 1] == '/' || text.at[i - 1] == '`'))
            attack_add(attack, 5, "a handler of an event");
    }
}

/* ---- markup ---- */

static void read_tag(struct str text, struct attack *attack, size_t i)
{
    bool closes = char_at(text, i) == '/';
    size_t from = i += closes, end;

    while (i < text.len && (is_blank(text.at[i]) || text.at[i] == '/')) /* "< script" */
        i++;
    bool loose = i > from;
    for (end = i; end < text.len && is_of_name(text.at[end]) && text.at[end] != '.';)
        end++;
    struct str name = str_slice(text, i, end);
    char next = char_at(text, end);
    size_t colon = str_find_byte(name, ':');

    if (colon < name.len) /* "svg:script" */
        name = str_slice(name, colon + 1, name.len);
    if (is_one_of(active_elements, ARRAY_COUNT(active_elements), name))
        attack_add(attack, loose ? 4 : 6, "an element that runs or fetches");
    else if (is_one_of(elements, ARRAY_COUNT(elements), name) && !loose)
        attack_add(attack, next == '>' || is_blank(next) || next == '/' || end == text.len ? 5 : 3,
                   "markup");
    else if (name.len > 1 && !loose && (is_blank(next) || next == '/') &&
             str_find_byte(str_slice(text, end, text.len), '=') < text.len - end)
        attack_add(attack, 5, "an element with attributes");
}

static void read_markup(struct str text, struct attack *attack)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        char next = text.at[i + 1];
        if (text.at[i] != '<')
            continue;
        if (is_letter(next) || next == '/' || is_blank(next))
            read_tag(text, attack, i + 1);
        else if (next == '!' || next == '?' || next == '%')
            attack_add(attack, 4, "markup");
    }
}

/* `" style=`, `' src=`: a quote ends the attribute that the value stands in, and others follow. */
static void read_attributes(struct str text, struct attack *attack)
{
    static const struct str names[] = {
        STR_INIT("style"),      STR_INIT("src"),       STR_INIT("href"),   STR_INIT("action"),
        STR_INIT("formaction"), STR_INIT("autofocus"), STR_INIT("xmlns"),  STR_INIT("data"),
        STR_INIT("background"), STR_INIT("type"),      STR_INIT("dynsrc"), STR_INIT("lowsrc")};

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '"' && text.at[i] != '\'' && text.at[i] != '`')
            continue;
        size_t from = i + 1;
        while (from < text.len && (is_blank(text.at[from]) || text.at[from] == '/'))
            from++;
        size_t end = from;
        while (end < text.len && (is_letter(text.at[end]) || text.at[end] == '-'))
            end++;
        size_t next = behind_blanks(text, end);
        if (end > from && char_at(text, next) == '=' &&
            is_one_of(names, ARRAY_COUNT(names), str_slice(text, from, end)))
            attack_add(attack, 5, "an attribute behind a quote");
        else if (char_at(text, from) == '>' && i + 1 < text.len)
            attack_add(attack, 3, "a quote, and the end of a tag");
    }
}

void judge_script(struct str value, struct attack *attack)
{
    bool worth = false;

    for (size_t i = 0; i < value.len && !worth; i++) {
        char c = value.at[i];
        worth = c == '<' || c == '(' || c == ':' || c == '=' || c == '`' || c == '\\' || c == '{' ||
                c == '@' || c == '.';
    }
    if (!worth)
        return;
    if (str_starts_with(value, STR("script")) && str_ends_with(value, STR("/script")))
        attack_add(attack, 5, "a script without its brackets");
    if (value.at[value.len - 1] == '>' && str_find_byte(value, '<') == value.len)
        attack_add(attack, 1, "the end of a tag");
    if (str_contains(value, STR("&{")))
        attack_add(attack, 4, "a way of styles or data to run a script");
    read_markup(value, attack);
    read_script(value, attack);
    read_attributes(value, attack);
}
