/* test_cidr.c - match/cidr: addresses and nets as texts, and what lies in them. */
#include "match/cidr.h"

#include "testkit.h"

#include <arpa/inet.h>

static bool is_address(const char *text)
{
    struct address address;

    return address_parse(str_from(text), &address);
}

static bool contains(const char *net, const char *text)
{
    struct cidr cidr;
    struct address address;
    bool host_bits;

    return cidr_parse(str_from(net), &cidr, &host_bits) &&
           address_parse(str_from(text), &address) && cidr_contains(&cidr, &address);
}

static bool same(const char *a, const char *b)
{
    struct address one, other;

    return address_parse(str_from(a), &one) && address_parse(str_from(b), &other) &&
           memcmp(&one, &other, sizeof(one)) == 0;
}

TEST(reads_dotted_quads)
{
    CHECK(is_address("192.0.2.1"));
    CHECK(is_address("0.0.0.0"));
    CHECK(is_address("255.255.255.255"));
    CHECK(!is_address("256.0.0.1"));
    CHECK(!is_address("1.2.3"));
    CHECK(!is_address("1.2.3.4.5"));
    CHECK(!is_address("1.2.3."));
    CHECK(!is_address("1.2.3.4."));
    CHECK(!is_address(".1.2.3"));
    CHECK(!is_address("01.2.3.4"));
    CHECK(!is_address(" 1.2.3.4"));
    CHECK(!is_address("1.2.3.4 "));
    CHECK(!is_address("+1.2.3.4"));
    CHECK(!is_address(""));
    CHECK(!is_address("-"));
    CHECK(!is_address("LOCAL"));
}

TEST(reads_ipv6)
{
    CHECK(same("2001:db8:0:0:0:0:0:1", "2001:DB8::1"));
    CHECK(same("::", "0:0:0:0:0:0:0:0"));
    CHECK(same("1::", "1:0:0:0:0:0:0:0"));
    CHECK(same("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"));
    CHECK(same("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"));
    CHECK(same("::192.0.2.1", "::c000:201"));
    CHECK(same("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"));
    CHECK(same("[fe80::1]", "fe80::1"));
    CHECK(same("fe80::1%eth0", "fe80::1"));
    CHECK(same("[fe80::1%3]", "fe80::1"));
    CHECK(!is_address(":"));
    CHECK(!is_address(":::"));
    CHECK(!is_address("1::2::3"));
    CHECK(!is_address("1:2:3:4:5:6:7"));
    CHECK(!is_address("1:2:3:4:5:6:7:8:9"));
    CHECK(!is_address("1:2:3:4:5:6:7:8::"));
    CHECK(!is_address("12345::"));
    CHECK(!is_address("g::"));
    CHECK(!is_address("1:"));
    CHECK(!is_address(":1"));
    CHECK(!is_address("1:2:3:4:5:6:7:"));
    CHECK(!is_address("192.0.2.1::"));
    CHECK(!is_address("::1.2.3"));
    CHECK(!is_address("1:2:3:4:5:6:7:192.0.2.1"));
    CHECK(!is_address("fe80::1%"));
    CHECK(!is_address("[fe80::1"));
}

TEST(takes_mapped_addresses_for_ipv4)
{
    CHECK(same("::ffff:192.0.2.1", "192.0.2.1"));
    CHECK(same("::ffff:c000:201", "192.0.2.1"));
    CHECK(contains("192.0.2.0/24", "::ffff:192.0.2.77"));
    CHECK(contains("::ffff:192.0.2.0/120", "192.0.2.77"));
}

TEST(holds_what_the_mask_says)
{
    CHECK(contains("10.0.0.0/8", "10.255.0.1"));
    CHECK(!contains("10.0.0.0/8", "11.0.0.1"));
    CHECK(contains("172.16.0.0/12", "172.31.255.255"));
    CHECK(!contains("172.16.0.0/12", "172.32.0.0"));
    CHECK(contains("0.0.0.0/0", "203.0.113.9"));
    CHECK(contains("192.0.2.7", "192.0.2.7"));
    CHECK(!contains("192.0.2.7/32", "192.0.2.6"));
    CHECK(contains("fe80::/10", "febf::1"));
    CHECK(!contains("fe80::/10", "fec0::1"));
    CHECK(contains("::1/128", "::1"));
    CHECK(contains("::1", "::1"));
}

TEST(keeps_the_families_apart)
{
    CHECK(!contains("::/0", "192.0.2.1"));
    CHECK(contains("::/0", "2001:db8::1"));
    CHECK(!contains("0.0.0.0/0", "::1"));
    CHECK(!contains("0.0.0.0/0", "2001:db8::1"));
}

TEST(ignores_bits_of_the_host_but_says_so)
{
    struct cidr cidr;
    bool host_bits = false;

    CHECK(cidr_parse(STR("192.0.2.7/24"), &cidr, &host_bits) && host_bits);
    CHECK(contains("192.0.2.7/24", "192.0.2.200"));
    CHECK(cidr_parse(STR("192.0.2.0/24"), &cidr, &host_bits) && !host_bits);
    CHECK(cidr_parse(STR("2001:db8::1/32"), &cidr, &host_bits) && host_bits);
}

TEST(refuses_what_is_no_net)
{
    struct cidr cidr;
    bool host_bits;

    CHECK(!cidr_parse(STR("192.0.2.0/33"), &cidr, &host_bits));
    CHECK(!cidr_parse(STR("192.0.2.0/"), &cidr, &host_bits));
    CHECK(!cidr_parse(STR("192.0.2.0/-1"), &cidr, &host_bits));
    CHECK(!cidr_parse(STR("192.0.2.0/0024"), &cidr, &host_bits));
    CHECK(!cidr_parse(STR("2001:db8::/129"), &cidr, &host_bits));
    CHECK(!cidr_parse(STR("192.0.2/24"), &cidr, &host_bits));
    CHECK(!cidr_parse(STR(""), &cidr, &host_bits));
}

/* The system reads the same addresses, but for what only we take: brackets and zones. */
TEST(agrees_with_inet_pton)
{
    static const char letters[] = "0123456789abcdef:::....%[]gA ";
    unsigned state = 1;

    for (int i = 0; i < 200000; i++) {
        char text[24];
        unsigned char bytes[16] = {[10] = 0xff, [11] = 0xff};
        size_t len = 0, most = 1 + (size_t)i % (sizeof(text) - 1);

        while (len < most) {
            state = state * 1664525u + 1013904223u;
            text[len++] = letters[(state >> 16) % (i % 3 ? 18 : sizeof(letters) - 1)];
        }
        text[len] = '\0';
        if (strpbrk(text, "%[]"))
            continue;
        struct address address;
        bool theirs =
            inet_pton(AF_INET, text, bytes + 12) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
        bool ours = address_parse((struct str){text, len}, &address);
        if (ours != theirs || (ours && memcmp(address.bytes, bytes, sizeof(bytes)) != 0))
            TESTKIT_FAIL("%s: ours %d, theirs %d", text, ours, theirs);
    }
}
