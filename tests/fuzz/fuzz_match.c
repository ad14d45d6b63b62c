/* fuzz_match.c - patterns and texts made from the input: globs, address ranges, expressions and
 * automata must answer as naive readings of the same question do. The first byte chooses. */
/* links: match */
#include "codec/utf.h"
#include "core/buf.h"
#include "core/ensure.h"
#include "match/automaton.h"
#include "match/cidr.h"
#include "match/glob.h"
#include "match/regex.h"
#include "match/regex_loosen.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define TOKENS_MAX 64
#define TEXT_MAX 256
#define LITERALS_MAX 16
#define EXPRESSIONS_MAX 4

/* ---- globs ---- */

static struct glob glob_of(struct str pattern, struct glob_token tokens[TOKENS_MAX])
{
    struct glob glob = {tokens, 0};

    while (pattern.len > 0 && glob.count < TOKENS_MAX) {
        size_t len = 0;
        while (len < pattern.len && !memchr("*?~", pattern.at[len], 3))
            len++;
        struct glob_token *token = &tokens[glob.count++];
        *token = (struct glob_token){GLOB_TEXT, str_slice(pattern, 0, len)};
        if (len == 0)
            token->kind = pattern.at[0] == '*'   ? GLOB_MANY
                          : pattern.at[0] == '?' ? GLOB_ONE
                                                 : GLOB_DASH;
        pattern = str_slice(pattern, len ? len : 1, pattern.len);
    }
    return glob;
}

/* Bytes that `token` takes at `at`; 0 if it does not match there. */
static size_t taken(const struct glob_token *token, struct str text, size_t at)
{
    struct str rest = str_slice(text, at, text.len);

    if (token->kind == GLOB_TEXT)
        return str_starts_with(rest, token->text) ? token->text.len : 0;
    if (rest.len == 0)
        return 0;
    uint32_t c = utf8_take(&rest);
    bool dash = c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
    return token->kind == GLOB_DASH && !dash ? 0 : text.len - at - rest.len;
}

/* Every place that the pattern so far may have reached, token by token. */
static bool naive_glob(const struct glob *glob, struct str text)
{
    bool reached[TEXT_MAX + 1] = {true};

    for (uint32_t i = 0; i < glob->count; i++) {
        bool next[TEXT_MAX + 1] = {false};
        bool any = false;
        for (size_t at = 0; at <= text.len; at++) {
            any |= reached[at];
            if (glob->tokens[i].kind == GLOB_MANY)
                next[at] = any;
            else if (reached[at] && taken(&glob->tokens[i], text, at) > 0)
                next[at + taken(&glob->tokens[i], text, at)] = true;
        }
        memcpy(reached, next, sizeof(reached));
    }
    return reached[text.len];
}

static void check_glob(struct str pattern, struct str text)
{
    struct glob_token tokens[TOKENS_MAX];
    struct glob glob = glob_of(pattern, tokens);

    if (text.len > TEXT_MAX || !utf8_is_valid(text) || !utf8_is_valid(pattern))
        return;
    ENSURE(glob_matches(&glob, text) == naive_glob(&glob, text));
    struct str longest = glob_longest_text(&glob);
    ENSURE(!glob_matches(&glob, text) || str_contains(text, longest));
}

/* ---- addresses ---- */

static bool bit_of(const uint8_t bytes[16], unsigned bit)
{
    return bytes[bit / 8] >> (7 - bit % 8) & 1;
}

/* inet_pton takes no brackets and no zones. */
static void check_address(struct str text)
{
    char copy[64] = "";
    uint8_t bytes[16] = {[10] = 0xff, [11] = 0xff};
    struct address address;
    bool parsed = address_parse(text, &address);

    if (text.len >= sizeof(copy) || str_find_byte(text, '\0') < text.len)
        return;
    memcpy(copy, text.at, text.len);
    bool known = inet_pton(AF_INET, copy, bytes + 12) == 1 || inet_pton(AF_INET6, copy, bytes) == 1;
    ENSURE(!known || (parsed && memcmp(bytes, address.bytes, 16) == 0));
    ENSURE(!parsed || known || text.at[0] == '[' || str_find_byte(text, '%') < text.len);
}

static void check_cidr(struct str net, struct str text)
{
    struct cidr cidr;
    struct address address;
    bool host_bits = false, inside = true;

    check_address(text);
    if (!cidr_parse(net, &cidr, &host_bits))
        return;
    ENSURE(cidr.bits <= 128);
    for (unsigned bit = cidr.bits; bit < 128; bit++)
        ENSURE(!bit_of(cidr.net.bytes, bit));
    if (!address_parse(text, &address))
        return;
    for (unsigned bit = 0; bit < cidr.bits; bit++)
        inside &= bit_of(cidr.net.bytes, bit) == bit_of(address.bytes, bit);
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (cidr.bits < 96 && memcmp(address.bytes, mapped, 12) == 0)
        inside = false; /* IPv6 nets hold no IPv4 address */
    ENSURE(cidr_contains(&cidr, &address) == inside);
}

/* ---- literals in one automaton, and each as an expression ---- */

/* Empty each time. */
static struct arena *automata_arena(void)
{
    static struct arena *arena;

    if (!arena)
        arena = arena_new("automata", (size_t)256 << 20);
    arena_reset(arena);
    return arena;
}

static void note_hit(void *context, uint32_t id)
{
    ENSURE(id < 32);
    *(uint32_t *)context |= 1u << id;
}

static uint32_t scan(const struct automaton *automaton, struct str text)
{
    static struct automaton_scratch *scratch;
    uint32_t hits = 0;

    if (!scratch)
        scratch = automaton_scratch_new();
    automaton_scratch_grow(scratch, automaton);
    automaton_scan(automaton, scratch, text, note_hit, &hits);
    return hits;
}

static bool naive_literal(const struct automaton_pattern *pattern, struct str text)
{
    bool at_start = pattern->flags & AUTOMATON_AT_START, at_end = pattern->flags & AUTOMATON_AT_END;

    if (at_start && at_end)
        return str_eq(text, pattern->text);
    if (at_start)
        return str_starts_with(text, pattern->text);
    if (at_end)
        return str_ends_with(text, pattern->text);
    return str_contains(text, pattern->text);
}

static void check_literals(struct str list, struct str text)
{
    static const unsigned flags[] = {0, 0, AUTOMATON_AT_START, AUTOMATON_AT_END,
                                     AUTOMATON_AT_START | AUTOMATON_AT_END};
    struct automaton_pattern patterns[LITERALS_MAX];
    struct automaton *automaton;
    uint32_t count = 0, expected = 0, bad;
    struct why why;

    while (list.len > 1 && count < LITERALS_MAX) {
        unsigned chosen = (uint8_t)list.at[0] % ARRAY_COUNT(flags);
        list = str_slice(list, 1, list.len);
        struct str literal = str_cut(&list, ',');
        if (literal.len == 0 || literal.len > 64)
            continue;
        patterns[count] = (struct automaton_pattern){literal, flags[chosen], count};
        expected |= naive_literal(&patterns[count], text) ? 1u << count : 0;
        count++;
    }
    if (count == 0)
        return;
    struct arena *arena = automata_arena();
    if (automaton_build(patterns, count, arena, &automaton, &bad, &why) != ERR_NONE) {
        ENSURE(bad < count && patterns[bad].text.at[0] == '\0'); /* the library's own limit */
        return;
    }
    ENSURE(scan(automaton, text) == expected);
}

/* ---- expressions ---- */

static enum regex_answer search(struct str expression, unsigned flags, struct str text, bool *valid)
{
    static struct regex_scratch *scratch;
    struct regex *regex;
    struct why why = {""};

    if (!scratch)
        scratch = regex_scratch_new();
    *valid = regex_new(expression, flags, &regex, &why) == ERR_NONE;
    ENSURE(*valid == (why.text[0] == '\0'));
    if (!*valid)
        return REGEX_GAVE_UP;
    enum regex_answer answer = regex_search(regex, scratch, text);
    ENSURE(answer == regex_search(regex, scratch, text));
    regex_free(regex);
    return answer;
}

/* A text with every byte quoted is found where the text stands. */
static void check_quoted(struct str needle, struct str text)
{
    struct buf quoted;
    bool valid;

    if (!utf8_is_valid(needle) || needle.len > 64)
        return;
    buf_init(&quoted, 1 << 12);
    for (size_t i = 0; i < needle.len; i++) {
        unsigned char c = (unsigned char)needle.at[i];
        if (c < 0x80)
            buf_printf(&quoted, "\\x{%x}", c);
        else
            buf_add_char(&quoted, (char)c);
    }
    enum regex_answer answer = search(buf_str(&quoted), 0, text, &valid);
    ENSURE(valid && answer == (str_contains(text, needle) ? REGEX_YES : REGEX_NO));
    buf_free(&quoted);
}

static bool has_long_repeat(struct str expression)
{
    unsigned digits = 0;

    for (size_t i = 0; i < expression.len; i++) {
        digits = ascii_is_digit(expression.at[i]) ? digits + 1 : 0;
        if (digits > 2)
            return true;
    }
    return false;
}

/* Several expressions (split by tabs), loosened, in one automaton: it finds at least what each of
 * them finds. Its hits are confirmed by the expression, its silence is not. */
static void check_expressions(struct str list, unsigned flags, struct str text)
{
    struct automaton_pattern patterns[EXPRESSIONS_MAX];
    char loose[EXPRESSIONS_MAX][64];
    struct automaton *automaton;
    uint32_t count = 0, expected = 0, bad;
    struct why why;
    bool valid, loose_valid;

    if (!utf8_is_valid(text) || list.len > 64 || has_long_repeat(list))
        return;
    while (list.len > 0 && count < EXPRESSIONS_MAX) {
        struct automaton_pattern *pattern = &patterns[count];
        *pattern = (struct automaton_pattern){str_cut(&list, '\t'),
                                              AUTOMATON_REGEX | AUTOMATON_PREFILTER, count};
        pattern->flags |= flags & REGEX_CASELESS ? (unsigned)AUTOMATON_CASELESS : 0;
        pattern->flags |= flags & REGEX_MULTILINE ? (unsigned)AUTOMATON_MULTILINE : 0;
        pattern->flags |= flags & REGEX_DOTALL ? (unsigned)AUTOMATON_DOTALL : 0;
        enum regex_answer answer = search(pattern->text, flags, text, &valid);
        pattern->text = (struct str){loose[count], regex_loosen(pattern->text, loose[count])};
        enum regex_answer wider = search(pattern->text, flags, text, &loose_valid);
        ENSURE(!valid || loose_valid);
        ENSURE(!valid || answer != REGEX_YES || wider != REGEX_NO);
        if (!valid || answer == REGEX_GAVE_UP || !automaton_takes(pattern))
            continue;
        expected |= answer == REGEX_YES ? 1u << count : 0;
        count++;
    }
    if (count == 0 ||
        automaton_build(patterns, count, automata_arena(), &automaton, &bad, &why) != ERR_NONE)
        return;
    ENSURE((scan(automaton, text) & expected) == expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str text = {(const char *)data, len};

    if (len < 2 || len > 2 * TEXT_MAX)
        return 0;
    unsigned choice = data[0];
    text = str_slice(text, 1, len);
    struct str pattern = str_cut(&text, '\n');
    switch (choice % 5) {
    case 0:
        check_glob(pattern, text);
        break;
    case 1:
        check_cidr(pattern, text);
        break;
    case 2:
        check_literals(pattern, text);
        break;
    case 3:
        check_quoted(pattern, text);
        break;
    default:
        check_expressions(pattern, choice / 5 % 8, text);
    }
    return 0;
}
