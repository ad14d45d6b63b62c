/* test_needle_filter.c - match/needle_filter: never misses a text, seldom sees one that is not
 * there. */
#include "match/needle_filter.h"

#include "codec/utf.h"
#include "testkit.h"

static struct needle_filter *filter_for(const char *const *texts, uint32_t count,
                                        enum needle_form form, struct arena *arena)
{
    struct str list[64];

    for (uint32_t i = 0; i < count; i++)
        list[i] = str_from(texts[i]);
    return needle_filter_new(list, count, form, arena);
}

static struct needle_filter *filter_of(const char *const *texts, uint32_t count,
                                       struct arena *arena)
{
    return filter_for(texts, count, NEEDLE_UTF16LE, arena);
}

/* Latin-1 as UTF-16 at the offset, zeros before it. */
static struct str wide(const char *text, size_t offset, char out[1024])
{
    size_t len = offset;

    memset(out, 0, 1024);
    for (size_t i = 0; text[i]; i++, len += 2)
        out[len] = text[i];
    return (struct str){out, len};
}

static bool finds(const struct needle_filter *filter, const char *text, size_t offset)
{
    char space[1024];

    return needle_filter_may_find(filter, wide(text, offset, space));
}

static const char *const words[] = {"sekurlsa::",    "lsadump::",  "kiwi legit printer", "kali",
                                    "\\mimilib.dll", "eo.oe.kiwi", "mimidrv.sys"};

TEST(finds_every_text_at_every_offset)
{
    struct arena *arena = arena_new("test", 1 << 20);
    const struct needle_filter *filter = filter_of(words, 7, arena);

    for (unsigned i = 0; i < 7; i++)
        for (size_t offset = 0; offset < 100; offset++)
            CHECK(finds(filter, words[i], offset));
    arena_free(arena);
}

TEST(finds_within_longer_texts)
{
    struct arena *arena = arena_new("test", 1 << 20);
    const struct needle_filter *filter = filter_of(words, 7, arena);

    CHECK(finds(filter, "a command line with SEKURLSA::logonpasswords in it, and more", 0));
    CHECK(finds(filter, "Kiwi Legit Printer", 3));
    CHECK(finds(filter, "host kAlI", 64));
    arena_free(arena);
}

TEST(does_not_find_what_is_not_there)
{
    struct arena *arena = arena_new("test", 1 << 20);
    const struct needle_filter *filter = filter_of(words, 7, arena);

    CHECK(!finds(filter, "", 0));
    CHECK(!finds(filter, "kal", 0));
    CHECK(!finds(filter, "a command line with sekurls", 0));
    CHECK(!finds(filter, "sekurlsa: :logon and kiwi legit, mimidrv_sys, lsadump:", 0));
    arena_free(arena);
}

TEST(finds_nothing_across_a_gap)
{
    struct arena *arena = arena_new("test", 1 << 20);
    const struct needle_filter *filter = filter_of(words, 7, arena);
    static const char gap[] = "k\0a\0\0\0l\0i\0";

    CHECK(!needle_filter_may_find(filter, (struct str){gap, sizeof(gap) - 1}));
    arena_free(arena);
}

/* Whatever folds to a character is taken for it. */
TEST(folds_like_the_search)
{
    struct arena *arena = arena_new("test", 64 << 20);
    const struct needle_filter *by_character[128];
    unsigned others = 0;

    for (char c = 1; c < 127; c++) {
        char text[] = {c, c, c, c, c};
        struct str list[] = {{text, 5}};
        by_character[(uint8_t)c] = needle_filter_new(list, 1, NEEDLE_UTF16LE, arena);
    }
    for (uint32_t c = 1; c < 0x10000; c++) {
        uint32_t folded = fold_character(c);
        char text[80] = {0};
        if (folded >= 127 || (c >= 0xd800 && c < 0xe000))
            continue;
        others += c >= 128;
        for (size_t i = 0; i < 5; i++) {
            text[2 * i] = text[60 + 2 * i] = (char)c;
            text[2 * i + 1] = text[60 + 2 * i + 1] = (char)(c >> 8);
        }
        CHECK(needle_filter_may_find(by_character[folded], (struct str){text, 70}));
        CHECK(needle_filter_may_find(by_character[folded], (struct str){text, 10}));
    }
    CHECK(others >= 2);
    arena_free(arena);
}

TEST(needs_three_ascii_characters_of_each)
{
    struct arena *arena = arena_new("test", 1 << 20);
    static const char *const few[] = {"mimikatz", "ab"};
    static const char *const foreign[] = {"\xc3\xa4"
                                          "bc\xc3\xa4"
                                          "ef"};

    CHECK(!filter_of(few, 2, arena));
    CHECK(!filter_of(foreign, 1, arena));
    const struct needle_filter *nothing = needle_filter_new(NULL, 0, NEEDLE_UTF16LE, arena);
    CHECK(nothing && !finds(nothing, "mimikatz", 0));
    arena_free(arena);
}

/* Against the plain way, on texts made of few characters, so that much is found. */
TEST(agrees_with_a_plain_search)
{
    struct arena *arena = arena_new("test", 1 << 20);
    static const char *const texts[] = {"abba", "ababb", "baab:", "::a:", "bbbbbbbbbbbbbbbbbbbbbb"};
    const struct needle_filter *filter = filter_of(texts, 5, arena);
    uint64_t state = 1, found = 0;

    for (unsigned round = 0; round < 20000; round++) {
        char text[80];
        size_t len = round % 70;
        bool there = false;
        for (size_t i = 0; i < len; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            text[i] = "abAB:x"[(state >> 33) % 6];
        }
        text[len] = '\0';
        char folded[FOLD_SIZE(sizeof(text))];
        struct str plain = {folded, fold_str((struct str){text, len}, folded)};
        for (unsigned i = 0; i < 4; i++)
            there |= str_contains(plain, str_from(texts[i]));
        bool long_run = str_contains(plain, STR("bbbbbbbbbbbbbbbb")); /* a piece has 16 */
        CHECK(finds(filter, text, 0) == (there || long_run));
        found += there;
    }
    CHECK(found > 1000 && found < 19000);
    arena_free(arena);
}

/* Also where nothing stands behind them, and whatever is near. */
TEST(finds_texts_of_three_characters)
{
    struct arena *arena = arena_new("test", 1 << 20);
    static const char *const texts[] = {"{{7", "abc"};
    char text[200];

    for (unsigned form = 0; form < NEEDLE_FORMS; form++) {
        const struct needle_filter *filter = filter_for(texts, 2, (enum needle_form)form, arena);
        unsigned step = form == NEEDLE_UTF16LE ? 2 : 1;
        for (size_t len = 3 * (size_t)step; len < 150; len++) {
            for (size_t at = 0; at + 3 * (size_t)step <= len; at++) {
                memset(text, '.', len);
                for (size_t i = 0; i < 3; i++) {
                    text[at + step * i] = "aBC"[i];
                    if (step == 2)
                        text[at + 2 * i + 1] = 0;
                }
                CHECK(needle_filter_may_find(filter, (struct str){text, len}));
            }
            memset(text, 'b', len);
            CHECK(!needle_filter_may_find(filter, (struct str){text, len}));
        }
    }
    arena_free(arena);
}

/* Some character of the text, written in one of the ways that JSON has. */
static size_t put_escaped(char c, unsigned way, char *out)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *hex = digits + 16 * (way & 1);

    if (c == '"' || c == '\\' || (c == '/' && way >= 2)) {
        out[0] = '\\';
        out[1] = c;
        return 2;
    }
    if (way < 2) {
        memcpy(out, "\\u00", 4);
        out[4] = hex[(uint8_t)c >> 4];
        out[5] = hex[c & 15];
        return 6;
    }
    out[0] = c;
    return 1;
}

/* At random, mostly plain. */
static size_t write_text(struct str text, bool json, uint64_t *state, char *out)
{
    static const struct str long_s[] = {STR_INIT("\xc5\xbf"), STR_INIT("\\u017f")};
    static const struct str kelvin[] = {STR_INIT("\xe2\x84\xaa"), STR_INIT("\\u212A")};
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        unsigned way = (*state >> 33) % 64;
        struct str other = way <= 60                    ? STR_EMPTY
                           : (text.at[i] | 0x20) == 's' ? long_s[json && way == 61]
                           : (text.at[i] | 0x20) == 'k' ? kelvin[json && way == 61]
                                                        : STR_EMPTY;
        if (other.len > 0) {
            memcpy(out + len, other.at, other.len);
            len += other.len;
        } else if (json) {
            len += put_escaped(text.at[i], way, out + len);
        } else {
            out[len++] = text.at[i];
        }
    }
    return len;
}

TEST(never_misses_a_text_however_it_is_written)
{
    struct arena *arena = arena_new("test", 1 << 20);
    static const char *const texts[] = {"skas", "ask/", "s\\ssk", "/s/", "s\"kk"};
    static char written[6 * 120 + 8];
    uint64_t state = 1;

    for (unsigned json = 0; json < 2; json++) {
        uint32_t count = json ? 4 : 5; /* the last one has three plain characters in UTF-8 alone */
        const struct needle_filter *filter =
            filter_for(texts, count, json ? NEEDLE_JSON : NEEDLE_UTF8, arena);
        unsigned found = 0, passed = 0;
        for (unsigned round = 0; round < 20000; round++) {
            char text[120], folded[FOLD_SIZE(sizeof(text))];
            size_t len = round % sizeof(text);
            bool there = false;
            for (size_t i = 0; i < len; i++) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                text[i] = (state >> 33) % 4 ? "..-.;.:."[(state >> 36) % 8]
                                            : "sSkKa/\\\""[(state >> 36) % 8];
            }
            if (round % 3 == 0 && len > 10)
                memcpy(text + len / 2, texts[round % count], strlen(texts[round % count]));
            struct str plain = {folded, fold_str((struct str){text, len}, folded)};
            for (unsigned i = 0; i < count; i++)
                there |= str_contains(plain, str_from(texts[i]));
            size_t size = write_text((struct str){text, len}, json, &state, written);
            bool may = needle_filter_may_find(filter, (struct str){written, size});
            CHECK(may || !there);
            found += there;
            passed += may;
        }
        CHECK(found > 5000 && passed < 20000);
    }
    arena_free(arena);
}

/* An escape that stands for no ASCII character, and what only looks like one, tell nothing. */
TEST(is_not_alarmed_by_escapes_that_are_none_of_its_own)
{
    struct arena *arena = arena_new("test", 1 << 20);
    const struct needle_filter *filter = filter_for(words, 4, NEEDLE_JSON, arena);

    CHECK(!needle_filter_may_find(filter, STR("{\"a\":\"C:\\\\users\\\\\\u00e9t\\u00E9\"}")));
    CHECK(needle_filter_may_find(filter, STR("{\"a\":\"C:\\\\\\u006bali\"}")));
    CHECK(needle_filter_may_find(filter, STR("\\u006bali")));
    arena_free(arena);
}
