/* curly_tokens.c - Java, C# and JScript as tokens. */
#include "scan/script_token.h"

static void skip_comment(struct token_reader *in)
{
    struct str rest = str_slice(in->code, in->at + 2, in->code.len);

    if (reader_char(in, 1) == '/')
        token_skip(in, str_find_byte(rest, '\n') + 2);
    else
        token_skip(in, str_find(rest, STR("*/")) + 4);
}

/* C#: @"a""b" */
static void take_verbatim(struct token_reader *in)
{
    size_t from = in->at += 2, end = from;

    while (end < in->code.len) {
        if (in->code.at[end] == '"' && end + 1 < in->code.len && in->code.at[end + 1] == '"')
            end++;
        else if (in->code.at[end] == '"')
            break;
        end++;
    }
    token_add(in, SCRIPT_TEXT, str_slice(in->code, from, end));
    token_skip(in, end + 1 - from);
}

static void take_text(struct token_reader *in, char quote)
{
    struct script_token *token = token_add(in, SCRIPT_TEXT, STR_EMPTY);
    uint32_t at = (uint32_t)(token - in->tokens->at);
    bool escaped;

    in->at++;
    struct str text = token_take_quoted(in, quote, &escaped);
    in->tokens->at[at].text = text;
    in->tokens->at[at].escaped = escaped;
}

void tokenize_curly(struct token_reader *in)
{
    while (in->at < in->code.len) {
        char c = reader_char(in, 0), next = reader_char(in, 1);
        if (c == '/' && (next == '/' || next == '*')) {
            skip_comment(in);
        } else if (c == '@' && next == '"' && in->language == SCRIPT_CSHARP) {
            take_verbatim(in);
        } else if (c == '"' || c == '\'') {
            take_text(in, c);
        } else if (is_name_start(c) || (c == '$' && is_name_start(next))) {
            size_t end = in->at + 1;
            while (end < in->code.len &&
                   (is_name_char(in->code.at[end]) || in->code.at[end] == '$'))
                end++;
            token_add_name(in, str_slice(in->code, in->at, end));
            in->at = end;
        } else if (ascii_is_digit(c)) {
            token_add_number(in);
        } else if (c == '\n') {
            token_skip(in, 1);
        } else {
            token_add_operator(in);
        }
    }
}
