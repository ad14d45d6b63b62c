/* test_needle_filter.c - match/needle_filter: never misses a text, seldom sees one that is not
 * there. */
#include "match/needle_filter.h"

#include "codec/utf.h"
#include "testkit.h"

static struct needle_filter *filter_of(const char *const *texts, uint32_t count,
                                       struct arena *arena)
{
    struct str list[64];

    for (uint32_t i = 0; i < count; i++)
        list[i] = str_from(texts[i]);
    return needle_filter_new(list, count, arena);
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
        by_character[(uint8_t)c] = needle_filter_new(list, 1, arena);
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

TEST(needs_four_ascii_characters_of_each)
{
    struct arena *arena = arena_new("test", 1 << 20);
    static const char *const few[] = {"mimikatz", "abc"};
    static const char *const foreign[] = {"\xc3\xa4"
                                          "bc\xc3\xa4"
                                          "efg"};

    CHECK(!filter_of(few, 2, arena));
    CHECK(!filter_of(foreign, 1, arena));
    const struct needle_filter *nothing = needle_filter_new(NULL, 0, arena);
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
