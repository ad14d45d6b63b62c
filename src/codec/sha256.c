/* sha256.c - OpenSSL's one-shot digest, and its text form. */
#include "codec/sha256.h"

#include "core/ensure.h"

#include <openssl/evp.h>

void sha256(struct str bytes, uint8_t digest[SHA256_BYTES])
{
    ENSURE(EVP_Digest(bytes.at, bytes.len, digest, NULL, EVP_sha256(), NULL) == 1);
}

void sha256_text(struct str bytes, char out[SHA256_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_BYTES];

    sha256(bytes, digest);
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[SHA256_TEXT_SIZE - 1] = '\0';
}
