/* needle_filter.c - three steps, each for what the one before lets through: a few bits by the
 * nibbles of four characters (many offsets at once), the hash of four, the piece as a whole.
 *
 * The four characters are those of a piece that are thought to be rarest. Of a text of three
 * characters any fourth one will do. In UTF-8 and JSON "perhaps" is said, too, where something
 * stands that may be a character of a piece written otherwise: what is not ASCII and folds to it,
 * and some escapes. */
#include "match/needle_filter.h"

#include "codec/utf.h"

#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#define WINDOW 4u /* characters */
#define LEAST 3u  /* that a text must have */
#define PIECE_MAX 16u
#define SETS 2u       /* of groups */
#define SET_GROUPS 8u /* bits of a byte */
#define GROUPS (SETS * SET_GROUPS)
#define GRAM_BITS 14u
#define NO_NEEDLE UINT32_MAX

/* What is not ASCII and folds to it: long s, the sign of Kelvin; in UTF-8 C5 BF and E2 84 AA. */
static const uint32_t fold_to_ascii[] = {0x17f, 0x212a};

struct needle {
    uint8_t text[PIECE_MAX]; /* folded */
    uint8_t len, window;     /* where the window begins */
    uint8_t width;           /* of the window */
    uint32_t next;           /* of the same gram hash */
};

struct needle_filter {
    enum needle_form form;
    uint32_t count;
    /* by place in the window and nibble of a character's lower byte: groups of needles */
    struct nibbles {
        _Alignas(16) uint8_t low[WINDOW][16];
        _Alignas(16) uint8_t high[WINDOW][16];
    } sets[SETS];
    uint64_t grams[(1u << GRAM_BITS) / 64]; /* hashes of windows */
    uint32_t *first;                        /* by hash: the needle that has it */
    struct needle *needles;
};

/* ---- making it ---- */

/* How common a character is in values of events, roughly. */
static unsigned commonness(uint8_t c)
{
    static const char letters[] = "etaoinsrcldumpfgwhybvkxjqz";
    static const char separators[] = " .\\-/";
    static const char marks[] = ":=&%\"";
    const char *letter = memchr(letters, c, sizeof(letters) - 1);

    if (letter)
        return 40 - (unsigned)(letter - letters);
    if (c >= '0' && c <= '9')
        return 20;
    if (memchr(separators, c, sizeof(separators) - 1))
        return 20;
    return memchr(marks, c, sizeof(marks) - 1) ? 12 : 4;
}

/* Whether it always stands as itself, but for case and what "perhaps" is said of. */
static bool is_plain(char c, enum needle_form form)
{
    bool escaped = c == '"' || c == '\\' || (uint8_t)c < 0x20;

    return (uint8_t)c < 0x80 && !(form == NEEDLE_JSON && escaped);
}

/* The rarest window of so many characters in the text; text.len if there is none. */
static size_t rarest_window(struct str text, enum needle_form form, unsigned width)
{
    unsigned least = UINT32_MAX;
    size_t best = text.len, run = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned sum = 0;
        run = is_plain(text.at[i], form) ? run + 1 : 0;
        if (run < width)
            continue;
        for (size_t j = i + 1 - width; j <= i; j++)
            sum += commonness((uint8_t)text.at[j]);
        if (sum < least) {
            least = sum;
            best = i + 1 - width;
        }
    }
    return best;
}

/* The piece of the text that has the rarest window; false if it has none. */
static bool choose(struct str text, enum needle_form form, struct needle *needle)
{
    unsigned width = WINDOW;
    size_t best = rarest_window(text, form, width);

    if (best == text.len)
        best = rarest_window(text, form, width = LEAST);
    if (best == text.len)
        return false;
    size_t start = best, end = best + width;
    while (end - start < PIECE_MAX && end < text.len && is_plain(text.at[end], form))
        end++;
    while (end - start < PIECE_MAX && start > 0 && is_plain(text.at[start - 1], form))
        start--;
    needle->len = (uint8_t)(end - start);
    needle->window = (uint8_t)(best - start);
    needle->width = (uint8_t)width;
    memcpy(needle->text, text.at + start, needle->len);
    return true;
}

static int by_window(const void *a, const void *b)
{
    const struct needle *x = a, *y = b;

    return memcmp(x->text + x->window, y->text + y->window, LEAST);
}

static void add_byte(struct needle_filter *filter, unsigned place, unsigned byte, unsigned group)
{
    struct nibbles *set = &filter->sets[group / SET_GROUPS];
    uint8_t bit = (uint8_t)(1u << group % SET_GROUPS);

    set->low[place][byte & 15] |= bit;
    set->high[place][byte >> 4] |= bit;
}

/* Four characters, a byte each, or three with a zero behind. Letters of either case give the same.
 */
static uint32_t gram_hash(uint32_t gram)
{
    return ((gram | 0x20202020u) * 2654435761u) >> (32 - GRAM_BITS);
}

static void add_needle(struct needle_filter *filter, uint32_t index)
{
    struct needle *needle = &filter->needles[index];
    unsigned group = index * GROUPS / filter->count;
    uint32_t gram = 0;

    for (unsigned byte = 0; needle->width < WINDOW && byte < 256; byte++)
        add_byte(filter, WINDOW - 1, byte, group); /* whatever stands behind */
    for (unsigned i = 0; i < needle->width; i++) {
        uint8_t c = needle->text[needle->window + i];
        add_byte(filter, i, c, group);
        if (c >= 'a' && c <= 'z')
            add_byte(filter, i, c & ~0x20u, group);
        for (size_t j = 0; j < ARRAY_COUNT(fold_to_ascii); j++)
            if (fold_character(fold_to_ascii[j]) == c)
                add_byte(filter, i, fold_to_ascii[j] & 0xff, group);
    }
    memcpy(&gram, needle->text + needle->window, needle->width);
    uint32_t hash = gram_hash(gram);
    filter->grams[hash / 64] |= (uint64_t)1 << (hash % 64);
    needle->next = filter->first[hash];
    filter->first[hash] = index;
}

struct needle_filter *needle_filter_new(const struct str *texts, uint32_t count,
                                        enum needle_form form, struct arena *arena)
{
    if (count > NEEDLES_MAX)
        return NULL;
    struct needle_filter *filter = ARENA_NEW(arena, struct needle_filter);
    filter->form = form;
    filter->count = count;
    filter->needles = ARENA_ARRAY(arena, struct needle, count);
    filter->first = ARENA_ARRAY(arena, uint32_t, (size_t)1 << GRAM_BITS);
    for (size_t i = 0; i < (size_t)1 << GRAM_BITS; i++)
        filter->first[i] = NO_NEEDLE;
    for (uint32_t i = 0; i < count; i++)
        if (!choose(texts[i], form, &filter->needles[i]))
            return NULL;
    if (count) /* neighbours share a group: the more alike its windows, the less it lets through */
        qsort(filter->needles, count, sizeof(*filter->needles), by_window);
    for (uint32_t i = 0; i < count; i++)
        add_needle(filter, i);
    return filter;
}

/* ---- looking ---- */

/* `step`: how many bytes a character has. It is known where these are called, and they are meant
 * to become a part of that. */
#define INLINE static inline __attribute__((always_inline))

INLINE uint32_t character_at(const char *at, unsigned step)
{
    uint16_t c = (uint8_t)*at;

    if (step == 2)
        memcpy(&c, at, sizeof(c));
    return fold_character(c);
}

static bool stands_at(const struct needle *needle, struct str bytes, size_t window, unsigned step)
{
    size_t before = (size_t)step * needle->window, behind = (size_t)step * needle->len - before;

    if (window < before || bytes.len - window < behind)
        return false;
    const char *at = bytes.at + window - before;
    for (unsigned i = 0; i < needle->len; i++)
        if (character_at(at + step * (size_t)i, step) != needle->text[i])
            return false;
    return true;
}

static bool stands_one_of(const struct needle_filter *filter, struct str bytes, size_t offset,
                          unsigned step, uint32_t hash)
{
    for (uint32_t i = filter->first[hash]; i != NO_NEEDLE; i = filter->needles[i].next)
        if (stands_at(&filter->needles[i], bytes, offset, step))
            return true;
    return false;
}

/* Whether some window has this hash. */
INLINE bool is_known(const struct needle_filter *filter, uint32_t hash)
{
    return UNLIKELY(filter->grams[hash / 64] >> (hash % 64) & 1);
}

/* The lower bytes of four folded characters, or of those that are left. */
INLINE uint32_t gram_at(struct str bytes, size_t offset, unsigned step)
{
    uint64_t four = 0;
    uint32_t gram = 0;

    if (UNLIKELY(bytes.len - offset < (size_t)WINDOW * step)) {
        for (unsigned i = 0; i < LEAST; i++)
            gram |= (character_at(bytes.at + offset + step * (size_t)i, step) & 0xff) << 8 * i;
        return gram;
    }
    if (step == 1) {
        memcpy(&gram, bytes.at + offset, sizeof(gram));
        return gram;
    }
    memcpy(&four, bytes.at + offset, sizeof(four));
    if (UNLIKELY(four & 0xff00ff00ff00ff00u)) { /* two characters that are not ASCII fold to it */
        four = 0;
        for (unsigned i = WINDOW; i-- > 0;)
            four = four << 16 | (character_at(bytes.at + offset + 2 * (size_t)i, 2) & 0xff);
    }
    four |= four >> 8;
    return (uint32_t)(four & 0xffff) | (uint32_t)(four >> 16 & 0xffff0000);
}

/* Whether a needle stands where its window would be at this offset, which has room for three. */
INLINE bool stands_one_at(const struct needle_filter *filter, struct str bytes, size_t offset,
                          unsigned step)
{
    uint32_t gram = gram_at(bytes, offset, step);
    uint32_t four = gram_hash(gram), three = gram_hash(gram & 0xffffff);

    return (is_known(filter, four) && stands_one_of(filter, bytes, offset, step, four)) ||
           (is_known(filter, three) && stands_one_of(filter, bytes, offset, step, three));
}

/* At the offset of a backslash with `u` or a slash behind it: whether it can be a character of a
 * piece. Behind another escape it is none at all. */
static bool is_telling_escape(struct str json, size_t offset)
{
    size_t run = offset;
    uint32_t code = 0;

    while (run > 0 && json.at[run - 1] == '\\')
        run--;
    if ((offset - run) % 2 != 0)
        return false;
    if (json.at[offset + 1] != 'u' || json.len - offset < sizeof("\\u0000") - 1)
        return true;
    for (size_t i = offset + 2; i < offset + 6; i++) {
        char c = ascii_lower(json.at[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return true;
        code = code << 4 | (uint32_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    for (size_t i = 0; i < ARRAY_COUNT(fold_to_ascii); i++)
        if (code == fold_to_ascii[i])
            return true;
    return code < 0x80;
}

/* Whether a character of a piece may stand here in another way; the offset has room for two. */
INLINE bool is_otherwise_at(struct str bytes, size_t offset, bool json)
{
    uint8_t a = (uint8_t)bytes.at[offset], b = (uint8_t)bytes.at[offset + 1];

    return (a == 0xc5 && b == 0xbf) || (a == 0xe2 && b == 0x84) ||
           (json && a == '\\' && (b == 'u' || b == '/') && is_telling_escape(bytes, offset));
}

/* By three characters. */
INLINE bool has_group_at(const struct needle_filter *filter, const char *at, unsigned step)
{
    uint8_t some = 0;

    for (unsigned set = 0; set < SETS; set++) {
        uint8_t groups = 0xff;
        for (unsigned i = 0; i < LEAST; i++) {
            uint8_t byte = (uint8_t)at[step * (size_t)i];
            groups &= filter->sets[set].low[i][byte & 15] & filter->sets[set].high[i][byte >> 4];
        }
        some |= groups;
    }
    return some != 0;
}

INLINE bool may_find_from(const struct needle_filter *filter, struct str bytes, size_t offset,
                          unsigned step, bool json)
{
    for (; offset + 1 < bytes.len; offset++) {
        bool fits = offset + (size_t)LEAST * step <= bytes.len;
        if ((fits && has_group_at(filter, bytes.at + offset, step) &&
             stands_one_at(filter, bytes, offset, step)) ||
            (step == 1 && is_otherwise_at(bytes, offset, json)))
            return true;
    }
    return false;
}

#ifdef __x86_64__

#define BLOCK 32u
#define AVX2_INLINE static inline __attribute__((target("avx2"), always_inline))

AVX2_INLINE __m256i found_in(const uint8_t table[16], __m256i nibbles)
{
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_load_si128((const void *)table)),
                               nibbles);
}

AVX2_INLINE __m256i pairs(__m256i a, uint8_t first, __m256i b, uint8_t second)
{
    return _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8((char)first)),
                            _mm256_cmpeq_epi8(b, _mm256_set1_epi8((char)second)));
}

/* Bits for the offsets at which is_otherwise_at has to look. */
AVX2_INLINE uint32_t others_in(__m256i a, __m256i b, bool json)
{
    __m256i some = _mm256_setzero_si256();

    if (_mm256_movemask_epi8(a))
        some = _mm256_or_si256(pairs(a, 0xc5, b, 0xbf), pairs(a, 0xe2, b, 0x84));
    if (json)
        some =
            _mm256_or_si256(some, _mm256_or_si256(pairs(a, '\\', b, 'u'), pairs(a, '\\', b, '/')));
    return (uint32_t)_mm256_movemask_epi8(some);
}

/* Bits for the offsets of 32 at which the windows of some group may stand. `at`: the lower bytes of
 * the characters there, and of those behind. */
AVX2_INLINE uint32_t groups_in(const struct needle_filter *filter, const __m256i at[WINDOW])
{
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i groups[SETS], some = _mm256_setzero_si256();

#pragma GCC unroll 2
    for (unsigned set = 0; set < SETS; set++)
        groups[set] = _mm256_set1_epi8(-1);
#pragma GCC unroll 4
    for (unsigned i = 0; i < WINDOW; i++) {
        __m256i lower = _mm256_and_si256(at[i], nibble);
        __m256i upper = _mm256_and_si256(_mm256_srli_epi16(at[i], 4), nibble);
#pragma GCC unroll 2
        for (unsigned set = 0; set < SETS; set++) {
            const struct nibbles *tables = &filter->sets[set];
            __m256i both =
                _mm256_and_si256(found_in(tables->low[i], lower), found_in(tables->high[i], upper));
            groups[set] = _mm256_and_si256(groups[set], both);
        }
    }
#pragma GCC unroll 2
    for (unsigned set = 0; set < SETS; set++)
        some = _mm256_or_si256(some, groups[set]);
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(some, _mm256_setzero_si256()));
}

/* 32 offsets at a time; the last ones may have been looked at before. Needs room for one block. */
AVX2_INLINE bool may_find_in_blocks(const struct needle_filter *filter, struct str bytes,
                                    unsigned step, bool json)
{
    size_t last = bytes.len - BLOCK - (size_t)(WINDOW - 1) * step, offset = 0;
    __m256i at[WINDOW];

    for (;;) {
#pragma GCC unroll 4
        for (unsigned i = 0; i < WINDOW; i++)
            at[i] = _mm256_loadu_si256((const void *)(bytes.at + offset + step * (size_t)i));
        for (uint32_t some = groups_in(filter, at); some; some &= some - 1)
            if (stands_one_at(filter, bytes, offset + (size_t)__builtin_ctz(some), step))
                return true;
        uint32_t others = step == 1 ? others_in(at[0], at[1], json) : 0;
        for (; UNLIKELY(others); others &= others - 1)
            if (is_otherwise_at(bytes, offset + (size_t)__builtin_ctz(others), json))
                return true;
        if (offset == last)
            break;
        offset = offset + BLOCK < last ? offset + BLOCK : last;
    }
    return may_find_from(filter, bytes, last + BLOCK, step, json); /* those without a fourth one */
}

/* One for each form: what depends on it is settled here. */
__attribute__((target("avx2"))) static bool find_fast_utf8(const struct needle_filter *filter,
                                                           struct str bytes)
{
    return may_find_in_blocks(filter, bytes, 1, false);
}

__attribute__((target("avx2"))) static bool find_fast_utf16(const struct needle_filter *filter,
                                                            struct str bytes)
{
    return may_find_in_blocks(filter, bytes, 2, false);
}

__attribute__((target("avx2"))) static bool find_fast_json(const struct needle_filter *filter,
                                                           struct str bytes)
{
    return may_find_in_blocks(filter, bytes, 1, true);
}

static bool may_find_fast(const struct needle_filter *filter, struct str bytes)
{
    if (filter->form == NEEDLE_UTF16LE)
        return find_fast_utf16(filter, bytes);
    return filter->form == NEEDLE_JSON ? find_fast_json(filter, bytes)
                                       : find_fast_utf8(filter, bytes);
}

static bool is_fast(struct str bytes)
{
    return bytes.len >= 2 * BLOCK && __builtin_cpu_supports("avx2");
}
#else
static bool is_fast(struct str bytes)
{
    (void)bytes;
    return false;
}

static bool may_find_fast(const struct needle_filter *filter, struct str bytes)
{
    return may_find_from(filter, bytes, 0, 1, filter->form == NEEDLE_JSON);
}
#endif

bool needle_filter_may_find(const struct needle_filter *filter, struct str bytes)
{
    if (is_fast(bytes))
        return may_find_fast(filter, bytes);
    if (filter->form == NEEDLE_UTF16LE)
        return may_find_from(filter, bytes, 0, 2, false);
    return may_find_from(filter, bytes, 0, 1, filter->form == NEEDLE_JSON);
}
