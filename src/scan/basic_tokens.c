/* basic_tokens.c - VBScript and VB.NET as tokens: a line is a statement unless it ends in _. */
#include "scan/script_token.h"

/* Two quotes inside a text stand for one; that matters to nobody who looks at it. */
static void take_text(struct token_reader *in)
{
    size_t from = ++in->at, end = from;

    while (end < in->code.len && in->code.at[end] != '\n') {
        if (in->code.at[end] == '"') {
            if (end + 1 >= in->code.len || in->code.at[end + 1] != '"')
                break;
            end++;
        }
        end++;
    }
    token_add(in, SCRIPT_TEXT, str_slice(in->code, from, end));
    in->at = end < in->code.len && in->code.at[end] == '"' ? end + 1 : end;
}

static bool continues(const struct token_reader *in)
{
    size_t at = in->at + 1;

    if (reader_char(in, 0) != '_' || is_name_char(reader_char(in, 1)))
        return false;
    while (at < in->code.len &&
           (in->code.at[at] == ' ' || in->code.at[at] == '\t' || in->code.at[at] == '\r'))
        at++;
    return at >= in->code.len || in->code.at[at] == '\n';
}

static void skip_to_line_end(struct token_reader *in)
{
    struct str rest = str_slice(in->code, in->at, in->code.len);

    in->at += str_find_byte(rest, '\n');
}

/* Words that are operators, or that end a statement. */
static const struct {
    struct str word;
    char sign;
} words[] = {
    {STR_INIT("then"), SIGN_END},
    {STR_INIT("else"), SIGN_END},
    {STR_INIT("and"), SIGN_LOGIC},
    {STR_INIT("or"), SIGN_LOGIC},
    {STR_INIT("not"), SIGN_LOGIC},
    {STR_INIT("xor"), '^'},
    {STR_INIT("mod"), '+'},
    {STR_INIT("is"), SIGN_COMPARE},
    {STR_INIT("andalso"), SIGN_LOGIC},
    {STR_INIT("orelse"), SIGN_LOGIC},
};

static void take_word(struct token_reader *in)
{
    size_t end = in->at;

    while (end < in->code.len && is_name_char(in->code.at[end]))
        end++;
    struct str word = str_slice(in->code, in->at, end);
    in->at = end;
    if (str_eq_nocase(word, STR("rem"))) {
        skip_to_line_end(in);
        return;
    }
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_eq_nocase(word, words[i].word)) {
            token_add_sign(in, words[i].sign);
            return;
        }
    token_add_name(in, word);
}

static bool begins_member(const struct token_reader *in)
{
    char before = in->at > 0 ? in->code.at[in->at - 1] : '\n';

    return is_name_start(reader_char(in, 1)) &&
           (before == ' ' || before == '\t' || before == '\n' || before == '(' || before == ',');
}

void tokenize_basic(struct token_reader *in)
{
    while (in->at < in->code.len) {
        char c = reader_char(in, 0);
        if (c == '\'') {
            skip_to_line_end(in);
        } else if (c == '"') {
            take_text(in);
        } else if (continues(in)) {
            skip_to_line_end(in);
            token_skip(in, 1);
        } else if (c == '[' && is_name_start(reader_char(in, 1))) { /* [a name] */
            struct str rest = str_slice(in->code, in->at + 1, in->code.len);
            size_t len = str_find_byte(rest, ']');
            token_add_name(in, str_slice(rest, 0, len));
            in->at += len + 2 < in->code.len - in->at ? len + 2 : in->code.len - in->at;
        } else if (is_name_start(c)) {
            take_word(in);
        } else if (ascii_is_digit(c)) {
            token_add_number(in);
        } else if (c == '.' && begins_member(in)) { /* of what `With` names */
            token_add_name(in, STR("With"));
            token_add_sign(in, SIGN_MEMBER);
            in->at++;
        } else if (c == '\n') {
            token_add_sign(in, SIGN_END);
            token_skip(in, 1);
        } else if (c == ':' && reader_char(in, 1) != '=') {
            token_add_sign(in, SIGN_END);
            in->at++;
        } else if (c == '&') {
            bool sets = reader_char(in, 1) == '=';
            token_add_sign(in, sets ? SIGN_ASSIGN_TO : SIGN_JOIN);
            in->at += sets ? 2 : 1;
        } else {
            token_add_operator(in);
        }
    }
}
