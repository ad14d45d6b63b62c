/* deflate.c - see deflate.h. */
#include "codec/deflate.h"

#include "core/ensure.h"

#include <zlib.h>

void deflate_bytes(struct str bytes, struct buf *out)
{
    uLongf len = compressBound((uLong)bytes.len);
    char *to = buf_reserve(out, len);

    if (!to)
        return;
    int status = compress2((Bytef *)to, &len, (const Bytef *)bytes.at, (uLong)bytes.len,
                           Z_DEFAULT_COMPRESSION);
    ENSURE(status == Z_OK); /* there is room: only memory can be missing */
    out->len += len;
}

bool inflate_bytes(struct str stream, char *to, size_t len)
{
    uLongf got = (uLongf)len;

    return uncompress((Bytef *)to, &got, (const Bytef *)stream.at, (uLong)stream.len) == Z_OK &&
           got == len;
}

void base64_add(struct str bytes, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *to = buf_reserve(out, (bytes.len + 2) / 3 * 4);

    if (!to)
        return;
    char *at = to;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t three = (uint32_t)(uint8_t)bytes.at[i] << 16;
        three |= left > 1 ? (uint32_t)(uint8_t)bytes.at[i + 1] << 8 : 0;
        three |= left > 2 ? (uint32_t)(uint8_t)bytes.at[i + 2] : 0;
        *at++ = digits[three >> 18];
        *at++ = digits[three >> 12 & 63];
        *at++ = left > 1 ? digits[three >> 6 & 63] : '=';
        *at++ = left > 2 ? digits[three & 63] : '=';
    }
    out->len += (size_t)(at - to);
}
