/* token_sieve.c - one sweep for dots, colons and long runs, then a Bloom filter in blocks of one
 * cache line (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters).
 *
 * Sixteen bytes at a time; UTF-16 is narrowed first, what is no ASCII to bytes above 7F. */
#include "match/token_sieve.h"

#include "core/ensure.h"
#include "match/text_hash.h"

#include <stdlib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BITS_PER_KEY 16u
#define BLOCK_WORDS 4u
#define NETS_BITS 65536u /* nets of IPv4, by their first 16 bits */
#define HASH_KEY_BYTES 16u
#define ADDRESS_TEXT_MAX 64u
#define MAPPED_BITS 96u

enum tag { TAG_NAME, TAG_ADDRESS, TAG_HASH, TAGS };

/* One bit in each word for a key, so that a block is half a cache line. */
struct block {
    _Alignas(8 * BLOCK_WORDS) uint64_t words[BLOCK_WORDS];
};

struct filter {
    struct block *blocks; /* owned */
    uint64_t count;
};

struct token_sieve {
    uint64_t key;
    struct filter filters[TAGS]; /* apart, so that each stays in the caches as long as it can */
    uint64_t nets[NETS_BITS / 64];
    bool has_addresses, has_nets, has_wide_nets, has_hashes;
    bool has_plain_names; /* keys without a dot */
    bool has_numbers;     /* keys of digits and dots */
    bool has_foreign;     /* keys with bytes above 7F */
};

#define CLASS_TOKEN 1u
#define CLASS_ALNUM 2u
#define CLASS_HEX 4u
#define CLASS_ADDRESS 8u /* hexadecimal, colon, dot */
#define CLASS_NUMBER 16u /* digits, dot */

#define T CLASS_TOKEN
#define P (CLASS_TOKEN | CLASS_ADDRESS | CLASS_NUMBER)
#define C CLASS_ADDRESS
#define D (CLASS_TOKEN | CLASS_ALNUM | CLASS_HEX | CLASS_ADDRESS | CLASS_NUMBER)
#define H (CLASS_TOKEN | CLASS_ALNUM | CLASS_HEX | CLASS_ADDRESS)
#define A (CLASS_TOKEN | CLASS_ALNUM)
#define T16 T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T
static const uint8_t classes[256] = {
    /* clang-format off */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, T, P, 0,
    D, D, D, D, D, D, D, D, D, D, C, 0, 0, 0, 0, 0,
    0, H, H, H, H, H, H, A, A, A, A, A, A, A, A, A,
    A, A, A, A, A, A, A, A, A, A, A, 0, 0, 0, 0, T,
    0, H, H, H, H, H, H, A, A, A, A, A, A, A, A, A,
    A, A, A, A, A, A, A, A, A, A, A, 0, 0, 0, 0, 0,
    T16, T16, T16, T16, T16, T16, T16, T16,
    /* clang-format on */
};
#undef T
#undef P
#undef C
#undef D
#undef H
#undef A
#undef T16

static inline bool is(uint8_t byte, uint8_t class)
{
    return classes[byte] & class;
}

bool token_has(uint8_t byte)
{
    return is(byte, CLASS_TOKEN);
}

static bool is_hash_length(size_t len)
{
    return len == 32 || len == 40 || len == 56 || len == 64 || len == 96 || len == 128;
}

static bool is_hex(const uint8_t *at, size_t len)
{
    uint8_t all = CLASS_HEX;

    for (size_t i = 0; i < len; i++)
        all &= classes[at[i]];
    return all;
}

bool token_is_hash(struct str text)
{
    return is_hash_length(text.len) && is_hex((const uint8_t *)text.at, text.len);
}

/* ---- the filter ---- */

static struct filter filter_new(size_t count)
{
    struct filter filter = {.count = count * BITS_PER_KEY / (64 * BLOCK_WORDS) + 1};

    ENSURE(count <= UINT32_MAX);
    filter.blocks = aligned_alloc(sizeof(struct block), filter.count * sizeof(struct block));
    ENSURE(filter.blocks);
    memset(filter.blocks, 0, filter.count * sizeof(struct block));
    return filter;
}

struct token_sieve *token_sieve_new(const struct token_counts *counts, uint64_t key)
{
    struct token_sieve *sieve = calloc(1, sizeof(*sieve));

    ENSURE(sieve);
    sieve->key = key;
    sieve->filters[TAG_NAME] = filter_new(counts->names);
    sieve->filters[TAG_ADDRESS] = filter_new(counts->addresses);
    sieve->filters[TAG_HASH] = filter_new(counts->hashes);
    return sieve;
}

void token_sieve_free(struct token_sieve *sieve)
{
    if (!sieve)
        return;
    for (unsigned i = 0; i < TAGS; i++)
        free(sieve->filters[i].blocks);
    free(sieve);
}

/* The upper half of the hash says which block, the lower one which bits. */
static inline uint64_t *block_of(const struct filter *filter, uint64_t hash)
{
    return filter->blocks[(hash >> 32) * filter->count >> 32].words;
}

static void filter_add(struct token_sieve *sieve, enum tag tag, uint64_t hash)
{
    uint64_t *words = block_of(&sieve->filters[tag], hash);

    for (unsigned i = 0; i < BLOCK_WORDS; i++)
        words[i] |= (uint64_t)1 << (hash >> (6 * i) & 63);
}

static inline bool filter_has(const struct token_sieve *sieve, enum tag tag, uint64_t hash)
{
    const uint64_t *words = block_of(&sieve->filters[tag], hash);

    return words[0] >> (hash & 63) & words[1] >> (hash >> 6 & 63) & words[2] >> (hash >> 12 & 63) &
           words[3] >> (hash >> 18 & 63) & 1;
}

/* Bit 5 set makes small letters of large ones, and nothing of what tokens consist of alike. */
static inline uint64_t load_folded(const uint8_t *at, size_t len)
{
    return text_hash_load((const char *)at, len) | 0x2020202020202020u;
}

static inline uint64_t hash_folded(const struct token_sieve *sieve, enum tag tag, const uint8_t *at,
                                   size_t len, bool *foreign)
{
    uint64_t state = sieve->key ^ len ^ (uint64_t)tag << 32, high = 0;

    for (; len > 16; at += 16, len -= 16) {
        uint64_t a = load_folded(at, 8), b = load_folded(at + 8, 8);
        high |= a | b;
        state = text_hash_fold(a ^ TEXT_HASH_A, b ^ state);
    }
    uint64_t a, b;
    if (len >= 8) {
        a = load_folded(at, 8);
        b = load_folded(at + len - 8, 8);
    } else {
        a = load_folded(at, len);
        b = 0;
    }
    high |= a | b;
    *foreign = (high & 0x8080808080808080u) != 0;
    state = text_hash_fold(a ^ TEXT_HASH_B, b ^ state);
    return text_hash_fold(state ^ TEXT_HASH_A, TEXT_HASH_B ^ sieve->key);
}

static inline uint64_t hash_address(const struct token_sieve *sieve, const struct address *address)
{
    uint64_t a = text_hash_load((const char *)address->bytes, 8);
    uint64_t b = text_hash_load((const char *)address->bytes + 8, 8);
    uint64_t state = text_hash_fold(a ^ TEXT_HASH_B ^ TAG_ADDRESS, b ^ sieve->key);

    return text_hash_fold(state ^ TEXT_HASH_A, TEXT_HASH_B ^ sieve->key);
}

/* ---- sixteen bytes at once ---- */

struct marks {
    unsigned dots, colons, slashes; /* bits by place */
    bool all_alnum;
};

#ifdef __SSE2__
static inline __m128i load_block(const uint8_t *at)
{
    __m128i bytes;

    memcpy(&bytes, at, 16);
    return bytes;
}

static inline __m128i within(__m128i bytes, char low, char high)
{
    return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8((char)(low - 1))),
                         _mm_cmplt_epi8(bytes, _mm_set1_epi8((char)(high + 1))));
}

static inline __m128i is_byte(__m128i bytes, char byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

static inline __m128i is_alnum(__m128i bytes)
{
    return _mm_or_si128(within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z'),
                        within(bytes, '0', '9'));
}

static inline unsigned alnum_mask(const uint8_t *at)
{
    return (unsigned)_mm_movemask_epi8(is_alnum(load_block(at)));
}

/* Bits of CLASS_TOKEN, and of dots. */
static inline unsigned token_mask(const uint8_t *at, unsigned *dots)
{
    __m128i bytes = load_block(at), dot = is_byte(bytes, '.');
    __m128i others = _mm_or_si128(is_byte(bytes, '-'), is_byte(bytes, '_'));

    *dots = (unsigned)_mm_movemask_epi8(dot);
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(is_alnum(bytes), dot), _mm_or_si128(others, bytes)));
}

static inline struct marks marks_of(__m128i bytes, bool json)
{
    return (struct marks){.dots = (unsigned)_mm_movemask_epi8(is_byte(bytes, '.')),
                          .colons = (unsigned)_mm_movemask_epi8(is_byte(bytes, ':')),
                          .slashes = json ? (unsigned)_mm_movemask_epi8(is_byte(bytes, '\\')) : 0,
                          .all_alnum = _mm_movemask_epi8(is_alnum(bytes)) == 0xffff};
}

static inline struct marks mark(const uint8_t *at, bool json)
{
    return marks_of(load_block(at), json);
}

/* Sixteen characters of UTF-16, narrowed: what is no ASCII becomes FF. */
static inline struct marks narrow_block(const uint8_t *in, uint8_t *out)
{
    const __m128i most = _mm_set1_epi16(0xff);
    __m128i a = load_block(in), b = load_block(in + 16);

    a = _mm_sub_epi16(a, _mm_subs_epu16(a, most)); /* the lesser of the two */
    b = _mm_sub_epi16(b, _mm_subs_epu16(b, most));
    a = _mm_packus_epi16(a, b);
    memcpy(out, &a, 16);
    return marks_of(a, false);
}
#else
static unsigned class_mask(const uint8_t *at, uint8_t class)
{
    unsigned mask = 0;

    for (unsigned i = 0; i < 16; i++)
        mask |= (unsigned)is(at[i], class) << i;
    return mask;
}

static unsigned byte_mask(const uint8_t *at, char byte)
{
    unsigned mask = 0;

    for (unsigned i = 0; i < 16; i++)
        mask |= (unsigned)(at[i] == (uint8_t)byte) << i;
    return mask;
}

static unsigned alnum_mask(const uint8_t *at)
{
    return class_mask(at, CLASS_ALNUM);
}

static unsigned token_mask(const uint8_t *at, unsigned *dots)
{
    *dots = byte_mask(at, '.');
    return class_mask(at, CLASS_TOKEN);
}

static struct marks mark(const uint8_t *at, bool json)
{
    return (struct marks){.dots = byte_mask(at, '.'),
                          .colons = byte_mask(at, ':'),
                          .slashes = json ? byte_mask(at, '\\') : 0,
                          .all_alnum = alnum_mask(at) == 0xffff};
}

static struct marks narrow_block(const uint8_t *in, uint8_t *out)
{
    for (unsigned i = 0; i < 16; i++)
        out[i] = in[2 * i + 1] ? 0xff : in[2 * i];
    return mark(out, false);
}
#endif

/* Number of the highest bit, + 1; 0: there is none. */
static inline unsigned bits_up_to(unsigned mask)
{
    return mask ? 32 - (unsigned)__builtin_clz(mask) : 0;
}

/* ---- places ---- */

#define ABSENT_MAX 4096u
#define ABSENT_SHIFT 32u

struct token_scratch {
    uint64_t absent[ABSENT_MAX]; /* hashes that the filter lacks: the same names come again */
    uint32_t marks[TOKEN_UTF16_BYTES_MAX / 32 + 1];
    uint8_t rest[32];
    uint8_t narrowed[TOKEN_UTF16_BYTES_MAX / 2 + 32];
};

struct sweep {
    const struct token_sieve *sieve;
    const uint8_t *at;
    size_t len;
    bool json;
    uint64_t *absent; /* NULL: none */
    size_t run_end;   /* of the last long run */
    /* NULL: the first place is enough */
    void (*found)(void *context, const struct token_place *place);
    void *context;
};

static inline bool may_have(const struct sweep *sweep, enum tag tag, uint64_t hash)
{
    uint64_t *absent =
        sweep->absent ? &sweep->absent[hash >> ABSENT_SHIFT & (ABSENT_MAX - 1)] : NULL;

    if (absent && *absent == hash)
        return false;
    bool has = filter_has(sweep->sieve, tag, hash);
    if (absent && !has)
        *absent = hash;
    return has;
}

/* True: it is enough. */
static bool tell(struct sweep *sweep, const struct token_place *place)
{
    if (!sweep->found)
        return true;
    sweep->found(sweep->context, place);
    return false;
}

static bool tell_span(struct sweep *sweep, enum token_kind kind, size_t start, size_t end)
{
    return tell(sweep, &(struct token_place){.kind = kind, .start = start, .end = end});
}

static size_t run_start(const struct sweep *sweep, size_t at, uint8_t class)
{
    while (at > 0 && is(sweep->at[at - 1], class))
        at--;
    return at;
}

static size_t run_end(const struct sweep *sweep, size_t at, uint8_t class)
{
    while (at < sweep->len && is(sweep->at[at], class))
        at++;
    return at;
}

/* The run of letters and digits around `at`. */
static size_t alnum_start(const struct sweep *sweep, size_t at)
{
    for (; at >= 16; at -= 16) {
        unsigned others = ~alnum_mask(sweep->at + at - 16) & 0xffff;
        if (others)
            return at - 16 + bits_up_to(others);
    }
    return run_start(sweep, at, CLASS_ALNUM);
}

static size_t alnum_end(const struct sweep *sweep, size_t at)
{
    for (; sweep->len - at >= 16; at += 16) {
        unsigned others = ~alnum_mask(sweep->at + at) & 0xffff;
        if (others)
            return at + (unsigned)__builtin_ctz(others);
    }
    return run_end(sweep, at, CLASS_ALNUM);
}

/* Where the key of the token begins that ends at `end`; *dots: how many it has, 2 also if one more
 * stands before it. */
static size_t key_start(const struct sweep *sweep, size_t end, unsigned *dots)
{
    size_t key = end;

    *dots = 0;
    if (end >= 16) {
        unsigned dot_bits;
        unsigned first = bits_up_to(~token_mask(sweep->at + end - 16, &dot_bits) & 0xffff);
        dot_bits = dot_bits >> first << first;
        unsigned last = bits_up_to(dot_bits);
        unsigned before = last ? bits_up_to(dot_bits & ((1u << (last - 1)) - 1)) : 0;
        if (before || first) {
            *dots = before ? 2 : last > 0;
            return end - 16 + (before ? before : first);
        }
    }
    for (; key > 0 && is(sweep->at[key - 1], CLASS_TOKEN); key--)
        if (sweep->at[key - 1] == '.' && ++*dots == 2)
            break;
    return key;
}

/* In escaped JSON the letters behind a backslash that is none itself belong to it. What a run
 * begins with, then; SIZE_MAX: it takes decoding to tell. */
static size_t behind_escape(const struct sweep *sweep, size_t start)
{
    size_t slashes = 0;

    while (slashes < start && sweep->at[start - 1 - slashes] == '\\')
        slashes++;
    if (slashes % 2 == 0)
        return start;
    return sweep->at[start] == 'u' ? SIZE_MAX : start + 1;
}

static bool tell_address(struct sweep *sweep, size_t start, size_t end,
                         const struct address *address)
{
    const struct token_sieve *sieve = sweep->sieve;
    const uint8_t *b = address->bytes;
    unsigned net = (unsigned)b[12] << 8 | b[13];
    bool mapped = b[10] == 0xff && b[11] == 0xff && text_hash_load((const char *)b, 8) == 0;
    bool in_net =
        mapped ? sieve->has_nets && sieve->nets[net / 64] >> (net % 64) & 1 : sieve->has_wide_nets;

    if (!in_net && !may_have(sweep, TAG_ADDRESS, hash_address(sieve, address)))
        return false;
    return tell(sweep, &(struct token_place){TOKEN_ADDRESS, start, end, *address});
}

/* "1.2.3.4"; false: it is none. */
static bool parse_quad(const uint8_t *at, size_t len, struct address *address)
{
    *address = (struct address){{[10] = 0xff, [11] = 0xff}};
    if (len < 7 || len > 15)
        return false;
    for (unsigned i = 0; i < 4; i++) {
        unsigned value = 0, digits = 0;
        for (; len > 0 && *at != '.'; at++, len--, digits++)
            value = 10 * value + (unsigned)(*at - '0');
        if (digits == 0 || digits > 3 || value > 255 ||
            (digits > 1 && value < (digits == 2 ? 10 : 100)) || (len == 0) != (i == 3))
            return false;
        address->bytes[12 + i] = (uint8_t)value;
        at += i < 3;
        len -= i < 3;
    }
    return true;
}

static bool is_number(const uint8_t *at, size_t len)
{
    uint8_t all = CLASS_NUMBER;

    for (size_t i = 0; i < len; i++)
        all &= classes[at[i]];
    return all;
}

/* Dots at the end do not count. */
static size_t token_end(const struct sweep *sweep, size_t end)
{
    while (end > 0 && sweep->at[end - 1] == '.')
        end--;
    return end;
}

static bool look_at_number(struct sweep *sweep, size_t start, size_t end)
{
    struct address address;

    return sweep->sieve->has_addresses && parse_quad(sweep->at + start, end - start, &address) &&
           tell_address(sweep, start, end, &address);
}

/* The token that ends before `end`, with its last dot or, `plain`, without any. */
static bool look_at_token(struct sweep *sweep, size_t end, bool plain)
{
    const struct token_sieve *sieve = sweep->sieve;
    unsigned dots;
    bool foreign;

    end = token_end(sweep, end);
    size_t key = key_start(sweep, end, &dots), start;
    if (key == end || (dots == 0) != plain)
        return false;
    if (sweep->json && dots < 2 && key > 0 && sweep->at[key - 1] == '\\') {
        key = behind_escape(sweep, key);
        if (key == SIZE_MAX)
            return true;
        if (key >= end)
            return false;
    }
    if (is(sweep->at[end - 1], CLASS_NUMBER) && is_number(sweep->at + key, end - key)) {
        start = run_start(sweep, key, CLASS_TOKEN);
        if (sweep->json && start > 0 && sweep->at[start - 1] == '\\')
            start = behind_escape(sweep, start);
        if (start == SIZE_MAX)
            return true;
        if (is_number(sweep->at + start, end - start) && look_at_number(sweep, start, end))
            return true;
        if (!sieve->has_numbers)
            return false;
    }
    uint64_t hash = hash_folded(sieve, TAG_NAME, sweep->at + key, end - key, &foreign);
    if (foreign ? !sieve->has_foreign : !may_have(sweep, TAG_NAME, hash))
        return false;
    return tell_span(sweep, TOKEN_NAME, run_start(sweep, key, CLASS_TOKEN), end);
}

/* A dot: nothing, unless it is the last one of its token. */
static bool look_at_dot(struct sweep *sweep, size_t dot)
{
    size_t end = dot + 1;
    unsigned dots, others = 0;

    if (sweep->len - end >= 16) {
        others = ~token_mask(sweep->at + end, &dots) & 0xffff;
        others |= dots;
        end += others ? (unsigned)__builtin_ctz(others) : 16;
    }
    while (!others && end < sweep->len && sweep->at[end] != '.' && is(sweep->at[end], CLASS_TOKEN))
        end++;
    if (end < sweep->len && sweep->at[end] == '.')
        return false;
    return look_at_token(sweep, end, false);
}

/* Around a place inside of a run of letters and digits. */
static bool look_at_run(struct sweep *sweep, size_t at)
{
    size_t start = alnum_start(sweep, at), end = alnum_end(sweep, at);
    bool foreign;

    sweep->run_end = end;
    if (sweep->json && start > 0 && sweep->at[start - 1] == '\\')
        start = behind_escape(sweep, start);
    if (start == SIZE_MAX)
        return true;
    size_t len = end - start;
    if (!is_hash_length(len) ||
        !may_have(
            sweep, TAG_HASH,
            hash_folded(sweep->sieve, TAG_HASH, sweep->at + start, HASH_KEY_BYTES, &foreign)) ||
        !is_hex(sweep->at + start, len))
        return false;
    return tell_span(sweep, TOKEN_HASH, start, end);
}

/* Runs of hexadecimal digits, colons and dots that are IPv6 addresses; those around a dot alone
 * were looked at as tokens. */
static bool look_for_wide_addresses(struct sweep *sweep)
{
    struct address address;

    for (size_t at = 0; at < sweep->len;) {
        if (!is(sweep->at[at], CLASS_ADDRESS)) {
            at++;
            continue;
        }
        size_t start = at, end = run_end(sweep, at, CLASS_ADDRESS), colons = 0;
        at = end;
        if (end - start > ADDRESS_TEXT_MAX)
            continue;
        for (size_t i = start; i < end; i++)
            colons += sweep->at[i] == ':';
        if (colons < 2)
            continue;
        if (sweep->json && ((start > 0 && sweep->at[start - 1] == '\\') ||
                            (start > 1 && sweep->at[start - 2] == '\\')))
            return true; /* rare enough to be decoded */
        bool bounded = (start == 0 || !is(sweep->at[start - 1], CLASS_TOKEN)) &&
                       (end == sweep->len || !is(sweep->at[end], CLASS_TOKEN));
        while (end - start > 1 && (sweep->at[end - 1] == '.' ||
                                   (sweep->at[end - 1] == ':' && sweep->at[end - 2] != ':')))
            end--;
        while (end - start > 1 && (sweep->at[start] == '.' ||
                                   (sweep->at[start] == ':' && sweep->at[start + 1] != ':')))
            start++;
        struct str text = {(const char *)sweep->at + start, end - start};
        if (bounded && address_parse(text, &address) && tell_address(sweep, start, end, &address))
            return true;
    }
    return false;
}

/* Every token, where names without a dot are known. */
static bool look_at_plain_tokens(struct sweep *sweep)
{
    for (size_t at = 0; at < sweep->len;) {
        size_t end = run_end(sweep, at, CLASS_TOKEN);
        if (end > at && look_at_token(sweep, end, true))
            return true;
        at = end + 1;
    }
    return false;
}

/* ---- the sweep ---- */

static unsigned hex_digit(uint8_t c)
{
    return c <= '9' ? c - (unsigned)'0' : (c | 0x20u) - 'a' + 10u;
}

/* An escape that stands for a character of which something that is looked for may consist.
 * Exporters escape "<" and the like, and what is no ASCII. */
static bool is_telling_escape(const struct sweep *sweep, size_t at)
{
    const uint8_t *b = sweep->at + at;

    if (sweep->len - at < 6 || b[1] != 'u' || !is_hex(b + 2, 4))
        return false;
    if (b[2] != '0' || b[3] != '0' || b[4] > '7')
        return sweep->sieve->has_foreign;
    return is((uint8_t)(hex_digit(b[4]) << 4 | hex_digit(b[5])), CLASS_TOKEN | CLASS_ADDRESS);
}

static inline bool look_at_block(struct sweep *sweep, size_t at, const struct marks *marks)
{
    const struct token_sieve *sieve = sweep->sieve;

    if (marks->all_alnum && sieve->has_hashes && at >= sweep->run_end && look_at_run(sweep, at))
        return true;
    for (unsigned dots = marks->dots; dots; dots &= dots - 1)
        if (look_at_dot(sweep, at + (unsigned)__builtin_ctz(dots)))
            return true;
    for (unsigned slashes = marks->slashes; slashes; slashes &= slashes - 1)
        if (is_telling_escape(sweep, at + (unsigned)__builtin_ctz(slashes)))
            return true;
    return false;
}

/* Colons that stand side by side, or many of them: there may be an address of IPv6. */
struct colons {
    unsigned count, carry, pairs;
};

static inline void count_colons(struct colons *colons, unsigned marks)
{
    colons->pairs |= marks & (marks << 1 | colons->carry);
    colons->carry = marks >> 15;
    for (; marks; marks &= marks - 1)
        colons->count++;
}

static bool end_sweep(struct sweep *sweep, const struct colons *colons)
{
    if ((colons->pairs || colons->count > 5) && sweep->sieve->has_addresses &&
        look_for_wide_addresses(sweep))
        return true;
    return sweep->sieve->has_plain_names && look_at_plain_tokens(sweep);
}

static bool sweep_text(struct sweep *sweep)
{
    struct colons colons = {0};
    uint8_t rest[16] = {0};

    for (size_t at = 0; at < sweep->len; at += 16) {
        size_t left = sweep->len - at;
        if (left < 16)
            memcpy(rest, sweep->at + at, left);
        struct marks marks = mark(left < 16 ? rest : sweep->at + at, sweep->json);
        if (UNLIKELY(marks.all_alnum || marks.dots || marks.slashes) &&
            look_at_block(sweep, at, &marks))
            return true;
        count_colons(&colons, marks.colons);
    }
    return end_sweep(sweep, &colons);
}

/* The same for UTF-16. Nearly all texts are done once they are narrowed. The last block overlaps
 * the one before it. */
static bool sweep_wide(struct sweep *sweep, struct str raw, struct token_scratch *scratch)
{
    const uint8_t *in = (const uint8_t *)raw.at;
    size_t count = raw.len / 2, block = 0;
    struct colons colons = {0};
    uint32_t any = 0;

    if (count < 16) {
        memset(scratch->rest, 0, sizeof(scratch->rest));
        memcpy(scratch->rest, in, 2 * count);
        in = scratch->rest;
    }
    for (size_t at = 0; at < count; at += 16, block++) {
        size_t over = count >= 16 && count - at < 16 ? 16 - (count - at) : 0;
        struct marks marks = narrow_block(in + 2 * (at - over), scratch->narrowed + at - over);
        scratch->marks[block] = marks.dots >> over | (uint32_t)marks.all_alnum << 16;
        any |= scratch->marks[block];
        count_colons(&colons, marks.colons >> over);
    }
    if (raw.len % 2)
        scratch->narrowed[count++] = 0xff;
    sweep->at = scratch->narrowed;
    sweep->len = count;
    for (size_t i = 0; any && i < block; i++) {
        uint32_t found = scratch->marks[i];
        struct marks marks = {.dots = found & 0xffff, .all_alnum = found >> 16};
        if (found && look_at_block(sweep, 16 * i, &marks))
            return true;
    }
    return end_sweep(sweep, &colons);
}

#ifdef __SSE2__
/* Up to 15 characters in which nothing stands that begins a place: most of the short texts. */
static inline bool is_dull(const struct token_sieve *sieve, struct str raw)
{
    const __m128i dot = _mm_set1_epi16('.'), colon = _mm_set1_epi16(':');
    __m128i first, last;

    if (raw.len < 4)
        return !sieve->has_plain_names;
    if (raw.len < 8 || raw.len >= 32 || raw.len % 2 || sieve->has_plain_names)
        return false;
    if (raw.len < 16) {
        first = _mm_loadu_si64(raw.at);
        last = _mm_loadu_si64(raw.at + raw.len - 8);
    } else {
        first = load_block((const uint8_t *)raw.at);
        last = load_block((const uint8_t *)raw.at + raw.len - 16);
    }
    first = _mm_or_si128(_mm_cmpeq_epi16(first, dot), _mm_cmpeq_epi16(first, colon));
    last = _mm_or_si128(_mm_cmpeq_epi16(last, dot), _mm_cmpeq_epi16(last, colon));
    return _mm_movemask_epi8(_mm_or_si128(first, last)) == 0;
}
#else
static bool is_dull(const struct token_sieve *sieve, struct str raw)
{
    return raw.len < 4 && !sieve->has_plain_names;
}
#endif

struct token_scratch *token_scratch_new(void)
{
    struct token_scratch *scratch = calloc(1, sizeof(*scratch));

    ENSURE(scratch);
    for (uint64_t i = 0; i < ABSENT_MAX; i++)
        scratch->absent[i] = ~i << ABSENT_SHIFT; /* is at no place where it would be looked for */
    return scratch;
}

void token_scratch_free(struct token_scratch *scratch)
{
    free(scratch);
}

bool token_sieve_passes(const struct token_sieve *sieve, enum token_form form, struct str raw,
                        struct token_scratch *scratch)
{
    if (form == TOKEN_UTF16LE && is_dull(sieve, raw))
        return false;
    struct sweep sweep = {.sieve = sieve,
                          .at = (const uint8_t *)raw.at,
                          .len = raw.len,
                          .json = form == TOKEN_JSON_ESCAPED,
                          .absent = scratch->absent};
    if (form != TOKEN_UTF16LE)
        return sweep_text(&sweep);
    return raw.len > TOKEN_UTF16_BYTES_MAX || sweep_wide(&sweep, raw, scratch);
}

void token_sieve_scan(const struct token_sieve *sieve, struct str text,
                      void (*found)(void *context, const struct token_place *place), void *context)
{
    struct sweep sweep = {.sieve = sieve,
                          .at = (const uint8_t *)text.at,
                          .len = text.len,
                          .found = found,
                          .context = context};
    bool enough = sweep_text(&sweep);
    (void)enough;
}

/* ---- filling ---- */

bool token_sieve_add_name(struct token_sieve *sieve, struct str text)
{
    struct sweep sweep = {.sieve = sieve, .at = (const uint8_t *)text.at};
    size_t end = text.len;
    unsigned dots = 0;
    bool foreign;

    for (;;) { /* the last token that is more than dots */
        while (end > 0 && !is(sweep.at[end - 1], CLASS_TOKEN))
            end--;
        if (end == 0 || sweep.at[end - 1] != '.')
            break;
        end = token_end(&sweep, end);
    }
    if (end == 0)
        return false;
    size_t key = end;
    for (; key > 0 && is(sweep.at[key - 1], CLASS_TOKEN); key--)
        if (sweep.at[key - 1] == '.' && ++dots == 2)
            break;
    sieve->has_plain_names |= dots == 0;
    sieve->has_numbers |= is_number(sweep.at + key, end - key);
    filter_add(sieve, TAG_NAME, hash_folded(sieve, TAG_NAME, sweep.at + key, end - key, &foreign));
    sieve->has_foreign |= foreign;
    return true;
}

void token_sieve_add_address(struct token_sieve *sieve, const struct address *address)
{
    sieve->has_addresses = true;
    filter_add(sieve, TAG_ADDRESS, hash_address(sieve, address));
}

void token_sieve_add_net(struct token_sieve *sieve, const struct cidr *net)
{
    const uint8_t *b = net->net.bytes;
    unsigned first = (unsigned)b[12] << 8 | b[13], count = 1;

    sieve->has_addresses = true;
    if (net->bits < MAPPED_BITS || b[10] != 0xff || b[11] != 0xff) {
        sieve->has_wide_nets = true;
        return;
    }
    sieve->has_nets = true;
    if (net->bits < MAPPED_BITS + 16)
        count = 1u << (MAPPED_BITS + 16 - net->bits);
    for (unsigned i = first; i < first + count && i < NETS_BITS; i++)
        sieve->nets[i / 64] |= (uint64_t)1 << (i % 64);
}

void token_sieve_add_hash(struct token_sieve *sieve, struct str hex)
{
    bool foreign;

    ENSURE(hex.len >= HASH_KEY_BYTES);
    sieve->has_hashes = true;
    filter_add(sieve, TAG_HASH,
               hash_folded(sieve, TAG_HASH, (const uint8_t *)hex.at, HASH_KEY_BYTES, &foreign));
}
