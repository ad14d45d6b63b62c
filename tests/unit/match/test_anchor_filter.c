/* test_anchor_filter.c - match/anchor_filter: never misses a text behind the common character. */
#include "match/anchor_filter.h"

#include "testkit.h"

static struct arena *arena;

static struct anchor_filter *filter_of(const char *const *texts, uint32_t count)
{
    struct str list[8];

    if (!arena)
        arena = arena_new("test", (size_t)16 << 20);
    for (uint32_t i = 0; i < count; i++)
        list[i] = str_from(texts[i]);
    return anchor_filter_new(list, count, arena);
}

/* Both forms; they must agree. The bytes end where the text does. */
static bool finds(const struct anchor_filter *filter, const char *text)
{
    size_t len = strlen(text);
    char *wide = calloc(len ? len : 1, 2);

    for (size_t i = 0; i < len; i++)
        wide[2 * i] = text[i];
    bool found = anchor_filter_may_find_utf16(filter, (struct str){wide, 2 * len});
    CHECK(found == anchor_filter_may_find(filter, (struct str){text, len}));
    free(wide);
    return found;
}

static const char *const hashes[] = {"md5=0123456789abcdef", "imphash=fedcba9876543210",
                                     "sha1=a-b=c&d[e:f", "x=12345678"};

TEST(finds_what_follows_the_anchor)
{
    const struct anchor_filter *filter = filter_of(hashes, 4);

    CHECK(finds(filter, "md5=0123456789abcdef"));
    CHECK(finds(filter, "SHA256=00000000000,MD5=0123456789ABCDEF,IMPHASH=00000000000"));
    CHECK(finds(filter, "IMPHASH=FEDCBA9876543210"));
    CHECK(finds(filter, "sha1=A-B=C&D[E:F"));
    CHECK(finds(filter, "x=12345678"));
    for (int before = 0; before < 40; before++) {
        char text[80];
        CHECK(finds(filter, (snprintf(text, sizeof(text), "%*sX=12345678", before, ""), text)));
        CHECK(
            finds(filter, (snprintf(text, sizeof(text), "%*s====X=12345678=", before, ""), text)));
        CHECK(!finds(filter, (snprintf(text, sizeof(text), "%*sX=1234567", before, ""), text)));
        CHECK(!finds(filter, (snprintf(text, sizeof(text), "%*sX:12345678", before, ""), text)));
    }
}

TEST(finds_nothing_else)
{
    const struct anchor_filter *filter = filter_of(hashes, 4);

    CHECK(!finds(filter, ""));
    CHECK(!finds(filter, "="));
    CHECK(!finds(filter, "md5=fedcba0987654321,sha1=00000000000000000"));
    CHECK(!finds(filter, "0123456789abcdef fedcba9876543210 12345678"));
}

TEST(a_lane_behind_another_is_not_taken_for_the_anchor)
{
    const struct anchor_filter *filter = filter_of(hashes, 4);

    CHECK(!finds(filter, "=<=<=<=<<12345678"));
    CHECK(finds(filter, "=<=<=<=<=12345678"));
}

TEST(what_is_not_ascii_may_be)
{
    const struct anchor_filter *filter = filter_of(hashes, 4);
    static const char kelvin[] = "=\0"
                                 "1\0"
                                 "2\0"
                                 "3\0"
                                 "4\0"
                                 "5\0"
                                 "6\0"
                                 "7\0"
                                 "\x2a\x21";

    CHECK(anchor_filter_may_find(filter, STR("=1234567\xe2\x84\xaa")));
    CHECK(anchor_filter_may_find_utf16(filter, (struct str){kelvin, sizeof(kelvin) - 1}));
}

TEST(an_odd_byte_at_the_end_is_nothing)
{
    const struct anchor_filter *filter = filter_of(hashes, 4);

    for (size_t len = 0; len < 40; len++) {
        char *wide = malloc(len + 1);
        for (size_t i = 0; i < len; i++)
            wide[i] = i % 2 ? 0 : '=';
        CHECK(!anchor_filter_may_find_utf16(filter, (struct str){wide, len}));
        free(wide);
    }
}

TEST(needs_a_character_in_common)
{
    static const char *const none[] = {"md5=0123456789abcdef", "md5:0123456789abcdef"};
    static const char *const near_the_end[] = {"md5=0123456"};
    static const char *const letters[] = {"abcdefghijklmnop"};
    static const char *const other[] = {"a=b:0123456789", "c:0123456789"};
    static const char *const foreign[] = {"a=0123456\xc3\xa4"};

    CHECK(!filter_of(none, 2));
    CHECK(!filter_of(near_the_end, 1));
    CHECK(!filter_of(letters, 1));
    CHECK(!filter_of(foreign, 1));
    CHECK(!filter_of(none, 0));
    const struct anchor_filter *filter = filter_of(other, 2);
    CHECK(filter && finds(filter, "A=B:0123456789") && finds(filter, "c:0123456789"));
}
