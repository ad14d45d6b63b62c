/* test_indicator_text.c: what a text means, the key that is made of it, and what is refused. */
#include "indicators/indicator_text.h"

#include "testkit.h"

static struct buf key, plain;
static struct arena *arena;
static enum indicator_kind kind;
static const char *doubt;

static const char *read_as(enum indicator_kind as, const char *text)
{
    if (!arena) {
        arena = arena_new("test", (size_t)1 << 24);
        buf_init(&key, 1 << 20);
        buf_init(&plain, 1 << 20);
    }
    kind = as;
    return indicator_read(indicator_refang(str_from(text), &plain), &kind, &key, &doubt);
}

/* "domain evil.example", or why not. */
static struct str read_text(enum indicator_kind as, const char *text)
{
    const char *why = read_as(as, text);

    if (why)
        return str_from(why);
    struct str name = indicator_kind_name(kind);
    struct str shown = indicator_shown(kind, buf_str(&key), arena);
    return arena_printf(arena, "%.*s %.*s", STR_ARG(name), STR_ARG(shown));
}

#define GUESSED(text, expected) CHECK_STR(read_text(INDICATOR_GUESS, text), expected)
#define READ(as, text, expected) CHECK_STR(read_text(INDICATOR_##as, text), expected)

TEST(guesses_by_shape)
{
    GUESSED("203.0.113.7", "address 203.0.113.7");
    GUESSED("203.0.113.7:8080", "address 203.0.113.7");
    GUESSED("2001:DB8::7", "address 2001:db8::7");
    GUESSED("[2001:db8::7]:443", "address 2001:db8::7");
    GUESSED("203.0.113.0/24", "net 203.0.113.0/24");
    GUESSED("203.0.113.9/24", "net 203.0.113.0/24");
    GUESSED("203.0.113.9/32", "address 203.0.113.9");
    GUESSED("2001:db8::/32", "net 2001:db8::/32");
    GUESSED("Evil.Example", "domain evil.example");
    GUESSED("*.evil.example.", "domain evil.example");
    GUESSED("evil.example:443", "domain evil.example");
    GUESSED("http://Evil.Example/Path?q=A", "URL http://evil.example/Path?q=A");
    GUESSED("evil.example/Path", "URL evil.example/Path");
    GUESSED("D41D8CD98F00B204E9800998ECF8427E", "hash d41d8cd98f00b204e9800998ecf8427e");
    GUESSED("Tool.EXE", "file name tool.exe");
    GUESSED("C:\\Temp\\Tool.exe", "file path c:\\temp\\tool.exe");
    GUESSED("/tmp/.x", "file path /tmp/.x");
    GUESSED("Someone@Evil.Example", "e-mail address someone@evil.example");
    GUESSED("localhost", "not an address, domain, URL, hash, file name or mail address");
    GUESSED("", "empty");
    GUESSED(" \"evil.example\" ", "domain evil.example");
}

TEST(undoes_what_keeps_people_from_clicking)
{
    GUESSED("evil[.]example", "domain evil.example");
    GUESSED("evil(dot)example", "domain evil.example");
    GUESSED("evil[DOT]example", "domain evil.example");
    GUESSED("hxxp://evil[.]example/a", "URL http://evil.example/a");
    GUESSED("hXXps[:]//evil.example", "URL https://evil.example/");
    GUESSED("http[://]evil.example/a", "URL http://evil.example/a");
    GUESSED("203[.]0[.]113[.]7", "address 203.0.113.7");
    GUESSED("someone[at]evil[.]example", "e-mail address someone@evil.example");
    READ(FILE, "tool(1).exe", "file name tool(1).exe");
}

TEST(refuses_what_would_match_its_neighbours)
{
    READ(DOMAIN, "co.uk", "a public suffix");
    READ(DOMAIN, "GitHub.io", "a public suffix");
    READ(DOMAIN, "com", "a single label");
    READ(DOMAIN, "evil.co.uk", "domain evil.co.uk");
    READ(DOMAIN, "evil..example", "not a domain");
    READ(DOMAIN, "a b.example", "not a domain");
    READ(DOMAIN, "1.2.3", "not a domain");
    READ(ADDRESS, "0.0.0.0/0", "a net that holds every address");
    READ(ADDRESS, "::/0", "a net that holds every address");
    READ(ADDRESS, "1.2.3", "not an address");
    READ(HASH, "d41d8cd9", "not a hash of a known length");
    READ(URL, "http:///x", "not a URL with a host");
    READ(URL, "not a url", "not a URL");
    READ(FILE, "*.exe", "a name with wildcards");
    READ(FILE, "%TEMP%\\x.exe", "a path with a variable");
    READ(FILE, "+++", "not a file name");
    READ(EMAIL, "nobody", "not a mail address");
    READ(EMAIL, "a b@evil.example", "not a mail address of the common characters");
}

TEST(doubts_private_addresses)
{
    static const char *const private[] = {"10.1.2.3",    "127.0.0.1", "192.168.1.1", "172.16.0.1",
                                          "169.254.1.1", "::1",       "fe80::1",     "fd00::1",
                                          "10.0.0.0/8",  "100.64.0.1"};

    for (size_t i = 0; i < ARRAY_COUNT(private); i++) {
        CHECK(!read_as(INDICATOR_ADDRESS, private[i]));
        CHECK(doubt && strcmp(doubt, "a private or reserved address") == 0);
    }
    CHECK(!read_as(INDICATOR_ADDRESS, "172.32.0.1") && !doubt);
    CHECK(!read_as(INDICATOR_ADDRESS, "64.0.0.0/7") && doubt);
    CHECK(!read_as(INDICATOR_ADDRESS, "2001:db8::1") && !doubt);
}

TEST(urls_are_written_in_one_way)
{
    READ(URL, "HTTP://Evil.Example:80", "URL http://evil.example/");
    READ(URL, "https://evil.example:443/a#part", "URL https://evil.example/a");
    READ(URL, "https://evil.example:8443/a", "URL https://evil.example:8443/a");
    READ(URL, "http://evil.example?q", "URL http://evil.example/?q");
    CHECK_STR(indicator_url_host(STR("http://user:pw@evil.example:81/a")), "evil.example");
    CHECK_STR(indicator_url_host(STR("evil.example/a")), "evil.example");
    CHECK_STR(indicator_url_host(STR("http://[2001:db8::1]:81/a")), "2001:db8::1");
    struct address address;
    CHECK(indicator_url_address(STR("http://203.0.113.7/a"), &address));
    CHECK(!indicator_url_address(STR("http://evil.example/a"), &address));
}

TEST(folds_but_makes_no_ascii_of_what_is_none)
{
    struct buf out;

    buf_init(&out, 256);
    indicator_fold(STR("B\xc3\x96SE \xe2\x84\xaa"), &out); /* KELVIN SIGN */
    CHECK_STR(buf_str(&out), "b\xc3\xb6se \xe2\x84\xaa");
    buf_free(&out);
}

TEST(suffixes_are_sorted)
{
    static const char *const suffixes[] = {
#define SUFFIX(name) name,
#include "indicators/public_suffixes.def"
#undef SUFFIX
    };

    for (size_t i = 1; i < ARRAY_COUNT(suffixes); i++)
        if (strcmp(suffixes[i - 1], suffixes[i]) >= 0)
            CHECK_STR(str_from(suffixes[i]), "in order");
    READ(DOMAIN, suffixes[0], "a public suffix");
    READ(DOMAIN, suffixes[ARRAY_COUNT(suffixes) - 1], "a public suffix");
}
