/* script_kit.h - what tests of the scan layer share: code as tokens, and tokens as text. */
#ifndef SCRIPT_KIT_H
#define SCRIPT_KIT_H

#include "scan/script_calls.h"
#include "scan/script_flow.h"
#include "testkit.h"

static struct kit {
    struct script_calls calls;
    struct script_tokens tokens;
    struct arena *arena;
    struct buf text;
} kit;

static inline void kit_open(void)
{
    script_calls_init(&kit.calls);
    kit.arena = arena_new("test", (size_t)64 << 20);
    buf_init(&kit.text, 1 << 20);
    script_tokens_reset(&kit.tokens, &kit.calls, kit.arena);
}

static inline void kit_close(void)
{
    script_tokens_free(&kit.tokens);
    buf_free(&kit.text);
    arena_free(kit.arena);
}

/* Names as they are, variables with $, texts in quotes, operators as they are told apart; a blank
 * between each. Without the end behind the last. */
static inline struct str tokens_of(enum script_language language, const char *code)
{
    script_tokens_reset(&kit.tokens, &kit.calls, kit.arena);
    script_tokenize(&kit.tokens, language, str_from(code), 1);
    script_tokens_finish(&kit.tokens);
    buf_reset(&kit.text);
    for (uint32_t i = 0; i + 1 < kit.tokens.count; i++) {
        const struct script_token *token = &kit.tokens.at[i];
        if (i > 0)
            buf_add_char(&kit.text, ' ');
        if (token->kind == SCRIPT_SIGN)
            buf_add_char(&kit.text, (char)token->sign);
        else if (token->kind == SCRIPT_VARIABLE)
            buf_printf(&kit.text, "$%.*s", STR_ARG(token->text));
        else if (token->kind == SCRIPT_TEXT)
            buf_printf(&kit.text, "'%.*s'", STR_ARG(token->text));
        else
            buf_add(&kit.text, token->text);
    }
    return buf_str(&kit.text);
}

/* What the code does, by deed. */
static inline struct script_signs signs_of(enum script_language language, const char *code,
                                           bool small)
{
    struct script_signs signs;

    tokens_of(language, code);
    script_flow_run(&kit.tokens, small, kit.arena, &signs);
    return signs;
}

#endif
