/* script_token.c - see script_token.h. */
#include "scan/script_token.h"

#include "codec/utf.h"
#include "core/ensure.h"
#include "scan/script_calls.h"

#include <stdlib.h>

void script_tokens_free(struct script_tokens *tokens)
{
    free(tokens->at);
    *tokens = (struct script_tokens){.at = NULL};
}

void script_tokens_reset(struct script_tokens *tokens, const struct script_calls *calls,
                         struct arena *arena)
{
    *tokens = (struct script_tokens){.at = tokens->at,
                                     .capacity = tokens->capacity,
                                     .open = TOKEN_ALONE,
                                     .arena = arena,
                                     .calls = calls};
}

struct script_token *token_add(struct token_reader *in, enum script_token_kind kind,
                               struct str text)
{
    struct script_tokens *tokens = in->tokens;

    if (tokens->count == tokens->capacity) {
        tokens->capacity = tokens->capacity ? tokens->capacity * 2 : 4096;
        tokens->at = realloc(tokens->at, tokens->capacity * sizeof(*tokens->at));
        ENSURE(tokens->at);
    }
    if (tokens->count >= TOKENS_MAX) { /* the last one is written over: nobody reads on */
        tokens->full = true;
        in->at = in->code.len;
        tokens->count--;
    }
    struct script_token *token = &tokens->at[tokens->count++];
    *token = (struct script_token){.text = text,
                                   .line = in->line,
                                   .pair = TOKEN_ALONE,
                                   .kind = (uint8_t)kind,
                                   .language = (uint8_t)in->language};
    return token;
}

static char partner_of(char closing)
{
    return closing == ')' ? '(' : closing == ']' ? '[' : '{';
}

/* A closing bracket without its opening one, inside others, closes those that are in its way. */
static void close_bracket(struct script_tokens *tokens, uint32_t closing)
{
    struct script_token *all = tokens->at;
    char wanted = partner_of((char)all[closing].sign);
    uint32_t tried = 0;

    for (uint32_t open = tokens->open; open != TOKEN_ALONE && tried < 8; tried++) {
        uint32_t outer = all[open].pair;
        if (all[open].sign == (uint8_t)wanted) {
            for (uint32_t inner = tokens->open; inner != open;) {
                uint32_t next = all[inner].pair;
                all[inner].pair = TOKEN_ALONE;
                inner = next;
            }
            all[open].pair = closing;
            all[closing].pair = open;
            tokens->open = outer;
            return;
        }
        open = outer;
    }
}

void token_add_sign(struct token_reader *in, char sign)
{
    struct script_tokens *tokens = in->tokens;
    struct script_token *token = token_add(in, SCRIPT_SIGN, STR_EMPTY);
    uint32_t at = tokens->count - 1;

    token->sign = (uint8_t)sign;
    if (tokens->full) {
        token->sign = SIGN_END;
    } else if (sign == '(' || sign == '[' || sign == '{') {
        token->pair = tokens->open; /* until it is closed: what it lies in */
        tokens->open = at;
    } else if (sign == ')' || sign == ']' || sign == '}') {
        close_bracket(tokens, at);
    }
}

void script_tokens_finish(struct script_tokens *tokens)
{
    for (uint32_t open = tokens->open; open != TOKEN_ALONE;) {
        uint32_t outer = tokens->at[open].pair;
        tokens->at[open].pair = TOKEN_ALONE;
        open = outer;
    }
    tokens->open = TOKEN_ALONE;
}

void token_add_name(struct token_reader *in, struct str name)
{
    struct script_token *token = token_add(in, SCRIPT_NAME, name);

    token->call = script_call_find(in->tokens->calls, in->language, name);
}

void token_skip(struct token_reader *in, size_t bytes)
{
    size_t end = in->at + bytes < in->code.len ? in->at + bytes : in->code.len;

    while (in->at < end) {
        const char *line = memchr(in->code.at + in->at, '\n', end - in->at);
        if (!line)
            break;
        in->line++;
        in->at = (size_t)(line - in->code.at) + 1;
    }
    in->at = end;
}

/* Numbers as far as they matter: 1, 0x1f, 1.5e3 */
void token_add_number(struct token_reader *in)
{
    size_t end = in->at;

    while (end < in->code.len &&
           (is_name_char(in->code.at[end]) || (in->code.at[end] == '.' && end + 1 < in->code.len &&
                                               ascii_is_digit(in->code.at[end + 1]))))
        end++;
    token_add(in, SCRIPT_NUMBER, str_slice(in->code, in->at, end));
    in->at = end;
}

/* Longest first. In PHP a member is -> and ::, a dot joins; elsewhere a dot is a member. */
static const struct {
    struct str text;
    char sign;
} operators[] = {
    {STR_INIT("<<<="), SIGN_ASSIGN_TO},
    {STR_INIT(">>>="), SIGN_ASSIGN_TO},
    {STR_INIT("!=="), SIGN_COMPARE},
    {STR_INIT("==="), SIGN_COMPARE},
    {STR_INIT("<=>"), SIGN_COMPARE},
    {STR_INIT("?\?="), SIGN_ASSIGN_TO},
    {STR_INIT("**="), SIGN_ASSIGN_TO},
    {STR_INIT("<<="), SIGN_ASSIGN_TO},
    {STR_INIT(">>="), SIGN_ASSIGN_TO},
    {STR_INIT("?->"), SIGN_MEMBER},
    {STR_INIT("..."), ','},
    {STR_INIT("->"), SIGN_MEMBER},
    {STR_INIT("::"), SIGN_MEMBER},
    {STR_INIT("=>"), SIGN_ARROW},
    {STR_INIT("=="), SIGN_COMPARE},
    {STR_INIT("!="), SIGN_COMPARE},
    {STR_INIT("<="), SIGN_COMPARE},
    {STR_INIT(">="), SIGN_COMPARE},
    {STR_INIT("&&"), SIGN_LOGIC},
    {STR_INIT("||"), SIGN_LOGIC},
    {STR_INIT("??"), SIGN_OR_ELSE},
    {STR_INIT("?:"), SIGN_OR_ELSE},
    {STR_INIT("?."), SIGN_MEMBER},
    {STR_INIT("<<"), '+'},
    {STR_INIT(">>"), '+'},
    {STR_INIT("++"), SIGN_STEP},
    {STR_INIT("--"), SIGN_STEP},
    {STR_INIT("+="), SIGN_ASSIGN_TO},
    {STR_INIT("-="), SIGN_ASSIGN_TO},
    {STR_INIT("*="), SIGN_ASSIGN_TO},
    {STR_INIT("/="), SIGN_ASSIGN_TO},
    {STR_INIT(".="), SIGN_ASSIGN_TO},
    {STR_INIT("%="), SIGN_ASSIGN_TO},
    {STR_INIT("&="), SIGN_ASSIGN_TO},
    {STR_INIT("|="), SIGN_ASSIGN_TO},
    {STR_INIT("^="), SIGN_ASSIGN_TO},
    {STR_INIT("<"), SIGN_COMPARE},
    {STR_INIT(">"), SIGN_COMPARE},
    {STR_INIT("!"), SIGN_LOGIC},
};

void token_add_operator(struct token_reader *in)
{
    char c = reader_char(in, 0);
    struct str rest = str_slice(in->code, in->at, in->at + 4);

    if (c == '.' && in->language != SCRIPT_PHP) {
        token_add_sign(in, SIGN_MEMBER);
        in->at++;
        return;
    }
    for (size_t i = 0; i < ARRAY_COUNT(operators); i++)
        if (operators[i].text.at[0] == c && str_starts_with(rest, operators[i].text)) {
            token_add_sign(in, operators[i].sign);
            in->at += operators[i].text.len;
            return;
        }
    if (c && memchr("()[]{};,=?:+-*/%&|^~.@$", c, 23))
        token_add_sign(in, c);
    in->at++;
}

struct str token_take_quoted(struct token_reader *in, char quote, bool *escaped)
{
    size_t from = in->at, end = from;
    bool has_escapes = false;

    while (end < in->code.len && in->code.at[end] != quote) {
        has_escapes |= in->code.at[end] == '\\';
        end += in->code.at[end] == '\\' ? 2 : 1;
    }
    end = end < in->code.len ? end : in->code.len;
    struct str text = str_slice(in->code, from, end);
    token_skip(in, end - from + 1);
    *escaped = false;
    return has_escapes ? token_unescape(text, in->tokens->arena, escaped) : text;
}

/* Digits of a base, at most `max`; how many were taken. */
static size_t take_code(struct str text, unsigned base, size_t max, uint32_t *code)
{
    size_t used = 0;

    *code = 0;
    for (; used < max && used < text.len; used++) {
        int digit = ascii_hex_value(text.at[used]);
        if (digit < 0 || (unsigned)digit >= base)
            break;
        *code = *code * base + (unsigned)digit;
    }
    return used;
}

/* Of what stands behind a backslash; writes at most 4 bytes, and counts characters that everybody
 * writes as they are. 0: it is no code. */
static size_t take_escape(struct str text, char **to, size_t *plain)
{
    uint32_t code;
    char kind = text.at[0];
    size_t used = 0;

    if (kind == 'x' || kind == 'X') {
        used = take_code(str_slice(text, 1, text.len), 16, 2, &code);
        used += used > 0;
    } else if (kind == 'u' && text.len > 1 && text.at[1] == '{') {
        used = take_code(str_slice(text, 2, text.len), 16, 6, &code);
        used = used && used + 2 < text.len && text.at[used + 2] == '}' ? used + 3 : 0;
    } else if (kind == 'u') {
        used = take_code(str_slice(text, 1, text.len), 16, 4, &code);
        used += used > 0;
    } else {
        used = take_code(text, 8, 3, &code);
    }
    if (used == 0)
        return 0;
    *plain += code > ' ' && code < 0x7f;
    if (kind == 'u')
        *to += utf8_put(code, *to);
    else
        *(*to)++ = (char)(uint8_t)code;
    return used;
}

struct str token_unescape(struct str text, struct arena *arena, bool *escaped)
{
    char *start = arena_alloc_bytes(arena, text.len), *to = start;
    size_t codes = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '\\' || i + 1 == text.len) {
            *to++ = text.at[i];
            continue;
        }
        size_t used = take_escape(str_slice(text, i + 1, text.len), &to, &codes);
        if (used) {
            i += used;
            continue;
        }
        char c = text.at[++i];
        *to++ = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    struct str plain = {start, (size_t)(to - start)};
    *escaped = codes >= 3 && codes * 12 > plain.len;
    return plain;
}

size_t script_tokenize(struct script_tokens *tokens, enum script_language language, struct str code,
                       uint32_t line)
{
    struct token_reader in = {.tokens = tokens, .code = code, .line = line, .language = language};
    uint64_t plain = 0;

    if (tokens->full)
        return code.len;
    if (language == SCRIPT_PHP)
        tokenize_php(&in);
    else if (language == SCRIPT_VBSCRIPT)
        tokenize_basic(&in);
    else
        tokenize_curly(&in);
    token_add_sign(&in, SIGN_END);
    for (size_t i = 0; i < in.at; i++)
        plain += is_name_char(code.at[i]) || code.at[i] == ' ' || code.at[i] == '\n';
    tokens->code_bytes += in.at;
    tokens->plain_bytes += plain;
    return in.at;
}
