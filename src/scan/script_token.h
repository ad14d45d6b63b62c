/* script_token.h - a script's code as tokens, the same kinds for every language: PHP (language
 * reference, "Lexical structure"), VBScript and VB.NET ([MS-VBAL] 3.3), Java, C# and JScript.
 *
 * Interpolated texts come apart: "a $b" is ( "a" . $b ). Brackets know their partners. */
#ifndef SCAN_SCRIPT_TOKEN_H
#define SCAN_SCRIPT_TOKEN_H

#include "core/arena.h"
#include "core/buf.h"

struct script_calls;

enum script_language {
    SCRIPT_PHP,
    SCRIPT_VBSCRIPT, /* and VB.NET */
    SCRIPT_JSCRIPT,
    SCRIPT_JAVA,
    SCRIPT_CSHARP,
    SCRIPT_LANGUAGES
};

enum script_token_kind {
    SCRIPT_NAME,
    SCRIPT_VARIABLE, /* PHP: the name without its $ */
    SCRIPT_TEXT,     /* a literal, escapes undone */
    SCRIPT_NUMBER,
    SCRIPT_SIGN /* operators and brackets: see `sign` */
};

/* What `sign` says; other operators and brackets stand for themselves. */
enum script_token_sign {
    SIGN_END = ';',
    SIGN_ASSIGN = '=',
    SIGN_ASSIGN_TO = 'A', /* .= += and so on */
    SIGN_COMPARE = 'E',   /* == != === < > and so on */
    SIGN_LOGIC = 'L',     /* && || ! */
    SIGN_STEP = 'I',      /* ++ -- */
    SIGN_OR_ELSE = 'O',   /* ?? ?: */
    SIGN_ARROW = 'R',     /* => */
    SIGN_MEMBER = 'M',    /* -> ?-> :: . */
    SIGN_JOIN = '.'       /* . of PHP, & of VB; + stands for itself */
};

struct script_token {
    struct str text;
    uint32_t line;
    uint32_t pair; /* of a bracket: its partner; TOKEN_ALONE: it has none */
    uint16_t call; /* of a name: its line in script_calls.def, from 1; 0: none */
    uint8_t kind, sign;
    uint8_t language;
    bool escaped; /* a text with letters written as character codes */
};

#define TOKEN_ALONE UINT32_MAX

struct script_tokens {
    struct script_token *at; /* owned */
    uint32_t count, capacity;
    uint32_t open;                    /* innermost open bracket; TOKEN_ALONE: none */
    bool full;                        /* there were more than TOKENS_MAX */
    struct arena *arena;              /* borrowed; for texts whose escapes were undone */
    const struct script_calls *calls; /* borrowed */
    uint64_t code_bytes;              /* that were read as code */
    uint64_t plain_bytes;             /* letters and digits among them */
};

#define TOKENS_MAX (1u << 20)

void script_tokens_free(struct script_tokens *tokens);
void script_tokens_reset(struct script_tokens *tokens, const struct script_calls *calls,
                         struct arena *arena);

/* Appends the tokens of a stretch of code that starts in line `line`, and an end. Returns how many
 * bytes were read: PHP ends behind ?>, others at the end of `code`. */
size_t script_tokenize(struct script_tokens *tokens, enum script_language language, struct str code,
                       uint32_t line);
/* Once all stretches are in: brackets that stay open have no partner. */
void script_tokens_finish(struct script_tokens *tokens);

/* For the readers of the languages. */
struct token_reader {
    struct script_tokens *tokens;
    struct str code;
    size_t at;
    uint32_t line;
    enum script_language language;
};

static inline char reader_char(const struct token_reader *in, size_t ahead)
{
    return in->at + ahead < in->code.len ? in->code.at[in->at + ahead] : 0;
}

static inline bool is_name_start(char c)
{
    char small = ascii_lower(c);

    return (small >= 'a' && small <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static inline bool is_name_char(char c)
{
    return is_name_start(c) || ascii_is_digit(c);
}

struct script_token *token_add(struct token_reader *in, enum script_token_kind kind,
                               struct str text);
void token_add_sign(struct token_reader *in, char sign);
void token_add_name(struct token_reader *in, struct str name);
/* Moves on, and counts the lines. */
void token_skip(struct token_reader *in, size_t bytes);

void tokenize_php(struct token_reader *in);
void tokenize_basic(struct token_reader *in);
void tokenize_curly(struct token_reader *in);
/* What C, Java, C#, JavaScript and PHP have in common: number, operator, bracket. */
void token_add_operator(struct token_reader *in);
void token_add_number(struct token_reader *in);
/* A text with backslashes between quotes; `at` is on the first byte behind the opening quote, and
 * afterwards behind the closing one. */
struct str token_take_quoted(struct token_reader *in, char quote, bool *escaped);
/* \n, \x41, \101, \u0041, \u{41} and so on undone; `escaped`: letters are. */
struct str token_unescape(struct str text, struct arena *arena, bool *escaped);

#endif
