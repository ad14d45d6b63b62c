/* test_utf.c - decoding, repairing and folding of text. */
#include "codec/utf.h"

#include "testkit.h"

static struct str decoded(const void *bytes, size_t len)
{
    static char *out;
    uint8_t *in = malloc(len ? len : 1); /* exact sizes: AddressSanitizer watches both */

    free(out);
    out = malloc(UTF8_SIZE_OF_UTF16(len));
    if (!in || !out)
        abort();
    memcpy(in, bytes, len);
    size_t written = utf16le_to_utf8(in, len, out);
    CHECK(written <= UTF8_SIZE_OF_UTF16(len));
    free(in);
    return (struct str){out, written};
}
#define DECODED(literal) decoded(literal, sizeof(literal) - 1)

static struct buf repaired_bytes;

static struct str repaired(struct str s)
{
    buf_free(&repaired_bytes);
    buf_init(&repaired_bytes, 1 << 16);
    utf8_repair(s, &repaired_bytes);
    return buf_str(&repaired_bytes);
}

static struct str folded(const char *text)
{
    static char *out;
    struct str s = str_from(text);

    free(out);
    out = malloc(FOLD_SIZE(s.len));
    if (!out)
        abort();
    return (struct str){out, fold_str(s, out)};
}

TEST(utf16_of_plain_text)
{
    CHECK_STR(DECODED(""), "");
    CHECK_STR(DECODED("a\0"), "a");
    CHECK_STR(DECODED("a\0b\0c\0d\0e\0f\0g\0h\0i\0"), "abcdefghi");
}

TEST(utf16_keeps_nul_characters)
{
    CHECK_STR(DECODED("a\0\0\0b\0"), "a\0b");
}

TEST(utf16_beyond_ascii)
{
    CHECK_STR(DECODED("\xe9\0\xac\x20"), "\xc3\xa9\xe2\x82\xac");
    CHECK_STR(DECODED("\x80\0\xff\x07\0\x08"), "\xc2\x80\xdf\xbf\xe0\xa0\x80"); /* lengths change */
    CHECK_STR(DECODED("\x3d\xd8\0\xde"), "\xf0\x9f\x98\x80");
}

TEST(utf16_mixes_runs_and_others)
{
    CHECK_STR(DECODED("a\0b\0c\0\xe9\0d\0e\0f\0g\0h\0\x3d\xd8\0\xdei\0"), "abc\xc3\xa9"
                                                                          "defgh\xf0\x9f\x98\x80i");
}

TEST(an_odd_last_byte_becomes_a_replacement)
{
    CHECK_STR(DECODED("a"), "\xef\xbf\xbd");
    CHECK_STR(DECODED("a\0b"), "a\xef\xbf\xbd");
    CHECK_STR(DECODED("a\0b\0c\0d\0e"), "abcd\xef\xbf\xbd");
    CHECK_STR(DECODED("\x3d\xd8\0"), "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(lone_surrogates_become_replacements)
{
    CHECK_STR(DECODED("\x3d\xd8"), "\xef\xbf\xbd");
    CHECK_STR(DECODED("\0\xde"), "\xef\xbf\xbd");
    CHECK_STR(DECODED("\x3d\xd8x\0"), "\xef\xbf\xbdx");
    CHECK_STR(DECODED("\0\xde\x3d\xd8"), "\xef\xbf\xbd\xef\xbf\xbd");
    CHECK_STR(DECODED("\x3d\xd8\x3d\xd8\0\xde"), "\xef\xbf\xbd\xf0\x9f\x98\x80");
}

TEST(the_longest_form_fits)
{
    char in[2 * 64];

    for (size_t i = 0; i < sizeof(in); i += 2) {
        in[i] = '\xff';
        in[i + 1] = '\xff';
    }
    CHECK_INT(decoded(in, sizeof(in)).len, 64 * 3);
    CHECK_INT(decoded(in, sizeof(in) - 1).len, 64 * 3);
}

TEST(well_formed_text_is_valid)
{
    CHECK(utf8_is_valid(STR("")));
    CHECK(utf8_is_valid(STR("abc\0\x7f")));
    CHECK(utf8_is_valid(STR("\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf")));
    CHECK(utf8_is_valid(STR("\xed\x9f\xbf\xee\x80\x80"))); /* both sides of the surrogates */
    CHECK(utf8_is_valid(STR("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")));
    CHECK(utf8_is_valid(STR("\xef\xbf\xbd")));
}

TEST(ill_formed_text_is_not)
{
    static const struct str bad[] = {
        STR_INIT("\x80"),
        STR_INIT("\xbf"),
        STR_INIT("\xc0\x80"),
        STR_INIT("\xc1\xbf"),
        STR_INIT("\xe0\x9f\xbf"),
        STR_INIT("\xed\xa0\x80"),
        STR_INIT("\xed\xbf\xbf"),
        STR_INIT("\xf0\x8f\xbf\xbf"),
        STR_INIT("\xf4\x90\x80\x80"),
        STR_INIT("\xf5\x80\x80\x80"),
        STR_INIT("\xff"),
        STR_INIT("\xc3"),
        STR_INIT("\xe2\x82"),
        STR_INIT("\xf0\x9f\x98"),
        STR_INIT("abcdefghijk\xc3z"),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (utf8_is_valid(bad[i]))
            TESTKIT_FAIL("case %zu counts as valid", i);
}

TEST(the_valid_length_ends_before_what_is_ill_formed)
{
    CHECK_INT(utf8_valid_length(STR("")), 0);
    CHECK_INT(utf8_valid_length(STR("a\xc3\xa9")), 3);
    CHECK_INT(utf8_valid_length(STR("a\xc3\xa9\xc3")), 3);
    CHECK_INT(utf8_valid_length(STR("\xffz")), 0);
    CHECK_INT(utf8_valid_length(STR("abcdefghij\xe2\x82\x28z\xff")), 10);
}

TEST(repair_leaves_good_text_alone)
{
    CHECK_STR(repaired(STR("")), "");
    CHECK_STR(repaired(STR("abcdefghi\xc3\xa9\xef\xbf\xbdz")), "abcdefghi\xc3\xa9\xef\xbf\xbdz");
    buf_free(&repaired_bytes);
}

TEST(repair_puts_one_replacement_per_maximal_part)
{
    /* the example of the Unicode standard, table 3-8 */
    CHECK_STR(repaired(STR("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64")),
              "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
              "b\xef\xbf\xbd"
              "c\xef\xbf\xbd\xef\xbf\xbd"
              "d");
    CHECK_STR(repaired(STR("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42")), /* table 3-10 */
              "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
              "A\xef\xbf\xbd\xef\xbf\xbd"
              "B");
    buf_free(&repaired_bytes);
}

TEST(repaired_text_is_valid)
{
    char text[3];

    for (unsigned pair = 0; pair < 0x10000; pair += 7) {
        text[0] = (char)(pair >> 8);
        text[1] = (char)pair;
        text[2] = '\xa0';
        CHECK(utf8_is_valid(repaired((struct str){text, 3})));
    }
    buf_free(&repaired_bytes);
}

TEST(checked_text_is_itself_or_repaired)
{
    struct arena *arena = arena_new("test", 1 << 20);
    struct str good = STR("gut \xc3\xa4");

    CHECK(utf8_checked(good, arena).at == good.at);
    CHECK_STR(utf8_checked(STR("a\xff"
                               "b"),
                           arena),
              "a\xef\xbf\xbd"
              "b");
    arena_free(arena);
}

TEST(cut_text_ends_between_characters)
{
    struct str text = STR("a\xc3\xa4\xe2\x82\xac!"); /* 1, 2, 3 and 1 bytes */
    static const size_t lengths[] = {0, 1, 1, 3, 3, 3, 6, 7, 7};

    for (size_t max = 0; max < ARRAY_COUNT(lengths); max++)
        CHECK_INT(utf8_cut(text, max).len, lengths[max]);
    CHECK_INT(utf8_cut(STR("\x80\x80\x80"), 2).len, 0);
    CHECK_INT(utf8_cut(STR(""), 0).len, 0);
}

TEST(taking_moves_by_one_character)
{
    struct str text = STR("a\xc3\xa9\xf0\x9f\x98\x80\xff");

    CHECK_INT(utf8_take(&text), 'a');
    CHECK_INT(utf8_take(&text), 0xe9);
    CHECK_INT(utf8_take(&text), 0x1f600);
    CHECK_INT(utf8_take(&text), 0xfffd);
    CHECK_INT(text.len, 0);
}

TEST(what_is_put_is_taken)
{
    for (uint32_t c = 0; c <= 0x10ffff; c += c < 0x1000 ? 1 : 61) {
        char out[4];
        struct str text = {out, utf8_put(c, out)};
        uint32_t expected = c >= 0xd800 && c <= 0xdfff ? 0xfffd : c;
        if (utf8_take(&text) != expected || text.len != 0)
            TESTKIT_FAIL("U+%04X is not taken back", c);
    }
    char out[4];
    CHECK_INT(utf8_put(0x110000, out), 3);
    CHECK(memcmp(out, "\xef\xbf\xbd", 3) == 0);
    CHECK_INT(utf8_put(UINT32_MAX, out), 3);
}

TEST(folding_of_ascii_at_every_place_of_a_run)
{
    for (size_t len = 1; len < 20; len++) {
        for (size_t i = 0; i < len; i++) {
            char in[20], out[FOLD_SIZE(20)];
            memset(in, '@', len);
            in[i] = 'Z';
            CHECK_INT(fold_str((struct str){in, len}, out), len);
            in[i] = 'z';
            CHECK(memcmp(in, out, len) == 0);
        }
    }
}

TEST(only_letters_fold)
{
    char in[128], out[FOLD_SIZE(128)];

    for (int c = 0; c < 128; c++)
        in[c] = (char)c;
    CHECK_INT(fold_str((struct str){in, 128}, out), 128);
    for (int c = 0; c < 128; c++)
        CHECK_INT(out[c], c >= 'A' && c <= 'Z' ? c + 32 : c);
}

TEST(folding_beyond_ascii)
{
    CHECK_STR(folded("\xc3\x89\xc3\x96"), "\xc3\xa9\xc3\xb6"); /* E acute, O diaeresis */
    CHECK_STR(folded("\xce\xa3\xcf\x82\xcf\x83"), "\xcf\x83\xcf\x83\xcf\x83"); /* three sigmas */
    CHECK_STR(folded("\xd0\x96"), "\xd0\xb6");                                 /* Cyrillic */
    CHECK_STR(folded("\xe2\x84\xaa"), "k");                                    /* Kelvin sign */
    CHECK_STR(folded("\xf0\x90\x90\x80"), "\xf0\x90\x90\xa8");                 /* Deseret */
    CHECK_STR(folded("\xc3\x9f"), "\xc3\x9f"); /* no full folding to ss */
    CHECK_STR(folded("\xc4\xb0"), "\xc4\xb0"); /* dotted I: statuses T and F only */
}

TEST(folding_twice_changes_nothing)
{
    for (uint32_t c = 0; c <= 0x1ffff; c++) {
        uint32_t once = fold_character(c);
        if (fold_character(once) != once)
            TESTKIT_FAIL("U+%04X folds to U+%04X, which folds on", c, once);
    }
}

TEST(folded_text_fits_its_size)
{
    for (uint32_t c = 1; c <= 0x1ffff; c++) {
        char in[4], out[4];
        size_t len = utf8_put(c, in);
        if (utf8_put(fold_character(c), out) > FOLD_SIZE(len) - 4) /* any number of them fits */
            TESTKIT_FAIL("U+%04X becomes too long", c);
    }
}

TEST(ill_formed_bytes_stay_when_folded)
{
    CHECK_STR(folded("A\xff\xc3"
                     "B\xe2\x82"),
              "a\xff\xc3"
              "b\xe2\x82");
}

TEST(equal_letters_fold_alike_whatever_stands_before)
{
    CHECK_STR(folded("abcdefg\xc3\x89H"), "abcdefg\xc3\xa9h");
    CHECK_STR(folded("ABCDEFGH\xc3\x89"), "abcdefgh\xc3\xa9");
    CHECK_STR(folded("\xc3\x89"
                     "ABCDEFGH"),
              "\xc3\xa9"
              "abcdefgh");
}

TEST(a_replacement_in_the_text_is_not_ill_formed)
{
    static const char *const bad[] = {"\xff", "\xe2\x82", "\xf0\x9f\x98", "\xed"};
    struct str good = STR("\xef\xbf\xbd"), rest = good;

    CHECK(!utf8_is_ill_formed(utf8_take(&rest), good));
    rest = STR("x");
    CHECK(!utf8_is_ill_formed(utf8_take(&rest), STR("x")));
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        rest = str_from(bad[i]);
        CHECK(utf8_is_ill_formed(utf8_take(&rest), str_from(bad[i])));
        CHECK_INT(rest.len, 0);
    }
}
