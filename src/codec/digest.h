/* digest.h - digests that lists of files have, as lower-case hexadecimal: MD5 (RFC 1321), SHA-1 and
 * SHA-256 (FIPS 180-4), by OpenSSL's libcrypto. That two files with the same MD5 are the same holds
 * only where nobody made them so. */
#ifndef CODEC_DIGEST_H
#define CODEC_DIGEST_H

#include "core/str.h"

enum digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGESTS };

#define DIGEST_TEXT_SIZE 65 /* of the longest, and NUL */

/* NUL-terminated. */
void digest_text(enum digest digest, struct str bytes, char out[DIGEST_TEXT_SIZE]);
/* Which digest has so many hexadecimal digits; DIGESTS: none. */
enum digest digest_of_length(size_t digits);

#endif
