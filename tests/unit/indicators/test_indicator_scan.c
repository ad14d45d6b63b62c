/* test_indicator_scan.c: what is found in a text, where, and what is not. */
#include "indicators/indicator_scan.h"

#include "set_maker.h"

static struct str found;

static void add(void *context, uint32_t index, struct str where)
{
    (void)context;
    (void)index;
    struct str one = arena_printf(made.arena, "[%.*s]", STR_ARG(where));
    if (!str_contains(found, one)) /* a place may come twice */
        found = arena_printf(made.arena, "%.*s%.*s", STR_ARG(found), STR_ARG(one));
}

static struct str scanned(const char *text)
{
    struct indicator_scan scan;

    found = STR_EMPTY;
    indicator_scan_init(&scan, made.set);
    indicator_scan_text(&scan, str_from(text), add, NULL);
    indicator_scan_free(&scan);
    return found;
}

#define FINDS(text, expected) CHECK_STR(scanned(text), expected)

TEST(domains_at_label_boundaries)
{
    CHECK(make_set(STR("evil.example\nsub.bad.example\n")));
    FINDS("evil.example", "[evil.example]");
    FINDS("a.b.Evil.Example.", "[Evil.Example]");
    FINDS("https://www.evil.example:8443/x?y=z", "[evil.example]");
    FINDS("someone@evil.example", "[evil.example]");
    FINDS("\\\\evil.example\\share", "[evil.example]");
    FINDS("q=evil.example&x=1", "[evil.example]");
    FINDS("notevil.example", "");
    FINDS("evil.example.org", "");
    FINDS("bad.example", "");
    FINDS("x.sub.bad.example", "[sub.bad.example]");
    FINDS("C:\\x\\evil.example", "");
    FINDS("/srv/evil.example", "");
}

TEST(addresses_and_nets)
{
    CHECK(make_set(STR("203.0.113.7\n198.51.100.0/24\n2001:db8::7\n")));
    FINDS("203.0.113.7", "[203.0.113.7]");
    FINDS("connect to 203.0.113.7:443, then", "[203.0.113.7]");
    FINDS("::ffff:203.0.113.7", "[203.0.113.7][::ffff:203.0.113.7]");
    FINDS("198.51.100.200 - - [22/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5",
          "[198.51.100.200]");
    FINDS("[2001:db8:0:0::7]:80", "[2001:db8:0:0::7]");
    FINDS("203.0.113.71", "");
    FINDS("203.0.113.7.example", "");
    FINDS("version 3.203.0.113", "");
}

TEST(hashes_in_lists)
{
    CHECK(make_set(STR("d41d8cd98f00b204e9800998ecf8427e\n")));
    FINDS("SHA1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709,MD5=D41D8CD98F00B204E9800998ECF8427E",
          "[D41D8CD98F00B204E9800998ECF8427E]");
    FINDS("xd41d8cd98f00b204e9800998ecf8427e", "");
}

TEST(urls_whole)
{
    CHECK(make_set(STR("http://evil.example/a/B?x=1\nbad.example/p\nhttps://203.0.113.7/q\n")));
    FINDS("curl HTTP://Evil.Example/a/B?x=1 -o f", "[HTTP://Evil.Example/a/B?x=1]");
    FINDS("\"http://evil.example/a/B?x=1\"", "[http://evil.example/a/B?x=1]");
    FINDS("(see http://evil.example/a/B?x=1).", "[http://evil.example/a/B?x=1]");
    FINDS("http://evil.example:80/a/B?x=1#top", "[http://evil.example:80/a/B?x=1#top]");
    FINDS("http://evil.example/a/b?x=1", "");
    FINDS("http://evil.example/a/B?x=12", "");
    FINDS("https://evil.example/a/B?x=1", "");
    FINDS("evil.example/a/B?x=1", "[evil.example/a/B?x=1]");
    FINDS("https://bad.example/p", "[bad.example/p]");
    FINDS("bad.example/p", "[bad.example/p]");
    FINDS("https://203.0.113.7/q", "[https://203.0.113.7/q]");
}

TEST(file_names_as_parts_of_paths_and_words)
{
    CHECK(make_set(STR("evil.exe\nmy tool.exe\nsetup(1).msi\nC:\\Temp\\x y.ps1\n/tmp/.run\n")));
    FINDS("C:\\Windows\\Evil.EXE", "[Evil.EXE]");
    FINDS("evil.exe", "[evil.exe]");
    FINDS("cmd /c start evil.exe -a", "[evil.exe]");
    FINDS("http://good.example/d/evil.exe", "[evil.exe]");
    FINDS("C:\\my tool.exe", "[my tool.exe]");
    FINDS("\"C:\\Program Files\\my tool.exe\" -x", "[my tool.exe]");
    FINDS("run my tool.exe", "[my tool.exe]");
    FINDS("C:\\setup(1).msi", "[setup(1).msi]");
    FINDS("powershell -File C:\\Temp\\x y.ps1", "[C:\\Temp\\x y.ps1]");
    FINDS("powershell \"c:\\temp\\X Y.ps1\" -z", "[c:\\temp\\X Y.ps1]");
    FINDS("sh -c '/tmp/.run'", "[/tmp/.run]");
    FINDS("D:\\Temp\\x y.ps1", "");
    FINDS("notevil.exe", "");
    FINDS("evil.exe.bak", "");
    FINDS("evil.exe2", "");
}

TEST(names_without_a_dot_and_of_other_scripts)
{
    CHECK(make_set(STR("[{\"type\":\"indicator\",\"id\":\"indicator--1\",\"pattern\":"
                       "\"[file:name IN ('upd', 'B\\u00d6SE.exe')]\"}]")));
    FINDS("C:\\x\\upd", "[upd]");
    FINDS("upd -a", "[upd]");
    FINDS("update", "");
    FINDS("C:\\b\xc3\xb6se.EXE", "[b\xc3\xb6se.EXE]");
}

TEST(mail_addresses)
{
    CHECK(make_set(STR("someone@evil.example\n")));
    FINDS("from=<Someone@Evil.Example>, size=1", "[Someone@Evil.Example]");
    FINDS("xsomeone@evil.example", "");
    FINDS("someone@sub.evil.example", "");
    FINDS("@evil.example", "");
}
