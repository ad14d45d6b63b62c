/* sha256.h - SHA-256 (FIPS 180-4) of bytes in memory, by OpenSSL's libcrypto. */
#ifndef CODEC_SHA256_H
#define CODEC_SHA256_H

#include "core/str.h"

#define SHA256_BYTES 32
#define SHA256_TEXT_SIZE 65

void sha256(struct str bytes, uint8_t digest[SHA256_BYTES]);
void sha256_text(struct str bytes, char out[SHA256_TEXT_SIZE]); /* lower-case hexadecimal, NUL */

#endif
