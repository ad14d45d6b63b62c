/* uuid.c - see uuid.h. */
#include "codec/uuid.h"

#include "core/buf.h"
#include "core/ensure.h"

#include <openssl/evp.h>
#include <stdio.h>

#define SHA1_BYTES 20

void uuid_of_name(const uint8_t space[UUID_BYTES], struct str name, char out[UUID_TEXT_SIZE])
{
    uint8_t digest[SHA1_BYTES];
    struct buf both;

    buf_init(&both, SIZE_MAX / 2);
    buf_add_bytes(&both, space, UUID_BYTES);
    buf_add(&both, name);
    ENSURE(!both.full && EVP_Digest(both.at, both.len, digest, NULL, EVP_sha1(), NULL) == 1);
    buf_free(&both);
    digest[6] = (uint8_t)((digest[6] & 15) | 0x50); /* version */
    digest[8] = (uint8_t)((digest[8] & 63) | 0x80); /* variant */
    char *to = out;
    for (size_t i = 0; i < UUID_BYTES; i++)
        to += snprintf(to, 4, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", digest[i]);
}
