/* cidr.c - reading addresses strictly: what inet_pton takes, plus brackets and zones around
 * IPv6. */
#include "match/cidr.h"

#include <string.h>

#define GROUPS 8u
#define IPV4_BITS 32u
#define MAPPED_BITS 96u

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool parse_ipv4(struct str text, uint8_t out[4])
{
    for (unsigned i = 0; i < 4; i++) {
        size_t len = str_find_byte(text, '.');
        uint64_t value;
        if ((i == 3) != (len == text.len))
            return false;
        /* "010" is 8 for some readers and 10 for others: no address */
        if (len == 0 || len > 3 || (len > 1 && text.at[0] == '0') ||
            !str_to_u64(str_slice(text, 0, len), 255, &value))
            return false;
        out[i] = (uint8_t)value;
        text = str_slice(text, len + 1, text.len);
    }
    return true;
}

static bool parse_group(struct str text, uint16_t *group)
{
    uint32_t value = 0;

    if (text.len == 0 || text.len > 4)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.at[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        value = value << 4 | (uint32_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    *group = (uint16_t)value;
    return true;
}

/* Reads groups with single colons between them; a dotted tail counts as two. Empty text has
 * none. */
static bool parse_groups(struct str text, bool dotted, uint16_t groups[GROUPS], unsigned *count)
{
    *count = 0;
    for (size_t at = 0; at < text.len;) {
        struct str part = str_slice(text, at, text.len);
        uint8_t tail[4];
        part.len = str_find_byte(part, ':');
        bool is_last = at + part.len == text.len;
        if (*count == GROUPS || (!is_last && at + part.len + 1 == text.len))
            return false;
        if (is_last && dotted && *count + 2 <= GROUPS && parse_ipv4(part, tail)) {
            groups[(*count)++] = (uint16_t)(tail[0] << 8 | tail[1]);
            groups[(*count)++] = (uint16_t)(tail[2] << 8 | tail[3]);
        } else if (!parse_group(part, &groups[(*count)++])) {
            return false;
        }
        at += part.len + 1;
    }
    return true;
}

static bool parse_ipv6(struct str text, uint8_t out[16])
{
    uint16_t head[GROUPS], tail[GROUPS];
    unsigned head_count, tail_count = 0;
    size_t gap = str_find(text, STR("::"));
    bool has_gap = gap < text.len;

    if (!parse_groups(str_slice(text, 0, gap), !has_gap, head, &head_count))
        return false;
    if (has_gap && !parse_groups(str_slice(text, gap + 2, text.len), true, tail, &tail_count))
        return false;
    if (has_gap ? head_count + tail_count >= GROUPS : head_count != GROUPS)
        return false;
    memset(out, 0, 16);
    for (unsigned i = 0; i < head_count; i++) {
        out[2 * i] = (uint8_t)(head[i] >> 8);
        out[2 * i + 1] = (uint8_t)head[i];
    }
    for (unsigned i = 0; i < tail_count; i++) {
        unsigned at = 2 * (GROUPS - tail_count + i);
        out[at] = (uint8_t)(tail[i] >> 8);
        out[at + 1] = (uint8_t)tail[i];
    }
    return true;
}

static bool has_colon(struct str text)
{
    return str_find_byte(text, ':') < text.len;
}

bool address_parse(struct str text, struct address *address)
{
    if (!has_colon(text)) {
        memcpy(address->bytes, mapped_prefix, sizeof(mapped_prefix));
        return parse_ipv4(text, address->bytes + sizeof(mapped_prefix));
    }
    if (text.len >= 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
        text = str_slice(text, 1, text.len - 1);
    size_t zone = str_find_byte(text, '%');
    if (zone + 1 == text.len)
        return false;
    return parse_ipv6(str_slice(text, 0, zone), address->bytes);
}

static bool is_ipv4(const uint8_t bytes[16])
{
    return memcmp(bytes, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

static uint8_t mask_at(uint32_t bits, unsigned byte)
{
    uint32_t before = 8 * byte;

    if (bits <= before)
        return 0;
    uint32_t set = bits - before < 8 ? bits - before : 8;
    return (uint8_t)(0xff00u >> set);
}

bool cidr_parse(struct str text, struct cidr *cidr, bool *host_bits)
{
    struct str bits_text = text;
    struct str net = str_cut(&bits_text, '/');
    bool has_bits = net.len < text.len;
    uint32_t width = has_colon(net) ? 128 : IPV4_BITS;
    uint64_t bits = width;

    if (!address_parse(net, &cidr->net))
        return false;
    if (has_bits && (bits_text.len > 3 || !str_to_u64(bits_text, width, &bits)))
        return false;
    cidr->bits = (uint32_t)bits + (width == IPV4_BITS ? MAPPED_BITS : 0);
    *host_bits = false;
    for (unsigned i = 0; i < 16; i++) {
        uint8_t kept = (uint8_t)(cidr->net.bytes[i] & mask_at(cidr->bits, i));
        *host_bits |= kept != cidr->net.bytes[i];
        cidr->net.bytes[i] = kept;
    }
    return true;
}

bool cidr_contains(const struct cidr *cidr, const struct address *address)
{
    uint32_t whole = cidr->bits / 8;

    if (cidr->bits < MAPPED_BITS && is_ipv4(address->bytes))
        return false;
    if (memcmp(cidr->net.bytes, address->bytes, whole) != 0)
        return false;
    return whole == 16 ||
           (address->bytes[whole] & mask_at(cidr->bits, whole)) == cidr->net.bytes[whole];
}
