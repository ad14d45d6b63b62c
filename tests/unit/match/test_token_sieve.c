/* test_token_sieve.c: what passes, in each form of texts, and that nothing known is missed. */
#include "match/token_sieve.h"

#include "testkit.h"

static struct token_sieve *sieve;
static struct token_scratch *scratch;

static void begin(void)
{
    token_sieve_free(sieve);
    token_scratch_free(scratch);
    sieve = token_sieve_new(&(struct token_counts){100, 100, 100}, 42);
    scratch = token_scratch_new();
}

static bool passes(const char *text)
{
    return token_sieve_passes(sieve, TOKEN_UTF8, str_from(text), scratch);
}

static bool passes_json(const char *text)
{
    return token_sieve_passes(sieve, TOKEN_JSON_ESCAPED, str_from(text), scratch);
}

static bool passes_wide(const char *text)
{
    char wide[512];
    size_t len = 0;

    for (; text[len]; len++) {
        wide[2 * len] = text[len];
        wide[2 * len + 1] = 0;
    }
    return token_sieve_passes(sieve, TOKEN_UTF16LE, (struct str){wide, 2 * len}, scratch);
}

static void add_address(const char *text)
{
    struct address address;

    CHECK(address_parse(str_from(text), &address));
    token_sieve_add_address(sieve, &address);
}

TEST(passes_names_by_their_last_two_parts)
{
    begin();
    CHECK(token_sieve_add_name(sieve, STR("bad.evil.example")));
    CHECK(passes("evil.example"));
    CHECK(passes("see http://x.y.EVIL.example/a"));
    CHECK(passes("evil.example."));
    CHECK(passes("C:\\a\\evil.example"));
    CHECK(!passes("notevil.example"));
    CHECK(!passes("evil.example.org"));
    CHECK(!passes("evil-example"));
    CHECK(!passes(""));
    CHECK(!passes("..."));
    CHECK(passes("a long text before it, of more than sixteen bytes: evil.example, and behind it"));
}

TEST(a_name_of_several_words_goes_by_its_last_token)
{
    begin();
    CHECK(token_sieve_add_name(sieve, STR("my tool (1).exe")));
    CHECK(passes("C:\\x\\my tool (1).exe"));
    CHECK(!passes("other.exe"));
    CHECK(!token_sieve_add_name(sieve, STR("+++")));
    CHECK(!token_sieve_add_name(sieve, STR("...")));
    CHECK(!token_sieve_add_name(sieve, STR("")));
}

TEST(names_without_a_dot)
{
    begin();
    CHECK(!passes("upd"));
    CHECK(token_sieve_add_name(sieve, STR("upd")));
    CHECK(passes("upd"));
    CHECK(passes("C:\\x\\UPD -a"));
    CHECK(passes_json("\\nupd"));
    CHECK(!passes("update upd2"));
}

TEST(addresses_and_nets)
{
    struct cidr net;
    bool host_bits;

    begin();
    CHECK(!passes("203.0.113.7"));
    add_address("203.0.113.7");
    add_address("2001:db8::7");
    CHECK(cidr_parse(STR("198.51.100.0/24"), &net, &host_bits));
    token_sieve_add_net(sieve, &net);
    CHECK(passes("203.0.113.7"));
    CHECK(passes("tcp://203.0.113.7:443/"));
    CHECK(passes("::ffff:203.0.113.7"));
    CHECK(passes("198.51.100.9"));
    CHECK(!passes("203.0.113.70"));
    CHECK(!passes("1.203.0.113.7"));
    CHECK(!passes("203.0.113.007"));
    CHECK(!passes("203.0.113"));
    CHECK(passes("[2001:DB8:0::7]:80"));
    CHECK(passes("from 2001:db8:0:0:0:0:0:7."));
    CHECK(!passes("2001:db8::8"));
    CHECK(!passes("x2001:db8::7"));
    CHECK(!passes("12:34:56.789"));
    CHECK(!passes("::"));
    CHECK(!passes(":"));
    CHECK(passes_wide("203.0.113.7"));
    CHECK(passes_wide("2001:db8::7"));
}

TEST(nets_of_every_width)
{
    struct cidr net;
    bool host_bits;

    begin();
    CHECK(cidr_parse(STR("10.0.0.0/7"), &net, &host_bits));
    token_sieve_add_net(sieve, &net);
    CHECK(passes("11.255.1.2"));
    CHECK(!passes("12.0.0.1"));
    CHECK(!passes("2001:db8::1"));
    CHECK(cidr_parse(STR("2001:db8::/32"), &net, &host_bits));
    token_sieve_add_net(sieve, &net);
    CHECK(passes("2001:db8::1"));
}

TEST(hashes_are_runs_of_the_right_length)
{
    begin();
    token_sieve_add_hash(sieve, STR("d41d8cd98f00b204e9800998ecf8427e"));
    CHECK(passes("MD5=D41D8CD98F00B204E9800998ECF8427E,SHA1=00"));
    CHECK(passes("C:\\x\\d41d8cd98f00b204e9800998ecf8427e.bin"));
    CHECK(passes_wide("SHA1=1,MD5=D41D8CD98F00B204E9800998ECF8427E"));
    CHECK(passes_json("\\td41d8cd98f00b204e9800998ecf8427e"));
    CHECK(!passes("0d41d8cd98f00b204e9800998ecf8427e"));
    CHECK(!passes("d41d8cd98f00b204e9800998ecf8427"));
    CHECK(!passes("d41d8cd98f00b204e9800998ecf8427g"));
    CHECK(token_is_hash(STR("d41d8cd98f00b204e9800998ecf8427e")));
    CHECK(!token_is_hash(STR("d41d8cd98f00b204e9800998ecf8427z")));
    CHECK(!token_is_hash(STR("d41d")));
}

TEST(escapes_of_json_set_tokens_off)
{
    begin();
    CHECK(token_sieve_add_name(sieve, STR("evil.example")));
    add_address("203.0.113.7");
    CHECK(passes_json("C:\\\\x\\\\evil.example"));
    CHECK(passes_json("line\\nevil.example"));
    CHECK(passes_json("http:\\/\\/evil.example\\/a"));
    CHECK(passes_json("\\u003cevil.example\\u003e"));
    CHECK(passes_json("\\t203.0.113.7"));
    CHECK(passes_json("evil\\u002eexample"));
    CHECK(!passes_json("good.example\\u003e"));
    CHECK(!passes_json("C:\\\\nevil.example"));
    CHECK(!passes_json("\\u003c"));
}

TEST(what_is_no_ascii)
{
    begin();
    CHECK(token_sieve_add_name(sieve, STR("evil.example")));
    CHECK(!passes("b\xc3\xb6se.example"));
    CHECK(!passes("\xc3\xb6"
                  "evil.example"));
    CHECK(token_sieve_add_name(sieve, STR("b\xc3\xb6se.example")));
    CHECK(passes("b\xc3\xb6se.example"));
    CHECK(passes_json("b\\u00f6se.example"));
    CHECK(token_sieve_passes(sieve, TOKEN_UTF16LE, STR("b\0\xf6\0s\0e\0.\0e\0x\0a\0m\0p\0l\0e\0"),
                             scratch));
}

struct seen {
    unsigned names, addresses, hashes;
    struct token_place last;
};

static void note(void *context, const struct token_place *place)
{
    struct seen *seen = context;

    seen->names += place->kind == TOKEN_NAME;
    seen->addresses += place->kind == TOKEN_ADDRESS;
    seen->hashes += place->kind == TOKEN_HASH;
    seen->last = *place;
}

TEST(tells_each_place)
{
    struct seen seen = {0};

    begin();
    CHECK(token_sieve_add_name(sieve, STR("evil.example")));
    add_address("203.0.113.7");
    token_sieve_add_hash(sieve, STR("d41d8cd98f00b204e9800998ecf8427e"));
    token_sieve_scan(sieve, STR("203.0.113.7 d41d8cd98f00b204e9800998ecf8427e a.evil.example."),
                     note, &seen);
    CHECK_INT(seen.addresses, 1);
    CHECK_INT(seen.hashes, 1);
    CHECK_INT(seen.names, 1);
    CHECK_INT(seen.last.start, 45);
    CHECK_INT(seen.last.end, 59);
}

/* Wherever a name lies in a text, and whatever its length. */
TEST(passes_at_every_place)
{
    char text[128];
    unsigned missed = 0;

    begin();
    CHECK(token_sieve_add_name(sieve, STR("abcdefghijklmnopqrstuvwxyz.example")));
    CHECK(token_sieve_add_name(sieve, STR("x.y")));
    token_sieve_add_hash(sieve, STR("d41d8cd98f00b204e9800998ecf8427e"));
    for (int before = 0; before < 40; before++) {
        snprintf(text, sizeof(text), "%*s%s%*s", before, "", "abcdefghijklmnopqrstuvwxyz.example",
                 before % 17, "");
        missed += (unsigned)!passes(text) + (unsigned)!passes_wide(text);
        snprintf(text, sizeof(text), "%*s%s", before, "", "x.y");
        missed += (unsigned)!passes(text) + (unsigned)!passes_wide(text);
        snprintf(text, sizeof(text), "%*s%s", before, "", "d41d8cd98f00b204e9800998ecf8427e");
        missed += (unsigned)!passes(text) + (unsigned)!passes_wide(text);
    }
    CHECK_INT(missed, 0);
}

TEST(false_hits_are_rare)
{
    char text[64];
    unsigned hits = 0;

    begin();
    token_sieve_free(sieve);
    sieve = token_sieve_new(&(struct token_counts){.names = 10000}, 7);
    for (unsigned i = 0; i < 10000; i++) {
        snprintf(text, sizeof(text), "known-%u.example", i);
        CHECK(token_sieve_add_name(sieve, str_from(text)));
    }
    for (unsigned i = 0; i < 10000; i++) {
        snprintf(text, sizeof(text), "other-%u.example", i);
        hits += passes(text);
    }
    CHECK(hits < 100);
}
