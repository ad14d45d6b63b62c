/* test_digest.c - against the values of RFC 1321 and FIPS 180-4. */
#include "codec/digest.h"
#include "testkit.h"

TEST(digests)
{
    char text[DIGEST_TEXT_SIZE];

    digest_text(DIGEST_MD5, STR("abc"), text);
    CHECK_STR(str_from(text), "900150983cd24fb0d6963f7d28e17f72");
    digest_text(DIGEST_SHA1, STR("abc"), text);
    CHECK_STR(str_from(text), "a9993e364706816aba3e25717850c26c9cd0d89d");
    digest_text(DIGEST_SHA256, STR("abc"), text);
    CHECK_STR(str_from(text), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(lengths_name_digests)
{
    CHECK_INT(digest_of_length(32), DIGEST_MD5);
    CHECK_INT(digest_of_length(40), DIGEST_SHA1);
    CHECK_INT(digest_of_length(64), DIGEST_SHA256);
    CHECK_INT(digest_of_length(33), DIGESTS);
}
