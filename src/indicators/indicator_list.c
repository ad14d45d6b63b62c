/* indicator_list.c - one indicator per line.
 *
 *   # a comment           198.51.100.7  # another one: what is said of it
 *   hxxp://evil[.]example/a        0.0.0.0 evil.example        my tool.exe */
#include "indicators/indicator_file_priv.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Cuts the comment off: behind a blank, as URLs may hold the character. */
static struct str cut_comment(struct str *line)
{
    for (size_t i = 0; i < line->len; i++) {
        if (line->at[i] != '#' || (i > 0 && !is_blank(line->at[i - 1])))
            continue;
        struct str comment = str_trim(str_slice(*line, i + 1, line->len));
        line->len = i;
        return comment;
    }
    return STR_EMPTY;
}

static struct str first_word(struct str text, struct str *rest)
{
    size_t end = 0;

    while (end < text.len && !is_blank(text.at[end]))
        end++;
    *rest = str_trim(str_slice(text, end, text.len));
    return str_slice(text, 0, end);
}

/* Lines of hosts files name where the domain is sent to first. */
static bool is_nowhere(struct str word)
{
    return str_eq(word, STR("0.0.0.0")) || str_eq(word, STR("127.0.0.1")) ||
           str_eq(word, STR("::")) || str_eq(word, STR("::1"));
}

/* Of a line with blanks: the first word, if that alone is something; names of files have them. */
static struct str value_of(struct indicator_reading *reading, struct str line)
{
    const char *doubt;
    struct str rest, word = first_word(line, &rest);
    enum indicator_kind kind = INDICATOR_GUESS;

    if (rest.len == 0)
        return line;
    if (is_nowhere(word))
        return first_word(rest, &rest);
    struct str plain = indicator_refang(word, &reading->refanged);
    bool good = !indicator_read(plain, &kind, &reading->key, &doubt);
    return good && kind != INDICATOR_FILE && kind != INDICATOR_PATH ? word : line;
}

/* The origin of a line with a comment; the same as before while the comment is. */
static uint32_t origin_of(struct indicator_reading *reading, struct str comment, struct str *last,
                          uint32_t *origin)
{
    if (comment.len == 0)
        return indicator_plain_origin(reading);
    if (*origin != INDICATOR_NONE && str_eq(comment, *last))
        return *origin;
    *last = comment;
    struct indicator_origin own = {.file = reading->file->shown,
                                   .id = STR_EMPTY,
                                   .about = indicator_kept(reading, comment),
                                   .level = LEVEL_HIGH};
    *origin = indicator_set_origin(reading->set, &own);
    return *origin;
}

void indicator_read_list(struct indicator_reading *reading, struct str text)
{
    struct str last = STR_EMPTY;
    uint32_t origin = INDICATOR_NONE;

    while (text.len > 0) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (line.len == 0 || line.at[0] == '#' || line.at[0] == ';')
            continue;
        struct str comment = cut_comment(&line);
        line = value_of(reading, str_trim(line));
        indicator_take(reading, INDICATOR_GUESS, line, origin_of(reading, comment, &last, &origin));
    }
}
