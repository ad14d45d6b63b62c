/* sha256.c - see sha256.h. */
#include "codec/sha256.h"

#include "codec/digest.h"
#include "core/ensure.h"

#include <openssl/evp.h>

void sha256(struct str bytes, uint8_t digest[SHA256_BYTES])
{
    ENSURE(EVP_Digest(bytes.at, bytes.len, digest, NULL, EVP_sha256(), NULL) == 1);
}

void sha256_text(struct str bytes, char out[SHA256_TEXT_SIZE])
{
    digest_text(DIGEST_SHA256, bytes, out);
}
