/* php_tokens.c - PHP as tokens, from behind its opening tag to behind the closing one. */
#include "scan/script_token.h"

#define PARTS_MAX 64u /* values inside of one text that are looked at */

static size_t name_length(struct str text)
{
    size_t len = 0;

    if (text.len == 0 || !is_name_start(text.at[0]))
        return 0;
    while (len < text.len && is_name_char(text.at[len]))
        len++;
    return len;
}

/* ---- texts with values inside ---- */

static void add_piece(struct token_reader *in, struct str piece, bool unescape, uint32_t *parts)
{
    bool escaped = false;

    if (piece.len == 0)
        return;
    if (unescape && str_find_byte(piece, '\\') < piece.len)
        piece = token_unescape(piece, in->tokens->arena, &escaped);
    if ((*parts)++ > 0)
        token_add_sign(in, SIGN_JOIN);
    token_add(in, SCRIPT_TEXT, piece)->escaped = escaped;
}

/* "{$" or "${" or "$": where the name starts behind it; 0: no value starts here. */
static size_t value_start(struct str text)
{
    if (text.len < 2)
        return 0;
    if (text.at[0] == '{' && text.at[1] == '$')
        return text.len > 2 && text.at[2] == '{' ? 3 : 2;
    if (text.at[0] == '$')
        return text.at[1] == '{' ? 2 : 1;
    return 0;
}

/* What belongs to the value: an index, a member; to the closing brace where it stands in braces. */
static size_t value_end(struct str text, size_t at, bool braces)
{
    if (braces) {
        unsigned depth = 1;
        for (; at < text.len; at++) {
            depth += text.at[at] == '{';
            if (text.at[at] == '}' && --depth == 0)
                return at + 1;
        }
        return text.len;
    }
    if (at < text.len && text.at[at] == '[') {
        size_t end = str_find_byte(str_slice(text, at, text.len), ']');
        return at + end + 1 < text.len ? at + end + 1 : text.len;
    }
    return at;
}

/* The whole text as tokens in brackets, if there is a value inside. */
static void add_text(struct token_reader *in, struct str text, bool bracket)
{
    size_t from = 0;
    uint32_t parts = 0, values = 0;

    if (str_find_byte(text, '$') == text.len) {
        if (text.len == 0)
            token_add(in, SCRIPT_TEXT, STR_EMPTY);
        add_piece(in, text, true, &parts);
        return;
    }
    if (bracket)
        token_add_sign(in, '(');
    for (size_t i = 0; i < text.len && values < PARTS_MAX; i++) {
        if (text.at[i] == '\\') {
            i++;
            continue;
        }
        if (text.at[i] != '$' && text.at[i] != '{')
            continue;
        size_t start = value_start(str_slice(text, i, text.len));
        size_t name = start ? name_length(str_slice(text, i + start, text.len)) : 0;
        if (name == 0)
            continue;
        add_piece(in, str_slice(text, from, i), true, &parts);
        if (parts++ > 0)
            token_add_sign(in, SIGN_JOIN);
        struct str variable = str_slice(text, i + start, i + start + name);
        token_add(in, SCRIPT_VARIABLE, variable);
        bool braces = text.at[i] == '{' || start == 2;
        size_t end = value_end(text, i + start + name, braces);
        struct str index = str_slice(text, i + start + name, end);
        if (str_starts_with(index, STR("[")) && index.len > 2) { /* which one may matter */
            struct str key = str_slice(index, 1, str_find_byte(index, ']'));
            if (key.len > 2 && (key.at[0] == '\'' || key.at[0] == '"'))
                key = str_slice(key, 1, key.len - 1);
            token_add_sign(in, '[');
            token_add(in, SCRIPT_TEXT, key);
            token_add_sign(in, ']');
        } else if (str_starts_with(index, STR("->"))) {
            struct str member = str_slice(index, 2, index.len);
            token_add_sign(in, SIGN_MEMBER);
            token_add(in, SCRIPT_NAME, str_slice(member, 0, name_length(member)));
        }
        values++;
        from = end;
        i = end - 1;
    }
    add_piece(in, str_slice(text, from, text.len), true, &parts);
    if (bracket)
        token_add_sign(in, ')');
}

static void take_double_quoted(struct token_reader *in, char quote)
{
    size_t from = ++in->at, end = from;

    while (end < in->code.len && in->code.at[end] != quote)
        end += in->code.at[end] == '\\' ? 2 : 1;
    end = end < in->code.len ? end : in->code.len;
    if (quote == '`') {
        token_add_name(in, STR("shell_exec"));
        token_add_sign(in, '(');
    }
    add_text(in, str_slice(in->code, from, end), quote != '`');
    if (quote == '`')
        token_add_sign(in, ')');
    token_skip(in, end - from + 1);
}

/* Only \\ and \' are escapes here; others stay as they are. */
static void take_single_quoted(struct token_reader *in)
{
    size_t from = ++in->at, end = from;

    while (end < in->code.len && in->code.at[end] != '\'')
        end += in->code.at[end] == '\\' ? 2 : 1;
    end = end < in->code.len ? end : in->code.len;
    token_add(in, SCRIPT_TEXT, str_slice(in->code, from, end));
    token_skip(in, end - from + 1);
}

/* <<<ID, <<<"ID", <<<'ID'. False: it is something else. */
static bool take_heredoc(struct token_reader *in)
{
    struct str rest = str_slice(in->code, in->at + 3, in->code.len);
    size_t at = 0;

    while (at < rest.len && (rest.at[at] == ' ' || rest.at[at] == '\t'))
        at++;
    char quote = at < rest.len && (rest.at[at] == '"' || rest.at[at] == '\'') ? rest.at[at] : 0;
    at += quote != 0;
    struct str id = str_slice(rest, at, at + name_length(str_slice(rest, at, rest.len)));
    size_t line = str_find_byte(str_slice(rest, at, rest.len), '\n');
    if (id.len == 0 || at + line >= rest.len)
        return false;
    size_t from = at + line + 1, end = from;
    for (size_t next = from; next <= rest.len;) { /* a line that starts with the name ends it */
        size_t start = next;
        end = next;
        while (start < rest.len && (rest.at[start] == ' ' || rest.at[start] == '\t'))
            start++;
        struct str tail = str_slice(rest, start, rest.len);
        if (tail.len == 0)
            break;
        if (str_starts_with(tail, id) && (tail.len == id.len || !is_name_char(tail.at[id.len]))) {
            next = start + id.len;
            break;
        }
        next += str_find_byte(str_slice(rest, next, rest.len), '\n') + 1;
        end = next;
    }
    end = end < rest.len ? end : rest.len;
    struct str body = str_slice(rest, from, end);
    if (quote == '\'')
        token_add(in, SCRIPT_TEXT, body);
    else
        add_text(in, body, true);
    token_skip(in, 3 + end);
    while (reader_char(in, 0) == ' ' || reader_char(in, 0) == '\t')
        in->at++;
    in->at += str_starts_with(str_slice(in->code, in->at, in->code.len), id) ? id.len : 0;
    return true;
}

/* ---- the rest ---- */

/* To the end of the line, or of the code. */
static void skip_line_comment(struct token_reader *in)
{
    struct str rest = str_slice(in->code, in->at, in->code.len);
    struct str line = str_slice(rest, 0, str_find_byte(rest, '\n'));
    size_t close = str_find(line, STR("?>"));

    token_skip(in, close < line.len ? close : line.len);
}

static void skip_block_comment(struct token_reader *in)
{
    struct str rest = str_slice(in->code, in->at + 2, in->code.len);

    token_skip(in, str_find(rest, STR("*/")) + 4);
}

/* a\b\c: what counts is c */
static void take_name(struct token_reader *in)
{
    size_t end = in->at, last = in->at;

    while (end < in->code.len && (is_name_char(in->code.at[end]) || in->code.at[end] == '\\')) {
        if (in->code.at[end] == '\\')
            last = end + 1;
        end++;
    }
    struct str name = str_slice(in->code, last, end);
    in->at = end;
    if (str_eq_nocase(name, STR("instanceof")))
        token_add_sign(in, SIGN_COMPARE);
    else if (str_eq_nocase(name, STR("and")) || str_eq_nocase(name, STR("or")) ||
             str_eq_nocase(name, STR("xor")))
        token_add_sign(in, SIGN_LOGIC);
    else if (name.len > 0)
        token_add_name(in, name);
}

static bool starts_name(const struct token_reader *in)
{
    char c = reader_char(in, 0);

    return is_name_start(c) || (c == '\\' && is_name_start(reader_char(in, 1)));
}

void tokenize_php(struct token_reader *in)
{
    while (in->at < in->code.len) {
        char c = reader_char(in, 0), next = reader_char(in, 1);
        struct str rest = str_slice(in->code, in->at, in->at + 3);
        if (c == '?' && next == '>') {
            in->at += 2;
            return;
        }
        if ((c == '#' && next != '[') || (c == '/' && next == '/')) {
            skip_line_comment(in);
        } else if (c == '/' && next == '*') {
            skip_block_comment(in);
        } else if (c == '"' || c == '`') {
            take_double_quoted(in, c);
        } else if (c == '\'') {
            take_single_quoted(in);
        } else if (c == '$' && is_name_start(next)) {
            in->at++;
            size_t len = name_length(str_slice(in->code, in->at, in->code.len));
            token_add(in, SCRIPT_VARIABLE, str_slice(in->code, in->at, in->at + len));
            in->at += len;
        } else if (starts_name(in)) {
            take_name(in);
        } else if (ascii_is_digit(c)) {
            token_add_number(in);
        } else if (str_eq(rest, STR("<<<")) && take_heredoc(in)) {
            continue;
        } else if (c == '\n') {
            token_skip(in, 1);
        } else {
            token_add_operator(in);
        }
    }
}
