/* deflate.h - bytes compressed in memory: zlib streams (RFC 1950), and base64 (RFC 4648). */
#ifndef CODEC_DEFLATE_H
#define CODEC_DEFLATE_H

#include "core/buf.h"

/* Appends the bytes as one zlib stream; `full` of the buffer says if there was no room. */
void deflate_bytes(struct str bytes, struct buf *out);
/* Unpacks a stream of exactly so many bytes into `to`; false if it is not that. */
MUST_USE bool inflate_bytes(struct str stream, char *to, size_t len);

/* Appends the bytes as base64 with padding, on one line. */
void base64_add(struct str bytes, struct buf *out);

#endif
