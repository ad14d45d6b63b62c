/* digest.c - see digest.h. */
#include "codec/digest.h"

#include "core/ensure.h"

#include <openssl/evp.h>

static const size_t lengths[DIGESTS] = {16, 20, 32};

void digest_text(enum digest digest, struct str bytes, char out[DIGEST_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t raw[EVP_MAX_MD_SIZE];
    const EVP_MD *method = digest == DIGEST_MD5    ? EVP_md5()
                           : digest == DIGEST_SHA1 ? EVP_sha1()
                                                   : EVP_sha256();

    ENSURE(EVP_Digest(bytes.at, bytes.len, raw, NULL, method, NULL) == 1);
    for (size_t i = 0; i < lengths[digest]; i++) {
        out[2 * i] = digits[raw[i] >> 4];
        out[2 * i + 1] = digits[raw[i] & 15];
    }
    out[2 * lengths[digest]] = '\0';
}

enum digest digest_of_length(size_t digits)
{
    unsigned digest = 0;

    while (digest < DIGESTS && 2 * lengths[digest] != digits)
        digest++;
    return (enum digest)digest;
}
