/* test_sha256.c - published examples (FIPS 180-4). */
#include "codec/sha256.h"

#include "testkit.h"

static struct str digest_of(struct str bytes)
{
    static char text[SHA256_TEXT_SIZE];

    sha256_text(bytes, text);
    return str_from(text);
}

TEST(of_nothing)
{
    CHECK_STR(digest_of(STR_EMPTY),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_STR(digest_of((struct str){NULL, 0}),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(of_one_block)
{
    CHECK_STR(digest_of(STR("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(of_two_blocks)
{
    CHECK_STR(digest_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(of_many_blocks)
{
    char *text = malloc(1000000);

    if (!text)
        abort();
    memset(text, 'a', 1000000);
    CHECK_STR(digest_of((struct str){text, 1000000}),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(text);
}

TEST(nul_bytes_count_and_binary_agrees_with_text)
{
    uint8_t digest[SHA256_BYTES];
    char text[SHA256_TEXT_SIZE], byte[3];

    CHECK(!str_eq(digest_of(STR("a")), STR("")));
    sha256(STR("a\0b"), digest);
    sha256_text(STR("a\0b"), text);
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        snprintf(byte, sizeof(byte), "%02x", digest[i]);
        CHECK(memcmp(byte, text + 2 * i, 2) == 0);
    }
    CHECK_INT(strlen(text), 64);
    CHECK(strcmp(text, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb") != 0);
}
