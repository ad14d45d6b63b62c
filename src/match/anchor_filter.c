/* anchor_filter.c - two bits by the hash of the eight characters behind the anchor.
 *
 * Letters are folded by setting the bit that tells upper from lower case, in all characters alike.
 * The two characters that fold to ASCII without being it are taken for a hit. */
#include "match/anchor_filter.h"

#include <string.h>

#define BEHIND 8u
#define BITS_PER_TEXT 64u
#define BITS_MIN 12u
#define BITS_MAX 24u
#define SECOND_SHIFT 28u
#define CASE_BITS 0x2020202020202020u
#define NOT_ASCII 0x8080808080808080u

struct anchor_filter {
    char anchor;
    unsigned shift;
    uint64_t *bits; /* by hash */
};

static uint64_t hash_of(uint64_t eight)
{
    return (eight | CASE_BITS) * 0x9e3779b97f4a7c15u;
}

/* Two bits of one word, so that one access tells. */
static uint64_t bits_of(const struct anchor_filter *filter, uint64_t eight, uint64_t *word)
{
    uint64_t hash = hash_of(eight), at = hash >> filter->shift;

    *word = at / 64;
    return (uint64_t)1 << (at % 64) | (uint64_t)1 << (hash >> SECOND_SHIFT & 63);
}

static bool may_follow(const struct anchor_filter *filter, uint64_t eight)
{
    uint64_t word, bits = bits_of(filter, eight, &word);

    return (filter->bits[word] & bits) == bits;
}

static bool is_anchor(char c)
{
    return c > ' ' && c < 127 && !ascii_is_digit(c) &&
           !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/* Whether `c` may be the text's anchor; *eight: what stands behind it. */
static bool has_anchor(struct str text, char c, uint64_t *eight)
{
    size_t at = str_find_byte(text, c);

    if (at == text.len || text.len - at - 1 < BEHIND)
        return false;
    memcpy(eight, text.at + at + 1, BEHIND);
    return (*eight & NOT_ASCII) == 0;
}

static bool all_have(const struct str *texts, uint32_t count, char c)
{
    uint64_t eight;

    for (uint32_t i = 0; i < count; i++)
        if (!has_anchor(texts[i], c, &eight))
            return false;
    return true;
}

struct anchor_filter *anchor_filter_new(const struct str *texts, uint32_t count,
                                        struct arena *arena)
{
    char anchor = '\0';
    unsigned bits = BITS_MIN;

    for (size_t i = 0; count > 0 && !anchor && i < texts[0].len; i++)
        if (is_anchor(texts[0].at[i]) && all_have(texts, count, texts[0].at[i]))
            anchor = texts[0].at[i];
    if (!anchor)
        return NULL;
    while (bits < BITS_MAX && (uint64_t)1 << bits < (uint64_t)count * BITS_PER_TEXT)
        bits++;
    struct anchor_filter *filter = ARENA_NEW(arena, struct anchor_filter);
    filter->anchor = anchor;
    filter->shift = 64 - bits;
    filter->bits = ARENA_ARRAY(arena, uint64_t, ((size_t)1 << bits) / 64);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t eight = 0, word;
        (void)has_anchor(texts[i], anchor, &eight);
        uint64_t bits_of_text = bits_of(filter, eight, &word);
        filter->bits[word] |= bits_of_text;
    }
    return filter;
}

bool anchor_filter_may_find(const struct anchor_filter *filter, struct str utf8)
{
    for (size_t at = 0;;) {
        at += str_find_byte(str_slice(utf8, at, utf8.len), filter->anchor) + 1;
        if (at > utf8.len || utf8.len - at < BEHIND)
            return false;
        uint64_t eight;
        memcpy(&eight, utf8.at + at, BEHIND);
        if (eight & NOT_ASCII || may_follow(filter, eight))
            return true;
    }
}

/* The lower bytes of four characters. */
static uint64_t narrowed(uint64_t four)
{
    four |= four >> 8;
    return (four & 0xffff) | (four >> 16 & 0xffff0000);
}

static bool may_follow_utf16(const struct anchor_filter *filter, const char *at)
{
    uint64_t four[2];

    memcpy(four, at, sizeof(four));
    if ((four[0] | four[1]) & 0xff80ff80ff80ff80u)
        return true;
    return may_follow(filter, narrowed(four[0]) | narrowed(four[1]) << 32);
}

bool anchor_filter_may_find_utf16(const struct anchor_filter *filter, struct str utf16)
{
    uint64_t anchors = (uint64_t)(uint8_t)filter->anchor * 0x0001000100010001u;
    size_t behind = 2 * BEHIND + 1, end = utf16.len < behind ? 0 : utf16.len - behind;

    for (size_t at = 0; at < end; at += 8) {
        uint64_t four, zero;
        memcpy(&four, utf16.at + at, sizeof(four));
        four ^= anchors;
        zero = (four - 0x0001000100010001u) & ~four & 0x8000800080008000u;
        for (; zero; zero &= zero - 1) { /* behind the first one some may be none */
            size_t place = at + 2 * ((size_t)__builtin_ctzll(zero) / 16);
            if (place < end && utf16.at[place] == filter->anchor && utf16.at[place + 1] == 0 &&
                may_follow_utf16(filter, utf16.at + place + 2))
                return true;
        }
    }
    return false;
}
