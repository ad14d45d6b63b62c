/* sigma_pattern.c - Sigma strings as tokens (rows S2 to S8, M1, M8). */
#include "codec/utf.h"
#include "rules/sigma_priv.h"

struct token_list {
    struct arena *arena;
    struct glob_token *tokens;
    uint32_t count, max;
};

static void add_token(struct token_list *list, enum glob_token_kind kind, struct str text)
{
    if (kind == GLOB_TEXT && text.len == 0)
        return;
    if (kind == GLOB_MANY && list->count > 0 && list->tokens[list->count - 1].kind == GLOB_MANY)
        return;
    if (list->count == list->max) {
        uint32_t max = list->max ? list->max * 2 : 4;
        struct glob_token *grown = ARENA_ARRAY(list->arena, struct glob_token, max);
        for (uint32_t i = 0; i < list->count; i++)
            grown[i] = list->tokens[i];
        list->tokens = grown;
        list->max = max;
    }
    list->tokens[list->count++] = (struct glob_token){kind, text};
}

static struct glob glob_of(const struct token_list *list)
{
    return (struct glob){list->tokens, list->count};
}

struct glob pattern_parse(struct arena *arena, struct str text)
{
    struct token_list list = {.arena = arena};
    char *out = arena_alloc_bytes(arena, text.len);
    size_t start = 0, len = 0; /* of the literal run under way, within `out` */

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        char next = i + 1 < text.len ? text.at[i + 1] : '\0';
        if (c == '\\' && i + 1 < text.len && (next == '*' || next == '?' || next == '\\')) {
            out[start + len++] = next;
            i++;
        } else if (c == '*' || c == '?') {
            add_token(&list, GLOB_TEXT, (struct str){out + start, len});
            start += len;
            len = 0;
            add_token(&list, c == '*' ? GLOB_MANY : GLOB_ONE, STR_NONE);
        } else {
            out[start + len++] = c;
        }
    }
    add_token(&list, GLOB_TEXT, (struct str){out + start, len});
    return glob_of(&list);
}

bool pattern_plain(const struct glob *glob, struct str *text)
{
    *text = glob->count > 0 ? glob->tokens[0].text : STR_NONE;
    return glob->count == 0 || (glob->count == 1 && glob->tokens[0].kind == GLOB_TEXT);
}

struct glob pattern_finish(struct arena *arena, struct glob glob, bool many_before, bool many_after,
                           bool cased)
{
    struct token_list list = {.arena = arena};

    if (many_before)
        add_token(&list, GLOB_MANY, STR_NONE);
    for (uint32_t i = 0; i < glob.count; i++) {
        struct str text = glob.tokens[i].text;
        if (glob.tokens[i].kind == GLOB_TEXT && !cased) {
            char *folded = arena_alloc_bytes(arena, FOLD_SIZE(text.len));
            text = (struct str){folded, fold_str(text, folded)};
        }
        add_token(&list, glob.tokens[i].kind, text);
    }
    if (many_after)
        add_token(&list, GLOB_MANY, STR_NONE);
    return glob_of(&list);
}

static bool is_dash(uint32_t c)
{
    return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
}

static bool is_word(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= 0x80 && !is_dash(c));
}

struct glob pattern_windash(struct arena *arena, struct glob glob)
{
    struct token_list list = {.arena = arena};

    for (uint32_t i = 0; i < glob.count; i++) {
        if (glob.tokens[i].kind != GLOB_TEXT) {
            add_token(&list, glob.tokens[i].kind, STR_NONE);
            continue;
        }
        struct str rest = glob.tokens[i].text;
        struct str plain = {rest.at, 0};
        bool word_before = false;
        while (rest.len > 0) {
            struct str here = rest;
            uint32_t c = utf8_take(&rest);
            struct str ahead = rest;
            bool word_behind = ahead.len > 0 && is_word(utf8_take(&ahead));
            if (is_dash(c) && !(word_before && word_behind)) {
                add_token(&list, GLOB_TEXT, plain);
                add_token(&list, GLOB_DASH, STR_NONE);
                plain = (struct str){rest.at, 0};
            } else {
                plain.len += here.len - rest.len;
            }
            word_before = is_word(c);
        }
        add_token(&list, GLOB_TEXT, plain);
    }
    return glob_of(&list);
}
