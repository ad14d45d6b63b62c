/* cidr.h - address ranges. IPv4 nets also contain their IPv4-mapped IPv6 addresses (`sigma.md`
 * M14); IPv6 nets contain no IPv4 address, unless they lie within ::ffff:0:0/96. */
#ifndef MATCH_CIDR_H
#define MATCH_CIDR_H

#include "core/str.h"

struct address {
    uint8_t bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
};

struct cidr {
    struct address net;
    uint32_t bits; /* 0-128, of the 16-byte form */
};

/* Dotted quad, or IPv6 (RFC 4291, with `::` and a dotted tail), optionally in brackets or with a
 * %zone. */
MUST_USE bool address_parse(struct str text, struct address *address);
/* "192.0.2.0/24", "2001:db8::/32", a bare address (all bits). *host_bits: bits beyond the mask are
 * set; they are ignored. */
MUST_USE bool cidr_parse(struct str text, struct cidr *cidr, bool *host_bits);
bool cidr_contains(const struct cidr *cidr, const struct address *address);

#endif
