/* needle_filter.c - three steps, each for what the one before lets through: a few bits by the
 * nibbles of four characters (many offsets at once), the hash of the four, the piece as a whole.
 *
 * The four characters are those of a piece that are thought to be rarest. */
#include "match/needle_filter.h"

#include "codec/utf.h"

#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#define WINDOW 4u /* characters */
#define PLACES 3u /* of it that are looked at by nibbles */
#define WINDOW_BYTES (2 * WINDOW)
#define PIECE_MAX 16u
#define GROUPS 8u /* bits of a byte */
#define GRAM_BITS 14u
#define NO_NEEDLE UINT32_MAX

/* What is not ASCII and folds to it: long s, the sign of Kelvin. */
static const uint32_t fold_to_ascii[] = {0x17f, 0x212a};

struct needle {
    uint8_t text[PIECE_MAX]; /* folded */
    uint8_t len, window;     /* where the window begins */
    uint32_t next;           /* of the same gram hash */
};

struct needle_filter {
    uint32_t count;
    /* by place in the window and nibble of a character's lower byte: groups of needles */
    _Alignas(16) uint8_t low[WINDOW][16];
    _Alignas(16) uint8_t high[WINDOW][16];
    uint64_t grams[(1u << GRAM_BITS) / 64]; /* hashes of windows */
    uint32_t *first;                        /* by hash: the needle that has it */
    struct needle *needles;
};

/* ---- making it ---- */

/* How common a character is in values of events, roughly. */
static unsigned commonness(uint8_t c)
{
    static const char letters[] = "etaoinsrcldumpfgwhybvkxjqz";
    const char *letter = memchr(letters, c, sizeof(letters) - 1);

    if (letter)
        return 40 - (unsigned)(letter - letters);
    if (c >= '0' && c <= '9')
        return 20;
    return c == ' ' || c == '.' || c == '\\' || c == '-' ? 20 : 4;
}

static bool is_ascii(char c)
{
    return (uint8_t)c < 0x80;
}

/* The piece of the text that has the rarest window; false if it has none. */
static bool choose(struct str text, struct needle *needle)
{
    unsigned least = UINT32_MAX;
    size_t best = 0, run = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned sum = 0;
        run = is_ascii(text.at[i]) ? run + 1 : 0;
        if (run < WINDOW)
            continue;
        for (size_t j = i + 1 - WINDOW; j <= i; j++)
            sum += commonness((uint8_t)text.at[j]);
        if (sum < least) {
            least = sum;
            best = i + 1 - WINDOW;
        }
    }
    if (least == UINT32_MAX)
        return false;
    size_t start = best, end = best + WINDOW;
    while (end - start < PIECE_MAX && end < text.len && is_ascii(text.at[end]))
        end++;
    while (end - start < PIECE_MAX && start > 0 && is_ascii(text.at[start - 1]))
        start--;
    needle->len = (uint8_t)(end - start);
    needle->window = (uint8_t)(best - start);
    memcpy(needle->text, text.at + start, needle->len);
    return true;
}

static int by_window(const void *a, const void *b)
{
    const struct needle *x = a, *y = b;

    return memcmp(x->text + x->window, y->text + y->window, WINDOW);
}

static void add_byte(struct needle_filter *filter, unsigned place, unsigned byte, uint8_t group)
{
    filter->low[place][byte & 15] |= group;
    filter->high[place][byte >> 4] |= group;
}

/* Four folded characters, a byte each. */
static uint32_t gram_hash(uint32_t gram)
{
    return (gram * 2654435761u) >> (32 - GRAM_BITS);
}

static void add_needle(struct needle_filter *filter, uint32_t index)
{
    struct needle *needle = &filter->needles[index];
    uint8_t group = (uint8_t)(1u << (index * GROUPS / filter->count));
    uint32_t gram;

    for (unsigned i = 0; i < WINDOW; i++) {
        uint8_t c = needle->text[needle->window + i];
        add_byte(filter, i, c, group);
        if (c >= 'a' && c <= 'z')
            add_byte(filter, i, c & ~0x20u, group);
        for (size_t j = 0; j < ARRAY_COUNT(fold_to_ascii); j++)
            if (fold_character(fold_to_ascii[j]) == c)
                add_byte(filter, i, fold_to_ascii[j] & 0xff, group);
    }
    memcpy(&gram, needle->text + needle->window, WINDOW);
    uint32_t hash = gram_hash(gram | 0x20202020u);
    filter->grams[hash / 64] |= (uint64_t)1 << (hash % 64);
    needle->next = filter->first[hash];
    filter->first[hash] = index;
}

struct needle_filter *needle_filter_new(const struct str *texts, uint32_t count,
                                        struct arena *arena)
{
    if (count > NEEDLES_MAX)
        return NULL;
    struct needle_filter *filter = ARENA_NEW(arena, struct needle_filter);
    filter->count = count;
    filter->needles = ARENA_ARRAY(arena, struct needle, count);
    filter->first = ARENA_ARRAY(arena, uint32_t, (size_t)1 << GRAM_BITS);
    for (size_t i = 0; i < (size_t)1 << GRAM_BITS; i++)
        filter->first[i] = NO_NEEDLE;
    for (uint32_t i = 0; i < count; i++)
        if (!choose(texts[i], &filter->needles[i]))
            return NULL;
    if (count) /* neighbours share a group: the more alike its windows, the less it lets through */
        qsort(filter->needles, count, sizeof(*filter->needles), by_window);
    for (uint32_t i = 0; i < count; i++)
        add_needle(filter, i);
    return filter;
}

/* ---- looking ---- */

static uint32_t character_at(const char *at)
{
    uint16_t c;

    memcpy(&c, at, sizeof(c));
    return fold_character(c);
}

static bool stands_at(const struct needle *needle, struct str utf16, size_t window)
{
    size_t before = 2u * needle->window, behind = 2 * (size_t)needle->len - before;

    if (window < before || utf16.len - window < behind)
        return false;
    const char *at = utf16.at + window - before;
    for (unsigned i = 0; i < needle->len; i++)
        if (character_at(at + 2 * (size_t)i) != needle->text[i])
            return false;
    return true;
}

/* Whether a needle stands where its window would be at this offset, which has room for one. */
static bool stands_one_at(const struct needle_filter *filter, struct str utf16, size_t offset)
{
    uint64_t four;

    memcpy(&four, utf16.at + offset, WINDOW_BYTES);
    if (UNLIKELY(four & 0xff00ff00ff00ff00u)) { /* two characters that are not ASCII fold to it */
        four = 0;
        for (unsigned i = WINDOW; i-- > 0;)
            four = four << 16 | (character_at(utf16.at + offset + 2 * (size_t)i) & 0xff);
    }
    four |= four >> 8;
    uint32_t gram = (uint32_t)(four & 0xffff) | (uint32_t)(four >> 16 & 0xffff0000);
    uint32_t hash = gram_hash(gram | 0x20202020u);
    if (LIKELY(!(filter->grams[hash / 64] >> (hash % 64) & 1)))
        return false;
    for (uint32_t i = filter->first[hash]; i != NO_NEEDLE; i = filter->needles[i].next)
        if (stands_at(&filter->needles[i], utf16, offset))
            return true;
    return false;
}

static uint8_t groups_at(const struct needle_filter *filter, const char *at)
{
    uint8_t groups = 0xff;

    for (unsigned i = 0; i < WINDOW; i++) {
        uint8_t byte = (uint8_t)at[2 * (size_t)i];
        groups &= filter->low[i][byte & 15] & filter->high[i][byte >> 4];
    }
    return groups;
}

static bool may_find_one_by_one(const struct needle_filter *filter, struct str utf16)
{
    for (size_t offset = 0; offset + WINDOW_BYTES <= utf16.len; offset++)
        if (groups_at(filter, utf16.at + offset) && stands_one_at(filter, utf16, offset))
            return true;
    return false;
}

#ifdef __x86_64__

#define BLOCK 32u

__attribute__((target("avx2"))) static __m256i table_of(const uint8_t nibbles[16])
{
    return _mm256_broadcastsi128_si256(_mm_load_si128((const void *)nibbles));
}

/* The groups of 32 characters, whose lower bytes stand in `bytes`, at one place of the window. */
__attribute__((target("avx2"), always_inline)) static inline __m256i groups_of(__m256i bytes,
                                                                               __m256i low,
                                                                               __m256i high)
{
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);

    return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble)),
                            _mm256_shuffle_epi8(high, upper));
}

/* 32 offsets at a time; the last ones may have been looked at before. Needs room for one block. */
__attribute__((target("avx2"))) static bool may_find_in_blocks(const struct needle_filter *filter,
                                                               struct str utf16)
{
    __m256i low[PLACES], high[PLACES];
    size_t last = utf16.len - BLOCK - (WINDOW_BYTES - 1), offset = 0;

    for (unsigned i = 0; i < PLACES; i++) {
        low[i] = table_of(filter->low[i]);
        high[i] = table_of(filter->high[i]);
    }
    for (;;) {
        __m256i groups = _mm256_set1_epi8(-1);
        for (unsigned i = 0; i < PLACES; i++) {
            __m256i bytes = _mm256_loadu_si256((const void *)(utf16.at + offset + 2 * (size_t)i));
            groups = _mm256_and_si256(groups, groups_of(bytes, low[i], high[i]));
        }
        __m256i none = _mm256_cmpeq_epi8(groups, _mm256_setzero_si256());
        for (uint32_t some = ~(uint32_t)_mm256_movemask_epi8(none); some; some &= some - 1)
            if (stands_one_at(filter, utf16, offset + (size_t)__builtin_ctz(some)))
                return true;
        if (offset == last)
            return false;
        offset = offset + BLOCK < last ? offset + BLOCK : last;
    }
}

static bool has_blocks(struct str utf16)
{
    return utf16.len >= BLOCK + WINDOW_BYTES - 1 && __builtin_cpu_supports("avx2");
}
#else
static bool has_blocks(struct str utf16)
{
    (void)utf16;
    return false;
}

static bool may_find_in_blocks(const struct needle_filter *filter, struct str utf16)
{
    return may_find_one_by_one(filter, utf16);
}
#endif

bool needle_filter_may_find(const struct needle_filter *filter, struct str utf16)
{
    return has_blocks(utf16) ? may_find_in_blocks(filter, utf16)
                             : may_find_one_by_one(filter, utf16);
}
