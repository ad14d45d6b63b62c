/* glob.c - greedy matching with one restart point: the last `*` passed. */
#include "match/glob.h"

#include <string.h>

/* Bytes of the character at the start of `text`: 1 for whatever is not well-formed UTF-8. */
static size_t character_size(struct str text)
{
    uint8_t lead = (uint8_t)text.at[0];
    size_t size = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;

    if (size > text.len)
        return 1;
    for (size_t i = 1; i < size; i++)
        if (((uint8_t)text.at[i] & 0xc0) != 0x80)
            return 1;
    return size;
}

/* Bytes of the dash at the start of `text`, 0 if there is none. */
static size_t dash_size(struct str text)
{
    if (text.at[0] == '-' || text.at[0] == '/')
        return 1;
    if (text.len < 3 || (uint8_t)text.at[0] != 0xe2 || (uint8_t)text.at[1] != 0x80)
        return 0;
    uint8_t last = (uint8_t)text.at[2]; /* U+2013, U+2014, U+2015 */
    return last >= 0x93 && last <= 0x95 ? 3 : 0;
}

/* Whether a token that is no GLOB_MANY matches at the start of `text`; *size: with how many
 * bytes. */
static bool token_matches(const struct glob_token *token, struct str text, size_t *size)
{
    switch (token->kind) {
    case GLOB_TEXT:
        *size = token->text.len;
        return str_starts_with(text, token->text);
    case GLOB_ONE:
        *size = text.len ? character_size(text) : 0;
        return text.len > 0;
    case GLOB_DASH:
        *size = text.len ? dash_size(text) : 0;
        return *size > 0;
    case GLOB_MANY:
        break;
    }
    return false;
}

/* Where a restart behind `*` may begin next: the next character, or the next place of the text that
 * must follow. text.len + 1 if there is none. */
static size_t restart_from(const struct glob_token *next, struct str text, size_t from)
{
    if (from > text.len)
        return text.len + 1;
    if (next->kind != GLOB_TEXT || next->text.len == 0)
        return from;
    const char *found = memmem(text.at + from, text.len - from, next->text.at, next->text.len);
    return found ? (size_t)(found - text.at) : text.len + 1;
}

bool glob_matches(const struct glob *glob, struct str text)
{
    size_t at = 0, restart_at = 0;
    uint32_t token = 0, restart_token = 0; /* the token behind the last `*`; 0: none passed */

    for (;;) {
        size_t size = 0;
        bool matches;

        if (token == glob->count) {
            matches = at == text.len;
            if (matches)
                return true;
            /* a text at the very end can only match there: no need to try every place before it */
            const struct glob_token *last = glob->count ? &glob->tokens[glob->count - 1] : NULL;
            if (restart_token && restart_token == glob->count - 1 && last->kind == GLOB_TEXT)
                return str_ends_with(str_slice(text, restart_at, text.len), last->text);
        } else if (glob->tokens[token].kind == GLOB_MANY) {
            restart_token = ++token;
            if (token == glob->count)
                return true;
            restart_at = at = restart_from(&glob->tokens[token], text, at);
            if (at > text.len)
                return false;
            continue;
        } else {
            matches = token_matches(&glob->tokens[token], str_slice(text, at, text.len), &size);
        }
        if (matches) {
            at += size;
            token++;
            continue;
        }
        if (!restart_token || restart_at >= text.len)
            return false;
        restart_at += character_size(str_slice(text, restart_at, text.len));
        restart_at = restart_from(&glob->tokens[restart_token], text, restart_at);
        if (restart_at > text.len)
            return false;
        at = restart_at;
        token = restart_token;
    }
}

struct str glob_longest_text(const struct glob *glob)
{
    struct str longest = STR_EMPTY;

    for (uint32_t i = 0; i < glob->count; i++)
        if (glob->tokens[i].kind == GLOB_TEXT && glob->tokens[i].text.len > longest.len)
            longest = glob->tokens[i].text;
    return longest;
}
