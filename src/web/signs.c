/* signs.c - see signs.h. */
#include "web/signs.h"

struct sign {
    struct str text;
    enum attack_class kind;
    uint32_t points;
    const char *reason;
};

static const struct sign table[] = {
#define SIGN(kind, text, points, reason) {STR_INIT(text), ATTACK_##kind, points, reason},
#include "web/signs.def"
#undef SIGN
#define HOLE(text, product) {STR_INIT(text), ATTACK_HOLE, ATTACK_SURE, "the way into " product},
#include "web/holes.def"
#undef HOLE
};

enum { PLAIN = 1, ONCE = 2 };

_Static_assert(ARRAY_COUNT(table) <= SIGNS_MAX, "SIGNS_MAX in signs.h");

/* The last three characters, six bits each: letters of both sizes are the same. */
static uint32_t window_on(uint32_t window, char c)
{
    return (window << 6 | (((unsigned char)c | 0x20u) & 63u)) & 0x3ffffu;
}

static unsigned triple(uint32_t window)
{
    return window & (SIGN_TRIPLES - 1);
}

static uint32_t window_of(const char *at)
{
    return window_on(window_on(window_on(0, at[0]), at[1]), at[2]);
}

static bool may_begin(const struct signs *signs, unsigned bit)
{
    return signs->triples[bit / 64] >> bit % 64 & 1;
}

/* "bin/" tells programs by their paths, and is no sign by itself. */
static void init_triples(struct signs *signs)
{
    for (unsigned i = 0; i <= ARRAY_COUNT(table); i++) {
        struct str text = i < ARRAY_COUNT(table) ? table[i].text : STR("bin/");
        unsigned bit = triple(window_of(text.at));
        signs->triples[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

/* A run of so many holds two places that lie half as far apart, and what is between them. */
static bool has_long_run(struct str text)
{
    for (size_t i = 0; i + LONG_RUN / 2 <= text.len; i += LONG_RUN / 2) {
        uint32_t same = 0;
        while (same < LONG_RUN / 2 && text.at[i + same] == text.at[i])
            same++;
        if (same == LONG_RUN / 2)
            return true;
    }
    return false;
}

bool signs_none(const struct signs *signs, struct str text)
{
    uint8_t all = PLAIN;
    uint32_t window = 0;
    bool sign = false, twice = false;
    char last = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        uint8_t plain = signs->plain[(unsigned char)c];
        all &= plain;
        twice |= c == last && plain & ONCE;
        window = window_on(window, c);
        sign |= may_begin(signs, triple(window));
        last = c;
    }
    return all & PLAIN && !twice && !sign && !has_long_run(text);
}

void signs_init(struct signs *signs)
{
    uint16_t count = 0;

    *signs = (struct signs){.from = {0}};
    for (unsigned c = 0; c < 256; c++) {
        signs->from[c] = count;
        for (unsigned i = 0; i < ARRAY_COUNT(table); i++)
            if ((unsigned char)table[i].text.at[0] == c)
                signs->order[count++] = (uint16_t)i;
    }
    signs->from[256] = count;
    init_triples(signs);
    for (unsigned c = 0; c < 256; c++) {
        bool once = c == '.' || c == '/';
        bool plain = once || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '@' || c == ',' ||
                     c == '~';
        signs->plain[c] = (uint8_t)((plain ? PLAIN : 0) | (once ? ONCE : 0));
    }
}

void signs_find(const struct signs *signs, struct str value, struct attack attacks[ATTACK_CLASSES])
{
    uint64_t seen[SIGNS_MAX / 64] = {0};

    for (size_t at = 0; at + 2 < value.len; at++) {
        if (!may_begin(signs, triple(window_of(value.at + at))))
            continue;
        unsigned char c = (unsigned char)value.at[at];
        struct str rest = str_slice(value, at, value.len);
        for (unsigned i = signs->from[c]; i < signs->from[c + 1]; i++) {
            unsigned number = signs->order[i];
            const struct sign *sign = &table[number];
            if (!str_starts_with(rest, sign->text) || seen[number / 64] >> number % 64 & 1)
                continue;
            seen[number / 64] |= UINT64_C(1) << number % 64;
            attack_add(&attacks[sign->kind], sign->points, sign->reason);
        }
    }
}
